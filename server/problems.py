"""From an exception to `application/problem+json` (RFC 9457): one shape everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException

from schemas import problems
from server.context import language
from server.db import is_trouble

log = structlog.get_logger()
TYPE = "application/problem+json"
BY_STATUS: Mapping[int, type[problems.XiangxinError]] = {
    400: problems.BadRequestError,
    401: problems.UnauthenticatedError,
    403: problems.NotPermittedError,
    404: problems.NotFoundError,
    405: problems.MethodNotAllowedError,
    408: problems.RequestTimeoutError,
    411: problems.LengthRequiredError,
    413: problems.TooLargeError,
    415: problems.UnsupportedMediaTypeError,
    429: problems.RateLimitedError,
}
RETRY_AFTER_SECONDS = {429: 60, 503: 5}


def register(app: Flask) -> None:
    """Turn every error of *app* into a problem document."""
    app.register_error_handler(problems.XiangxinError, answer)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(DatabaseError, _from_database)
    app.register_error_handler(Exception, _from_bug)


def answer(error: problems.XiangxinError) -> Response:
    """Return the problem document of an error, in the reader's language."""
    body = error.as_json(language(), request.path)
    response = Response(json.dumps(body, ensure_ascii=False), error.status, mimetype=TYPE)
    if error.status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[error.status])
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _from_http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return Response(status=error.code, headers=error.get_headers())
    kind = BY_STATUS.get(error.code or 500)
    if kind is None:
        kind = problems.BadRequestError if (error.code or 500) < 500 else problems.InternalError
    response = answer(kind())
    if error.code == 405:
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _from_database(error: DatabaseError) -> Response:
    if not is_trouble(error):
        return _from_bug(error)
    text = str(error.orig)
    log.error("database_failed", reason=type(error.orig).__name__, code=error.code)
    full = "full" in text or "No space left" in text
    return answer(problems.StorageFullError() if full else problems.UnavailableError())


def _from_bug(error: Exception) -> Response:
    log.error("request_failed", path=request.path, exc_info=error)
    return answer(problems.InternalError())
