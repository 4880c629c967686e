"""Files as people have them: workbooks, and CSV in the encodings and with the separators in use."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from server.importing.cleaning import plain
from server.importing.reading import Form, Sheet, SheetRow, quoted, read_sheet
from server.importing.sentences import Trouble
from tests.server.importing.desk import write_xlsx

TEXT = "姓名,备注\r\n王桂英,=1+1\r\n"


def written(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def cells(sheet: Sheet) -> list[tuple[Any, ...]]:
    return [it.cells for it in sheet.rows]


def trouble(file: Path) -> str:
    with pytest.raises(Trouble) as found:
        read_sheet(file)
    return found.value.key


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)  # fmt: skip
def test_the_encoding_shows_in_the_bytes(tmp_path: Path, encoding: str, found: str) -> None:
    sheet = read_sheet(written(tmp_path, TEXT.encode(encoding)))

    assert sheet.form == Form("csv", found, ",")
    assert sheet.headings == ("姓名", "备注")
    assert cells(sheet) == [("王桂英", "=1+1")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_the_one_in_the_heading(tmp_path: Path, delimiter: str) -> None:
    text = TEXT.replace(",", delimiter).replace("王桂英", '"王,桂;英"')

    sheet = read_sheet(written(tmp_path, text.encode()))

    assert sheet.form.delimiter == delimiter
    assert cells(sheet) == [("王,桂;英", "=1+1")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = '姓名,备注\n甲,"两\n行"\n , \n\n乙,\n'

    sheet = read_sheet(written(tmp_path, text.encode()))

    assert sheet.rows == (SheetRow(2, ("甲", "两\n行")), SheetRow(5, ("乙", None)))


def test_a_workbook_gives_typed_cells(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["a", "b", "c", "d", "e", "f", "g", None])
    page.append(
        [
            15.5,
            3,
            True,
            datetime(2026, 6, 16, 8, 30, tzinfo=UTC).replace(tzinfo=None),
            date(2026, 6, 16),
            0.084,
            "=1+1",
            None,
        ]
    )
    page["F2"].number_format = "0.00%"
    page.append([None] * 8)
    page.append(["x"])
    book.save(tmp_path / "file.xlsx")

    sheet = read_sheet(tmp_path / "file.xlsx")

    day = date(2026, 6, 16)
    assert sheet.headings == ("a", "b", "c", "d", "e", "f", "g")
    assert sheet.rows[0].cells[:7] == (Decimal("15.5"), 3, "TRUE", day, day, "8.4%", "=1+1")
    assert [it.number for it in sheet.rows] == [2, 4]


def test_rows_that_a_workbook_leaves_out_are_counted(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["A5"], page["A9"] = "姓名", "甲", "乙"
    book.save(tmp_path / "file.xlsx")

    sheet = read_sheet(tmp_path / "file.xlsx")

    assert sheet.rows == (SheetRow(5, ("甲",)), SheetRow(9, ("乙",)))


@pytest.mark.parametrize(
    ("shown_as", "cell"), [("0.00%", "8.4%"), ('0.00"%"', Decimal("0.084")), (r"0.0\%", Decimal("0.084"))]
)  # fmt: skip
def test_a_percentage_is_one_by_its_format(tmp_path: Path, shown_as: str, cell: Any) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["A2"] = "年利率", 0.084
    page["A2"].number_format = shown_as
    book.save(tmp_path / "file.xlsx")

    assert cells(read_sheet(tmp_path / "file.xlsx")) == [(cell,)]


def test_the_first_sheet_with_something_in_it_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("客户").append(["姓名"])
    book["客户"].append(["王桂英"])
    book.create_sheet("说明").append(["勿动"])
    book.save(tmp_path / "file.xlsx")

    sheet = read_sheet(tmp_path / "file.xlsx")

    assert (sheet.name, sheet.others, cells(sheet)) == ("客户", True, [("王桂英",)])


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty-file"),
        ("姓名,备注\n".encode(), "empty-file"),
        (b"\n\n", "empty-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-excel"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not-a-sheet"),
        (b"a,b\n1,\x002\n", "not-a-sheet"),
        (b'a,b\n"1,2\n', "not-csv"),
        (b'a,b\n"1"x,2\n', "not-csv"),
    ],
)
def test_what_is_no_spreadsheet_is_said_to_be_none(
    tmp_path: Path, content: bytes, key: str
) -> None:
    assert trouble(written(tmp_path, content)) == key


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "really-a-workbook.csv", [["姓名"], ["王桂英"]])

    assert read_sheet(book).form.kind == "xlsx"


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_what_is_quoted_against_formulas_is_read_back_as_it_was(texts: list[str]) -> None:
    kept = [it for it in texts if plain(it)]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["heading"], ["first"], *([quoted(it)] for it in texts)])

    with TemporaryDirectory() as folder:
        sheet = read_sheet(written(Path(folder), stream.getvalue().encode()))

    assert cells(sheet) == [("first",), *((it,) for it in kept)]


@given(st.text())
def test_no_quoted_text_is_a_formula(text: str) -> None:
    assert not quoted(text).startswith(("=", "+", "-", "@", "\t", "\r"))
