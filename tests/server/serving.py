"""The real server: `xiangxin serve` in processes of its own, spoken to over real sockets."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.forked import Forked, fork
from tests.server.branch import Reply

START_SECONDS = 60


class LinkError(Exception):
    """No whole answer came."""


@dataclass(frozen=True)
class Line:
    """Carries requests over TCP; each on a connection of its own."""

    port: int
    seconds: float = 60.0

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Send one request.

        Raises:
            LinkError: no whole answer came.
        """
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        except (OSError, HTTPException) as error:
            raise LinkError from error
        finally:
            connection.close()


@dataclass
class Served:
    """A server that runs, dies and starts again at the same port."""

    url: str
    data: Path
    workers: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())
    module: str = "server.cli"
    process: Forked | None = None

    @property
    def line(self) -> Line:
        return Line(self.port)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        words = [
            "serve", "--port", str(self.port), "--workers", str(self.workers),
            "--data", str(self.data), "--database", self.url,
        ]  # fmt: skip
        told = {"XIANGXIN_RATE_LIMIT": "off", **self.settings}
        self.process = fork(self.module, words, self.data / "server.log", **told)
        self.wait()

    def wait(self) -> None:
        """Wait until the server answers."""
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"the server did not start:\n{self.told()}")
            try:
                if Line(self.port, 5.0).send("GET", "/healthz").status == 200:
                    return
            except LinkError:
                time.sleep(0.02)
        raise AssertionError(f"the server does not answer:\n{self.told()}")

    def told(self) -> str:
        """Return the end of the server's log."""
        return (self.data / "server.log").read_text()[-4000:]

    def processes(self) -> list[int]:
        """Return the processes that serve."""
        assert self.process is not None
        pid = self.process.pid
        return [int(it) for it in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def memory_bytes(self) -> int:
        """Return how much memory the processes hold that serve."""
        pages = (Path(f"/proc/{it}/statm").read_text().split()[1] for it in self.processes())
        return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """End every process of the server in the middle of whatever it does."""
        assert self.process is not None
        with suppress(ProcessLookupError):  # it had ended by itself
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(START_SECONDS)

    def stop(self) -> int:
        """Ask the server to finish, and return its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(START_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def serving(url: str, data: Path, workers: int = 1, **settings: str) -> Iterator[Served]:
    """Serve the database at *url* until the block ends; *settings* are environment variables."""
    served = Served(url, data, workers, settings)
    served.start()
    try:
        yield served
    finally:
        served.kill()
