"""What supervisors ask about the branch: assignments, conflicts, histories, the quarantine."""

from __future__ import annotations

from flask import Response, request

from schemas import problems
from schemas.wire import requests
from server import decisions, history, quarantine
from server.api.asking import DECIDERS, READERS, allowed, answer, known_id, v1
from server.body import read_json
from server.context import language
from server.db import reading, writing


@v1.post("/assignments")
def assignments() -> Response:
    """Assign a customer."""
    parts, who = allowed(DECIDERS)
    wish = requests.parse_assignment(read_json(request))
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        result = decisions.assign(connection, parts.registry, contact, wish)
    return answer(result, 201)


@v1.get("/conflicts")
def conflicts() -> Response:
    """List the branch's conflicts."""
    parts, who = allowed((*READERS, "reviewer"))
    with reading(parts.engine) as connection:
        rows = decisions.open_conflicts(connection, who.branch, request.args.get("status"))
    named = [
        {"id": it.id, "customer": it.customer, "version": it.version, **it.fields} for it in rows
    ]
    return answer({"conflicts": named})


@v1.post("/conflicts/<conflict_id>/resolve")
def resolve(conflict_id: str) -> Response:
    """Settle a conflict; what is passed up, a reviewer settles."""
    parts, who = allowed((*DECIDERS, "reviewer"))
    choice = requests.parse_resolve(read_json(request))
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        result = decisions.resolve_conflict(
            connection, parts.registry, contact, known_id(conflict_id), choice
        )
    return answer(result)


@v1.post("/conflicts/<conflict_id>/reopen")
def reopen(conflict_id: str) -> Response:
    """Open a conflict again."""
    parts, who = allowed(DECIDERS)
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        result = decisions.reopen_conflict(
            connection, parts.registry, contact, known_id(conflict_id)
        )
    return answer(result)


@v1.get("/records/<record_id>/history")
def record_history(record_id: str) -> Response:
    """Show every submitted and stored value of a record."""
    parts, who = allowed(READERS)
    with reading(parts.engine) as connection:
        entries = history.of_record(connection, who.branch, known_id(record_id))
    if not entries:
        raise problems.NotFoundError
    return answer({"record": record_id, "entries": entries})


@v1.get("/quarantine")
def list_quarantine() -> Response:
    """List the sets that could not be accepted."""
    parts, who = allowed(READERS)
    said = language()
    with reading(parts.engine) as connection:
        rows = quarantine.listed(connection, who.branch)
    return answer({"sets": [quarantine.as_json(parts.registry, it, said) for it in rows]})
