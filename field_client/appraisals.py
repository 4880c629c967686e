"""What the household's survey says of an application, and the customer's tier, on this device.

Pending work counts, and only what is here (domain.md, sections 8.6 to 8.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from field_client import loans, views
from field_client.store import Store
from schemas.derived.appraisal import Appraisal, Papers, appraise
from schemas.derived.customer_tier import Tier, tier_of
from schemas.derived.dealings import dealings_of
from sync.rebase import View

Json = Any
FAULTS = (ArithmeticError, KeyError, TypeError, ValueError)
"""A figure that cannot be: the record is shown all the same."""


def of_application(store: Store, application: View, today: date) -> Appraisal | None:
    """Hold an application against its survey; None where there is none that can be read."""
    records = [it for it in views.records(store, customer=application.customer) if not it.gone]
    surveys = [it for it in records if it.type == "cashflow_survey"]
    own = [it for it in surveys if it.fields.get("application_id") == application.id]
    survey = _newest(own or surveys, "surveyed_on")
    if survey is None:
        return None
    valid = [
        it
        for it in records
        if it.type == "credit_rating" and str(it.fields.get("valid_to", "")) >= today.isoformat()
    ]
    rating = _newest(valid, "valid_to")
    customer = views.shown(store, application.customer) if application.customer else None
    product = views.shown(store, str(application.fields.get("product_id")))
    running = [it for it in records if it.type == "loan" and it.fields.get("state") == "active"]
    try:
        papers = Papers(
            survey=survey.fields,
            customer=customer.fields if customer else {},
            product=product.fields if product else {},
            rating=rating.fields if rating else None,
            exposure_fen=sum(
                loans.replayed(store, it, today).state.outstanding_principal_fen for it in running
            ),
        )
        return appraise(application.fields, papers, today)
    except FAULTS:
        return None


def of_customer(store: Store, customer: View, today: date) -> Tier | None:
    """Return the customer's tier; None where a loan's papers are not sound."""
    records = [it for it in views.records(store, customer=customer.id) if not it.gone]
    wanted = {str(it.fields.get("product_id")) for it in records if it.type == "loan"}
    found = {it: views.shown(store, it) for it in wanted}
    products = {key: it.fields for key, it in found.items() if it}
    try:
        return tier_of(dealings_of(records, products, today), today)
    except FAULTS:
        return None


def as_json(appraisal: Appraisal) -> dict[str, Json]:
    """Return an appraisal for a program to read."""
    rated = appraisal.rated
    return {
        "tried": [
            {
                "method": it.method,
                "passes": it.capacity.passes,
                "lowest_month": f"{it.capacity.lowest.month:%Y-%m}",
                "lowest_fen": it.capacity.lowest.fen,
                "failed": [
                    {
                        "test": test.test,
                        "short_fen": test.short_fen,
                        "month": f"{test.month:%Y-%m}" if test.month else None,
                    }
                    for test in it.capacity.failed
                ],
            }
            for it in appraisal.tried
        ],
        "rating": rated
        and {"total": rated.total, "grade": rated.grade, "limit_fen": rated.limit.limit_fen},
    }


def _newest(records: Iterable[View], by: str) -> View | None:
    return max(records, key=lambda it: (str(it.fields.get(by, "")), it.id), default=None)
