"""Places in a browser for the modules of the tablet app."""

from collections.abc import Iterator

import pytest

from tests.field_app.pages import built_pages, served_folder


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    """The address of the pages on which modules are driven from outside."""
    with served_folder(built_pages()) as address:
        yield address
