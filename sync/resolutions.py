"""How a conflict is settled, and opened again (protocol.md, section 5; rule SOD-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from schemas.declare import SERVER
from schemas.messages import Change, ChangeResult, Status
from schemas.values import json_equal, parse_instant
from sync.ledger import Mark, RecordState, Written
from sync.scope import Standing
from sync.work import Work

Json = Any
WRITABLE = frozenset({"status", "resolution", "chosen", "survivor", "comment"})
REOPEN_WITHIN = timedelta(days=7)
WAYS = {
    "duplicate": {"keep", "merge"},
    "possible_double": {"both_count", "reverse_one"},
    "after_signature": {"as_amendment", "keep"},
}
PLAIN_WAYS = {"keep", "other", "custom"}


def resolve(work: Work, index: int, change: Change, held_as: Standing) -> ChangeResult:
    """Resolve or reopen a conflict; its write to the record is another change of the same set."""
    state = work.draft.record(change.id)
    late = held_as == "late" and state is not None and state.customer == change.customer
    if state is None or state.type != "conflict" or not (late or work.sees(state)):
        raise work.unknown(index, change.id)
    if state.customer != change.customer:
        raise work.fault(index, "bad-change", reason="another-record")
    if change.op != "update" or set(change.set) - WRITABLE:
        raise work.fault(index, "not-permitted", rule=None)
    if change.set.get("status") == "open":
        return _reopen(work, index, change, state)
    if change.set.get("status") != "resolved":
        raise work.fault(index, "invalid-transition", "status")
    _check(work, index, change, state)
    if late:
        return _late(work, index, change, state)
    if state.fields["status"] == "resolved":
        return _log_only(work, change, state, "merged")
    if not _may_close(work, state):
        return _log_only(work, change, state, "conflict")
    return _close(work, change, state)


def _check(work: Work, index: int, change: Change, state: RecordState) -> None:
    way = change.set.get("resolution")
    if way is None:
        raise work.fault(index, "required", "resolution")
    if way not in WAYS.get(state.fields["kind"], PLAIN_WAYS):
        raise work.fault(index, "invalid-value", "resolution", "not-for-this-kind")
    if work.actor.role not in ("officer", "supervisor", "reviewer", SERVER):
        raise work.fault(index, "not-permitted")
    authors = {state.fields["kept"]["by"], *(it["by"] for it in state.fields["others"])}
    if state.fields.get("sensitive") and work.actor.user in authors:
        raise work.fault(index, "not-permitted", rule="SOD-8")
    needs_comment = way == "custom" or state.fields.get("sensitive")
    if needs_comment and not (change.set.get("comment") or "").strip():
        raise work.fault(index, "required", "comment")
    if way in ("other", "custom") and not _writes(work, state):
        raise work.fault(index, "bad-change", "resolution", "no-write-with-it")
    if way == "other":
        _check_chosen(work, index, change, state)


def _check_chosen(work: Work, index: int, change: Change, state: RecordState) -> None:
    chosen = change.set.get("chosen") or {}
    entries = [state.fields["kept"], *state.fields["others"]]
    key = (chosen.get("device"), chosen.get("number"))
    if not any((it["device"], it["number"]) == key for it in entries):
        raise work.fault(index, "invalid-value", "chosen", "no-such-entry")


def _writes(work: Work, state: RecordState) -> bool:
    return any(it.id == state.fields["record"] for it in work.change_set.changes)


def _may_close(work: Work, state: RecordState) -> bool:
    """Nothing joined above the base, and no other device changed the field above it."""
    base = work.change_set.base
    if state.marks["others"].position > base:
        return False
    record = work.draft.record(state.fields["record"])
    unit = state.fields.get("field")
    if record is None:
        return True
    mark = record.mark if unit is None else record.marks.get(unit)
    return mark is None or not mark.by_other(work.actor.device, base)


def _close(work: Work, change: Change, state: RecordState) -> ChangeResult:
    values = {**change.set, "resolved_by": work.actor.user}
    return _store(work, change, state, values)


def _store(work: Work, change: Change, state: RecordState, values: dict[str, Json]) -> ChangeResult:
    position = work.draft.position()
    unseen = state.mark.by_other(work.actor.device, work.change_set.base)
    units = {name: Written(state.fields.get(name), value, value) for name, value in values.items()}
    mine = work.draft.writable(state)
    for name, value in values.items():
        if not json_equal(mine.fields.get(name), value):
            held = mine.marks.get(name)
            fresh = Mark(position, work.actor.device)
            mine.marks[name] = held.moved(position, work.actor.device) if held else fresh
        if value is None:
            mine.fields.pop(name, None)
        else:
            mine.fields[name] = value
    work.stamp_record(mine, position)
    work.entry(mine, "update", units, True, position)
    return ChangeResult(change.id, position, "merged" if unseen else "applied")


def _log_only(work: Work, change: Change, state: RecordState, status: Status) -> ChangeResult:
    """Keep a resolution that cannot take effect in the history."""
    units = {
        name: Written(state.fields.get(name), value, state.fields.get(name))
        for name, value in change.set.items()
    }
    work.entry(state, "update", units, False, work.draft.position())
    ids = (change.id,) if status == "conflict" else ()
    return ChangeResult(change.id, state.version, status, ids)


def _late(work: Work, index: int, change: Change, state: RecordState) -> ChangeResult:
    keeps = change.set.get("resolution") == "keep"
    return _log_only(work, change, state, "merged" if keeps else "conflict")


def _reopen(work: Work, index: int, change: Change, state: RecordState) -> ChangeResult:
    if work.actor.role not in ("supervisor", SERVER):
        raise work.fault(index, "not-permitted")
    if state.fields["status"] == "open":
        return ChangeResult(change.id, state.version, "applied")
    age = parse_instant(work.made_at) - parse_instant(state.changed_at)
    if age > REOPEN_WITHIN:
        raise work.fault(index, "invalid-transition", "status", "too-old-to-reopen")
    return _store(work, change, state, {"status": "open"})
