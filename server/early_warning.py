"""Early warning over a branch (domain.md, section 9): the signals and tasks that hold on a day, made once.

The rules are `schemas/derived/early_warning/`; here is what they look at. Each record's id follows from
rule, subject and period, so that a second run, or a tablet that saw the same, makes nothing anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, select

from schemas.declare import Registry
from schemas.derived.early_warning.declared import disasters_for
from schemas.derived.early_warning.dossier import (
    Disaster,
    Dossier,
    Kept,
    Late,
    Listed,
)
from schemas.derived.early_warning.large import Exposure, large_borrowers
from schemas.derived.early_warning.numbers import NUMBERS
from schemas.derived.early_warning.rules import due_tasks, signals
from server import bulk, office, outlived, readmodels, store
from server.db import reading, writing
from server.offers import Contact
from server.readmodels import Position
from server.settings import Settings
from server.store import record
from sync.draft import Draft
from sync.guards.sight import Sight
from sync.guards.submitting import watchlist_hash
from sync.ledger import Ledger

Json = Any
log = structlog.get_logger()

REFERENCE = ("org_unit", "parameter", "product", "watchlist_entry")
READ = (
    "loan", "installment", "repayment", "visit", "inspection_note", "classification", "collateral",
)  # fmt: skip
MADE = ("warning_signal", "task")
AT_A_TIME = 100
"""Customers whose dossiers are in memory, and whose sets are in one transaction."""


@dataclass
class Made:
    """What a run has made, by rule; `refused`: customers whose set was not accepted."""

    by_rule: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused: list[str] = field(default_factory=list)


def run(
    engine: Engine,
    registry: Registry,
    settings: Settings,
    branch_id: str,
    now: datetime,
    as_of: date | None = None,
) -> Made:
    """Evaluate every customer with a live loan on *as_of* (default: today), and make what is not there yet.

    Each customer's is one set of the server's own. A customer whose records cannot be read, or whose set
    is refused, is logged and does not stop the others.
    """
    today = settings.today(now)
    day = as_of or today
    positions = [it for it in readmodels.loan_positions(engine, branch_id, today) if it.is_live]
    with reading(engine) as connection:
        around = _Around.of(connection, branch_id, positions, day)
    made = Made()
    everyone = sorted(around.households)
    for start in range(0, len(everyone), AT_A_TIME):
        customers = everyone[start : start + AT_A_TIME]
        with writing(engine) as connection:
            row = store.lock_branch(connection, branch_id)
            contact = office.server_contact(row, settings, now)
            _make(connection, registry, contact, around, customers, made)
    return made


def evaluate(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    positions: Sequence[Position],
    day: date,
) -> Made:
    """Do the same in the caller's transaction, for the customers of *positions*, the live loans of a branch."""
    made, around = Made(), _Around.of(connection, contact.branch, positions, day)
    everyone = sorted(around.households)
    for start in range(0, len(everyone), AT_A_TIME):
        customers = everyone[start : start + AT_A_TIME]
        _make(connection, registry, contact, around, customers, made)
    return made


def _make(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    around: _Around,
    customers: Sequence[str],
    made: Made,
) -> None:
    """Make what the dossiers of some customers say and is not there yet."""
    wanted = list(_sets(connection, contact.branch, around, customers, made))
    sets = [("early-warning", changes) for _, changes in wanted]
    results = office.submit_all(connection, registry, contact, sets) if sets else []
    for (customer, changes), result in zip(wanted, results, strict=True):
        if result["status"] == "rejected":
            log.error("early_warning_refused", customer=customer, errors=result["errors"])
            made.refused.append(customer)
            continue
        for it in changes:
            made.by_rule[outlived.counted_as(it)] += 1


def _sets(
    connection: Connection,
    branch_id: str,
    around: _Around,
    customers: Sequence[str],
    made: Made,
) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    """Yield of each customer the changes that make what its dossier says and is not there."""
    query = select(record.c.id, record.c.type, record.c.customer, record.c.fields).where(
        record.c.branch == branch_id,
        record.c.deleted == 0,
        record.c.type.in_(READ),
        bulk.among(connection, record.c.customer, customers),
    )
    papers: dict[str, list[Kept]] = defaultdict(list)
    for row in connection.execute(query):
        papers[row.customer].append(Kept(row.type, row.id, row.fields))
    # Those that were deleted are there as well: who took a task away does not want it again.
    there = select(
        record.c.id, record.c.type, record.c.customer, record.c.fields, record.c.deleted
    ).where(
        record.c.branch == branch_id,
        record.c.type.in_(MADE),
        bulk.among(connection, record.c.customer, customers),
    )
    known: set[str] = set()
    standing: dict[str, list[Kept]] = defaultdict(list)
    for it in connection.execute(there):
        known.add(it.id)
        if not it.deleted:
            standing[it.customer].append(Kept(it.type, it.id, it.fields))
    for customer in customers:
        dossier = around.dossier(customer, papers[customer])
        try:
            holding = signals(dossier)
            found = outlived.tasks(standing[customer], holding, papers[customer], around.day)
            if customer in around.borrowers:
                found += [("warning_signal", it.id, it.fields()) for it in holding]
                found += [("task", it.id, it.fields()) for it in due_tasks(dossier)]
        except (ArithmeticError, KeyError, TypeError, ValueError):
            log.exception("early_warning_unreadable", customer=customer)
            made.refused.append(customer)
            continue
        changes = [
            {"op": "create", "type": kind, "id": it, "customer": customer, "set": fields}
            for kind, it, fields in found
            if it not in known
        ]
        if changes:
            yield customer, changes


