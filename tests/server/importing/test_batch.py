"""All or nothing, or the good ones; what is missing is made where asked; a dry run changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from server import accounts
from server.accounts import account
from server.importing.planning import Planned, create
from server.importing.rows import Row
from server.importing.sentences import reason
from server.store import change_set
from tests.server.branch import fresh_id, named, national_id
from tests.server.importing.desk import (
    LOAN,
    REPAYMENT,
    Desk,
    customer,
    reasons,
    write_xlsx,
)

Json = Any


def test_one_bad_row_and_nothing_is_imported(any_desk: Desk) -> None:
    before = any_desk.head(), any_desk.counts(), any_desk.digests()

    outcome = any_desk.customers(customer(1), customer(2, 手机号="无"), customer(3))

    assert (outcome.batch, outcome.imported) == (None, 0)
    assert (any_desk.head(), any_desk.counts(), any_desk.digests()) == before


def test_the_good_rows_are_imported_where_asked(any_desk: Desk) -> None:
    outcome = any_desk.customers(customer(1), customer(2, 手机号="无"), customer(3), skip_bad=True)

    assert (outcome.batch, outcome.imported) == ("QH-20260616-1", 2)
    assert [it["customer_no"] for it in any_desk.fields("customer")] == ["KH1", "KH3"]


def test_a_whole_life_is_imported_on_either_database(any_desk: Desk) -> None:
    any_desk.customers(customer())
    any_desk.loans(LOAN)
    outcome = any_desk.repayments(REPAYMENT)

    assert outcome.batch == "QH-20260616-3"
    (loan,) = any_desk.records("loan")
    assert any_desk.fields("repayment") == [
        {
            "loan_id": loan.id, "amount_fen": 261_520, "value_date": "2026-02-15",
            "channel": "cash", "receipt_no": "LS1", "collected_by": named("李敏"),
        }
    ]  # fmt: skip
    assert {it.customer for it in any_desk.records("repayment")} == {loan.customer}


def test_a_dry_run_tells_all_and_changes_nothing(desk: Desk) -> None:
    before = desk.head(), desk.counts(), desk.digests()

    outcome = desk.customers(
        customer(行政村="新村", 管户客户经理="新人"), create_missing=True, keep=False
    )

    assert outcome.imported == 1
    assert [it.name for it in outcome.made] == ["新村", "新人"]
    assert (desk.head(), desk.counts(), desk.digests()) == before


def test_what_is_there_is_not_imported_again(desk: Desk) -> None:
    desk.customers(customer(1))

    again = desk.customers(customer(1), customer(2, 身份证号=national_id(1)), customer(3))

    assert reasons(again) == [
        (2, "客户编号", "there-already"),
        (2, "身份证号", "there-already"),
        (3, "身份证号", "twice-in-file"),
    ]


def test_receipts_and_loan_numbers_are_there_once(desk: Desk) -> None:
    desk.customers(customer())
    desk.loans(LOAN)
    desk.repayments(REPAYMENT)

    assert reasons(desk.loans(LOAN)) == [(2, "借据号", "there-already")]
    assert reasons(desk.repayments(REPAYMENT)) == [(2, "流水号", "there-already")]


def test_a_loan_of_a_refused_customer_is_refused_and_says_so(desk: Desk) -> None:
    desk.customers(customer(1, 手机号="无"), customer(2), skip_bad=True)

    outcome = desk.loans(LOAN, {**LOAN, "借据号": "JJ2", "客户编号": "KH2"})

    assert reasons(outcome) == [(2, "客户编号", "unknown-customer")]
    (fault,) = outcome.faults
    assert "If its row was refused, import it first." in reason(fault.key, fault.facts, "en")


def test_villages_officers_and_products_are_made_once_each(desk: Desk) -> None:
    rows = [customer(it, 行政村="新村", 管户客户经理="新人") for it in (1, 2)]
    outcome = desk.customers(*rows, customer(3, 行政村="新 村"), create_missing=True)

    assert sorted((it.kind, it.name) for it in outcome.made) == [
        ("officer", "新人"),
        ("village", "新村"),
    ]
    made = desk.fields("org_unit")[-1]
    assert (made["name"], made["code"], made["kind"]) == ("新村", "QH-V01", "village")
    assert {it["village_id"] for it in desk.fields("customer")} == {desk.records("org_unit")[-1].id}
    assert desk.fields("user")[-1]["name"] == "新人"


def test_only_what_good_rows_name_is_made(desk: Desk) -> None:
    rows = [customer(1), customer(2, 行政村="新村", 手机号="无")]

    outcome = desk.customers(*rows, create_missing=True, skip_bad=True)

    assert outcome.imported == 1
    assert outcome.made == []


def test_a_made_officer_cannot_sign_in_before_a_password_is_set(desk: Desk) -> None:
    desk.customers(customer(管户客户经理="新人"), create_missing=True)

    with desk.landing() as landing:
        row = landing.connection.execute(select(account).where(account.c.name == "新人")).one()
        for guess in ("", " ", "新人"):
            assert accounts.check_password(landing.connection, row.username, guess) is None
        accounts.set_password(landing.connection, row.username, "a new password")
        assert accounts.check_password(landing.connection, row.username, "a new password")
    assert desk.fields("assignment")[0]["officer_id"] == row.id


def test_a_user_name_that_is_taken_gets_a_number(desk: Desk) -> None:
    with desk.landing() as landing:
        taken = {
            "id": fresh_id(), "username": "新人", "name": "新人", "role": "officer",
            "branch": "elsewhere", "password_hash": "", "active": 1,
        }  # fmt: skip
        landing.connection.execute(account.insert().values(taken))

    desk.customers(customer(管户客户经理="新人"), create_missing=True)

    with desk.landing() as landing:
        names = landing.connection.execute(
            select(account.c.username).where(account.c.name == "新人")
        )
        assert sorted(it.username for it in names) == ["新人", "新人2"]


def test_two_of_one_name_are_told_apart_by_the_user_name(desk: Desk) -> None:
    fields = {"name": "李敏", "role": "officer", "unit_id": named("柳树湾"), "active": True}
    with desk.landing() as landing:
        landing.submit([("test", [create("user", fresh_id(), None, fields)])])

    assert reasons(desk.customers(customer())) == [(2, "管户客户经理", "ambiguous")]
    assert desk.customers(customer(管户客户经理="officer0")).imported == 1


def test_a_village_may_be_written_with_its_last_syllable(desk: Desk) -> None:
    desk.customers(customer(1, 行政村="柳树湾村"), customer(2, 行政村="QH-01"))

    villages = [it["village_id"] for it in desk.fields("customer")]
    assert villages == [named("柳树湾"), named("东坡")]


def test_an_activity_that_no_table_knows_is_other_with_a_warning(desk: Desk) -> None:
    outcome = desk.customers(customer(1, 主营项目="观星"), customer(2, 主营项目=""))

    assert [(it.row, it.key) for it in outcome.warnings] == [
        (2, "unknown-activity"),
        (3, "unknown-activity"),
    ]
    assert [it["segment"] for it in desk.fields("customer")] == ["other", "other"]


def test_a_household_without_a_phone_is_imported_with_a_warning(desk: Desk) -> None:
    outcome = desk.customers(customer(手机号=""))

    assert [it.key for it in outcome.warnings] == ["no-phone"]
    assert "phone" not in desk.fields("customer")[0]


def test_declared_limits_hold_for_a_spreadsheet_too(desk: Desk) -> None:
    outcome = desk.customers(
        customer(1, 家庭人口="31"),
        customer(2, 家庭人口="2.5"),
        customer(3, 户主姓名="王" * 51, 家庭人口="4"),
    )

    assert reasons(outcome) == [
        (2, "家庭人口", "too-large"),
        (3, "家庭人口", "not-whole"),
        (4, "户主姓名", "too-long"),
    ]


def test_dates_of_a_household_do_not_lie_ahead(desk: Desk) -> None:
    outcome = desk.customers(customer(1, 建档日期="2026-06-17"), customer(2, 建档日期="2026-06-16"))

    assert reasons(outcome) == [(2, "建档日期", "in-the-future")]


def test_a_workbook_brings_real_dates_and_numbers(desk: Desk) -> None:
    headings = [*customer(), "家庭年收入(元)", "耕地面积(亩)", "建档日期"]
    row = [*customer().values(), 29208.5, 12.5, date(2024, 2, 29)]
    row[3] = 13800000000

    desk.run("customers", write_xlsx(desk.folder / "file.xlsx", [headings, row]))

    (found,) = desk.fields("customer")
    assert (found["annual_income_fen"], found["land_own_tmu"]) == (2_920_850, 125)
    assert (found["registered_on"], found["phone"]) == ("2024-02-29", "13800000000")


def test_a_cell_beyond_the_headings_is_a_fault(desk: Desk) -> None:
    headings = list(customer())
    row = [*customer().values(), "stray"]

    outcome = desk.run("customers", write_xlsx(desk.folder / "file.xlsx", [headings, row]))

    assert [it.key for it in outcome.faults] == ["more-cells"]


def test_an_unknown_column_is_a_warning_of_the_file(desk: Desk) -> None:
    outcome = desk.customers(customer(柜员号="7"))

    assert [(it.column, it.key) for it in outcome.warnings] == [("柜员号", "unknown-column")]
    assert outcome.imported == 1


# ------------------------------------------------------------------------- what the engine refuses


def test_a_row_that_the_engine_refuses_is_bad_and_the_others_go_on(desk: Desk) -> None:
    ids = iter([fresh_id(), fresh_id(), named("柳树湾"), *(fresh_id() for _ in range(9))])

    outcome = desk.customers(customer(1), customer(2), new_id=lambda: next(ids), skip_bad=True)

    assert [(it.row, it.key) for it in outcome.faults] == [(3, "unknown-record")]
    assert (outcome.imported, outcome.batch) == (1, "QH-20260616-1")
    assert [it["customer_no"] for it in desk.fields("customer")] == ["KH1"]


def test_a_row_that_the_engine_refuses_stops_the_others_by_default(desk: Desk) -> None:
    before = desk.head(), desk.counts()
    ids = iter([fresh_id(), fresh_id(), named("柳树湾"), *(fresh_id() for _ in range(9))])

    outcome = desk.customers(customer(1), customer(2), new_id=lambda: next(ids))

    assert (outcome.imported, outcome.batch) == (0, None)
    assert (desk.head(), desk.counts()) == before


def test_a_refused_set_is_not_left_in_the_quarantine(desk: Desk) -> None:
    ids = iter([fresh_id(), fresh_id(), named("柳树湾"), *(fresh_id() for _ in range(9))])
    desk.customers(customer(1), customer(2), new_id=lambda: next(ids), skip_bad=True)

    with desk.landing() as landing:
        states = landing.connection.execute(select(change_set.c.status)).scalars()
        assert set(states) == {"applied"}


def test_a_fault_of_the_engine_names_the_column(desk: Desk) -> None:
    outcome = desk.customers(customer(), keep=False)
    row: Row = outcome.rows[0]
    unknown = {"name": "王桂英", "village_id": fresh_id()}
    lost = fresh_id()

    with desk.landing() as landing:
        planned = Planned(row, (create("customer", lost, lost, unknown),))
        refused = landing.land("customers", [planned], lambda _: None)

    assert refused == [planned]
    assert [(it.column, it.key) for it in row.findings] == [("行政村", "unknown-record")]
