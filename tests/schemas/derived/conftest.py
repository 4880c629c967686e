"""The golden cases E1 to E10 of domain.md, section 8."""

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    """The whole of domain-golden.json, by case."""
    loaded: dict[str, Any] = json.loads((VECTORS / "domain-golden.json").read_text("utf-8"))
    return loaded
