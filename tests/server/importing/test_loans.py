"""What a row of a loan file becomes, method by method; the golden cases of domain.md, section 8.2."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from server.store import record
from tests.server.importing.desk import LOAN, Desk, customer, reasons

Json = Any


@pytest.fixture
def lending(desk: Desk) -> Desk:
    """The desk with one customer, KH1."""
    desk.customers(customer())
    return desk


def schedule(desk: Desk) -> list[tuple[str, int, int]]:
    rows = desk.fields("installment")
    return [(it["due_date"], it["principal_fen"], it["interest_fen"]) for it in rows]


def faults(desk: Desk, **cells: str) -> list[tuple[str, str]]:
    return [it[1:] for it in reasons(desk.loans({**LOAN, **cells}, keep=False))]


def warnings(desk: Desk, **cells: str) -> list[tuple[str, str]]:
    outcome = desk.loans({**LOAN, **cells}, keep=False)
    assert outcome.batch is not None
    return [(it.column, it.key) for it in outcome.warnings]


def test_equal_installments_are_those_of_e1(lending: Desk) -> None:
    lending.loans(LOAN)

    found = schedule(lending)
    assert len(found) == 12
    assert found[0] == ("2026-02-15", 240_520, 21_000)
    assert found[-1] == ("2027-01-15", 259_707, 1_818)
    assert sum(it[2] for it in found) == 138_245


def test_equal_principal_is_that_of_e2(lending: Desk) -> None:
    lending.loans(
        {
            **LOAN,
            "贷款金额(元)": "20,000",
            "还款方式": "等额本金",
            "期限(月)": "6",
            "到期日期": "2026-07-15",
        }
    )

    assert [it[1:] for it in schedule(lending)] == [
        (333_333, 14_000), (333_333, 11_667), (333_333, 9_333), (333_333, 7_000), (333_333, 4_667),
        (333_335, 2_333),
    ]  # fmt: skip


def test_a_bullet_loan_is_that_of_e3(lending: Desk) -> None:
    lending.loans(
        {
            **LOAN, "贷款金额(元)": "50000", "年利率(%)": "7.2%", "还款方式": "利随本清",
            "放款日期": "2026-03-10", "到期日期": "2026-11-30", "期限(月)": "9",
        }
    )  # fmt: skip

    assert schedule(lending) == [("2026-11-30", 5_000_000, 265_000)]
    assert lending.fields("loan")[0]["first_due_on"] == "2026-11-30"


def test_a_harvest_plan_is_that_of_e4(lending: Desk) -> None:
    plan = "2026-06-20:0; 2026.8.5：16,000元；2026年9月20日:0;2026-11-20:24000"
    lending.loans(
        {
            **LOAN, "贷款金额(元)": "40000", "年利率(%)": "7.2", "还款方式": "按收获还款",
            "放款日期": "2026-03-15", "到期日期": "2026-11-20", "期限(月)": "", "还款计划": plan,
        }
    )  # fmt: skip

    assert schedule(lending) == [
        ("2026-06-20", 0, 77_600),
        ("2026-08-05", 1_600_000, 36_800),
        ("2026-09-20", 0, 22_080),
        ("2026-11-20", 2_400_000, 29_280),
    ]
    assert lending.fields("loan")[0]["first_due_on"] == "2026-06-20"


def test_a_seasonal_loan_without_a_plan_is_one_harvest_on_its_last_day(lending: Desk) -> None:
    cells = {"还款方式": "按收获还款", "到期日期": "2026-11-30"}

    assert warnings(lending, **cells) == [("还款方式", "single-harvest")]
    lending.loans({**LOAN, **cells})
    assert [it[:2] for it in schedule(lending)] == [("2026-11-30", 3_000_000)]


def test_interest_first_pays_the_principal_with_the_last(lending: Desk) -> None:
    lending.loans({**LOAN, "还款方式": "按月付息到期还本"})

    assert [it[1] for it in schedule(lending)] == [0] * 11 + [3_000_000]


def test_the_loan_itself_is_complete(lending: Desk) -> None:
    lending.loans(LOAN)

    (loan,) = lending.fields("loan")
    (officer,) = {it["officer_id"] for it in lending.fields("assignment")}
    (product,) = lending.records("product")
    assert loan == {
        "loan_no": "JJ1", "product_id": product.id, "principal_fen": 3_000_000, "rate_bps": 840,
        "method": "equal_installment", "disbursed_on": "2026-01-15", "maturity_on": "2027-01-15",
        "first_due_on": "2026-02-15", "schedule_version": 1, "purpose": "购买仔猪",
        "security": ["unsecured"], "officer_id": officer,
        "responsible": {"investigator": [officer]}, "restructure_count": 0, "state": "active",
    }  # fmt: skip


def test_without_a_term_the_dates_say_how_many_installments(lending: Desk) -> None:
    lending.loans({**LOAN, "期限(月)": ""})

    assert len(schedule(lending)) == 12


def test_a_stated_first_due_date_moves_the_anchor(lending: Desk) -> None:
    lending.loans({**LOAN, "期限(月)": "", "首次还款日": "2026-02-20", "到期日期": "2027-01-20"})

    assert [it[0] for it in schedule(lending)][::11] == ["2026-02-20", "2027-01-20"]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"客户编号": "KH99999"}, ("客户编号", "unknown-customer")),
        ({"还款方式": "随便还"}, ("还款方式", "unknown-method")),
        ({"担保方式": "面子"}, ("担保方式", "unknown-security")),
        ({"到期日期": "2026-01-15"}, ("到期日期", "matures-too-early")),
        ({"放款日期": "2026-06-17"}, ("放款日期", "in-the-future")),
        ({"贷款金额(元)": "0"}, ("贷款金额(元)", "zero")),
        ({"年利率(%)": "100.01"}, ("年利率(%)", "too-large")),
        ({"期限(月)": "24"}, ("期限(月)", "term-and-dates")),
        ({"期限(月)": "", "到期日期": "2199-12-31"}, ("期限(月)", "too-large")),
        ({"期限(月)": "0"}, ("期限(月)", "zero")),
        ({"期限(月)": "361"}, ("期限(月)", "too-large")),
        ({"用途": ""}, ("用途", "missing")),
        ({"首次还款日": "2026-01-15"}, ("首次还款日", "due-too-early")),
        ({"还款方式": "按收获还款", "还款计划": "秋后"}, ("还款计划", "unreadable-plan")),
        (
            {"还款方式": "按收获还款", "还款计划": "2026-11-20:1"},
            ("还款计划", "plan-and-amount"),
        ),
        (
            {"还款方式": "按收获还款", "还款计划": "2026-01-01:30000"},
            ("还款计划", "unreadable-plan"),
        ),
    ],
)
def test_what_does_not_fit_is_told(
    lending: Desk, cells: dict[str, str], found: tuple[str, str]
) -> None:
    assert faults(lending, **cells) == [found]


def test_what_is_missing_is_made_only_where_asked(lending: Desk) -> None:
    outcome = lending.loans({**LOAN, "管户客户经理": "王五"}, create_missing=False)

    assert reasons(outcome) == [
        (2, "贷款产品", "unknown-product"),
        (2, "管户客户经理", "unknown-officer"),
    ]
    assert lending.fields("product") == []


def test_a_customer_without_an_officer_needs_one_in_the_row(lending: Desk) -> None:
    with lending.landing() as landing:
        landing.connection.execute(
            update(record).where(record.c.type == "customer").values(holders="[]")
        )

    assert faults(lending) == [("客户编号", "no-officer")]
    assert warnings(lending, 管户客户经理="赵磊") == []


def test_what_is_odd_is_only_a_warning(lending: Desk) -> None:
    assert warnings(lending, **{"年利率(%)": "0.84"}) == [("年利率(%)", "low-rate")]
    assert warnings(lending, 到期日期="2027-01-14") == [("到期日期", "last-installment")]
