"""The officer's copy on disk: server copy, stage, own sets, drafts, clock, in one SQLite file.

The battery may die between any two lines. Every edit is one transaction that writes its pending
set, every answer one transaction that takes it in whole; a pending set ends only in the one that
stores its result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from field_client.attached import AttachedFiles
from field_client.database import open_database, translated
from field_client.drafts import Draft, Drafts
from field_client.own_sets import NOT_SIMPLY_ACCEPTED, UNANSWERED, UNCOVERED, NewSet
from field_client.server_copy import ServerCopy
from field_client.store_file import Identity, as_text
from schemas.declare import Registry

Json = Any
__all__ = ["NOT_SIMPLY_ACCEPTED", "UNANSWERED", "UNCOVERED", "Draft", "Identity", "NewSet", "Store"]


class Store(ServerCopy, Drafts, AttachedFiles):
    """One user's copy on one device. Only this process has it open."""

    @classmethod
    def open(
        cls, path: Path, registry: Registry, new_device_id: str, key: bytes | None = None
    ) -> Store:
        """Open the store at *path*; a new one becomes the device *new_device_id*."""
        store = cls(open_database(path, key), path, registry)
        with store.transaction():
            store.database.table("device").insert({"one": 1, "id": new_device_id}, ignore=True)
        return store

    def ids_like(self, prefix: str) -> list[str]:
        """Return the ids, known here in any way, that begin with *prefix*."""
        low, high = prefix, prefix + "\x7f"
        rows = self.rows(
            "SELECT id FROM record WHERE id BETWEEN ? AND ? "
            "UNION SELECT record FROM touched WHERE record BETWEEN ? AND ? LIMIT 20",
            low, high, low, high,
        )  # fmt: skip
        return [it["id"] for it in rows]

    def next_receipt(self, code: str, day: str) -> int:
        """Return the next running number of a day; inside the transaction that uses it up."""
        with self.transaction():
            self.database.execute(
                "INSERT INTO receipt_series VALUES (?, ?, 1) "
                "ON CONFLICT (code, day) DO UPDATE SET last = last + 1",
                [code, day],
            )
            query = "SELECT last FROM receipt_series WHERE code = ? AND day = ?"
            return int(self.rows(query, code, day)[0]["last"])

    def record_incident(self, at: str, kind: str, detail: Mapping[str, Json]) -> None:
        """Keep what went wrong and was put right without the user, for whoever looks into it."""
        with self.transaction():
            self.database.table("incident").insert(
                {"at": at, "kind": kind, "detail": as_text(detail)}
            )

    def incidents(self) -> list[dict[str, Json]]:
        """Return the incidents, the oldest first."""
        return [
            {**it, "detail": json.loads(it["detail"])}
            for it in self.rows("SELECT at, kind, detail FROM incident ORDER BY seq")
        ]

    def wipe(self) -> None:
        """Destroy everything on this device: a supervisor has had it wiped."""
        self.clear(
            "stage", "record", "touched", "change_set", "draft", "incident", "merged",
            "attachment_part", "attachment",
        )  # fmt: skip
        self._into = None
        self.note(access_token=None, refresh_token=None, cursor=None, whole=0, fresh=1, caught_up=0)
        with translated(self.path):
            self.database.execute("VACUUM")
            self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
