"""The desk at which files are imported: a branch set up once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import sqlite_url
from tests.server.branch import make_branch
from tests.server.importing.desk import DATA, SETUP, Desk, open_desk


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the villages and officers of the manifest in a SQLite file."""
    folder = tmp_path_factory.mktemp("first-day")
    make_branch(sqlite_url(folder), SETUP)
    return folder


@pytest.fixture(scope="session")
def books_of_customers(first_day: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the good rows of the shared customers have been imported."""
    return _after(first_day, tmp_path_factory, "customers", "customers.xlsx")


@pytest.fixture(scope="session")
def books_of_loans(books_of_customers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the good rows of the shared loans have been imported as well."""
    return _after(books_of_customers, tmp_path_factory, "loans", "loans.xlsx")


def _after(before: Path, folders: pytest.TempPathFactory, kind: str, file: str) -> Path:
    folder = folders.mktemp(f"after-{kind}")
    shutil.copytree(before, folder, dirs_exist_ok=True)
    found = open_desk(folder, sqlite_url(folder))
    found.run(kind, DATA / file, skip_bad=True, create_missing=kind == "loans")
    found.engine.dispose()
    return folder


def _copied(source: Path, folder: Path) -> Iterator[Desk]:
    shutil.copytree(source, folder, dirs_exist_ok=True)
    found = open_desk(folder, sqlite_url(folder))
    yield found
    found.engine.dispose()


@pytest.fixture
def desk(first_day: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk on the first day: villages and officers, and nobody else."""
    yield from _copied(first_day, tmp_path)


@pytest.fixture
def desk_with_customers(books_of_customers: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk once the shared customers are in."""
    yield from _copied(books_of_customers, tmp_path)


@pytest.fixture
def desk_with_loans(books_of_loans: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk once the shared customers and loans are in."""
    yield from _copied(books_of_loans, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The desk on the first day, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield from _copied(request.getfixturevalue("first_day"), tmp_path)
        return
    cluster = request.getfixturevalue("postgres_cluster")
    template = cluster.template("first_day", lambda url: make_branch(url, SETUP))
    with cluster.database(template) as url:
        found = open_desk(tmp_path, url)
        yield found
        found.engine.dispose()
