"""Courier bundles: unsent work in a file that somebody else delivers (protocol.md, section 11).

Each set is sealed to the branch anew, so that a damaged journal does no harm, and each bundle signed with
the device's key. Whoever carries the file can neither read nor change it; results come with the device's
own next sync.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nacl.public import PublicKey, SealedBox

from field_client import session
from field_client.bundles import write_new
from field_client.faults import NotPossibleError
from field_client.sets import Batch, batch
from field_client.signing import sign
from field_client.store import Store
from field_client.transport import Transport
from schemas import limits
from schemas.values import canonical_json, format_instant

Json = Any
FORMAT = "xiangxin-courier"
COURIER = "/api/v1/courier"
MOST_BYTES = limits.BODY_BYTES // 2
"""Of JSON in one bundle: sealing and base64 make a third more of it."""


@dataclass
class Delivered:
    """What came of a delivery: bundles and sets in the file, and how far each device has come."""

    bundles: int = 0
    sets: int = 0
    known_through: dict[str, int] = field(default_factory=dict)


def write_courier(store: Store, now: datetime, file: Path) -> int:
    """Write every set that waits into a new file, signed; from then on they count as sent.

    Returns:
        How many sets.

    Raises:
        NotPossibleError: nothing waits, or the branch does not know this device's signature yet.
    """
    identity = store.identity()
    if identity.signing_key is None or not identity.seal_key:
        raise NotPossibleError(reason="signature-unknown")
    batches = list(_batches(store))
    if not batches:
        raise NotPossibleError(reason="nothing-to-carry")
    box = SealedBox(PublicKey(base64.b64decode(identity.seal_key)))
    bundles = [_bundle(identity.id, identity.signing_key, box, it.wire) for it in batches]
    with store.transaction():
        for it in batches:
            store.mark_sent(it.sets)
        whole = {"format": FORMAT, "version": 1, "written_at": format_instant(now)}
        write_new(file, {**whole, "bundles": bundles})
    return sum(len(it.sets) for it in batches)


def _batches(store: Store) -> Iterator[Batch]:
    """Yield what waits in portions that the branch takes in one request each."""
    left = store.waiting()
    while left:
        one = batch(left[: limits.CHANGES_PER_REQUEST], most_bytes=MOST_BYTES)
        yield one
        left = left[len(one.sets) :]


def _bundle(
    device: str, key: str, box: SealedBox[PublicKey], sets: Sequence[Mapping[str, Json]]
) -> dict[str, Json]:
    sealed = [{"number": it["number"], "sealed": _sealed(box, it)} for it in sets]
    body = {"device": device, "sets": sealed}
    return {**body, "signature": sign(key, canonical_json(body).encode())}


def _sealed(box: SealedBox[PublicKey], content: Mapping[str, Json]) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(box.encrypt(plain)).decode()


def deliver(store: Store, transport: Transport, file: Path) -> Delivered:
    """Bring somebody's bundles to the branch, as the user of *store*; any number of times.

    Raises:
        NotPossibleError: the file is no courier file.
        NotSignedInError, SignInAgainError, OfflineError, problems.XiangxinError: as for a sync.
    """
    done = Delivered()
    for bundle in _read(file):
        answer = session.post(store, transport, COURIER, bundle)
        done.bundles += 1
        done.sets += len(bundle["sets"])
        done.known_through[bundle["device"]] = answer["known_through"]
    return done


def _read(file: Path) -> list[dict[str, Json]]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NotPossibleError(reason="unreadable-file", path=str(file), said=str(error)) from error
    bundles = found.get("bundles") if isinstance(found, dict) else None
    if (
        not isinstance(bundles, list)
        or found.get("format") != FORMAT
        or not all(map(_is_bundle, bundles))
    ):
        raise NotPossibleError(reason="no-courier-file", path=str(file))
    return bundles


def _is_bundle(bundle: Json) -> bool:
    return (
        isinstance(bundle, dict)
        and isinstance(bundle.get("device"), str)
        and isinstance(bundle.get("sets"), list)
    )
