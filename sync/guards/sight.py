"""What a guard may look at: the records of one branch that were loaded, as they are after the set at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from schemas.parameter import DEFAULTS
from sync.draft import Draft
from sync.ledger import RecordState

Json = Any


class Sight:
    """The living records by type; *today* is the branch's business date (ISO)."""

    def __init__(self, draft: Draft, today: str) -> None:
        self.draft = draft
        self.today = today

    @cached_property
    def _by_type(self) -> dict[str, list[RecordState]]:
        found: dict[str, list[RecordState]] = defaultdict(list)
        for state in {**self.draft.ledger.records, **self.draft.records}.values():
            if not state.deleted and state.alias is None:
                found[state.type].append(state)
        return found

    def record(self, record_id: Json) -> RecordState | None:
        """Return a living record by its id, or None."""
        state = self.draft.record(record_id) if isinstance(record_id, str) else None
        return None if state is None or state.deleted else state

    def of(self, type_name: str) -> list[RecordState]:
        """Return the records of a type, the oldest first."""
        return sorted(self._by_type[type_name], key=lambda it: (it.created_position, it.id))

    def under(self, customer: str | None, type_name: str) -> list[RecordState]:
        """Return a customer's records of a type, the oldest first."""
        return [it for it in self.of(type_name) if it.customer == customer]

    def naming(self, type_name: str, field: str, record_id: str) -> list[RecordState]:
        """Return the records of a type whose *field* names a record, the oldest first."""
        return [it for it in self.of(type_name) if it.fields.get(field) == record_id]

    # --------------------------------------------------------------------- units and parameters

    def units_from(self, unit: Json) -> list[str]:
        """Return a unit and all that lie above it, the nearest first."""
        found: list[str] = []
        while isinstance(unit, str) and unit not in found:
            found.append(unit)
            state = self.record(unit)
            unit = state.fields.get("parent_id") if state else None
        return found

    def unit_of(self, user: Json) -> Json:
        """Return the home unit of a user, or None."""
        state = self.record(user)
        return state.fields.get("unit_id") if state else None

    def parameter(self, key: str, unit: Json = None) -> Json:
        """Return a parameter's value for a unit: the nearest above it counts, then the lender's, then ours."""
        mine = [
            it
            for it in self.of("parameter")
            if it.fields.get("key") == key and (it.fields.get("valid_from") or "") <= self.today
        ]
        for place in [*self.units_from(unit), None]:
            here = [it for it in mine if it.fields.get("unit_id") == place]
            if here:
                return max(here, key=_since).fields.get("value")
        return DEFAULTS.get(key)

    def number(self, key: str, unit: Json = None) -> int:
        """Return a parameter that is a whole number; one that is set to something else counts as ours."""
        found = self.parameter(key, unit)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        return found if is_number else DEFAULTS[key]

    # ------------------------------------------------------------------------------- connections

    def related(self, customer: str | None) -> set[str]:
        """Return the customers whose exposure counts with a customer's: those one step away, either way."""
        found: set[str] = set()
        for it in self._relationships():
            other = it.fields.get("to_customer_id")
            if it.fields.get("kind") == "guarantees" or other is None or it.customer is None:
                continue
            if customer in (it.customer, other):
                found |= {it.customer, other}
        return found - {customer}

    def relatives(self, customers: Iterable[Json]) -> set[str]:
        """Return the users who are relatives of *customers* or of their households."""
        wanted = set(customers)
        return {
            it.fields["to_user_id"]
            for it in self._relationships()
            if it.customer in wanted
            and it.fields.get("kind") == "staff_relative"
            and it.fields.get("to_user_id")
        }

    def _relationships(self) -> list[RecordState]:
        """Return the relationships that have not ended."""
        found = self.of("relationship")
        return [it for it in found if (it.fields.get("ended_on") or self.today) >= self.today]


def _since(state: RecordState) -> tuple[str, int]:
    return state.fields.get("valid_from") or "", state.created_position
