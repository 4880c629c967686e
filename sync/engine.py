"""The one entry that decides a change set: states and a set in, states, entries and a result out.

It does no I/O. Everything it may look at lies in the `Ledger`; who asks is an `Actor`, when a
`Moment`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from schemas.declare import Registry
from schemas.messages import Change, ChangeResult, ChangeSet, Fault, SetResult, Status, worse
from sync import aliases, duplicates, follow_ups, held, late, over, receipts, resolutions
from sync.assignments import after_assignment, assign_creator
from sync.creates import create
from sync.deletes import delete
from sync.draft import Draft
from sync.edits import update
from sync.guards import checking
from sync.held import Since
from sync.ledger import Decided, Ledger, Trail
from sync.namesakes import Namesakes
from sync.scope import Actor
from sync.work import RejectedError, Work


@dataclass(frozen=True)
class Moment:
    """When a set was made, as far as can be known: the corrected time (UTC), the clamped stamp."""

    made_at: str
    stamp: str


@dataclass
class Engine:
    """Decides sets over one ledger of a *branch*; *today* is its business date (ISO)."""

    registry: Registry
    ledger: Ledger
    branch: str
    today: str
    prefix: str = "C"
    namesakes: Namesakes = field(init=False)

    def __post_init__(self) -> None:
        self.namesakes = Namesakes(self.registry, self.ledger)

    def decide(
        self, change_set: ChangeSet, actor: Actor, moment: Moment, since: Since = held.NOW
    ) -> SetResult:
        """Decide one set whole; the ledger holds its effect afterwards, or nothing of it."""
        draft = Draft(self.ledger)
        work = Work(
            self.registry, draft, change_set, actor, moment.made_at, moment.stamp,
            self.branch, self.today, self.prefix, self.namesakes, since=since,
        )  # fmt: skip
        try:
            result = self._decide(work)
        except RejectedError as refused:
            if held.must_wait(work, refused):
                return self.hold(change_set, refused.faults)
            return self.reject(change_set, refused.faults)
        draft.keep()
        self.namesakes.note(draft.records.values())
        self._remember(change_set, result.status, draft.trails)
        return result

    def reject(self, change_set: ChangeSet, faults: Sequence[Fault]) -> SetResult:
        """Reject a set: nothing of it is stored, and later sets learn what it would have made."""
        self.ledger.rejected_creates |= _created(change_set)
        return self._refuse(change_set, "rejected", faults)

    def hold(self, change_set: ChangeSet, faults: Sequence[Fault]) -> SetResult:
        """Hold a set: nothing of it is stored yet; *faults* are its own if it ends as rejected."""
        self.ledger.held_creates |= _created(change_set)
        return self._refuse(change_set, "held", faults)

    def _refuse(self, change_set: ChangeSet, status: Status, faults: Sequence[Fault]) -> SetResult:
        trails = over.of_refused(self.registry, change_set, self.ledger)
        self._remember(change_set, status, trails)
        return SetResult(change_set.number, status, errors=tuple(faults))

    def _remember(
        self, change_set: ChangeSet, status: Status, trails: dict[tuple[str, str], Trail]
    ) -> None:
        self.ledger.decided[change_set.number] = Decided(
            change_set.number,
            status,
            trails,
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
        checking.check(work)
        for record_id in follow_ups.follow(work):
            _tell_version(work, record_id, results)
        _tell_doubles(work, results)
        status: Status = "applied"
        for one in results.values():
            status = worse(status, one.status)
        ordered = tuple(results[index] for index in range(len(changes)))
        return SetResult(work.change_set.number, status, ordered)

    def _change(self, work: Work, index: int, change: Change) -> ChangeResult:
        """Decide one change; one that names an absorbed customer is at least `merged`."""
        with aliases.followed(work, index, change) as read:
            result = self._follow(work, index, read)
        if read is change:
            return result
        return replace(result, status=worse(result.status, "merged"))

    def _follow(self, work: Work, index: int, change: Change) -> ChangeResult:
        is_late = work.standing(change, index) == "late"
        if change.type == "conflict":
            return resolutions.resolve(work, index, change, is_late)
        if change.op == "delete":
            return delete(work, index, change, is_late)
        if change.op == "create":
            return self._create(work, index, change, is_late)
        state = work.draft.record(change.id)
        if is_late and state is not None and late.is_wish(work, state):
            return late.wish(work, index, change)
        result = update(work, index, change, is_late)
        if change.type == "assignment":
            after_assignment(work, change.id)
        return duplicates.found(work, change.id, result)

    def _create(self, work: Work, index: int, change: Change, is_late: bool) -> ChangeResult:
        new = work.draft.record(change.id) is None
        result = create(work, index, change, is_late)
        if new and change.type == "customer":
            assign_creator(work, change.id)
        elif change.type == "assignment":
            after_assignment(work, change.id)
        return duplicates.found(work, change.id, result)


def _tell_version(work: Work, record_id: str, results: dict[int, ChangeResult]) -> None:
    """Let the results of a record's changes name the version that it has after the whole set."""
    state = work.draft.stored(record_id)
    for index, one in results.items():
        if state is not None and one.id == record_id:
            results[index] = replace(one, version=state.version)


def _tell_doubles(work: Work, results: dict[int, ChangeResult]) -> None:
    """Let the results of new receipts name the conflicts with others that may be the same payment."""
    for index, one in results.items():
        if opened := receipts.opened(work.draft, one.id):
            ids = tuple(dict.fromkeys((*one.conflicts, *opened)))
            results[index] = replace(one, status="conflict", conflicts=ids)


def _created(change_set: ChangeSet) -> set[str]:
    return {it.id for it in change_set.changes if it.op == "create"}
