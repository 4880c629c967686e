"""Places for the tests of the pages: the village, set up once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import sqlite_url
from tests.server.web.village import Village, make_village


@pytest.fixture(scope="session")
def village_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the village in a SQLite file."""
    folder = tmp_path_factory.mktemp("village")
    make_village(sqlite_url(folder))
    return folder


@pytest.fixture
def sqlite_village(village_folder: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database with the village in it."""
    shutil.copytree(village_folder, tmp_path, dirs_exist_ok=True)
    return sqlite_url(tmp_path)


@pytest.fixture
def postgres_village(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL database with the village in it."""
    cluster = request.getfixturevalue("postgres_cluster")
    with cluster.database(cluster.template("village", make_village)) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def every_village(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Village]:
    """The village on the day of the story, once on SQLite and once on PostgreSQL."""
    name = "sqlite_village" if request.param == "sqlite" else "postgres_village"
    found = Village(request.getfixturevalue(name), tmp_path)
    yield found
    found.close()


@pytest.fixture
def village(sqlite_village: str, tmp_path: Path) -> Iterator[Village]:
    """The village on the day of the story, for what no database has a part in."""
    found = Village(sqlite_village, tmp_path)
    yield found
    found.close()
