"""Bytes of attachments on the disk: each content once, in a file named after its SHA-256.

A file appears under its name by a rename, whole and on the disk, or not at all. Coming again it replaces
the one that is there, so that a damaged one is healed by whoever still has the bytes.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from schemas import problems

FOLDER = "attachments"
BLOCK = 1 << 20


def blob_path(data: Path, sha256: str) -> Path:
    """Return where the bytes with this hash are, or would be."""
    return data / FOLDER / sha256[:2] / sha256[2:]


def keep(data: Path, part: Path, sha256: str) -> None:
    """Move a finished file, which is on the disk, to its place."""
    target = blob_path(data, sha256)
    fresh = [it for it in (target.parent, target.parent.parent) if not it.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    part.rename(target)
    for folder in (target.parent, *(it.parent for it in fresh), part.parent):
        sync_folder(folder)


def hash_of(source: IO[bytes]) -> str:
    """Return the SHA-256 of what is left to read."""
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def is_sound(data: Path, sha256: str, size: int) -> bool:
    """Tell whether the bytes with this hash are there and are what they were."""
    try:
        with blob_path(data, sha256).open("rb") as opened:
            return os.fstat(opened.fileno()).st_size == size and hash_of(opened) == sha256
    except OSError:
        return False


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def room() -> Iterator[None]:
    """Turn a full disk into its problem.

    Raises:
        problems.StorageFullError: there is no room.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise problems.StorageFullError from error


class CoveredFile:
    """A file whose covered stretches are read as what stands for them; as long as the file itself."""

    def __init__(self, opened: IO[bytes], covers: list[list[Any]]) -> None:
        self._opened = opened
        self._covers = [(at, bytes.fromhex(first).ljust(length, b"\0")) for at, length, first in covers]  # fmt: skip

    def read(self, size: int = -1) -> bytes:
        """Read on from where the file stands."""
        begins = self._opened.tell()
        plain = self._opened.read(size)
        ends = begins + len(plain)
        shown = bytearray(plain)
        for at, told in self._covers:
            low, high = max(at, begins), min(at + len(told), ends)
            if low < high:
                shown[low - begins : high - begins] = told[low - at : high - at]
        return bytes(shown)

    def seekable(self) -> bool:
        """Say that ranges may be read."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Stand elsewhere."""
        return self._opened.seek(offset, whence)

    def tell(self) -> int:
        """Return where the file stands."""
        return self._opened.tell()

    def close(self) -> None:
        """Close the file."""
        self._opened.close()
