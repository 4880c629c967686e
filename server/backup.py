"""A consistent copy of everything in one file, and its way back (operations.md, "backup and restore").

The file is a ZIP of plain parts, the same for both databases, so that it is also the way from one to the
other: `manifest.json`, one line of JSON a row for each table, the keys, the attachments. The manifest names every
part with its length and SHA-256; nothing is written anywhere before all of them have been compared.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, Any

from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Engine, MetaData, Table, delete, func, select, update
from sqlalchemy.types import NullType

from schemas.values import format_instant
from server import keys, models
from server.db import reading, snapshot, writing
from server.migrate import is_current, upgrade

Json = Any
FORMAT = "xiangxin-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
ATTACHMENTS = "attachments"
BLOCK = 1 << 20
ROWS_AT_ONCE = 500
TOO_OLD = "tablets keep their work for 35 days; --older restores it all the same"
JSON_COLUMN, PLAIN_COLUMN = "json", "plain"
TABLES = models.Base.metadata.sorted_tables


class BackupError(ValueError):
    """What is wrong with a backup or its target, in one line that says what to do."""


@dataclass(frozen=True)
class Told:
    """What a backup holds: rows by table, attachments, bytes of the file; `at` is its moment."""

    at: str
    rows: int
    attachments: int
    size: int


@dataclass(frozen=True)
class _Part:
    size: int
    sha256: str


# ------------------------------------------------------------------------------------------ copying


def back_up(engine: Engine, data: Path, file: Path, now: datetime) -> Told:
    """Copy database, keys and attachments into *file*, readable by its owner only, or write nothing.

    The rows are of one moment, whatever is written meanwhile; an attachment whose record is among them
    was on the disk before.

    Raises:
        BackupError: the file exists already, or the database is not of this version.
    """
    if file.exists():
        raise BackupError(f"{file} exists already; name another file")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            told = _write(engine, data, out, now)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
        _sync_folder(file.parent)
    finally:
        draft.unlink(missing_ok=True)
    return Told(told.at, told.rows, told.attachments, file.stat().st_size)


def _write(engine: Engine, data: Path, out: IO[bytes], now: datetime) -> Told:
    parts: dict[str, _Part] = {}
    tables: dict[str, Json] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with snapshot(engine) as connection:
            if not is_current(connection):
                raise BackupError(
                    "The database is of another version; start this one's server first"
                )
            revision = MigrationContext.configure(connection).get_current_revision()
            for table in TABLES:
                name = f"tables/{table.name}.jsonl"
                count, parts[name] = _copy_table(connection, table, archive, name)
                tables[table.name] = {"rows": count, "columns": _columns(table)}
        parts[keys.FILE] = _copy_file(archive, data / keys.FILE, keys.FILE)
        attachments = 0
        for found in _attachments(data):
            name = f"{ATTACHMENTS}/{found.relative_to(data / ATTACHMENTS).as_posix()}"
            parts[name] = _copy_file(archive, found, name)
            attachments += 1
        at = format_instant(now)
        manifest = {
            "format": FORMAT, "version": FORMAT_VERSION, "made_by": version("xiangxin"), "at": at,
            "revision": revision, "tables": tables,
            "parts": {name: {"size": it.size, "sha256": it.sha256} for name, it in parts.items()},
        }  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return Told(at, sum(it["rows"] for it in tables.values()), attachments, 0)


def _columns(table: Table) -> dict[str, str]:
    """Return how each column is told: a JSON value as such, everything else as it is."""
    return {
        it.name: JSON_COLUMN if isinstance(it.type, models.Document) else PLAIN_COLUMN
        for it in table.columns
    }


def _copy_table(
    connection: Connection, table: Table, archive: zipfile.ZipFile, name: str
) -> tuple[int, _Part]:
    query = select(table).order_by(*table.primary_key)
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)

    def lines() -> Iterator[bytes]:
        for row in rows:
            yield json.dumps(list(row), ensure_ascii=True, separators=(",", ":")).encode() + b"\n"

    count = 0

    def counted() -> Iterator[bytes]:
        nonlocal count
        for line in lines():
            count += 1
            yield line

    part = _put(archive, name, counted())
    return count, part


def _copy_file(archive: zipfile.ZipFile, file: Path, name: str) -> _Part:
    with file.open("rb") as source:
        return _put(archive, name, _blocks(source))


def _put(archive: zipfile.ZipFile, name: str, blocks: Iterator[bytes]) -> _Part:
    size, digest = 0, hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as out:
        for block in blocks:
            out.write(block)
            digest.update(block)
            size += len(block)
    return _Part(size, digest.hexdigest())


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(BLOCK):
        yield block


def _attachments(data: Path) -> list[Path]:
    folder = data / ATTACHMENTS
    return sorted(it for it in folder.rglob("*") if it.is_file()) if folder.is_dir() else []


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ------------------------------------------------------------------------------------------ restoring


def restore(
    engine: Engine,
    data: Path,
    file: Path,
    new_epoch: Callable[[], str],
    not_before: datetime | None = None,
) -> Told:
    """Bring a backup into an empty database and an empty folder, and begin a new epoch in every branch.

    Every sign-in ends: tablets sign in anew and offer again what the backup does not have. *not_before*:
    what is older is refused.

    Raises:
        BackupError: the file is none, is damaged, too old, or newer than this version; the target is not
            empty. Nothing is changed then.
    """
    with _opened(file) as archive:
        manifest = _checked(archive, file)
        if not_before is not None and manifest["at"] < format_instant(not_before):
            raise BackupError(f"{file} is of {manifest['at']}: {TOO_OLD}")
        check_empty(engine, data)
        with writing(engine) as connection:
            try:
                upgrade(connection, manifest["revision"])
            except Exception as error:
                raise BackupError(
                    f"{file} was made by version {manifest['made_by']}, which is newer than this one"
                ) from error
            tables = manifest["tables"].items()
            rows = sum(_load(connection, archive, name, told) for name, told in tables)
            upgrade(connection)
            _begin_epoch(connection, new_epoch())
            attachments = _unpack(archive, manifest, data)
    return Told(manifest["at"], rows, attachments, file.stat().st_size)


def check_empty(engine: Engine, data: Path) -> None:
    """Raise BackupError where there is something already that a restore would mix with."""
    if (data / keys.FILE).exists() or _attachments(data):
        raise BackupError(f"{data} is not empty; restore into a new folder")
    with reading(engine) as connection:
        if engine.dialect.has_table(connection, "branch"):
            branch = models.Branch.__table__
            if connection.execute(select(func.count()).select_from(branch)).scalar():
                raise BackupError("The database is not empty; restore into a new one")


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{file} is not a backup, or only a part of one") from error


def _checked(archive: zipfile.ZipFile, file: Path) -> dict[str, Json]:
    """Return the manifest, once every part has been compared with it."""
    try:
        manifest: dict[str, Json] = json.loads(archive.read(MANIFEST))
        is_ours = (manifest["format"], manifest["version"]) == (FORMAT, FORMAT_VERSION)
        parts, tables = manifest["parts"], manifest["tables"]
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BackupError(f"{file} is not a backup of Xiangxin") from error
    if not is_ours:
        raise BackupError(f"{file} is not a backup that this version reads")
    if wrong := [it for it in parts if it.startswith("/") or ".." in Path(it).parts]:
        raise BackupError(f"{file} is not a backup of Xiangxin: it names {wrong[0]}")
    needed = {MANIFEST, keys.FILE, *(f"tables/{it}.jsonl" for it in tables), *parts}
    if missing := needed - set(archive.namelist()):
        raise BackupError(f"{file} is not whole: {min(missing)} is missing")
    for name, told in parts.items():
        if _summed(archive, name) != _Part(told["size"], told["sha256"]):
            raise BackupError(f"{file} is damaged: {name} is not what it was; use another backup")
    try:
        keys.renewed(archive.read(keys.FILE))
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{file} is not a backup of Xiangxin: its keys are none") from error
    return manifest


def _summed(archive: zipfile.ZipFile, name: str) -> _Part | None:
    size, digest = 0, hashlib.sha256()
    try:
        with archive.open(name) as part:
            for block in _blocks(part):
                digest.update(block)
                size += len(block)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error):
        return None
    return _Part(size, digest.hexdigest())


def _load(
    connection: Connection, archive: zipfile.ZipFile, name: str, told: Mapping[str, Json]
) -> int:
    """Insert the rows of a table, as it was in the version that made the backup."""
    columns = told["columns"]
    kinds = {
        it: models.Document() if kind == JSON_COLUMN else NullType() for it, kind in columns.items()
    }
    table = Table(name, MetaData(), *(Column(it, kind) for it, kind in kinds.items()))
    count = 0
    with archive.open(f"tables/{name}.jsonl") as lines:
        while batch := list(islice(lines, ROWS_AT_ONCE)):
            rows = [dict(zip(columns, json.loads(line), strict=True)) for line in batch]
            connection.execute(table.insert(), rows)
            count += len(rows)
    return count


def _begin_epoch(connection: Connection, epoch: str) -> None:
    """Let every branch go on in another epoch; sign-ins end, and codes, which may have been used since."""
    branch = models.Branch
    for row in connection.execute(select(branch.id, branch.head, branch.epoch, branch.restores)):
        restores = [*(row.restores or []), {"head": row.head, "before": row.epoch}]
        now = {"epoch": epoch, "restores": restores}
        connection.execute(update(branch).where(branch.id == row.id).values(now))
    connection.execute(update(models.RefreshToken).values(revoked=1))
    connection.execute(delete(models.RecoveryCode))


def _unpack(archive: zipfile.ZipFile, manifest: Mapping[str, Json], data: Path) -> int:
    """Write attachments, then the keys, renewed: a folder with keys is one that is whole."""
    names = sorted(it for it in manifest["parts"] if it.startswith(f"{ATTACHMENTS}/"))
    try:
        for name in names:
            with archive.open(name) as part:
                _write_whole(data / name, _blocks(part))
        _write_whole(data / keys.FILE, iter([keys.renewed(archive.read(keys.FILE))]))
    except BaseException:  # nothing is left of what was not restored whole
        shutil.rmtree(data / ATTACHMENTS, ignore_errors=True)
        raise
    return len(names)


def _write_whole(target: Path, blocks: Iterator[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for block in blocks:
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(target)
    _sync_folder(target.parent)
