"""A handover on the tablet: answered and signed without a network; on its day the customers come (domain.md, 6.7)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.field_app.app import PHONE, TABLET, App
from tests.field_app.conftest import Tablets
from tests.field_app.looks import Look
from tests.field_app.offices import Office
from tests.journeys.village import CHEN, DENG, HUANG, PASSWORD, TODAY, ZHOU, named

Json = Any
pytestmark = pytest.mark.browser
PIN = "271828"
NAMES = {CHEN: "陈国平", HUANG: "黄大明", ZHOU: "周福海", DENG: "邓玉兰"}
WHY = "未告知逾期"


@pytest.mark.parametrize(("lang", "size"), [("en", PHONE), ("zh", TABLET)], ids=["en", "zh"])
def test_customers_are_answered_for_and_signed_for_without_a_network(
    village: Office, tablet: Tablets, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    handover = prepared(village)
    li = village.tablet("T2", "li.min")
    zhao = tablet(lang, size)
    zhao.open()
    zhao.sign_in("zhao.lei", PASSWORD, PIN)
    look = Look(zhao, tmp_path)
    waits_for(zhao, "answer")
    look("today-handover")
    waits_for(zhao, "answer").click()
    zhao.network(there=False)

    answered_in_two_sittings(zhao, look)
    nothing_waits(zhao)
    zhao.strip_says("strip.waiting", n=1)
    zhao.to("sync")
    expect(zhao.page.get_by_role("main")).to_contain_text(NAMES[HUANG])  # by name, not by id
    zhao.network(there=True)
    zhao.all_synced()
    assert state_of(village, handover) == "objected"

    ruled(village, handover)
    li.sync()
    li.sign_handover(handover)
    li.sync()
    zhao.sync()
    zhao.to("today")
    link = waits_for(zhao, "sign")
    zhao.network(there=False)
    link.click()
    expect(zhao.page.get_by_role("main")).to_contain_text("按现状接收")
    look("handover-sign")
    zhao.press(zhao.say("handover", "save.sign"))
    signed = zhao.say("handover", "people.signed", name="赵磊")
    expect(zhao.page.get_by_text(signed)).to_be_visible()
    nothing_waits(zhao)
    zhao.network(there=True)
    zhao.all_synced()
    assert state_of(village, handover) == "agreed", "the witness has not signed yet"

    witnessed(village, handover)
    assert "handover.take_effect 1" in village.village.command("daily", "--date", f"{TODAY}").stdout
    assert state_of(village, handover) == "effective"
    zhao.sync()
    zhao.all_synced()
    zhao.customer(NAMES[CHEN])
    li.sync()
    assert [it.id for it in li.records("customer")] == []
    assert village.verify().returncode == 0
    assert "\n".join(look.found) == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_old_tablet_notes_sends_what_it_has_and_holds_the_customers_no_more(
    village: Office, tablet: Tablets, lang: str
) -> None:
    """A8. What she wrote before her tablet was told is not lost: it waits for who has the customer now."""
    handover = prepared(village)
    zhao = village.tablet("T2", "zhao.lei")
    li = tablet(lang)
    li.open()
    li.sign_in("li.min", PASSWORD, PIN)
    waits_for(li, "note").click()
    li.network(there=False)
    for customer in NAMES:
        region(li, customer).get_by_role("textbox").fill("无异常。")
    li.press(li.say("handover", "save.note"))
    nothing_waits(li)
    li.network(there=True)
    li.all_synced()
    zhao.sync()
    assert zhao.record(handover).fields[f"items.{CHEN}.from_risk_note"] == "无异常。"

    zhao.answer_handover(handover, dict.fromkeys(NAMES))
    zhao.sync()
    zhao.sign_handover(handover)
    zhao.sync()
    li.sync()
    li.to("today")
    waits_for(li, "sign").click()
    li.press(li.say("handover", "save.sign"))
    expect(li.page.get_by_text(li.say("handover", "people.signed", name="李敏"))).to_be_visible()
    li.all_synced()
    li.network(there=False)
    li.customer(NAMES[CHEN])
    li.edit(phone="10000000044")
    witnessed(village, handover)
    assert "handover.take_effect 1" in village.village.command("daily", "--date", f"{TODAY}").stdout

    li.network(there=True)
    main = li.page.get_by_role("main")
    li.to("customers")
    for name in NAMES.values():
        expect(main.get_by_text(name)).to_be_hidden()
    zhao.sync()
    assert {it.id for it in zhao.records("customer")} >= set(NAMES)
    (late,) = [it for it in zhao.conflicts() if it.customer == CHEN]
    assert late.fields["kind"] == "late"
    zhao.resolve(late.id, "other")
    zhao.sync()
    assert zhao.record(CHEN).fields["phone"] == "10000000044"
    assert village.verify().returncode == 0


def prepared(village: Office) -> str:
    """Wang lists all of Li Min's customers and asks the three."""
    wang = village.ask("wang.jianguo")
    wish = {
        "outgoing": "li.min", "incoming": "zhao.lei", "witness": "qian.bo", "reason": "leave",
        "effective_on": f"{TODAY}",
    }  # fmt: skip
    made = wang("POST", "/api/v1/handovers", wish)
    assert made["customers"] == len(NAMES), made
    does(village, "wang.jianguo", made["id"], state="in_review")
    return str(made["id"])


