"""What happens at the server's side: supervisors at the web, assignments, what falls due."""

from __future__ import annotations

from typing import Any

from schemas.declare import RecordType
from sync.choices import resolution
from sync.ledger import RecordState
from sync.rebase import View
from tests.simulation.dice import Dice
from tests.simulation.hands import UNTOUCHED
from tests.simulation.office import OFFICE_CLERK, TIMER, WEBS, Clerk, Opened, day_after, submit
from tests.simulation.permits import may_set
from tests.simulation.persons import customers_of
from tests.simulation.phrases import Phrases
from tests.simulation.plan import Event
from tests.simulation.setting import CAST, ident
from tests.simulation.settle_events import custom_value
from tests.simulation.typist import Typist, fits
from tests.simulation.world import World

Json = Any


def _typist(world: World, event: Event, dice: Dice, customer: str | None) -> Typist:
    records = world.server.store.records.values()

    def known(kind: str) -> list[str]:
        return [
            it.id for it in records
            if (it.type == kind or (not kind and it.customer and it.type not in UNTOUCHED))
            and it.customer in (customer, None) and not it.deleted
        ]  # fmt: skip

    user = ident(WEBS[event.who].user or "")
    registry, mark = world.setting.registry, str(event.index)
    return Typist(registry, "supervisor", user, Phrases(dice, mark, known), world.hot, world.calm)


def _pick(world: World, dice: Dice, fits: Any) -> RecordState | None:
    types = world.setting.registry.types
    found = [
        it for it in world.server.store.records.values()
        if not it.deleted and it.type not in UNTOUCHED and fits(types[it.type])
    ]  # fmt: skip
    found = [it for it in found if it.customer is not None or it.type == "place"]
    record = world.pick_record(dice, (it.id for it in found))
    return world.server.store.records[record] if record is not None else None


def _is_editable(declared: RecordType) -> bool:
    return not declared.create_only


def edit(world: World, event: Event, dice: Dice) -> None:
    """Edit a record on the page as it is now."""
    record = _pick(world, dice, _is_editable)
    if record is not None:
        store = world.server.store
        page = Opened(WEBS[event.who], record, store.head, world.oracle.facts.moment)
        _edit(world, event, dice, page)


def open_page(world: World, event: Event, dice: Dice) -> None:
    """Open a record on a page, and leave it there."""
    record = _pick(world, dice, _is_editable)
    if record is not None and len(world.pages) < 3:
        head, moment = world.server.store.head, world.oracle.facts.moment
        world.pages.append(Opened(WEBS[event.who], record, head, moment))
        world.say(f"{event.who} leaves {record.id} open on {head}")


def save_page(world: World, event: Event, dice: Dice) -> None:
    """Come back to a page that was left open, type and save."""
    if world.pages:
        page = world.pages.pop(dice.below(len(world.pages)))
        _edit(world, event, dice, page)


def _edit(world: World, event: Event, dice: Dice, page: Opened) -> None:
    declared = world.setting.registry[page.record.type]
    typist = _typist(world, event, dice, page.record.customer)
    shown = page.record.fields
    typed = typist.edits(declared, shown, shown)
    if any(it != shown.get(path) for path, it in typed.items()):
        change = {
            "op": "update", "type": page.record.type, "id": page.record.id,
            "customer": page.record.customer, "set": typed,
        }  # fmt: skip
        world.say(f"{page.clerk.name} edits {page.record.id}: {typed!r} on {page.base}")
        submit(world, page.clerk, [change], page.base, page.seen)


