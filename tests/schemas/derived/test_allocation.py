"""Repayments on installments: the order, the penalty, and that no order of arrival matters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.derived.allocation import (
    NO_PENALTY,
    LoanState,
    Part,
    PenaltyRate,
    Repayment,
    Replay,
    replay,
    standing,
)
from schemas.derived.schedule import Installment, Terms, build_schedule

PENALTY = PenaltyRate(rate_bps=840)
START = date(2026, 1, 15)
E1 = build_schedule(
    Terms(
        method="equal_installment",
        principal_fen=30_000_00,
        rate_bps=840,
        count=12,
        disbursed_on=START,
        first_due_on=date(2026, 2, 15),
    )
)


def paid(amount_fen: int, on: str, number: int = 1, **more: Any) -> Repayment:
    receipt = f"T1-{on.replace('-', '')}-{number:03d}"
    return Repayment(receipt, receipt, date.fromisoformat(on), amount_fen, **more)


ON_TIME = [paid(row.total_fen, row.due_date.isoformat()) for row in E1[:3]]
LATE = paid(3_000_00, "2026-06-16")


def at(on: str, repayments: Sequence[Repayment], schedule: Sequence[Installment] = E1) -> Replay:
    return replay(schedule, repayments, date.fromisoformat(on), PENALTY)


def test_e5_what_is_due_before_the_payment(golden: dict[str, Any]) -> None:
    state = at("2026-06-16", ON_TIME).state

    assert {
        "dpd": state.dpd,
        "outstanding_fen": state.outstanding_principal_fen,
        "arrears_fen": state.arrears_fen,
        "penalty_fen": state.penalty_fen,
        "due_today_fen": state.due_today_fen,
    } == golden["E5"]["out"]["before"]


def test_e5_split_of_the_payment(golden: dict[str, Any]) -> None:
    split = at("2026-06-16", [*ON_TIME, LATE]).splits[-1]

    assert [part._asdict() for part in split.parts] == golden["E5"]["out"]["alloc"]


def test_e5_what_is_left_after_the_payment(golden: dict[str, Any]) -> None:
    state = at("2026-06-16", [*ON_TIME, LATE]).state

    assert {
        "dpd": state.dpd,
        "outstanding_fen": state.outstanding_principal_fen,
        "arrears_fen": state.arrears_fen,
        "unallocated_fen": state.unallocated_fen,
    } == golden["E5"]["out"]["after"]


def test_penalty_runs_on_over_what_is_left_and_is_rounded_once() -> None:
    state = at("2026-06-25", [*ON_TIME, LATE]).state

    # (2,473.26 × 1 day + 2,258.78 × 9 days) × 12.6 % / 360 = 7.9808, less 0.87 paid on the 16th
    assert state.penalty_fen == 7_98 - 87


def test_nothing_is_late_on_the_due_date_but_it_may_be_asked_for() -> None:
    state = at("2026-02-15", []).state

    assert (state.dpd, state.arrears_fen, state.penalty_fen) == (0, 0, 0)
    assert (state.due_today_fen, state.next_due_on) == (2_615_20, date(2026, 2, 15))


def test_next_due_skips_what_was_paid_in_advance() -> None:
    state = at("2026-02-01", [paid(2_615_20 + 100, "2026-02-01")]).state

    assert (state.next_due_on, state.next_due_fen) == (date(2026, 3, 15), 2_614_20)


def test_money_for_later_installments_pays_their_interest_first() -> None:
    split = at("2026-02-15", [paid(2_615_20 + 200_00, "2026-02-15")]).splits[0]

    assert split.parts[1] == Part(2, 0, 0, 193_16, 6_84)


def test_a_fee_is_paid_before_interest() -> None:
    row = replace(E1[0], fee_fen=10_00)
    split = at("2026-02-15", [paid(15_00, "2026-02-15")], [row]).splits[0]

    assert split.parts == (Part(1, 0, 10_00, 5_00, 0),)


def test_money_after_the_last_installment_is_kept_unallocated() -> None:
    total = sum(row.total_fen for row in E1)
    state = at("2026-02-01", [paid(total + 1, "2026-02-01")]).state

    assert (state.unallocated_fen, state.is_settled, state.next_due_on) == (1, True, None)


def test_a_repayment_of_tomorrow_does_not_count_today() -> None:
    assert at("2026-02-14", [paid(100, "2026-02-15")]).state.paid_fen == 0


def test_a_reversed_repayment_and_its_reversal_leave_no_trace() -> None:
    wrong = paid(500_00, "2026-06-01")
    undone = paid(500_00, "2026-06-20", reverses_id=wrong.id)

    assert at("2026-06-30", [*ON_TIME, undone, wrong, LATE]) == at("2026-06-30", [*ON_TIME, LATE])


def test_a_repayment_is_of_something() -> None:
    with pytest.raises(ValueError, match="amount_fen: must be above 0"):
        paid(0, "2026-06-16")


def test_penalty_follows_the_product_day_count() -> None:
    fen_days = 1_000_00 * 365

    assert PenaltyRate(840, 5000, "act365").interest_fen(fen_days) == 126_00
    assert PENALTY.interest_fen(fen_days) == 127_75


DAYS = st.integers(0, 500).map(lambda days: (START + timedelta(days=days)).isoformat())


@st.composite
def repayments(draw: st.DrawFn) -> list[Repayment]:
    """Some repayments with numbers of their own, often several a day, some of them reversed."""
    drawn = draw(st.lists(st.tuples(st.integers(1, 9_000_00), DAYS), max_size=8))
    made = [paid(amount, on, number) for number, (amount, on) in enumerate(drawn)]
    undone = draw(st.lists(st.sampled_from(made), max_size=2, unique=True)) if made else []
    reversals = [
        paid(row.amount_fen, "2026-09-01", 900 + number, reverses_id=row.id)
        for number, row in enumerate(undone)
    ]
    return made + reversals


@given(repayments(), st.randoms(use_true_random=False), DAYS)
def test_any_order_of_arrival_gives_the_same_loan(made: list[Repayment], rng: Any, on: str) -> None:
    arrived = list(made)
    rng.shuffle(arrived)

    assert at(on, arrived) == at(on, made)


@given(repayments(), st.integers(1, 9_000_00), st.integers(1, 9_000_00), DAYS, DAYS)
def test_two_receipts_of_one_day_may_swap(
    made: list[Repayment], one: int, other: int, paid_on: str, on: str
) -> None:
    as_given = [*made, paid(one, paid_on, 501), paid(other, paid_on, 502)]
    swapped = [*made, paid(one, paid_on, 502), paid(other, paid_on, 501)]

    assert at(on, as_given).state == at(on, swapped).state


@given(repayments(), DAYS)
def test_no_fen_is_lost(made: list[Repayment], on: str) -> None:
    done = at(on, made)

    for split in done.splits:
        parts = sum(part.total_fen for part in split.parts)
        assert parts + split.unallocated_fen == split.repayment.amount_fen
    allocated = sum(balance.paid_fen for balance in done.state.balances)
    assert allocated + done.state.unallocated_fen == done.state.paid_fen


@given(repayments(), DAYS)
def test_principal_paid_and_outstanding_are_the_loan(made: list[Repayment], on: str) -> None:
    done = at(on, made)

    repaid = sum(part.principal_fen for split in done.splits for part in split.parts)
    assert repaid + done.state.outstanding_principal_fen == 30_000_00


@given(repayments(), DAYS)
def test_a_later_installment_gets_money_only_when_the_older_are_paid(
    made: list[Repayment], on: str
) -> None:
    state = at(on, made).state

    touched = [balance.seq for balance in state.balances if balance.paid_fen]
    unpaid = [balance.seq for balance in state.balances if balance.scheduled_fen]
    assert max(touched, default=0) <= min(unpaid, default=len(E1))
    assert state.unallocated_fen == 0 or state.is_settled


@given(repayments(), DAYS)
def test_penalty_agrees_with_counting_day_by_day(made: list[Repayment], on: str) -> None:
    state = at(on, made).state

    for balance in state.balances:
        paid_fen = sum(
            part.penalty_fen
            for split in at(on, made).splits
            for part in split.parts
            if part.seq == balance.seq
        )
        assert balance.penalty_fen == penalty_by_days(balance.seq, made, state) - paid_fen


def penalty_by_days(seq: int, made: Sequence[Repayment], state: LoanState) -> int:
    """Add one day at a time the principal that was still unpaid at that day's end."""
    row, fen_days = E1[seq - 1], 0
    splits = at(state.as_of.isoformat(), made).splits
    for offset in range((state.as_of - row.due_date).days):
        day = row.due_date + timedelta(days=offset)
        repaid = sum(
            part.principal_fen
            for split in splits
            if split.repayment.value_date <= day
            for part in split.parts
            if part.seq == seq
        )
        fen_days += row.principal_fen - repaid
    return PENALTY.interest_fen(fen_days)


def test_replay_order_is_by_value_date_then_receipt() -> None:
    receipts = [("B-2", "2026-03-02"), ("C-1", "2026-03-01"), ("A-9", "2026-03-02")]
    made = [Repayment(name, name, date.fromisoformat(on), 1) for name, on in receipts]

    assert [row.receipt_no for row in standing(made)] == ["C-1", "A-9", "B-2"]


@given(repayments(), DAYS)
def test_without_a_penalty_rate_no_penalty_is_taken(made: list[Repayment], on: str) -> None:
    done = replay(E1, made, date.fromisoformat(on), NO_PENALTY)

    assert done.state.penalty_fen == 0
    assert not any(part.penalty_fen for split in done.splits for part in split.parts)
