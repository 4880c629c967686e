"""What bad clients send: sets that must be refused with a certain code, requests that must fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.simulation.desk import Desk, Shape
from tests.simulation.dice import Dice
from tests.simulation.hands import is_editable, open_form, pick_view
from tests.simulation.messages import Cursor, Request
from tests.simulation.plan import Event
from tests.simulation.setting import ident
from tests.simulation.typed import Broken
from tests.simulation.world import Tablet, World

Json = Any
MOVED_ON = ("out-of-scope", "unknown-record", "depends-on-rejected")
"""Codes that come first where the record that a hostile set names is no more the user's."""


def hostile(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Save a set that must be refused, or send a request that must fail."""
    if dice.chance(30):
        dice.pick(_REQUESTS)(world, tablet, dice)
    else:
        dice.pick(_SETS)(world, tablet, event, dice)


def _keep(
    world: World, desk: Desk, changes: list[Shape], codes: tuple[str, ...], **members: Json
) -> None:
    opening = world.oracle.opening(desk.name)
    on = members.pop("stood_on", None)
    excuse = str(members.pop("excuse", ""))
    made = desk.keep(
        changes, opening, on, members.pop("action", "edit"), hostile=codes,
        readable=bool(excuse), excuse=excuse, **members,
    )  # fmt: skip
    world.say(f"{desk.name} saves {made.number}, to be refused with {codes}: {changes!r}")


def _update(world: World, tablet: Tablet, dice: Dice) -> Shape | None:
    view = pick_view(world, tablet, dice, is_editable)
    if view is None:
        return None
    return {
        "op": "update", "type": view.type, "id": view.id, "customer": view.customer, "set": {},
    }  # fmt: skip


# ------------------------------------------------------------------------------------- malformed


def _malformed(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """A set that cannot be read as one: it is refused, and what lies behind it is not."""
    change = _update(world, tablet, dice)
    if change is None:
        return
    fine = {**change, "set": {}}
    bad: list[tuple[Json, tuple[str, ...]]] = [
        ({**change, "set": {"no_such_field": 1}}, ("unknown-field",)),
        ({**change, "op": "overwrite"}, ("bad-change",)),
        ({**change, "type": "no_such_type"}, ("unknown-type",)),
        ({**change, "id": change["id"].upper()}, ("bad-change",)),
        ({**change, "customer": None if change["customer"] else ident("nobody")}, ("bad-change",)),
        ({**change, "more": 1}, ("bad-change",)),
        ({**change, "over": {"no_such_unit": 1}}, ("bad-change",)),
        ("not a change", ("bad-change",)),
        ({"op": "delete", **{it: change[it] for it in ("type", "id", "customer")}},
         ("required", "not-permitted")),
        ({**change, "type": "customer", "id": change["customer"],
          "set": {"name": "nul\x00"}}, ("invalid-value",)),
    ]  # fmt: skip
    chosen, codes = dice.pick(bad)
    changes = [fine, chosen] if dice.chance(50) else [chosen]
    _keep(world, world.at_desk(tablet), changes, codes)


def _stand_in(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """A set that its device cannot send goes as a stand-in."""
    action = dice.pick(("too-large", "unreadable", "withdrawn"))
    _keep(world, world.at_desk(tablet), [], (action,), action=action)


def _many(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """More changes than a set may have."""
    change = _update(world, tablet, dice)
    if change is not None:
        _keep(world, world.at_desk(tablet), [change] * 501, ("too-large",))


def _future(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """A base that nobody can have seen."""
    change = _update(world, tablet, dice)
    if change is not None:
        on = (1_000_000, tablet.disk.view_epoch)
        _keep(
            world, world.at_desk(tablet), [change], ("bad-change",), stood_on=on, excuse="restore"
        )


def _over_nothing(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """An `over` that names a set which never touched the field."""
    customer = ident("C1")
    if customer not in tablet.disk.copy:
        return
    number = tablet.device.last_number() + 1_000
    change = {
        "op": "update", "type": "customer", "id": customer, "customer": customer,
        "set": {"name": f"h{event.index}"}, "over": {"name": number},
    }  # fmt: skip
    codes = ("bad-change", *MOVED_ON)
    _keep(world, world.at_desk(tablet), [change], codes, excuse="renewal")


# --------------------------------------------------------------------------------- not for this user


def _foreign(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """Somebody else's record, or none at all: the answer is the same."""
    facts, user = world.oracle.facts, tablet.disk.user
    never = [it for it, holds in facts.holds.items() if all(one.user != user for one in holds)]
    records = [it for it in facts.records.values() if it.customer in never and it.alias is None]
    target = dice.maybe(records)
    if target is None or dice.chance(30):
        record, customer, kind = ident(f"nobody {event.index}"), ident("nobody"), "note"
    else:
        record, customer, kind = target.id, str(target.customer), target.type
    kind = "customer" if record == customer else kind
    declared = tablet.desk.registry.get(kind)
    if declared is None or declared.create_only or kind == "conflict":
        return
    own = ident("C1")
    made = ident(f"foreign {event.index}")
    ways: list[Shape] = [
        {"op": "update", "type": kind, "id": record, "customer": customer, "set": {}},
        {"op": "update", "type": kind, "id": record, "customer": own, "set": {}},
        {"op": "create", "type": "visit", "id": made, "customer": own, "set": {"note_id": record}},
        {"op": "create", "type": "note", "id": made, "customer": customer, "set": {}},
    ]
    ways = [it for it in ways if kind != "customer" or it["customer"] == it["id"]]
    small = world.setting.registry.get("place") is not None
    way = dice.pick(ways if small else ways[:1])
    if way["op"] == "create" and way["type"] == "visit" and kind == "customer":
        return
    codes = ("unknown-record", "depends-on-rejected", "out-of-scope")
    changes = [*_harmless(event, own, dice), way] if small else [way]
    _keep(world, world.at_desk(tablet), changes, codes, excuse="scope")


def _harmless(event: Event, customer: str, dice: Dice) -> list[Shape]:
    """Return a change that nothing is wrong with, or none: what stands beside a bad one is refused too."""
    made = ident(f"beside {event.index}")
    note = {"op": "create", "type": "note", "id": made, "customer": customer, "set": {}}
    return [note] if dice.chance(50) else []


def _not_permitted(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """A field that this user may not write, with one that he may: nothing of it is stored."""
    view = pick_view(world, tablet, dice, lambda it, _: it.name == "customer")
    if view is None or tablet.disk.role != "officer" or world.setting.registry.get("place") is None:
        return
    desk, form = open_form(world, tablet, view.id)
    if form is None:
        return
    form.typed = {"limit": event.index, "name": f"h{event.index}", "remark": f"h{event.index}。"}
    change, own, seen = desk.edition(form)
    changes = [*_harmless(event, view.id, dice), change]
    codes = ("not-permitted", *MOVED_ON)
    made = desk.keep(changes, form.opening, form.stood_on, "edit", seen, own, codes)
    world.say(f"{desk.name} saves {made.number}, not permitted: {form.typed!r}")


def _not_made_here(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """A record of a type that only the office makes."""
    types = world.setting.registry
    kind = "place" if types.get("place") is not None else "org_unit"
    made: Shape = {
        "op": "create", "type": kind, "id": ident(f"not his {event.index}"), "customer": None,
        "set": {"name": f"h{event.index}"},
    }  # fmt: skip
    if kind == "org_unit":
        made["set"] |= {"code": "ZZ", "kind": "outlet"}
    _keep(world, world.at_desk(tablet), [made], ("not-permitted",))


def _bad_resolution(world: World, tablet: Tablet, event: Event, dice: Dice) -> None:
    """A conflict settled in a way that nobody may."""
    view = pick_view(world, tablet, dice, lambda it, _: it.name == "conflict")
    if view is None or view.fields["status"] != "open":
        return
    update = {"op": "update", "type": "conflict", "id": view.id, "customer": view.customer}
    resolved = {"status": "resolved", "comment": "so be it"}
    ways: list[tuple[Shape, str]] = [
        ({"status": "resolved"}, "required"),
        ({**resolved, "resolution": "merge"}, "invalid-value"),
        ({**resolved, "resolution": "custom"}, "bad-change"),
        ({"status": "resolved", "resolution": "custom"}, "required"),
        ({"comment": "so be it"}, "invalid-transition"),
        ({**resolved, "resolution": "keep", "kept": {}}, "not-permitted"),
    ]
    if tablet.disk.role == "officer":
        ways.append(({"status": "open"}, "not-permitted"))
    if view.fields["kind"] == "duplicate":
        if tablet.disk.role != "officer":
            return
        ways = [({**resolved, "resolution": "keep"}, "not-permitted")]
    fields, code = dice.pick(ways)
    codes = (code, "not-permitted", *MOVED_ON)
    _keep(world, world.at_desk(tablet), [{**update, "set": fields}], codes)


# ---------------------------------------------------------------------------------------- requests


def _gap(world: World, tablet: Tablet, dice: Dice) -> None:
    """A set number that leaves one out."""
    known = world.server.store.known(tablet.disk.id)
    _refused(world, tablet, known + 2, "sets-out-of-order")


def _changed(world: World, tablet: Tablet, dice: Dice) -> None:
    """A number that is known, with another content."""
    known = world.server.store.known(tablet.disk.id)
    if known:
        _refused(world, tablet, dice.between(1, known), "set-changed")


def _refused(world: World, tablet: Tablet, number: int, code: str) -> None:
    disk = tablet.disk
    raw = {
        "number": number, "id": ident("forged"), "epoch": None, "schema": 1, "base": 1,
        "action": "forged", "made_at": None, "clock": None, "changes": [],
    }  # fmt: skip
    request = Request(disk.id, disk.user, disk.role, None, 5, (raw,), world.now_ms, 1, world.now_ms)
    _send(world, request, code)


def _forged_cursor(world: World, tablet: Tablet, dice: Dice) -> None:
    """A cursor of another device, or one that is ahead of the log."""
    disk = tablet.disk
    head = world.server.store.head
    cursor = dice.pick((Cursor("other", 0, 0, 0), Cursor(disk.id, head + 9, head + 9, head + 9)))
    request = Request(disk.id, disk.user, disk.role, cursor, 5, (), world.now_ms, 1, world.now_ms)
    _send(world, request, "bad-cursor")


def _send(world: World, request: Request, code: str) -> None:
    world.say(f"a forged request comes from {request.device}: {code}")
    store = world.server.store
    if code == "bad-cursor" and request.device in store.locked:
        code = "device-locked"  # which is said before the cursor is looked at
    if request.device in store.wiped:
        code = "device-wiped"  # and before anything else at all
    before = (store.head, len(store.log), store.known(request.device))
    reply = world.server.handle(replace(request))
    after = (store.head, len(store.log), store.known(request.device))
    if reply is None or reply.code != code or before != after:
        raise Broken("refused", f"a forged request: {code} wanted, came {reply}")


_SETS: tuple[Callable[[World, Tablet, Event, Dice], None], ...] = (
    _malformed, _malformed, _malformed, _stand_in, _stand_in, _many, _future, _over_nothing,
    _foreign, _foreign, _foreign, _not_permitted, _not_permitted, _not_made_here, _bad_resolution,
    _bad_resolution,
)  # fmt: skip
_REQUESTS: tuple[Callable[[World, Tablet, Dice], None], ...] = (_gap, _changed, _forged_cursor)
