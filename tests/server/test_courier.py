"""Courier bundles: the device's own sets, sealed and signed, by whoever brings them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.public import PrivateKey, PublicKey, SealedBox

from server import accounts
from server.context import context
from tests.server.branch import (
    GUIYING,
    PASSWORD,
    Reply,
    Server,
    Tablet,
    as_json,
    call,
    edit,
    fingerprint,
    fresh_id,
)

Json = Any


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@dataclass
class Signer:
    """A device's key: how its public half is written, and how it signs."""

    public: str
    sign: Callable[[bytes], bytes]


def ed25519(as_text: Callable[[Ed25519PrivateKey], str] | None = None) -> Signer:
    key = Ed25519PrivateKey.generate()
    public = as_text(key) if as_text else base64_of(key.public_key().public_bytes_raw())
    return Signer(public, key.sign)


def info(key: Any, encoding: Encoding) -> bytes:
    found: bytes = key.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    return found


def p256(der: bool = True) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())

    def sign(message: bytes) -> bytes:
        signature = key.sign(message, ec.ECDSA(SHA256()))
        halves = decode_dss_signature(signature)
        return signature if der else b"".join(it.to_bytes(32, "big") for it in halves)

    return Signer(base64_of(info(key, Encoding.DER)), sign)


SIGNERS: Mapping[str, Callable[[], Signer]] = {
    "Ed25519": ed25519,
    "Ed25519 as SPKI": lambda: ed25519(lambda it: base64_of(info(it, Encoding.DER))),
    "Ed25519 as PEM": lambda: ed25519(lambda it: info(it, Encoding.PEM).decode()),
    "P-256": p256,
    "P-256 of a browser": lambda: p256(der=False),
}


@dataclass
class Sender:
    """李伟's tablet, weeks from any network; `login` gave the branch its public key."""

    tablet: Tablet
    signer: Signer
    seal_key: str = field(init=False)

    def __post_init__(self) -> None:
        tablet = self.tablet
        device = {"id": tablet.device, "name": "tablet", "public_key": self.signer.public}
        body = {"username": tablet.username, "password": PASSWORD, "device": device}
        self.seal_key = tablet.post("/api/v1/auth/login", body, signed=False).json["seal_key"]

    def seal(self, content: Json) -> str:
        box = SealedBox(PublicKey(base64.b64decode(self.seal_key)))
        raw = content if isinstance(content, bytes) else as_json(content)
        return base64_of(box.encrypt(raw))

    def bundle(self, *sets: Json, **members: Json) -> dict[str, Json]:
        boxes = [{"number": it["number"], "sealed": self.seal(it)} for it in sets]
        return self.signed({"device": self.tablet.device, "sets": boxes, **members})

    def signed(self, body: Mapping[str, Json]) -> dict[str, Json]:
        message = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return {**body, "signature": base64_of(self.signer.sign(message))}


@pytest.fixture
def sender(li: Tablet) -> Sender:
    return Sender(li, ed25519())


@pytest.fixture
def colleague(server: Server) -> Tablet:
    return server.tablet("zhao.min")


def bring(carrier: Tablet, bundle: Json) -> Reply:
    return carrier.post("/api/v1/courier", bundle)


def work(tablet: Tablet, count: int = 2) -> list[Json]:
    return [tablet.change_set(call(summary=f"第 {it} 次联系")) for it in range(count)]


# --------------------------------------------------------------------------------------- delivered


@pytest.mark.parametrize("signer", SIGNERS.values(), ids=SIGNERS)
def test_what_is_brought_is_taken_as_if_the_device_had_sent_it(
    server: Server, li: Tablet, colleague: Tablet, signer: Callable[[], Signer]
) -> None:
    sender = Sender(li, signer())
    sets = work(li)

    reply = bring(colleague, sender.bundle(*sets))

    assert (reply.status, reply.json) == (200, {"known_through": 2})
    answer = li.sync(*sets)
    assert [(it["status"], it["repeated"]) for it in answer["results"]] == [("applied", True)] * 2
    assert {"第 0 次联系", "第 1 次联系"} <= {
        it["fields"].get("summary") for it in li.catch_up().held.values()
    }


def test_delivery_and_sync_are_idempotent_in_any_order(
    server: Server, sender: Sender, colleague: Tablet
) -> None:
    li, sets = sender.tablet, work(sender.tablet, 3)
    li.sync(*sets[:2])

    for bundle in (sender.bundle(*sets), sender.bundle(*sets), sender.bundle(*sets[1:])):
        assert bring(colleague, bundle).json == {"known_through": 3}
    before = fingerprint(server.engine)
    li.sync(*sets)

    assert fingerprint(server.engine) == before


