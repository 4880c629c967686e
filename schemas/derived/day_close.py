"""The end of a business day of an outlet 日终: who has reported, what cash is counted, what may be trusted.

Pure: what is known is handed in, the answer names every reason for which the figures may still change.
Money is whole fen. Source: domain.md, sections 5.5, 6.9 and 8.9.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Reported = Literal["reported", "waiting", "silent", "never"]
Why = Literal[
    "not-reported", "waiting", "not-accepted", "possible-double", "gap",
    "cash-kept", "cash-unconfirmed", "cash-disputed",
]  # fmt: skip
WHYS: tuple[Why, ...] = (
    "not-reported", "waiting", "not-accepted", "possible-double", "gap",
    "cash-kept", "cash-unconfirmed", "cash-disputed",
)  # fmt: skip
"""Why figures cannot be trusted yet, in the order in which they are told."""
MOST_MISSING = 20
"""How many missing numbers of a tablet are named; the rest is counted."""


class Bounds(NamedTuple):
    """When a report counts for the day: from then on with nothing waiting; `ends` is its midnight."""

    reports_from: datetime
    ends: datetime


class Tablet(NamedTuple):
    """A tablet as it last reported; `waiting`: sets that it still held then (None: it never said)."""

    device: str
    code: str
    user: str
    last_contact_at: datetime | None = None
    clean_at: datetime | None = None
    waiting: int | None = None


class Slip(NamedTuple):
    """A receipt; `desk` and `number` are parts of a number given on the day, else None.

    `deposit_state` is `confirmed` also of cash that was taken at a desk and lies in the till.
    `of_day`: its money counts for the day; a number of the day may stand on money of another.
    """

    id: str
    receipt_no: str
    officer: str | None
    amount_fen: int
    is_cash: bool
    of_day: bool = True
    desk: str | None = None
    number: int | None = None
    is_reversal: bool = False
    undone: bool = False
    deposit: str | None = None
    deposit_state: str | None = None
    position: int = 0


class Pending(NamedTuple):
    """A receipt that has come and is not accepted: its set is held, or lies in quarantine."""

    receipt_no: str
    officer: str | None
    amount_fen: int


class Deposit(NamedTuple):
    """Cash that was handed in; `expected_fen` is what its receipts say."""

    id: str
    officer: str | None
    state: str
    expected_fen: int
    counted_fen: int | None = None
    reason: str | None = None

    @property
    def difference_fen(self) -> int | None:
        """Return what was counted above (or, negative, below) what the receipts say."""
        return None if self.counted_fen is None else self.counted_fen - self.expected_fen


class Reason(NamedTuple):
    """One reason: whom and what it is about (a tablet's code, a receipt's number), and how much."""

    why: Why
    officer: str | None
    subject: str | None = None
    figure: int = 1


class Gap(NamedTuple):
    """Numbers of a tablet's day that nobody has: the first of them, and how many there are."""

    desk: str
    missing: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class TabletDay:
    """A tablet and whether it has reported for the day."""

    tablet: Tablet
    reported: Reported


@dataclass(frozen=True)
class OfficerDay:
    """One person's day. `cash_fen` = kept + handed in + confirmed + disputed; what was undone is apart."""

    officer: str | None
    tablets: tuple[TabletDay, ...]
    receipts: int
    reversals: int
    cash_fen: int
    other_fen: int
    undone_fen: int
    kept_fen: int
    handed_in_fen: int
    confirmed_fen: int
    disputed_fen: int
    gaps: tuple[Gap, ...]
    provisional: int


@dataclass(frozen=True)
class Day:
    """A day of a unit, as far as it is known."""

    officers: tuple[OfficerDay, ...]
    deposits: tuple[Deposit, ...]
    reasons: tuple[Reason, ...]
    after_close: tuple[str, ...]

    @property
    def trusted(self) -> bool:
        """Tell whether the figures may be trusted: nothing is known that could still change them."""
        return not self.reasons

    def total(self, name: str) -> int:
        """Return the sum of a figure over the officers."""
        return sum(getattr(it, name) for it in self.officers)


