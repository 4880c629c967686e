"""Files of the device's own attachments, in the store beside the sets that tell of them.

They lie there in parts, so that no file is ever whole in the database's memory, and stay for 35 days after
they are at the branch: a server restored from a backup gets them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from field_client.store_file import StoreFile

Json = Any
PART_BYTES = 256 << 10
_NEWEST_SET = (
    "FROM change_set JOIN touched USING (seq) WHERE touched.record = attachment.id "
    "ORDER BY seq DESC LIMIT 1"
)
"""The newest own set about an attachment: its making, or its removal."""


@dataclass(frozen=True)
class OwnFile:
    """A file of this device: which attachment's, how long, the address of its upload if it has begun."""

    id: str
    kind: str
    size: int
    upload: str | None
    asked: bool


class AttachedFiles(StoreFile):
    """The files that this store holds."""

    def keep_file(self, attachment: str, kind: str, data: bytes) -> None:
        """Keep a file; within the transaction that stores the set which tells of it."""
        with self.transaction():
            table = self.database.table("attachment")
            table.insert({"id": attachment, "kind": kind, "size": len(data)})
            self.database.table("attachment_part").insert_all(
                {"attachment": attachment, "place": place, "bytes": data[at : at + PART_BYTES]}
                for place, at in enumerate(range(0, len(data), PART_BYTES))
            )

    def file_bytes(self, attachment: str, offset: int = 0) -> Iterator[bytes]:
        """Yield a file's parts from *offset* on."""
        query = "SELECT bytes FROM attachment_part WHERE attachment = ? AND place = ?"
        place, skipped = divmod(offset, PART_BYTES)
        while found := self.rows(query, attachment, place):
            yield bytes(found[0]["bytes"])[skipped:]
            place, skipped = place + 1, 0

    def files_to_send(self) -> list[OwnFile]:
        """Return what may go now, for its record is at the branch: signatures first, then the smallest."""
        query = (
            "SELECT * FROM attachment WHERE state = 'waiting' AND "
            f"(SELECT status {_NEWEST_SET}) IN ('applied', 'merged', 'conflict') "
            "ORDER BY kind != 'signature', size, id"
        )
        return [
            OwnFile(it["id"], it["kind"], it["size"], it["upload"], bool(it["asked"]))
            for it in self.rows(query)
        ]

    def count_waiting_files(self) -> int:
        """Return how many files are on this device and not at the branch; those given up do not count."""
        query = (
            "SELECT COUNT(*) AS n FROM attachment WHERE state = 'waiting' AND "
            f"(SELECT settled {_NEWEST_SET}) IS NOT 'discarded'"
        )
        return int(self.rows(query)[0]["n"])

    def refused_files(self) -> list[dict[str, Json]]:
        """Return the attachments whose files the branch will not take, each with the problem's code."""
        query = "SELECT id, why FROM attachment WHERE state = 'refused' ORDER BY id"
        return self.rows(query)

    def note_file(self, attachment: str, **facts: Json) -> None:
        """Write facts about a file: columns of its table."""
        with self.transaction():
            self.database.table("attachment").update(attachment, facts)

    def offer_files_again(self) -> None:
        """Let every file that is still here go out again: the server may have lost it."""
        with self.transaction():
            self.database.execute(
                "UPDATE attachment SET state = 'waiting', why = NULL, upload = NULL, asked = 1, "
                "done_at = NULL WHERE state != 'waiting' OR upload IS NOT NULL"
            )

    def forget_files(self, before: str) -> None:
        """Drop the files that were done with before an instant (device time)."""
        with self.transaction():
            self.database.execute(
                "DELETE FROM attachment WHERE state != 'waiting' AND done_at < ?", [before]
            )
