"""A Python client that is killed at work and in its syncs keeps what it promised, and the server has it once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Event

import pytest

from tests.faults.officers import Officer, check, officer
from tests.forked import fork
from tests.server.serving import serving

LONGEST_LIFE_S = 0.15
KILLS = [
    pytest.param(5, id="5 kills"),
    pytest.param(1_000, id="1,000 kills", marks=pytest.mark.long),
]


def promises(said: Path) -> list[int]:
    """Return what was said; a line that broke off promises nothing."""
    text = said.read_text() if said.exists() else ""
    return [int(it) for it in text.splitlines(keepends=True) if it.endswith("\n")]


def killed_at_work(it: Officer, random: Random, said: Path) -> list[int]:
    """Let a process work on the store, kill it, and return what it promised."""
    words = [str(it.path), str(random.randrange(2**32)), it.url]
    said.unlink(missing_ok=True)
    process = fork("tests.faults.officers", words, said)
    while not promises(said):  # it is not at work yet
        assert process.poll() is None, said.read_text()
        Event().wait(0.001)
    Event().wait(random.uniform(0, LONGEST_LIFE_S))  # where the axe falls is chance
    os.kill(process.pid, signal.SIGKILL)
    process.wait(60)
    return promises(said)


@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_tablet_loses_and_doubles_nothing(
    sqlite_branch: str, tmp_path: Path, kills: int, tell: Callable[[str], None]
) -> None:
    random, promised = Random(kills), set[int]()
    with (
        serving(sqlite_branch, tmp_path) as served,
        officer(tmp_path, f"http://127.0.0.1:{served.port}") as li,
    ):
        for _ in range(kills):
            li.close()
            promised |= set(killed_at_work(li, random, tmp_path / "said"))
            li.open()
            numbers = {it.number for it in li.store.own_sets()}
            assert promised <= numbers
        li.client.sync()

        check(li, sqlite_branch)
    assert len(promised) >= kills
    tell(f"{kills} kills of the Python client: {len(promised)} sets promised; lost 0, doubled 0")
