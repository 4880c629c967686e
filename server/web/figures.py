"""From rows to what the summary and the arrears list show; pure, words are chosen later."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from schemas.derived.portfolio import Portfolio
from schemas.derived.risk_class import RiskClass
from schemas.values import parse_instant
from server.readmodels import Position, Standing, by_class, portfolio, standings

Json = Any
SILENT_AFTER = timedelta(hours=24)
LOST_AFTER = timedelta(hours=72)
SKEW_SHOWN_MS = 120_000
EVER = datetime.min.replace(tzinfo=UTC)
Mark = Literal["ok", "warn", "late", "idle"]


# ------------------------------------------------------------------------------------ the branch


@dataclass(frozen=True)
class Money:
    """The portfolio of a date: sums, loans at risk, classes."""

    as_of: date
    sums: Portfolio
    live: Sequence[Standing]

    @staticmethod
    def of(positions: Sequence[Position], as_of: date) -> Money:
        """Return the figures of some loans on a date."""
        return Money(as_of, portfolio(positions, as_of), standings(positions, as_of))

    def late(self, over: str) -> list[Standing]:
        """Return the loans behind a PAR figure (`0`, `30`, `90`, `restructured`), the latest first."""
        if over == "restructured":
            found = [it for it in self.live if it.dpd > 30 or it.position.restructured_on]
        else:
            found = [it for it in self.live if it.dpd > int(over)]
        return sorted(
            found, key=lambda it: (-it.dpd, -it.position.outstanding_fen, it.position.loan)
        )

    def amount(self, over: str) -> int:
        """Return the sum that a PAR figure is about."""
        return {
            "0": self.sums.par1_fen, "30": self.sums.par30_fen, "90": self.sums.par90_fen,
            "restructured": self.sums.par30_plus_restructured_fen,
        }[over]  # fmt: skip

    def bps(self, over: str) -> int:
        """Return a PAR figure in basis points of the outstanding principal."""
        return self.sums.ratio_bps(self.amount(over))

    @property
    def classes(self) -> list[tuple[RiskClass, int, int]]:
        """Each class with its amount and its share in basis points."""
        sums = by_class(self.live)
        return [(it, fen, self.sums.ratio_bps(fen)) for it, fen in sums.items()]

    @property
    def npl_fen(self) -> int:
        """The outstanding principal of non-performing loans."""
        return sum(fen for it, fen, _ in self.classes if it.is_npl)


# ----------------------------------------------------------------------------------- the officers


@dataclass(frozen=True)
class Waiting:
    """What is known to wait on somebody's tablets; `sets` None: nothing was ever reported."""

    sets: int | None
    at_least: bool = False
    attention: int = 0


@dataclass(frozen=True)
class Officer:
    """One officer's day and the age of what we know of it.

    `done` None: no news of today, which is never shown as zero. `holding_since`: the last contact of the
    tablet that has been silent longest, for a day or more, with something still waiting on it. `tablet`: the
    one last heard of, while its officer may sign in.
    """

    id: str
    name: str
    codes: tuple[str, ...]
    tablet: str | None
    planned: int
    done: int | None
    late: int
    outstanding_fen: int
    par30_bps: int
    last_contact_at: datetime | None
    clean_at: datetime | None
    silent: bool
    holding_since: datetime | None
    mark: Mark
    skew_ms: int
    waiting: Waiting
    conflicts: int

    @property
    def silent_since(self) -> datetime | None:
        """Return since when what we know of the officer has been incomplete; None: from the start."""
        return self.holding_since or self.last_contact_at

    @property
    def has_tablet(self) -> bool:
        """Tell whether a tablet was ever signed in."""
        return bool(self.codes)


@dataclass
class Crew:
    """The officers of a branch and the sums over them."""

    officers: list[Officer] = field(default_factory=list)

    @property
    def silent(self) -> list[Officer]:
        """Who has not been heard for a day, or has a tablet that went silent with work on it."""
        found = [it for it in self.officers if it.has_tablet and (it.silent or it.holding_since)]
        return sorted(found, key=lambda it: it.silent_since or EVER)

    @property
    def late(self) -> int:
        """How many visits are late in the branch."""
        return sum(it.late for it in self.officers)

    @property
    def latest(self) -> Officer | None:
        """Who has most late visits."""
        return max(self.officers, key=lambda it: it.late, default=None)

    @property
    def heard(self) -> tuple[int, int]:
        """Visits done and planned of those with news of today."""
        known = [it for it in self.officers if it.done is not None]
        return sum(it.done or 0 for it in known), sum(it.planned for it in known)

    @property
    def unheard(self) -> int:
        """Visits planned by those without news of today."""
        return sum(it.planned for it in self.officers if it.done is None)


