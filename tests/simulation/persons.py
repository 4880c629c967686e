"""One person registered twice, before the oracle (protocol.md, section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sync.ledger import RecordState
from tests.simulation.typed import Deed, Merge, Said, Stand, unit_of

if TYPE_CHECKING:
    from tests.simulation.judge import Hearing

Json = Any


def customers_of(conflict: Mapping[str, Json]) -> frozenset[str]:
    """Return the two customers whom a duplicate is about."""
    entries = (conflict["kept"], *conflict["others"])
    return frozenset(it["value"]["customer"] for it in entries)


def as_told(state: RecordState, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return what a device may see of a record's *fields*: of a duplicate, never whom it is about."""
    told = dict(fields)
    if state.type == "conflict" and state.fields["kind"] == "duplicate":
        told["kept"] = {**told["kept"], "value": None}
        told["others"] = [{**it, "value": None} for it in told["others"]]
    return told


def judge_duplicates(case: Hearing, place: int, deed: Deed, status: str) -> str:
    """Demand a pair of conflicts for each customer who is the same person since this change."""
    new = list(_newly_the_same(case, deed))
    for other in new:
        _check_pair(case, place, deed.id, other.id)
    return "conflict" if new else status


def _newly_the_same(case: Hearing, deed: Deed) -> Iterator[RecordState]:
    identity = case.types[deed.type].identity or ""
    before, after = case.before.get(deed.id), case.after[deed.id]
    value = None if after.deleted else after.fields.get(identity)
    if value is None or (before is not None and before.fields.get(identity) == value):
        return
    for other in case.after.values():
        same = other.type == deed.type and other.fields.get(identity) == value
        known = {deed.id, other.id} in _pairs_now(case)
        if same and other.id != deed.id and not other.deleted and not known:
            yield other


def _pairs_now(case: Hearing) -> list[set[str]]:
    """Return whom pairs of conflicts are about, with who was absorbed since under the survivor's id."""
    now = {it.id: it.alias or it.id for it in case.after.values()}
    return [{now.get(it, it) for it in pair} for pair in case.facts.pairs]


def _check_pair(case: Hearing, place: int, mine: str, other: str) -> None:
    opened = [
        it for it in case.after.values()
        if it.type == "conflict" and it.fields["kind"] == "duplicate"
        and customers_of(it.fields) == {mine, other}
    ]  # fmt: skip
    lying = {it.fields["record"]: it for it in opened}
    case.demand(len(opened) == 2 and set(lying) == {mine, other}, "one conflict under each of two")
    named = case.result["changes"][place]["conflicts"]
    case.demand(lying[mine].id in named, "the sender is told of his side")
    case.demand(lying[other].id not in named, "the sender is not told of the other side")


# ------------------------------------------------------------------------------------------ merging


def merging(case: Hearing) -> tuple[str, str] | None:
    """Return who is absorbed by whom in this set, or None where it merges nobody."""
    for deed in case.deeds:
        pair = _decided(case, deed)
        if pair is not None:
            return pair
    return None


def _decided(case: Hearing, deed: Deed) -> tuple[str, str] | None:
    if deed.type != "conflict" or deed.fields.get("resolution") != "merge":
        return None
    before = case.before[deed.id]
    pair = {case.facts.survivor(it) for it in customers_of(before.fields)}
    stays = case.facts.survivor(str(deed.fields.get("survivor")))
    if before.fields["status"] != "open" or len(pair) != 2:
        return None
    return next(it for it in pair if it != stays), stays


def judge_merge(case: Hearing, absorbed: str, survivor: str) -> set[str]:
    """Demand that all of the absorbed customer is the survivor's now; return what moved."""
    gone, stays = case.after[absorbed], case.after[survivor]
    case.demand(
        gone.deleted and gone.fields == case.before[absorbed].fields, "the absorbed is hidden"
    )
    case.demand(not gone.users(), "nobody holds the absorbed any more")
    case.demand(
        stays.fields == case.before[survivor].fields, "a merge changes no field of who stays"
    )
    moved = {absorbed, *(it for it, one in case.facts.merges.items() if one.survivor == absorbed)}
    for record, before in case.before.items():
        if before.customer != absorbed or record == absorbed:
            continue
        after = case.after[record]
        moved.add(record)
        case.demand(after.customer == survivor, f"{record} is under {survivor}")
        case.demand(after.deleted == before.deleted, f"{record} is as it was")
        if before.type != "conflict":
            case.demand(after.fields == before.fields, f"{record} is as it was")
        elif before.fields["record"] == absorbed:
            case.demand(after.fields["record"] == survivor, f"{record} is about {survivor}")
    return moved


