"""Fixtures give places; factories give things. Autouse is for guards only."""

import faulthandler
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page

from tests.places import (
    Cluster,
    forbid_network,
    running_chromium,
    running_cluster,
    sqlite_url,
)

# No deadline and no complaint of slowness in any profile: a busy machine is not a bug.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("dev", _PATIENT, max_examples=50)
# In CI the same examples every time: red means the change, not the day.
settings.register_profile("ci", _PATIENT, max_examples=100, derandomize=True)
settings.register_profile("night", _PATIENT, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))


@pytest.fixture(scope="session", autouse=True)
def no_network_beyond_loopback() -> None:
    """Make a test that reaches out fail, here as on a machine without a network."""
    forbid_network()


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest) -> None:
    """Let a test that is long take longer than one that hangs may."""
    if request.node.get_closest_marker("long"):
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Say a test's figures where a person reads them, passed or not."""

    def told(figures: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{figures}\n")

    return told


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A real PostgreSQL, started when the first test asks for it."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    with postgres_cluster.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh, empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; give each person in a story a context of their own."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page in a profile of its own."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()
