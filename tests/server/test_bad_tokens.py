"""Whatever an `Authorization` header holds that is not a token of ours opens no address."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server import tokens
from server.context import context
from tests.server.branch import NOW, Server, Tablet, as_json, fresh_id

Json = Any
OPEN = {
    "/api/v1/hello",
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/logout",
}
"""The addresses of the protocol that ask for no token."""


@dataclass(frozen=True)
class Forger:
    """Makes tokens, good ones and others, for a tablet that has signed in."""

    server: Server
    tablet: Tablet

    @property
    def kid(self) -> str:
        return next(iter(context(self.server.app).keys.private))

    @property
    def key(self) -> Ed25519PrivateKey:
        return context(self.server.app).keys.private[self.kid]

    @property
    def pem(self) -> str:
        public = self.key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def claims(self, **changed: Json) -> dict[str, Json]:
        """Return the claims of the tablet's own token, with some changed; `...` leaves one out."""
        found = jwt.decode(self.tablet.access, options={"verify_signature": False})
        return {key: it for key, it in {**found, **changed}.items() if it is not ...}

    def head(self, **changed: Json) -> dict[str, Json]:
        found = {"alg": "EdDSA", "typ": "at+jwt", "kid": self.kid, **changed}
        return {key: it for key, it in found.items() if it is not ...}

    def signed(self, head: Json = None, claims: Json = None, key: Json = None) -> str:
        """Return a token, signed with our key unless *key* is another."""
        return self.sealed(as_text(head or self.head()), as_text(claims or self.claims()), key)

    def sealed(self, head: str, claims: str, key: Ed25519PrivateKey | None = None) -> str:
        """Return a token of parts as they are."""
        body = f"{part(head)}.{part(claims)}"
        return f"{body}.{encoded((key or self.key).sign(body.encode()))}"


def as_text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def part(text: str) -> str:
    return encoded(text.encode())


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def moment(**later: float) -> int:
    return int((NOW + timedelta(**later)).timestamp())


def hs256(it: Forger, secret: bytes) -> str:
    """Return a token "signed" with what everybody knows, as if it were a shared secret."""
    body = f"{part(as_text(it.head(alg='HS256')))}.{part(as_text(it.claims()))}"
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{body}.{encoded(algorithm.sign(body.encode(), secret))}"


def unsigned(it: Forger, algorithm: str) -> str:
    return f"{part(as_text(it.head(alg=algorithm)))}.{part(as_text(it.claims()))}."


def own_key_in_the_head(it: Forger) -> str:
    stranger = Ed25519PrivateKey.generate()
    x = encoded(stranger.public_key().public_bytes_raw())
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": x}
    return it.signed(it.head(jwk=jwk), key=stranger)


def with_another_signature(it: Forger) -> str:
    head, claims, _ = it.tablet.access.split(".")
    return f"{head}.{claims}.{it.signed(claims=it.claims(jti='other')).split('.')[2]}"


def flipped(token: str, place: int) -> str:
    other = "A" if token[place] != "A" else "B"
    return token[:place] + other + token[place + 1 :]


Header = Callable[[Forger], str | None]
Token = Callable[[Forger], str]

