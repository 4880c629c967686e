"""Removing a key of a keyed map against a concurrent edit of one of its leaves (protocol, section 4).

Where another device sets a leaf of a removed key, concurrently and in either order, the removal is undone
for all leaves: what was null comes back from the history.
"""

from __future__ import annotations

from collections.abc import Iterable
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
            if _removes_all(state, key, sent) and _set_by_other(work, change.id, key, base):
                for path in sent:
                    settled[path] = Settled(state.fields.get(path), "merged")
        elif not _leaves(state, key):
            lost = _removed_by_other(work, change.id, key, base)
            for path, value in sent.items():
                if path in lost and value is not None:
                    settled[path] = Settled(value, "merged")
            restored |= {path: value for path, value in lost.items() if path not in sent}
    return restored


def _leaves(state: RecordState, key: Key) -> list[str]:
    return [path for path in state.fields if map_key(path) == key]


def _removes_all(state: RecordState, key: Key, sent: Iterable[str]) -> bool:
    return set(_leaves(state, key)) <= set(sent)


def _set_by_other(work: Work, record: str, key: Key, base: int) -> bool:
    return any(
        entry.device != work.actor.device and written.altered and written.kept is not None
        for entry in work.draft.history(record, base)
        for unit, written in entry.units.items()
        if map_key(unit) == key
    )


def _removed_by_other(work: Work, record: str, key: Key, base: int) -> dict[str, Json]:
    lost: dict[str, Json] = {}
    for entry in work.draft.history(record, base):
        for unit, written in entry.units.items():
            if map_key(unit) == key and written.altered and entry.device != work.actor.device:
                if written.kept is None:
                    lost[unit] = written.before
                else:
                    lost.pop(unit, None)
    return lost
