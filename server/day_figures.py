"""A business day as it is shown, answered and kept, and which days were closed when (domain.md, section 8.9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from schemas.derived.day_close import Day, OfficerDay
from schemas.values import derived_id, format_instant
from server import audit
from server.field_models import DayCloseRow

Json = Any
day_close: Table = DayCloseRow.__table__  # type: ignore[assignment]
CLOSED = "day.close"
FIGURES = (
    "receipts", "reversals", "cash_fen", "other_fen", "undone_fen", "kept_fen", "handed_in_fen",
    "confirmed_fen", "disputed_fen", "provisional",
)  # fmt: skip
"""The figures that are added up over the officers."""


@dataclass(frozen=True)
class Place:
    """A unit whose day is closed: an outlet, or the branch as a whole."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Report:
    """A day of a place as it is known; `slips` by id, `names` of people by id."""

    place: Place
    places: Sequence[Place]
    on: date
    day: Day
    names: Mapping[str, str]
    slips: Mapping[str, Row[Any]]
    closed: Row[Any] | None


# ------------------------------------------------------------------------------------- as figures


def figures(report: Report) -> dict[str, Json]:
    """Return the day as counted, as `GET /api/v1/outlets/<id>/close` gives it and the chain keeps it."""
    day, names = report.day, report.names
    return {
        "unit": asdict(report.place),
        "day": report.on.isoformat(),
        "trusted": day.trusted,
        "reasons": [{**it._asdict(), "name": names.get(it.officer or "")} for it in day.reasons],
        "totals": {name: day.total(name) for name in FIGURES},
        "officers": [_officer(it, names) for it in day.officers],
        "deposits": [
            {**it._asdict(), "difference_fen": it.difference_fen} for it in day.deposits
        ],
    }  # fmt: skip


def as_json(report: Report) -> dict[str, Json]:
    """Return the day with whether it is closed, and what has come since."""
    closed = report.closed
    return {
        **figures(report),
        "closed": closed
        and {
            "by": closed.closed_by, "name": report.names.get(closed.closed_by),
            "at": closed.closed_at, "position": closed.position, "reason": closed.reason,
        },
        "places": [asdict(it) for it in report.places],
        "after_close": [_later(report.slips[it]) for it in report.day.after_close],
    }  # fmt: skip


def _later(row: Row[Any]) -> dict[str, Json]:
    names = ("id", "receipt_no", "officer", "value_date", "amount_fen", "channel", "received_at")
    return {it: row._mapping[it] for it in names}


def _officer(it: OfficerDay, names: Mapping[str, str]) -> dict[str, Json]:
    return {
        "officer": it.officer,
        "name": names.get(it.officer or ""),
        **{name: getattr(it, name) for name in FIGURES},
        "gaps": [gap._asdict() for gap in it.gaps],
        "tablets": [
            {
                "device": one.tablet.device, "code": one.tablet.code, "reported": one.reported,
                "last_contact_at": one.tablet.last_contact_at and format_instant(one.tablet.last_contact_at),
                "waiting": one.tablet.waiting,
            }
            for one in it.tablets
        ],
    }  # fmt: skip


# --------------------------------------------------------------------------------- what was closed


@dataclass(frozen=True)
class Closes:
    """The closed days of a branch, by unit: position of the close and day, oldest close first."""

    by_unit: Mapping[str, Sequence[tuple[int, str]]]

    @staticmethod
    def of(connection: Connection, branch_id: str) -> Closes:
        """Read them: one statement by the key."""
        query = select(day_close.c.unit, day_close.c.position, day_close.c.day).where(
            day_close.c.branch == branch_id
        )
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for it in connection.execute(query.order_by(day_close.c.position)):
            found[it.unit].append((it.position, it.day))
        return Closes(found)

    def through(self, units: Iterable[str], position: int) -> date | None:
        """Return the last day that was closed for one of *units* when *position* was given out."""
        days = [day for unit in units for at, day in self.by_unit.get(unit, ()) if at < position]
        return date.fromisoformat(max(days)) if days else None


def closes_of(unit: str) -> str:
    """Return the id under which the closes of a unit stand together in the audit chain."""
    return derived_id(audit.TYPE, CLOSED, unit)


def unlike_the_log(
    connection: Connection, branch_id: str, said: Mapping[int, tuple[str | None, ...]]
) -> Iterator[tuple[int, str]]:
    """Yield the closed days that are not what the log says, by position.

    Args:
        said: Of each close in the log its record, who closed the day, and when.
    """
    query = select(day_close).where(day_close.c.branch == branch_id)
    kept = {it.position: it for it in connection.execute(query)}
    for position, it in sorted(kept.items()):
        if said.get(position) != (closes_of(it.unit), it.closed_by, it.closed_at):
            yield position, f"the close of {it.day} is not in the log"
    for position in sorted(said.keys() - kept.keys()):
        yield position, "a day that was closed is open again"
