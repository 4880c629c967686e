"""The device's own key: what it signs is its work, whoever carries it (protocol.md, section 11).

Ed25519. The secret half lies in the store, encrypted with it; the public half goes to the branch with every
sign-in.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32


def new_key(new_bytes: Callable[[int], bytes]) -> str:
    """Return a fresh secret key, in base64."""
    return base64.b64encode(new_bytes(KEY_BYTES)).decode()


def public_key(secret: str) -> str:
    """Return the public half of a secret key, in base64."""
    return base64.b64encode(_key(secret).public_key().public_bytes_raw()).decode()


def sign(secret: str, message: bytes) -> str:
    """Return the signature of *message*, in base64."""
    return base64.b64encode(_key(secret).sign(message)).decode()


def _key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret))
