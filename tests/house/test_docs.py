"""What a user can type or meet is written down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from schemas import problems
from schemas.registry import REGISTRY
from server.cli import cli
from tests.places import REPOSITORY

DOCS = REPOSITORY / "docs"
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")
PROTOCOL = (DOCS / "protocol.md").read_text("utf-8")
DOMAIN = (DOCS / "domain.md").read_text("utf-8")
VECTORS = REPOSITORY / "tests" / "vectors"
PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CHANGELOG.md",
    VECTORS / "README.md",
    *sorted(DOCS.rglob("*.md")),
]
LINK = re.compile(r"(?:\]\(|src=\")([^)\"#\s]+)")
APP = REPOSITORY / "field_client" / "app" / "src"
QUOTED = {"officer-guide.md": r"\*\*(.+?)\*\*", "officer-guide.zh.md": r"“(.+?)”"}
"""How each guide for officers marks the words that stand on the screen."""


def settings_read() -> Iterator[str]:
    for room in ("server", "field_client"):
        for file in sorted((REPOSITORY / room).rglob("*.py")):
            yield from re.findall(r"XIANGXIN_[A-Z_]+", file.read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_in_the_operations_page(name: str) -> None:
    assert f"`xiangxin {name}" in OPERATIONS or f"· `xiangxin {name}`" in OPERATIONS


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_shows_an_example(name: str) -> None:
    command = cli.commands[name]
    leaves = command.commands.values() if isinstance(command, click.Group) else [command]

    missing = [it.name for it in leaves if "Example:" not in (it.help or "")]

    assert not missing


@pytest.mark.parametrize("name", sorted(set(settings_read())))
def test_every_setting_is_in_the_operations_page(name: str) -> None:
    assert f"`{name}`" in OPERATIONS


@pytest.mark.parametrize("code", sorted(problems.CATALOGUE))
def test_every_problem_code_is_in_the_protocol(code: str) -> None:
    assert f"`{code}`" in PROTOCOL


@pytest.mark.parametrize("name", sorted(REGISTRY.types))
def test_every_record_type_is_in_the_domain_page(name: str) -> None:
    assert re.search(rf"\| ([a-z_, ]*\b)?{name}\b", DOMAIN)


def name_of(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    targets = [it for it in LINK.findall(page.read_text("utf-8")) if "://" not in it]

    assert [it for it in targets if not (page.parent / it).exists()] == []


def test_every_file_of_vectors_is_described_with_the_number_of_its_cases() -> None:
    kept = {it.name: cases_in(it) for it in VECTORS.glob("*.json")}

    assert {row[0]: int(row[2]) for row in rows_of_vectors()} == kept


def cases_in(file: Path) -> int:
    held = json.loads(file.read_text("utf-8"))
    return len(held.get("vectors", held))


def test_the_tests_that_run_a_file_of_vectors_are_where_its_row_says() -> None:
    ends = {-2: REPOSITORY / "tests", -1: APP}
    lost = [
        row[column]
        for row in rows_of_vectors()
        for column, folder in ends.items()
        if not (folder / row[column]).exists()
    ]

    assert lost == []


def rows_of_vectors() -> list[list[str]]:
    lines = (VECTORS / "README.md").read_text("utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if re.match(r"\| `[\w-]+\.json` \|", line)]
    return [[cell.strip().strip("`") for cell in row] for row in rows]


@pytest.mark.parametrize("guide", QUOTED)
def test_a_guide_quotes_the_screen_as_it_is(guide: str) -> None:
    text = (DOCS / guide).read_text("utf-8")
    lang = "zh" if ".zh." in guide else "en"
    said = [shape_of(it) for it in words_on_screens(lang)]

    wrong = [
        quoted
        for quoted in re.findall(QUOTED[guide], text)
        if not any(it.fullmatch(quoted.replace("'", "’")) for it in said)
    ]

    assert wrong == []


def words_on_screens(lang: str) -> Iterator[str]:
    for file in APP.rglob("words.ts"):
        if "generated" not in file.parts:
            yield from re.findall(rf'\b{lang}: "(.+?)"', file.read_text("utf-8"))


def shape_of(sentence: str) -> re.Pattern[str]:
    """Return what a sentence of a catalogue looks like with its facts, such as 10:42, in it."""

    def shape(part: str) -> str:
        if not part.startswith("{"):
            return re.escape(part)
        forms = part[1:-1].split("|")[1:]
        return f"({'|'.join(map(re.escape, forms))})" if forms else r"\S*\d\S*"

    parts = re.split(r"(\{[^}]*\})", sentence.replace("'", "’"))
    return re.compile("".join(map(shape, parts)))
