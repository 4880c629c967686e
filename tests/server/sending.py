"""Sending an attachment's bytes: its record, and the few requests of tus that tests make by hand."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.server.branch import GUIYING, LI, Reply, Tablet, create, fresh_id

Json = Any
UPLOADS = "/api/v1/uploads/"
PART = "application/offset+octet-stream"


def jpeg(size: int = 5_000, seed: int = 1, exif: bytes = b"") -> bytes:
    """Return bytes that begin and end as a JPEG of 64 by 48 pixels does; *exif* is its Exif."""
    head = b"\xff\xd8"
    if exif:
        head += b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\x00\x00" + exif
    head += b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 48, 64, 1) + b"\x01\x11\x00"
    head += b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00"
    noise = Random(seed).randbytes(size - len(head) - 2).replace(b"\xff", b"\xfe")
    return head + noise + b"\xff\xd9"


def png(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says it is so large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))  # fmt: skip


def attachment(data: bytes, record: str | None = None, /, **fields: Json) -> Json:
    """Return the change that makes the record of *data*, a photo of 王桂英's home."""
    whole = {
        "record_type": "customer", "record": GUIYING, "kind": "photo_home",
        "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "media_type": "image/jpeg",
        "captured_at": "2026-06-16T01:10:00.000Z", "captured_by": LI, **fields,
    }  # fmt: skip
    return create("attachment", GUIYING, record or fresh_id(), **whole)


def recorded(tablet: Tablet, data: bytes, **fields: Json) -> str:
    """Make the record of *data* and return its id."""
    change = attachment(data, **fields)
    result = tablet.push(change)
    assert result["status"] == "applied", result
    return str(change["id"])


@dataclass
class Sender:
    """Who sends: a tablet that speaks tus."""

    tablet: Tablet

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] = {}, body: bytes | None = None
    ) -> Reply:
        """Send a request with the headers that every one of them has."""
        said = {
            **self.tablet.authorization, "Tus-Resumable": "1.0.0",
            **({} if body is None else {"Content-Type": PART}), **headers,
        }  # fmt: skip
        return self.tablet.network.send(method, path, body, said)

    def begin(self, attachment_id: str, length: int, body: bytes | None = None) -> Reply:
        """Begin an upload."""
        named = base64.b64encode(attachment_id.encode()).decode()
        headers = {"Upload-Length": str(length), "Upload-Metadata": f"attachment {named}"}
        return self.ask("POST", UPLOADS, headers, body)

    def begun(self, attachment_id: str, length: int) -> str:
        """Begin an upload and return its address."""
        reply = self.begin(attachment_id, length)
        assert reply.status == 201, reply
        return reply.headers["Location"]

    def put(self, upload: str, offset: int, body: bytes, **headers: str) -> Reply:
        """Send a part."""
        said = {name.replace("_", "-"): it for name, it in headers.items()}
        return self.ask("PATCH", upload, {"Upload-Offset": str(offset), **said}, body)

    def offset(self, upload: str) -> int:
        """Return how far an upload has come, as the server says."""
        reply = self.ask("HEAD", upload)
        assert reply.status == 200, reply
        return int(reply.headers["Upload-Offset"])

    def send(self, attachment_id: str, data: bytes) -> Reply:
        """Send all of it in one part; return the last answer."""
        reply = self.begin(attachment_id, len(data))
        if reply.status != 201:
            return reply
        return self.put(reply.headers["Location"], 0, data)

    def get(self, attachment_id: str, **headers: str) -> Reply:
        """Ask for an attachment's bytes."""
        said = {**self.tablet.authorization, **headers}
        return self.tablet.network.send("GET", f"/api/v1/attachments/{attachment_id}", None, said)


def checksum(algorithm: str, data: bytes) -> str:
    """Return the value of `Upload-Checksum` for a part."""
    digest = hashlib.new(algorithm, data).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"
