"""Every screen in both languages, on a phone and on a tablet: for everybody, and within its edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.field_app.app import PHONE, TABLET, App
from tests.field_app.looks import Look
from tests.field_app.offices import Clock, Office, made_demonstration, office
from tests.field_app.words import title

pytestmark = pytest.mark.browser
AT = datetime.fromisoformat("2026-06-16T10:44:00+08:00")
PASSWORD, PIN, WRONG_PIN = "xiangxin-demo", "271828", "602214"
CUSTOMER = "陈国平"
KINDS = [
    pytest.param("zh", PHONE, id="zh-phone"),
    pytest.param("en", TABLET, id="en-tablet"),
    pytest.param("en", PHONE, id="en-phone", marks=pytest.mark.long),
    pytest.param("zh", TABLET, id="zh-tablet", marks=pytest.mark.long),
]
"""Each language and each size in every run; for pictures `-m "long or not long"` takes all four."""


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the demonstration branch."""
    return made_demonstration(tmp_path_factory.mktemp("demonstration") / "data", AT)


@pytest.fixture
def demonstration(demonstration_folder: Path, app_build: Path, tmp_path: Path) -> Iterator[Office]:
    """The demonstration branch at a quarter to eleven, when much is under way."""
    clock = Clock(stopped=AT)
    with office(demonstration_folder, tmp_path / "server", app_build, clock) as found:
        yield found


@pytest.fixture
def look(
    demonstration: Office, chromium: Browser, tmp_path: Path, lang: str, size: tuple[int, int]
) -> Iterator[Look]:
    """A look at a tablet of the demonstration, at its sign-in; nothing may be wrong in the end."""
    branch = demonstration
    app = App(tmp_path / "tablet", chromium, branch.address, branch.clock, lang, size)
    found = Look(app, tmp_path)
    app.open()
    yield found
    app.close()
    assert "\n".join(found.found) == ""
    assert app.unexpected() == []


@pytest.mark.parametrize(("lang", "size"), KINDS)
def test_every_screen_is_for_everybody_and_keeps_within_its_edges(look: Look) -> None:
    sign_in(look.app, lambda: look("signin", kept=True))
    read(look)
    work(look)
    look.app.to("me")
    look.app.press(look.app.say("settings", "me.lock"))
    expect(look.app.page.get_by_label(look.app.say("unlock", "unlock.pin"))).to_be_visible()
    look("unlock", kept=True)


@pytest.mark.parametrize(("lang", "size"), KINDS)
def test_what_is_not_everyday_is_for_everybody_as_well(look: Look) -> None:
    app = look.app
    app.press(app.say("signin", "signin.next"))
    look("signin-missing")
    sign_in(app, lambda: None)
    search(look)
    without_network(look)
    mistakes(look)
    in_the_dark(look)
    asked_for(look)
    locked(look)


def sign_in(app: App, look: Callable[[], None]) -> None:
    expect(app.input(app.say("signin", "signin.username"))).to_be_visible()
    look()
    app.sign_in("li.min", PASSWORD, PIN)
    app.page.wait_for_function("document.querySelectorAll('main li').length > 5")


def find_customer(app: App) -> None:
    app.to("customers")
    app.page.get_by_role("main").get_by_role("searchbox").first.fill(CUSTOMER)
    app.page.get_by_role("main").get_by_role("link", name=re.compile(CUSTOMER)).first.click()
    quick = app.page.get_by_role("navigation", name=app.say("customer", "do.label"))
    expect(quick).to_be_visible()


def begin_visit(app: App) -> None:
    find_customer(app)
    app.page.get_by_role("link", name=app.say("customer", "do.visit")).first.click()
    expect(app.page.get_by_role("button", name=app.say("visit", "visit.finish"))).to_be_visible()


# ---------------------------------------------------------------------------------------- everyday


def read(look: Look) -> None:
    app = look.app
    app.today()
    look("today", kept=True)
    app.to("customers")
    look("customers", kept=True)
    find_customer(app)
    look("customer", kept=True)
    app.page.get_by_role("link", name=app.say("customer", "loan.open")).first.click()
    expect(app.page.get_by_role("table").first).to_be_visible()
    look("record", kept=True)
    app.to("sync")
    expect(app.page.get_by_text(app.say("sync", "sync.data_as_of"))).to_be_visible()
    look("sync", kept=True)
    choices = app.page.get_by_role("link", name=app.say("sync", "attention.choose"))
    choices.first.click()
    expect(app.page.get_by_role("radio").first).to_be_attached()
    look("conflict", kept=True)
    every_conflict(look)
    app.to("me")
    expect(app.heading(app.say("settings", "me.title"))).to_be_visible()
    look("settings", kept=True)
    app.to("new")
    look("new", kept=True)


