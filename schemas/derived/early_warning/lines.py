"""Lines on the supervisor's and the auditor's pages: W12, W16, W17 (domain.md, section 9).

They are never records: an officer's tablet would receive them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from schemas.derived.early_warning.numbers import NUMBERS
from schemas.derived.early_warning.signals import SEVERITIES, Severity

_RECEIPT = re.compile(r"(?P<device>.+)-(?P<day>[0-9]{8})-(?P<number>[0-9]{3,})")


class Line(NamedTuple):
    """One line: the rule, its severity, whom or what it is about, the reason, the figure behind it."""

    rule: str
    severity: Severity
    subject: str
    reason: str
    figure: int


class Evidence(NamedTuple):
    """What shows that a visit took place; None where it is not known."""

    visit: str
    distance_m: int | None = None
    seconds: int | None = None
    photos: tuple[str, ...] = ()
    clock_jumped: bool = False


class Holding(NamedTuple):
    """A loan in a village's portfolio: what is outstanding, and of which crop its household lives."""

    village: str
    crop: str | None
    outstanding_fen: int


class Receipt(NamedTuple):
    """A repayment as the cash desk sees it; `settled` where its cash was handed in and confirmed."""

    receipt_no: str
    officer: str
    value_date: str
    is_cash: bool
    settled: bool = False
    is_reversal: bool = False


def graver(line: Line) -> Line:
    """Return a line one severity up, as of a large borrower 大户 (W14); red stays red."""
    place = min(SEVERITIES.index(line.severity) + 1, len(SEVERITIES) - 1)
    return line._replace(severity=SEVERITIES[place])


def odd_evidence(visits: Iterable[Evidence], numbers: Mapping[str, int] = NUMBERS) -> list[Line]:
    """W12: far from home, over in minutes, with a photo of another visit, or with a clock that jumps."""
    found = []
    shown_on: dict[str, str] = {}
    for it in visits:
        if it.distance_m is not None and it.distance_m > numbers["warn_gps_above_m"]:
            found.append(Line("W12", "yellow", it.visit, "far-from-home", it.distance_m))
        if it.seconds is not None and it.seconds < numbers["warn_visit_under_seconds"]:
            found.append(Line("W12", "yellow", it.visit, "too-short", it.seconds))
        again = sum(shown_on.setdefault(photo, it.visit) != it.visit for photo in set(it.photos))
        if again:
            found.append(Line("W12", "yellow", it.visit, "photo-reused", again))
        if it.clock_jumped:
            found.append(Line("W12", "yellow", it.visit, "clock-jumped", 1))
    return found


def concentration(holdings: Iterable[Holding], numbers: Mapping[str, int] = NUMBERS) -> list[Line]:
    """W16: more than 30 % of a village's portfolio in one crop; the figure is the share in basis points."""
    whole: dict[str, int] = defaultdict(int)
    of_crop: dict[tuple[str, str], int] = defaultdict(int)
    for it in holdings:
        whole[it.village] += it.outstanding_fen
        if it.crop:
            of_crop[it.village, it.crop] += it.outstanding_fen
    return [
        Line("W16", "yellow", village, crop, fen * 10_000 // whole[village])
        for (village, crop), fen in sorted(of_crop.items())
        if fen * 100 > whole[village] * numbers["warn_crop_share_percent"]
    ]


def receipts_out_of_order(
    receipts: Iterable[Receipt], as_of: date, numbers: Mapping[str, int] = NUMBERS
) -> list[Line]:
    """W17: a gap in the numbers of a device's day, cash not settled, reversals in one month."""
    rows = list(receipts)
    return [*_gaps(rows), *_unsettled(rows, as_of, numbers), *_reversals(rows, numbers)]


def _gaps(rows: list[Receipt]) -> list[Line]:
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for it in rows:
        number = _RECEIPT.fullmatch(it.receipt_no)
        if number:
            seen[number["device"], number["day"]].add(int(number["number"]))
    return [
        Line("W17", "orange", f"{device}-{day}", "gap", missing)
        for (device, day), numbers in sorted(seen.items())
        if (missing := max(numbers) - len(numbers - {0})) > 0
    ]


def _unsettled(rows: list[Receipt], as_of: date, numbers: Mapping[str, int]) -> list[Line]:
    oldest: dict[str, int] = defaultdict(int)
    for it in rows:
        if it.is_cash and not it.settled and not it.is_reversal:
            days = (as_of - date.fromisoformat(it.value_date)).days
            oldest[it.officer] = max(oldest[it.officer], days)
    return [
        Line("W17", "orange", officer, "cash-unsettled", days)
        for officer, days in sorted(oldest.items())
        if days > numbers["warn_cash_days"]
    ]


def _reversals(rows: list[Receipt], numbers: Mapping[str, int]) -> list[Line]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for it in rows:
        if it.is_reversal:
            counts[it.officer, it.value_date[:7]] += 1
    return [
        Line("W17", "orange", officer, f"reversals-{month}", count)
        for (officer, month), count in sorted(counts.items())
        if count >= numbers["warn_reversals"]
    ]
