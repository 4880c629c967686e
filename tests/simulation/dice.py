"""Chance that is the same on every Python and cheap to begin anew (splitmix64, Steele et al. 2014)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Dice:
    """A stream of numbers that follows from its seed alone."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def number(self) -> int:
        """Return the next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """Return a number from 0 up to *limit*, which it never is."""
        return self.number() % limit

    def between(self, low: int, high: int) -> int:
        """Return a number from *low* to *high*, both included."""
        return low + self.number() % (high - low + 1)

    def chance(self, percent: int) -> bool:
        """Tell whether it happened, as it does *percent* times in a hundred."""
        return self.number() % 100 < percent

    def pick(self, among: Sequence[T]) -> T:
        """Return one of several."""
        return among[self.number() % len(among)]

    def maybe(self, among: Sequence[T]) -> T | None:
        """Return one of several, or None where there is none."""
        return among[self.number() % len(among)] if among else None

    def some(self, among: Sequence[T], most: int) -> list[T]:
        """Return one to *most* different ones of several, none where there is none."""
        left = list(among)
        count = min(len(left), 1 + self.below(most)) if left else 0
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def weighted(self, weights: Sequence[tuple[T, int]]) -> T:
        """Return one of several, each as often as its weight says."""
        place = self.below(sum(weight for _, weight in weights))
        for one, weight in weights:
            place -= weight
            if place < 0:
                return one
        raise AssertionError("weights add up to nothing")
