"""A branch on one day, as the rules look at it that say what happens as days pass (`due_moves.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from schemas.derived.early_warning.dossier import local_day
from server import bulk, store
from server.store import log, record
from sync.draft import Draft
from sync.guards.sight import Sight
from sync.ledger import Ledger, RecordState

Json = Any


@dataclass
class Day:
    """A branch on a day, as the rules look at it."""

    connection: Connection
    branch: str
    today: date
    _known: dict[str, list[RecordState]] = field(default_factory=dict)

    def of(self, type_name: str) -> list[RecordState]:
        """Return the living records of a type, by id."""
        if type_name not in self._known:
            query = select(record).where(
                record.c.branch == self.branch, record.c.type == type_name, record.c.deleted == 0
            )
            states = map(store.state_of, self.connection.execute(query))
            self._known[type_name] = sorted(states, key=lambda it: it.id)
        return self._known[type_name]

    def moments(self, states: Sequence[RecordState], unit: str | None = None) -> dict[str, date]:
        """Return the days on which a unit of each was last set, or on which each was made."""
        positions = {
            it.created_position if unit is None else it.marks[unit].position for it in states
        }
        query = select(log.c.record, log.c.position, log.c.made_at).where(
            log.c.branch == self.branch,
            bulk.among(self.connection, log.c.record, [it.id for it in states]),
        )
        return {
            it.record: date.fromisoformat(local_day(it.made_at))
            for it in self.connection.execute(query)
            if it.position in positions
        }

    @cached_property
    def sight(self) -> Sight:
        """The branch's units, users and parameters."""
        ledger = Ledger(0)
        for kind in ("org_unit", "user", "parameter"):
            ledger.load(self.of(kind))
        return Sight(Draft(ledger), self.today.isoformat())

    def days(self, key: str, user: Json = None) -> timedelta:
        """Return a parameter that is a number of days, for the unit of a user."""
        return timedelta(days=self.sight.number(key, self.sight.unit_of(user)))

    def past(self, on: Json) -> int:
        """Return how many days ago a day (ISO) was; not above 0 where it is today or to come."""
        return (self.today - date.fromisoformat(on)).days
