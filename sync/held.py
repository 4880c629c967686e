"""Sets that wait for what a restored server has lost (protocol.md, section 8).

One that was made in an earlier epoch may name a record that only another device still has. It is held and
decided again later; by then the same device may have gone on, and what it has said since stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas.messages import Change
from schemas.values import json_equal
from sync.ledger import Entry, Written
from sync.merge import without

if TYPE_CHECKING:
    from sync.work import RejectedError, Work

Json = Any
NOT_HERE = frozenset({"unknown-record", "out-of-scope"})
NEEDED = "depends-on-rejected"


@dataclass(frozen=True)
class Since:
    """How a set stands to the restores of the server.

    Attributes:
        is_earlier: it was made in an earlier epoch than the server's.
        later: of a set that was held and is decided again, the ids of the sets of the same device with a
            greater number.
    """

    is_earlier: bool = False
    later: frozenset[str] = frozenset()


NOW = Since()


def must_wait(work: Work, refusal: RejectedError) -> bool:
    """Tell whether a set that cannot be stored is to be held: another set may bring what it lacks."""
    codes = {it.code for it in refusal.faults}
    if not codes or not codes <= {*NOT_HERE, NEEDED}:
        return False
    if NEEDED in codes:
        return refusal.missing is None and _moves_on(work)
    return work.since.is_earlier or any(map(work.waits_for, _named(work)))


def _named(work: Work) -> Iterator[str]:
    """Yield the records that the changes of a set are about, and what else they name."""
    for change in work.change_set.changes:
        yield change.id
        if change.customer is not None:
            yield change.customer
        yield from references(work, change)


def references(work: Work, change: Change) -> Iterator[str]:
    """Yield every text among the values of a change that may be a record's id."""
    for value in change.set.values():
        for part in value.values() if isinstance(value, dict) else [value]:
            yield from (
                it for it in (part if isinstance(part, list) else [part]) if isinstance(it, str)
            )


def _moves_on(work: Work) -> bool:
    """Tell whether a set is made over one that is held: a move goes on from where that one has led."""
    decided = work.draft.ledger.decided
    named = (decided.get(it) for change in work.change_set.changes for it in change.over.values())
    return any(it is not None and it.status == "held" for it in named)


# ------------------------------------------------------------------------------- when it is tried again


def left_to_say(work: Work, record: str, unit: str, is_set: bool, sent: Json) -> tuple[Json, bool]:
    """Return what of a value no later set of the same device has settled, and whether anything is left.

    Of a set of elements that is what the later sets did not name; of any other value it is all or nothing.
    """
    about = [it for it in _said_since(work, record) if unit in it.units]
    said = [it.units[unit].sent for it in about if is_set or _stores(it.units[unit])]
    if not said:
        return sent, True
    if is_set and isinstance(sent, dict):
        rest = without(sent, said)
        return rest, bool(rest["add"] or rest["remove"])
    return sent, False


def is_edited_since(work: Work, record: str) -> bool:
    """Tell whether a later set of the same device has changed a record, which so lives on."""
    return any(it.edits and it.op != "delete" for it in _said_since(work, record))


def _said_since(work: Work, record: str) -> list[Entry]:
    later = work.since.later
    return [it for it in work.draft.history(record, 0) if it.set_id in later] if later else []


def _stores(written: Written) -> bool:
    return written.altered or json_equal(written.sent, written.kept)
