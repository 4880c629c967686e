"""What is owed on every loan, folded from the log when somebody asks, and the figures that follow.

`loan_position` is a read model: nothing in it is entered, everything can be rebuilt. Positions of the log
above `Branch.money_head` are what it has not seen; a reader brings it up to the head first, so a push never
pays for it. Days past due, portfolio at risk and classes are pure functions of its rows and a date.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    Text,
    case,
    delete,
    exists,
    literal_column,
    select,
    union,
    union_all,
    update,
)  # fmt: skip

from schemas.derived.allocation import LoanState
from schemas.derived.loan_papers import LoanPapers
from schemas.derived.portfolio import LoanStanding, Portfolio, portfolio_of
from schemas.derived.risk_class import RiskClass, is_under_observation, system_class
from server import bulk, store
from server.db import reading, writing
from server.models import LoanPosition
from server.store import branch, log, record

Json = Any
loan_position: Table = LoanPosition.__table__  # type: ignore[assignment]

MONEY = ("loan", "installment", "repayment")
ROWS_AT_A_TIME = 2000


# ------------------------------------------------------------------------------- what one loan owes


@dataclass(frozen=True)
class Position:
    """What is owed on one loan; `officer` looks after its customer now."""

    loan: str
    customer: str
    officer: str | None
    state: str
    outstanding_fen: int
    oldest_unpaid_on: date | None
    restructured_on: date | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether something is still owed and the loan was not written off."""
        owing = self.outstanding_fen > 0 or self.oldest_unpaid_on is not None
        return self.state == "active" and owing

    def dpd(self, as_of: date) -> int:
        """Return the days past due on *as_of* (domain.md, section 8.4)."""
        oldest = self.oldest_unpaid_on
        return max(0, (as_of - oldest).days) if oldest else 0


@dataclass
class Papers(LoanPapers):
    """The records about one loan, and whose it is."""

    customer: str = ""


def fold(papers: Papers, as_of: date) -> LoanState:
    """Return what is owed on a loan on a day."""
    return papers.replay(as_of).state


# --------------------------------------------------------------------------------------- figures


@dataclass(frozen=True)
class Standing:
    """How a loan stands on a date."""

    position: Position
    dpd: int
    risk_class: RiskClass


def standings(positions: Iterable[Position], as_of: date) -> list[Standing]:
    """Return the live loans with their days past due and the class that days and facts force.

    One non-performing loan makes the customer's other loans at least special mention (domain.md, 8.5).
    """
    live = [it for it in positions if it.is_live]
    first = {it.loan: system_class(it.dpd(as_of), restructured=_observed(it, as_of)) for it in live}
    npl: dict[str, set[str]] = defaultdict(set)
    for it in live:
        if first[it.loan].is_npl:
            npl[it.customer].add(it.loan)
    return [
        Standing(
            it,
            it.dpd(as_of),
            system_class(
                it.dpd(as_of),
                restructured=_observed(it, as_of),
                another_loan_is_npl=bool(npl[it.customer] - {it.loan}),
            ),
        )
        for it in live
    ]


def _observed(position: Position, as_of: date) -> bool:
    return is_under_observation(position.restructured_on, as_of)


def portfolio(positions: Iterable[Position], as_of: date) -> Portfolio:
    """Return the portfolio at risk on *as_of* (domain.md, section 8.4)."""
    return portfolio_of(
        LoanStanding(
            it.outstanding_fen,
            it.dpd(as_of),
            restructured=it.restructured_on is not None,
            written_off=it.state == "written_off",
        )
        for it in positions
        if it.state != "settled"
    )


def by_class(standing: Iterable[Standing]) -> dict[RiskClass, int]:
    """Return the outstanding principal in each class, best first, none left out."""
    sums = dict.fromkeys(RiskClass, 0)
    for it in standing:
        sums[it.risk_class] += it.position.outstanding_fen
    return sums


# ------------------------------------------------------------------------- keeping up with the log


def loan_positions(engine: Engine, branch_id: str, today: date) -> list[Position]:
    """Return the position of every loan that is not settled, as the log stands now."""
    bring_up(engine, branch_id, today)
    with reading(engine) as connection:
        return positions(connection, branch_id)


