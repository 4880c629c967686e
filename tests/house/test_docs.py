"""What a user can type or meet is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
