"""What a request handler may use: engine, registry, settings, keys, clock, language, and who is asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app, request
from sqlalchemy import Engine

from schemas.declare import Registry
from schemas.words import Lang
from server import tokens
from server.keys import Keys
from server.settings import Settings
from server.tokens import Bearer

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Context:
    """The parts of one running server."""

    engine: Engine
    registry: Registry
    settings: Settings
    keys: Keys
    now: Callable[[], datetime]


def context(app: Flask | None = None) -> Context:
    """Return the parts of the running application."""
    return cast(Context, (app or current_app).extensions["xiangxin"])


def bearer() -> Bearer:
    """Return who the request's access token names.

    Raises:
        problems.UnauthenticatedError, problems.TokenExpiredError: where it names nobody.
    """
    parts = context()
    return tokens.read_access(parts.keys, request.headers.get("Authorization"), parts.now())


def language() -> Lang:
    """Return the language to answer in: the cookie's, the browser's, or English."""
    chosen: Any = request.cookies.get("lang")
    found = chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES)
    return "zh" if found == "zh" else "en"
