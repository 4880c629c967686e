"""What is left of a store that a supervisor had wiped: nothing."""

from __future__ import annotations

from pathlib import Path

BESIDE = (
    "", "-wal", "-shm", "-journal", ".new", ".sealed", ".sealed.new", ".key", ".key.new",
)  # fmt: skip
"""How the files of a store end: SQLite's own, the sealed journal, the wrapped key, and halves of a change."""


def remove_store(store: Path) -> None:
    """Remove every file of a closed store; its key is destroyed before, so that no copy can be read."""
    for end in BESIDE:
        store.with_name(store.name + end).unlink(missing_ok=True)
