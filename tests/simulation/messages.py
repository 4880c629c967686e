"""What goes over the simulated network: a request of a device, and what the server says to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.messages import Change

Json = Any


class Cursor(NamedTuple):
    """What the server puts into a cursor; to a device it is as good as sealed.

    `start`: where the last complete view ended; `at`: how far this run's pages have come; `run`: the
    head of the log when the run began; `schema`: the version of this run's pages; `seen`: the one in
    which everything up to `start` was shown; `purges`: how often tombstones had been forgotten by then.
    """

    device: str
    start: int = 0
    at: int = 0
    run: int = 0
    schema: int = 0
    seen: int = 0
    purges: int = 0


class Ours(list[Json]):
    """Changes that a fair device made, which need not be read with suspicion every time."""


def change_of(shape: Mapping[str, Json]) -> Change:
    """Return a change of this device's own making from its JSON."""
    return Change(
        shape["op"], shape["type"], shape["id"], shape["customer"], shape.get("set", {}),
        shape.get("over", {}), shape.get("reason"),
    )  # fmt: skip


DAMAGED = Cursor("damaged")


@dataclass(frozen=True)
class Request:
    """One round trip of a device. `asked_ms` is the true time; only the oracle looks at it.

    `held`: the sets that the device knows as held, by number; the ids are for the oracle alone.
    """

    device: str
    user: str
    role: str
    cursor: Cursor | None
    page: int
    sets: tuple[dict[str, Json], ...]
    sent_at_ms: int
    waiting: int
    asked_ms: int
    epoch: str | None = None
    schema: int = 99
    held: tuple[tuple[int, str], ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the sets that it carries."""
        return [it["number"] for it in self.sets]


@dataclass(frozen=True)
class Reply:
    """An answer (`code` None) or a problem answer, as the device hears it.

    `body` of a problem that concerns only the pull has `results` and `known_through`.
    """

    code: str | None
    body: dict[str, Json] = field(default_factory=dict)

    @property
    def ends_run(self) -> bool:
        """Tell whether the view may switch: the last page."""
        return self.code is None and not self.body["more"]
