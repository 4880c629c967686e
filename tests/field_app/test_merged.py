"""A customer who was registered twice and merged: the tablet says where he is, and own work went along."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.field_app.conftest import Tablets
from tests.field_app.offices import Office
from tests.field_app.words import title
from tests.journeys.village import CHEN, PASSWORD, VILLAGE

pytestmark = pytest.mark.browser
PIN = "271828"
TWIN = {
    "name": "陈国萍", "id_no": "999901197805120013", "phone": "10000000099", "village_id": VILLAGE,
    "segment": "grain",
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "kept"), [("en", "Now kept under 陈国平"), ("zh", "已并入陈国平")]
)
def test_work_made_for_the_duplicate_is_found_under_the_survivor(
    village: Office, tablet: Tablets, lang: str, kept: str
) -> None:
    other = village.tablet("T9", "li.min")
    twin = other.create("customer", None, TWIN)
    other.sync()
    li = tablet(lang)
    li.open()
    li.sign_in("li.min", PASSWORD, PIN)
    li.customer("陈国萍")
    li.network(there=False)
    li.edit(preferences="晚上在家。")
    before = li.work(3)
    assert any(it.startswith("陈国萍") and state == "ready" for it, state in before), before

    boss = village.ask("wang.jianguo")
    clashes = boss("GET", "/api/v1/conflicts?status=open")["conflicts"]
    [pair, *_] = [it["id"] for it in clashes if it["kind"] == "duplicate"]
    decided = {"resolution": "merge", "survivor": CHEN, "comment": "同一人"}
    boss("POST", f"/api/v1/conflicts/{pair}/resolve", decided)
    li.network(there=True)
    li.all_synced()

    main = li.page.get_by_role("main")
    expect(main).to_contain_text(
        li.say("sync", "merged.what", fields=title(lang, "customer", "preferences"))
    )
    assert "陈国萍" not in main.inner_text()
    assert li.context is not None
    li.page.goto(f"{village.address}/field/#/customer/{twin}")
    expect(li.heading(kept)).to_be_visible()
    main.get_by_role("link", name="陈国平").click()
    expect(li.heading("陈国平")).to_be_visible()
    expect(main).to_contain_text("晚上在家。")
