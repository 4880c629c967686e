"""What all addresses of the API share: the blueprint, who may ask, how an answer is written."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from schemas import problems
from schemas.values import is_record_id
from server import accounts
from server.context import Context, bearer, context
from server.db import reading
from server.tokens import Bearer

Json = Any
v1 = Blueprint("api", __name__, url_prefix="/api/v1")
DECIDERS = ("supervisor",)
READERS = ("supervisor", "auditor")


@v1.before_request
def _only_json() -> None:
    """Refuse a body of another kind, also where none is asked for; uploads follow tus."""
    if request.path.startswith("/api/v1/uploads/"):
        return
    if request.content_length and request.mimetype != "application/json":
        raise problems.UnsupportedMediaTypeError


def answer(body: Json, status: int = 200) -> Response:
    """Return *body* as JSON, compact and without NaN."""
    plain = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(plain, status, mimetype="application/json")


def signed_in() -> tuple[Context, Bearer]:
    """Return who asks; a token outlives an account that was closed, so the account is looked at too."""
    parts, who = context(), bearer()
    with reading(parts.engine) as connection:
        accounts.confirm(connection, who)
    return parts, who


def allowed(roles: tuple[str, ...]) -> tuple[Context, Bearer]:
    """Return who asks, who has to have one of some roles."""
    parts, who = signed_in()
    if who.role not in roles:
        raise problems.NotPermittedError
    return parts, who


def known_id(text: str) -> str:
    """Return an id from an address; what is none names nothing."""
    if not is_record_id(text):
        raise problems.NotFoundError
    return text
