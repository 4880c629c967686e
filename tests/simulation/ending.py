"""How a run ends: all sync twice, and then everything that was promised must hold."""

from __future__ import annotations

from typing import Any

from sync.ledger import Entry, Mark, RecordState
from sync.work import current, put_unit
from tests.simulation import looks, net_events
from tests.simulation.dice import Dice
from tests.simulation.messages import Request
from tests.simulation.typed import Broken, Typed, units_of
from tests.simulation.waiting import check_still_waiting
from tests.simulation.world import MINUTE_MS, Flight, World

Json = Any


def end(world: World) -> None:
    """Let inputs stop, all sync twice, and check what can only be seen at the end."""
    net_events.let(world, frozenset())
    quiesce(world)
    check_words(world)
    check_still_waiting(world)
    check_whole_sets(world)
    check_audit(world)
    check_repeats(world)


def quiesce(world: World) -> None:
    """After inputs stop, two syncs a device reach rest, and then nothing moves any more (11, 1, 8)."""
    for _ in range(2):
        _all_sync(world)
    store = world.server.store
    before = (store.head, len(store.log), sum(map(len, store.sets.values())))
    _all_sync(world, quiet=True)
    after = (store.head, len(store.log), sum(map(len, store.sets.values())))
    if before != after:
        raise Broken("liveness", f"devices alone made changes: {before} became {after}")


def _all_sync(world: World, quiet: bool = False) -> None:
    dice = Dice(1)
    for tablet in world.tablets.values():
        world.now_ms += MINUTE_MS
        if tablet.flight is not None:
            net_events.die(world, tablet, None, dice)  # type: ignore[arg-type]
        word = net_events.sync(world, tablet, dice, rough=False)
        if word != "done":
            raise Broken("liveness", f"{tablet.name} does not come to rest: {word}")
        looks.check_desk(world, tablet)
        if quiet and tablet.device.waiting():
            raise Broken("liveness", f"{tablet.name} still has something waiting")
        if quiet:
            oracle = world.oracle
            oracle.stores[tablet.name].scope = {
                it.id: it for it in oracle.facts.scope(tablet.disk.user, oracle.types)
            }
            looks.check_copy(world, tablet)


# -------------------------------------------------------------------------------------- no lost word


def check_words(world: World) -> None:
    """Every value ever typed is in a record's history, in a conflict, or in quarantine (2)."""
    store = world.server.store
    kept = {it.set_id: it for sets in store.sets.values() for it in sets.values()}
    entries: dict[str, list[Entry]] = {}
    for entry in store.log:
        entries.setdefault(entry.set_id, []).append(entry)
    for typed in world.oracle.facts.typed.values():
        row = kept.get(typed.id)
        if row is None:
            if not typed.lost:
                raise Broken("no lost word", f"the set {typed.id} of {typed.store} never arrived")
            continue
        if row.result["status"] in ("rejected", "held"):
            _in_quarantine(typed, row.raw)
        else:
            _in_history(world, typed, entries.get(typed.id, []))


def _in_quarantine(typed: Typed, raw: Json) -> None:
    """The set as it was sent is kept, and a supervisor can read it."""
    for deed in typed.deeds:
        found = [it for it in raw["changes"] if it["id"] == deed.id]
        if not any(it.get("set", {}) == deed.typed for it in found):
            raise Broken("no lost word", f"{deed.fields!r} is not in quarantine")


def _in_history(world: World, typed: Typed, entries: list[Entry]) -> None:
    types, records = world.oracle.types, world.server.store.records
    for deed in typed.deeds:
        ids = world.oracle.facts.family(deed.id)
        mine = [it for it in entries if it.record in ids]
        conflicts = [
            it for it in records.values()
            if it.type == "conflict" and it.fields["record"] in ids
        ]  # fmt: skip
        same = [it for it in records.values() if it.id in ids]
        for unit, value in units_of(types[deed.type], deed.fields).items():
            said = any(unit in it.units and it.units[unit].sent == value for it in mine)
            if not said and not _stands(types, same, unit, value) and not _waits(conflicts, value):
                raise Broken("no lost word", f"{value!r} typed into {unit} of {deed.id} is nowhere")
        if deed.op == "delete" and not records[deed.id].deleted:
            waits = _waits(conflicts, {"deleted": True, "reason": deed.reason})
            if not waits and not any(it.op == "delete" for it in mine):
                raise Broken("no lost word", f"the deletion of {deed.id} left no trace")


