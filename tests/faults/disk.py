"""A disk whose power can fail: SQLite's files in memory, and every operation on them in order.

What was written reaches the platter when it is synced. A cut leaves what was synced before it, and of what
was not any part: each write whole, torn or not at all, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, TypeAlias

import apsw

SHARE_TORN = 0.2
SECTOR_BYTES = 4096
NAME = "power"


@dataclass(frozen=True)
class Write:
    """Bytes put at a place of a file."""

    file: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    """A file made shorter."""

    file: str
    size: int


@dataclass(frozen=True)
class Sync:
    """Everything done to a file so far put on the platter."""

    file: str


@dataclass(frozen=True)
class Delete:
    """A file taken out of its folder."""

    file: str


Operation: TypeAlias = Write | Truncate | Sync | Delete


@dataclass
class Disk:
    """Files as the programs see them, and what was done to them so far."""

    files: dict[str, bytearray] = field(default_factory=dict)
    done: list[Operation] = field(default_factory=list)

    @classmethod
    def holding(cls, files: Mapping[str, bytes]) -> Disk:
        """Return a disk with *files* on it."""
        return cls({name: bytearray(it) for name, it in files.items()})

    def do(self, operation: Operation) -> None:
        """Do something to a file, and note it."""
        _apply(self.files, operation)
        self.done.append(operation)


def _apply(files: dict[str, bytearray], operation: Write | Truncate | Sync | Delete) -> None:
    match operation:
        case Write(name, offset, data):
            held = files.setdefault(name, bytearray())
            if len(held) < offset:
                held.extend(bytes(offset - len(held)))
            held[offset : offset + len(data)] = data
        case Truncate(name, size):
            del files.setdefault(name, bytearray())[size:]
        case Delete(name):
            files.pop(name, None)


def after_cut(
    before: Mapping[str, bytes], done: Iterable[Operation], random: Random
) -> dict[str, bytes]:
    """Return what a disk that held *before* holds when the power fails after *done*."""
    platter = {name: bytearray(it) for name, it in before.items()}
    loose: dict[str, list[Operation]] = {}
    for one in done:
        match one:
            case Sync(name):
                for it in loose.pop(name, ()):
                    _apply(platter, it)
                platter.setdefault(name, bytearray())
            case _:
                loose.setdefault(one.file, []).append(one)
    share_kept = random.choice((0.0, 0.5, 0.9, 1.0))
    for several in loose.values():
        for it in several:
            if random.random() < share_kept:
                _apply(platter, _torn(it, random) if isinstance(it, Write) else it)
    return {name: bytes(it) for name, it in platter.items()}


def _torn(write: Write, random: Random) -> Write:
    if random.random() >= SHARE_TORN:
        return write
    return Write(write.file, write.offset, write.data[: random.randrange(len(write.data) + 1)])


# ---------------------------------------------------------------------------------- SQLite's file layer


class PowerVfs(apsw.VFS):
    """Serves the files of `disk`."""

    def __init__(self) -> None:
        super().__init__(NAME, "", maxpathname=512)
        self.disk = Disk()
        self._nameless = count()

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:
        return pathname in self.disk.files

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.disk.do(Delete(filename))

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        text = name.filename() if isinstance(name, apsw.URIFilename) else name
        return PowerFile(self.disk, text or f"nameless-{next(self._nameless)}", flags)


class PowerFile:
    """One open file."""

    def __init__(self, disk: Disk, name: str, flags: list[int]) -> None:
        self.disk, self.name = disk, name
        disk.files.setdefault(name, bytearray())
        flags[1] = flags[0]

    @property
    def held(self) -> bytearray:
        return self.disk.files.setdefault(self.name, bytearray())

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self.held[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.do(Write(self.name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        self.disk.do(Truncate(self.name, newsize))

    def xSync(self, flags: int) -> None:
        self.disk.do(Sync(self.name))

    def xFileSize(self) -> int:
        return len(self.held)

    def xLock(self, level: int) -> None:
        """Nobody else has the file."""

    def xUnlock(self, level: int) -> None:
        """Nobody else has the file."""

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:
        """Nothing is kept open."""


VFS = PowerVfs()
