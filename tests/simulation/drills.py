"""What seldom comes about by chance: a restore as it hurts, and a quarrel that is settled and goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemas.values import json_equal
from tests.simulation import looks, net_events, settle_events, user_events
from tests.simulation.desk import Shape
from tests.simulation.dice import Dice
from tests.simulation.disk import Form
from tests.simulation.hands import fill_in, is_editable, open_form, pick_view, save
from tests.simulation.hostile import hostile
from tests.simulation.plan import Event
from tests.simulation.typed import Unit
from tests.simulation.world import MINUTE_MS, Tablet, World

Json = Any
SETTLES = (
    settle_events.resolve, settle_events.resolve, settle_events.resolve, settle_events.mend,
    settle_events.mend, settle_events.discard, user_events.edit,
)  # fmt: skip
MAKES = (user_events.create, user_events.create, user_events.create_twin, user_events.edit_pair)


def drill(world: World, event: Event, dice: Dice) -> None:
    """Back up, let one tablet make something and another go on from there, and restore."""
    names = sorted(world.tablets)
    if len(names) < 2:
        return
    first = world.tablets[names.pop(dice.below(len(names)))]
    second = world.tablets[dice.pick(names)]
    one = _Drill(world, event, dice)
    net_events.back_up(world, event, dice)
    made = len(world.names)
    dice.pick(MAKES)(world, first, one.next_event(), dice)
    one.sync(first)
    one.sync(second)
    for record in list(world.names)[made:]:
        one.build_on(second, record)
    if dice.chance(80):
        one.sync(second)
    if dice.chance(30):
        user_events.edit(world, first, one.next_event(), dice)
    net_events.restore(world, event, dice)
    one.sync(second)
    for _ in range(
        dice.below(3)
    ):  # what it had said of other records may be held, and is said anew
        user_events.edit(world, second, one.next_event(), dice)
    if dice.chance(50):
        one.sync(second)


def quarrel(world: World, event: Event, dice: Dice) -> None:
    """Let two tablets edit the same, hear of their conflicts and refusals, settle them, and go on."""
    names = sorted(world.tablets)
    if len(names) < 2:
        return
    first = world.tablets[names.pop(dice.below(len(names)))]
    second = world.tablets[dice.pick(names)]
    one = _Drill(world, event, dice)
    for _ in range(dice.between(1, 3)):
        for tablet in (first, second):
            user_events.edit(world, tablet, one.next_event(), dice)
            if dice.chance(25):
                hostile(world, tablet, one.next_event(), dice)
    for tablet in (first, second, first):
        one.sync(tablet)
    for _ in range(dice.between(1, 3)):
        for tablet in (first, second):
            act = dice.pick(SETTLES)
            act(world, tablet, one.next_event(), dice)
            looks.check_desk(world, tablet)
            if dice.chance(60):
                one.sync(tablet)


@dataclass
class _Drill:
    """One drill: each step has a minute, and words, of its own."""

    world: World
    event: Event
    dice: Dice
    count: int = 0

    def next_event(self) -> Event:
        self.count += 1
        self.world.now_ms += MINUTE_MS
        return replace(self.event, index=self.event.index * 100 + self.count)

    def sync(self, tablet: Tablet) -> None:
        self.world.now_ms += MINUTE_MS
        net_events.sync(self.world, tablet, self.dice, rough=self.dice.chance(20))
        looks.check_desk(self.world, tablet)

    def build_on(self, tablet: Tablet, record: str) -> None:
        """Edit what another has made, remove it, or make something that hangs on it."""
        world, dice = self.world, self.dice
        event, view = self.next_event(), tablet.device.shown(record)
        if view is None or view.removed or view.gone:
            return
        declared = tablet.desk.registry[view.type]
        if declared.deletable and dice.chance(20):
            made = world.at_desk(tablet).delete(view, f"why {event.index}")
            world.say(f"{tablet.name} saves {made.number}: deletes {record}")
            return
        if declared.create_only or declared.name == "conflict":
            return
        desk, form = open_form(world, tablet, record)
        if form is not None:
            fill_in(world, tablet, event, dice, form)
            if dice.chance(50):
                self.save_both(tablet, form)
            else:
                save(world, desk, form)
        if dice.chance(40):
            user_events.create(world, tablet, self.next_event(), dice)

    def save_both(self, tablet: Tablet, first: Form) -> None:
        """Edit another record in the same set."""
        view = pick_view(self.world, tablet, self.dice, is_editable)
        if view is None or view.id == first.view.id:
            return
        desk, second = open_form(self.world, tablet, view.id)
        if second is None:
            return
        fill_in(self.world, tablet, self.next_event(), self.dice, second)
        changes: list[Shape] = []
        own: dict[Unit, str] = {}
        seen: dict[str, Mapping[str, Json]] = {}
        for form in (first, second):
            shown = form.view.fields
            if not form.typed or any(json_equal(it, shown.get(p)) for p, it in form.typed.items()):
                return
            change, over, texts = desk.edition(form)
            changes.append(change)
            own |= over
            seen |= texts
        made = desk.keep(changes, first.opening, first.stood_on, "both", seen, own)
        told = [it["set"] for it in changes]
        self.world.say(f"{tablet.name} saves {made.number}: {told!r} on {made.raw['base']}")
