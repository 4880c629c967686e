"""Uploads of attachments' bytes: begun, gone on with, finished, ended (protocol.md, section 11).

A row says whose upload it is and of what; its file says how far it has come (`parts.py`). Finished bytes
move to their place (`blobs.py`), and the file's being gone from here and there is how one knows.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import structlog
from sqlalchemy import Table, delete, func, insert, select, update

from schemas import limits, problems
from schemas.media import MEDIA
from schemas.values import format_instant, parse_instant
from server import accounts, attachments, blobs, bulk, parts
from server.attachments import Attachment, blob
from server.context import Context
from server.db import reading, writing
from server.models import UploadRow
from server.parts import Checksum
from server.tokens import Bearer

log = structlog.get_logger()
upload: Table = UploadRow.__table__  # type: ignore[assignment]
LIFE = timedelta(days=14)
LIFE_WHEN_WHOLE = timedelta(days=1)
MOST_OPEN = 500
"""So many uploads may a user have under way or just finished."""


@dataclass(frozen=True)
class Upload:
    """An upload that its user may go on with."""

    id: str
    length: int
    expires_at: datetime
    attachment: Attachment


@dataclass(frozen=True)
class Uploads:
    """The uploads of one user."""

    parts: Context
    who: Bearer

    def begin(self, attachment_id: str, length: int) -> Upload:
        """Begin an upload; those that have expired are removed.

        Raises:
            problems.NotFoundError: there is no such attachment, or it is another's.
            problems.TooLargeError, problems.UnsupportedMediaTypeError: nothing of the kind is taken.
            problems.RateLimitedError: too many uploads are under way.
        """
        if length > limits.ATTACHMENT_BYTES:
            raise problems.TooLargeError
        now = self.parts.now()
        with writing(self.parts.engine) as connection:
            found = attachments.find(connection, self.who, attachment_id)
            if found is None:
                raise problems.NotFoundError
            if found.size > limits.ATTACHMENT_BYTES:
                raise problems.TooLargeError
            if found.media_type not in MEDIA:
                raise problems.UnsupportedMediaTypeError
            query = delete(upload).where(upload.c.expires_at <= format_instant(now))
            expired = connection.execute(query.returning(upload.c.id)).scalars().all()
            mine = select(func.count()).where(upload.c.user == self.who.user)
            if connection.execute(mine).scalar_one() >= MOST_OPEN:
                raise problems.RateLimitedError
            made = Upload(secrets.token_hex(16), length, now + LIFE, found)
            connection.execute(
                insert(upload).values(
                    id=made.id, branch=self.who.branch, user=self.who.user,
                    attachment=found.id, length=length, expires_at=format_instant(made.expires_at),
                )
            )  # fmt: skip
        for name in expired:
            parts.path(self.parts.settings.data, name).unlink(missing_ok=True)
        parts.make(self.parts.settings.data, made.id)
        return made

    def find(self, upload_id: str) -> Upload:
        """Return an upload.

        Raises:
            problems.NotFoundError: there is none of that id, or it is another's, or it has expired, or its
                attachment is not the user's any more.
        """
        query = select(upload).where(
            upload.c.id == upload_id,
            upload.c.user == self.who.user,
            upload.c.branch == self.who.branch,
            upload.c.expires_at > format_instant(self.parts.now()),
        )
        with reading(self.parts.engine) as connection:
            accounts.confirm(connection, self.who)
            row = connection.execute(query).first()
            found = attachments.find(connection, self.who, row.attachment) if row else None
        if row is None or found is None:
            raise problems.NotFoundError
        return Upload(row.id, row.length, parse_instant(row.expires_at), found)

    def offset(self, of: Upload) -> int:
        """Return how much has come and is on the disk; what has come whole is put in its place first.

        Raises:
            problems.NotFoundError: nothing of it is there.
            problems.XiangxinError: it is whole, and not what it should be, as `attachments.check` says.
        """
        with parts.opened(self._file(of)) as handle:
            if handle is not None:
                size = parts.size_on_disk(handle)
                if size < of.length:
                    return size
                self._finish(of, handle)
                return of.length
        if not self._has_come(of):
            raise problems.NotFoundError
        self._note(of)
        return of.length

    def append(
        self, of: Upload, offset: int, source: IO[bytes], announced: int | None, checksum: Checksum | None
    ) -> int:  # fmt: skip
        """Append a part and return how much has come; `announced`: its length, if it was told.

        Raises:
            problems.OffsetConflictError: it does not begin where the one before ended.
            problems.TooLargeError: it is longer than what is missing.
            problems.XiangxinError: as `parts.append` and `offset` do.
        """
        file, most = self._file(of), of.length - offset
        with parts.opened(file) as handle:
            if handle is None:
                if offset != self.offset(of) or announced:
                    raise problems.OffsetConflictError
                return of.length
            if offset != os.fstat(handle).st_size:
                raise problems.OffsetConflictError
            if (announced or 0) > most:
                raise problems.TooLargeError
            if checksum is None:
                at = parts.append(handle, offset, most, source)
            else:
                at = parts.append_checked(handle, offset, most, source, checksum, file.parent)
            if at == of.length:
                self._finish(of, handle)
            return at

    def end(self, of: Upload) -> None:
        """End an upload: what has come of it is gone, unless it has come whole."""
        self._file(of).unlink(missing_ok=True)
        with writing(self.parts.engine) as connection:
            connection.execute(delete(upload).where(upload.c.id == of.id))

    # ------------------------------------------------------------------------------- finishing

    def _finish(self, of: Upload, handle: int) -> None:
        """Put finished bytes in their place, or discard them; whoever comes second finds it done."""
        file = self._file(of)
        with parts.locked(handle):
            if not _is(file, handle):
                if not self._has_come(of):
                    raise problems.NotFoundError
                return
            try:
                picture = attachments.check(file, of.attachment)
            except problems.XiangxinError as error:
                log.info("upload_refused", upload=of.id, code=error.code)
                self.end(of)
                raise
            with blobs.room():
                os.fsync(handle)
                blobs.keep(self.parts.settings.data, file, of.attachment.sha256)
        self._write(of, attachments.covers_as_json(picture))

    def _has_come(self, of: Upload) -> bool:
        return blobs.blob_path(self.parts.settings.data, of.attachment.sha256).exists()

    def _note(self, of: Upload) -> None:
        """Write down what came whole when the server was stopped in the very moment."""
        with reading(self.parts.engine) as connection:
            if attachments.blob_row(connection, of.attachment.sha256) is not None:
                return
        file = blobs.blob_path(self.parts.settings.data, of.attachment.sha256)
        self._write(of, attachments.covers_as_json(attachments.check(file, of.attachment)))

    def _write(self, of: Upload, covers: list[list[object]]) -> None:
        """Note that the bytes are there; the upload stays a while, for whom the answer did not reach."""
        now, sha256 = self.parts.now(), of.attachment.sha256
        row = {
            "hash": sha256, "size": of.length, "covers": covers, "kept_at": format_instant(now),
        }  # fmt: skip
        soon = format_instant(now + LIFE_WHEN_WHOLE)
        with writing(self.parts.engine) as connection:
            if attachments.blob_row(connection, sha256) is None:
                bulk.upsert(connection, blob, [row])
            connection.execute(update(upload).where(upload.c.id == of.id).values(expires_at=soon))

    def _file(self, of: Upload) -> Path:
        return parts.path(self.parts.settings.data, of.id)


def _is(file: Path, handle: int) -> bool:
    """Tell whether the file of that name is the opened one."""
    try:
        return os.path.samestat(os.stat(file), os.fstat(handle))
    except FileNotFoundError:
        return False
