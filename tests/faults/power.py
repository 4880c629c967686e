"""A session said again on a disk whose power fails, and what is left of it afterwards."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import apsw

from tests.faults.disk import NAME, VFS, Disk, Operation, after_cut
from tests.faults.recorded import Session

FILE = "branch.sqlite3"
CHECKPOINTS = (1000, 40, 4)
"""Pages of the log after which it is copied back: SQLite's own number, and fewer, so that cuts fall there too."""


@dataclass
class Played:
    """A session as operations of a disk.

    Attributes:
        acknowledged: how many operations were done when a transaction's end was said to have come, in order.
        states: what the database then held; one more than `acknowledged`, from before the first.
    """

    before: dict[str, bytes]
    done: list[Operation] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)


def opened(disk: Disk) -> apsw.Connection:
    """Open the database on *disk*, alone: WAL in a file layer without shared memory."""
    VFS.disk = disk
    connection = apsw.Connection(FILE, vfs=NAME)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection


def state_of(connection: apsw.Connection) -> str:
    """Return a fingerprint of every row of every table."""
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    found = hashlib.sha256()
    for (name,) in connection.execute(tables).fetchall():
        found.update(str(name).encode())
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            found.update(repr(row).encode())
    return found.hexdigest()


def play(session: Session, checkpoint: int = 1000, synchronous: str = "FULL") -> Played:
    """Say a session again; *synchronous* stands for what it asks."""
    disk = Disk.holding({FILE: session.before})
    played = Played({FILE: session.before})
    connection = opened(disk)
    connection.wal_autocheckpoint(checkpoint)
    played.states.append(state_of(connection))
    for statement in session.statements:
        connection.execute(_asked(statement, synchronous)).fetchall()
        if statement.upper() == "COMMIT":
            played.acknowledged.append(len(disk.done))
            played.states.append(state_of(connection))
    connection.close()
    played.done = disk.done
    return played


def _asked(statement: str, synchronous: str) -> str:
    plain = statement.upper().replace(" ", "")
    return (
        f"PRAGMA synchronous={synchronous}" if plain.startswith("PRAGMASYNCHRONOUS") else statement
    )


def cut(played: Played, seed: int, again: bool = True) -> str:
    """Let the power fail once, and in one of four cases again while what is left is mended.

    Returns:
        `kept`: every acknowledged transaction is there and nothing by halves; `lost`; `torn`; `corrupt`.
    """
    random = Random(seed)
    place = random.randrange(len(played.done) + 1)
    acknowledged = sum(it <= place for it in played.acknowledged)
    left = after_cut(played.before, played.done[:place], random)
    disk = Disk.holding(left)
    found = _found(disk, played, acknowledged)
    if found == "kept" and random.random() < 0.25:
        left = after_cut(left, disk.done[: random.randrange(len(disk.done) + 1)], random)
        found = _found(Disk.holding(left), played, acknowledged)
    return found


def _found(disk: Disk, played: Played, acknowledged: int) -> str:
    connection = opened(disk)
    try:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return "corrupt"
        state = state_of(connection)
    except apsw.Error:
        return "corrupt"
    finally:
        connection.close(True)
    if state in played.states[acknowledged:]:
        return "kept"
    return "lost" if state in played.states else "torn"


def tally(session: Session, cuts: int, synchronous: str = "FULL") -> Counter[str]:
    """Return what became of a session whose power failed so many times."""
    variants = [play(session, it, synchronous) for it in CHECKPOINTS]
    return Counter(cut(variants[it % len(variants)], it) for it in range(cuts))
