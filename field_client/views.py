"""What the user sees of records: the server copy with pending sets on top, looked up and searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from field_client.faults import AmbiguousError, NotHereError
from field_client.store import Store
from sync.rebase import View, view

Json = Any
SHORTEST_TAIL = 4
"""Fewer digits than this of an id or a phone would find half the branch."""


def shown(store: Store, record: str) -> View | None:
    """Return a record as its user sees it, also one that he has removed; None: nothing to show."""
    record = store.survivor_of(record)
    found = view(store.held(record), store.pending_of(record), store.registry)
    return store.under_survivor(found)


def record(store: Store, wanted: str) -> View:
    """Return a record by its id, or by the beginning of it.

    Raises:
        NotHereError, AmbiguousError: none, or several.
    """
    whole = shown(store, wanted)
    if whole is not None:
        return whole
    found = [it for name in store.ids_like(wanted) if (it := shown(store, name)) is not None]
    if len(wanted) < SHORTEST_TAIL or not found:
        raise NotHereError(id=wanted)
    if len(found) > 1:
        raise AmbiguousError(id=wanted, count=len(found))
    return found[0]


def records(store: Store, type_name: str | None = None, customer: str | None = None) -> list[View]:
    """Return the records that the user sees, of a type and under a customer where given."""
    return [it for it in _all(store, type_name, customer) if not it.removed]


def _all(store: Store, type_name: str | None, customer: str | None) -> Iterator[View]:
    touched = store.touched(type_name, customer)
    for held in store.held_of(type_name, customer):
        pending = store.pending_of(held.id) if held.id in touched else ()
        touched.discard(held.id)
        found = store.under_survivor(view(held, pending, store.registry))
        if found is not None:
            yield found
    for name in sorted(touched):
        found = shown(store, name)
        if found is not None:
            yield found


def title(store: Store, one: View) -> str:
    """Return the words by which people recognise a record."""
    declared = store.registry.get(one.type)
    name = declared.title_field if declared else None
    return str(one.fields.get(name or "", "") or one.id[:8])


def name_of(store: Store, record_id: str | None) -> str:
    """Return the name of a customer, user or unit; the beginning of its id where it is not here."""
    if record_id is None:
        return ""
    found = shown(store, record_id)
    return title(store, found) if found else record_id[:8]


def search(store: Store, text: str) -> list[View]:
    """Return the customers that a few typed characters may mean, by name.

    They fit a part of the name (in characters or Latin letters), of the village's name, of the
    customer or loan number, or the last digits of the id number or a phone.
    """
    wanted = text.strip().casefold()
    villages = {it.id: title(store, it) for it in records(store, "org_unit")}
    loans: dict[str | None, list[str]] = {}
    for loan in records(store, "loan"):
        loans.setdefault(loan.customer, []).append(str(loan.fields.get("loan_no", "")))
    found = [
        it for it in records(store, "customer")
        if _fits(it, wanted, villages.get(str(it.fields.get("village_id")), ""), loans.get(it.id, []))
    ]  # fmt: skip
    return sorted(found, key=lambda it: (str(it.fields.get("name", "")), it.id))


def _fits(customer: View, wanted: str, village: str, loan_numbers: list[str]) -> bool:
    fields = customer.fields
    latin = str(fields.get("name_latin", ""))
    initials = "".join(word[0] for word in latin.split())
    words = [
        str(fields.get("name", "")), latin, latin.replace(" ", ""), initials,
        str(fields.get("customer_no", "")), village, *loan_numbers,
    ]  # fmt: skip
    if any(wanted in word.casefold() for word in words if word):
        return True
    if len(wanted) < SHORTEST_TAIL:
        return False
    numbers = [str(fields.get(name, "")) for name in ("id_no", "phone", "phone_alt")]
    return any(number.casefold().endswith(wanted) for number in numbers)