def test_it_is_merged_by_what_its_maker_had_seen(
    server: Server, sender: Sender, colleague: Tablet
) -> None:
    li = sender.tablet
    one = li.change_set(edit(preferences="周末在家。\n电话常打不通。"))
    server.tablet("li.wei").catch_up().push(edit(preferences="晚上在家。\n电话已换。"))

    bring(colleague, sender.bundle(one))

    assert li.sync(one)["results"][0]["status"] == "merged"
    assert li.catch_up().fields(GUIYING)["preferences"] == "周末在家。\n电话已换。"


def test_the_device_itself_was_not_heard(server: Server, sender: Sender, colleague: Tablet) -> None:
    wang = server.tablet("wang.jun")

    def heard() -> Json:
        found = wang.get("/api/v1/devices").json["devices"]
        return next(it for it in found if it["id"] == sender.tablet.device)

    before = heard()
    server.clock.advance(minutes=5)
    bring(colleague, sender.bundle(*work(sender.tablet)))

    assert heard() == before


def test_a_poisoned_set_inside_stops_nobody(sender: Sender, colleague: Tablet) -> None:
    li = sender.tablet
    bad = li.change_set(edit(phone=7))
    sets = [bad, *work(li, 1)]

    assert bring(colleague, sender.bundle(*sets)).status == 200
    assert [it["status"] for it in li.sync(*sets)["results"]] == ["rejected", "applied"]


@pytest.mark.parametrize("wish", ["lock", "wipe"])
def test_of_a_tablet_out_of_use_it_goes_to_quarantine(
    server: Server, sender: Sender, colleague: Tablet, wish: str
) -> None:
    wang, sets = server.tablet("wang.jun"), work(sender.tablet)
    wang.post(f"/api/v1/devices/{sender.tablet.device}/{wish}", b"")

    reply = bring(colleague, sender.bundle(*sets))

    assert reply.json == {"known_through": 2}
    kept = wang.get("/api/v1/quarantine").json["sets"]
    assert [it["set"] for it in kept] == sets
    assert {it["errors"][0]["code"] for it in kept} == {"device-locked"}


# ----------------------------------------------------------------------------------------- refused


def with_another_device(sender: Sender, sets: Sequence[Json]) -> Json:
    assert isinstance(sender.tablet.network, Server)
    return {**sender.bundle(*sets), "device": sender.tablet.network.tablet("li.wei").device}


def signed_by_another(sender: Sender, sets: Sequence[Json]) -> Json:
    plain = {it: one for it, one in sender.bundle(*sets).items() if it != "signature"}
    own, sender.signer = sender.signer, ed25519()
    forged = sender.signed(plain)
    sender.signer = own
    return forged


def swapped(sender: Sender, sets: Sequence[Json]) -> Json:
    found = sender.bundle(*sets)
    return {**found, "sets": found["sets"][::-1]}


def cut(sender: Sender, sets: Sequence[Json]) -> Json:
    found = sender.bundle(*sets)
    return {**found, "sets": found["sets"][:1]}


