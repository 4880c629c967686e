"""Conflicts before the oracle: what must be in one, when one closes, what late work becomes (section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from schemas.declare import RecordType
from sync.ledger import RecordState
from tests.simulation.typed import Broken, Deed, unit_of, units_of

if TYPE_CHECKING:
    from tests.simulation.judge import Hearing

Json = Any


def holds(case: Hearing, place: int, unit: str | None, value: Json, but_own: bool = False) -> bool:
    """Tell whether an open conflict that the result of a change names has a typed value.

    *but_own*: those that this very set settles do not count.
    """
    settled = {it.id for it in case.deeds if it.type == "conflict"} if but_own else ()
    found = (it for it in case.conflicts(place) if it.id not in settled)
    return any(_has(case, it, unit, value) for it in found)


def _has(case: Hearing, conflict: RecordState, unit: str | None, value: Json) -> bool:
    fields = conflict.fields
    values = [it["value"] for it in fields["others"]]
    if fields.get("field") == unit:
        return value in values
    if unit is None or fields.get("field") is not None:
        return False
    declared = case.types[fields["record_type"]]
    members = declared.group(unit) or (unit,)
    wholes = [it for it in values if isinstance(it, dict) and set(members) & set(it)]
    return any(unit_of(declared, it, unit) == value for it in wholes)


def is_settled_already(case: Hearing, record: str, unit: str | None) -> bool:
    """Tell whether this set resolves a conflict about a unit that was resolved before."""
    for deed in case.deeds:
        if deed.type == "conflict" and deed.fields.get("status") == "resolved":
            fields = case.before[deed.id].fields
            about = fields["record"] == record and fields.get("field") in (unit, None)
            if about and fields["status"] == "resolved":
                return True
    return False


def is_invalid(case: Hearing, place: int, deed: Deed, held: RecordState) -> bool:
    """Tell whether a change was kept whole in a conflict because together it made an invalid record."""
    found = [it for it in case.conflicts(place) if it.fields["kind"] == "invalid"]
    found = [it for it in found if it.fields["record"] == deed.id]
    whole = [it for it in found if any(o["value"] == deed.fields for o in it.fields["others"])]
    if not whole:
        return False
    declared = case.types[deed.type]
    settles = {one.id for one in whole} <= {it.id for it in case.deeds if it.type == "conflict"}
    if settles and case.after[deed.id].fields != held.fields:
        return False  # the write of its own resolution, which is stored: the value was there
    case.demand(case.after[deed.id].fields == held.fields, "nothing of an invalid change is stored")
    sent = units_of(declared, deed.fields)
    tries = [
        deed.fields,
        *({path: deed.fields[path] for path in _paths(declared, it)} for it in sent),
    ]
    wrong = any(_is_wrong(declared, {**held.fields, **it}) for it in tries)
    wrong = wrong or _lacks(declared, deed, held)
    if not wrong and any(
        it.type == "conflict" and it.id in {one.id for one in whole} for it in case.deeds
    ):
        return False  # the write of its own resolution, which another rule kept back: the value was there
    case.demand(wrong, "a change that fits is stored")
    return True


def _paths(declared: RecordType, unit: str) -> tuple[str, ...]:
    return declared.group(unit) or (unit,)


def _lacks(declared: RecordType, deed: Deed, held: RecordState) -> bool:
    """Tell whether a move needs a field that is not there, whatever was typed into it."""
    machine = declared.states
    if machine is None or machine.field not in deed.fields:
        return False
    moves = machine.moves(held.fields.get(machine.field), deed.fields[machine.field])
    names = {it.name for it in moves}
    fields = declared.plain_fields()
    return any(names & set(it.required_by) and held.fields.get(it.name) is None for it in fields)


def _is_wrong(declared: RecordType, fields: Mapping[str, Json]) -> bool:
    there = {path: it for path, it in fields.items() if it is not None}
    return any(check(there) for check in declared.checks)


# --------------------------------------------------------------------------------------- late work


def judge_wish(case: Hearing, place: int, deed: Deed, held: RecordState) -> str:
    """Judge a late edit or deletion of what is no more the sender's: somebody else accepts it."""
    after = case.after[deed.id]
    case.demand(
        (after.fields, after.deleted) == (held.fields, held.deleted), "a wish stores nothing"
    )
    if deed.op == "delete":
        value = {"deleted": True, "reason": deed.reason}
        if held.deleted:
            return "applied"
        if is_settled_already(case, deed.id, None):
            return "merged"
        case.demand(holds(case, place, None, value), "the wish is in a conflict")
        return "conflict"
    declared = case.types[deed.type]
    waits = False
    for unit, typed in units_of(declared, deed.fields).items():
        if not _stands(declared, held, unit, typed):
            case.demand(holds(case, place, unit, typed), f"the wish is in a conflict: {unit}")
            waits = True
    return "conflict" if waits else "merged"


def _stands(declared: RecordType, held: RecordState, unit: str, typed: Json) -> bool:
    stands = unit_of(declared, held.fields, unit)
    one = declared.field(unit)
    if one is not None and one.policy == "highest" and stands is not None:
        return typed is None or bool(typed <= stands)
    if one is None or one.policy != "set":
        return bool(stands == typed)
    if isinstance(typed, list):
        return sorted(set(typed)) == list(stands or ())
    if typed is None:
        return stands is None
    there = set(stands or ())
    return there >= set(typed.get("add", ())) and not there & (
        set(typed.get("remove", ())) - set(typed.get("add", ()))
    )


# ------------------------------------------------------------------------------------- resolutions


