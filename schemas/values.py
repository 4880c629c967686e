"""Ids, stamps, instants, JSON equality: small values that cannot be wrong (standard library).

Whatever parses a word from outside raises ValueError for anything but the one written form that the
protocol names, also for values that are no text at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

Json = Any

MAX_MILLIS = 0xFFFF_FFFF_FFFF
MAX_COUNTER = 0xFFFF
NAMESPACE = UUID("6f0c2b52-3f4e-5c0a-9d0e-7d9a3b1e8c41")
"""The namespace of every derived id. It never changes: older ids would be made a second time."""

_RECORD_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_HLC = re.compile(r"([0-9a-f]{12})-([0-9a-f]{4})-(.*)", re.DOTALL)
_DEVICE = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,62}[0-9a-z])?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    # 24:00 is spelled out of it: later Pythons read it as the next day.
    _DATE.pattern + r"T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z"
)
_NATIONAL_ID = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999


def _matched(form: re.Pattern[str], text: object, what: str) -> re.Match[str]:
    found = form.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"not {what}")
    return found


# ------------------------------------------------------------------------------------------ ids


def uuid7(now_ms: int, random_bytes: bytes) -> str:
    """Return a new id: a UUID of version 7, in canonical lower-case form (RFC 9562, section 5.7).

    Args:
        now_ms: Milliseconds since 1970. A clock outside of what 48 bits hold counts as the nearest
            that they do hold: a wrong clock must not stop anybody's work.
        random_bytes: Ten bytes from a good source; 74 of their bits are used.
    """
    if len(random_bytes) != 10:
        raise ValueError("a UUID of version 7 takes ten random bytes")
    bits = min(max(now_ms, 0), MAX_MILLIS) << 80 | int.from_bytes(random_bytes, "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=bits))


def is_record_id(text: object) -> bool:
    """Tell whether *text* is a UUID in canonical lower-case form (any version, the RFC's variant).

    Only versions 5 and 7 are made here (protocol, section 1), but other people's programs may send
    their own.
    """
    return isinstance(text, str) and _RECORD_ID.fullmatch(text) is not None


def derived_id(*parts: str) -> str:
    """Return the id that follows from *parts*, the same whoever makes it (a UUID of version 5).

    The name is the parts as a JSON list, so that ("ab", "c") and ("a", "bc") give two ids.
    """
    return str(uuid5(NAMESPACE, canonical_json(list(parts))))


# --------------------------------------------------------------------------------------- stamps


@dataclass(frozen=True, order=True)
class Hlc:
    """A stamp of the hybrid logical clock; orders writes, and is never shown to people as a time.

    Stamps sort alike as values and as text (protocol, section 3). A device is named by its UUID;
    any short word of lower-case letters, digits and inner hyphens is accepted in its place.
    """

    millis: int
    counter: int
    device: str

    def __post_init__(self) -> None:
        if not 0 <= self.millis <= MAX_MILLIS or not 0 <= self.counter <= MAX_COUNTER:
            raise ValueError("stamp out of range")
        _matched(_DEVICE, self.device, "a device id")

    def __str__(self) -> str:
        return f"{self.millis:012x}-{self.counter:04x}-{self.device}"

    @classmethod
    def parse(cls, text: object) -> Hlc:
        """Return the stamp written as `<12 hex digits>-<4 hex digits>-<device id>`."""
        millis, counter, device = _matched(_HLC, text, "a stamp").groups()
        return cls(int(millis, 16), int(counter, 16), device)


# ---------------------------------------------------------------------------- instants and dates


def parse_instant(text: object) -> datetime:
    """Return the instant written in *text*: UTC, ISO 8601 with a final Z, at most six decimals.

    Naive times, bare dates, other offsets, leap seconds and days or years that do not exist (the
    year 0) are ValueErrors.
    """
    return datetime.fromisoformat(_matched(_INSTANT, text, "an instant").group())


def format_instant(instant: datetime) -> str:
    """Return *instant*, which must be aware, in UTC with milliseconds (cut, not rounded) and Z."""
    if instant.utcoffset() is None:
        raise ValueError("a naive time is no instant")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_millis(instant: datetime) -> int:
    """Return the whole milliseconds from 1970 to the aware *instant*; negative before."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_millis(millis: int) -> datetime:
    """Return the instant *millis* after 1970 in UTC, or the nearest that a datetime can hold."""
    return _EPOCH + timedelta(milliseconds=min(max(millis, _FIRST_MS), _LAST_MS))


def parse_date(text: object) -> date:
    """Return the business date written as YYYY-MM-DD; anything else is a ValueError."""
    return date.fromisoformat(_matched(_DATE, text, "a date").group())


# ---------------------------------------------------------------------------------- national ids


def is_national_id(text: object) -> bool:
    """Tell whether *text* is an 18-character id number: birth date and check digit (GB 11643).

    Source: domain.md, section 2.
    """
    if not isinstance(text, str) or not _NATIONAL_ID.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:17], strict=True))
    return text[17] == _CHECK_DIGITS[total % 11]


# ------------------------------------------------------------------------------------------ JSON


def canonical_json(value: Json) -> str:
    """Return the one text of a JSON value: sorted keys, no spaces, only the escapes JSON demands.

    NaN and Infinity are no JSON values: ValueError.
    """
    return _CANONICAL(value)


_CANONICAL: Callable[[Json], str] = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode
"""Made once: logs and hashes write a hundred thousand of them."""


def json_equal(first: Json, second: Json) -> bool:
    """Tell whether two JSON values are the same, deeply: true is not 1, and 1 is not 1.0."""
    return canonical_json(first) == canonical_json(second)
