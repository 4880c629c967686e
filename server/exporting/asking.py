"""An export as it is asked for, by a command or an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schemas import problems
from schemas.declare import Date
from schemas.messages import Fault
from schemas.words import Lang, say
from server import field_book, readmodels
from server.context import Context
from server.db import snapshot
from server.exporting import files, tables
from server.exporting.files import FORMATS
from server.exporting.tables import TABLES

__all__ = ["FORMATS", "TABLES", "Asked", "content_of", "read_query"]
_DAY = Date()


@dataclass(frozen=True)
class Asked:
    """Which form, and which days."""

    form: str
    span: tables.Span


def read_query(query: Mapping[str, str], language: Lang) -> Asked:
    """Read `format` (json, if not given), `since` and `until`.

    Raises:
        problems.BadRequestError: with every fault.
    """
    form = query.get("format", "json")
    faults = [] if form in FORMATS else [Fault(None, "format", "invalid-value", "not-a-choice")]
    days: list[date | None] = []
    for name in ("since", "until"):
        said = query.get(name)
        reason = _DAY.problem(said) if said is not None else None
        if reason:
            faults.append(Fault(None, name, "invalid-value", reason))
        days.append(date.fromisoformat(said) if said is not None and not reason else None)
    if faults:
        raise problems.BadRequestError(errors=faults)
    span = tables.Span(*days)
    if span.since and span.until and span.since > span.until:
        fault = Fault(None, "until", "invalid-value")
        raise problems.BadRequestError(say("refusal.export-span", language), errors=[fault])
    return Asked(form, span)


def content_of(
    parts: Context, branch_id: str, what: str, form: str, span: tables.Span, personal: bool = True
) -> bytes:
    """Return the bytes of an export, all of one moment; what is owed is brought up to date first."""
    settings, now = parts.settings, parts.now()
    today = settings.today(now)
    if what in ("loans", "arrears"):
        readmodels.bring_up(parts.engine, branch_id, today)
    if what == "receipts":
        field_book.bring_up(parts.engine, branch_id)
    with snapshot(parts.engine) as connection:
        source = tables.Source(connection, branch_id, today, settings.time_zone, personal)
        return files.encoded(form, what, span, tables.rows(source, what, span))
