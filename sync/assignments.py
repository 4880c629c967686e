"""What an assignment does to the scope of officers (protocol.md, section 7; domain.md, 5.1)."""

from __future__ import annotations

from dataclasses import replace

from schemas.values import derived_id
from sync.ledger import Holding, Mark, Move, RecordState, Written
from sync.work import Work


def assign_creator(work: Work, customer: str) -> None:
    """Make whoever registers a customer on a device its primary, in the same set."""
    user = work.actor.user
    if user is None or work.actor.whole_branch:
        return
    fields = {
        "officer_id": user,
        "customer_id": customer,
        "role": "primary",
        "valid_from": work.today,
    }
    position = work.draft.position()
    mark = Mark(position, work.actor.device)
    state = RecordState(
        "assignment", derived_id("assignment", customer, user, work.change_set.id), None, position,
        dict(fields), dict.fromkeys(fields, mark), mark, position, work.actor.device, user, user,
        work.made_at,
    )  # fmt: skip
    work.draft.put(state)
    units = {name: Written(None, None, value) for name, value in fields.items()}
    work.entry(state, "create", units, True, position)
    _hold(work, customer, state)


def after_assignment(work: Work, assignment: str) -> None:
    """Let a new, changed or ended assignment take effect; a new primary ends the old one."""
    state = work.draft.record(assignment)
    customer = state.fields.get("customer_id") if state else None
    held = work.draft.stored(customer)
    if state is None or customer is None or held is None or held.alias is not None:
        return
    mine = [it for it in held.holders if it.assignment == assignment]
    until = state.fields.get("valid_to")
    was_ended = bool(mine) and all(it.ended is not None for it in mine)
    position = _told_at(work, state)
    if until is not None and (until < work.today or (was_ended and until == work.today)):
        _release(work, customer, assignment, position)
        return
    if any(it.ended is None and not _gives(state, it) for it in mine):
        _release(work, customer, assignment, position)
    if state.fields["role"] == "primary":
        for holding in held.holders:
            other = holding.assignment != assignment
            if other and holding.role == "primary" and holding.ended is None:
                _end(work, holding.assignment)
                _release(work, customer, holding.assignment, position)
    _hold(work, customer, state)


def end(work: Work, assignment: str) -> None:
    """End an assignment today, if it is there and has not ended."""
    state = work.draft.record(assignment)
    if state is not None:
        _end(work, assignment)
        told = work.draft.record(assignment) or state
        _release(work, state.fields["customer_id"], assignment, _told_at(work, told))


def end_all(work: Work, customer: str, position: int) -> None:
    """End every hold on a customer at *position*: it was merged into another one."""
    state = work.draft.stored(customer)
    for holding in state.holders if state else ():
        if holding.ended is None:
            _end(work, holding.assignment)
            _release(work, customer, holding.assignment, position)


def _told_at(work: Work, assignment: RecordState) -> int:
    """Return where the log says it: also a last day that was only said again has a place of its own."""
    mine = [it.position for it in work.draft.entries if it.record == assignment.id]
    return max([assignment.version, *mine])


def _gives(assignment: RecordState, holding: Holding) -> bool:
    return (holding.user, holding.role) == (
        assignment.fields["officer_id"],
        assignment.fields["role"],
    )


def _hold(work: Work, customer: str, assignment: RecordState) -> None:
    """Add the holding that *assignment* gives; a customer new to the user comes into his scope."""
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
    """End the holding that *assignment* gave; with a user's last one the customer leaves him."""
    state = work.draft.stored(customer)
    holders = state.holders if state else ()
    ending = [it for it in holders if it.assignment == assignment and it.ended is None]
    if state is None or not ending:
        return
    mine = work.draft.writable(state)
    mine.holders = tuple(replace(it, ended=position) if it in ending else it for it in mine.holders)
    if not mine.holds(ending[0].user):
        work.draft.moves.append(Move(customer, ending[0].user, "left"))


def _end(work: Work, assignment: str) -> None:
    """Note on the record of a primary assignment that it has ended."""
    state = work.draft.record(assignment)
    until = state.fields.get("valid_to") if state else None
    if state is None or (until is not None and until <= work.today):
        return
    position = work.draft.position()
    mine = work.draft.writable(state)
    mine.fields["valid_to"] = work.today
    mine.touch("valid_to", position, work.actor.device)
    work.stamp_record(mine, position)
    units = {"valid_to": Written(until, None, work.today)}
    work.entry(mine, "update", units, True, position)
