"""Every screen in both languages, on a phone and on a tablet: for everybody, and within its edges."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.field_app.app import PHONE, TABLET, App
from tests.field_app.offices import Clock, Office, made_demonstration, office
from tests.field_app.pages import APP
from tests.places import REPOSITORY

Json = Any
pytestmark = pytest.mark.browser
AT = datetime.fromisoformat("2026-06-16T10:44:00+08:00")
PASSWORD, PIN = "xiangxin-demo", "271828"
CUSTOMER = "陈国平"
KEEP_PICTURES = "XIANGXIN_PICTURES"
"""Set, the pictures go to docs/pictures; otherwise they are taken and thrown away."""

AXE = (APP / "node_modules" / "axe-core" / "axe.min.js").read_text()
SMALLEST_TARGET = 48
NARROWEST = 320
SPILLS = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return wide > 0 ? [`${wide} px wider than the window`] : [];
}"""
SMALL = """(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((it) => it.checkVisibility({ opacityProperty: true }) && !it.closest(".vh, .pin"))
  .map((it) => [it, it.closest("label, .in") ?? it])
  .map(([it, target]) => [it, target.getBoundingClientRect()])
  .filter(([it, box]) => box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
  .filter(([it]) => !["radio", "checkbox"].includes(it.type))
  .map(([it, box]) => `${it.outerHTML.slice(0, 120)}: ${box.width} x ${box.height}`)"""


@pytest.fixture(scope="module")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, app_build: Path
) -> Iterator[tuple[Office, Clock]]:
    """The demonstration branch at a quarter to eleven, when much is under way."""
    clock = Clock(stopped=AT)
    root = tmp_path_factory.mktemp("demonstration")
    data = made_demonstration(root / "data", AT)
    with office(data, root / "served", app_build, clock) as found:
        yield found, clock


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_screen_is_for_everybody_and_keeps_within_its_edges(
    demonstration: tuple[Office, Clock],
    chromium: Browser,
    tmp_path: Path,
    lang: str,
    size: tuple[int, int],
) -> None:
    branch, clock = demonstration
    app = App(tmp_path / "tablet", chromium, branch.address, clock, lang, size)
    look = Look(app, tmp_path)
    app.open()
    try:
        before_the_lock(app, look)
        reading(app, look)
        working(app, look)
        behind_the_lock(app, look)
    finally:
        app.close()

    assert "\n".join(look.found) == ""
    assert app.unexpected() == []


class Look:
    """Looks at one screen after the other, takes its picture, and keeps what is wrong with it."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        kept = os.environ.get(KEEP_PICTURES)
        self.folder = REPOSITORY / "docs" / "pictures" if kept else folder
        self.kind = "phone" if app.size == PHONE else "tablet"
        self.found: list[str] = []

    def __call__(self, screen: str) -> None:
        """Look at what is shown now."""
        page = self.app.page
        page.evaluate("document.activeElement?.blur()")
        name = f"officer-{screen}-{self.app.lang}-{self.kind}"
        page.screenshot(path=self.folder / f"{name}.png", animations="disabled")
        page.evaluate(AXE)
        broken = page.evaluate("async () => (await axe.run()).violations")
        self.found += [f"{name}: {said(it)}" for it in broken]
        self.found += [f"{name}: {it}" for it in page.evaluate(SPILLS)]
        self.found += [f"{name}: small: {it}" for it in page.evaluate(SMALL, SMALLEST_TARGET)]
        width, height = self.app.size
        if self.kind == "phone":
            page.set_viewport_size({"width": NARROWEST, "height": height})
            self.found += [f"{name} at {NARROWEST}: {it}" for it in page.evaluate(SPILLS)]
            page.set_viewport_size({"width": width, "height": height})


def said(violation: Json) -> str:
    """Say what axe found, and where first."""
    where = [it["html"][:160] for it in violation["nodes"][:2]]
    return f"{violation['id']}: {where}"


def before_the_lock(app: App, look: Look) -> None:
    expect(app.input(app.say("signin", "signin.username"))).to_be_visible()
    look("signin")
    app.sign_in("li.min", PASSWORD, PIN)
    app.page.wait_for_function("document.querySelectorAll('main li').length > 5")


def find_customer(app: App) -> None:
    app.to("customers")
    app.page.get_by_role("main").get_by_role("searchbox").first.fill(CUSTOMER)
    app.page.get_by_role("main").get_by_role("link", name=re.compile(CUSTOMER)).first.click()
    quick = app.page.get_by_role("navigation", name=app.say("customer", "do.label"))
    expect(quick).to_be_visible()


def reading(app: App, look: Look) -> None:
    app.today()
    look("today")
    app.to("customers")
    look("customers")
    find_customer(app)
    look("customer")
    app.page.get_by_role("link", name=app.say("customer", "loan.open")).first.click()
    expect(app.page.get_by_role("table").first).to_be_visible()
    look("record")
    app.to("sync")
    expect(app.page.get_by_text(app.say("sync", "sync.data_as_of"))).to_be_visible()
    look("sync")
    app.page.get_by_role("link", name=app.say("sync", "attention.choose")).first.click()
    expect(app.page.get_by_role("radio").first).to_be_attached()
    look("conflict")
    app.to("me")
    expect(app.heading(app.say("settings", "me.title"))).to_be_visible()
    look("settings")
    app.to("new")
    look("new")


def working(app: App, look: Look) -> None:
    find_customer(app)
    app.begin_edit()
    look("edit")
    find_customer(app)
    app.page.get_by_role("link", name=app.say("customer", "do.visit")).first.click()
    expect(app.page.get_by_role("button", name=app.say("visit", "visit.finish"))).to_be_visible()
    app.input(app.say("visit", "visit.outcome")).select_option("done")
    look("visit")
    find_customer(app)
    app.begin_taking("2000")
    look("repayment")
    app.take("¥2,000.00")
    look("receipt")


def behind_the_lock(app: App, look: Look) -> None:
    app.to("me")
    app.press(app.say("settings", "me.lock"))
    expect(app.page.get_by_label(app.say("unlock", "unlock.pin"))).to_be_visible()
    look("unlock")
