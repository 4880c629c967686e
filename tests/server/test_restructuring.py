"""A restructured loan through the whole server: what it looks at is loaded, and what follows is told."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from server import readmodels, store
from server.db import reading
from server.readmodels import loan_positions
from tests.server.branch import GUIYING, LI, Server, create, fresh_id, named, update
from tests.server.test_lending import ASKED, in_the_office, is_whole, modern
from tests.server.test_money import DAY, LOAN, lend


def test_a_restructured_loan_reaches_the_tablet_with_its_schedule_and_counts_in_par(
    server: Server,
) -> None:
    lend(server)
    tablet, application = modern(server), fresh_id()
    asked = create(
        "loan_application", GUIYING, application, **ASKED, officer_id=LI, state="contracted",
        loan_id=LOAN, security=["unsecured"],
    )  # fmt: skip
    assert in_the_office(server, "", "server", asked)["status"] == "applied"

    done = update("loan_application", application, GUIYING, state="disbursed")
    assert in_the_office(server, named("qian.hui"), "clerk", done)["status"] == "applied"

    tablet.catch_up()
    loan = tablet.fields(LOAN)
    assert (loan["schedule_version"], loan["restructured_on"]) == (2, DAY)
    rows = [it for it in tablet.held.values() if it["type"] == "installment"]
    assert sum(it["fields"]["principal_fen"] for it in rows) == loan["principal_fen"]
    today = date.fromisoformat(DAY)
    with reading(server.engine) as connection:
        branch = connection.execute(select(store.branch.c.id).where(store.branch.c.code == "QH"))
        (position,) = loan_positions(server.engine, branch.scalar_one(), today)
    par = readmodels.portfolio([position], today)
    assert (par.par30_fen, par.par30_plus_restructured_fen) == (0, loan["principal_fen"])
    assert is_whole(server)
