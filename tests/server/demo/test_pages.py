"""The supervisors' pages over the demonstration: each opens, and each reads by an index, whatever the size."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from server.app import create_app
from server.context import context
from server.demo import people
from server.settings import Settings
from tests.server.demo.demonstration import Demonstration

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
READERS = (people.SUPERVISORS[0], people.REVIEWER, people.AUDITOR, people.CLERKS[0])
WHOLE = re.compile(r"SCAN (record|log|feed|change_set|loan_position|device)\b(?! USING)")
"""A table that grows with the lender, read from one end to the other."""
ELSEWHERE = ("/static", "/field", "/sign", "/language", "/api")
MOST_PAGES = 60


class Watched:
    """Notes the reading statements of an engine, each once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.seen: dict[str, Any] = {}
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.seen.setdefault(statement, parameters)

    def whole_tables(self) -> list[str]:
        """Return the statements that read a growing table without an index."""
        raw = self.engine.raw_connection()
        cursor, found = raw.cursor(), []
        for statement, parameters in self.seen.items():
            plan = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            if any(WHOLE.search(step[3]) for step in plan):
                found.append(statement)
        raw.close()
        return found


@pytest.fixture
def site(
    demo: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, Watched]]:
    """A copy of the demonstration behind the pages."""
    demo.engine.dispose()
    folder = tmp_path / "copy"
    shutil.copytree(demo.folder, folder)
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", demo.today.isoformat())
    app = create_app(
        Settings.from_env({"XIANGXIN_BUSINESS_DATE": demo.today.isoformat()}, str(folder), None)
    )
    engine = context(app).engine
    yield app, Watched(engine)
    engine.dispose()


def signed_in(app: Any, person: people.Person) -> FlaskClient:
    client: FlaskClient = app.test_client()
    form = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    wish = {"username": person.username, "password": people.PASSWORD, "csrf_token": token[1]}
    assert client.post("/sign-in", data=wish).status_code == 303
    return client


def links(page: str) -> list[str]:
    found = (it.replace("&amp;", "&") for it in re.findall(r'href="(/[^"#]*)"', page))
    return [it for it in found if not it.startswith(ELSEWHERE)]


def kind(link: str) -> str:
    return re.sub(r"=[^&]*", "=", ID.sub("ID", link))


def walked(client: FlaskClient, start: Sequence[str]) -> dict[str, int]:
    """Open one page of each kind that is linked from others; return their statuses."""
    todo, found = list(start), dict[str, int]()
    while todo and len(found) < MOST_PAGES:
        link = todo.pop(0)
        if kind(link) not in found:
            answer = client.get(link, follow_redirects=True)
            found[kind(link)] = answer.status_code
            if answer.mimetype == "text/html":
                todo += links(answer.get_data(as_text=True))
    return found


def test_every_page_opens_and_reads_by_an_index(site: tuple[Any, Watched]) -> None:
    app, watched = site
    for person in READERS:
        found = walked(signed_in(app, person), ["/"])
        assert set(found.values()) == {200}, (person, found)
    assert len(found) > 1
    assert watched.whole_tables() == []
