"""One page of what is new for a device: an index range, never the log (protocol.md, sections 2 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas import versions
from sync import duplicates
from sync.digest import digest_of
from tests.simulation.answered import Answered
from tests.simulation.messages import Cursor, Request
from tests.simulation.store import Row, Store

Json = Any


@dataclass(frozen=True)
class Page:
    """One page: whom to drop, the records, the new cursor, the position, the digest at the end."""

    left: list[str]
    records: list[dict[str, Json]]
    cursor: Cursor
    position: int
    more: bool
    digest: dict[str, Json] | None


def make_page(store: Store, request: Request, answered: Answered) -> Page:
    """Return the page that follows from a request's cursor, one snapshot of the branch."""
    rows = rows_for(store, request.user)
    first = request.cursor is None
    schema = min(request.schema, store.registry.schema)
    at = request.cursor or Cursor(request.device, 0, 0, store.head, schema, schema, store.purges)
    if (
        schema > at.schema
    ):  # it has learned more since: the run begins again, and shows what was hidden
        at = Cursor(at.device, at.start, 0, store.head, schema, min(at.seen, at.schema), at.purges)
    news = versions.news(store.registry, at.seen, schema)
    rows = [it for it in rows if store.registry[it.type].since <= schema]
    found = sorted(
        (it for it in rows if it.position > at.at and _says_something(it, at.start, news)),
        key=lambda it: it.position,
    )
    more = len(found) > request.page
    found = found[: request.page]
    run = store.head if at.at == at.start and at.seen == schema else at.run
    left = [it.record for it in found if it.left and not first]
    records = [
        shape
        for it in found
        if not it.left
        and (
            shape := shape_of(
                store, it, at.start, first, it.customer in left, answered, news, schema
            )
        )
    ]
    if more:
        here = Cursor(request.device, at.start, found[-1].position, run, schema, at.seen, at.purges)
        return Page(left, records, here, run, True, None)
    head = store.head
    live = [(it.record, store.records[it.record].version) for it in rows if it.live]
    proof = digest_of(live)
    sums = {"records": proof.records, "sum": proof.sum}
    ended = Cursor(request.device, head, head, head, schema, schema)
    return Page(left, records, ended, head, False, sums)


def _says_something(row: Row, start: int, news: versions.News) -> bool:
    """Tell whether a row has what a view up to *start* lacks: it moved, or its type shows more now."""
    return row.position > start or (row.live and not row.left and row.type in news.types)


def rows_for(store: Store, user: str) -> list[Row]:
    """Return the index rows of a user: his own and the whole branch's."""
    owned = (store.feed.get(owner, {}).values() for owner in (user, store.branch))
    return [row for rows in owned for row in rows]


def shape_of(
    store: Store,
    row: Row,
    start: int,
    first: bool,
    dropped: bool,
    answered: Answered,
    news: versions.News,
    schema: int,
) -> dict[str, Json] | None:
    """Return a record as the device needs it, or None where it holds all of it already.

    Fields count from *start*, where the last complete view ended. *dropped*: the device drops the
    record's customer first, and with it what it has of its own sets.
    """
    state = store.records[row.record]
    named = {
        "type": state.type, "id": state.id, "customer": state.customer, "version": state.version,
    }  # fmt: skip
    created = row.record in answered.created and not dropped
    if not row.live:
        return {**named, "removed": True} if created or not first else None
    mine = {} if dropped else answered.own.get(row.record, {})
    declared = store.registry[state.type]
    anew = declared.name in news.whole
    if (row.since > start and not created) or anew:
        shown = duplicates.as_shown(state.fields, state.fields)
        shown = versions.lower(store.registry, state.type, shown, schema)
        return {**named, "whole": True, "set": dict(shown)}
    changed = {path: it for path, it in state.fields.items() if news.shows(declared, path)}
    for unit, mark in state.marks.items():
        if mark.position <= start or (not first and mine.get(unit) == mark.position):
            continue
        for path in declared.group(unit) or (unit,):
            changed[path] = state.fields.get(path)
    if mine and not changed and not first and state.mark.position in mine.values():
        return None
    shown = duplicates.as_shown(changed, state.fields)
    shown = versions.lower(store.registry, state.type, shown, schema, state.fields)
    return {**named, "whole": False, "set": dict(shown)}
