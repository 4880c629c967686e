"""The end of a business day: which reports count, which numbers lack, why figures cannot be trusted yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.derived.day_close import (
    MOST_MISSING,
    WHYS,
    Bounds,
    Deposit,
    Gap,
    Pending,
    Reason,
    Slip,
    Tablet,
    day_of,
    gaps,
    reported,
)
from schemas.derived.value_dates import value_date_marks

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)
BOUNDS = Bounds(reports_from=NOON, ends=NOON + timedelta(hours=12))
EARLY, LATE, NEXT = NOON - timedelta(hours=4), NOON + timedelta(hours=1), NOON + timedelta(days=1)


def tablet(**said: Any) -> Tablet:
    return Tablet("d", "T1", "li", **said)


def slip(place: int, fen: int = 100_00, **said: Any) -> Slip:
    whole = {"officer": "li", "is_cash": True, "desk": "T1", "number": place, **said}
    return Slip(f"r{place}", f"T1-20260616-{place:03}", amount_fen=fen, **whole)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "never"),
        ({"last_contact_at": EARLY}, "silent"),
        ({"last_contact_at": EARLY, "clean_at": EARLY, "waiting": 0}, "silent"),
        ({"last_contact_at": NOON, "clean_at": NOON, "waiting": 0}, "reported"),
        ({"last_contact_at": LATE, "clean_at": NOON, "waiting": 3}, "waiting"),
        ({"last_contact_at": EARLY, "clean_at": None, "waiting": 1}, "waiting"),
        ({"last_contact_at": LATE, "clean_at": NOON, "waiting": None}, "reported"),
        # What waits now was made on the next day: the tablet was clean after midnight.
        ({"last_contact_at": NEXT, "clean_at": BOUNDS.ends, "waiting": 2}, "reported"),
        ({"last_contact_at": NEXT, "clean_at": NOON, "waiting": 2}, "waiting"),
    ],
)
def test_which_report_counts(said: Any, expected: str) -> None:
    assert reported(tablet(**said), BOUNDS) == expected


@pytest.mark.parametrize(
    ("numbers", "missing", "count"),
    [
        ([], (), 0),
        ([1], (), 0),
        ([1, 2, 3], (), 0),
        ([2], (1,), 1),
        ([1, 3], (2,), 1),
        ([4, 1], (2, 3), 2),
        ([1, 1, 2], (), 0),
        ([100], tuple(range(1, MOST_MISSING + 1)), 99),
        ([1, 999_999_999], tuple(range(2, MOST_MISSING + 2)), 999_999_997),
    ],
)
def test_numbers_begin_at_one_and_have_no_hole(
    numbers: list[int], missing: tuple[int, ...], count: int
) -> None:
    found = gaps([slip(it) for it in numbers])

    assert found == ({"T1": Gap("T1", missing, count)} if count else {})


def test_a_number_that_no_tablet_gave_makes_no_gap() -> None:
    assert gaps([slip(7, desk=None), slip(9, number=None)]) == {}


CASH = {
    None: "kept_fen", "open": "kept_fen", "handed_in": "handed_in_fen",
    "confirmed": "confirmed_fen", "disputed": "disputed_fen",
}  # fmt: skip


@pytest.mark.parametrize(("state", "place"), CASH.items())
def test_cash_is_where_its_deposit_is(state: str | None, place: str) -> None:
    (officer,) = day_of(["li"], [], [slip(1, deposit_state=state)], BOUNDS).officers

    where = {name: getattr(officer, name) for name in set(CASH.values())}
    assert where == {**dict.fromkeys(where, 0), place: 100_00}
    assert (officer.cash_fen, officer.receipts) == (100_00, 1)


def test_what_was_undone_is_apart_and_its_reversal_is_no_receipt() -> None:
    day = day_of(
        ["li"], [],
        [slip(1, undone=True), slip(2, 50_00), slip(3, is_reversal=True), slip(4, 7_00, is_cash=False)],
        BOUNDS,
    )  # fmt: skip

    (it,) = day.officers
    assert (it.receipts, it.reversals, it.undone_fen) == (3, 1, 100_00)
    assert (it.cash_fen, it.other_fen) == (50_00, 7_00)
    assert [(one.why, one.figure) for one in day.reasons] == [("cash-kept", 50_00)]


def test_a_number_of_the_day_on_money_of_another_fills_its_place_and_counts_no_money() -> None:
    day = day_of(
        ["li"], [],
        [slip(1, deposit_state="confirmed"), slip(2, of_day=False), slip(3, deposit_state="confirmed")],
        BOUNDS,
    )  # fmt: skip

    assert day.trusted
    assert (day.total("receipts"), day.total("cash_fen")) == (2, 200_00)


REPORTED = {"last_contact_at": LATE, "clean_at": LATE, "waiting": 0}
REASONS: dict[str, tuple[dict[str, Any], Reason]] = {
    "not-reported": (
        {"tablets": [tablet(last_contact_at=EARLY, clean_at=EARLY)]},
        Reason("not-reported", "li", "T1"),
    ),
    "waiting": (
        {"tablets": [tablet(last_contact_at=LATE, waiting=3)]},
        Reason("waiting", "li", "T1", 3),
    ),
    "not-accepted": (
        {"pending": [Pending("T1-20260616-009", "li", 30_00)]},
        Reason("not-accepted", "li", "T1-20260616-009", 30_00),
    ),
    "possible-double": (
        {"slips": [slip(1, deposit_state="confirmed")], "doubles": ["r1"]},
        Reason("possible-double", "li", "T1-20260616-001", 100_00),
    ),
    "gap": (
        {"slips": [slip(3, deposit_state="confirmed")]},
        Reason("gap", "li", "T1", 2),
    ),
    "cash-kept": ({"slips": [slip(1)]}, Reason("cash-kept", "li", None, 100_00)),
    "cash-unconfirmed": (
        {"slips": [slip(1, deposit_state="handed_in")]},
        Reason("cash-unconfirmed", "li", None, 100_00),
    ),
    "cash-disputed": (
        {"slips": [slip(1, deposit_state="disputed")]},
        Reason("cash-disputed", "li", None, 100_00),
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", WHYS)
def test_each_reason_is_named_alone(why: str) -> None:
    given, expected = REASONS[why]
    whole: dict[str, Any] = {"tablets": [tablet(**REPORTED)], "slips": [], **given}

    day = day_of(["li"], whole.pop("tablets"), whole.pop("slips"), BOUNDS, **whole)

    assert day.reasons == (expected,)
    assert not day.trusted


def test_reasons_are_told_in_one_order_and_no_one_without_work_is_left_out() -> None:
    day = day_of(
        ["li", "zhao"],
        [tablet(last_contact_at=EARLY)],
        [slip(1), slip(1, officer="xu", desk="T3", deposit_state="disputed")],
        BOUNDS,
        pending=[Pending("T9-20260616-001", "gao", 1)],
        deposits=[Deposit("d", "xu", "disputed", 100_00, 90_00)],
    )

    assert [it.officer for it in day.officers] == ["li", "zhao", "xu", "gao"]
    assert [it.why for it in day.reasons] == [
        "not-reported", "not-accepted", "cash-kept", "cash-disputed",
    ]  # fmt: skip
    assert day.total("provisional") == 1
    assert [it.difference_fen for it in day.deposits] == [-10_00]


def test_nothing_known_means_nothing_can_change() -> None:
    assert day_of([], [], [], BOUNDS).trusted
    assert day_of(["li"], [tablet()], [], BOUNDS).trusted
    assert Deposit("d", "li", "open", 5).difference_fen is None


def test_what_came_after_the_close_is_named_and_still_counts() -> None:
    slips = [slip(1, position=10, deposit_state="confirmed"), slip(2, position=30)]

    day = day_of(["li"], [], slips, BOUNDS, closed_at=20)

    assert day.after_close == ("r2",)
    assert day.total("cash_fen") == 200_00
    assert day_of(["li"], [], slips, BOUNDS).after_close == ()


D16 = date(2026, 6, 16)


@pytest.mark.parametrize(
    ("value_date", "more", "expected"),
    [
        (16, {}, ()),
        (13, {}, ()),
        (12, {}, ("late",)),
        (17, {}, ("ahead",)),
        (13, {"late_days": 2}, ("late",)),
        (16, {"numbered_on": D16}, ()),
        (15, {"numbered_on": D16}, ("before-receipt",)),
        (16, {"numbered_on": date(2026, 6, 15)}, ()),
        (15, {"closed_through": date(2026, 6, 15)}, ("after-close",)),
        (14, {"closed_through": date(2026, 6, 15)}, ("after-close",)),
        (16, {"closed_through": date(2026, 6, 15)}, ()),
        (
            10,
            {"numbered_on": D16, "closed_through": D16},
            ("late", "before-receipt", "after-close"),
        ),
    ],
)
def test_odd_value_dates(value_date: int, more: Any, expected: tuple[str, ...]) -> None:
    assert value_date_marks(date(2026, 6, value_date), D16, **more) == expected
