"""Money, dates and ages as people read them; values typed into a form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schemas.customer import CUSTOMER
from schemas.registry import REGISTRY
from schemas.words import Lang
from server.web import entered, shown
from server.web.speech import Speech

NOW = datetime(2026, 6, 16, 5, 10, tzinfo=UTC)
EN = Speech("en", ZoneInfo("Asia/Shanghai"), NOW, date(2026, 6, 16))
ZH = Speech("zh", ZoneInfo("Asia/Shanghai"), NOW, date(2026, 6, 16))


@pytest.mark.parametrize(
    ("fen", "en", "zh"),
    [
        (0, "¥0.00", "¥0.00"),
        (460_000, "¥4,600.00", "¥4,600.00"),
        (999_999, "¥9,999.99", "¥9,999.99"),
        (1_000_000, "¥10.0k", "1.0 万"),
        (3_672_306, "¥36.7k", "3.7 万"),
        (124_000_000, "¥1,240k", "124.0 万"),
        (1_842_000_000, "¥18.42M", "1,842 万"),
        (18_420_000_000, "¥184.20M", "1.84 亿"),
        (-460_000, "-¥4,600.00", "-¥4,600.00"),
    ],
)
def test_sums_come_in_units_that_people_think_in(fen: int, en: str, zh: str) -> None:
    assert (EN.sum(fen), ZH.sum(fen)) == (en, zh)


@pytest.mark.parametrize(
    ("bps", "places", "text"),
    [
        (1406, 2, "14.06%"),
        (1406, 1, "14.1%"),
        (0, 1, "0.0%"),
        (10_000, 1, "100.0%"),
        (5, 2, "0.05%"),
    ],
)
def test_shares(bps: int, places: int, text: str) -> None:
    assert EN.share(bps, places) == text


def test_days_and_moments_are_the_branchs_own() -> None:
    assert (EN.day(date(2026, 10, 15)), ZH.day(date(2026, 10, 15))) == (
        "Thu 15 Oct",
        "10 月 15 日 周四",
    )
    assert EN.day(date(2025, 1, 5)) == "Sun 5 Jan 2025"
    assert ZH.day(date(2025, 1, 5)) == "2025 年 1 月 5 日 周日"
    assert EN.moment("2026-06-16T16:30:00Z") == "17 Jun, 00:30"
    assert ZH.moment("2026-06-16T16:30:00Z") == "6 月 17 日 00:30"


@pytest.mark.parametrize(
    ("ago", "en", "zh"),
    [
        (timedelta(seconds=20), "under a minute", "不到 1 分钟"),
        (timedelta(minutes=12), "12 min", "12 分钟"),
        (timedelta(hours=27), "27 h", "27 小时"),
        (timedelta(hours=47, minutes=59), "47 h", "47 小时"),
        (timedelta(days=3), "3 days", "3 天"),
        (timedelta(days=800), "2 years", "2 年"),
        (timedelta(hours=-3), "under a minute", "不到 1 分钟"),
    ],
)
def test_ages(ago: timedelta, en: str, zh: str) -> None:
    assert (EN.age(NOW - ago), ZH.age(NOW - ago)) == (en, zh)


def test_names_in_a_row() -> None:
    assert EN.listed(["A", "B", "C"]) == "A, B and C"
    assert ZH.listed(["高磊", "马军"]) == "高磊和马军"
    assert EN.listed([]) == ""


@pytest.mark.parametrize(
    ("path", "value", "en", "zh"),
    [
        ("phone", "13800004471", "ending in 4471", "尾号 4471"),
        ("id_no", "99990119780512001X", "ending in 001X", "尾号 001X"),
        ("home_lat_e6", 30_123_456, "30.123456 degrees", "30.123456 度"),
        ("gender", "f", "Female", "女"),
        ("tags", ["脱贫户", "示范村"], "脱贫户, 示范村", "脱贫户、示范村"),
        ("village_id", "0199aaaa-0000-7000-8000-000000000000", "another record", "另一条记录"),
        ("gender", "unheard of", "unheard of", "unheard of"),
        ("name", None, "empty", "未填写"),
    ],
)
def test_values_are_shown_by_their_kind(path: str, value: object, en: str, zh: str) -> None:
    assert shown.rows_of(CUSTOMER, EN, path, value, {})[0].text == en
    assert shown.rows_of(CUSTOMER, ZH, path, value, {})[0].text == zh


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("annual_income_fen", "52,000", 5_200_000),
        ("annual_income_fen", "¥ 4600.5", 460_050),
        ("annual_income_fen", "１２００", 120_000),
        ("land_own_tmu", "12.5", 125),
        ("household_size", "4", 4),
        ("phone", "138-0000-4471".replace("-", " "), "13800004471"),
        ("id_no", "999901 19780512 0013", "999901197805120013"),
        ("segment", "trade", "trade"),
        ("id_valid_to", "2031-05-12", "2031-05-12"),
        ("preferences", " a\r\nb ", "a\nb"),
    ],
)
def test_what_is_typed_becomes_a_value(path: str, text: str, value: object) -> None:
    read, faults = entered.read(CUSTOMER, EN, path, {f"value-{path}": text}, None)

    assert (read, faults) == (value, {})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("annual_income_fen", "4600.555"), ("annual_income_fen", "1e9"), ("annual_income_fen", "-1"),
        ("annual_income_fen", "many"), ("household_size", "3.5"), ("household_size", "99"),
        ("id_valid_to", "31/12/2031"), ("segment", "unheard of"), ("id_no", "999901197805120012"),
        ("preferences", "x" * 4001), ("phone", "12"), ("annual_income_fen", "9" * 40),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_cannot_be_read_says_what_to_do(path: str, text: str, lang: Lang) -> None:
    said = EN if lang == "en" else ZH

    value, faults = entered.read(CUSTOMER, said, path, {f"value-{path}": text}, None)

    assert value is None
    assert list(faults) == [f"value-{path}"]
    assert faults[f"value-{path}"]


def test_every_field_that_may_conflict_can_be_shown_and_most_can_be_typed() -> None:
    for declared in REGISTRY.types.values():
        for field in declared.plain_fields():
            rows = shown.rows_of(declared, EN, declared.unit(field.name), None, {})
            assert rows
    asked = entered.inputs(CUSTOMER, EN, "phone", {}, None)

    assert asked is not None
    assert asked[0].sort == "tel"


def test_a_groups_inputs_begin_with_what_stands() -> None:
    held = {
        "village_opinion": "good",
        "village_opinion_by": "王支书",
        "village_opinion_on": "2026-06-01",
    }

    asked = entered.inputs(CUSTOMER, EN, "opinion", {}, held)

    assert asked is not None
    assert [it.value for it in asked] == ["good", "王支书", "2026-06-01"]
