"""Seeded runs of the whole: many devices, one server, a bad network, and an oracle that looks on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.trials import findings

SEEDS = 5_000
BLOCK = 100
STORY = """
from tests.simulation.plan import make_plan
from tests.simulation.run import play
lines = []
for seed in range(12):
    play(make_plan(seed), lines.append)
print(hash_of("\\n".join(lines)))
"""
HASH = "from hashlib import sha256\nhash_of = lambda text: sha256(text.encode()).hexdigest()\n"


@pytest.mark.parametrize("first", range(0, SEEDS, BLOCK))
def test_no_promise_breaks(first: int) -> None:
    for trial, finding in findings(range(first, first + BLOCK)):
        pytest.fail(trial.tell(finding), pytrace=False)


def test_a_seed_tells_the_same_story_again_bit_for_bit() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", HASH + STORY],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "6")
    }

    assert len(told) == 1
