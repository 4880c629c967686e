"""A whole run: every event of a plan in turn, quick checks after each, and all checks at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.simulation import (
    branch_events,
    drills,
    ending,
    looks,
    net_events,
    office,
    settle_events,
    user_events,
    wipes,
)
from tests.simulation.dice import Dice
from tests.simulation.hostile import hostile
from tests.simulation.plan import DEVICE, Event, Plan
from tests.simulation.setting import setting
from tests.simulation.world import MINUTE_MS, World

AtTablet: Mapping[str, Callable[..., Any]] = {
    "edit": user_events.edit, "open": user_events.leave_open, "save": user_events.save_form,
    "create": user_events.create, "same id": user_events.create_same, "twin": user_events.create_twin,
    "pair": user_events.edit_pair,
    "delete": user_events.delete, "move": user_events.move, "resolve": settle_events.resolve,
    "mend": settle_events.mend, "discard": settle_events.discard, "hostile": hostile,
    "ask": net_events.ask, "serve": net_events.serve, "hear": net_events.take_in,
    "die": net_events.die, "jump": net_events.jump, "image": net_events.take_image,
    "put back": net_events.put_back, "damage": net_events.damage,
    "upgrade": net_events.upgrade, "wipe": wipes.wipe,
}  # fmt: skip
AtBranch: Mapping[str, Callable[..., Any]] = {
    "web edit": branch_events.edit, "web page": branch_events.open_page,
    "web save": branch_events.save_page, "web move": branch_events.move,
    "web delete": branch_events.delete, "web create": branch_events.create,
    "web resolve": branch_events.resolve, "web reopen": branch_events.reopen,
    "merge": branch_events.merge, "timer": branch_events.timer, "assign": branch_events.assign,
    "take away": branch_events.take_away, "night": branch_events.night, "purge": net_events.purge,
    "drill": drills.drill, "quarrel": drills.quarrel,
    "lock": net_events.lock, "back up": net_events.back_up, "restore": net_events.restore,
    "late request": net_events.late_request,
}  # fmt: skip


WAITS_FOR_A_CASE = ("serve", "hear", "save", "resolve", "mend", "discard", "upgrade")
"""Events that seldom find at one given tablet what they need."""


def begin(plan: Plan, tell: Callable[[str], None] | None = None) -> World:
    """Return the world of a plan before anything has happened."""
    world = World(setting(plan.product), plan.hot, plan.calm, plan.slices, tell)
    world.when_asked = office.end_due
    for one in plan.cast:
        world.add_tablet(one)
    return world


def play(plan: Plan, tell: Callable[[str], None] | None = None) -> World:
    """Run a plan to its end and check everything.

    Raises:
        Broken: an invariant does not hold.
    """
    world = begin(plan, tell)
    for event in plan.events:
        happen(world, event)
    ending.end(world)
    return world


def _names(world: World, event: Event) -> list[str]:
    """Return at which tablets an event is tried: what needs something to work on, at all, its own first."""
    others = [it for it in world.tablets if it != event.who and event.kind in WAITS_FOR_A_CASE]
    return [event.who, *others]


def happen(world: World, event: Event) -> None:
    """Let one event happen, and look at every desk afterwards."""
    dice = Dice(event.seed)
    world.now_ms += dice.between(1, 40) * MINUTE_MS
    if world.tell is not None:
        world.tell(f"{event.index}. {event.kind}")
    before = world.said
    if event.kind in DEVICE:
        for name in _names(world, event):
            tablet = world.tablets[name]
            if event.kind == "sync":
                net_events.sync(world, tablet, dice)
            else:
                AtTablet[event.kind](world, tablet, event, dice)
            looks.check_desk(world, tablet)
            if world.said > before:
                break
    else:
        AtBranch[event.kind](world, event, dice)
    world.counts[f"event {event.kind}"] += world.said > before
    world.counts[f"event {event.kind}, for nothing"] += world.said == before