def note_merge(case: Hearing, absorbed: str, survivor: str) -> None:
    """Take down a merge, and end every hold on who was absorbed."""
    facts, typed = case.facts, case.typed

    def into(record: str) -> Merge:
        return Merge(
            survivor, facts.moment, case.before[record].fields, case.before[survivor].fields,
            case.device, typed.id, typed.user, typed.role, typed.made_ms, typed.steady,
        )  # fmt: skip

    for earlier in [it for it, one in facts.merges.items() if one.survivor == absorbed]:
        facts.merges[earlier] = into(earlier)
    facts.merges[absorbed] = into(absorbed)
    facts.holds[absorbed] = [
        replace(it, until=facts.moment) if it.until is None else it
        for it in facts.holds[absorbed]
    ]  # fmt: skip


# -------------------------------------------------------------------- work that names the absorbed


def read(case: Hearing, deed: Deed) -> Deed:
    """Return a change with survivors for the absorbed customers that it names; the same where it names none."""
    survivor = case.facts.survivor
    deed = _where_it_hangs(case, deed)
    fields = {path: survivor(it) if isinstance(it, str) else it for path, it in deed.fields.items()}
    customer = survivor(deed.customer) if deed.customer else None
    record = survivor(deed.id)
    if (record, customer, fields) == (deed.id, deed.customer, dict(deed.fields)):
        return replace(deed, named=deed.id)
    via = deed.customer if customer != deed.customer else None
    return replace(deed, id=record, customer=customer, fields=fields, via=via, named=deed.id)


def _where_it_hangs(case: Hearing, deed: Deed) -> Deed:
    """Return a change under its record's customer of now: the merge that its maker saw may be lost."""
    held = case.before.get(deed.id)
    earlier = case.typed.dated and case.typed.epoch != case.facts.epoch
    if not earlier or deed.op == "create" or deed.customer in (None, deed.id) or held is None:
        return deed
    return deed if held.customer is None else replace(deed, customer=held.customer)


def crossed(case: Hearing, deed: Deed) -> Merge | None:
    """Return the merge that a change of a customer's own record has not seen, and comes through."""
    merge = case.facts.merges.get(deed.via or "")
    unseen = merge is not None and case.typed.seen < merge.moment
    return merge if unseen and merge and deed.id == merge.survivor else None


def came_to_stand(case: Hearing, deed: Deed, unit: str, seen: int) -> list[Stand]:
    """Return what came to stand in a unit since a moment, as it looks to whoever typed over it."""
    facts, merge = case.facts, crossed(case, deed)
    if merge is None:
        return facts.since((deed.id, unit), seen)
    declared = case.types[deed.type]
    before, kept = (unit_of(declared, it, unit) for it in (merge.before, merge.kept))
    met = Stand(
        merge.moment, merge.device, merge.set_id, merge.user, merge.role, before, kept, kept, False,
        merge.made_ms, merge.steady,
    )  # fmt: skip
    there = before is not None or kept is not None
    return [
        *facts.since((deed.named, unit), seen),
        *([met] if there else []),
        *facts.since((deed.id, unit), merge.moment),
    ]


def was_said(case: Hearing, deed: Deed, unit: str, seen: int) -> list[Said]:
    """Return what was sent about a unit since a moment, as it looks to whoever typed over it."""
    facts, merge = case.facts, crossed(case, deed)
    if merge is None:
        return [it for it in facts.said.get((deed.id, unit), ()) if it.moment > seen]
    kept = unit_of(case.types[deed.type], merge.kept, unit)
    met = Said(
        merge.moment, merge.device, merge.set_id, kept, kept, True, merge.made_ms, merge.steady
    )
    return [
        *(it for it in facts.said.get((deed.named, unit), ()) if it.moment > seen),
        met,
        *(it for it in facts.said.get((deed.id, unit), ()) if it.moment > merge.moment),
    ]


def was_there(case: Hearing, deed: Deed, unit: str, seen: int, now: Json) -> Json:
    """Return the value that a unit had at a moment, as it looked to whoever typed over it."""
    merge = crossed(case, deed)
    if merge is None:
        return case.facts.value_at((deed.id, unit), seen, now)
    stood = unit_of(case.types[deed.type], merge.before, unit)
    return case.facts.value_at((deed.named, unit), seen, stood)
