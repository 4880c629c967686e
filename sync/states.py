"""How a move of a state machine is settled (protocol.md, section 4, policy `state`)."""

from __future__ import annotations

from schemas.declare import SERVER, States
from sync.merge import Meeting, Settled


def settle_state(machine: States, meeting: Meeting) -> Settled:
    """Settle a move to `meeting.sent`.

    A move is valid from the state it was made in. If another device has changed the state since, and not
    to the same one, it is a conflict; but the server's own timer never conflicts: the move is then tried
    from the timer's state. It must also be valid from where the device's own stored moves have led.
    `refused` means that the move is not allowed (`invalid-transition`).
    """
    if meeting.held == meeting.sent:
        return Settled(meeting.held)
    moved = [it for it in meeting.above if it.units[meeting.unit].altered]
    by_timer = bool(moved) and moved[-1].timer
    made_in = meeting.held if by_timer else meeting.ancestor
    if not _allowed(machine, made_in, meeting):
        return Settled(meeting.held, "refused")
    if any(not it.timer for it in meeting.others):
        return Settled(meeting.held, "conflict")
    if not _allowed(machine, meeting.held, meeting):
        return Settled(meeting.held, "refused")
    return Settled(meeting.sent)


def _allowed(machine: States, source: object, meeting: Meeting) -> bool:
    moves = machine.moves(source, meeting.sent)
    return any(meeting.role == SERVER or meeting.role in it.roles for it in moves)
