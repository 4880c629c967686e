"""The store's file: opened, locked, checked and brought up to date; its driver's errors translated.

SQLCipher's library serves plain files too, so there is one driver. WAL with `synchronous=FULL`:
what was said to be saved survives a power cut. The exclusive lock is SQLite's own and ends with the
process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import sqlcipher3.dbapi2 as driver
from sqlite_utils import Database

from field_client.faults import (
    FieldError,
    StoreInUseError,
    StoreNewerError,
    StoreNotWritableError,
    StoreUnreadableError,
)

MIGRATIONS = (
    "store.sql", "signing_key.sql", "merged.sql", "epochs.sql", "attachments.sql", "drafts.sql",
)  # fmt: skip
"""Each brings the store one version further; `PRAGMA user_version` counts those done."""

LOCK_SECONDS = 1.0
"""How long a second process waits: long enough for a short command of the first to end."""


def connect(path: Path, key: bytes | None = None) -> Database:
    """Open the file at *path* without reading anything; *key* is SQLCipher's raw key of 32 bytes."""
    with translated(path):
        connection = driver.connect(str(path), timeout=LOCK_SECONDS, isolation_level=None)
        if key is not None:
            connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return Database(cast(Any, connection))


def open_database(path: Path, key: bytes | None = None) -> Database:
    """Open the store at *path*, made and brought up to date where needed, for this process alone.

    Raises:
        FieldError: it is in use, damaged, not writable or of a later version.
    """
    _make(path)
    database = connect(path, key)
    try:
        with translated(path):
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("BEGIN EXCLUSIVE")
            try:
                _migrate(database, path)
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


def _make(path: Path) -> None:
    """Make a missing file readable by its owner alone; a folder that cannot be written shows later."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        pass


def _migrate(database: Database, path: Path) -> None:
    done = int(database.execute("PRAGMA user_version").fetchone()[0])
    if done > len(MIGRATIONS):
        raise StoreNewerError(path=str(path))
    for name in MIGRATIONS[done:]:
        for statement in _statements(files("field_client").joinpath(name).read_text("utf-8")):
            database.execute(statement)
    if done < len(MIGRATIONS):
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: `executescript` would commit before it begins."""
    lines = (line.partition("--")[0].rstrip() for line in script.splitlines())
    for statement in "\n".join(line for line in lines if line).split(";"):
        if statement.strip():
            yield statement


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors into what a user can act on."""
    try:
        yield
    except driver.DatabaseError as error:
        raise _translation(str(error), path) from error


def _translation(said: str, path: Path) -> FieldError:
    if "locked" in said or "busy" in said:
        return StoreInUseError(path=str(path))
    if any(it in said for it in ("full", "readonly", "read-only", "unable to open", "I/O")):
        return StoreNotWritableError(path=str(path), said=said)
    return StoreUnreadableError(path=str(path), said=said)