def day_of(
    people: Sequence[str],
    tablets: Iterable[Tablet],
    slips: Sequence[Slip],
    bounds: Bounds,
    *,
    pending: Sequence[Pending] = (),
    doubles: Iterable[str] = (),
    deposits: Iterable[Deposit] = (),
    closed_at: int | None = None,
) -> Day:
    """Return the day of some people.

    Args:
        people: who is shown whatever they did; others are where they have a tablet or a receipt.
        doubles: receipts that may be the same payment as another.
        closed_at: the log's position at which the day was closed; None: it is open.
    """
    held: dict[str, list[TabletDay]] = defaultdict(list)
    for it in tablets:
        held[it.user].append(TabletDay(it, reported(it, bounds)))
    by_officer: dict[str | None, list[Slip]] = defaultdict(list)
    for slip in slips:
        by_officer[slip.officer].append(slip)
    unaccepted: dict[str | None, list[Pending]] = defaultdict(list)
    for one in pending:
        unaccepted[one.officer].append(one)
    named = dict.fromkeys([*people, *held, *by_officer, *unaccepted])
    twins = set(doubles)
    desks = gaps(slips)
    officers = tuple(
        _officer(it, held.get(it or "", []), by_officer[it], unaccepted[it], twins, desks)
        for it in named
    )
    found = [
        reason
        for it in officers
        for reason in _reasons(it, by_officer[it.officer], unaccepted[it.officer], twins)
    ]
    found.sort(key=lambda it: WHYS.index(it.why))
    late = () if closed_at is None else tuple(it.id for it in slips if it.position > closed_at)
    return Day(officers, tuple(deposits), tuple(found), late)


def reported(tablet: Tablet, bounds: Bounds) -> Reported:
    """Tell whether a tablet has given all that it had of the day.

    It has where nothing waited on it at a contact after the day, or after `reports_from` and since.
    One that never made contact holds nothing: it was never given a customer.
    """
    if tablet.last_contact_at is None:
        return "never"
    clean = tablet.clean_at
    if clean is not None and clean >= bounds.ends:
        return "reported"
    if tablet.waiting:
        return "waiting"
    return "reported" if clean is not None and clean >= bounds.reports_from else "silent"


def gaps(slips: Iterable[Slip]) -> Mapping[str, Gap]:
    """Return by tablet code the numbers of the day that nobody has; each tablet counts from 1."""
    seen: dict[str, set[int]] = defaultdict(set)
    for it in slips:
        if it.desk is not None and it.number:
            seen[it.desk].add(it.number)
    found = {}
    for desk, numbers in sorted(seen.items()):
        count = max(numbers) - len(numbers)
        if count:
            # Only so many are looked for: a number that was typed may be as large as it likes.
            first = (it for it in range(1, len(numbers) + MOST_MISSING + 1) if it not in numbers)
            found[desk] = Gap(desk, tuple(first)[: min(count, MOST_MISSING)], count)
    return found


def _officer(
    officer: str | None,
    tablets: Sequence[TabletDay],
    slips: Sequence[Slip],
    pending: Sequence[Pending],
    twins: set[str],
    desks: Mapping[str, Gap],
) -> OfficerDay:
    taken = [it for it in slips if it.of_day and not it.is_reversal]
    good = [it for it in taken if not it.undone]
    cash: dict[str, int] = defaultdict(int)
    for it in good:
        if it.is_cash:
            state = it.deposit_state or "open"
            cash["open" if state not in SETTLING else state] += it.amount_fen
    codes = dict.fromkeys([*(it.tablet.code for it in tablets), *(it.desk for it in slips)])
    return OfficerDay(
        officer,
        tuple(tablets),
        len(taken),
        sum(it.of_day and it.is_reversal for it in slips),
        sum(cash.values()),
        sum(it.amount_fen for it in good if not it.is_cash),
        sum(it.amount_fen for it in taken if it.undone),
        cash["open"],
        cash["handed_in"],
        cash["confirmed"],
        cash["disputed"],
        tuple(desks[it] for it in codes if it is not None and it in desks),
        len(pending) + sum(it.id in twins for it in good),
    )


SETTLING = ("handed_in", "confirmed", "disputed")
"""States of a deposit in which the officer has the cash no more."""


def _reasons(
    day: OfficerDay, slips: Sequence[Slip], pending: Sequence[Pending], twins: set[str]
) -> Iterable[Reason]:
    who = day.officer
    for it in day.tablets:
        if it.reported == "silent":
            yield Reason("not-reported", who, it.tablet.code)
        elif it.reported == "waiting":
            yield Reason("waiting", who, it.tablet.code, it.tablet.waiting or 0)
    for one in pending:
        yield Reason("not-accepted", who, one.receipt_no, one.amount_fen)
    for slip in slips:
        if slip.id in twins and not slip.undone:
            yield Reason("possible-double", who, slip.receipt_no, slip.amount_fen)
    for gap in day.gaps:
        yield Reason("gap", who, gap.desk, gap.total)
    cash: tuple[tuple[Why, int], ...] = (
        ("cash-kept", day.kept_fen),
        ("cash-unconfirmed", day.handed_in_fen),
        ("cash-disputed", day.disputed_fen),
    )
    for why, fen in cash:
        if fen:
            yield Reason(why, who, None, fen)
