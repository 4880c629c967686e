"""What may be exported, and its columns: receipts, decisions, loans, arrears, figures of officers of one branch.

Column names are stable English keys, the same in every language and form; a later version adds columns
at the end and never renames one. Money is whole fen, rates are whole basis points, dates are ISO text.
A fixed number of statements a table, whatever its length.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select

from server import readmodels
from server.day_close import units_and_people
from server.day_figures import Closes
from server.exporting import officers
from server.field_book import receipt_line
from server.readmodels import Position, Standing
from server.receipt_dates import Marker
from server.store import log, record

Json = Any
Line = tuple[Json, ...]
ROWS_AT_A_TIME = 2000
PERSONAL = frozenset({"customer_name", "payer_name", "note", "comment"})
"""Columns that stay empty for those who may not see personal data (domain.md, sections 3.4 and 4)."""

RECEIPTS = (
    "receipt_no", "loan_no", "customer_no", "customer_name", "value_date", "amount_fen", "channel",
    "reverses", "collected_by", "payer_name", "note", "received_at", "position", "id",
    "value_date_flags",
)  # fmt: skip
DECISIONS = (
    "application_no", "customer_no", "customer_name", "decided_on", "stage", "tier", "outcome",
    "reason_code", "decided_by", "amount_fen", "term_months", "rate_bps", "method", "comment",
    "received_at", "position", "id",
)  # fmt: skip
LOANS = (
    "loan_no", "customer_no", "customer_name", "product_code", "principal_fen", "rate_bps",
    "method", "disbursed_on", "maturity_on", "state", "outstanding_fen", "days_past_due",
    "risk_class", "officer", "restructured_on", "as_of", "id",
)  # fmt: skip
ARREARS = (
    "loan_no", "customer_no", "customer_name", "officer", "oldest_unpaid_on", "days_past_due",
    "outstanding_fen", "risk_class", "as_of", "id",
)  # fmt: skip


@dataclass(frozen=True)
class Span:
    """The days asked for, both included; None leaves an end open."""

    since: date | None = None
    until: date | None = None

    def has(self, day: str | None) -> bool:
        """Tell whether an ISO date lies in it; what has no date lies in an open span alone."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or day >= self.since.isoformat()) and (
            self.until is None or day <= self.until.isoformat()
        )


@dataclass
class Source:
    """One branch as an export reads it: `today` is the day that arrears are counted to."""

    connection: Connection
    branch: str
    today: date
    time_zone: ZoneInfo
    personal: bool = True
    _titles: dict[str, dict[str, str]] = field(default_factory=dict)

    def records(self, kind: str) -> Iterator[Any]:
        """Yield the living records of a type, in the order of the log."""
        columns = (record.c.id, record.c.customer, record.c.fields, record.c.version)
        query = self._living(kind, select(*columns)).order_by(record.c.version)
        yield from self.connection.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME})

    def _living(self, kind: str, query: Select[Any]) -> Select[Any]:
        return query.where(
            record.c.branch == self.branch, record.c.type == kind, record.c.deleted == 0
        )

    def title(self, kind: str, name: str, record_id: str | None) -> str | None:
        """Return a text field of a record; all records of the type are read once."""
        key = f"{kind}.{name}"
        if key not in self._titles:
            query = self._living(kind, select(record.c.id, readmodels.text_of(record, name)))
            rows = self.connection.execute(query)
            self._titles[key] = {it[0]: it[1] for it in rows if it[1] is not None}
        return self._titles[key].get(record_id or "")

    def arrivals(self, kind: str) -> dict[str, tuple[str, int]]:
        """Return when each record of a type came in, and at which position of the log."""
        first = func.min(log.c.position)
        query = (
            select(log.c.record, func.min(log.c.received_at), first)
            .where(log.c.branch == self.branch, log.c.type == kind, log.c.op == "create")
            .group_by(log.c.record)
        )
        return {it[0]: (it[1], it[2]) for it in self.connection.execute(query)}

    def standings(self) -> dict[str, Standing]:
        """Return how every loan stands on which something is owed; the read model is up to date."""
        query = select(readmodels.loan_position).where(
            readmodels.loan_position.c.branch == self.branch,
            readmodels.loan_position.c.state != "settled",
        )
        positions: list[Position] = [
            readmodels.position_of(it) for it in self.connection.execute(query)
        ]
        return {it.position.loan: it for it in readmodels.standings(positions, self.today)}

    def odd_value_dates(self) -> dict[str, tuple[str, ...]]:
        """Return what is odd about the value dates of receipts, by id; receipts are folded already."""
        marker = Marker(
            self.time_zone, self.branch,
            units_and_people(self.connection, self.branch, self.today),
            Closes.of(self.connection, self.branch),
        )  # fmt: skip
        query = select(receipt_line).where(receipt_line.c.branch == self.branch)
        rows = self.connection.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME})
        marked = ((it.id, marker.marks(it)) for it in rows)
        return {key: marks for key, marks in marked if marks}

    def customer(self, customer: str | None) -> tuple[str | None, str | None]:
        """Return the number and the name of a customer."""
        return self.title("customer", "customer_no", customer), self.title(
            "customer", "name", customer
        )

    def local_day(self, instant: str) -> str:
        """Return the business date of an instant of the log."""
        return datetime.fromisoformat(instant).astimezone(self.time_zone).date().isoformat()


