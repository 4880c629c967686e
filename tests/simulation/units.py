"""One unit of a change before the oracle: what it was typed over, what it met, how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schemas.declare import RecordType
from sync.ledger import RecordState
from tests.simulation import settling
from tests.simulation.persons import came_to_stand, was_said, was_there
from tests.simulation.policies import Case, Way, judge
from tests.simulation.typed import Deed, Typed, unit_of, units_of
from tests.simulation.waiting import elements_left, stored_later

if TYPE_CHECKING:
    from tests.simulation.judge import Hearing

Json = Any


def as_sent(declared: RecordType, deed: Deed, again: bool) -> dict[str, Json]:
    sent = units_of(declared, deed.fields)
    if again:
        for unit, value in sent.items():
            one = declared.field(unit)
            if one is not None and one.policy == "set":
                sent[unit] = {"add": value or []}
    return sent


def is_the_same(declared: RecordType, held: RecordState, sent: Mapping[str, Json]) -> bool:
    def plain(value: Json) -> Json:
        return sorted(value["add"]) or None if isinstance(value, dict) and "add" in value else value

    return all(unit_of(declared, held.fields, it) == plain(value) for it, value in sent.items())


def basis(case: Hearing, deed: Deed, unit: str) -> tuple[int, Json, int]:
    """Return the moment that counts for a unit, the value typed over, and the number of own sets passed.

    Own sets whose value was on the screen, and not yet in the server's state below it, pass on the
    view that they were typed on; the nearest of them that was stored gives the value typed over.
    """
    facts, declared, record = case.facts, case.types[deed.type], deed.named
    seen = case.typed.seen
    now = unit_of(declared, case.before[deed.id].fields, unit)
    chain: list[Typed] = []
    at, name = case.typed, case.typed.own.get((record, unit))
    while name is not None:
        earlier = facts.typed[name]
        stored = earlier.stood.get((record, unit), False)
        if stored and earlier.moment <= at.seen:
            break
        chain.append(earlier)
        seen = min(seen, earlier.seen)
        at, name = earlier, earlier.own.get((record, unit))
    for earlier in chain:
        if earlier.stood.get((record, unit), False):
            return seen, earlier.value(declared, record, unit), len(chain)
    return seen, was_there(case, deed, unit, seen, now), len(chain)


def judge_unit(
    case: Hearing,
    place: int,
    deed: Deed,
    held: RecordState,
    unit: str,
    base: tuple[int, Json, int],
    again: bool,
) -> Way:
    declared, facts = case.types[deed.type], case.facts
    seen, ancestor, passed = base
    one = declared.field((declared.group(unit) or (unit,))[0])
    assert one is not None
    key = (deed.named, unit)
    before = unit_of(declared, held.fields, unit)
    after = unit_of(declared, case.after[deed.id].fields, unit)
    typed = as_sent(declared, deed, again)[unit]
    above = came_to_stand(case, deed, unit, seen)
    others = [it for it in above if not facts.is_own(case.device, it.device, it.set_id)]
    said = [
        it
        for it in was_said(case, deed, unit, seen)
        if not facts.is_own(case.device, it.device, it.set_id)
    ]
    first = was_there(case, deed, unit, seen, before) is None
    if again:
        stood = facts.stands.get((deed.id, unit), ())
        first = not any(facts.is_own(case.device, it.device, it.set_id) for it in stood)
    chained = False
    if one.policy == "state" and passed:
        newest = facts.typed[case.typed.own[key]]
        chained = not newest.stood.get(key, False)
    asked = Case(
        deed.id, unit, one, before, typed, after, ancestor, first, above, others, said,
        settling.holds(case, place, unit, typed),
        settling.holds(case, place, unit, typed, but_own=True), case.device, case.typed.role,
        case.typed.made_ms, case.typed.steady, declared.states, chained,
    )  # fmt: skip
    if asked.in_conflict:
        settling.check_opened(case, place, unit, before, ancestor)
    if settling.is_settled_already(case, deed.id, unit):
        return asked.yields()
    if case.later and one.policy == "set":
        left = elements_left(case, deed.id, unit, typed)
        if left is None:
            return asked.yields()
        if left != typed:
            judge(replace(asked, typed=left))
            return "merged"
    elif case.later and stored_later(case, deed.id, unit):
        return asked.yields()
    machine = declared.states
    if again and machine and one.policy == "state" and typed in machine.initial and before != typed:
        return asked.yields()
    return judge(asked)
