"""Engines and transactions: SQLite by default, PostgreSQL by URL.

SQLite runs from the one bundled with `sqlcipher3` (the system's may carry the WAL-reset bug, fixed in 3.51.3), in WAL
with synchronous=FULL, and every writing transaction begins IMMEDIATE, so that none fails half way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy import exc as sql
from sqlalchemy.engine import make_url
from sqlcipher3 import dbapi2 as sqlite

from server.field_models import Base  # and with it every table

db = SQLAlchemy(metadata=Base.metadata)
LEAST_SQLITE = (3, 51, 3)
BUSY_SECONDS = 30


class DatabaseError(RuntimeError):
    """The database cannot be used as it is; the message says what to do."""


def is_trouble(error: BaseException) -> bool:
    """Tell whether the database itself failed (disk, lock, connection, damage), and not what was asked of it."""
    # SQLite tells of damage in the plain class, PostgreSQL as an internal error.
    return isinstance(error, sql.OperationalError | sql.InternalError) or type(error) is (
        sql.DatabaseError
    )


def engine_options(url: str) -> dict[str, Any]:
    """Return the options with which an engine for *url* keeps the promises above.

    Raises:
        DatabaseError: when the SQLite library is older than 3.51.3.
    """
    pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 8, "hide_parameters": True}
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True, **pool}
    if sqlite.sqlite_version_info < LEAST_SQLITE:
        found = sqlite.sqlite_version
        raise DatabaseError(
            f"SQLite {found} may corrupt a busy database; 3.51.3 or later is needed"
        )
    file = make_url(url).database
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    return {"module": sqlite, "connect_args": connect, **pool}


def prepare(engine: Engine) -> Engine:
    """Make every connection of *engine* keep the promises above."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(raw: Any, _: Any) -> None:
    """Let the planner look records up one by one: the cost of a push must not grow with the branch."""
    raw.autocommit = True
    raw.execute("SET random_page_cost = 1.1")
    raw.autocommit = False


def _prepare_sqlite(raw: Any, _: Any) -> None:
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write; it commits whole or not at all."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads, and never waits for a writer."""
    with engine.connect().execution_options(reading=True) as connection:
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads, and sees one moment through all its statements."""
    options: dict[str, Any] = {"reading": True}
    if engine.dialect.name != "sqlite":  # which never does otherwise
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection:
        yield connection
