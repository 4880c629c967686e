"""What users do at their tablets: edits, forms left open, records, moves."""

from __future__ import annotations

from typing import Any

from schemas.declare import RecordType
from schemas.values import json_equal
from tests.simulation.dice import Dice
from tests.simulation.hands import (
    UNTOUCHED,
    fill_in,
    is_editable,
    open_form,
    pick_view,
    save,
    typist_at,
)
from tests.simulation.plan import Event
from tests.simulation.typist import fits
from tests.simulation.world import Tablet, World

Json = Any


def edit(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Open a record, type, save."""
    view = pick_view(world, tablet, dice, is_editable)
    if view is None:
        return
    desk, form = open_form(world, tablet, view.id)
    if form is not None:
        fill_in(world, tablet, event, dice, form)
        save(world, desk, form)


def leave_open(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Open a record, type, and go away."""
    view = pick_view(world, tablet, dice, is_editable)
    if view is None or len(tablet.disk.forms) >= 3:
        return
    _, form = open_form(world, tablet, view.id)
    if form is not None:
        fill_in(world, tablet, event, dice, form)
        tablet.disk.forms.append(form)
        world.say(f"{tablet.name} leaves {view.id} open on {form.base}: {form.typed!r}")


def save_form(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Come back to a form and save it."""
    if tablet.disk.forms:
        form = tablet.disk.forms.pop(dice.below(len(tablet.disk.forms)))
        save(world, world.at_desk(tablet), form)


def create(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Make a record under a customer, or register one."""
    types = tablet.desk.registry.types.values()
    role = tablet.disk.role
    kinds = [it for it in types if role in it.made_by and it.reference is None]
    kinds = [it for it in kinds if it.name not in UNTOUCHED]
    declared = dice.pick(kinds)
    record = world.new_record(f"{declared.name[:4]}{event.index}")
    customer = record
    if declared.name != "customer":
        under = pick_view(world, tablet, dice, lambda it, _: it.name == "customer")
        if under is None:
            return
        customer = under.id
    _create(world, tablet, event, dice, declared, record, customer)


def create_twin(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Register a person whom somebody has registered already."""
    declared = tablet.desk.registry["customer"]
    identity = declared.identity and declared.field(declared.identity)
    if identity and tablet.disk.role in declared.made_by:
        paper = typist_at(world, tablet, event, dice, None).phrases.value(identity)
        record = world.new_record(f"twin{event.index}")
        known = {identity.name: paper}
        _create(world, tablet, event, dice, declared, record, record, known)


def create_same(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Make a record whose id follows from its customer: others may make the same."""
    types = tablet.desk.registry.types.values()
    kinds = [it for it in types if it.late_fact and it.parent is None and not it.create_only]
    under = pick_view(world, tablet, dice, lambda it, _: it.name == "customer")
    if under is not None and not world.calm:
        declared = kinds[0]
        record = world.new_record(f"the {declared.name} of {world.names[under.id]}")
        _create(world, tablet, event, dice, declared, record, under.id)


def _create(
    world: World, tablet: Tablet, event: Event, dice: Dice, declared: RecordType, record: str,
    customer: str, known: dict[str, Json] | None = None,
) -> None:  # fmt: skip
    fields = typist_at(world, tablet, event, dice, customer).record(declared)
    held = tablet.device.shown(record)
    if fields is None or held is not None:
        return
    fields |= known or {}
    made = world.at_desk(tablet).create(declared.name, record, customer, fields)
    world.say(f"{tablet.name} saves {made.number}: makes {record} {fields!r} on {made.raw['base']}")


def delete(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Remove a record."""
    view = pick_view(world, tablet, dice, lambda it, _: it.deletable)
    if view is not None:
        made = world.at_desk(tablet).delete(view, f"why {event.index}")
        world.say(f"{tablet.name} saves {made.number}: deletes {view.id} on {made.raw['base']}")


def move(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Move a record to another state."""
    view = pick_view(
        world,
        tablet,
        dice,
        lambda it, customer: it.states is not None and it.name != "conflict" and bool(customer),
    )
    if view is None:
        return
    desk, form = open_form(world, tablet, view.id)
    declared = tablet.desk.registry[view.type]
    machine = declared.states
    if form is None or machine is None:
        return
    shown = form.view.fields
    moves = [
        it for it in machine.transitions
        if shown.get(machine.field) in it.source and it.offline and tablet.disk.role in it.roles
    ]  # fmt: skip
    one = dice.maybe(moves)
    if one is None:
        return
    typist = typist_at(world, tablet, event, dice, view.customer)
    needed = typist.needed(declared, one.name, shown)
    form.typed = {machine.field: one.target, **needed}
    if fits(declared, form.typed, shown):
        save(world, desk, form)


def edit_pair(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Edit a record and make another, in one set."""
    view = pick_view(world, tablet, dice, is_editable)
    if view is None or view.customer is None:
        return
    desk, form = open_form(world, tablet, view.id)
    types = tablet.desk.registry.types.values()
    role = tablet.disk.role
    kinds = [it for it in types if it.late_fact and it.parent is None and role in it.made_by]
    typist = typist_at(world, tablet, event, dice, view.customer)
    declared = dice.pick(kinds)
    fields = typist.record(declared)
    if form is None or fields is None:
        return
    fill_in(world, tablet, event, dice, form)
    if not form.typed or any(
        json_equal(it, form.view.fields.get(p)) for p, it in form.typed.items()
    ):
        return
    update, own, seen = desk.edition(form)
    record = world.new_record(f"{declared.name[:4]}{event.index}")
    made = {
        "op": "create", "type": declared.name, "id": record, "customer": view.customer,
        "set": fields,
    }  # fmt: skip
    changes = [update, made] if dice.chance(50) else [made, update]
    kept = desk.keep(changes, form.opening, form.stood_on, "pair", seen, own)
    world.say(f"{tablet.name} saves {kept.number}: {update['set']!r} of {view.id}, and {record}")
