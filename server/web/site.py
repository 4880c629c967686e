"""The blueprint of the pages: who may enter, what protects a form, how an error looks."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from schemas import problems
from schemas.inspection_note import RISK_CLASSES
from schemas.roles import ROLES
from schemas.values import format_instant
from schemas.words import pick
from server import problems as documents
from server.context import context, language
from server.web import visitor
from server.web.listed import name_of
from server.web.speech import Speech
from server.web.visitor import safe_path

log = structlog.get_logger()
pages = Blueprint("web", __name__)
csrf = CSRFProtect()
OPEN_TO_ALL = ("web.sign_in", "web.switch_language", "web.api_docs")
STATIC = Path(__file__).parent / "static"
POLICY = "; ".join(
    (
        "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
        "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)  # fmt: skip
HAN = re.compile("[\u3400-\u9fff]")
SENTENCES = {
    400: "problem.request", 403: "problem.read-only", 404: "problem.missing",
    405: "problem.request", 413: "problem.request", 429: "problem.slow-down",
    503: "problem.busy", 507: "problem.busy",
}  # fmt: skip


def attach(app: Flask) -> None:
    """Add the pages to *app*: its forms' protection, its templates' rules, its error pages."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)  # the pages ask for the check themselves; the API has no cookies to abuse
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.tests["han"] = lambda text: HAN.search(text) is not None
    app.register_blueprint(pages)
    app.register_error_handler(404, _nowhere)


# ------------------------------------------------------------------------------------- entering


@pages.before_request
def enter() -> AnyResponse | None:
    """Let in who is signed in with a role that these pages are for; check where a form comes from."""
    g.visitor = visitor.find(context())
    if request.endpoint not in OPEN_TO_ALL:
        if g.visitor is None:
            wish = request.full_path.rstrip("?") if request.method == "GET" else request.path
            return redirect(url_for("web.sign_in", next=safe_path(wish)), 303)
        if request.endpoint == "web.summary" and g.visitor.home != request.endpoint:
            return redirect(url_for(g.visitor.home), 303)
        if not g.visitor.opens(request.endpoint) and request.endpoint != "web.sign_out":
            raise NotYoursError
    csrf.protect()
    return None


class NotYoursError(problems.NotPermittedError):
    """A signed-in person whose role these pages are not for."""


# ------------------------------------------------------------------------------------ rendering


def speech() -> Speech:
    """Return how the reader of this request is spoken to."""
    if "speech" not in g:
        parts = context()
        now = parts.now()
        g.speech = Speech(language(), parts.settings.time_zone, now, parts.settings.today(now))
    return g.speech  # type: ignore[no-any-return]


@pages.app_context_processor
def _for_every_page() -> dict[str, Any]:
    said = speech()
    return {
        "t": said.t, "say": said, "lang": said.lang, "visitor": g.get("visitor"),
        "asset": _asset, "here": safe_path(request.full_path.rstrip("?")), "role_name": role_name,
        "class_name": class_name, "named_customer": name_of,
    }  # fmt: skip


@cache
def _mark(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]


def _asset(name: str) -> str:
    """Return the address of a static file, with a mark that changes when its content does."""
    return url_for("static", filename=name, v=_mark(name))


@pages.after_request
def guard(response: Response) -> Response:
    """Forbid whatever a page does not need, and keeping a copy of it."""
    response.headers.setdefault("Content-Security-Policy", POLICY)  # an attachment brings its own
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["Content-Language"] = speech().tag
    return response


# --------------------------------------------------------------------------------------- errors


def problem_page(status: int, key: str, **facts: object) -> Response:
    """Return an error as a page that says what happened and what to do."""
    page = render_template(
        "problem.html", title=speech().t(key), what=speech().t(f"{key}.what", **facts)
    )
    response = make_response(page, status)
    if status in documents.RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(documents.RETRY_AFTER_SECONDS[status])
    return response


def app_not_built() -> Response:
    """Say, where the tablet app should be, how it gets there."""
    return guard(problem_page(404, "problem.not-built"))


@pages.errorhandler(CSRFError)
def _bad_form(_: CSRFError) -> Response:
    return problem_page(400, "problem.form")


@pages.errorhandler(NotYoursError)
def _not_yours(_: NotYoursError) -> Response:
    who = visitor.present()
    role = role_name(who.role)
    return problem_page(403, "problem.not-yours", name=who.name, role=role)


@pages.errorhandler(problems.XiangxinError)
def _problem(error: problems.XiangxinError) -> Response:
    return problem_page(error.status, SENTENCES.get(error.status, "problem.request"))


@pages.errorhandler(HTTPException)
def _from_http(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return problem_page(status, SENTENCES.get(status, "problem.request"))


@pages.errorhandler(OperationalError)
def _from_database(error: OperationalError) -> Response:
    log.error("database_failed", reason=type(error.orig).__name__, code=error.code)
    return problem_page(503, "problem.busy")


@pages.errorhandler(Exception)
def _from_bug(error: Exception) -> Response:
    log.error("request_failed", path=request.path, exc_info=error)
    return problem_page(500, "problem.ours", time=format_instant(context().now()))


def _nowhere(error: HTTPException) -> Response:
    """Answer an address that nothing knows: people get a page, programs the problem document."""
    if request.path.startswith("/api/"):
        return documents.answer(problems.NotFoundError())
    return guard(problem_page(404, "problem.missing"))


def role_name(role: str) -> str:
    """Return what people call a role."""
    label = ROLES.options.get(role)
    return pick(label, speech().lang) if label else role


def class_name(code: str) -> str:
    """Return what people call a risk class."""
    return pick(RISK_CLASSES.options[code], speech().lang)
