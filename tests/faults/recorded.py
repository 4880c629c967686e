"""What the server and the Python client say to SQLite in a day, word for word, to be said again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlcipher3 import dbapi2 as sqlite

from server.migrate import migrate
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, LIU, LOAN, furnish, tablet
from tests.places import sqlite_url
from tests.server.branch import (
    GUIYING,
    LI_HAS,
    NOW,
    Clock,
    Server,
    call,
    edit,
    fresh_id,
    make_branch,
    make_engine,
    registration,
)
from tests.server.workday import Work


@dataclass(frozen=True)
class Session:
    """A database file as it was, and every statement that then came, from its first PRAGMA on."""

    name: str
    before: bytes
    statements: tuple[str, ...]


@contextmanager
def heard(said: list[str]) -> Iterator[None]:
    """Note every statement that any new connection executes meanwhile."""
    connect = sqlite.connect

    def traced(*words: Any, **named: Any) -> Any:
        connection = connect(*words, **named)
        connection.set_trace_callback(said.append)
        return connection

    with patch.object(sqlite, "connect", traced):
        yield


def of_server(folder: Path) -> Session:
    """Return a day of the server: officers push, pull, meet in a field, and a customer moves."""
    url = sqlite_url(folder)
    make_branch(url)
    before = (folder / "xiangxin.sqlite3").read_bytes()
    said: list[str] = []
    with heard(said):
        server = Server(url, folder, Clock(NOW))
        li, second = server.tablet("li.wei").catch_up(), server.tablet("li.wei").catch_up()
        work = Work(1)
        li.sync(*work.visits(li, LI_HAS[:2]))
        li.push(edit(phone="13900000001"), registration(fresh_id(), 90))
        second.push(edit(phone="13900000002", preferences=work.note(40)))
        li.push(edit(shoe_size=43))
        for it in LI_HAS:
            li.push(*(call(it, summary=work.note(200)) for _ in range(3)))
        wish = {"customer": GUIYING, "officer": "zhao.min", "role": "primary", "reason": "片区调整"}
        assert server.tablet("wang.jun").post("/api/v1/assignments", wish).status == 201
        li.push(edit(phone="13900000003"))
        li.catch_up()
        server.close()
    return Session("server", before, tuple(said))


def of_upgrade(folder: Path) -> Session:
    """Return the way of a database of the first version to today's."""
    url = sqlite_url(folder)
    engine = make_engine(url)
    migrate(engine, "0001")
    engine.dispose()
    before = (folder / "xiangxin.sqlite3").read_bytes()
    said: list[str] = []
    with heard(said):
        engine = make_engine(url)
        migrate(engine)
        engine.dispose()
    return Session("upgrade", before, tuple(said))


def of_client(folder: Path) -> Session:
    """Return a day of the Python client: edits, receipts, a draft, and syncs that bring news."""
    branch = furnish(Branch())
    with tablet(folder, branch) as made:
        made.client.sync()
        made.store.close()
        before = made.path.read_bytes()
        said: list[str] = []
        with heard(said):
            made.open()
            for turn in range(4):
                made.client.edit(CHEN, {"phone": f"1390000000{turn}"})
                made.client.repay(LOAN, 100 + turn)
                made.client.edit(LIU, {"preferences": "晚上在家。" * 50 * (turn + 1)})
                branch.put("customer", LIU, LIU, phone=f"1380000000{turn}")
                made.client.sync(page=4)
            made.client.edit(CHEN, {"phone": "13911111111"})
            made.store.close()
        made.open()
    return Session("client", before, tuple(said))
