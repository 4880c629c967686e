"""The battery may die between any two lines: what was said to be saved is there, whole, and once."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import pytest

from field_client.faults import (
    StoreInUseError,
    StoreNewerError,
    StoreNotWritableError,
    StoreUnreadableError,
)
from field_client.store import Draft, NewSet, Store
from schemas.registry import REGISTRY
from schemas.values import Hlc
from tests.field_client.branches import Branch
from tests.field_client.serving import Served, serving
from tests.field_client.tablets import CHEN, LOAN, Tablet, furnish, tablet
from tests.places import REPOSITORY

Json = Any
DEVICE = "01990000-0000-7000-8000-00000000dd01"


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = Store.open(path, REGISTRY, DEVICE)
    try:
        yield store
    finally:
        store.close()


def new_set(n: int = 1, now_ms: int = 1_000) -> NewSet:
    change = {
        "op": "update",
        "type": "customer",
        "id": CHEN,
        "customer": CHEN,
        "set": {"phone": f"1{n:09}"},
    }
    return NewSet(f"set-{n}", 0, "edit", "2026-06-16T00:00:00.000Z", now_ms, 1, [change], {})


# ------------------------------------------------------------------------------------------ the file


def test_a_new_store_is_a_device_of_its_own(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        identity = store.identity()

    assert (identity.id, identity.user, identity.cursor, identity.position) == (
        DEVICE,
        None,
        None,
        0,
    )
    assert (tmp_path / "s.db").stat().st_mode & 0o077 == 0


def test_a_store_is_open_once(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db"), pytest.raises(StoreInUseError):
        Store.open(tmp_path / "s.db", REGISTRY, DEVICE)


def test_it_survives_power_cuts_by_its_settings(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        settings = [
            store.database.execute(f"PRAGMA {it}").fetchone()[0]
            for it in ("journal_mode", "synchronous")
        ]

    assert settings == ["wal", 2]


def test_every_table_is_strict(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        loose = [
            name
            for name in store.database.table_names()
            if not name.startswith("sqlite_") and not store.database.table(name).strict
        ]

    assert loose == []


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("not a database at all " * 100)

    with pytest.raises(StoreUnreadableError):
        Store.open(tmp_path / "s.db", REGISTRY, DEVICE)
    assert (tmp_path / "s.db").read_text().startswith("not a database")


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        store.database.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreNewerError):
        Store.open(tmp_path / "s.db", REGISTRY, DEVICE)


def test_a_store_of_an_earlier_version_is_brought_up_to_date_with_its_work(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        store.append(new_set(1))
        for column in ("signing_key", "view_epoch"):
            store.database.execute(f"ALTER TABLE device DROP COLUMN {column}")
        store.database.execute("ALTER TABLE draft DROP COLUMN epoch")
        for table in ("merged", "attachment_part", "attachment"):
            store.database.execute(f"DROP TABLE {table}")
        store.database.execute("PRAGMA user_version = 1")

    with opened(tmp_path / "s.db") as store:
        assert store.identity().signing_key is None
        assert [it.number for it in store.own_sets()] == [1]
        store.note(signing_key="key")
    with opened(tmp_path / "s.db") as store:
        assert store.identity().signing_key == "key"


BEFORE_PLACES = 5
"""The store's version in which forms named own sets by their numbers."""


@pytest.mark.parametrize(
    ("after", "newest", "becomes"),
    [
        (0, {}, (1, {})),  # behind the set that an earlier device sent
        (1, {"phone": 1}, (2, {"phone": 2})),
        (2, {"phone": 2, "name": 9}, (3, {"phone": 3})),
        (9, {}, (3, {})),
    ],
)
def test_a_form_of_an_earlier_version_goes_on_with_the_sets_that_it_named(
    tmp_path: Path, after: int, newest: Json, becomes: tuple[int, Json]
) -> None:
    with opened(tmp_path / "s.db") as store:
        store.append(new_set(1))
        store.note(id="another")
        for n in (2, 3):
            store.append(new_set(n))
        draft = Draft("d", CHEN, "customer", CHEN, 4, {}, newest, after, {"phone": "1"}, "", "e")
        store.keep_draft(draft)
        store.database.execute(f"PRAGMA user_version = {BEFORE_PLACES}")

    with opened(tmp_path / "s.db") as store:
        (kept,) = store.drafts()

    assert (kept.after, kept.newest) == becomes
    assert kept == replace(draft, after=kept.after, newest=kept.newest)


def test_a_form_of_an_earlier_version_is_kept_by_a_store_without_sets(tmp_path: Path) -> None:
    draft = Draft("d", CHEN, "customer", CHEN, 4, {}, {}, 0, {"phone": "1"}, "", "e")
    with opened(tmp_path / "s.db") as store:
        store.keep_draft(draft)
        store.database.execute(f"PRAGMA user_version = {BEFORE_PLACES}")

    with opened(tmp_path / "s.db") as store:
        assert store.drafts() == [draft]


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreNotWritableError):
        Store.open(tmp_path / "nowhere" / "s.db", REGISTRY, DEVICE)


def test_a_full_disk_loses_nothing_and_is_said_so(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        store.append(new_set(1))
        pages = store.database.execute("PRAGMA page_count").fetchone()[0]
        store.database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreNotWritableError):
            fill(store)
        kept = store.last_number()

    with opened(tmp_path / "s.db") as store:
        assert [it.number for it in store.own_sets()] == list(range(1, kept + 1))


