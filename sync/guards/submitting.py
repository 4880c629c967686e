"""What must be there before an application is submitted (domain.md, sections 4 and 6.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from schemas.derived.due_dates import due_after
from schemas.loan_application import FIVE_C
from sync.guards import money
from sync.guards.case import Case, Guard, Refusal, moving_to, not_yet
from sync.ledger import RecordState

Json = Any

NOTE_CHARACTERS = 10
SIGNED = ("signed", "confirmed")
PAPERS = frozenset({"cashflow_survey", "credit_rating", "inspection_note", "customer", "visit"})
HASH_ROUNDS = 100_000


def is_complete(case: Case) -> Refusal | None:
    """Survey, rating, inspection, consent and the five Cs are there."""
    if not case.moves_to("submitted"):
        return None
    return next(_missing(case), None)


def _missing(case: Case) -> Iterator[Refusal]:
    sight, application, fields = case.sight, case.after, case.fields
    surveys = sight.naming("cashflow_survey", "application_id", application.id)
    if not any(it.fields.get("state") == "locked" for it in surveys):
        yield not_yet("survey-missing")
    if _rating(case, surveys) is None:
        yield not_yet("rating-missing")
    if not any(_is_signed(it) for it in _inspections(case)):
        yield not_yet("inspection-missing")
    customer = sight.record(application.customer)
    if customer is None or not customer.fields.get("consent_attachment_id"):
        yield not_yet("consent-missing")
    for name in FIVE_C:
        score, note = (fields.get(f"five_c.{name}.{it}") for it in ("score", "note"))
        if score is None or len((note or "").strip()) < NOTE_CHARACTERS:
            yield not_yet("five-c-incomplete", f"five_c.{name}.note")


def _rating(case: Case, surveys: list[RecordState]) -> RecordState | None:
    """Return the latest valid rating that rests on a survey of the application."""
    named = {it.id for it in surveys}
    valid = [
        it
        for it in case.sight.under(case.after.customer, "credit_rating")
        if it.fields.get("survey_id") in named and it.fields.get("valid_to", "") >= case.sight.today
    ]
    return valid[-1] if valid else None


def _inspections(case: Case) -> list[RecordState]:
    found = case.sight.naming("inspection_note", "application_id", case.after.id)
    return [it for it in found if it.fields.get("kind") == "pre_loan"]


def _is_signed(note: RecordState) -> bool:
    return note.fields.get("state") in SIGNED


# ----------------------------------------------------------------------------------- two investigators


def second_is_named(case: Case) -> Refusal | None:
    """SOD-4: that a second investigator is needed is said before anything else that is missing."""
    alone = case.moves_to("submitted") and case.fields.get("co_officer_id") is None
    if not alone or not _needs_two(case):
        return None
    return not_yet("two-investigators", "co_officer_id", "SOD-4")


def seen_by_two(case: Case) -> Refusal | None:
    """SOD-4: a large, a first or a secured loan has two investigators, each of whom was there and signed."""
    if not case.moves_to("submitted") or not _needs_two(case):
        return None
    officer, other = case.fields.get("officer_id"), case.fields.get("co_officer_id")
    for note in filter(_is_signed, _inspections(case)):
        signers = {it for path, it in note.fields.items() if _is_signer(path)}
        if {officer, other} <= signers and all(_was_there(case, it) for it in (officer, other)):
            return None
    return not_yet("two-investigators", rule="SOD-4")


def _needs_two(case: Case) -> bool:
    sight, fields = case.sight, case.fields
    limit = sight.number("two_investigators_above_fen", sight.unit_of(fields.get("officer_id")))
    exposure = money.exposure_fen(sight, case.after, fields.get("amount_fen") or 0)
    first = not sight.under(case.after.customer, "loan")
    return exposure > limit or first or money.is_secured(fields)


def _is_signer(path: str) -> bool:
    return path.startswith("signed_by.") and path.endswith(".user")


def _was_there(case: Case, user: Json) -> bool:
    """Tell whether a visit shows when somebody arrived at the customer's."""
    return any(
        (it.fields.get("officer_id") == user and it.fields.get("arrived_at"))
        or (it.fields.get("co_officer_id") == user and it.fields.get("co_arrived_at"))
        for it in case.sight.under(case.after.customer, "visit")
    )


# -------------------------------------------------------------------------------------- within policy


