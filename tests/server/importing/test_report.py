"""What people get to read, and the file of bad rows that they mend and import again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from server.importing import report
from server.importing.reading import read_sheet
from server.importing.rows import Finding
from tests.server.importing.desk import DATA, Desk, customer, write_csv, write_xlsx

EVIL = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "'=1+1", '=HYPERLINK("x")')


def bad_file(desk: Desk, file: Path) -> Path:
    outcome = desk.run("customers", file, keep=False)
    source = desk.folder / file.name
    return report.write_bad_rows(source, read_sheet(file), outcome.bad, "zh")


def test_the_bad_rows_come_in_the_encoding_of_the_input(desk: Desk) -> None:
    found = bad_file(desk, DATA / "customers-gbk.csv")

    assert found.name == "customers-gbk-bad.csv"
    text = found.read_bytes().decode("gbk")
    assert len(list(csv.reader(text.splitlines()))) == 12
    assert text.splitlines()[0].endswith("备注,原因")
    assert "第 121 行" in text


def test_a_workbook_gives_a_workbook_with_the_same_cells(desk: Desk) -> None:
    found = bad_file(desk, DATA / "customers.xlsx")

    before = {it.number: it.cells for it in read_sheet(DATA / "customers.xlsx").rows}
    after = read_sheet(found)
    assert after.rows[0].cells[:14] == before[38]
    assert len(after.rows) == 11


@pytest.mark.parametrize("name", ["file.csv", "file.xlsx"])
def test_formulas_in_a_bad_row_stay_texts(desk: Desk, name: str) -> None:
    rows = [customer(it, 手机号="无", 备注=text) for it, text in enumerate(EVIL)]
    if name.endswith("csv"):
        file = write_csv(desk.folder / name, rows)
    else:
        file = write_xlsx(desk.folder / name, [list(rows[0]), *(list(it.values()) for it in rows)])
    expected = [it.cells for it in read_sheet(file).rows]

    found = bad_file(desk, file)

    assert [it.cells[:-1] for it in read_sheet(found).rows] == expected
    if found.suffix == ".xlsx":
        cells = [it for row in load_workbook(found)["Sheet"].iter_rows() for it in row]
        assert {it.data_type for it in cells if it.value is not None} == {"s"}
    else:
        text = found.read_bytes().decode()
        written = [it for row in csv.reader(io.StringIO(text, newline="")) for it in row]
        assert not [it for it in written if it.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_no_file_of_bad_rows_is_written_over(desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer(手机号="无")])

    names = [bad_file(desk, file).name for _ in range(3)]

    assert names == ["农户-bad.csv", "农户-bad-2.csv", "农户-bad-3.csv"]


def test_the_mended_file_is_imported_without_a_word_about_its_last_column(desk: Desk) -> None:
    file = write_csv(desk.folder / "农户.csv", [customer(手机号="无", 备注="=1+1")], "gbk")
    found = bad_file(desk, file)

    mended = found.read_bytes().decode("gb18030").replace("无", "13800000000").encode("gb18030")
    found.write_bytes(mended)
    outcome = desk.run("customers", found)

    assert (outcome.imported, outcome.warnings) == (1, [])
    assert desk.fields("customer")[0]["preferences"] == "=1+1"


def test_a_table_stands_in_columns_whatever_its_script() -> None:
    findings = [
        Finding(38, "身份证号", "9999", "id-check-digit"),
        Finding(174, "客户编号", "KH" + "长" * 30, "twice-in-file", {"other": 171}),
    ]

    assert list(report.table(findings, "zh")) == [
        "行   列        值                       原因",
        "38   身份证号  9999                     身份证号校验位不符，请与证件逐位核对。",
        "174  客户编号  KH长长长长长长长长长长…  与第 171 行重复。",
    ]


def test_warnings_that_are_alike_make_one_line() -> None:
    rows = [
        Finding(it, "主营项目", "观星", "unknown-activity", warning=True) for it in range(2, 13)
    ]
    column = Finding(1, "柜员号", "柜员号", "unknown-column", warning=True)

    assert list(report.warning_lines([column, *rows], "en")) == [
        "warning: 柜员号: Column not known; not imported.",
        "warning: 主营项目: Not in the table of activities; counted as “other”."
        " [rows 2, 3, 4, 5, 6, 7, 8, 9, … (11)]",
    ]


def test_the_report_file_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    findings = [
        Finding(2, "备注", "=1+1", "formula"),
        Finding(3, "电话", "", "no-phone", warning=True),
    ]
    file = tmp_path / "report.csv"

    report.write_report(file, findings, "en")

    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["row", "kind", "column", "value", "reason"]
    assert [it[:4] for it in rows[1:]] == [
        ["2", "bad", "备注", "'=1+1"],
        ["3", "warning", "电话", ""],
    ]
