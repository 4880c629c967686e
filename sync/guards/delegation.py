"""Guards of delegated administration (domain.md, section 3.2): each in the subtree of the own home unit.

What holds for the whole lender (products, checklists, parameters without a unit) is set at the top of the tree.
"""

from __future__ import annotations

from typing import Any

from sync.guards.case import Case, Guard, Refusal, forbidden

Json = Any
ABOVE = "outside-the-subtree"
UNITS = frozenset({"org_unit", "user"})
OWN_RIGHTS = ("role", "unit_id", "active", "lending_suspended")


def unit_in_the_subtree(case: Case) -> Refusal | None:
    """An administrator sets up the units below his own, and moves none out of his tree or into it."""
    if case.actor.role != "admin":
        return None
    parents = [it.get("parent_id") for it in (case.before, case.fields) if it]
    mine = _home(case)
    if case.is_new or case.sets("parent_id"):
        return None if all(_below(case, it, mine) for it in parents) else _outside("parent_id")
    return None if _below(case, case.after.id, mine) else _outside()


def user_in_the_subtree(case: Case) -> Refusal | None:
    """An administrator looks after the people of his units, and gives himself no other rights."""
    if case.actor.role != "admin":
        return None
    if case.after.id == case.actor.user and case.sets(*OWN_RIGHTS):
        return forbidden(None, "own-rights")
    mine, units = _home(case), [it.get("unit_id") for it in (case.before, case.fields) if it]
    return None if all(_below(case, it, mine) for it in units) else _outside("unit_id")


def parameter_in_the_subtree(case: Case) -> Refusal | None:
    """Parameters are set for the own units, and nobody else sets any; those of the lender at the top."""
    mine, units = _home(case), [it.get("unit_id") for it in (case.before, case.fields) if it]
    return None if all(_below(case, it, mine) for it in units) else _outside("unit_id")


def at_the_top(case: Case) -> Refusal | None:
    """What serves every unit is set up at the top."""
    lower = case.actor.role == "admin" and not _is_top(case, _home(case))
    return _outside() if lower else None


def _home(case: Case) -> Json:
    return case.sight.unit_of(case.actor.user)


def _below(case: Case, unit: Json, home: Json) -> bool:
    """Tell whether a unit is *home* or lies below it; at the top, whatever is in the branch's books does."""
    return home is not None and (home in case.sight.units_from(unit) or _is_top(case, home))


def _is_top(case: Case, home: Json) -> bool:
    """Tell whether no unit lies above *home*."""
    return home is not None and case.sight.units_from(home) == [home]


def _outside(field: str | None = None) -> Refusal:
    return forbidden(None, ABOVE, field)


GUARDS = {
    "subtree-unit": Guard(unit_in_the_subtree, UNITS),
    "subtree-user": Guard(user_in_the_subtree, UNITS),
    "subtree-parameter": Guard(parameter_in_the_subtree, UNITS),
    "subtree-top": Guard(at_the_top, UNITS),
}
"""By the name that a record type declares."""
