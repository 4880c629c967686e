"""What machines ask: the API described, whether the server is alive and ready, its metrics."""

from __future__ import annotations

from importlib.metadata import version

from flask import Blueprint, Response
from sqlalchemy import text

from schemas import export, problems
from server import metrics
from server.api.asking import answer
from server.context import context
from server.db import reading, snapshot
from server.migrate import is_current

probes = Blueprint("probes", __name__)


@probes.get("/api/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    return answer(export.openapi_document(context().registry, version("xiangxin")))


@probes.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return answer({"status": "ok"})


@probes.get("/readyz")
def ready() -> Response:
    """Say whether the database answers and its schema is current."""
    with reading(context().engine) as connection:
        connection.execute(text("SELECT 1"))
        if not is_current(connection):
            raise problems.UnavailableError
    return answer({"status": "ready"})


@probes.get("/metrics")
def prometheus() -> Response:
    """Tell Prometheus what matters, counted in the database: the same from every process."""
    parts = context()
    with snapshot(parts.engine) as connection:
        told = metrics.exposition(connection, parts.now())
    return Response(told, content_type=metrics.CONTENT_TYPE)
