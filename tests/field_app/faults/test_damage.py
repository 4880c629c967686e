"""A database that cannot be opened, is damaged or gone: whatever was not sent is in the journal beside it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from field_client.client import FieldClient
from tests.field_app.faults.agreement import LI, assert_converged
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.origin import Origin
from tests.field_app.faults.rescue import opened_lines, taken_back
from tests.journeys.village import CHEN, HUANG, LOAN, ZHOU

pytestmark = pytest.mark.browser
Json = Any

FAILING = """
  const real = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (name, ...more) {
    if (name.startsWith("xiangxin-") && name !== "xiangxin-device") {
      throw new DOMException("Internal error opening backing store.", "UnknownError");
    }
    return real.call(this, name, ...more);
  };
"""
"""A browser in which no store can be opened any more; who has one here is still known."""

SPOILT = """
  const spoilt = await new Promise((resolve, reject) => {
    const asked = indexedDB.open(`xiangxin-${it.store}`);
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const database = asked.result;
      const rows = database.transaction(it.table, "readwrite").objectStore(it.table);
      rows.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const { value } = cursor;
        const blob = value.body ?? value;
        blob[blob.length >> 1] ^= 1;
        if (!it.key || cursor.key === it.key) cursor.update(value);
        cursor.continue();
      };
      rows.transaction.oncomplete = () => {
        database.close();
        resolve(true);
      };
    };
  });
  return spoilt;
"""
"""Turn over one bit in each blob of a table, or in the one that has a key."""


def work(desk: Desk) -> list[str]:
    """Do work of several kinds, some of it sent; return the ids of the sets that were not."""
    desk.edit(CHEN, phone="10000000301")
    desk.synced()
    sent = {it["id"] for it in desk.sets()}
    desk.edit(CHEN, phone="10000000302")
    desk.take(CHEN, LOAN, 4_200)
    desk.edit(HUANG, preferences="晚上在家。")
    return [it["id"] for it in desk.sets() if it["id"] not in sent]


def assert_taken_back(desk: Desk, place: Origin, unsent: list[str]) -> None:
    """Check that work taken back is at the branch, each set once."""
    assert set(unsent) <= {it["id"] for it in desk.sets()}
    assert {shown for _, shown in desk.states()} == {"accepted"}
    for it in unsent:
        told = place.rows(
            "SELECT DISTINCT set_device, set_number FROM log WHERE set_id = :it", it=it
        )
        assert len(told) == 1
    assert desk.view(CHEN, CHEN)["phone"] == "10000000302"
    assert desk.view(HUANG, HUANG)["preferences"] == "晚上在家。"
    assert_converged(desk, place)
    assert place.command("verify").returncode == 0


def test_a_browser_that_opens_no_database_leaves_every_unsent_set_in_the_journal(
    folder: Folder, place: Origin
) -> None:
    with folder.desk() as desk:
        store = desk.sign_in(LI)
        desk.synced()
        device = desk.meta()["device"]
        unsent = work(desk)

    with folder.desk() as desk:
        desk.value(FAILING)
        assert desk.unlock()["fault"] == "DamagedError"
        assert store in desk.value("return app.journalNames()")
        lines = opened_lines(desk, place, store)
        assert set(unsent) <= set(lines)
        assert "10000000302" in str(lines[unsent[0]])

    with folder.desk() as desk:
        taken_back(desk, place, store, device)
        assert_taken_back(desk, place, unsent)
        assert desk.value("return app.journalNames()") != [store], (
            "what came back is not offered twice"
        )


@pytest.mark.parametrize("table", ["meta", "sets", "cards", "drafts"])
def test_one_bit_turned_over_is_noticed_and_the_journal_has_what_was_not_sent(
    desk: Desk, place: Origin, table: str
) -> None:
    store = str(desk.value("return officer.row.store"))
    device = desk.meta()["device"]
    desk.value(
        """
        const place = { screen: "edit", type: "customer", customer: it.chen, record: it.chen };
        const form = await app.Form.open(desk, place, () => undefined);
        form.set("phone_alt", "10000000303");
        await form.settled();
        """,
        chen=CHEN,
    )
    unsent = work(desk)
    desk.close()
    assert desk.value(SPOILT, store=store, table=table)

    assert desk.unlock()["fault"] == "DamagedError"
    assert set(unsent) <= set(opened_lines(desk, place, store))
    taken_back(desk, place, store, device)
    assert_taken_back(desk, place, unsent)


def test_a_damaged_record_is_fetched_anew_and_unsent_work_on_it_goes_out(
    desk: Desk, place: Origin
) -> None:
    store = str(desk.value("return officer.row.store"))
    unsent = work(desk)
    desk.close()
    desk.value(SPOILT, store=store, table="bundles", key=CHEN)
    assert "value" in desk.unlock()
    damaged = "return app.recordsOf(desk.store, desk.registry, it.customer)"
    assert desk.run(damaged, customer=CHEN)["fault"] == "DamagedError"

    desk.synced()

    assert desk.incidents() == ["damaged-copy"]
    assert set(unsent) <= {it["id"] for it in desk.sets()}
    assert {shown for _, shown in desk.states()} == {"accepted"}
    assert desk.copy() == place.scope(LI)


def test_a_damaged_record_that_a_sync_meets_first_stops_nothing(
    desk: Desk, place: Origin, other: FieldClient
) -> None:
    store = str(desk.value("return officer.row.store"))
    desk.edit(HUANG, phone="10000000304")
    other.edit(ZHOU, {"phone": "10000000305"})
    other.sync()
    desk.close()
    desk.value(SPOILT, store=store, table="bundles", key=ZHOU)
    assert "value" in desk.unlock()

    desk.synced()

    assert desk.incidents() == ["damaged-copy"]
    assert desk.states() == [("applied", "accepted")]
    assert desk.view(ZHOU, ZHOU)["phone"] == "10000000305"
    assert desk.copy() == place.scope(LI)


def test_a_database_that_was_evicted_is_no_empty_tablet(desk: Desk, place: Origin) -> None:
    store, device = str(desk.value("return officer.row.store")), desk.meta()["device"]
    unsent = work(desk)
    desk.close()
    desk.value(
        """
        await new Promise((resolve, reject) => {
          const asked = indexedDB.deleteDatabase(`xiangxin-${it.store}`);
          asked.onsuccess = resolve;
          asked.onerror = reject;
        });
        """,
        store=store,
    )

    assert desk.unlock()["fault"] == "DamagedError"
    assert set(unsent) <= set(opened_lines(desk, place, store))
    taken_back(desk, place, store, device)
    assert_taken_back(desk, place, unsent)


def test_a_destroyed_key_leaves_the_journal(desk: Desk, place: Origin) -> None:
    store, device = str(desk.value("return officer.row.store")), desk.meta()["device"]
    unsent = work(desk)
    desk.close()
    for _ in range(10):
        desk.run("app.clock.aheadMs += 86400000; await app.unlock({ pin: '000000', way: 'cheap' })")
    assert desk.unlock()["fault"] == "KeyDestroyedError"

    assert set(unsent) <= set(opened_lines(desk, place, store))
    desk.page.evaluate("app.clock.aheadMs = 0")
    taken_back(desk, place, store, device)
    assert_taken_back(desk, place, unsent)


def flipped(folder: Path, random: Random, bits: int) -> int:
    """Turn bits over in the files of the browser's databases; return how many files were hit."""
    files = sorted(it for it in folder.rglob("IndexedDB/*leveldb/*") if it.stat().st_size)
    hit = set()
    for _ in range(bits):
        file = random.choice(files)
        content = bytearray(file.read_bytes())
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        file.write_bytes(content)
        hit.add(file)
    return len(hit)