def fill(store: Store) -> None:
    for n in range(2, 1000):
        store.append(new_set(n))


# ------------------------------------------------------------------------------------- transactions


def test_a_transaction_is_whole_or_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        with pytest.raises(ZeroDivisionError):
            break_off(store)
        assert (store.last_number(), store.next_receipt("T1", "20260616")) == (0, 1)
        assert store.append(new_set(2)).number == 1


def break_off(store: Store) -> None:
    with store.transaction():
        store.append(new_set(1))
        with store.transaction():
            store.next_receipt("T1", "20260616")
        raise ZeroDivisionError


def test_the_clock_goes_on_after_a_restart_and_never_back(tmp_path: Path) -> None:
    stamps = []
    for n, now_ms in enumerate([5_000, 4_000, 4_000, 6_000]):
        with opened(tmp_path / "s.db") as store:
            content = store.append(new_set(n, now_ms)).content
            assert content is not None
            stamps.append(Hlc.parse(content["clock"]))

    assert stamps == sorted(stamps)
    assert [(it.millis, it.counter) for it in stamps] == [
        (5_000, 0),
        (5_000, 1),
        (5_000, 2),
        (6_000, 0),
    ]


def test_a_sets_content_never_changes(tmp_path: Path) -> None:
    with opened(tmp_path / "s.db") as store:
        first = store.append(new_set(1))
        store.mark_sent([first])
        store.note(epoch="another", position=99)

        again = store.own_set(1)

    assert again is not None
    assert again.content == first.content


# ------------------------------------------------------------------------------------------- kill -9


def check(made: Tablet, promised: list[tuple[str, int]]) -> None:
    """Check what must hold after any kill: promised sets are there, numbers and receipts have no gap."""
    sets = made.store.own_sets()
    numbers = [it.number for it in sets]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {number for _, number in promised} <= set(numbers)
    receipts = [it.changes[0].set["receipt_no"] for it in sets if it.action == "repay"]
    assert receipts == [f"T1-20260616-{n:03}" for n in range(1, len(receipts) + 1)]
    assert all(it.content is not None for it in sets)
    phones = [it.changes[0].set["phone"] for it in sets if it.action == "edit"]
    if phones:
        assert made.client.record(CHEN).fields["phone"] == phones[-1]
    taken = {it.id for it in made.client.records("repayment")}
    assert {it.changes[0].id for it in sets if it.action == "repay"} <= taken


def kill_loop(made: Tablet, url: str, kills: int, seed: int) -> list[tuple[str, int]]:
    """Let a process work on the tablet's store and kill it, again and again."""
    random = Random(seed)
    promised: list[tuple[str, int]] = []
    for turn in range(kills):
        made.store.close()
        command = [
            sys.executable,
            "-m",
            "tests.field_client.worker",
            str(made.path),
            f"{seed * 1000 + turn}",
            url,
        ]
        with subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            promised += _read(process.stdout.readline())  # it is at work
            sleep(random.uniform(0, 0.12))  # where the axe falls is chance; nothing waits for it
            process.send_signal(signal.SIGKILL)
            for line in process.stdout:
                promised += _read(line)
        made.open()
        check(made, promised)
    return promised


def _read(line: str) -> list[tuple[str, int]]:
    word, _, number = line.strip().partition(" ")
    return [(word, int(number))] if number and line.endswith("\n") else []


def killed_at_work(tmp_path: Path, kills: int) -> None:
    with tablet(tmp_path, furnish(Branch())) as made:
        made.client.sync()

        promised = kill_loop(made, "", kills, seed=1)

        assert len(promised) >= kills


def killed_in_sync(tmp_path: Path, kills: int) -> None:
    branch = furnish(Branch())
    with tablet(tmp_path, branch) as made, serving(branch) as served:
        made.client.sync()
        kill_loop(made, served.url, kills, seed=2)

        made.client.sync()

        assert made.client.status().all_synced
        assert_once(made, served)


def assert_once(made: Tablet, served: Served) -> None:
    """Check that the branch has every set exactly once and that both hold the same."""
    branch = served.branch
    (had,) = [it for it in branch.sets.values() if it]
    assert list(had) == [it.number for it in made.store.own_sets()]
    receipts = [it.fields["receipt_no"] for it in branch.records.values() if it.type == "repayment"]
    assert len(set(receipts)) == len(receipts)
    held = {it.id: dict(it.fields) for it in made.store.held_of()}
    assert held == {it.id: it.fields for it in branch.records.values()}
    assert made.store.incidents() == []


def test_a_tablet_killed_at_work_keeps_what_it_promised(tmp_path: Path) -> None:
    killed_at_work(tmp_path, kills=4)


def test_a_tablet_killed_in_a_sync_loses_and_doubles_nothing(tmp_path: Path) -> None:
    killed_in_sync(tmp_path, kills=4)


@pytest.mark.long
def test_a_tablet_killed_a_hundred_times_at_work(tmp_path: Path) -> None:
    killed_at_work(tmp_path, kills=100)


@pytest.mark.long
def test_a_tablet_killed_a_hundred_times_in_a_sync(tmp_path: Path) -> None:
    killed_in_sync(tmp_path, kills=100)


def test_the_loan_of_the_kill_tests_is_there(ada: Tablet) -> None:
    assert ada.client.record(LOAN).type == "loan"
