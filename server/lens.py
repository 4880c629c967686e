"""What of the records a device may see that speaks one schema version (protocol.md, section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from schemas import versions
from schemas.declare import RecordType, Registry
from server.cursor import Cursor
from server.store import feed
from sync.duplicates import as_shown

Json = Any


@dataclass(frozen=True)
class Lens:
    """A version as a view of the registry. `news`: what it shows of what the device saw without it."""

    registry: Registry
    schema: int
    news: versions.News = versions.NOTHING

    @classmethod
    def of(cls, registry: Registry, schema: int, cursor: Cursor | None) -> Lens:
        """Return the lens for a page that follows a cursor of this very version."""
        seen = schema if cursor is None else cursor.seen
        return cls(registry, schema, versions.news(registry, seen, schema))

    @property
    def known(self) -> ColumnElement[bool]:
        """The condition that a row of the feed is of a type that the version knows."""
        hidden = versions.hidden_types(self.registry, self.schema)
        return feed.c.type.not_in(hidden) if hidden else true()

    def above(self, start: int) -> ColumnElement[bool]:
        """Return the condition that a row of the feed has something that a view up to *start* lacks."""
        moved = feed.c.position > start
        if not self.news.types:
            return moved
        old = and_(feed.c.type.in_(self.news.types), feed.c.kind == "record", feed.c.live == 1)
        return or_(moved, old)

    def is_whole(self, declared: RecordType) -> bool:
        """Tell whether the device has nothing of the type in the form that it speaks now."""
        return declared.name in self.news.whole

    def shows(self, declared: RecordType, path: str) -> bool:
        """Tell whether the device lacks a field for no other reason than that it did not know it."""
        return self.news.shows(declared, path)

    def trimmed(
        self, type_name: str, fields: Mapping[str, Json], whole: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        """Return *fields* as the version knows them, and a device may; *whole*: all that the record has."""
        if type_name == "conflict":
            fields = as_shown(fields, fields if whole is None else whole)
        return versions.lower(self.registry, type_name, fields, self.schema, whole)
