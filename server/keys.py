"""The server's secrets, made at the first start and kept in the data folder, readable by its owner only.

`signing`: Ed25519 keys for access tokens, newest first (two live during a rotation); `seal`: the X25519 key
to which devices seal their journals; `secret`: 32 random bytes from which cursor, refresh and session keys
are derived.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.public import PrivateKey

FILE = "keys.json"
LIVE_SIGNING_KEYS = 2


@dataclass(frozen=True)
class Keys:
    """The keys of one installation."""

    signing: tuple[tuple[str, bytes], ...]
    seal: bytes
    secret: bytes

    @cached_property
    def private(self) -> dict[str, Ed25519PrivateKey]:
        """Return the signing keys by their id, newest first."""
        return {kid: Ed25519PrivateKey.from_private_bytes(raw) for kid, raw in self.signing}

    @property
    def seal_key(self) -> str:
        """Return the public half of the seal key, in base64."""
        return base64.b64encode(bytes(PrivateKey(self.seal).public_key)).decode()

    def derive(self, purpose: str) -> bytes:
        """Return a 32-byte key for one purpose."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()


def load_keys(folder: Path) -> Keys:
    """Read the keys of *folder*, making them where there are none."""
    file = folder / FILE
    if not file.exists():
        _write(file, _fresh(), exclusive=True)
    found = json.loads(file.read_text())
    return Keys(
        tuple((it["kid"], base64.b64decode(it["key"])) for it in found["signing"]),
        base64.b64decode(found["seal"]),
        base64.b64decode(found["secret"]),
    )


def rotate(folder: Path) -> str:
    """Add a new signing key; the one before stays valid for tokens already given. Return its id."""
    load_keys(folder)
    file = folder / FILE
    found = json.loads(file.read_text())
    found["signing"] = [_signing_key(), *found["signing"]][:LIVE_SIGNING_KEYS]
    _write(file, found, exclusive=False)
    return str(found["signing"][0]["kid"])


def renewed(content: bytes) -> bytes:
    """Return a key file under which nobody is signed in any more; what tablets sealed still opens."""
    found = json.loads(content)
    return json.dumps({**found, **_fresh(), "seal": found["seal"]}).encode()


def _fresh() -> dict[str, object]:
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    seal = base64.b64encode(bytes(PrivateKey.generate())).decode()
    return {"signing": [_signing_key()], "seal": seal, "secret": secret}


def _signing_key() -> dict[str, str]:
    raw = Ed25519PrivateKey.generate().private_bytes_raw()
    return {"kid": secrets.token_hex(8), "key": base64.b64encode(raw).decode()}


def _write(file: Path, content: dict[str, object], exclusive: bool) -> None:
    """Write the whole file or nothing; of two processes that start at once, the first one's keys stand."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{FILE}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(content, out)
        out.flush()
        os.fsync(out.fileno())
    if not exclusive:
        draft.replace(file)
        return
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
