"""Whom nobody was in touch with, cash in hand, id cards that run out: what Today and a dossier warn of.

Pending work counts, and only what is on this device (domain.md, sections 5.2, 5.5 and 8.8).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from field_client import views
from field_client.day import Duty
from field_client.store import Store
from field_client.warnings import units_from
from schemas.derived.cash_in_hand import cash_in_hand_fen
from schemas.derived.contact_rhythm import silence_of
from schemas.derived.early_warning.declared import number_for
from schemas.derived.early_warning.dossier import Kept
from schemas.derived.id_card import id_card_ends_on
from schemas.parameter import DEFAULTS
from sync.rebase import View

Json = Any
FAULTS = (ArithmeticError, KeyError, TypeError, ValueError)
"""A figure that cannot be: the rest is shown all the same."""

READ = ("visit", "interaction", "loan", "installment", "repayment")
"""Types that tell when somebody was in touch, and how valued a customer is: each is read once."""


def silences(store: Store, today: date) -> list[Duty]:
    """Return the customers whom nobody was in touch with within their rhythm, the longest overdue first."""
    by_customer: dict[str | None, list[View]] = defaultdict(list)
    for type_name in READ:
        for it in views.records(store, type_name):
            if not it.gone:
                by_customer[it.customer].append(it)
    products = {it.id: it.fields for it in views.records(store, "product")}
    found = []
    for customer in views.records(store, "customer"):
        records = [customer, *by_customer[customer.id]]
        try:
            silence = silence_of(customer.fields, records, products, today)
        except FAULTS:
            continue
        if silence is not None:
            found.append(Duty("rhythm", customer.id, customer, silence.due_on))
    return sorted(found, key=lambda it: (it.due_on, it.record.id))


@dataclass(frozen=True)
class Cash:
    """Cash in hand and what may be carried, in fen."""

    fen: int
    limit_fen: int

    @property
    def is_too_much(self) -> bool:
        """Tell whether it passes the limit."""
        return self.fen > self.limit_fen


def cash(store: Store, today: date) -> Cash:
    """Return the cash that the user took and nobody has confirmed to have received."""
    user = store.user_id()
    me = views.shown(store, user)
    limit = _number(store, "cash_limit_fen", me.fields.get("unit_id") if me else None, today)
    receipts = [it for it in views.records(store, "repayment") if not it.gone]
    deposits = [it for it in views.records(store, "cash_deposit") if not it.gone]
    try:
        return Cash(cash_in_hand_fen(receipts, deposits, user), limit)
    except FAULTS:
        return Cash(0, limit)


def id_card_ends(store: Store, customer: View, today: date) -> date | None:
    """Return the last day of an id card that runs out soon, or has run out."""
    days = _number(store, "id_card_warn_days", customer.fields.get("village_id"), today)
    try:
        return id_card_ends_on(customer.fields.get("id_valid_to"), today, days)
    except FAULTS:
        return None


def _number(store: Store, key: str, unit: Json, today: date) -> int:
    found = views.records(store, "parameter")
    parameters = [Kept(it.type, it.id, it.fields) for it in sorted(found, key=lambda it: it.id)]
    units = list(units_from(store, unit))
    return number_for(key, DEFAULTS[key], parameters, units, today.isoformat())
