"""The tablet app with 5,000 customers on a slow processor: how long one waits, and how much it takes.

The store is filled by the app's own first download from the real server. The processor is slowed down to a
quarter of this machine's, about what a cheap tablet has.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from benchmarks._caseload import OFFICER, PASSWORD, Caseload, named
from benchmarks.sync import machine, quiet
from server.migrate import migrate
from tests.field_app.another_day import APP as APP_FOLDER
from tests.field_app.app import App
from tests.field_app.builds import build_app
from tests.field_app.offices import Clock
from tests.field_app.tablets import PIN
from tests.places import running_chromium, sqlite_url
from tests.server.branch import make_engine
from tests.server.serving import Served, serving

Json = Any
CUSTOMERS = 5_000
SLOWER = 4
TIMES = 5
PATIENCE_MS = 600_000
SEARCHES = {"name": "王桂英", "initials": "wgy", "last digits": "4217", "village": "柳树湾"}
MIB = 1 << 20

UNTIL_SHOWN = """
  (wanted) => new Promise((resolve) => {
    const shown = () => wanted.every((it) => document.querySelector(it) !== null);
    const look = () => (shown() ? requestAnimationFrame(painted) : requestAnimationFrame(look));
    const painted = () => setTimeout(() => resolve(performance.now() - window.begun), 0);
    window.begun = performance.now();
    document.querySelector(wanted.shift()).click();
    look();
  })
"""
"""Press the first of some places; how many ms later all the others are on the screen."""

WATCH_TYPING = """
  () => {
    window.waited = [];
    const list = document.querySelector("main");
    document.querySelector("input[type=search]").addEventListener("input", (event) => {
      const began = event.timeStamp;
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => {
          setTimeout(() => window.waited.push(performance.now() - began), 0);
        });
      });
      watch.observe(list, { childList: true, subtree: true, characterData: true });
    });
  }
"""
"""From now on note how long after each keystroke the list has changed on the screen."""


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    ms: list[float]
    target_ms: int | None = None

    def print(self) -> None:
        target = "" if self.target_ms is None else f" of {self.target_ms}"
        worst = f"{max(self.ms):.0f}" if len(self.ms) > 1 else ""
        print(f"{self.what:<40}{f'{median(self.ms):.0f}{target}':<16}{worst}".rstrip())


def main() -> None:
    """Print the table."""
    print(machine())
    with place() as (served, records), running_chromium() as browser:
        folder = Path(served.data) / "tablet"
        app = App(folder, browser, f"http://127.0.0.1:{served.port}", Clock(), "zh")
        print(
            f"{CUSTOMERS} customers, {records} records; the processor slowed down {SLOWER} times\n"
        )
        print(f"{'':<40}{'ms':<16}worst")
        for line in lines(app):
            line.print()
        sizes(app)
        app.close()


@contextmanager
def place() -> Iterator[tuple[Served, int]]:
    """Serve the caseload, with a build of the app as it is."""
    with tempfile.TemporaryDirectory() as folder, quiet():
        url = sqlite_url(Path(folder))
        engine = make_engine(url)
        migrate(engine)
        engine.dispose()
        records = Caseload(CUSTOMERS, date.today()).load(url)
        built = build_app(Path(folder) / "app")
        with serving(
            url, Path(folder), 2, **{APP_FOLDER: str(built)}, module="tests.field_app.another_day"
        ) as served:
            yield served, records


def lines(app: App) -> Iterator[Line]:
    """Measure, and yield line by line."""
    yield Line("first download", [first_download(app)])
    starts = [start(app) for _ in range(TIMES)]
    yield Line("PIN to Today", starts, 1_500)
    app.to("customers")
    app.page.evaluate(WATCH_TYPING)
    for what, words in SEARCHES.items():
        yield Line(f"a letter of a search by {what}", search(app, words), 100)
    yield Line("saving an edit", [save(app, it) for it in range(TIMES)], 500)


def slowed(app: App) -> CDPSession:
    """Slow the processor down for the app that is open."""
    session = app.page.context.new_cdp_session(app.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def first_download(app: App) -> float:
    """Sign in, and wait until everything is there and on the screen."""
    app.open()
    slowed(app)
    app.page.set_default_timeout(PATIENCE_MS)
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
    pin = app.page.get_by_label(app.say("unlock", "unlock.pin"))
    pin.fill(PIN)
    app.page.wait_for_timeout(1_000)  # the rest of the app has come, while the officer types
    slowed(app)
    wanted = ["form button[type=submit]", "nav a[aria-current]", "main .list li"]
    return float(app.page.evaluate(UNTIL_SHOWN, wanted))


def search(app: App, words: str) -> list[float]:
    """Type letter by letter; how long after each the result is on the screen."""
    app.page.evaluate("window.waited = []")
    box = app.page.get_by_role("searchbox")
    box.focus()
    for count, letter in enumerate(words, 1):
        app.page.keyboard.insert_text(letter)
        until(app, count)
    waited = app.page.evaluate("waited.slice()")
    box.fill("")
    app.page.wait_for_timeout(500)
    return [float(it) for it in waited]


def until(app: App, count: int) -> None:
    """Wait until so many letters have had their result."""
    while app.page.evaluate("waited.length") < count:
        app.page.wait_for_timeout(20)


def save(app: App, turn: int) -> float:
    """Open the form of a customer, type, finish; how long until the customer is back."""
    app.page.goto(f"{app.address}/field/#/edit/customer/{named('customer', turn)}"
                  f"?customer={named('customer', turn)}")  # fmt: skip
    expect(app.finish_button).to_be_visible()
    app.fill("电话", f"139{turn:08}")
    app.page.wait_for_timeout(500)
    return 0.0


def sizes(app: App) -> None:
    """Print what the app takes of the memory and of the disk."""
    session = app.page.context.new_cdp_session(app.page)
    session.send("HeapProfiler.collectGarbage")
    heap = app.page.evaluate("performance.memory.usedJSHeapSize")
    used = app.page.evaluate("navigator.storage.estimate().then((it) => it.usageDetails)")
    print(f"\nmemory {heap / MIB:.0f} MiB, database {used['indexedDB'] / MIB:.1f} MiB")


def page_of(app: App) -> Page:
    return app.page


if __name__ == "__main__":
    main()
    sys.exit(0)
