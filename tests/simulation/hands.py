"""What every event at a tablet begins with: who types, into which record, on what screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.declare import RecordType
from sync.rebase import View
from tests.simulation import looks
from tests.simulation.desk import Desk
from tests.simulation.dice import Dice
from tests.simulation.disk import Form
from tests.simulation.phrases import Phrases
from tests.simulation.plan import Event
from tests.simulation.typist import Typist
from tests.simulation.world import Tablet, World

Json = Any
Handler = Callable[[World, Tablet, Event, Dice], None]
UNTOUCHED = ("conflict", "assignment")


def known_at(tablet: Tablet, customer: str | None) -> Callable[[str], list[str]]:
    """Return how to find the ids of a type that a user may name under a customer ("": of any type)."""

    def known(kind: str) -> list[str]:
        disk = tablet.disk
        held = [(it.type, it.id, it.customer) for it in disk.copy.values() if not it.gone]
        made = (it for one in disk.sets if one.is_on_top for it in one.changes)
        held += [(it.type, it.id, it.customer) for it in made if it.op == "create"]
        return sorted(
            record
            for of, record, under in held
            if (of == kind or (not kind and under is not None and of not in UNTOUCHED))
            and under in (customer, None)
        )

    return known


def typist_at(
    world: World, tablet: Tablet, event: Event, dice: Dice, customer: str | None
) -> Typist:
    """Return the user at his keyboard."""
    disk = tablet.disk
    known = known_at(tablet, customer)
    mark = str(event.index)
    return Typist(
        tablet.desk.registry,
        disk.role,
        disk.user,
        Phrases(dice, mark, known),
        world.hot,
        world.calm,
    )


def pick_view(
    world: World, tablet: Tablet, dice: Dice, fits: Callable[[RecordType, str | None], bool]
) -> View | None:
    """Return a record on the screen, of a type that fits, and mostly the one all are busy with."""
    device, types = tablet.device, tablet.desk.registry.types
    held = [(it.id, it.type, it.customer) for it in tablet.disk.copy.values() if not it.gone]
    made = (it for one in tablet.disk.sets if one.is_on_top for it in one.changes)
    held += [(it.id, it.type, it.customer) for it in made if it.op == "create"]
    found = (record for record, kind, customer in held if fits(types[kind], customer))
    record = world.pick_record(dice, found)
    view = device.shown(record) if record is not None else None
    return None if view is None or view.removed or view.gone else view


def is_editable(declared: RecordType, customer: str | None) -> bool:
    """Tell whether users edit records of a type; of reference data, the simulator's places."""
    is_place = declared.name == "place"
    return (customer is not None or is_place) and not (
        declared.create_only or declared.name in UNTOUCHED
    )


def open_form(world: World, tablet: Tablet, record: str) -> tuple[Desk, Form | None]:
    """Open a record and look whether the screen shows what it should."""
    desk = world.at_desk(tablet)
    form = desk.open(record)
    if form is not None:
        looks.check_view(world, tablet, form.view)
    return desk, form


def fill_in(world: World, tablet: Tablet, event: Event, dice: Dice, form: Form) -> None:
    """Type into a form."""
    declared = tablet.desk.registry[form.view.type]
    held = tablet.disk.copy.get(form.view.id)
    typist = typist_at(world, tablet, event, dice, form.view.customer)
    form.typed = typist.edits(declared, form.view.fields, held.fields if held else {})


def save(world: World, desk: Desk, form: Form) -> None:
    made = desk.save(form) if form.typed else None
    if made is not None:
        change = made.raw["changes"][0]
        over = f" over {change['over']}" if "over" in change else ""
        world.say(f"{desk.name} saves {made.number}: {change['type']} {form.view.id} "
                  f"{change['set']!r} on {made.raw['base']}{over}")  # fmt: skip
