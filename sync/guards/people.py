"""Who had which part in an application, and who is too close to it (domain.md, section 4)."""

from __future__ import annotations

from typing import Any

from sync.guards.case import Case, Refusal, forbidden
from sync.guards.sight import Sight
from sync.ledger import RecordState

Json = Any

INVESTIGATION = frozenset({"cashflow_survey", "inspection_note"})
AVOIDANCE = frozenset({"relationship", "guarantor", "loan_application"})


def people(*found: Json) -> set[str]:
    """Return the users among values of which some are None."""
    return {it for it in found if isinstance(it, str)}


def investigators(sight: Sight, application: RecordState) -> set[str]:
    """Return whoever created, investigated or surveyed an application."""
    fields = application.fields
    found = people(application.created_by, fields.get("officer_id"), fields.get("co_officer_id"))
    for survey in sight.naming("cashflow_survey", "application_id", application.id):
        found |= people(survey.created_by)
    for note in sight.naming("inspection_note", "application_id", application.id):
        if note.fields.get("kind") == "pre_loan":
            found |= people(note.created_by, *(note.fields.get("inspector_ids") or ()))
    return found


def decisions(sight: Sight, application: str, stage: str | None = None) -> list[RecordState]:
    """Return the decisions about an application since it was last returned, of one stage or of all."""
    found = sight.naming("decision", "application_id", application)
    returned = [it.created_position for it in found if it.fields.get("outcome") == "return"]
    since = max(returned, default=0)
    return [
        it
        for it in found
        if it.created_position >= since and stage in (None, it.fields.get("stage"))
    ]


def earlier(sight: Sight, application: str, stage: str) -> list[RecordState]:
    """Return all decisions about an application of one stage, also those before a return."""
    found = sight.naming("decision", "application_id", application)
    return [it for it in found if it.fields.get("stage") == stage]


def made(decided: list[RecordState]) -> set[str]:
    """Return whose the decisions are."""
    return {it.fields.get("user_id") or it.created_by or "" for it in decided}


def avoided(case: Case, customer: Json, *users: Json, field: str | None = None) -> Refusal | None:
    """Refuse anybody among *users* who is a relative of a customer, his household or his guarantors."""
    circle = {customer}
    applications = {it.id for it in case.sight.under(customer, "loan_application")}
    for it in case.sight.of("guarantor"):
        if it.fields.get("application_id") in applications:
            circle.add(it.fields.get("guarantor_customer_id"))
    if case.sight.relatives(circle) & people(*users):
        return forbidden("SOD-5", field=field)
    return None
