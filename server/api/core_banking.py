"""What a core banking system asks: postings stored once each, and tables as files (docs/core-banking.md)."""

from __future__ import annotations

from flask import Response, request

from schemas import problems
from schemas.wire.postings import parse_posting
from server import decisions
from server import postings as posting
from server.api.asking import allowed, answer, v1
from server.body import read_json
from server.context import language
from server.db import writing
from server.exporting import asking as exporting

POSTERS = ("clerk", "supervisor")
EXPORTERS = ("clerk", "supervisor", "admin")


@v1.post("/postings")
def postings() -> Response:
    """Store a receipt of a core banking system once."""
    parts, who = allowed(POSTERS)
    wish = parse_posting(read_json(request))
    with writing(parts.engine) as connection:
        contact = decisions.web_contact(connection, who, parts.settings, parts.now())
        posted = posting.post(connection, parts.registry, contact, wish, language())
    return answer(posted, 201)


@v1.get("/exports/<what>")
def exports(what: str) -> Response:
    """Give receipts, decisions, loans, arrears or officers' figures as a file; administrators see no personal data."""
    parts, who = allowed(EXPORTERS)
    if what not in exporting.TABLES:
        raise problems.NotFoundError
    asked = exporting.read_query(request.args, language())
    content = exporting.content_of(
        parts, who.branch, what, asked.form, asked.span, personal=who.role != "admin"
    )
    told = Response(content, content_type=exporting.FORMATS[asked.form])
    told.headers["Content-Disposition"] = f"attachment; filename={what}.{asked.form}"
    return told
