"""The page of a day's end: what it says, who may open it, and closing the day on it."""

from __future__ import annotations

from typing import Any

import pytest

from server.store import branch
from tests.server.branch import create, named, update
from tests.server.web.village import CHEN, TODAY, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any
DAY = TODAY.isoformat()
LI = named("li.min")


def code_of(village: Village) -> str:
    return str(village.li.fields(village.li.device)["code"])


def paid(village: Village, number: int, fen: int, **more: Json) -> str:
    """Let Li take money from Chen; return the receipt."""
    made = create(
        "repayment", CHEN, None, loan_id=named(f"loan of {CHEN}"), amount_fen=fen, value_date=DAY,
        channel="cash", receipt_no=f"{code_of(village)}-20260616-{number:03}", **more,
    )  # fmt: skip
    result = village.li.push(made)
    assert result["status"] == "applied", result
    return str(made["id"])


def evening(village: Village) -> None:
    """Let both tablets report after the day's work."""
    village.clock.advance(hours=5)
    for tablet in (village.li, village.zhao):
        tablet.login()
        tablet.sync()


def page(village: Village, lang: str = "en", who: str = "wang.jianguo", query: str = "") -> str:
    return words(Visitor(village.server, lang).sign_in(who).get(f"/day{query}"))


@pytest.fixture
def taken(village: Village) -> Village:
    """The village after Li took money twice and skipped a number."""
    paid(village, 1, 3_000_00)
    paid(village, 3, 200_00, note="邻居代交")
    return village


def test_not_yet_names_every_reason_in_both_languages(taken: Village) -> None:
    said, told = page(taken), page(taken, "zh")

    assert "Not yet: 4 reasons" in said
    assert "Tablet T1 of 李敏 has not reported since the day's work" in said
    assert "In the receipts of tablet T1 (李敏) one number is missing." in said
    assert "李敏 has ¥3,200.00 in cash that was not handed in." in said
    assert "T1-002" in said
    assert "尚不能采信：4 项原因" in told
    assert "李敏尚有现金 ¥3,200.00 未缴。" in told


def test_a_day_on_which_nothing_is_open_may_be_trusted(village: Village) -> None:
    evening(village)

    assert "These figures may be trusted" in page(village)
    assert "数据可以采信" in page(village, "zh")


def test_a_day_is_closed_with_a_reason_and_says_by_whom(taken: Village) -> None:
    wang = Visitor(taken.server).sign_in()
    wang.get("/day")
    whole = {"unit": branch_of(taken), "day": DAY}

    without = wang.post("/day/close", **whole)
    closed = wang.post("/day/close", **whole, reason="李敏在山上。")
    paid(taken, 2, 50_00)
    again = wang.post("/day/close", **whole, reason="再来一次")

    assert without.status_code == 422
    assert "Write the reason" in words(without)
    assert (closed.status_code, again.status_code) == (303, 303)
    shown = words(wang.get("/day"))
    assert "The day had been closed before; it stays so." in shown
    assert "Closed by 王建国, 16 Jun, 13:10 Closed all the same: 李敏在山上。" in shown
    assert (
        "Arrived after the close Receipt Officer Amount Arrived T1-20260616-002 李敏 ¥50.00"
        in shown
    )


def test_a_trusted_day_is_closed_without_a_reason(village: Village) -> None:
    evening(village)
    wang = Visitor(village.server).sign_in()
    wang.get("/day")

    assert wang.post("/day/close", unit=branch_of(village), day=DAY).status_code == 303
    shown = words(wang.get("/day"))
    assert "The day is closed." in shown
    assert "Closed all the same" not in shown


def test_what_was_handed_in_is_shown_with_its_difference(taken: Village) -> None:
    receipt = paid(taken, 2, 100_00)
    made = create(
        "cash_deposit", None, None, officer_id=LI, business_date=DAY, receipt_ids=[receipt],
        counted_fen=90_00, difference_reason="少 10 元", state="open",
    )  # fmt: skip
    newest = {"schema": taken.li.registry.schema}
    for change in (made, update("cash_deposit", made["id"], None, state="handed_in")):
        assert taken.li.push(change, **newest)["status"] == "applied"

    assert "李敏 Handed in ¥100.00 ¥90.00 -¥10.00 少 10 元" in page(taken)


@pytest.mark.parametrize(
    ("who", "status", "closes"),
    [
        ("wang.jianguo", 200, 303),
        ("qian.bo", 200, 403),
        ("he.fang", 200, 403),
        ("sun.yan", 403, 403),
    ],
)
def test_who_reads_deposits_opens_the_page_and_supervisors_close(
    village: Village, who: str, status: int, closes: int
) -> None:
    visitor = Visitor(village.server).sign_in(who)

    assert visitor.get("/day").status_code == status
    done = visitor.post("/day/close", unit=branch_of(village), day=DAY, reason="因故")
    assert done.status_code == closes


def test_clerks_and_auditors_see_no_button(village: Village) -> None:
    assert "Close the day" in page(village)
    assert "Close the day" not in page(village, who="he.fang") + page(village, who="qian.bo")


@pytest.mark.parametrize(
    "query", ["?day=yesterday", "?day=2026-02-30", "?day=2099-01-01", "?day=", "?day=2026-06-16"]
)
def test_whatever_day_is_asked_for_there_is_one(village: Village, query: str) -> None:
    assert "Tue 16 Jun" in page(village, query=query)


@pytest.mark.parametrize("unit", ["1", named("nowhere"), "'; DROP TABLE receipt_line"])
def test_an_outlet_that_is_none_is_not_found(village: Village, unit: str) -> None:
    visitor = Visitor(village.server).sign_in()
    visitor.get("/day")

    assert visitor.get(f"/day?unit={unit}").status_code == 404
    assert visitor.post("/day/close", unit=unit, day=DAY, reason="x").status_code == 404
    assert visitor.post("/day/close", day=DAY, reason="x").status_code == 404


def test_the_summary_leads_there_and_the_button_s_address_leads_back(village: Village) -> None:
    visitor = Visitor(village.server).sign_in()

    assert 'href="/day"' in visitor.get("/").text
    assert visitor.get("/day/close").headers["Location"] == "/day"


def test_a_reason_that_is_too_long_is_told_and_kept_in_the_form(taken: Village) -> None:
    wang = Visitor(taken.server).sign_in()
    wang.get("/day")

    shown = wang.post("/day/close", unit=branch_of(taken), day=DAY, reason="长" * 501)

    assert shown.status_code == 422
    assert "长" * 501 in shown.text


def test_the_page_takes_few_statements(taken: Village) -> None:
    paid(taken, 2, 100_00)
    wang = Visitor(taken.server).sign_in()
    wang.get("/day")

    with counted(taken.server.engine) as sent:
        assert wang.get("/day").status_code == 200

    assert len(sent) <= 15


def branch_of(village: Village) -> str:
    """Return the id of the branch, which is its own unit."""
    with village.server.engine.connect() as connection:
        found = branch.select().where(branch.c.code == "QH")
        return str(connection.execute(found).one().id)
