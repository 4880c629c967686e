"""The store's file as an object: one transaction at a time, rows, and whose file it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from field_client.database import translated
from field_client.faults import NotSignedInError
from schemas.declare import Registry

Json = Any


@dataclass(frozen=True)
class Identity:
    """Whose store this is, and how far it has come."""

    id: str
    name: str
    server: str
    user: Mapping[str, Json] | None
    access_token: str | None
    refresh_token: str | None
    seal_key: str | None
    epoch: str | None
    cursor: str | None
    position: int
    whole: bool
    fresh: bool
    caught_up: bool
    synced_at: str | None
    data_as_of: str | None
    skew_seconds: int | None
    signing_key: str | None
    view_epoch: str | None


class StoreFile:
    """An open file. Its parts (server copy, own sets, …) are subclasses that `Store` puts together."""

    def __init__(self, database: Database, path: Path, registry: Registry) -> None:
        self.database = database
        self.path = path
        self.registry = registry
        self._depth = 0

    def close(self) -> None:
        """Close the file; its lock ends."""
        self.database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside whole or not at all; inner ones join the outer."""
        if self._depth:
            yield
            return
        with translated(self.path):
            self.database.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self.database.execute("COMMIT")
            except BaseException:
                self.database.rollback()
                raise
            finally:
                self._depth = 0

    def rows(self, query: str, *values: Json) -> list[dict[str, Json]]:
        """Return what a query finds."""
        with translated(self.path):
            return list(self.database.query(query, values))

    def identity(self) -> Identity:
        """Return whose store this is and how far it has come."""
        row = self.rows("SELECT * FROM device")[0]
        user = json.loads(row["user"]) if row["user"] else None
        return Identity(
            row["id"], row["name"], row["server"], user, row["access_token"],
            row["refresh_token"], row["seal_key"], row["epoch"], row["cursor"], row["position"],
            bool(row["whole"]), bool(row["fresh"]), bool(row["caught_up"]), row["synced_at"],
            row["data_as_of"], row["skew_seconds"], row["signing_key"],
            row["view_epoch"],
        )  # fmt: skip

    def user_id(self) -> str:
        """Return the id of the user whose store this is."""
        user = self.identity().user
        if user is None:
            raise NotSignedInError
        return str(user["id"])

    def note(self, **facts: Json) -> None:
        """Write facts about this device: columns of the table `device`."""
        with self.transaction():
            self.database.table("device").update(1, facts)

    def clear(self, *tables: str) -> None:
        """Empty tables."""
        with self.transaction():
            for name in tables:
                self.database.execute(f"DELETE FROM {name}")


def as_text(value: Json) -> str:
    """Return the form in which JSON is stored."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
