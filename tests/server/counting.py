"""Counting what a request costs: statements, and on SQLite the steps of its virtual machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event, text

BOUNDS = ("BEGIN", "COMMIT", "ROLLBACK")
STEPS = 100
"""Every so many steps SQLite calls back; the count is exact to this."""


@dataclass
class Counted:
    """The statements that ran; `traced` is SQLite's own account of them, `steps` its work."""

    sent: list[str] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)
    steps: int = 0

    @property
    def statements(self) -> int:
        """How many statements ran, without BEGIN, COMMIT and ROLLBACK."""
        return len(self.sent)


@dataclass
class Reads:
    """What PostgreSQL read: `rows` by scans of whole tables, `entries` of indexes in `scans` of them."""

    rows: int = 0
    entries: int = 0
    scans: int = 0


READS = text(
    "SELECT (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables),"
    " coalesce(sum(idx_tup_read), 0), coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes"
)


@contextmanager
def reading_counted(engine: Engine) -> Iterator[Reads]:
    """Count what PostgreSQL reads meanwhile; its statistics are exact once every backend has told them."""
    reads, before = Reads(), _reads_so_far(engine)
    yield reads
    after = _reads_so_far(engine)
    reads.rows, reads.entries, reads.scans = (b - a for a, b in zip(before, after, strict=True))


def _reads_so_far(engine: Engine) -> tuple[int, ...]:
    with (
        engine.connect() as connection
    ):  # the server's own: one at a time, so the only one there is
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.commit()
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        return tuple(int(it) for it in connection.execute(READS).one())


@contextmanager
def counting(engine: Engine) -> Iterator[Counted]:
    """Count everything that *engine* executes meanwhile; an `executemany` counts once for each row."""
    counted = Counted()

    def before(
        _: Any, __: Any, statement: str, parameters: Any, ___: Any, executemany: bool
    ) -> None:
        if not statement.startswith(BOUNDS):
            counted.sent.extend([statement] * (len(parameters) if executemany else 1))

    def trace(statement: str) -> None:
        if not statement.startswith((*BOUNDS, "--")):
            counted.traced.append(statement)

    def step() -> int:
        counted.steps += STEPS
        return 0

    def checkout(raw: Any, _: Any, __: Any) -> None:
        raw.set_trace_callback(trace)
        raw.set_progress_handler(step, STEPS)

    def checkin(raw: Any, _: Any) -> None:
        raw.set_trace_callback(None)
        raw.set_progress_handler(None, STEPS)

    listeners: list[tuple[str, Callable[..., Any]]] = [("before_cursor_execute", before)]
    if engine.dialect.name == "sqlite":
        listeners += [("checkout", checkout), ("checkin", checkin)]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield counted
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
