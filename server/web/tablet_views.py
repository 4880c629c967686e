"""The branch's tablets: what is known of each, and locking, unlocking or wiping one after a question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from schemas import problems
from schemas.values import is_record_id
from server import devices, incidents
from server.context import context
from server.db import reading, writing
from server.devices import Wish
from server.web import queries, visitor
from server.web.listed import person
from server.web.site import pages, speech

OFFERED: dict[str, tuple[Wish, ...]] = {
    "active": ("lock", "wipe"), "locked": ("unlock", "wipe"), "wiped": (),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One tablet in the list; `decided` says who put it into its state, and when.

    `repairs`: how often its copy was not the server's, and was repaired.
    """

    row: Any
    repairs: int
    waiting: int | None
    decided: str | None
    offered: tuple[Wish, ...]


@pages.get("/devices")
def tablets() -> str:
    """List the branch's tablets."""
    who, parts, said = visitor.present(), context(), speech()
    with reading(parts.engine) as connection:
        rows = devices.tablets(connection, who.branch)
        decided = {
            it.record: it
            for it in queries.device_decisions(connection, who.branch, {it.id for it in rows})
        }
        people = queries.names_of_people(
            connection, {it.user for it in decided.values() if it.user}
        )
        counts = queries.count_conflicts(connection, who.branch)
        repairs = incidents.count_by_device(connection, who.branch)
    lines = [
        Line(
            it, repairs.get(it.id, 0), _waiting(it), _told(decided.get(it.id), people),
            OFFERED[it.state],
        )
        for it in rows
    ]  # fmt: skip
    return render_template(
        "tablets.html", lines=lines, open_conflicts=counts.get("open", 0), now=said.now
    )


def _waiting(row: Any) -> int | None:
    found = json.loads(row.waiting) if row.waiting else {}
    sets = found.get("sets")
    return sets if isinstance(sets, int) else None


def _told(decided: Any, people: dict[str, str]) -> str | None:
    if decided is None:
        return None
    said = speech()
    name = (
        person(said, visitor.present().user, decided.user, people)
        if decided.user
        else said.t("tablets.admin")
    )
    return said.t("tablets.decided", name=name, moment=said.moment(decided.received_at))


@pages.get("/devices/<device_id>/<any(lock, unlock, wipe):wish>")
def tablet_question(device_id: str, wish: str) -> str:
    """Ask once more, and say what will happen."""
    who, parts = visitor.present(), context()
    _check(device_id)
    with reading(parts.engine) as connection:
        rows = devices.tablets(connection, who.branch)
        counts = queries.count_conflicts(connection, who.branch)
    row = next((it for it in rows if it.id == device_id), None)
    if row is None or wish not in OFFERED[row.state]:
        raise problems.NotFoundError
    return render_template(
        "tablet_question.html", row=row, wish=wish, waiting=_waiting(row),
        open_conflicts=counts.get("open", 0),
    )  # fmt: skip


@pages.post("/devices/<device_id>/<any(lock, unlock, wipe):wish>")
def tablet_decided(device_id: str, wish: str) -> Response:
    """Lock, unlock or wipe a tablet."""
    who, parts = visitor.present(), context()
    _check(device_id)
    chosen = cast(Wish, wish)
    with writing(parts.engine) as connection:
        row = devices.decide(
            connection, parts.registry, parts.settings, device_id, chosen, who.bearer(), parts.now()
        )
    flash(speech().t(f"tablets.done.{chosen}", code=row.code), "ok")
    return redirect(url_for("web.tablets"), 303)


def _check(device_id: str) -> None:
    if not visitor.present().decides:
        raise problems.NotPermittedError
    if not is_record_id(device_id):
        raise problems.NotFoundError
