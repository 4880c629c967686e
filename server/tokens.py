"""Access and refresh tokens (protocol.md, section 10).

Access: a JWT (EdDSA, `at+jwt`) that names user, role, branch and device. Refresh: opaque, 256 bits, stored
hashed. A successor is derived from its predecessor, so that a device whose answer was lost gets the very
same successor again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from schemas import problems
from server.keys import Keys

ISSUER, AUDIENCE, TYPE, ALGORITHM = "xiangxin", "xiangxin-api", "at+jwt", "EdDSA"
LEEWAY_SECONDS = 60
LONGEST = 4096
CLAIMS = ["exp", "iat", "iss", "aud", "sub", "jti", "did", "role", "branch"]


@dataclass(frozen=True)
class Bearer:
    """Who an access token names."""

    user: str
    role: str
    branch: str
    device: str


def make_access(keys: Keys, bearer: Bearer, now: datetime, seconds: int) -> str:
    """Return a signed access token that is valid for *seconds*."""
    kid, key = next(iter(keys.private.items()))
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": bearer.user, "did": bearer.device,
        "role": bearer.role, "branch": bearer.branch, "jti": secrets.token_hex(12), "iat": now,
        "exp": now + timedelta(seconds=seconds),
    }  # fmt: skip
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": TYPE})


def read_access(keys: Keys, header: str | None, now: datetime) -> Bearer:
    """Read an `Authorization` header.

    Raises:
        problems.TokenExpiredError: the token was good and is too old.
        problems.UnauthenticatedError: anything else.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST:
        raise problems.UnauthenticatedError
    try:
        head = jwt.get_unverified_header(token)
        key = keys.private.get(head["kid"]) if isinstance(head.get("kid"), str) else None
        if key is None or head.get("typ") != TYPE or set(head) - {"kid", "typ", "alg"}:
            raise problems.UnauthenticatedError
        claims: dict[str, Any] = jwt.decode(
            token, key.public_key(), algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER,
            options={"require": CLAIMS, "verify_exp": False, "verify_iat": False},
        )  # fmt: skip
    except (jwt.PyJWTError, KeyError, ValueError, RecursionError) as error:
        raise problems.UnauthenticatedError from error
    _check_times(claims, now)
    named = [claims[it] for it in ("sub", "role", "branch", "did")]
    if not all(isinstance(it, str) for it in named):
        raise problems.UnauthenticatedError
    return Bearer(*named)


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    """Compare with the server's clock, which is given, and which PyJWT would read by itself."""
    issued, expires, moment = claims["iat"], claims["exp"], now.timestamp()
    if type(issued) is not int or type(expires) is not int:
        raise problems.UnauthenticatedError
    if issued > moment + LEEWAY_SECONDS:
        raise problems.UnauthenticatedError
    if expires <= moment - LEEWAY_SECONDS:
        raise problems.TokenExpiredError


def first_refresh() -> str:
    """Return a new refresh token."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def next_refresh(keys: Keys, token: str) -> str:
    """Return the successor of *token*: always the same one."""
    made = hmac.new(keys.derive("refresh"), token.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def hashed(token: str) -> str:
    """Return the form in which a refresh token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
