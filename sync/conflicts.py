"""Conflicts are records: how one is opened, and how a further value joins it (section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.messages import Change, ChangeResult
from schemas.values import derived_id, json_equal
from sync.draft import Draft
from sync.ledger import Mark, RecordState, Written
from sync.scope import ENGINE
from sync.work import Work, current, members_of, units_of

Json = Any


def open_on(draft: Draft, record: str, unit: str | None) -> RecordState | None:
    """Return the open conflict about a record's unit, or None."""
    found = draft.conflicts_on(record, unit)
    return next((it for it in reversed(found) if it.fields["status"] == "open"), None)


def settling(work: Work, record: str) -> list[RecordState]:
    """Return the conflicts about a record that this set settles, as they stand now."""
    named = [
        work.draft.record(it.id)
        for it in work.change_set.changes
        if it.type == "conflict" and it.set.get("status") == "resolved"
    ]
    return [it for it in named if it is not None and it.fields.get("record") == record]


def settled_already(work: Work, record: str, unit: str | None) -> bool:
    """Tell whether this set settles a conflict about *unit* that somebody has settled before.

    Its writes to that record and field go to the history only.
    """
    return any(
        it.fields.get("field") in (unit, None) and it.fields["status"] == "resolved"
        for it in settling(work, record)
    )


def passed_up(work: Work, record: str, unit: str) -> bool:
    """Tell whether a reviewer settles, with this set, a sensitive conflict about *unit* (SOD-8).

    It comes to him where the supervisor wrote a side; what he decides, he may write.
    """
    return work.actor.role == "reviewer" and any(
        bool(it.fields.get("sensitive")) and it.fields.get("field") in (unit, None)
        for it in settling(work, record)
    )


def sender(work: Work, value: Json) -> dict[str, Json]:
    """Return the entry of `others` for a value that this set brings."""
    return {
        "value": value,
        "by": work.actor.user,
        "device": work.actor.device,
        "number": work.change_set.number,
        "made_at": work.made_at,
    }


def standing_value(
    work: Work, state: RecordState, unit: str | None, value: Json
) -> dict[str, Json]:
    """Return the entry of `kept`: what stands now, by whom, from which set."""
    made = [
        it
        for it in work.draft.history(state.id, 0)
        if it.altered and (unit is None or it.alters(unit))
    ]
    if not made:
        mark = state.marks.get(unit or "", state.mark)
        nobody = unit is not None and unit not in state.marks
        return {
            "value": value, "by": None if nobody else state.changed_by, "device": mark.device,
            "number": None, "made_at": state.changed_at,
        }  # fmt: skip
    last = made[-1]
    return {
        "value": value, "by": last.user, "device": last.device, "number": last.number,
        "made_at": last.made_at,
    }  # fmt: skip


def open_or_join(
    work: Work, index: int, change: Change, state: RecordState, unit: str, ancestor: Json
) -> str:
    """Open a conflict about one unit, or let the sent value join the open one; return its id."""
    declared = work.registry[change.type]
    sent = units_of(declared, change.set)[unit]
    fields = [declared.field(it) for it in members_of(declared, unit)]
    policy = fields[0].policy if fields[0] else "manual"
    kind = policy if policy in ("text", "state") else "field"
    sensitive = any(it is not None and it.sensitive for it in fields)
    kept = standing_value(work, state, unit, current(state, declared, unit))
    if open_on(work.draft, state.id, unit) is None:
        value = {path: change.set.get(path) for path in members_of(declared, unit)}
        joined = join_settled(work, change, state, None, value)
        if joined is not None:
            return joined.conflicts[0]
    opening = Opening(state, unit, kind, sensitive, ancestor)
    return _open(work, index, opening, kept, sender(work, sent))


def join_settled(
    work: Work, change: Change, state: RecordState, unit: str | None, value: Json
) -> ChangeResult | None:
    """Let what a resolution writes and cannot store join the conflict it meant to settle, if open."""
    declared = work.registry[change.type]
    for conflict in settling(work, state.id):
        if conflict.fields.get("field") == unit and conflict.fields["status"] == "open":
            held = current(state, declared, unit) if unit else _held(state, change)
            kept = standing_value(work, state, unit, held)
            joined = join(work, conflict, kept, sender(work, value))
            return ChangeResult(change.id, state.version, "conflict", (joined,))
    return None


def keep_whole(
    work: Work, index: int, change: Change, state: RecordState, kind: str, value: Json
) -> ChangeResult:
    """Keep a change whole in a conflict of its own, of kind `late` or `invalid`."""
    declared = work.registry[change.type]
    units = units_of(declared, change.set)
    held = {unit: current(state, declared, unit) for unit in units}
    written = {unit: Written(held[unit], it, held[unit]) for unit, it in units.items()}
    work.entry(state, change.op, written, False, work.draft.position(), change.reason)
    found = (declared.field(path) for path in change.set)
    sensitive = any(it is not None and it.sensitive for it in found)
    kept = standing_value(work, state, None, _held(state, change))
    opening = Opening(state, None, kind, sensitive, None)
    opened = _open(work, index, opening, kept, sender(work, value))
    return ChangeResult(change.id, state.version, "conflict", (opened,))


