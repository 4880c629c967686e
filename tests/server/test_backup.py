"""A backup is of one moment and whole, restores into either database, and what it lacks comes back from tablets."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, MetaData, select

from server import backup, verify
from server.cli import cli
from server.db import reading, snapshot, writing
from server.keys import load_keys
from server.migrate import migrate
from server.settings import utc_now
from tests.places import sqlite_url
from tests.server.branch import (
    GUIYING,
    Clock,
    Server,
    Tablet,
    call,
    edit,
    fresh_id,
    make_engine,
)

Json = Any
CHANGED_BY_A_RESTORE = {
    "branch": {"epoch", "restores"},
    "refresh_token": {"revoked"},
}


@pytest.fixture
def copy(server: Server, tmp_path: Path) -> Path:
    """A backup of a branch on which somebody has worked."""
    return worked_on(server, tmp_path)


@pytest.fixture
def one_copy(one_server: Server, tmp_path: Path) -> Path:
    """The same of a branch on SQLite."""
    return worked_on(one_server, tmp_path)


def worked_on(server: Server, folder: Path) -> Path:
    li = server.tablet("li.wei").catch_up()
    li.push(edit(phone="13800000001"))
    li.push(call())
    attachments = server.data / "attachments" / "ab"
    attachments.mkdir(parents=True)
    (attachments / ("ab" * 32)).write_bytes(b"\xff\xd8 a photo \x00")
    return backed_up(server, folder / "copy.zip")


def backed_up(server: Server, file: Path) -> Path:
    backup.back_up(server.engine, server.data, file, server.clock())
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database to restore into, once SQLite and once PostgreSQL."""
    if request.param == "sqlite":
        (tmp_path / "new").mkdir()
        with disposed(make_engine(sqlite_url(tmp_path / "new"))) as engine:
            yield engine
    else:
        cluster = request.getfixturevalue("postgres_cluster")
        with cluster.database() as url, disposed(make_engine(url)) as engine:
            yield engine


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def restored(engine: Engine, folder: Path, file: Path) -> backup.Told:
    return backup.restore(engine, folder, file, fresh_id)


def rows_of(engine: Engine) -> dict[str, list[Json]]:
    """Return every row of every table, without what a restore is meant to change."""
    with reading(engine) as connection:
        found = {
            table.name: [dict(it._mapping) for it in connection.execute(select(table))]
            for table in backup.TABLES
        }
    for name, columns in CHANGED_BY_A_RESTORE.items():
        for row in found[name]:
            for column in columns:
                del row[column]
    return {
        name: sorted(rows, key=lambda it: json.dumps(it, sort_keys=True))
        for name, rows in found.items()
    }


def test_a_restored_branch_is_what_it_was_in_either_database(
    server: Server, copy: Path, empty: Engine, tmp_path: Path
) -> None:
    before = rows_of(server.engine)

    told = restored(empty, tmp_path / "new", copy)

    assert rows_of(empty) == before
    assert told.rows == sum(map(len, before.values()))
    photo = f"attachments/ab/{'ab' * 32}"
    assert (tmp_path / "new" / photo).read_bytes() == (server.data / photo).read_bytes()
    new, old = load_keys(tmp_path / "new"), load_keys(server.data)
    assert new.seal == old.seal, "what tablets sealed opens here too"
    assert not set(new.private) & set(old.private)
    assert new.secret != old.secret
    with snapshot(empty) as connection:
        assert verify.verify(connection, server.registry).finding is None


def test_a_restore_begins_an_epoch_and_tablets_bring_back_what_is_missing(
    server: Server, copy: Path, tmp_path: Path
) -> None:
    li = server.tablet("li.wei").catch_up()
    backed_up(server, tmp_path / "newer.zip")
    lost = li.change_set(edit(phone="13800000002"))
    li.sync(lost)
    first = li.epoch
    (tmp_path / "new").mkdir()
    with disposed(make_engine(sqlite_url(tmp_path / "new"))) as engine:
        restored(engine, tmp_path / "new", tmp_path / "newer.zip")
    again = Server(sqlite_url(tmp_path / "new"), tmp_path / "new", server.clock)
    li.network = again

    assert li.renew().status == 401, "every sign-in has ended"
    li.login()
    refused = li.offer()
    assert (refused.status, refused.code) == (409, "epoch-changed")
    assert refused.json["known_through"] == lost["number"] - 1
    li.epoch, li.cursor = refused.json["epoch"], None
    answer = li.sync(lost)

    assert (answer["results"][0]["status"], answer["epoch"] != first) == ("applied", True)
    assert li.catch_up().fields(GUIYING)["phone"] == "13800000002"
    again.close()


