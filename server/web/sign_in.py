"""Signing in and out, and the choice of the language."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server import accounts
from server.context import LANGUAGES, context
from server.db import reading, writing
from server.limits import SIGN_IN, limiter
from server.logs import note
from server.web import visitor
from server.web.site import pages, speech
from server.web.visitor import safe_path

LONGEST = 200
YEAR_SECONDS = 365 * 24 * 3600


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Show the form, or sign in and go where the visitor wanted to go."""
    wish = safe_path(request.values.get("next"))
    if request.method == "GET":
        if g.visitor is not None:
            return redirect(wish, 303)
        return _form(wish)
    username = request.form.get("username", "").strip()[:LONGEST]
    password = request.form.get("password", "")[:LONGEST]
    if not username or not password:
        return _form(wish, username, "sign-in.fill"), 400
    key = f"{request.remote_addr} {username}"
    with limiter.limit(SIGN_IN, key_func=lambda: key):
        pass
    return _enter(username, password, wish)


def _enter(username: str, password: str, wish: str) -> Response | tuple[str, int]:
    parts = context()
    with reading(parts.engine) as connection:
        user = accounts.check_password(connection, username, password)
    if user is None:
        return _form(wish, username, "sign-in.wrong"), 401
    with writing(parts.engine) as connection:
        device = accounts.web_device(connection, user, parts.now())
    visitor.begin(user.id, device, parts.now())
    note(user=user.id, device=device)
    return redirect(wish, 303)


def _form(wish: str, username: str = "", fault: str | None = None) -> str:
    return render_template("sign_in.html", wish=wish, username=username, fault=fault)


@pages.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    with writing(context().engine) as connection:
        visitor.end(connection)
    flash(speech().t("signed-out"), "ok")
    return redirect(url_for("web.sign_in"), 303)


@pages.get("/sign-out", endpoint="signed_out")
@pages.get("/language", endpoint="language")
def back_home() -> Response:
    """Send whoever opens the address of a button to the summary."""
    return redirect(url_for("web.summary"), 303)


@pages.post("/language")
def switch_language() -> Response:
    """Choose the language of this browser, and come back."""
    response = redirect(safe_path(request.form.get("next")), 303)
    wish = request.form.get("lang")
    if wish in LANGUAGES:
        response.set_cookie("lang", wish, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