def _held(state: RecordState, change: Change) -> dict[str, Json]:
    return {path: state.fields.get(path) for path in change.set}


def deletion(work: Work, index: int, change: Change, state: RecordState) -> ChangeResult:
    """Let the update win over a deletion that had not seen it; both are shown."""
    declared = work.registry[state.type]
    fields = {
        path: state.fields.get(path)
        for entry in work.draft.above(state.id, work.change_set.base)
        if entry.device != work.actor.device
        for unit, written in entry.units.items()
        if written.altered
        for path in members_of(declared, unit)
    }
    kept = standing_value(work, state, None, fields)
    value = {"deleted": True, "reason": change.reason}
    work.entry(state, "delete", {}, False, work.draft.position(), change.reason)
    joined = join_settled(work, change, state, None, value)
    if joined is not None:
        return joined
    opening = Opening(state, None, "delete", False, None)
    opened = _open(work, index, opening, kept, sender(work, value))
    return ChangeResult(change.id, state.version, "conflict", (opened,))


def revive(
    work: Work, index: int, state: RecordState, fields: dict[str, Json]
) -> tuple[RecordState, list[str]]:
    """Bring back a record that another device deleted unseen; return it and the conflict's id."""
    deletions = (it for it in work.draft.history(state.id, 0) if it.op == "delete" and it.altered)
    last = max(deletions, key=lambda it: it.position, default=None)
    position = work.draft.position()
    mine = work.draft.writable(state)
    mine.deleted = False
    work.stamp_record(mine, position)
    work.entry(mine, "revive", {}, True, position)
    deleted = {
        "value": {"deleted": True, "reason": last.note if last else None},
        "by": last.user if last else state.changed_by,
        "device": last.device if last else state.mark.device,
        "number": last.number if last else None,
        "made_at": last.made_at if last else state.changed_at,
    }
    opening = Opening(mine, None, "delete", False, None)
    return mine, [_open(work, index, opening, sender(work, fields), deleted)]


@dataclass(frozen=True)
class Opening:
    """What a conflict is about, before it has a value."""

    state: RecordState
    unit: str | None
    kind: str
    sensitive: bool
    ancestor: Json


def _open(
    work: Work, index: int, about: Opening, kept: dict[str, Json], mine: dict[str, Json]
) -> str:
    standing = _to_join(work.draft, about)
    if standing is not None:
        return join(work, standing, kept, mine)
    record = about.state
    conflict_id = derived_id(
        "conflict", record.id, about.unit or "", about.kind, work.actor.device,
        str(work.change_set.number), str(index),
    )  # fmt: skip
    fields = {
        "record": record.id, "record_type": record.type, "field": about.unit, "kind": about.kind,
        "sensitive": about.sensitive, "base_value": about.ancestor, "kept": kept,
        "others": [mine], "status": "open",
    }  # fmt: skip
    return put(work, conflict_id, record.customer, fields)


def put(work: Work, conflict_id: str, customer: str | None, fields: dict[str, Json]) -> str:
    """Add a conflict under a *customer*; return its id."""
    position = work.draft.position()
    fields = {key: value for key, value in fields.items() if value is not None}
    mark = Mark(position, ENGINE.device)
    opened = RecordState(
        "conflict", conflict_id, customer, position, fields, dict.fromkeys(fields, mark),
        mark, position, ENGINE.device, None, None, work.made_at,
    )  # fmt: skip
    work.draft.put(opened)
    _log(work, opened, "create", dict.fromkeys(fields), position)
    return conflict_id


def _to_join(draft: Draft, about: Opening) -> RecordState | None:
    """Return the open conflict that a value joins; each `late` or `invalid` change has its own."""
    if about.unit is not None:
        return open_on(draft, about.state.id, about.unit)
    found = draft.conflicts_on(about.state.id, None)
    deletions = [it for it in found if it.fields["kind"] == about.kind == "delete"]
    return next((it for it in deletions if it.fields["status"] == "open"), None)


def join(work: Work, conflict: RecordState, kept: dict[str, Json], mine: dict[str, Json]) -> str:
    """Let a further value join an open conflict; one that is there already is not repeated."""
    others = conflict.fields["others"]
    if any(json_equal(it["value"], mine["value"]) for it in others):
        return conflict.id
    return alter(work, conflict, {"kept": kept, "others": [*others, mine]})


def alter(work: Work, conflict: RecordState, fields: dict[str, Json]) -> str:
    """Let the engine itself change an open conflict; return its id."""
    before = {name: conflict.fields.get(name) for name in fields}
    position = work.draft.position()
    state = work.draft.writable(conflict)
    state.fields |= fields
    for name, old in before.items():
        if not json_equal(old, state.fields[name]):
            state.touch(name, position, ENGINE.device)
    state.version = position
    state.mark = state.mark.moved(position, ENGINE.device)
    state.changed_at = work.made_at
    _log(work, state, "update", before, position)
    return conflict.id


def _log(work: Work, state: RecordState, op: str, before: dict[str, Json], position: int) -> None:
    units = {
        name: Written(old, state.fields.get(name), state.fields.get(name))
        for name, old in before.items()
    }
    actor, work.actor = work.actor, ENGINE
    work.entry(state, op, units, True, position)
    work.actor = actor