def _stands(types: Any, records: list[RecordState], unit: str, value: Json) -> bool:
    plain = sorted(set(value)) if isinstance(value, list) else value
    return any(current(it, types[it.type], unit) in (value, plain) for it in records)


def _waits(conflicts: list[RecordState], value: Json) -> bool:
    return any(value == one["value"] for it in conflicts for one in it.fields["others"])


# ------------------------------------------------------------------------------ whole sets and audit


def check_whole_sets(world: World) -> None:
    """The log has all or nothing of a set, and positions only ever grow (4, 5)."""
    store = world.server.store
    last = 0
    by_set: dict[str, set[str]] = {}
    for entry in store.log:
        if entry.position <= last:
            raise Broken("cursors", f"position {entry.position} comes after {last}")
        last = entry.position
        by_set.setdefault(entry.set_id, set()).add(entry.record)
    if last > store.head:
        raise Broken("cursors", f"position {last} is above the head {store.head}")
    for typed in world.oracle.facts.typed.values():
        if typed.result is None:
            continue
        found = by_set.get(typed.id, set())
        if typed.result["status"] == "rejected" and found:
            raise Broken("whole sets", f"a refused set is in the log: {typed.id}")
        for deed, told in zip(typed.deeds, typed.result.get("changes", ()), strict=False):
            absorbed = deed.customer in world.oracle.facts.merges
            silent = told["status"] == "applied" or deed.op == "delete" or (
                deed.op == "create" and absorbed  # the same once more is `merged`, and says nothing
            )  # fmt: skip
            if not found & world.oracle.facts.family(deed.id) and not silent:
                raise Broken("whole sets", f"the log lacks {deed.id} of {typed.id}")


def check_audit(world: World) -> None:
    """The log, replayed, leads to the records, with marks that say exactly who was last (10)."""
    store, registry = world.server.store, world.setting.registry
    replayed: dict[str, RecordState] = {}
    marks: dict[tuple[str, str], Mark] = {}
    for entry in store.log:
        state = replayed.get(entry.record)
        if state is None:
            state = replayed[entry.record] = RecordState(entry.type, entry.record, entry.customer)
        declared, was_deleted = registry[entry.type], state.deleted
        for unit, it in entry.units.items():
            if entry.op != "create" and it.before != current(state, declared, unit):
                raise Broken("audit", f"entry {entry.position} misremembers {unit}: {it.before!r}")
            put_unit(state, declared, unit, it.kept)
            if (
                it.altered or state.version == 0
            ):  # a record is made once; its second making is an edit
                held = marks.get((entry.record, unit))
                mark = Mark(entry.position, entry.device)
                moved = held.moved(entry.position, entry.device) if held else mark
                marks[entry.record, unit] = moved
        if entry.altered:
            state.version, state.deleted = entry.position, entry.op in ("delete", "merge")
        if entry.op == "move":
            state.customer, state.deleted = entry.customer, was_deleted
    for record, state in store.records.items():
        made = replayed.get(record)
        if made is None or (made.fields, made.version, made.deleted, made.customer) != (
            state.fields, state.version, state.deleted, state.customer,
        ):  # fmt: skip
            raise Broken("audit", f"the log does not lead to {record}: {state} but {made}")
        for unit, mark in state.marks.items():
            if marks.get((record, unit)) != mark:
                raise Broken("audit", f"the mark of {unit} of {record} is not the log's: {mark}")


# --------------------------------------------------------------------------------------- exactly once


def check_repeats(world: World) -> None:
    """Every request of the run, once more: nothing happens, results are the first ones (3)."""
    store = world.server.store
    before = (store.head, len(store.log), {it: len(sets) for it, sets in store.sets.items()})
    for request in _samples(world):
        world.serve(Flight(request))
    after = (store.head, len(store.log), {it: len(sets) for it, sets in store.sets.items()})
    if before != after:
        raise Broken("exactly once", f"repeated requests did something: {before} became {after}")


def _samples(world: World) -> list[Request]:
    """Return a few requests of the run that carried sets and were stored."""
    known = world.server.store.sets
    carrying = [
        it for it in world.handled
        if it.sets and all(number in known.get(it.device, ()) for number in it.numbers)
    ]  # fmt: skip
    return carrying[:: max(1, len(carrying) // 4)]
