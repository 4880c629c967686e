"""Where a sum of discounted amounts is nothing: the roots behind a rate of return, without float."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd

DIGITS = 40
"""Decimals to which a root is found."""

MOST_TURNS = 60
"""Amounts among which the sign may turn more than once; beyond, the exact sequence grows too long."""

_SCALE = 10 ** (2 * DIGITS)


def growth_of(amounts: Sequence[Fraction]) -> Fraction | None:
    """Return the growth g of a period with Σ amount_k / g^k = 0, to ``DIGITS`` decimals.

    Of several the least that is 1 or more; where there is none, the greatest below 1. None where
    no growth above 0 does it: all amounts are of one sign.

    Raises:
        ValueError: The sign turns more than once among more than ``MOST_TURNS`` amounts.
    """
    flows = _whole(amounts)
    turns = _sign_turns(flows)
    if turns == 0:
        return None
    if turns == 1:
        return _only_growth(flows)
    if len(flows) > MOST_TURNS:
        raise ValueError(f"values: the sign turns more than once in more than {MOST_TURNS} amounts")
    return _nearest_growth(flows)


def _whole(amounts: Sequence[Fraction]) -> list[int]:
    """Scale to whole numbers, without the nothing at either end: it changes no root."""
    common = 1
    for amount in amounts:
        common = common * amount.denominator // gcd(common, amount.denominator)
    flows = [int(amount * common) for amount in amounts]
    while flows and flows[-1] == 0:
        flows.pop()
    while flows and flows[0] == 0:
        flows.pop(0)
    return flows


def _sign_turns(values: Sequence[int]) -> int:
    signs = [value > 0 for value in values if value]
    return sum(one != other for one, other in pairwise(signs))


def _only_growth(flows: Sequence[int]) -> Fraction:
    """Bisect the one root: in the discount x = 1/g where x is at most 1, else in g below 1.

    Both run from 0 to 1, where the powers of a fixed-point number stay small; it carries twice the
    decimals that are asked for.
    """
    by_discount = sum(flows) == 0 or (sum(flows) > 0) != (flows[0] > 0)
    terms = flows if by_discount else flows[::-1]
    low, high, starts_above = 0, _SCALE, terms[0] > 0
    while high - low > 1:
        middle = (low + high) // 2
        worth = 0
        for amount in reversed(terms):
            worth = worth * middle // _SCALE + amount * _SCALE
        if (worth > 0) == starts_above:
            low = middle
        else:
            high = middle
    return Fraction(_SCALE, high) if by_discount else Fraction(high, _SCALE)


def _nearest_growth(flows: Sequence[int]) -> Fraction | None:
    """Isolate the root that is asked for with the exact sequence of Sturm."""
    by_discount = _Roots(flows)
    if by_discount.count(Fraction(0), Fraction(1)):
        return 1 / by_discount.greatest_to_one()
    by_growth = _Roots(flows[::-1])
    if by_growth.count(Fraction(0), Fraction(1)):
        return by_growth.greatest_to_one()
    return None


class _Roots:
    """The real roots of Σ coefficient_k · x^k, counted by Sturm's theorem."""

    def __init__(self, coefficients: Sequence[int]) -> None:
        self._sequence = _sturm(list(coefficients))

    def count(self, low: Fraction, high: Fraction) -> int:
        """Count the distinct roots above *low*, up to *high*."""
        return self._turns(low) - self._turns(high)

    def greatest_to_one(self) -> Fraction:
        """Bisect to the greatest root above 0, up to 1; there must be one."""
        low, high = Fraction(0), Fraction(1)
        while high - low > Fraction(1, 10**DIGITS):
            middle = (low + high) / 2
            if self.count(middle, high):
                low = middle
            else:
                high = middle
        return high

    def _turns(self, at: Fraction) -> int:
        """Count the turns of sign at *at*; each polynomial is multiplied up to whole numbers."""
        return _sign_turns([_value(one, at.numerator, at.denominator) for one in self._sequence])


def _value(coefficients: Sequence[int], over: int, under: int) -> int:
    value, power = 0, 1
    for coefficient in reversed(coefficients):
        value = value * over + coefficient * power
        power *= under
    return value


def _sturm(first: list[int]) -> list[list[int]]:
    """Build the sequence; a polynomial with repeated roots is first rid of the repetitions."""
    sequence = [first, [place * value for place, value in enumerate(first)][1:]]
    while len(sequence[-1]) > 1:
        _, rest = _divided(sequence[-2], sequence[-1])
        if not rest:
            once, _ = _divided(first, sequence[-1])
            return _sturm(once)
        sequence.append([-value for value in rest])
    return sequence


def _divided(one: Sequence[int], other: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return quotient and rest, each scaled by something above 0 to small whole numbers."""
    quotient, rest = [0] * (len(one) - len(other) + 1), list(one)
    lead, sign = abs(other[-1]), 1 if other[-1] > 0 else -1
    while len(rest) >= len(other):
        shift, times = len(rest) - len(other), rest[-1] * sign
        quotient = [value * lead for value in quotient]
        quotient[shift] += times
        rest = [value * lead for value in rest]
        for place, value in enumerate(other):
            rest[shift + place] -= times * value
        while rest and rest[-1] == 0:
            rest.pop()
    return _primitive(quotient), _primitive(rest)


def _primitive(coefficients: list[int]) -> list[int]:
    shared = gcd(*coefficients) or 1
    return [value // shared for value in coefficients]
