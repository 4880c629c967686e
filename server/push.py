"""Apply the sets of one request: one bulk load, decide in memory, one bulk write (protocol.md, section 2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, Row

from schemas.declare import Registry
from schemas.messages import Change
from schemas.values import (
    format_instant,
    is_record_id,
)
from schemas.wire import sync as wire
from server import bulk, store
from server.earlier import Kept, check_numbers, kept_row, load_sets, recall, rejected_creates
from server.offers import (
    Contact,
    Offer,
    corrected,
    is_instant,
    named_customers,
    rebased,
)
from sync.engine import Engine, Moment
from sync.ledger import Ledger
from sync.scope import Actor, standing

Json = Any
change_set = store.change_set


@dataclass
class Answered:
    """The results of a request's sets, and what of the device's own work the pull may leave out."""

    results: list[dict[str, Json]] = field(default_factory=list)
    known_through: int = 0
    own: dict[str, dict[str, int]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)


def apply(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    offers: Sequence[Offer],
    known: int,
) -> Answered:
    """Apply the sets of one device in order, exactly once each, inside the caller's transaction.

    *known* is the greatest number that the server had from this device.

    Raises:
        problems.SetsOutOfOrderError, problems.SetChangedError: nothing of the request is applied.
    """
    if not offers:
        return Answered(known_through=known)
    branch_row = store.lock_branch(connection, contact.branch)
    earlier = load_sets(connection, contact, offers)
    known = max([known, *earlier.by_number])
    check_numbers(offers, known, earlier.by_number)
    new = [it for it in offers if it.number > known and it.set_id not in earlier.by_id]
    ledger = Ledger(branch_row.head, decided=earlier.decided())
    resent = _load(connection, ledger, contact, branch_row, new)
    resent |= {it.set_id for it in offers if it.set_id in earlier.by_id}
    ledger.adopt(resent, contact.actor.device)
    engine = Engine(registry, ledger, contact.branch, contact.today, contact.prefix)
    facts: dict[str, dict[str, Json]] = {}
    answered = Answered(known_through=max(known, offers[-1].number))
    stored: list[dict[str, Json]] = []
    for one in offers:
        before = earlier.of(one, known)
        if before is None:
            row = _decide(engine, contact, branch_row, one, facts)
            earlier.by_id.setdefault(one.set_id, row)
        else:
            row = kept_row(contact, one, before.status, before.result, before.trails)
            recall(ledger, one, row)
        if one.number > known:
            stored.append(asdict(row))
        result = {"number": one.number, "repeated": before is not None, **json.loads(row.result)}
        answered.results.append(result)
    store.save(connection, registry, branch_row, ledger, facts)
    bulk.insert(connection, change_set, stored)
    _note_own(answered, ledger, contact, offers, engine)
    return answered


# ------------------------------------------------------------------------------------------ loading


def _load(
    connection: Connection,
    ledger: Ledger,
    contact: Contact,
    branch_row: Row[Any],
    offers: Sequence[Offer],
) -> set[str]:
    """Load what new sets touch; return the ids of sets in it that this device sent again (section 8)."""
    ids: set[str] = set()
    created: set[str] = set()
    quiet: set[str] = set()
    lowest = branch_row.head
    deletes = False
    for offer in offers:
        if offer.parsed is None:
            ids |= named_customers(offer)
            continue
        base = rebased(offer.parsed, branch_row).base
        for change in offer.parsed.changes:
            ids |= _named_ids(change)
            deletes = deletes or change.op == "delete"
            lowest = min([lowest, base, *_inherited(ledger, change)])
            if change.op == "create":
                created.add(change.id)
            elif _takes_away(change):
                quiet.add(change.id)
    if not ids:
        return set()
    actor = contact.actor if contact.actor.user else None
    resent = store.load_touched(
        connection, ledger, contact.branch, ids, lowest, created, deletes, quiet, actor
    )
    missing = {it for it in ids if not _in_sight(ledger, contact.actor, it)}
    if missing - created:
        ledger.rejected_creates |= rejected_creates(connection, contact) & missing
    return resent


def _in_sight(ledger: Ledger, actor: Actor, record_id: str) -> bool:
    """Tell whether a record is there for the actor: a foreign one is as good as none."""
    state = ledger.records.get(record_id)
    if state is None or state.customer is None or actor.whole_branch:
        return state is not None
    return standing(ledger.records.get(state.customer), actor, ledger.head) == "in"


def _inherited(ledger: Ledger, change: Change) -> Iterable[int]:
    for number in change.over.values():
        earlier = ledger.decided.get(number)
        if earlier is not None:
            yield min([earlier.base, *(it.base for it in earlier.trails.values())])


def _takes_away(change: Change) -> bool:
    """Tell whether a change removes elements or keys: for it even what changed nothing counts."""
    values = change.set.values()
    return any(it is None or (isinstance(it, dict) and "remove" in it) for it in values)


def _named_ids(change: Change) -> set[str]:
    named = {change.id, *((change.customer,) if change.customer else ())}
    for value in change.set.values():
        several = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            several = [*value.get("add", ()), *value.values()]
        named |= {it for it in several if isinstance(it, str) and is_record_id(it)}
    return named


# ----------------------------------------------------------------------------------------- deciding


def _decide(
    engine: Engine,
    contact: Contact,
    branch_row: Row[Any],
    offer: Offer,
    facts: dict[str, dict[str, Json]],
) -> Kept:
    made_at, stamp = corrected(contact, offer.raw)
    parsed = offer.parsed
    if parsed is None:
        result = engine.reject(wire.readable_set(offer.raw), offer.faults)
    else:
        facts[parsed.id] = {
            "set_device": contact.actor.device,
            "device_made_at": parsed.made_at if is_instant(parsed.made_at) else None,
            "received_at": format_instant(contact.now),
            "action": parsed.action,
        }
        result = engine.decide(rebased(parsed, branch_row), contact.actor, Moment(made_at, stamp))
    text = json.dumps(result.as_json(), ensure_ascii=False, separators=(",", ":"))
    trails = store.trails_as_text(engine.ledger.decided[offer.number])
    return kept_row(contact, offer, result.status, text, trails)


# ---------------------------------------------------------------------------------------- answering


def _note_own(
    answered: Answered,
    ledger: Ledger,
    contact: Contact,
    offers: Sequence[Offer],
    engine: Engine,
) -> None:
    """Note which units of which records this request itself stored as sent, and where."""
    applied = {it["number"] for it in answered.results if it["status"] == "applied" and not it["repeated"]}  # fmt: skip
    sent = {it.id for one in offers if one.parsed for it in one.parsed.changes}
    named = {
        (it.id, engine.registry[it.type].unit(path))
        for one in offers
        if one.parsed and one.number in applied
        for it in one.parsed.changes
        for path in it.set
    }
    for entry in ledger.written:
        if entry.number not in applied or entry.device != contact.actor.device:
            continue
        if entry.op == "create" and entry.record in sent:
            answered.created.add(entry.record)
        declared = engine.registry[entry.type]
        for unit, it in entry.units.items():
            field_ = declared.field((declared.group(unit) or (unit,))[0])
            mine = (entry.record, unit) in named and it.sent == it.kept
            if mine and field_ is not None and field_.policy != "set":
                answered.own.setdefault(entry.record, {})[unit] = entry.position
    if contact.actor.whole_branch:
        return
    new = {it["number"] for it in answered.results if not it["repeated"]}
    for offer in offers:
        for customer in named_customers(offer):
            held = ledger.records.get(customer)
            if held is None and offer.number not in new:
                answered.unsure.add(customer)
            elif standing(held, contact.actor, ledger.head) != "in":
                answered.outside.add(customer)
