"""On a line that cuts, is late, is slow and says things twice, a sync gets through in the end, and does all once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.officers import Officer, check, officer
from tests.faults.proxy import Proxy, proxy
from tests.server.serving import serving

MOST_BYTES_UP, MOST_BYTES_DOWN = 2_500, 2_500
GPRS_BYTES_A_SECOND = 5_000
CUTS = [
    pytest.param(60, id="60 cuts"),
    pytest.param(10_000, id="10,000 cuts", marks=pytest.mark.long),
]


@pytest.fixture
def line(sqlite_branch: str, tmp_path: Path) -> Iterator[Proxy]:
    with serving(sqlite_branch, tmp_path, workers=2) as served, proxy(served.port) as found:
        yield found


@pytest.fixture
def li(line: Proxy, tmp_path: Path) -> Iterator[Officer]:
    with officer(tmp_path, f"http://127.0.0.1:{line.port}") as found:
        yield found


def go_bad(line: Proxy, random: Random) -> None:
    """Let the next connection be cut in one direction, mostly; now and then late, or said again."""
    up, down = random.choice(((True, False), (False, True), (True, True)))
    line.cut_up = random.randrange(MOST_BYTES_UP) if up else None
    line.cut_down = random.randrange(MOST_BYTES_DOWN) if down else None
    line.delay_s = 0.005 if random.random() < 0.1 else 0.0
    line.repeats = random.choice((0, 0, 1, 2))


def get_well(line: Proxy) -> None:
    line.cut_up = line.cut_down = line.bytes_a_second = None
    line.delay_s, line.repeats = 0.0, 0


@pytest.mark.parametrize("cuts", CUTS)
def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(
    li: Officer, line: Proxy, sqlite_branch: str, cuts: int
) -> None:
    random, through = Random(cuts), 0
    while line.cuts < cuts:
        for _ in range(random.randrange(3)):
            li.work()
        go_bad(line, random)
        through += li.try_to_sync(page=3)
        if random.random() < 0.1:
            get_well(line)
            assert li.try_to_sync()
    get_well(line)
    assert li.try_to_sync()

    assert through > 0, "some get through a bad line too"
    assert line.repeated > cuts / 4
    check(li, sqlite_branch)


def test_a_day_s_work_gets_through_a_slow_line(
    li: Officer, line: Proxy, sqlite_branch: str
) -> None:
    for _ in range(100):
        li.work()
    line.bytes_a_second, line.delay_s = GPRS_BYTES_A_SECOND, 0.02

    report = li.client.sync()

    assert report.requests == 1
    check(li, sqlite_branch)
