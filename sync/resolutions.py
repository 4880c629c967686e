"""How a conflict is settled, and opened again (protocol.md, section 5; rule SOD-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from schemas.declare import SERVER
from schemas.messages import Change, ChangeResult, Status
from schemas.values import json_equal, parse_instant
from sync import duplicates, receipts, sealed
from sync.ledger import Mark, RecordState, Written
from sync.work import Work, put_unit

Json = Any
WRITABLE = frozenset({"status", "resolution", "chosen", "survivor", "comment"})
REOPEN_WITHIN = timedelta(days=7)
WAYS = {
    "duplicate": {"keep", "merge"},
    "possible_double": {"both_count", "reverse_one"},
    "after_signature": {"as_amendment", "keep"},
}
PLAIN_WAYS = {"keep", "other", "custom"}


def resolve(work: Work, index: int, change: Change, is_late: bool) -> ChangeResult:
    """Resolve or reopen a conflict; its write to the record is another change of the same set."""
    state = work.draft.record(change.id)
    reached = state is not None and work.reaches(state, change.customer, is_late)
    if state is None or state.type != "conflict" or not reached:
        raise work.unknown(index, change.id)
    if state.customer != change.customer:
        raise work.fault(index, "bad-change", reason="another-record")
    if change.op != "update" or set(change.set) - WRITABLE:
        raise work.fault(index, "not-permitted")
    if change.set.get("status") == "open":
        return _reopen(work, index, change, state, is_late)
    if change.set.get("status") != "resolved":
        raise work.fault(index, "invalid-transition", "status")
    _check(work, index, change, state)
    if state.fields["kind"] == "duplicate":
        duplicates.check(work, index, change, state)
    if is_late:
        keeps = change.set.get("resolution") == "keep"
        return _log_only(work, change, state, "merged" if keeps else "conflict")
    if state.fields["status"] == "resolved":
        return _log_only(work, change, state, "merged")
    if not _may_close(work, state):
        return _log_only(work, change, state, "conflict")
    decided = {"chosen": None, "survivor": None, "comment": None, **change.set}
    decided["resolved_by"] = work.actor.user
    if state.fields["kind"] == "duplicate":
        return _settle_pair(work, change, state, decided)
    if decided["resolution"] == "as_amendment":
        sealed.amend(work, state)
    return _store(work, change, state, decided)


def _settle_pair(
    work: Work, change: Change, state: RecordState, decided: dict[str, Json]
) -> ChangeResult:
    """Settle both sides of a duplicate alike, and merge the customers where that is decided."""
    survivor = work.draft.record(decided["survivor"])
    decided["survivor"] = survivor.id if survivor else None
    pair = duplicates.pair_of(work.draft, state)
    for side in duplicates.sides(work.draft, state, "open"):
        _store(work, change, side, decided)
    result = _store(work, change, state, decided)
    if survivor is not None and len(pair) == 2:
        duplicates.merge(work, pair, survivor)
    return result


def _check(work: Work, index: int, change: Change, state: RecordState) -> None:
    way = change.set.get("resolution")
    if way is None:
        raise work.fault(index, "required", "resolution")
    if way not in WAYS.get(state.fields["kind"], PLAIN_WAYS):
        raise work.fault(index, "invalid-value", "resolution", "not-for-this-kind")
    if work.actor.role not in ("officer", "supervisor", "reviewer", SERVER):
        raise work.fault(index, "not-permitted")
    if state.fields.get("sensitive") and work.actor.user in _authors(work, state):
        raise work.fault(index, "not-permitted", rule="SOD-8")
    needs_comment = way == "custom" or state.fields.get("sensitive")
    if needs_comment and not (change.set.get("comment") or "").strip():
        raise work.fault(index, "required", "comment")
    if way in ("other", "custom") and not _writes(work, state):
        raise work.fault(index, "bad-change", "resolution", "no-write-with-it")
    if way == "reverse_one":
        if work.actor.role not in ("supervisor", SERVER):
            raise work.fault(index, "not-permitted", "resolution")
        if not receipts.reverses_one(work.draft, state, tuple(work.change_set.changes)):
            raise work.fault(index, "bad-change", "resolution", "no-write-with-it")
    if way == "other":
        _check_chosen(work, index, change, state)


def _authors(work: Work, state: RecordState) -> set[Json]:
    """Return who wrote a side, before this set: what it adds itself makes nobody an author."""
    before = work.draft.ledger.records.get(state.id, state)
    return {it["by"] for it in (before.fields["kept"], *before.fields["others"])}


def _check_chosen(work: Work, index: int, change: Change, state: RecordState) -> None:
    chosen = change.set.get("chosen") or {}
    entries = [state.fields["kept"], *state.fields["others"]]
    key = (chosen.get("device"), chosen.get("number"))
    if not any((it["device"], it["number"]) == key for it in entries):
        raise work.fault(index, "invalid-value", "chosen", "no-such-entry")


def _writes(work: Work, state: RecordState) -> bool:
    named = (work.draft.record(it.id) for it in work.change_set.changes)
    return any(it is not None and it.id == state.fields["record"] for it in named)


def _may_close(work: Work, state: RecordState) -> bool:
    """Nothing joined above the base, and no other device changed the field above it."""
    base, device = work.change_set.base, work.actor.device
    crossing = work.draft.crossing
    if crossing is not None and crossing.survivor == state.fields["record"]:
        return False
    if state.marks["others"].position > base:
        return False
    record = work.draft.record(state.fields["record"])
    return record is None or not any(
        it.by_other(device, base) for it in _marks(work, record, state)
    )


def _marks(work: Work, record: RecordState, conflict: RecordState) -> list[Mark]:
    """Return where that was last changed which a conflict is about."""
    if conflict.fields["kind"] == "delete":
        return [record.mark]
    declared = work.registry[record.type]
    unit, held = conflict.fields.get("field"), conflict.fields["kept"]["value"]
    paths = held if isinstance(held, dict) else {}
    units = {unit} if unit else {declared.unit(it) for it in paths}
    return [mark for it, mark in record.marks.items() if it in units]


def _store(work: Work, change: Change, state: RecordState, values: dict[str, Json]) -> ChangeResult:
    position = work.draft.position()
    unseen = state.mark.by_other(work.actor.device, work.change_set.base)
    units = {
        name: Written(state.fields.get(name), change.set.get(name), value)
        for name, value in values.items()
        if name in change.set or not json_equal(state.fields.get(name), value)
    }
    mine = work.draft.writable(state)
    for name, it in units.items():
        if it.altered:
            put_unit(mine, work.registry["conflict"], name, it.kept)
            mine.touch(name, position, work.actor.device)
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
    stays_open = status == "conflict" and state.fields["status"] == "open"
    return ChangeResult(change.id, state.version, status, (change.id,) if stays_open else ())


def _reopen(
    work: Work, index: int, change: Change, state: RecordState, is_late: bool
) -> ChangeResult:
    if work.actor.role not in ("supervisor", SERVER):
        raise work.fault(index, "not-permitted")
    if set(change.set) - {"status", "comment"}:
        raise work.fault(index, "bad-change", reason="unknown-member")
    if is_late:
        return _log_only(work, change, state, "merged")
    if state.fields["status"] == "open":
        return ChangeResult(change.id, state.version, "applied")
    age = parse_instant(work.made_at) - parse_instant(state.changed_at)
    if age > REOPEN_WITHIN:
        raise work.fault(index, "invalid-transition", "status", "too-old-to-reopen")
    if state.fields["kind"] == "duplicate":
        if not all(map(work.sees, duplicates.pair_of(work.draft, state))):
            raise work.unknown(index, state.id)
        if state.fields.get("resolution") == "merge":
            raise work.fault(index, "invalid-transition", "status", "merged-for-good")
        for side in duplicates.sides(work.draft, state, "resolved"):
            _store(work, change, side, dict(change.set))
    return _store(work, change, state, dict(change.set))
