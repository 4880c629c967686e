"""A DB-API driver over apsw: the product runs on it unchanged, and its file layer fails where a test wants it.

It stands in for `sqlcipher3.dbapi2`, whose own file layer nobody can reach; only what the product and its
libraries use is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import apsw

NAME = "failing"
apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(map(int, sqlite_version.split(".")))
PARSE_DECLTYPES, PARSE_COLNAMES = 1, 2
Binary, Row = bytes, tuple


class Error(Exception):
    """Whatever the driver says."""


class DatabaseError(Error):
    """What the database says."""


class OperationalError(DatabaseError):
    """The disk, a lock, a missing table."""


class IntegrityError(DatabaseError):
    """A constraint is broken."""


class InterfaceError(Error):
    """Never raised; libraries ask for the name."""


DataError = InternalError = NotSupportedError = ProgrammingError = OperationalError

SAID: Mapping[type[apsw.Error], tuple[type[DatabaseError], str]] = {
    apsw.IOError: (OperationalError, "disk I/O error"),
    apsw.FullError: (OperationalError, "database or disk is full"),
    apsw.BusyError: (OperationalError, "database is locked"),
    apsw.CantOpenError: (OperationalError, "unable to open database file"),
    apsw.ConstraintError: (IntegrityError, "constraint failed"),
    apsw.CorruptError: (DatabaseError, "database disk image is malformed"),
    apsw.NotADBError: (DatabaseError, "file is not a database"),
}


def translated(error: apsw.Error) -> DatabaseError:
    """Return what SQLite's own driver would have raised."""
    kind, said = SAID.get(type(error), (OperationalError, str(error)))
    return kind(said)


# ------------------------------------------------------------------------------------- connections


def connect(database: str, timeout: float = 5.0, **_: Any) -> Connection:
    """Open a database through the file layer that fails."""
    try:
        opened = apsw.Connection(database, vfs=NAME)
    except apsw.Error as error:
        raise translated(error) from error
    opened.set_busy_timeout(int(timeout * 1000))
    return Connection(opened)


@dataclass
class Connection:
    """A connection without transactions of its own: `isolation_level` is always None."""

    raw: apsw.Connection
    isolation_level: str | None = None
    row_factory: Any = None

    @property
    def in_transaction(self) -> bool:
        return self.raw.in_transaction

    def cursor(self) -> Cursor:
        return Cursor(self.raw)

    def execute(self, statement: str, values: Any = ()) -> Cursor:
        return self.cursor().execute(statement, values)

    def executemany(self, statement: str, values: Any) -> Cursor:
        return self.cursor().executemany(statement, values)

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def create_function(
        self, name: str, count: int, made: Callable[..., Any], deterministic: bool = False
    ) -> None:
        self.raw.create_scalar_function(name, made, count, deterministic=deterministic)

    def set_trace_callback(self, callback: Any) -> None:
        """Nobody listens."""

    def close(self) -> None:
        self.raw.close(True)


@dataclass
class Cursor:
    """A statement and all its rows, fetched at once, as a busy program's would be in the end."""

    raw: apsw.Connection
    description: tuple[tuple[Any, ...], ...] | None = None
    rowcount: int = -1
    arraysize: int = 1
    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def lastrowid(self) -> int:
        return self.raw.last_insert_rowid()

    def execute(self, statement: str, values: Any = ()) -> Cursor:
        self._run(lambda cursor: cursor.execute(statement, _plain(values)))
        return self

    def executemany(self, statement: str, several: Any) -> Cursor:
        self._run(lambda cursor: cursor.executemany(statement, [_plain(it) for it in several]))
        return self

    def _run(self, run: Callable[[apsw.Cursor], apsw.Cursor]) -> None:
        cursor, before = self.raw.cursor(), self.raw.total_changes()
        self.description = None
        cursor.set_exec_trace(self._note)
        try:
            self._rows = list(run(cursor))
        except apsw.Error as error:
            raise translated(error) from error
        finally:
            cursor.close(True)
        told: Any = self.description  # the trace has set it meanwhile
        self.rowcount = self.raw.total_changes() - before if told is None else -1

    def _note(self, cursor: apsw.Cursor, _: str, __: Any) -> bool:
        columns = cursor.get_description()
        self.description = tuple((it[0], *(None,) * 6) for it in columns) or None
        return True

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchall())

    def close(self) -> None:
        self._rows = []


def _plain(values: Any) -> Any:
    return values if isinstance(values, Mapping) else tuple(values)


# ---------------------------------------------------------------------------------------- the file layer


@dataclass
class Trouble:
    """When the disk fails: at its operation number `at` from when it was set, once or from then on.

    Attributes:
        kind: what SQLite is told: `apsw.IOError`, `apsw.FullError`.
        operations: how many there were.
        failed: how many of them did.
    """

    at: int | None = None
    lasting: bool = False
    kind: type[apsw.Error] = apsw.IOError
    only_writing: bool = False
    operations: int = 0
    failed: int = 0

    def meet(self, writes: bool = True) -> None:
        """Count an operation, and fail if it is the one."""
        if self.only_writing and not writes:
            return
        self.operations += 1
        if self.at is not None and (
            self.operations == self.at or (self.lasting and self.operations > self.at)
        ):
            self.failed += 1
            raise self.kind("injected")


class FailingVfs(apsw.VFS):
    """The system's own files, but for `trouble`."""

    def __init__(self) -> None:
        super().__init__(NAME, "unix")
        self.trouble = Trouble()

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        self.trouble.meet()
        return FailingFile("unix", name, flags)


class FailingFile(apsw.VFSFile):
    """A file of the system, but for the trouble of its file layer."""

    def xRead(self, amount: int, offset: int) -> bytes:
        VFS.trouble.meet(writes=False)
        return super().xRead(amount, offset)

    def xWrite(self, data: Any, offset: int) -> None:
        VFS.trouble.meet()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        VFS.trouble.meet()
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:
        VFS.trouble.meet()
        super().xTruncate(newsize)


VFS = FailingVfs()
