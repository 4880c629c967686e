"""Handovers: the list, preparing one, and a look at it with what tablets hold unsent (domain.md, 6.7).

Its moves, answers, rulings and signatures are sets like any other: `POST /api/v1/sets`, or a tablet's sync.
"""

from __future__ import annotations

from flask import Response, request

from schemas.wire.handovers import parse_handover
from server import handovers
from server.api.asking import DECIDERS, allowed, answer, known_id, signed_in, v1
from server.body import read_json
from server.db import reading


@v1.get("/handovers")
def list_handovers() -> Response:
    """List the handovers of the branch that the asker may see, the newest first."""
    parts, who = signed_in()
    with reading(parts.engine) as connection:
        rows = handovers.listed(connection, who)
    return answer({"handovers": [handovers.as_json(it) for it in rows]})


@v1.post("/handovers")
def prepare_handover() -> Response:
    """Make a handover in draft, with what each customer owes and its class as they are today."""
    parts, who = allowed(DECIDERS)
    wish = parse_handover(read_json(request))
    made = handovers.prepare(parts.engine, parts.registry, parts.settings, who, parts.now(), wish)
    return answer(made, 201)


@v1.get("/handovers/<handover_id>")
def look_at_handover(handover_id: str) -> Response:
    """Show a handover with the unsent work for its customers, by tablet."""
    parts, who = signed_in()
    with reading(parts.engine) as connection:
        seen = handovers.preview(connection, who, known_id(handover_id))
    return answer(seen)
