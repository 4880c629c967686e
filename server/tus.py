"""Uploads as tus 1.0.0 has them: the headers of requests and answers (protocol.md, section 11).

Core, creation (also with the first part), checksum, expiration, termination. What these lines say of
statuses is the tus specification's word; the codes are ours.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore

from flask import Blueprint, Flask, Response, request
from werkzeug.http import http_date

from schemas import limits, problems
from schemas.values import is_record_id
from server import accounts
from server.context import bearer, context
from server.db import reading
from server.limits import UPLOADS, limiter
from server.logs import note
from server.parts import Checksum
from server.uploads import Upload, Uploads

tus = Blueprint("tus", __name__, url_prefix="/api/v1/uploads")
VERSION = "1.0.0"
PART = "application/offset+octet-stream"
ALGORITHMS = {"sha1": 20, "sha256": 32}
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
MOST_BODIES_AT_ONCE = 6
"""In one process, of 8 threads: however many tablets send photos over slow links, sync goes on."""
_bodies = BoundedSemaphore(MOST_BODIES_AT_ONCE)
_NUMBER = re.compile("[0-9]{1,15}")


def register(app: Flask) -> None:
    """Add the addresses to *app*."""
    app.register_blueprint(tus)


@tus.before_request
def _speaks_tus() -> None:
    if request.method == "OPTIONS":
        return
    bearer()
    if request.headers.get("Tus-Resumable") != VERSION:
        raise problems.PreconditionFailedError


@tus.after_request
def _as_tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    if response.status_code == 412 or request.method == "OPTIONS":
        response.headers["Tus-Version"] = VERSION
    return response


@tus.route("/", methods=["OPTIONS"], strict_slashes=False)
@tus.route("/<upload_id>", methods=["OPTIONS"])
def options(upload_id: str = "") -> Response:
    """Say what of tus is spoken here; no sign-in."""
    return Response(
        status=204,
        headers={
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(limits.ATTACHMENT_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@tus.post("/", strict_slashes=False)
def create() -> Response:
    """Begin an upload, with its first part where the request has one."""
    uploads = _uploads()
    attachment = _attachment_named(request.headers.get("Upload-Metadata", ""))
    length = _number("Upload-Length")
    with reading(uploads.parts.engine) as connection:
        accounts.confirm(connection, uploads.who)
    with limiter.limit(UPLOADS, key_func=lambda: uploads.who.user):
        pass
    if attachment is None:
        raise problems.NotFoundError
    checksum = _checksum()
    made = uploads.begin(attachment, length)
    offset = 0
    if request.mimetype == PART:
        offset = _append(uploads, made, 0, checksum)
    elif length == 0:
        offset = uploads.offset(made)
    return _told(made, offset, 201, {"Location": f"{tus.url_prefix}/{made.id}"})


@tus.route("/<upload_id>", methods=["HEAD"])
def head(upload_id: str) -> Response:
    """Say how far an upload has come."""
    uploads = _uploads()
    found = uploads.find(upload_id)
    named = base64.b64encode(found.attachment.id.encode()).decode()
    more = {
        "Upload-Length": str(found.length), "Upload-Metadata": f"attachment {named}",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return _told(found, uploads.offset(found), 200, more)


@tus.patch("/<upload_id>")
def patch(upload_id: str) -> Response:
    """Take the next part of an upload."""
    uploads = _uploads()
    if request.mimetype != PART:
        raise problems.UnsupportedMediaTypeError
    offset, checksum = _number("Upload-Offset"), _checksum()
    found = uploads.find(upload_id)
    return _told(found, _append(uploads, found, offset, checksum), 204)


@tus.delete("/<upload_id>")
def terminate(upload_id: str) -> Response:
    """End an upload."""
    uploads = _uploads()
    uploads.end(uploads.find(upload_id))
    return Response(status=204)


@tus.post("/<upload_id>")
def overridden(upload_id: str) -> Response:
    """Do what `X-HTTP-Method-Override` says, for who can send nothing but GET and POST."""
    done = {"PATCH": patch, "DELETE": terminate, "HEAD": head}.get(
        request.headers.get("X-HTTP-Method-Override", "").upper()
    )
    if done is None:
        raise problems.MethodNotAllowedError
    return done(upload_id)


# ---------------------------------------------------------------------------------------- headers


def _uploads() -> Uploads:
    return Uploads(context(), bearer())


def _append(uploads: Uploads, of: Upload, offset: int, checksum: Checksum | None) -> int:
    length = None
    if not request.headers.get("Transfer-Encoding"):
        length = _number("Content-Length", "0")
    note(device=uploads.who.device, upload=of.id)
    with _a_body():
        return uploads.append(of, offset, request.environ["wsgi.input"], length, checksum)


@contextmanager
def _a_body() -> Iterator[None]:
    if not _bodies.acquire(blocking=False):
        raise problems.UnavailableError
    try:
        yield
    finally:
        _bodies.release()


def _told(of: Upload, offset: int, status: int, more: dict[str, str] | None = None) -> Response:
    headers = {
        "Upload-Offset": str(offset), "Upload-Expires": _date(of.expires_at), **(more or {}),
    }  # fmt: skip
    return Response(status=status, headers=headers)


def _date(moment: datetime) -> str:
    return http_date(moment)


def _number(name: str, default: str = "") -> int:
    text = request.headers.get(name, default)
    if not _NUMBER.fullmatch(text):
        raise problems.BadRequestError
    return int(text)


def _attachment_named(metadata: str) -> str | None:
    """Return the id that `Upload-Metadata` names; None: no attachment can be called that.

    Raises:
        problems.BadRequestError: it names none.
    """
    pairs = {key: value for key, _, value in (it.partition(" ") for it in metadata.split(","))}
    if "attachment" not in pairs:
        raise problems.BadRequestError
    try:
        named = base64.b64decode(pairs["attachment"], validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise problems.BadRequestError from error
    return named if is_record_id(named) else None


def _checksum() -> Checksum | None:
    """Return what the part is to add up to, if the sender says so."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, encoded = text.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise problems.BadRequestError from error
    if len(digest) != ALGORITHMS.get(algorithm):
        raise problems.BadRequestError
    return Checksum(algorithm, digest)
