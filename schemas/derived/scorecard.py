"""The household's scorecard 农户评级: points for eight items, their sum, and the grade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from schemas.derived.rounding import BPS

Opinion = Literal["excellent", "good", "fair", "poor"]
Security = Literal["collateral", "group_or_guarantor", "none"]
Grade = Literal["AAA", "AA", "A", "B", "C"]

_WORKERS: Final = ((3, 10), (2, 7), (1, 3))
_YEARS: Final = ((10, 10), (5, 7), (1, 4))
_SOURCES: Final = ((3, 10), (2, 7), (1, 3))
_BANDS: Final = ((Fraction(3, 2), 15), (Fraction(1), 12), (Fraction(1, 2), 8))
_OPINIONS: Final[dict[Opinion, int]] = {"excellent": 10, "good": 8, "fair": 5, "poor": 0}
_SECURITY: Final[dict[Security, int]] = {"collateral": 5, "group_or_guarantor": 3, "none": 0}
_GRADES: Final[tuple[tuple[int, Grade], ...]] = ((85, "AAA"), (75, "AA"), (65, "A"), (55, "B"))

WITHOUT_HISTORY = 15
FULL_RECORD = 25
LEAST_SHARE_BPS = 1500
"""A source of income counts from this share of the gross on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """What the scorecard asks about a household; amounts in fen.

    Args:
        days_late: Of each installment of the last 24 months that was paid late, by how many days;
            None where there is no history.
        income_by_source_fen: Yearly gross income, source by source.
    """

    able_workers: int
    years_resident: int
    net_assets_fen: int
    village_median_assets_fen: int
    net_income_fen: int
    village_median_income_fen: int
    income_by_source_fen: tuple[int, ...]
    days_late: tuple[int, ...] | None
    opinion: Opinion
    security: Security

    def __post_init__(self) -> None:
        for name in ("village_median_assets_fen", "village_median_income_fen"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: must be above 0")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Points in the order of the sheet; 100 at most."""

    points: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum of all eight."""
        return sum(self.points)

    @property
    def grade(self) -> Grade:
        """The grade 信用等级 of the sum."""
        return grade_of(self.total)


def score(household: Household) -> Scorecard:
    """Score a household: workers, years, assets, income, sources, record, opinion, security.

    Source: domain.md, section 8.7, own weights after rural credit co-operatives' household rating
    sheets; golden case E8.
    """
    assets = Fraction(household.net_assets_fen, household.village_median_assets_fen)
    income = Fraction(household.net_income_fen, household.village_median_income_fen)
    return Scorecard(
        (
            _reached(_WORKERS, household.able_workers),
            _reached(_YEARS, household.years_resident),
            _against_median(assets),
            _against_median(income),
            _reached(_SOURCES, income_sources(household.income_by_source_fen)),
            record_points(household.days_late),
            _OPINIONS[household.opinion],
            _SECURITY[household.security],
        )
    )


def grade_of(total: int) -> Grade:
    """Return the grade of a sum of points."""
    return next((grade for least, grade in _GRADES if total >= least), "C")


def income_sources(by_source_fen: Sequence[int]) -> int:
    """Count the sources that each bring at least 15 % of the gross."""
    gross = sum(by_source_fen)
    return sum(fen > 0 and fen * BPS >= gross * LEAST_SHARE_BPS for fen in by_source_fen)


def record_points(days_late: Iterable[int] | None) -> int:
    """Score the repayment record: one point off up to 30 days late, five up to 90, all beyond."""
    if days_late is None:
        return WITHOUT_HISTORY
    late = [days for days in days_late if days > 0]
    if any(days > 90 for days in late):
        return 0
    return max(0, FULL_RECORD - sum(1 if days <= 30 else 5 for days in late))


def _against_median(ratio: Fraction) -> int:
    return _reached(_BANDS, ratio) or (4 if ratio > 0 else 0)


def _reached(steps: Iterable[tuple[int | Fraction, int]], value: int | Fraction) -> int:
    return next((points for least, points in steps if value >= least), 0)
