"""`xiangxin import` at the keyboard: exit statuses, languages, files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.importing.command import command
from tests.places import sqlite_url
from tests.server.importing.desk import DATA, Desk, customer, write_csv

Run = Callable[..., Result]


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command at the desk; it ends with every connection closed."""
    monkeypatch.setenv("XIANGXIN_DATA", str(desk.folder))
    monkeypatch.setenv("XIANGXIN_DATABASE_URL", sqlite_url(desk.folder))
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", "2026-06-16")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*words: str | Path, branch: str = "QH") -> Result:
        return CliRunner().invoke(command, [*map(str, words), "--branch", branch])

    return run


def test_bad_rows_are_told_in_the_readers_language(run: Run) -> None:
    file = DATA / "customers-gbk.csv"

    in_english = run("customers", file)
    in_chinese = run("customers", file, "--lang", "zh")

    assert in_english.exit_code == in_chinese.exit_code == 1
    assert "There is no officer of this name" in in_english.stdout
    assert "Rows read: 320; bad: 11; warnings: 0." in in_english.stdout
    assert "支行没有这位客户经理" in in_chinese.stdout
    assert "读取 320 行，错误 11 行" in in_chinese.stdout


def test_a_clean_file_ends_with_how_to_undo_it(run: Run, desk: Desk) -> None:
    found = run("customers", write_csv(desk.folder / "农户.csv", [customer()]))

    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        "Rows read: 1; bad: 0; warnings: 0.",
        "Rows imported: 1, as batch QH-20260616-1.",
        "Undo with: xiangxin import --undo QH-20260616-1 --branch QH",
    ]
    assert found.stderr == ""


def test_skipped_rows_lie_beside_the_file(run: Run, desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer(1), customer(2, 手机号="无")], "gbk")

    found = run("customers", file, "--skip-bad", "--lang", "zh")

    beside = desk.folder / "农户-bad.csv"
    assert found.exit_code == 0
    assert f"1 行错误数据已写入 {beside}" in found.stdout
    assert "电话只能是数字" in beside.read_bytes().decode("gbk")


def test_where_no_row_is_good_nothing_is_imported_or_written(run: Run, desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer(手机号="无")])

    found = run("customers", file, "--skip-bad")

    assert found.exit_code == 1
    assert "Nothing was imported." in found.stdout
    assert not (desk.folder / "农户-bad.csv").exists()


def test_a_dry_run_leaves_no_trace(run: Run, desk: Desk) -> None:
    rows = [customer(1, 行政村="新村"), customer(2, 手机号="无")]
    file = write_csv(desk.folder / "农户.csv", rows)
    before = desk.head(), desk.counts()

    found = run("customers", file, "--dry-run", "--skip-bad", "--create-missing")

    assert found.exit_code == 0
    assert "It would make: villages 新村." in found.stdout
    assert "Dry run, nothing was changed. Rows that would be imported: 1." in found.stdout
    assert (desk.head(), desk.counts()) == before
    assert not (desk.folder / "农户-bad.csv").exists()


def test_everything_that_was_found_can_go_to_a_file(run: Run, desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer(1, 主营项目="观星", 手机号="无")])
    report = desk.folder / "report.csv"

    run("customers", file, "--report", report)

    assert report.read_text("utf-8-sig").splitlines()[1].startswith("2,bad,手机号,无,")


def test_the_lenders_own_headings_are_mapped(run: Run, desk: Desk) -> None:
    row = {("户" if key == "户主姓名" else key): cell for key, cell in customer().items()}
    file = write_csv(desk.folder / "农户.csv", [row])
    wish = desk.folder / "map.json"
    wish.write_text(json.dumps({"户": "name"}), "utf-8")

    assert "缺少必需的列：户主姓名" in run("customers", file, "--lang", "zh").stderr
    assert run("customers", file, "--map", wish).exit_code == 0


def test_the_lenders_own_words_are_mapped(run: Run, desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer(行政村="村-07")])
    wish = desk.folder / "map.json"
    said = {"行政村": {"field": "village", "values": {"村-07": "柳树湾"}}}
    wish.write_text(json.dumps(said), "utf-8")

    assert run("customers", file).exit_code == 1
    assert run("customers", file, "--map", wish).exit_code == 0


@pytest.mark.parametrize(
    "content",
    ["[1]", "{", '{"a": 1}', '{"a": {"column": "b"}}', '{"a": {"field": "b", "values": {"c": 1}}}'],
)
def test_a_map_that_is_no_map_is_refused(run: Run, desk: Desk, content: str) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer()])
    (desk.folder / "map.json").write_text(content, "utf-8")

    found = run("customers", file, "--map", desk.folder / "map.json")

    assert found.exit_code == 1
    assert "must be JSON such as" in found.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("customers",),
        ("--list", "--undo", "QH-1"),
        ("cows", "x.csv"),
        ("customers", "none.csv"),
    ],
)
def test_a_wrong_use_is_told_as_such(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_trouble_is_one_clear_line(run: Run, desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer()])
    (desk.folder / "old.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))

    for found, words in (
        (run("customers", file, branch="XX"), "no branch with the code XX"),
        (run("--undo", "QH-20260616-7"), "has no batch QH-20260616-7"),
        (run("customers", desk.folder / "old.xls"), "Save it as .xlsx"),
    ):
        assert found.exit_code == 1
        assert words in found.stderr
        assert len(found.stderr.splitlines()) == 1


def test_imports_are_listed(run: Run, desk: Desk) -> None:
    assert "No imports" in run("--list").stderr
    run("customers", write_csv(desk.folder / "农户.csv", [customer()]))

    (line,) = run("--list").stdout.splitlines()

    assert line.startswith("QH-20260616-1  ")
    assert line.endswith("  customers  rows: 1  农户.csv")


def test_an_import_is_taken_back(run: Run, desk: Desk) -> None:
    before = desk.counts()
    run("customers", write_csv(desk.folder / "农户.csv", [customer()]))

    assert "that would go: 2." in run("--undo", "QH-20260616-1", "--dry-run").stdout
    assert desk.counts() != before
    assert "was taken back. Records: 2." in run("--undo", "QH-20260616-1").stdout

    assert desk.counts() == before
    assert "(taken back at " in run("--list").stdout


def test_what_hangs_on_an_import_is_named(run: Run, desk: Desk) -> None:
    run("customers", write_csv(desk.folder / "农户.csv", [customer(1)]))
    (held,) = desk.records("customer")
    with desk.landing() as landing:
        change = {
            "op": "update", "type": "customer", "id": held.id, "customer": held.id,
            "set": {"phone": "13900000000"},
        }  # fmt: skip
        landing.submit([("test", [change])])

    found = run("--undo", "QH-20260616-1", "--lang", "zh")

    assert found.exit_code == 1
    assert "批次 QH-20260616-1 已有后续内容" in found.stderr
    assert "客户 KH1 已于 2026-06-16T02:00:00.000Z 由 服务器 更改" in found.stdout


def test_rows_that_could_not_be_written_down_are_not_left_out(run: Run, desk: Desk) -> None:
    folder = desk.folder / "full"
    folder.mkdir()
    file = write_csv(folder / ("长" * 83 + ".csv"), [customer(1), customer(2, 手机号="无")])

    found = run("customers", file, "--skip-bad")

    assert found.exit_code == 1
    assert "cannot be written" in found.stderr
    assert desk.fields("customer") == []
