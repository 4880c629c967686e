"""Texts before the oracle: sentences, who changed which, and what a merged text owes to both sides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = Any


def pieces(text: Json) -> list[str]:
    """Return the sentences of a text of the simulator's, without the white space around them."""
    parts = re.split(r"(?<=。)|\n", text or "")
    return [it.strip() for it in parts if it and it.strip()]


def promises(ancestor: Json, before: Json, sent: Json, after: Json) -> list[str]:
    """Return what is wrong with a merged text: words nobody wrote, words lost, an order turned round."""
    base, held, typed, made = map(pieces, (ancestor, before, sent, after))
    wrong = []
    if any(it not in held and it not in typed for it in made):
        wrong.append("no sentence stands that nobody wrote")
    if any(len(set(it)) != len(it) for it in (base, held, typed, made)):
        return wrong  # a sentence written twice: which is which nobody can tell
    if any(it not in made for side in (held, typed) for it in side if it not in base):
        wrong.append("every new sentence of both stands")
    if any(it in made for it in base if it not in held or it not in typed):
        wrong.append("what either struck out is gone")
    if any(it not in made for it in base if it in held and it in typed):
        wrong.append("what neither touched stays")
    if any(_moves(base, it) for it in (held, typed)):
        return wrong  # which of two that change places has moved, nobody can tell
    for side in (held, typed):
        if [it for it in made if it in side] != [it for it in side if it in made]:
            wrong.append("the order of sentences stays")
    return wrong


def _moves(base: Sequence[str], side: Sequence[str]) -> bool:
    """Tell whether a side has sentences of the ancestor in another order."""
    return [it for it in side if it in base] != [it for it in base if it in side]


@dataclass(frozen=True)
class Run:
    """What one side did between two sentences that it kept: base pieces struck, sentences put in."""

    start: int
    stop: int
    put_in: tuple[str, ...]

    def meets(self, other: Run) -> bool:
        """Tell whether both touched a sentence, or one wrote into the midst of what the other changed."""
        if self.start == self.stop:
            return other.start < self.start < other.stop
        if other.start == other.stop:
            return self.start < other.start < self.stop
        return self.start < other.stop and other.start < self.stop


def runs(base: Sequence[str], side: Sequence[str]) -> list[Run]:
    """Return the changes of a side; every sentence is there once, and none was moved."""
    found: list[Run] = []
    start = at = 0
    kept = [*(it for it in base if it in side), None]
    for sentence in kept:
        stop = len(base) if sentence is None else base.index(sentence)
        end = len(side) if sentence is None else side.index(sentence)
        put_in = tuple(side[at:end])
        if put_in or stop > start:
            found.append(Run(start, stop, put_in))
        start, at = stop + 1, end + 1
    return found


def overlap(ancestor: Json, held: Json, typed: Json) -> bool | None:
    """Tell whether two versions of a text changed the same place; None where that is not plain to see."""
    base, one, other = map(pieces, (ancestor, held, typed))
    if any(len(set(it)) != len(it) for it in (base, one, other)):
        return None
    if any(
        [it for it in side if it in base] != [it for it in base if it in side]
        for side in (one, other)
    ):
        return None
    met = [(mine, its) for mine in runs(base, one) for its in runs(base, other) if mine.meets(its)]
    if all(not mine.put_in and not its.put_in for mine, its in met):
        return False
    if all(mine == its for mine, its in met):
        return False
    return True if any(mine.put_in and its.put_in for mine, its in met) else None
