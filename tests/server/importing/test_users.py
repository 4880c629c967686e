"""Users from a spreadsheet: all or nothing, with passwords that nobody else can read."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from schemas.registry import REGISTRY
from server import accounts
from server.accounts import account
from server.importing.command import command
from server.verify import verify
from tests.places import sqlite_url
from tests.server.importing.desk import Desk, write_csv

USER = {
    "用户名": "chen.jie",
    "姓名": "陈杰",
    "角色": "客户经理",
    "机构": "柳树湾",
    "手机号": "10000000001",
}
CLERK = {"用户名": "he.fang", "姓名": "何芳", "角色": "clerk", "机构": "", "手机号": ""}
Run = Callable[..., Result]


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command at the desk, over rows in a file."""
    monkeypatch.setenv("XIANGXIN_DATA", str(desk.folder))
    monkeypatch.setenv("XIANGXIN_DATABASE_URL", sqlite_url(desk.folder))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*rows: dict[str, str], words: tuple[str, ...] = ()) -> Result:
        file = write_csv(desk.folder / "users.csv", rows)
        return CliRunner().invoke(command, ["users", str(file), "--branch", "QH", *words])

    return run


def passwords(folder: Path, name: str = "users-passwords.csv") -> dict[str, str]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return {it["username"]: it["password"] for it in csv.DictReader(file)}


def test_users_get_passwords_that_only_the_owner_can_read(run: Run, desk: Desk) -> None:
    found = run(USER, CLERK)

    assert found.exit_code == 0
    assert "Users made: 2." in found.stdout
    given = passwords(desk.folder)
    assert len(set(given.values())) == 2
    assert not any(it in found.output for it in given.values())
    assert stat.S_IMODE((desk.folder / "users-passwords.csv").stat().st_mode) == 0o600
    with desk.engine.connect() as connection:
        rows = {it.username: it for it in connection.execute(select(account))}
        assert (rows["chen.jie"].role, rows["he.fang"].role) == ("officer", "clerk")
        for name, password in given.items():
            assert accounts.verifies(rows[name].password_hash, password)
        assert verify(connection, REGISTRY).finding is None
    units = {it["name"]: it["unit_id"] for it in desk.fields("user")}
    assert units["陈杰"] != units["何芳"]


def test_a_password_of_the_file_is_taken_and_not_written_again(run: Run, desk: Desk) -> None:
    found = run({**USER, "初始密码": "horse battery"})

    assert found.exit_code == 0
    assert not (desk.folder / "users-passwords.csv").exists()
    with desk.engine.connect() as connection:
        query = select(account.c.password_hash).where(account.c.username == "chen.jie")
        assert accounts.verifies(connection.execute(query).scalar_one(), "horse battery")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"用户名": "officer0"}, "has this already"),
        ({"角色": "行长"}, "This word is not known"),
        ({"机构": "无此处"}, "There is no unit"),
        ({"用户名": ""}, "must be filled in"),
        ({"初始密码": "short"}, "at least 8"),
        ({"审批层级": "9"}, "users"),
    ],
)
def test_a_bad_row_is_told_and_nobody_is_made(
    run: Run, desk: Desk, cells: dict[str, str], sentence: str
) -> None:
    filled = {"初始密码": "", "审批层级": "", **USER}
    before = desk.counts()

    found = run({**filled, **cells}, {**filled, **CLERK})

    assert found.exit_code == 1
    assert "Nothing was imported." in found.stdout
    assert sentence in found.stdout or sentence == "users"
    assert desk.counts() == before
    assert not (desk.folder / "users-passwords.csv").exists()


def test_good_rows_alone_where_asked(run: Run, desk: Desk) -> None:
    found = run(USER, {**CLERK, "角色": "行长"}, words=("--skip-bad",))

    assert found.exit_code == 0
    assert list(passwords(desk.folder)) == ["chen.jie"]
    assert (desk.folder / "users-bad.csv").exists()


def test_a_dry_run_makes_nobody(run: Run, desk: Desk) -> None:
    before = desk.counts()

    assert run(USER, words=("--dry-run",)).exit_code == 0
    assert desk.counts() == before


def test_no_file_of_passwords_is_written_over(run: Run, desk: Desk) -> None:
    run(USER)
    first = passwords(desk.folder)

    run(CLERK)

    assert passwords(desk.folder) == first
    assert list(passwords(desk.folder, "users-passwords-2.csv")) == ["he.fang"]
