"""The tablet app as an officer uses it: found by what is written on the screen, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Geolocation,
    Locator,
    Page,
    expect,
)

from tests.field_app.offices import Clock
from tests.field_app.tablets import Profile
from tests.field_app.words import say, title
from tests.places import CHROMIUM_ARGUMENTS, chromium_path

PHONE, TABLET = (390, 844), (1024, 768)
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
TIME_ZONE = "Asia/Shanghai"
STATES = ("draft", "ready", "sent", "accepted", "needs_attention")
RIVER_BANK: Geolocation = {"latitude": 30.123456, "longitude": 110.654321, "accuracy": 12}
PATIENCE_MS = 30_000
"""As long as anything may take on a machine that does much else."""

SHIFTED = """(ms => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + ms); }
    static now() { return Real.now() + ms; }
  };
})"""


UNTIL = """async (arg) => {
  const holds = %s;
  for (let left = 600; left > 0; left -= 1) {
    if (await holds(arg)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}"""


@dataclass
class App:
    """One tablet: a folder on the disk, which outlives the browser that runs on it."""

    folder: Path
    browser: Browser
    address: str
    clock: Clock
    lang: str = "en"
    size: tuple[int, int] = PHONE
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    context: BrowserContext | None = None
    shown: Page | None = None
    offline: bool = False

    @property
    def page(self) -> Page:
        """The window that the officer looks at."""
        assert self.shown is not None, "the app is not open"
        return self.shown

    def say(self, place: str, key: str, **facts: str | int) -> str:
        """Return a sentence as this tablet says it; *place* is a screen, or the components."""
        folder = place if place.startswith("components") else f"screens/{place}"
        return say(self.lang, folder, key, **facts)

    # ------------------------------------------------------------------------------ the browser

    def open(self, path: str = "/field/") -> None:
        """Start the browser and the app in it."""
        assert self.context is None, "the app is open"
        self.context = self.browser.browser_type.launch_persistent_context(
            self.folder, executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS,
            locale=LOCALES[self.lang], timezone_id=TIME_ZONE, accept_downloads=True,
            viewport={"width": self.size[0], "height": self.size[1]},
            geolocation=RIVER_BANK, permissions=["geolocation"],
            reduced_motion="reduce",
        )  # fmt: skip
        if self.clock.stopped is None:
            ms = round(self.clock.shift.total_seconds() * 1000)
            self.context.add_init_script(f"{SHIFTED}({ms})")
        else:
            self.context.clock.set_fixed_time(self.clock.stopped)
        self.context.on("page", self._listen)
        self.context.on("request", lambda it: self.asked.append(it.url))
        [self.shown] = self.context.pages
        self._listen(self.shown)
        self.context.set_offline(self.offline)
        self.shown.goto(self.address + path)

    def _listen(self, page: Page) -> None:
        page.on("console", lambda it: self.faults.append(it.text) if it.type == "error" else None)
        page.on("pageerror", lambda it: self.faults.append(str(it)))

    def kill(self) -> None:
        """Kill the browser and all that belongs to it, as a dead battery does."""
        self.profile.kill()
        self.close()

    def close(self) -> None:
        """Close the app with its browser, if it is open."""
        context, self.context, self.shown = self.context, None, None
        if context is not None:
            with suppress(Error):  # it was killed
                context.close()

    @property
    def profile(self) -> Profile:
        """The folder, as the browser leaves it."""
        return Profile(self.folder, self.browser, self.address)

    def network(self, there: bool) -> None:
        """Let the tablet come into a network, or leave it."""
        self.offline = not there
        if self.context is not None:
            self.context.set_offline(self.offline)

    def until(self, condition: str, arg: object = None) -> None:
        """Wait until a condition of the page holds, which may be async: Playwright's own takes any promise for yes."""
        assert self.page.evaluate(UNTIL % condition, arg), f"never: {condition}"

    def unexpected(self) -> list[str]:
        """Return what the browser complained of, a server out of reach aside."""
        usual = re.compile(r"net::ERR_|status of (401|403|409|503)")
        return [it for it in self.faults if not usual.search(it)]

    # ------------------------------------------------------------------------------ whose it is

    def sign_in(self, username: str, password: str, pin: str, tablet: str = "T1") -> None:
        """Sign in for the first time, choose a PIN, and wait for the customers."""
        self.fill(self.say("signin", "signin.username"), username)
        self.fill(self.say("signin", "signin.password"), password)
        self.fill(self.say("signin", "signin.device"), tablet)
        self.press(self.say("signin", "signin.next"))
        self.fill(self.say("signin", "pin.first", n=6), pin)
        self.fill(self.say("signin", "pin.again"), pin)
        self.press(self.say("signin", "pin.set"))
        expect(self.heading(self.say("today", "today.title"))).to_be_visible()

    def unlock(self, pin: str) -> None:
        """Open the tablet with its PIN."""
        self.try_pin(pin)
        strip = self.page.get_by_role("banner").get_by_role("status")
        expect(strip).to_be_attached()

    def try_pin(self, pin: str) -> None:
        """Enter a PIN at the lock."""
        self.page.get_by_label(self.say("unlock", "unlock.pin")).fill(pin)
        self.press(self.say("unlock", "unlock.open"))

    def recover(self, password: str, code: str, pin: str) -> None:
        """At the lock: a forgotten PIN, with a code from the supervisor."""
        self.press(self.say("unlock", "unlock.forgot"))
        self.fill(self.say("signin", "signin.password"), password)
        self.fill(self.say("signin", "forgot.code"), code)
        self.fill(self.say("signin", "pin.first", n=6), pin)
        self.fill(self.say("signin", "pin.again"), pin)
        self.press(self.say("signin", "forgot.set"))
        strip = self.page.get_by_role("banner").get_by_role("status")
        expect(strip).to_be_attached()

    # -------------------------------------------------------------------------------- where to

    def to(self, place: str) -> None:
        """Go to one of the five places; a form that is open is left as a draft."""
        while not self.menu.is_visible():
            self.page.get_by_role("banner").get_by_role("link").first.click()
        word = re.escape(self.say("components", f"nav.{place}"))
        link = self.menu.get_by_role("link", name=re.compile(rf"^{word}(\s|$)"))
        link.click()
        expect(link).to_have_attribute("aria-current", "page")

    @property
    def menu(self) -> Locator:
        return self.page.get_by_role("navigation", name=self.say("components", "nav.label"))

    def today(self) -> list[str]:
        """Go to Today; return the duties, a line each."""
        self.to("today")
        expect(self.heading(self.say("today", "today.title"))).to_be_visible()
        rows = self.page.get_by_role("main").get_by_role("listitem")
        expect(rows.first).to_be_visible()
        return [" ".join(it.split()) for it in rows.all_inner_texts()]

    def customer(self, name: str) -> None:
        """Open a customer from the list of all."""
        self.to("customers")
        self.page.get_by_role("main").get_by_role("link", name=name).click()
        expect(self.heading(name)).to_be_visible()

    def heading(self, words: str | re.Pattern[str]) -> Locator:
        """Return the title that says *words*."""
        exact = isinstance(words, str)
        return self.page.get_by_role("heading", name=words, exact=exact).first

    # ------------------------------------------------------------------------------------ forms

    def input(self, label: str) -> Locator:
        """Return the input of a label, needed or not."""
        needed = self.say("components/form", "form.needed")
        name = re.compile(rf"^{re.escape(label)}\s*({re.escape(needed)})?$")
        return self.page.get_by_label(name)

    def fill(self, label: str, value: str) -> None:
        """Write into the input of a label."""
        expect(self.input(label)).to_be_visible()
        self.input(label).fill(value)

    def press(self, words: str) -> None:
        """Press the button that says *words*."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def choose(self, group: str, words: str) -> None:
        """Choose one of a few."""
        self.page.get_by_role("group", name=group).get_by_text(words, exact=True).click()

    def answer(self, question: str, answer: str) -> None:
        """Answer a question of a checklist: choose one of a few, or write."""
        choices = self.page.get_by_role("group", name=question)
        if choices.count():
            choices.get_by_text(answer, exact=True).click()
        else:
            self.fill(question, answer)

    def begin_edit(self) -> None:
        """From a customer: open the form of what is known of them."""
        about = self.page.get_by_role("region", name=self.say("customer", "about.title"))
        about.get_by_role("link", name=self.say("customer", "about.edit"), exact=True).click()
        expect(self.finish_button).to_be_visible()

    @property
    def finish_button(self) -> Locator:
        words = [self.say("edit", it) for it in ("edit.finish", "edit.unchanged")]
        return self.page.get_by_role("button", name=re.compile("|".join(map(re.escape, words))))

    def edit(self, **values: str) -> None:
        """From a customer: change fields of theirs, and finish."""
        self.begin_edit()
        for name, value in values.items():
            self.fill(title(self.lang, "customer", name), value)
        self.finish()

    def finish(self) -> None:
        """Finish the form that is open."""
        self.press(self.say("edit", "edit.finish"))
        expect(self.finish_button).to_be_hidden()

    def visit(
        self, met: str, summary: str, narrative: str, answers: Mapping[str, str] = {}
    ) -> None:
        """From a customer: visit them, somebody is at home, and finish; *answers* by their question."""
        quick = self.page.get_by_role("navigation", name=self.say("customer", "do.label"))
        quick.get_by_role("link", name=self.say("customer", "do.visit")).click()
        place = self.page.get_by_role("group", name=self.say("visit", "visit.place"))
        place.get_by_role("button").click()
        expect(place.get_by_role("status")).to_contain_text("12")
        outcome = self.input(self.say("visit", "visit.outcome"))
        outcome.select_option("done")
        self.choose(self.say("visit", "visit.met"), met)
        for question, answer in answers.items():
            self.answer(question, answer)
        self.fill(self.say("visit", "visit.narrative"), narrative)
        self.fill(self.say("visit", "visit.summary"), summary)
        self.press(self.say("visit", "visit.finish"))
        expect(self.heading(self.say("visit", "finished.title"))).to_be_visible()

    def begin_taking(self, amount: str) -> dict[str, str]:
        """From a customer: enter an amount received; return where the money will go."""
        quick = self.page.get_by_role("navigation", name=self.say("customer", "do.label"))
        quick.get_by_role("link", name=self.say("customer", "do.collect")).click()
        self.fill(self.say("repayment", "repayment.amount"), amount)
        split = self.page.get_by_role("region", name=self.say("repayment", "repayment.split"))
        expect(split.get_by_role("term").first).to_be_visible()
        return self.lines(split)

    def take(self, shown: str) -> dict[str, str]:
        """Take the payment whose button says the amount *shown*; return the split on the receipt."""
        self.press(self.say("repayment", "repayment.take", amount=shown))
        expect(self.heading(self.say("receipt", "receipt.title"))).to_be_visible()
        return self.lines(self.page.get_by_role("article"))

    def lines(self, inside: Locator) -> dict[str, str]:
        """Return terms with what is said of each."""
        terms = inside.get_by_role("term").all_inner_texts()
        return dict(zip(terms, inside.get_by_role("definition").all_inner_texts(), strict=True))

    # ------------------------------------------------------------------------------------- sync

    def sync(self) -> None:
        """Go to Sync and try now."""
        self.to("sync")
        self.press(self.say("sync", "sync.try"))

    def all_synced(self) -> None:
        """Wait until the strip says that everything is synced."""
        self.strip_says("strip.all_synced")

    def strip_says(self, key: str, **facts: int) -> None:
        """Wait until the strip says so."""
        words = self.say("components", key, **facts)
        status = self.page.get_by_role("banner").get_by_role("status")
        expect(status).to_have_text(words)

    def work(self, count: int) -> list[tuple[str, str]]:
        """Go to Sync; return the *count* pieces of work that are listed there, each with its state."""
        self.to("sync")
        main = self.page.get_by_role("main")
        expect(main.get_by_role("listitem", include_hidden=True)).to_have_count(count)
        folded = main.locator("details:not([open]) > summary")
        for _ in range(folded.count()):
            folded.first.click()
        words = {self.say("components", f"state.{it}"): it for it in STATES}
        rows = [it.split("\n") for it in main.get_by_role("listitem").all_inner_texts()]
        lines = [[it for it in row if it] for row in rows]
        return [(title, words[state]) for title, state, *_ in lines]

    def states(self, *expected: str) -> None:
        """Go to Sync; wait until the work that is listed there has these states, top to bottom."""
        self.to("sync")
        words = [self.say("components", f"state.{it}") for it in STATES]
        rows = self.page.get_by_role("main").get_by_role("listitem", include_hidden=True)
        chips = rows.get_by_text(re.compile(f"^({'|'.join(words)})$"))
        expect(chips).to_have_text([self.say("components", f"state.{it}") for it in expected])