def within_policy(case: Case) -> Refusal | None:
    """What is outside the product, the limit or the customer's record is flagged as an exception."""
    if not case.moves_to("submitted") or case.fields.get("exception"):
        return None
    fields, sight = case.fields, case.sight
    product = sight.record(fields.get("product_id"))
    terms = product.fields if product else {}
    for name, least, most in (
        ("amount_fen", "min_amount_fen", "max_amount_fen"),
        ("term_months", "min_term_months", "max_term_months"),
        ("rate_bps", "rate_bps_min", "rate_bps_max"),
    ):
        value = fields.get(name)
        if name == "amount_fen" and fields.get("loan_id") is not None:
            continue  # what is left of a loan may be less than any is given for
        if value is not None and not terms.get(least, 0) <= value <= terms.get(most, value):
            return not_yet("outside-the-product", name)
    for name, allowed in (("method", terms.get("methods")), ("purpose", terms.get("purposes"))):
        if allowed and fields.get(name) not in allowed:
            return not_yet("outside-the-product", name)
    return _of_age(case) or _over_the_limit(case) or _in_trouble(case)


def _of_age(case: Case) -> Refusal | None:
    """A borrower is neither too young nor too old on the last day (5.2)."""
    sight, fields = case.sight, case.fields
    customer = sight.record(case.after.customer)
    born = str(customer.fields.get("id_no") or "")[6:14] if customer else ""
    if not born:
        return None
    named, today = fields.get("maturity_date"), date.fromisoformat(sight.today)
    last = date.fromisoformat(named) if named else due_after(today, fields.get("term_months") or 1)
    age = last.year - int(born[:4]) - (f"{last:%m%d}" < born[4:])
    unit = sight.unit_of(fields.get("officer_id"))
    fits = sight.number("age_least", unit) <= age <= sight.number("age_most", unit)
    return None if fits else not_yet("age-at-maturity", "exception")


def _over_the_limit(case: Case) -> Refusal | None:
    if case.fields.get("loan_id") is not None:
        return None  # no new money
    surveys = case.sight.naming("cashflow_survey", "application_id", case.after.id)
    rating = _rating(case, surveys)
    limit = rating.fields.get("limit_fen", 0) if rating else None
    over = limit is not None and (case.fields.get("amount_fen") or 0) > limit
    return not_yet("over-the-limit", "amount_fen") if over else None


def _in_trouble(case: Case) -> Refusal | None:
    """Refuse where the customer or a related one has a non-performing loan or a red signal."""
    sight = case.sight
    customers = {case.after.customer, *sight.related(case.after.customer)}
    npl = any(money.is_npl(sight, it) for it in sight.of("loan") if it.customer in customers)
    red = any(
        it.customer in customers
        and it.fields.get("severity") == "red"
        and it.fields.get("state") not in ("cleared", "dismissed")
        for it in sight.of("warning_signal")
    )
    return not_yet("red-or-npl", "exception") if npl or red else None


def watchlist_is_clear(case: Case) -> Refusal | None:
    """A blocked person submits nothing; caution asks for a comment, which stands as an exception's reason."""
    if not case.moves_to("submitted"):
        return None
    level = _watched(case)
    if level == "block":
        return not_yet("watchlist-block")
    if level == "caution" and not case.fields.get("exception_reason"):
        return not_yet("watchlist-caution", "exception_reason")
    return None


def _watched(case: Case) -> str | None:
    sight = case.sight
    customer, key = sight.record(case.after.customer), sight.parameter("watchlist_key")
    id_no = customer.fields.get("id_no") if customer else None
    entries = [
        it.fields
        for it in sight.of("watchlist_entry")
        if (it.fields.get("valid_from") or "") <= sight.today
        and sight.today <= (it.fields.get("valid_to") or sight.today)
    ]
    if not entries or not isinstance(key, str) or id_no is None:
        return None
    hashed = watchlist_hash(key, id_no)
    levels = {it.get("level") for it in entries if it.get("id_no_hash") == hashed}
    return "block" if "block" in levels or None in levels else "caution" if levels else None


def watchlist_hash(key: str, id_no: str) -> str:
    """Return the keyed slow hash of an id number, in hex: a list of them tells nobody a number."""
    return hashlib.pbkdf2_hmac("sha256", id_no.encode(), key.encode(), HASH_ROUNDS).hex()


_SUBMIT = moving_to("submitted")
_MONEY = money.EXPOSURE | {"parameter", "org_unit", "user"}
GUARDS = {
    "SOD-4-named": Guard(second_is_named, _MONEY, _SUBMIT),
    "complete": Guard(is_complete, PAPERS, _SUBMIT),
    "SOD-4": Guard(seen_by_two, PAPERS | _MONEY, _SUBMIT),
    "policy": Guard(within_policy, PAPERS | _MONEY | {"warning_signal"}, _SUBMIT),
    "watchlist": Guard(
        watchlist_is_clear, frozenset({"watchlist_entry", "parameter", "customer"}), _SUBMIT
    ),
}
"""By the name that a record type declares."""
