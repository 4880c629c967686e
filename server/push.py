"""Apply the sets of one request: one bulk load, decide in memory, one bulk write (protocol.md, section 2)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection

from schemas import limits
from schemas.declare import Registry
from schemas.wire import sync as wire
from server import bulk, held, store
from server.deciding import decide, load
from server.earlier import check_numbers, kept_row, load_sets, numbered, recall
from server.offers import Contact, Offer, named_customers
from sync.engine import Engine
from sync.ledger import Ledger
from sync.scope import standing

Json = Any
change_set = store.change_set


@dataclass
class Answered:
    """The results of a request's sets, and what of the device's own work the pull may leave out.

    `sent`: by record, what its changes set: as they came, and in today's schema version.
    `absorbed`: customers named in the sets who were merged into another, whom the device may know or not (None).
    """

    results: list[dict[str, Json]] = field(default_factory=list)
    known_through: int = 0
    own: dict[str, dict[str, int]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    sent: dict[str, list[tuple[Json, Json]]] = field(default_factory=dict)
    absorbed: dict[str, str | None] = field(default_factory=dict)


def apply(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    offers: Sequence[Offer],
    known: int,
    asked: Sequence[int] = (),
) -> Answered:
    """Apply the sets of one device in order, exactly once each, inside the caller's transaction.

    *known* is the greatest number that the server had from this device. *asked* are numbers of sets
    that the device knows as held: it is given their present results.

    Raises:
        problems.SetsOutOfOrderError, problems.SetChangedError: nothing of the request is applied.
    """
    answered = Answered(known_through=known)
    if offers:
        _apply(connection, registry, contact, offers, answered)
    if asked:
        _tell_present(connection, contact, asked, answered)
    return answered


def _apply(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    offers: Sequence[Offer],
    answered: Answered,
) -> None:
    branch_row = store.lock_branch(connection, contact.branch)
    earlier = load_sets(connection, contact, offers)
    known = max([answered.known_through, *earlier.by_number])
    check_numbers(offers, known, earlier.by_number)
    new = [it for it in offers if it.number > known and it.set_id not in earlier.by_id]
    ledger = Ledger(branch_row.head, decided=earlier.decided())
    resent = load(connection, registry, ledger, contact, branch_row, new)
    resent |= {it.set_id for it in offers if it.set_id in earlier.by_id}
    ledger.adopt(resent, contact.actor.device)
    engine = Engine(registry, ledger, contact.branch, contact.today, contact.prefix)
    facts: dict[str, dict[str, Json]] = {}
    answered.known_through = max(known, offers[-1].number)
    stored: list[dict[str, Json]] = []
    waiting: list[held.Waiting] = []
    moved: list[Offer] = []
    for one in offers:
        before = earlier.of(one, known)
        if before is None:
            row, result = decide(engine, contact, branch_row, one, facts)
            earlier.by_id.setdefault(one.set_id, row)
            if row.status == "held":
                waiting.append(held.Waiting.of(contact, one, result))
        else:
            row = kept_row(contact, one, before.status, before.result, before.trails)
            recall(ledger, one, row)
            if row.status == "held" and one.number > known:
                moved.append(one)
        if one.number > known:
            stored.append(asdict(row))
        told = {"number": one.number, "repeated": before is not None, **json.loads(row.result)}
        answered.results.append(told)
    store.save(connection, registry, branch_row, ledger, facts)
    bulk.insert(connection, change_set, stored)
    held.follow(connection, contact, moved)
    held.keep(connection, waiting)
    _note_own(answered, ledger, contact, offers, engine)
    if branch_row.held or waiting:
        ended = held.try_again(connection, registry, contact, held.Arrived.of(registry, ledger))
        _correct(answered, contact, ended)


def _correct(
    answered: Answered, contact: Contact, ended: Mapping[tuple[str, int], dict[str, Json]]
) -> None:
    """Give results of sets that were held, and that this very request has brought what they lacked."""
    for place, told in enumerate(answered.results):
        present = ended.get((contact.actor.device, told["number"]))
        if present is not None:
            answered.results[place] = {"number": told["number"], "repeated": True, **present}


def _tell_present(
    connection: Connection, contact: Contact, asked: Sequence[int], answered: Answered
) -> None:
    told = {it["number"] for it in answered.results}
    numbers = sorted(set(asked) - told)[: limits.CHANGES_PER_REQUEST]
    for row in numbered(connection, contact.actor.device, numbers):
        answered.results.append({"number": row.number, "repeated": True, **json.loads(row.result)})
        changes = wire.readable_set(json.loads(row.content)).changes
        answered.unsure |= {it.customer for it in changes if it.customer}


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
    for one in offers:
        changes = one.parsed.changes if one.parsed else ()
        for raw, change in zip(one.raw["changes"] if changes else (), changes, strict=True):
            pair = (raw.get("set", change.set), change.set)
            answered.sent.setdefault(change.id, []).append(pair)
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
            if held is not None and held.alias is not None:
                stays = standing(ledger.records.get(held.alias), contact.actor, ledger.head) == "in"
                answered.absorbed[customer] = held.alias if stays else None
            if held is None and offer.number not in new:
                answered.unsure.add(customer)
            elif standing(held, contact.actor, ledger.head) != "in":
                answered.outside.add(customer)
