"""How one field or group is settled, by its declared policy (protocol.md, section 4).

Each function takes a `Meeting` (what stands, what was sent, what happened above the base) and
returns a `Settled`. Nothing here reads a clock or a store; concurrency follows from log positions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.declare import SERVER, Field, Policy
from schemas.values import json_equal
from sync import text
from sync.ledger import Entry

Json = Any
Way = Literal["stored", "merged", "outranked", "conflict"]


@dataclass(frozen=True)
class Meeting:
    """One sent value and what it meets.

    Attributes:
        held: the value that stands; sent: the value as sent (for `set`: an add/remove edit).
        ancestor: the value that the sender built on; first: there was none at the base.
        above: entries above the effective base that touched this unit, oldest first, of any device.
        device, role, stamp: of the sender; stamp is the corrected, clamped HLC. Where nothing is above,
            they do not matter.
    """

    unit: str
    held: Json
    sent: Json
    ancestor: Json = None
    above: Sequence[Entry] = ()
    device: str = ""
    role: str = ""
    stamp: str = ""
    first: bool = False

    @property
    def others(self) -> list[Entry]:
        """Return the entries by which another device changed the stored value."""
        return [it for it in self.above if it.device != self.device and it.alters(self.unit)]

    @property
    def concurrent(self) -> bool:
        """Tell whether another device stored a value above the base."""
        return bool(self.others)

    def holder(self) -> Entry | None:
        """Return the entry above the base that made the value which stands, or None."""
        made = [it for it in self.above if it.alters(self.unit)]
        return made[-1] if made else None


def alone(held: Json, sent: Json) -> Meeting:
    """Return the meeting of a sent value with one that stands, where nobody else has been."""
    return Meeting("", held, sent)


@dataclass(frozen=True)
class Settled:
    """The value that stands afterwards, and how it came about.

    `stored`: as sent; `merged`: combined; `outranked`: another value stands by policy, the sent one
    is in the history; `conflict`: people must see both.
    """

    value: Json
    way: Way = "stored"


def settle(declared: Field, meeting: Meeting) -> Settled:
    """Settle one unit under the policy of *declared*."""
    if declared.policy == "set":
        return settle_set(meeting)
    if json_equal(meeting.held, meeting.sent):
        return Settled(meeting.held)
    if declared.policy == "authority":
        return settle_authority(meeting, declared.authority)
    if declared.policy == "once":
        return settle_once(meeting, declared.authority)
    return _PLAIN[declared.policy](meeting)


def settle_latest(meeting: Meeting) -> Settled:
    """Among concurrent writes the later corrected stamp stands, then the greater device id.

    Whoever sent the value that stands once more, later, counts: else the order of arrival would.
    A device's own later edit stands over its earlier one also where their stamps are equal: they are
    within one set, and where both were clamped.
    """
    holder = meeting.holder()
    if not meeting.concurrent or holder is None:
        return Settled(meeting.sent)
    since = [it for it in meeting.above if it.position >= holder.position]
    same = [it for it in since if json_equal(it.units[meeting.unit].sent, meeting.held)]
    newest = max((it.stamp, it.device) for it in [holder, *same])
    if (meeting.stamp, meeting.device) >= newest:
        return Settled(meeting.sent, "merged")
    return Settled(meeting.held, "outranked")


def settle_manual(meeting: Meeting) -> Settled:
    """A concurrent value stays as it is; the sent one goes into a conflict."""
    return Settled(meeting.held, "conflict") if meeting.concurrent else Settled(meeting.sent)


def settle_authority(meeting: Meeting, ranks: Sequence[str]) -> Settled:
    """Between roles the higher rank (first in *ranks*; the server before all) stands."""
    holder = meeting.holder()
    if not meeting.concurrent or holder is None:
        return Settled(meeting.sent)
    mine, theirs = _rank(meeting.role, ranks), _rank(holder.role, ranks)
    if mine == theirs:
        return Settled(meeting.held, "conflict")
    return Settled(meeting.sent, "merged") if mine < theirs else Settled(meeting.held, "outranked")


def settle_once(meeting: Meeting, ranks: Sequence[str]) -> Settled:
    """Two concurrent first values meet as `manual`; afterwards as `authority`."""
    return settle_manual(meeting) if meeting.first else settle_authority(meeting, ranks)


def settle_highest(meeting: Meeting) -> Settled:
    """The greater value stands, concurrent or not; null is lowest."""
    if meeting.held is None or (meeting.sent is not None and meeting.sent > meeting.held):
        return Settled(meeting.sent)
    return Settled(meeting.held, "outranked")


def settle_text(meeting: Meeting) -> Settled:
    """Three-way by lines and sentences whenever the stored text differs from the ancestor."""
    if json_equal(meeting.held, meeting.ancestor):
        return Settled(meeting.sent)
    merged = text.merge(meeting.ancestor or "", meeting.held or "", meeting.sent or "")
    if merged is None:
        return Settled(meeting.held, "conflict")
    value = merged or None if meeting.sent is None else merged
    return Settled(value, "stored" if json_equal(value, meeting.sent) else "merged")


def settle_set(meeting: Meeting) -> Settled:
    """Add and remove element by element; an element that another device added meanwhile stays.

    `sent` is `{"add": [...], "remove": [...]}`; null removes every element.
    """
    held = meeting.held or []
    sent = {"remove": held} if meeting.sent is None else meeting.sent
    wished = _keys(sent.get("remove", ()))
    kept = wished & _keys(
        element
        for entry in meeting.above
        if entry.device != meeting.device
        for element in added_by(entry.units[meeting.unit].sent)
    )
    stay = [it for it in held if _key(it) not in wished - kept]
    value = unique([*stay, *sent.get("add", ())]) or None
    return Settled(value, "merged" if kept & _keys(held) else "stored")


def without(edit: Mapping[str, Any], others: Iterable[Json]) -> dict[str, list[Json]]:
    """Return what *edit* adds and removes of elements that none of the *others* names; null names all."""
    named: set[str] = set()
    for other in others:
        if not isinstance(other, dict):
            return {"add": [], "remove": []}
        named |= _keys(it for part in other.values() for it in part)
    kept = {way: edit.get(way, ()) for way in ("add", "remove")}
    return {way: [it for it in found if _key(it) not in named] for way, found in kept.items()}


def added_by(sent: Json) -> list[Json]:
    """Return the elements that an edit or a new record's list adds."""
    if isinstance(sent, list):
        return sent
    return list(sent.get("add", ())) if isinstance(sent, dict) else []


def unique(elements: Sequence[Json]) -> list[Json]:
    """Return *elements* sorted and without repeats, the form in which sets are stored and pulled."""
    by_key = {_key(it): it for it in elements}
    return [by_key[key] for key in sorted(by_key)]


def _key(element: Json) -> str:
    return element if isinstance(element, str) else repr(element)


def _keys(elements: Any) -> set[str]:
    return {_key(it) for it in elements}


def _rank(role: str, ranks: Sequence[str]) -> int:
    return -1 if role == SERVER else ranks.index(role) if role in ranks else len(ranks)


_PLAIN: Mapping[Policy, Callable[[Meeting], Settled]] = {
    "latest": settle_latest,
    "manual": settle_manual,
    "append": settle_manual,
    "highest": settle_highest,
    "text": settle_text,
}
