"""The figures of officers in a period, as an export (domain.md, section 8.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    LOAN,
    PRODUCT,
    ZHAO,
    Server,
    named,
    set_up,
    update,
)
from tests.server.test_lending import in_the_office

Json = Any
JUNE = "since=2026-06-01&until=2026-06-30"
BASE = {"purposes": ["routine"], "officer_id": LI}
DONE = {
    "state": "completed", "outcome": "done", "summary": "看过。", "met_with": ["户主"],
    "arrived_at": "2026-06-10T02:00:00.000Z", "arrive_lat_e6": 30_000_000,
    "arrive_lon_e6": 110_000_000, "arrive_acc_m": 10,
}  # fmt: skip


def row(kind: str, name: str, customer: str | None, /, **fields: Json) -> dict[str, Json]:
    """Return a record of a set-up file."""
    made = {"branch": "QH", "type": kind, "id": named(name), "fields": fields}
    return {**made, "customer": customer} if customer else made


def visit(name: str, on: str, **fields: Json) -> dict[str, Json]:
    return row("visit", name, GUIYING, **BASE, planned_on=on, **fields)


def due(seq: int, on: str) -> dict[str, Json]:
    return row(
        "installment", f"row {seq}", GUIYING, loan_id=LOAN, schedule_version=1, seq=seq,
        due_date=on, principal_fen=500_00, interest_fen=50_00, fee_fen=0,
    )  # fmt: skip


def paid(name: str, on: str, fen: int, channel: str = "cash") -> dict[str, Json]:
    return row(
        "repayment", name, GUIYING, loan_id=LOAN, amount_fen=fen, value_date=on, channel=channel,
        receipt_no=name, collected_by=LI,
    )  # fmt: skip


@pytest.fixture
def june(server: Server) -> Server:
    """Of 李伟: five visits planned, a loan with an installment unpaid since May, 400 yuan of cash."""
    loan = {
        "loan_no": "JJ1", "product_id": PRODUCT, "principal_fen": 2_000_00, "rate_bps": 840,
        "method": "equal_principal", "disbursed_on": "2026-03-10", "maturity_on": "2026-07-10",
        "purpose": "购买仔猪", "security": ["unsecured"], "officer_id": LI, "responsible": {},
        "schedule_version": 1, "state": "active",
    }  # fmt: skip
    deposit = {
        "officer_id": LI, "business_date": "2026-06-09", "state": "confirmed",
        "receipt_ids": [named("R2")], "counted_fen": 300_00,
    }  # fmt: skip
    records = [
        row("product", "丰收贷", None, code="FS01", name="丰收贷") | {"id": PRODUCT},
        row("loan", "-", GUIYING, **loan) | {"id": LOAN},
        *(due(seq, on) for seq, on in enumerate(("2026-04-10", "2026-05-10", "2026-06-10", "2026-07-10"), 1)),
        paid("R1", "2026-04-10", 550_00, "transfer"),
        paid("R2", "2026-06-09", 300_00),
        paid("R3", "2026-06-12", 100_00),
        row("cash_deposit", "deposit", None, **deposit),
        visit("in time", "2026-06-08", **DONE, left_at="2026-06-10T03:00:00.000Z"),
        visit("late", "2026-06-07", **DONE, left_at="2026-06-10T03:00:00.000Z"),
        visit("open", "2026-06-12", state="planned"),
        visit("off", "2026-06-13", state="cancelled"),
        visit("of May", "2026-05-31", state="missed"),
        row(
            "cashflow_survey", "survey", GUIYING, start_month="2026-06", opening_cash_fen=0,
            surveyed_on="2026-06-01",
        ),
    ]  # fmt: skip
    set_up(server.engine, {"records": records})
    known = [update("customer", it, it, state="active") for it in LI_HAS]
    assert in_the_office(server, "", "server", *known)["status"] == "applied"
    return server


def figures(server: Server, query: str = JUNE) -> Mapping[str, Mapping[str, Json]]:
    wang = server.tablet("wang.jun")
    answer = wang.get(f"/api/v1/exports/officers?{query}")
    assert answer.status == 200, answer
    return {it["id"]: it for it in answer.json["rows"]}


def test_the_figures_of_a_month(june: Server) -> None:
    mine = figures(june)[LI]

    assert (mine["visits_planned"], mine["visits_cancelled"], mine["visits_done"]) == (4, 1, 2)
    assert (mine["visit_completion_bps"], mine["on_time_visits_bps"]) == (6667, 3333)
    assert (mine["due_fen"], mine["on_time_fen"], mine["on_time_collection_bps"]) == (550_00, 0, 0)
    assert (mine["cash_fen"], mine["settled_fen"]) == (400_00, 300_00)
    assert mine["deposit_discipline_bps"] == 7500
    assert (mine["customers"], mine["surveyed"], mine["data_freshness_bps"]) == (3, 1, 3333)


def test_arrears_of_before_are_told_apart_from_what_fell_due(june: Server) -> None:
    mine = figures(june)[LI]

    # 550 of May stood open; of the 400 paid in June the oldest takes its penalty first.
    assert mine["arrears_fen"] == 550_00
    assert 390_00 < mine["cleared_fen"] < 400_00
    assert mine["clean_up_bps"] == round(mine["cleared_fen"] * 10_000 / mine["arrears_fen"])
    assert (mine["outstanding_fen"], mine["par30_fen"]) == (
        1_500_00 - _principal(mine),
        mine["outstanding_fen"],
    )
    assert mine["par30_bps"] == 10_000


def _principal(mine: Mapping[str, Json]) -> int:
    """Return what of the money that came in went to principal: what was left after the interest of May."""
    return int(mine["cleared_fen"]) - 50_00


def test_nothing_due_is_no_share(june: Server) -> None:
    other = figures(june)[ZHAO]

    assert (other["visits_planned"], other["due_fen"], other["cash_fen"]) == (0, 0, 0)
    shares = (
        "visit_completion_bps",
        "on_time_collection_bps",
        "clean_up_bps",
        "deposit_discipline_bps",
    )
    assert [other[it] for it in shares] == [None] * 4


def test_without_days_it_is_this_month_so_far_and_never_beyond_today(june: Server) -> None:
    today = june.clock().date()
    first = today.replace(day=1).isoformat()

    assert {it["since"] for it in figures(june, "").values()} == {first}
    assert {it["until"] for it in figures(june, "until=2031-01-31").values()} == {today.isoformat()}
