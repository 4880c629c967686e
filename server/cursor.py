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
    """`start`: where the last complete view ended; `at`: how far this run's pages have come; `run`: the
    head of the log when the run began."""

    start: int = 0
    at: int = 0
    run: int = 0


def seal(cursor: Cursor, key: bytes, device: str, user: str, epoch: str) -> str:
    """Return the cursor as an authenticated string, bound to device, user and epoch."""
    body = json.dumps([cursor.start, cursor.at, cursor.run]).encode()
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
        start, at, run = json.loads(body)
    except (ValueError, TypeError) as error:
        raise problems.BadCursorError from error
    if max(start, at, run) > head:
        raise problems.BadCursorError
    return Cursor(start, at, run)


def _mac(key: bytes, body: bytes, device: str, user: str, epoch: str) -> bytes:
    bound = b"\x00".join((body, device.encode(), user.encode(), epoch.encode()))
    return hmac.new(key, bound, hashlib.sha256).digest()[:16]
