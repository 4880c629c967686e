"""Sets that a restored server holds, before the oracle (protocol.md, section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.simulation import refusals
from tests.simulation.facts import Facts
from tests.simulation.typed import Broken, Deed, Typed

if TYPE_CHECKING:
    from tests.simulation.judge import Hearing
    from tests.simulation.world import World

Json = Any


def judge_held(case: Hearing) -> None:
    """Demand that a set is held for nothing but what a restored server has lost, and does nothing yet."""
    typed, facts = case.typed, case.facts
    case.demand(case.after == case.before, "of a held set nothing is stored")
    case.demand(typed.id not in facts.waiting, "it is held once")
    case.demand(not typed.withdrawn, "what was given up waits for nothing")
    case.demand(bool(facts.restored), "nothing was lost")
    if typed.hostile:
        may_end = bool({*typed.hostile} & {*refusals.LOST})
        case.demand(may_end, f"what must be refused with {typed.hostile} waits for nothing")
        return
    lacks = refusals.is_of_earlier_epoch(case) and _lacks(case)
    case.demand(lacks or _hangs_on_held(case), "it lacks what a restored server has lost")


def _lacks(case: Hearing) -> bool:
    error: dict[str, Json] = {}
    return refusals.is_unknown(case, error) or refusals.has_left(case, error)


def _hangs_on_held(case: Hearing) -> bool:
    made = case.facts.would_make(case.typed)
    if any(it in made for deed in case.deeds for it in refusals.named(deed)):
        return True
    return any(it in case.facts.waiting for it in case.typed.own.values())


def check_still_waiting(world: World) -> None:
    """Demand at the end that every set which is held still lacks something (13)."""
    facts, store = world.oracle.facts, world.server.store
    held = {it.raw["id"] for it in store.held.values()}
    if held != facts.waiting:
        raise Broken("restore", f"held are {held}, should be {facts.waiting}")
    for name in facts.waiting:
        typed = facts.typed[name]
        over_held = any(it in facts.waiting for it in typed.own.values())
        if (
            typed.deeds
            and not over_held
            and all(_is_there(world, typed, deed) for deed in typed.deeds)
        ):
            raise Broken("restore", f"{name} of {typed.store} is held, and lacks nothing")


def _is_there(world: World, typed: Typed, deed: Deed) -> bool:
    """Tell whether all that a change names is there for its sender."""
    facts: Facts = world.oracle.facts
    for record in refusals.named(deed):
        state = facts.records.get(facts.survivor(record))
        if state is None:
            if deed.op == "create" and record == deed.id:
                continue
            return False
        if state.customer not in (None, facts.survivor(deed.customer or "")):
            return False
        if state.deleted or not facts.in_scope(typed.user, state, world.oracle.types):
            return False
    return True


# ------------------------------------------------------------------------ what was said meanwhile


def stored_later(case: Hearing, record: str, unit: str) -> bool:
    """Tell whether a later set of the same device has stored a value of a unit."""
    key, later = (record, unit), case.later
    altered = any(it.set_id in later for it in case.facts.stands.get(key, ()))
    said = (it for it in case.facts.said.get(key, ()) if it.set_id in later)
    return altered or any(it.kept == it.value for it in said)


def elements_left(case: Hearing, record: str, unit: str, typed: Json) -> Json:
    """Return what of an edit of a set no later set of the same device names; None where nothing is left."""
    key, later = (record, unit), case.later
    others = [it.value for it in case.facts.said.get(key, ()) if it.set_id in later]
    if not others:
        return typed
    if not isinstance(typed, dict) or not all(isinstance(it, dict) for it in others):
        return None
    named = {one for it in others for part in it.values() for one in part}
    left = {way: [it for it in typed.get(way, ()) if it not in named] for way in ("add", "remove")}
    return left if left["add"] or left["remove"] else None


def edited_later(case: Hearing, record: str) -> bool:
    """Tell whether a later set of the same device has changed a record."""
    known = case.facts.about[record].changes
    mine = (case.facts.typed[it] for _, _, it in known if it in case.later)
    return any(deed.id == record and deed.op != "delete" for it in mine for deed in it.deeds)
