"""Early warning when a set is stored: what an inspection or a visit says makes a signal in the same set.

Rules that days alone set off wait for the server's daily run; so does the escalation of large borrowers,
for which a whole outlet must be known. Ids follow from rule, subject and period: what is there already
is left alone, whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from schemas.declare import SERVER, Registry
from schemas.derived.early_warning.dossier import Dossier, Kept
from schemas.derived.early_warning.numbers import NUMBERS
from schemas.derived.early_warning.rules import signals
from schemas.derived.early_warning.signals import Signal
from schemas.messages import Change
from sync.guards.sight import Sight
from sync.ledger import Entry, RecordState

Json = Any

NEEDS = frozenset(
    {
        "customer", "loan", "installment", "repayment", "product", "visit", "inspection_note",
        "warning_signal", "parameter", "org_unit",
    }
)  # fmt: skip
"""What the rules look at beside what the set names."""

TOLD: Mapping[str, tuple[str, ...]] = {
    "inspection_note": (
        "answers.F01.value", "answers.F04.value", "answers.R02.value", "answers.R03.value",
        "answers.R04.value",
    ),
    "visit": ("outcome",),
}  # fmt: skip
"""By type the fields that set rules off."""

RULES = frozenset({"W03", "W04", "W05", "W09", "W10"})
"""Those that follow from what was told, and not from the day."""


def needed(registry: Registry, changes: Iterable[Change]) -> frozenset[str]:
    """Return the types to be loaded because of *changes*; none where nothing sets a rule off."""
    told = any(not set(TOLD.get(it.type, ())).isdisjoint(it.set) for it in changes)
    return NEEDS if told and "warning_signal" in registry.types else frozenset()


def found(sight: Sight, role: str, entries: Iterable[Entry]) -> Iterator[tuple[str, Signal]]:
    """Yield by customer the signals that follow from *entries* of one set, those that are there too.

    What the server writes by itself, an import among it, waits for the daily run.
    """
    if role == SERVER:
        return
    customers = {
        it.customer: None
        for it in entries
        if it.altered and not set(TOLD.get(it.type, ())).isdisjoint(it.units)
    }
    for customer in customers:
        household = sight.record(customer)
        assert household is not None  # no customer is ever deleted
        yield from ((household.id, it) for it in _of(sight, household))


def _of(sight: Sight, household: RecordState) -> Iterator[Signal]:
    customer, village = household.id, household.fields.get("village_id")
    records = [
        Kept(name, it.id, it.fields)
        for name in sorted(NEEDS)
        for it in sight.of(name)
        if it.customer == customer or name == "product"
    ]
    dossier = Dossier(
        customer,
        date.fromisoformat(sight.today),
        records,
        numbers={key: sight.number(key, village) for key in NUMBERS},
    )
    try:
        holding = signals(dossier)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return  # a figure that cannot be: no set is refused for it, and the daily run tells of it
    for it in holding:
        if it.rule in RULES:
            yield it
