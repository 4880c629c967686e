"""create_app(settings): wiring only."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import datetime

from backports import zstd
from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from schemas.declare import Registry
from schemas.registry import REGISTRY
from server import attachment_views, field_app, logs, problems, tus
from server.api import addresses
from server.context import Context
from server.db import db, engine_options, prepare
from server.keys import load_keys
from server.limits import limiter
from server.settings import Settings, utc_now
from server.web import routes

COMPRESS_ABOVE_BYTES = 200
COMPRESSED_TYPES = ("application/json", "application/problem+json", "text/html", "text/css")


def create_app(
    settings: Settings,
    registry: Registry = REGISTRY,
    now: Callable[[], datetime] = utc_now,
) -> Flask:
    """Return the WSGI application; it never looks at the environment.

    Args:
        settings: what the operator decided.
        registry: the record types served; tests bring their own.
        now: the clock.
    """
    app = Flask("server", static_folder="web/static", template_folder="web/templates")
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1)  # type: ignore[method-assign]
    keys = load_keys(settings.data)
    app.config.update(
        SECRET_KEY=keys.derive("session"),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        RATELIMIT_ENABLED=settings.rate_limit,
        RATELIMIT_STORAGE_URI="memory://",
        MAX_CONTENT_LENGTH=None,
        MAX_FORM_MEMORY_SIZE=200_000,
    )
    db.init_app(app)
    with app.app_context():
        engine = prepare(db.engine)
    app.extensions["xiangxin"] = Context(engine, registry, settings, keys, now)
    limiter.init_app(app)
    problems.register(app)
    addresses.register(app)
    tus.register(app)
    attachment_views.register(app)
    logs.register(app, settings.log_format)
    routes.register(app)
    field_app.register(app)
    app.after_request(_finish)
    return app


def _finish(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    _compress(response)
    return response


def _compress(response: Response) -> None:
    if "ETag" in response.headers:
        return  # it marks the bytes as they are; what has one was packed when it was built
    if response.mimetype not in COMPRESSED_TYPES or response.direct_passthrough:
        return
    response.vary.add("Accept-Encoding")
    plain = response.get_data()
    if len(plain) <= COMPRESS_ABOVE_BYTES:
        return
    encoding = request.accept_encodings.best_match(["gzip", "zstd"])
    if encoding == "gzip":
        response.set_data(_gzipped(plain))
    elif encoding == "zstd":
        response.set_data(zstd.compress(plain, 6))
    else:
        return
    response.headers["Content-Encoding"] = encoding


def _gzipped(plain: bytes) -> bytes:
    """Compress well: with little memory zlib begins new codes sooner, which suits ids beside Chinese."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, memLevel=5)
    return packer.compress(plain) + packer.flush()
