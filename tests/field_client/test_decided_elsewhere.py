"""What the branch decides about a tablet, with the real server: locked, wiped, told to start over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from field_client import courier
from field_client.faults import NotPossibleError
from field_client.round_trip import RoundTrip
from schemas import problems
from tests.field_client.test_against_server import Office, Officer
from tests.places import sqlite_url
from tests.server.branch import GUIYING, LI_HAS, Clock, Server, make_branch

Json = Any


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    make_branch(sqlite_url(folder))
    return folder


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Iterator[Office]:
    """The branch's office."""
    folder = tmp_path / "office"
    folder.mkdir()
    for file in prepared.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    made = Office(Server(sqlite_url(folder), folder, Clock()), folder)
    yield made
    for officer in made.officers:
        officer.store.close()
    made.server.close()


def decide(office: Office, officer: Officer, wish: str) -> None:
    boss = office.server.tablet("wang.jun")
    device = officer.store.identity().id
    assert boss.post(f"/api/v1/devices/{device}/{wish}", b"").status == 200


def phone(officer: Officer) -> Json:
    return officer.client.record(GUIYING).fields["phone"]


def statuses(officer: Officer) -> list[str | None]:
    return [it.status for it in officer.store.own_sets()]


# ------------------------------------------------------------------------------------------ locked


def test_locked_and_unlocked_nothing_is_lost(office: Office) -> None:
    li = office.officer("li.wei")
    li.sync()
    decide(office, li, "lock")
    li.client.edit(GUIYING, {"phone": "13900000001"})
    li.client.create(
        "task", GUIYING, {"title": "补拍照片", "due_on": "2026-07-01", "source": "manual"}
    )

    with pytest.raises(problems.DeviceLockedError):
        li.sync()

    assert [it.set.number for it in li.client.attention() if it.set] == [1, 2]
    assert not li.client.status().all_synced
    decide(office, li, "unlock")
    for number in (1, 2):
        li.client.mend(number)
    li.sync()

    assert statuses(li) == ["rejected", "rejected", "applied", "applied"]
    assert li.client.attention() == []
    assert li.client.status().all_synced
    assert phone(li) == "13900000001"
    assert [it.fields["title"] for it in li.client.records("task")] == ["补拍照片"]


def test_what_is_sent_again_meets_what_others_wrote_meanwhile(office: Office) -> None:
    office.assign(GUIYING, "zhao.min", "cover")
    li, zhao = office.officer("li.wei"), office.officer("zhao.min", 2)
    for it in (li, zhao):
        it.sync()
    decide(office, li, "lock")
    li.client.edit(GUIYING, {"phone": "13900000001"})
    with pytest.raises(problems.DeviceLockedError):
        li.sync()
    zhao.client.edit(GUIYING, {"phone": "13900000002"})
    zhao.sync()
    decide(office, li, "unlock")
    li.sync()

    li.client.mend(1)
    li.sync()

    assert statuses(li) == ["rejected", "conflict"], "nobody's number is overwritten unseen"
    assert phone(li) == "13900000002"


def test_a_locked_tablet_delivers_all_it_has(office: Office) -> None:
    li = office.officer("li.wei")
    li.sync()
    decide(office, li, "lock")
    for n in range(5):
        li.client.edit(GUIYING, {"preferences": f"第 {n} 次"})
    with pytest.raises(problems.DeviceLockedError):
        RoundTrip(li.store, li.link, li.now, lambda: "", _most_changes=2).run()

    assert statuses(li) == ["rejected"] * 5
    assert li.store.waiting() == []


# ------------------------------------------------------------------------------------------- wiped


@pytest.mark.parametrize("how", ["sync", "refresh", "login"])
def test_a_wiped_tablet_destroys_what_it_holds_at_every_door(office: Office, how: str) -> None:
    li = office.officer("li.wei")
    li.sync()
    li.client.edit(GUIYING, {"phone": "13900000001"})
    decide(office, li, "wipe")
    if how == "refresh":
        office.server.clock.advance(hours=1)

    with pytest.raises(problems.DeviceWipedError):
        li.client.login("li.wei", "correct horse") if how == "login" else li.sync()

    assert li.client.records() == []
    assert li.store.own_sets() == []


# -------------------------------------------------------------------------------------- start over


def old_cursor(office: Office, officer: Officer) -> None:
    """Let a move fall out of the feed that the officer has not seen."""
    office.assign(LI_HAS[1], "zhao.min")
    office.server.clock.advance(days=200)
    officer.client.login("li.wei", "correct horse")


def bad_cursor(office: Office, officer: Officer) -> None:
    office.assign(LI_HAS[1], "zhao.min")
    cursor = officer.store.identity().cursor
    officer.store.note(cursor=f"{cursor}A")