def does(village: Office, username: str, handover: str, **fields: Json) -> None:
    change = {
        "op": "update", "type": "handover", "id": handover, "customer": None, "set": fields,
    }  # fmt: skip
    told = village.ask(username)("POST", "/api/v1/sets", {"action": "desk", "changes": [change]})
    assert told["status"] in ("applied", "merged"), told


def state_of(village: Office, handover: str) -> str:
    seen = village.ask("wang.jianguo")("GET", f"/api/v1/handovers/{handover}")
    return str(seen["state"])


def waits_for(zhao: App, what: str) -> Locator:
    """Return the line on Today that says what a handover asks."""
    words = zhao.say("today", f"handover.{what}", n=len(NAMES))
    link = zhao.page.get_by_role("main").get_by_role("link").filter(has_text=words)
    expect(link).to_be_visible()
    return link


def nothing_waits(zhao: App) -> None:
    zhao.to("today")
    title = zhao.say("today", "handover.title", outgoing="李敏", incoming="赵磊")
    expect(zhao.page.get_by_role("main").get_by_text(title)).to_be_hidden()


def answered_in_two_sittings(zhao: App, look: Look) -> None:
    """Some are taken over; then the battery is dead; what was kept is still there, and one is objected to."""
    save = zhao.say("handover", "save.answer")
    expect(zhao.page.get_by_role("button", name=save)).to_be_disabled()
    for customer in (HUANG, ZHOU, DENG):
        answer(zhao, customer, "item.agree")
    expect(zhao.page.get_by_role("button", name=save)).to_be_enabled()
    there = zhao.page.url
    kept = zhao.say("components/form", "saved.at", time="@").replace("@", "").strip()
    expect(zhao.page.get_by_text(kept).first).to_be_visible()
    zhao.kill()

    zhao.open()
    zhao.unlock(PIN)
    zhao.page.goto(there)
    card = region(zhao, HUANG)
    expect(card.get_by_role("radio", checked=True)).to_have_count(1)
    for customer in (HUANG, ZHOU, DENG):
        answer(zhao, customer, "item.agree")  # the last may have been on its way to the disk
    answer(zhao, CHEN, "item.object")
    missing = zhao.say("handover", "save.reasons", n=1)
    expect(zhao.page.get_by_role("button", name=missing)).to_be_disabled()
    region(zhao, CHEN).get_by_role("textbox").fill(WHY)
    look("handover-answer")
    zhao.press(save)
    expect(zhao.heading(zhao.say("today", "today.title"))).to_be_visible()


def region(zhao: App, customer: str) -> Locator:
    found = zhao.page.get_by_role("region", name=NAMES[customer])
    expect(found).to_be_visible()
    return found


def answer(zhao: App, customer: str, key: str) -> None:
    region(zhao, customer).get_by_text(zhao.say("handover", key), exact=True).click()


def ruled(village: Office, handover: str) -> None:
    """The committee one level up rules on the one objection, which came with its reason."""
    seen = village.ask("luo.jun")("GET", f"/api/v1/handovers/{handover}")
    objections = {it["id"]: it.get("objection") for it in seen["customers"]}
    assert objections == {CHEN: WHY, HUANG: None, ZHOU: None, DENG: None}
    ruling = {f"items.{CHEN}.ruling": "按现状接收", f"items.{CHEN}.ruled_by": named("luo.jun")}
    does(village, "luo.jun", handover, **ruling, state="agreed")


def witnessed(village: Office, handover: str) -> None:
    path = f"signed_by.{named('signature of Qian Bo')}"
    said = {"user": named("qian.bo"), "at": f"{TODAY}T02:00:00.000Z", "content_hash": "0" * 64}
    does(village, "qian.bo", handover, **{f"{path}.{leaf}": it for leaf, it in said.items()})