def judge_resolution(case: Hearing, place: int, deed: Deed) -> str:
    """Judge the resolution or the reopening of a conflict."""
    before, after = case.before[deed.id], case.after[deed.id]
    standing = "in"
    if deed.customer is not None:
        standing = case.facts.standing(case.typed, case.device, deed.customer, deed.via)
    was_open = before.fields["status"] == "open"
    if deed.fields.get("status") == "open":
        if was_open or standing == "late":
            case.demand(after.fields["status"] == before.fields["status"], "nothing is reopened")
            return "applied" if was_open and standing != "late" else "merged"
        case.demand(after.fields["status"] == "open", "it is open again")
        return "merged" if _touched_by_other(case, deed.id) else "applied"
    if standing == "late":
        case.demand(
            after.fields["status"] == before.fields["status"], "a late word settles nothing"
        )
        return "merged" if deed.fields.get("resolution") == "keep" else "conflict"
    if not was_open:
        case.demand(after.fields == before.fields, "what was settled stays as it was settled")
        return "merged"
    if not _may_close(case, deed, before, after):
        case.demand(after.fields["status"] == "open", "it stays open: something came in unseen")
        return "conflict"
    told = (after.fields["status"], after.fields.get("resolution"), after.fields.get("resolved_by"))
    wanted = ("resolved", deed.fields["resolution"], case.typed.user)
    case.demand(told == wanted, f"it is settled: {wanted}")
    return "merged" if _touched_by_other(case, deed.id) else "applied"


def _touched_by_other(case: Hearing, conflict: str) -> bool:
    return case.facts.changed_by_other(conflict, case.device, case.typed.seen)


def _may_close(case: Hearing, deed: Deed, before: RecordState, after: RecordState) -> bool:
    facts, seen = case.facts, case.typed.seen
    if before.fields["others"] != after.fields["others"]:
        return False  # the write of this very resolution joined it
    if facts.joined.get(before.id, 0) > seen:
        return False
    record = before.fields["record"]
    merge = facts.merges.get(deed.via or "")
    if merge is not None and seen < merge.moment and record == merge.survivor:
        return False  # every field of the survivor counts as changed unseen
    if before.fields["kind"] == "delete":
        return not facts.changed_by_other(record, case.device, seen)
    declared = case.types[before.fields["record_type"]]
    unit, kept = before.fields.get("field"), before.fields["kept"]["value"]
    units = {unit} if unit else {declared.unit(it) for it in kept or {}}
    return not any(
        not facts.is_own(case.device, it.device, it.set_id)
        for one in units
        for it in facts.since((record, one), seen)
    )


# -------------------------------------------------------------------------------------- conflicts


def check_revival(case: Hearing, place: int, record: str) -> None:
    """Demand of a record that came back that whoever deleted it, and why, is in a conflict."""
    user, reason = case.facts.deletions[record]
    value = {"deleted": True, "reason": reason}
    told = [
        one
        for it in case.conflicts(place)
        if it.fields["kind"] == "delete" and it.fields["record"] == record
        for one in (it.fields["kept"], *it.fields["others"])
    ]
    case.demand(any(it["value"] == value for it in told), f"the deletion by {user} is told")
    new = not any(it.id in case.before for it in case.conflicts(place))
    mine = any(it["by"] == user for it in told if it["value"] == value)
    case.demand(mine or not new, f"it was {user}")


def check_opened(case: Hearing, place: int, unit: str, before: Json, ancestor: Json) -> None:
    """Demand of a conflict that this set opened about a unit that it says what stood, by whom, over what."""
    for it in case.conflicts(place):
        fields = it.fields
        if it.id in case.before or fields.get("field") != unit:
            continue
        case.demand(fields.get("base_value") == ancestor, f"it was typed over {ancestor!r}")
        case.demand(fields["kept"]["value"] == before, f"{before!r} stood")
        stood = case.facts.stands.get((fields["record"], unit), ())
        by = stood[-1].user if stood else None
        case.demand(fields["kept"]["by"] == by, f"it stood by {by}")
        mine = fields["others"][0]
        told = (mine["by"], mine["device"], mine["number"])
        case.demand(told == (case.typed.user, case.device, case.result["number"]), "by its sender")


def check_conflicts(case: Hearing) -> None:
    """Demand of every conflict that changed: nothing in it is lost or repeated, it says what stood."""
    for record, after in case.after.items():
        before = case.before.get(record)
        if after is before or after.type != "conflict":
            continue
        fields = after.fields
        about = case.after.get(fields["record"])
        values = [it["value"] for it in fields["others"]]
        _sound(about is not None and about.type != "conflict", record, "it is about a record")
        _sound(bool(values), record, "it has another value")
        _sound(not any(it in values[:i] for i, it in enumerate(values)), record, "no value twice")
        _sound(after.customer == (about.customer if about else None), record, "under its customer")
        if before is not None:
            old = before.fields["others"]
            _sound(fields["others"][: len(old)] == old, record, "no value ever leaves it")
        if before is None or fields["others"] != before.fields["others"]:
            _check_kept(case, after)


def _check_kept(case: Hearing, conflict: RecordState) -> None:
    """What `kept` says is what stood when the newest value joined."""
    fields = conflict.fields
    about, unit = case.after[fields["record"]], fields.get("field")
    mine = [it for it in fields["others"] if it["number"] == case.result["number"]]
    if unit is not None and mine:
        stood = unit_of(case.types[about.type], about.fields, unit)
        _sound(fields["kept"]["value"] == stood, conflict.id, f"it says what stands: {stood!r}")


def _sound(good: bool, conflict: str, promise: str) -> None:
    if not good:
        raise Broken("conflicts", f"{promise}: {conflict}")
