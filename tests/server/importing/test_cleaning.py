"""Harmless mess is cleaned; anything else is refused with its reason."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.importing import cleaning
from server.importing.cleaning import Formula, UnreadableError
from tests.server.branch import national_id

ID = national_id(7)
NO_SUCH_DAY = "99990119830230001X"
"""The 30th of February."""


def refused(read: Any, cell: Any, unit: str = "") -> str:
    with pytest.raises(UnreadableError) as found:
        read(cell, unit)
    return found.value.key


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("27999", 2_799_900),
        ("￥27,999.00", 2_799_900),
        ("¥ 27,999", 2_799_900),
        ("72,300.00元", 7_230_000),
        ("72300元整", 7_230_000),
        ("人民币300圆", 30_000),
        ("　１２，３４５．６７　", 1_234_567),
        (" 0.5 ", 50),
        (".5", 50),
        (27998, 2_799_800),
        (Decimal("1234.56"), 123_456),
        (Decimal("0.30000000000000004"), 30),
        ("0", 0),
    ],
)
def test_amounts_are_read_whatever_is_around_them(cell: Any, fen: int) -> None:
    assert cleaning.amount(cell) == fen


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("约三万", "not-a-number"),
        ("1,23,456", "not-a-number"),
        ("12,5", "not-a-number"),
        ("3万", "wrong-unit"),
        ("3万元", "wrong-unit"),
        ("1.234", "parts-of-a-fen"),
        ("-50.00", "negative"),
        ("￥-50", "negative"),
        ("－５０", "negative"),
        ("NaN", "not-a-number"),
        ("1e5", "not-a-number"),
        ("1_000", "not-a-number"),
        ("١٢", "not-a-number"),
        ("99999999999999999999", "too-large"),
        (Formula("=B2*10000"), "formula"),
        (date(2026, 6, 16), "not-a-number"),
    ],
)
def test_what_is_no_amount_is_refused(cell: Any, reason: str) -> None:
    assert refused(cleaning.amount, cell, "元") == reason


def test_a_heading_in_ten_thousands_counts_so() -> None:
    assert cleaning.amount("3.25", "万元") == 3_250_000
    assert cleaning.amount("3.25万元", "万元") == 3_250_000
    assert refused(cleaning.amount, "32500元", "万元") == "wrong-unit"


def test_an_amount_to_be_paid_is_more_than_nothing() -> None:
    assert refused(cleaning.positive_amount, "0.00元", "元") == "zero"
    assert refused(cleaning.positive_amount, "-1", "元") == "negative"


@given(st.integers(0, 10**13), st.sampled_from(["", "￥", "¥"]), st.sampled_from(["", "元", "整"]))
def test_every_amount_survives_its_decoration(fen: int, before: str, after: str) -> None:
    written = f"　{before}{fen // 100:,}.{fen % 100:02}{after} "

    assert cleaning.amount(written) == fen


@pytest.mark.parametrize(
    ("cell", "bps"),
    [("8.40", 840), ("8.4", 840), ("6.5%", 650), ("６．５％", 650), (9, 900), ("0", 0)],
)
def test_rates_are_basis_points(cell: Any, bps: int) -> None:
    assert cleaning.rate(cell) == bps


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("八厘四", "not-a-number"), ("8.405", "parts-of-a-bps"), ("-1", "negative"), ("7‰", "not-a-number")],
)  # fmt: skip
def test_what_is_no_rate_is_refused(cell: str, reason: str) -> None:
    assert refused(cleaning.rate, cell) == reason


@pytest.mark.parametrize(
    "cell",
    [
        "2022-12-01", "2022/12/1", "2022.12.1", "20221201", "2022年12月1日", "２０２２年１２月１日",
        " 2022 年 12 月 1 日 ", "2022-12-01 08:30:00", pytest.param(20221201, id="number"), date(2022, 12, 1),
    ],
)  # fmt: skip
def test_dates_come_in_five_forms_and_as_dates(cell: Any) -> None:
    assert cleaning.day(cell) == date(2022, 12, 1)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2024-02-30", "no-such-day"),
        ("2023年2月29日", "no-such-day"),
        ("20241301", "no-such-day"),
        ("22-12-01", "not-a-date"),
        ("12/1/2022", "not-a-date"),
        ("2022-12", "not-a-date"),
        ("2022-12/01", "not-a-date"),
        ("45000", "not-a-date"),
        ("昨天", "not-a-date"),
        ("1022-12-01", "too-long-ago"),
        ("9999-12-31", "too-far-ahead"),
        (Formula("=TODAY()"), "formula"),
    ],
)
def test_what_is_no_date_is_refused(cell: Any, reason: str) -> None:
    assert refused(cleaning.day, cell) == reason


@given(st.dates(cleaning.EARLIEST, cleaning.LATEST), st.integers(0, 4))
def test_every_date_is_read_in_every_form(day: date, form: int) -> None:
    y, m, d = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
    written = [f"{y}-{m}-{d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}{m}{d}", f"{y}年{m}月{d}日"]

    assert cleaning.day(written[form]) == day


@pytest.mark.parametrize(
    "cell",
    [" 10000002847\u3000", "100-0000-2847", "100 0000 2847", "１００００００２８４７", "+86 10000002847",
     pytest.param(10000002847, id="number"), "\ufeff10000002847"],
)  # fmt: skip
def test_phones_are_digits(cell: Any) -> None:
    assert cleaning.phone(cell) == "10000002847"


@pytest.mark.parametrize(
    ("cell", "reason"), [("1000000abc", "phone-letters"), ("123", "phone-length"), ("无", "phone-letters")]
)  # fmt: skip
def test_what_is_no_phone_is_refused(cell: str, reason: str) -> None:
    assert refused(cleaning.phone, cell) == reason


def test_an_id_number_is_read_in_any_dress() -> None:
    with_x = next(it for it in map(national_id, range(99)) if it.endswith("X"))

    assert cleaning.national_id(f" {with_x.lower()}　") == with_x
    assert cleaning.national_id(f"{with_x[:6]} {with_x[6:14]} {with_x[14:]}") == with_x


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (NO_SUCH_DAY, "id-birth-date"),
        (ID[:-1] + str((int(ID[-1].replace("X", "0")) + 1) % 10), "id-check-digit"),
        ("999901830230001", "id-of-15"),
        ("12345", "id-form"),
        ("9999901197805120013", "id-form"),
        (int("999942199509158000"), "id-rounded"),
        (Formula("=A1"), "id-form"),
    ],
)
def test_a_false_id_number_is_refused(cell: Any, reason: str) -> None:
    assert refused(cleaning.national_id, cell) == reason


def test_names_lose_the_blanks_that_only_spread_them() -> None:
    assert cleaning.name("\u3000李桂英 ") == "李桂英"
    assert cleaning.name("李　敏") == "李敏"
    assert cleaning.name(" Anna   Maria ") == "Anna Maria"


def test_texts_keep_their_form_and_formulas_stay_texts() -> None:
    assert cleaning.text(Formula("=1+1")) == "=1+1"
    assert cleaning.text(" Ａ村\u200b ") == "Ａ村"
    assert cleaning.text("e\u0301") == "\xe9"


def test_words_are_compared_without_blanks_and_width() -> None:
    read = cleaning.some_of({"信用": "unsecured", "保证": "guarantor"}, "unknown-security")

    assert read(" 保 证 ", "") == ["guarantor"]
    assert read("保证＋信用", "") == ["guarantor", "unsecured"]
    assert refused(read, "随便") == "unknown-security"


@given(st.text() | st.text("0123456789,.-%元万", max_size=99))
@example("9" * 9_999)
def test_no_text_whatever_breaks_a_reader(cell: str) -> None:
    readers = (
        cleaning.amount, cleaning.rate, cleaning.whole, cleaning.area, cleaning.day, cleaning.phone,
        cleaning.national_id, cleaning.code, cleaning.name, cleaning.text,
    )  # fmt: skip
    for read in readers:
        with suppress(UnreadableError):
            read(cell, "")
