"""Values that people type: most of them fresh, so that each can be found again.

A fresh value carries the number of the event in which it was typed, so that a story can be read and
a lost word be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.declare import (
    Choice,
    Date,
    Field,
    Flag,
    Id,
    Instant,
    Integer,
    Kind,
    ListOf,
    NationalId,
    Record,
    Ref,
    SetOf,
    Text,
    Value,
)
from tests.simulation.dice import Dice

Json = Any
OFTEN = ("p", "q")
ELEMENTS = ("a", "b", "c", "d")
_SENTENCE = re.compile(r"[^。\n]*。|[^。\n]+|\n")


@dataclass
class Phrases:
    """What comes to one person's mind in one event; *known* gives the ids of a type that he may name."""

    dice: Dice
    mark: str
    known: Callable[[str], Sequence[str]]
    count: int = 0

    def first_value(self, one: Field) -> Json:
        """Return a value for a field of a new record: of a set, the list."""
        if isinstance(one.kind, SetOf):
            return (self._elements(one.kind, None) or {}).get("add")
        return self.value(one)

    def value(self, one: Field, shown: Json = None) -> Json:
        """Return a value for a field: of a set that is there already, an edit."""
        if isinstance(one.kind, SetOf):
            return self._elements(one.kind, shown)
        if one.policy == "text":
            return self._prose(shown)
        if shown is not None and not one.required and self.dice.chance(8):
            return None
        return self.of_kind(one.kind)

    def of_kind(self, kind: Kind) -> Json:
        """Return a value of a kind."""
        dice = self.dice
        if isinstance(kind, Text):
            if kind.pattern or kind.longest < 12:
                return dice.pick(kind.examples) if kind.examples else "p"
            return dice.pick(OFTEN) if dice.chance(20) else self.word()
        if isinstance(kind, Integer):
            least = max(kind.least, 0)
            return min(least + dice.below(10), kind.most)
        if isinstance(kind, Ref):
            known = self.known(kind.to or "")
            return dice.maybe(known)
        if isinstance(kind, ListOf):
            return [it for it in [self.of_kind(kind.of)] if it is not None] or None
        if isinstance(kind, Record):
            names = [it for it in kind.members if it in kind.required or dice.chance(50)]
            made = {it: self.of_kind(kind.members[it]) for it in names}
            return None if any(it is None for it in made.values()) else made
        if isinstance(kind, NationalId | Date | Instant):
            return dice.pick(kind.json_schema().get("examples", ["2026-06-16"]))
        if isinstance(kind, Choice):
            return dice.pick(list(kind.options))
        if isinstance(kind, Flag):
            return dice.chance(50)
        if isinstance(kind, Value):
            return self.word()
        return None if isinstance(kind, Id) else {}

    def word(self) -> str:
        """Return a word that nobody has typed before."""
        self.count += 1
        return f"w{self.mark}{'abcdefghijklmnopqrstuvwxyz'[self.count % 26]}"

    def _elements(self, kind: SetOf, shown: Json) -> Json:
        options = kind.of.options if isinstance(kind.of, Choice) else None
        if isinstance(kind.of, Ref):
            pool = list(self.known(kind.of.to or ""))
        else:
            pool = list(options) if options else [*ELEMENTS, self.word()]
        if not pool:
            return None
        some = self.dice.some(pool, 2)
        if shown is None:
            return {"add": some}
        held = list(shown or ())
        gone = self.dice.some(held or pool, 2)
        if self.dice.chance(40):
            return {"add": some}
        if self.dice.chance(50):
            return {"remove": gone}
        added = [it for it in some if it not in gone]
        return {"add": added, "remove": gone} if added else {"remove": gone}

    def _prose(self, shown: Json) -> Json:
        """Return a text with one or two of its sentences written, rewritten or struck out."""
        pieces = _SENTENCE.findall(shown or "")
        for _ in range(self.dice.between(1, 2)):
            place = self.dice.below(len(pieces) + 1)
            way = self.dice.below(10)
            fresh = f"{self.word()}。" if self.dice.chance(80) else f"{self.word()}\n"
            if way < 6 or not pieces:
                pieces.insert(place, fresh)
            elif way < 9:
                pieces[min(place, len(pieces) - 1)] = fresh
            else:
                del pieces[min(place, len(pieces) - 1)]
        return "".join(pieces).strip("\n") or None
