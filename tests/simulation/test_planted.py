"""The simulator finds what it should: each of the planted faults, and after how many seeds."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.simulation.plan import make_plan
from tests.simulation.planted import PLANTED
from tests.simulation.setting import setting
from tests.simulation.story import Finding, attempt, shortened

MOST = 1_000
"""A fault that so many seeds do not find counts as not found; `make test` plays five times as many."""


def first_found(fault: str, most: int = MOST) -> tuple[int, Finding | None]:
    """Return after how many seeds a planted fault is found, and how."""
    setting(product=False)  # made of sound parts
    for seed in range(most):
        with PLANTED[fault]():
            finding = attempt(make_plan(seed))
        if finding is not None:
            return seed + 1, finding
    return most, None


@pytest.fixture(scope="module")
def table() -> Iterator[dict[str, tuple[int, str]]]:
    """After how many seeds each fault was found, and by which check; printed with `-s`."""
    rows: dict[str, tuple[int, str]] = {}
    yield rows
    lines = (f"{seeds:>6} seeds  {fault:36}{check}\n" for fault, (seeds, check) in rows.items())
    sys.stdout.writelines(["\n", *lines])


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, table: dict[str, tuple[int, str]]) -> None:
    seeds, finding = first_found(fault)

    assert finding is not None, f"{fault} was not found in {seeds} seeds"
    table[fault] = (seeds, finding.check)


def test_a_story_is_made_short() -> None:
    _, finding = first_found("last_write_wins")
    assert finding is not None
    with PLANTED["last_write_wins"]():
        short = shortened(finding)

    assert short.check == finding.check
    assert len(short.plan.events) <= 6
