"""What the page of the quarantine shows: who sent what, why it was not accepted, in people's words; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.declare import RecordType, Registry
from schemas.messages import Change, ChangeSet, Fault
from schemas.wire import sync as wire
from schemas.words import describe, pick
from server.quarantine import faults_of
from server.web.listed import Name, name_of, person
from server.web.shown import Shown, ids_in, rows_of
from server.web.speech import Speech

Json = Any
MOST_CHANGES = 30
"""How many changes of a set are written out; the API gives all of them."""


@dataclass(frozen=True)
class Sent:
    """One change as it was sent."""

    title: str
    rows: Sequence[Shown]


@dataclass(frozen=True)
class Aside:
    """One set that was kept aside."""

    number: int
    who: str
    tablet: str | None
    received_at: str
    customers: Sequence[Name]
    reasons: Sequence[str]
    sent: Sequence[Sent]
    more: int


def set_of(row: Any) -> ChangeSet:
    """Return the set of a stored row, as far as it can be read."""
    return wire.readable_set(json.loads(row.content))


def ids_of(sets: Iterable[ChangeSet]) -> set[str]:
    """Return every id that some sets name: whatever the page may want a name for."""
    changes = [it for one in sets for it in one.changes[:MOST_CHANGES]]
    named = {it for one in changes for it in (one.id, one.customer) if it}
    return named | ids_in(it.set for it in changes)


def aside_of(
    registry: Registry,
    said: Speech,
    me: str,
    row: Any,
    people: Mapping[str, str],
    tablets: Mapping[str, str],
    records: Mapping[str, Any],
    names: Mapping[str, str],
) -> Aside:
    """Return what is said of one set.

    Args:
        people, tablets: names by user, codes by device.
        records: the records that it names and the branch has, by id; `names`: what these are called.
    """
    one = set_of(row)
    customers = (name_of(records.get(it)) for it in _customers(one))
    shown = one.changes[:MOST_CHANGES]
    return Aside(
        row.number,
        person(said, me, row.user, people),
        tablets.get(row.device),
        row.received_at,
        [it for it in customers if it is not None],
        _reasons(registry, said, row, one),
        [_sent(registry, said, it, names) for it in shown],
        len(one.changes) - len(shown),
    )


def _customers(one: ChangeSet) -> list[str]:
    return list(dict.fromkeys(it.customer for it in one.changes if it.customer))


def _reasons(registry: Registry, said: Speech, row: Any, one: ChangeSet) -> list[str]:
    """Return why a set was not accepted, each reason once."""
    if row.status == "held":
        return [said.t("aside.held")]
    told = []
    for stored in faults_of(row):
        fault = Fault(**{"change": None, "field": None, **stored})
        told.append(describe(fault, _declared(registry, one, fault.change), said.lang))
    return list(dict.fromkeys(told))


def _declared(registry: Registry, one: ChangeSet, index: int | None) -> RecordType | None:
    in_reach = index is not None and 0 <= index < len(one.changes)
    return registry.get(one.changes[index].type) if in_reach and index is not None else None


def _sent(registry: Registry, said: Speech, change: Change, names: Mapping[str, str]) -> Sent:
    declared = registry.get(change.type)
    what = pick(declared.title, said.lang) if declared else change.type
    title = said.t(f"aside.{change.op}", what=what)
    if change.op == "delete":
        return Sent(
            title, rows_of(declared, said, None, {"deleted": True, "reason": change.reason}, names)
        )
    return Sent(title, rows_of(declared, said, None, dict(change.set), names))
