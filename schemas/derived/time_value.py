"""The time value of money 货币时间价值: level payments, present and future value, rates of return.

Money received is positive, money paid negative, as in spreadsheets; ``rate`` is that of one period.
Amounts are exact fractions; ``nper``, ``rate`` and ``irr`` are found to more than 30 decimals.

Source: the balance fv + pv·(1+r)^n + pmt·(1+r·when)·((1+r)^n − 1)/r = 0; vectors/README.md,
`time-value.json`.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

from schemas.derived.roots import growth_of
from schemas.derived.terms import LONGEST_COUNT

When = Literal["end", "begin"]

_PRECISE = Context(prec=60)


def pmt(rate: Fraction, nper: int, pv: Fraction, fv: Fraction, when: When = "end") -> Fraction:
    """Return the level payment of a period."""
    growth, annuity = _factors(rate, nper, when)
    if annuity == 0:
        raise ValueError("nper: must be at least 1")
    return -(fv + pv * growth) / annuity


def ppmt(
    rate: Fraction, per: int, nper: int, pv: Fraction, fv: Fraction, when: When = "end"
) -> Fraction:
    """Return the principal in the level payment of period *per*, counted from 1."""
    if not 1 <= per <= nper:
        raise ValueError(f"per: must be 1 to {nper}, not {per}")
    level = pmt(rate, nper, pv, fv, when)
    if when == "begin" and per == 1:
        return level
    interest = future_value(rate, per - 1, level, pv, when) * rate
    return level - (interest / (1 + rate) if when == "begin" else interest)


def present_value(
    rate: Fraction, nper: int, payment: Fraction, fv: Fraction, when: When = "end"
) -> Fraction:
    """Return what the payments and *fv* are worth today."""
    growth, annuity = _factors(rate, nper, when)
    return -(fv + payment * annuity) / growth


def future_value(
    rate: Fraction, nper: int, payment: Fraction, pv: Fraction, when: When = "end"
) -> Fraction:
    """Return what *pv* and the payments have grown to after *nper* periods."""
    growth, annuity = _factors(rate, nper, when)
    return -(pv * growth + payment * annuity)


def npv(rate: Fraction, values: Sequence[Fraction]) -> Fraction:
    """Return what *values*, one a period from today on, are worth today."""
    _check(rate, 0)
    _check_values(values)
    worth = Fraction(0)
    for value in reversed(values):
        worth = worth / (1 + rate) + value
    return worth


def irr(values: Sequence[Fraction]) -> Fraction | None:
    """Return the rate of a period at which *values* are worth nothing today; None if there is none.

    Of several the least that is not negative; where all are negative, the one nearest to 0.
    """
    _check_values(values)
    growth = growth_of(values)
    return None if growth is None else growth - 1


def rate_of(
    nper: int, payment: Fraction, pv: Fraction, fv: Fraction, when: When = "end"
) -> Fraction | None:
    """Return the rate of a period at which the payments carry *pv* to *fv*; None if there is none."""
    _check(Fraction(0), nper)
    values = [pv, *[payment] * nper] if when == "end" else [pv, *[Fraction(0)] * nper]
    if when == "begin":
        values = [value + payment for value in values[:-1]] + values[-1:]
    values[-1] += fv
    return irr(values)


def nper_of(
    rate: Fraction, payment: Fraction, pv: Fraction, fv: Fraction, when: When = "end"
) -> Fraction | None:
    """Return how many periods it takes, also a part of one; None where it never comes to that."""
    _check(rate, 0)
    if rate == 0:
        return -(fv + pv) / payment if payment else None
    level = payment * (1 + rate * (when == "begin")) / rate
    if pv + level == 0 or (ratio := (level - fv) / (pv + level)) <= 0:
        return None
    return Fraction(_ln(ratio)) / Fraction(_ln(1 + rate))


def _factors(rate: Fraction, nper: int, when: When) -> tuple[Fraction, Fraction]:
    """Return what 1 grows to in *nper* periods, and what a payment of 1 in each grows to."""
    _check(rate, nper)
    growth = (1 + rate) ** nper
    if rate == 0:
        return growth, Fraction(nper)
    return growth, (1 + rate * (when == "begin")) * (growth - 1) / rate


def _check(rate: Fraction, periods: int) -> None:
    if rate <= -1:
        raise ValueError(f"rate: must be above -1, not {rate}")
    if not 0 <= periods <= LONGEST_COUNT:
        raise ValueError(f"nper: must be 0 to {LONGEST_COUNT}, not {periods}")


def _check_values(values: Sequence[Fraction]) -> None:
    if not 1 <= len(values) <= LONGEST_COUNT + 1:
        raise ValueError(f"values: must be 1 to {LONGEST_COUNT + 1}, not {len(values)}")


def _ln(number: Fraction) -> Decimal:
    over, under = Decimal(number.numerator), Decimal(number.denominator)
    return _PRECISE.ln(_PRECISE.divide(over, under))
