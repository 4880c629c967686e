"""`xiangxin demo`: it loads once, and touches nothing that is there already."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.registry import REGISTRY
from schemas.wire.setup import parse_setup
from server.console import opened
from server.db import writing
from server.demo import command, second_device
from server.demo.people import EVERYONE
from server.setup import SetUp


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command.demo, [*arguments, "--data", str(folder)])


@pytest.fixture
def occupied(tmp_path: Path) -> Path:
    """A folder with somebody else's branch in it."""
    parts = opened(str(tmp_path), None)
    wish = {"branches": [{"code": "B1", "name": "一支行", "parent": None}]}
    with writing(parts.engine) as connection:
        now = datetime(2026, 6, 16, tzinfo=UTC)
        SetUp(connection, REGISTRY, parts.settings, now).run(parse_setup(wish, REGISTRY))
    parts.engine.dispose()
    return tmp_path


def test_it_leaves_a_database_alone_that_is_not_empty(occupied: Path) -> None:
    refused = run(occupied)

    assert refused.exit_code == 1
    assert "not empty" in refused.stderr


def test_if_empty_says_in_one_line_that_there_is_nothing_to_do(occupied: Path) -> None:
    done = run(occupied, "--if-empty")

    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)


@pytest.mark.parametrize("size", ["branch", "lender"])
def test_larger_sizes_leave_it_alone_too(occupied: Path, size: str) -> None:
    refused = run(occupied, "--size", size)

    assert refused.exit_code == 1
    assert "not empty" in refused.stderr


def test_it_tells_who_can_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", "2026-06-16")
    monkeypatch.setattr(command, "load", lambda *_: None)
    monkeypatch.setattr(second_device, "write", lambda *_: None)

    told = run(tmp_path, "--if-empty")

    assert told.exit_code == 0
    assert all(
        word in told.stdout for word in ("xiangxin-demo", "li.min", "wang.jianguo", "王建国")
    )


def test_the_readme_names_all_who_can_sign_in() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    table = readme.split("| who | signs in as |")[1].split("\n\n")[0]

    assert sorted(re.findall(r"`([a-z.]+)`", table)) == sorted(it.username for it in EVERYONE)
