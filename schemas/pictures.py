"""What a picture says of itself beside what it shows: its size, and where and with what it was taken.

Nothing is decoded: headers are followed from one to the next, and whatever follows no rule is left as it
is. Covering keeps every length, so that a covered picture is the same file but for what it does not tell;
of Exif only the orientation stays. (JPEG: ITU T.81, Exif 2.32; PNG: W3C, third edition; WebP: RFC 9649.)
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

Bytes = bytes | mmap
MOST_PARTS = 10_000
ORIENTATION = 0x0112
_EXIF = b"Exif\x00\x00"
_ICC = b"ICC_PROFILE\x00"
_NOTE = b"noTe"
"""A PNG chunk that nobody knows and everybody may skip."""


@dataclass(frozen=True)
class Cover:
    """A stretch of a file that is not shown: at *offset*, so many bytes, told as *first* and zeros."""

    offset: int
    length: int
    first: bytes = b""


@dataclass(frozen=True)
class Picture:
    """What the headers of a picture say; width and height in pixels, 0 where they say none."""

    width: int = 0
    height: int = 0
    covers: tuple[Cover, ...] = ()


def look(data: Bytes, media_type: str) -> Picture:
    """Return what the headers of a picture say; of what is no picture, nothing."""
    steps = _READERS.get(media_type)
    if steps is None:
        return Picture()
    size, covers = (0, 0), []
    try:
        for found in steps(data):
            if isinstance(found, Cover):
                covers.append(found)
            elif size == (0, 0):
                size = found
    except (struct.error, IndexError):
        pass  # it ends in the middle of a header
    return Picture(*size, tuple(it for it in covers if it.length))


def covered(data: bytes, media_type: str) -> bytes:
    """Return a picture of the same length that does not tell where or with what it was taken."""
    told = bytearray(data)
    for it in look(data, media_type).covers:
        told[it.offset : it.offset + it.length] = it.first + bytes(it.length - len(it.first))
    return bytes(told)


# ----------------------------------------------------------------------------------------- JPEG


def _jpeg(data: Bytes) -> Iterator[Cover | tuple[int, int]]:
    at = 2
    for _ in range(MOST_PARTS):
        at, marker = _marker(data, at)
        if marker == 0xD9:
            yield Cover(at, len(data) - at)  # further pictures, with Exif of their own, may follow
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        body, ends = at + 2, min(at + length, len(data))
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, body + 1)
            yield width, height
        elif cover := _jpeg_cover(data, marker, body, ends):
            yield cover
        at = _scanned(data, ends) if marker == 0xDA else ends


def _marker(data: Bytes, at: int) -> tuple[int, int]:
    """Return the marker at *at* and where it ends; fill bytes before it are passed over."""
    if data[at] != 0xFF:
        raise IndexError(at)
    while data[at] == 0xFF:
        at += 1
    return at + 1, data[at]


def _scanned(data: Bytes, at: int) -> int:
    """Return where the marker after the compressed data at *at* begins."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError(at)
        if data[at + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _jpeg_cover(data: Bytes, marker: int, body: int, ends: int) -> Cover | None:
    if marker == 0xE1 and data[body : body + 6] == _EXIF:
        return Cover(body, ends - body, _turned(data[body + 6 : ends])[: ends - body])
    if marker in (0xE1, 0xED) or (marker == 0xE2 and data[body : body + 12] != _ICC):
        return Cover(body, ends - body)
    return None


def _turned(tiff: bytes) -> bytes:
    """Return Exif that holds the orientation alone; nothing where there is none to keep."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return b""
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for place in range(count):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * place)
            if tag == ORIENTATION and 1 < value <= 8:
                entry = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, value, 0, 0)
                return _EXIF + b"MM\x00*\x00\x00\x00\x08" + entry
    except struct.error:
        pass
    return b""


# ------------------------------------------------------------------------------------------ PNG


def _png(data: Bytes) -> Iterator[Cover | tuple[int, int]]:
    at = 8
    for _ in range(MOST_PARTS):
        length, kind = struct.unpack_from(">I4s", data, at)
        body, ends = at + 8, at + 8 + length
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", data, body)
            yield width, height
        elif kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt") and ends + 4 <= len(data):
            crc = zlib.crc32(_NOTE + bytes(length)) if length < len(data) else 0
            yield Cover(at + 4, 4, _NOTE)
            yield Cover(body, length)
            yield Cover(ends, 4, struct.pack(">I", crc))
        at = ends + 4
        if kind == b"IEND":
            yield Cover(at, max(0, len(data) - at))  # its checksum may have been cut off
            return


# ----------------------------------------------------------------------------------------- WebP


def _webp(data: Bytes) -> Iterator[Cover | tuple[int, int]]:
    (told,) = struct.unpack_from("<I", data, 4)
    whole = min(8 + told, len(data))
    yield Cover(whole, len(data) - whole)
    at = 12
    while at + 8 <= whole:
        kind, length = struct.unpack_from("<4sI", data, at)
        body = at + 8
        if kind in (b"VP8X", b"VP8 ", b"VP8L"):
            yield _webp_size(data, kind, body)
        elif kind in (b"EXIF", b"XMP "):
            yield Cover(body, max(0, min(length, whole - body)))
        at = body + length + length % 2


def _webp_size(data: Bytes, kind: bytes, body: int) -> tuple[int, int]:
    if kind == b"VP8X":
        low, high = (int.from_bytes(data[it : it + 3], "little") for it in (body + 4, body + 7))
        return low + 1, high + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, body + 6)
        return width & 0x3FFF, height & 0x3FFF
    (bits,) = struct.unpack_from("<I", data, body + 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_READERS = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
