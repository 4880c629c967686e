"""Places for faults: the branch of the walk-through on a real server, a bad line to it, tablets on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.line import BadLine, bad_line
from tests.field_app.faults.origin import Origin, field_folder, origin
from tests.journeys.village import set_up_file
from tests.places import sqlite_url
from tests.server.branch import make_branch


@pytest.fixture(scope="session")
def field_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app and the pages of the tests, as they are served."""
    return field_folder(tmp_path_factory.mktemp("field") / "field")


@pytest.fixture(scope="session")
def village_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the branch of the walk-through, made once a run and copied for each test."""
    folder = tmp_path_factory.mktemp("village")
    make_branch(sqlite_url(folder), set_up_file())
    return folder


@pytest.fixture
def place(village_folder: Path, field_files: Path, tmp_path: Path) -> Iterator[Origin]:
    """The branch on a real server, with the app and the pages beside it."""
    data = tmp_path / "branch"
    shutil.copytree(village_folder, data)
    with origin(sqlite_url(data), data, field_files) as served:
        yield served


@pytest.fixture
def line(place: Origin) -> Iterator[BadLine]:
    """The line between the tablets and the server."""
    with bad_line(place.port) as found:
        yield found


@pytest.fixture
def folder(chromium: Browser, line: BadLine, tmp_path: Path) -> Folder:
    """A folder on which browsers may be started and killed, at the end of the line."""
    return Folder(tmp_path / "profile", chromium, f"http://127.0.0.1:{line.port}")


@pytest.fixture
def desk(chromium: Browser, line: BadLine) -> Iterator[Desk]:
    """Li Min's tablet, signed in and synced, in a browser of its own."""
    context = chromium.new_context(locale="zh-CN", service_workers="block")
    made = Desk(context.new_page(), f"http://127.0.0.1:{line.port}")
    made.start()
    made.sign_in("li.min")
    made.synced()
    yield made
    context.close()
