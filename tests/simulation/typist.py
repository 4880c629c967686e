"""What people type into a form: which of its fields, and values that may be saved there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schemas.changes import record_faults
from schemas.declare import (
    Field,
    KeyedMap,
    RecordType,
    Registry,
)
from schemas.values import derived_id
from sync.checks import may_write
from tests.simulation.dice import Dice
from tests.simulation.phrases import Phrases

Json = Any
Fields = Mapping[str, Json]
KEYS = ("F01", "F02")


@dataclass
class Typist:
    """A person at a keyboard in one event.

    Attributes:
        phrases: what comes to his mind.
        hot: chooses the fields that he mostly types into, others do the same.
        calm: he types nothing whose outcome a clock may decide.
        only: where given, the fields that are his alone.
    """

    registry: Registry
    role: str
    user: str | None
    phrases: Phrases
    hot: int = 0
    calm: bool = False
    only: Callable[[str], bool] | None = None

    @property
    def dice(self) -> Dice:
        return self.phrases.dice

    # -------------------------------------------------------------------------------- whole records

    def edits(self, declared: RecordType, shown: Fields, stored: Fields) -> dict[str, Json]:
        """Return new values for one or a few units of a record, or none where nothing comes to mind.

        *stored*: what is known to stand: a field of policy `once` is free until then.
        """
        units = self._units(declared, shown, stored)
        if self.calm:
            units = [it for it in units if not _is_latest(declared, it)]
        if self.only is not None:
            units = [it for it in units if self.only(it)]
        for _ in range(3):
            typed: dict[str, Json] = {}
            for unit in self.dice.some(self._hot(units), 2):
                typed |= self._unit(declared, unit, shown)
            if typed and fits(declared, typed, shown):
                return typed
        return {}

    def record(self, declared: RecordType) -> dict[str, Json] | None:
        """Return the fields of a new record, or None where they will not come together."""
        for _ in range(4):
            fields: dict[str, Json] = {}
            for one in declared.plain_fields():
                if not may_write(one, self.role, first=True) or one.policy == "state":
                    continue
                if one.required or self.dice.chance(40):
                    fields[one.name] = self.phrases.first_value(one)
            fields = {path: it for path, it in fields.items() if it is not None}
            fields = self._with_defaults(declared, fields)
            for held in declared.fields:
                if isinstance(held, KeyedMap) and self.dice.chance(60):
                    fields |= self._leaf(held, {}, self.dice.pick(_keys(held)))
            if not record_faults(declared, fields):
                return fields
        return None

    def _with_defaults(self, declared: RecordType, fields: Fields) -> dict[str, Json]:
        filled = dict(fields)
        words = {"@user": self.user, "@today": "2026-06-16", "@number": None}
        for one in declared.plain_fields():
            default = one.default
            value = words.get(default, default) if isinstance(default, str) else default
            if value is None or one.name in filled:
                continue
            if may_write(one, self.role, first=True):
                filled[one.name] = value
        if declared.states is not None:
            filled.setdefault(declared.states.field, declared.states.initial[0])
        return filled

    def needed(self, declared: RecordType, move: str, shown: Fields) -> dict[str, Json]:
        """Return what a move of the state needs and the record lacks, groups whole."""
        found: dict[str, Json] = {}
        for one in declared.plain_fields():
            if move in one.required_by and shown.get(one.name) is None:
                for name in declared.group(one.group or ""):
                    found.setdefault(name, shown.get(name))
                found[one.name] = self.phrases.first_value(one)
        return found

    # ---------------------------------------------------------------------------------------- units

    def _hot(self, units: Sequence[str]) -> Sequence[str]:
        """Return the few units that everybody is busy with, or now and then all of them."""
        if len(units) < 4 or self.dice.chance(4 if self.hot % 5 == 4 else 25):
            return units
        place = self.hot % len(units)
        other = (place + 1 + self.hot // 100) % len(units)
        return [units[place]] if self.hot % 5 == 4 else [units[place], units[other]]

    def _units(self, declared: RecordType, shown: Fields, stored: Fields) -> list[str]:
        found: list[str] = []
        for it in declared.fields:
            if isinstance(it, KeyedMap):
                found += [f"{it.name}.{key}" for key in _keys(it)]
            elif it.policy != "state" and self._may(declared, it, shown, stored):
                found.append(it.group or it.name)
        return list(dict.fromkeys(found))

    def _may(self, declared: RecordType, one: Field, shown: Fields, stored: Fields) -> bool:
        names = declared.group(one.group or "") or (one.name,)
        first = all(stored.get(it) is None for it in names)
        every = [declared.field(it) for it in names]
        return all(it is not None and may_write(it, self.role, first) for it in every)

    def _unit(self, declared: RecordType, unit: str, shown: Fields) -> dict[str, Json]:
        name, dot, key = unit.partition(".")
        held = declared.by_name.get(name)
        if dot and isinstance(held, KeyedMap):
            return self._leaf(held, shown, key)
        members = declared.group(unit)
        if members:
            kept = {it: shown.get(it) for it in members}
            changed = self.dice.pick(members)
            one = declared.field(changed)
            assert one is not None
            return {**kept, changed: self.phrases.value(one, shown.get(changed))}
        one = declared.field(unit)
        assert one is not None
        value = self.phrases.value(one, shown.get(unit))
        if value is None and (one.required or shown.get(unit) is None):
            return {}
        return {unit: value}

    def _leaf(self, held: KeyedMap, shown: Fields, key: str) -> dict[str, Json]:
        path = f"{held.name}.{key}"
        there = [it for it in shown if it == path or it.startswith(f"{path}.")]
        free = [it for it in held.leaves.values() if may_write(it, self.role, first=False)]
        if there and len(free) == len(held.leaves) and self.dice.chance(25):
            return dict.fromkeys(there)
        leaf = self.dice.pick(list(held.leaves))
        full = f"{path}.{leaf}" if leaf else path
        if not may_write(held.leaves[leaf], self.role, first=shown.get(full) is None):
            return {}
        value = self.phrases.value(held.leaves[leaf], shown.get(full))
        return {full: value} if value is not None or full in shown else {}

    # --------------------------------------------------------------------------------------- values


def _keys(held: KeyedMap) -> tuple[str, ...]:
    """Return the keys that everybody uses in a map, in the form that it has them."""
    return _keys_like(held.key_pattern)


@lru_cache
def _keys_like(pattern: str) -> tuple[str, ...]:
    plain = re.fullmatch(pattern, KEYS[0])
    return KEYS if plain else tuple(derived_id("key", it) for it in KEYS)


def _is_latest(declared: RecordType, unit: str) -> bool:
    one = declared.field((declared.group(unit) or (unit,))[0])
    return one is not None and one.policy == "latest"


def fits(declared: RecordType, typed: Fields, shown: Fields) -> bool:
    """Tell whether a form with these values may be saved: the checks that a device makes."""
    whole = dict(shown)
    for path, value in typed.items():
        one = declared.field(path)
        is_edit = one is not None and one.policy == "set" and isinstance(value, dict)
        whole[path] = value.get("add") if is_edit else value
    there = {path: value for path, value in whole.items() if value is not None}
    return not any(check(there) for check in declared.checks)
