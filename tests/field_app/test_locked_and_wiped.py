"""A tablet that a supervisor has locked, or has had wiped: what its officer sees, and what is left on it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.field_app.app import App
from tests.field_app.conftest import Tablets
from tests.field_app.offices import Office
from tests.journeys.village import PASSWORD

pytestmark = pytest.mark.browser
PIN = "271828"
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((it) => it.name).filter((it) => it !== "xiangxin-device"),
  words: Object.keys(localStorage).filter((it) => it !== "xiangxin-lang"),
  caches: await caches.keys(),
  journals: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
})"""
"""What of a store is still on the tablet: its database, what is remembered of it, the app, the journals."""


def decided(village: Office, wish: str) -> None:
    """Let the supervisor lock, unlock or wipe Li's tablet."""
    device = village.device_of("T1")
    village.ask("wang.jianguo")("POST", f"/api/v1/devices/{device}/{wish}")


@pytest.fixture(params=["en", "zh"])
def li(village: Office, tablet: Tablets, request: pytest.FixtureRequest) -> App:
    """Li Min's tablet, signed in, in each language."""
    found = tablet(request.param)
    found.open()
    found.sign_in("li.min", PASSWORD, PIN)
    return found


def test_a_locked_tablet_goes_on_keeping_work_and_sends_it_when_it_is_unlocked(
    village: Office, li: App
) -> None:
    decided(village, "lock")
    li.customer("陈国平")
    li.edit(phone="10000000021")

    li.to("sync")
    main = li.page.get_by_role("main")
    expect(main).to_contain_text(li.say("sync", "notice.locked"))
    expect(main).to_contain_text(li.say("sync", "notice.locked.what"))
    needing = li.page.get_by_role("region", name=li.say("sync", "attention"))
    expect(needing.get_by_role("listitem")).to_have_count(1)
    (kept,) = village.ask("wang.jianguo")("GET", "/api/v1/quarantine")["sets"]
    assert [it["code"] for it in kept["errors"]] == ["device-locked"]

    decided(village, "unlock")
    li.sync()
    expect(main).not_to_contain_text(li.say("sync", "notice.locked"))
    needing.get_by_role("button", name=li.say("sync", "attention.again")).click()
    li.all_synced()
    expect(needing).to_have_count(0)


def test_of_a_wiped_tablet_nothing_is_left(village: Office, li: App) -> None:
    li.customer("陈国平")
    li.network(there=False)
    li.edit(phone="10000000021")
    decided(village, "wipe")

    li.network(there=True)
    expect(li.page.get_by_text(li.say("signin", "fault.wiped"))).to_be_visible()

    assert li.page.evaluate(LEFT) == {"databases": [], "words": [], "caches": [], "journals": []}
