"""Removing a key of a keyed map against a concurrent edit of one of its leaves (section 4).

Where another device sets a leaf of a removed key, concurrently and in either order, the removal is
undone for all leaves: what was null comes back from the history.
"""

from __future__ import annotations

from typing import Any

from schemas.declare import map_key
from schemas.messages import Change
from sync.ledger import RecordState
from sync.merge import Settled
from sync.work import Work

Json = Any
Key = tuple[str, str]


def undo_removals(
    work: Work, change: Change, state: RecordState, base: int, settled: dict[str, Settled]
) -> dict[str, Json]:
    """Undo removals that meet an edit; adjust *settled* and return the leaves that come back."""
    restored: dict[str, Json] = {}
    for key in {found for path in change.set if (found := map_key(path))}:
        sent = {path: value for path, value in change.set.items() if map_key(path) == key}
        if all(value is None for value in sent.values()):
            seen = _leaves_at(work, state, key, base)
            if seen and seen <= set(sent) and _set_by_other(work, state.id, key, base):
                for path in sent:
                    settled[path] = Settled(state.fields.get(path), "outranked")
        elif not any(map_key(path) == key for path in state.fields):
            lost = _removed_by_other(work, state.id, key, base)
            for path, value in sent.items():
                if path in lost and value is not None:
                    settled[path] = Settled(value, "merged")
            restored |= {path: value for path, value in lost.items() if path not in sent}
    return restored


def _leaves_at(work: Work, state: RecordState, key: Key, base: int) -> set[str]:
    """Return the leaves of a key that had a value at the position *base*."""
    held = {path: value for path, value in state.fields.items() if map_key(path) == key}
    for entry in reversed(work.draft.above(state.id, base)):
        for unit, written in entry.units.items():
            if map_key(unit) == key and written.altered:
                held[unit] = written.before
    return {path for path, value in held.items() if value is not None}


def _set_by_other(work: Work, record: str, key: Key, base: int) -> bool:
    """Tell whether another device set a leaf above *base*, be it to the value that it had."""
    return any(
        entry.device != work.actor.device and written.sent is not None and written.kept is not None
        for entry in work.draft.above(record, base)
        for unit, written in entry.units.items()
        if map_key(unit) == key
    )


def _removed_by_other(work: Work, record: str, key: Key, base: int) -> dict[str, Json]:
    lost: dict[str, Json] = {}
    for entry in work.draft.above(record, base):
        for unit, written in entry.units.items():
            if map_key(unit) == key and written.altered and entry.device != work.actor.device:
                if written.kept is None:
                    lost[unit] = written.before
                else:
                    lost.pop(unit, None)
    return lost
