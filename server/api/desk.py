"""`POST /api/v1/sets`: what reviewers, approvers, clerks, supervisors and auditors do at their desks.

A set of theirs goes through the same parser, guards and engine as a tablet's, with the whole branch in
reach; officers work on a device that syncs, viewers change nothing. Administrators change what the lender is
set up with, each in the subtree of the own unit, and no business records (SOD-11).
"""

from __future__ import annotations

from flask import Response, request

from schemas import problems
from schemas.wire.desk import parse_desk_set
from server import audit, decisions, office
from server.api.asking import allowed, answer, v1
from server.body import read_json
from server.db import writing
from server.logs import note

DESKS = ("supervisor", "reviewer", "approver", "clerk", "auditor")
SET_UP = ("org_unit", "user", "product", "checklist", "parameter")
"""What administrators change."""


@v1.post("/sets")
def sets() -> Response:
    """Store one set whole, or refuse it with the rule that forbids it.

    Nothing of a refused one stands; who tried what, and which rule forbade it, goes into the audit chain.
    """
    parts, who = allowed((*DESKS, "admin"))
    wish = parse_desk_set(read_json(request))
    if who.role == "admin" and any(it.get("type") not in SET_UP for it in wish.changes):
        raise problems.NotPermittedError
    try:
        with writing(parts.engine) as connection:
            contact = decisions.web_contact(connection, who, parts.settings, parts.now())
            result = office.submit(
                connection, parts.registry, contact, wish.action, wish.changes, base=wish.base
            )
            stored = decisions.refused_or(result)
    except (problems.BadRequestError, problems.NotPermittedError) as refusal:
        with writing(parts.engine) as connection:
            audit.keep_refused(connection, contact, wish.action, wish.changes, refusal.errors)
        raise
    note(device=who.device, sets=1)
    return answer(stored, 201)
