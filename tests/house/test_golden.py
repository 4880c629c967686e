"""Acceptance A13 (domain.md, 10.5): every golden case is tried in every language that calculates."""

import json
import re
from pathlib import Path

import pytest

from tests.places import REPOSITORY

VECTORS = REPOSITORY / "tests" / "vectors"
CASES = [
    it
    for it in json.loads((VECTORS / "domain-golden.json").read_text("utf-8"))
    if re.fullmatch(r"E\d+", it)
]
PYTHON = sorted((REPOSITORY / "tests" / "schemas" / "derived").glob("test_*.py"))
TYPESCRIPT = sorted((REPOSITORY / "field_client" / "app" / "src" / "lending").glob("*.test.ts"))


def test_the_golden_cases_are_ten() -> None:
    assert [f"E{n}" for n in range(1, 11)] == CASES


@pytest.mark.parametrize("files", [PYTHON, TYPESCRIPT], ids=["python", "typescript"])
@pytest.mark.parametrize("case", CASES)
def test_each_golden_case_is_read_by_a_test(case: str, files: list[Path]) -> None:
    """A case by its name, or in a list of names from which it is taken."""
    read = re.compile(r"golden(?:\.|\[[\"'])|each\(\[|parametrize\(")
    by_name = re.compile(rf"golden\.{case}\b|golden\[\"{case}\"\]|\"{case}\"[,\]]")

    assert any(
        read.search(line) and by_name.search(line)
        for path in files
        for line in path.read_text("utf-8").splitlines()
    )