HEADERS: dict[str, Header] = {
    "no header": lambda _: None,
    "empty": lambda _: "",
    "no token": lambda _: "Bearer",
    "blank token": lambda _: "Bearer  ",
    "another scheme": lambda it: f"Basic {it.tablet.access}",
    "the bare token": lambda it: it.tablet.access,
    "two tokens": lambda it: f"Bearer {it.tablet.access} {it.tablet.access}",
}
SHAPES: dict[str, Token] = {
    "garbage": lambda _: "abc",
    "two dots": lambda _: "..",
    "not base64": lambda _: "%%%.%%%.%%%",
    "not ASCII": lambda _: "\xe9.\xe9.\xe9",
    "a NUL": lambda it: f"{it.tablet.access[:20]}\x00{it.tablet.access[20:]}",
    "200 KB": lambda it: "A" * 200_000,
    "200 KB of claims, signed": lambda it: it.signed(claims=it.claims(x="A" * 150_000)),
    "a refresh token": lambda it: it.tablet.refresh,
    "no signature": lambda it: it.tablet.access.rsplit(".", 1)[0] + ".",
    "half a signature": lambda it: it.tablet.access[:-40],
    "a bit of the signature flipped": lambda it: flipped(it.tablet.access, -20),
    "a bit of the claims flipped": lambda it: flipped(
        it.tablet.access, it.tablet.access.index(".") + 20
    ),
    "another token's signature": with_another_signature,
    "signed by a stranger": lambda it: it.signed(key=Ed25519PrivateKey.generate()),
}
HEADS: dict[str, Token] = {
    "type JWT": lambda it: it.signed(it.head(typ="JWT")),
    "no type": lambda it: it.signed(it.head(typ=...)),
    "algorithm none": lambda it: unsigned(it, "none"),
    "algorithm None": lambda it: unsigned(it, "None"),
    "no algorithm": lambda it: it.signed(it.head(alg=...)),
    "an algorithm that is a list": lambda it: it.signed(it.head(alg=["EdDSA"])),
    "two algorithms": lambda it: it.sealed(
        as_text(it.head())[:-1] + ', "alg": "none"}', as_text(it.claims())
    ),
    "HS256 with the public key": lambda it: hs256(it, it.key.public_key().public_bytes_raw()),
    "HS256 with the public PEM": lambda it: hs256(it, it.pem.encode()),
    "HS256 with nothing": lambda it: hs256(it, b""),
    "algorithm ES256": lambda it: it.signed(it.head(alg="ES256")),
    "an unknown kid": lambda it: it.signed(it.head(kid="0123456789abcdef")),
    "no kid": lambda it: it.signed(it.head(kid=...)),
    "a kid that is a number": lambda it: it.signed(it.head(kid=1)),
    "a kid that is null": lambda it: it.signed(it.head(kid=None)),
    "a kid that is a path": lambda it: it.signed(it.head(kid="../../dev/null")),
    "a kid that is SQL": lambda it: it.signed(it.head(kid="' OR '1'='1")),
    "a jwk of its own": own_key_in_the_head,
    "a jku": lambda it: it.signed(it.head(jku="https://bank.example/keys")),
    "an x5u": lambda it: it.signed(it.head(x5u="https://bank.example/keys")),
    "a crit": lambda it: it.signed(it.head(crit=["exp"])),
    "b64 false": lambda it: it.signed(it.head(b64=False)),
    "no object": lambda it: it.sealed("[]", as_text(it.claims())),
    "nesting without end": lambda it: it.sealed("[" * 1400 + "]" * 1400, "{}"),
    "nesting without end in a member": lambda it: it.sealed(
        '{"kid":' + "[" * 1300 + "]" * 1300 + "}", "{}"
    ),
    "2,900 digits": lambda it: it.sealed("1" * 2900, "{}"),
}
CLAIMS: dict[str, Json] = {
    "from the future": {"iat": moment(minutes=5)},
    "for another audience": {"aud": "other"},
    "from another issuer": {"iss": "other"},
    "an end that is text": {"exp": "soon"},
    "an end that is NaN": {"exp": float("nan")},
    "an end that is endless": {"exp": float("inf")},
    "an end that is true": {"exp": True},
    "a beginning that is text": {"iat": "now"},
    **{f"no {name}": {name: ...} for name in tokens.CLAIMS},
    **{f"a number for {it}": {it: 7} for it in ("sub", "did", "role", "branch", "iss", "aud")},
}


def bearing(token: Token) -> Header:
    return lambda it: f"Bearer {token(it)}"


def claiming(changed: Json) -> Header:
    return bearing(lambda it: it.signed(claims=it.claims(**changed)))


