"""Those who work at the server itself: supervisors at the web, the office, the server's own timer.

They reach the whole branch; their sets are numbered and decided like any other, at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from typing import Any

from schemas.declare import SERVER
from schemas.values import format_instant, from_millis
from sync.ledger import RecordState
from sync.scope import Actor
from tests.simulation.desk import Shape
from tests.simulation.messages import Ours, change_of
from tests.simulation.offers import Caller
from tests.simulation.setting import OFFICE, ident
from tests.simulation.typed import Broken, Deed, Typed
from tests.simulation.world import World

Json = Any


@dataclass(frozen=True)
class Clerk:
    """Somebody at the server: a supervisor at the web, or (user None) the server itself."""

    name: str
    user: str | None = None
    role: str = SERVER
    timer: bool = False

    @property
    def device(self) -> str:
        """The device that his sets come from."""
        return OFFICE if self.user is None else ident(f"web {self.name}")


OFFICER_WEB = Clerk("W3", "U3", "supervisor")
OTHER_WEB = Clerk("W4", "U4", "supervisor")
OFFICE_CLERK = Clerk("office")
TIMER = Clerk("timer", timer=True)
WEBS: Mapping[str, Clerk] = {"W3": OFFICER_WEB, "W4": OTHER_WEB}


@dataclass(frozen=True)
class Opened:
    """A web page with a record on it: as it was, the position and the moment of the view."""

    clerk: Clerk
    record: RecordState
    base: int
    seen: int


def submit(
    world: World,
    clerk: Clerk,
    changes: Sequence[Shape],
    base: int | None = None,
    seen: int | None = None,
) -> dict[str, Json]:
    """Let a clerk's set be decided, on the view that he has; return its result."""
    server, oracle = world.server, world.oracle
    serial, set_id = world.new_serial()
    number = server.store.known(clerk.device) + 1
    made = format_instant(from_millis(world.now_ms))
    raw: Shape = {
        "number": number, "id": set_id, "epoch": None,
        "schema": world.setting.registry.schema,
        "base": server.store.head if base is None else base, "action": "web", "made_at": made,
        "changes": Ours(changes),
    }  # fmt: skip
    parsed = [change_of(it) for it in changes]
    deeds = tuple(
        Deed(it.op, it.type, it.id, it.customer, dict(it.set), it.reason, it.set) for it in parsed
    )
    user = ident(clerk.user) if clerk.user else None
    oracle.note(
        Typed(
            set_id, clerk.name, user, clerk.role, oracle.facts.moment if seen is None else seen,
            serial, deeds, {}, world.now_ms, whole_branch=True, timer=clerk.timer,
            epoch=oracle.facts.epoch,
        )
    )  # fmt: skip
    server.now_ms = world.now_ms
    actor = Actor(user, clerk.role, clerk.device, whole_branch=True, timer=clerk.timer)
    result = server.apply(Caller(actor, world.now_ms), (raw,)).results[0]
    if result["number"] != number or result["repeated"]:
        raise Broken("exactly once", f"a new set of {clerk.name} is not new")
    world.say(f"   {clerk.name}: {result['status']} {_codes(result)}")
    return result


def day_after(date: str, days: int) -> str:
    """Return the date so many days after another."""
    return (Date.fromisoformat(date) + timedelta(days=days)).isoformat()


def end_due(world: World) -> None:
    """End the assignments whose last day has passed: the last day is said once more (section 7)."""
    records = world.server.store.records
    holds = [it for one in records.values() for it in one.holders if it.ended is None]
    for hold in holds:
        last = records[hold.assignment].fields.get("valid_to")
        if last is not None and last < world.server.today:
            change = {
                "op": "update", "type": "assignment", "id": hold.assignment, "customer": None,
                "set": {"valid_to": last},
            }  # fmt: skip
            world.say(f"{hold.assignment} ends")
            submit(world, TIMER, [change])


def _codes(result: Mapping[str, Json]) -> str:
    return ", ".join(it["code"] for it in result.get("errors", ()))
