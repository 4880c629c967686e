"""A tablet without its screens: an officer's store, open in a browser, on the network of a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Error, Page

from tests.field_app.tablets import PIN, Profile
from tests.journeys.village import PASSWORD
from tests.places import CHROMIUM_ARGUMENTS, chromium_path

Json = Any
PATIENCE_S = 60


@dataclass
class Desk:
    """A page with everything of the app below its screens, and an officer at work in it."""

    page: Page
    address: str
    told: list[dict[str, Json]] = field(default_factory=list)

    def start(self) -> None:
        """Open the page, or open it anew."""
        self.page.goto(f"{self.address}/field/desk.html")

    def run(self, script: str, **facts: Json) -> Json:
        """Run the body of a function; `it` holds *facts*, `officer` and its parts are at hand.

        Return `{"value": …}` or `{"fault": name, …}`.
        """
        body = (
            "(it) => app.outcome(async () => { const { officer } = app; "
            f"const {{ desk, book, journal }} = officer ?? {{}}; {script} }})"
        )
        return self.page.evaluate(body, facts)

    def value(self, script: str, **facts: Json) -> Json:
        """Run what must come to a value."""
        came = self.run(script, **facts)
        assert "value" in came, came
        return came["value"]

    def until(self, script: str) -> None:
        """Wait until a script comes to true; what goes on beside it is in the middle of it then."""
        ends = monotonic() + PATIENCE_S
        while not self.value(script):
            assert monotonic() < ends, script
            self.page.wait_for_timeout(5)

    # ------------------------------------------------------------------------------ the officer

    def sign_in(self, username: str, way: str = "cheap", password: str = PASSWORD) -> str:
        """Sign in for the first time, and return the name of the store."""
        who = {"username": username, "password": password, "pin": PIN, "way": way}
        return str(self.value("return (await app.signIn(it)).row.store", **who))

    def unlock(self, store: str | None = None, way: str = "cheap") -> Json:
        """Open a store with its PIN; a value or a fault."""
        script = "await app.unlock(it, it.store ?? undefined)"
        return self.run(script, pin=PIN, way=way, store=store)

    def sign_in_again(self, password: str = PASSWORD) -> None:
        """Give the password again on the open store."""
        self.value(
            "await app.signInAgain({ transport: officer.transport, newId: app.newId }, desk, it.is)",
            **{"is": password},
        )

    def close(self) -> None:
        """Lock: let go of everything."""
        self.value("await officer.close()")

    def sync(self, page: int = 500) -> Json:
        """Sync in pages of so many records; the report or a fault."""
        return self.run("return app.sync(officer, { page: it.page })", page=page)

    def synced(self, page: int = 500) -> Json:
        """Make a sync that must succeed."""
        came = self.sync(page)
        assert "value" in came, came
        return came["value"]

    def sets(self) -> list[Json]:
        """Every set of this device, from the disk."""
        return list(self.value("return app.sets(officer)"))

    def states(self) -> list[tuple[Json, Json]]:
        """What the server said of each set, and what the tablet shows of it."""
        return [(it["status"], it["shown"]) for it in self.sets()]

    def copy(self) -> dict[str, Json]:
        """The server copy: version and fields of every live record, by id."""
        found = self.value("return app.copy(officer)")
        return {it: (one["version"], one["fields"]) for it, one in found.items() if not one["gone"]}

    def meta(self) -> Json:
        """How far the store has come."""
        return self.value("return { ...desk.store.meta, lastNumber: desk.store.lastNumber }")

    def status(self) -> Json:
        """How it stands, as the strip says it."""
        return self.value("return app.status(book, desk.now(), false)")

    def incidents(self) -> list[str]:
        """What went wrong between two copies."""
        return [
            it["kind"] for it in self.value("await book.settled(); return desk.store.incidents")
        ]

    def view(self, record: str, customer: str | None, kind: str = "customer") -> Json:
        """A record's fields as its user sees them; None: nothing is shown."""
        script = (
            "const key = it.customer ?? `:${it.kind}`;"
            "return (await app.recordOf(desk.store, desk.registry, key, it.record))?.fields ?? null"
        )
        return self.value(script, record=record, customer=customer, kind=kind)

    def edit(self, customer: str, **fields: Json) -> Json:
        """Edit a customer, and return the set."""
        return self.value(
            """
            const saved = await app.perform(desk, "edit", async (action) => {
              const opened = await app.openRecord(desk, "customer", it.customer, it.customer);
              await action.update(opened, it.fields);
            });
            await book.settled();
            return saved && app.told(officer, saved);
            """,
            customer=customer,
            fields=fields,
        )

    def create(self, kind: str, customer: str | None, **fields: Json) -> str:
        """Make a record, and return its id."""
        script = """
            let made = null;
            await app.perform(desk, "create", (action) => {
              made = action.create(it.kind, it.customer, it.fields);
            });
            return made;
        """
        return str(self.value(script, kind=kind, customer=customer, fields=fields))

    def take(self, customer: str, loan: str, amount_fen: int) -> str:
        """Take a repayment, and return the number of its receipt."""
        script = """
            const records = await app.recordsOf(desk.store, desk.registry, it.customer);
            const loan = records.find((one) => one.id === it.loan);
            const value_date = desk.today();
            const taking = { amount_fen: it.amount, value_date, channel: "cash", more: {}, draft: null };
            return (await app.take(desk, loan, taking)).receipt_no;
        """
        return str(self.value(script, customer=customer, loan=loan, amount=amount_fen))

    def journal(self) -> list[Json]:
        """The sealed lines of the journal that is open."""
        return list(self.value("return journal.lines()"))

    # ------------------------------------------------------------------------------------- toil

    def toil(self, seed: int) -> None:
        """Begin to work without an end; `told` says what was done."""
        self.page.expose_function("tell", lambda it: self.told.append(it))
        self.page.evaluate("(seed) => { void app.toil(app.officer, seed, tell); }", seed)


@dataclass
class Folder(Profile):
    """A browser's folder on the disk, in which desks are opened one after the other."""

    @contextmanager
    def desk(self, *arguments: str) -> Iterator[Desk]:
        """Start a browser of its own on the folder; it may be killed."""
        context = self.browser.browser_type.launch_persistent_context(
            self.folder,
            executable_path=chromium_path(),
            args=[*CHROMIUM_ARGUMENTS, *arguments],
            locale="zh-CN",
            service_workers="block",
        )
        try:
            [page] = context.pages
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send(
                "Network.setBypassServiceWorker", {"bypass": True}
            )  # it answers for every page
            made = Desk(page, self.address)
            made.start()
            yield made
        finally:
            with suppress(Error):  # it was killed
                context.close()


def new_folder(profile: Profile, path: Path) -> Folder:
    """Another folder for a browser, beside the first."""
    return Folder(path, profile.browser, profile.address)
