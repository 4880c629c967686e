"""Inspections that fell due in a stretch of days, and which were done in time 检查及时率 (domain.md, 7 and 8.9).

An inspection is due when W11 would begin to count: the first after `first_followup_days`, each later one by
the rhythm of the loan as it stood when it was done, or stands at the end where it was not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from schemas.derived.early_warning.declared import numbers_for
from schemas.derived.early_warning.dossier import Dossier, plus
from schemas.derived.early_warning.dossier import Kept as Read
from schemas.derived.early_warning.inspection_rules import next_inspection

Json = Any
Fields = Mapping[str, Json]
READ = (
    "customer", "loan", "installment", "repayment", "inspection_note", "classification",
)  # fmt: skip
"""Types under a customer that tell when a loan is to be inspected."""


class Kept(Protocol):
    """A living record: its type, its id, its customer, and its fields."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def customer(self) -> str | None: ...
    @property
    def fields(self) -> Fields: ...


class Due(NamedTuple):
    """An inspection that was due on a day; `done_on` is None where it is still to be done."""

    loan: str
    due_on: date
    done_on: date | None

    @property
    def in_time(self) -> bool:
        """Tell whether it was done on its last day or before."""
        return self.done_on is not None and self.done_on <= self.due_on


def inspections_due(
    records: Iterable[Kept], officer: str, first: date, until: date
) -> Iterator[Due]:
    """Yield the inspections of an officer's loans that fell due on a day from *first* to *until*.

    *records* are those of all customers, and with them products, parameters and units. A loan that was paid
    back or written off needs none.
    """
    by_customer: defaultdict[str, list[Read]] = defaultdict(list)
    common: dict[str, list[Read]] = {"product": [], "parameter": [], "org_unit": []}
    for it in records:
        one = Read(it.type, it.id, it.fields)
        if it.type in common:
            common[it.type].append(one)
        elif it.type in READ and it.customer is not None:
            by_customer[it.customer].append(one)
    parents = {it.id: it.fields.get("parent_id") for it in common["org_unit"]}
    parameters = sorted(common["parameter"], key=lambda it: it.id)
    for customer, own in sorted(by_customer.items()):
        mine = [it for it in own if it.type == "loan" and it.fields.get("officer_id") == officer]
        if not mine:
            continue
        home = next((it.fields.get("village_id") for it in own if it.id == customer), None)
        numbers = numbers_for(parameters, _units_from(parents, home), until.isoformat())
        at_end = Dossier(customer, until, [*own, *common["product"]], numbers=numbers)
        for loan in sorted(mine, key=lambda it: it.id):
            yield from _of_loan(at_end, loan, first, until)


def _of_loan(at_end: Dossier, loan: Read, first: date, until: date) -> Iterator[Due]:
    begun, last = str(loan.fields.get("disbursed_on")), until.isoformat()
    signed = [day for day, _ in at_end.signed_notes(loan.id) if begun <= day <= last]
    for since, done in zip([None, *signed], [*signed, None], strict=True):
        due = _due_on(_on(at_end, done), loan, since)
        if due is not None and first <= due <= until:
            yield Due(loan.id, due, date.fromisoformat(done) if done else None)


def _on(at_end: Dossier, day: str | None) -> Dossier:
    """Return the dossier as it stood on a day."""
    if day is None:
        return at_end
    as_of = date.fromisoformat(day)
    return Dossier(at_end.customer, as_of, at_end.records, numbers=at_end.numbers)


def _due_on(dossier: Dossier, loan: Read, since: str | None) -> date | None:
    """Return the day on which the inspection after that of *since* is due; None: it needs none."""
    owing = next((it for it in dossier.loans if it.id == loan.id), None)
    if owing is None:
        return None
    if since is not None:
        return date.fromisoformat(next_inspection(dossier, owing, since))
    days = dossier.number("first_followup_days")
    return date.fromisoformat(plus(loan.fields["disbursed_on"], days))


def _units_from(parents: Mapping[str, Json], unit: Json) -> Sequence[str]:
    """Return a unit and all that lie above it, the nearest first."""
    found: list[str] = []
    while isinstance(unit, str) and unit and unit not in found:
        found.append(unit)
        unit = parents.get(unit)
    return found
