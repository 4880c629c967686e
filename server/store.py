"""The engine's states and entries from and to the tables; each table is written in one statement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Table,
    and_,
    delete,
    or_,
    select,
    update,
)

from schemas.declare import Registry
from schemas.values import canonical_json
from server import bulk, chain
from server.identities import identity_hash
from server.last_days import note_last_days
from server.models import Branch, ChangeSetRow, FeedRow, HeldRow, LogRow, RecordRow
from sync.digest import term
from sync.ledger import (
    Decided,
    Entry,
    Holding,
    Ledger,
    Mark,
    Move,
    RecordState,
    Trail,
    Written,
)  # fmt: skip
from sync.scope import owners

Json = Any
record: Table = RecordRow.__table__  # type: ignore[assignment]
log: Table = LogRow.__table__  # type: ignore[assignment]
feed: Table = FeedRow.__table__  # type: ignore[assignment]
change_set: Table = ChangeSetRow.__table__  # type: ignore[assignment]
branch: Table = Branch.__table__  # type: ignore[assignment]
held: Table = HeldRow.__table__  # type: ignore[assignment]

LOG_COLUMNS = [it.name for it in log.columns]
SUBJECTS = {
    "conflict": "record", "assignment": "customer_id", "relationship": "to_customer_id",
    "guarantor": "guarantor_customer_id",
}  # fmt: skip
"""The field by which a type is about another record: it is loaded with that record."""
LINKS = ("relationship", "guarantor")
"""The types that tie a customer to another one."""
KEEP_SINCE = {"since": "CASE WHEN excluded.since < 0 THEN feed.since ELSE excluded.since END"}


def lock_branch(connection: Connection, branch_id: str) -> Row[Any]:
    """Lock the branch's row until the commit: positions are handed out under this lock alone."""
    query = select(branch).where(branch.c.id == branch_id).with_for_update()
    return connection.execute(query).one()


# ------------------------------------------------------------------------------ from the tables


def state_of(row: Row[Any]) -> RecordState:
    """Return the engine's state of a row of `record`."""
    marks = {unit: Mark(*it) for unit, it in json.loads(row.marks).items()}
    mark = marks.pop("", Mark(row.version, ""))
    position, device, user = json.loads(row.created)
    return RecordState(
        row.type, row.id, row.customer, row.version, dict(row.fields), marks, mark, position,
        device, user, row.changed_by, row.changed_at, bool(row.deleted),
        tuple(Holding(*it) for it in json.loads(row.holders)),
        row.subject if row.type == "customer" else None,
    )  # fmt: skip


def entry_of(row: Any) -> Entry:
    """Return the engine's entry of a row of `log`; an erased payload has no units."""
    payload = json.loads(row.payload) if row.payload else {}
    units = {unit: Written(*it) for unit, it in payload.get("units", {}).items()}
    return Entry(
        row.position, row.record, row.type, row.customer, row.op, row.device, row.set_number,
        row.set_id, row.user, row.role, row.made_at, row.stamp, units, bool(row.altered),
        bool(row.timer), payload.get("note"),
    )  # fmt: skip


def trails_as_text(decided: Decided) -> str:
    """Return what later sets inherit of a set, as stored beside it."""
    rows = [
        [*key, it.base, it.stored_at, it.sent, it.has_ancestor, it.ancestor]
        for key, it in decided.trails.items()
    ]
    return json.dumps([decided.base, decided.stand_in, rows], ensure_ascii=False)


def decided_of(row: Any) -> Decided:
    """Return what `over` needs to know of an earlier set."""
    base, stand_in, rows = json.loads(row.trails)
    trails = {(it[0], it[1]): Trail(*it[2:]) for it in rows}
    return Decided(row.number, row.status, trails, stand_in=stand_in, base=base)


# --------------------------------------------------------------------------------------- storing


