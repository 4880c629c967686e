"""What all have signed is fixed: words written unaware of it wait in a conflict (domain.md, section 6.4).

Such a conflict, of kind `after_signature`, holds what one change says of the content. It is kept as it is,
or becomes an amendment: a new draft that points at what it amends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.declare import SERVER, RecordType, map_key
from schemas.messages import Change, ChangeResult
from schemas.values import derived_id, json_equal
from sync import conflicts
from sync.checks import check_writer
from sync.ledger import RecordState
from sync.over import not_stored, seen
from sync.own_writes import make
from sync.scope import ENGINE
from sync.work import Work, current, members_of, units_of

Json = Any
KIND = "after_signature"
GUARD = "sealed"
"""The guard by which a type declares that it is signed."""
SEALED = ("signed", "confirmed")
CONTENT = (
    "kind", "loan_id", "application_id", "visit_id", "checklist_code", "checklist_version", "answers",
    "narrative", "conclusion", "recommended_class", "recommended_reason", "inspector_ids", "findings",
)  # fmt: skip
FRAME = (
    "kind", "loan_id", "application_id", "visit_id", "checklist_code", "checklist_version",
    "inspector_ids", "subject_user_id", "auditor_id",
)  # fmt: skip
"""What an amendment takes over: the same check, to be signed by the same people."""


def is_content(path: str) -> bool:
    """Tell whether a field is part of what is signed."""
    key = map_key(path)
    return (key[0] if key else path) in CONTENT


def set_apart(
    work: Work, index: int, change: Change, state: RecordState, declared: RecordType
) -> tuple[Change, ChangeResult | None]:
    """Keep what a change says of signed content that its sender did not know to be signed.

    Returns:
        The rest of the change, and what came of the part that was kept; None where there is none.
    """
    is_sealed = GUARD in declared.guards and state.fields.get("state") in SEALED
    if not is_sealed or work.actor.role == SERVER:
        return change, None
    paths: list[str] = []
    for unit, sent in units_of(declared, change.set).items():
        members = members_of(declared, unit)
        says_it_already = json_equal(current(state, declared, unit), sent)
        if not is_content(members[0]) or says_it_already:
            continue
        view = seen(work, index, change, state, declared, unit)
        if _knew(work, state, view.base) or conflicts.settled_already(work, state.id, unit):
            continue
        check_writer(work, index, declared, unit, view.first)
        work.draft.trails[change.id, unit] = not_stored(view, sent)
        paths += members
    if not paths:
        return change, None
    words = {path: change.set.get(path) for path in paths}
    kept = conflicts.keep_whole(work, index, replace(change, set=words), state, KIND, words)
    rest = {path: it for path, it in change.set.items() if path not in words}
    return replace(change, set=rest), kept


def _knew(work: Work, state: RecordState, base: int) -> bool:
    """Tell whether a device with a view at *base* knew every signature, its own ones included."""
    return not any(
        it.device != work.actor.device and it.alters(unit)
        for it in work.draft.above(state.id, base)
        for unit in it.units
        if unit.startswith("signed_by.")
    )


def amend(work: Work, conflict: RecordState) -> None:
    """Make the draft that a conflict's words become; there is one of each conflict."""
    amended = work.draft.record(conflict.fields["record"])
    assert amended is not None  # nothing that is signed is ever deleted
    frame = {name: amended.fields.get(name) for name in FRAME}
    words: dict[str, Json] = {}
    for entry in conflict.fields["others"]:
        words |= entry["value"]
    fields = {**frame, **words, "amends_id": amended.id, "state": "draft"}
    mine = replace(work, actor=replace(ENGINE, timer=True), via=None)
    made = derived_id("amendment", conflict.id)
    make(mine, amended.type, made, amended.customer, fields)
