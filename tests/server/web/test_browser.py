"""A supervisor's morning in a real browser, in both languages, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.server.web.screens import DESK, PHONE, screen, served
from tests.server.web.village import CHEN, DENG, Village

pytestmark = pytest.mark.browser
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]
LANGUAGES = ["en", "zh"]


@pytest.fixture
def busy(village: Village) -> Village:
    """The village on a day with something to decide: tablets out of touch, visits, four conflicts."""
    village.at(days=1, hours=3)
    village.sensitive = village.conflict("annual_income_fen", 6_000_000, 4_600_000, DENG)
    village.note = village.conflict(
        "preferences",
        "晚上在家，周三赶集。\n电话常打不通。9 月有 2 头猪发热死亡，已看兽医证明。",
        "晚上在家，敲后门。\n电话常打不通。10 月 8 日已报保险理赔。",
    )
    village.at(hours=5)
    village.phone = village.phone_conflict()
    village.silence()
    village.at(hours=2)
    village.visits()
    village.at(minutes=12)
    village.li.sync(waiting={"sets": 2, "attention": 1})
    village.at()
    return village


@pytest.fixture
def address(busy: Village) -> Iterator[str]:
    """Where the village is served."""
    with served(busy.server.app) as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_conflict_is_settled(
    chromium: Browser, busy: Village, address: str, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    with screen(chromium, address, lang, size) as it:
        it.go("/sign-in")
        it.picture("sign-in", tmp_path)
        it.sign_in()
        it.picture("summary", tmp_path)
        it.page.click(".todo a")
        it.picture("conflicts", tmp_path)
        it.page.click(f".list a[href$='{busy.phone}']")
        it.picture("conflict", tmp_path)
        it.page.check("input[value='other-0']")
        it.page.fill("#comment", "已电话核实。")
        it.page.click(".actions button")
        it.picture("settled", tmp_path)

        expect(it.page.get_by_role("status")).to_be_visible()
        busy.li.login()
        assert busy.li.catch_up().fields(CHEN)["phone"] == "13900002250"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_fit_their_window(
    chromium: Browser, busy: Village, address: str, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    paths = {
        "arrears": "/arrears?over=0", "sensitive": f"/conflicts/{busy.sensitive}",
        "note": f"/conflicts/{busy.note}", "settled-list": "/conflicts?show=settled",
        "missing": "/nowhere", "summary": "/", "conflicts": "/conflicts",
    }  # fmt: skip
    found: dict[str, object] = {}
    with screen(chromium, address, lang, size) as it:
        it.sign_in()
        for name, path in paths.items():
            it.go(path)
            if name in ("arrears", "sensitive", "note", "missing"):
                it.picture(name, tmp_path)
            least = 48 if size == PHONE else 24
            found[name] = [*it.wider_than_window(), *it.too_small_to_touch(least)]

    assert found == {name: [] for name in paths}


def test_the_dark_pages_are_drawn(
    chromium: Browser, busy: Village, address: str, tmp_path: Path
) -> None:
    with screen(chromium, address, "en", DESK, "dark") as it:
        it.sign_in()
        it.picture("summary", tmp_path)
        it.go(f"/conflicts/{busy.note}")
        it.picture("note", tmp_path)

        assert (
            it.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 24, 21)"
        )
