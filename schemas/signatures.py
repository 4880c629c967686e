"""Signatures 签字 under a record: a new id for each, written once by its own signer (domain.md, 5.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from schemas.declare import Instant, KeyedMap, Ref, Text
from schemas.fields import keyed, once_for_all
from schemas.values import canonical_json

Json = Any

SIGNATURE_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CONTENT_HASH = Text(64, 64, "[0-9a-f]{64}", examples=("0" * 64, "f" * 64))


def signed_by(write: tuple[str, ...]) -> KeyedMap:
    """Return the map of signatures of a type that *write* may sign."""
    return keyed(
        "signed_by",
        "Signatures",
        "签字",
        (
            once_for_all("user", "Signed by", "签字人", Ref(to="user"), write=write),
            once_for_all("at", "Signed at", "签字时间", Instant(), write=write),
            once_for_all(
                "content_hash",
                "Hash of what was signed",
                "签字内容摘要",
                CONTENT_HASH,
                write=write,
            ),
        ),
        SIGNATURE_ID,
    )


def content_hash(seen: Mapping[str, Json]) -> str:
    """Return the SHA-256 of a record's fields as its signer saw them, in hex (domain.md, 5.6)."""
    return hashlib.sha256(canonical_json(dict(seen)).encode()).hexdigest()


def signature(key: str, user: str, at: str, seen: Mapping[str, Json]) -> dict[str, Json]:
    """Return a signature as the fields of an update: a new entry under *key* in `signed_by`."""
    said = {"user": user, "at": at, "content_hash": content_hash(seen)}
    return {f"signed_by.{key}.{leaf}": value for leaf, value in said.items()}
