"""What is owed after an approval on the emergency path 特事特办: the review that was left out (domain.md, 6.1)."""

from __future__ import annotations

from datetime import date, timedelta

from schemas.values import derived_id
from sync.guards.people import investigators
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.own_writes import make
from sync.work import Work

SATURDAY = 5


def ask_for_review(work: Work, sight: Sight, application: RecordState) -> None:
    """Make the task by which a reviewer is asked for it, once for an application."""
    unit = sight.unit_of(application.fields.get("officer_id"))
    days = sight.number("expedited_review_days", unit)
    due = working_days_after(date.fromisoformat(work.today), min(max(days, 0), 365))
    task = {
        "title": "特事特办：补做贷时审查", "record_type": "loan_application",
        "record": application.id, "assignee_id": _reviewer(sight, application),
        "due_on": due.isoformat(), "source": "rule", "state": "open",
    }  # fmt: skip
    make(work, "task", derived_id("expedited_review", application.id), application.customer, task)


def working_days_after(day: date, count: int) -> date:
    """Return the working day so many working days later; what is no Saturday and no Sunday is one."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def _reviewer(sight: Sight, application: RecordState) -> str | None:
    """Return a reviewer: of the nearest unit above, no relative of the customer; None where there is none."""
    above = sight.units_from(sight.unit_of(application.fields.get("officer_id")))
    apart = sight.relatives([application.customer]) | investigators(sight, application)
    free = [
        it
        for it in sight.of("user")
        if it.fields.get("role") == "reviewer"
        and it.fields.get("active") is not False
        and it.id not in apart
    ]
    place = {unit: at for at, unit in enumerate(above)}
    nearest = min(free, key=lambda it: place.get(it.fields["unit_id"], len(place)), default=None)
    return nearest.id if nearest else None
