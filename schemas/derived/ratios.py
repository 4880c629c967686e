"""Shares of a whole in basis points, rounded half up once."""

from fractions import Fraction

from schemas.derived.rounding import BPS, half_up


def share_bps(part: int, whole: int) -> int | None:
    """Return *part* of *whole* in basis points; None where there is no whole."""
    return half_up(Fraction(part * BPS, whole)) if whole > 0 else None
