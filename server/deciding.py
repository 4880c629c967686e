"""One device's sets between the tables and the engine: what they touch is loaded, each is decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row

from schemas import versions
from schemas.declare import SERVER, Registry
from schemas.messages import Change, SetResult
from schemas.values import format_instant, is_record_id
from schemas.wire import sync as wire
from server import loading, store
from server.earlier import Kept, kept_row, refused_creates
from server.identities import hashes_in
from server.offers import (
    Contact,
    Offer,
    corrected,
    is_earlier,
    is_instant,
    named_customers,
    rebased,
)
from server.pairs import load_pairs
from sync import follow_ups
from sync.engine import Engine, Moment
from sync.guards import checking, groups
from sync.held import Since
from sync.ledger import Ledger
from sync.scope import Actor, standing

Json = Any


def load(
    connection: Connection,
    registry: Registry,
    ledger: Ledger,
    contact: Contact,
    branch_row: Row[Any],
    offers: Sequence[Offer],
    again: bool = False,
) -> set[str]:
    """Load what new sets touch; return the ids of sets in it that this device sent again (section 8).

    *again*: they were held, and what later sets of the device have said counts, even where it changed nothing.
    """
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
            ids |= named_ids(change)
            deletes = deletes or change.op == "delete"
            lowest = min([lowest, base, *_inherited(ledger, change)])
            if change.op == "create":
                created.add(change.id)
            elif again or _takes_away(change):
                quiet.add(change.id)
    if not ids:
        return set()
    actor = contact.actor if contact.actor.user else None
    changes = [change for it in offers if it.parsed for change in it.parsed.changes]
    identities = hashes_in(registry, branch_row.identity_key, changes)
    beside = _beside(registry, contact.actor, changes)
    resent = loading.load_touched(
        connection, ledger, contact.branch, ids, lowest, created, deletes, quiet, actor, identities,
        beside,
    )  # fmt: skip
    listed = follow_ups.also_named(ledger, changes)
    if listed:
        resent |= loading.load_touched(connection, ledger, contact.branch, listed, lowest)
    if asked := groups.asked_about(ledger, changes):
        found = loading.members(connection, contact.branch, asked)
        resent |= loading.load_touched(
            connection, ledger, contact.branch, found | asked, lowest, beside=(found, groups.TYPES)
        )
    resent |= load_pairs(connection, ledger, contact.branch, changes, lowest, actor)
    missing = {it for it in ids if not _in_sight(ledger, contact.actor, it)}
    if missing - created:
        rejected, held = refused_creates(connection, contact)
        ledger.rejected_creates |= rejected & missing
        ledger.held_creates |= held & missing
    return resent


def _beside(
    registry: Registry, actor: Actor, changes: Sequence[Change]
) -> tuple[set[str], set[str]] | None:
    """Return whose records of which types guards and follow-ups of *changes* look at; None: at none."""
    types = follow_ups.needed(registry, changes)
    if actor.role != SERVER:
        types |= checking.needed(registry, changes)
    return ({it.customer for it in changes if it.customer}, types) if types else None


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


def named_ids(change: Change) -> set[str]:
    """Return the ids that a change names: its record, its customer, and whatever may be a reference."""
    named = {change.id, *((change.customer,) if change.customer else ())}
    for value in change.set.values():
        several = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            several = [*value.get("add", ()), *value.values()]
        named |= {it for it in several if isinstance(it, str) and is_record_id(it)}
    return named


# ----------------------------------------------------------------------------------------- deciding


def decide(
    engine: Engine,
    contact: Contact,
    branch_row: Row[Any],
    offer: Offer,
    facts: dict[str, dict[str, Json]],
    again: Again | None = None,
) -> tuple[Kept, SetResult]:
    """Decide one set; *facts* collects what the log is to know of it, *again*: it was held before."""
    parsed = offer.parsed
    if parsed is None:
        meant = rebased(
            wire.readable_set(offer.lifted), branch_row
        )  # what is made over it inherits
        result = engine.reject(meant, offer.faults)
    else:
        facts[parsed.id] = {
            "set_device": contact.actor.device,
            "device_made_at": parsed.made_at if is_instant(parsed.made_at) else None,
            "received_at": format_instant(contact.now),
            "action": parsed.action,
        }
        moment = again.moment if again else Moment(*corrected(contact, offer.raw))
        since = Since(is_earlier(parsed, branch_row), again.later if again else frozenset())
        result = engine.decide(rebased(parsed, branch_row), contact.actor, moment, since)
        faults = versions.lower_faults(engine.registry, offer.raw, result.errors)
        result = replace(result, errors=tuple(faults))
    text = json.dumps(result.as_json(), ensure_ascii=False, separators=(",", ":"))
    trails = store.trails_as_text(engine.ledger.decided[offer.number])
    return kept_row(contact, offer, result.status, text, trails), result


@dataclass(frozen=True)
class Again:
    """What is known of a set that was held: when it was made, and the sets of its device behind it."""

    moment: Moment
    later: frozenset[str]
