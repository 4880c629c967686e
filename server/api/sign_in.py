"""What anyone may ask: what the server speaks, and signing in."""

from __future__ import annotations

from importlib.metadata import version

from flask import Response, request
from sqlalchemy import select

from schemas import limits, versions
from schemas.values import format_instant
from schemas.wire import requests
from server import accounts
from server.api.asking import answer, v1
from server.body import read_json
from server.context import context
from server.db import reading, writing
from server.limits import SIGN_IN, limiter
from server.logs import note
from server.store import branch


@v1.get("/hello")
def hello() -> Response:
    """Say what this server speaks; no sign-in."""
    parts = context()
    with reading(parts.engine) as connection:
        epoch = connection.execute(select(branch.c.epoch).limit(1)).scalar()
    return answer(
        {
            "name": "xiangxin",
            "version": version("xiangxin"),
            "protocol": 1,
            "schema": parts.registry.schema,
            "schemas": versions.spoken(parts.registry),
            "limits": {
                "changes_per_set": limits.CHANGES_PER_SET,
                "changes_per_request": limits.CHANGES_PER_REQUEST,
                "body_bytes": limits.BODY_BYTES,
                "page": limits.PAGE,
            },
            "server_time": format_instant(parts.now()),
            "epoch": epoch,
        }
    )


@v1.post("/auth/login")
def login() -> Response:
    """Sign in on a device."""
    parts = context()
    wish = requests.parse_login(read_json(request))
    key = f"{request.remote_addr} {wish.username}"
    with limiter.limit(SIGN_IN, key_func=lambda: key):
        pass
    with writing(parts.engine) as connection:
        given = accounts.sign_in(
            connection, parts.registry, parts.keys, parts.settings, wish, parts.now(),
        )  # fmt: skip
    note(user=given["user"]["id"], device=wish.device)
    return answer(given)


@v1.post("/auth/refresh")
def refresh() -> Response:
    """Rotate the refresh token and give a new access token."""
    parts = context()
    token = requests.parse_refresh(read_json(request))
    with writing(parts.engine) as connection:
        given = accounts.renew(connection, parts.keys, parts.settings, token, parts.now())
    return answer(given)


@v1.post("/auth/logout")
def logout() -> Response:
    """End a sign-in."""
    token = requests.parse_refresh(read_json(request))
    with writing(context().engine) as connection:
        accounts.sign_out(connection, token)
    return Response(status=204)
