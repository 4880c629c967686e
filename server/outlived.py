"""Signals whose reason has gone, as when arrears are paid: somebody is asked to look and to clear them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from schemas.derived.early_warning.dossier import Kept
from schemas.derived.early_warning.rules import RULES
from schemas.derived.early_warning.signals import Signal
from schemas.derived.early_warning.standing import STANDING, outlived, task_to_clear
from server.store import record

Json = Any
COUNTED_AS = "outlived"


def customers(connection: Connection, branch_id: str) -> set[str]:
    """Return the customers of standing signals: also those who owe nothing any more."""
    query = select(record.c.customer, record.c.fields).where(
        record.c.branch == branch_id, record.c.deleted == 0, record.c.type == "warning_signal"
    )
    rows = connection.execute(query)
    return {it.customer for it in rows if it.fields.get("state") in STANDING}


def tasks(
    standing: Sequence[Kept], holding: Iterable[Signal], papers: Iterable[Kept], day: date
) -> list[tuple[str, str, dict[str, Json]]]:
    """Return the tasks (type, id, fields) about a customer's signals that hold no more.

    Each is for the officer of the signal's loan, or of the customer's last.
    """
    loans = {it.id: it.fields for it in papers if it.type == "loan"}
    last = max(loans.values(), key=lambda it: str(it.get("disbursed_on")), default={})
    fields_of = {it.id: it.fields for it in standing}
    found = []
    for signal in outlived(standing, holding, RULES):
        loan = loans.get(str(fields_of[signal].get("loan_id")), last)
        key, fields = task_to_clear(signal, loan.get("officer_id"), day.isoformat())
        found.append(("task", key, {name: it for name, it in fields.items() if it is not None}))
    return found


def counted_as(change: Mapping[str, Json]) -> str:
    """Return the rule by which a change of the daily run was made, or that it asks to clear a signal."""
    fields = change["set"]
    asks = fields.get("record_type") == "warning_signal"
    return str(fields.get("rule") or (COUNTED_AS if asks else "W01"))
