"""Runs told twice: with other clocks (6), and with the tablets syncing in another order (7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.simulation import ending, hands, net_events, user_events
from tests.simulation.dice import Dice
from tests.simulation.plan import YEAR_MS, Event, Plan, make_plan
from tests.simulation.run import begin, play
from tests.simulation.typed import Broken
from tests.simulation.world import MINUTE_MS, Tablet, World

Json = Any
Tell = Callable[[str], None] | None
CLOCKY = ("made_at", "stamp")


# ------------------------------------------------------------------------------------------ clocks


def play_shifted(plan: Plan, tell: Tell = None) -> None:
    """A clock that is wrong by years, and stays so, changes nothing at all, not even a tie."""
    still = replace(plan, events=tuple(it for it in plan.events if it.kind != "jump"))
    dice = Dice(plan.seed)
    cast = tuple(
        replace(it, offset_ms=it.offset_ms + dice.between(-9, 9) * YEAR_MS) for it in plan.cast
    )
    first = play(still, tell)
    _again(tell)
    second = play(replace(still, cast=cast), tell)
    _compare("clocks", outcome(first, times=True), outcome(second, times=True))


def play_jumping(plan: Plan, tell: Tell = None) -> None:
    """Clocks that jump change nothing but what a policy gives to the clock, and here nothing is."""
    calm = replace(plan, calm=True)
    true = tuple(replace(it, offset_ms=0) for it in plan.cast)
    still = tuple(it for it in plan.events if it.kind != "jump")
    first = play(replace(calm, cast=true, events=still), tell)
    _again(tell)
    second = play(calm, tell)
    _compare("clocks", outcome(first), outcome(second))


def jumping_plan(seed: int) -> Plan:
    """Return the plan of a seed with clocks that jump all the time."""
    plan = make_plan(seed)
    dice = Dice(seed + 5)
    names = [it.name for it in plan.cast]
    events: list[Event] = []
    for event in plan.events:
        events.append(event)
        if dice.chance(20):
            index = len(plan.events) + len(events)
            events.append(Event(index, "jump", dice.pick(names), dice.number()))
    return replace(plan, events=tuple(events))


def _again(tell: Tell) -> None:
    if tell is not None:
        tell("—— once more, with other clocks or in another order ——")


# ----------------------------------------------------------------------------------------- order


def play_apart(plan: Plan, tell: Tell = None) -> None:
    """Edits of different fields: the order in which tablets sync does not change where it ends."""
    first = _apart(plan, tell, turn=0)
    _again(tell)
    second = _apart(plan, tell, turn=1)
    _compare("commuting", contents(first), contents(second))


def apart_plan(seed: int) -> Plan:
    """Return a plan of edits by tablets each of which has fields of its own, and of three syncs each."""
    plan = make_plan(seed)
    dice = Dice(seed + 7)
    names = [it.name for it in plan.cast]
    events = []
    for index in range(1, 31):
        kind = dice.weighted([("edit", 60), ("create", 10), ("all sync", 12), ("move", 6)])
        events.append(Event(index, kind, dice.pick(names), dice.number()))
    cast = tuple(replace(it, empty=False) for it in plan.cast)
    return replace(plan, cast=cast, events=tuple(events))


def _apart(plan: Plan, tell: Tell, turn: int) -> World:
    world = begin(plan, tell)
    names = [it.name for it in plan.cast]
    for event in plan.events:
        dice = Dice(event.seed)
        world.now_ms += MINUTE_MS
        tablet = world.tablets[event.who]
        place = names.index(event.who)
        if event.kind == "all sync":
            _all_sync(world, dice, names, turn)
        elif event.kind == "create":
            user_events.create(world, tablet, event, dice)
        elif event.kind == "edit":
            _edit_apart(world, tablet, event, dice, place, len(names))
        elif place == 0:
            user_events.move(world, tablet, event, dice)
    _all_sync(world, Dice(1), names, turn)
    ending.quiesce(world)
    return world


def _all_sync(world: World, dice: Dice, names: list[str], turn: int) -> None:
    """Let all sync, in an order that differs from turn to turn, then once more, to see the others'."""
    order = list(names)
    for name in [order.pop(dice.below(len(order))) for _ in names][:: -1 if turn else 1]:
        net_events.sync(world, world.tablets[name], Dice(1), rough=False)
    for name in names:
        net_events.sync(world, world.tablets[name], Dice(1), rough=False)


def _edit_apart(
    world: World, tablet: Tablet, event: Event, dice: Dice, place: int, many: int
) -> None:
    view = hands.pick_view(world, tablet, dice, hands.is_editable)
    if view is None:
        return
    desk, form = hands.open_form(world, tablet, view.id)
    if form is None:
        return
    declared = tablet.desk.registry[view.type]
    typist = hands.typist_at(world, tablet, event, dice, view.customer)
    typist.only = lambda unit: _owner(unit) % many == place and unit not in ("start", "end", "why")
    form.typed = typist.edits(declared, form.view.fields, form.view.fields)
    hands.save(world, desk, form)


def _owner(unit: str) -> int:
    return sum(map(ord, unit))


# ---------------------------------------------------------------------------------------- comparing


def outcome(world: World, times: bool = False) -> Iterator[tuple[str, Json]]:
    """Yield everything that a run led to: records, results, the log; *times*: stamps as well."""
    store = world.server.store
    for record, state in sorted(store.records.items()):
        holders = [(it.user, it.role, it.since, it.ended) for it in state.holders]
        yield record, (_timeless(state.fields, times), state.version, state.deleted, holders)
    for device, sets in sorted(store.sets.items()):
        for number, row in sorted(sets.items()):
            yield f"{device} {number}", row.result
    for entry in store.log:
        units = {unit: [it.before, it.sent, it.kept] for unit, it in entry.units.items()}
        said = _timeless(units, times)
        told = (entry.record, entry.op, entry.device, entry.number, said, entry.altered)
        yield str(entry.position), (*told, (entry.made_at, entry.stamp) if times else None)


def contents(world: World) -> Iterator[tuple[str, Json]]:
    """Yield the fields of every record, without versions; a conflict is a difference by itself.

    Not so a duplicate: a paper's number may be another's by the time that it is compared.
    """
    for record, state in sorted(world.server.store.records.items()):
        if state.type == "conflict" and state.fields["kind"] == "duplicate":
            continue
        yield record, ({} if state.type == "conflict" else state.fields, state.deleted)


def _timeless(value: Json, times: bool) -> Json:
    if times or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        return [_timeless(it, times) for it in value]
    return {key: _timeless(it, times) for key, it in value.items() if key not in CLOCKY}


def _compare(
    check: str, first: Iterator[tuple[str, Json]], second: Iterator[tuple[str, Json]]
) -> None:
    one, other = dict(first), dict(second)
    for key in [*one, *(it for it in other if it not in one)]:
        if _timeless(one.get(key), True) != other.get(key):
            raise Broken(check, f"{key}: {one.get(key)!r} or {other.get(key)!r}")
