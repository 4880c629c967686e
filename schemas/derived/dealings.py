"""What a customer's records say to the tier 客户分层 (domain.md, section 8.8): payments, contacts, cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

from schemas.derived.allocation import Split
from schemas.derived.customer_tier import Dealings
from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.dossier import local_day
from schemas.derived.loan_papers import LoanPapers
from schemas.derived.risk_class import system_class

Fields = Mapping[str, Any]

NON_PERFORMING: Final = ("substandard", "doubtful", "loss")
YEAR_MONTHS = 12


class Kept(Protocol):
    """A living record: its type, its id, and its fields."""

    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def fields(self) -> Fields: ...


def dealings_of(records: Sequence[Kept], products: Mapping[str, Fields], today: date) -> Dealings:
    """Read a customer's records; *products* by id, for the penalty.

    Raises:
        ValueError: A loan's papers are not sound.
    """
    loans = [it for it in records if it.type == "loan"]
    replayed = [(it.fields, _papers(it, records, products).replay(today)) for it in loans]
    active = [
        (fields, found.state)
        for fields, found in replayed
        if fields.get("state", "active") == "active"
    ]
    splits = [split for _, found in replayed for split in found.splits]
    contacts = [day for day in contacts_in(records) if day <= today]
    paid = [split.repayment.value_date for split in splits]
    dpd = max((state.dpd for _, state in active), default=0)
    return Dealings(
        last_on=max([*contacts, *paid], default=None),
        last_contact_on=max(contacts, default=None),
        finished_cycles=sum(it.fields.get("state") == "settled" for it in loans),
        interest_fen=_interest(splits, today),
        has_active_loan=bool(active),
        dpd=dpd,
        is_npl=system_class(dpd).is_npl
        or any(fields.get("risk_class") in NON_PERFORMING for fields, _ in active),
    )


def _papers(loan: Kept, records: Iterable[Kept], products: Mapping[str, Fields]) -> LoanPapers:
    papers = LoanPapers(loan.fields, products.get(str(loan.fields.get("product_id")), {}))
    for it in records:
        if it.fields.get("loan_id") != loan.id:
            continue
        if it.type == "installment":
            papers.installments.append(it.fields)
        elif it.type == "repayment":
            papers.repayments.append((it.id, it.fields))
    return papers


def contacts_in(records: Iterable[Kept]) -> list[date]:
    """Return the days on which somebody was in touch with the customer, later ones than today included."""
    return [day for it in records if (day := _contact(it))]


def _contact(record: Kept) -> date | None:
    """Return the day of a contact: an interaction, a visit at which somebody was met, or what an import says."""
    fields = record.fields
    if record.type == "customer":
        day = fields.get("last_contact_on")
    elif record.type == "interaction":
        day = local_day(fields["at"]) if fields.get("at") else None
    elif record.type == "visit" and fields.get("outcome") == "done":
        arrived = fields.get("arrived_at")
        day = local_day(arrived) if arrived else fields.get("planned_on")
    else:
        return None
    return date.fromisoformat(day) if day else None


def _interest(splits: Iterable[Split], today: date) -> int:
    """Add up the interest received in the last twelve months."""
    return sum(
        part.interest_fen
        for split in splits
        if today <= due_after(split.repayment.value_date, YEAR_MONTHS)
        for part in split.parts
    )
