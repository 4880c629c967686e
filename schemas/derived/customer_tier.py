"""Four tiers of customers 客户分层, by how recent, how often and how much; and lifetime value."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from fractions import Fraction
from typing import Final, NamedTuple

from schemas.derived.due_dates import due_after
from schemas.derived.rounding import BPS, half_up

DORMANT_MONTHS = 12
LATE_DAYS = 30

_RECENT_MONTHS: Final = ((1, 3), (3, 2), (6, 1))
_INTEREST_FEN: Final = ((3_000_00, 3), (1_000_00, 2), (200_00, 1))
_MOST_CYCLES = 3


class Tier(IntEnum):
    """From the least to the most valued."""

    DORMANT = 0
    STANDARD = 1
    GROWTH = 2
    KEY = 3

    @property
    def code(self) -> str:
        """The word in reports: ``key``."""
        return self.name.lower()

    @property
    def contact_days(self) -> int:
        """How long a customer of this tier may go without a contact."""
        return {Tier.KEY: 60, Tier.GROWTH: 90, Tier.STANDARD: 180, Tier.DORMANT: 365}[self]


class Points(NamedTuple):
    """Recency, frequency and money, 0 to 3 each."""

    recency: int
    frequency: int
    money: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """What the tier looks at.

    Args:
        last_on: The day of the last payment or contact; None where there was none.
        last_contact_on: The day of the last contact alone.
        interest_fen: Interest received in the last twelve months.
        is_npl: Whether any loan is non-performing.
    """

    last_on: date | None
    last_contact_on: date | None
    finished_cycles: int
    interest_fen: int
    has_active_loan: bool
    dpd: int = 0
    is_npl: bool = False


def points_of(dealings: Dealings, as_of: date) -> Points:
    """Count the points; a month is over on the same day of the next.

    Source: domain.md, section 8.8; golden case E9.
    """
    return Points(
        recency=next(
            (
                points
                for months, points in _RECENT_MONTHS
                if _within(dealings.last_on, months, as_of)
            ),
            0,
        ),
        frequency=min(dealings.finished_cycles, _MOST_CYCLES),
        money=next(
            (points for least, points in _INTEREST_FEN if dealings.interest_fen >= least), 0
        ),
    )


def tier_by_points(points: Points) -> Tier:
    """Return the tier of a sum: 7 to 9 key, 4 to 6 growth, below standard."""
    total = sum(points)
    if total >= 7:
        return Tier.KEY
    return Tier.GROWTH if total >= 4 else Tier.STANDARD


def tier_of(dealings: Dealings, as_of: date) -> Tier:
    """Return a customer's tier; long silence and bad debt overrule the points.

    Source: domain.md, section 8.8; golden case E9.
    """
    heard_of = _within(dealings.last_contact_on, DORMANT_MONTHS, as_of)
    if not dealings.has_active_loan and not heard_of:
        return Tier.DORMANT
    if dealings.dpd > LATE_DAYS or dealings.is_npl:
        return Tier.STANDARD
    return tier_by_points(points_of(dealings, as_of))


def contact_due_on(dealings: Dealings, as_of: date) -> date | None:
    """Return by when to be in touch again, by the rhythm of the tier; None where there was no contact yet.

    Source: domain.md, section 8.8.
    """
    if dealings.last_contact_on is None:
        return None
    return dealings.last_contact_on + timedelta(days=tier_of(dealings, as_of).contact_days)


def lifetime_value_fen(margin_fen: int, retention_bps: int, discount_bps: int) -> int:
    """Return what a customer is worth 客户终身价值: m·(1+d)/(1+d−q), for reports only.

    Args:
        margin_fen: Yearly margin m.
        retention_bps: Which share q of such customers stays another year.
        discount_bps: Yearly discount d.

    Raises:
        ValueError: The rates give no finite value, or are out of range.

    Source: domain.md, section 8.8: 800, 0.85 and 0.10 give 3,520.00.
    """
    if not 0 <= retention_bps <= BPS:
        raise ValueError(f"retention_bps: must be 0 to {BPS}, not {retention_bps}")
    if discount_bps < 0 or BPS + discount_bps == retention_bps:
        raise ValueError("discount_bps: must be above 0 where every customer stays")
    grown = BPS + discount_bps
    return half_up(Fraction(margin_fen * grown, grown - retention_bps))


def _within(day: date | None, months: int, as_of: date) -> bool:
    return day is not None and as_of <= due_after(day, months)