def test_a_backup_under_way_is_of_one_moment(server: Server, tmp_path: Path) -> None:
    """Somebody works all the while: each copy replays to its own records, nothing is half in it."""
    li = server.tablet("li.wei").catch_up()
    over = threading.Event()

    def work() -> None:
        number = 0
        while not over.is_set():
            number += 1
            li.push(edit(phone=f"139{number:08}"))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        files = [backed_up(server, tmp_path / f"{it}.zip") for it in range(4)]
    finally:
        over.set()
        worker.join()

    for place, file in enumerate(files):
        folder = tmp_path / f"new{place}"
        folder.mkdir()
        with disposed(make_engine(sqlite_url(folder))) as engine:
            restored(engine, folder, file)
            with snapshot(engine) as connection:
                assert verify.verify(connection, server.registry).finding is None


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def not_a_zip(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\x00 and so on")


def rewritten(change: Callable[[str, bytes], bytes | None]) -> Callable[[Path], None]:
    """Return what writes each part of a backup anew; None leaves it out."""

    def rewrite(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            parts = {it: archive.read(it) for it in archive.namelist()}
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                if (now := change(name, content)) is not None:
                    archive.writestr(name, now)

    return rewrite


def one_bit(name: str) -> Callable[[Path], None]:
    return rewritten(
        lambda it, content: content[:-2] + bytes([content[-2] ^ 1]) + content[-1:] if it == name else content
    )  # fmt: skip


def without(name: str) -> Callable[[Path], None]:
    return rewritten(lambda it, content: None if it == name else content)


def manifest(**now: Json) -> Callable[[Path], None]:
    return rewritten(
        lambda it, content: json.dumps({**json.loads(content), **now}).encode() if it == backup.MANIFEST else content
    )  # fmt: skip


def other_keys(file: Path) -> None:
    told = {"size": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}
    with zipfile.ZipFile(file) as archive:
        parts = json.loads(archive.read(backup.MANIFEST))["parts"]
    manifest(parts={**parts, "keys.json": told})(file)
    rewritten(lambda it, content: b"{}" if it == "keys.json" else content)(file)


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "cut short": (cut, "not a backup, or only a part of one"),
    "something else": (not_a_zip, "not a backup, or only a part of one"),
    "a bit of the log": (one_bit("tables/log.jsonl"), "tables/log.jsonl is not what it was"),
    "a bit of the keys": (one_bit("keys.json"), "keys.json is not what it was"),
    "a bit of a photo": (one_bit(f"attachments/ab/{'ab' * 32}"), "is not what it was"),
    "no log": (without("tables/log.jsonl"), "tables/log.jsonl is missing"),
    "other keys": (other_keys, "not a backup of Xiangxin"),
    "no keys": (without("keys.json"), "keys.json is missing"),
    "no manifest": (without(backup.MANIFEST), "not a backup of Xiangxin"),
    "another format": (manifest(version=99), "not a backup that this version reads"),
    "a later version": (manifest(revision="9999"), "newer than this one"),
    "a way out": (
        manifest(parts={"../../outside": {"size": 0, "sha256": ""}}),
        "it names ../../outside",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_not_a_whole_backup_is_refused_and_changes_nothing(
    one_copy: Path, empty: Engine, tmp_path: Path, damage: str
) -> None:
    spoil, reason = DAMAGE[damage]
    spoil(one_copy)

    with pytest.raises(backup.BackupError, match=reason):
        restored(empty, tmp_path / "target", one_copy)

    assert not (tmp_path / "target").exists()
    with reading(empty) as connection:
        assert not empty.dialect.has_table(connection, "branch")


def test_a_target_that_is_not_empty_is_refused(copy: Path, server: Server, tmp_path: Path) -> None:
    before = rows_of(server.engine)

    with pytest.raises(backup.BackupError, match="database is not empty"):
        restored(server.engine, tmp_path / "target", copy)
    with pytest.raises(backup.BackupError, match="restore into a new folder"):
        restored(server.engine, server.data, copy)

    assert rows_of(server.engine) == before


def test_a_database_with_nothing_but_tables_is_empty(
    one_copy: Path, empty: Engine, tmp_path: Path
) -> None:
    migrate(empty)

    told = restored(empty, tmp_path / "target", one_copy)

    assert told.rows == sum(map(len, rows_of(empty).values()))


def test_an_existing_file_is_not_written_over(server: Server, copy: Path) -> None:
    before = copy.read_bytes()

    with pytest.raises(backup.BackupError, match="exists already"):
        backed_up(server, copy)

    assert copy.read_bytes() == before
    assert [it.name for it in copy.parent.glob(".copy*")] == []


def test_the_commands_say_what_they_did(one_server: Server, tmp_path: Path) -> None:
    file, target = tmp_path / "copy.zip", tmp_path / "target"
    here = ["--data", str(one_server.data), "--database", one_server.url]

    made = CliRunner().invoke(cli, ["backup", str(file), *here])
    back = CliRunner().invoke(cli, ["restore", str(file), "--data", str(target)])
    again = CliRunner().invoke(cli, ["restore", str(file), "--data", str(target)])

    assert (made.exit_code, back.exit_code, again.exit_code) == (0, 0, 1), (made, back, again)
    assert "keep it where only you can read it" in made.output
    assert "A new epoch has begun" in back.output
    assert "not empty; restore into a new" in again.output
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_that_no_tablet_reaches_back_to_is_refused(
    one_server: Server, tmp_path: Path
) -> None:
    one_server.clock.now = utc_now() - timedelta(days=36)
    file, target = backed_up(one_server, tmp_path / "old.zip"), tmp_path / "target"

    refused = CliRunner().invoke(cli, ["restore", str(file), "--data", str(target)])
    assert refused.exit_code == 1
    assert "tablets keep their work for 35 days" in refused.output
    assert list(target.iterdir()) == []

    assert (
        CliRunner().invoke(cli, ["restore", str(file), "--data", str(target), "--older"]).exit_code
        == 0
    )


def test_a_restore_that_breaks_off_leaves_nothing(
    one_copy: Path, empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(backup, "_write_whole", full)
        with pytest.raises(OSError, match="No space left"):
            restored(empty, tmp_path / "target", one_copy)

    with reading(empty) as connection:
        assert not empty.dialect.has_table(connection, "branch")
    assert restored(empty, tmp_path / "target", one_copy).rows > 0


def test_a_code_that_was_lost_is_given_to_no_other_tablet(
    one_server: Server, tmp_path: Path
) -> None:
    """Receipt numbers begin with it (domain.md, section 5)."""
    file = backed_up(one_server, tmp_path / "copy.zip")
    lost = code_of(one_server.tablet("li.wei"))
    (tmp_path / "new").mkdir()
    with disposed(make_engine(sqlite_url(tmp_path / "new"))) as engine:
        restored(engine, tmp_path / "new", file)
    again = Server(sqlite_url(tmp_path / "new"), tmp_path / "new", one_server.clock)

    assert lost == "T1"
    assert code_of(again.tablet("zhao.min")) == "T101"
    again.close()


def code_of(tablet: Tablet) -> str:
    return str(tablet.catch_up().fields(tablet.device)["code"])


def test_an_earlier_version_s_backup_is_brought_up_to_date(
    copy_of_revision_2: Path, tmp_path: Path
) -> None:
    with disposed(make_engine(sqlite_url(tmp_path))) as engine:
        restored(engine, tmp_path / "target", copy_of_revision_2)

        assert rows_of(engine)["branch"]


@pytest.fixture
def copy_of_revision_2(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A backup as a version with an earlier schema made it."""
    folder = tmp_path_factory.mktemp("earlier")
    with disposed(make_engine(sqlite_url(folder))) as engine:
        migrate(engine, "0002")
        tables = MetaData()
        with writing(engine) as connection:
            tables.reflect(connection)
            connection.execute(
                tables.tables["branch"].insert(),
                {
                    "id": fresh_id(), "code": "QH", "name": "青禾支行", "epoch": fresh_id(), "head": 0,
                    "head_hash": "", "restores": "[]", "money_head": 0,
                },
            )  # fmt: skip
        load_keys(folder)
        with monkeypatch.context() as earlier:
            known = [it for it in tables.sorted_tables if it.name != "alembic_version"]
            earlier.setattr(backup, "TABLES", known)
            earlier.setattr(backup, "is_current", lambda _: True)
            backup.back_up(engine, folder, folder / "copy.zip", Clock()())
    return folder / "copy.zip"
