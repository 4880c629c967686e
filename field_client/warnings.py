"""Early warning on this device (domain.md, section 9): what holds for a customer, seen without a network.

The same rules as the server's, over what is here: pending work counts, colleagues' customers do not. The
server makes the records; a signal that is one already is not told a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from field_client import loans, views
from field_client.store import Store
from schemas.derived.early_warning.declared import disasters_for, numbers_for
from schemas.derived.early_warning.dossier import Dossier, Kept, Late
from schemas.derived.early_warning.rules import RULES, signals
from schemas.derived.early_warning.signals import Signal
from schemas.derived.early_warning.standing import BY_OTHERS, outlived
from sync.rebase import View

Json = Any


def of_customer(store: Store, customer: View, today: date) -> list[Signal]:
    """Return what the rules find for a customer and no record says yet, the gravest first."""
    records = views.records(store, customer=customer.id)
    known = {it.id for it in records if it.type == "warning_signal"}
    dossier = _dossier(store, customer, records, today)
    try:
        return [it for it in signals(dossier) if it.id not in known]
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return []  # a figure that cannot be: the dossier is shown all the same


def outlived_of(store: Store, customer: View, today: date) -> list[str]:
    """Return the ids of a customer's standing signals whose reason has gone, as far as this device can tell."""
    records = [it for it in views.records(store, customer=customer.id) if not it.gone]
    dossier = _dossier(store, customer, records, today)
    try:
        return outlived(records, signals(dossier), RULES.keys() - BY_OTHERS)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return []


def _dossier(store: Store, customer: View, records: list[View], today: date) -> Dossier:
    village = customer.fields.get("village_id")
    units = list(units_from(store, village))
    parameters = sorted(map(_kept, views.records(store, "parameter")), key=lambda it: it.id)
    shown = {it.id: _kept(it) for it in [customer, *records]}
    products = {it.fields.get("product_id") for it in records if it.type == "loan"}
    found = [views.shown(store, str(it)) for it in products if it]
    return Dossier(
        customer.id,
        today,
        [*shown.values(), *(_kept(it) for it in found if it)],
        circle=list(_circle(store, customer, records, today)),
        disasters=disasters_for(parameters, units, str(village), today.isoformat()),
        numbers=numbers_for(parameters, units, today.isoformat()),
    )


def _kept(view: View) -> Kept:
    return Kept(view.type, view.id, view.fields)


def units_from(store: Store, unit: Json) -> Iterator[str]:
    """Yield a unit and all that lie above it, the nearest first."""
    seen: set[str] = set()
    while isinstance(unit, str) and unit not in seen:
        seen.add(unit)
        yield unit
        found = views.shown(store, unit)
        unit = found.fields.get("parent_id") if found else None


def _circle(store: Store, customer: View, records: list[View], today: date) -> Iterator[Late]:
    """Yield the loans of those bound to the customer, as far as they are on this device (W07)."""
    group = customer.fields.get("group_id")
    bound = {
        it.id
        for it in views.records(store, "customer")
        if group and it.fields.get("group_id") == group
    }
    for it in views.records(store, "guarantor"):
        pair = {it.customer, it.fields.get("guarantor_customer_id")}
        if customer.id in pair:
            bound |= {str(one) for one in pair if one}
    for other in sorted(bound - {customer.id}):
        for loan in views.records(store, "loan", other):
            if loan.fields.get("state", "active") == "active":
                state = loans.replayed(store, loan, today).state
                oldest = date.fromordinal(today.toordinal() - state.dpd)
                yield Late(other, loan.id, oldest.isoformat())
