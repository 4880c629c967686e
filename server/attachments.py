"""Attachments' bytes: whose they are to send, whose to see, and whether they are what they were.

A picture is shown without what its file tells of where and with what it was taken (reliability.md asks for
it): the bytes are kept as they were hashed, and covered on their way out. Our own devices cover before they
hash, so that what they sent is what they get.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement, Connection, Row, Table, exists, select, true

from schemas import limits, problems
from schemas.media import HEAD_BYTES, MEDIA
from schemas.pictures import Picture, look
from server import blobs
from server.models import BlobRow
from server.store import branch, feed, record
from server.tokens import Bearer
from server.verify import Finding

Json = Any
blob: Table = BlobRow.__table__  # type: ignore[assignment]
OVERSEERS = ("supervisor", "auditor")
BATCH = 500


@dataclass(frozen=True)
class Attachment:
    """What the record of an attachment says, for somebody who may send its bytes.

    `is_seen`: whether he may have them as well; his own late work (protocol.md, section 7) he only sends.
    """

    id: str
    sha256: str
    size: int
    media_type: str
    is_seen: bool


def find(connection: Connection, who: Bearer, attachment_id: str) -> Attachment | None:
    """Return an attachment whose record is in the scope of *who*, or was made by him; else None."""
    query = select(record.c.fields, record.c.created, seen_by(who).label("is_seen")).where(
        record.c.branch == who.branch, record.c.id == attachment_id,
        record.c.type == "attachment", record.c.deleted == 0,
    )  # fmt: skip
    row = connection.execute(query).first()
    if row is None:
        return None
    is_seen = bool(row.is_seen)
    if not is_seen and json.loads(row.created)[2] != who.user:
        return None
    fields = row.fields
    return Attachment(
        attachment_id, fields["sha256"], fields["size"], fields["media_type"], is_seen
    )


def seen_by(who: Bearer) -> ColumnElement[bool]:
    """Return the condition under which *who* may have the bytes of an attachment of the own branch."""
    if who.role in OVERSEERS:
        return true()
    return exists().where(
        feed.c.owner.in_((who.user, who.branch)), feed.c.record == record.c.id,
        feed.c.kind == "record", feed.c.live == 1,
    )  # fmt: skip


def check(file: Path, of: Attachment) -> Picture:
    """Look at finished bytes; return what a picture says of itself.

    Raises:
        problems.HashMismatchError: they are not those that the record tells of.
        problems.UnsupportedMediaTypeError: they do not begin as their media type does.
        problems.TooLargeError: it is a picture of more pixels than anybody can look at.
    """
    with file.open("rb") as opened:
        if file.stat().st_size != of.size or blobs.hash_of(opened) != of.sha256:
            raise problems.HashMismatchError
        opened.seek(0)
        medium = MEDIA.get(of.media_type)
        if medium is None or not medium.begins(opened.read(HEAD_BYTES)):
            raise problems.UnsupportedMediaTypeError
        picture = _looked_at(opened, of.media_type)
    if picture.width * picture.height > limits.ATTACHMENT_PIXELS:
        raise problems.TooLargeError
    return picture


def _looked_at(opened: IO[bytes], media_type: str) -> Picture:
    with mmap(opened.fileno(), 0, access=ACCESS_READ) as data:
        return look(data, media_type)


def blob_row(connection: Connection, sha256: str) -> Row[Any] | None:
    """Return what is known of bytes that have come whole."""
    return connection.execute(select(blob).where(blob.c.hash == sha256)).first()


def covers_as_json(picture: Picture) -> list[list[Json]]:
    """Return a picture's covers as they are stored."""
    return [[it.offset, it.length, it.first.hex()] for it in picture.covers]


def findings(connection: Connection, data: Path) -> Iterator[Finding]:
    """Yield every attachment whose bytes have come and are not what they were, branch by branch."""
    kept = {it.hash: it.size for it in connection.execute(select(blob.c.hash, blob.c.size))}
    damaged = {it for it, size in kept.items() if not blobs.is_sound(data, it, size)}
    if not damaged:
        return
    query = (
        select(branch.c.code, record.c.version, record.c.id, record.c.fields)
        .where(record.c.branch == branch.c.id, record.c.type == "attachment")
        .order_by(branch.c.code, record.c.version)
        .execution_options(yield_per=BATCH)
    )
    for row in connection.execute(query):
        if row.fields["sha256"] in damaged:
            place = blobs.blob_path(Path(), row.fields["sha256"])
            yield Finding(row.code, row.version, f"the bytes of attachment {row.id} are not in {place}")  # fmt: skip
    yield from (
        Finding("", 0, f"the file {blobs.blob_path(Path(), it)} is damaged") for it in damaged
    )
