"""Whether a decision was right, change by change and field by field: the oracle at work.

It is told what was typed and on which view (`facts.Typed`), the records before and after, and what
the server said. Rules for one value are in `policies.py`; here are the rules for whole records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.declare import RecordType
from sync.ledger import RecordState
from tests.simulation import refusals, settling
from tests.simulation.facts import Facts
from tests.simulation.keys import judge_keys
from tests.simulation.persons import judge_duplicates, judge_merge, merging, read
from tests.simulation.policies import Way
from tests.simulation.typed import Broken, Deed, Typed
from tests.simulation.units import as_sent, basis, is_the_same, judge_unit
from tests.simulation.waiting import edited_later, stored_later

Json = Any
RANK = {"applied": 0, "merged": 1, "conflict": 2}
SERVERS_OWN = ("conflict", "assignment")


@dataclass
class Hearing:
    """One decided set before its judge."""

    facts: Facts
    types: Mapping[str, RecordType]
    typed: Typed
    device: str
    before: Mapping[str, RecordState]
    after: Mapping[str, RecordState]
    result: Mapping[str, Json]
    ways: dict[tuple[str, str], Way] = field(default_factory=dict)
    deeds: tuple[Deed, ...] = ()
    later: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.deeds = tuple(read(self, it) for it in self.typed.deeds)
        self.later = self.facts.said_later(self.typed)

    def demand(self, good: bool, promise: str) -> None:
        """Break unless *good*."""
        if not good:
            raise Broken("decided", f"{promise}; result {dict(self.result)!r}")

    def conflicts(self, place: int) -> list[RecordState]:
        """Return the conflicts that the result of a change names."""
        found = [self.after.get(it) for it in self.result["changes"][place]["conflicts"]]
        self.demand(all(it is not None for it in found), "a named conflict exists")
        return [it for it in found if it is not None]


def hear(case: Hearing) -> None:
    """Judge a set as a whole; raise Broken where it was decided wrongly."""
    if case.result["status"] == "rejected":
        _nothing_happened(case)
        refusals.judge_refusal(case)
        return
    case.demand(not case.typed.withdrawn, "what was given up is not applied")
    came_before = case.typed.id in case.facts.waiting
    locked = case.device in case.facts.locked and not came_before
    case.demand(not locked, "nothing that comes from a locked device is applied")
    wiped = case.device in case.facts.wiped and not came_before
    case.demand(not wiped, "nothing that comes from a wiped device is taken")
    hostile = case.typed.hostile and not (case.typed.excuse == "scope" and _is_his_by_now(case))
    case.demand(not hostile, f"a hostile set is refused with {case.typed.hostile}")
    case.demand(len(case.result["changes"]) == len(case.deeds), "each change has a result")
    moved = _nothing_else_happened(case)
    worst = 0
    for place, deed in enumerate(case.deeds):
        told = case.result["changes"][place]
        expected = judge_duplicates(case, place, deed, _judge_deed(case, place, deed))
        if deed != replace(case.typed.deeds[place], named=deed.id) and expected == "applied":
            expected = "merged"
        case.demand(told["status"] == expected, f"change {place} to {deed.id} is {expected!r}")
        after = case.after.get(deed.id)
        told_all = after is not None and after.version == told["version"]
        case.demand(told_all or (after is not None and deed.id in moved), "versions are told")
        worst = max(worst, RANK[told["status"]])
    case.demand(RANK[case.result["status"]] == worst, "a set is as good as its worst change")


def _is_his_by_now(case: Hearing) -> bool:
    """Tell whether everything that a set names has come into its user's scope."""
    named = (it for deed in case.deeds for it in refusals.named(deed))
    states = [case.before[it] for it in named if it in case.before]
    ways = {it.customer: it.via for it in case.deeds}
    late = {
        it.customer for it in states
        if it.customer and case.facts.standing(
            case.typed, case.device, it.customer, ways.get(it.customer)
        ) == "late"
    }  # fmt: skip
    return all(
        it.customer in late or case.facts.in_scope(case.typed.user, it, case.types) for it in states
    )


def _nothing_happened(case: Hearing) -> None:
    if case.after != case.before:
        raise Broken("whole sets", f"of a rejected set something was stored: {case.result!r}")


def _nothing_else_happened(case: Hearing) -> set[str]:
    """Look at what the set did beside its changes; return what a merge of customers moved."""
    named = {it.id for it in case.deeds}
    pair = merging(case)
    moved = judge_merge(case, *pair) if pair else set()
    for record, after in case.after.items():
        before = case.before.get(record)
        if after is before or after.type in SERVERS_OWN or record in moved:
            continue
        changed = before is None or before.version != after.version
        mine = after.changed_by == case.typed.user
        case.demand(mine or not changed, f"{record} was changed by {case.typed.user}")
        same = before is not None and (before.fields, before.deleted) == (
            after.fields,
            after.deleted,
        )
        parent = any(record in deed.fields.values() for deed in case.deeds)
        case.demand(record in named or same or parent, f"{record} is no business of this set")
        unmoved = before is not None and before.version == after.version
        case.demand(same <= unmoved or parent or before is None or before.deleted != after.deleted,
                    f"a record that did not change keeps its version: {record}")  # fmt: skip
        case.demand(not unmoved or same, f"a record that changed has a new version: {record}")
    return moved


