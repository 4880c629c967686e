"""The repayment methods of domain.md, section 8.2, and the terms of other lenders."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.day_count import DayCount
from schemas.derived.rounding import half_even, half_up
from schemas.derived.schedule import (
    Grace,
    Installment,
    Override,
    Period,
    PlannedPrincipal,
    Terms,
    Tranche,
    build_schedule,
    with_balances,
)

START = date(2026, 1, 15)


def terms(**changed: Any) -> Terms:
    agreed: dict[str, Any] = {
        "method": "equal_installment",
        "principal_fen": 30_000_00,
        "rate_bps": 840,
        "disbursed_on": START,
        "count": 12,
    }
    return Terms(**(agreed | changed))


def harvest_plan(*rows: tuple[str, int]) -> tuple[PlannedPrincipal, ...]:
    return tuple(PlannedPrincipal(date.fromisoformat(due), fen) for due, fen in rows)


def amounts(schedule: tuple[Installment, ...]) -> list[tuple[int, int, int]]:
    return [(row.principal_fen, row.interest_fen, row.balance_fen) for row in schedule]


def expected(rows: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    return [(row["principal_fen"], row["interest_fen"], row["balance_fen"]) for row in rows]


def test_e1_equal_installment_to_the_fen(golden: dict[str, Any]) -> None:
    schedule = build_schedule(terms(first_due_on=date(2026, 2, 15)))

    assert amounts(schedule) == expected(golden["E1"]["out"])
    assert [row.due_date.isoformat() for row in schedule] == [
        row["due"] for row in golden["E1"]["out"]
    ]
    assert {row.total_fen for row in schedule[:-1]} == {2_615_20}


def test_e2_equal_principal_to_the_fen(golden: dict[str, Any]) -> None:
    schedule = build_schedule(terms(method="equal_principal", principal_fen=20_000_00, count=6))

    assert amounts(schedule) == expected(golden["E2"]["out"])


def test_e3_bullet_counts_days(golden: dict[str, Any]) -> None:
    (only,) = build_schedule(
        terms(
            method="bullet",
            principal_fen=50_000_00,
            rate_bps=720,
            disbursed_on=date(2026, 3, 10),
            first_due_on=date(2026, 11, 30),
        )
    )

    assert only.interest_fen == golden["E3"]["out"]["interest_fen"]
    assert only.total_fen == 52_650_00


def test_e4_seasonal_follows_the_harvests(golden: dict[str, Any]) -> None:
    rows = golden["E4"]["out"]
    plan = harvest_plan(*((row["due"], row["principal_fen"]) for row in rows))
    schedule = build_schedule(
        terms(
            method="seasonal",
            principal_fen=40_000_00,
            rate_bps=720,
            disbursed_on=date(2026, 3, 15),
            plan=plan,
        )
    )

    assert amounts(schedule) == expected(rows)


def test_interest_first_pays_the_principal_with_the_last() -> None:
    schedule = build_schedule(terms(method="interest_first", principal_fen=10_000_00, count=3))

    assert amounts(schedule) == [(0, 70_00, 10_000_00)] * 2 + [(10_000_00, 70_00, 0)]


def test_without_interest_the_level_is_an_even_share() -> None:
    schedule = build_schedule(terms(rate_bps=0, principal_fen=100, count=3))

    assert amounts(schedule) == [(33, 0, 67), (33, 0, 34), (34, 0, 0)]


def test_a_product_on_365_days_bears_less_a_day() -> None:
    bullet = {"method": "bullet", "first_due_on": START + timedelta(days=73), "rate_bps": 1000}

    in_360, in_365 = (
        build_schedule(terms(**bullet, day_count=days))[0].interest_fen
        for days in ("act360", "act365")
    )
    assert (in_360, in_365) == (608_33, 600_00)


def test_a_loan_smaller_than_its_level_is_not_repaid_twice() -> None:
    schedule = build_schedule(terms(principal_fen=10, count=18))

    assert [row.principal_fen for row in schedule] == [1] * 10 + [0] * 8


def test_a_level_may_be_whole_yuan() -> None:
    schedule = build_schedule(terms(installment_multiple_fen=100))

    assert {row.total_fen for row in schedule[:-1]} == {2_615_00}
    assert schedule[-1].balance_fen == 0


def test_rows_read_from_records_get_their_balances_back() -> None:
    schedule = build_schedule(terms())
    stored = [
        Installment(row.seq, row.due_date, row.principal_fen, row.interest_fen) for row in schedule
    ]

    assert with_balances(reversed(stored)) == schedule


def plans(principal_fen: int) -> st.SearchStrategy[tuple[PlannedPrincipal, ...]]:
    def plan(cuts: list[int], gaps: list[int]) -> tuple[PlannedPrincipal, ...]:
        edges = [0, *sorted(cuts), principal_fen]
        shares = [high - low for low, high in pairwise(edges)]
        dates = [START + timedelta(days=days) for days in accumulate(gaps[: len(shares)])]
        return tuple(map(PlannedPrincipal, dates, shares))

    cuts = st.lists(st.integers(0, principal_fen), max_size=5)
    return st.builds(plan, cuts, st.lists(st.integers(1, 200), min_size=6, max_size=6))


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    method = draw(
        st.sampled_from(
            ["equal_installment", "equal_principal", "interest_first", "bullet", "seasonal"]
        )
    )
    principal = draw(st.integers(1, 300_000_00))
    return terms(
        method=method,
        principal_fen=principal,
        rate_bps=draw(st.integers(0, 3600)),
        count=draw(st.integers(1, 60)),
        first_due_on=START + timedelta(days=draw(st.integers(1, 400))),
        plan=draw(plans(principal)) if method == "seasonal" else (),
    )


@given(any_terms())
def test_principal_adds_up_exactly_in_every_method(agreed: Terms) -> None:
    schedule = build_schedule(agreed)

    assert sum(row.principal_fen for row in schedule) == agreed.principal_fen
    assert schedule[-1].balance_fen == 0
    assert all(row.principal_fen >= 0 and row.interest_fen >= 0 for row in schedule)


@given(any_terms())
def test_rows_are_numbered_in_order_of_their_dates(agreed: Terms) -> None:
    schedule = build_schedule(agreed)

    assert [row.seq for row in schedule] == list(range(1, len(schedule) + 1))
    assert agreed.disbursed_on < schedule[0].due_date
    assert with_balances(schedule) == schedule


COUNTS: tuple[DayCount, ...] = (
    "months", "30e360", "act360", "act364", "act365", "actact",
)  # fmt: skip


@st.composite
def foreign_terms(draw: st.DrawFn) -> Terms:
    """Every term of other lenders at once; overrides are of dates that may not be there."""
    stepped = ["equal_installment", "equal_principal", "interest_first", "flat_interest"]
    first = START + timedelta(days=draw(st.integers(30, 60)))
    later = st.builds(Tranche, st.dates(START, first), st.integers(1, 9_000_00))
    fixed = st.builds(
        lambda days, principal: Override(START + timedelta(days=days), None, principal),
        st.integers(1, 29),
        st.just(0),
    )
    return terms(
        method=draw(st.sampled_from(stepped)),
        principal_fen=draw(st.integers(1, 30_000_00)),
        rate_bps=draw(st.fractions(0, 5000, max_denominator=1000)),
        count=draw(st.integers(2, 14)),
        first_due_on=draw(st.sampled_from([None, first])),
        period=Period(
            draw(st.integers(8, 20)),
            draw(st.sampled_from(["day", "week", "month"])),
            draw(st.sampled_from(COUNTS)),
        )
        if draw(st.booleans())
        else Period(),
        installment_multiple_fen=draw(st.sampled_from([1, 100, 10_000])),
        money_multiple_fen=draw(st.sampled_from([1, 5, 100])),
        tranches=tuple(sorted(draw(st.lists(later, max_size=2)))),
        down_payment=draw(st.fractions(0, Fraction(49, 50), max_denominator=50)),
        grace=Grace(draw(st.integers(0, 20)), draw(st.integers(0, 20))),
        overrides=tuple(draw(st.lists(fixed, max_size=1))),
        rounds_shares=draw(st.booleans()),
    )


@given(foreign_terms(), st.sampled_from([half_up, half_even]))
def test_principal_adds_up_and_no_balance_is_negative_whatever_the_terms(
    agreed: Terms, rounded: Any
) -> None:
    agreed = replace(agreed, tranches=tuple(t for t in agreed.tranches if t.on < last_due(agreed)))
    schedule = build_schedule(agreed, rounded)

    assert sum(row.principal_fen for row in schedule) == sum(it.amount_fen for it in agreed.payouts)
    assert min(row.balance_fen for row in schedule) >= 0
    assert min(row.principal_fen for row in schedule) >= 0
    assert schedule[-1].balance_fen == 0
    assert [row.seq for row in schedule] == list(range(1, len(schedule) + 1))
    assert [row.due_date for row in schedule] == sorted(row.due_date for row in schedule)


def last_due(agreed: Terms) -> date:
    return build_schedule(replace(agreed, tranches=()))[-1].due_date


def test_interest_that_is_put_off_is_not_lost() -> None:
    put_off = build_schedule(terms(grace=Grace(12 - 1, 5)))
    monthly = build_schedule(terms(grace=Grace(12 - 1, 0)))

    assert [row.interest_fen for row in put_off[:5]] == [0] * 5
    assert sum(row.interest_fen for row in put_off) == sum(row.interest_fen for row in monthly)


def test_interest_that_is_put_off_to_the_end_comes_with_the_last() -> None:
    schedule = build_schedule(terms(method="interest_first", count=3, grace=Grace(0, 9)))

    assert [row.interest_fen for row in schedule] == [0, 0, 3 * 210_00]


def test_every_amount_may_be_a_multiple() -> None:
    schedule = build_schedule(terms(method="equal_principal", money_multiple_fen=1_00))

    assert all(
        amount % 1_00 == 0 for row in schedule for amount in (row.principal_fen, row.interest_fen)
    )


@given(st.integers(1, 300_000_00), st.integers(1, 3600), st.integers(1, 60))
def test_the_present_value_of_the_level_rows_is_the_loan(
    principal: int, rate_bps: int, count: int
) -> None:
    schedule = build_schedule(terms(principal_fen=principal, rate_bps=rate_bps, count=count))

    growth = 1 + Fraction(rate_bps, 120_000)
    present = sum((row.total_fen / growth**row.seq for row in schedule), Fraction(0))
    assert abs(present - principal) <= count


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"method": "balloon"}, "method: 'balloon' is none of"),
        ({"principal_fen": 0}, "principal_fen: must be above 0"),
        ({"rate_bps": -1}, "rate_bps: must not be negative"),
        ({"count": 0}, "count: must be 1 to"),
        ({"count": 10**9}, "count: must be 1 to"),
        ({"installment_multiple_fen": 0}, "installment_multiple_fen: must be"),
        ({"first_due_on": START}, "first_due_on: 2026-01-15 is not after"),
        ({"money_multiple_fen": 0}, "money_multiple_fen: must be"),
        ({"level_rate": Fraction(-1)}, "level_rate: must not be negative"),
        ({"down_payment": Fraction(1)}, "down_payment: must be less than the whole"),
        ({"grace": Grace(-1)}, "grace: must not be negative"),
        ({"starts_on": START + timedelta(days=1)}, "starts_on: 2026-01-16 is after"),
        ({"due_dates": (START, START)}, "due_dates: 2026-01-15 is not after"),
        ({"due_dates": (START,) * 1201}, "due_dates: must be 1200 at most"),
        ({"tranches": (Tranche(START, 0),)}, "principal_fen: must be above 0"),
        ({"tranches": (Tranche(date(2026, 1, 1), 1),)}, "tranches: must be in the order"),
        ({"overrides": (Override(START, 1),)}, "overrides: must be after 2026-01-15"),
        ({"overrides": (Override(date.max, 1),) * 2}, "overrides: two for one date"),
        ({"method": "seasonal", "down_payment": Fraction(1, 2)}, "plan: it says all that is due"),
        ({"method": "bullet"}, "first_due_on: a bullet loan needs it"),
        ({"plan": harvest_plan(("2026-06-20", 1))}, "plan: only for seasonal"),
        ({"method": "seasonal"}, "plan: pays off 0 fen"),
        (
            {
                "method": "seasonal",
                "plan": harvest_plan(("2026-06-20", 3_000_001), ("2026-07-01", -1)),
            },
            "plan: a principal must not be negative",
        ),
        (
            {
                "method": "seasonal",
                "plan": harvest_plan(("2026-06-20", 0), ("2026-06-20", 3_000_000)),
            },
            "plan: 2026-06-20 is not after 2026-06-20",
        ),
    ],
)
def test_impossible_terms_are_refused_by_name(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        terms(**changed)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"tranches": (Tranche(date(2027, 1, 15), 1),)}, "tranches: the last must be paid out"),
        ({"overrides": (Override(date(2027, 1, 15), 1),)}, "overrides: the last installment takes"),
        ({"overrides": (Override(date(2026, 2, 15)),)}, "overrides: 2026-02-15 needs a total or"),
        ({"overrides": (Override(date(2026, 2, 15), 1),)}, "overrides: 2026-02-15 would pay off"),
        (
            {"overrides": (Override(date(2026, 2, 1), removed=True),)},
            "overrides: there is no installment on 2026-02-01",
        ),
    ],
)
def test_terms_that_do_not_fit_the_dates_are_refused_by_name(
    changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        build_schedule(terms(**changed))


def test_steps_of_days_need_a_day_count() -> None:
    with pytest.raises(ValueError, match="day_count: steps of days"):
        Period(15, "day")


def test_a_step_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="every: must be at least 1"):
        Period(0)
