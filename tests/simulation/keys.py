"""Keys of a map before the oracle: removed here, answered there, in either order (protocol.md, section 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from schemas.declare import map_key
from sync.ledger import RecordState
from tests.simulation.policies import Way
from tests.simulation.typed import Deed

if TYPE_CHECKING:
    from tests.simulation.judge import Hearing

Json = Any


def judge_keys(
    case: Hearing,
    deed: Deed,
    held: RecordState,
    sent: Mapping[str, Json],
    lowest: int,
    settled: Collection[str] = (),
) -> dict[str, Way]:
    """Judge removals of keys against edits of their leaves, in either order.

    *settled*: the leaves that the same device has said something later about.
    """
    facts = case.facts
    ways: dict[str, Way] = {}
    after = case.after[deed.id].fields
    for key in dict.fromkeys(found for it in sent if (found := map_key(it))):
        mine = {path: it for path, it in sent.items() if map_key(path) == key}
        known = {
            unit for record, unit in facts.stands if record == deed.id and map_key(unit) == key
        }
        leaves = known | {it for it in held.fields if map_key(it) == key}
        seen = {
            it for it in leaves
            if facts.value_at((deed.id, it), lowest, held.fields.get(it)) is not None
        }  # fmt: skip
        if all(value is None for value in mine.values()):
            edits = [
                said for leaf in leaves for said in facts.said.get((deed.id, leaf), ())
                if said.moment > lowest and said.value is not None and said.kept is not None
                and not facts.is_own(case.device, said.device, said.set_id)
            ]  # fmt: skip
            if seen and seen <= set(mine) and edits:
                undone = all(after.get(it) == held.fields.get(it) for it in mine)
                case.demand(undone, f"the removal of {key} is undone")
                ways |= dict.fromkeys(mine, "outranked")
        elif not any(map_key(it) == key for it in held.fields):
            lost = _lost(case, deed.id, leaves, lowest)
            for path, value in lost.items():
                wanted = mine.get(path, value)
                if path in settled or (path in mine and wanted is None):
                    continue
                case.demand(after.get(path) == wanted, f"the removed {key} comes back: {path}")
                if path in mine:
                    ways[path] = "merged"
    return ways


def _lost(case: Hearing, record: str, leaves: set[str], seen: int) -> dict[str, Json]:
    """Return what another device removed since a moment, by leaf."""
    facts = case.facts
    lost: dict[str, Json] = {}
    for leaf in leaves:
        for one in facts.since((record, leaf), seen):
            if not facts.is_own(case.device, one.device, one.set_id):
                if one.value is None:
                    lost[leaf] = one.before
                else:
                    lost.pop(leaf, None)
    return lost
