"""What the system says of a loan's class: the floor that days and facts set (domain.md, section 8.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from schemas.derived.due_dates import due_after
from schemas.derived.loan_papers import LoanPapers
from schemas.derived.risk_class import (
    ClassThresholds,
    RiskClass,
    class_by_days,
    is_under_observation,
    system_class,
)
from schemas.messages import Change
from sync.guards import money
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.own_writes import put
from sync.work import Work

Json = Any
NEEDS = money.LOANS | {"classification", "parameter", "org_unit", "user"}
"""What is looked at when a class is proposed."""


def needed(changes: Iterable[Change]) -> frozenset[str]:
    """Return the types to be loaded because of *changes*; none where no class is proposed."""
    return NEEDS if any(it.type == "classification" for it in changes) else frozenset()


def follow(
    work: Work, sight: Sight, classification: RecordState, before: Mapping[str, Json]
) -> None:
    """Write beside a new proposal which class the system sets on its day."""
    loan = sight.record(classification.fields.get("loan_id"))
    if before or loan is None or classification.fields.get("system_class") is not None:
        return
    found = floor(sight, loan, date.fromisoformat(classification.fields["as_of"]))
    put(work, classification, {"system_class": found.code})


def floor(sight: Sight, loan: RecordState, as_of: date, dpd: int | None = None) -> RiskClass:
    """Return the best class that a loan may have on a day, or would have at so many days past due."""
    limits = thresholds(sight, sight.unit_of(loan.fields.get("officer_id")))
    restructured = loan.fields.get("restructured_on")
    since = date.fromisoformat(restructured) if restructured else None
    return system_class(
        _dpd(sight, loan, as_of) if dpd is None else dpd,
        restructured=is_under_observation(since, as_of),
        another_loan_is_npl=any(
            class_by_days(_dpd(sight, it, as_of), limits).is_npl
            for it in sight.under(loan.customer, "loan")
            if it.id != loan.id and it.fields.get("state") == "active"
        ),
        thresholds=limits,
    )


def thresholds(sight: Sight, unit: Json) -> ClassThresholds:
    """Return the lender's days of each class; days that do not rise are not used."""
    names = ("special_mention", "substandard", "doubtful", "loss")
    try:
        return ClassThresholds(*(sight.number(f"class_{it}_days", unit) for it in names))
    except ValueError:
        return ClassThresholds()


def is_technical(sight: Sight, loan: RecordState, proposal: Mapping[str, Json]) -> bool:
    """Tell whether a loan may stay normal: late by a few days only, and for a reason that is given."""
    days = sight.number("technical_delay_days", sight.unit_of(loan.fields.get("officer_id")))
    as_of = date.fromisoformat(proposal["as_of"])
    only_late = (
        _dpd(sight, loan, as_of) <= days and floor(sight, loan, as_of, 0) is RiskClass.NORMAL
    )
    said = (proposal.get("reason") or "").strip()
    return proposal["proposed_class"] == "normal" and only_late and bool(said)


def last_confirmed(sight: Sight, but: RecordState) -> RecordState | None:
    """Return the newest confirmed class of the loan of *but*, that one left out; None: there is none."""
    confirmed = [
        it
        for it in sight.naming("classification", "loan_id", str(but.fields.get("loan_id")))
        if it.id != but.id and it.fields.get("confirmed_by")
    ]
    return max(confirmed, key=lambda it: (it.fields["as_of"], it.created_position), default=None)


def is_better(proposal: RecordState, last: RecordState) -> bool:
    """Tell whether a proposed class is better than another one."""
    one, other = (RiskClass[it.fields["proposed_class"].upper()] for it in (proposal, last))
    return one < other


def has_paid_since(sight: Sight, loan: RecordState, since: date, as_of: date) -> bool:
    """Tell whether nothing is late, and all that fell due was paid on its day for long enough.

    Long enough are some months and some installments, whichever takes longer; a loan that has fewer
    installments left is asked for those.
    """
    unit = sight.unit_of(loan.fields.get("officer_id"))
    papers = money.papers(sight, loan)
    coming = sorted(it.due_date for it in papers.schedule() if it.due_date > since)
    due = [it for it in coming if it <= as_of]
    wanted = min(sight.number("better_class_installments", unit), len(coming))
    if as_of < due_after(since, sight.number("better_class_months", unit)) or len(due) < wanted:
        return False
    return all(papers.replay(day).state.due_today_fen == 0 for day in (*due, as_of))


def _dpd(sight: Sight, loan: RecordState, as_of: date) -> int:
    papers: LoanPapers = money.papers(sight, loan)
    return papers.replay(as_of).state.dpd
