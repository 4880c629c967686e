"""Id numbers of people who are not: the check digit of GB 11643 (domain.md, section 2)."""

from __future__ import annotations

WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
DIGITS = "10X98765432"


def with_check_digit(body: str) -> str:
    """Return an id number whose first 17 digits are *body*."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + DIGITS[total % 11]
