"""One load of the demonstration for all who only look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.demo.demonstration import Demonstration, loaded_in


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The demonstration on the day of the walk-through; nobody writes into it."""
    with loaded_in(tmp_path_factory.mktemp("demo")) as found:
        yield found
