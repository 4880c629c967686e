"""A day of the tablet app with the real server, most of it without; then two people meet in one field."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from field_client.client import FieldClient
from tests.field_app.app import PHONE, TABLET, App
from tests.field_app.conftest import Tablets
from tests.field_app.offices import Office
from tests.field_app.routine import all_is_well
from tests.field_app.words import title
from tests.journeys.village import CHEN, PASSWORD, TODAY

Json = Any
pytestmark = pytest.mark.browser
PIN = "271828"
SPLIT = ["¥28.38", "¥301.08", "¥2,670.54"]
"""Where 3,000.00 go at Chen Guoping's (domain.md, E5): 27.51 + 0.87, 159.14 + 141.94, 2,456.06 + 214.48."""
ARREARS, OUTSTANDING = "¥2,258.78", "¥20,063.23"


@pytest.mark.parametrize(("lang", "size"), [("en", PHONE), ("zh", TABLET)], ids=["en", "zh"])
def test_a_day_without_a_server_ends_accepted_and_two_versions_are_settled(
    village: Office, tablet: Tablets, chromium: Browser, lang: str, size: tuple[int, int]
) -> None:
    li = tablet(lang, size)
    li.open()
    li.sign_in("li.min", PASSWORD, PIN)
    zhao_covers(village)
    village.served.stop()
    li.network(there=False)
    li.kill()

    work_without_a_server(li)
    li.kill()
    everything_is_still_there(li)

    village.served.start()
    li.network(there=True)
    li.all_synced()
    li.states(*["accepted"] * 3)
    the_branch_sees_the_same(village, chromium)

    zhao = village.tablet("T2", "zhao.lei")
    two_people_write(li, zhao)
    both_sentences_stand(li)
    a_version_is_chosen(li)
    everybody_has_the_same(village, li, zhao)


def zhao_covers(village: Office) -> None:
    wish = {
        "customer": CHEN, "officer": "zhao.lei", "role": "cover",
        "from": "2026-06-15", "until": "2026-07-15", "reason": "market day",
    }  # fmt: skip
    assert village.ask("wang.jianguo")("POST", "/api/v1/assignments", wish)["status"] == "applied"


def work_without_a_server(li: App) -> None:
    """Started from the service worker: a new phone, a visit with a note, money taken."""
    li.open()
    li.unlock(PIN)
    assert "陈国平" in li.today()[0]
    li.customer("陈国平")
    li.edit(phone="10000000021", preferences="晚上在家。")
    li.visit("陈国平", "收款 3000 元。", "长势正常。", all_is_well(li.lang))
    li.customer("陈国平")
    before = li.begin_taking("3000")
    after = li.take("¥3,000.00")

    assert list(after.values()) == [*SPLIT, ARREARS, OUTSTANDING]
    left = li.say("repayment", "split.left")
    assert before == {**after, left: ARREARS}
    expect(li.page.get_by_text(f"T1-{TODAY:%Y%m%d}-001")).to_be_visible()
    li.states(*["ready"] * 3)
    li.strip_says("strip.waiting", n=3)


def everything_is_still_there(li: App) -> None:
    li.open()
    li.unlock(PIN)
    li.strip_says("strip.waiting", n=3)
    li.states(*["ready"] * 3)


def the_branch_sees_the_same(village: Office, chromium: Browser) -> None:
    """The supervisor's page, the history, and a tablet on which the Python client runs."""
    history = village.ask("wang.jianguo")("GET", f"/api/v1/records/{CHEN}/history")["entries"]
    phones = [it["fields"]["phone"]["stored"] for it in history if "phone" in it["fields"]]
    assert phones == ["10000000001", "10000000021"]
    zhao = village.tablet("copy", "zhao.lei")
    assert zhao.record(CHEN).fields["phone"] == "10000000021"
    [note] = [it.fields for it in zhao.records("inspection_note", CHEN)]
    assert (note["answers.R04.value"], note["narrative"]) == (0, "长势正常。")
    taken = [it.fields for it in zhao.records("repayment", CHEN)]
    assert [it["amount_fen"] for it in taken if it["receipt_no"].startswith("T1-")] == [300_000]
    assert zhao.store.incidents() == []

    context = chromium.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{village.address}/sign-in")
    page.fill("#username", "wang.jianguo")
    page.fill("#password", PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    outstanding = page.get_by_text(OUTSTANDING, exact=True).first
    expect(outstanding).to_be_visible()
    context.close()


def two_people_write(li: App, zhao: FieldClient) -> None:
    """Zhao's phone and sentence arrive first; hers were written before she had heard of them."""
    zhao.edit(CHEN, {"phone": "10000000022"})
    zhao.edit(CHEN, {"preferences": "晚上在家。周三赶集。"})
    zhao.sync()
    li.network(there=False)
    li.customer("陈国平")
    li.edit(preferences="请敲后门。晚上在家。")
    li.edit(phone="10000000033")
    li.strip_says("strip.waiting", n=2)
    li.network(there=True)
    li.strip_says("strip.attention", n=1)


def both_sentences_stand(li: App) -> None:
    expect(li.page.get_by_text("请敲后门。晚上在家。周三赶集。")).to_be_visible()
    li.to("sync")
    merged = li.page.get_by_role("region", name=li.say("sync", "merged"))
    expect(merged.get_by_text(title(li.lang, "customer", "preferences"))).to_be_visible()


def a_version_is_chosen(li: App) -> None:
    """Before, mine and theirs are shown; nothing is chosen until she chooses."""
    li.states("needs_attention", *["accepted"] * 5)
    li.page.get_by_role("link", name=li.say("sync", "attention.choose")).click()
    card = li.page.get_by_role("region", name=title(li.lang, "customer", "phone"))
    for value in ("100 0000 0021", "100 0000 0022", "100 0000 0033"):
        expect(card.get_by_text(value)).to_be_visible()
    expect(card.get_by_role("radio", checked=True)).to_have_count(0)
    save = li.say("conflict", "save", n=1)
    expect(li.page.get_by_role("button", name=save)).to_be_hidden()
    card.get_by_text("100 0000 0033").click()
    li.press(save)
    expect(li.page.get_by_text(li.say("conflict", "done.title"))).to_be_visible()
    li.all_synced()
    li.states(*["accepted"] * 7)


def everybody_has_the_same(village: Office, li: App, zhao: FieldClient) -> None:
    li.customer("陈国平")
    about = li.page.get_by_role("region", name=li.say("customer", "about.title"))
    about.get_by_role("button", name=title(li.lang, "customer", "phone")).click()
    expect(about.get_by_text("100 0000 0033")).to_be_visible()
    zhao.sync()
    assert zhao.record(CHEN).fields["phone"] == "10000000033"
    assert zhao.record(CHEN).fields["preferences"] == "请敲后门。晚上在家。周三赶集。"
    assert (zhao.conflicts(), zhao.store.incidents()) == ([], [])
    assert village.ask("wang.jianguo")("GET", "/api/v1/conflicts?status=open")["conflicts"] == []
    li.to("me")
    expect(li.page.get_by_text(li.say("settings", "tablet.title")).first).to_be_visible()
    expect(li.page.get_by_text(li.say("settings", "incidents.title"))).to_be_hidden()
    assert village.verify().returncode == 0
