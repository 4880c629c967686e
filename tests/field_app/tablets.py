"""A tablet that lies on the table: its browser, its disk, and the branch that can open what it seals."""

from __future__ import annotations

import base64
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from nacl.public import PrivateKey, SealedBox
from playwright.sync_api import Browser, Error, Page

from tests.places import CHROMIUM_ARGUMENTS, chromium_path

Json = Any
PIN, OTHER_PIN, WRONG_PIN = "271828", "314159", "000000"
DYING_S = 20
DEVICE = "01980000-0000-7000-8000-00000000000d"


@dataclass
class Branch:
    """Who can open what a tablet sealed."""

    key: PrivateKey = field(default_factory=PrivateKey.generate)

    @property
    def seal_key(self) -> str:
        """The public key, as a tablet is given it."""
        return base64.b64encode(bytes(self.key.public_key)).decode()

    def open(self, sealed: str) -> Json:
        """Open a sealed box."""
        return json.loads(SealedBox(self.key).decrypt(base64.b64decode(sealed)))


@dataclass
class Tablet:
    """A page with the vault and the journal in it."""

    page: Page
    address: str
    branch: Branch = field(default_factory=Branch)
    store: str = ""

    def start(self) -> None:
        """Open the page, or open it anew."""
        self.page.goto(f"{self.address}/store.html")
        self.page.wait_for_function("'store' in window")

    def run(self, script: str, **facts: Json) -> Json:
        """Run the body of a function; `it` holds *facts*, `store` the modules. Return what it came to.

        That is `{"value": …}` or `{"fault": name, …}`.
        """
        body = f"(it) => store.outcome(async () => {{ {script} }})"
        return self.page.evaluate(body, {"store": self.store, **facts})

    def value(self, script: str, **facts: Json) -> Json:
        """Run what must come to a value."""
        came = self.run(script, **facts)
        assert "value" in came, came
        return came["value"]

    # ------------------------------------------------------------------------------- the vault

    def vault(self, script: str, way: str = "cheap", **facts: Json) -> Json:
        """Run a script that has a `vault`; *way* is how it stretches PINs."""
        opened = "const vault = await store.openVault(it.way); try {"
        return self.run(
            f"{opened} {script} }} finally {{ await vault.close(); }}", way=way, **facts
        )

    def create(self, way: str = "cheap", name: str = "李明") -> Json:
        """Make a store; return its row."""
        who = {"username": "li.ming", "name": name, "lang": "zh", "device": DEVICE, "pin": PIN}
        came = self.vault(
            "return (await vault.create({...it.who, seal_key: it.key})).row",
            way,
            who=who,
            key=self.branch.seal_key,
        )
        self.store = came["value"]["store"]
        return came["value"]

    def unlock(self, pin: str, way: str = "cheap") -> Json:
        """Try a PIN; return the row or the fault."""
        return self.vault("return (await vault.unlock(it.store, it.pin)).row", way, pin=pin)

    def guess(self, pin: str) -> None:
        """Begin to try a PIN, and never come to the end of it."""
        self.page.evaluate(
            "(it) => { store.openVault('never').then((vault) => vault.unlock(it.store, it.pin)); }",
            {"store": self.store, "pin": pin},
        )

    def wait_for_misses(self, misses: int) -> None:
        """Wait until so many wrong PINs are on the disk."""
        while self.row()["misses"] < misses:
            self.page.wait_for_timeout(5)

    def row(self) -> Json:
        """What the vault shows of the store."""
        (found,) = self.vault("return await vault.list()")["value"]
        return found

    def wait(self, seconds: float) -> None:
        """Let the tablet's clock go on, or back."""
        self.page.evaluate("(ms) => { store.clock.now += ms; }", seconds * 1000)

    # ----------------------------------------------------------------------------- the journal

    def open_journal(self, store: str = "s1") -> Json:
        """Open the journal of a store and keep it open."""
        return self.run(
            "window.journal = await store.Journal.open(it.name, store.newJournalWorker);",
            name=store,
        )

    def append(self, *contents: Json) -> Json:
        """Append sets, one after the other; the answer is there when they are on the disk."""
        return self.run(
            "for (const content of it.contents) await journal.append(it.device, content, it.key);",
            contents=contents,
            device=DEVICE,
            key=self.branch.seal_key,
        )

    def lines(self) -> Json:
        """The lines of the journal, opened by the branch."""
        return [self.branch.open(it["sealed"]) for it in self.value("return await journal.lines()")]

    def drop(self, *numbers: int) -> Json:
        """Drop the sets that have these numbers."""
        return self.run("await journal.drop(it.gone)", gone=[[DEVICE, it] for it in numbers])


@dataclass
class Profile:
    """A browser's folder on the disk, which outlives the browser."""

    folder: Path
    browser: Browser
    address: str
    branch: Branch = field(default_factory=Branch)

    @contextmanager
    def tablet(self) -> Iterator[Tablet]:
        """Start a browser of its own on the folder; it may be killed."""
        context = self.browser.browser_type.launch_persistent_context(
            self.folder, executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        try:
            made = Tablet(context.pages[0], self.address, self.branch)
            made.start()
            yield made
        finally:
            with suppress(Error):  # it was killed
                context.close()

    def kill(self) -> None:
        """Kill the browser and all that belongs to it, as a dead battery does; nothing of it is left then."""
        found = self._processes()
        browser = [it for it, words in found if not any(it.startswith(b"--type=") for it in words)]
        assert browser, "no browser runs on this folder"
        group = os.getpgid(browser[0])
        assert group != os.getpgrp()
        os.killpg(group, signal.SIGKILL)
        # Whoever writes the databases is a process of its own, and takes a moment to die.
        ends = monotonic() + DYING_S
        while left := self._processes():
            assert monotonic() < ends, left
            sleep(0.005)

    def _processes(self) -> list[tuple[int, list[bytes]]]:
        """The processes of the browser on this folder, with the words that each was started with."""
        argument = f"--user-data-dir={self.folder}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").split()
            except OSError:
                continue
            if argument in words:
                found.append((int(process.name), words))
        return found

    def holds(self, *planted: bytes) -> list[str]:
        """Say which files hold any of *planted*, as it is or in two bytes a letter."""
        wanted = [*planted]
        for it in planted:
            with suppress(UnicodeDecodeError):
                wanted.append(it.decode().encode("utf-16-le"))
        files = [it for it in self.folder.rglob("*") if it.is_file() and not it.is_symlink()]
        return [str(it) for it in files if any(one in it.read_bytes() for one in wanted)]
