"""What a tablet seals, this end opens: the same boxes as in the tablet app's own test."""

import base64
import json
from pathlib import Path

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

FILE = Path(__file__).parent.parent / "vectors" / "sealed-box.json"
VECTORS: list[dict[str, str]] = json.loads(FILE.read_text("utf-8"))["vectors"]


@pytest.fixture(params=VECTORS, ids=[it["id"] for it in VECTORS])
def vector(request: pytest.FixtureRequest) -> dict[str, str]:
    """A sealed box, its keys and what is in it."""
    found: dict[str, str] = request.param
    return found


def test_a_sealed_box_opens(vector: dict[str, str]) -> None:
    key = PrivateKey(base64.b64decode(vector["secret_key"]))

    opened = SealedBox(key).decrypt(base64.b64decode(vector["sealed"]))

    assert opened.decode() == vector["plain"]
    assert base64.b64encode(bytes(key.public_key)).decode() == vector["public_key"]


def test_a_box_that_was_touched_does_not(vector: dict[str, str]) -> None:
    key = PrivateKey(base64.b64decode(vector["secret_key"]))
    sealed = bytearray(base64.b64decode(vector["sealed"]))
    sealed[-1] ^= 1

    with pytest.raises(CryptoError):
        SealedBox(key).decrypt(bytes(sealed))
