"""What a signed inspection found out of order: each wrong answer opens a finding (domain.md, section 7).

Its id follows from note and question, so that a tablet which opened the same makes no second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from schemas.checklists import published
from schemas.messages import Change
from schemas.values import derived_id
from sync.guards.sight import Sight
from sync.ledger import RecordState
from sync.own_writes import make, put
from sync.work import Work

Json = Any
NEEDS = frozenset(
    {
        "checklist", "finding", "loan", "loan_application", "attachment", "parameter", "org_unit",
        "user",
    }
)  # fmt: skip
"""What is looked at when a note is signed."""


def needed(changes: Iterable[Change]) -> frozenset[str]:
    """Return the types to be loaded because of *changes*; none where nobody signs a note."""
    signs = any(
        path.startswith("signed_by.")
        for it in changes
        if it.type == "inspection_note"
        for path in it.set
    )
    return NEEDS if signs else frozenset()


def follow(work: Work, sight: Sight, note: RecordState) -> None:
    """Open a finding for each wrong answer of a note that has just been signed by all."""
    owner = _owner(sight, note)
    for question, severity in _wrong(sight, note):
        qid = question["qid"]
        days = sight.number(f"finding_{severity}_days", sight.unit_of(owner))
        due = date.fromisoformat(work.today) + timedelta(days=min(max(days, 0), 3650))
        later = {"owner_id": owner, "due_on": due.isoformat()}
        finding = derived_id("finding", note.id, qid)
        known = work.draft.record(finding)
        if known is None:
            fields = {
                "inspection_note_id": note.id, "qid": qid, "severity": severity,
                "description": _description(note, question), "level": 0, "state": "open", **later,
            }  # fmt: skip
            make(work, "finding", finding, note.customer, fields)
        elif missing := {it: later[it] for it in later if known.fields.get(it) is None}:
            put(work, known, missing)  # a tablet made it, which knows no day of ours


def _wrong(sight: Sight, note: RecordState) -> Iterator[tuple[Mapping[str, Json], str]]:
    """Yield the questions of a note that are answered wrongly, each with its severity."""
    for question in _questions(sight, note.fields):
        answer = note.fields.get(f"answers.{question['qid']}.value")
        if answer is None and note.fields.get("amends_id"):
            continue  # an amendment says what is new, and no more
        if answer is None and question.get("answer") == "photo":
            answer = _photos(sight, note)
        severity = published.flagged(question, answer)
        if severity is not None:
            yield question, severity


def _questions(sight: Sight, fields: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Return the questions of the checklist that a note began with: the lender's own, or a published one."""
    version = (fields.get("checklist_code"), fields.get("checklist_version"))
    kept = (it.fields for it in sight.of("checklist"))
    for it in (*kept, *published.versions()):
        if (it.get("code"), it.get("version")) == version:
            return list(it.get("questions") or ())
    return []


def _photos(sight: Sight, note: RecordState) -> list[str]:
    """Return the photos that belong to a note or to the visit on which it was made."""
    about = {note.id, note.fields.get("visit_id")}
    return [
        it.id
        for it in sight.under(note.customer, "attachment")
        if it.fields.get("record") in about and str(it.fields.get("kind")).startswith("photo")
    ]


def _owner(sight: Sight, note: RecordState) -> Json:
    """Return who has to put it right: the officer of what was inspected, else the first inspector."""
    for name in ("loan_id", "application_id"):
        about = sight.record(note.fields.get(name))
        if about is not None and about.fields.get("officer_id"):
            return about.fields["officer_id"]
    return next(iter(note.fields.get("inspector_ids") or ()), None)


def _description(note: RecordState, question: Mapping[str, Json]) -> str:
    said = note.fields.get(f"answers.{question['qid']}.note")
    return "\n".join(it for it in (question.get("text_zh") or question["qid"], said) if it)