# ------------------------------------------------------------------------- what lies beside a dossier


@dataclass
class _Around:
    """What the rules look at beyond a customer's own records: the branch's, and those of others."""

    households: Mapping[str, Mapping[str, Json]]
    reference: list[Kept]
    sight: Sight
    circle: Mapping[str, list[Late]]
    large: set[str]
    borrowers: set[str]
    day: date
    numbers: dict[Json, dict[str, int]] = field(default_factory=dict)

    @staticmethod
    def of(
        connection: Connection, branch_id: str, positions: Sequence[Position], day: date
    ) -> _Around:
        """Read it for the customers of *positions*, the live loans, and of standing signals: four statements."""
        here = (record.c.branch == branch_id, record.c.deleted == 0)
        rows = connection.execute(select(record).where(*here, record.c.type.in_(REFERENCE))).all()
        ledger = Ledger(0)
        ledger.load(store.state_of(it) for it in rows)
        sight = Sight(Draft(ledger), day.isoformat())
        borrowers = {it.customer for it in positions}
        wanted = sorted(borrowers | outlived.customers(connection, branch_id))
        found = select(record.c.id, record.c.fields).where(
            *here, record.c.type == "customer", bulk.among(connection, record.c.id, wanted)
        )
        households = {it.id: it.fields for it in connection.execute(found)}
        ties = select(record.c.customer, record.c.subject).where(
            *here, record.c.type == "guarantor", record.c.subject.is_not(None)
        )
        bound = _bound(households, [(it.customer, it.subject) for it in connection.execute(ties)])
        return _Around(
            households,
            [Kept(it.type, it.id, it.fields) for it in rows if it.type == "product"],
            sight,
            _circles(positions, bound, day),
            _large(positions, households, sight),
            borrowers,
            day,
        )

    def dossier(self, customer: str, papers: Sequence[Kept]) -> Dossier:
        """Return a customer's dossier."""
        household = self.households[customer]
        village = household.get("village_id")
        return Dossier(
            customer=customer,
            as_of=self.day,
            records=[Kept("customer", customer, household), *papers, *self.reference],
            circle=self.circle.get(customer, ()),
            watchlist=self._listed(household),
            disasters=self._disasters(village),
            is_large=customer in self.large,
            numbers=self._numbers(village),
        )

    def _numbers(self, unit: Json) -> dict[str, int]:
        if unit not in self.numbers:
            self.numbers[unit] = {key: self.sight.number(key, unit) for key in NUMBERS}
        return self.numbers[unit]

    def _listed(self, household: Mapping[str, Json]) -> list[Listed]:
        """Return the entries that name the customer; nobody's number is hashed where there are none."""
        entries, key = self.sight.of("watchlist_entry"), self.sight.parameter("watchlist_key")
        id_no = household.get("id_no")
        if not entries or not isinstance(key, str) or not isinstance(id_no, str):
            return []
        mine = watchlist_hash(key, id_no)
        return [
            Listed(it.id, it.fields.get("valid_from"), it.fields.get("valid_to"))
            for it in entries
            if it.fields.get("id_no_hash") == mine
        ]

    def _disasters(self, village: Json) -> list[Disaster]:
        parameters = [Kept(it.type, it.id, it.fields) for it in self.sight.of("parameter")]
        units = self.sight.units_from(village)
        return disasters_for(parameters, units, village, self.sight.today)


def _bound(
    households: Mapping[str, Mapping[str, Json]], ties: Iterable[tuple[str, str]]
) -> dict[str, set[str]]:
    """Return who answers for whom: members of one group, and borrower and guarantor, either way."""
    groups: dict[str, set[str]] = defaultdict(set)
    for customer, fields in households.items():
        if fields.get("group_id"):
            groups[fields["group_id"]].add(customer)
    bound: dict[str, set[str]] = defaultdict(set)
    for members in groups.values():
        for it in members:
            bound[it] |= members - {it}
    for borrower, guarantor in ties:
        bound[borrower].add(guarantor)
        bound[guarantor].add(borrower)
    return bound


def _circles(
    positions: Sequence[Position], bound: Mapping[str, set[str]], day: date
) -> dict[str, list[Late]]:
    """Return by customer the loans of those bound to it of which something is late or to come.

    One that is not late is there too: it tells the rule that the customer is bound to somebody.
    """
    loans: dict[str, list[Late]] = defaultdict(list)
    for it in sorted(positions, key=lambda it: it.loan):
        oldest = min(it.oldest_unpaid_on or day, day)
        loans[it.customer].append(Late(it.customer, it.loan, oldest.isoformat()))
    return {
        customer: [late for it in sorted(others) for late in loans.get(it, ())]
        for customer, others in bound.items()
    }


def _large(
    positions: Sequence[Position], households: Mapping[str, Mapping[str, Json]], sight: Sight
) -> set[str]:
    """Return the large borrowers of each outlet (W14): the unit above the customer's village."""
    owed: dict[str, int] = defaultdict(int)
    for it in positions:
        owed[it.customer] += it.outstanding_fen
    outlets: dict[Json, list[Exposure]] = defaultdict(list)
    for customer, fen in owed.items():
        units = sight.units_from(households.get(customer, {}).get("village_id"))
        outlets[units[1] if len(units) > 1 else None].append(Exposure(customer, fen))
    found: set[str] = set()
    for outlet, exposures in outlets.items():
        numbers = {key: sight.number(key, outlet) for key in NUMBERS}
        found |= {it.customer for it in large_borrowers(exposures, numbers)}
    return found
