"""What an assignment does to the scope of officers (protocol.md, section 7; domain.md, 5.1)."""

from __future__ import annotations

from dataclasses import replace

from schemas.values import derived_id
from sync.ledger import HolderRole, Holding, Mark, Move, RecordState, Written
from sync.work import Work


def assign_creator(work: Work, customer: str) -> None:
    """Make the officer who registers a customer its primary, in the same set."""
    user = work.actor.user
    if user is None or work.actor.role != "officer":
        return
    fields = {
        "officer_id": user,
        "customer_id": customer,
        "role": "primary",
        "valid_from": work.today,
    }
    position = work.draft.position()
    state = RecordState(
        "assignment", derived_id("assignment", customer, user, work.change_set.id), None, position,
        dict(fields), {name: Mark(position, work.actor.device) for name in fields},
        Mark(position, work.actor.device), position, work.actor.device, user, user, work.made_at,
    )  # fmt: skip
    work.draft.put(state)
    units = {name: Written(None, None, value) for name, value in fields.items()}
    work.entry(state, "create", units, True, position)
    _hold(work, customer, state)


def after_assignment(work: Work, assignment: str) -> None:
    """Let a new, changed or ended assignment of a customer take effect; a new primary ends the old one."""
    state = work.draft.record(assignment)
    customer = state.fields.get("customer_id") if state else None
    held = work.draft.record(customer)
    if state is None or customer is None or held is None:
        return
    until = state.fields.get("valid_to")
    if until is not None and until < work.today:
        _release(work, customer, assignment, state.version)
        return
    if state.fields["role"] == "primary":
        for holding in held.holders:
            if _is_current(holding, "primary") and holding.assignment != assignment:
                _end(work, holding.assignment)
                _release(work, customer, holding.assignment, state.version)
    _hold(work, customer, state)


def _is_current(holding: Holding, role: HolderRole) -> bool:
    return holding.role == role and holding.ended is None


def _hold(work: Work, customer: str, assignment: RecordState) -> None:
    """Add the holding that *assignment* gives; the customer comes into the user's scope if it is new."""
    state = work.draft.record(customer)
    user = assignment.fields["officer_id"]
    if state is None or any(
        it.assignment == assignment.id and not it.ended for it in state.holders
    ):
        return
    if not state.holds(user):
        work.draft.moves.append(Move(customer, user, "in"))
    mine = work.draft.writable(state)
    holding = Holding(user, assignment.fields["role"], assignment.id, assignment.version)
    mine.holders = (*mine.holders, holding)


def _release(work: Work, customer: str, assignment: str, position: int) -> None:
    """End the holding that *assignment* gave; the customer leaves the user's scope with the last one."""
    state = work.draft.record(customer)
    if state is None:
        return
    ending = [it for it in state.holders if it.assignment == assignment and it.ended is None]
    if not ending:
        return
    mine = work.draft.writable(state)
    mine.holders = tuple(replace(it, ended=position) if it in ending else it for it in mine.holders)
    if not mine.holds(ending[0].user):
        work.draft.moves.append(Move(customer, ending[0].user, "left"))


def _end(work: Work, assignment: str) -> None:
    """Note on the record of a primary assignment that it has ended."""
    state = work.draft.record(assignment)
    if state is None or state.fields.get("valid_to") is not None:
        return
    position = work.draft.position()
    mine = work.draft.writable(state)
    mine.fields["valid_to"] = work.today
    mine.marks["valid_to"] = Mark(position, work.actor.device)
    work.stamp_record(mine, position)
    work.entry(mine, "update", {"valid_to": Written(None, work.today, work.today)}, True, position)
