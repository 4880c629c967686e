"""What may be attached: media types, and how the bytes of each begin.

A type is in the list because field work has a use for it. What a browser would run (SVG, HTML) is not, and
neither is what hides where a picture was taken in a way that cannot be covered (HEIC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Medium:
    """A media type: the ending of its files, and whether it is a picture that a page may show.

    Attributes:
        marks: bytes at offsets, each list one way in which such a file begins; none: any bytes are.
    """

    ending: str
    is_picture: bool = False
    marks: tuple[tuple[tuple[int, bytes], ...], ...] = ()

    def begins(self, head: bytes) -> bool:
        """Tell whether *head*, the first bytes of a file, are those of this type."""
        return not self.marks or any(
            all(head[at : at + len(it)] == it for at, it in mark) for mark in self.marks
        )


def _at_start(*beginnings: bytes) -> tuple[tuple[tuple[int, bytes], ...], ...]:
    return tuple(((0, it),) for it in beginnings)


def _brands(*names: bytes) -> tuple[tuple[tuple[int, bytes], ...], ...]:
    return tuple(((4, b"ftyp" + it),) for it in names)


_MP4 = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash")
"""Brands of files that hold sound; HEIC and AVIF are of the same family and have others."""
_WAVE = (((0, b"RIFF"), (8, b"WAVE")),)
OPAQUE = "application/octet-stream"
MEDIA: Mapping[str, Medium] = {
    "image/jpeg": Medium("jpg", True, _at_start(b"\xff\xd8\xff")),
    "image/png": Medium("png", True, _at_start(b"\x89PNG\r\n\x1a\n")),
    "image/webp": Medium("webp", True, (((0, b"RIFF"), (8, b"WEBP")),)),
    "application/pdf": Medium("pdf", marks=_at_start(b"%PDF-")),
    "audio/mp4": Medium("m4a", marks=_brands(*_MP4)),
    "audio/3gpp": Medium("3gp", marks=_brands(b"3gp", b"3g2")),
    "audio/mpeg": Medium(
        "mp3", marks=_at_start(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")
    ),
    "audio/aac": Medium("aac", marks=_at_start(b"\xff\xf1", b"\xff\xf9")),
    "audio/amr": Medium("amr", marks=_at_start(b"#!AMR")),
    "audio/ogg": Medium("ogg", marks=_at_start(b"OggS")),
    "audio/webm": Medium("weba", marks=_at_start(b"\x1a\x45\xdf\xa3")),
    "audio/wav": Medium("wav", marks=_WAVE),
    OPAQUE: Medium("bin"),
}
HEAD_BYTES = 16


def told_by(head: bytes) -> str | None:
    """Return the media type that the first bytes of a file tell of, or None."""
    return next((name for name, it in MEDIA.items() if it.marks and it.begins(head)), None)
