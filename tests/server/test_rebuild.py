"""`xiangxin rebuild`: what pages read follows from the log alone, also after everything that lending does."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import select

from schemas.values import derived_id
from server import field_book, readmodels
from server.cli import cli
from server.db import writing
from server.readmodels import Position, loan_position
from server.store import branch
from tests.server.branch import (
    GUIYING,
    LI,
    PRODUCT,
    WANG,
    ZHAO,
    Server,
    create,
    fresh_id,
    named,
    update,
)
from tests.server.test_lending import ASKED, in_the_office, is_whole, modern
from tests.server.test_money import DAY, LOAN, OWED, lend, receipt

Json = Any


def kept_up(server: Server) -> dict[str, tuple[Json, ...]]:
    """Return the read model of every branch as a page leaves it, by loan."""
    with server.engine.connect() as connection:
        branches = connection.execute(select(branch.c.id)).scalars().all()
    for it in branches:
        readmodels.bring_up(server.engine, it, date.fromisoformat(DAY))
        field_book.bring_up(server.engine, it)
    with server.engine.connect() as connection:
        return {it.loan: tuple(it) for it in connection.execute(select(loan_position))}


def paid_out(server: Server) -> str:
    """Let the office pay out an application of Guiying's; return the loan."""
    application = fresh_id()
    made = in_the_office(
        server, "", "server",
        create(
            "loan_application", GUIYING, application, **ASKED, officer_id=LI, state="contracted"
        ),
        create(
            "decision", GUIYING, None, application_id=application, stage="approve",
            outcome="approve", user_id=WANG, comment="同意。",
        ),
    )  # fmt: skip
    assert made["status"] == "applied", made
    pay = update("loan_application", application, GUIYING, state="disbursed")
    paid = in_the_office(server, named("qian.hui"), "clerk", pay)
    assert paid["status"] == "applied", paid
    return derived_id("loan", application)


def written_off(server: Server) -> str:
    loan = fresh_id()
    made = in_the_office(
        server, "", "server",
        create(
            "loan", GUIYING, loan, product_id=PRODUCT, principal_fen=OWED, rate_bps=840,
            loan_no="L-2", method="bullet", disbursed_on="2025-01-10", maturity_on="2025-06-10",
            purpose="购买仔猪", security=["unsecured"], officer_id=LI, responsible={},
            schedule_version=1, restructure_count=0, state="active",
        ),
        update("loan", loan, GUIYING, state="written_off"),
    )  # fmt: skip
    assert made["status"] == "applied", made
    return loan


def lived_through(server: Server) -> set[str]:
    """Let the branch lend, collect, reverse, give up and hand over, with a look after each; return the loans."""
    lend(server)
    li, seen = modern(server), [kept_up(server)]
    loan = paid_out(server)
    seen.append(kept_up(server))
    first = receipt("T1-1", 1_000_00)
    ask = create(
        "task", GUIYING, None, title="冲正", due_on=DAY, source="manual",
        record_type="repayment", record=first["id"], assignee_id=LI,
    )  # fmt: skip
    for change in (
        first,
        receipt("T1-2", OWED - 1_000_00),  # the loan is paid up
        {**receipt("T1-3", 500_00), "set": {**receipt("T1-3", 500_00)["set"], "loan_id": loan}},
        ask,
    ):
        assert li.push(change)["status"] == "applied"
        if change is not ask:
            seen.append(kept_up(server))
    undo = receipt("R-1", 1_000_00, reverses_id=first["id"])
    assert in_the_office(server, WANG, "supervisor", undo)["status"] == "applied"  # open again
    seen.append(kept_up(server))
    gone = written_off(server)
    seen.append(kept_up(server))
    cover = {"customer": GUIYING, "officer": "zhao.min", "role": "primary"}
    assert server.tablet("wang.jun").post("/api/v1/assignments", cover).status == 201
    seen.append(kept_up(server))
    assert all(one != other for one, other in pairwise(seen)), "each step had something to fold"
    return {LOAN, loan, gone}


def test_a_rebuild_changes_nothing_after_everything_that_lending_does(server: Server) -> None:
    loans = lived_through(server)
    before = kept_up(server)

    with writing(server.engine) as connection:
        row = connection.execute(select(branch).where(branch.c.code == "QH")).one()
        found = readmodels.recompute(connection, row.id, date.fromisoformat(DAY))
        receipts = field_book.recompute(connection, row.id)

    assert (found.loans, found.differing) == (3, ())
    assert (receipts.receipts, receipts.differing) == (4, ())
    assert kept_up(server) == before
    assert before.keys() == loans
    assert {it.officer for it in standing(server)} == {ZHAO}
    assert is_whole(server)


def standing(server: Server) -> list[Position]:
    with server.engine.connect() as connection:
        row = connection.execute(select(branch).where(branch.c.code == "QH")).one()
        return readmodels.positions(connection, row.id)


def test_the_command_says_so(one_server: Server, sqlite_branch: str, tmp_path: Path) -> None:
    lived_through(one_server)

    told = CliRunner().invoke(
        cli, ["rebuild", "--data", str(tmp_path), "--database", sqlite_branch]
    )

    assert told.exit_code == 0
    for what in ("3 loans", "4 receipts"):
        assert f"QH: {what} folded anew, all equal to what was there." in told.output