@pytest.mark.parametrize("spoil", [old_cursor, bad_cursor])
def test_whoever_has_to_start_over_keeps_pending_work_and_the_old_copy_until_then(
    office: Office, spoil: Any
) -> None:
    li = office.officer("li.wei")
    li.sync()
    spoil(office, li)
    li.client.edit(GUIYING, {"phone": "13900000001"})
    li.link.cuts = [None, None, "down"]

    with pytest.raises(Exception, match="offline"):
        li.client.sync(page=3)

    assert statuses(li) == ["applied"], "the answer that refused the pull carried its result"
    assert LI_HAS[1] in {it.id for it in li.client.records("customer")}, (
        "the old copy is still shown"
    )
    assert phone(li) == "13900000001"
    li.reopen()
    li.sync()

    assert {it.id for it in li.client.records("customer")} == {LI_HAS[0], LI_HAS[2]}
    assert {it.id: dict(it.fields) for it in li.store.held_of()} == office.scope("li.wei")
    assert phone(li) == "13900000001"
    assert li.client.status().all_synced


# ----------------------------------------------------------------------------------------- courier


def test_a_colleague_delivers_what_a_tablet_could_not_send(office: Office, tmp_path: Path) -> None:
    li, zhao = office.officer("li.wei"), office.officer("zhao.min", 2)
    for it in (li, zhao):
        it.sync()
    li.client.edit(GUIYING, {"phone": "13900000001"})
    li.client.edit(LI_HAS[1], {"phone": "13900000002"})
    file = tmp_path / "courier.json"

    assert li.client.write_courier(file) == 2
    assert [state for _, state in li.client.sets()] == ["sent", "sent"]
    assert "13900000001" not in file.read_text("utf-8")
    for _ in range(2):
        done = zhao.client.deliver(file)
        assert (done.bundles, done.sets) == (1, 2)
        assert done.known_through == {li.store.identity().id: 2}
    li.client.edit(GUIYING, {"preferences": "周末在家。"})
    li.sync()

    assert statuses(li) == ["applied"] * 3
    assert phone(li) == "13900000001"
    assert {it.id: dict(it.fields) for it in li.store.held_of()} == office.scope("li.wei")


def test_much_work_is_carried_in_several_bundles(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "MOST_BYTES", 1500)
    li = office.officer("li.wei")
    li.sync()
    for n in range(5):
        li.client.edit(GUIYING, {"preferences": f"第 {n} 次。" * 20})
    file = tmp_path / "courier.json"
    li.client.write_courier(file)

    done = office.officer("zhao.min", 2).client.deliver(file)

    assert done.bundles > 1
    assert done.sets == 5
    li.sync()
    assert statuses(li) == ["applied"] * 5


def test_a_changed_file_is_refused_and_the_tablet_syncs_all_the_same(
    office: Office, tmp_path: Path
) -> None:
    li, zhao = office.officer("li.wei"), office.officer("zhao.min", 2)
    li.sync()
    li.client.edit(GUIYING, {"phone": "13900000001"})
    file = tmp_path / "courier.json"
    li.client.write_courier(file)
    file.write_text(file.read_text("utf-8").replace('"number": 1', '"number": 2'), "utf-8")

    with pytest.raises(problems.NotPermittedError):
        zhao.client.deliver(file)
    li.sync()

    assert statuses(li) == ["applied"]


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "{}", '{"format": "xiangxin-courier", "bundles": [7]}']
)
def test_what_is_no_courier_file_is_said(office: Office, tmp_path: Path, text: str) -> None:
    file = tmp_path / "courier.json"
    file.write_text(text, "utf-8")

    with pytest.raises(NotPossibleError):
        office.officer("zhao.min").client.deliver(file)


def test_nothing_is_carried_where_nothing_waits(office: Office, tmp_path: Path) -> None:
    li = office.officer("li.wei")
    li.sync()

    with pytest.raises(NotPossibleError, match="nothing-to-carry"):
        li.client.write_courier(tmp_path / "courier.json")
    assert not (tmp_path / "courier.json").exists()


def test_an_existing_file_is_not_written_over_and_the_work_still_waits(
    office: Office, tmp_path: Path
) -> None:
    li = office.officer("li.wei")
    li.sync()
    li.client.edit(GUIYING, {"phone": "13900000001"})
    file = tmp_path / "courier.json"
    file.write_text("mine", "utf-8")

    with pytest.raises(NotPossibleError, match="exists-already"):
        li.client.write_courier(file)

    assert file.read_text("utf-8") == "mine"
    assert [state for _, state in li.client.sets()] == ["ready"]
