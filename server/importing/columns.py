"""Which column of a file holds which field: known headings, their synonyms, their units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.importing.cleaning import Reader, key
from server.importing.sentences import Trouble

YUAN = ("", "元", "万元")
PER_CENT = ("", "%")
MU = ("", "亩")
MONTHS = ("", "月", "个月")
PEOPLE = ("", "人")
OUR_OWN = ("原因", "reason")
"""The last column of a file of bad rows, which people mend and import again."""
_WITH_UNIT = re.compile(r"(.+?)[(\[](.*?)[)\]]")


@dataclass(frozen=True)
class Column:
    """One field of a file.

    Attributes:
        field: its name for `--map`.
        target: the record's field that it fills, "" when a rule needs it for more than that.
        headings: what people call it; the first is the name in reports.
        needed: the file must have the column, and each row a value in it.
        units: what may stand in brackets behind the heading.
    """

    field: str
    target: str
    headings: tuple[str, ...]
    read: Reader
    needed: bool = False
    units: tuple[str, ...] = ("",)


def column(
    field: str,
    target: str,
    headings: str,
    read: Reader,
    needed: bool = False,
    units: tuple[str, ...] = ("",),
) -> Column:
    """Return a column; *headings* has blanks between, and the field's own name is one as well."""
    return Column(field, target, (*headings.split(), field), read, needed, units)


@dataclass(frozen=True)
class Place:
    """Where a column is found in the file, and the unit of its heading."""

    column: Column
    index: int
    heading: str
    unit: str


@dataclass(frozen=True)
class Layout:
    """The columns of a file: `places` by field, and the headings that nobody knows."""

    places: Mapping[str, Place]
    unknown: tuple[str, ...]
    names: Mapping[str, str]

    def heading(self, field: str) -> str:
        """Return the heading of a field in this file, or what it is usually called."""
        found = self.places.get(field)
        return found.heading if found else self.names[field]


def find_columns(
    headings: Sequence[str],
    columns: Sequence[Column],
    overrides: Mapping[str, str | None] | None = None,
) -> Layout:
    """Say which column is which; *overrides*, the `--map` file, goes first: heading → field.

    A heading that it maps to null is left out.

    Raises:
        Trouble: missing-columns, column-twice, unknown-field, unmapped-heading.
    """
    by_field = {it.field: it for it in columns}
    chosen = _overrides(headings, by_field, overrides or {})
    places: dict[str, Place] = {}
    unknown: list[str] = []
    for index, heading in enumerate(headings):
        if not heading:
            continue
        found = chosen[index] if index in chosen else _known(heading, columns)
        if found is None:
            if index not in chosen and key(heading) not in OUR_OWN:
                unknown.append(heading)
            continue
        known, unit = found
        if earlier := places.get(known.field):
            both = f"{earlier.heading}、{heading}"
            raise Trouble("column-twice", field=known.field, headings=both)
        places[known.field] = Place(known, index, heading, unit)
    missing = [it.headings[0] for it in columns if it.needed and it.field not in places]
    if missing:
        found_headings = "、".join(it for it in headings if it)
        raise Trouble("missing-columns", columns="、".join(missing), found=found_headings)
    names = {it.field: it.headings[0] for it in columns}
    return Layout(places, tuple(unknown), names)


def _known(heading: str, columns: Sequence[Column]) -> tuple[Column, str] | None:
    """Return the column that a heading names, with its unit: 贷款金额(元), 贷款金额（万元）."""
    written = key(heading)
    for one in columns:
        if written in map(key, one.headings):
            return one, one.units[0]
    parts = _WITH_UNIT.fullmatch(written)
    if parts is None:
        return None
    for one in columns:
        if parts[1] in map(key, one.headings) and parts[2] in one.units:
            return one, parts[2]
    return None


def _overrides(
    headings: Sequence[str], by_field: Mapping[str, Column], overrides: Mapping[str, str | None]
) -> dict[int, tuple[Column, str] | None]:
    written = {key(it): index for index, it in enumerate(headings)}
    chosen: dict[int, tuple[Column, str] | None] = {}
    for heading, field in overrides.items():
        index = written.get(key(heading))
        if index is None:
            raise Trouble("unmapped-heading", heading=heading)
        if field is None:
            chosen[index] = None
        elif field not in by_field:
            raise Trouble("unknown-field", field=field, fields=", ".join(by_field))
        else:
            one = by_field[field]
            parts = _WITH_UNIT.fullmatch(key(heading))
            unit = parts[2] if parts and parts[2] in one.units else one.units[0]
            chosen[index] = one, unit
    return chosen
