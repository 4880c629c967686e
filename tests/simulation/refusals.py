"""When a set may be refused: a hostile one always, an honest one only where life has moved on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tests.simulation.typed import Broken, Deed

if TYPE_CHECKING:
    from tests.simulation.judge import Hearing

Json = Any
LOST = ("unknown-record", "out-of-scope")
"""What may come back after a restore."""


def is_of_earlier_epoch(case: Hearing) -> bool:
    """Tell whether a set was made on a view of an epoch before the server's."""
    return case.typed.dated and case.typed.epoch != case.facts.epoch


def judge_refusal(case: Hearing) -> None:
    """Break where a set was refused for a reason that it does not have."""
    codes = [it["code"] for it in case.result["errors"]]
    if {*codes} <= {*LOST} and is_of_earlier_epoch(case):
        raise Broken("restore", f"what the server lost may come back: {case.result['errors']!r}")
    if case.typed.withdrawn:
        if codes != ["withdrawn"]:
            raise Broken("refused", f"as withdrawn, not {case.result['errors']!r}")
        return
    if codes == ["device-locked"] and case.device in case.facts.locked:
        return
    if case.typed.hostile:
        foreign = case.typed.excuse == "scope"
        expected = {*case.typed.hostile, *(("bad-change",) if foreign and _had_it(case) else ())}
        if not set(codes) & expected:
            raise Broken("refused", f"with {case.typed.hostile}, not {case.result['errors']!r}")
        if foreign and "out-of-scope" in codes and not _had_it(case):
            raise Broken("scope", "out-of-scope is said of a customer that was never this user's")
        return
    for error in case.result["errors"]:
        reason = _REASONS.get(error["code"])
        if reason is None or not reason(case, error):
            raise Broken("refused", f"an honest set: {dict(error)!r}")


def _had_it(case: Hearing) -> bool:
    states = (case.before.get(it) for deed in case.deeds for it in named(deed))
    customers = {it.customer for it in states if it is not None} | {it.via for it in case.deeds}
    holds = (it for customer in customers for it in case.facts.holds.get(customer or "", ()))
    return any(it.user == case.typed.user for it in holds)


def _deeds(case: Hearing, error: Mapping[str, Json]) -> list[Deed]:
    place = error.get("change")
    return [case.deeds[place]] if isinstance(place, int) else list(case.deeds)


def named(deed: Deed) -> Iterator[str]:
    yield deed.id
    if deed.customer is not None:
        yield deed.customer
    for value in deed.fields.values():
        several = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            several = [*value.get("add", ())]
        yield from (it for it in several if isinstance(it, str) and len(it) == 36)


def is_unknown(case: Hearing, error: Mapping[str, Json]) -> bool:
    """Something that it names is deleted, not there, or not in the user's scope."""
    return any(_is_gone(case, deed, it) for deed in _deeds(case, error) for it in named(deed))


def _is_gone(case: Hearing, deed: Deed, record: str) -> bool:
    state = case.before.get(record)
    if state is None:
        return not (deed.op == "create" and record == deed.id)
    if state.deleted or case.typed.whole_branch:
        return state.deleted
    return not case.facts.in_scope(case.typed.user, state, case.types)


def _hangs_on_refused(case: Hearing, error: Mapping[str, Json]) -> bool:
    """It needs a record, or a move, that only a refused set of this store would have made."""
    refused = case.facts.refused_creates[case.typed.store]
    if any(it in refused for deed in _deeds(case, error) for it in named(deed)):
        return True
    chain = [case.facts.typed[it] for it in case.typed.own.values()]
    return any(not all(it.stood.values()) or not it.stood for it in chain)


def has_left(case: Hearing, error: Mapping[str, Json]) -> bool:
    """Its customer had left the view already, or it makes late what is no fact."""
    for deed in _deeds(case, error):
        if deed.customer is not None:
            stands = case.facts.standing(case.typed, case.device, deed.customer, deed.via)
            made_late = deed.op == "create" and not case.types[deed.type].late_fact
            if stands == "out" or (stands == "late" and made_late):
                return True
    return False


def _has_children(case: Hearing, error: Mapping[str, Json]) -> bool:
    """What it deletes has children that are alive."""
    gone = {it.id for it in _deeds(case, error) if it.op == "delete"}
    return any(
        not it.deleted and (parent := case.types[it.type].parent) is not None
        and it.fields.get(parent[1]) in gone
        for it in case.before.values()
    )  # fmt: skip


def _has_moved(case: Hearing, error: Mapping[str, Json]) -> bool:
    """It makes a move, and the state is another than the one it was made in."""
    for deed in _deeds(case, error):
        machine = case.types[deed.type].states
        state = case.before.get(deed.id)
        if machine and state and machine.field in deed.fields:
            stands, wanted = state.fields.get(machine.field), deed.fields[machine.field]
            key = (deed.id, machine.field)
            seen = case.facts.value_at(key, case.typed.seen, stands)  # a bootstrap shows newer ones
            if not machine.moves(stands, wanted) or not machine.moves(seen, wanted):
                return True
            own = case.facts.typed.get(case.typed.own.get(key, ""))
            if own is not None and own.value(case.types[deed.type], *key) == wanted:
                return True  # the same move once more, over one that waits in a conflict
    return False


def _is_taken(case: Hearing, error: Mapping[str, Json]) -> bool:
    """It gives a first value to what has one now, or settles what its user wrote himself.

    Or the move leads there from another state by now, and is not his to make.
    """
    if error.get("rule") == "SOD-8" or _is_not_his_move(case, error):
        return True
    for deed in _deeds(case, error):
        one = case.types[deed.type].field(error.get("field") or "")
        group = case.types[deed.type].group(error.get("field") or "")
        one = case.types[deed.type].field(group[0]) if group else one
        if one is not None and one.policy == "once":
            return True
    return False


def _is_not_his_move(case: Hearing, error: Mapping[str, Json]) -> bool:
    for deed in _deeds(case, error):
        machine, state = case.types[deed.type].states, case.before.get(deed.id)
        if machine and state and error.get("field") == machine.field in deed.fields:
            moves = machine.moves(state.fields.get(machine.field), deed.fields[machine.field])
            return not any(case.typed.role in it.roles for it in moves)
    return False


def _breaks_a_check(case: Hearing, error: Mapping[str, Json]) -> bool:
    """The type has rules over whole records, which the record as it was seen may break."""
    return any(case.types[deed.type].checks for deed in _deeds(case, error))


def _lacks(case: Hearing, error: Mapping[str, Json]) -> bool:
    """A move needs a field that only an own set gave which was not stored, or a check over the record does."""
    for deed in _deeds(case, error):
        name = str(error.get("field"))
        one, key = case.types[deed.type].field(name), (deed.id, name)
        now = case.before[deed.id].fields.get(name) if deed.id in case.before else None
        seen = case.facts.value_at(key, case.typed.seen, now)
        if one is not None and one.required_by and name not in deed.fields and seen is None:
            return True
    return _breaks_a_check(case, error)


_REASONS: Mapping[str, Callable[[Hearing, Mapping[str, Json]], bool]] = {
    "unknown-record": is_unknown,
    "depends-on-rejected": _hangs_on_refused,
    "out-of-scope": has_left,
    "has-children": _has_children,
    "invalid-transition": _has_moved,
    "not-permitted": _is_taken,
    "invalid-value": _breaks_a_check,
    "required": _lacks,
    "create-only": _breaks_a_check,
}
