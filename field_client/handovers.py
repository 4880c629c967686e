"""A person's part in a handover, on the device and without a network (domain.md, section 6.7).

Notes, appraisals, answers and signatures are written offline; the server makes the moves that follow from
them when they arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from field_client import views
from field_client.actions import Desk
from field_client.faults import NotPossibleError
from field_client.sets import OwnSet
from field_client.store import Store
from schemas.signatures import signature
from schemas.values import format_instant
from sync.guards.handovers import FIXED, PEOPLE, customers
from sync.rebase import View

Json = Any
Asks = Literal["note", "appraise", "answer", "sign"]
WRITTEN: Mapping[str, tuple[str, Asks]] = {
    "from_officer_id": ("from_risk_note", "note"),
    "to_officer_id": ("objection", "answer"),
    "witness_id": ("appraisal", "appraise"),
}
"""What each of the three writes about a customer, and how a handover asks for it."""


def handovers(store: Store) -> list[View]:
    """Return the handovers on this device, those that ask something of its user first, then the newest."""
    found = views.records(store, "handover")
    return sorted(found, key=lambda it: (asks(store, it) is None, _newest_first(it)))


def _newest_first(handover: View) -> list[int]:
    return [-ord(it) for it in handover.id]


def part_of(store: Store, handover: View) -> str | None:
    """Return the field that names this device's user in a handover; None: none does."""
    me = store.user_id()
    return next((it for it in PEOPLE if handover.fields.get(it) == me), None)


def asks(store: Store, handover: View) -> Asks | None:
    """Return what a handover waits for from this device's user; None: nothing."""
    part, fields = part_of(store, handover), handover.fields
    if part is None or fields.get("state") in ("draft", *(set(FIXED) - {"agreed"})):
        return None
    if fields.get("state") == "agreed":
        return None if has_signed(store, handover) else "sign"
    leaf, asked = WRITTEN[part]
    if part == "to_officer_id":
        open_ = fields.get("state") == "in_review"
        return (
            asked if open_ and any(not is_answered(handover, it) for it in _of(handover)) else None
        )
    missing = any(not fields.get(f"items.{it}.{leaf}") for it in _of(handover))
    return asked if missing else None


def is_answered(handover: View, customer: str) -> bool:
    """Tell whether the incoming officer has said something of a customer; it stands then."""
    said = (handover.fields.get(f"items.{customer}.{it}") for it in ("agreed", "objection"))
    return any(said)


def has_signed(store: Store, handover: View) -> bool:
    """Tell whether this device's user has signed."""
    me = store.user_id()
    return any(
        path.startswith("signed_by.") and path.endswith(".user") and value == me
        for path, value in handover.fields.items()
    )


def write(desk: Desk, handover: View, words: Mapping[str, str]) -> OwnSet:
    """Store the user's note or appraisal of customers, given by customer.

    Raises:
        NotPossibleError: the user has no such part, it is settled, or a customer is not on the list.
    """
    part = part_of(desk.store, handover)
    if part not in ("from_officer_id", "witness_id"):
        raise NotPossibleError(reason="not-your-part")
    leaf = WRITTEN[part][0]
    return _save(
        desk, handover, "handover.write", {f"items.{it}.{leaf}": words[it] for it in words}
    )


def answer(desk: Desk, handover: View, objections: Mapping[str, str | None]) -> OwnSet:
    """Store the incoming officer's answers: None takes a customer over, a text is why not.

    Raises:
        NotPossibleError: it is not his to answer, not the time, or a reason is missing.
    """
    if part_of(desk.store, handover) != "to_officer_id":
        raise NotPossibleError(reason="not-your-part")
    if any(it is not None and not it.strip() for it in objections.values()):
        raise NotPossibleError(reason="reason-needed")
    if any(is_answered(handover, it) for it in objections):
        raise NotPossibleError(reason="answered-already")
    said: dict[str, Json] = {
        f"items.{it}.agreed" if why is None else f"items.{it}.objection": True
        if why is None
        else why
        for it, why in objections.items()
    }
    return _save(desk, handover, "handover.answer", said)


def sign(desk: Desk, handover: View) -> OwnSet:
    """Store the user's signature under what he sees.

    Raises:
        NotPossibleError: it is not agreed yet, not his to sign, or he has signed.
    """
    if asks(desk.store, handover) != "sign":
        raise NotPossibleError(reason="not-to-sign")
    now = format_instant(desk.now())
    fields = signature(desk.new_id(), desk.store.user_id(), now, handover.fields)
    return _stored(desk, handover, "handover.sign", fields)


def _save(desk: Desk, handover: View, action: str, fields: Mapping[str, Json]) -> OwnSet:
    if handover.fields.get("state") in FIXED:
        raise NotPossibleError(reason="handover-settled")
    if {it.split(".")[1] for it in fields} - set(_of(handover)):
        raise NotPossibleError(reason="not-on-the-list")
    return _stored(desk, handover, action, fields)


def _stored(desk: Desk, handover: View, action: str, fields: Mapping[str, Json]) -> OwnSet:
    begun = desk.begin(action)
    begun.update(handover.id, fields)
    saved = begun.save()
    if saved is None:
        raise NotPossibleError(reason="nothing-changed")
    return saved


def _of(handover: View) -> list[str]:
    return customers(handover.fields)
