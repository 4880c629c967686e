"""A field client is upgraded: what it had made goes out as it was, and it gets what was hidden from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from schemas import problems
from schemas.declare import Registry
from schemas.registry import REGISTRY
from tests.field_client.test_against_server import Officer
from tests.places import sqlite_url
from tests.schemas.four_versions import FOUR, TWO
from tests.server.branch import GUIYING, Clock, Server, make_branch

Json = Any


@pytest.fixture
def four(tmp_path: Path) -> Iterator[Server]:
    """A server that knows four schema versions."""
    make_branch(sqlite_url(tmp_path))
    found = Server(sqlite_url(tmp_path), tmp_path, Clock(), registry=FOUR)
    yield found
    found.close()


def officer(server: Server, registry: Registry, seed: int) -> Officer:
    path = server.data / f"tablet-{seed}.db"
    found = Officer(server, path, "li.wei", Random(seed), registry=registry)
    found.sync()
    return found


def upgrade(one: Officer, registry: Registry = FOUR) -> None:
    """Open the store with a later app."""
    one.registry = registry
    one.reopen()


def copy(one: Officer) -> dict[str, Json]:
    return {it.id: (it.version, dict(it.fields)) for it in one.store.held_of()}


def test_work_of_before_the_upgrade_is_shown_in_new_words_and_sent_in_its_own(four: Server) -> None:
    mine, other = officer(four, TWO, 1), officer(four, FOUR, 2)
    fields = {"kind": "pigs", "keeper": "王", "size": "12 pigs", "vaccines.a.on": "2026-06-01"}
    made = mine.client.create("herd", GUIYING, fields)
    stored = [it.content for it in mine.store.waiting()]

    upgrade(mine)
    shown = dict(mine.client.record(made).fields)
    mine.client.edit(made, {"minder": "李", "breed": "黑猪"})
    waiting = [it.content for it in mine.store.waiting()]
    mine.sync()
    other.sync()

    today = {"kind": "pigs", "minder": "王", "heads": 12, "unit": "pigs"}
    assert shown == {**today, "purpose": "unknown", "vaccines.a.on": "2026-06-01"}
    assert waiting[:1] == stored
    assert [it["schema"] for it in waiting if it] == [2, 4]
    assert [it.status for it in mine.store.own_sets()] == ["applied", "applied"]
    mended = {**today, "minder": "李", "breed": "黑猪", "purpose": "unknown"}
    assert mine.client.record(made).fields == {**mended, "vaccines.a.on": "2026-06-01"}
    assert copy(mine) == copy(other)
    assert mine.store.incidents() == []
    assert mine.client.status().all_synced


def test_an_upgraded_client_gets_what_was_hidden_and_fetches_nothing_anew(four: Server) -> None:
    mine, other = officer(four, TWO, 1), officer(four, FOUR, 2)
    made = other.client.create(
        "herd", GUIYING, {"kind": "pigs", "purpose": "sale", "breed": "黑猪"}
    )
    other.client.create("stall", GUIYING, {"place": "后院"})
    other.sync()
    mine.sync()
    before = dict(mine.client.record(made).fields)

    upgrade(mine)
    report = mine.client.sync()

    assert before == {"kind": "pigs"}
    assert report.records == 2
    assert copy(mine) == copy(other)
    assert mine.store.incidents() == []


def test_a_client_two_versions_older_edits_and_destroys_nothing(four: Server) -> None:
    mine, other = officer(four, TWO, 1), officer(four, FOUR, 2)
    made = other.client.create(
        "herd", GUIYING, {"kind": "pigs", "purpose": "sale", "breed": "黑猪", "minder": "王"}
    )
    other.sync()
    mine.sync()

    mine.client.edit(made, {"keeper": "赵"})
    mine.sync()
    other.sync()

    assert other.client.record(made).fields == {
        "kind": "pigs", "purpose": "sale", "breed": "黑猪", "minder": "赵",
    }  # fmt: skip
    assert mine.client.status().all_synced


def test_a_client_that_is_too_old_leaves_its_work_with_the_server(four: Server) -> None:
    mine = officer(four, TWO, 1)
    mine.registry = Registry(list(REGISTRY.types.values()), schema=1)
    mine.reopen()
    mine.client.edit(GUIYING, {"phone": "13900000001"})

    with pytest.raises(problems.UpgradeNeededError):
        mine.sync()

    assert [it.status for it in mine.store.own_sets()] == ["applied"]
    assert not mine.client.status().all_synced


def test_a_damaged_copy_is_repaired_and_the_server_counts_it(four: Server) -> None:
    mine = officer(four, FOUR, 1)
    whole = copy(mine)
    mine.client.edit(GUIYING, {"phone": "13900000001"})
    mine.store.database.execute("DELETE FROM record WHERE type = 'org_unit'")

    mine.sync()

    assert set(copy(mine)) == set(whole)
    assert mine.client.status().all_synced
    with four.engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind, device FROM incident")).all()
    assert kinds == [("digest-mismatch", mine.store.identity().id)]
