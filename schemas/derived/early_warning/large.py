"""W14: the large borrowers 大户 of an outlet, each reviewed every month by a named person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.derived.early_warning.numbers import NUMBERS


class Exposure(NamedTuple):
    """What a customer owes, and who answers for it."""

    customer: str
    exposure_fen: int
    officer: str | None = None


def large_borrowers(
    exposures: Iterable[Exposure], numbers: Mapping[str, int] = NUMBERS
) -> list[Exposure]:
    """Return those above the bound, and the outlet's ten largest that owe anything, largest first.

    Source: domain.md, section 9 (W14).
    """
    above = numbers.get("large_exposure_above_fen", NUMBERS["large_exposure_above_fen"])
    top = numbers.get("large_top", NUMBERS["large_top"])
    ranked = sorted(exposures, key=lambda it: (-it.exposure_fen, it.customer))
    return [
        it
        for place, it in enumerate(ranked)
        if it.exposure_fen > above or (place < top and it.exposure_fen > 0)
    ]
