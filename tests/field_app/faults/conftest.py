"""Places for faults: the branch of the walk-through on a real server, a bad line to it, tablets on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from field_client.client import FieldClient
from tests.field_app.faults.agreement import LI, hand_over
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.line import BadLine, bad_line
from tests.field_app.faults.origin import Origin, field_folder, origin
from tests.journeys.village import CHEN, Call, set_up_file
from tests.places import sqlite_url
from tests.server.branch import make_branch


@pytest.fixture(scope="session")
def field_files(app_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app and the pages of the tests, as they are served."""
    return field_folder(tmp_path_factory.mktemp("field") / "field", app_build)


@pytest.fixture(scope="session")
def branch_of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the branch of the walk-through, whose day is the real one, copied for each test."""
    folder = tmp_path_factory.mktemp("today")
    make_branch(sqlite_url(folder), set_up_file())
    return folder


@pytest.fixture
def place(branch_of_today: Path, field_files: Path, tmp_path: Path) -> Iterator[Origin]:
    """The branch on a real server, with the app and the pages beside it."""
    data = tmp_path / "branch"
    shutil.copytree(branch_of_today, data)
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
def bare(chromium: Browser, line: BadLine) -> Iterator[Desk]:
    """A tablet on which nobody has signed in, in a browser of its own."""
    context = chromium.new_context(locale="zh-CN", service_workers="block")
    made = Desk(context.new_page(), f"http://127.0.0.1:{line.port}")
    made.start()
    yield made
    context.close()


@pytest.fixture
def desk(bare: Desk) -> Desk:
    """Li Min's tablet, signed in and synced."""
    bare.sign_in(LI)
    bare.synced()
    return bare


@pytest.fixture
def other(place: Origin) -> Iterator[FieldClient]:
    """Li Min's other tablet: a field client in Python."""
    found = place.colleague(LI)
    yield found
    found.store.close()


@pytest.fixture
def zhao(place: Origin, boss: Call) -> Iterator[FieldClient]:
    """Zhao Lei's tablet, a field client in Python; he covers for Li Min at Chen's."""
    hand_over(boss, CHEN, "zhao.lei", "cover")
    found = place.colleague("zhao.lei")
    yield found
    found.store.close()


@pytest.fixture
def boss(place: Origin) -> Call:
    """The supervisor, at a desk in the branch."""
    return place.village.sign_in("wang.jianguo")
