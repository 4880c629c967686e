"""A tablet without room says so, keeps what was typed on the screen, stores nothing by halves, and goes on."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.field_app.app import App
from tests.field_app.faults.agreement import LI, assert_converged, task
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.line import BadLine
from tests.field_app.faults.origin import Origin
from tests.field_app.offices import Clock
from tests.field_app.tablets import PIN
from tests.field_app.words import title
from tests.journeys.village import CHEN, HUANG, LOAN, PASSWORD

pytestmark = pytest.mark.browser
Json = Any
DISK_MIB = 160
PIECE = bytes(1 << 20)
QUOTA_BYTES = 2 << 20
LONG = "老槐树旁的砖房。" * 400
"""More than what is left of a page that a file holds already: a full disk lets that be filled."""


@dataclass
class Disk:
    """A small disk that can be filled to the last byte."""

    folder: Path

    @property
    def ballast(self) -> Path:
        """What fills it."""
        return self.folder / "ballast"

    def fill(self) -> None:
        """Leave no room."""
        with self.ballast.open("ab", buffering=0) as out:
            for size in (1 << 20, 4096, 1):
                try:
                    while out.write(PIECE[:size]) == size:
                        pass
                except OSError:
                    pass
        assert shutil.disk_usage(self.folder).free < 4096

    def make_room(self) -> None:
        """Give the room back."""
        self.ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of its own, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size={DISK_MIB}m,mode=700"
    try:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        said = mounted.stderr.strip() if mounted.returncode else ""
    except OSError as error:
        said = str(error)
    if said:
        pytest.skip(f"a small disk cannot be mounted here: {said}")
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small(chromium: Browser, line: BadLine, disk: Disk) -> Iterator[Desk]:
    """Li Min's tablet on a small disk, signed in and synced."""
    folder = Folder(disk.folder / "profile", chromium, f"http://127.0.0.1:{line.port}")
    with folder.desk("--disk-cache-size=1") as desk:
        desk.sign_in(LI)
        desk.synced()
        yield desk


EDIT = """
  const saved = await app.perform(desk, "edit", async (action) => {
    const opened = await app.openRecord(desk, "customer", it.customer, it.customer);
    await action.update(opened, it.fields);
  });
  return saved.number;
"""
OPEN_FORM = """
  const place = { screen: "edit", type: "customer", customer: it.customer, record: it.customer };
  window.form = await app.Form.open(desk, place, () => undefined);
"""
LONG = "长" * 3000


def test_nothing_is_stored_by_halves_and_everything_goes_on_once_there_is_room(
    small: Desk, disk: Disk, place: Origin
) -> None:
    small.edit(CHEN, phone="10000000501")
    small.value(OPEN_FORM, customer=CHEN)
    disk.fill()

    for _ in range(3):
        refused = small.run(
            EDIT, customer=CHEN, fields={"phone": "10000000502", "preferences": LONG}
        )
        assert refused["fault"] == "StorageFullError"
    kept = small.value(
        "form.set('phone_alt', '10000000503'); await form.settled();"
        "return [form.kept.state, form.kept.error.name, form.value('phone_alt')]"
    )
    assert kept == ["failed", "StorageFullError", "10000000503"], (
        "not saved, and still on the screen"
    )
    assert small.run("await form.save('edit')")["fault"] == "StorageFullError"
    assert small.value("return [desk.store.lastNumber, desk.store.sets.length]") == [1, 1]
    assert small.sync()["fault"] in ("StorageFullError", "OfflineError")

    disk.make_room()
    assert small.value("return form.keepAgain()") is True
    assert [it["number"] for it in small.sets()] == [1]
    small.value("await form.save('edit')")
    small.edit(CHEN, preferences=LONG)
    receipt = small.take(CHEN, LOAN, 100)
    small.synced()

    assert [it["number"] for it in small.sets()] == [1, 2, 3, 4]
    assert receipt.endswith("-001"), "what was not stored used no number up"
    assert {shown for _, shown in small.states()} == {"accepted"}
    lines = {it["number"]: it for it in small.journal()}
    assert [place.branch.open(lines[it["number"]]["sealed"])["id"] for it in small.sets()] == [
        it["id"] for it in small.sets()
    ], "of two sealed copies with one number, the last is the one that was stored"
    assert_converged(small, place)


def test_a_tablet_without_room_is_not_called_damaged_and_opens_once_there_is(
    small: Desk, disk: Disk, place: Origin
) -> None:
    small.edit(CHEN, phone="10000000511")
    small.close()
    disk.fill()

    for _ in range(2):
        assert small.unlock()["fault"] == "StorageFullError"
        small.start()

    disk.make_room()
    assert "value" in small.unlock()
    assert [it["number"] for it in small.sets()] == [1]
    small.synced()
    assert_converged(small, place)


