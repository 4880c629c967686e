"""Count and sum that prove two copies equal, and the sums by bucket that find where they are not.

Source: protocol.md, section 8, "Self-check". Sums are modulo 2^64, so they can be kept up to date
by what a change takes away and adds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

BUCKETS = 256
_MODULUS = 1 << 64


def term(record_id: str, version: int) -> int:
    """Return one record's part: the first 8 bytes, big-endian, of SHA-256 of "<id>:<version>"."""
    return int.from_bytes(sha256(f"{record_id}:{version}".encode()).digest()[:8], "big")


def bucket(record_id: str) -> int:
    """Return the last byte of a record's id: the bucket in which its term is summed for repair."""
    return int(record_id[-2:], 16)


@dataclass(frozen=True)
class Digest:
    """How many records a copy holds, and the sum of their terms modulo 2^64."""

    records: int = 0
    total: int = 0

    def add(self, record_id: str, version: int) -> Digest:
        """Return the digest with one record more."""
        return Digest(self.records + 1, (self.total + term(record_id, version)) % _MODULUS)

    def remove(self, record_id: str, version: int) -> Digest:
        """Return the digest with one record less."""
        return Digest(self.records - 1, (self.total - term(record_id, version)) % _MODULUS)

    @property
    def sum(self) -> str:
        """The sum as it is sent: 16 lower-case hex digits."""
        return f"{self.total:016x}"


def digest_of(held: Iterable[tuple[str, int]]) -> Digest:
    """Return the digest of the records *held*, given as (id, version)."""
    terms = [term(record_id, version) for record_id, version in held]
    return Digest(len(terms), sum(terms) % _MODULUS)


def bucket_sums(held: Iterable[tuple[str, int]]) -> list[str]:
    """Return the 256 sums, by the id's last byte, that a device sends to have its copy repaired."""
    totals = [0] * BUCKETS
    for record_id, version in held:
        totals[bucket(record_id)] += term(record_id, version)
    return [f"{total % _MODULUS:016x}" for total in totals]
