"""What a branch has already: the names and numbers that the rows of a file are checked against.

One statement a type, whatever the size of the file. Tombstones count as not there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from server.accounts import account
from server.importing.cleaning import key
from server.store import record

Json = Any
FIELD_ROLES = ("officer", "supervisor")


@dataclass
class Names:
    """Things by name, code or user name, as people write them."""

    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, thing: str, *names: str | None) -> None:
        """Make *thing* (an id) findable by each of *names*."""
        for name in names:
            if name and thing not in self.ids[key(name)]:
                self.ids[key(name)].append(thing)

    def find(self, name: str) -> list[str]:
        """Return the ids of that name: none, one, or several that nobody can tell apart."""
        return self.ids.get(key(name), [])


class Villages(Names):
    """Villages 行政村: 柳树湾 and 柳树湾村 are one."""

    def find(self, name: str) -> list[str]:
        written = key(name)
        other = written.removesuffix("村") if written.endswith("村") else f"{written}村"
        return self.ids.get(written) or self.ids.get(other) or []


@dataclass(frozen=True)
class Household:
    """A customer: its id, and its responsible officer now."""

    id: str
    officer: str | None


@dataclass(frozen=True)
class Borrowed:
    """A loan: its id, its customer, the day it was paid out (ISO), and how its schedule stands."""

    id: str
    customer: str
    disbursed_on: str
    principal_fen: int = 0
    schedule_version: int = 1
    restructured_on: str | None = None
    restructure_count: int = 0


@dataclass
class Directory:
    """What the checks of any kind of file may look up."""

    villages: Villages = field(default_factory=Villages)
    officers: Names = field(default_factory=Names)
    people: Names = field(default_factory=Names)
    products: Names = field(default_factory=Names)
    day_counts: dict[str, str] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    customers: dict[str, Household] = field(default_factory=dict)
    national_ids: set[str] = field(default_factory=set)
    loans: dict[str, Borrowed] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    repayments: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    branch: str = ""


def load_directory(connection: Connection, branch: str, types: Iterable[str]) -> Directory:
    """Load what the branch has of *types*, and always its units, users and products."""
    found = Directory(branch=branch)
    for row in _records(connection, branch, "org_unit"):
        found.codes.add(row.fields["code"])
        if row.fields["kind"] == "village" and row.fields.get("active") is not False:
            found.villages.add(row.id, row.fields["name"], row.fields["code"])
    _load_users(connection, branch, found)
    for row in _records(connection, branch, "product"):
        found.codes.add(row.fields["code"])
        found.products.add(row.id, row.fields["name"], row.fields["code"])
        found.day_counts[row.id] = row.fields.get("day_count") or "act360"
    for kind in types:
        for row in _records(connection, branch, kind):
            _LOADERS[kind](found, row)
    return found


def _records(connection: Connection, branch: str, kind: str) -> Iterator[Any]:
    columns = (record.c.id, record.c.customer, record.c.fields, record.c.holders)
    which = (record.c.branch == branch, record.c.type == kind, record.c.deleted == 0)
    yield from connection.execute(select(*columns).where(*which))


def _load_users(connection: Connection, branch: str, found: Directory) -> None:
    query = select(account.c.id, account.c.username).where(account.c.branch == branch)
    usernames = {it.id: it.username for it in connection.execute(query)}
    for row in _records(connection, branch, "user"):
        if row.fields.get("active") is False:
            continue
        names = (row.fields["name"], usernames.get(row.id))
        found.people.add(row.id, *names)
        if row.fields["role"] in FIELD_ROLES:
            found.officers.add(row.id, *names)


def _load_customer(found: Directory, row: Any) -> None:
    holders = json.loads(row.holders)
    primary = [user for user, role, _, _, ended in holders if role == "primary" and ended is None]
    number = row.fields.get("customer_no")
    if number:
        found.customers[number] = Household(row.id, primary[0] if primary else None)
    if national_id := row.fields.get("id_no"):
        found.national_ids.add(national_id)


def _load_loan(found: Directory, row: Any) -> None:
    number = row.fields.get("loan_no")
    if number:
        found.loans[number] = Borrowed(
            row.id, row.customer, row.fields["disbursed_on"], row.fields["principal_fen"],
            row.fields.get("schedule_version") or 1, row.fields.get("restructured_on"),
            row.fields.get("restructure_count") or 0,
        )  # fmt: skip


def _load_receipt(found: Directory, row: Any) -> None:
    found.receipts[row.fields["receipt_no"]] = row.id
    found.repayments[row.id] = row.fields


_LOADERS = {"customer": _load_customer, "loan": _load_loan, "repayment": _load_receipt}
