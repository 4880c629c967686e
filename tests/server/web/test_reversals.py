"""The pages of reversals: one asks, another makes it, a supervisor or a clerk (rule SOD-9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from schemas.registry import REGISTRY
from server.db import reading
from server.verify import verify
from tests.server.branch import PASSWORD, create, fresh_id, named
from tests.server.test_lending import Modern, modern
from tests.server.web.screens import DESK, PHONE, screen, served
from tests.server.web.village import CHEN, LI, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any
LOAN = named(f"loan of {CHEN}")
DAY = "2026-06-16"
PAID = 1_234_56
MOST_STATEMENTS = 15


def receipt(number: str, customer: str = CHEN, fen: int = PAID) -> Json:
    return create(
        "repayment", customer, None, loan_id=named(f"loan of {customer}"), amount_fen=fen,
        value_date=DAY, channel="cash", receipt_no=number, collected_by=LI,
    )  # fmt: skip


def task(paid: str, title: str = "金额录错，请冲正") -> Json:
    return create(
        "task", CHEN, fresh_id(), title=title, due_on=DAY, source="manual",
        record_type="repayment", record=paid, assignee_id=LI,
    )  # fmt: skip


@pytest.fixture
def asked(village: Village) -> tuple[Village, Modern, str]:
    """李敏 asks to undo a receipt of hers."""
    li = modern(village.server, "li.min")
    paid = receipt("T1-20260616-001")
    assert li.push(paid)["status"] == "applied"
    assert li.push(task(paid["id"]))["status"] == "applied"
    return village, li, paid["id"]


def at(village: Village, username: str, lang: str = "en") -> Visitor:
    return Visitor(village.server, lang).sign_in(username)


def reverse(who: Visitor, paid: str, **fields: str) -> Any:
    who.get("/reversals")
    who.get(f"/reversals/{paid}")
    return who.post(f"/reversals/{paid}", **{"receipt_no": "R-1", **fields})


def reversals_on(li: Modern) -> list[Json]:
    li.catch_up()
    return [
        it["fields"]
        for it in li.held.values()
        if it["type"] == "repayment" and it["fields"].get("reverses_id")
    ]


@pytest.mark.parametrize(
    ("username", "lang"), [("wang.jianguo", "en"), ("wang.jianguo", "zh"), ("he.fang", "zh")]
)
def test_another_makes_the_reversal_that_an_officer_asked_for(
    asked: tuple[Village, Modern, str], username: str, lang: str
) -> None:
    village, li, paid = asked
    who = at(village, username, lang)
    told = words(who.get("/reversals"))
    assert "T1-20260616-001" in told
    assert "金额录错，请冲正" in told
    assert "¥1,234.56" in words(who.get(f"/reversals/{paid}"))

    assert reverse(who, paid, note="重复录入").status_code == 303

    (made,) = reversals_on(li)
    assert (made["reverses_id"], made["amount_fen"], made["receipt_no"]) == (paid, PAID, "R-1")
    assert made["note"] == "重复录入"
    told = words(who.get("/reversals"))
    assert ("T1-20260616-001 is reversed" if lang == "en" else "已冲正") in told
    assert ("Nothing to reverse" if lang == "en" else "没有待办冲正") in told
    assert who.get(f"/reversals/{paid}").status_code == 404
    with reading(village.server.engine) as connection:
        assert verify(connection, REGISTRY).finding is None


def test_a_supervisor_ends_the_task_that_asked(asked: tuple[Village, Modern, str]) -> None:
    village, li, paid = asked

    reverse(at(village, "wang.jianguo"), paid)

    li.catch_up()
    states = [it["fields"]["state"] for it in li.held.values() if it["type"] == "task"]
    assert states == ["done"]


def test_who_asked_alone_does_not_make_it(village: Village) -> None:
    """SOD-9, refused: the supervisor asked himself; allowed: the clerk makes it."""
    li, boss = modern(village.server, "li.min"), village.boss()
    paid = receipt("T1-20260616-001")
    assert li.push(paid)["status"] == "applied"
    said = {"action": "ask", "changes": [task(paid["id"])]}
    assert boss.post("/api/v1/sets", said).status == 201
    wang = at(village, "wang.jianguo")

    told = words(wang.get(f"/reversals/{paid['id']}"))
    refused = reverse(wang, paid["id"])

    assert "You asked for it yourself" in told
    assert refused.status_code == 422
    assert reversals_on(li) == []
    assert reverse(at(village, "he.fang"), paid["id"]).status_code == 303
    assert len(reversals_on(li)) == 1


def test_both_asked_and_so_either_may_make_it(asked: tuple[Village, Modern, str]) -> None:
    village, li, paid = asked
    said = {"action": "ask", "changes": [task(paid)]}
    assert village.boss().post("/api/v1/sets", said).status == 201

    assert reverse(at(village, "wang.jianguo"), paid).status_code == 303
    assert len(reversals_on(li)) == 1


@pytest.mark.parametrize(
    ("username", "sees"), [("qian.bo", 200), ("sun.yan", 200), ("li.min", 403)]
)
def test_who_is_no_supervisor_and_no_clerk_makes_none(
    asked: tuple[Village, Modern, str], username: str, sees: int
) -> None:
    village, li, paid = asked
    who = at(village, username)
    page = who.get(f"/reversals/{paid}")

    assert page.status_code == sees
    assert 'name="receipt_no"' not in page.text
    assert reverse(who, paid).status_code == 403
    assert reversals_on(li) == []


def test_a_possible_double_is_settled_with_it(village: Village) -> None:
    village.cover(CHEN)
    li, zhao = modern(village.server, "li.min"), modern(village.server, "zhao.lei")
    assert li.push(receipt("T1-1"))["status"] == "applied"
    second = receipt("T2-1")
    assert zhao.push(second)["status"] == "conflict"
    assert zhao.push(task(second["id"], "与 T1-1 为同一笔"))["status"] == "applied"
    boss = at(village, "wang.jianguo")

    told = words(boss.get(f"/reversals/{second['id']}"))
    reverse(boss, second["id"])

    assert "one payment with receipt T1-1" in told
    li.catch_up()
    settled = [it["fields"] for it in li.held.values() if it["type"] == "conflict"]
    assert [(it["status"], it["resolution"]) for it in settled] == [("resolved", "reverse_one")]


@pytest.mark.parametrize(
    ("number", "place"),
    [("", "receipt_no"), ("T1-20260616-001", "receipt_no"), ("9" * 41, "receipt_no")],
)
def test_a_number_that_does_not_fit_is_said_beside_its_input(
    asked: tuple[Village, Modern, str], number: str, place: str
) -> None:
    village, li, paid = asked

    reply = reverse(at(village, "wang.jianguo"), paid, receipt_no=number)

    assert reply.status_code == 422
    assert f'id="fault-{place}"' in reply.text
    assert reversals_on(li) == []


def test_nobody_asked_for_the_others(asked: tuple[Village, Modern, str]) -> None:
    village, li, _ = asked
    other = receipt("T1-20260616-002", fen=9_00)
    assert li.push(other)["status"] == "applied"
    boss = at(village, "wang.jianguo")

    for it in (other["id"], named("no receipt"), "x", "%00"):
        assert boss.get(f"/reversals/{it}").status_code == 404
        assert boss.post(f"/reversals/{it}", receipt_no="R-1").status_code == 404


def test_a_clerk_arrives_here(village: Village) -> None:
    clerk = at(village, "he.fang", "en")

    assert clerk.get("/").headers["Location"] == "/reversals"
    assert "Nothing to reverse" in words(clerk.get("/reversals"))
    assert clerk.get("/conflicts").status_code == 403


def test_another_branch_sees_nothing_of_it(asked: tuple[Village, Modern, str]) -> None:
    village, _, paid = asked
    other = at(village, "tian.yu")

    assert "Nothing to reverse" in words(other.get("/reversals"))
    assert other.get(f"/reversals/{paid}").status_code == 404


def test_more_requests_take_no_more_statements(every_village: Village) -> None:
    li = modern(every_village.server, "li.min")
    boss = Visitor(every_village.server).sign_in()
    costs = []
    for place in range(3):
        paid = receipt(f"T1-{place}", fen=PAID + place)
        li.push(paid)
        li.push(task(paid["id"]))
        for path in ("/reversals", f"/reversals/{paid['id']}"):
            with counted(every_village.server.engine) as sent:
                assert boss.get(path).status_code == 200
            costs.append(len(sent))

    assert costs[:2] == costs[2:4] == costs[4:]
    assert max(costs) <= MOST_STATEMENTS


def test_a_conflict_about_two_receipts_leads_here(village: Village) -> None:
    village.cover(CHEN)
    li, zhao = modern(village.server, "li.min"), modern(village.server, "zhao.lei")
    li.push(receipt("T1-1"))
    (conflict,) = zhao.push(receipt("T2-1"))["changes"][0]["conflicts"]

    page = at(village, "wang.jianguo").get(f"/conflicts/{conflict}")

    assert 'href="/reversals"' in page.text.split("<main", 1)[1]


@pytest.mark.browser
@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_clerk_makes_a_reversal_in_a_browser(
    chromium: Browser,
    asked: tuple[Village, Modern, str],
    lang: str,
    size: tuple[int, int],
    tmp_path: Path,
) -> None:
    village, li, _ = asked
    least = 48 if size == PHONE else 24
    found: dict[str, object] = {}
    with served(village.server.app) as address, screen(chromium, address, lang, size) as it:
        it.go("/reversals")
        it.page.fill("#username", "he.fang")
        it.page.fill("#password", PASSWORD)
        it.page.click("main button")
        it.page.wait_for_selector(".list .item")
        for name in ("list", "one"):
            it.picture(name, tmp_path)
            found[name] = [*it.wider_than_window(), *it.too_small_to_touch(least)]
            if name == "list":
                it.page.click(".list .item")
                it.page.wait_for_selector("#receipt_no")
        it.page.click("main form .actions .main")
        it.page.wait_for_selector("[role=status]")
    assert found == {"list": [], "one": []}
    assert len(reversals_on(li)) == 1
