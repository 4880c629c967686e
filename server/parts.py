"""The file of an unfinished upload: how far it has come is its length, and nothing else.

Each piece is appended only where the file is exactly as long as its sender believes, under the file's
lock, and no lock is held while waiting for a network. So of two who send the same part one gets through,
nothing interleaves, and a sender who went silent stops nobody.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from schemas import problems
from server.blobs import BLOCK, room, sync_folder

FOLDER = "uploads"
READ_BYTES = 1024
PIECE_BYTES = 16 * 1024
"""At most so many bytes that have come are lost with a killed server."""


@dataclass(frozen=True)
class Checksum:
    """What a part is to add up to: `sha1` or `sha256`, and the digest."""

    algorithm: str
    digest: bytes


def make(data: Path, name: str) -> None:
    """Make an empty file for the upload *name*."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with room():
        os.close(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        sync_folder(folder)


def path(data: Path, name: str) -> Path:
    """Return where the file of the upload *name* is."""
    return data / FOLDER / name


@contextmanager
def opened(file: Path) -> Iterator[int | None]:
    """Open the file of an upload; None: it is not there (any more)."""
    try:
        handle = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def size_on_disk(handle: int) -> int:
    """Return how long the file is, once that much of it is on the disk."""
    size = os.fstat(handle).st_size
    with room():
        os.fsync(handle)
    return size


@contextmanager
def locked(handle: int) -> Iterator[None]:
    """Keep every other writer of the file away."""
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def append(handle: int, offset: int, most: int, source: IO[bytes]) -> int:
    """Append what comes, at most *most* bytes, at *offset*; return the new length, which is on the disk.

    What has come before a broken connection stays.

    Raises:
        problems.OffsetConflictError: the file ends elsewhere.
        problems.RequestTimeoutError, problems.BadRequestError: the rest did not come.
        problems.StorageFullError: there is no room for more.
    """
    at = offset
    with room():
        try:
            for piece in _pieces(source, most):
                with locked(handle):
                    _put(handle, at, piece)
                at += len(piece)
        finally:
            os.fsync(handle)
    return at


def append_checked(
    handle: int, offset: int, most: int, source: IO[bytes], expected: Checksum, near: Path
) -> int:
    """Append what comes if it adds up to *expected*; else nothing of it.

    Raises:
        problems.ChecksumMismatchError: it does not.
        problems.XiangxinError: as `append` does.
    """
    digest = hashlib.new(expected.algorithm, usedforsecurity=False)
    with room(), tempfile.TemporaryFile(dir=near) as held:
        for piece in _pieces(source, most):
            held.write(piece)
            digest.update(piece)
        if digest.digest() != expected.digest:
            raise problems.ChecksumMismatchError
        held.seek(0)
        with locked(handle):
            at = offset
            try:
                for piece in iter(lambda: held.read(BLOCK), b""):
                    _put(handle, at, piece)
                    at += len(piece)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, offset)
                raise
    return at


def _pieces(source: IO[bytes], most: int) -> Iterator[bytes]:
    """Yield what comes; of a connection that breaks, first what had come."""
    piece, left = bytearray(), most
    try:
        while left and (read := source.read(min(READ_BYTES, left))):
            left -= len(read)
            piece += read
            if len(piece) >= PIECE_BYTES:
                yield bytes(piece)
                piece.clear()
    except TimeoutError as error:
        yield bytes(piece)
        raise problems.RequestTimeoutError from error
    except OSError as error:
        yield bytes(piece)
        raise problems.BadRequestError from error
    yield bytes(piece)


def _put(handle: int, at: int, piece: bytes) -> None:
    told = os.fstat(handle)
    if told.st_nlink == 0:
        raise problems.NotFoundError  # it was ended meanwhile
    if told.st_size != at:
        raise problems.OffsetConflictError
    left = memoryview(piece)
    while left:
        left = left[os.pwrite(handle, left, at + len(piece) - len(left)) :]
