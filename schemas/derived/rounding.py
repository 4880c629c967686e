"""Rounding of exact amounts to whole units, done once, where the domain names the place."""

from collections.abc import Callable
from fractions import Fraction

Rounding = Callable[[Fraction], int]

BPS = 10_000
"""Basis points in one whole."""


def half_up(exact: Fraction) -> int:
    """Round to the nearest whole unit, a half away from zero (四舍五入).

    Source: domain.md, section 2.
    """
    whole, rest = divmod(abs(exact), 1)
    nearest = whole + (2 * rest >= 1)
    return nearest if exact >= 0 else -nearest


def half_even(exact: Fraction) -> int:
    """Round to the nearest whole unit, a half to the even one.

    Never used for our own loans; outside schedules ask for it (vectors/README.md, `rounding`).
    """
    return round(exact)
