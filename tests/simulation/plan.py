"""What will happen in a run: a list of events that follows from a seed, each with dice of its own.

An event finds what it works on when its turn comes, so any of them may be left out: that is how a
story is made short.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.simulation.dice import Dice

YEAR_MS = 365 * 24 * 3_600_000


@dataclass(frozen=True)
class Event:
    """Something that happens: its kind, at which tablet or web, and the seed of its dice."""

    index: int
    kind: str
    who: str
    seed: int


@dataclass(frozen=True)
class Cast:
    """A tablet in a run: how it syncs, by how much its clock is wrong, whether it begins empty.

    `behind`: by how many schema versions.
    """

    name: str
    page: int
    at_once: int
    offset_ms: int
    empty: bool
    behind: int = 0


@dataclass(frozen=True)
class Plan:
    """A whole run.

    Attributes:
        hot: chooses the record and the fields that most edits are about, so that they meet.
        product: over the product's types; calm: nothing that a clock may decide.
        slices: the engine sees what a server would load, not the whole branch.
    """

    seed: int
    cast: tuple[Cast, ...]
    events: tuple[Event, ...]
    hot: int = 0
    product: bool = False
    calm: bool = False
    slices: bool = False


DEVICE: dict[str, int] = {
    "edit": 26, "open": 7, "save": 8, "create": 7, "delete": 4, "move": 5, "resolve": 7, "mend": 3,
    "discard": 2, "sync": 26, "ask": 6, "serve": 7, "hear": 7, "die": 2, "jump": 1, "image": 1,
    "put back": 1, "hostile": 4, "damage": 1, "same id": 2, "pair": 2,
    "upgrade": 1, "twin": 1, "wipe": 1,
}  # fmt: skip
BRANCH: dict[str, int] = {
    "web edit": 8, "web page": 3, "web save": 3, "web move": 3, "web delete": 2, "web create": 3,
    "web resolve": 5, "web reopen": 2, "timer": 2, "assign": 5, "take away": 4, "purge": 1,
    "back up": 2, "restore": 1, "lock": 1, "night": 2, "merge": 2, "drill": 1, "quarrel": 1,
    "late request": 4,
}  # fmt: skip
THEMES: tuple[dict[str, int], ...] = (
    {},
    {"edit": 60, "sync": 40},
    {"open": 30, "save": 30},
    {"create": 20, "delete": 16, "web delete": 8},
    {"move": 30, "web move": 10, "timer": 8},
    {"assign": 20, "take away": 20},
    {"assign": 26, "night": 22},
    {"ask": 30, "serve": 34, "hear": 30, "die": 10, "late request": 14},
    {"resolve": 30, "web resolve": 16, "web reopen": 12, "edit": 60, "sync": 80, "web edit": 40},
    {"image": 16, "put back": 14, "edit": 60, "sync": 50},
    {"quarrel": 10, "edit": 40, "sync": 60, "web reopen": 8, "restore": 2},
    {"mend": 20, "discard": 6, "hostile": 24, "edit": 40, "sync": 60},
    {"jump": 14, "purge": 6, "damage": 6},
    {"lock": 12, "edit": 50, "sync": 50},
    {"wipe": 12, "edit": 50, "sync": 50},
    {"twin": 16, "merge": 24, "edit": 50, "create": 14, "sync": 60},
    {"upgrade": 12, "create": 20, "edit": 50, "sync": 50},
    {"back up": 12, "restore": 10, "edit": 40, "sync": 50, "hostile": 20, "discard": 14, "mend": 6},
    {"drill": 16, "edit": 40, "assign": 8, "sync": 60},
    {"back up": 14, "restore": 12, "open": 20, "save": 26, "sync": 50},
    {"edit": 70, "sync": 70, "web edit": 50},
    {"back up": 14, "restore": 14, "image": 30, "put back": 26, "edit": 60, "sync": 110},
)
"""What a seed is mostly about, so that rare things meet."""


def make_plan(seed: int, product: bool = False, calm: bool = False) -> Plan:
    """Return the plan of a seed."""
    dice = Dice(seed * 2 + 1)
    theme = THEMES[dice.below(len(THEMES))]
    names = ["T1", "T2", *(it for it in ("T3", "T4") if dice.chance(45))]
    cast = tuple(_cast(dice, it) for it in names)
    stress = dice.pick((1, 1, 3)) if theme else 1
    weights = [
        (it, theme[it] * stress if it in theme else weight)
        for it, weight in (*DEVICE.items(), *BRANCH.items())
    ]
    events = []
    for index in range(1, dice.between(30, 60) + 1):
        kind = dice.weighted(weights)
        who = dice.pick(names) if kind in DEVICE else dice.pick(("W3", "W4"))
        if kind in DEVICE and "put back" in theme and dice.chance(85):
            who = "T1"
        events.append(Event(index, kind, who, dice.number()))
    return Plan(seed, cast, tuple(events), dice.below(1_000), product, calm, dice.chance(50))


def _cast(dice: Dice, name: str) -> Cast:
    offset = dice.weighted(
        [(0, 60), (-5 * YEAR_MS, 10), (7 * YEAR_MS, 10), (-90_000, 10), (40 * 60_000, 10)]
    )
    page = dice.weighted([(500, 50), (1, 15), (2, 10), (3, 15), (7, 10)])
    behind = dice.weighted([(0, 76), (1, 12), (2, 12)])
    return Cast(
        name, page, dice.weighted([(100, 75), (1, 10), (2, 15)]), offset, dice.chance(12), behind
    )
