"""`POST /api/v1/handovers`: what a supervisor wants handed over, to whom, and when (domain.md, section 6.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas import limits
from schemas.declare import Date, Id, ListOf, Text
from schemas.handover import REASONS
from schemas.wire.fields import Declared, Message, read

Json = Any
USERNAME = Text(200, 1)


class HandoverMessage(Message):
    """The three people by their user names; without `customers` all of the outgoing officer's are meant."""

    outgoing = Declared(USERNAME)
    incoming = Declared(USERNAME)
    witness = Declared(USERNAME)
    reason = Declared(REASONS)
    effective_on = Declared(Date())
    customers = Declared(ListOf(Id(), limits.CHANGES_PER_REQUEST, 1), optional=True, null=True)


@dataclass(frozen=True)
class HandoverRequest:
    """A handover as a supervisor asks for it: user names, and customers (None: all whom he has)."""

    outgoing: str
    incoming: str
    witness: str
    reason: str
    effective_on: str
    customers: tuple[str, ...] | None = None


def parse_handover(body: Json) -> HandoverRequest:
    """Read what is to be handed over; whether there are such people and customers is not looked at."""
    it = read(HandoverMessage(), body)
    named = it.pop("customers", None)
    return HandoverRequest(**it, customers=None if named is None else tuple(named))
