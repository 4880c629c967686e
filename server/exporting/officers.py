"""What each officer did in a period 考核: visits, collection with the risk beside it, cash (domain.md, section 8.9).

The period is the span that is asked for; without a first day it begins with the month of its last, and its last
day is today at the latest. A fixed number of statements; the sums are made from the records as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from schemas.derived.due_dates import due_after
from schemas.derived.indicators import (
    collection_of,
    data_freshness_bps,
    deposit_discipline_bps,
    is_on_time,
    on_time_visits_bps,
    visit_completion_bps,
)
from schemas.derived.loan_papers import LoanPapers
from schemas.derived.portfolio import LoanStanding, portfolio_of

if TYPE_CHECKING:
    from server.exporting.tables import Source, Span

Json = Any
Fields = Mapping[str, Json]
OFFICERS = (
    "officer", "since", "until", "visits_planned", "visits_cancelled", "visits_done",
    "visit_completion_bps", "visits_on_time", "on_time_visits_bps", "due_fen", "on_time_fen",
    "on_time_collection_bps", "arrears_fen", "cleared_fen", "clean_up_bps", "outstanding_fen",
    "par30_fen", "par30_bps", "customers", "surveyed", "data_freshness_bps", "cash_fen",
    "settled_fen", "deposit_discipline_bps", "id",
)  # fmt: skip
DONE = ("completed", "accepted")
MONTHS_OF_A_SURVEY = 12
SETTLED_WITHIN_DAYS = 1


@dataclass
class Counts:
    """The visits, the customers and the cash of one officer in a period."""

    planned: int = 0
    cancelled: int = 0
    done: int = 0
    on_time: int = 0
    customers: int = 0
    surveyed: int = 0
    cash_fen: int = 0
    settled_fen: int = 0


@dataclass
class Dues:
    """What fell due to one officer in a period, and how his loans stand at its end; amounts in fen."""

    due_fen: int = 0
    on_time_fen: int = 0
    arrears_fen: int = 0
    cleared_fen: int = 0
    loans: list[LoanStanding] = field(default_factory=list)

    def add(self, papers: LoanPapers, since: date, until: date) -> None:
        """Count a loan in."""
        if papers.loan["disbursed_on"] > until.isoformat():
            return
        schedule = papers.schedule()
        at_end = papers.replay(until).state
        self.loans.append(
            LoanStanding(
                at_end.outstanding_principal_fen, at_end.dpd, bool(papers.loan.get("restructured_on")),
                papers.loan["state"] == "written_off",
            )
        )  # fmt: skip
        for day in sorted({it.due_date for it in schedule if since <= it.due_date <= until}):
            due = sum(
                it.principal_fen + it.interest_fen + it.fee_fen
                for it in schedule
                if it.due_date == day
            )
            self.due_fen += due
            self.on_time_fen += due - _open(papers, day, lambda it, day=day: it == day)
        before = since - timedelta(days=1)
        old = _open(papers, before, lambda it: it < since)
        self.arrears_fen += old
        self.cleared_fen += old - _open(papers, until, lambda it: it < since)


def _open(papers: LoanPapers, as_of: date, wanted: Any) -> int:
    """Return what is unpaid on a day of the installments with *wanted* due dates, without penalty."""
    balances = papers.replay(as_of).state.balances
    return sum(it.scheduled_fen for it in balances if wanted(it.due_date))


def lines(source: Source, span: Span) -> Iterator[tuple[Json, ...]]:
    """Yield a row for each officer, and for whoever else looks after a customer or was on a visit."""
    until = min(span.until or source.today, source.today)
    since = min(span.since or until.replace(day=1), until)
    primary = _primaries(source, until)
    counts, dues = _counts(source, since, until, primary), _dues(source, since, until, primary)
    people = [it.id for it in source.records("user") if it.fields.get("role") == "officer"]
    others = sorted({*counts, *dues} - set(people))
    for user in [*people, *others]:
        yield _line(source, user, (since, until), counts[user], dues[user])


def _line(
    source: Source, user: str, span: tuple[date, date], did: Counts, owed: Dues
) -> tuple[Json, ...]:
    portfolio = portfolio_of(owed.loans)
    rates = collection_of(
        portfolio, due_fen=owed.due_fen, on_time_fen=owed.on_time_fen,
        arrears_fen=owed.arrears_fen, cleared_fen=owed.cleared_fen,
    )  # fmt: skip
    return (
        source.title("user", "name", user), *(it.isoformat() for it in span), did.planned,
        did.cancelled, did.done, visit_completion_bps(did.done, did.planned, did.cancelled),
        did.on_time, on_time_visits_bps(did.on_time, did.planned, did.cancelled), owed.due_fen,
        owed.on_time_fen, rates.on_time_bps, owed.arrears_fen, owed.cleared_fen,
        rates.clean_up_bps, portfolio.gross_fen, portfolio.par30_fen, rates.par30_bps,
        did.customers, did.surveyed, data_freshness_bps(did.surveyed, did.customers), did.cash_fen,
        did.settled_fen, deposit_discipline_bps(did.settled_fen, did.cash_fen), user,
    )  # fmt: skip


def _primaries(source: Source, on: date) -> dict[str, str]:
    """Return who looks after each customer at the end of a day."""
    found: dict[str, str] = {}
    for row in source.records("assignment"):
        it: Fields = row.fields
        last = it.get("valid_to")
        begun = it["valid_from"] <= on.isoformat()
        if it["role"] == "primary" and begun and (last is None or last > on.isoformat()):
            found[it["customer_id"]] = it["officer_id"]
    return found


def _counts(
    source: Source, since: date, until: date, primary: Mapping[str, str]
) -> defaultdict[str, Counts]:
    found: defaultdict[str, Counts] = defaultdict(Counts)
    first, last = since.isoformat(), until.isoformat()
    for row in source.records("visit"):
        it: Fields = row.fields
        on = it.get("original_planned_on") or it.get("planned_on")
        officer = it.get("officer_id")
        if officer is not None and on is not None and first <= on <= last:
            _visit(source, found[officer], it, date.fromisoformat(on))
    fresh = due_after(until, -MONTHS_OF_A_SURVEY).isoformat()
    surveyed = {
        it.customer
        for it in source.records("cashflow_survey")
        if fresh < str(it.fields.get("surveyed_on") or "") <= last
    }
    for row in source.records("customer"):
        officer = primary.get(row.id)
        if officer is not None and row.fields.get("state") == "active":
            found[officer].customers += 1
            found[officer].surveyed += row.id in surveyed
    _cash(source, found, first, last)
    return found


def _visit(source: Source, did: Counts, fields: Fields, planned: date) -> None:
    did.planned += 1
    did.cancelled += fields.get("state") == "cancelled"
    if fields.get("state") not in DONE:
        return
    did.done += fields.get("outcome") == "done"
    if left := fields.get("left_at"):
        did.on_time += is_on_time(date.fromisoformat(source.local_day(left)), planned)


def _cash(source: Source, found: defaultdict[str, Counts], first: str, last: str) -> None:
    """Count cash, and what of it lies in a confirmed deposit of its day or the next."""
    settled = {
        receipt: date.fromisoformat(it.fields["business_date"])
        for it in source.records("cash_deposit")
        if it.fields.get("state") == "confirmed"
        for receipt in it.fields.get("receipt_ids") or ()
    }
    rows = list(source.records("repayment"))
    undone = {it.fields.get("reverses_id") for it in rows}
    for row in rows:
        it: Fields = row.fields
        counts = it["channel"] == "cash" and not it.get("reverses_id") and row.id not in undone
        if not counts or not it.get("collected_by") or not first <= it["value_date"] <= last:
            continue
        did, day = found[it["collected_by"]], date.fromisoformat(it["value_date"])
        did.cash_fen += it["amount_fen"]
        if row.id in settled and (settled[row.id] - day).days <= SETTLED_WITHIN_DAYS:
            did.settled_fen += it["amount_fen"]


def _dues(
    source: Source, since: date, until: date, primary: Mapping[str, str]
) -> defaultdict[str, Dues]:
    rows = _by_loan(source.records("installment"))
    paid = _by_loan(source.records("repayment"))
    products = {it.id: it.fields for it in source.records("product")}
    found: defaultdict[str, Dues] = defaultdict(Dues)
    for loan in source.records("loan"):
        officer = primary.get(loan.customer)
        if officer is None:
            continue
        papers = LoanPapers(
            loan.fields,
            products.get(loan.fields.get("product_id"), {}),
            [it.fields for it in rows[loan.id]],
            [(it.id, it.fields) for it in paid[loan.id]],
        )
        found[officer].add(papers, since, until)
    return found


def _by_loan(rows: Iterable[Any]) -> Mapping[str, Sequence[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for it in rows:
        found[it.fields["loan_id"]].append(it)
    return found
