"""Counting what a request costs: statements, and on SQLite the steps of its virtual machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

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
