"""The one entry that decides a change set: states and a set in, states, entries and a result out.

It does no I/O. Everything it may look at lies in the `Ledger`; who asks is an `Actor`, when is a `Moment`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.declare import Registry
from schemas.messages import Change, ChangeResult, ChangeSet, Fault, SetResult, Status, worse
from sync import conflicts, resolutions
from sync.assignments import after_assignment, assign_creator
from sync.edits import create, delete, update
from sync.ledger import Decided, Draft, Ledger, Trail
from sync.scope import Actor, Standing
from sync.work import RejectedError, Work


@dataclass(frozen=True)
class Moment:
    """When a set was made, as far as it can be known: the corrected time (UTC) and the clamped stamp."""

    made_at: str
    stamp: str


@dataclass
class Engine:
    """Decides sets over one ledger. *branch* is the branch's id, *today* its business date (ISO)."""

    registry: Registry
    ledger: Ledger
    branch: str
    today: str
    prefix: str = "C"

    def decide(self, change_set: ChangeSet, actor: Actor, moment: Moment) -> SetResult:
        """Decide one set whole; the ledger holds its effect afterwards, or nothing of it."""
        draft = self.ledger.draft()
        work = Work(
            self.registry, draft, change_set, actor, moment.made_at, moment.stamp,
            self.branch, self.today, self.prefix,
        )  # fmt: skip
        try:
            result = self._decide(work)
        except RejectedError as rejected:
            return self.reject(change_set, rejected.faults)
        draft.keep()
        self._remember(change_set, result.status, draft)
        return result

    def reject(self, change_set: ChangeSet, faults: Sequence[Fault]) -> SetResult:
        """Reject a set: nothing of it is stored, and later sets learn what it would have created."""
        creates = {it.id for it in change_set.changes if it.op == "create"}
        self.ledger.rejected_creates |= creates - set(self.ledger.records)
        result = SetResult(change_set.number, "rejected", errors=tuple(faults))
        self._remember(change_set, "rejected", None)
        return result

    def _remember(self, change_set: ChangeSet, status: Status, draft: Draft | None) -> None:
        trails = draft.trails if draft else rejected_trails(self.registry, change_set, self.ledger)
        self.ledger.decided[change_set.number] = Decided(
            change_set.number,
            status,
            trails,
            frozenset(it.id for it in change_set.changes if it.op == "create"),
            stand_in=not change_set.changes,
            base=change_set.base,
        )

    def _decide(self, work: Work) -> SetResult:
        changes = work.change_set.changes
        if work.change_set.base > self.ledger.head:
            raise RejectedError([Fault(None, None, "bad-change", "base-above-head")])
        results: dict[int, ChangeResult] = {}
        last = [i for i, it in enumerate(changes) if it.type == "conflict"]
        for index in [*(i for i in range(len(changes)) if i not in last), *last]:
            results[index] = self._change(work, index, changes[index])
        status: Status = "applied"
        for one in results.values():
            status = worse(status, one.status)
        ordered = tuple(results[index] for index in range(len(changes)))
        return SetResult(work.change_set.number, status, ordered)

    def _change(self, work: Work, index: int, change: Change) -> ChangeResult:
        held_as = work.standing(change, index)
        if change.type == "conflict":
            return resolutions.resolve(work, index, change, held_as)
        if change.op == "create":
            result = create(work, index, change, held_as)
            self._after_create(work, change)
            return result
        if change.op == "delete":
            return delete(work, index, change, held_as)
        if _only_a_wish(work, change, held_as):
            return conflicts.late(work, index, change)
        result = update(work, index, change)
        if change.type == "assignment":
            after_assignment(work, change.id)
        return result

    def _after_create(self, work: Work, change: Change) -> None:
        if change.type == "customer":
            assign_creator(work, change.id)
        elif change.type == "assignment":
            after_assignment(work, change.id)


def _only_a_wish(work: Work, change: Change, held_as: Standing) -> bool:
    """Tell whether a late edit is for another to accept: not of a record that is this device's alone."""
    if held_as != "late":
        return False
    state = work.draft.record(change.id)
    device = work.actor.device
    return state is None or state.created_device != device or state.mark.by_other(device, 0)


def rejected_trails(
    registry: Registry, change_set: ChangeSet, ledger: Ledger
) -> dict[tuple[str, str], Trail]:
    """Return what a rejected set leaves to those made `over` it: its base, and no stored value."""
    trails: dict[tuple[str, str], Trail] = {}
    for change in change_set.changes:
        declared = registry.get(change.type)
        for path, sent in change.set.items():
            unit = declared.unit(path) if declared else path
            number = change.over.get(unit)
            earlier = ledger.decided.get(number) if isinstance(number, int) else None
            inherited = earlier.trails.get((change.id, unit)) if earlier else None
            if inherited is None:
                trails[change.id, unit] = Trail(change_set.base, None, sent)
            else:
                trails[change.id, unit] = Trail(
                    inherited.base, None, sent, inherited.has_ancestor, inherited.ancestor
                )
    return trails
