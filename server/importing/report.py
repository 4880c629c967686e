"""What was found, for people: a table, a CSV, and a file of the bad rows to mend and import again.

Nothing that a file brings is written where a spreadsheet would run it: in a CSV a text that looks
like a formula gets a ' before it (reading takes it off again), in a workbook it is a typed text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from rich.cells import cell_len, chop_cells

from schemas.words import Lang
from server.importing.cleaning import Cell, shown
from server.importing.reading import Form, Sheet, is_like_a_formula, quoted
from server.importing.rows import Finding, Row
from server.importing.sentences import reason, talk

WIDEST_VALUE = 24
ROWS_NAMED = 8


# ---------------------------------------------------------------------------------------- table


def table(findings: Sequence[Finding], lang: Lang) -> Iterator[str]:
    """Yield the lines of a table of faults: row, column, value, reason."""
    head = tuple(talk(it, lang) for it in ("row", "column", "value", "reason"))
    lines = [
        (str(it.row), it.column, _short(it.value), reason(it.key, it.facts, lang))
        for it in findings
    ]
    widths = [max(map(cell_len, column)) for column in zip(head, *lines, strict=True)]
    for line in (head, *lines):
        padded = (
            text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _short(value: str) -> str:
    one_line = " ".join(value.split())
    if cell_len(one_line) <= WIDEST_VALUE:
        return one_line
    return f"{chop_cells(one_line, WIDEST_VALUE - 1)[0]}…"


def warning_lines(findings: Iterable[Finding], lang: Lang) -> Iterator[str]:
    """Yield one line for each kind of warning about a column, with the rows where it was found."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for it in findings:
        alike.setdefault((it.column, reason(it.key, it.facts, lang)), []).append(it)
    for (column, words), several in alike.items():
        numbers = [it.row for it in several]
        where = ""
        if numbers != [1]:
            named = ", ".join(map(str, numbers[:ROWS_NAMED]))
            more = f", … ({len(numbers)})" if len(numbers) > ROWS_NAMED else ""
            where = f" [{talk('in-rows', lang, rows=named + more)}]"
        yield f"{talk('warning', lang)}: {column + ': ' if column else ''}{words}{where}"


# ---------------------------------------------------------------------------------------- files


def write_report(file: Path, findings: Iterable[Finding], lang: Lang) -> None:
    """Write every finding as a CSV that Excel opens (UTF-8 with a byte-order mark)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([talk(it, lang) for it in ("row", "kind", "column", "value", "reason")])
    for it in findings:
        kind = talk("warning" if it.warning else "fault", lang)
        words = reason(it.key, it.facts, lang)
        writer.writerow([it.row, kind, quoted(it.column), quoted(it.value), quoted(words)])
    file.write_text(text.getvalue(), "utf-8-sig", newline="")


def write_bad_rows(source: Path, sheet: Sheet, rows: Sequence[Row], lang: Lang) -> Path:
    """Write the bad rows in the form of the input beside it, with a column of reasons.

    No file is written over: customers-bad.csv, customers-bad-2.csv and so on.
    """
    width = max(len(sheet.headings), *(len(it.cells) for it in rows))
    blank = ("",) * (width - len(sheet.headings))
    lines: list[tuple[Cell, ...]] = [(*sheet.headings, *blank, talk("reason", lang))]
    for row in rows:
        missing = (None,) * (width - len(row.cells))
        lines.append((*row.cells, *missing, _reasons(row, lang)))
    target = _free_path(source, sheet.form)
    target.write_bytes(_workbook(lines) if sheet.form.kind == "xlsx" else _csv(lines, sheet.form))
    return target


def _reasons(row: Row, lang: Lang) -> str:
    return " ".join(
        f"{it.column}: {reason(it.key, it.facts, lang)}" for it in row.findings if not it.warning
    )


def _free_path(source: Path, form: Form) -> Path:
    suffix = ".xlsx" if form.kind == "xlsx" else source.suffix or ".csv"
    target, number = source.with_name(f"{source.stem}-bad{suffix}"), 1
    while target.exists():
        number += 1
        target = source.with_name(f"{source.stem}-bad-{number}{suffix}")
    return target


def _csv(lines: Iterable[Sequence[Cell]], form: Form) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=form.delimiter)
    writer.writerows([quoted(shown(cell)) for cell in line] for line in lines)
    return text.getvalue().encode(form.encoding)


def _workbook(lines: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for line in lines:
        page.append([_typed(page, cell) for cell in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typed(page: Any, cell: Cell) -> Any:
    """Return a cell of a workbook; text is marked as text, so that none of it is a formula."""
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(page, "")
    made.value = cell
    made.data_type = "s"
    made.quotePrefix = is_like_a_formula(cell)
    return made
