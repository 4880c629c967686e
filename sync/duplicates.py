"""One person registered twice: the pair of conflicts, how it is settled, the merge (section 4).

One conflict of kind `duplicate` lies under each of the two customers. Its values name customers, which is
for the supervisor alone; `as_shown` is what a device gets to see of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schemas.declare import SERVER
from schemas.messages import Change, ChangeResult
from schemas.values import derived_id, json_equal
from sync import aliases, conflicts
from sync.draft import Draft
from sync.ledger import RecordState
from sync.namesakes import identity_of
from sync.work import Work

Json = Any
DECIDERS = ("supervisor", SERVER)


# ----------------------------------------------------------------------------------------- found


def found(work: Work, changed: str, result: ChangeResult) -> ChangeResult:
    """Open a pair of conflicts for each customer who is the same person as the one just *changed*.

    The result names the side under the sender's own customer alone.
    """
    state = work.draft.record(changed)
    if state is None or not _is_new(work, state):
        return result
    opened = [
        _open_pair(work, state, other)
        for other in _same(work, state)
        if not _pairs(work.draft, state.id, other.id)
    ]
    if not opened:
        return result
    ids = tuple(dict.fromkeys((*result.conflicts, *opened)))
    return replace(result, status="conflict", conflicts=ids)


def _is_new(work: Work, state: RecordState) -> bool:
    """Tell whether this set gave the record the identity that it has."""
    identity = identity_of(work.registry, state)
    if identity is None or state.deleted:
        return False
    before = work.draft.ledger.records.get(state.id)
    return before is None or not json_equal(identity_of(work.registry, before), identity)


def _same(work: Work, state: RecordState) -> list[RecordState]:
    identity = identity_of(work.registry, state)
    ids = {*work.draft.records, *(work.namesakes.of(state) if work.namesakes else ())}
    known = (work.draft.stored(it) for it in ids - {state.id})
    same = [
        it
        for it in known
        if it is not None
        and it.type == state.type
        and not it.deleted
        and json_equal(identity_of(work.registry, it), identity)
    ]
    return sorted(same, key=lambda it: (it.created_position, it.id))


def _open_pair(work: Work, state: RecordState, other: RecordState) -> str:
    """Open a conflict under each of two customers; return the id of the one under the first."""
    first, second = sorted((state.id, other.id))
    ids = {it: derived_id("duplicate", first, second, it) for it in (first, second)}
    for mine, theirs in ((state, other), (other, state)):
        fields = {
            "record": mine.id, "record_type": mine.type, "kind": "duplicate", "sensitive": False,
            "kept": _entry(work, mine), "others": [_entry(work, theirs)], "status": "open",
        }  # fmt: skip
        conflicts.put(work, ids[mine.id], mine.id, fields)
    return ids[state.id]


def _entry(work: Work, customer: RecordState) -> dict[str, Json]:
    """Return the entry that stands for a customer: who registered it, and when if that is known."""
    made = [it for it in work.draft.history(customer.id, 0) if it.op == "create"]
    return {
        "value": {"customer": customer.id},
        "by": customer.created_by,
        "device": customer.created_device,
        "number": made[0].number if made else None,
        "made_at": made[0].made_at if made else customer.changed_at,
    }


# --------------------------------------------------------------------------------------- settled


def pair_of(draft: Draft, conflict: RecordState) -> list[RecordState]:
    """Return the customers whom a duplicate is about, as they are now: two, or one after their merge."""
    known = (draft.record(it) for it in customers(conflict))
    return list({it.id: it for it in known if it is not None}.values())


def customers(conflict: RecordState) -> list[str]:
    """Return the customers whom a duplicate named when it was opened, its own one first."""
    entries = (conflict.fields["kept"], *conflict.fields["others"])
    return [it["value"]["customer"] for it in entries]


def _pairs(draft: Draft, first: str, second: str) -> list[RecordState]:
    """Return the sides, under the first of two customers, of their duplicates, settled ones too."""
    return [
        it
        for it in draft.conflicts_on(first, None)
        if it.fields["kind"] == "duplicate"
        and {one.id for one in pair_of(draft, it)} == {first, second}
    ]


def sides(draft: Draft, conflict: RecordState, status: str) -> list[RecordState]:
    """Return the other sides of a duplicate that have a *status*."""
    about = set(customers(conflict))
    lying = dict.fromkeys(it.id for it in pair_of(draft, conflict))
    found_sides = {
        it.id: it
        for customer in lying
        for it in draft.conflicts_on(customer, None)
        if it.fields["kind"] == "duplicate" and set(customers(it)) == about
    }
    found_sides.pop(conflict.id, None)
    return [it for it in found_sides.values() if it.fields["status"] == status]


def check(work: Work, index: int, change: Change, state: RecordState) -> None:
    """Refuse a decision about two customers by who may not make it, or without a survivor of the two."""
    pair = pair_of(work.draft, state)
    if work.actor.role not in DECIDERS:
        raise work.fault(index, "not-permitted")
    if not all(map(work.sees, pair)):
        raise work.unknown(index, state.id)
    survivor = change.set.get("survivor")
    if change.set.get("resolution") != "merge":
        if survivor is not None:
            raise work.fault(index, "bad-change", "survivor", "unknown-member")
        return
    if survivor is None:
        raise work.fault(index, "required", "survivor")
    named = work.draft.record(survivor)
    gone = any(it.deleted for it in pair)
    if named is None or gone or named.id not in {it.id for it in pair}:
        raise work.fault(index, "invalid-value", "survivor", "no-such-entry")


def merge(work: Work, pair: list[RecordState], stays: RecordState) -> None:
    """Merge the other of a *pair* into who *stays*, and settle what that decides of third ones."""
    goes = next(it for it in pair if it.id != stays.id)
    open_before = [
        it
        for it in work.draft.conflicts_on(goes.id, None)
        if it.fields["kind"] == "duplicate" and it.fields["status"] == "open"
    ]
    aliases.absorb(work, goes.id, stays.id)
    for one in open_before:
        _follow(work, work.draft.record(one.id) or one, stays)


def _follow(work: Work, side: RecordState, stays: RecordState) -> None:
    """Settle a duplicate of an absorbed customer with a third whom the survivor has its own with.

    One pair of conflicts is enough for a pair of customers: the survivor's says what is decided.
    """
    thirds = [it for it in pair_of(work.draft, side) if it.id != stays.id]
    pairs = [it for third in thirds for it in _pairs(work.draft, stays.id, third.id)]
    own = [it for it in pairs if set(customers(it)) != set(customers(side))]
    if own:
        settled: dict[str, Json] = {
            "status": "resolved",
            "resolution": "merge",
            "survivor": stays.id,
        }
        for one in (side, *sides(work.draft, side, "open")):
            conflicts.alter(work, one, settled)


# ----------------------------------------------------------------------------------------- shown


def as_shown(fields: Mapping[str, Json], whole: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what a device sees of a conflict's *fields*: of a duplicate, who registered, not whom.

    *whole*: all that the conflict has.
    """
    if whole.get("kind") != "duplicate":
        return fields
    hidden = dict(fields)
    if "kept" in hidden:
        hidden["kept"] = _hidden(hidden["kept"])
    if "others" in hidden:
        hidden["others"] = [_hidden(it) for it in hidden["others"]]
    return hidden


def _hidden(entry: Mapping[str, Json]) -> dict[str, Json]:
    return {**entry, "value": None}
