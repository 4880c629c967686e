"""The loan that an approved application becomes on the day it is paid out (domain.md, sections 5.5 and 8.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from schemas.derived.due_dates import due_after
from schemas.derived.schedule import Installment, PlannedPrincipal, Terms, build_schedule
from schemas.terms import TERMS

Json = Any
Fields = Mapping[str, Json]


def approved(application: Fields, decisions: Sequence[Fields]) -> dict[str, Json]:
    """Return the terms in force: those of the last approval that names any, else those asked for."""
    named = [it for it in decisions if it.get("outcome") == "approve" and it.get("amount_fen")]
    source = named[-1] if named else application
    return {name: source.get(name) for name, *_ in TERMS}


def of_what_is_owed(terms: Fields, owed_fen: int) -> dict[str, Json]:
    """Return the terms for what is owed of a loan to be restructured: what was paid since is off the first harvests."""
    left = max((terms.get("amount_fen") or 0) - owed_fen, 0)
    plan = []
    for row in terms.get("plan") or ():
        less = min(left, row["principal_fen"])
        left -= less
        plan.append({**row, "principal_fen": row["principal_fen"] - less})
    return {**terms, "amount_fen": owed_fen, "plan": plan or None}


def schedule(terms: Fields, product: Fields, on: date) -> tuple[Installment, ...]:
    """Return the installments of a loan paid out on a day.

    Raises:
        ValueError: nobody can pay out on these terms that day, for a date of them is not after it.
    """
    method, last_day = terms["method"], _last_day(terms, on)
    months = (last_day.year - on.year) * 12 + last_day.month - on.month
    is_plan = method == "seasonal"
    plan = tuple(
        PlannedPrincipal(date.fromisoformat(it["due_date"]), it["principal_fen"])
        for it in (terms.get("plan") or () if is_plan else ())
    )
    return build_schedule(
        Terms(
            method=method,
            principal_fen=terms["amount_fen"],
            rate_bps=terms["rate_bps"],
            disbursed_on=on,
            count=terms.get("term_months") or max(1, months),
            first_due_on=last_day if method == "bullet" else None,
            plan=plan,
            day_count=product.get("day_count") or "act360",
        )
    )


def _last_day(terms: Fields, on: date) -> date:
    named = terms.get("maturity_date")
    return date.fromisoformat(named) if named else due_after(on, terms.get("term_months") or 1)
