"""Customers that were registered twice and merged: their own work here is read under the survivor (section 4)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from field_client.own_sets import OwnSets
from field_client.sets import OwnSet
from field_client.store_file import as_text
from schemas.messages import Change
from sync.rebase import Merged, View

Json = Any


class MergedCustomers(OwnSets):
    """The ids that are aliases now. A set that names one stays as it is: the branch knows who is meant."""

    _into: dict[str, str | None] | None = None  # what the table holds; every look at a record asks

    def note_merged(self, one: Merged, duplicates: list[str]) -> bool:
        """Note a merge and the duplicates that it settles; tell whether it is news here."""
        known = self.rows("SELECT survivor, conflicts FROM merged WHERE customer = ?", one.customer)
        settled = {*duplicates, *(it for row in known for it in json.loads(row["conflicts"]))}
        row = {
            "customer": one.customer, "survivor": one.survivor, "conflicts": as_text(sorted(settled)),
        }  # fmt: skip
        with self.transaction():
            self._into = None
            self.database.table("merged").insert(row, replace=True)
        return not known

    def settled_by_merge(self) -> set[str]:
        """Return the conflicts that ended with a merge, though they left with their customer."""
        rows = self.rows("SELECT conflicts FROM merged")
        return {conflict for row in rows for conflict in json.loads(row["conflicts"])}

    def survivor_of(self, record: str) -> str:
        """Return who a merged customer is now, as far as this device may know; any other id as it is."""
        into = self._survivors()
        seen = {record}
        while (following := into.get(record)) is not None and following not in seen:
            seen.add(following)
            record = following
        return record

    def aliases_of(self, record: str) -> list[str]:
        """Return the ids of customers that were merged into one."""
        return [it for it in self._survivors() if it != record and self.survivor_of(it) == record]

    def _survivors(self) -> dict[str, str | None]:
        if self._into is not None:
            return self._into
        rows = self.rows("SELECT customer, survivor FROM merged")
        found = {it["customer"]: it["survivor"] for it in rows}
        if not self._depth:  # within a transaction it may still be taken back
            self._into = found
        return found

    # -------------------------------------------------------------- own work, under the survivor

    def changes_to(self, record: str, which: str, *values: Json) -> list[tuple[OwnSet, Change]]:
        """Return the changes of own sets to a record, by any of its ids."""
        found = super().changes_to(record, which, *values)
        for alias in self.aliases_of(record):
            again = super().changes_to(alias, which, *values)
            found += [it for it in again if it[1].op != "create"]
        return sorted(found, key=lambda it: it[0].seq)

    def touched(self, type_name: str | None = None, customer: str | None = None) -> set[str]:
        """Return the records that uncovered sets touch, of a type and under a customer where given."""
        found = super().touched(type_name, customer)
        for alias in self.aliases_of(customer) if customer else ():
            found |= super().touched(type_name, alias)
        return {self.survivor_of(it) for it in found}

    def under_survivor(self, found: View | None) -> View | None:
        """Return a view with the customer under whom its record is found now."""
        if found is None or found.customer is None:
            return found
        customer = self.survivor_of(found.customer)
        return found if customer == found.customer else replace(found, customer=customer)
