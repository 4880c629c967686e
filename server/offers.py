"""What a device offers: its contact, the sets as they came, and the times that can be trusted of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from schemas import versions
from schemas.declare import Registry
from schemas.messages import ChangeSet, Fault
from schemas.values import (
    canonical_json,
    format_instant,
    is_record_id,
    parse_instant,
    to_millis,
)
from schemas.wire import sync as wire
from sync import clock
from sync.scope import Actor

Json = Any


@dataclass(frozen=True)
class Contact:
    """One request of a device: who, when, and what is known of its clock.

    `skew_ms` is by how much the device's clock runs ahead; `clean_at` its last contact that ended with
    nothing waiting.
    """

    actor: Actor
    branch: str
    prefix: str
    now: datetime
    today: str
    skew_ms: int = 0
    clean_at: datetime | None = None
    wants_head: bool = False
    is_locked: bool = False


@dataclass(frozen=True)
class Offer:
    """One set as it came: its JSON, the parsed set or its faults, and the hash of its content.

    `lifted`: the same in today's form, where it was made in an older schema version.
    """

    raw: Mapping[str, Json]
    parsed: ChangeSet | None
    faults: Sequence[Fault]
    content: str
    content_hash: str
    lifted: Mapping[str, Json]

    @property
    def number(self) -> int:
        """Return the set's number, which the envelope vouches for."""
        return int(self.raw["number"])

    @property
    def set_id(self) -> str:
        """Return the set's id; of a set without a good one, a stand-in that no other set has."""
        found = self.raw.get("id")
        return str(found) if is_record_id(found) else f"unreadable {self.number}"


def read_offers(raw_sets: Sequence[Mapping[str, Json]], registry: Registry) -> list[Offer]:
    """Parse every set of a request; what is wrong inside one becomes its faults."""
    return [read_offer(it, registry) for it in raw_sets]


def read_offer(raw: Mapping[str, Json], registry: Registry, carried_over: bool = False) -> Offer:
    """Parse one set as it came; *carried_over*: a lender's own data, of which less must be known."""
    lifted, unknown = versions.lift(raw, registry)
    parsed = wire.parse_set(lifted, registry, carried_over)
    content = canonical_json({"id": raw.get("id"), "changes": raw.get("changes")})
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    stored = json.dumps(raw, ensure_ascii=True, separators=(",", ":"))
    if isinstance(parsed, ChangeSet) and not unknown:
        return Offer(raw, parsed, (), stored, digest, lifted)
    others = [] if isinstance(parsed, ChangeSet) else [it for it in parsed if it not in unknown]
    faults = [*unknown, *versions.lower_faults(registry, raw, others)]
    return Offer(raw, None, faults, stored, digest, lifted)


def refused(offer: Offer, code: str) -> Offer:
    """Return a set as one that is kept in quarantine for *code*, and nothing of it is stored.

    One that is at fault by itself keeps its own faults.
    """
    faults = offer.faults or (Fault(None, None, code),)
    return replace(offer, parsed=None, faults=faults)


def named_customers(offer: Offer) -> set[str]:
    """Return the customers that a set names, whether or not they exist."""
    return {it.customer for it in wire.readable_set(offer.raw).changes if it.customer}


def corrected(contact: Contact, raw: Mapping[str, Json]) -> tuple[str, str]:
    """Return the corrected time of making and the clamped stamp of a set.

    A malformed clock is replaced from `made_at`, a malformed `made_at` from the time of receipt.
    """
    now_ms = to_millis(contact.now)
    low_ms = min(to_millis(contact.clean_at), now_ms) if contact.clean_at else 0
    device_now_ms = now_ms + contact.skew_ms
    device = contact.actor.device
    stamp = clock.read_stamp(raw.get("clock"), raw.get("made_at"), device_now_ms, device)
    made = clock.read_stamp(None, raw.get("made_at"), device_now_ms, device)
    made = clock.clamp(clock.correct(made, contact.skew_ms), low_ms, now_ms)
    stamp = clock.clamp(clock.correct(stamp, contact.skew_ms), low_ms, now_ms)
    made_at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=made.millis)
    return format_instant(made_at), str(stamp)


def is_earlier(parsed: ChangeSet, branch_row: Row[Any]) -> bool:
    """Tell whether a set was made in an earlier epoch of a server that has been restored since.

    Of a server that was restored twice from the same backup, nothing tells the epoch between: so any
    epoch but the present one is an earlier one.
    """
    return bool(branch_row.restores) and parsed.epoch not in (None, branch_row.epoch)


def rebased(parsed: ChangeSet, branch_row: Row[Any]) -> ChangeSet:
    """Return a set of an earlier epoch with the base that counts: the lowest head it may have missed."""
    if parsed.epoch is None or parsed.epoch == branch_row.epoch:
        return parsed
    heads: list[int] = []
    for restore in reversed(branch_row.restores or []):
        heads.append(restore["head"])
        if restore["before"] == parsed.epoch:
            break
    base = min([parsed.base, *heads]) if heads else 0
    return ChangeSet(
        parsed.number, parsed.id, parsed.epoch, parsed.schema, base, parsed.action,
        parsed.made_at, parsed.clock, parsed.changes,
    )  # fmt: skip


def is_instant(text: str | None) -> bool:
    """Tell whether *text* is a moment in UTC."""
    try:
        parse_instant(text)
    except ValueError:
        return False
    return True
