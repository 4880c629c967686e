"""The hash chain of a branch's log.

A row's hash covers the previous hash, every column of the row, and a commitment to the payload: an HMAC
under a random key that lies beside it. Erasing a person's data deletes payload and key; the chain stays.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from schemas.values import canonical_json
from server.keys import Keys

COVERED = (
    "branch", "position", "set_device", "set_number", "set_id", "device", "user", "role", "record",
    "type", "customer", "op", "altered", "timer", "made_at", "device_made_at", "received_at", "stamp",
    "action", "commitment",
)  # fmt: skip


def signed_head(keys: Keys, branch: str, position: int, head_hash: str) -> dict[str, Any]:
    """Return the signed head of a branch's log, which every device keeps as a witness."""
    kid, key = next(iter(keys.private.items()))
    signature = key.sign(f"{branch}:{position}:{head_hash}".encode())
    encoded = base64.b64encode(signature).decode()
    return {"position": position, "hash": head_hash, "kid": kid, "signature": encoded}


def commit(payload: str) -> tuple[str, str]:
    """Return a fresh random key and the commitment to *payload* under it, both in hex."""
    key = secrets.token_hex(32)
    return key, commitment(payload, key)


def commitment(payload: str, key: str) -> str:
    """Return the HMAC-SHA256 of *payload* under the hex *key*, in hex."""
    return hmac.new(bytes.fromhex(key), payload.encode(), hashlib.sha256).hexdigest()


def link(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a log row that follows the hash *previous*."""
    covered = canonical_json([previous, *(row[name] for name in COVERED)])
    return hashlib.sha256(covered.encode()).hexdigest()
