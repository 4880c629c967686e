"""Which records of a ledger name the same person: those equal in the field that is their identity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from schemas.declare import Registry
from sync.ledger import Ledger, RecordState

Json = Any


class Namesakes:
    """The ids of a ledger's records by identity; made when first asked, as most sets never ask."""

    def __init__(self, registry: Registry, ledger: Ledger) -> None:
        self._registry = registry
        self._ledger = ledger
        self._ids: dict[tuple[str, Json], set[str]] | None = None

    def of(self, state: RecordState) -> set[str]:
        """Return the ids of all that had the identity of *state* at some time, its own among them."""
        if self._ids is None:
            self._ids = defaultdict(set)
            self.note(self._ledger.records.values())
        return self._ids.get(self._key(state) or ("", None), set())

    def note(self, states: Iterable[RecordState]) -> None:
        """Take in what was stored."""
        if self._ids is not None:
            for state in states:
                key = self._key(state)
                if key is not None:
                    self._ids[key].add(state.id)

    def _key(self, state: RecordState) -> tuple[str, Json] | None:
        value = identity_of(self._registry, state)
        return None if value is None else (state.type, value)


def identity_of(registry: Registry, state: RecordState) -> Json:
    """Return the value by which a record is the same person as another, or None."""
    declared = registry.get(state.type)
    return state.fields.get(declared.identity) if declared and declared.identity else None
