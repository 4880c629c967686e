"""A look at a tablet: what lies in its copy, what is on its disk, what its screen says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sync.rebase import View
from tests.simulation.editions import as_known
from tests.simulation.persons import as_told
from tests.simulation.texts import pieces
from tests.simulation.typed import Broken

if TYPE_CHECKING:
    from tests.simulation.world import Tablet, World

Json = Any
ACCEPTED = ("applied", "merged")


def check_copy(world: World, tablet: Tablet) -> None:
    """Demand that a tablet holds just its scope as it was when its last run ended, field by field."""
    scope = world.oracle.stores[tablet.name].scope
    assert scope is not None
    live = {it: one for it, one in tablet.disk.copy.items() if not one.gone}
    registry, schema = world.setting.registry, tablet.disk.schema
    known = {it: one for it, one in scope.items() if registry[one.type].since <= schema}
    for record, state in known.items():
        held = live.pop(record, None)
        if held is None:
            raise Broken("convergence", f"{tablet.name} lacks {record}")
        wanted = as_told(state, as_known(state, registry, schema))
        told = (held.version, held.fields, held.type, held.customer)
        if told != (state.version, wanted, state.type, state.customer):
            raise Broken("convergence", _differing(tablet.name, record, held, state, wanted))
    if live:
        raise Broken("scope", f"{tablet.name} still holds {sorted(live)}")
    if tablet.device.incidents:
        raise Broken("convergence", f"digests of {tablet.name} and the server differ")


def check_desk(world: World, tablet: Tablet) -> None:
    """Demand that all pending work is on the disk as typed, and that the screen tells the truth."""
    disk, oracle = tablet.disk, world.oracle
    held = {it.id: it for it in disk.sets}
    for typed in oracle.pending(tablet.name):
        one = held.get(typed.id)
        if one is None or not one.is_waiting or len(one.changes) != len(typed.deeds):
            raise Broken("pending survives", f"{typed.id} of {tablet.name} is not pending")
        for change, deed in zip(one.changes, typed.deeds, strict=True):
            if change.set != deed.typed or change.id != deed.id:
                raise Broken("pending survives", f"{typed.id} is not as it was typed")
    for name in oracle.stores[tablet.name].waits:
        if name not in held or not held[name].is_held:
            raise Broken("pending survives", f"{name} of {tablet.name} is held, and not there")
    if tablet.device.all_synced() and disk.epoch == world.server.store.epoch:
        for typed in oracle.facts.by_store.get(tablet.name, ()):
            if not typed.lost and not _is_done(world, tablet.name, typed.id):
                raise Broken("honest status", f"{tablet.name} shows all synced: {typed.id}")


def _is_done(world: World, store: str, set_id: str) -> bool:
    typed = world.oracle.facts.typed[set_id]
    if set_id in world.oracle.stores[store].settled:
        return True
    result = typed.result
    told = world.oracle.stores[store].heard.get(set_id)
    if result is None or told is None:
        return False
    if told in ACCEPTED:
        return True  # whatever a server that has been restored since may say by now
    if "conflict" not in (told, result["status"]):
        return False
    named = dict.fromkeys(it for one in result["changes"] for it in one["conflicts"])
    found = [world.oracle.facts.records[it] for it in named]
    return bool(found) and not any(_was_open(world, store, it.id) for it in found)


def _was_open(world: World, store: str, conflict: str) -> bool:
    scope = world.oracle.stores[store].scope or {}
    state = scope.get(conflict)
    return state is None or state.fields["status"] != "resolved"


def check_view(world: World, tablet: Tablet, view: View) -> None:
    """Demand that a screen shows what the server said, with what its user typed on top."""
    known = world.oracle.stores[tablet.name]
    if known.scope is None:
        return
    own = world.oracle.opening(tablet.name, behind=True).own
    state = known.scope.get(view.id)
    registry = world.setting.registry
    stored = as_told(state, as_known(state, registry, known.schema)) if state else {}
    declared = world.setting.registry[view.type]
    for path in {*stored, *view.fields}:
        name = own.get((view.id, declared.unit(path)))
        one = declared.field(path)
        if name is None or one is None:
            if view.fields.get(path) != stored.get(path):
                raise Broken("view", f"{tablet.name} shows {view.fields.get(path)!r} in {path}")
        else:
            typed = world.oracle.facts.typed[name]
            value = next(
                (it.fields[path] for it in typed.deeds if it.id == view.id and path in it.fields),
                None,
            )
            if one.policy == "text":
                base = typed.shown.get(view.id, {}).get(path)
                refused = set(typed.own.values()) & known.refused
                good = refused or is_told(value, view.fields.get(path), base)
            else:
                good = is_shown(one.policy, value, view.fields.get(path))
            if not good:
                shown = view.fields.get(path)
                raise Broken(
                    "view", f"{tablet.name} shows {shown!r}, {value!r} was typed in {path}"
                )


def is_told(typed: Json, shown: Json, base: Json) -> bool:
    """Tell whether a screen has every sentence that was newly typed into a text."""
    before, there = pieces(base), pieces(shown)
    return shown == typed or all(it in there for it in pieces(typed) if it not in before)


def is_shown(policy: str, typed: Json, shown: Json) -> bool:
    """Tell whether a screen does justice to a value that is on its way, over what the server said."""
    if policy == "set":
        edit = {"add": typed} if isinstance(typed, list) else typed
        if edit is None:
            return shown is None
        there, gone = set(shown or ()), set(edit.get("remove", ())) - set(edit.get("add", ()))
        return there >= set(edit.get("add", ())) and not there & gone
    if policy == "highest":
        return (shown is not None and (typed is None or shown >= typed)) or typed is None
    return bool(shown == typed)


def _differing(name: str, record: str, held: Any, state: Any, wanted: Mapping[str, Json]) -> str:
    paths = sorted({*held.fields, *wanted})
    differ = [
        f"{it}: {held.fields.get(it)!r}, server {wanted.get(it)!r}"
        for it in paths
        if held.fields.get(it) != wanted.get(it)
    ]
    versions = f"version {held.version}, server {state.version}"
    return f"{name} differs in {record}: {'; '.join(differ) or versions}"
