"""`GET /api/v1/attachments/<id>`: an attachment's bytes, for who has its record in scope."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from schemas import problems
from schemas.media import MEDIA, OPAQUE
from schemas.values import is_record_id
from server import accounts, attachments, blobs
from server.context import bearer, context
from server.db import reading
from server.problems import answer
from server.tokens import Bearer

shown = Blueprint("attachments", __name__, url_prefix="/api/v1/attachments")


def register(app: Flask) -> None:
    """Add the address to *app*."""
    app.register_blueprint(shown)


@shown.get("/<attachment_id>")
def bytes_of(attachment_id: str) -> Response:
    """Send an attachment's bytes to a device."""
    parts, who = context(), bearer()
    with reading(parts.engine) as connection:
        accounts.confirm(connection, who)
    return sent(who, attachment_id)


def sent(who: Bearer, attachment_id: str) -> Response:
    """Return an attachment's bytes, or the range of them that was asked for; nothing that a browser would run.

    Raises:
        problems.NotFoundError: *who* may not have them, or they have not come.
    """
    parts = context()
    if not is_record_id(attachment_id):
        raise problems.NotFoundError
    with reading(parts.engine) as connection:
        found = attachments.find(connection, who, attachment_id)
        kept = attachments.blob_row(connection, found.sha256) if found else None
    if found is None or kept is None or not found.is_seen:
        raise problems.NotFoundError
    try:
        opened = blobs.blob_path(parts.settings.data, found.sha256).open("rb")
    except FileNotFoundError as error:
        raise problems.NotFoundError from error
    medium = MEDIA.get(found.media_type, MEDIA[OPAQUE])
    place = "inline" if medium.is_picture else "attachment"
    response = Response(
        wrap_file(request.environ, blobs.CoveredFile(opened, kept.covers)),  # type: ignore[arg-type]
        mimetype=found.media_type if found.media_type in MEDIA else OPAQUE,
        direct_passthrough=True,
        headers={
            "Content-Disposition": f'{place}; filename="{found.id}.{medium.ending}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
    response.content_length = kept.size
    response.set_etag(found.sha256)
    return _asked_for(response, kept.size)


def _asked_for(response: Response, size: int) -> Response:
    """Cut an answer to the range that was asked for; a range that cannot be read is none."""
    accepts = request.range is not None or "Range" not in request.headers
    try:
        response.make_conditional(request, accept_ranges=accepts, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        refused = answer(problems.RangeNotSatisfiableError())
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    response.headers["Accept-Ranges"] = "bytes"
    return response
