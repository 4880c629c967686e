"""What the server writes by itself while it decides a set: as the engine's own device, in the same draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.ledger import Mark, RecordState, Written
from sync.work import Work

Json = Any


def put(work: Work, state: RecordState, fields: Mapping[str, Json]) -> None:
    """Set plain fields of a record as the engine's own device."""
    position = work.draft.position()
    mine = work.draft.writable(state)
    units = {name: Written(mine.fields.get(name), it, it) for name, it in fields.items()}
    for name, value in fields.items():
        mine.fields[name] = value
        mine.touch(name, position, work.actor.device)
    work.stamp_record(mine, position)
    work.entry(mine, "update", units, True, position)


def make(
    work: Work,
    type_name: str,
    record_id: str,
    customer: str | None,
    fields: Mapping[str, Json],
    number: str | None = None,
) -> None:
    """Make a record as the engine's own device; *number*: the field that gets a number of the branch."""
    if work.draft.stored(record_id) is not None:
        return
    position = work.draft.position()
    given = {number: f"{work.prefix}{position:07d}"} if number else {}
    held = {name: it for name, it in {**given, **fields}.items() if it is not None}
    mark = Mark(position, work.actor.device)
    state = RecordState(
        type_name, record_id, customer, position, held, dict.fromkeys(held, mark), mark, position,
        work.actor.device, None, None, work.made_at,
    )  # fmt: skip
    declared = work.registry[type_name]
    work.draft.put(state, held.get(declared.parent[1]) if declared.parent else None)
    units = {name: Written(None, it, it) for name, it in held.items()}
    work.entry(state, "create", units, True, position)