BAD: dict[str, Header] = {
    **HEADERS,
    **{name: bearing(it) for name, it in SHAPES.items()},
    **{f"head: {name}": bearing(it) for name, it in HEADS.items()},
    **{f"claims: {name}": claiming(it) for name, it in CLAIMS.items()},
    "claims: a list": bearing(lambda it: it.signed(claims="[]")),
    "claims: no JSON": bearing(lambda it: it.signed(claims="{")),
}


@pytest.fixture(scope="module")
def forger(steady_server: Server) -> Forger:
    return Forger(steady_server, steady_server.tablet("wang.jun"))


def protected(server: Server) -> Iterator[tuple[str, str]]:
    """Yield method and address of everything in the API that asks for a token."""
    for rule in server.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or rule.rule in OPEN:
            continue
        values = {name: fresh_id() for name in rule.arguments}
        path = server.app.test_request_context().url_adapter
        assert path is not None
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, path.build(rule.endpoint, values, method)


def answers(forger: Forger, header: str | None) -> dict[str, tuple[int, str | None]]:
    said = {} if header is None else {"Authorization": header}
    found = {}
    for method, path in protected(forger.server):
        reply = forger.server.send(method, path, b"{}", said)
        found[f"{method} {path}"] = reply.status, reply.code
    return found


def test_the_forger_makes_good_tokens_as_well(forger: Forger) -> None:
    said = {"Authorization": f"Bearer {forger.signed()}"}

    assert forger.server.send("GET", "/api/v1/devices", None, said).status == 200


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_token_opens_nothing(forger: Forger, bad: Header) -> None:
    found = answers(forger, bad(forger))

    assert set(found.values()) == {(401, "unauthenticated")}, found


def test_an_expired_token_is_told_apart_so_that_the_device_refreshes_it(forger: Forger) -> None:
    found = answers(forger, claiming({"exp": moment(minutes=-2)})(forger))

    assert set(found.values()) == {(401, "token-expired")}, found


def test_a_refused_request_asks_for_a_bearer_token(forger: Forger) -> None:
    reply = forger.server.send("POST", "/api/v1/sync", b"{}")

    assert reply.headers["WWW-Authenticate"] == "Bearer"


UNKNOWN: dict[str, Json] = {
    "an unknown device": {"did": fresh_id()},
    "a device that is no id": {"did": "' OR '1'='1"},
    "an unknown user": {"sub": fresh_id()},
    "another branch": {"branch": fresh_id()},
}
PROMOTED: dict[str, Json] = {
    "another role": {"role": "officer"},
    "a role that does not exist": {"role": "emperor"},
}


@pytest.mark.parametrize(
    "changed", [*UNKNOWN.values(), *PROMOTED.values()], ids=[*UNKNOWN, *PROMOTED]
)
def test_a_token_whose_bearer_is_not_who_it_names_opens_nothing(
    forger: Forger, changed: Json
) -> None:
    said = {"Authorization": str(claiming(changed)(forger))}

    found = [
        forger.server.send("GET", it, None, said) for it in ("/api/v1/schema", "/api/v1/devices")
    ]

    assert [(it.status, it.code) for it in found] == [(401, "unauthenticated")] * 2


@pytest.mark.parametrize("changed", UNKNOWN.values(), ids=UNKNOWN)
def test_such_a_token_does_not_sync(forger: Forger, changed: Json) -> None:
    said = {"Authorization": str(claiming(changed)(forger))}

    reply = forger.server.send("POST", "/api/v1/sync", as_json(forger.tablet.request()), said)

    assert (reply.status, reply.code) == (401, "unauthenticated")


def test_the_clock_of_the_process_is_not_looked_at(forger: Forger) -> None:
    far = int(datetime(2126, 1, 1, tzinfo=UTC).timestamp())

    found = answers(forger, claiming({"iat": far, "exp": far + 900})(forger))

    assert set(found.values()) == {(401, "unauthenticated")}, found
