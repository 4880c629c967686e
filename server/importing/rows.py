"""The rows of a file as cleaned values, and what was found about each."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server.importing.cleaning import Cell, UnreadableError, key, plain, shown
from server.importing.columns import Layout
from server.importing.reading import Sheet, SheetRow

Json = Any


@dataclass(frozen=True)
class Finding:
    """Something about a cell: a fault (the row is bad), or a warning. `key` is its sentence's."""

    row: int
    column: str
    value: str
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False


@dataclass
class Row:
    """One row: `values` holds what could be read, by field; what is bad or empty is absent."""

    number: int
    layout: Layout
    cells: tuple[Cell, ...]
    values: dict[str, Json] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_bad(self) -> bool:
        """Tell whether a fault was found."""
        return any(not it.warning for it in self.findings)

    def fault(self, name: str, key: str, **facts: object) -> None:
        """Note why the row cannot be imported."""
        self._note(name, key, facts, False)

    def warn(self, name: str, key: str, **facts: object) -> None:
        """Note something that a person should know and that stops nothing."""
        self._note(name, key, facts, True)

    def _note(self, name: str, key: str, facts: Mapping[str, object], warning: bool) -> None:
        heading = self.layout.heading(name)
        place = self.layout.places.get(name)
        value = shown(self.cells[place.index]) if place and place.index < len(self.cells) else ""
        self.findings.append(Finding(self.number, heading, value, key, facts, warning))

    def fields(self) -> dict[str, Json]:
        """Return the values that fill a field of the record as they are, dates as ISO text."""
        return {
            place.column.target: value.isoformat() if isinstance(value, date) else value
            for name, place in self.layout.places.items()
            if place.column.target and (value := self.values.get(name)) is not None
        }


Words = Mapping[str, Mapping[str, str]]
"""What a lender writes, by field: its own word → the word that is read for it (`--map`)."""


def read_rows(sheet: Sheet, layout: Layout, words: Words | None = None) -> list[Row]:
    """Clean every cell of every row; what cannot be read becomes a finding of its row."""
    known = {
        field: {key(own): word for own, word in its.items()} for field, its in (words or {}).items()
    }
    return [_read_row(it, layout, len(sheet.headings), known) for it in sheet.rows]


def _read_row(source: SheetRow, layout: Layout, width: int, words: Words) -> Row:
    row = Row(source.number, layout, source.cells)
    for name, place in layout.places.items():
        cell = source.cells[place.index] if place.index < len(source.cells) else None
        if name in words and cell is not None:
            cell = words[name].get(key(plain(cell)), cell)
        if cell is None or not plain(cell):
            if place.column.needed:
                row.fault(name, "missing")
            continue
        try:
            row.values[name] = place.column.read(cell, place.unit)
        except UnreadableError as found:
            row.fault(name, found.key, **found.facts)
    further = [it for it in source.cells[width:] if it is not None and plain(it)]
    if further:
        row.findings.append(Finding(row.number, "", shown(further[0]), "more-cells"))
    return row


@dataclass
class Once:
    """Finds values that stand twice: in an earlier row, or in the branch already."""

    name: str
    there: Container[str]
    rows: dict[str, int] = field(default_factory=dict)

    def check(self, row: Row) -> None:
        """Note a fault where the row's value is not the first."""
        value = row.values.get(self.name)
        if value is None:
            return
        if value in self.rows:
            row.fault(self.name, "twice-in-file", other=self.rows[value])
        elif value in self.there:
            row.fault(self.name, "there-already")
        self.rows.setdefault(value, row.number)
