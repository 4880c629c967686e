"""Money, rates and parts of a year are whole numbers and fractions: no floating point takes part."""

import ast
import re
from pathlib import Path

import pytest

from tests.places import REPOSITORY

MODULES = sorted((REPOSITORY / "schemas" / "derived").glob("*.py"))
LENDING = REPOSITORY / "field_client" / "app" / "src" / "lending"
APP_MODULES = sorted(path for path in LENDING.rglob("*.ts") if not path.name.endswith(".test.ts"))

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
FLOATING = re.compile(
    r"(?<![\w.\"])\d+\.\d|parseFloat|toFixed|toPrecision|Math\.(?:pow|exp|log\w*|sqrt|round)\b"
)
ESTIMATE = "365.2425"
"""`day.ts` guesses a year with it and then counts days."""


@pytest.mark.parametrize("module", [pytest.param(path, id=path.stem) for path in MODULES])
def test_no_float_in_the_calculators(module: Path) -> None:
    found = [
        f"{module.name}:{node.lineno}"
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id in ("float", "complex"))
        or (isinstance(node, ast.Attribute) and node.attr in ("sqrt", "exp", "log", "fsum", "pow"))
    ]

    assert found == []


@pytest.mark.parametrize("module", [pytest.param(path, id=path.stem) for path in APP_MODULES])
def test_no_float_in_those_of_the_app(module: Path) -> None:
    code = COMMENT.sub("", module.read_text("utf-8")).replace(ESTIMATE, "")

    assert [found.group() for found in FLOATING.finditer(code)] == []
