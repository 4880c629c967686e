"""A gunicorn worker that waits only so long for a request, and whose own refusals are problem documents.

gunicorn's threads wait for ever for the rest of a request that has begun. Here a client may be silent for
some seconds and slow for long: each byte that comes buys a little more time.
"""

from __future__ import annotations

import errno
import json
import time
from typing import Any

import structlog
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from schemas import problems
from schemas.problems import XiangxinError

log = structlog.get_logger()
SLOWEST_BYTES_A_SECOND = 500
"""A tenth of what a bad 2G connection carries."""
REFUSALS: tuple[tuple[tuple[type[Exception], ...], type[XiangxinError]], ...] = (
    ((errors.LimitRequestLine, errors.LimitRequestHeaders), problems.TooLargeError),
    ((errors.UnsupportedTransferCoding,), problems.LengthRequiredError),
    ((errors.InvalidRequestMethod,), problems.MethodNotAllowedError),
    ((errors.ParseException,), problems.BadRequestError),
)


class TooSlowError(TimeoutError):
    """The rest of a request did not come in time."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the rest of the request did not come in time")


class PatientSocket:
    """A client's socket whose reads end in time; all else is the socket's own."""

    def __init__(self, sock: Any, seconds: float) -> None:
        self._sock, self._seconds = sock, seconds
        self._ends: float | None = None

    def begin(self) -> None:
        """Let the time run from the next read, for a further request."""
        self._ends = None

    def recv(self, size: int) -> bytes:
        """Receive what has come.

        Raises:
            TooSlowError: nothing came in time.
        """
        before = self._sock.gettimeout()
        if self._ends is None:
            self._ends = time.monotonic() + self._seconds
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TooSlowError
        self._sock.settimeout(left if before is None else min(left, before))
        try:
            piece: bytes = self._sock.recv(size)
        except TimeoutError:
            raise TooSlowError from None
        finally:
            self._sock.settimeout(before)
        self._ends += len(piece) / SLOWEST_BYTES_A_SECOND
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class PatientWorker(ThreadWorker):
    """gunicorn's threads, with patience and with our own words."""

    request_seconds = 20.0

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection that has something to say to the threads."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(conn.sock, self.request_seconds)
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Serve a connection that a thread has time for."""
        conn.sock.begin()
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Answer a request that never reached the application."""
        if req is not None and isinstance(exc, errors.ParseException):
            return  # it was answered; only the rest of its body was no HTTP
        kind = next((it for those, it in REFUSALS if isinstance(exc, those)), None)
        log.info("request_refused", reason=type(exc).__name__)
        if kind is None:
            kind = problems.InternalError
            log.error("request_failed", exc_info=exc)
        try:
            client.settimeout(5)
            client.sendall(_document(kind()))
        except OSError:
            pass  # whoever it was has gone


def _document(problem: XiangxinError) -> bytes:
    body = json.dumps(problem.as_json(), ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {problem.status} {problem.title}\r\n"
        "Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
