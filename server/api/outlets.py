"""The end of a business day of an outlet: looking at it, and closing it (domain.md, section 8.9)."""

from __future__ import annotations

from flask import Response, request

from schemas.wire.day_close import parse_close, parse_day
from server import day_close
from server.api.asking import DECIDERS, allowed, answer, known_id, v1
from server.body import read_json
from server.day_figures import as_json
from server.logs import note

DAY_READERS = ("supervisor", "clerk", "auditor")
"""Those who read deposits (domain.md, section 3.4)."""


@v1.get("/outlets/<unit>/close")
def look_at_day(unit: str) -> Response:
    """Tell who has not reported, what cash is counted, and whether the day's figures may be trusted."""
    parts, who = allowed(DAY_READERS)
    day = parse_day(request.args.get("day"), parts.settings.today(parts.now()))
    return answer(as_json(day_close.read(parts, who.branch, known_id(unit), day)))


@v1.post("/outlets/<unit>/close")
def close_day(unit: str) -> Response:
    """Close a day with the figures as counted now; of one that is closed the answer says so again."""
    parts, who = allowed(DECIDERS)
    wish = parse_close(read_json(request))
    report, is_new = day_close.close(parts, who, known_id(unit), wish)
    note(outlet=report.place.id, day=wish.day.isoformat(), closed_now=is_new)
    return answer(as_json(report), 201)
