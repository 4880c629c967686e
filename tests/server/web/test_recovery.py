"""The button for a forgotten PIN, and the page that it leads to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.server.branch import named
from tests.server.web.screens import DESK, PHONE, screen, served
from tests.server.web.village import LI, WANG, Village
from tests.server.web.visiting import Visitor, words

CODE = re.compile(r"\d{4}-\d{4}-\d{2}")
NOBODY = named("nobody's tablet")


def button(village: Village) -> str:
    """Return the address of the button for 李敏's tablet."""
    return f"/devices/{village.li.device}/recovery-code"


@pytest.mark.parametrize(
    ("lang", "title", "until", "how"),
    [
        ("en", "Code for a new PIN: 李敏", "Good until 17 Jun, 13:10, once", "taps “Forgot?”"),
        ("zh", "李敏的 PIN 恢复码", "有效期至 6 月 17 日 13:10", "点“忘记？”"),
    ],
)
def test_a_supervisor_is_shown_a_code_and_what_to_do(
    every_village: Village, lang: str, title: str, until: str, how: str
) -> None:
    boss = Visitor(every_village.server, lang).sign_in()
    boss.get("/")

    page = boss.post(button(every_village))

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    said = words(page)
    assert title in said
    assert until in said
    assert how in said
    every_village.li.login()
    body = {"code": CODE.findall(said)[0], "sealed": []}
    assert every_village.li.post("/api/v1/recover", body).status == 200


def test_who_has_a_tablet_has_a_button(village: Village) -> None:
    page = Visitor(village.server).sign_in().get("/").text

    assert f'action="{button(village)}"' in page
    assert page.count("/recovery-code") == 2, "李敏 and 赵磊; 徐娜 has no tablet"


def test_the_button_is_for_the_tablet_that_was_heard_last(village: Village) -> None:
    newer = village.server.tablet("li.min")
    village.clock.advance(minutes=1)
    newer.login()
    newer.catch_up()

    page = Visitor(village.server).sign_in().get("/").text

    assert f"/devices/{newer.device}/recovery-code" in page
    assert button(village) not in page


def test_a_closed_account_has_none(village: Village) -> None:
    village.deactivate(LI)

    assert button(village) not in Visitor(village.server).sign_in().get("/").text


@pytest.mark.parametrize("username", ["qian.bo", "sun.yan"])
def test_who_only_reads_has_no_button_and_gets_no_code(village: Village, username: str) -> None:
    reader = Visitor(village.server).sign_in(username)
    page = reader.get("/")

    answer = reader.post(button(village))

    assert "recovery-code" not in page.text
    assert answer.status_code == 403
    assert not CODE.search(words(answer))


def test_an_officer_is_told_where_his_work_is(village: Village) -> None:
    officer = Visitor(village.server).sign_in("li.min")
    officer.get("/")

    assert officer.post(button(village)).status_code == 403


def test_another_branch_gives_no_code(village: Village) -> None:
    stranger = Visitor(village.server).sign_in("tian.yu")
    stranger.get("/")

    assert stranger.post(button(village)).status_code == 404


@pytest.mark.parametrize("device", [NOBODY, WANG, "T1", "%00", "..%2f.."])
def test_what_is_no_tablet_is_nowhere(village: Village, device: str) -> None:
    boss = Visitor(village.server).sign_in()
    boss.get("/")

    assert boss.post(f"/devices/{device}/recovery-code").status_code == 404


def test_a_form_from_elsewhere_gives_no_code(village: Village) -> None:
    boss = Visitor(village.server).sign_in()

    answer = boss.post(button(village), csrf_token="made up")

    assert answer.status_code == 400
    assert not CODE.search(words(answer))


def test_the_address_of_the_button_leads_back(village: Village) -> None:
    answer = Visitor(village.server).sign_in().get(button(village))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_the_sign_in_leads_officers_to_their_app(village: Village) -> None:
    page = Visitor(village.server).get("/sign-in")

    assert '<a class="lk" href="/field/">Tablet app for officers</a>' in page.text


@pytest.mark.browser
@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_code_is_large_and_fits(
    chromium: Browser, village: Village, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    with served(village.server.app) as address, screen(chromium, address, lang, size) as it:
        it.sign_in()
        it.picture("officers", tmp_path)
        it.page.click(f"form[action='{button(village)}'] button")
        it.picture("pin-code", tmp_path)
        code = it.page.locator(".spoken")

        assert CODE.fullmatch(code.inner_text())
        assert code.evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 28
        assert [*it.wider_than_window(), *it.too_small_to_touch(48 if size == PHONE else 24)] == []
