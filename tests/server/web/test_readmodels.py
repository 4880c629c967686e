"""What is owed, folded from the log: equal to a recount from the raw records, whatever happened since."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from schemas.derived.allocation import PenaltyRate, Repayment, replay
from schemas.derived.portfolio import LoanStanding, Portfolio, portfolio_of
from schemas.derived.risk_class import RiskClass, class_by_days
from schemas.derived.schedule import Installment
from server.readmodels import (
    Position,
    bring_up,
    by_class,
    loan_position,
    loan_positions,
    portfolio,
    rebuild,
    recompute,
    standings,
)  # fmt: skip
from server.store import branch, record
from tests.server.branch import create, named, set_up
from tests.server.web.village import (
    CHEN,
    DENG,
    GAO,
    GUIYING,
    HE,
    HUANG,
    LATE,
    LEI,
    LI,
    LIU,
    TANG,
    TODAY,
    WU,
    XU,
    ZHAO,
    ZHOU,
    Village,
    loan_records,
    repayment_record,
)  # fmt: skip
from tests.server.web.visiting import counted

Json = Any


def branch_id(village: Village, code: str = "QH") -> str:
    with village.server.engine.connect() as connection:
        return str(
            connection.execute(select(branch.c.id).where(branch.c.code == code)).scalar_one()
        )


def positions(village: Village, today: date = TODAY) -> dict[str, Position]:
    found = loan_positions(village.server.engine, branch_id(village), today)
    return {it.customer: it for it in found}


def recount(village: Village, today: date = TODAY) -> Portfolio:
    """Add the portfolio up from the raw records alone."""
    with village.server.engine.connect() as connection:
        rows = connection.execute(select(record).where(record.c.branch == branch_id(village))).all()
    of: dict[str, list[Any]] = {"loan": [], "installment": [], "repayment": []}
    for row in rows:
        of.setdefault(row.type, []).append(row)
    return portfolio_of(_standing(it, of, today) for it in of["loan"])


def _standing(loan: Any, of: dict[str, list[Any]], today: date) -> LoanStanding:
    schedule = [
        Installment(
            it.fields["seq"], date.fromisoformat(it.fields["due_date"]), it.fields["principal_fen"],
            it.fields["interest_fen"],
        )
        for it in of["installment"] if it.fields["loan_id"] == loan.id
    ]  # fmt: skip
    repayments = [
        Repayment(
            it.id, it.fields["receipt_no"], date.fromisoformat(it.fields["value_date"]),
            it.fields["amount_fen"], it.fields.get("reverses_id"),
        )
        for it in of["repayment"] if it.fields["loan_id"] == loan.id
    ]  # fmt: skip
    owed = replay(schedule, repayments, today, PenaltyRate(loan.fields["rate_bps"])).state
    return LoanStanding(
        owed.outstanding_principal_fen, owed.dpd, "restructured_on" in loan.fields,
        loan.fields["state"] == "written_off",
    )  # fmt: skip


def pay(
    village: Village, customer: str, fen: int, on: date, receipt: str = "T1-20260616-001"
) -> str:
    """Let 李敏 take a payment."""
    change = create(
        "repayment", customer, None, loan_id=named(f"loan of {customer}"), amount_fen=fen,
        value_date=on.isoformat(), channel="cash", receipt_no=receipt,
    )  # fmt: skip
    village.li.login()
    village.li.catch_up()
    assert village.li.push(change)["status"] in ("applied", "merged")
    return str(change["id"])


# ---------------------------------------------------------------------------------------- figures


def test_every_loan_is_as_late_as_the_story_says(every_village: Village) -> None:
    found = positions(every_village)

    assert {customer: it.dpd(TODAY) for customer, it in found.items()} == dict(LATE)


def test_figures_equal_a_recount_from_the_raw_records(every_village: Village) -> None:
    found = portfolio(positions(every_village).values(), TODAY)

    assert found == recount(every_village)
    assert (
        found.gross_fen > found.par30_plus_restructured_fen > found.par30_fen > found.par90_fen > 0
    )


def test_figures_of_later_days_follow_without_folding_again(village: Village) -> None:
    days = [TODAY + timedelta(days=it) for it in (1, 15, 59, 400)]
    found = positions(village).values()

    assert [portfolio(found, it) for it in days] == [recount(village, it) for it in days]


def test_the_golden_portfolio() -> None:
    """Source: domain.md, golden case E6."""
    found = portfolio(golden(), TODAY)

    assert (found.gross_fen, found.par1_fen, found.par30_fen, found.par90_fen) == (
        20_131_388, 6_531_388, 2_831_388, 1_300_000,
    )  # fmt: skip
    assert found.par30_plus_restructured_fen == 3_431_388
    assert [found.ratio_bps(it) for it in (found.par1_fen, found.par30_fen)] == [3244, 1406]


def test_the_golden_classes() -> None:
    """Source: domain.md, golden case E6."""
    found = [it.risk_class.code for it in standings(golden(), TODAY)]

    assert found == [
        "special_mention", "normal", "special_mention", "substandard", "special_mention",
        "special_mention", "doubtful", "normal",
    ]  # fmt: skip


def golden() -> list[Position]:
    rows = (
        (1_531_388, 32), (4_000_000, 0), (1_200_000, 1), (800_000, 95), (2_500_000, 30),
        (600_000, 0), (500_000, 300), (9_000_000, 0),
    )  # fmt: skip
    return [
        Position(
            f"loan {at}", f"customer {at}", None, "active", fen, TODAY - timedelta(days=dpd),
            date(2026, 2, 1) if at == 5 else None,
        )
        for at, (fen, dpd) in enumerate(rows)
    ]  # fmt: skip


def test_one_bad_loan_pulls_the_customers_others_down() -> None:
    bad = Position("a", "one", None, "active", 100, TODAY - timedelta(days=95))
    good = Position("b", "one", None, "active", 100, TODAY + timedelta(days=3))

    found = {it.position.loan: it.risk_class for it in standings([bad, good], TODAY)}

    assert found == {"a": RiskClass.SUBSTANDARD, "b": RiskClass.SPECIAL_MENTION}


@pytest.mark.parametrize("dpd", [0, 1, 30, 31, 90, 91, 270, 271, 360, 361])
def test_the_class_of_a_lone_loan_is_that_of_its_days(dpd: int) -> None:
    one = Position("a", "one", None, "active", 100, TODAY - timedelta(days=dpd))

    assert standings([one], TODAY)[0].risk_class == class_by_days(dpd)


def test_a_restructured_loan_is_watched_for_a_year() -> None:
    one = Position("a", "one", None, "active", 100, None, date(2025, 6, 16))

    assert standings([one], date(2026, 6, 15))[0].risk_class == RiskClass.SPECIAL_MENTION
    assert standings([one], date(2026, 6, 16))[0].risk_class == RiskClass.NORMAL


def test_classes_add_up_to_the_outstanding_principal(village: Village) -> None:
    found = list(positions(village).values())

    assert sum(by_class(standings(found, TODAY)).values()) == portfolio(found, TODAY).gross_fen


# ------------------------------------------------------------------------------ keeping up


def test_a_payment_shows_at_the_next_look(every_village: Village) -> None:
    before = positions(every_village)[CHEN]

    pay(every_village, CHEN, 313_000, TODAY)
    after = positions(every_village)[CHEN]

    assert after.outstanding_fen < before.outstanding_fen
    assert portfolio(positions(every_village).values(), TODAY) == recount(every_village)


def test_a_look_without_news_costs_one_read(every_village: Village) -> None:
    positions(every_village)
    known = branch_id(every_village)

    with counted(every_village.server.engine) as sent:
        bring_up(every_village.server.engine, known, TODAY)

    assert len(sent) == 1


def test_folding_costs_the_same_for_one_loan_and_for_many(every_village: Village) -> None:
    known = branch_id(every_village)
    with counted(every_village.server.engine) as everything:
        bring_up(every_village.server.engine, known, TODAY)
    pay(every_village, CHEN, 313_000, TODAY)
    with counted(every_village.server.engine) as one:
        bring_up(every_village.server.engine, known, TODAY)

    assert len(one) == len(everything) <= 9


def test_a_reversal_puts_the_debt_back(village: Village) -> None:
    before = positions(village)[CHEN]
    wrong = pay(village, CHEN, 313_000, TODAY)
    positions(village)

    reversal = repayment_record(CHEN, named(f"loan of {CHEN}"), 313_000, TODAY, 77)
    reversal["fields"]["reverses_id"] = wrong
    set_up(village.server.engine, {"records": [reversal]})

    assert positions(village)[CHEN] == before


def test_a_receipt_dated_tomorrow_counts_from_tomorrow(every_village: Village) -> None:
    before = positions(every_village)[CHEN]
    tomorrow = TODAY + timedelta(days=1)

    pay(every_village, CHEN, 313_000, tomorrow)

    assert positions(every_village)[CHEN].outstanding_fen == before.outstanding_fen
    assert positions(every_village, tomorrow)[CHEN].outstanding_fen < before.outstanding_fen
    assert portfolio(positions(every_village, tomorrow).values(), tomorrow) == recount(
        every_village, tomorrow
    )


def test_a_customer_who_moves_takes_the_figures_along(every_village: Village) -> None:
    before = positions(every_village)[HUANG].officer

    every_village.assign(HUANG, "xu.na")

    assert (before, positions(every_village)[HUANG].officer) == (LI, XU)


def test_a_written_off_loan_is_shown_beside(village: Village) -> None:
    lost = _changed(village, HE, state="written_off")
    before = portfolio(positions(village).values(), TODAY)

    set_up(village.server.engine, {"records": [lost]})
    after = portfolio(positions(village).values(), TODAY)

    assert after.written_off_fen == before.gross_fen - after.gross_fen > 0


def test_a_settled_loan_is_gone(village: Village) -> None:
    set_up(village.server.engine, {"records": [_changed(village, HE, state="settled")]})

    assert HE not in positions(village)


def test_a_new_schedule_starts_from_what_was_outstanding(village: Village) -> None:
    loan = named(f"loan of {CHEN}")
    row = {
        "loan_id": loan, "schedule_version": 2, "seq": 1, "due_date": "2026-12-16",
        "principal_fen": 1_800_000, "interest_fen": 60_000,
    }  # fmt: skip
    new = {
        "branch": "QH",
        "type": "installment",
        "id": named("new"),
        "customer": CHEN,
        "fields": row,
    }

    set_up(
        village.server.engine,
        {
            "records": [
                new,
                _changed(
                    village,
                    CHEN,
                    schedule_version=2,
                    restructured_on="2026-06-16",
                    restructure_count=1,
                ),
            ]
        },
    )

    assert positions(village)[CHEN].outstanding_fen == 1_800_000
    assert positions(village)[CHEN].dpd(TODAY) == 0


def test_a_loan_without_a_schedule_owes_its_amount_on_its_last_day(village: Village) -> None:
    lone = loan_records(GUIYING, 500_000, 0)[0] | {"id": named("imported")}
    lone["fields"] = {**lone["fields"], "maturity_on": "2026-06-01"}

    set_up(village.server.engine, {"records": [lone]})
    found = loan_positions(village.server.engine, branch_id(village), TODAY)
    position = next(it for it in found if it.loan == named("imported"))

    assert (position.outstanding_fen, position.dpd(TODAY)) == (500_000, 15)


def test_a_rebuild_gives_what_was_kept_up(every_village: Village) -> None:
    positions(every_village)
    pay(every_village, CHEN, 313_000, TODAY)
    pay(every_village, DENG, 100_000, TODAY, "T1-20260616-002")
    kept = stored(every_village)

    known = branch_id(every_village)
    with every_village.server.engine.begin() as connection:
        count = rebuild(connection, known, TODAY)

    assert count == len(LATE)
    assert stored(every_village) == kept


def test_a_rebuild_finds_what_somebody_altered_and_puts_it_right(every_village: Village) -> None:
    kept = stored(every_village)
    known = branch_id(every_village)
    altered, gone = named(f"loan of {CHEN}"), named(f"loan of {DENG}")
    table = loan_position
    with every_village.server.engine.begin() as connection:
        connection.execute(update(table).where(table.c.loan == altered).values(outstanding_fen=1))
        connection.execute(delete(table).where(table.c.loan == gone))

    with every_village.server.engine.begin() as connection:
        first = recompute(connection, known, TODAY)
        second = recompute(connection, known, TODAY)

    assert (first.loans, set(first.differing)) == (len(LATE), {altered, gone})
    assert (second.loans, second.differing) == (len(LATE), ())
    assert stored(every_village) == kept


def stored(village: Village) -> Sequence[Any]:
    positions(village)
    with village.server.engine.connect() as connection:
        return connection.execute(select(loan_position).order_by(loan_position.c.loan)).all()


def test_many_may_look_at_once(every_village: Village) -> None:
    known = branch_id(every_village)

    def look(_: int) -> Portfolio:
        return portfolio(loan_positions(every_village.server.engine, known, TODAY), TODAY)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(look, range(12)))

    assert set(found) == {recount(every_village)}


def test_each_officer_has_the_loans_of_their_customers(village: Village) -> None:
    found = {customer: it.officer for customer, it in positions(village).items()}

    assert found[TANG] == found[LEI] == GAO
    assert found[WU] == found[ZHOU] == ZHAO
    assert found[LIU] == XU


def _changed(village: Village, customer: str, **fields: Json) -> Json:
    """Return a customer's loan for a set-up file, with some of its fields changed."""
    key = named(f"loan of {customer}")
    with village.server.engine.connect() as connection:
        held = connection.scalars(select(record.c.fields).where(record.c.id == key)).one()
    whole = {**held, **fields}
    return {"branch": "QH", "type": "loan", "id": key, "customer": customer, "fields": whole}
