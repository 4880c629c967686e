"""In a real browser: what a PIN opens, what a wrong one costs, and what a dead battery leaves."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.field_app.tablets import (
    DEVICE,
    OTHER_PIN,
    PIN,
    WRONG_PIN,
    Profile,
    Tablet,
)

pytestmark = pytest.mark.browser
PLANTED = "陈国平"
HOUR = 3600


@pytest.fixture
def bare(page: Page, pages: str) -> Tablet:
    """A tablet with nothing on it."""
    made = Tablet(page, pages)
    made.start()
    return made


@pytest.fixture
def tablet(bare: Tablet) -> Tablet:
    """A tablet with one store."""
    bare.create()
    return bare


@pytest.fixture
def journal(bare: Tablet) -> Tablet:
    """A tablet with an empty journal, open."""
    assert "value" in bare.open_journal()
    return bare


@pytest.fixture
def profile(chromium: Browser, pages: str, tmp_path: Path) -> Profile:
    """A folder on which browsers may be started and killed."""
    return Profile(tmp_path / "profile", chromium, pages)


# --------------------------------------------------------------------------------- the right PIN


def test_the_pin_opens_what_was_sealed(bare: Tablet) -> None:
    sealed = """
        const made = await vault.create({
          username: "li.ming", name: "李明", device: "d", pin: it.pin, seal_key: it.key });
        const blob = await made.cipher.seal({name: it.planted}, "customer 1");
        const {cipher} = await vault.unlock(made.row.store, it.pin);
        return [[...blob], await cipher.open(blob, "customer 1")];
    """

    came = bare.vault(sealed, "dear", pin=PIN, key=bare.branch.seal_key, planted=PLANTED)

    blob, opened = came["value"]
    assert opened == {"name": PLANTED}
    assert PLANTED.encode() not in bytes(blob)


def test_a_store_outlives_the_page(tablet: Tablet) -> None:
    tablet.start()

    assert tablet.unlock(PIN)["value"]["name"] == "李明"


def test_the_list_shows_who_and_nothing_that_opens(tablet: Tablet) -> None:
    assert tablet.row() == {
        "store": tablet.store,
        "username": "li.ming",
        "name": "李明",
        "lang": "zh",
        "device": DEVICE,
        "envelope": tablet.row()["envelope"],
        "misses": 0,
        "notBefore": None,
        "destroyed": False,
    }


def test_two_officers_share_a_tablet(tablet: Tablet) -> None:
    first = tablet.store
    tablet.create(name="王芳")

    came = tablet.vault(
        """
        const mine = (await vault.unlock(it.first, it.pin)).cipher;
        const other = (await vault.unlock(it.store, it.pin)).cipher;
        await other.open(await mine.seal("x", "here"), "here");
        """,
        first=first,
        pin=PIN,
    )

    assert came["fault"] == "DamagedError"


def test_no_key_can_be_taken_out(tablet: Tablet) -> None:
    came = tablet.value(
        """
        const found = [];
        const rows = await new Promise((resolve, reject) => {
          const asked = indexedDB.open("xiangxin-device");
          asked.onerror = reject;
          asked.onsuccess = () => {
            const all = asked.result.transaction("stores").objectStore("stores").getAll();
            all.onsuccess = () => resolve(all.result);
          };
        });
        for (const {lock} of rows) {
          found.push(lock.deviceKey.extractable, lock.deviceKey.algorithm.name);
          await crypto.subtle.exportKey("raw", lock.deviceKey).catch((error) => found.push(error.name));
        }
        return found;
        """
    )

    assert came == [False, "HMAC", "InvalidAccessError"]


def test_the_pin_is_of_no_use_on_another_tablet(tablet: Tablet) -> None:
    tablet.value(
        """
        const key = await crypto.subtle.generateKey(
          {name: "HMAC", hash: "SHA-256", length: 256}, false, ["sign"]);
        await new Promise((resolve, reject) => {
          const asked = indexedDB.open("xiangxin-device");
          asked.onerror = reject;
          asked.onsuccess = () => {
            const rows = asked.result.transaction("stores", "readwrite").objectStore("stores");
            rows.get(it.store).onsuccess = ({target}) => {
              const row = target.result;
              row.lock.deviceKey = key;
              rows.put(row);
              rows.transaction.oncomplete = () => { asked.result.close(); resolve(); };
            };
          };
        });
        """
    )

    assert tablet.unlock(PIN)["fault"] == "WrongPinError"


# ------------------------------------------------------------------------------------ wrong PINs


def test_wrong_pins_back_off(tablet: Tablet) -> None:
    costs = []
    for _ in range(4):
        came = tablet.unlock(WRONG_PIN)
        costs.append((came["fault"], came["left"], came["waitSeconds"]))
    assert costs == [
        ("WrongPinError", left, wait) for left, wait in [(9, 0), (8, 0), (7, 0), (6, 30)]
    ]

    assert tablet.unlock(PIN) == {"name": "PinWaitError", "fault": "PinWaitError", "seconds": 30}
    tablet.wait(29)
    assert tablet.unlock(PIN)["seconds"] == 1
    tablet.wait(1)
    assert tablet.unlock(PIN)["value"]["misses"] == 0


def test_a_clock_put_back_makes_a_wait_no_shorter_and_not_endless(tablet: Tablet) -> None:
    for _ in range(4):
        tablet.unlock(WRONG_PIN)
    tablet.wait(-400 * 24 * HOUR)

    assert tablet.unlock(PIN)["seconds"] == 30
    tablet.wait(30)
    assert "value" in tablet.unlock(PIN)


def test_the_right_pin_forgets_the_wrong_ones(tablet: Tablet) -> None:
    for _ in range(9):
        tablet.unlock(WRONG_PIN)
        tablet.wait(HOUR)
    tablet.unlock(PIN)

    assert tablet.unlock(WRONG_PIN)["left"] == 9


def test_ten_wrong_pins_leave_only_what_the_branch_can_open(tablet: Tablet) -> None:
    for _ in range(9):
        assert tablet.unlock(WRONG_PIN)["fault"] == "WrongPinError"
        tablet.wait(HOUR)
    assert tablet.unlock(WRONG_PIN)["fault"] == "KeyDestroyedError"

    assert tablet.unlock(PIN)["fault"] == "KeyDestroyedError"
    assert tablet.row()["destroyed"]
    assert tablet.branch.open(tablet.row()["envelope"])["device"] == DEVICE


def test_a_miss_counts_though_the_page_is_closed_before_the_answer(tablet: Tablet) -> None:
    thief = Tablet(tablet.page.context.new_page(), tablet.address, store=tablet.store)
    thief.start()
    thief.guess(WRONG_PIN)
    tablet.wait_for_misses(1)

    thief.page.close()

    assert tablet.unlock(WRONG_PIN)["left"] == 8


def test_a_miss_counts_though_the_battery_dies_before_the_answer(profile: Profile) -> None:
    with profile.tablet() as tablet:
        tablet.create()
        tablet.guess(WRONG_PIN)
        tablet.wait_for_misses(1)
        profile.kill()

    with profile.tablet() as tablet:
        assert tablet.row()["misses"] == 1


def test_ten_guesses_cut_short_are_ten(tablet: Tablet) -> None:
    for guess in range(1, 11):
        tablet.guess(WRONG_PIN)
        tablet.wait_for_misses(guess)
        tablet.wait(HOUR)

    assert tablet.unlock(PIN)["fault"] == "KeyDestroyedError"
    assert tablet.row()["destroyed"]


def test_two_windows_pay_for_two_guesses(tablet: Tablet) -> None:
    tablet.vault(
        "await Promise.allSettled([1, 2, 3].map(() => vault.unlock(it.store, it.pin)));",
        pin=WRONG_PIN,
    )

    assert tablet.row()["misses"] == 3


def test_a_pin_that_could_not_be_tried_costs_nothing(tablet: Tablet) -> None:
    tablet.unlock(WRONG_PIN)

    assert tablet.unlock(PIN, way="failing")["fault"] == "RangeError"

    assert tablet.row()["misses"] == 1


@pytest.mark.parametrize("pin", ["", "12345", "12345x", "１２３４５６", " 123456"])
def test_what_is_no_pin_is_not_tried(tablet: Tablet, pin: str) -> None:
    assert tablet.unlock(pin)["fault"] == "BadPinError"
    assert tablet.row()["misses"] == 0


# ---------------------------------------------------------------------------- another PIN, or none

CHANGE = "await vault.changePin(it.store, it.old, it.pin)"
RESET = "return (await vault.reset(it.store, it.key, it.pin)).row.store"


def test_the_pin_can_be_changed(tablet: Tablet) -> None:
    blob = _sealed(tablet)

    assert tablet.vault(CHANGE, old=PIN, pin=OTHER_PIN) == {"value": None}

    assert tablet.unlock(PIN)["fault"] == "WrongPinError"
    assert _opened(tablet, blob, OTHER_PIN) == {"value": PLANTED}


def test_a_wrong_old_pin_costs_what_it_costs_at_the_lock(tablet: Tablet) -> None:
    assert tablet.vault(CHANGE, old=WRONG_PIN, pin=OTHER_PIN)["left"] == 9
    assert tablet.vault(CHANGE, old=PIN, pin="12345")["fault"] == "BadPinError"

    assert tablet.row()["misses"] == 1
    assert "value" in tablet.unlock(PIN)


def test_the_branch_brings_a_destroyed_store_back(tablet: Tablet) -> None:
    blob = _sealed(tablet)
    tablet.vault("await vault.destroy(it.store)")
    assert _opened(tablet, blob, PIN)["fault"] == "KeyDestroyedError"

    opened = tablet.branch.open(tablet.row()["envelope"])

    assert tablet.vault(RESET, key=opened["key"], pin=OTHER_PIN) == {"value": tablet.store}
    assert _opened(tablet, blob, OTHER_PIN) == {"value": PLANTED}


@pytest.mark.parametrize("key", [base64.b64encode(bytes(32)).decode(), "AAAA"])
def test_the_key_of_another_store_is_refused(tablet: Tablet, key: str) -> None:
    assert tablet.vault(RESET, key=key, pin=OTHER_PIN)["fault"] == "WrongKeyError"

    assert "value" in tablet.unlock(PIN)


def test_a_store_is_forgotten(tablet: Tablet) -> None:
    tablet.vault("await vault.remove(it.store)")

    assert tablet.vault("return await vault.list()") == {"value": []}
    assert tablet.unlock(PIN)["fault"] == "KeyDestroyedError"


def test_the_greeting_is_in_the_users_language(tablet: Tablet) -> None:
    tablet.vault("await vault.setLang(it.store, 'en')")

    assert tablet.row()["lang"] == "en"


def test_a_sealed_value_opens_only_in_its_place(tablet: Tablet) -> None:
    blob = _sealed(tablet)

    assert _opened(tablet, blob, PIN, place="customer 2")["fault"] == "DamagedError"


def _sealed(tablet: Tablet) -> Any:
    return tablet.vault(
        """
        const {cipher} = await vault.unlock(it.store, it.pin);
        return store.base64(await cipher.seal(it.planted, "customer 1"));
        """,
        pin=PIN,
        planted=PLANTED,
    )["value"]


def _opened(tablet: Tablet, blob: str, pin: str, place: str = "customer 1") -> Any:
    return tablet.vault(
        """
        const {cipher} = await vault.unlock(it.store, it.pin);
        return await cipher.open(store.fromBase64(it.blob), it.place);
        """,
        pin=pin,
        blob=blob,
        place=place,
    )


# ----------------------------------------------------------------------------- what is on the disk


def test_nothing_that_was_typed_is_on_the_disk(profile: Profile) -> None:
    pin, control = "271828182845904", "nothing is sealed here"
    with profile.tablet() as tablet:
        row = tablet.vault(
            """
            const made = await vault.create({
              username: "li.ming", name: "李明", device: "d", pin: it.pin, seal_key: it.key });
            const database = await new Promise((resolve) => {
              const asked = indexedDB.open("records");
              asked.onupgradeneeded = () => asked.result.createObjectStore("blobs");
              asked.onsuccess = () => resolve(asked.result);
            });
            const blobs = [];
            for (let at = 0; at < 50; at += 1) {
              blobs.push(await made.cipher.seal({name: it.planted, at}, `customer ${at}`));
            }
            const writing = database.transaction("blobs", "readwrite", {durability: "strict"});
            blobs.forEach((blob, at) => writing.objectStore("blobs").put(blob, at));
            writing.objectStore("blobs").put(it.control, "control");
            await new Promise((resolve) => { writing.oncomplete = resolve; });
            return made.row;
            """,
            "dear",
            pin=pin,
            key=profile.branch.seal_key,
            planted=PLANTED,
            control=control,
        )["value"]
        tablet.open_journal()
        tablet.append(*({"number": it, "note": PLANTED} for it in range(1, 20)))

    key = profile.branch.open(row["envelope"])["key"]
    secrets = [PLANTED.encode(), pin.encode(), key.encode(), base64.b64decode(key)]
    assert profile.holds(control.encode()), "the search finds nothing at all"
    assert profile.holds(*secrets) == []


# ------------------------------------------------------------------------------------ the journal


def test_the_branch_opens_what_the_journal_keeps(journal: Tablet) -> None:
    journal.append({"number": 1, "note": PLANTED}, {"number": 2, "try": 1}, {"number": 2, "try": 2})

    assert journal.lines() == [{"number": 1, "note": PLANTED}, {"number": 2, "try": 2}]
    assert PLANTED not in str(journal.value("return await journal.lines()"))


def test_a_set_outlives_a_battery_that_dies_right_after(profile: Profile) -> None:
    with profile.tablet() as tablet:
        tablet.open_journal()
        assert "value" in tablet.append({"number": 1}, {"number": 2, "note": PLANTED})
        profile.kill()

    with profile.tablet() as tablet:
        tablet.open_journal()
        assert tablet.lines() == [{"number": 1}, {"number": 2, "note": PLANTED}]


@pytest.mark.parametrize("drops", [1, 16])
def test_a_battery_that_dies_while_sets_are_dropped_loses_none_that_waits(
    profile: Profile, drops: int
) -> None:
    with profile.tablet() as tablet:
        tablet.open_journal()
        tablet.append(*({"number": it, "note": PLANTED * 300} for it in range(1, 31)))
        tablet.page.evaluate(
            "(all) => { for (const it of all) journal.drop([it]); }",
            [[DEVICE, it] for it in range(1, 1 + drops)],
        )
        profile.kill()

    with profile.tablet() as tablet:
        tablet.open_journal()
        found = [it["number"] for it in tablet.lines()]
        assert found == list(range(31 - len(found), 31))
        assert len(found) >= 30 - drops


def test_a_torn_line_takes_no_other_with_it(journal: Tablet) -> None:
    journal.append({"number": 1})
    journal.value(
        """
        await journal.close();
        const folder = await navigator.storage.getDirectory();
        const file = await folder.getFileHandle("journal-s1.0.jsonl");
        const writing = await file.createWritable({keepExistingData: true});
        await writing.write({
          type: "write", position: (await file.getFile()).size, data: '{"device": "x", "num' });
        await writing.close();
        """
    )
    journal.open_journal()

    assert journal.lines() == [{"number": 1}]
    journal.append({"number": 2})
    assert journal.lines() == [{"number": 1}, {"number": 2}]


def test_what_has_its_result_is_dropped(journal: Tablet) -> None:
    journal.append(*({"number": it} for it in (1, 2, 3, 4)))

    assert journal.drop(1, 3, 9) == {"value": None}
    journal.append({"number": 5})
    journal.page.reload()
    journal.open_journal()

    assert journal.lines() == [{"number": 2}, {"number": 4}, {"number": 5}]


def test_one_window_at_a_time_has_a_journal_open(journal: Tablet) -> None:
    other = Tablet(journal.page.context.new_page(), journal.address, journal.branch)
    other.start()

    assert other.open_journal()["fault"] == "InUseError"
    assert "value" in other.open_journal("s2")
    journal.value("await journal.close()")
    assert "value" in other.open_journal()


def test_a_full_disk_is_said_to_be_full_and_costs_nothing_that_waits(profile: Profile) -> None:
    with profile.tablet() as tablet:
        tablet.open_journal()
        tablet.append({"number": 1})
        devtools = tablet.page.context.new_cdp_session(tablet.page)
        quota = "Storage.overrideQuotaForOrigin"
        devtools.send(quota, {"origin": tablet.address, "quotaSize": 1})

        came = tablet.append({"number": 2, "note": PLANTED * 100_000})

        assert came["fault"] == "StorageFullError"
        assert tablet.lines() == [{"number": 1}]
        devtools.send(quota, {"origin": tablet.address})
        tablet.append({"number": 3})
        assert tablet.lines() == [{"number": 1}, {"number": 3}]


def test_the_journals_of_a_tablet_are_found_and_removed(journal: Tablet) -> None:
    other = Tablet(journal.page.context.new_page(), journal.address, journal.branch)
    other.start()
    other.open_journal("s2")
    names = "return await store.journalNames()"
    assert journal.value(names) == ["s1", "s2"]

    other.value("await journal.remove()")

    assert journal.value(names) == ["s1"]
    assert other.run("await journal.lines()")["fault"] == "UnavailableError"


def test_a_worker_that_does_not_start_is_no_journal(bare: Tablet) -> None:
    came = bare.run(
        """
        const missing = store.trustedScriptUrl("/assets/missing.js");
        await store.Journal.open("s1", () => new Worker(missing, {type: "module"}));
        """
    )

    assert came["fault"] == "UnavailableError"


def test_no_worker_starts_but_through_the_policy(bare: Tablet) -> None:
    assert bare.run("new Worker('/assets/other.js')")["fault"] == "TypeError"
    assert bare.run("store.trustedScriptUrl('https://elsewhere.example/')")["fault"] == "TypeError"


def test_the_browser_says_what_it_promises(bare: Tablet) -> None:
    assert bare.value("return await store.askPersistence()") in (True, False)
    room = bare.value("return await store.storageEstimate()")

    assert 0 <= room["usedBytes"] < room["quotaBytes"]
