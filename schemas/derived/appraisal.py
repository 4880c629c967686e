"""An application held against its household's survey: what carries it, and the rated limit.

One reading for the field client and the tablet (domain.md, sections 8.6 and 8.7).
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from schemas.derived.capacity import Capacity, CashFlow, PlannedLoan, assess
from schemas.derived.credit_limit import GRADE_CAPS_FEN, CreditLimit, credit_limit
from schemas.derived.day_count import DayCount
from schemas.derived.due_dates import due_after
from schemas.derived.schedule import Method, PlannedPrincipal, Terms, build_schedule
from schemas.derived.scorecard import Grade, grade_of
from schemas.derived.survey import cash_flow_of

Fields = Mapping[str, Any]

USUAL_TERM_MONTHS = 12
LEVEL: Final = "equal_installment"


@dataclass(frozen=True, slots=True)
class Tried:
    """A way to repay, and whether the household can."""

    method: str
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Rated:
    """The sum of the rating's points, its grade, and the limit that it and the survey give."""

    total: int
    grade: Grade
    limit: CreditLimit


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What is asked for comes first, then equal installments; a way that is not complete is left out."""

    tried: tuple[Tried, ...]
    rated: Rated | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Fields of the records that an application is held against.

    Args:
        rating: None where the household has not been rated.
        exposure_fen: Principal that it owes already.
    """

    survey: Fields
    customer: Fields
    product: Fields
    rating: Fields | None = None
    exposure_fen: int = 0


def appraise(application: Fields, papers: Papers, today: date) -> Appraisal:
    """Appraise *application*; it counts as paid out today, or on the survey's first day if that comes.

    Raises:
        ValueError: The survey cannot be read.
    """
    cash_flow = cash_flow_of(papers.survey)
    paid_out = max(today, cash_flow.month(0))
    methods = dict.fromkeys([application.get("method"), LEVEL])
    tried = list[Tried]()
    for method in methods:
        with suppress(ArithmeticError, KeyError, TypeError, ValueError):
            loan = _planned(str(method), application, papers.product, paid_out)
            tried.append(Tried(str(method), assess(cash_flow, loan)))
    return Appraisal(tuple(tried), _rated(application, papers, cash_flow))


def net_assets_fen(customer: Fields) -> int:
    """Return what the household has, less what it owes elsewhere."""
    return sum(_leaves(customer, "assets", "value_fen")) - sum(
        _leaves(customer, "debts", "balance_fen")
    )


def _planned(method: str, application: Fields, product: Fields, paid_out: date) -> PlannedLoan:
    """Plan the loan as it would be paid back by *method*."""
    term = application.get("term_months")
    due = None
    if method == "bullet":
        ends = application.get("maturity_date")
        due = date.fromisoformat(ends) if ends else due_after(paid_out, int(term or 0))
    terms = Terms(
        method=cast(Method, method),
        principal_fen=application["amount_fen"],
        rate_bps=application["rate_bps"],
        disbursed_on=paid_out,
        count=term or USUAL_TERM_MONTHS,
        first_due_on=due,
        plan=_plan(application) if method == "seasonal" else (),
        day_count=cast(DayCount, product.get("day_count", "act360")),
    )
    return PlannedLoan(terms.principal_fen, paid_out, build_schedule(terms))


def _plan(application: Fields) -> tuple[PlannedPrincipal, ...]:
    rows = application.get("plan") or ()
    return tuple(
        PlannedPrincipal(date.fromisoformat(row["due_date"]), row["principal_fen"]) for row in rows
    )


def _rated(application: Fields, papers: Papers, cash_flow: CashFlow) -> Rated | None:
    scores = (papers.rating or {}).get("scores")
    rate = application.get("rate_bps")
    if not isinstance(scores, Mapping) or not isinstance(rate, int):
        return None
    total = sum(points for points in scores.values() if isinstance(points, int))
    grade = grade_of(total)
    limit = credit_limit(
        grade,
        cash_flow,
        net_assets_fen=net_assets_fen(papers.customer),
        product_cap_fen=papers.product.get("max_amount_fen") or GRADE_CAPS_FEN["AAA"],
        rate_bps=rate,
        term_months=application.get("term_months") or USUAL_TERM_MONTHS,
        exposure_fen=papers.exposure_fen,
    )
    return Rated(total, grade, limit)


def _leaves(fields: Fields, name: str, leaf: str) -> Iterator[int]:
    for path, value in fields.items():
        parts = path.split(".")
        if len(parts) == 3 and (parts[0], parts[2]) == (name, leaf) and isinstance(value, int):
            yield value
