"""A spreadsheet file to rows of cells: XLSX by openpyxl, or CSV in UTF-8, GB18030 (GBK) or UTF-16.

What kind of file it is shows in its first bytes, not in its name. Formulas are never computed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from server.importing.cleaning import Cell, Formula, plain
from server.importing.sentences import Trouble

DELIMITERS = ",;\t"
_LITERAL = re.compile(r'"[^"]*"|\\.')
_FORMULA = re.compile(r"[=+\-@\t\r]")
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
LONGEST_CELL = 1 << 20


@dataclass(frozen=True)
class Form:
    """How a file was written, so that its bad rows can be written alike."""

    kind: Literal["xlsx", "csv"]
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class SheetRow:
    """One row that is not wholly blank; `number` as a spreadsheet shows it, the heading being 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The one table of a file. `others`: the workbook has further sheets beside `name`."""

    form: Form
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    name: str = ""
    others: bool = False


def read_sheet(file: Path) -> Sheet:
    """Read a file whole.

    Raises:
        Trouble: empty-file, not-a-sheet, old-excel, damaged, not-csv.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Trouble("damaged", file=file.name, reason=error.strerror or error) from error
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(file.name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Trouble("old-excel", file=file.name)
    return _read_csv(file.name, content)


def _sheet(
    form: Form, rows: Iterable[Sequence[Cell]], name: str = "", others: bool = False
) -> Sheet:
    numbered = enumerate(rows, 1)
    headings = next((tuple(map(plain, cells)) for _, cells in numbered), ())
    kept = tuple(
        SheetRow(number, tuple(cells))
        for number, cells in numbered
        if any(plain(cell) for cell in cells)
    )
    if not any(headings) or not kept:
        raise Trouble("empty-file")
    while headings and not headings[-1]:
        headings = headings[:-1]
    return Sheet(form, headings, kept, name, others)


# ------------------------------------------------------------------------------------------ XLSX


def _read_workbook(file_name: str, content: bytes) -> Sheet:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not concern us
            book = load_workbook(io.BytesIO(content), read_only=True)
            try:
                tables = [(it.title, list(_table(it))) for it in book.worksheets]
            finally:
                book.close()
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise Trouble(
            "damaged", file=file_name, reason=str(error) or type(error).__name__
        ) from error
    filled = [it for it in tables if any(any(plain(cell) for cell in row) for row in it[1])]
    if not filled:
        raise Trouble("empty-file")
    name, rows = filled[0]
    return _sheet(Form("xlsx"), rows, name, len(filled) > 1)


def _table(worksheet: Any) -> Iterator[tuple[Cell, ...]]:
    worksheet.reset_dimensions()  # what a file says of its own size is often wrong
    expected = 1
    for cells in worksheet.iter_rows():
        number = next((it.row for it in cells if hasattr(it, "row")), expected)
        yield from ((),) * (number - expected)
        yield tuple(map(_typed, cells))
        expected = number + 1


def _typed(cell: Any) -> Cell:
    value: object = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Formula(value if isinstance(value, str) else f"={getattr(value, 'text', value)}")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    return str(value)


def _number(value: float, shown_as: str) -> Cell:
    """Return a workbook's number as it was meant: 0.084 shown as a percentage is 8.4%."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    if "%" in _LITERAL.sub("", shown_as):
        return f"{(exact * 100).normalize():f}%"
    return int(exact) if exact == exact.to_integral_value() else exact


# ------------------------------------------------------------------------------------------- CSV


def _read_csv(file_name: str, content: bytes) -> Sheet:
    text, encoding = _decoded(file_name, content)
    if "\0" in text:
        raise Trouble("not-a-sheet", file=file_name)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    return _sheet(Form("csv", encoding, delimiter), _records(file_name, text, delimiter))


def _decoded(file_name: str, content: bytes) -> tuple[str, str]:
    """Decode strictly: as a byte-order mark says, else UTF-8, else GB18030 (and so GBK)."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif content.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Trouble("not-a-sheet", file=file_name)


def _records(file_name: str, text: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield tuple(map(_unquoted, cells))
    except csv.Error as error:
        raise Trouble("not-csv", file=file_name, line=reader.line_num, reason=error) from error


def is_like_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run *text* if it met it in a CSV."""
    return _FORMULA.match(text) is not None


def quoted(text: str) -> str:
    """Return *text* as it is safe in a CSV: a ' says that what looks like a formula is text."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def _unquoted(cell: str) -> Cell:
    """Take off the ' that `quoted` puts on, and that some programs write as well."""
    return (cell[1:] if cell[:1] == "'" and _LIKE_A_FORMULA.match(cell) else cell) or None
