"""Playing a scenario: each step is done by whoever it names, ten minutes after the one before."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import permutations
from typing import Any

from schemas.values import parse_instant
from tests.scenarios.declared import Step, every_step, ident, meant
from tests.scenarios.tablet import Tablet
from tests.scenarios.world import World, choice

Json = Any
A_STEP = timedelta(minutes=10)
FUTURE = 1000


def orders(scenario: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Return the scenario once for each order in which its `either_order` groups may run."""
    for place, step in enumerate(scenario["steps"]):
        if step["do"] == "either_order":
            found: list[Mapping[str, Json]] = []
            for order in permutations(step["steps"]):
                one = {"do": "in_order", "steps": [it for group in order for it in group]}
                steps = [*scenario["steps"][:place], one, *scenario["steps"][place + 1 :]]
                found += orders({**scenario, "steps": steps})
            return found
    return [scenario]


@dataclass
class Replay:
    """A scenario in the course of being played."""

    scenario: Mapping[str, Json]
    world: World
    tablets: dict[str, Tablet] = field(default_factory=dict)
    at_web: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    kept: dict[str, Tablet] = field(default_factory=dict)

    def run(self) -> None:
        """Set the stage, then do every step."""
        self.world.given(self.scenario["given"], self.scenario["assigned"])
        for name, actor in self.scenario["actors"].items():
            if actor["kind"] == "device":
                error = timedelta(minutes=actor.get("clock_error_minutes", 0))
                self._register(name, actor["user"], error)
        for tablet in self.tablets.values():
            tablet.sync({})
            tablet.answers.clear()
        for number, step in enumerate(self.scenario["steps"], 1):
            at = parse_instant(step["at"]) if "at" in step else self.world.clock.now + A_STEP
            self.world.clock.now = at
            for tablet in self.tablets.values():
                tablet.step = number
            self._do(number, step)

    def _register(self, name: str, user: str, error: timedelta = timedelta()) -> None:
        world = self.world
        tablet = Tablet(
            name, user, lambda: world.server, world.clock, world.declared.registry, error
        )
        tablet.login()
        self.tablets[name] = tablet

    def _do(self, number: int, step: Step) -> None:
        match step["do"]:
            case "in_order":
                for inner in step["steps"]:
                    self._do(number, inner)
            case "parallel":
                self._at_once(step["steps"])
            case "new_device":
                self._register(step["name"], step["user"])
                self.tablets[step["name"]].step = number
            case "backup":
                self.world.backup()
            case "restore":
                self.world.restore()
            case "assign" | "unassign" | "reopen":
                self._web(number, step)
            case _ if step["by"] in self.tablets:
                self._tablet(self.tablets[step["by"]], step)
            case _:
                self._web(number, step)

    def _web(self, number: int, step: Step) -> None:
        web = next(it for it, one in self.scenario["actors"].items() if one["kind"] == "web")
        name = step.get("by", web)
        user = self.scenario["actors"][name]["user"]
        self.at_web[number] = self.world.at_web(name, user, step)

    def _at_once(self, steps: Sequence[Step]) -> None:
        for it in steps:
            if it["do"] == "raw_push":
                self._by_hand(self.tablets[it["by"]], it)
        deeds = {"raw_push": self._push_by_hand, "sync": self._sync}
        with ThreadPoolExecutor(len(steps)) as threads:
            running = [threads.submit(deeds[it["do"]], self.tablets[it["by"]], it) for it in steps]
        for one in running:
            one.result()

    # ------------------------------------------------------------------------------- on a tablet

    def _tablet(self, tablet: Tablet, step: Step) -> None:
        match step["do"]:
            case "sync":
                self._sync(tablet, step)
            case "raw_push":
                self._by_hand(tablet, step)
                self._push_by_hand(tablet, step)
            case "open_form":
                tablet.forms[step["record"]] = tablet.begin()
            case "discard":
                tablet.sets[step["set"]].settled = True
            case "set_clock":
                tablet.error = timedelta(minutes=step["clock_error_minutes"])
            case "store_image":
                self.kept[tablet.name] = copy.copy(tablet)
                self.kept[tablet.name].sets = copy.deepcopy(tablet.sets)
            case "restore_image":
                self._restore_image(tablet)
            case "resolve":
                tablet.save(self._resolution(tablet, step))
            case "together":
                changes = [self.world.change(it) for it in step["changes"]]
                tablet.save(changes * step.get("repeat_changes", 1))
            case _:
                self._action(tablet, step)

    def _action(self, tablet: Tablet, step: Step) -> None:
        began = tablet.forms[step["record"]] if step.get("base_of_open_form") else None
        base = self.world.head + FUTURE if step.get("base") == "future" else None
        tablet.save([self.world.change(step)], began, step.get("mends"), base)

    def _sync(self, tablet: Tablet, step: Step) -> None:
        edit = step.get("edit_before_response")
        tablet.sync(step, (lambda: self._tablet(tablet, edit)) if edit else None)

    def _restore_image(self, tablet: Tablet) -> None:
        held = self.kept[tablet.name]
        held.step, held.answers = tablet.step, tablet.answers
        self.tablets[tablet.name] = held

    def _resolution(self, tablet: Tablet, step: Step) -> list[dict[str, Json]]:
        conflict, seen = tablet.conflict(step["record"], step["field"])
        wish = meant(step["choose"])
        way, chosen = choice(seen.fields, wish)
        settled = {"status": "resolved", "resolution": way}
        if chosen:
            settled["chosen"] = chosen
        if way == "custom" or seen.fields.get("sensitive"):
            settled["comment"] = "scenario"
        update = {
            "op": "update", "type": "conflict", "id": conflict, "customer": seen.customer,
            "set": settled,
        }  # fmt: skip
        if way == "keep":
            return [update]
        return [update, self._write(step, wish)]

    def _write(self, step: Step, wish: Json) -> dict[str, Json]:
        """Return the change by which a resolution makes *wish* stand."""
        if isinstance(wish, Mapping) and wish.get("deleted"):
            return self.world.change({"do": "delete", "record": step["record"]})
        unit = step["field"]
        declared = self.world.declared
        members = declared.registry[declared.known[step["record"]].type].group(unit or "")
        fields = {it: wish.get(it) for it in members} if members else {unit: wish}
        edit = {"do": "edit", "record": step["record"], "set": fields if unit else wish}
        return self.world.change(edit)

    # ----------------------------------------------------------------------------------- by hand

    def _by_hand(self, tablet: Tablet, step: Step) -> None:
        content = {int(number): changes for number, changes in step.get("content", {}).items()}
        made = {number: self._raw(tablet, number, changes) for number, changes in content.items()}
        actions = {int(number): action for number, action in step.get("actions", {}).items()}
        tablet.by_hand(step["sets"], made, actions)

    def _push_by_hand(self, tablet: Tablet, step: Step) -> None:
        tablet.push_by_hand(step["sets"])

    def _raw(self, tablet: Tablet, number: int, steps: Sequence[Step]) -> list[dict[str, Json]]:
        changes = []
        for step in steps:
            change = self.world.change(step)
            over = step.get("over") or self._nearest(tablet, number, step)
            changes.append({**change, "over": over} if over else change)
        return changes

    def _nearest(self, tablet: Tablet, number: int, step: Step) -> dict[str, int]:
        """Return `over` of an edit in a set by hand: the nearest lower set that sets the field."""
        if step["do"] not in ("edit", "transition"):
            return {}
        over: dict[str, int] = {}
        declared = self.world.declared
        kind = declared.registry[declared.known[step["record"]].type]
        units = {kind.unit(it) for it in step["set"]}
        for lower in range(1, number):
            for record, path in self._written(tablet, lower):
                if record == ident(step["record"]) and kind.unit(path) in units:
                    over[kind.unit(path)] = lower
        return over

    def _written(self, tablet: Tablet, number: int) -> Iterator[tuple[str, str]]:
        """Yield (record, path) of what a set sets, in whichever step it is written."""
        for step in self._pushed_by_hand.get(tablet.name, ()):
            for change in step.get("content", {}).get(str(number), ()):
                yield from ((ident(change["record"]), it) for it in change.get("set", ()))
        if number in tablet.sets:
            for change in tablet.sets[number].raw["changes"]:
                yield from ((change["id"], it) for it in change.get("set", ()))

    @cached_property
    def _pushed_by_hand(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for it in every_step(self.scenario["steps"]):
            if it["do"] == "raw_push":
                found.setdefault(it["by"], []).append(it)
        return found