# ------------------------------------------------------------------------------------------ tables


def _receipts(source: Source, span: Span) -> Iterator[Line]:
    came, odd = source.arrivals("repayment"), source.odd_value_dates()
    for row in source.records("repayment"):
        it: Mapping[str, Json] = row.fields
        if not span.has(it["value_date"]):
            continue
        received_at, position = came.get(row.id, (None, row.version))
        yield (
            it["receipt_no"], source.title("loan", "loan_no", it["loan_id"]),
            *source.customer(row.customer), it["value_date"], it["amount_fen"], it["channel"],
            source.title("repayment", "receipt_no", it.get("reverses_id")),
            source.title("user", "name", it.get("collected_by")), it.get("payer_name"),
            it.get("note"), received_at, position, row.id, " ".join(odd.get(row.id, ())) or None,
        )  # fmt: skip


def _decisions(source: Source, span: Span) -> Iterator[Line]:
    came = source.arrivals("decision")
    for row in source.records("decision"):
        it: Mapping[str, Json] = row.fields
        received_at, position = came.get(row.id, (None, row.version))
        decided_on = source.local_day(received_at) if received_at else None
        if not span.has(decided_on):
            continue
        yield (
            source.title("loan_application", "application_no", it["application_id"]),
            *source.customer(row.customer), decided_on, it.get("stage"), it.get("tier"),
            it.get("outcome"), it.get("reason_code"),
            source.title("user", "name", it.get("user_id")), it.get("amount_fen"),
            it.get("term_months"), it.get("rate_bps"), it.get("method"), it.get("comment"),
            received_at, position, row.id,
        )  # fmt: skip


def _loans(source: Source, span: Span) -> Iterator[Line]:
    standings = source.standings()
    for row in source.records("loan"):
        it: Mapping[str, Json] = row.fields
        if not span.has(it["disbursed_on"]):
            continue
        found = standings.get(row.id)
        outstanding = found.position.outstanding_fen if found else 0
        yield (
            it.get("loan_no"), *source.customer(row.customer),
            source.title("product", "code", it.get("product_id")), it["principal_fen"],
            it["rate_bps"], it["method"], it["disbursed_on"], it["maturity_on"], it["state"],
            None if it["state"] == "written_off" else outstanding, found.dpd if found else None,
            found.risk_class.value if found else None,
            source.title("user", "name", it.get("officer_id")), it.get("restructured_on"),
            source.today.isoformat(), row.id,
        )  # fmt: skip


def _arrears(source: Source, span: Span) -> Iterator[Line]:
    late = [it for it in source.standings().values() if it.dpd > 0]
    for it in sorted(late, key=lambda it: (-it.dpd, it.position.loan)):
        oldest = it.position.oldest_unpaid_on
        if not span.has(oldest.isoformat() if oldest else None):
            continue
        yield (
            source.title("loan", "loan_no", it.position.loan),
            *source.customer(it.position.customer),
            source.title("user", "name", it.position.officer),
            oldest.isoformat() if oldest else None, it.dpd, it.position.outstanding_fen,
            it.risk_class.value, source.today.isoformat(), it.position.loan,
        )  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One export; `dated`: the column that the span is about."""

    columns: tuple[str, ...]
    dated: str
    lines: Callable[[Source, Span], Iterator[Line]]


TABLES: Mapping[str, Table] = {
    "receipts": Table(RECEIPTS, "value_date", _receipts),
    "decisions": Table(DECISIONS, "decided_on", _decisions),
    "loans": Table(LOANS, "disbursed_on", _loans),
    "arrears": Table(ARREARS, "oldest_unpaid_on", _arrears),
    "officers": Table(officers.OFFICERS, "until", officers.lines),
}


def rows(source: Source, what: str, span: Span) -> Iterable[Line]:
    """Yield the rows of an export in its columns' order; personal data only where it may be seen."""
    table = TABLES[what]
    hidden = frozenset() if source.personal else PERSONAL
    for line in table.lines(source, span):
        yield tuple(
            None if name in hidden else value
            for name, value in zip(table.columns, line, strict=True)
        )


def as_document(what: str, span: Span, lines: Iterable[Line]) -> dict[str, Json]:
    """Return an export as JSON: an object a row, with the columns' names as members."""
    columns = TABLES[what].columns
    return {
        "what": what,
        "since": span.since.isoformat() if span.since else None,
        "until": span.until.isoformat() if span.until else None,
        "rows": [dict(zip(columns, it, strict=True)) for it in lines],
    }


def as_json(what: str, span: Span, lines: Iterable[Line]) -> bytes:
    """Return an export as a JSON file."""
    plain = json.dumps(as_document(what, span, lines), ensure_ascii=False, allow_nan=False)
    return plain.encode()
