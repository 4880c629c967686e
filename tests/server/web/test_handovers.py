"""The pages of handovers: preparing one, each person's part, what tablets hold unsent (domain.md, 6.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from schemas.registry import REGISTRY
from server import due_moves, store
from server.context import context
from server.db import reading
from server.verify import verify
from tests.server.branch import PASSWORD, named, set_up
from tests.server.test_lending import modern
from tests.server.web.screens import DESK, PHONE, Screen, screen, served
from tests.server.web.village import CHEN, DENG, HUANG, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any
LI_HAS = (CHEN, DENG, HUANG)
MOST_STATEMENTS = 15
HASH = re.compile(r'name="hash" value="([0-9a-f]{64})"')
ASKED = {
    "outgoing": "li.min", "incoming": "zhao.lei", "witness": "qian.bo", "reason": "leave",
    "effective_on": "2026-06-16",
}  # fmt: skip


@pytest.fixture
def staffed(village: Village) -> Village:
    """The village with an approver of one level up."""
    approver = {
        "id": named("luo.jun"), "username": "luo.jun", "name": "罗军", "role": "approver",
        "branch": "QH", "password": PASSWORD,
    }  # fmt: skip
    set_up(village.server.engine, {"users": [approver]})
    return village


def prepared(boss: Visitor, *customers: str, **more: str) -> str:
    """Prepare a handover with the form and return where its page is."""
    boss.get("/handovers/new?outgoing=li.min")
    asked = {"csrf_token": boss.token, **ASKED, **more, "customers": list(customers or LI_HAS)}
    reply = boss.client.post("/handovers/new", data=asked)
    assert reply.status_code == 303, words(reply)
    return str(reply.headers["Location"])


def does(who: Visitor, page: str, part: str, **fields: str) -> str:
    """Open a handover, send one of its forms, and return what the page says afterwards."""
    shown = who.get(page)
    if found := HASH.search(shown.text):
        fields.setdefault("hash", found[1])
    reply = who.post(f"{page}/{part}", **fields)
    assert reply.status_code == 303, words(reply)
    return words(who.get(page))


def at(village: Village, username: str, lang: str = "en") -> Visitor:
    return Visitor(village.server, lang).sign_in(username)


def test_the_list_is_empty_at_first(village: Village) -> None:
    boss = at(village, "wang.jianguo")

    assert "No handover" in words(boss.get("/handovers"))
    assert 'href="/handovers"' in boss.get("/").text


def test_who_is_chosen_brings_the_customers(village: Village) -> None:
    boss = at(village, "wang.jianguo")

    first, second = boss.get("/handovers/new"), boss.get("/handovers/new?outgoing=li.min")

    assert 'name="customers"' not in first.text
    assert {it for it in LI_HAS if f'value="{it}" checked' in second.text} == set(LI_HAS)
    assert "This officer has no customers" not in words(second)


@pytest.mark.parametrize(
    ("more", "input_name"),
    [
        ({"witness": "zhao.lei"}, "witness"),
        ({"incoming": ""}, "incoming"),
        ({"incoming": "nobody"}, "incoming"),
        ({"effective_on": "tomorrow"}, "effective_on"),
        ({"reason": ""}, "reason"),
        ({"customers": []}, "customers"),
        ({"customers": [named("吴长生")]}, "customers"),
        ({"customers": ["x"]}, "customers"),
    ],
)
def test_what_is_missing_is_said_beside_its_input(
    village: Village, more: Mapping[str, Json], input_name: str
) -> None:
    boss = at(village, "wang.jianguo")
    boss.get("/handovers/new?outgoing=li.min")
    asked = {"csrf_token": boss.token, **ASKED, "customers": list(LI_HAS), **more}

    reply = boss.client.post("/handovers/new", data=asked)

    assert reply.status_code == 422
    assert f'id="fault-{input_name}"' in reply.text
    assert "No handover" in words(boss.get("/handovers"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_handover_with_an_objection_from_the_list_to_the_last_signature(
    staffed: Village, lang: str
) -> None:
    """Walk-through 10.3, step 6, all of it in the office."""
    boss, witness, luo = (at(staffed, it, lang) for it in ("wang.jianguo", "qian.bo", "luo.jun"))
    li, zhao = at(staffed, "li.min", lang), at(staffed, "zhao.lei", lang)
    page = prepared(boss)

    does(boss, page, "open")
    does(li, page, "notes", **{f"text-{CHEN}": "逾期 32 天，已约定还款日。"})
    does(witness, page, "appraisals", **{f"text-{CHEN}": "与台账相符。"})
    agreed = {f"answer-{it}": "agree" for it in (DENG, HUANG)}
    does(zhao, page, "answers", **agreed)
    assert "无异常" not in words(boss.get(page))
    told = does(zhao, page, "answers", **{f"answer-{CHEN}": "object", f"text-{CHEN}": "未告知逾期"})
    assert ("Objected" if lang == "en" else "有异议") in told
    told = does(luo, page, "rulings", **{f"text-{CHEN}": "按现状接收"})
    assert ("Agreed" if lang == "en" else "已同意") in told
    assert "按现状接收" in told
    assert "罗军" in told
    for who in (li, zhao, witness):
        told = does(who, page, "sign")
    assert ("All three have signed" if lang == "en" else "三方已签字") in told
    assert words(boss.get("/handovers")).count("Signed" if lang == "en" else "已签字") >= 1
    with reading(staffed.server.engine) as connection:
        assert verify(connection, REGISTRY).finding is None


def test_an_objection_needs_its_reason(staffed: Village) -> None:
    boss, zhao = at(staffed, "wang.jianguo"), at(staffed, "zhao.lei")
    page = prepared(boss, CHEN)
    does(boss, page, "open")
    zhao.get(page)

    reply = zhao.post(f"{page}/answers", **{f"answer-{CHEN}": "object"})

    assert reply.status_code == 422
    assert f'id="fault-text-{CHEN}"' in reply.text
    assert "In review" in words(boss.get(page))


def test_a_ruling_is_needed_for_each_objection(staffed: Village) -> None:
    boss, zhao, luo = (at(staffed, it) for it in ("wang.jianguo", "zhao.lei", "luo.jun"))
    page = prepared(boss, CHEN, DENG)
    does(boss, page, "open")
    why = {f"text-{it}": "押品未见" for it in (CHEN, DENG)}
    does(zhao, page, "answers", **{f"answer-{it}": "object" for it in (CHEN, DENG)}, **why)
    luo.get(page)

    reply = luo.post(f"{page}/rulings", **{f"text-{CHEN}": "按现状接收"})

    assert reply.status_code == 422
    assert f'id="fault-text-{DENG}"' in reply.text
    assert "Objected" in words(boss.get(page))


@pytest.mark.parametrize("username", ["wang.jianguo", "sun.yan", "luo.jun", "he.fang", "gao.lei"])
def test_nobody_does_the_part_of_another(staffed: Village, username: str) -> None:
    boss = at(staffed, "wang.jianguo")
    page = prepared(boss, CHEN)
    does(boss, page, "open")
    who = at(staffed, username)
    who.get(page)
    said = {f"text-{CHEN}": "与台账相符。", f"answer-{CHEN}": "agree", "hash": "0" * 64}

    for part in ("notes", "appraisals", "answers", "rulings", "sign"):
        reply = who.post(f"{page}/{part}", **said)
        assert reply.status_code in (303, 403, 404), part
    told = words(boss.get(page))
    assert "与台账相符" not in told
    assert "In review" in told


@pytest.mark.parametrize(
    ("username", "status"),
    [("qian.bo", 200), ("sun.yan", 200), ("luo.jun", 200), ("zhao.lei", 200), ("gao.lei", 404),
     ("he.fang", 403), ("tian.yu", 404)],
)  # fmt: skip
def test_who_sees_a_handover(staffed: Village, username: str, status: int) -> None:
    page = prepared(at(staffed, "wang.jianguo"), CHEN)

    assert at(staffed, username).get(page).status_code == status


@pytest.mark.parametrize("username", ["qian.bo", "luo.jun", "zhao.lei", "he.fang"])
def test_a_supervisor_alone_prepares_opens_and_cancels(staffed: Village, username: str) -> None:
    page = prepared(at(staffed, "wang.jianguo"), CHEN)
    who = at(staffed, username)
    who.get("/handovers")
    who.get(page)

    assert who.get("/handovers/new").status_code == 403
    assert who.post("/handovers/new", **ASKED).status_code == 403
    for move in ("open", "cancel"):
        assert who.post(f"{page}/{move}").status_code == 403


def test_what_changed_while_it_was_read_is_not_signed(staffed: Village) -> None:
    boss, zhao = at(staffed, "wang.jianguo"), at(staffed, "zhao.lei")
    page = prepared(boss, CHEN)
    does(boss, page, "open")
    does(zhao, page, "answers", **{f"answer-{CHEN}": "agree"})

    told = does(zhao, page, "sign", hash="0" * 64)

    assert "It changed while you read it" in told
    assert "You have signed" not in told
    assert "You have signed" in does(zhao, page, "sign")


def test_a_handover_is_cancelled(staffed: Village) -> None:
    boss = at(staffed, "wang.jianguo")
    page = prepared(boss, CHEN)

    assert "Cancelled. Nothing moved." in does(boss, page, "cancel")
    assert "It changed while you read it" in does(boss, page, "open")


def test_the_page_says_what_tablets_hold_unsent(staffed: Village) -> None:
    boss = at(staffed, "wang.jianguo")
    staffed.li.sync(waiting={"sets": 2, "drafts": 1, "customers": [CHEN]})
    page = prepared(boss, CHEN, DENG)

    told = words(boss.get(page))

    assert "tablet T1 · 李敏 2 sets not sent, 1 open form" in told
    assert told.count("Not sent yet on") == 1
    staffed.li.sync(waiting={"sets": 0, "drafts": 0, "customers": []})
    assert "everything sent" in words(boss.get(page))


def test_a_tablet_of_somebody_who_covers_is_named_for_what_it_holds(staffed: Village) -> None:
    staffed.cover(CHEN)
    boss = at(staffed, "wang.jianguo")
    page = prepared(boss, CHEN)
    assert "T2" not in words(boss.get(page))

    staffed.zhao.sync(waiting={"sets": 1, "drafts": 0, "customers": [CHEN]})

    assert "tablet T2 · 赵磊 1 set not sent" in words(boss.get(page))


def test_as_many_statements_for_many_customers_as_for_one(every_village: Village) -> None:
    boss = Visitor(every_village.server).sign_in()
    one, many = prepared(boss, CHEN), prepared(boss)
    costs = []
    for path in (one, many, "/handovers", "/handovers/new?outgoing=li.min"):
        with counted(every_village.server.engine) as sent:
            assert boss.get(path).status_code == 200
        costs.append(len(sent))

    assert costs[0] == costs[1]
    assert max(costs) <= MOST_STATEMENTS


@pytest.mark.parametrize("handover", [CHEN, "x", "%00", "..%2f..", named("no handover")])
def test_what_is_no_handover_is_nowhere(village: Village, handover: str) -> None:
    boss = at(village, "wang.jianguo")

    assert boss.get(f"/handovers/{handover}").status_code == 404
    assert boss.post(f"/handovers/{handover}/open").status_code == 404


def test_a_form_from_elsewhere_does_nothing(village: Village) -> None:
    boss = at(village, "wang.jianguo")
    page = prepared(boss, CHEN)

    assert boss.post(f"{page}/open", csrf_token="made up").status_code == 400
    assert "A draft" in words(boss.get(page))


def test_an_approver_arrives_at_the_handovers(staffed: Village) -> None:
    luo = at(staffed, "luo.jun")

    assert luo.get("/").headers["Location"] == "/handovers"
    page = luo.get("/handovers")
    assert page.status_code == 200
    assert 'href="/conflicts"' not in page.text
    assert luo.get("/conflicts").status_code == 403


def test_what_was_signed_moves_the_customers(staffed: Village) -> None:
    """A8: from the day on that it says, the old tablet holds them no more."""
    boss, zhao, witness = (at(staffed, it) for it in ("wang.jianguo", "zhao.lei", "qian.bo"))
    page = prepared(boss)
    does(boss, page, "open")
    does(zhao, page, "answers", **{f"answer-{it}": "agree" for it in LI_HAS})
    for who in (at(staffed, "li.min"), zhao, witness):
        does(who, page, "sign")

    assert effective(staffed) == 1

    newer = modern(staffed.server, "zhao.lei")
    held = {it for it, one in newer.held.items() if one["type"] == "customer"}
    assert held >= set(LI_HAS)
    assert {it["customer"] for it in staffed.li.sync()["left"]} == set(LI_HAS)
    assert "In effect" in words(boss.get(page))


def effective(village: Village) -> int:
    """Let the day pass; return how many handovers took effect."""
    parts = context(village.server.app)
    query = select(store.branch.c.id).where(store.branch.c.code == "QH")
    with reading(parts.engine) as connection:
        branch = connection.execute(query).scalar_one()
    made = due_moves.run(parts.engine, parts.registry, parts.settings, branch, parts.now())
    return made.get("handover.take_effect", 0)


# ------------------------------------------------------------------------------------ in a browser


@pytest.mark.browser
@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_handover_is_prepared_and_answered_on_the_pages(
    chromium: Browser, staffed: Village, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    staffed.li.sync(waiting={"sets": 2, "drafts": 0, "customers": [CHEN]})
    least = 48 if size == PHONE else 24
    found: dict[str, object] = {}

    def looked_at(it: Screen, name: str) -> None:
        it.picture(name, tmp_path)
        found[name] = [*it.wider_than_window(), *it.too_small_to_touch(least)]

    with served(staffed.server.app) as address:
        with screen(chromium, address, lang, size) as it:
            it.sign_in()
            it.go("/handovers/new")
            it.page.select_option("#outgoing", "li.min")
            it.page.click("main form[method=get] button")
            it.page.select_option("#incoming", "zhao.lei")
            it.page.select_option("#witness", "qian.bo")
            it.page.select_option("#reason", "leave")
            it.page.fill("#effective_on", "2026-06-22")
            looked_at(it, "new")
            it.page.click("main form[method=post] .actions .main")
            expect(it.page.get_by_role("status")).to_be_visible()
            page = it.page.url.removeprefix(address)
            it.page.click("main .actions .main")
            looked_at(it, "in-review")
        with screen(chromium, address, lang, size) as it:
            _enter(it, "zhao.lei", page)
            for customer in (DENG, HUANG):
                it.page.check(f"input[name='answer-{customer}'][value='agree']")
            it.page.check(f"input[name='answer-{CHEN}'][value='object']")
            it.page.fill(f"#text-{CHEN}", "未告知逾期")
            looked_at(it, "answer")
            it.page.click("main form .actions .main")
        with screen(chromium, address, lang, size) as it:
            _enter(it, "luo.jun", page)
            it.page.fill(f"#text-{CHEN}", "按现状接收")
            looked_at(it, "rule")
            it.page.click("main form .actions .main")
        with screen(chromium, address, lang, size) as it:
            _enter(it, "qian.bo", page)
            looked_at(it, "sign")
            it.page.click("main form.actions .main")
            looked_at(it, "signed")
            it.go("/handovers")
            looked_at(it, "list")
    assert found == {key: [] for key in found}


def _enter(it: Screen, username: str, page: str) -> None:
    """Sign in on the way to a page."""
    it.go(page)
    it.page.fill("#username", username)
    it.page.fill("#password", PASSWORD)
    it.page.click("main button")
    it.page.wait_for_url(f"{it.address}{page}")
