"""The loan book keeps the recipe whatever day it is laid out for (pure: no database)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from schemas.derived.allocation import replay
from server.demo.book import Clerk
from server.demo.days import Days
from server.demo.households import households
from server.demo.loans import Book, Loan
from server.demo.places import VILLAGES

UNITS = {it.code: it.code for it in VILLAGES}
MONTH_ENDS = [
    date(2027, 3, 1),
    date(2027, 3, 16),
    date(2027, 3, 31),
    date(2026, 7, 1),
    date(2028, 2, 29),
]
EVERY_MONTH = [date(2026, 6, 16) + timedelta(days=37 * it) for it in range(12)]


def book(today: date) -> Book:
    days = Days(today, ZoneInfo("Asia/Shanghai"))
    return Clerk(days, households(days, UNITS)).book()


def dpd(loan: Loan, today: date) -> int:
    late = loan.late_since(today)
    return (today - late).days if late else 0


@pytest.mark.parametrize("today", [*MONTH_ENDS, *EVERY_MONTH], ids=str)
def test_arrears_are_the_recipes_on_any_day(today: date) -> None:
    active = [it for it in book(today).loans if it.state == "active"]

    found = sorted(dpd(it, today) for it in active)
    limits = (0, 7, 30, 90, 270, 360)
    up_to = [sum(it <= limit for it in found) for limit in limits]
    assert (len(found), up_to) == (160, [134, 142, 148, 153, 157, 158])
    assert {30, 90, 270, 360} < set(found)


def test_chen_is_e1_and_nobody_paid_today() -> None:
    today = date(2026, 6, 16)
    whole = book(today)
    chen = whole.of("陈国平")

    assert (chen.disbursed_on, chen.schedule[0].due_date) == (date(2026, 1, 15), date(2026, 2, 15))
    assert [it.on for it in chen.payments] == [it.due_date for it in chen.schedule[:3]]
    assert max(it.on for loan in whole.loans for it in loan.payments) < today


def test_where_the_calendar_lacks_the_day_chens_installment_fell_due_on_the_last_it_has() -> None:
    chen = book(date(2026, 7, 1)).of("陈国平")

    assert chen.schedule[4].due_date == date(2026, 6, 28)
    assert dpd(chen, date(2026, 7, 1)) == 34


def test_the_same_day_gives_the_same_book() -> None:
    assert book(date(2026, 9, 1)) == book(date(2026, 9, 1))


def test_restructured_loans_start_their_new_schedule_with_what_was_left() -> None:
    stretched = [it for it in book(date(2026, 6, 16)).loans if it.restructured_on]

    assert len(stretched) == 4
    for loan in stretched:
        assert loan.restructured_on is not None
        before = [
            it.as_repayment(str(it.on)) for it in loan.payments if it.on < loan.restructured_on
        ]
        left = replay(loan.schedules[1], before, loan.restructured_on, loan.penalty).state
        assert sum(it.principal_fen for it in loan.schedule) == left.outstanding_principal_fen
        assert all(it.on != loan.restructured_on for it in loan.payments)


def test_two_loans_at_once_are_the_exception() -> None:
    active = Counter(
        it.household.id for it in book(date(2026, 6, 16)).loans if it.state == "active"
    )

    assert sum(it > 1 for it in active.values()) == 3
