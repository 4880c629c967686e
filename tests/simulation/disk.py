"""What lies on a device's disk: own sets, the server copy, the stage, open forms, the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.messages import Change
from schemas.values import Hlc
from sync.rebase import Held, Step, View
from tests.simulation.messages import Cursor

Json = Any


@dataclass
class OwnSet:
    """A set of this store: as first stored, what was seen when it was made, what became of it."""

    raw: dict[str, Json]
    changes: tuple[Change, ...]
    seen: Mapping[str, Mapping[str, Json]]
    device: str
    state: str = "ready"
    status: str | None = None
    result: Mapping[str, Json] | None = None
    covered: bool = False
    settled: str | None = None

    @property
    def number(self) -> int:
        return int(self.raw["number"])

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def is_waiting(self) -> bool:
        """Whether it has no result: it is pending."""
        return self.state != "answered" and self.status is None

    @property
    def is_held(self) -> bool:
        """Whether the server holds it: it has no final result, and is not sent again either."""
        return self.state != "answered" and self.status == "held"

    @property
    def is_on_top(self) -> bool:
        """Whether the view lays it over the server copy."""
        return not self.covered and self.settled is None and self.status != "rejected"

    @property
    def conflicts(self) -> list[str]:
        """The ids of the conflicts that it opened or joined."""
        told = (self.result or {}).get("changes", ())
        return list(dict.fromkeys(it for one in told for it in one.get("conflicts", ())))


@dataclass
class Form:
    """A record that is open in a form: what it showed, where the view stood, what has been typed.

    `epoch` is that of the view; `newest` has, by unit, the places of the own sets whose values it
    showed, `after` the place of the last one then: numbers change with the device, places in
    `Disk.sets` never. `opening` is what the oracle took down.
    """

    view: View
    base: int
    newest: Mapping[str, int]
    after: int
    opening: Any
    epoch: str | None = None
    typed: dict[str, Json] = field(default_factory=dict)

    @property
    def stood_on(self) -> tuple[int, str | None]:
        """Where the view stood: its position and the epoch in which that counts."""
        return self.base, self.epoch


@dataclass
class Disk:
    """Everything that survives a crash.

    `epoch` is the server's as last heard, `view_epoch` that of the view and its position: after a
    restore the old view stays until the new one is whole. `schema` is the version of the program.
    """

    id: str
    user: str
    role: str
    sets: list[OwnSet] = field(default_factory=list)
    copy: dict[str, Held] = field(default_factory=dict)
    stage: list[Step] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    cursor: Cursor | None = None
    position: int = 0
    epoch: str | None = None
    view_epoch: str | None = None
    schema: int = 1
    whole: bool = False
    fresh: bool = True
    caught_up: bool = False
    stamp: Hlc = field(default_factory=lambda: Hlc(0, 0, "none"))
    renewals: int = 0

    def image(self) -> Disk:
        """Return the whole disk as it is now, to be put back later."""
        return replace(
            self,
            sets=[replace(it) for it in self.sets],
            copy=dict(self.copy),
            stage=list(self.stage),
            forms=[replace(it, typed=dict(it.typed)) for it in self.forms],
        )
