"""Two customers become one: what a merge moves, and how a set is read that still names the absorbed id.

The absorbed customer stays in the log and in its table, without holders and hidden, as an *alias*: its
`alias` is the survivor's id. An alias of an alias is written anew when its survivor is absorbed in turn,
so that every alias leads to the survivor in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from schemas.declare import RecordType, Ref, SetOf
from schemas.messages import Change
from sync.assignments import end_all
from sync.draft import Crossing
from sync.ledger import Entry, RecordState, Written
from sync.work import Work, current, put_unit, value_at

Json = Any


def absorb(work: Work, absorbed: str, survivor: str) -> None:
    """Merge one customer into another: children move, holds end, the absorbed id becomes an alias."""
    gone = work.draft.stored(absorbed)
    assert gone is not None
    children = work.draft.under(absorbed)
    position = work.draft.position()
    mine = work.draft.writable(gone)
    mine.alias, mine.deleted = survivor, True
    _stamp(work, mine, position)
    work.entry(mine, "merge", {}, True, position, customer=survivor)
    end_all(work, absorbed, position)
    for child in children:
        _move(work, child, absorbed, survivor)
    known = {**work.draft.ledger.records, **work.draft.records}.values()
    for earlier in [it for it in known if it.alias == absorbed]:
        again = work.draft.writable(earlier)
        again.alias = survivor
        position = work.draft.position()
        _stamp(work, again, position)
        work.entry(again, "merge", {}, True, position, customer=survivor)


def _stamp(work: Work, alias: RecordState, position: int) -> None:
    """Note on an alias who merged it; its mark stays, for nobody edited it."""
    alias.version = position
    alias.changed_by, alias.changed_at = work.actor.user, work.made_at


def _move(work: Work, child: RecordState, absorbed: str, survivor: str) -> None:
    """Put a record under the survivor; what it says of the absorbed customer it says of the survivor."""
    declared = work.registry[child.type]
    position = work.draft.position()
    mine = work.draft.writable(child)
    mine.customer, mine.version = survivor, position
    units: dict[str, Written] = {}
    for unit, after in _renamed(declared, mine, absorbed, survivor).items():
        units[unit] = Written(current(mine, declared, unit), None, after)
        put_unit(mine, declared, unit, after)
        mine.touch(unit, position, work.actor.device)
    work.entry(mine, "move", units, True, position, note=absorbed)
    work.draft.note_moved(mine)


def _renamed(
    declared: RecordType, state: RecordState, absorbed: str, survivor: str
) -> dict[str, Json]:
    """Return the units by which a record names the absorbed customer, as they name the survivor."""
    found = _values(declared, state.fields, absorbed, survivor)
    if state.type == "conflict" and state.fields["record"] == absorbed:
        found["record"] = survivor
    renamed = state.copy()
    renamed.fields |= found
    return {unit: current(renamed, declared, unit) for unit in map(declared.unit, found)}


def _values(
    declared: RecordType, fields: Mapping[str, Json], absorbed: str, survivor: str
) -> dict[str, Json]:
    """Return the references to the absorbed customer among *fields*, with the survivor in its place."""
    replaced = {
        path: _replaced(value, absorbed, survivor)
        for path, value in fields.items()
        if _is_reference(declared, path)
    }
    return {path: it for path, it in replaced.items() if it != fields[path]}


def _is_reference(declared: RecordType, path: str) -> bool:
    field = declared.field(path)
    kind = field.kind if field else None
    return isinstance(kind.of if isinstance(kind, SetOf) else kind, Ref)


def _replaced(value: Json, absorbed: str, survivor: str) -> Json:
    if isinstance(value, dict):
        return {key: _replaced(one, absorbed, survivor) for key, one in value.items()}
    if isinstance(value, list):
        return list(dict.fromkeys(_replaced(it, absorbed, survivor) for it in value))
    return survivor if value == absorbed else value


# ------------------------------------------------------------------------- sets that name an alias


@contextmanager
def followed(work: Work, index: int, change: Change) -> Iterator[Change]:
    """Give a change as it is to be decided: with survivors for the absorbed customers that it names.

    Where it names none, it is given as it is. The id of the customer's own record stays, for `over` and
    the answer go by it, and the draft finds the survivor there. Meanwhile `work.via` is the absorbed id,
    and the draft shows the history that the sender had in view.
    """
    change = _where_it_hangs(work, change)
    read = _renamed_in(work, change)
    aliases = (work.draft.stored(it) for it in (change.customer, change.id))
    absorbed = next((it for it in aliases if it is not None and it.alias is not None), None)
    survivor = work.draft.stored(absorbed.alias) if absorbed else None
    if absorbed is None or survivor is None:
        yield read
        return
    if survivor.id in {change.id, *_references(work, change)} and not work.sees(survivor):
        raise work.unknown(index, survivor.id)  # it was guessed
    work.via = absorbed.id
    work.draft.crossing = _crossing(work, absorbed, survivor)
    try:
        yield replace(read, customer=survivor.id)
    finally:
        work.via = work.draft.crossing = None


def _where_it_hangs(work: Work, change: Change) -> Change:
    """Return a change of an earlier epoch under its record's customer of now: a merge may be lost (section 8)."""
    if not work.since.is_earlier or change.op == "create" or change.customer in (None, change.id):
        return change
    state = work.draft.stored(change.id)
    if state is None or state.customer in (None, change.customer):
        return change
    return replace(change, customer=state.customer)


def _renamed_in(work: Work, change: Change) -> Change:
    """Return a change whose references name survivors; the very same where they did already."""
    declared = work.registry.get(change.type)
    named = (work.draft.stored(it) for it in sorted(_references(work, change)))
    for absorbed in [it for it in named if it is not None]:
        if absorbed.alias is not None and declared is not None:
            renamed = _values(declared, change.set, absorbed.id, absorbed.alias)
            change = replace(change, set={**change.set, **renamed})
    return change


def _references(work: Work, change: Change) -> set[str]:
    declared = work.registry.get(change.type)
    values = [it for path, it in change.set.items() if declared and _is_reference(declared, path)]
    several = [
        one
        for value in values
        for part in (value.values() if isinstance(value, dict) else [value])
        for one in (part if isinstance(part, list) else [part])
    ]
    return {it for it in several if isinstance(it, str)}


@dataclass(frozen=True)
class _Crossed(Written):
    """What a merge does to a unit in the eyes of who had not seen it: a change, whatever the value."""

    @property
    def altered(self) -> bool:
        """Tell that it changed: every field of the survivor counts as changed unseen."""
        return True


def _crossing(work: Work, absorbed: RecordState, survivor: RecordState) -> Crossing | None:
    """Return how the sender comes from the absorbed record to the survivor, if not after the merge."""
    merges = [
        it for it in work.draft.history(absorbed.id, work.change_set.base) if it.op == "merge"
    ]
    if not merges:
        return None
    last = merges[-1]
    declared = work.registry[survivor.type]
    units: dict[str, Written] = {}
    for unit in dict.fromkeys([*absorbed.marks, *survivor.marks]):
        before = current(absorbed, declared, unit)
        kept = value_at(work.draft, survivor, declared, unit, last.position)
        if before is not None or kept is not None:
            units[unit] = _Crossed(before, kept, kept)
    return Crossing(absorbed.id, survivor.id, _as_edit(last, survivor.id, units))


def _as_edit(merge: Entry, survivor: str, units: dict[str, Written]) -> Entry:
    return replace(merge, record=survivor, op="update", units=units)
