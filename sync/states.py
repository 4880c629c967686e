"""How a move of a state machine is settled (protocol.md, section 4, policy `state`)."""

from __future__ import annotations

from typing import Literal

from schemas.declare import SERVER, States
from sync.merge import Meeting, Settled

Refusal = Literal["invalid-transition", "not-permitted"]


def settle_state(machine: States, meeting: Meeting) -> Settled | Refusal:
    """Settle a move to `meeting.sent`, or say why it is refused.

    A move is valid from the state it was made in. If another device has changed the state since,
    and not to the same one, it is a conflict; but the server's own timer never conflicts: the move
    is then tried from the timer's state. It must also be valid from where the device's own stored
    moves have led.
    """
    if meeting.held == meeting.sent:
        return Settled(meeting.held)
    moved = [it for it in meeting.above if it.alters(meeting.unit)]
    if any(not it.timer for it in meeting.others):
        refusal = refused(machine, meeting.ancestor, meeting.sent, meeting.role)
        return refusal or Settled(meeting.held, "conflict")
    if not any(it.timer for it in moved):
        refusal = refused(machine, meeting.ancestor, meeting.sent, meeting.role)
        if refusal is not None:
            return refusal
    refusal = refused(machine, meeting.held, meeting.sent, meeting.role)
    return refusal or Settled(meeting.sent)


def refused(machine: States, source: object, target: object, role: str) -> Refusal | None:
    """Return why *role* may not move from *source* to *target*, or None where it may."""
    moves = machine.moves(source, target)
    if not moves:
        return "invalid-transition"
    allowed = role == SERVER or any(role in it.roles for it in moves)
    return None if allowed else "not-permitted"


def barring(machine: States, meeting: Meeting) -> str | None:
    """Return the rule for which the move that *meeting* asks for is for others, or None."""
    moves = machine.moves(meeting.held, meeting.sent)
    return next((it.rule for it in moves if it.rule is not None), None)
