"""When the power fails, what was acknowledged is on the disk and nothing is there by halves.

The statements are the product's own, heard from its driver and said again through a file layer that forgets.
The same harness finds losses where `synchronous` is weaker than what the product asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults.disk import Delete, Operation, Sync, Truncate, Write, after_cut
from tests.faults.power import play, tally
from tests.faults.recorded import Session, of_client, of_server, of_upgrade

CUTS = [
    pytest.param(200, id="200 cuts"),
    pytest.param(100_000, id="100,000 cuts", marks=pytest.mark.long),
]
MADE: dict[str, Callable[[Path], Session]] = {
    "server": of_server,
    "upgrade": of_upgrade,
    "client": of_client,
}


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Session]:
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in MADE.items()}


@pytest.mark.parametrize("cuts", CUTS)
@pytest.mark.parametrize("name", MADE)
def test_a_power_cut_loses_and_tears_nothing(
    sessions: dict[str, Session], name: str, cuts: int
) -> None:
    assert tally(sessions[name], cuts) == {"kept": cuts}


@pytest.mark.parametrize("name", ["server", "client"])
@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_less_than_synchronous_full_would_lose_what_was_acknowledged(
    sessions: dict[str, Session], name: str, synchronous: str
) -> None:
    found = tally(sessions[name], 60, synchronous)

    assert found["lost"] > 0
    assert synchronous == "NORMAL" or found["corrupt"] > 0


@pytest.mark.parametrize(("name", "least"), [("server", 12), ("upgrade", 1), ("client", 15)])
def test_a_session_has_writes_to_cut_and_ends_as_the_product_left_it(
    sessions: dict[str, Session], name: str, least: int
) -> None:
    played = play(sessions[name], checkpoint=4)

    assert len(set(played.states)) > least
    assert sum(isinstance(it, Sync) for it in played.done) > least


def test_a_cut_leaves_what_was_synced_and_any_part_of_what_was_not() -> None:
    before = {"a": b"....", "b": b"...."}
    done: list[Operation] = [
        Write("a", 0, b"xx"), Sync("a"), Write("a", 2, b"yy"), Write("b", 0, b"zz"),
        Truncate("b", 1), Delete("b"), Write("c", 2, b"w"),
    ]  # fmt: skip

    left = [after_cut(before, done, Random(it)) for it in range(200)]

    assert {it["a"] for it in left} == {b"xx..", b"xxy.", b"xxyy"}
    assert {it.get("b") for it in left} >= {None, b"....", b"zz..", b"z"}
    assert {it.get("c") for it in left} == {None, b"\0\0", b"\0\0w"}
