"""Sets that a restored server holds, and decides again when something arrives (protocol.md, section 8).

The rule is that of `server/held.py`; here the engine always sees the whole branch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from schemas.messages import ChangeSet
from sync.engine import Engine, Moment
from sync.held import Since
from sync.ledger import Ledger
from sync.scope import Actor
from tests.simulation.store import Held, Kept, Store, creates_of

if TYPE_CHECKING:
    from tests.simulation.decisions import Decision
    from tests.simulation.server import Server

Json = Any
ARRIVES = ("create", "revive", "merge", "move")


@dataclass
class Arrived:
    """What may end the waiting of a set: records by id, users whose scope changed."""

    records: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)

    def note(self, store: Store, ledger: Ledger) -> None:
        """Take in what was decided over a ledger."""
        self.records |= {it.record for it in ledger.written if it.op in ARRIVES}
        self.users |= {it.user for it in ledger.moves}
        for state in ledger.touched.values():
            named = (state.fields.get(it) for it in store.registry[state.type].users)
            self.users |= {it for it in named if it}

    def concerns(self, one: Held) -> bool:
        """Tell whether this may be what a held set has waited for."""
        return one.actor.user in self.users or not self.records.isdisjoint(one.names)


def since_of(store: Store, raw: dict[str, Json], later: frozenset[str] = frozenset()) -> Since:
    """Tell how a set stands to the restores of the server."""
    earlier = bool(store.restores) and raw["epoch"] not in (None, store.epoch)
    return Since(earlier, later)


def held_of(actor: Actor, raw: dict[str, Json], moment: Moment) -> Held:
    """Return a set as it is held."""
    names: set[str] = set()
    for change in raw["changes"]:
        names |= {change["id"], change["customer"] or ""}
        for value in change.get("set", {}).values():
            several = value if isinstance(value, list) else [value]
            if isinstance(value, dict):
                several = [*value.get("add", ()), *value.values()]
            names |= {it for it in several if isinstance(it, str)}
    return Held(actor, raw, moment, frozenset(names))


def follow(store: Store, actor: Actor, raw: dict[str, Json]) -> None:
    """Let a held set go by the number under which the same user's new device sends it."""
    for key, one in list(store.held.items()):
        if (one.actor.user, one.raw["id"]) == (actor.user, raw["id"]):
            del store.held[key]
            store.held[actor.device, raw["number"]] = replace(one, actor=actor, raw=raw)


def try_again(server: Server, arrived: Arrived) -> None:
    """Decide again what may have waited for what has arrived, until no more comes of it."""
    while due := [it for _, it in sorted(server.store.held.items()) if arrived.concerns(it)]:
        arrived = Arrived()
        for device in dict.fromkeys(it.actor.device for it in due):
            _run(server, [it for it in due if it.actor.device == device], arrived)


def _run(server: Server, rows: Iterable[Held], arrived: Arrived) -> None:
    """Decide the sets of one device in order, in one transaction."""
    rows = list(rows)
    store, actor = server.store, rows[0].actor
    ledger = store.ledger(actor.device)
    ledger.adopt(server.sent_again(actor, ()), actor.device)
    engine = Engine(store.registry, ledger, store.branch, server.today)
    decisions: list[Decision] = []
    for one in rows:
        parsed = server.read(one.raw)
        assert isinstance(parsed, ChangeSet)
        ledger.held_creates -= set(creates_of(one.raw))
        since = since_of(store, one.raw, _later(store, one))
        decision = server.decided(engine, actor, one.raw, parsed, one.moment, since)
        if decision.result["status"] != "held":
            decisions.append(decision)
            if decision.result["status"] == "rejected":
                arrived.records |= set(creates_of(one.raw))
    ended = {it.raw["id"]: it.result for it in decisions}
    store.commit(ledger, _changed(store, ledger, actor, ended))
    arrived.note(store, ledger)
    for key in [it for it, one in store.held.items() if one.raw["id"] in ended]:
        del store.held[key]
    for decision in decisions:
        server.watch(decision)


def _changed(
    store: Store, ledger: Ledger, actor: Actor, ended: dict[str, dict[str, Json]]
) -> Iterable[Kept]:
    """Return the sets with their results, under every number that they go by."""
    mine = store.sets[actor.device].values()
    decided = {it.set_id: ledger.decided[it.number] for it in mine if it.set_id in ended}
    return [
        replace(it, result=ended[it.set_id], decided=replace(decided[it.set_id], number=it.number))
        for sets in store.sets.values()
        for it in list(sets.values())
        if it.set_id in ended and it.user == actor.user
    ]


def _later(store: Store, one: Held) -> frozenset[str]:
    """Return the sets that a device of the same user has sent with a greater number."""
    return frozenset(
        later.set_id
        for sets in store.sets.values()
        for it in sets.values()
        if it.set_id == one.raw["id"] and it.user == one.actor.user
        for later in sets.values()
        if later.number > it.number
    )