def positions(connection: Connection, branch_id: str) -> list[Position]:
    """Return the position of every loan that is not settled, as it was last folded."""
    query = select(loan_position).where(
        loan_position.c.branch == branch_id, loan_position.c.state != "settled"
    )
    return [position_of(it) for it in connection.execute(query)]


def bring_up(engine: Engine, branch_id: str, today: date) -> None:
    """Fold what the log has above `money_head`; one read when there is nothing.

    Processes that find work at once queue on the branch's row; the later ones find nothing left to fold.
    """
    with reading(engine) as connection:
        if not _behind(connection, branch_id, today):
            return
    with writing(engine) as connection:
        _fold_above(connection, store.lock_branch(connection, branch_id), today)


def rebuild(connection: Connection, branch_id: str, today: date) -> int:
    """Fold every loan of a branch anew; return how many there are."""
    branch_row = store.lock_branch(connection, branch_id)
    connection.execute(delete(loan_position).where(loan_position.c.branch == branch_id))
    connection.execute(update(branch).where(branch.c.id == branch_id).values(money_head=0))
    return _fold_above(connection, branch_row, today)


@dataclass(frozen=True)
class Rebuilt:
    """What a recomputation found: how many loans, and the ids of those that had stood otherwise."""

    loans: int
    differing: tuple[str, ...]


def recompute(connection: Connection, branch_id: str, today: date) -> Rebuilt:
    """Fold every loan anew and say which rows, brought up to the head, had not been what the log says."""
    _fold_above(connection, store.lock_branch(connection, branch_id), today)
    before = _stored(connection, branch_id)
    count = rebuild(connection, branch_id, today)
    after = _stored(connection, branch_id)
    both = sorted({*before, *after})
    return Rebuilt(count, tuple(it for it in both if before.get(it) != after.get(it)))


def _stored(connection: Connection, branch_id: str) -> dict[str, tuple[Json, ...]]:
    query = select(loan_position).where(loan_position.c.branch == branch_id)
    return {it.loan: tuple(it) for it in connection.execute(query)}


def _behind(connection: Connection, branch_id: str, today: date) -> bool:
    waiting = exists().where(loan_position.c.branch == branch_id, _due_again(today))
    query = select(branch.c.head > branch.c.money_head, waiting).where(branch.c.id == branch_id)
    return any(connection.execute(query).one())


def _due_again(today: date) -> ColumnElement[bool]:
    return loan_position.c.again_on <= today.isoformat()


def _fold_above(connection: Connection, branch_row: Row[Any], today: date) -> int:
    """Fold the loans that the log names above `money_head`: a constant number of statements."""
    touched = _touched(branch_row.id, today)
    products = _products(connection, branch_row.id)
    officers = _officers(connection, branch_row.id, touched)
    rows = [
        _row(branch_row.id, loan, papers, products, officers, today)
        for loan, papers in _papers(connection, branch_row.id, touched)
    ]
    gone = select(log.c.record).where(
        log.c.branch == branch_row.id,
        log.c.position > branch_row.money_head,
        log.c.type == "loan",
        log.c.op == "delete",
    )
    connection.execute(
        delete(loan_position).where(
            loan_position.c.branch == branch_row.id, loan_position.c.loan.in_(gone)
        )
    )
    bulk.upsert(connection, loan_position, rows)
    connection.execute(
        update(branch).where(branch.c.id == branch_row.id).values(money_head=branch_row.head)
    )
    return len(rows)


def _touched(branch_id: str, today: date) -> CTE:
    """Return the loans whose money, product or officer changed above `money_head`, or fall due again."""
    head = select(branch.c.money_head).where(branch.c.id == branch_id).scalar_subquery()
    above = (log.c.branch == branch_id, log.c.position > head)
    changed = select(log.c.record).where(*above)
    loan = record.alias("loan")
    loans = select(loan.c.id).where(loan.c.branch == branch_id, loan.c.type == "loan")
    assigned = record.alias("assignment")
    customers = select(text_of(assigned, "customer_id")).where(
        assigned.c.branch == branch_id,
        assigned.c.id.in_(changed.where(log.c.type == "assignment")),
    )
    named = case((record.c.type == "loan", record.c.id), else_=record.c.parent).label("loan")
    own = select(named).where(
        record.c.branch == branch_id,
        record.c.type.in_(MONEY),
        record.c.id.in_(changed.where(log.c.type.in_(MONEY))),
    )
    again = select(loan_position.c.loan).where(
        loan_position.c.branch == branch_id, _due_again(today)
    )
    return union(
        own,
        loans.where(loan.c.customer.in_(customers)),
        loans.where(text_of(loan, "product_id").in_(changed.where(log.c.type == "product"))),
        again,
    ).cte("touched")


