"""The device's own change sets: what they are, which of the five states each is in, what goes out.

Source: protocol.md, sections 2 and 13.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from schemas import limits
from schemas.messages import Change

Json = Any
State = Literal["draft", "ready", "sent", "accepted", "needs_attention"]
STATES: tuple[State, ...] = ("draft", "ready", "sent", "accepted", "needs_attention")
ENVELOPE_BYTES = 64 << 10
"""What a request holds beside its sets, generously."""


@dataclass(frozen=True)
class OwnSet:
    """One set of this store.

    Attributes:
        content: the set as first stored, or None once 35 days have passed since its result.
        state: `ready`, `sent` or `answered`; `result` is the server's word on it, also when `held`.
        covered: the server copy includes its effect.
        settled: the user has mended or discarded it.
        stand_in: the action of the stand-in that went out in its place, once one has.
        unreadable: there is a content that cannot be read (damage).
    """

    seq: int
    device: str
    number: int
    id: str
    epoch: str | None
    base: int
    action: str
    made_at: str
    content: Mapping[str, Json] | None
    seen: Mapping[str, Mapping[str, Json]]
    state: str
    status: str | None
    result: Mapping[str, Json] | None
    covered: bool
    settled: str | None = None
    mended_by: int | None = None
    stand_in: str | None = None
    unreadable: bool = False

    @property
    def changes(self) -> tuple[Change, ...]:
        """The set's changes; none when its content is gone."""
        return tuple(map(change_of, (self.content or {}).get("changes", ())))

    @property
    def errors(self) -> Sequence[Mapping[str, Json]]:
        """Why the server rejected it: code, field and message of each fault."""
        found: Sequence[Mapping[str, Json]] = (self.result or {}).get("errors", ())
        return found

    @property
    def conflicts(self) -> list[str]:
        """The ids of the conflicts that it opened or joined."""
        told = (self.result or {}).get("changes", ())
        return list(dict.fromkeys(it for one in told for it in one.get("conflicts", ())))

    @property
    def customers(self) -> list[str]:
        """The customers that it names."""
        return list(dict.fromkeys(it.customer for it in self.changes if it.customer))

    @property
    def is_answered(self) -> bool:
        """Whether a final result has come; `held` is none."""
        return self.state == "answered"

    def state_word(self, unsettled: Iterable[str] = ()) -> State:
        """Return the one of the five states that the server's words prove.

        Args:
            unsettled: ids of the set's conflicts that are not known to be resolved.
        """
        if not self.is_answered:
            return "sent" if self.state == "sent" else "ready"
        if self.settled or self.status in ("applied", "merged"):
            return "accepted"
        if self.status == "conflict" and self.conflicts and not any(unsettled):
            return "accepted"
        return "needs_attention"

    def needs_stand_in(self) -> str | None:
        """Return the action of the stand-in that must go in place of this set, or None."""
        if self.stand_in:
            return self.stand_in
        if self.content is None:
            return "unreadable" if self.unreadable else "withdrawn"
        if len(self.content["changes"]) > limits.CHANGES_PER_SET:
            return "too-large"
        try:
            return "too-large" if size_of(self.content) > limits.SET_BYTES else None
        except (ValueError, RecursionError):  # lone surrogates, NaN
            return "unreadable"

    def as_sent(self) -> dict[str, Json]:
        """Return what goes out for it: itself as first stored, or its stand-in (protocol, section 2)."""
        if action := self.needs_stand_in():
            return self.replaced(action)
        assert self.content is not None
        return {**self.content, **({"action": "withdrawn"} if self.settled else {})}

    def replaced(self, action: str) -> dict[str, Json]:
        """Return the stand-in that goes in place of a set that cannot be sent."""
        return {
            "number": self.number, "id": self.id, "epoch": self.epoch, "schema": 1,
            "base": self.base, "action": action, "made_at": self.made_at, "changes": [],
        }  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """The sets of one request, as they go out."""

    sets: tuple[OwnSet, ...] = ()
    wire: tuple[Mapping[str, Json], ...] = field(default=(), repr=False)

    def own(self) -> dict[int, tuple[Change, ...]]:
        """Return the changes by number, of those that went out as they are."""
        sent = zip(self.sets, self.wire, strict=True)
        return {it.number: it.changes for it, wire in sent if wire["changes"]}


def change_of(shape: Mapping[str, Json]) -> Change:
    """Return a change of this device's own making from its JSON."""
    return Change(
        shape["op"], shape["type"], shape["id"], shape["customer"], shape.get("set", {}),
        shape.get("over", {}), shape.get("reason"),
    )  # fmt: skip


def batch(
    waiting: Iterable[OwnSet],
    most_changes: int = limits.CHANGES_PER_REQUEST,
    most_bytes: int = limits.BODY_BYTES - ENVELOPE_BYTES,
) -> Batch:
    """Return as many of the first *waiting* sets as one request may carry, at least one."""
    taken: list[OwnSet] = []
    wire: list[Mapping[str, Json]] = []
    for one, shape, changes, size in _measured(waiting):
        most_changes -= changes
        most_bytes -= size
        if taken and (most_changes < 0 or most_bytes < 0):
            break
        taken.append(one)
        wire.append(shape)
    return Batch(tuple(taken), tuple(wire))


def _measured(waiting: Iterable[OwnSet]) -> Iterator[tuple[OwnSet, dict[str, Json], int, int]]:
    for one in waiting:
        shape = one.as_sent()
        yield one, shape, len(shape["changes"]), size_of(shape)


def size_of(shape: Mapping[str, Json]) -> int:
    """Return how many bytes of JSON a set takes, a comma included."""
    text = json.dumps(shape, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return len(text.encode()) + 1
