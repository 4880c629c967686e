"""All rules over one customer's dossier: the entry for server and devices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from schemas.derived.early_warning import arrears_rules as arrears
from schemas.derived.early_warning import circumstance_rules as circumstance
from schemas.derived.early_warning import inspection_rules as inspection
from schemas.derived.early_warning.dossier import Dossier
from schemas.derived.early_warning.signals import SEVERITIES, Due, Signal, gravest_first

Rule = Callable[[Dossier], Iterator[Signal]]

RULES: Final[Mapping[str, Rule]] = {
    "W02": arrears.past_due,
    "W03": inspection.purpose_not_as_agreed,
    "W04": inspection.income_down,
    "W05": inspection.household_event,
    "W06": circumstance.disaster_declared,
    "W07": arrears.circle_past_due,
    "W08": circumstance.collateral_in_doubt,
    "W09": inspection.new_debt,
    "W10": circumstance.cannot_be_reached,
    "W11": inspection.inspection_overdue,
    "W13": arrears.promise_broken,
    "W15": circumstance.on_the_watchlist,
    "W18": arrears.matures_in_doubt,
}
"""By the rule's id in the domain page; W15 finds only what the maker knows of the watchlist."""


def signals(dossier: Dossier) -> list[Signal]:
    """Return the signals that hold on the dossier's date, the gravest first.

    Of one rule and subject the gravest alone; of those alike, the oldest. On a large borrower each is
    one severity up (W14).
    """
    kept: dict[tuple[str, str], Signal] = {}
    for rule in RULES.values():
        for it in rule(dossier):
            found = it.graver() if dossier.is_large else it
            known = kept.get((it.rule, it.subject))
            if known is None or _before(found, known):
                kept[it.rule, it.subject] = found
    return sorted(kept.values(), key=gravest_first)


def due_tasks(dossier: Dossier) -> list[Due]:
    """Return the installments of which a task reminds the officer (W01), by loan and day."""
    return list(arrears.falling_due(dossier))


def gravest(found: Iterable[Signal]) -> Signal | None:
    """Return the first of the gravest, or None."""
    return min(found, key=gravest_first, default=None)


def _before(one: Signal, other: Signal) -> bool:
    grave = SEVERITIES.index
    return (-grave(one.severity), one.since) < (-grave(other.severity), other.since)
