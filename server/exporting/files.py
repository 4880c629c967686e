"""An export as CSV, XLSX or JSON bytes, which no spreadsheet runs.

Text that begins with = + - @, a tab or a carriage return is text: in a CSV behind a ', in a workbook as a
typed cell. A number stays a number in all three, also a negative one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from server.exporting.tables import TABLES, Line, Span, as_json
from server.importing.reading import is_like_a_formula, quoted

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LONGEST_CELL = 32_767
"""So many characters fit into a cell of a workbook."""


def encoded(form: str, what: str, span: Span, lines: Iterable[Line]) -> bytes:
    """Return the file of an export in one of `FORMATS`."""
    if form == "json":
        return as_json(what, span, lines)
    whole = [TABLES[what].columns, *lines]
    return _csv(whole) if form == "csv" else _workbook(what, whole)


def _csv(lines: Iterable[Line]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")  # Excel takes a CSV without the mark for GBK


def _plain(cell: Any) -> Any:
    return quoted(cell) if isinstance(cell, str) else cell


def _workbook(what: str, lines: Iterable[Line]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(what)
    page.freeze_panes = "A2"
    for line in lines:
        page.append([_typed(page, cell) for cell in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typed(page: Any, cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(page, "")
    made.value = ILLEGAL_CHARACTERS_RE.sub(" ", cell)[:LONGEST_CELL]
    made.data_type = "s"
    made.quotePrefix = is_like_a_formula(cell)
    return made
