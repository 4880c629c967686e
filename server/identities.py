"""Finding who is registered already, by a keyed hash of what makes two records one person.

The hash is compared within a branch only, under that branch's own key: the index tells whoever reads it
neither a number nor who has an account at another branch.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from schemas.declare import Registry
from schemas.messages import Change
from schemas.values import canonical_json
from sync.ledger import RecordState
from sync.namesakes import identity_of

Json = Any


def identity_hash(registry: Registry, key: str, state: RecordState) -> str | None:
    """Return the hash of a living record's identity under the branch's hex *key*; None where it has none."""
    identity = None if state.deleted else identity_of(registry, state)
    return None if identity is None else hashed(key, state.type, identity)


def hashes_in(registry: Registry, key: str, changes: Iterable[Change]) -> set[str]:
    """Return the hashes of the identities that *changes* give to records."""
    found = set()
    for change in changes:
        declared = registry.get(change.type)
        value = change.set.get(declared.identity) if declared and declared.identity else None
        if value is not None:
            found.add(hashed(key, change.type, value))
    return found


def hashed(key: str, kind: str, identity: Json) -> str:
    """Return the HMAC-SHA256 of an identity under the hex *key*, in hex."""
    said = canonical_json([kind, identity]).encode()
    return hmac.new(bytes.fromhex(key), said, hashlib.sha256).hexdigest()
