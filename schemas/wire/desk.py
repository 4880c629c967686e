"""`POST /api/v1/sets`: one set of changes made at a desk (operations.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import limits
from schemas.declare import FreeObject, Integer, ListOf, Text
from schemas.wire.fields import Declared, Message, read

Json = Any


class DeskSetMessage(Message):
    """A set without what the server gives it: number, id, times; each change is as in a tablet's set."""

    action = Declared(Text(200, 1))
    base = Declared(Integer(0), optional=True, null=True)
    changes = Declared(ListOf(FreeObject(), limits.CHANGES_PER_SET, 1))


@dataclass(frozen=True)
class DeskSet:
    """What somebody at a desk does; *base* is the log position that was seen (None: the newest)."""

    action: str
    changes: tuple[Mapping[str, Json], ...]
    base: int | None = None


def parse_desk_set(body: Json) -> DeskSet:
    """Read a set of a desk; whether its changes fit their types is said by the engine's own parser."""
    it = read(DeskSetMessage(), body)
    return DeskSet(it["action"], tuple(it["changes"]), it.get("base"))
