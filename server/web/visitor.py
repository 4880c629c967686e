"""Who is looking at the pages: a signed cookie, checked against the account on every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import g, session
from sqlalchemy import Connection

from schemas.values import format_instant, parse_instant
from server.context import Context
from server.db import reading
from server.tokens import Bearer
from server.web import queries

SESSION_LASTS = timedelta(hours=12)
READERS = ("supervisor", "auditor", "reviewer")
DECIDERS = ("supervisor",)
HANDOVER_PAGES = (
    "web.handovers", "web.handover", "web.handover_written", "web.handover_moved", "web.handover_signed",
)  # fmt: skip
REVERSAL_PAGES = ("web.reversals", "web.reversal", "web.reversed_")
DAY_PAGES = ("web.day", "web.day_closing", "web.day_closed")
ALSO_OPEN = {
    "approver": HANDOVER_PAGES, "officer": HANDOVER_PAGES, "clerk": (*REVERSAL_PAGES, *DAY_PAGES),
}  # fmt: skip
"""Pages for who has a part in them and reads no others, by role."""
SHUT = {"reviewer": (*DAY_PAGES, "web.watch", "web.exceptions")}
"""Pages that are not for a role that reads most others: deposits (domain.md, section 3.4), lines of W12 to W17."""
HOMES = {"approver": "web.handovers", "clerk": "web.reversals"}
"""Where they arrive."""


@dataclass(frozen=True)
class Visitor:
    """A signed-in person; `device` is this web session, a device of its own."""

    user: str
    name: str
    role: str
    branch: str
    branch_name: str
    device: str

    @property
    def reads(self) -> bool:
        """Tell whether these pages are for this role."""
        return self.role in READERS

    def opens(self, endpoint: str | None) -> bool:
        """Tell whether a page is for this role."""
        if endpoint in SHUT.get(self.role, ()):
            return False
        return self.reads or endpoint in ALSO_OPEN.get(self.role, ())

    @property
    def home(self) -> str:
        """The page at which this role arrives."""
        return HOMES.get(self.role, "web.summary")

    @property
    def decides(self) -> bool:
        """Tell whether this role settles conflicts here."""
        return self.role in DECIDERS

    def settles(self, sensitive: bool) -> bool:
        """Tell whether this role settles such a conflict: sensitive ones pass up to a reviewer (SOD-8)."""
        return self.decides or (sensitive and self.role == "reviewer")

    def bearer(self) -> Bearer:
        """Return the visitor in the form that the API's functions take."""
        return Bearer(self.user, self.role, self.branch, self.device)


def begin(user: str, device: str, now: datetime) -> None:
    """Start a session anew: nothing of an earlier one is carried over."""
    session.clear()
    session.update(user=user, device=device, since=format_instant(now))


def end(connection: Connection) -> None:
    """End the session here and on the server, so that a copied cookie is of no use."""
    if isinstance(device := session.get("device"), str):
        queries.close_web_device(connection, device)
    session.clear()


def find(parts: Context) -> Visitor | None:
    """Return who the cookie names; None when it has run out, was ended, or the account is not active."""
    user, device, since = (session.get(it) for it in ("user", "device", "since"))
    if not (isinstance(user, str) and isinstance(device, str) and isinstance(since, str)):
        return None
    if not timedelta() <= parts.now() - parse_instant(since) <= SESSION_LASTS:
        return None
    with reading(parts.engine) as connection:
        row = queries.account_on(connection, user, device)
    return Visitor(row.id, row.name, row.role, row.branch, row.branch_name, device) if row else None


def present() -> Visitor:
    """Return the visitor of this request, where there must be one."""
    return cast(Visitor, g.visitor)


def safe_path(wish: str | None) -> str:
    """Return *wish* if it is a path on this site, else the summary's: nobody is sent elsewhere."""
    if not wish or not wish.startswith("/") or not wish.isascii() or not wish.isprintable():
        return "/"
    parts = urlsplit(wish)
    foreign = parts.scheme or parts.netloc or wish[1:2] in ("/", "\\") or "\\" in wish
    return "/" if foreign or parts.path.startswith("/api/") else wish
