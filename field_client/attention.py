"""What needs its user: rejected sets, open conflicts, work that a supervisor returned.

Everything here is read afresh from the sets and records; no count is stored apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from field_client.sets import OwnSet, State
from field_client.store import Store
from field_client.views import records, shown
from sync.rebase import View

Json = Any
Reason = Literal["rejected", "conflict", "returned"]


@dataclass(frozen=True)
class Attention:
    """One thing that a person must look at: a set, a conflict (with the set where it is one's own)."""

    reason: Reason
    customer: str | None
    set: OwnSet | None = None
    record: View | None = None


def state_of(store: Store, one: OwnSet) -> State:
    """Return the state that the server's words about a set prove."""
    return one.state_word(unsettled_conflicts(store, one))


def unsettled_conflicts(store: Store, one: OwnSet) -> list[str]:
    """Return the set's conflicts that the server copy does not show as resolved.

    A duplicate of a customer who was merged into somebody else's left with him; it is settled by that.
    """
    ended = store.settled_by_merge()
    held = {it: store.held(it) for it in one.conflicts if it not in ended}
    return [
        it for it, record in held.items()
        if record is None or record.fields.get("status") != "resolved"
    ]  # fmt: skip


def needing_attention(store: Store) -> list[OwnSet]:
    """Return the sets that are in the state Needs attention."""
    found = store.own_sets("status IN ('rejected', 'conflict') AND settled IS NULL")
    return [it for it in found if state_of(store, it) == "needs_attention"]


def open_conflicts(store: Store) -> list[View]:
    """Return the open conflicts on this device; those settled here and not yet sent are no more open."""
    return [it for it in records(store, "conflict") if it.fields.get("status") == "open"]


def attention(store: Store) -> list[Attention]:
    """Return everything that needs the user, the oldest first."""
    sets = needing_attention(store)
    conflicts = open_conflicts(store)
    named = {conflict: one for one in sets for conflict in one.conflicts}
    listed = [_of_set(it) for it in sets if not _is_listed(store, it, conflicts)]
    listed += [Attention("conflict", it.customer, named.get(it.id), it) for it in conflicts]
    returned = [
        it for it in records(store, "inspection_note") if it.fields.get("state") == "returned"
    ]
    return listed + [Attention("returned", it.customer, record=it) for it in returned]


def _of_set(one: OwnSet) -> Attention:
    reason: Reason = "rejected" if one.status == "rejected" else "conflict"
    return Attention(reason, next(iter(one.customers), None), one)


def _is_listed(store: Store, one: OwnSet, conflicts: Sequence[View]) -> bool:
    """Tell whether a set's conflicts are in the list themselves, or settled here already."""
    ids = {it.id for it in conflicts}
    return (
        one.status == "conflict"
        and bool(one.conflicts)
        and all(it in ids or shown(store, it) is not None for it in one.conflicts)
    )
