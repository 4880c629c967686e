"""The branch's figures, added up from the raw records alone (domain.md, A14)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from schemas.derived.allocation import PenaltyRate, Repayment, replay
from schemas.derived.schedule import Installment
from server import store
from tests.server.branch import make_engine

Json = Any


@dataclass(frozen=True)
class Owed:
    """One loan: its number, who looks after its customer, what is owed, and since how many days."""

    number: str
    officer: str
    outstanding_fen: int
    dpd: int


@dataclass
class Recount:
    """Every loan, and the cash that each officer collected on a day."""

    loans: list[Owed] = field(default_factory=list)
    collected_fen: Counter[str] = field(default_factory=Counter)

    def outstanding_fen(self, officer: str | None = None, over: int = -1) -> int:
        """Return what is owed, to one officer's customers or all, on loans more than *over* days late."""
        return sum(
            it.outstanding_fen
            for it in self.loans
            if officer in (None, it.officer) and it.dpd > over
        )


def recount(database: str, today: date) -> Recount:
    """Read the raw records of a database and add them up."""
    of = _records(database)
    primary = {
        it["customer_id"]: it["officer_id"]
        for _, _, it in of["assignment"]
        if it["role"] == "primary" and (it.get("valid_to") or "9999") > today.isoformat()
    }
    found = Recount()
    for loan_id, customer, loan in of["loan"]:
        rows = [
            Installment(
                it["seq"], date.fromisoformat(it["due_date"]), it["principal_fen"], it["interest_fen"]
            )
            for _, _, it in of["installment"] if it["loan_id"] == loan_id
        ]  # fmt: skip
        paid = [
            Repayment(
                key, it["receipt_no"], date.fromisoformat(it["value_date"]), it["amount_fen"],
                it.get("reverses_id"),
            )
            for key, _, it in of["repayment"] if it["loan_id"] == loan_id
        ]  # fmt: skip
        state = replay(rows, paid, today, PenaltyRate(loan["rate_bps"])).state
        found.loans.append(
            Owed(loan["loan_no"], primary[customer], state.outstanding_principal_fen, state.dpd)
        )
    for _, _, it in of["repayment"]:
        if it["value_date"] == today.isoformat() and it.get("collected_by"):
            found.collected_fen[it["collected_by"]] += it["amount_fen"]
    return found


def _records(database: str) -> Mapping[str, list[tuple[str, str, Json]]]:
    engine = make_engine(database)
    query = select(store.record).where(store.record.c.deleted == 0)
    found: dict[str, list[tuple[str, str, Json]]] = defaultdict(list)
    with engine.connect() as connection:
        for row in connection.execute(query):
            found[row.type].append((row.id, row.customer, row.fields))
    engine.dispose()
    return found
