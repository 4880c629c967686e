"""Conflicts are records: how one is opened, and how a further value joins it (protocol.md, section 5)."""

from __future__ import annotations

from typing import Any

from schemas.messages import Change, ChangeResult
from schemas.values import derived_id, json_equal
from sync.ledger import Draft, Mark, RecordState, Written
from sync.scope import Actor
from sync.work import Seen, Work, current, units_of

Json = Any
ENGINE = Actor(None, "server", "server", whole_branch=True)


def open_on(draft: Draft, record: str, unit: str | None) -> RecordState | None:
    """Return the open conflict about a record's unit, or None."""
    found = draft.conflicts_on(record, unit)
    return next((it for it in reversed(found) if it.fields["status"] == "open"), None)


def settled_already(work: Work, change: Change, unit: str) -> bool:
    """Tell whether this set settles a conflict about *unit* that somebody has settled before.

    Its writes to that record and field go to the history only.
    """
    for other in work.change_set.changes:
        if other.type != "conflict" or other.set.get("status") != "resolved":
            continue
        about = work.draft.record(other.id)
        if about is None or about.fields.get("record") != change.id:
            continue
        if about.fields.get("field") in (unit, None) and about.fields["status"] == "resolved":
            return True
    return False


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
        if it.altered and (unit is None or (unit in it.units and it.units[unit].altered))
    ]
    if not made:
        mark = state.marks.get(unit or "", state.mark)
        return {
            "value": value, "by": state.changed_by, "device": mark.device, "number": None,
            "made_at": state.changed_at,
        }  # fmt: skip
    last = made[-1]
    return {
        "value": value, "by": last.user, "device": last.device, "number": last.number,
        "made_at": last.made_at,
    }  # fmt: skip


def open_or_join(
    work: Work, index: int, change: Change, state: RecordState, unit: str, view: Seen
) -> str:
    """Open a conflict about one unit, or let the sent value join the open one; return its id."""
    declared = work.registry[change.type]
    sent = units_of(declared, change.set)[unit]
    members = declared.group(unit)
    field = declared.field(members[0] if members else unit)
    policy = field.policy if field else "manual"
    kind = policy if policy in ("text", "state") else "field"
    sensitive = bool(field and field.sensitive)
    kept = standing_value(work, state, unit, current(state, declared, unit))
    return _open(work, index, change, state, unit, kind, sensitive, view.ancestor, kept, sent)


def late(work: Work, index: int, change: Change) -> ChangeResult:
    """Keep a late edit as a wish for the new officer or the supervisor (protocol, section 7)."""
    state = work.draft.record(change.id)
    if state is None or state.customer != change.customer or state.type != change.type:
        raise work.unknown(index, change.id)
    joined = _late_writes_of_a_resolution(work, change, state)
    if joined:
        return ChangeResult(change.id, state.version, "conflict", tuple(joined))
    value = {"deleted": True, "reason": change.reason} if change.op == "delete" else change.set
    return _whole_change(work, index, change, state, "late", dict(value))


def _late_writes_of_a_resolution(work: Work, change: Change, state: RecordState) -> list[str]:
    """Let the write of a late resolution join the conflict that it meant to settle, if still open."""
    settling = {it.id for it in work.change_set.changes if it.type == "conflict"}
    declared = work.registry[change.type]
    joined: list[str] = []
    for unit, value in units_of(declared, change.set).items():
        standing = open_on(work.draft, state.id, unit)
        if standing is not None and standing.id in settling:
            kept = standing_value(work, state, unit, current(state, declared, unit))
            joined.append(join(work, standing, kept, sender(work, value)))
    return joined


def invalid(work: Work, index: int, change: Change, state: RecordState) -> ChangeResult:
    """Keep a change that is valid alone and makes an invalid record together with another's."""
    return _whole_change(work, index, change, state, "invalid", dict(change.set))


