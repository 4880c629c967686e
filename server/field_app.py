"""The tablet app at `/field/`: the files of its build, sent as they are.

A file may lie packed beside itself (`NAME.br`, `NAME.gz`). Names under `assets/` carry a hash of their
content and are kept for ever; everything else is asked for again by its ETag, so that an update is seen.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from os.path import isfile
from pathlib import Path, PurePosixPath

from flask import Blueprint, Flask, Response, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from server.context import context
from server.web.site import app_not_built

field_app = Blueprint("field_app", __name__)
INDEX = "index.html"
SCOPE = "/field/"
PACKED = {"br": ".br", "gzip": ".gz"}
"""How the name of a packed file ends, by its encoding; the smaller one first."""

TYPES = {
    ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json",
    ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain", ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}  # fmt: skip
"""Said here, for what the machine's own table calls a script is not the same everywhere."""

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
        "img-src 'self' data: blob:", "connect-src 'self'", "worker-src 'self'", "manifest-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types xiangxin",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def register(app: Flask) -> None:
    """Add the tablet app to *app*."""
    app.register_blueprint(field_app)


@field_app.get("/field")
def without_slash() -> AnyResponse:
    """Send on to the address within which the app's worker may act."""
    return redirect(SCOPE, 308)


@field_app.get(SCOPE)
def index() -> Response:
    """Send the app's page, or say how it is built."""
    return _sent(INDEX) or app_not_built()


@field_app.get(f"{SCOPE}<path:name>")
def file(name: str) -> Response:
    """Send one file of the app."""
    found = None if _is_hidden(name) else _sent(name)
    if found is None:
        raise NotFound
    if name == "sw.js":
        found.headers["Service-Worker-Allowed"] = SCOPE
    return found


def _is_hidden(name: str) -> bool:
    """Tell whether a file is the build's own: a stamp, or the packed form of another."""
    return name.endswith(tuple(PACKED.values())) or any(it[:1] == "." for it in name.split("/"))


def _sent(name: str) -> Response | None:
    """Return a file as it is sent to this reader; None where there is none of that name."""
    path = safe_join(str(_folder()), name)
    if path is None:
        return None
    packed = [it for it, ending in PACKED.items() if isfile(path + ending)]
    encoding = request.accept_encodings.best_match(packed)
    try:
        content = Path(path + PACKED[encoding] if encoding else path).read_bytes()
    except (OSError, ValueError):  # none, a folder, or a name that no file can have
        return None
    response = Response(
        content, mimetype=TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    )
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = _kept(name)
    response.vary.add("Accept-Encoding")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(hashlib.sha256(content).hexdigest()[:20])
    response.make_conditional(request)
    return response


def _kept(name: str) -> str:
    return "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"


def _folder() -> Path:
    return context().settings.field_app or _built()


@cache
def _built() -> Path:
    """Return where the build lies in the client's package, whose code the server does not import."""
    found = find_spec("field_client")
    places = found.submodule_search_locations if found else None
    return Path(places[0] if places else "field_client") / "app" / "dist"
