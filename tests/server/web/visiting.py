"""A visitor of the pages without a browser: keeps cookies, fills in the hidden fields of forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from tests.server.branch import PASSWORD, Server

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
BASE = re.compile(r'name="base" value="(\d+)"')
TAG = re.compile(r"<[^>]+>")


@dataclass
class Visitor:
    """Someone at the pages, in one language."""

    server: Server
    lang: str = "en"
    client: FlaskClient = field(init=False)
    token: str = ""
    base: str = ""

    def __post_init__(self) -> None:
        self.client = self.server.app.test_client()
        self.client.set_cookie("lang", self.lang)

    def get(self, path: str) -> TestResponse:
        """Open a page and remember what its forms carry."""
        page = self.client.get(path, buffered=True)
        if found := TOKEN.search(page.text):
            self.token = found[1]
        if found := BASE.search(page.text):
            self.base = found[1]
        return page

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form with the token of the last page; *fields* may bring another."""
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def sign_in(self, username: str = "wang.jianguo", password: str = PASSWORD) -> Visitor:
        """Sign in, which has to succeed."""
        self.get("/sign-in")
        assert self.post("/sign-in", username=username, password=password).status_code == 303
        return self

    def settle(self, conflict: str, **fields: str) -> TestResponse:
        """Open a conflict and send its form."""
        self.get(f"/conflicts/{conflict}")
        return self.post(f"/conflicts/{conflict}", base=self.base, **fields)


def words(page: TestResponse) -> str:
    """Return what a page says, without its tags, blanks squeezed."""
    return " ".join(html.unescape(TAG.sub(" ", page.text)).split())


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that are sent to a database, BEGIN and COMMIT aside."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