def save(
    connection: Connection,
    registry: Registry,
    branch_row: Row[Any],
    ledger: Ledger,
    facts: Mapping[str, Mapping[str, Json]],
) -> None:
    """Write everything that was decided: log, records, index, and the branch's new head.

    *facts* gives, by set id, what the log row knows of the set beyond the entry (device time, action…).
    """
    if not ledger.written and not ledger.moves and ledger.head == branch_row.head:
        return
    last = _save_log(connection, branch_row, ledger.written, facts)
    _save_records(connection, registry, branch_row, ledger)
    _save_feed(connection, registry, branch_row, ledger)
    connection.execute(
        update(branch).where(branch.c.id == branch_row.id).values(head=ledger.head, head_hash=last)
    )


def _save_log(
    connection: Connection,
    branch_row: Row[Any],
    entries: Sequence[Entry],
    facts: Mapping[str, Mapping[str, Json]],
) -> str:
    previous = str(branch_row.head_hash)
    rows = []
    for entry in entries:
        payload = canonical_json(
            {
                "units": {unit: [it.before, it.sent, it.kept] for unit, it in entry.units.items()},
                **({"note": entry.note} if entry.note else {}),
            }
        )
        key, commitment = chain.commit(payload)
        row = {
            "branch": branch_row.id, "position": entry.position, "set_number": entry.number,
            "set_id": entry.set_id, "device": entry.device, "user": entry.user,
            "role": entry.role, "record": entry.record, "type": entry.type,
            "customer": entry.customer, "op": entry.op, "altered": int(entry.altered),
            "timer": int(entry.timer), "made_at": entry.made_at, "stamp": entry.stamp,
            "payload": payload, "payload_key": key, "commitment": commitment,
            **facts[entry.set_id],
        }  # fmt: skip
        row["hash"] = previous = chain.link(previous, row)
        rows.append(row)
    bulk.insert(connection, log, rows)
    return previous


def _save_records(
    connection: Connection, registry: Registry, branch_row: Row[Any], ledger: Ledger
) -> None:
    ids = {*ledger.touched, *ledger.reheld}
    bulk.upsert(
        connection,
        record,
        [record_row(registry, branch_row, ledger.as_logged(key)) for key in ids],
    )
    note_last_days(connection, branch_row.id, ledger.touched.values())


def record_row(registry: Registry, branch_row: Row[Any], state: RecordState) -> dict[str, Json]:
    """Return the row of `record` for a state of the branch."""
    declared = registry[state.type]
    marks = {unit: [it.position, it.device, it.other] for unit, it in state.marks.items()}
    marks[""] = [state.mark.position, state.mark.device, state.mark.other]
    holders = [[it.user, it.role, it.assignment, it.since, it.ended] for it in state.holders]
    return {
        "branch": branch_row.id, "id": state.id, "type": state.type, "customer": state.customer,
        "parent": state.fields.get(declared.parent[1]) if declared.parent else None,
        "subject": state.alias or state.fields.get(SUBJECTS.get(state.type, "")),
        "identity": identity_hash(registry, branch_row.identity_key, state),
        "version": state.version, "deleted": int(state.deleted), "fields": state.fields,
        "marks": json.dumps(marks, separators=(",", ":")),
        "created": json.dumps([state.created_position, state.created_device, state.created_by]),
        "changed_by": state.changed_by, "changed_at": state.changed_at,
        "holders": json.dumps(holders),
    }  # fmt: skip


def _save_feed(
    connection: Connection, registry: Registry, branch_row: Row[Any], ledger: Ledger
) -> None:
    fresh = {it.record for it in ledger.written if it.op in ("create", "revive", "move")}
    moved = {it.record for it in ledger.written if it.op == "move"}
    moves = [
        it for it in ledger.moves if ledger.records[it.customer].created_position <= branch_row.head
    ]
    moved_in = {(it.user, it.customer) for it in moves if it.kind == "in"}
    rows = [
        feed_row(owner, state, state.version if state.id in fresh else -state.version)
        for state in ledger.touched.values()
        if not (state.deleted and state.id in moved)  # who gets it never had it
        for owner in owners_of(registry, state, ledger, branch_row.id)
        if (owner, state.customer) not in moved_in
    ]
    rows += _lost(registry, ledger)
    leaving = {(it.user, it.customer) for it in moves if it.kind == "left"}
    moved_rows = _moved(connection, branch_row.id, ledger, moves, leaving) if moves else []
    again: list[dict[str, Json]] = []  # what left and came back in one go
    for it in moved_rows:
        came_back = it["kind"] == "record" and (it["owner"], it["customer"]) in leaving
        (again if came_back else rows).append(it)
    bulk.upsert(connection, feed, rows, KEEP_SINCE)
    _take_away(connection, leaving)
    bulk.upsert(connection, feed, again)


