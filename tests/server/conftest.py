"""Places for the server's tests: a migrated database, a branch set up in it, a server over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.places import Cluster, sqlite_url
from tests.server.branch import Clock, Server, Tablet, make_branch

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)


def branch_on(cluster: Cluster) -> AbstractContextManager[str]:
    """Give the URL of a PostgreSQL database with the branch set up in it."""
    return cluster.database(cluster.template("branch", make_branch))


@pytest.fixture(scope="session")
def branch_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the branch in a SQLite file, made once a run and copied for each test."""
    folder = tmp_path_factory.mktemp("branch")
    make_branch(sqlite_url(folder))
    return folder


@pytest.fixture
def sqlite_branch(branch_folder: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database with the branch set up in it."""
    shutil.copytree(branch_folder, tmp_path, dirs_exist_ok=True)
    return sqlite_url(tmp_path)


@pytest.fixture
def postgres_branch(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL database with the branch set up in it."""
    with branch_on(request.getfixturevalue("postgres_cluster")) as url:
        yield url


@pytest.fixture(params=["sqlite", POSTGRESQL])
def branch_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the branch set up in it, once SQLite and once PostgreSQL."""
    name = "sqlite_branch" if request.param == "sqlite" else "postgres_branch"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def clock() -> Clock:
    """The time that the server believes in."""
    return Clock()


@pytest.fixture
def server(branch_url: str, tmp_path: Path, clock: Clock) -> Iterator[Server]:
    """A server over the branch, once on SQLite and once on PostgreSQL."""
    found = Server(branch_url, tmp_path, clock)
    yield found
    found.close()


@pytest.fixture
def one_server(sqlite_branch: str, tmp_path: Path, clock: Clock) -> Iterator[Server]:
    """A server over the branch on SQLite, for what no database has a part in."""
    found = Server(sqlite_branch, tmp_path, clock)
    yield found
    found.close()


@pytest.fixture(scope="module")
def steady_server(
    branch_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server on SQLite that a module's tests share, for requests that change nothing."""
    folder = tmp_path_factory.mktemp("steady")
    shutil.copytree(branch_folder, folder, dirs_exist_ok=True)
    found = Server(sqlite_url(folder), folder)
    yield found
    found.close()


@pytest.fixture(scope="module", params=["sqlite", POSTGRESQL])
def shared_server(
    request: pytest.FixtureRequest, branch_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that a module's tests share, for requests that do not stand in each other's way."""
    folder = tmp_path_factory.mktemp("shared")
    if request.param == "sqlite":
        shutil.copytree(branch_folder, folder, dirs_exist_ok=True)
        found = Server(sqlite_url(folder), folder)
        yield found
        found.close()
        return
    with branch_on(request.getfixturevalue("postgres_cluster")) as url:
        found = Server(url, folder)
        yield found
        found.close()


@pytest.fixture
def li(server: Server) -> Tablet:
    """李伟's tablet, with his three customers on it."""
    return server.tablet("li.wei").catch_up()