def _judge_deed(case: Hearing, place: int, deed: Deed) -> str:
    if deed.type == "conflict":
        return settling.judge_resolution(case, place, deed)
    standing = "in"
    if deed.customer is not None and not (deed.op == "create" and deed.type == "customer"):
        standing = case.facts.standing(case.typed, case.device, deed.customer, deed.via)
        case.demand(standing in ("in", "late"), f"{deed.customer} is {standing} for this user")
    late = standing == "late"
    held = case.before.get(deed.id)
    if deed.op == "create" and held is None:
        return _judge_create(case, place, deed, late)
    case.demand(held is not None, f"{deed.id} exists")
    assert held is not None
    if late and _is_wish(case, deed.id):
        return settling.judge_wish(case, place, deed, held)
    if deed.op == "delete":
        return _judge_delete(case, place, deed, held)
    return judge_edit(case, place, deed, held)


def _is_wish(case: Hearing, record: str) -> bool:
    known = case.facts.about[record]
    mine = case.facts.is_own(case.device, known.made_on, known.made_by_set)
    return not mine or case.facts.changed_by_other(record, case.device, -1)


def _judge_create(case: Hearing, place: int, deed: Deed, late: bool) -> str:
    declared = case.types[deed.type]
    case.demand(not late or declared.late_fact, "only facts are made late")
    made = case.after[deed.id]
    case.demand(not made.deleted and made.customer == deed.customer, f"{deed.id} is made")
    case.demand(made.created_by == case.typed.user, "it is in the name of its maker")
    for path, value in deed.fields.items():
        one = declared.field(path)
        is_set = one is not None and one.policy == "set"
        wanted = sorted(set(value or ())) or None if is_set else value
        case.demand(made.fields.get(path) == wanted, f"{path} of {deed.id} is as typed")
    parent = deed.fields.get(declared.parent[1]) if declared.parent else None
    known = case.before.get(parent) if parent else None
    if known is not None and known.deleted:
        case.demand(not case.after[known.id].deleted, "a child brings its parent back")
        settling.check_revival(case, place, known.id)
        return "conflict"
    return "applied"


def _judge_delete(case: Hearing, place: int, deed: Deed, held: RecordState) -> str:
    after = case.after[deed.id]
    if held.deleted:
        return "applied"
    if settling.is_settled_already(case, deed.id, None):
        case.demand(not after.deleted, "a late resolution deletes nothing")
        return "merged"
    if case.later and edited_later(case, deed.id):
        case.demand(not after.deleted, "what was said meanwhile outlives a deletion that was held")
        return "merged"
    seen = case.typed.seen
    if case.facts.changed_by_other(deed.id, case.device, seen):
        case.demand(not after.deleted, "an unseen edit outlives a deletion")
        value = {"deleted": True, "reason": deed.reason}
        case.demand(settling.holds(case, place, None, value), "the deletion is in a conflict")
        return "conflict"
    case.demand(after.deleted, "it is deleted")
    return "applied"


# ------------------------------------------------------------------------------------------ edits


def judge_edit(case: Hearing, place: int, deed: Deed, held: RecordState) -> str:
    """Judge an update, or a create of a record that is there, unit by unit."""
    declared, facts = case.types[deed.type], case.facts
    again = deed.op == "create"
    sent = as_sent(declared, deed, again)
    bases = {it: (-1, None, -1) if again else basis(case, deed, it) for it in sent}
    lowest = min([seen for seen, _, _ in bases.values()], default=case.typed.seen)
    unseen = facts.changed_by_other(deed.id, case.device, lowest)
    if again and not held.deleted and is_the_same(declared, held, sent):
        return "applied"
    if settling.is_invalid(case, place, deed, held):
        return "conflict"
    revived = held.deleted
    if revived:
        case.demand(not case.after[deed.id].deleted, "an edit brings back what was deleted unseen")
        settling.check_revival(case, place, deed.id)
    settled = {it for it in sent if case.later and stored_later(case, deed.id, it)}
    ways = judge_keys(case, deed, held, sent, lowest, settled)
    for unit in sent:
        if unit not in ways:
            base = bases[unit]
            ways[unit] = judge_unit(case, place, deed, held, unit, base, again)
    for unit, way in ways.items():
        stored = way in ("stored", "merged")
        case.typed.stood[deed.named, unit] = stored
    if revived or "conflict" in ways.values():
        return "conflict"
    return "merged" if unseen or set(ways.values()) - {"stored"} else "applied"
