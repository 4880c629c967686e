"""`POST /api/v1/outlets/<id>/close`: which day is closed, and why although it cannot be trusted yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.declare import Date, Text
from schemas.messages import Fault
from schemas.problems import BadRequestError
from schemas.wire.fields import Declared, Message, read

Json = Any
REASON = Text(500, 1, many_lines=True)
_DAY = Date()


class CloseMessage(Message):
    """The day, and a reason where something is still known that could change its figures."""

    day = Declared(_DAY)
    reason = Declared(REASON, optional=True, null=True)


@dataclass(frozen=True)
class CloseRequest:
    """A day that somebody wants closed."""

    day: date
    reason: str | None = None


def parse_close(body: Json) -> CloseRequest:
    """Read a wish to close a day."""
    it = read(CloseMessage(), body)
    return CloseRequest(date.fromisoformat(it["day"]), it.get("reason"))


def parse_day(said: str | None, today: date) -> date:
    """Read the day that is asked for; none given means today.

    Raises:
        BadRequestError: it is no day, or one to come.
    """
    if said is None:
        return today
    reason = _DAY.problem(said)
    if reason is None and date.fromisoformat(said) > today:
        reason = "day-to-come"
    if reason:
        raise BadRequestError(errors=[Fault(None, "day", "invalid-value", reason)])
    return date.fromisoformat(said)