def move(world: World, event: Event, dice: Dice, timer: bool = False) -> None:
    """Move a record to another state: by hand, or by the server's own timer."""
    record = _pick(world, dice, lambda it: it.states is not None)
    if record is None:
        return
    declared = world.setting.registry[record.type]
    machine = declared.states
    assert machine is not None
    moves = [
        it for it in machine.transitions
        if record.fields.get(machine.field) in it.source
        and ("supervisor" in it.roles if not timer else not it.roles)
    ]  # fmt: skip
    one = dice.maybe(moves)
    if one is None:
        return
    typist = _typist(world, event, dice, record.customer)
    typed = {machine.field: one.target, **typist.needed(declared, one.name, record.fields)}
    if fits(declared, typed, record.fields):
        change = {
            "op": "update", "type": record.type, "id": record.id, "customer": record.customer,
            "set": typed,
        }  # fmt: skip
        clerk = TIMER if timer else WEBS[event.who]
        world.say(f"{clerk.name} moves {record.id} to {one.target}")
        submit(world, clerk, [change])


def timer(world: World, event: Event, dice: Dice) -> None:
    """Let something fall due."""
    move(world, event, dice, timer=True)


def delete(world: World, event: Event, dice: Dice) -> None:
    """Remove a record at the web."""
    record = _pick(world, dice, lambda it: it.deletable)
    if record is not None:
        change = {
            "op": "delete", "type": record.type, "id": record.id, "customer": record.customer,
            "reason": f"why {event.index}",
        }  # fmt: skip
        world.say(f"{event.who} deletes {record.id}")
        submit(world, WEBS[event.who], [change])


def create(world: World, event: Event, dice: Dice) -> None:
    """Make a record under a customer, or a customer, at the web."""
    types = world.setting.registry.types.values()
    kinds = [it for it in types if "supervisor" in it.made_by and it.reference is None]
    declared = dice.pick([it for it in kinds if it.name not in UNTOUCHED])
    record = world.new_record(f"{declared.name[:4]}{event.index}")
    under = _pick(world, dice, lambda it: it.name == "customer")
    customer = record if declared.name == "customer" or under is None else under.id
    fields = _typist(world, event, dice, customer).record(declared)
    if fields is not None:
        change = {
            "op": "create", "type": declared.name, "id": record, "customer": customer, "set": fields,
        }  # fmt: skip
        world.say(f"{event.who} makes {record}: {fields!r}")
        submit(world, WEBS[event.who], [change])


# --------------------------------------------------------------------------------------- conflicts


def _open(world: World) -> list[RecordState]:
    return [
        it for it in world.server.store.records.values()
        if it.type == "conflict" and it.fields["status"] == "open"
    ]  # fmt: skip


def merge(world: World, event: Event, dice: Dice) -> None:
    """Settle a duplicate at the web."""
    conflict = dice.maybe([it for it in _open(world) if it.fields["kind"] == "duplicate"])
    if conflict is not None:
        _settle_pair(world, WEBS[event.who], conflict, dice)


def resolve(world: World, event: Event, dice: Dice) -> None:
    """Settle an open conflict at the web."""
    conflict = dice.maybe(_open(world))
    if conflict is None:
        return
    clerk, fields = WEBS[event.who], conflict.fields
    authors = [fields["kept"].get("by"), *(it.get("by") for it in fields["others"])]
    if fields.get("sensitive") and ident(clerk.user or "") in authors:
        return
    if fields["kind"] == "duplicate":
        _settle_pair(world, clerk, conflict, dice)
        return
    way = dice.weighted([("keep", 35), ("other", 45), ("custom", 20)])
    one = dice.pick(fields["others"])
    chosen = {"device": one["device"], "number": one["number"]} if way == "other" else None
    view = View("conflict", conflict.id, conflict.customer, conflict.version, fields)
    value = None
    if way == "custom":
        value = custom_value(world, _typist(world, event, dice, conflict.customer), view)
        if value is None:
            return
    changes = resolution(
        world.setting.registry, conflict.id, conflict.customer, fields, way, chosen, value, "so be it"
    )  # fmt: skip
    record = world.server.store.records[fields["record"]]
    declared = world.setting.registry[record.type]
    sets = [it.get("set", {}) for it in changes if it["type"] != "conflict"]
    if not all(may_set(declared, it, record.fields, record.fields, clerk.role) for it in sets):
        return
    world.say(f"{clerk.name} settles {fields['kind']} of {fields['record']} "
              f"{fields.get('field')} as {way}: {[it.get('set') for it in changes]!r}")  # fmt: skip
    submit(world, clerk, changes)


