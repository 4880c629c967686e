"""A server restored from a backup, a tablet copied or restored from an old image: what was done comes back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.field_app.faults.agreement import LI, assert_converged, task
from tests.field_app.faults.desk import Desk, Folder, new_folder
from tests.field_app.faults.origin import Origin
from tests.journeys.village import CHEN, HUANG, LOAN, PASSWORD

pytestmark = pytest.mark.browser
Json = Any


def phones(place: Origin, customer: str) -> list[str]:
    """Return every telephone number that the log has of a customer, oldest first."""
    rows = place.rows(
        "SELECT set_id, payload FROM log WHERE record = :customer ORDER BY position",
        customer=customer,
    )
    return [it.payload for it in rows if it.payload and '"phone"' in it.payload]


# --------------------------------------------------------------------------- the server is restored


def test_what_a_restored_server_has_lost_comes_back_from_the_tablet(
    desk: Desk, place: Origin
) -> None:
    desk.edit(CHEN, phone="10000000101")
    desk.synced()
    place.backup()
    receipts = [desk.take(CHEN, LOAN, 100 + it) for it in range(3)]
    desk.edit(CHEN, phone="10000000102")
    made = desk.create("task", HUANG, **task("备份之后"))
    desk.synced()
    desk.edit(HUANG, phone="10000000103")
    before = {it["id"]: it["number"] for it in desk.sets()}
    place.restore()

    desk.synced()
    desk.synced()

    assert {it["id"]: it["number"] for it in desk.sets()} == before, "same sets, same numbers"
    assert {shown for _, shown in desk.states()} == {"accepted"}
    assert desk.view(CHEN, CHEN)["phone"] == "10000000102"
    assert desk.view(made, HUANG, "task")["title"] == "备份之后"
    query = "SELECT fields FROM record WHERE type = 'repayment'"
    kept = " ".join(it.fields for it in place.rows(query))
    assert [it in kept for it in receipts] == [True] * 3
    assert_converged(desk, place)
    assert place.command("verify").returncode == 0


def test_a_restored_server_is_met_by_a_tablet_that_is_killed_in_the_middle(
    folder: Folder, place: Origin
) -> None:
    with folder.desk() as desk:
        desk.sign_in(LI)
        desk.synced()
        place.backup()
        for turn in range(20):
            desk.edit(CHEN, phone=f"1000000{turn:04}")
        desk.synced()
        place.restore()
        desk.page.evaluate("void app.sync(app.officer, { page: 1 })")
        desk.until("return desk.store.meta.cursor === null || !desk.store.meta.caught_up")
        folder.kill()

    with folder.desk() as desk:
        assert "value" in desk.unlock()
        desk.synced(page=2)
        desk.synced()

        assert {shown for _, shown in desk.states()} == {"accepted"}
        assert len(desk.sets()) == 20
        assert desk.view(CHEN, CHEN)["phone"] == "10000000019"
        assert_converged(desk, place)


def test_a_sign_in_finds_the_restored_server_out_too(desk: Desk, place: Origin) -> None:
    place.backup()
    desk.edit(CHEN, phone="10000000111")
    desk.synced()
    place.restore()
    ended = "await desk.store.commit({ meta: { access_token: null, refresh_token: null } })"
    desk.value(ended)
    assert desk.sync()["fault"] == "SignInAgainError"

    desk.sign_in_again()
    assert [it["state"] for it in desk.sets()] == ["sent"]
    desk.synced()

    assert {shown for _, shown in desk.states()} == {"accepted"}
    assert desk.view(CHEN, CHEN)["phone"] == "10000000111"
    assert_converged(desk, place)


def test_a_discarded_set_is_offered_as_withdrawn_and_changes_nothing(
    desk: Desk, place: Origin
) -> None:
    place.backup()
    desk.value(
        """
        const held = await desk.store.bundle(it.customer);
        const without = held.map((one) => {
          if (one.id !== it.customer) return one;
          const { id_no, ...fields } = one.fields;
          return { ...one, fields };
        });
        await desk.store.commit({ bundles: new Map([[it.customer, without]]) });
        """,
        customer=CHEN,
    )  # a damaged copy lets through what the server refuses
    desk.edit(CHEN, id_no="999901198509230028")
    desk.synced()
    assert [it for it, _ in desk.states()] == ["rejected"]
    desk.value("await app.discard(desk, book, desk.store.sets[0])")
    desk.edit(CHEN, phone="10000000112")
    desk.synced()
    assert [shown for _, shown in desk.states()] == ["accepted", "accepted"]
    place.restore()

    desk.synced()
    desk.synced()

    assert [it for it, _ in desk.states()] == ["rejected", "applied"]
    assert [shown for _, shown in desk.states()] == ["accepted", "accepted"]
    rows = place.rows("SELECT content FROM change_set WHERE status = 'rejected'")
    assert "withdrawn" in rows[0].content
    assert "999901198509230028" in rows[0].content, "kept in quarantine"
    assert desk.value("return app.attention(book)") == []


def test_work_on_a_record_that_only_another_tablet_has_is_not_lost(
    desk: Desk, place: Origin
) -> None:
    other = place.colleague(LI)
    desk.synced()
    place.backup()
    made = other.create("task", CHEN, task("两台平板"))
    other.sync()
    desk.synced()
    desk.value(
        """
        await app.perform(desk, "edit", async (action) => {
          const opened = await app.openRecord(desk, "task", it.customer, it.record);
          await action.update(opened, { title: "改过的" });
        });
        """,
        customer=CHEN,
        record=made,
    )
    desk.synced()
    place.restore()

    desk.synced()
    assert desk.states() in ([("held", "sent")], [("rejected", "needs_attention")])
    assert not desk.status()["all_synced"]
    other.login(LI, PASSWORD, "again")
    other.sync()
    other.store.close()
    desk.synced()
    desk.value(
        """
        for (const { set } of app.attention(book)) {
          if (set.result.status === "rejected") await app.mend(desk, set, {});
        }
        """
    )
    desk.synced()
    desk.value(
        """
        await book.settled();
        for (const { reason, conflict, customer } of app.attention(book)) {
          if (reason !== "conflict") continue;
          const found = await app.conflictOf(book, customer, conflict);
          await app.resolve(desk, found, { way: "other" });
        }
        """
    )  # the restored record is newer than the view in which the title was typed
    desk.synced()

    assert {shown for _, shown in desk.states()} == {"accepted"}
    assert desk.view(made, CHEN, "task")["title"] == "改过的"
    assert_converged(desk, place)


# ------------------------------------------------------------------------------ the tablet is copied


@pytest.fixture
def original(folder: Folder) -> Folder:
    """A tablet on which some work was done and synced; its browser is shut."""
    with folder.desk() as desk:
        desk.sign_in(LI)
        desk.synced()
        desk.edit(CHEN, phone="10000000121")
        desk.synced()
    return folder


@pytest.fixture
def image(original: Folder, tmp_path: Path) -> Folder:
    """A copy of the whole folder, as an image of the tablet has it."""
    shutil.copytree(original.folder, tmp_path / "image", symlinks=True)
    return new_folder(original, tmp_path / "image")


def work(folder: Folder, *numbers: str) -> None:
    """Make an edit for each number, and sync."""
    with folder.desk() as desk:
        assert "value" in desk.unlock()
        for it in numbers:
            desk.edit(CHEN, phone=it)
        desk.synced()


def assert_goes_on_as_a_new_device(desk: Desk, place: Origin, old: str, mine: list[str]) -> None:
    """Check that a copy found out signs in anew, and sends what it holds under new numbers."""
    new = desk.meta()["device"]
    assert new != old
    assert desk.meta()["lastNumber"] == len(mine)
    assert desk.sync()["fault"] == "SignInAgainError"
    desk.sign_in_again()
    desk.synced()
    desk.synced()

    sets = desk.sets()
    assert [it["number"] for it in sets] == list(range(1, len(mine) + 1))
    assert {it["device"] for it in sets} == ({new} if mine else set())
    assert [it["changes"][0]["set"]["phone"] for it in sets] == mine
    log = " ".join(phones(place, CHEN))
    assert [log.count(f'"{it}"') > 0 for it in mine] == [True] * len(mine)
    lines = {(it["device"], it["number"]) for it in desk.journal()}
    assert {(new, it["number"]) for it in sets} <= lines, "a set without its sealed copy"


def test_an_old_image_with_nothing_new_goes_on_as_a_new_device(
    original: Folder, image: Folder, place: Origin
) -> None:
    work(original, "10000000122", "10000000123")

    with image.desk() as desk:
        assert "value" in desk.unlock()
        old = desk.meta()["device"]
        assert desk.sync()["fault"] == "NewDeviceError"
        assert_goes_on_as_a_new_device(desk, place, old, [])
        assert desk.view(CHEN, CHEN)["phone"] == "10000000123"
        assert_converged(desk, place)


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_an_old_image_with_work_of_its_own_loses_none_of_it(
    original: Folder, image: Folder, place: Origin, ahead: int
) -> None:
    work(original, *(f"1000000200{it}" for it in range(2)))
    mine = [f"1000000300{it}" for it in range(ahead)]

    with image.desk() as desk:
        assert "value" in desk.unlock()
        old = desk.meta()["device"]
        for it in mine:
            desk.edit(CHEN, phone=it)
        assert desk.sync()["fault"] == "NewDeviceError"
        assert_goes_on_as_a_new_device(desk, place, old, mine)
        assert_converged(desk, place)


def test_a_copy_is_found_out_at_the_sign_in(original: Folder, image: Folder, place: Origin) -> None:
    work(original, "10000000131")

    with image.desk() as desk:
        assert "value" in desk.unlock()
        old = desk.meta()["device"]
        ended = "await desk.store.commit({ meta: { access_token: null, refresh_token: null } })"
        desk.value(ended)
        desk.sign_in_again()
        assert desk.meta()["device"] != old
        desk.edit(CHEN, phone="10000000132")
        desk.synced()
        assert_converged(desk, place)


def test_a_new_device_that_is_killed_before_it_signs_in_loses_nothing(
    original: Folder, image: Folder, place: Origin
) -> None:
    work(original, "10000000141")
    with image.desk() as desk:
        assert "value" in desk.unlock()
        old = desk.meta()["device"]
        desk.edit(CHEN, phone="10000000142")
        assert desk.sync()["fault"] == "NewDeviceError"
        image.kill()

    with image.desk() as desk:
        assert "value" in desk.unlock()
        assert_goes_on_as_a_new_device(desk, place, old, ["10000000142"])
        assert_converged(desk, place)


def test_receipts_of_a_new_device_have_a_series_of_their_own(
    original: Folder, image: Folder, place: Origin
) -> None:
    work(original, "10000000151")
    with image.desk() as desk:
        assert "value" in desk.unlock()
        first = desk.take(CHEN, LOAN, 100)
        assert desk.sync()["fault"] == "NewDeviceError"
        desk.sign_in_again()
        desk.synced()
        second = desk.take(CHEN, LOAN, 200)
        desk.synced()

        assert {shown for _, shown in desk.states()} == {"accepted"}
        assert first.partition("-")[0] != second.partition("-")[0]
        assert second.endswith("-001")
        assert_converged(desk, place)
