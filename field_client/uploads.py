"""Sending files after a sync, by tus 1.0.0 (protocol.md, section 11): what broke off goes on from there.

Only the few requests that a sender needs are here; the ready-made client of Python brings an HTTP library
and a database of its own. Nothing that goes wrong here is a sync's failure: what did not get through waits.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_client import session
from field_client.attached import OwnFile
from field_client.faults import OfflineError, SignInAgainError
from field_client.store import Store
from field_client.transport import Carried, Carrier
from schemas import problems
from schemas.values import format_instant

UPLOADS, ATTACHMENTS = "/api/v1/uploads/", "/api/v1/attachments/"
KEEP = timedelta(days=35)
MOST_TURNS = 20
"""So often one file is asked about and gone on with, before the others have their turn."""
TUS = {"Tus-Resumable": "1.0.0"}
REFUSALS = (
    problems.HashMismatchError,
    problems.UnsupportedMediaTypeError,
    problems.TooLargeError,
    problems.BadRequestError,
)


@dataclass
class Sent:
    """What a run did: files that got through, and those that still wait."""

    files: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Uploads:
    """The files of a store on their way. `now` gives the device's time."""

    store: Store
    carrier: Carrier
    now: Callable[[], datetime]

    def run(self) -> Sent:
        """Send what may go; a link that breaks, or a server that has no room, ends the run."""
        sent = Sent()
        self.store.forget_files(format_instant(self.now() - KEEP))
        try:
            for one in self.store.files_to_send():
                sent.files += self._send(one)
        except (OfflineError, SignInAgainError, problems.XiangxinError):
            pass  # next time
        sent.waiting = self.store.count_waiting_files()
        return sent

    def _send(self, one: OwnFile) -> bool:
        """Send one file; tell whether it is at the branch now."""
        try:
            if one.asked and one.upload is None and self._has_come(one):
                return self._done(one, "sent")
            address, offset = one.upload, None
            for _ in range(MOST_TURNS):
                if address is None:
                    address, offset = self._begun(one), 0
                try:
                    offset = self._offset(address) if offset is None else offset
                    if self._gone_on(one, address, offset):
                        return self._done(one, "sent")
                    return False
                except problems.OffsetConflictError:
                    offset = None
                except problems.NotFoundError:
                    address = None
        except problems.NotFoundError:
            return self._done(one, "gone")
        except REFUSALS as refusal:
            return self._done(one, "refused", refusal.code)
        return False

    def _has_come(self, one: OwnFile) -> bool:
        try:
            self._ask("HEAD", ATTACHMENTS + one.id)
        except problems.NotFoundError:
            return False
        return True

    def _begun(self, one: OwnFile) -> str:
        """Begin an upload, and note its address before anything is sent to it."""
        named = base64.b64encode(one.id.encode()).decode()
        self.store.note_file(one.id, asked=1)
        said = {"Upload-Length": str(one.size), "Upload-Metadata": f"attachment {named}"}
        address = self._ask("POST", UPLOADS, said).headers.get("location", "")
        address = UPLOADS + address.rpartition("/")[2]
        self.store.note_file(one.id, upload=address)
        return address

    def _offset(self, address: str) -> int:
        return int(self._ask("HEAD", address).headers["upload-offset"])

    def _gone_on(self, one: OwnFile, address: str, offset: int) -> bool:
        """Send what is missing, part by part; tell whether all of it has come."""
        for part in self.store.file_bytes(one.id, offset):
            said = {
                "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset),
            }  # fmt: skip
            reply = self._ask("PATCH", address, said, part)
            offset = int(reply.headers["upload-offset"])
        return offset == one.size

    def _done(self, one: OwnFile, state: str, why: str | None = None) -> bool:
        at = format_instant(self.now())
        self.store.note_file(one.id, state=state, why=why, upload=None, done_at=at)
        return state == "sent"

    def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Carried:
        said = {**TUS, **(headers or {})}
        return session.carry(self.store, self.carrier, method, path, said, body)
