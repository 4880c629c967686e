"""The server copy on disk: what the server sent, and the pages of the run under way (protocol, section 2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from field_client.merged import MergedCustomers
from field_client.store_file import as_text
from schemas.messages import Change
from sync.digest import Digest, bucket_sums, digest_of
from sync.rebase import Drop, Held, Own, Sent, Step, fold

Json = Any


class ServerCopy(MergedCustomers):
    """The records that the server sent. Own sets are asked after tombstones alone: see `_apply`."""

    def held(self, record: str) -> Held | None:
        """Return a record of the server copy."""
        rows = self.rows("SELECT * FROM record WHERE id = ?", record)
        return _held(rows[0]) if rows else None

    def held_of(self, type_name: str | None = None, customer: str | None = None) -> list[Held]:
        """Return the records of the server copy, of a type and under a customer where given."""
        wanted = {"type": type_name, "customer": customer}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given) or "1"
        rows = self.rows(f"SELECT * FROM record WHERE {where} ORDER BY id", *given.values())
        return [_held(it) for it in rows]

    def digest(self) -> Digest:
        """Return count and sum of the live records of the server copy."""
        rows = self.rows("SELECT id, version FROM record WHERE gone = 0")
        return digest_of((it["id"], it["version"]) for it in rows)

    def bucket_sums(self) -> list[str]:
        """Return the sums of the server copy by the last byte of its records' ids."""
        rows = self.rows("SELECT id, version FROM record WHERE gone = 0")
        return bucket_sums((it["id"], it["version"]) for it in rows)

    def mend(self, repair: Mapping[str, Json]) -> None:
        """Drop what the server does not hold in the buckets that it names, and take its records over."""
        with self.transaction():
            for one in repair["buckets"]:
                held = {record for record, _ in one["held"]}
                query = "SELECT id, version FROM record WHERE gone = 0 AND substr(id, -2) = ?"
                for row in self.rows(query, f"{one['bucket']:02x}"):
                    if row["id"] not in held:
                        self._apply(Sent({**row, "removed": True}))
            self.apply(map(Sent, repair["records"]))

    def apply(self, steps: Iterable[Step]) -> None:
        """Put steps on the server copy."""
        with self.transaction():
            for step in steps:
                self._apply(step)

    def _apply(self, step: Step) -> None:
        if isinstance(step, Drop):
            self.database.execute(
                "DELETE FROM record WHERE customer = ? OR id = ?", [step.customer, step.customer]
            )
            return
        record = step.change.id if isinstance(step, Own) else step.record["id"]
        held = self.held(record)
        if held is None and isinstance(step, Sent) and step.record.get("whole") is False:
            return  # the rest of it was lost here: the digest tells, and a repair brings it whole
        after = fold(held, step, self.registry)
        if after is None:
            return
        if after.gone and not self.pending_of(record):
            self.database.execute("DELETE FROM record WHERE id = ?", [record])
            return
        self.database.table("record").insert(
            {
                "id": after.id, "type": after.type, "customer": after.customer,
                "version": after.version, "gone": int(after.gone), "fields": as_text(after.fields),
            },
            replace=True,
        )  # fmt: skip

    def stage(self, steps: Iterable[Step]) -> None:
        """Keep a page's steps until the run ends."""
        with self.transaction():
            self.database.table("stage").insert_all(
                {"step": as_text(_step_as_json(it))} for it in steps
            )

    def staged(self) -> Iterator[Step]:
        """Yield the steps that are kept in the stage, in order."""
        for row in self.rows("SELECT step FROM stage ORDER BY seq"):
            yield _step_of(json.loads(row["step"]))


def _held(row: Mapping[str, Json]) -> Held:
    return Held(
        row["type"], row["id"], row["customer"], row["version"], json.loads(row["fields"]),
        bool(row["gone"]),
    )  # fmt: skip


def _step_as_json(step: Step) -> dict[str, Json]:
    if isinstance(step, Drop):
        return {"drop": step.customer}
    if isinstance(step, Own):
        return {"own": asdict(step.change), "version": step.version}
    return {"sent": dict(step.record)}


def _step_of(shape: Mapping[str, Json]) -> Step:
    if "drop" in shape:
        return Drop(shape["drop"])
    if "own" in shape:
        return Own(Change(**shape["own"]), shape["version"])
    return Sent(shape["sent"])