FLIPS = [*range(3), *(pytest.param(it, marks=pytest.mark.long) for it in range(3, 40))]


@pytest.mark.parametrize("seed", FLIPS)
def test_bits_turned_over_on_the_disk_lose_nothing_that_was_saved(
    folder: Folder, place: Origin, seed: int
) -> None:
    with folder.desk() as desk:
        store = desk.sign_in(LI)
        desk.synced()
        device = desk.meta()["device"]
        unsent = work(desk)
    flipped(folder.folder, Random(seed), bits=1 + 8 * (seed % 3))

    with folder.desk() as desk:
        came = desk.unlock(store)
        if "value" in came:  # not hit, or mended by the browser: then everything is there
            assert set(unsent) <= {it["id"] for it in desk.sets()}
            desk.synced()
            assert {shown for _, shown in desk.states()} == {"accepted"}
            return
        assert came["fault"] in ("DamagedError", "KeyDestroyedError"), came
        assert set(unsent) <= set(opened_lines(desk, place, store))
    with folder.desk() as desk:  # a browser throws a damaged database away when it is started anew
        anew = desk.run("return (await app.openVault('cheap')).list()")
    if "value" in anew:
        with folder.desk() as desk:
            taken_back(desk, place, store, device)
            assert_taken_back(desk, place, unsent)
    else:
        assert saved_as_a_file(folder, place) >= set(unsent)


def saved_as_a_file(folder: Folder, place: Origin) -> set[str]:
    """Open the app in a browser whose databases are lost; return the sets that it lets one save."""
    with folder.desk() as desk:
        desk.page.goto(f"{folder.address}/field/")
        save = desk.page.get_by_role("button", name="将密封副本存为文件")
        with desk.page.expect_download() as download:
            save.click()
        file = json.loads(download.value.path().read_text())
    return {place.branch.open(it["sealed"])["id"] for it in file["sets"]}
