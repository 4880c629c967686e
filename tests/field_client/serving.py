"""The branch in memory behind real HTTP on loopback, for tests of the transport and of killed tablets."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from field_client.faults import OfflineError
from schemas.problems import XiangxinError
from tests.field_client.branches import Branch

Json = Any


@dataclass
class Served:
    """Where the branch is, what it was asked in raw form, and raw answers that the test wants given.

    Attributes:
        answers: for the coming requests: (status, headers, body), or None for the branch's own answer;
            a body shorter than its Content-Length is an answer that breaks off.
        asked: path, headers and raw body of each request.
    """

    branch: Branch
    url: str = ""
    answers: list[tuple[int, dict[str, str], bytes] | None] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


@contextmanager
def serving(branch: Branch) -> Iterator[Served]:
    """Serve a branch until the block ends."""
    served = Served(branch)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served))
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            with served.lock:
                served.asked.append((self.path, dict(self.headers), raw))
                answer = served.answers.pop(0) if served.answers else None
                status, headers, body = answer or _answer(served, self.path, self.headers, raw)
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the tablet was killed meanwhile
            self.close_connection = "Content-Length" in headers

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    return Handler


def _answer(
    served: Served, path: str, headers: Any, raw: bytes
) -> tuple[int, dict[str, str], bytes]:
    plain = gzip.decompress(raw) if headers.get("Content-Encoding") == "gzip" else raw
    bearer = (headers.get("Authorization") or "").removeprefix("Bearer ") or None
    try:
        body = served.branch.serve(path, json.loads(plain), bearer)
    except XiangxinError as problem:
        return (
            problem.status,
            {"Content-Type": "application/problem+json"},
            _json(problem.as_json()),
        )
    except OfflineError:
        return 200, {"Content-Length": "1000"}, b'{"server_time": '
    if body is None:
        return 204, {}, b""
    packed = gzip.compress(_json(body))
    return 200, {"Content-Encoding": "gzip", "Content-Type": "application/json"}, packed


def _json(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