def every_conflict(look: Look) -> None:
    """All that needs the officer: chosen, returned, somebody else's."""
    app = look.app
    app.to("sync")
    links = app.page.get_by_role("region", name=app.say("sync", "attention")).get_by_role("link")
    expect(links.first).to_be_visible()
    for at in range(links.count()):
        app.to("sync")
        links.nth(at).click()
        expect(app.page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        look(f"attention-{at}")
    # The last is a note that was returned: its answers are given under their questions.
    app.page.get_by_role("link", name=app.say("record", "record.edit")).click()
    expect(app.finish_button).to_be_visible()
    look("note-edit")
    app.to("today")


def work(look: Look) -> None:
    app = look.app
    find_customer(app)
    app.begin_edit()
    look("edit", kept=True)
    begin_visit(app)
    app.input(app.say("visit", "visit.outcome")).select_option("done")
    saved = app.page.get_by_text(app.say("components/form", "saved.at", time="10:44"))
    expect(saved).to_be_visible()
    look("visit", kept=True)
    find_customer(app)
    app.begin_taking("2000")
    expect(saved).to_be_attached()
    look("repayment", kept=True)
    app.take("¥2,000.00")
    look("receipt", kept=True)


# ------------------------------------------------------------------------------------- not everyday


def search(look: Look) -> None:
    app = look.app
    app.to("customers")
    app.page.get_by_role("main").get_by_role("searchbox").first.fill("无此人")
    nobody = app.say("customers", "customers.nobody", text="无此人")
    expect(app.page.get_by_text(nobody)).to_be_visible()
    look("customers-nobody")


def without_network(look: Look) -> None:
    """Waiting work, a finished visit, and what the strip says of them."""
    app = look.app
    app.network(there=False)
    find_customer(app)
    app.edit(phone="10000000021")
    begin_visit(app)
    app.input(app.say("visit", "visit.outcome")).select_option("absent")
    app.fill(app.say("visit", "visit.reason"), "无人在家")
    app.press(app.say("visit", "visit.finish"))
    expect(app.heading(app.say("visit", "finished.title"))).to_be_visible()
    look("visit-finished")
    app.to("sync")
    expect(app.page.get_by_role("region", name=app.say("sync", "ready"))).to_be_visible()
    look("sync-waiting")


def mistakes(look: Look) -> None:
    """Forms that were finished too soon, and drafts that are thrown away."""
    app = look.app
    find_customer(app)
    app.begin_edit()
    app.fill(title(app.lang, "customer", "phone"), "1")
    app.press(app.say("edit", "edit.finish"))
    expect(app.page.get_by_role("alert")).to_be_visible()
    look("edit-faults")
    app.press(app.say("edit", "edit.drop"))
    look("edit-drop")
    app.press(app.say("edit", "edit.drop.yes"))
    begin_visit(app)
    app.input(app.say("visit", "visit.outcome")).select_option("done")
    app.press(app.say("visit", "visit.finish"))
    expect(app.page.get_by_role("alert")).to_be_visible()
    look("visit-faults")
    find_customer(app)
    app.begin_taking("2000")
    app.fill(app.say("repayment", "repayment.amount"), "")
    app.press(app.say("repayment", "repayment.take.off"))
    expect(app.page.get_by_role("alert")).to_be_visible()
    look("repayment-faults")
    app.to("new")
    app.page.get_by_role("main").get_by_role("link").first.click()
    expect(app.finish_button).to_be_visible()
    app.press(app.say("edit", "edit.finish"))
    expect(app.page.get_by_role("alert")).to_be_visible()
    look("new-customer-faults")


def in_the_dark(look: Look) -> None:
    app = look.app
    app.to("me")
    app.choose(app.say("settings", "look.theme"), app.say("settings", "look.dark"))
    look("settings-dark")
    app.today()
    look("today-dark")
    find_customer(app)
    look("customer-dark")
    app.to("sync")
    expect(app.page.get_by_role("region", name=app.say("sync", "ready"))).to_be_visible()
    look("sync-dark")
    app.page.get_by_role("link", name=app.say("sync", "attention.choose")).first.click()
    expect(app.page.get_by_role("radio").first).to_be_attached()
    look("conflict-dark")
    app.to("me")
    app.choose(app.say("settings", "look.theme"), app.say("settings", "look.light"))


def asked_for(look: Look) -> None:
    """What a tablet asks for now and then: the password again, a code, a new PIN, whether to leave."""
    app = look.app
    app.page.get_by_role("button", name=app.say("settings", "pin.change")).click()
    app.press(app.say("settings", "leave.title"))
    look("settings-asking")
    app.page.evaluate("location.hash = '#/sign_in'")
    expect(app.heading(app.say("signin", "signin.title"))).to_be_visible()
    look("signin-again")
    app.page.evaluate("location.hash = '#/take_back'")
    expect(app.heading(app.say("notice", "orphan.title"))).to_be_visible()
    look("take-back")


def locked(look: Look) -> None:
    app = look.app
    app.to("me")
    app.press(app.say("settings", "me.lock"))
    app.try_pin(WRONG_PIN)
    expect(app.page.get_by_text(app.say("unlock", "unlock.missed", n=9))).to_be_visible()
    look("unlock-missed")
    app.press(app.say("unlock", "unlock.forgot"))
    app.press(app.say("signin", "forgot.set"))
    look("forgot")
    app.press(app.say("signin", "forgot.back"))
    first = app.page
    assert app.context is not None
    app.shown = app.context.new_page()
    app.shown.goto(f"{app.address}/field/")
    expect(app.page.get_by_text(app.say("unlock", "elsewhere.title"))).to_be_visible()
    look("elsewhere")
    app.shown = first