def test_a_download_that_fills_the_disk_goes_on_once_there_is_room(
    small: Desk, disk: Disk, place: Origin
) -> None:
    other = place.colleague(LI)
    for turn in range(40):
        other.create("task", CHEN, task(f"{turn} {'长' * 100}"))
    other.sync()
    other.store.close()
    disk.fill()
    assert "fault" in small.run(EDIT, customer=CHEN, fields={"preferences": LONG})
    assert "fault" in small.sync(page=5)

    disk.make_room()
    small.synced(page=5)

    assert small.incidents() == []
    assert_converged(small, place)


def test_a_quota_that_is_used_up_is_said_so(bare: Desk, place: Origin) -> None:
    session = limited_quota(bare, QUOTA_BYTES)  # before the browser has asked how much there is
    bare.sign_in(LI)
    bare.synced()
    bare.value(OPEN_FORM, customer=HUANG)

    saved, refused = 0, None
    while refused is None and saved < 400:
        came = bare.run(EDIT, customer=CHEN, fields={"preferences": f"{LONG}{saved}"})
        refused = came.get("fault")
        saved += refused is None
    assert refused == "StorageFullError"
    kept = bare.value(
        f"form.set('preferences', '{LONG}'); await form.settled();"
        "return [form.kept.state, form.value('preferences').length]"
    )
    assert kept == ["failed", len(LONG)]
    assert [it["number"] for it in bare.sets()] == list(range(1, saved + 1))

    session.detach()
    assert bare.value("return form.keepAgain()") is True
    bare.value("await form.save('edit')")
    bare.synced()
    assert [it["number"] for it in bare.sets()] == list(range(1, saved + 2))
    assert {shown for _, shown in bare.states()} == {"accepted"}
    assert_converged(bare, place)


def limited_quota(desk: Desk, size: int) -> CDPSession:
    """Let the page have so many bytes of the disk until the session is detached."""
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": desk.address, "quotaSize": size})
    return session


# --------------------------------------------------------------------------- as an officer sees it


@pytest.fixture
def app(chromium: Browser, line: BadLine, disk: Disk) -> Iterator[App]:
    """The app on a small disk; Li Min has signed in."""
    found = App(disk.folder / "app", chromium, f"http://127.0.0.1:{line.port}", Clock(), "zh")
    found.open()
    found.sign_in(LI, PASSWORD, PIN)
    found.all_synced()
    yield found
    found.close()


def test_the_screen_says_not_saved_and_keeps_what_was_typed(
    app: App, disk: Disk, place: Origin
) -> None:
    phone = title("zh", "customer", "phone")
    app.customer("陈国平")
    app.begin_edit()
    app.fill(phone, "10000000541")
    expect(app.page.get_by_text(re.compile("已存本机"))).to_be_visible()
    disk.fill()

    app.fill(title("zh", "customer", "address_note"), LONG)
    app.fill(phone, "10000000542")
    said = app.page.get_by_role("alert").filter(has_text="未保存：平板存储空间已满")
    expect(said).to_be_visible()
    app.press(app.say("edit", "edit.finish"))
    expect(said).to_be_visible()
    expect(app.input(phone)).to_have_value("10000000542")

    disk.make_room()
    expect(said).to_be_hidden()  # by itself: nobody touched the form
    expect(app.input(phone)).to_have_value("10000000542")
    app.press(app.say("edit", "edit.finish"))
    expect(app.finish_button).to_be_hidden()
    app.sync()
    app.all_synced()
    rows = place.rows("SELECT fields FROM record WHERE id = :chen", chen=CHEN)
    assert '"10000000542"' in rows[0].fields
    assert app.unexpected() == []


def test_the_lock_and_the_first_page_say_that_there_is_no_room(app: App, disk: Disk) -> None:
    app.close()
    app.open()
    expect(app.page.get_by_label(app.say("unlock", "unlock.pin"))).to_be_visible()
    disk.fill()
    assert app.page.evaluate(WRITE_A_LOT) != ""

    app.try_pin(PIN)
    expect(app.page.get_by_text(app.say("unlock", "unlock.full"))).to_be_visible()
    app.page.reload()
    expect(app.heading(app.say("notice", "full.title"))).to_be_visible()

    disk.make_room()
    app.page.reload()
    app.unlock(PIN)
    app.all_synced()


WRITE_A_LOT = """
  () => new Promise((resolve) => {
    const asked = indexedDB.open("ballast", 1);
    asked.onerror = () => resolve(asked.error.name);
    asked.onupgradeneeded = () => asked.result.createObjectStore("all");
    asked.onsuccess = () => {
      const writing = asked.result.transaction("all", "readwrite", { durability: "strict" });
      writing.objectStore("all").put(crypto.getRandomValues(new Uint8Array(60_000)), 1);
      writing.oncomplete = () => resolve("");
      writing.onabort = () => resolve(String(writing.error));
    };
  })
"""
"""Write more than the last page of the disk may still have: the browser finds out that there is no room."""
