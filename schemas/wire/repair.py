"""`POST /api/v1/sync/repair` (protocol.md, section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.declare import AnyJson, Flag, ListOf, Text
from schemas.wire.fields import Declared, read
from schemas.wire.requests import Lenient

Json = Any
BUCKETS = 256
SUM = Text(16, 16, "[0-9a-f]{16}", examples=("0" * 16, "9f3c0a5d1b2e4f67"))


class RepairMessage(Lenient):
    """The cursor of the copy, and its sums by the last byte of the records' ids.

    `continued`: an earlier call about the same mismatch was answered with `more`.
    """

    cursor = Declared(AnyJson(), null=True)
    buckets = Declared(ListOf(SUM, BUCKETS, BUCKETS))
    continued = Declared(Flag(), optional=True)


@dataclass(frozen=True)
class RepairRequest:
    """What a device says of its copy; `cursor` is whatever it sent in its place."""

    cursor: Json
    buckets: tuple[str, ...]
    continued: bool


def parse_repair(body: Json) -> RepairRequest:
    """Read a request for repair."""
    it = read(RepairMessage(), body)
    return RepairRequest(it["cursor"], tuple(it["buckets"]), it.get("continued", False))
