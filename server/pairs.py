"""What a decision about two customers of one person touches: both sides, both customers, what a merge moves.

It is read besides what the set names, and only where a set settles or reopens a `duplicate`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from schemas.messages import Change
from server import loading
from sync import duplicates
from sync.ledger import Ledger, RecordState
from sync.scope import Actor


def load_pairs(
    connection: Connection,
    ledger: Ledger,
    branch_id: str,
    changes: Iterable[Change],
    above: int,
    actor: Actor | None,
) -> set[str]:
    """Load what the decisions among *changes* touch, in four statements at most.

    Returns:
        The ids of sets among it that *actor*'s device sent again (`loading.load_touched`).
    """
    resent: set[str] = set()
    decided = [it for it in changes if it.type == "conflict"]
    about = _duplicates(ledger.records.get(it.id) for it in decided)
    if not about:
        return resent
    resent |= _load(connection, ledger, branch_id, about, above, actor)
    if any(it.set.get("resolution") == "merge" for it in decided):
        pair = {it for one in about for it in duplicates.customers(one)}
        known = [it for it in map(ledger.records.get, pair) if it is not None]
        loading.load_under(connection, ledger, branch_id, {it.alias or it.id for it in known})
        others = _duplicates(ledger.records.values())  # also those with third customers
        resent |= _load(connection, ledger, branch_id, others, above, actor)
    return resent


def _load(
    connection: Connection,
    ledger: Ledger,
    branch_id: str,
    about: Iterable[RecordState],
    above: int,
    actor: Actor | None,
) -> set[str]:
    """Load the customers of duplicates, and what is about them."""
    ids = {it for one in about for it in duplicates.customers(one)}
    return loading.load_touched(connection, ledger, branch_id, ids, above, actor=actor)


def _duplicates(states: Iterable[RecordState | None]) -> list[RecordState]:
    return [
        it
        for it in states
        if it is not None and it.type == "conflict" and it.fields["kind"] == "duplicate"
    ]
