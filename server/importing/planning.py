"""What a good row becomes: one set of changes; and what has to be made first for it.

Pure: ids come from a given maker. `References` turns names into ids, and with `--create-missing`
gives an id to a village, an officer or a product that nobody knows yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from schemas.changes import record_faults
from schemas.declare import Registry
from schemas.wire.sync import CARRIED_OVER
from server.importing.cleaning import key
from server.importing.directory import Directory, Names
from server.importing.rows import Row

Json = Any
Change = dict[str, Json]
NewId = Callable[[], str]
Referred = Literal["village", "officer", "product"]


@dataclass(frozen=True)
class Planned:
    """The set of changes of one good row, or of several that belong together; `row` is their first."""

    row: Row
    changes: tuple[Change, ...]
    rows: int = 1


@dataclass(frozen=True)
class Made:
    """Something the file names and the branch lacks."""

    kind: Referred
    id: str
    name: str


@dataclass
class References:
    """Names to ids; what is missing gets an id of its own where *create* says so."""

    directory: Directory
    new_id: NewId
    create: bool = False
    made: dict[tuple[Referred, str], Made] = field(default_factory=dict)

    def find(self, row: Row, field: str, kind: Referred, names: Names) -> str | None:
        """Return the id of what the row names in *field*, or note why there is none."""
        name = row.values.get(field)
        if name is None:
            return None
        found = names.find(name)
        if len(found) > 1:
            row.fault(field, "ambiguous")
        elif found:
            return found[0]
        elif self.create:
            where = (kind, key(name).removesuffix("村") if kind == "village" else key(name))
            return self.made.setdefault(where, Made(kind, self.new_id(), name)).id
        else:
            row.fault(field, f"unknown-{kind}")
        return None

    def used(self, planned: Iterable[Planned]) -> list[Made]:
        """Return what has to be made for these rows: what only bad rows name is left out."""
        named = {value for it in planned for change in it.changes for value in _ids(change["set"])}
        return [it for it in self.made.values() if it.id in named]


def _ids(fields: Mapping[str, Json]) -> Iterable[str]:
    return (it for it in fields.values() if isinstance(it, str))


def create(kind: str, record_id: str, customer: str | None, fields: Mapping[str, Json]) -> Change:
    """Return the change that makes a record; empty fields are left out."""
    filled = {name: value for name, value in fields.items() if value is not None}
    return {"op": "create", "type": kind, "id": record_id, "customer": customer, "set": filled}


def check_declared(registry: Registry, row: Row, changes: Sequence[Change]) -> None:
    """Let the declarations of the record types judge a row that has no fault so far."""
    if row.is_bad:
        return
    for change in changes:
        declared = registry[change["type"]]
        for fault in record_faults(declared, change["set"], CARRIED_OVER.get(declared.name)):
            row.fault(field_of(row, fault.field), fault.reason or fault.code)


def field_of(row: Row, target: str | None) -> str:
    """Return the field of the file that fills a field of the record; the first one if none does."""
    for name, place in row.layout.places.items():
        if target in (place.column.target, f"{name}_id", f"{name}_tmu"):
            return name
    return next(iter(row.layout.places))
