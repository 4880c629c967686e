"""Structured logs to stderr: one line a request, ids only, never a name, a phone, an id number or a token."""

from __future__ import annotations

import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def configure(style: str) -> None:
    """Set up structlog: columns in a terminal, JSON elsewhere (*style* `auto`, `json` or `text`).

    Tracebacks are plain: local variables would carry names, phones and keys into the log.
    """
    columns = style == "text" or (style == "auto" and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if columns
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def note(**facts: Any) -> None:
    """Add facts (ids and counts) to the line of the present request."""
    g.setdefault("facts", {}).update(facts)


def register(app: Flask, style: str) -> None:
    """Write one line for every request."""
    configure(style)

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _line(response: Response) -> Response:
        if request.path not in ("/healthz", "/readyz"):
            log.info(
                "request_served",
                method=request.method,
                route=request.url_rule.rule if request.url_rule else None,
                status=response.status_code,
                duration_ms=round((time.perf_counter() - g.get("began", 0)) * 1000, 1),
                **g.get("facts", {}),
            )
        return response
