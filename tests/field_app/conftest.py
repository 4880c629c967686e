"""Places in a browser for the tablet app: its modules one by one, and the whole of it with its server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, expect

from tests.field_app.app import PATIENCE_MS, PHONE, App
from tests.field_app.builds import build_app, put_build
from tests.field_app.offices import MORNING, Clock, Office, made_village, office
from tests.field_app.pages import built_pages, served_folder

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    """The address of the pages on which modules are driven from outside."""
    with served_folder(built_pages()) as address:
        yield address


@pytest.fixture(scope="session")
def app_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app, built from its sources as they are now."""
    return build_app(tmp_path_factory.mktemp("app") / "build")


@pytest.fixture(scope="session")
def village_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the village on the morning of its day."""
    return made_village(tmp_path_factory.mktemp("village") / "data")


@pytest.fixture
def app_folder(app_build: Path, tmp_path: Path) -> Path:
    """The build that the test's server serves; another may be put in its place."""
    folder = tmp_path / "app"
    put_build(app_build, folder)
    return folder


@pytest.fixture
def village(village_folder: Path, app_folder: Path, tmp_path: Path) -> Iterator[Office]:
    """The branch of the village, served at ten to nine on the day of the walk-through."""
    clock = Clock.beginning(MORNING)
    with office(village_folder, tmp_path / "server", app_folder, clock) as found:
        yield found


class Tablets(Protocol):
    """Hands out tablets."""

    def __call__(self, lang: str = "en", size: tuple[int, int] = PHONE) -> App:
        """Return a new tablet; the app is not open yet."""


@pytest.fixture
def tablet(village: Office, chromium: Browser, tmp_path: Path) -> Iterator[Tablets]:
    """Hands out tablets of the village; at the end no browser may have complained."""
    out: list[App] = []

    def hand_out(lang: str = "en", size: tuple[int, int] = PHONE) -> App:
        folder = tmp_path / f"tablet-{len(out)}"
        out.append(App(folder, chromium, village.address, village.clock, lang, size))
        return out[-1]

    yield hand_out
    for it in out:
        it.close()
    assert [it.unexpected() for it in out] == [[] for _ in out]
