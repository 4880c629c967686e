"""Money taken on a tablet: where each yuan goes is shown first, and the number is the tablet's own."""

from datetime import UTC, date, datetime

import pytest

from field_client.faults import InvalidInputError, NotPossibleError
from schemas.derived.allocation import Part
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, LOAN, Tablet

PAID = [(261_520, f"2026-0{month}-15") for month in (2, 3, 4)]


@pytest.fixture
def e5(ada: Tablet, branch: Branch) -> Tablet:
    """Domain.md, E5: installments 1 to 3 paid on the day, 4 and 5 unpaid, 2026-06-16."""
    for n, (amount, day) in enumerate(PAID):
        fields = {"loan_id": LOAN, "amount_fen": amount, "value_date": day, "channel": "transfer"}
        branch.put(
            "repayment",
            f"01990000-0000-7000-8000-0000000000f{n}",
            CHEN,
            receipt_no=f"K{n}",
            **fields,
        )
    ada.client.sync()
    return ada


def test_the_preview_shows_where_each_yuan_goes(e5: Tablet) -> None:
    shown = e5.client.preview(LOAN, 300_000)

    assert (shown.before.arrears_fen, shown.before.due_today_fen, shown.before.dpd) == (
        523_040,
        525_878,
        32,
    )
    assert shown.split is not None
    assert shown.split.parts == (Part(4, 2_751, 0, 15_914, 245_606), Part(5, 87, 0, 14_194, 21_448))
    after = shown.after
    assert (after.arrears_fen, after.outstanding_principal_fen, after.dpd) == (
        225_878,
        2_006_323,
        1,
    )
    assert e5.store.own_sets() == []


def test_a_receipt_is_what_the_preview_said(e5: Tablet) -> None:
    shown = e5.client.preview(LOAN, 300_000)

    receipt = e5.client.repay(LOAN, 300_000, payer_name="陈国平")

    assert receipt.receipt_no == "T1-20260616-001"
    assert receipt.preview == shown
    stored = e5.client.record(receipt.repayment).fields
    assert stored["receipt_no"] == receipt.receipt_no
    assert stored["value_date"] == "2026-06-16"
    assert e5.client.preview(LOAN, 1).before == shown.after


def test_numbers_are_gapless_for_each_day(e5: Tablet) -> None:
    for _ in range(2):
        e5.client.repay(LOAN, 100)
    with pytest.raises(InvalidInputError):
        e5.client.repay(LOAN, 100, channel="barter")
    e5.reopen()
    e5.client.repay(LOAN, 100)
    e5.now = datetime(2026, 6, 17, 1, tzinfo=UTC)
    e5.client.repay(LOAN, 100, date(2026, 6, 16))

    numbers = [str(it.changes[0].set["receipt_no"]) for it in e5.store.own_sets()]
    assert numbers == ["T1-20260616-001", "T1-20260616-002", "T1-20260616-003", "T1-20260617-001"]


def test_a_receipt_that_was_not_accepted_keeps_its_number(e5: Tablet, branch: Branch) -> None:
    branch.reject = lambda one: [{"change": 0, "field": "payer_name", "code": "invalid-value"}]
    receipt = e5.client.repay(LOAN, 100)
    e5.client.sync()
    branch.reject = lambda one: None

    e5.client.mend(1, {receipt.repayment: {"payer_name": "陈国平"}})
    e5.client.repay(LOAN, 200)
    e5.client.sync()

    kept = [
        it.fields["receipt_no"]
        for it in e5.client.records("repayment")
        if it.id == receipt.repayment
    ]
    assert kept == ["T1-20260616-001"]
    assert e5.store.own_sets()[-1].changes[0].set["receipt_no"] == "T1-20260616-002"
    assert e5.client.status().all_synced


@pytest.mark.parametrize(
    ("amount", "day", "reason"),
    [(0, None, "amount-needed"), (-5, None, "amount-needed"), (5, date(2026, 6, 17), "day-ahead")],
)
def test_money_that_cannot_have_been_taken_is_refused(
    e5: Tablet, amount: int, day: date | None, reason: str
) -> None:
    with pytest.raises(NotPossibleError) as error:
        e5.client.repay(LOAN, amount, day)

    assert error.value.facts["reason"] == reason
    assert e5.store.own_sets() == []


def test_more_than_is_owed_is_taken_and_shown_as_left_over(e5: Tablet) -> None:
    receipt = e5.client.repay(LOAN, 5_000_000)

    assert receipt.preview.split is not None
    assert receipt.preview.split.unallocated_fen > 0
    assert receipt.preview.after.is_settled


def test_only_a_loan_is_repaid(ada: Tablet) -> None:
    with pytest.raises(NotPossibleError):
        ada.client.repay(CHEN, 100)


def test_without_its_code_a_tablet_gives_no_receipt(ada: Tablet) -> None:
    ada.store.database.execute("DELETE FROM record WHERE type = 'device'")

    with pytest.raises(NotPossibleError) as error:
        ada.client.repay(LOAN, 100)

    assert error.value.facts["reason"] == "no-device-code"
    assert ada.store.own_sets() == []
