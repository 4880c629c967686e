"""Which heading means what: synonyms, units in brackets, and the lender's own map."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from server.importing import customers, loans, repayments
from server.importing.columns import Layout, find_columns
from server.importing.sentences import Trouble
from tests.server.importing.desk import CUSTOMER, LOAN, REPAYMENT


def layout(*headings: str, overrides: Mapping[str, str | None] | None = None) -> Layout:
    return find_columns(headings, repayments.COLUMNS, overrides)


def trouble(*headings: str, overrides: Mapping[str, str | None] | None = None) -> Trouble:
    with pytest.raises(Trouble) as found:
        layout(*headings, overrides=overrides)
    return found.value


def test_the_usual_headings_are_known() -> None:
    for headings, module in ((CUSTOMER, customers), (LOAN, loans), (REPAYMENT, repayments)):
        found = find_columns(list(headings), module.COLUMNS)

        assert [it.heading for it in found.places.values()] == list(headings)
        assert found.unknown == ()


def test_no_heading_means_two_things() -> None:
    for module in (customers, loans, repayments):
        named = [it for column in module.COLUMNS for it in column.headings]

        assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("金额", ""), ("还款金额（元）", "元"), ("交易金额( 万元 )", "万元"), ("还 款 额[元]", "元")],
)
def test_a_heading_may_carry_its_unit(heading: str, unit: str) -> None:
    found = layout("流水号", "借据号", "日期", heading, "渠道")

    assert (found.places["amount"].heading, found.places["amount"].unit) == (heading, unit)


def test_an_unknown_unit_is_an_unknown_column() -> None:
    found = trouble("流水号", "借据号", "日期", "金额(美元)", "渠道")

    assert found.key == "missing-columns"
    assert "还款金额" in found.tell("zh")
    assert "金额(美元)" in found.tell("zh")


def test_every_missing_column_is_named_at_once() -> None:
    assert "流水号、借据号、还款金额、渠道" in trouble("日期", "摘要").tell("en")


def test_a_column_that_nobody_knows_is_left_out_and_told() -> None:
    assert layout(*REPAYMENT, "柜员号", "").unknown == ("柜员号",)


def test_the_lenders_map_goes_first() -> None:
    wish = {"单号": "receipt_no", "摘要": None, "流水号": "note"}
    found = layout("单号", "摘要", *REPAYMENT, overrides=wish)

    assert found.places["receipt_no"].heading == "单号"
    assert found.places["note"].heading == "流水号"
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("headings", "wish", "key"),
    [
        ((*REPAYMENT, "交易金额"), {}, "column-twice"),
        (tuple(REPAYMENT), {"渠道": "colour"}, "unknown-field"),
        (tuple(REPAYMENT), {"柜员号": "note"}, "unmapped-heading"),
    ],
)
def test_a_map_that_cannot_be_followed_is_refused(
    headings: tuple[str, ...], wish: Mapping[str, str], key: str
) -> None:
    assert trouble(*headings, overrides=wish).key == key
