"""Courier bundles (protocol.md, section 11): what a tablet sealed and signed, brought by somebody else.

The device's signature says that the bundle is its own, the server's seal key opens its boxes, and the sets
inside are taken exactly as if the device had sent them: the same numbers, so that its own later sync finds
their results. Whoever carries it needs a sign-in, and learns nothing but how far the bundle came.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import Connection, Row, Select, literal, select

from schemas import limits, problems
from schemas.messages import Fault
from schemas.values import canonical_json, format_instant
from schemas.wire import sync as wire
from schemas.wire.requests import CourierBundle
from schemas.words import Lang, say
from server.accounts import account, device
from server.context import Context
from server.db import reading
from server.exchange import FIELD_ROLES, Exchange
from server.offers import Contact, read_offers
from server.recovery import opened_box
from server.tokens import Bearer

Json = Any
log = structlog.get_logger()
PEM = "-----BEGIN"
ED25519_BYTES, P256_BYTES = 32, 32


def deliver(parts: Context, bundle: CourierBundle, carrier: Bearer, language: Lang) -> int:
    """Take a bundle in; return the greatest number that the server has from its device.

    Raises:
        problems.NotPermittedError: it is not signed by a tablet whose user may sync.
        problems.BadRequestError: a box does not open here, or holds another set than it says.
        problems.TooLargeError, problems.SetsOutOfOrderError, problems.SetChangedError: as in a sync.
    """
    with reading(parts.engine) as connection:
        sender = _sender(connection, bundle.device)
    if sender is None or not _is_signed(sender.public_key, bundle):
        log.info("courier_refused", device=bundle.device, carrier=carrier.user)
        raise problems.NotPermittedError(say("refusal.courier", language))
    sets = _opened(SealedBox(PrivateKey(parts.keys.seal)), bundle)
    who = Bearer(sender.user, sender.role, sender.branch, sender.id)
    delivery = Delivery(
        parts.engine, parts.registry, parts.settings, parts.keys, who, parts.now(), language
    )
    known = delivery.take(sets)
    log.info("courier_delivered", device=sender.id, carrier=carrier.user, sets=len(sets))
    return known


def _sender(connection: Connection, device_id: str) -> Row[Any] | None:
    query = select(device, account.c.role).where(
        device.c.id == device_id,
        device.c.kind == "tablet",
        account.c.id == device.c.user,
        account.c.branch == device.c.branch,
        account.c.active == 1,
        account.c.role.in_(FIELD_ROLES),
    )
    return connection.execute(query).first()


# --------------------------------------------------------------------------------- what is inside


def _opened(box: SealedBox[PrivateKey], bundle: CourierBundle) -> list[Mapping[str, Json]]:
    found: list[Mapping[str, Json]] = []
    faults: list[Fault] = []
    for place, (number, sealed) in enumerate(bundle.sets):
        content = opened_box(box, sealed)
        if content is None:
            faults.append(Fault(None, f"sets.{place}.sealed", "invalid-value", "not-sealed-here"))
        elif type(content.get("number")) is not int or content["number"] != number:
            faults.append(Fault(None, f"sets.{place}.number", "invalid-value", "another-number"))
        else:
            found.append(content)
    if faults:
        raise problems.BadRequestError(errors=faults)
    changes = [it.get("changes") for it in found]
    if sum(len(it) for it in changes if isinstance(it, list)) > limits.CHANGES_PER_REQUEST:
        raise problems.TooLargeError
    return found


class Delivery(Exchange):
    """The sets of a device that somebody else brought: the device itself was not heard."""

    def take(self, sets: Sequence[Mapping[str, Json]]) -> int:
        """Apply sets as in a sync; those of a tablet that is not in use any more go to quarantine."""
        offers = read_offers(sets, self.registry)
        # Its clock counts as wrong by as much as it was when the device was last heard.
        sent_at = format_instant(self.now)
        request = wire.SyncRequest(self.registry.schema, None, None, tuple(sets), sent_at=sent_at)
        return self._push(request, offers)[0].known_through

    def _touch(self, connection: Connection, request: wire.SyncRequest) -> Row[Any]:
        query: Select[Any] = select(
            *self._facts(), device.c.clean_at, literal(0).label("wants_head")
        )
        mine = query.where(device.c.id == self.bearer.device).with_for_update(of=device)
        return connection.execute(mine).one()

    def _contact(self, row: Row[Any], request: wire.SyncRequest) -> Contact:
        return replace(super()._contact(row, request), is_locked=row.state != "active")


# ---------------------------------------------------------------------------------- the signature


def signed_bytes(device_id: str, sets: Sequence[tuple[int, str]]) -> bytes:
    """Return what a device signs: the bundle without its signature, as canonical JSON."""
    listed = [{"number": number, "sealed": sealed} for number, sealed in sets]
    return canonical_json({"device": device_id, "sets": listed}).encode()


def _is_signed(public_key: str | None, bundle: CourierBundle) -> bool:
    """Tell whether the bundle was signed with the key that its device gave when it signed in."""
    message = signed_bytes(bundle.device, bundle.sets)
    try:
        signature = base64.b64decode(bundle.signature, validate=True)
        key = _key_of(public_key or "")
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
            return True
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            key.verify(_as_der(signature), message, ec.ECDSA(SHA256()))
            return True
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        pass
    return False


def _key_of(text: str) -> object:
    """Read a public key: 32 bytes of Ed25519, or a SubjectPublicKeyInfo, in base64; or PEM."""
    if text.startswith(PEM):
        return load_pem_public_key(text.encode())
    raw = base64.b64decode(text, validate=True)
    if len(raw) == ED25519_BYTES:
        return Ed25519PublicKey.from_public_bytes(raw)
    return load_der_public_key(raw)


def _as_der(signature: bytes) -> bytes:
    """Return an ECDSA signature as DER; browsers give its two numbers side by side."""
    if len(signature) != 2 * P256_BYTES:
        return signature
    halves = signature[:P256_BYTES], signature[P256_BYTES:]
    return encode_dss_signature(*(int.from_bytes(it, "big") for it in halves))