def deletion(work: Work, index: int, change: Change, state: RecordState) -> ChangeResult:
    """Let the update win over a deletion that had not seen it; both are shown."""
    base = work.change_set.base
    fields = {
        unit: written.kept
        for entry in work.draft.history(state.id, base)
        for unit, written in entry.units.items()
        if written.altered
    }
    kept = standing_value(work, state, None, fields)
    value = {"deleted": True, "reason": change.reason}
    opened = _open(work, index, change, state, None, "delete", False, None, kept, value)
    return ChangeResult(change.id, state.version, "conflict", (opened,))


def revive(
    work: Work, index: int, state: RecordState, fields: dict[str, Json]
) -> tuple[RecordState, list[str]]:
    """Bring back a record that another device deleted unseen; return it and the conflict's id."""
    gone = [it for it in work.draft.history(state.id, 0) if it.op == "delete"]
    last = gone[-1] if gone else None
    position = work.draft.position()
    mine = work.draft.writable(state)
    mine.deleted = False
    work.stamp_record(mine, position)
    work.entry(mine, "revive", {}, True, position)
    change = work.change_set.changes[index]
    kept = sender(work, fields)
    deleted = {
        "value": {"deleted": True, "reason": last.note if last else None},
        "by": last.user if last else state.changed_by,
        "device": last.device if last else state.mark.device,
        "number": last.number if last else None,
        "made_at": last.made_at if last else state.changed_at,
    }
    opened = _open(
        work, index, change, mine, None, "delete", False, None, kept, None, entry=deleted
    )
    return mine, [opened]


def _whole_change(
    work: Work, index: int, change: Change, state: RecordState, kind: str, value: Json
) -> ChangeResult:
    declared = work.registry[change.type]
    units = units_of(declared, change.set)
    held = {unit: current(state, declared, unit) for unit in units}
    sensitive = any(
        field.sensitive for path in change.set if (field := declared.field(path)) is not None
    )
    kept = standing_value(work, state, None, held)
    position = work.draft.position()
    written = {unit: Written(held[unit], it, held[unit]) for unit, it in units.items()}
    work.entry(state, change.op, written, False, position, change.reason)
    opened = _open(work, index, change, state, None, kind, sensitive, None, kept, value)
    return ChangeResult(change.id, state.version, "conflict", (opened,))


def _open(
    work: Work,
    index: int,
    change: Change,
    state: RecordState,
    unit: str | None,
    kind: str,
    sensitive: bool,
    ancestor: Json,
    kept: dict[str, Json],
    value: Json,
    entry: dict[str, Json] | None = None,
) -> str:
    mine = entry or sender(work, value)
    standing = open_on(work.draft, state.id, unit) if unit is not None else None
    if standing is not None:
        return join(work, standing, kept, mine)
    fields = {
        "record": state.id,
        "record_type": state.type,
        "field": unit,
        "kind": kind,
        "sensitive": sensitive,
        "base_value": ancestor,
        "kept": kept,
        "others": [mine],
        "status": "open",
    }
    conflict_id = derived_id(
        "conflict", state.id, unit or "", kind, work.actor.device,
        str(work.change_set.number), str(index),
    )  # fmt: skip
    position = work.draft.position()
    fields = {key: value for key, value in fields.items() if value is not None}
    opened = RecordState(
        "conflict", conflict_id, state.customer, position, fields,
        {name: Mark(position, ENGINE.device) for name in fields},
        Mark(position, ENGINE.device), position, ENGINE.device, None, None, work.made_at,
    )  # fmt: skip
    work.draft.put(opened)
    _log(work, opened, "create", dict.fromkeys(fields), position)
    return conflict_id


def join(work: Work, conflict: RecordState, kept: dict[str, Json], mine: dict[str, Json]) -> str:
    """Let a further value join an open conflict; one that is there already is not repeated."""
    others = conflict.fields["others"]
    if any(json_equal(it["value"], mine["value"]) for it in others):
        return conflict.id
    before = {"kept": conflict.fields["kept"], "others": others}
    position = work.draft.position()
    state = work.draft.writable(conflict)
    state.fields |= {"kept": kept, "others": [*others, mine]}
    for name in before:
        state.marks[name] = state.marks[name].moved(position, ENGINE.device)
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