def _settle_pair(world: World, clerk: Clerk, conflict: RecordState, dice: Dice) -> None:
    """Say that two customers are two persons, or that one is the other."""
    settled = {"status": "resolved", "resolution": "keep", "comment": "so be it"}
    facts, small = world.oracle.facts, world.setting.registry.get("place") is not None
    pair = sorted({facts.survivor(it) for it in customers_of(conflict.fields)})
    if small and dice.chance(75):
        settled |= {"resolution": "merge", "survivor": dice.pick(pair)}
    change = {
        "op": "update", "type": "conflict", "id": conflict.id, "customer": conflict.customer,
        "set": settled,
    }  # fmt: skip
    world.say(f"{clerk.name} settles the duplicate of {conflict.fields['record']}: {settled!r}")
    submit(world, clerk, [change])


def reopen(world: World, event: Event, dice: Dice) -> None:
    """Open a settled conflict again."""
    found = [
        it for it in world.server.store.records.values()
        if it.type == "conflict" and it.fields["status"] == "resolved"
        and it.fields["resolution"] != "merge"
    ]  # fmt: skip
    conflict = dice.maybe(found)
    if conflict is not None:
        change = {
            "op": "update", "type": "conflict", "id": conflict.id, "customer": conflict.customer,
            "set": {"status": "open"},
        }  # fmt: skip
        world.say(f"{event.who} reopens the conflict about {conflict.fields['record']}")
        submit(world, WEBS[event.who], [change])


# ------------------------------------------------------------------------------------- assignments


def assign(world: World, event: Event, dice: Dice) -> None:
    """Hand a customer over, or let somebody cover or inspect him."""
    records = world.server.store.records.values()
    customer = dice.pick([it.id for it in records if it.type == "customer" and not it.deleted])
    if dice.chance(50) and not world.server.store.records[ident("C1")].deleted:
        customer = ident("C1")
    role = dice.weighted([("primary", 60), ("cover", 25), ("inspector", 15)])
    user = dice.pick([it for it, of in CAST.items() if of == "officer" or role == "inspector"])
    last = day_after(world.server.today, dice.pick((0, 1, 2, 200)))
    until = {} if role == "primary" else {"valid_to": last}
    fields = {
        "officer_id": ident(user), "customer_id": customer, "role": role,
        "valid_from": world.server.today,
        **until,
    }  # fmt: skip
    record = world.new_record(f"assignment {event.index}")
    change = {
        "op": "create", "type": "assignment", "id": record, "customer": None, "set": fields,
    }  # fmt: skip
    world.say(f"{event.who} gives {customer} to {user} as {role}")
    submit(world, WEBS[event.who], [change])


def take_away(world: World, event: Event, dice: Dice) -> None:
    """End an assignment."""
    found = [
        (it.id, hold.assignment, hold.user)
        for it in world.server.store.records.values()
        for hold in it.holders
        if hold.ended is None
    ]
    chosen = dice.maybe(found)
    if chosen is None:
        return
    customer, assignment, user = chosen
    change = {
        "op": "update", "type": "assignment", "id": assignment, "customer": None,
        "set": {"valid_to": "2026-06-15"},
    }  # fmt: skip
    world.say(f"{event.who} takes {customer} from {user}")
    submit(world, OFFICE_CLERK, [change])


def night(world: World, event: Event, dice: Dice) -> None:
    """Let a day pass: what falls due is seen to with the next request of any device."""
    world.server.today = world.oracle.facts.today = day_after(world.server.today, 1)
    world.say(f"it is {world.server.today}")
