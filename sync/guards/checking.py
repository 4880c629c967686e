"""Rules over several records (domain.md, sections 3.3, 4 and 6): the server asks them of every change.

A record type declares them by name. They judge the records as the whole set leaves them, so that a move
and what it needs may come in one set in any order. The server's own sets are asked for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from schemas.declare import SERVER, RecordType, Registry
from schemas.messages import Change
from sync.guards import (
    applications,
    classes,
    collecting,
    delegation,
    deposits,
    duties,
    groups,
    handovers,
    inspections,
    restructuring,
    submitting,
    visiting,
)
from sync.guards.case import Case, Guard
from sync.guards.sight import Sight
from sync.work import Work

GUARDS: Mapping[str, Guard] = {
    **applications.GUARDS,
    **submitting.GUARDS,
    **inspections.GUARDS,
    **duties.GUARDS,
    **deposits.GUARDS,
    **groups.GUARDS,
    **restructuring.GUARDS,
    **handovers.GUARDS,
    **classes.GUARDS,
    **collecting.GUARDS,
    **delegation.GUARDS,
    **visiting.GUARDS,
}
"""Every guard by the name that record types declare."""


def needed(registry: Registry, changes: Iterable[Change]) -> set[str]:
    """Return the types that the guards of *changes* look at: they are loaded with what the set names."""
    found: set[str] = set()
    for change in changes:
        declared = registry.get(change.type)
        for guard in _concerned(declared, change) if declared else ():
            found |= guard.needs
    return found & set(registry.types)


def check(work: Work) -> None:
    """Refuse the set at hand for the first of its changes that a guard forbids.

    Raises:
        RejectedError: with the rule's id, where there is one.
    """
    if work.actor.role == SERVER:
        return
    sight: Sight | None = None
    for index, change in enumerate(work.change_set.changes):
        declared = work.registry[change.type]
        guards = list(_concerned(declared, change))
        after = work.draft.records.get(change.id) if guards else None
        if after is None:
            continue  # nothing of it stands
        sight = sight or Sight(work.draft, work.today)
        stored = work.draft.ledger.records.get(change.id)
        before = stored.fields if stored else {}
        case = Case(work.actor, change, before, after, sight, stored is None)
        for guard in guards:
            if refusal := guard.says(case):
                raise work.fault(index, refusal.code, refusal.field, refusal.reason, refusal.rule)


def _concerned(declared: RecordType, change: Change) -> Iterator[Guard]:
    found = (GUARDS[name] for name in declared.guards)
    return (it for it in found if it.concerns(change))
