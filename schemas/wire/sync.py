"""The envelope of a sync request and the sets in it (protocol.md, section 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from marshmallow import EXCLUDE

from schemas import limits
from schemas.changes import field_faults, is_unit, shown
from schemas.declare import (
    AnyJson,
    FreeObject,
    Id,
    Instant,
    Integer,
    Kind,
    ListOf,
    RecordType,
    Registry,
    Text,
)
from schemas.messages import Change, ChangeSet, Fault, Op
from schemas.problems import BadRequestError, TooLargeError
from schemas.wire.fields import ENDLESS, Declared, Message, flat, read

Json = Any
OPS: tuple[Op, ...] = ("create", "update", "delete")
STAND_INS = ("too-large", "unreadable")
CARRIED_OVER = {
    "customer": frozenset({"name"}),
    "loan": frozenset({"principal_fen", "rate_bps", "method", "disbursed_on", "maturity_on"}),
}
"""What must be known of a record that a lender brings along, where an officer must ask for more."""


class SyncMessage(Message):
    """The members that a sync request must have; the others are ignored or read leniently."""

    class Meta:
        unknown = EXCLUDE

    protocol = Declared(Integer())
    schema = Declared(Integer())
    epoch = Declared(Text(200), null=True)
    cursor = Declared(AnyJson(), null=True)
    sets = Declared(ListOf(FreeObject(), ENDLESS))


@dataclass(frozen=True)
class Waiting:
    """What is still on the device after this request, as far as its own words can be read."""

    sets: int = 0
    oldest: str | None = None
    attachments: int = 0
    attention: int = 0
    drafts: int = 0
    customers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SyncRequest:
    """One round trip's request. `sets` are raw: what is wrong inside one is that set's result.

    `cursor` is "" where it was sent and is no text: never valid, but the sets are applied first.
    """

    schema: int
    epoch: str | None
    cursor: str | None
    sets: tuple[Mapping[str, Json], ...]
    sent_at: str | None = None
    page: int = 500
    received_through: int = 0
    held: tuple[int, ...] = ()
    digest: bool = False
    waiting: Waiting | None = None


_SYNC = SyncMessage()


def parse_sync_request(body: Json) -> SyncRequest:
    """Read the envelope of a sync request; raise what makes it unreadable as a whole.

    Optional members that cannot be read count as absent, so that none of them stops anybody's work.
    """
    members = read(_SYNC, body)
    faults = list(_envelope_faults(members))
    if faults:
        raise BadRequestError(errors=faults)
    changes = (it.get("changes") for it in members["sets"])
    if sum(len(it) for it in changes if isinstance(it, list)) > limits.CHANGES_PER_REQUEST:
        raise TooLargeError
    cursor = members["cursor"]
    return SyncRequest(
        members["schema"],
        members["epoch"],
        cursor if cursor is None or isinstance(cursor, str) else "",
        tuple(members["sets"]),
        sent_at=_good(Instant(), body.get("sent_at"), None),
        page=min(max(_good(Integer(), body.get("page"), 500), 1), limits.PAGE),
        received_through=_good(Integer(0), body.get("received_through"), 0),
        held=tuple(_good(ListOf(Integer(1), ENDLESS), body.get("held"), ())),
        digest=body.get("digest") is True,
        waiting=_waiting(body.get("waiting")),
    )


def _envelope_faults(members: Mapping[str, Json]) -> Iterator[Fault]:
    if members["protocol"] != limits.PROTOCOL:
        yield Fault(None, "protocol", "invalid-value", "unknown-protocol")
    for place, raw in enumerate(members["sets"]):
        if Integer(1).problem(raw.get("number")):
            yield Fault(None, f"sets.{place}.number", "invalid-value", "not-positive")


def _good(kind: Kind, value: Json, otherwise: Json) -> Json:
    return otherwise if kind.problem(value) else value


def _waiting(value: Json) -> Waiting | None:
    if not isinstance(value, dict):
        return None
    counts = ("sets", "attachments", "attention", "drafts")
    customers = _good(ListOf(Id(), ENDLESS), value.get("customers"), ())
    return Waiting(
        **{name: _good(Integer(0), value.get(name), 0) for name in counts},
        oldest=_good(Instant(), value.get("oldest"), None),
        customers=tuple(customers[: limits.WAITING_CUSTOMERS]),
    )


class SetMessage(Message):
    """A change set. Its times are not looked at: a wrong clock is never a reason to refuse."""

    number = Declared(Integer(1))
    id = Declared(Id())
    epoch = Declared(Text(200), null=True)
    schema = Declared(Integer(1))
    base = Declared(Integer(0))
    action = Declared(Text(200))
    made_at = Declared(AnyJson(), optional=True, null=True)
    clock = Declared(AnyJson(), optional=True, null=True)
    changes = Declared(ListOf(AnyJson(), ENDLESS))


class ChangeMessage(Message):
    """One change; what its `set` may hold is said by the record type."""

    op = Declared(Text(20))
    type = Declared(Text(64))
    id = Declared(Id())
    customer = Declared(Id(), null=True)
    set = Declared(FreeObject(), optional=True)
    over = Declared(FreeObject(), optional=True)
    reason = Declared(AnyJson(), optional=True, null=True)


_SET = SetMessage()
_CHANGE = ChangeMessage()
_REASON = Text(limits.REASON_CHARACTERS, 1)


def parse_set(raw: Json, registry: Registry, carried_over: bool = False) -> ChangeSet | list[Fault]:
    """Read one raw set: the set, or every fault for which it is rejected. It never raises.

    *carried_over*: of records that a lender brings along less must be known (`CARRIED_OVER`).
    """
    action = raw.get("action") if isinstance(raw, dict) else None
    if action == "withdrawn":
        return [Fault(None, None, "withdrawn")]
    if _bytes(raw) > limits.SET_BYTES:
        return [Fault(None, None, "too-large")]
    faults = list(_member_faults(_SET, None, raw))
    changes = raw.get("changes") if isinstance(raw, dict) else None
    if not isinstance(changes, list):
        return faults
    if not changes:
        code = action if action in STAND_INS else "bad-change"
        return [*faults, Fault(None, None, code, None if action in STAND_INS else "no-changes")]
    if len(changes) > limits.CHANGES_PER_SET:
        return [*faults, Fault(None, None, "too-large")]
    for index, change in enumerate(changes):
        faults.extend(_change_faults(index, change, registry))
    if carried_over:
        faults = [it for it in faults if it.code != "not-permitted" and not _may_lack(it, changes)]
    return faults or readable_set(raw)


def _may_lack(fault: Fault, changes: Sequence[Json]) -> bool:
    if fault.code != "required" or fault.change is None:
        return False
    needed = CARRIED_OVER.get(changes[fault.change]["type"])
    return needed is not None and fault.field not in needed


def readable_set(raw: Mapping[str, Json]) -> ChangeSet:
    """Return a set as far as it can be read, for those who must know what a rejected one meant.

    Of a set that `parse_set` accepts this is all of it. It never raises.
    """
    changes = raw.get("changes")
    found = [_readable_change(it) for it in changes] if isinstance(changes, list) else []
    return ChangeSet(
        _good(Integer(1), raw.get("number"), 0),
        _good(Id(), raw.get("id"), ""),
        _good(Text(200), raw.get("epoch"), None),
        _good(Integer(1), raw.get("schema"), 1),
        _good(Integer(0), raw.get("base"), 0),
        _good(Text(200), raw.get("action"), ""),
        _text(raw.get("made_at")),
        _text(raw.get("clock")),
        tuple(it for it in found if it is not None),
    )


def _readable_change(raw: Json) -> Change | None:
    if not isinstance(raw, dict):
        return None
    op, kind, record = raw.get("op"), raw.get("type"), raw.get("id")
    if op not in OPS or not isinstance(kind, str) or Id().problem(record):
        return None
    over = _good(FreeObject(), raw.get("over"), {})
    return Change(
        op,
        kind,
        cast("str", record),
        _good(Id(), raw.get("customer"), None),
        _good(FreeObject(), raw.get("set"), {}),
        {unit: number for unit, number in over.items() if Integer(1).problem(number) is None},
        _text(raw.get("reason")),
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _bytes(raw: Json) -> int:
    """Return the size of *raw* as compact JSON in UTF-8; of what is nested without end, endless."""
    try:
        text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return ENDLESS
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _member_faults(message: Message, index: int | None, raw: Json) -> Iterator[Fault]:
    for path, reason in flat(message.validate(raw)):
        yield Fault(index, shown(path) if path else None, "bad-change", reason)


def _change_faults(index: int, raw: Json, registry: Registry) -> Iterator[Fault]:
    yield from _member_faults(_CHANGE, index, raw)
    if not isinstance(raw, dict):
        return
    op, kind = raw.get("op"), raw.get("type")
    declared = registry.get(kind) if isinstance(kind, str) else None
    if isinstance(op, str) and op not in OPS:
        yield Fault(index, "op", "bad-change", "unknown-op")
    if isinstance(kind, str) and declared is None:
        yield Fault(index, None, "unknown-type")
    if declared is None:
        return
    yield from customer_faults(index, raw, declared)
    if op == "delete":
        yield from _delete_faults(index, raw, declared)
    elif op in OPS:
        yield from _edit_faults(index, cast("Op", op), raw, declared)


def customer_faults(
    index: int | None, raw: Mapping[str, Json], declared: RecordType
) -> Iterator[Fault]:
    if "customer" not in raw or declared.name == "conflict":
        return
    customer, reason = raw["customer"], None
    if declared.reference is not None:
        reason = "customer-not-null" if customer is not None else None
    elif customer is None:
        reason = "customer-missing"
    elif declared.name == "customer" and customer != raw.get("id"):
        reason = "customer-differs"
    if reason is not None:
        yield Fault(index, "customer", "bad-change", reason)


def _delete_faults(index: int, raw: Mapping[str, Json], declared: RecordType) -> Iterator[Fault]:
    if not declared.deletable:
        yield Fault(index, None, "not-permitted")
    for name in ("set", "over"):
        if name in raw:
            yield Fault(index, name, "bad-change", "unknown-member")
    reason = raw.get("reason")
    if reason is None or (isinstance(reason, str) and not reason.strip()):
        yield Fault(index, "reason", "required")
    elif found := _REASON.problem(reason):
        yield Fault(index, "reason", "invalid-value", found)


def _edit_faults(
    index: int, op: Op, raw: Mapping[str, Json], declared: RecordType
) -> Iterator[Fault]:
    if "reason" in raw:
        yield Fault(index, "reason", "bad-change", "unknown-member")
    if op == "update" and declared.create_only:
        yield Fault(index, None, "create-only")
        return
    over = raw.get("over")
    for unit, number in over.items() if isinstance(over, dict) else ():
        if Integer(1).problem(number) or not is_unit(declared, unit):
            yield Fault(index, shown(unit), "bad-change", "over-names-nothing")
    values = raw.get("set")
    if isinstance(values, dict):
        yield from field_faults(index, op, declared, values)
    elif "set" not in raw:
        yield Fault(index, "set", "bad-change", "missing-member")
