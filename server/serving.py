"""Serving with gunicorn: processes that share nothing but the database; SIGTERM finishes what is in flight."""

from __future__ import annotations

from typing import Any

import structlog
from gunicorn.app.base import BaseApplication

from server.app import create_app
from server.settings import Settings
from server.worker import PatientWorker

log = structlog.get_logger()
THREADS = 8
LONGEST_REQUEST_SECONDS = 60


class _Server(BaseApplication):
    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings, self.options = settings, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return create_app(self.settings)


def patient(seconds: int) -> type[PatientWorker]:
    """Return the worker that waits so long for the rest of a request."""
    return type("Worker", (PatientWorker,), {"request_seconds": float(seconds)})


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; engines are created in each process, after the fork."""
    _Server(
        settings,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": patient(settings.request_seconds),
            "threads": THREADS,
            "timeout": LONGEST_REQUEST_SECONDS,
            "graceful_timeout": 30,
            "keepalive": 5,
            "limit_request_line": 8190,
            "limit_request_field_size": 16_380,
            "loglevel": "warning",
            "proc_name": "xiangxin",
            "when_ready": lambda _: log.info("serving", address=f"http://{host}:{port}/"),
        },
    ).run()
