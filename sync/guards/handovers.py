"""Guards of a handover: who writes which part of it, and until when (domain.md, rule SOD-12 and section 6.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.declare import map_key
from sync.guards.case import Case, Guard, Refusal, forbidden, not_yet, setting
from sync.guards.people import people

Json = Any
PEOPLE = ("from_officer_id", "to_officer_id", "witness_id")
PARTS = {
    "from_risk_note": "from_officer_id",
    "appraisal": "witness_id",
    "agreed": "to_officer_id",
    "objection": "to_officer_id",
}
"""Whose the parts of an item are."""
FIXED = ("agreed", "signed", "effective", "cancelled")
"""States in which nobody writes his part any more: what is signed stays what it was."""
SIGNED_IN = ("agreed", "signed", "effective")


def customers(fields: Mapping[str, Json]) -> list[str]:
    """Return the customers on the list of a handover: those whom the supervisor put there."""
    keys = (map_key(path) for path, value in fields.items() if value and path.endswith(".listed"))
    return sorted({key[1] for key in keys if key is not None and key[0] == "items"})


def answer(fields: Mapping[str, Json]) -> str | None:
    """Return the state into which the incoming officer's answers move a handover; None while one is missing."""
    listed = customers(fields)
    objected = {it for it in listed if (fields.get(f"items.{it}.objection") or "").strip()}
    agreed = {it for it in listed if fields.get(f"items.{it}.agreed")} - objected
    if not listed or objected | agreed != set(listed):
        return None
    return "objected" if objected else "agreed"


def own_part(case: Case) -> Refusal | None:
    """SOD-12: each of the three writes his own part, signs for himself, and the incoming one agrees."""
    for refusal in (_list_kept(case), *_parts(case), *_signatures(case), *_rulings(case)):
        if refusal is not None:
            return refusal
    if case.moves_to("agreed", "objected"):
        return _ruled(case) if case.before.get("state") == "objected" else _answered(case)
    return None


def _list_kept(case: Case) -> Refusal | None:
    """Refuse another list or other people once the three have been asked."""
    if case.is_new or case.before.get("state") in (None, "draft"):
        return None
    for path in case.change.set:
        kept = path in PEOPLE or (path.startswith("items.") and path.endswith(".listed"))
        if kept and case.sets(path):
            return not_yet("handover-open", path)
    return None


def _parts(case: Case) -> Iterator[Refusal]:
    fields, standing = case.fields, case.before.get("state")
    listed = set(customers(fields))
    for path in case.change.set:
        owner = PARTS.get(path.rpartition(".")[2]) if path.startswith("items.") else None
        if owner is None or not case.sets(path):
            continue
        if fields.get(owner) != case.actor.user:
            yield forbidden("SOD-12", field=path)
        if standing in FIXED:
            yield not_yet("handover-fixed", path)
        key = map_key(path)
        if key is not None and key[1] not in listed:
            yield Refusal("invalid-value", path, "handover-not-listed")


def _signatures(case: Case) -> Iterator[Refusal]:
    three = people(*(case.fields.get(it) for it in PEOPLE))
    for path in case.change.set:
        if not (path.startswith("signed_by.") and path.endswith(".user") and case.sets(path)):
            continue
        if case.fields.get(path) != case.actor.user or case.actor.user not in three:
            yield forbidden("SOD-12", field=path)
        if case.fields.get("state") not in SIGNED_IN:
            yield not_yet("handover-not-agreed", path)


def _rulings(case: Case) -> Iterator[Refusal]:
    """Whoever rules does it in his own name."""
    for path in case.change.set:
        is_name = path.startswith("items.") and path.endswith(".ruled_by")
        if is_name and case.sets(path) and case.fields.get(path) not in (None, case.actor.user):
            yield forbidden(None, "own-name", path)


def _answered(case: Case) -> Refusal | None:
    """Refuse an answer of another than the incoming officer, or one that does not answer every item."""
    if case.fields.get("to_officer_id") != case.actor.user:
        return forbidden("SOD-12", field="state")
    fits = answer(case.fields) == case.fields.get("state")
    return None if fits else not_yet("handover-unanswered")


def _ruled(case: Case) -> Refusal | None:
    """Refuse to go on while an objection has no ruling."""
    for it in customers(case.fields):
        if case.fields.get(f"items.{it}.objection") and not (
            case.fields.get(f"items.{it}.ruling") and case.fields.get(f"items.{it}.ruled_by")
        ):
            return not_yet("handover-unruled", f"items.{it}.ruling")
    return None


_CONCERNS = setting("items", "signed_by", "state", *PEOPLE)
GUARDS = {"SOD-12": Guard(own_part, concerns=_CONCERNS)}
"""By the name that a record type declares."""
