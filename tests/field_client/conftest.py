"""Places for the field client's tests: a branch, and tablets whose users have signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.field_client.branches import Branch
from tests.field_client.tablets import Tablet, furnish, tablet


@pytest.fixture
def branch() -> Branch:
    """A furnished branch."""
    return furnish(Branch())


@pytest.fixture
def ada(tmp_path: Path, branch: Branch) -> Iterator[Tablet]:
    """Li Min's tablet, signed in and synced."""
    with tablet(tmp_path, branch) as made:
        made.client.sync()
        yield made


@pytest.fixture
def bo(tmp_path: Path, branch: Branch) -> Iterator[Tablet]:
    """Zhao Lei's tablet, signed in and synced."""
    with tablet(tmp_path, branch, "zhao.lei") as made:
        made.client.sync()
        yield made
