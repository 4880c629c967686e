"""The app itself, with its screens, killed while its officer works: what the screen said was saved is there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from threading import Event, Timer
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.field_app.app import App
from tests.field_app.faults.agreement import LI, assert_converged
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.line import BadLine
from tests.field_app.faults.origin import Origin
from tests.field_app.offices import Clock
from tests.field_app.tablets import PIN
from tests.field_app.words import title
from tests.journeys.village import PASSWORD

pytestmark = pytest.mark.browser
Json = Any
LONGEST_LIFE_S = 6.0


@pytest.fixture
def app(chromium: Browser, line: BadLine, tmp_path: Path) -> Iterator[App]:
    """The app, on which Li Min has signed in."""
    found = App(tmp_path / "app", chromium, f"http://127.0.0.1:{line.port}", Clock(), "zh")
    found.open()
    found.sign_in(LI, PASSWORD, PIN)
    found.all_synced()
    found.close()
    yield found
    found.close()


def work_until_killed(app: App, random: Random, first: int) -> tuple[list[str], list[str]]:
    """Edit and leave forms half filled until the battery dies; return what was saved, and what kept last.

    The last value may be saved or not: the screen did not come to say so.
    """
    saved: list[str] = []
    typed: list[str] = []
    dying = Event()  # a page may miss its browser before the timer's thread has ended

    def kill() -> None:
        dying.set()
        app.profile.kill()

    axe = Timer(random.uniform(0.2, LONGEST_LIFE_S), kill)
    axe.start()
    try:
        for number in range(first, first + 1000):
            value = f"1{number:010}"
            typed.append(value)
            app.customer("陈国平")
            app.edit(phone=value)
            quick = app.page.get_by_role("navigation", name=app.say("customer", "do.label"))
            expect(quick).to_be_visible()  # the form has closed: that is how the screen says it
            saved.append(value)
    except (Error, AssertionError):
        if not dying.is_set():
            raise
    finally:
        axe.join()
        app.close()
    return saved, typed[len(saved) :]


def phones(sets: list[Json]) -> list[str]:
    return [one["set"]["phone"] for it in sets for one in it["changes"]]


def check(desk: Desk, place: Origin, saved: list[str], perhaps: list[str]) -> list[str]:
    """Check the store behind the screens; return the values that are in it."""
    sets = desk.sets()
    assert [it["number"] for it in sets] == list(range(1, len(sets) + 1))
    found = phones(sets)
    assert [it for it in found if it in saved] == saved, (
        "the screen said saved, and it is not there"
    )
    assert set(found) <= {*saved, *perhaps}
    ids = {it["number"]: it["id"] for it in sets}
    sealed = {it["number"]: it["sealed"] for it in desk.journal()}
    opened = {number: place.branch.open(sealed[number])["id"] for number in ids}
    assert opened == ids
    return found


KILLS = [
    pytest.param(3, id="3 kills"),
    pytest.param(20, id="20 kills", marks=pytest.mark.long),
]


@pytest.mark.parametrize("kills", KILLS)
def test_what_the_screen_said_was_saved_outlives_every_kill(
    app: App, place: Origin, line: BadLine, kills: int, tell: Callable[[str], None]
) -> None:
    random = Random(kills)
    sys.stdout.write(f"seed {kills}\n")  # shown where the test fails
    behind = Folder(app.folder, app.browser, app.address)
    saved: list[str] = []
    perhaps: list[str] = []
    for turn in range(kills):
        app.open()
        app.unlock(PIN)
        line.go_bad(kills * 1000 + turn)
        now_saved, now_perhaps = work_until_killed(app, random, turn * 1000)
        line.get_well()
        saved, perhaps = [*saved, *now_saved], [*perhaps, *now_perhaps]
        with behind.desk() as desk:
            assert "value" in desk.unlock(way="dear")
            saved = check(desk, place, saved, perhaps)

    app.open()
    app.unlock(PIN)
    app.sync()
    app.all_synced()
    app.customer("陈国平")
    app.begin_edit()
    kept = app.input(title("zh", "customer", "phone")).input_value()
    assert kept == saved[-1] or kept in perhaps, (
        "neither what was saved last nor what was typed since"
    )
    app.close()
    with behind.desk() as desk:
        assert "value" in desk.unlock(way="dear")
        assert check(desk, place, saved, []) == saved
        desk.synced()
        assert {shown for _, shown in desk.states()} == {"accepted"}
        for number, one in enumerate(desk.sets(), 1):
            rows = place.rows("SELECT set_number FROM log WHERE set_id = :it", it=one["id"])
            assert [it.set_number for it in rows] == [number]
        assert_converged(desk, place)
    assert place.command("verify").returncode == 0
    tell(f"{kills} kills of the app: {len(saved)} sets, lost 0, doubled 0")
