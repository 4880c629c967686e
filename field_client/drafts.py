"""Forms that are being filled in, on disk: never validated, never sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from field_client.store_file import StoreFile, as_text

Json = Any


@dataclass(frozen=True)
class Draft:
    """A form that is being filled in: never validated, never sent.

    `shown` are the fields when it was opened, at the position `base` of the `epoch`, `after` the own set
    that was made last; `newest` has, by unit, the own sets whose values it showed; `fields` is what has
    been typed. Own sets are given by their `seq`: numbers change with the device.
    """

    id: str
    record: str
    type: str
    customer: str | None
    base: int
    shown: Mapping[str, Json]
    newest: Mapping[str, int]
    after: int
    fields: Mapping[str, Json]
    changed_at: str
    epoch: str | None = None


class Drafts(StoreFile):
    """The forms of this store's user."""

    def drafts(self) -> list[Draft]:
        """Return the forms that are being filled in, the oldest first."""
        rows = self.rows("SELECT * FROM draft ORDER BY changed_at, id")
        return [_draft(it) for it in rows]

    def keep_draft(self, draft: Draft) -> None:
        """Write a form as it stands."""
        row = {
            **asdict(draft), "shown": as_text(draft.shown), "newest": as_text(draft.newest),
            "fields": as_text(draft.fields),
        }  # fmt: skip
        with self.transaction():
            self.database.table("draft").insert(row, replace=True)

    def drop_draft(self, draft_id: str) -> None:
        """Forget a form: it has become a set, or its user threw it away."""
        with self.transaction():
            self.database.execute("DELETE FROM draft WHERE id = ?", [draft_id])


def _draft(row: Mapping[str, Json]) -> Draft:
    return Draft(
        row["id"], row["record"], row["type"], row["customer"], row["base"],
        json.loads(row["shown"]), json.loads(row["newest"]), row["after"],
        json.loads(row["fields"]), row["changed_at"], row["epoch"],
    )  # fmt: skip
