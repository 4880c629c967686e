"""Whichever operation of the disk fails, what was begun is done whole or not at all, and goes on afterwards.

The product's own code runs on a driver whose file layer fails at its n-th operation, for every n, once or
from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, OperationalError

import field_client.database
import server.db
from field_client.faults import FieldError
from schemas.registry import REGISTRY
from server import store
from server.migrate import is_current, migrate
from server.verify import verify
from tests.faults import driver
from tests.faults.driver import Trouble
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, furnish, tablet
from tests.places import sqlite_url
from tests.server.branch import Server, Tablet, call, edit, make_engine

Json = Any
ERROR, FULL = apsw.IOError, apsw.FullError
SAID = {ERROR: "unavailable", FULL: "storage-full"}
WAYS = [
    pytest.param(ERROR, False, id="one error"),
    pytest.param(ERROR, True, id="errors from then on"),
    pytest.param(FULL, True, id="full from then on"),
]
MOST = 2_000
PAGE_BYTES = 4096


@pytest.fixture(autouse=True)
def failing_driver() -> Iterator[None]:
    """Let the product run on the driver that fails."""
    with (
        patch.object(server.db, "sqlite", driver),
        patch.object(field_client.database, "driver", driver),
    ):
        yield
    driver.VFS.trouble = Trouble()


@contextmanager
def trouble(at: int, kind: type[apsw.Error] = ERROR, lasting: bool = False) -> Iterator[Trouble]:
    """Let the disk fail in the block."""
    found = driver.VFS.trouble = Trouble(at, lasting, kind)
    yield found
    driver.VFS.trouble = Trouble()


@pytest.fixture
def branch(sqlite_branch: str, tmp_path: Path) -> Iterator[Server]:
    found = Server(sqlite_branch, tmp_path)
    yield found
    with found.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None
    found.close()


@pytest.fixture
def li(branch: Server) -> Tablet:
    return branch.tablet("li.wei").catch_up()


def told(act: Callable[[], object]) -> str | None:
    """Do something on a tablet and return the key of what its user is told, if it failed."""
    try:
        act()
    except FieldError as error:
        return error.key
    return None


def logged(branch: Server) -> int:
    with branch.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(store.log)).scalar_one()


@pytest.mark.parametrize(("kind", "lasting"), WAYS)
def test_a_push_is_stored_whole_or_refused_whatever_fails(
    branch: Server, li: Tablet, kind: type[apsw.Error], lasting: bool
) -> None:
    refused = 0
    for at in count(1):
        before = logged(branch)
        branch.engine.dispose()  # a cold cache: reading is an operation too
        one = li.change_set(call(), edit(phone=f"139{at:08}"))
        with trouble(at, kind, lasting) as met:
            reply = li.offer(one)

        if reply.status != 200:
            assert reply.code == SAID[kind]
            assert logged(branch) - before in (0, 2)
        (result,) = li.sync(one)["results"]
        assert (result["status"], logged(branch) - before) == ("applied", 2)
        assert result["repeated"] or reply.status != 200
        refused += reply.status != 200
        if not met.failed:
            break
        assert at < MOST

    assert at > 50
    assert not lasting or refused > 40


@pytest.mark.parametrize(("kind", "lasting"), WAYS[:2])
def test_a_pull_gives_everything_or_is_refused_whatever_fails(
    branch: Server, li: Tablet, kind: type[apsw.Error], lasting: bool
) -> None:
    held, met = li.held, Trouble(failed=1)
    for at in count(1):
        if not met.failed:
            break
        branch.engine.dispose()
        again = Tablet(branch, "li.wei", branch.clock, li.device, 4, access=li.access)
        with trouble(at, kind, lasting) as met:
            reply = again.offer()
        assert reply.status in (200, 503)
        assert at < MOST
        if reply.status == 200:
            again.absorb((), reply.json)
        again.catch_up()
        assert again.held == held

    assert at > 20


@pytest.mark.parametrize("table", ["record", "log", "change_set", "feed"])
def test_no_set_is_judged_by_a_damaged_database(
    branch: Server, li: Tablet, tmp_path: Path, table: str
) -> None:
    one = li.change_set(call(), edit(phone="13900000001"))
    branch.close()
    file = tmp_path / "xiangxin.sqlite3"
    sound = file.read_bytes()
    file.write_bytes(damaged(sound, root_page(file, table)))

    replies = li.offer(one), li.offer(cursor=None)

    branch.close()
    for it in tmp_path.glob("xiangxin.sqlite3-*"):
        it.unlink()
    file.write_bytes(sound)
    assert {(it.status, it.code) for it in replies} <= {(503, "unavailable"), (200, None)}
    assert replies[0].status == 503
    (result,) = li.sync(one)["results"]
    assert (result["status"], result["repeated"]) == ("applied", False)


def root_page(file: Path, table: str) -> int:
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    ((page,),) = connection.execute(query, (table,)).fetchall()
    connection.close()
    return int(str(page))


def damaged(whole: bytes, page: int) -> bytes:
    start = (page - 1) * PAGE_BYTES
    return whole[:start] + b"\xff" * PAGE_BYTES + whole[start + PAGE_BYTES :]


@pytest.mark.parametrize("lasting", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_migration_is_done_whole_or_not_at_all_whatever_fails(
    tmp_path: Path, lasting: bool
) -> None:
    first = make_engine(sqlite_url(tmp_path))
    migrate(first, "0001")
    first.dispose()
    file = tmp_path / "xiangxin.sqlite3"
    old, failures = file.read_bytes(), 0
    for at in count(1):
        file.write_bytes(old)
        engine = make_engine(sqlite_url(tmp_path))
        with trouble(at, lasting=lasting) as met:
            try:
                migrate(engine)
            except (OperationalError, DatabaseError):
                failures += 1
        engine.dispose()
        engine = make_engine(sqlite_url(tmp_path))
        with engine.connect() as connection:
            tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
            current = is_current(connection)
        migrate(engine)
        with engine.connect() as connection:
            after = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
            assert is_current(connection)
        engine.dispose()
        assert current == (tables == after)
        if not met.failed:
            break
        assert at < MOST

    assert failures > 20


@pytest.mark.parametrize(("kind", "lasting"), WAYS)
def test_a_tablet_saves_whole_or_says_that_it_could_not_whatever_fails(
    tmp_path: Path, kind: type[apsw.Error], lasting: bool
) -> None:
    branch = furnish(Branch())
    with tablet(tmp_path, branch) as made:
        made.client.sync()
        for at in count(1):
            phone, before = f"139{at:08}", made.store.last_number()
            with trouble(at, kind, lasting) as met:
                said = told(partial(made.client.edit, CHEN, {"phone": phone}))
            made.reopen()
            saved = made.client.record(CHEN).fields["phone"] == phone
            assert made.store.last_number() == before + saved
            assert saved or said == "store-not-writable"
            if not met.failed:
                break
            assert at < MOST
        assert at > 5
        made.client.sync()
        assert made.client.status().all_synced


@pytest.mark.parametrize(("kind", "lasting"), WAYS)
def test_a_tablet_takes_an_answer_in_whole_or_not_at_all_whatever_fails(
    tmp_path: Path, kind: type[apsw.Error], lasting: bool
) -> None:
    branch = furnish(Branch())
    with tablet(tmp_path, branch) as made:
        made.client.sync()
        for at in count(1):
            made.client.edit(CHEN, {"phone": f"139{at:08}"})
            branch.put("customer", CHEN, CHEN, preferences=f"晚上在家 {at}")
            with trouble(at, kind, lasting) as met:
                said = told(partial(made.client.sync, page=2))
            assert said in (None, "store-not-writable")
            made.reopen()
            made.client.sync()
            held = {it.id: dict(it.fields) for it in made.store.held_of()}
            assert held == {it.id: it.fields for it in branch.records.values()}
            assert made.client.status().all_synced
            if not met.failed:
                break
            assert at < MOST
        assert at > 10
