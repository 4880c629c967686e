"""The shared spreadsheets of a branch: exactly the rows of the manifest are bad, no more, no fewer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas.derived.schedule import Terms, build_schedule
from server import readmodels
from server.importing.batch import Outcome
from tests.server.importing.desk import AS_OF, DATA, FILES, MANIFEST, Desk, bad_cells

Json = Any
CUSTOMER_FILES = [it for it, kind in FILES.items() if kind == "customers"]


def expected(kind: str) -> list[tuple[int, str]]:
    return [(it["row"], it["column"]) for it in MANIFEST[kind]["bad"]]


def imported(desk: Desk, file: str, **wish: Json) -> Outcome:
    return desk.run(FILES[file], DATA / file, keep=False, **wish)


@pytest.mark.parametrize("file", CUSTOMER_FILES)
def test_customers_are_bad_where_the_manifest_says(desk: Desk, file: str) -> None:
    outcome = imported(desk, file)

    assert len(outcome.rows) == MANIFEST["customers"]["rows"]
    assert bad_cells(outcome) == expected("customers")
    assert outcome.warnings == []
    assert outcome.batch is None


def test_loans_are_bad_where_the_manifest_says(desk_with_customers: Desk) -> None:
    outcome = imported(desk_with_customers, "loans.xlsx", create_missing=True)

    assert len(outcome.rows) == MANIFEST["loans"]["rows"]
    assert bad_cells(outcome) == expected("loans")


def test_repayments_are_bad_where_the_manifest_says(desk_with_loans: Desk) -> None:
    outcome = imported(desk_with_loans, "repayments-gbk.csv")

    assert len(outcome.rows) == MANIFEST["repayments"]["rows"]
    assert bad_cells(outcome) == expected("repayments")
    assert outcome.warnings == []


def test_reasons_are_those_of_the_manifest(desk: Desk) -> None:
    keys = [it.key for it in imported(desk, "customers.xlsx").faults]

    assert keys == [
        "id-birth-date", "no-such-day", "phone-letters", "twice-in-file", "negative", "missing",
        "twice-in-file", "id-check-digit", "not-a-number", "unknown-officer", "unknown-village",
    ]  # fmt: skip


def test_the_three_forms_of_one_table_make_the_same_customers(
    first_day: Any, tmp_path: Any, desk: Desk
) -> None:
    found = []
    for file in CUSTOMER_FILES:
        outcome = desk.run("customers", DATA / file, skip_bad=True)
        assert outcome.imported == 309
        found.append(desk.fields("customer"))
        desk.engine.dispose()
        for held in tmp_path.glob("xiangxin.sqlite3*"):
            held.unlink()
        (tmp_path / "xiangxin.sqlite3").write_bytes((first_day / "xiangxin.sqlite3").read_bytes())

    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 309


def test_a_customer_is_stored_in_our_units(desk_with_customers: Desk) -> None:
    first = desk_with_customers.fields("customer")[0]

    assert {**first, "village_id": None} == {
        "customer_no": "KH00001", "name": "韩桂英", "id_no": "999942199509158689",
        "phone": "10000005080", "village_id": None, "address_note": "村口第三户",
        "household_size": 2, "able_workers": 3, "land_own_tmu": 155, "main_activity": "茶叶种植",
        "segment": "cash_crop", "annual_income_fen": 2_799_900, "registered_on": "2015-09-01",
        "preferences": "电话常打不通", "state": "active",
    }  # fmt: skip


def test_what_looks_like_a_formula_is_a_remark(desk_with_customers: Desk) -> None:
    remarks = [it.get("preferences") for it in desk_with_customers.fields("customer")]

    assert remarks.count("=1+1") == 52


def test_every_customer_has_its_officer(desk_with_customers: Desk) -> None:
    assigned = {it["customer_id"]: it for it in desk_with_customers.fields("assignment")}
    customers = desk_with_customers.records("customer")

    assert set(assigned) == {it.id for it in customers}
    assert {it["role"] for it in assigned.values()} == {"primary"}
    assert {it["valid_from"] for it in assigned.values()} == {AS_OF.isoformat()}


def test_the_products_have_the_terms_that_the_file_shows(desk_with_loans: Desk) -> None:
    products = {it["name"]: it for it in desk_with_loans.fields("product")}

    assert sorted(products) == sorted(["农户小额信用贷", "联保贷", "丰收贷"])
    for it in products.values():
        assert it["methods"] == ["bullet", "equal_installment", "equal_principal", "interest_first"]
        assert (it["rate_bps_min"], it["rate_bps_max"]) == (650, 900)
        assert it["security"] == ["unsecured", "group", "guarantor"]


def test_every_schedule_follows_from_its_loan(desk_with_loans: Desk) -> None:
    rows: dict[str, list[dict[str, Json]]] = {}
    for it in desk_with_loans.fields("installment"):
        rows.setdefault(it["loan_id"], []).append(it)

    loans = desk_with_loans.records("loan")
    assert len(loans) == 214
    for loan in loans:
        assert [_shape(it) for it in rows[loan.id]] == _schedule(loan.fields, len(rows[loan.id]))


def _shape(it: dict[str, Json]) -> tuple[str, int, int]:
    return it["due_date"], it["principal_fen"], it["interest_fen"]


def _schedule(loan: dict[str, Json], count: int) -> list[tuple[str, int, int]]:
    terms = Terms(
        method=loan["method"], principal_fen=loan["principal_fen"], rate_bps=loan["rate_bps"],
        disbursed_on=date.fromisoformat(loan["disbursed_on"]), count=count,
        first_due_on=date.fromisoformat(loan["first_due_on"]),
    )  # fmt: skip
    return [
        (it.due_date.isoformat(), it.principal_fen, it.interest_fen) for it in build_schedule(terms)
    ]


def test_what_is_owed_can_be_counted_after_the_import(desk_with_loans: Desk) -> None:
    desk = desk_with_loans
    desk.run("repayments", DATA / "repayments-gbk.csv", skip_bad=True)
    with desk.landing() as landing:
        branch = landing.branch.id

    positions = readmodels.loan_positions(desk.engine, branch, AS_OF)

    principal = sum(it["principal_fen"] for it in desk.fields("loan"))
    paid = sum(it["amount_fen"] for it in desk.fields("repayment"))
    owed = sum(it.outstanding_fen for it in positions)
    assert principal - paid < owed < principal
    portfolio = readmodels.portfolio(positions, AS_OF)
    assert portfolio.gross_fen == owed