FORGED: Mapping[str, Callable[[Sender, Sequence[Json]], Json]] = {
    "of a device without a key": with_another_device,
    "of no device": lambda it, sets: {**it.bundle(*sets), "device": fresh_id()},
    "signed by another key": signed_by_another,
    "in another order": swapped,
    "cut": cut,
    "without a good signature": lambda it, sets: {**it.bundle(*sets), "signature": "AAAA"},
    "with a signature that is none": lambda it, sets: {**it.bundle(*sets), "signature": "签名"},
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_what_the_device_did_not_sign_is_refused(
    server: Server,
    sender: Sender,
    colleague: Tablet,
    forge: Callable[[Sender, Sequence[Json]], Json],
) -> None:
    bundle = forge(sender, work(sender.tablet))
    before = fingerprint(server.engine)

    reply = bring(colleague, bundle)

    assert (reply.status, reply.code) == (403, "not-permitted")
    assert "signed" in reply.json["detail"]
    assert fingerprint(server.engine) == before


def sealed_to_another(sender: Sender, sets: Sequence[Json]) -> Json:
    box = SealedBox(PrivateKey.generate().public_key)
    boxes = [{"number": 1, "sealed": base64_of(box.encrypt(as_json(sets[0])))}]
    return sender.signed({"device": sender.tablet.device, "sets": boxes})


def boxed(number: int, content: Json) -> Callable[[Sender, Sequence[Json]], Json]:
    def make(sender: Sender, _: Sequence[Json]) -> Json:
        boxes = [{"number": number, "sealed": sender.seal(content)}]
        return sender.signed({"device": sender.tablet.device, "sets": boxes})

    return make


WRONG_BOXES: Mapping[str, Callable[[Sender, Sequence[Json]], Json]] = {
    "sealed to another server": sealed_to_another,
    "no object": boxed(1, [1]),
    "no JSON": boxed(1, b"\xff"),
    "NaN": boxed(1, b'{"number": NaN}'),
    "deeper than the parser goes": boxed(1, b"[" * 100_000),
    "another number": boxed(1, {"number": 2, "changes": []}),
    "a number in words": boxed(1, {"number": "1", "changes": []}),
    "true": boxed(1, {"number": True, "changes": []}),
    "no number": boxed(1, {}),
}


@pytest.mark.parametrize("make", WRONG_BOXES.values(), ids=WRONG_BOXES)
def test_a_box_that_holds_something_else_is_named(
    server: Server,
    sender: Sender,
    colleague: Tablet,
    make: Callable[[Sender, Sequence[Json]], Json],
) -> None:
    bundle = make(sender, work(sender.tablet))
    before = fingerprint(server.engine)

    reply = bring(colleague, bundle)

    assert (reply.status, reply.code) == (400, "bad-request")
    assert reply.json["errors"][0]["field"].startswith("sets.0.")
    assert fingerprint(server.engine) == before


BODIES: Mapping[str, Json] = {
    "nothing": {}, "a list": [], "no sets": {"device": fresh_id(), "signature": "AAAA"},
    "sets of words": {"device": fresh_id(), "sets": ["a"], "signature": "AAAA"},
    "sets that are none": {"device": fresh_id(), "sets": {"a": 1}, "signature": "AAAA"},
    "number zero": {
        "device": fresh_id(), "sets": [{"number": 0, "sealed": "AA"}], "signature": "AAAA",
    },
    "a box of numbers": {
        "device": fresh_id(), "sets": [{"number": 1, "sealed": 7}], "signature": "AAAA",
    },
    "a device in words": {"device": "T1", "sets": [], "signature": "AAAA"},
    "an endless signature": {"device": fresh_id(), "sets": [], "signature": "A" * 300},
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_bundle_is_no_request(server: Server, colleague: Tablet, body: Json) -> None:
    assert bring(colleague, body).code == "bad-request"


def test_a_gap_is_told(sender: Sender, colleague: Tablet) -> None:
    sets = work(sender.tablet, 3)

    reply = bring(colleague, sender.bundle(*sets[1:]))

    assert (reply.status, reply.code, reply.json["next"]) == (409, "sets-out-of-order", 1)


def test_a_number_with_other_content_is_told(sender: Sender, colleague: Tablet) -> None:
    li = sender.tablet
    li.sync(*work(li, 1))
    other = li.change_set(call(), number=1)

    assert bring(colleague, sender.bundle(other)).code == "set-changed"


def test_too_many_changes_are_too_large(sender: Sender, colleague: Tablet) -> None:
    li = sender.tablet
    sets = [li.change_set(*[edit()] * 400) for _ in range(3)]

    assert bring(colleague, sender.bundle(*sets)).code == "too-large"


def test_nobody_signed_in_brings_nothing(server: Server, sender: Sender) -> None:
    raw = as_json(sender.bundle(*work(sender.tablet)))

    reply = server.send("POST", "/api/v1/courier", raw)

    assert (reply.status, reply.code) == (401, "unauthenticated")


def test_of_a_closed_account_nothing_is_taken(
    server: Server, sender: Sender, colleague: Tablet
) -> None:
    bundle = sender.bundle(*work(sender.tablet))
    with server.engine.begin() as connection:
        assert accounts.set_active(connection, "li.wei", active=False)

    assert bring(colleague, bundle).code == "not-permitted"


@pytest.mark.parametrize("key", ["", "AAAA", "键", "-----BEGIN PUBLIC KEY-----", "RSA"])
def test_a_key_that_signs_nothing_opens_no_door(one_server: Server, key: str) -> None:
    if key == "RSA":
        key = base64_of(info(rsa.generate_private_key(65537, 2048), Encoding.DER))
    tablet = one_server.tablet("li.wei").catch_up()
    sender = Sender(tablet, Signer(key, lambda _: bytes(64)))

    reply = bring(one_server.tablet("zhao.min"), sender.bundle(*work(tablet)))

    assert reply.code == "not-permitted"


def test_the_key_of_the_newest_sign_in_counts(one_server: Server) -> None:
    tablet = one_server.tablet("li.wei").catch_up()
    carrier = one_server.tablet("zhao.min")
    old, new = (Sender(tablet, ed25519()) for _ in range(2))
    sets = work(tablet)
    tablet.login()  # without a key: the one that was given stays

    assert bring(carrier, old.bundle(*sets)).code == "not-permitted"
    assert bring(carrier, new.bundle(*sets)).status == 200
    assert context(one_server.app).keys.seal_key == new.seal_key
