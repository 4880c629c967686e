"""Core-banking interfaces: a posting is stored once by its key, exports are safe to open and stable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from server.cli import cli
from server.db import reading
from server.exporting import files
from server.exporting.tables import TABLES, Span
from server.store import record
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    LI,
    LOAN,
    PASSWORD,
    PRODUCT,
    Server,
    Tablet,
    named,
    set_up,
)

Json = Any
SETUP: Mapping[str, Json] = {
    "users": [
        {"username": "ma.li", "name": "马丽", "role": "admin", "branch": "QH", "password": PASSWORD},
    ],
    "records": [
        {"branch": "QH", "type": "product", "id": PRODUCT, "fields": {"code": "FS01", "name": "丰收贷"}},
        {
            "branch": "QH", "type": "loan", "id": LOAN, "customer": GUIYING,
            "fields": {
                "loan_no": "JJ1", "product_id": PRODUCT, "principal_fen": 1_000_000, "rate_bps": 840,
                "method": "bullet", "disbursed_on": "2026-01-15", "maturity_on": "2026-06-01",
                "purpose": "购买仔猪", "security": ["unsecured"], "officer_id": LI, "responsible": {},
                "state": "active",
            },
        },
        {
            "branch": "QH", "type": "installment", "id": named("the only installment"),
            "customer": GUIYING,
            "fields": {
                "loan_id": LOAN, "schedule_version": 1, "seq": 1, "due_date": "2026-06-01",
                "principal_fen": 1_000_000, "interest_fen": 32_000, "fee_fen": 0,
            },
        },
    ],
}  # fmt: skip
POSTING: Mapping[str, Json] = {
    "key": "CORE-1", "loan_no": "JJ1", "amount_fen": 250_000, "value_date": "2026-06-10",
    "channel": "deduction", "payer_name": "=HYPERLINK(1)",
}  # fmt: skip
ADDRESS = "/api/v1/postings"


@pytest.fixture
def bank(server: Server) -> Server:
    """The branch with one loan that fell due on 1 June."""
    set_up(server.engine, SETUP)
    return server


def posted(who: Tablet, **members: Json) -> tuple[int, Json]:
    reply = who.post(ADDRESS, {**POSTING, **members})
    return reply.status, reply.json


def receipts(bank: Server) -> list[Json]:
    with reading(bank.engine) as connection:
        rows = connection.execute(record.select().where(record.c.type == "repayment"))
        return [it.fields for it in rows]


def test_a_posting_is_stored_once_whoever_repeats_it(bank: Server) -> None:
    clerk, supervisor = bank.tablet("qian.hui"), bank.tablet("wang.jun")

    first = posted(clerk)
    again = [posted(clerk), posted(supervisor), posted(clerk, note=None)]

    assert first[0] == 201
    assert again == [first] * 3
    assert [(it["receipt_no"], it["amount_fen"]) for it in receipts(bank)] == [("CORE-1", 250_000)]
    with reading(bank.engine) as connection:
        assert verify(connection, bank.registry).finding is None


@pytest.mark.parametrize(
    "members",
    [
        {"amount_fen": 250_001},
        {"value_date": "2026-06-11"},
        {"note": "另一笔"},
        {"channel": "cash"},
    ],
)
def test_a_key_with_other_content_is_a_conflict(bank: Server, members: Json) -> None:
    clerk = bank.tablet("qian.hui")
    posted(clerk)

    status, problem = posted(clerk, **members)

    assert (status, problem["type"]) == (409, "/problems/set-changed")
    assert "key" in problem["detail"]
    assert len(receipts(bank)) == 1


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"loan_no": "JJ9"}, "loan_no"),
        ({"value_date": "2026-06-17"}, "value_date"),
        ({"value_date": "2026-01-14"}, "value_date"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": "250000"}, "amount_fen"),
        ({"channel": "bitcoin"}, "channel"),
        ({"key": "with blank"}, "key"),
        ({"reverses": "nothing"}, "reverses"),
        ({"iban": "x"}, "iban"),
    ],
)
def test_what_cannot_be_posted_leaves_the_key_free(bank: Server, members: Json, field: str) -> None:
    clerk = bank.tablet("qian.hui")

    status, problem = posted(clerk, **members)

    assert status == 400
    assert [it["field"] for it in problem["errors"]] == [field]
    assert receipts(bank) == []
    assert posted(clerk)[0] == 201


def test_another_key_cannot_bring_a_receipt_twice(bank: Server) -> None:
    clerk = bank.tablet("qian.hui")
    posted(clerk, receipt_no="LS1")

    status, problem = posted(clerk, key="CORE-2", receipt_no="LS1")

    assert (status, problem["errors"][0]["field"]) == (400, "receipt_no")


def test_officers_and_administrators_post_nothing(bank: Server) -> None:
    assert [posted(bank.tablet(it))[0] for it in ("li.wei", "ma.li", "sun.yan")] == [403] * 3


# ----------------------------------------------------------------------------------------- exports


def test_an_export_says_what_is_owed_in_numbers(bank: Server) -> None:
    clerk = bank.tablet("qian.hui")
    posted(clerk)

    rows = clerk.get("/api/v1/exports/arrears").json["rows"]
    loans = clerk.get("/api/v1/exports/loans").json["rows"]

    assert [(it["loan_no"], it["days_past_due"], it["oldest_unpaid_on"]) for it in rows] == [
        ("JJ1", 15, "2026-06-01")
    ]
    assert rows[0]["outstanding_fen"] == loans[0]["outstanding_fen"] < 1_000_000
    assert loans[0]["product_code"] == "FS01"


@pytest.mark.parametrize("what", list(TABLES))
@pytest.mark.parametrize("form", list(files.FORMATS))
def test_every_export_has_its_columns_in_every_form(bank: Server, what: str, form: str) -> None:
    clerk = bank.tablet("qian.hui")
    posted(clerk)

    reply = clerk.get(f"/api/v1/exports/{what}?format={form}")

    assert reply.status == 200
    assert reply.headers["Content-Type"] == files.FORMATS[form]
    assert f"{what}.{form}" in reply.headers["Content-Disposition"]
    if form == "csv":
        head = next(csv.reader(io.StringIO(reply.body.decode("utf-8-sig"))))
        assert tuple(head) == TABLES[what].columns
    elif form == "xlsx":
        page = load_workbook(io.BytesIO(reply.body)).active
        assert page is not None
        assert tuple(it.value for it in page[1]) == TABLES[what].columns


def test_a_decision_is_exported_with_its_terms(bank: Server) -> None:
    application = named("an application")
    decided = {
        "application_id": application, "stage": "approve", "tier": 1, "outcome": "approve",
        "amount_fen": 800_000, "term_months": 12, "rate_bps": 840, "comment": "-1 无异议",
    }  # fmt: skip
    asked = {
        "application_no": "SQ1", "product_id": PRODUCT, "amount_fen": 900_000, "term_months": 12,
        "method": "bullet", "purpose": "购买仔猪", "rate_bps": 840,
        "state": "draft",
    }  # fmt: skip
    set_up(bank.engine, {"records": [
        {"branch": "QH", "type": "loan_application", "id": application, "customer": GUIYING,
         "fields": asked},
        {"branch": "QH", "type": "decision", "id": named("a decision"), "customer": GUIYING,
         "fields": decided},
    ]})  # fmt: skip

    (row,) = bank.tablet("wang.jun").get("/api/v1/exports/decisions?since=2026-06-16").json["rows"]

    assert (row["application_no"], row["outcome"], row["amount_fen"]) == ("SQ1", "approve", 800_000)
    assert (row["decided_on"], row["comment"]) == ("2026-06-16", "-1 无异议")
    assert (
        bank.tablet("wang.jun").get("/api/v1/exports/decisions?until=2026-06-15").json["rows"] == []
    )


def test_days_choose_receipts_both_ends_included(bank: Server) -> None:
    clerk = bank.tablet("qian.hui")
    for day in ("09", "10", "11"):
        posted(clerk, key=f"K{day}", value_date=f"2026-06-{day}")

    found = clerk.get("/api/v1/exports/receipts?since=2026-06-10&until=2026-06-11").json["rows"]

    assert [it["receipt_no"] for it in found] == ["K10", "K11"]


@pytest.mark.parametrize(
    "query", ["format=pdf", "since=tomorrow", "since=2026-06-02&until=2026-06-01", "until="]
)
def test_a_query_that_cannot_be_read_is_told(bank: Server, query: str) -> None:
    reply = bank.tablet("qian.hui").get(f"/api/v1/exports/receipts?{query}")

    assert (reply.status, len(reply.json["errors"])) == (400, 1)


def test_who_may_export_and_what_an_administrator_does_not_see(bank: Server) -> None:
    posted(bank.tablet("qian.hui"))
    address = "/api/v1/exports/receipts"

    assert [bank.tablet(it).get(address).status for it in ("li.wei", "sun.yan")] == [403, 403]
    assert bank.tablet("qian.hui").get("/api/v1/exports/secrets").status == 404
    (seen,) = bank.tablet("ma.li").get(address).json["rows"]
    (whole,) = bank.tablet("wang.jun").get(address).json["rows"]
    assert (seen["customer_name"], seen["payer_name"]) == (None, None)
    assert (whole["customer_name"], whole["payer_name"]) == ("王桂英", "=HYPERLINK(1)")
    assert seen["amount_fen"] == whole["amount_fen"]


DANGEROUS = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula_and_numbers_stay_numbers(text: str) -> None:
    line = (text, "JJ1", None, None, "2026-06-10", -250_000, *[None] * 9)

    written = files.encoded("csv", "receipts", Span(), [line])
    book = load_workbook(io.BytesIO(files.encoded("xlsx", "receipts", Span(), [line])))
    document = json.loads(files.encoded("json", "receipts", Span(), [line]))

    cells = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))[1]
    assert (cells[0], cells[5]) == (f"'{text}", "-250000")
    page = book["receipts"]
    assert (page["A2"].data_type, page["F2"].data_type) == ("s", "n")
    assert page["F2"].value == -250_000
    assert document["rows"][0]["receipt_no"] == text
    assert document["rows"][0]["amount_fen"] == -250_000


def test_the_command_writes_a_file_and_writes_over_none(bank: Server, tmp_path: Path) -> None:
    posted(bank.tablet("qian.hui"))
    target = tmp_path / "receipts.csv"
    where = ["--data", str(bank.data), "--database", bank.url, "--branch", "QH"]
    words = ["export", "receipts", *where, "-o", str(target)]

    first = CliRunner().invoke(cli, words)
    again = CliRunner().invoke(cli, words)
    shown = CliRunner().invoke(cli, ["export", "loans", *where, "--format", "json"])
    nowhere = CliRunner().invoke(cli, ["export", "loans", *where[:-2]])

    assert (first.exit_code, again.exit_code, shown.exit_code) == (0, 1, 0)
    assert "'=HYPERLINK(1)" in target.read_text("utf-8-sig")
    assert [it["loan_no"] for it in json.loads(shown.stdout)["rows"]] == ["JJ1"]
    assert nowhere.exit_code == 2
    assert "--branch" in nowhere.output
