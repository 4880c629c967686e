"""How far an officer has come in a month, as far as records on a tablet tell it (domain.md, section 8.9).

The same records give the same figure: over the server copy alone it is what the branch has accepted, with own work
on top what this tablet knows. That a finding was closed in time is told by its level: the server raises that of an
open one as soon as its day is past (section 6.5). What only the branch can tell (sync age) has no figure here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from schemas.derived.allocation import InstallmentBalance
from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.dossier import local_day
from schemas.derived.indicators import (
    data_freshness_bps,
    deposit_discipline_bps,
    finding_closure_bps,
    inspection_timeliness_bps,
    is_on_time,
    visit_completion_bps,
)
from schemas.derived.inspections_due import inspections_due
from schemas.derived.loan_papers import LoanPapers
from schemas.derived.ratios import share_bps
from schemas.derived.risk_class import class_by_days

Json = Any
Fields = Mapping[str, Json]
SURVEY_MONTHS = 12
PAR_DAYS = 30
DONE = ("completed", "accepted")
SETTLED_WITHIN_DAYS = 1


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


@dataclass(frozen=True)
class Month:
    """An officer's records and the month looked at, `YYYY-MM`; *today* where it is not over."""

    records: Sequence[Kept]
    officer: str
    period: str
    today: date
    papers: Mapping[str, LoanPapers] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The first day."""
        return date.fromisoformat(f"{self.period}-01")

    @property
    def until(self) -> date:
        """The last day that counts."""
        return min(self.today, due_after(self.first, 1) - timedelta(days=1))

    def of(self, type_name: str) -> list[Kept]:
        """Return the records of a type."""
        return [it for it in self.records if it.type == type_name]


def month_of(
    records: Sequence[Kept], products: Mapping[str, Fields], officer: str, period: str, today: date
) -> Month:
    """Return what figures are counted from; *products* by id, for the penalty."""
    papers = {
        it.id: LoanPapers(it.fields, products.get(str(it.fields.get("product_id")), {}))
        for it in records
        if it.type == "loan" and it.fields.get("officer_id") == officer
    }
    for it in records:
        mine = papers.get(str(it.fields.get("loan_id")))
        if mine is not None and it.type == "installment":
            mine.installments.append(it.fields)
        elif mine is not None and it.type == "repayment":
            mine.repayments.append((it.id, it.fields))
    return Month(records, officer, period, today, papers)


def progress(month: Month, metric: str) -> int | None:
    """Return a rate in basis points; None where nothing was due, or only the branch can tell.

    Raises:
        ValueError: A loan's papers are not sound.
    """
    count = COUNTED.get(metric)
    return count(month) if count and month.first <= month.today else None


# ----------------------------------------------------------------------------------------- visits


def _planned(month: Month) -> list[Fields]:
    """Return the visits that were first planned for a day of the month so far, but those cancelled."""
    return [
        it.fields
        for it in month.of("visit")
        if it.fields.get("officer_id") == month.officer
        and it.fields.get("state") != "cancelled"
        and month.first.isoformat() <= (_first_day(it.fields) or "") <= month.until.isoformat()
    ]


def _first_day(visit: Fields) -> str | None:
    return visit.get("original_planned_on") or visit.get("planned_on")


def _is_done(visit: Fields) -> bool:
    return visit.get("state") in DONE and visit.get("outcome") == "done"


def _visit_completion(month: Month) -> int | None:
    planned = _planned(month)
    return visit_completion_bps(sum(map(_is_done, planned)), len(planned), 0)


def _on_time_visits(month: Month) -> int | None:
    planned = _planned(month)
    on_time = [
        it
        for it in planned
        if it.get("state") in DONE
        and it.get("arrived_at")
        and is_on_time(
            date.fromisoformat(local_day(it["arrived_at"])),
            date.fromisoformat(_first_day(it) or ""),
        )
    ]
    return visit_completion_bps(len(on_time), len(planned), 0)


# ------------------------------------------------------------------------------------------ money


def _on_time_collection(month: Month) -> int | None:
    due = on_time = 0
    for papers in month.papers.values():
        for row in papers.schedule():
            if month.first <= row.due_date <= month.until:
                amount = row.principal_fen + row.interest_fen + row.fee_fen
                left = _scheduled(papers.replay(row.due_date).state.balances, {row.seq})
                due, on_time = due + amount, on_time + amount - left
    return share_bps(on_time, due)


def _clean_up(month: Month) -> int | None:
    open_fen = left_fen = 0
    for papers in month.papers.values():
        before = papers.replay(month.first - timedelta(days=1)).state.balances
        late = {it.seq for it in before if it.due_date < month.first and it.scheduled_fen > 0}
        open_fen += _scheduled(before, late)
        left_fen += _scheduled(papers.replay(month.until).state.balances, late)
    return share_bps(open_fen - left_fen, open_fen)


def _scheduled(balances: Iterable[InstallmentBalance], seqs: set[int]) -> int:
    return sum(it.scheduled_fen for it in balances if it.seq in seqs)


def _share_of(month: Month, is_bad: Callable[[int], bool]) -> int | None:
    """Return the share of outstanding principal on loans whose days past due are bad."""
    gross = bad = 0
    for papers in month.papers.values():
        if papers.loan.get("state", "active") == "active":
            state = papers.replay(month.until).state
            gross += state.outstanding_principal_fen
            bad += state.outstanding_principal_fen if is_bad(state.dpd) else 0
    return share_bps(bad, gross)


def _deposit_discipline(month: Month) -> int | None:
    """Of the cash the officer took, reversed receipts aside: in a confirmed deposit of its day or the next."""
    receipts = month.of("repayment")
    undone = {it.fields.get("reverses_id") for it in receipts}
    settled = {
        receipt: date.fromisoformat(it.fields["business_date"])
        for it in month.of("cash_deposit")
        if it.fields.get("state") == "confirmed"
        for receipt in it.fields.get("receipt_ids") or ()
    }
    cash = in_time = 0
    for it in receipts:
        mine = it.fields.get("collected_by") == month.officer and it.fields.get("channel") == "cash"
        if not mine or it.fields.get("reverses_id") or it.id in undone:
            continue
        day = date.fromisoformat(it.fields["value_date"])
        if month.first <= day <= month.until:
            handed_in = settled.get(it.id, date.max)
            cash += it.fields["amount_fen"]
            in_time += (
                it.fields["amount_fen"] if (handed_in - day).days <= SETTLED_WITHIN_DAYS else 0
            )
    return deposit_discipline_bps(in_time, cash)


# ------------------------------------------------------------------------------------ inspections


def _inspection_timeliness(month: Month) -> int | None:
    due = list(inspections_due(month.records, month.officer, month.first, month.until))
    return inspection_timeliness_bps(sum(it.in_time for it in due), len(due))


def _finding_closure(month: Month) -> int | None:
    """Of the findings to be put right by a day of the month so far, the waived aside: those closed."""
    due = [
        it.fields
        for it in month.of("finding")
        if it.fields.get("owner_id") == month.officer
        and it.fields.get("state") != "waived"
        and month.first.isoformat() <= (it.fields.get("due_on") or "") <= month.until.isoformat()
    ]
    in_time = [it for it in due if it.get("state") == "closed" and not it.get("level")]
    return finding_closure_bps(len(in_time), len(due))


# ------------------------------------------------------------------------------------------- data


def _data_freshness(month: Month) -> int | None:
    active = {it.id for it in month.of("customer") if it.fields.get("state") == "active"}
    fresh = {
        it.customer
        for it in month.of("cashflow_survey")
        if (on := it.fields.get("surveyed_on"))
        and on <= month.until.isoformat()
        and month.until <= due_after(date.fromisoformat(on), SURVEY_MONTHS)
    }
    return data_freshness_bps(len(active & fresh), len(active))


COUNTED: Mapping[str, Callable[[Month], int | None]] = {
    "visit_completion": _visit_completion,
    "on_time_visits": _on_time_visits,
    "on_time_collection": _on_time_collection,
    "clean_up": _clean_up,
    "par30": lambda month: _share_of(month, lambda dpd: dpd > PAR_DAYS),
    "npl": lambda month: _share_of(month, lambda dpd: class_by_days(dpd).is_npl),
    "inspection_timeliness": _inspection_timeliness,
    "finding_closure": _finding_closure,
    "data_freshness": _data_freshness,
    "deposit_discipline": _deposit_discipline,
}
"""By the name of the indicator, those that records on a tablet tell."""
