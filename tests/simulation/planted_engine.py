"""Faults of merging: what counts as unseen, what stands, what people get to see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from schemas.messages import ChangeResult, ChangeSet
from sync import (
    clock,
    conflicts,
    creates,
    edits,
    late,
    merge,
    over,
    resolutions,
    scope,
    states,
    text,
    work,
)  # fmt: skip
from sync.engine import Engine
from sync.ledger import Entry, Trail
from sync.merge import Meeting, Settled
from tests.simulation.planting import planted, swap

Json = Any

# ------------------------------------------------------------------------------------- concurrency


@planted
def over_ignored() -> AbstractContextManager[object]:
    """The engine does not look at `over`."""
    return swap(over, "_named", lambda *args: (None, False))


@planted
@contextmanager
def ancestor_from_a_rejected_set() -> Iterator[None]:
    """A text typed over a refused one is merged as if that had been stored."""
    passed = over._passed

    def kept(base: int, record: str, unit: str, earlier: Any, sent: Json) -> Trail:
        return replace(passed(base, record, unit, earlier, sent), has_ancestor=True, ancestor=sent)

    with swap(over, "_passed", kept):
        yield


@planted
@contextmanager
def base_ignored() -> Iterator[None]:
    """Every set is taken as made on the newest state."""
    decide = Engine.decide

    def newest(self: Engine, change_set: ChangeSet, *rest: Any) -> Any:
        base = min(change_set.base, self.ledger.head + 1)
        base = base if base > self.ledger.head else self.ledger.head
        return decide(self, replace(change_set, base=base), *rest)

    with swap(Engine, "decide", newest):
        yield


@planted
def clock_decides_concurrency() -> AbstractContextManager[object]:
    """Another's value counts as unseen when its stamp is later."""

    def others(self: Meeting) -> list[Entry]:
        found = [it for it in self.above if it.device != self.device and it.alters(self.unit)]
        return [it for it in found if it.stamp > self.stamp]

    return swap(Meeting, "others", property(others))


@planted
def skew_not_corrected() -> AbstractContextManager[object]:
    """Stamps are taken as the device's clock made them."""
    return swap(clock, "correct", lambda stamp, skew: stamp)


# ---------------------------------------------------------------------------------------- policies


@planted
def last_write_wins() -> AbstractContextManager[object]:
    """What must never change behind anybody's back does."""
    return patch.dict(merge._PLAIN, {"manual": lambda meeting: Settled(meeting.sent)})


@planted
def once_overwritten() -> AbstractContextManager[object]:
    """A second first value takes the place of the first."""
    return swap(merge, "settle_once", lambda meeting, ranks: Settled(meeting.sent))


@planted
def rank_ignored() -> AbstractContextManager[object]:
    """An officer's word overrules the supervisor's."""
    return swap(merge, "_rank", lambda role, ranks: 0 if role == "officer" else 1)


@planted
def highest_is_the_newest() -> AbstractContextManager[object]:
    """The last value stands, not the greatest."""
    return patch.dict(merge._PLAIN, {"highest": lambda meeting: Settled(meeting.sent)})


@planted
@contextmanager
def removal_wins() -> Iterator[None]:
    """An element that another device added unseen is removed all the same."""
    settle = merge.settle_set

    def plain(meeting: Meeting) -> Settled:
        return settle(replace(meeting, above=()))

    with swap(merge, "settle_set", plain):
        yield


@planted
def text_overwritten() -> AbstractContextManager[object]:
    """A text takes the place of what came in unseen."""
    return patch.dict(merge._PLAIN, {"text": lambda meeting: Settled(meeting.sent)})


@planted
def text_merged_by_characters() -> AbstractContextManager[object]:
    """Texts are merged letter by letter."""

    def lettered(base: str, held: str, sent: str) -> str | None:
        one, other = _span(base, held), _span(base, sent)
        if one[1] > other[0] and other[1] > one[0]:
            return None
        first, second = sorted(((*one, held), (*other, sent)))
        parts = [base[: first[0]], _new(base, first), base[first[1] : second[0]]]
        return "".join([*parts, _new(base, second), base[second[1] :]])

    return swap(text, "merge", lettered)


def _span(base: str, side: str) -> tuple[int, int]:
    most = min(len(base), len(side))
    head = next((i for i in range(most) if base[i] != side[i]), most)
    most -= head
    tail = next((i for i in range(most) if base[-1 - i] != side[-1 - i]), most)
    return head, len(base) - tail


def _new(base: str, change: tuple[int, int, str]) -> str:
    start, stop, side = change
    return side[start : len(side) - (len(base) - stop)]


@planted
@contextmanager
def group_split() -> Iterator[None]:
    """Amount and term are decided each by itself."""
    with ExitStack() as stack:
        for module in (edits, creates, late, conflicts):
            stack.enter_context(swap(module, "units_of", lambda declared, fields: dict(fields)))
        yield


@planted
def removed_key_stays_removed() -> AbstractContextManager[object]:
    """A key that was removed while another device answered it is not put back."""
    return swap(edits, "undo_removals", lambda *args: {})


@planted
@contextmanager
def timer_makes_conflicts() -> Iterator[None]:
    """A move of the server's own timer meets a person's as another person's would."""
    settle = states.settle_state

    def strict(machine: Any, meeting: Meeting) -> Any:
        above = [replace(it, timer=False) for it in meeting.above]
        return settle(machine, replace(meeting, above=above))

    with swap(edits, "settle_state", strict):
        yield


@planted
def deletion_wins() -> AbstractContextManager[object]:
    """A record that another device edited unseen is deleted all the same."""

    def deleted(one: work.Work, index: int, change: Any, state: Any) -> ChangeResult:
        position = one.draft.position()
        mine = one.draft.writable(state)
        mine.deleted = True
        one.stamp_record(mine, position)
        one.entry(mine, "delete", {}, True, position, change.reason)
        return ChangeResult(change.id, position, "applied")

    return swap(conflicts, "deletion", deleted)


@planted
@contextmanager
def late_work_refused() -> Iterator[None]:
    """Work for a customer who has been handed over is turned away."""
    standing = scope.standing

    def strict(*args: Any) -> str:
        found = standing(*args)
        return "out" if found == "late" else found

    with swap(work, "standing", strict):
        yield


# --------------------------------------------------------------------------------------- conflicts


@planted
def resolution_always_closes() -> AbstractContextManager[object]:
    """A conflict closes although something joined it unseen."""
    return swap(resolutions, "_may_close", lambda one, state: True)


@planted
@contextmanager
def joining_replaces() -> Iterator[None]:
    """A value that joins a conflict takes the place of those that were there."""
    join = conflicts.join

    def replaced(one: work.Work, conflict: Any, kept: Any, mine: Any) -> str:
        found = one.draft.writable(conflict)
        found.fields["others"] = []
        return join(one, found, kept, mine)

    with swap(conflicts, "join", replaced):
        yield


@planted
def merged_in_silence() -> AbstractContextManager[object]:
    """What cannot be merged goes into the history and into no conflict."""
    return patch.dict(merge._PLAIN, {"manual": _silent})


def _silent(meeting: Meeting) -> Settled:
    return Settled(meeting.held, "outranked") if meeting.concurrent else Settled(meeting.sent)
