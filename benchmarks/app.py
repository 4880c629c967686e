"""The tablet app with 5,000 customers on a slow processor: how long one waits, and how much room it takes.

The store is filled by the app's own first download from the real server. From then on the processor is slowed
down to a quarter of this machine's, about what a cheap tablet has.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, expect

from benchmarks._caseload import OFFICER, PASSWORD, Caseload, named
from benchmarks.sync import machine, quiet
from server.migrate import migrate
from tests.field_app.another_day import APP as APP_FOLDER
from tests.field_app.app import TABLET, App
from tests.field_app.builds import build_app
from tests.field_app.offices import Clock
from tests.field_app.tablets import PIN
from tests.field_app.words import title
from tests.places import running_chromium, sqlite_url
from tests.server.branch import make_engine
from tests.server.serving import Served

Json = Any
CUSTOMERS = 5_000
SLOWER = 4
TIMES = 5
SEARCHES = {"name": "王桂英", "initials": "wgy", "last digits": "4217", "village": "柳树湾"}
MIB = 1 << 20

UNTIL_SHOWN = """
  ([press, ...wanted]) => new Promise((resolve) => {
    const began = performance.now();
    const painted = () => resolve(performance.now() - began);
    const look = () => {
      const shown = wanted.every((it) => document.querySelector(it) !== null);
      requestAnimationFrame(shown ? () => setTimeout(painted, 0) : look);
    };
    document.querySelector(press).click();
    look();
  })
"""
"""Press the first of some places; how many ms later all the others are on the screen."""

WATCH_TYPING = """
  () => {
    window.waited = [];
    document.querySelector("input[type=search]").addEventListener("input", ({ timeStamp }) => {
      // What was typed is drawn before the next frame, and is on the screen after it.
      const painted = () => window.waited.push(performance.now() - timeStamp);
      requestAnimationFrame(() => setTimeout(painted, 0));
    });
  }
"""
"""From now on note how many ms after each keystroke the list is on the screen."""


@dataclass(frozen=True)
class Line:
    """One line of the table: times in ms, and what they may be."""

    what: str
    ms: list[float]
    most: int

    def print(self) -> None:
        shown = f"{median(self.ms):.0f}/{self.most}"
        print(f"{self.what:<38}{shown:<12}{max(self.ms):.0f}")


def main() -> None:
    """Print the table."""
    print(machine())
    with place() as (served, records), running_chromium() as browser:
        folder = served.data / "tablet"
        app = App(folder, browser, f"http://127.0.0.1:{served.port}", Clock(), "zh", TABLET)
        print(f"\n{CUSTOMERS} customers, {records} records, a processor {SLOWER} times as slow")
        print(f"{'':<38}{'median ms':<12}worst")
        seconds = first_download(app) / 1000
        for line in lines(app):
            line.print()
        print(f"first download {seconds:.0f} s, {sizes(app)}")
        app.close()


@contextmanager
def place() -> Iterator[tuple[Served, int]]:
    """Serve the caseload, with a build of the app as it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = make_engine(sqlite_url(folder))
        with quiet():
            migrate(engine)
            engine.dispose()
            records = Caseload(CUSTOMERS, date.today()).load(sqlite_url(folder))
            built = build_app(folder / "app")
        module, settings = "tests.field_app.another_day", {APP_FOLDER: str(built)}
        served = Served(sqlite_url(folder), folder, 2, settings, module=module)
        served.start()
        try:
            yield served, records
        finally:
            served.kill()


def lines(app: App) -> Iterator[Line]:
    """Measure, and yield line by line."""
    yield Line("PIN to Today", [start(app) for _ in range(TIMES)], 1_500)
    app.to("customers")
    app.page.wait_for_timeout(2_000)
    app.page.evaluate(WATCH_TYPING)
    for what, words in SEARCHES.items():
        waited = [it for _ in range(TIMES) for it in search(app, words)]
        yield Line(f"a letter of a search by {what}", waited, 100)
    yield Line("saving an edit", [save(app, it) for it in range(TIMES)], 500)


def slow_down(app: App) -> CDPSession:
    """Slow the processor down for the app that is open."""
    session = app.page.context.new_cdp_session(app.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def first_download(app: App) -> float:
    """Sign in, and wait until everything is there and on the screen."""
    app.open()
    slow_down(app)
    app.fill(app.say("signin", "signin.username"), OFFICER)
    app.fill(app.say("signin", "signin.password"), PASSWORD)
    app.fill(app.say("signin", "signin.device"), "T1")
    app.press(app.say("signin", "signin.next"))
    app.fill(app.say("signin", "pin.first", n=6), PIN)
    app.fill(app.say("signin", "pin.again"), PIN)
    return float(app.page.evaluate(UNTIL_SHOWN, ["form button[type=submit]", "main .list li"]))


def start(app: App) -> float:
    """Start the app, give the PIN, and wait until the day's list is on the screen."""
    app.close()
    app.open()
    app.page.get_by_label(app.say("unlock", "unlock.pin")).fill(PIN)
    app.page.wait_for_timeout(1_500)  # the rest of the app comes while the officer types
    slow_down(app)
    wanted = ["form button[type=submit]", "nav a[aria-current]", "main .list li"]
    return float(app.page.evaluate(UNTIL_SHOWN, wanted))


def search(app: App, words: str) -> list[float]:
    """Type letter by letter; how long after each the result is on the screen."""
    app.page.evaluate("window.waited = []")
    box = app.page.get_by_role("searchbox")
    box.focus()
    for count, letter in enumerate(words, 1):
        app.page.keyboard.insert_text(letter)
        while app.page.evaluate("waited.length") < count:
            app.page.wait_for_timeout(20)
        app.page.wait_for_timeout(150)  # nobody types faster
    waited = app.page.evaluate("waited.slice()")
    box.fill("")
    app.page.wait_for_timeout(500)
    return [float(it) for it in waited]


def save(app: App, turn: int) -> float:
    """Open the form of a customer, type, finish; how long until the customer is on the screen again."""
    customer = named("customer", turn)
    app.page.evaluate(f"location.hash = '#/edit/customer/{customer}?customer={customer}'")
    expect(app.finish_button).to_be_visible()
    app.fill(title(app.lang, "customer", "phone"), f"139{turn:08}")
    app.page.wait_for_timeout(1_000)
    return float(app.page.evaluate(UNTIL_SHOWN, [".acts .btn.main:enabled", "nav.quick"]))


def sizes(app: App) -> str:
    """Say what the app takes of the memory and of the disk."""
    session = app.page.context.new_cdp_session(app.page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    used = app.page.evaluate("navigator.storage.estimate().then((it) => it.usageDetails.indexedDB)")
    return f"memory {heap / MIB:.0f} MiB, database {used / MIB:.0f} MiB"
