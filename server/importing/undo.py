"""Taking a whole import back: its records become tombstones, if nobody has built upon them.

It goes through the log like everything else: assignments are ended first, so that tablets are told
to drop the customers (`left`), then every record is deleted, children before parents. What was
written stays in the history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Row, delete, select, update

from schemas.values import canonical_json, format_instant
from server.accounts import account
from server.importing.landing import NO_PASSWORD, Landing, Progress, chunks, import_batch
from server.importing.planning import Change
from server.importing.sentences import Trouble
from server.store import log, record

Json = Any
ACTION = "import.undo"
IDS_AT_ONCE = 500
ROWS_AT_ONCE = 2_000
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Blocker:
    """Why a batch cannot be taken back: something changed, used or named one of its records.

    `about` is the record of the batch that is meant; `by` a user's id, None for the server. What
    another import made is one blocker: `how` is "batch", `id` that batch's.
    """

    how: Literal["changed", "refers", "entered", "batch"]
    type: str
    id: str
    about: str
    at: str = ""
    by: str | None = None


class BuiltUponError(Exception):
    """The batch stays: `blockers` say what hangs on it."""

    def __init__(self, batch: str, blockers: Sequence[Blocker]) -> None:
        super().__init__(batch)
        self.batch = batch
        self.blockers = list(blockers)


@dataclass(frozen=True)
class Created:
    """A record that the batch made, and the set that made it."""

    id: str
    type: str
    customer: str | None
    set_id: str


def list_batches(landing: Landing) -> list[Row[Any]]:
    """Return the imports of a branch, oldest first."""
    query = select(import_batch).where(import_batch.c.branch == landing.branch.id)
    return list(landing.connection.execute(query.order_by(import_batch.c.first_position)))


def undo(landing: Landing, batch: str, progress: Progress = lambda _: None) -> int:
    """Take a batch back in the caller's transaction; return how many records are gone.

    Raises:
        Trouble: no-batch, undone-before, schedules-stay, refused.
        BuiltUponError: with everything that hangs on it.
    """
    landing.head()  # takes the branch's lock before anything is read
    row = _batch(landing, batch)
    created = _created(landing, row)
    ids = {it.id for it in created}
    if found := [*_entered(landing, created), *_built_upon(landing, row, ids)]:
        raise BuiltUponError(batch, found)
    ended = (landing.settings.today(landing.now) - timedelta(days=1)).isoformat()
    sets = list(_sets(created, f"import {batch} undone", ended))
    for chunk in chunks(sets, len):
        results = landing.submit([(ACTION, it) for it in chunk])
        refused = [error for it in results for error in it.get("errors", ())]
        if refused:
            raise Trouble("refused", errors=canonical_json(refused[:3]))
        progress(sum(map(len, chunk)))
    _close(landing, row, created)
    return len(created)


def _batch(landing: Landing, batch: str) -> Row[Any]:
    query = select(import_batch).where(
        import_batch.c.branch == landing.branch.id, import_batch.c.id == batch
    )
    row = landing.connection.execute(query).first()
    if row is None:
        raise Trouble("no-batch", batch=batch, branch=landing.branch.code)
    if row.undone_at is not None:
        raise Trouble("undone-before", batch=batch, at=row.undone_at)
    if row.kind == "schedules":
        raise Trouble("schedules-stay", batch=batch)
    return row


def _created(landing: Landing, batch: Row[Any]) -> list[Created]:
    """Return what the batch made, in the order of the log: no other set stands between."""
    query = (
        select(log.c.record, log.c.type, log.c.customer, log.c.set_id)
        .where(
            log.c.branch == landing.branch.id,
            log.c.position.between(batch.first_position, batch.last_position),
            log.c.op == "create",
        )
        .order_by(log.c.position)
    )
    return [
        Created(it.record, it.type, it.customer, it.set_id)
        for it in landing.connection.execute(query)
    ]


# -------------------------------------------------------------------------------- what hangs on it


def _entered(landing: Landing, created: Iterable[Created]) -> Iterator[Blocker]:
    """Yield the officers of the batch that an administrator has given a password since."""
    users = [it.id for it in created if it.type == "user"]
    query = select(account.c.id).where(
        account.c.branch == landing.branch.id, account.c.password_hash != NO_PASSWORD
    )
    known = {it.id for it in landing.connection.execute(query)} if users else set()
    yield from (Blocker("entered", "user", it, it) for it in users if it in known)


def _built_upon(landing: Landing, batch: Row[Any], ids: set[str]) -> Iterator[Blocker]:
    """Read the log above the batch: nothing below it can know of its records."""
    columns = (
        log.c.position, log.c.record, log.c.type, log.c.customer, log.c.altered, log.c.made_at,
        log.c.user, log.c.payload,
    )  # fmt: skip
    query = (
        select(*columns)
        .where(log.c.branch == landing.branch.id, log.c.position > batch.last_position)
        .order_by(log.c.position)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    rows: Iterable[Any] = landing.connection.execute(query)
    outside: dict[str, tuple[Any, str]] = {}
    changed: set[str] = set()
    for row in rows:
        if row.record in ids:
            if row.altered and row.record not in changed:
                changed.add(row.record)
                yield Blocker("changed", row.type, row.record, row.record, row.made_at, row.user)
        elif row.record not in outside and (about := _about(row.customer, row.payload, ids)):
            outside[row.record] = row, about
    states = _states(landing, outside)
    later = [it for it in list_batches(landing) if it.undone_at is None]
    batches: dict[str, Blocker] = {}
    for record_id, (row, about) in outside.items():
        state = states.get(record_id)
        if not state or not _about(state.customer, canonical_json(state.fields), ids):
            continue
        if other := _batch_at(later, row.position):
            batches[other.id] = Blocker("batch", other.kind, other.id, about, other.made_at)
        else:
            yield Blocker("refers", row.type, record_id, about, row.made_at, row.user)
    yield from batches.values()


def _batch_at(batches: Sequence[Row[Any]], position: int) -> Row[Any] | None:
    return next((it for it in batches if it.first_position <= position <= it.last_position), None)


def _about(customer: str | None, text: str | None, ids: set[str]) -> str | None:
    """Return which record of the batch a record belongs to or names anywhere, or None."""
    if customer in ids:
        return customer
    return next((it for it in _ID.findall(text or "") if it in ids), None)


def _states(landing: Landing, ids: Iterable[str]) -> Mapping[str, Row[Any]]:
    """Return the live ones of some records."""
    wanted = sorted(ids)
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        query = select(record.c.id, record.c.customer, record.c.fields).where(
            record.c.branch == landing.branch.id,
            record.c.id.in_(wanted[start : start + IDS_AT_ONCE]),
            record.c.deleted == 0,
        )
        found |= {it.id: it for it in landing.connection.execute(query)}
    return found


# --------------------------------------------------------------------------------- taking it back


def _sets(created: Sequence[Created], reason: str, ended: str) -> Iterator[list[Change]]:
    """Yield one set for each set of the import, last first, its records in reverse order."""
    groups: dict[str, list[Created]] = {}
    for one in created:
        groups.setdefault(one.set_id, []).append(one)
    for group in reversed(list(groups.values())):
        yield [change for one in reversed(group) for change in _taken_back(one, reason, ended)]


def _taken_back(one: Created, reason: str, ended: str) -> Iterator[Change]:
    named = {"type": one.type, "id": one.id, "customer": one.customer}
    if one.type == "assignment":
        yield {"op": "update", **named, "set": {"valid_to": ended}}
    yield {"op": "delete", **named, "reason": reason}


def _close(landing: Landing, batch: Row[Any], created: Sequence[Created]) -> None:
    users = [it.id for it in created if it.type == "user"]
    if users:
        landing.connection.execute(delete(account).where(account.c.id.in_(users)))
    landing.connection.execute(
        update(import_batch)
        .where(import_batch.c.id == batch.id)
        .values(undone_at=format_instant(landing.now))
    )
