"""Pages that show single modules of the tablet app to a browser, built and served as the app is."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.places import REPOSITORY

APP = REPOSITORY / "field_client" / "app"
SOURCES = APP / "tests"
BUILT = SOURCES / "dist"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types xiangxin"
)
"""The content security policy of the app: what it forbids, no module may need."""


def built_pages() -> Path:
    """Build the pages, unless that was done since their sources last changed; say where they are.

    Raises:
        FileNotFoundError: What the app is built with is not installed.
    """
    vite = APP / "node_modules" / ".bin" / "vite"
    if not vite.exists():
        raise FileNotFoundError("The tablet app's tools are missing: run `make test`.")
    with (SOURCES / "vite.config.ts").open() as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)  # several workers of one test run come here at once
        stamp, wanted = BUILT / ".stamp", _checksum()
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(BUILT, ignore_errors=True)
            subprocess.run(
                [vite, "build", "--config", "tests/vite.config.ts", "--logLevel", "warn"],
                cwd=APP,
                check=True,
            )
            stamp.write_text(wanted)
    return BUILT


def _checksum() -> str:
    found = hashlib.sha256((APP / "package-lock.json").read_bytes())
    sources = [*APP.glob("src/**/*.ts*"), *SOURCES.glob("*.*")]
    for file in sorted(it for it in sources if ".test." not in it.name):
        found.update(str(file.relative_to(APP)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's own words are enough."""


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    """Serve *folder* on loopback, which counts as a secure place, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
