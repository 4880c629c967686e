"""Chance that falls the same way every time: one seeded source for each room of the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import TypeVar

from schemas.values import to_millis, uuid7

SEED = 20260616
STEP_FEN = 500_00
LENT, ASKED_FOR = (9.616, 0.6), (9.4, 0.5)
"""How amounts lie, log-normal in yuan: half of them below 15,000, or below 12,000."""
It = TypeVar("It")


class Dice(Random):
    """A source of its own for *room*, so that a change in one room does not shift the others."""

    def __init__(self, room: str) -> None:
        super().__init__(f"{SEED}:{room}")

    def new_id(self, moment: datetime) -> str:
        """Return the id of something made at *moment*."""
        return uuid7(to_millis(moment), self.randbytes(10))

    def chance(self, percent: int) -> bool:
        """Tell whether something happens that happens *percent* times in a hundred."""
        return self.randrange(100) < percent

    def amount_fen(self, among: tuple[float, float]) -> int:
        """Return an amount as people agree on one, in whole steps."""
        return round(self.lognormvariate(*among) * 100 / STEP_FEN) * STEP_FEN

    def one(self, things: Sequence[It]) -> It:
        """Return one of *things*."""
        return things[self.randrange(len(things))]

    def shuffled(self, things: Sequence[It]) -> list[It]:
        """Return *things* in another order."""
        return self.sample(things, len(things))
