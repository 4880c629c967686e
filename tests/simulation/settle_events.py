"""What users decide at their tablets: conflicts settled, refused sets mended or given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.declare import RecordType
from sync.checks import may_write
from sync.rebase import View
from tests.simulation.desk import Desk, Shape
from tests.simulation.dice import Dice
from tests.simulation.disk import Form, OwnSet
from tests.simulation.hands import typist_at
from tests.simulation.permits import may_move
from tests.simulation.plan import Event
from tests.simulation.typed import Unit
from tests.simulation.typist import Typist
from tests.simulation.world import Tablet, World

Json = Any


def resolve(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Settle an open conflict that is on the screen."""
    copy = tablet.disk.copy.values()
    waiting = [it for it in copy if it.type == "conflict" and it.fields.get("status") == "open"]
    found = dice.maybe([it.id for it in waiting if it.fields["kind"] != "duplicate"])
    view = tablet.device.shown(found) if found is not None else None
    if view is None or view.removed or view.gone or view.pending:
        return  # of duplicates, a supervisor decides who sees both
    fields = view.fields
    authors = [fields["kept"].get("by"), *(it.get("by") for it in fields["others"])]
    if fields.get("sensitive") and tablet.disk.user in authors:
        return
    way = dice.weighted([("keep", 40), ("other", 45), ("custom", 15)])
    chosen, value = None, None
    if way == "other":
        one = dice.pick(fields["others"])
        chosen = {"device": one["device"], "number": one["number"]}
    elif way == "custom":
        value = custom_value(world, typist_at(world, tablet, event, dice, view.customer), view)
        if value is None:
            return
    made = world.at_desk(tablet).resolve(view, way, chosen, value)
    if made is not None:
        world.say(f"{tablet.name} saves {made.number}: settles {fields['kind']} of "
                  f"{fields['record']} {fields.get('field')} as {way} on {made.raw['base']}: "
                  f"{made.raw['changes'][0].get('set')!r}")  # fmt: skip


def custom_value(world: World, typist: Typist, conflict: View) -> Json:
    """Return a value of one's own for the field of a conflict, where it has one that is plain."""
    declared = typist.registry.get(conflict.fields["record_type"])
    one = declared.field(conflict.fields.get("field") or "") if declared else None
    if one is None or one.policy not in ("manual", "text"):
        return None
    return typist.phrases.value(one, conflict.fields["kept"]["value"])


def mend(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Send a refused set again, with other words, over the old one."""
    old = _refused(tablet, dice)
    if old is None or not old.changes or any(it.type == "conflict" for it in old.changes):
        return
    desk = world.at_desk(tablet)
    typed = world.oracle.facts.typed[old.id]
    if typed.excuse:
        return
    opening, base = world.oracle.opening(tablet.name), tablet.disk.position
    changes: list[Shape] = []
    own: dict[Unit, str] = {}
    for made in old.changes:
        change = tablet.device.in_todays_form(old, made)
        if change.op != "update":
            changes.append(_shape(change.op, change))
            continue
        form = desk.open(change.id)
        declared = tablet.desk.registry.get(change.type)
        if form is None or declared is None:
            return
        typist = typist_at(world, tablet, event, dice, change.customer)
        edits = typist.edits(declared, {**form.view.fields, **_plain(declared, change.set)}, {})
        edits = {path: it for path, it in edits.items() if path in change.set} or {
            path: it for path, it in change.set.items()
            if (one := declared.field(path)) and may_write(one, tablet.disk.role, first=False)
        }  # fmt: skip
        over = _over_old(desk, form, declared, edits, old, opening.own, own)
        if over is None or not may_move(declared, edits, form.view.fields, tablet.disk.role):
            return
        changes.append({**desk._update(form.view, edits, over)})
    new = desk.mend(old, changes, own)
    assert base == new.raw["base"]
    world.say(f"{tablet.name} saves {new.number}: mends {old.number} {typed.hostile}: "
              f"{[it.get('set') for it in changes]!r}")  # fmt: skip


def _over_old(
    desk: Desk, form: Form, declared: RecordType, edits: Mapping[str, Json], old: OwnSet,
    shown: Mapping[Unit, str], own: dict[Unit, str],
) -> dict[str, int] | None:  # fmt: skip
    """Return the `over` of a mended edit; None where something newer stands between."""
    record, over = form.view.id, {}
    shown_over = desk.device.numbers(form.newest)
    since = desk.later(record, declared, desk.device.disk.sets.index(old) + 1)
    for unit in {declared.unit(path) for path in edits}:
        if unit in shown_over:
            over[unit], own[record, unit] = shown_over[unit], shown[record, unit]
        elif unit in since:
            return None
        elif old.device == desk.device.disk.id:
            over[unit], own[record, unit] = old.number, old.id
    return over


def _plain(declared: RecordType, fields: Mapping[str, Json]) -> dict[str, Json]:
    found = {path: declared.field(path) for path in fields}
    return {path: fields[path] for path, it in found.items() if it and it.policy != "set"}


def _shape(op: str, change: Any) -> Shape:
    named = {"op": op, "type": change.type, "id": change.id, "customer": change.customer}
    return {**named, **({"reason": change.reason} if op == "delete" else {"set": dict(change.set)})}


def _refused(tablet: Tablet, dice: Dice) -> OwnSet | None:
    found = [it for it in tablet.disk.sets if it.status == "rejected" and it.settled is None]
    return dice.maybe(found)


def discard(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Give a refused set up."""
    old = _refused(tablet, dice)
    if old is not None:
        tablet.desk.settle(old, "discarded")
        world.say(f"{tablet.name} gives {old.number} up")
