"""What is typed and shown, as the oracle takes it down; time is counted in decided sets.

Whoever has seen moment 7 has seen what the first seven sets did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from schemas.declare import RecordType

Json = Any
Unit = tuple[str, str]
Journal = Literal["trimmed", "untrimmed", "gone"]
"""What a wiped tablet's journal still has: sets without a result, those with one as well, or nothing."""


class Broken(AssertionError):
    """An invariant does not hold. `check` names it."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(f"{check}: {message}")
        self.check = check


@dataclass(frozen=True)
class Opening:
    """What somebody had before him: the moment that his view shows, and which own sets lay on top.

    `epoch`: how often the server had been restored before that moment.
    """

    seen: int
    serial: int = 0
    own: Mapping[Unit, str] = field(default_factory=dict)
    epoch: int = 0


@dataclass(frozen=True)
class Deed:
    """One change; `fields` as they read today, `typed` as they went out, from an older version perhaps.

    Where it names a customer who was merged into another, it is read with that other one's id: `via` is
    then the absorbed id, `named` the record's id as it was sent.
    """

    op: str
    type: str
    id: str
    customer: str | None
    fields: Mapping[str, Json]
    reason: str | None = None
    typed: Mapping[str, Json] = field(default_factory=dict)
    via: str | None = None
    named: str = ""


@dataclass
class Typed:
    """One user action: who, at which store, on which view, what.

    Attributes:
        own: by unit, the own set over whose value it was typed.
        hostile: the codes of which one must come back; none for an honest set.
        excuse: it is hostile only until what it names is the user's ("scope"), or until its device is
            registered anew, which takes its `over` away ("renewal").
        seen: the moment that its view showed; of what was made before a restore of the server, the
            earliest to which the server fell back since. epoch, showed: the same, as it was then.
        dated: it says in which epoch it was made.
        carried: what is left of `own` where its device was registered anew after it was decided.
        withdrawn: its user had given it up, or mended it, before a restored server was offered it.
        shown: by record and path, the texts that stood in the form.
        steady: no clock jumped, and no request of the device was under way, when it was made.
    """

    id: str
    store: str
    user: str | None
    role: str
    seen: int
    serial: int
    deeds: tuple[Deed, ...]
    own: Mapping[Unit, str]
    made_ms: int
    hostile: tuple[str, ...] = ()
    excuse: str = ""
    steady: bool = True
    whole_branch: bool = False
    timer: bool = False
    shown: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    result: Mapping[str, Json] | None = None
    moment: int = 0
    lost: bool = False
    withdrawn: bool = False
    dated: bool = False
    carried: Mapping[Unit, str] | None = None
    epoch: int = 0
    showed: int = 0
    stood: dict[Unit, bool] = field(default_factory=dict)
    """By unit, whether its value was stored (or merged in)."""

    def value(self, declared: RecordType, record: str, unit: str) -> Json:
        """Return what it last typed into a unit of a record."""
        found: Json = None
        for deed in self.deeds:
            if deed.id == record:
                units = units_of(declared, deed.fields)
                found = units.get(unit, found)
        return found


@dataclass(frozen=True)
class Stand:
    """A value that came to stand in a unit, and the one that stood before."""

    moment: int
    device: str
    set_id: str
    user: str | None
    role: str
    before: Json
    value: Json
    sent: Json
    timer: bool
    made_ms: int
    steady: bool


@dataclass(frozen=True)
class Said:
    """What a set said about a unit, whether or not it came to stand, and what stood afterwards."""

    moment: int
    device: str
    set_id: str
    value: Json
    kept: Json
    stored: bool
    made_ms: int
    steady: bool


@dataclass
class RecordFacts:
    """When and on which device a record was made, and every moment at which it changed."""

    made_at: int
    made_on: str
    made_by_set: str
    changes: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Hold:
    """A user's hold on a customer, from one moment to another (None: still)."""

    user: str
    role: str
    assignment: str
    since: int
    until: int | None = None


@dataclass(frozen=True)
class Merge:
    """Two customers became one: who stays, when, what stood in the absorbed one and in him, who said so."""

    survivor: str
    moment: int
    before: Mapping[str, Json]
    kept: Mapping[str, Json]
    device: str
    set_id: str
    user: str | None
    role: str
    made_ms: int
    steady: bool


def units_of(declared: RecordType, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return fields by the unit in which they are decided; a group's value is an object or null."""
    found: dict[str, Json] = {}
    for path in fields:
        unit = declared.unit(path)
        found[unit] = unit_of(declared, fields, unit)
    return found


def unit_of(declared: RecordType, fields: Mapping[str, Json], unit: str) -> Json:
    """Return the value of one unit."""
    members = declared.group(unit)
    if not members:
        return fields.get(unit)
    held = {it: fields.get(it) for it in members}
    return held if any(it is not None for it in held.values()) else None
