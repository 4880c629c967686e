"""A customer registered twice and merged: what the two officers' clients hold, send and say of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from field_client.faults import NotPossibleError
from sync.rebase import Merged
from tests.field_client.test_against_server import Office, Officer, assert_converged
from tests.places import sqlite_url
from tests.server.branch import (
    GUIYING,
    VILLAGE,
    Clock,
    Server,
    make_branch,
    national_id,
)

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


@pytest.fixture
def zhao(office: Office) -> Officer:
    """赵敏, who has synced."""
    found = office.officer("zhao.min", 2)
    found.sync()
    return found


@pytest.fixture
def twin(zhao: Officer) -> str:
    """王桂英 of 李伟, as 赵敏 registers her once more."""
    fields = {
        "name": "王桂莹", "id_no": national_id(0), "phone": "13900000009", "village_id": VILLAGE,
        "segment": "grain",
    }  # fmt: skip
    made: str = zhao.client.create("customer", None, fields)
    zhao.sync()
    return made


def merge(office: Office, survivor: str = GUIYING) -> None:
    """Let the supervisor merge the two."""
    boss = office.server.tablet("wang.jun")
    side = boss.get("/api/v1/conflicts?status=open").json["conflicts"][0]["id"]
    said = {"resolution": "merge", "survivor": survivor}
    assert boss.post(f"/api/v1/conflicts/{side}/resolve", said).status == 200


def statuses(officer: Officer) -> list[str | None]:
    return [it.status for it in officer.store.own_sets()]


def words(officer: Officer, customer: str) -> list[Json]:
    """Return the titles of the tasks that an officer sees under a customer."""
    return sorted(it.fields["title"] for it in officer.client.records("task", customer))


def task(officer: Officer, customer: str, title: str) -> str:
    fields = {"title": title, "due_on": "2026-07-01", "source": "manual"}
    made: str = officer.client.create("task", customer, fields)
    return made


def test_the_duplicate_needs_attention_and_is_the_supervisors_to_decide(
    zhao: Officer, twin: str
) -> None:
    (conflict,) = zhao.client.conflicts()

    assert conflict.fields["kind"] == "duplicate"
    assert [it.customer for it in zhao.client.attention()] == [twin]
    assert GUIYING not in str(conflict.fields)
    with pytest.raises(NotPossibleError):
        zhao.client.resolve(conflict.id, "keep")


def test_they_differ_and_the_set_is_accepted(office: Office, zhao: Officer, twin: str) -> None:
    boss = office.server.tablet("wang.jun")
    side = boss.get("/api/v1/conflicts?status=open").json["conflicts"][0]["id"]
    assert boss.post(f"/api/v1/conflicts/{side}/resolve", {"resolution": "keep"}).status == 200

    zhao.sync()

    assert zhao.client.attention() == []
    assert zhao.client.status().all_synced
    assert_converged(office, zhao)


@pytest.mark.parametrize("covers", [True, False])
def test_a_merge_is_told_once_and_settles_the_set_that_met_it(
    office: Office, zhao: Officer, twin: str, covers: bool
) -> None:
    if covers:
        office.assign(GUIYING, "zhao.min", "cover")
    merge(office)

    report = zhao.client.sync(page=3)
    again = zhao.client.sync(page=3)

    stays = "王桂英" if covers else None
    assert report.merged == [{"customer": "王桂莹", "survivor": stays}]
    assert again.merged == []
    assert zhao.client.attention() == []
    assert zhao.client.status().all_synced
    assert_converged(office, zhao)


@pytest.mark.parametrize("covers", [True, False])
def test_pending_work_survives_the_merge_and_reaches_the_survivor(
    office: Office, zhao: Officer, twin: str, covers: bool
) -> None:
    if covers:
        office.assign(GUIYING, "zhao.min", "cover")
        zhao.sync()
    li = office.officer("li.wei")
    li.sync()
    merge(office)
    task(zhao, twin, "补拍照片")
    zhao.client.edit(twin, {"phone": "13900000077"})

    zhao.sync()
    li.sync()

    assert statuses(zhao)[1:] == ["merged", "conflict"]
    assert words(li, GUIYING) == ["补拍照片"]
    assert words(zhao, GUIYING) == (["补拍照片"] if covers else [])
    kinds = {it.fields["kind"] for it in li.client.conflicts()}
    assert kinds == {"field" if covers else "late"}
    for it in (li, zhao):
        assert_converged(office, it)


def test_work_that_waits_is_shown_under_the_survivor(
    office: Office, zhao: Officer, twin: str
) -> None:
    office.assign(GUIYING, "zhao.min", "cover")
    zhao.sync()
    merge(office)
    form = zhao.client.open_form(twin)
    zhao.sync()
    late = task(zhao, twin, "补拍照片")
    zhao.client.edit(twin, {"phone_alt": "13900000078"})

    assert form is not None
    assert words(zhao, GUIYING) == ["补拍照片"]
    assert zhao.client.record(late).customer == GUIYING
    assert zhao.client.record(GUIYING).fields["phone_alt"] == "13900000078"
    assert zhao.client.record(twin).id == GUIYING
    assert [it.id for it in zhao.client.records("customer")].count(GUIYING) == 1

    zhao.client.edit(GUIYING, {"phone_alt": "13900000079"})
    zhao.sync()

    assert set(statuses(zhao)[1:]) <= {"applied", "merged"}
    assert zhao.client.record(GUIYING).fields["phone_alt"] == "13900000079"
    assert_converged(office, zhao)


def test_an_edit_over_one_that_still_names_the_absorbed_customer_is_taken(
    office: Office, zhao: Officer, twin: str
) -> None:
    office.assign(GUIYING, "zhao.min", "cover")
    zhao.sync()
    zhao.client.edit(twin, {"phone_alt": "13900000078"})
    merge(office)
    with zhao.store.transaction():  # what the device learns before its work is out
        zhao.store.note_merged(Merged(twin, GUIYING), [])
    zhao.client.edit(GUIYING, {"phone_alt": "13900000079"})

    zhao.sync()

    assert set(statuses(zhao)[1:]) <= {"applied", "merged"}
    assert zhao.client.record(GUIYING).fields["phone_alt"] == "13900000079"
    assert_converged(office, zhao)


def test_aliases_in_a_row_lead_to_the_last(zhao: Officer) -> None:
    for customer, survivor in (("a", "b"), ("b", "c"), ("x", None)):
        zhao.store.note_merged(Merged(customer, survivor), [f"duplicate of {customer}"])

    assert [zhao.store.survivor_of(it) for it in "abcx"] == ["c", "c", "c", "x"]
    assert zhao.store.aliases_of("c") == ["a", "b"]
    assert len(zhao.store.settled_by_merge()) == 3
