"""Money, rates and parts of a year are whole numbers and fractions: no floating point takes part anywhere.

In the calculators nothing floats at all. Elsewhere a statement that names money or a rate holds no float and
nothing that makes one: no decimal, no `float`, no plain division, no rounding.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import REPOSITORY

CALCULATORS = REPOSITORY / "schemas" / "derived"
CHANCE = REPOSITORY / "server" / "demo" / "dice.py"
"""Draws the amounts of the demonstration and rounds them to whole steps itself."""

MODULES = sorted(
    path
    for room in ("schemas", "sync", "server", "field_client")
    for path in (REPOSITORY / room).rglob("*.py")
    if "node_modules" not in path.parts and path != CHANCE
)
APP = REPOSITORY / "field_client" / "app" / "src"
APP_CALCULATORS = APP / "lending"
APP_MODULES = sorted(
    path
    for path in APP.rglob("*.ts*")
    if ".test." not in path.name and "generated" not in path.parts
)

MONEY = re.compile(r"(?:^|_)(?:fen|yuan|bps|rate|rates|principal|interest|penalty|amount)(?:_|$)")
FLOATING_NAMES = {"float", "complex", "round"}
FLOATING_CALLS = {"sqrt", "exp", "log", "fsum", "pow"}

COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*", re.DOTALL)
TEXT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
APP_MONEY = re.compile(r"(?:\b|_)(?:fen|yuan|bps)(?:\b|_)|[a-z](?:Fen|Yuan|Bps|Rate)\b|\brate\b")
APP_FLOATING = re.compile(
    r"(?<![\w.\"])\d[\d_]*\.\d|parseFloat|toFixed|toPrecision|Math\.(?:pow|exp|log\w*|sqrt|round)\b"
)
APP_DIVISION = re.compile(r"[\w)\]] / [\w(]")
ESTIMATE = "365.2425"
"""`day.ts` guesses a year with it and then counts days."""


def named(module: Path) -> str:
    return str(module.relative_to(REPOSITORY))


# -------------------------------------------------------------------------------------------- python


def floating(node: ast.AST) -> bool:
    """Tell whether a node is a float or makes one."""
    return (
        (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id in FLOATING_NAMES - {"round"})
        or (isinstance(node, ast.Attribute) and node.attr in FLOATING_CALLS)
    )


def floating_near_money(node: ast.AST) -> bool:
    """Tell whether a node would float where its parts are plain numbers."""
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    rounds = isinstance(node, ast.Call) and ast.unparse(node.func) == "round"
    return divides or rounds or floating(node)


def is_money(node: ast.AST) -> bool:
    """Tell whether a node names money or a rate: as a variable, an attribute, an argument, or a field's name."""
    names = (
        getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "arg", None),
        node.value if isinstance(node, ast.Constant) else None,
        node.name if isinstance(node, ast.FunctionDef) else None,
    )  # fmt: skip
    return any(
        isinstance(it, str) and it.isidentifier() and MONEY.search(it.lower()) for it in names
    )


def statements(tree: ast.AST) -> Iterator[list[ast.AST]]:
    """Yield the nodes of each statement by itself, and of each head of a compound one."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt):
            yield list(_own(statement))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt):
            yield from _own(child)


def floats(source: str, *, anywhere: bool) -> list[int]:
    """Return the lines on which something floats: *anywhere*, or near money."""
    tree = ast.parse(source)
    if anywhere:
        return [getattr(it, "lineno", 0) for it in ast.walk(tree) if floating(it)]
    return [
        getattr(it, "lineno", 0)
        for nodes in statements(tree)
        if any(map(is_money, nodes))
        for it in nodes
        if floating_near_money(it)
    ]


@pytest.mark.parametrize("module", [pytest.param(path, id=named(path)) for path in MODULES])
def test_no_float_near_money_in_python(module: Path) -> None:
    exact = CALCULATORS in module.parents  # of fractions and decimals: division is exact there

    assert floats(module.read_text("utf-8"), anywhere=exact) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("half = total_fen / 2", True),
        ("loan = Loan(rate_bps=8.4)", True),
        ("shown = float(row['amount_fen'])", True),
        ("if amount_fen * 1.05 > limit:\n    pass", True),
        ("def interest(days):\n    return 0.5", False),
        ("def total(rate_bps: float) -> int: ...", True),
        ("nearest = round(interest_fen, 2)", True),
        ("half = total_fen // 2", False),
        ("path = folder / 'x'\namount_fen = 5", False),
        ("wait = 0.5", False),
    ],
)
def test_what_counts_as_near(source: str, found: bool) -> None:
    assert bool(floats(source, anywhere=False)) is found


# --------------------------------------------------------------------------------------- typescript


def app_floats(source: str, *, anywhere: bool) -> list[str]:
    """Return what floats in code of the app: *anywhere*, or on a line that names money."""
    code = COMMENT.sub("", source).replace(ESTIMATE, "")
    if anywhere:
        return APP_FLOATING.findall(code)
    return [
        line.strip()
        for line in TEXT.sub('""', code).splitlines()
        if APP_MONEY.search(line) and (APP_FLOATING.search(line) or APP_DIVISION.search(line))
    ]


@pytest.mark.parametrize("module", [pytest.param(path, id=named(path)) for path in APP_MODULES])
def test_no_float_near_money_in_the_app(module: Path) -> None:
    exact = APP_CALCULATORS in module.parents  # of whole numbers of any size

    assert app_floats(module.read_text("utf-8"), anywhere=exact) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("const half = totalFen / 2;", True),
        ("return `${(bps / 100).toFixed(2)}%`;", True),
        ("const dear = rate * 1.5;", True),
        ('const fen = it["amount_fen"] // a comment / of ours', False),
        ("const half = size / 2;", False),
        ("const fen = 4_600;", False),
    ],
)
def test_what_counts_as_near_in_the_app(source: str, found: bool) -> None:
    assert bool(app_floats(source, anywhere=False)) is found
