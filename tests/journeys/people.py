"""The people of the walk-through at their tablets and desks, and the lines that they work on (domain.md, 10)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from field_client.client import FieldClient
from field_client.faults import OfflineError
from field_client.transport import Carried, HttpTransport, Transport
from tests.journeys.village import CHEN, DENG, PASSWORD, ZHOU, Call, Village, named

Json = Any
TAG = re.compile(r"<[^>]+>")
HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')
LI, ZHAO, WANG, SUN, HE, LUO, QIAN = (
    named(it)
    for it in (
        "li.min",
        "zhao.lei",
        "wang.jianguo",
        "sun.yan",
        "he.fang",
        "luo.jun",
        "qian.bo",
    )
)


# ------------------------------------------------------------------------------------- with tablets


def signed_in(
    village: Village, name: str, username: str, link: Transport | None = None
) -> FieldClient:
    """Give somebody a tablet that holds the customers of its officer."""
    tablet = village.tablet(name, link)
    tablet.login(username, PASSWORD, name)
    tablet.sync()
    return tablet


def dossier(tablet: FieldClient, customer: str) -> dict[str, Json]:
    """Return everything that a tablet shows of a customer."""
    return {it.id: (it.type, it.fields) for it in tablet.records(None, customer)}


def holds(tablet: FieldClient) -> set[str]:
    """Return the customers whose dossiers are on a tablet."""
    return {it.id for it in tablet.records("customer")}


@dataclass
class Wire:
    """A way to the server that may be off, and remembers what went over it.

    Attributes:
        carried: what was sent to sync, with its token.
        paths: where every request went, in order.
    """

    real: HttpTransport
    server: str
    is_off: bool = False
    carried: list[tuple[Json, str | None]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        self._meet(path)
        if path == "/api/v1/sync":
            self.carried.append((body, bearer))
        return self.real.post(path, body, bearer)

    def carry(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, bearer: str | None
    ) -> Carried:
        self._meet(path)
        return self.real.carry(method, path, headers, body, bearer)

    def _meet(self, path: str) -> None:
        if self.is_off:
            raise OfflineError(server=self.server, said="switched off")
        self.paths.append(path)


# ----------------------------------------------------------------------------------------- at desks


@dataclass
class Desk:
    """Somebody at a desk, over HTTP."""

    call: Call
    user: str
    village: Village
    token: str

    def does(self, *changes: Json) -> Json:
        """Store one set, which has to be allowed."""
        told = self.call("POST", "/api/v1/sets", {"action": "desk", "changes": list(changes)})
        assert told["status"] in ("applied", "merged"), told
        return told

    def refused(self, *changes: Json) -> tuple[int, str | None]:
        """Try one set, which has to be refused; return the status and the rule."""
        told = self.call("POST", "/api/v1/sets", {"action": "desk", "changes": list(changes)})
        assert isinstance(told["status"], int), told
        return told["status"], told["errors"][0].get("rule")

    def conflicts(self, status: str = "open") -> list[Json]:
        """Return the conflicts of the branch."""
        found: list[Json] = self.call("GET", f"/api/v1/conflicts?status={status}")["conflicts"]
        return found

    def settles(self, conflict: str, resolution: str, **more: Json) -> Json:
        """Settle a conflict, which has to be allowed."""
        path = f"/api/v1/conflicts/{conflict}/resolve"
        told = self.call("POST", path, {"resolution": resolution, **more})
        assert told["status"] in ("applied", "merged"), told
        return told

    def exported(self, what: str) -> list[Json]:
        """Return the rows of an export."""
        rows: list[Json] = self.call("GET", f"/api/v1/exports/{what}?format=json")["rows"]
        return rows

    def file(self, what: str, form: str = "csv") -> bytes:
        """Return an export as a file."""
        path = f"/api/v1/exports/{what}?format={form}"
        answer = self.village.ask(self.token, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.content


def at_the_desk(village: Village, username: str) -> Desk:
    """Sign somebody in at a desk."""
    token = village.token(username)
    return Desk(village.calling(token), named(username), village, token)


def update(kind: str, record: str, customer: str | None, /, **fields: Json) -> Json:
    """Return an edit of a record."""
    return {"op": "update", "type": kind, "id": record, "customer": customer, "set": fields}


def create(kind: str, record: str, customer: str | None, /, **fields: Json) -> Json:
    """Return the making of a record."""
    return {"op": "create", "type": kind, "id": record, "customer": customer, "set": fields}


def zhao_covers(wang: Call, *customers: str) -> None:
    """Let Zhao Lei cover customers for the time being; Chen, Zhou and Deng, if none are named."""
    for customer in customers or (CHEN, ZHOU, DENG):
        wish = {
            "customer": customer, "officer": "zhao.lei", "role": "cover",
            "from": "2026-06-15", "until": "2026-07-15", "reason": "market day",
        }  # fmt: skip
        assert wang("POST", "/api/v1/assignments", wish)["status"] == "applied"


@dataclass
class Pages:
    """Somebody at the pages, without a browser: keeps cookies, fills in the hidden fields of forms."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    page: str = ""

    def get(self, path: str) -> str:
        """Return a page."""
        answer = self.session.get(self.url + path, timeout=10)
        assert answer.status_code == 200, (path, answer.status_code)
        self.page = answer.text
        return self.page

    def words(self, path: str) -> str:
        """Return what a page says, without its tags, blanks squeezed."""
        return " ".join(html.unescape(TAG.sub(" ", self.get(path))).split())

    def post(self, path: str, **fields: str) -> int:
        """Send a form with the hidden fields of the last page; return the status."""
        hidden = dict(HIDDEN.findall(self.page))
        answer = self.session.post(
            self.url + path, data={**hidden, **fields}, timeout=10, allow_redirects=False
        )
        return answer.status_code


def at_the_pages(village: Village, username: str, language: str = "en") -> Pages:
    """Sign somebody in at the pages."""
    pages = Pages(village.url)
    pages.session.cookies.set("lang", language)
    pages.get("/sign-in")
    assert pages.post("/sign-in", username=username, password=PASSWORD) == 303
    return pages
