"""What a picture's file says beside the picture: read, and covered without moving a byte."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.media import MEDIA, told_by
from schemas.pictures import covered, look

PLACE = b"30.1234N 103.5678E"
XMP = b"http://ns.adobe.com/xap/1.0/\x00<exif:GPSLatitude>" + PLACE
SHAPE = struct.pack(">HBHHB", 11, 8, 1200, 1600, 1) + b"\x01\x11\x00"
SCAN = struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"pixels\xff\x00pixels\xff\xd0\x12"


def tiff(orientation: int, order: str = ">") -> bytes:
    """Return Exif with an orientation and a place."""
    mark = b"MM\x00*" if order == ">" else b"II*\x00"
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack(order + "HHII", 0x8825, 4, 1, 60)
    return mark + struct.pack(order + "IH", 8, 2) + entries + bytes(4) + PLACE


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes, tail: bytes = b"") -> bytes:
    """Return a JPEG of 1,600 by 1,200 pixels with segments before its picture and bytes after it."""
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xc0" + SHAPE + b"\xff\xda" + SCAN + b"\xff\xd9" + tail  # fmt: skip


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1600, 1200, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes], tail: bytes = b"") -> bytes:
    size = struct.pack("<I", 1599)[:3] + struct.pack("<I", 1199)[:3]
    parts = ((b"VP8X", b"\x0c\0\0\0" + size), *chunks)
    body = b"".join(k + struct.pack("<I", len(it)) + it + b"\0" * (len(it) % 2) for k, it in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body + tail


TELLING = {
    "exif": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + tiff(6)))),
    "exif, little-endian": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + tiff(6, "<")))),
    "exif, broken": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + PLACE))),
    "xmp": ("image/jpeg", jpeg(segment(0xE1, XMP))),
    "iptc": ("image/jpeg", jpeg(segment(0xED, b"Photoshop 3.0\0" + PLACE))),
    "mpf": ("image/jpeg", jpeg(segment(0xE2, b"MPF\0" + PLACE))),
    "a second picture": ("image/jpeg", jpeg(tail=jpeg(segment(0xE1, XMP)))),
    "fill bytes": ("image/jpeg", jpeg(b"\xff\xff", segment(0xE1, XMP))),
    "png exif": ("image/png", png(chunk(b"eXIf", tiff(6)))),
    "png xmp": ("image/png", png(chunk(b"iTXt", XMP), chunk(b"tEXt", b"Comment\0" + PLACE))),
    "png tail": ("image/png", png() + PLACE),
    "webp exif": ("image/webp", webp((b"EXIF", tiff(6)), (b"VP8 ", b"pixels"))),
    "webp xmp": ("image/webp", webp((b"VP8 ", b"pixel"), (b"XMP ", XMP))),
    "webp tail": ("image/webp", webp((b"VP8 ", b"pixels"), tail=PLACE)),
}


@pytest.mark.parametrize(("media_type", "data"), TELLING.values(), ids=TELLING)
def test_where_a_picture_was_taken_is_covered_and_nothing_moves(
    media_type: str, data: bytes
) -> None:
    assert PLACE in data

    shown = covered(data, media_type)

    assert PLACE not in shown
    assert len(shown) == len(data)
    assert look(shown, media_type).width == look(data, media_type).width == 1600
    assert look(data, media_type).height == 1200
    assert covered(shown, media_type) == shown
    assert told_by(shown) == media_type


@pytest.mark.parametrize("order", [">", "<"])
def test_which_side_is_up_stays(order: str) -> None:
    data = jpeg(segment(0xE1, b"Exif\0\0" + tiff(6, order)))

    shown = covered(data, "image/jpeg")

    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in shown


def test_what_says_nothing_is_left_as_it_is() -> None:
    icc = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")
    for media_type, data in (
        ("image/jpeg", jpeg(segment(0xE0, b"JFIF\0"), icc)), ("image/png", png()),
        ("image/webp", webp()), ("application/pdf", b"%PDF-1.7 " + XMP), ("image/gif", b"GIF89a"),
    ):  # fmt: skip
        assert covered(data, media_type) == data


def test_a_covered_png_is_whole() -> None:
    shown, at, kinds = covered(png(chunk(b"eXIf", tiff(6))), "image/png"), 8, []
    while at < len(shown):
        (length,) = struct.unpack_from(">I", shown, at)
        kind, body = shown[at + 4 : at + 8], shown[at + 8 : at + 8 + length]
        assert shown[at : at + 12 + length] == chunk(kind, body)
        kinds.append(kind)
        at += 12 + length
    assert kinds == [b"IHDR", b"noTe", b"IEND"]


@given(data=st.data())
def test_no_bytes_break_the_reading_of_headers(data: st.DataObject) -> None:
    media_type, whole = data.draw(st.sampled_from(list(TELLING.values())))
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if damaged:
            at = data.draw(st.integers(0, len(damaged) - 1))
            damaged[at] = data.draw(st.integers(0, 255))

    assert len(covered(bytes(damaged), media_type)) == len(damaged)


@pytest.mark.parametrize("kind", TELLING)
def test_a_picture_that_was_cut_off_anywhere_keeps_its_length(kind: str) -> None:
    media_type, whole = TELLING[kind]
    for end in range(len(whole)):
        assert len(covered(whole[:end], media_type)) == end


def test_a_type_is_told_by_the_first_bytes() -> None:
    for name, it in MEDIA.items():
        for mark in it.marks:
            head = bytearray(16)
            for at, magic in mark:
                head[at : at + len(magic)] = magic
            assert told_by(bytes(head)) == name
    for other in (b"<svg", b"GIF89a", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif"):
        assert told_by(other) is None
    assert told_by(b"") is None