def crew(
    people: Iterable[Any],
    visits: Mapping[str, Mapping[str, int]],
    positions: Sequence[Position],
    conflicts: Mapping[str, int],
    now: datetime,
    midnight: datetime,
    as_of: date,
) -> Crew:
    """Return the officers, and whoever else has customers or has synced, in the order of *people*.

    Args:
        people: rows of accounts, one for each tablet (see `queries.people_with_tablets`).
        visits: by officer, `planned`, `done`, `late`.
        positions: the loans, each with the officer who looks after its customer.
        conflicts: open ones by the people whose values they hold.
        midnight: when the branch's business day began.
    """
    tablets: dict[str, list[Any]] = defaultdict(list)
    named: dict[str, Any] = {}
    for row in people:
        named[row.id] = row
        if row.tablet is not None:
            tablets[row.id].append(row)
    loans: dict[str, list[Position]] = defaultdict(list)
    for it in positions:
        if it.officer is not None:
            loans[it.officer].append(it)
    shown = [
        it
        for it in named.values()
        if (it.role == "officer" and it.active)
        or any(tablet.last_contact_at for tablet in tablets[it.id])
        or loans[it.id]
    ]
    none = {"planned": 0, "done": 0, "late": 0}
    return Crew(
        [
            _officer(
                it, tablets[it.id], visits.get(it.id, none), portfolio(loans[it.id], as_of),
                conflicts.get(it.id, 0), now, midnight,
            )
            for it in shown
        ]
    )  # fmt: skip


def _officer(
    person: Any,
    tablets: Sequence[Any],
    visits: Mapping[str, int],
    sums: Portfolio,
    conflicts: int,
    now: datetime,
    midnight: datetime,
) -> Officer:
    contacts = [_instant(it.last_contact_at) for it in tablets]
    last = max((it for it in contacts if it is not None), default=None)
    cleans = [found for it in tablets if (found := _instant(it.clean_at))]
    silence = now - last if last else None
    heard_today = last is not None and last >= midnight and now - last < SILENT_AFTER
    done = visits["done"] if heard_today or visits["done"] or not visits["planned"] else None
    silent = silence is None or silence >= SILENT_AFTER
    newest = max(tablets, key=lambda it: it.last_contact_at or "", default=None)
    return Officer(
        person.id, person.name, tuple(it.code for it in tablets),
        newest.tablet if newest is not None and person.active else None,
        visits["planned"], None if silent and visits["planned"] else done, visits["late"],
        sums.gross_fen, sums.ratio_bps(sums.par30_fen), last, max(cleans, default=None),
        silent, _holding_since(tablets, now), _mark(silence), _skew(newest), waiting_of(tablets, now), conflicts,
    )  # fmt: skip


def _mark(silence: timedelta | None) -> Mark:
    if silence is None:
        return "idle"
    if silence >= LOST_AFTER:
        return "late"
    return "warn" if silence >= SILENT_AFTER else "ok"


def _skew(tablet: Any) -> int:
    return tablet.skew_ms if tablet is not None and abs(tablet.skew_ms) > SKEW_SHOWN_MS else 0


def waiting_of(tablets: Sequence[Any], now: datetime) -> Waiting:
    """Return what waits on a person's tablets as they last reported it.

    "At least" once the newest is silent for a day, or another went silent with something on it.
    """
    reports = [(_instant(it.last_contact_at), _report(it.waiting)) for it in tablets]
    known = [(at, it) for at, it in reports if at is not None and it is not None]
    if not known:
        return Waiting(None)
    newest = max(at for at, _ in known)
    open_ended = any(
        now - at >= SILENT_AFTER and (at == newest or it["sets"] > 0) for at, it in known
    )
    return Waiting(
        sum(it["sets"] for _, it in known), open_ended, sum(it["attention"] for _, it in known)
    )


def _holding_since(tablets: Sequence[Any], now: datetime) -> datetime | None:
    reports = [(_instant(it.last_contact_at), _report(it.waiting)) for it in tablets]
    held = [at for at, it in reports if at and it and it["sets"] and now - at >= SILENT_AFTER]
    return min(held, default=None)


def _report(text: str | None) -> dict[str, int] | None:
    """Return the counts that a tablet reported; what is no count is 0, for a tablet may say anything."""
    found = json.loads(text) if text else None
    if not isinstance(found, dict):
        return None
    return {
        name: it
        if isinstance(it := found.get(name), int) and not isinstance(it, bool) and it > 0
        else 0
        for name in ("sets", "attention", "drafts", "attachments")
    }


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


# --------------------------------------------------------------------------------- conflicts


def authors(conflict: Mapping[str, Json]) -> list[str]:
    """Return the people whose values a conflict holds, each once: who wrote what stands comes first."""
    entries = [conflict.get("kept") or {}, *(conflict.get("others") or ())]
    return list(dict.fromkeys(it["by"] for it in entries if it.get("by")))


def conflicts_by_author(conflicts: Iterable[Mapping[str, Json]]) -> dict[str, int]:
    """Return in how many conflicts each person has a value."""
    counts: dict[str, int] = defaultdict(int)
    for it in conflicts:
        for person in authors(it):
            counts[person] += 1
    return counts
