"""A Python client that is killed at work and in its syncs keeps what it promised, and the server has it once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from threading import Event
from typing import IO

import pytest

from tests.faults.officers import Officer, check, officer
from tests.places import REPOSITORY
from tests.server.serving import serving

LONGEST_LIFE_S = 0.15
KILLS = [
    pytest.param(5, id="5 kills"),
    pytest.param(1_000, id="1,000 kills", marks=pytest.mark.long),
]


def promises(out: IO[str]) -> list[int]:
    """Return what is said until the end; a line that broke off promises nothing."""
    return [int(it) for it in out if it.endswith("\n")]


def killed_at_work(it: Officer, random: Random) -> list[int]:
    """Let a process work on the store, kill it, and return what it promised."""
    command = [
        sys.executable, "-m", "tests.faults.officers", str(it.path),
        str(random.randrange(2**32)), it.url,
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = int(process.stdout.readline())  # it is at work
        Event().wait(random.uniform(0, LONGEST_LIFE_S))  # where the axe falls is chance
        process.send_signal(signal.SIGKILL)
        return [first, *promises(process.stdout)]


@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_tablet_loses_and_doubles_nothing(
    sqlite_branch: str, tmp_path: Path, kills: int
) -> None:
    random, promised = Random(kills), set[int]()
    with (
        serving(sqlite_branch, tmp_path) as served,
        officer(tmp_path, f"http://127.0.0.1:{served.port}") as li,
    ):
        for _ in range(kills):
            li.close()
            promised |= set(killed_at_work(li, random))
            li.open()
            numbers = {it.number for it in li.store.own_sets()}
            assert promised <= numbers
        li.client.sync()

        check(li, sqlite_branch)
    assert len(promised) >= kills