def text_of(table: Any, name: str) -> ColumnElement[str]:
    """Return the text of a field of a stored record, in SQL; *name* is ours, never a visitor's."""
    key = literal_column(f"'{name}'", Text)
    found: ColumnElement[str] = table.c.fields.op("->>", return_type=Text())(key)
    return found


def _products(connection: Connection, branch_id: str) -> dict[str, Mapping[str, Json]]:
    query = select(record.c.id, record.c.fields).where(
        record.c.branch == branch_id, record.c.type == "product"
    )
    return {it.id: it.fields for it in connection.execute(query)}


def _officers(connection: Connection, branch_id: str, touched: CTE) -> dict[str, str]:
    """Return who looks after each customer of the touched loans."""
    loan = record.alias("loan")
    customers = (
        select(loan.c.customer)
        .join(touched, loan.c.id == touched.c.loan)
        .where(loan.c.branch == branch_id)
    )
    query = select(record.c.id, record.c.holders).where(
        record.c.branch == branch_id, record.c.id.in_(customers)
    )
    found = {it.id: _primary(it.holders) for it in connection.execute(query)}
    return {customer: officer for customer, officer in found.items() if officer}


def _primary(holders: str) -> str | None:
    named = (
        user
        for user, role, _, _, ended in json.loads(holders)
        if role == "primary" and ended is None
    )
    return next(named, None)


def _papers(connection: Connection, branch_id: str, touched: CTE) -> Iterator[tuple[str, Papers]]:
    """Yield the touched loans with all their papers, one at a time: memory stays small."""
    columns = (record.c.id, record.c.type, record.c.customer, record.c.fields)
    alive = (record.c.branch == branch_id, record.c.deleted == 0)
    children = select(record.c.parent.label("loan"), *columns).where(
        *alive, record.c.type.in_(MONEY)
    )
    query = union_all(
        select(record.c.id.label("loan"), *columns)
        .join(touched, record.c.id == touched.c.loan)
        .where(*alive),
        children.join(touched, record.c.parent == touched.c.loan),
    ).order_by("loan")
    rows = connection.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME})
    for loan, group in groupby(rows, key=lambda it: str(it.loan)):
        papers = Papers()
        for row in group:
            if row.type == "loan":
                papers.loan, papers.customer = row.fields, row.customer
            elif row.type == "installment":
                papers.installments.append(row.fields)
            else:
                papers.repayments.append((row.id, row.fields))
        if papers.loan:
            yield loan, papers


def _row(
    branch_id: str,
    loan: str,
    papers: Papers,
    products: Mapping[str, Mapping[str, Json]],
    officers: Mapping[str, str],
    today: date,
) -> dict[str, Json]:
    papers.product = products.get(papers.loan.get("product_id", ""), {})
    owed = fold(papers, today)
    unpaid = [it.due_date for it in owed.balances if it.scheduled_fen > 0]
    later = [
        it["value_date"] for _, it in papers.repayments if it["value_date"] > today.isoformat()
    ]
    state = papers.loan["state"]
    return {
        "branch": branch_id,
        "loan": loan,
        "customer": papers.customer,
        "officer": officers.get(papers.customer, papers.loan.get("officer_id")),
        "state": state,
        "outstanding_fen": owed.outstanding_principal_fen,
        "oldest_unpaid_on": min(unpaid).isoformat() if unpaid else None,
        "restructured_on": papers.loan.get("restructured_on"),
        "again_on": min(later) if later and state != "settled" else None,
    }


def position_of(row: Row[Any]) -> Position:
    """Return a row of `loan_position` as what it means."""
    oldest = date.fromisoformat(row.oldest_unpaid_on) if row.oldest_unpaid_on else None
    restructured = date.fromisoformat(row.restructured_on) if row.restructured_on else None
    return Position(
        row.loan, row.customer, row.officer, row.state,
        row.outstanding_fen, oldest, restructured,
    )  # fmt: skip
