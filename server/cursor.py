"""The opaque cursor: up to where in its scope a device has seen everything (protocol.md, sections 2 and 8)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from schemas import problems


@dataclass(frozen=True)
class Cursor:
    """How far a device has come.

    Attributes:
        start: where the last complete view ended; at: how far this run's pages have come. In a run that
            catches up on what an older schema hid, `at` begins at 0 again.
        run: the head of the log when the run began.
        schema: the version in which this run's pages are shown.
        seen: the version in which everything up to `start` was shown.
    """

    start: int = 0
    at: int = 0
    run: int = 0
    schema: int = 1
    seen: int = 1

    @property
    def complete(self) -> int:
        """The position up to which the device has been told of everything that left or was removed."""
        return max(self.start, self.at)

    def shown_in(self, schema: int, head: int) -> Cursor:
        """Return where the next page begins for a device that now speaks *schema*.

        One that has learned more since its pages were cut begins the run again, and sees what was hidden.
        """
        if schema > self.schema:
            return Cursor(self.start, 0, head, schema, min(self.seen, self.schema))
        begins = self.at == self.start and self.schema == self.seen
        return Cursor(
            self.start, self.at, head if begins else self.run, schema, min(self.seen, schema)
        )


def seal(cursor: Cursor, key: bytes, device: str, user: str, epoch: str) -> str:
    """Return the cursor as an authenticated string, bound to device, user and epoch."""
    parts = [cursor.start, cursor.at, cursor.run, cursor.schema]
    if cursor.seen != cursor.schema:
        parts.append(cursor.seen)
    body = json.dumps(parts).encode()
    packed = base64.urlsafe_b64encode(body + _mac(key, body, device, user, epoch))
    return packed.rstrip(b"=").decode()


def unseal(text: object, key: bytes, device: str, user: str, epoch: str, head: int) -> Cursor:
    """Read a cursor.

    Raises:
        problems.BadCursorError: damaged, foreign, of another epoch, or beyond *head*.
    """
    try:
        if not isinstance(text, str) or len(text) > 500:
            raise ValueError("not a cursor")
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        body, mac = packed[:-16], packed[-16:]
        if not hmac.compare_digest(mac, _mac(key, body, device, user, epoch)):
            raise ValueError("not ours")
        start, at, run, schema, seen = _parts(*json.loads(body))
    except (ValueError, TypeError) as error:
        raise problems.BadCursorError from error
    if max(start, at, run) > head:
        raise problems.BadCursorError
    return Cursor(start, at, run, schema, seen)


def _parts(
    start: int, at: int, run: int, schema: int = 1, seen: int | None = None
) -> tuple[int, int, int, int, int]:
    """Return all parts; a cursor of a server that knew one version only has three."""
    return start, at, run, schema, schema if seen is None else seen


def _mac(key: bytes, body: bytes, device: str, user: str, epoch: str) -> bytes:
    bound = b"\x00".join((body, device.encode(), user.encode(), epoch.encode()))
    return hmac.new(key, bound, hashlib.sha256).digest()[:16]
