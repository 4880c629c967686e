"""What is told first: a customer's troubles, and how far its user has come in a month (domain.md, 5.6 and 8.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from field_client import views
from field_client.store import Store
from schemas.derived.customer_tier import contact_due_on
from schemas.derived.dealings import dealings_of
from schemas.derived.progress import COUNTED, Kept, month_of, progress
from schemas.derived.troubles import Trouble, troubles
from sync.rebase import View

Json = Any
FAULTS = (ArithmeticError, KeyError, TypeError, ValueError)
"""A figure that cannot be: the rest is shown all the same."""


def troubles_of(store: Store, customer: str) -> list[Trouble]:
    """Return a customer's requests, problems and complaints, the open ones first."""
    return troubles([it for it in views.records(store, customer=customer) if not it.gone])


@dataclass(frozen=True)
class Figure:
    """One indicator of a month: as this device knows it, as the server has accepted it, and the target.

    Rates are basis points; None where nothing was due, or only the branch can tell.
    """

    metric: str
    here: int | None
    accepted: int | None
    target: int | None

    def plain(self) -> dict[str, Json]:
        """Return it for a program to read."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def figures(store: Store, period: str, today: date) -> list[Figure]:
    """Return the user's indicators of a month `YYYY-MM`: those that have a target, and those counted here."""
    user = store.user_id()
    targets = {
        str(it.fields.get("metric")): it.fields.get("target_value")
        for it in views.records(store, "target")
        if (it.fields.get("officer_id"), it.fields.get("period")) == (user, period)
    }
    here = [it for it in views.records(store) if not it.gone]
    accepted = [it for it in store.held_of() if not it.gone]
    return [
        Figure(
            name,
            _counted(store, here, name, user, period, today),
            _counted(store, accepted, name, user, period, today),
            targets.get(name),
        )
        for name in dict.fromkeys([*COUNTED, *targets])
    ]


def _counted(
    store: Store, records: list[Any], metric: str, user: str, period: str, today: date
) -> int | None:
    known: list[Kept] = records
    products = {it.id: it.fields for it in views.records(store, "product")}
    try:
        return progress(month_of(known, products, user, period, today), metric)
    except FAULTS:
        return None


def contact_due(store: Store, customer: View, today: date) -> date | None:
    """Return by when to be in touch with a customer, by the rhythm of his tier; None: nothing tells."""
    records = [it for it in views.records(store, customer=customer.id) if not it.gone]
    products = {it.id: it.fields for it in views.records(store, "product")}
    try:
        return contact_due_on(dealings_of(records, products, today), today)
    except FAULTS:
        return None