def _take_away(connection: Connection, leaving: set[tuple[str, str]]) -> None:
    """Delete what users held of customers who left them, in one statement."""
    customers: dict[str, list[str]] = defaultdict(list)
    for user, customer in leaving:
        customers[user].append(customer)
    gone = [
        and_(feed.c.owner == user, bulk.among(connection, feed.c.customer, theirs))
        for user, theirs in sorted(customers.items())
    ]
    if gone:
        connection.execute(delete(feed).where(or_(*gone), feed.c.kind == "record"))


def _lost(registry: Registry, ledger: Ledger) -> list[dict[str, Json]]:
    """Return the rows that take a record about users from one whom it names no more."""
    before = {
        (entry.record, entry.units[name].before)
        for entry in ledger.written
        for name in registry[entry.type].users
        if entry.alters(name)
    }
    rows = []
    for record_id, user in before:
        state = ledger.records[record_id]
        if user and user not in owners(registry, state, None, ""):
            rows.append({**feed_row(user, state, -state.version), "live": 0})
    return rows


def owners_of(registry: Registry, state: RecordState, ledger: Ledger, branch_id: str) -> list[str]:
    if state.type == "conflict" and state.customer is None:
        about = ledger.records.get(state.fields["record"])
        return owners(registry, about, None, branch_id) if about else []
    customer = ledger.records.get(state.customer) if state.customer else None
    return owners(registry, state, customer, branch_id)


def feed_row(
    owner: str, state: RecordState, since: int, position: int | None = None
) -> dict[str, Json]:
    """Return the row of `feed` that shows a record to an owner."""
    value = term(state.id, state.version)
    return {
        "owner": owner, "record": state.id, "kind": "record", "type": state.type,
        "customer": state.customer, "position": position or state.version, "since": since,
        "live": 0 if state.deleted else 1, "hi": value >> 32, "lo": value & 0xFFFFFFFF,
    }  # fmt: skip


def _moved(
    connection: Connection,
    branch_id: str,
    ledger: Ledger,
    moves: Sequence[Move],
    leaving: set[tuple[str, str]],
) -> list[dict[str, Json]]:
    """Return the rows of moves in and out: what comes in gets positions of its own, the customer's record first."""
    final: dict[tuple[str, str], Move] = {(it.user, it.customer): it for it in moves}
    arriving = {it.customer for it in final.values() if it.kind == "in"}
    query = select(record).where(
        record.c.branch == branch_id, record.c.customer.in_(sorted(arriving)), record.c.deleted == 0
    )
    states = [state_of(it) for it in connection.execute(query)] if arriving else []
    states.sort(key=lambda it: (it.customer or "", it.id != it.customer, it.created_position))
    rows: list[dict[str, Json]] = []
    for key, move in final.items():
        if key in leaving:
            ledger.head += 1
            rows.append(left_row(move.user, move.customer, ledger.head))
        for state in states:
            if move.kind == "in" and state.customer == move.customer:
                ledger.head += 1
                rows.append(feed_row(move.user, state, ledger.head, ledger.head))
    return rows


def left_row(user: str, customer: str, position: int) -> dict[str, Json]:
    """Return the row that tells a user's devices to drop a customer."""
    return {
        "owner": user, "record": customer, "kind": "left", "type": "customer",
        "customer": customer, "position": position, "since": position, "live": 0, "hi": 0, "lo": 0,
    }  # fmt: skip
