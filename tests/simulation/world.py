"""One branch in the course of a run: server, tablets, web, network, time, and the oracle that looks on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.declare import RecordType, Registry
from sync.rebase import Held
from tests.simulation import looks
from tests.simulation.desk import Desk
from tests.simulation.device import Device
from tests.simulation.dice import Dice
from tests.simulation.disk import Disk
from tests.simulation.editions import edition
from tests.simulation.facts import Facts
from tests.simulation.messages import Reply, Request
from tests.simulation.oracle import Oracle
from tests.simulation.plan import Cast
from tests.simulation.screens import Served, StoreFacts
from tests.simulation.server import Fate, Server
from tests.simulation.setting import START_MS, Setting, ident
from tests.simulation.store import Store
from tests.simulation.tally import count
from tests.simulation.typed import Journal
from tests.simulation.wipes import begin_anew

Json = Any
MINUTE_MS = 60_000


@dataclass
class Flight:
    """A request under way, and its answer once the server has given one."""

    request: Request
    reply: Reply | None = None
    served: Served | None = None


@dataclass
class Tablet:
    """A tablet in the field: its desk, its clock's error, what is under way, an image of its disk."""

    desk: Desk
    offset_ms: int = 0
    flight: Flight | None = None
    image: tuple[Disk, StoreFacts] | None = None
    jumped: bool = False
    journal: Journal = "untrimmed"

    @property
    def name(self) -> str:
        return self.desk.name

    @property
    def device(self) -> Device:
        return self.desk.device

    @property
    def disk(self) -> Disk:
        return self.desk.device.disk


@dataclass(frozen=True)
class Backup:
    """The server as it was once, and what the oracle knew then."""

    store: Store
    facts: Facts


@dataclass
class World:
    """Everything of one run.

    `tell` hears the story, where anybody listens; `when_asked` is what a server sees to first; `counts`:
    how often what happened (tally.py).
    """

    setting: Setting
    hot: int = 0
    calm: bool = False
    slices: bool = False
    tell: Callable[[str], None] | None = None
    now_ms: int = START_MS
    tablets: dict[str, Tablet] = field(default_factory=dict)
    network: list[Flight] = field(default_factory=list)
    handled: list[Request] = field(default_factory=list)
    serial: int = 0
    names: dict[str, str] = field(default_factory=dict)
    pages: list[Any] = field(default_factory=list)
    backup: Backup | None = None
    when_asked: Callable[[World], None] = lambda world: None
    said: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        registry = self.setting.registry
        types: Mapping[str, RecordType] = registry.types
        self.names = dict(self.setting.names)
        facts = replace(self.setting.facts.copy(), typed={}, by_store=defaultdict(list))
        self.oracle = Oracle(types, facts)
        store = self.setting.store.copy()
        self.server = Server(store, self.slices, self.oracle.decided, self.now_ms)

    # ------------------------------------------------------------------------------------- people

    def add_tablet(self, one: Cast) -> None:
        """Bring a tablet into the field: with what it holds since the beginning, or with nothing."""
        name, empty, registry = one.name, one.empty, self.setting.registry
        disk = self.setting.disks[name].image()
        if empty:
            disk = Disk(disk.id, disk.user, disk.role, stamp=disk.stamp, epoch=disk.epoch)
        disk.schema = max(1, registry.schema - one.behind)
        if one.behind and disk.cursor is not None:
            disk.cursor = disk.cursor._replace(schema=disk.schema, seen=disk.schema)
            disk.copy = _as_known(disk, registry)
        device = Device(disk, registry, one.page, one.at_once)
        self.tablets[name] = Tablet(Desk(name, device, self.oracle), one.offset_ms)
        known = StoreFacts(disk.user, seen=-1 if empty else 0, schema=disk.schema)
        if not empty:
            known.scope = {
                it.id: it for it in self.oracle.facts.scope(disk.user, self.oracle.types)
            }
        self.oracle.stores[name] = known

    def at_desk(self, tablet: Tablet) -> Desk:
        """Sit down at a tablet: it is now, and the next set has an id."""
        desk = tablet.desk
        desk.now_ms, desk.clock_ms = self.now_ms, self.now_ms + tablet.offset_ms
        waits = tablet.flight is not None or any(
            it.request.device == tablet.disk.id for it in self.network
        )
        desk.steady = not (tablet.jumped or waits)
        desk.serial, desk.next_id = self.new_serial()
        return desk

    def new_serial(self) -> tuple[int, str]:
        """Return a number and an id for the next set of anybody."""
        self.serial += 1
        return self.serial, ident(f"set {self.serial}")

    def new_record(self, name: str) -> str:
        """Return the id of a new record, and remember its name."""
        self.names[ident(name)] = name
        return ident(name)

    def pick_record(self, dice: Dice, among: Iterable[str]) -> str | None:
        """Return one of several records, mostly the one that everybody is busy with, or the newest."""
        found = sorted(set(among))
        if self.hot % 3 == 2 and dice.chance(50):
            return next((it for it in reversed(self.names) if it in found), None)
        busy = self.setting.busy[self.hot % len(self.setting.busy)]
        often = 92 if self.hot % 5 == 4 else 65
        return busy if busy in found and dice.chance(often) else dice.maybe(found)

    def say(self, words: str) -> None:
        """Tell what happens, with names in place of ids."""
        self.said += 1
        if self.tell is not None:
            for made, name in self.names.items():
                words = words.replace(made, name)
            self.tell(words)

    # ----------------------------------------------------------------------------------- the network

    def ask(self, tablet: Tablet) -> Flight:
        """Let a tablet send a request; what was under way before is given up, and may still arrive."""
        if tablet.flight is not None and tablet.flight.reply is None:
            self.network.append(tablet.flight)
        request = tablet.device.request(self.now_ms + tablet.offset_ms, self.now_ms)
        tablet.flight = Flight(request)
        return tablet.flight

    def serve(self, flight: Flight, fate: Fate = "together", after: int = 1) -> None:
        """Let the server handle a request; an answer is then on its way, unless the server dies."""
        request = flight.request
        if fate != "dies" and request.epoch == self.server.store.epoch:
            self.when_asked(self)
        if request.asked_ms != self.now_ms:
            for raw in request.sets:
                self.oracle.facts.typed[raw["id"]].steady = False
        self.server.now_ms = self.now_ms
        reply = self.server.handle(request, fate, after)
        kept = self.server.store.sets.get(request.device, {})
        self.oracle.facts.sent_by[request.device] = {it.set_id for it in kept.values()}
        if len(self.handled) < 40:
            self.handled.append(request)
        if reply is None:
            self.counts["the server dies"] += 1
        else:
            count(self.counts, request, reply)
            flight.reply, flight.served = reply, self.oracle.served(request, reply)

    def hear(self, tablet: Tablet, dies_after: int | None = None) -> str:
        """Let a tablet take in the answer that is there; *dies_after*: how many steps it gets to."""
        flight = tablet.flight
        assert flight is not None
        assert flight.reply is not None
        assert flight.served is not None
        tablet.flight = None
        self.said += 1
        word, device, epoch = "dies", tablet.disk.id, tablet.disk.epoch
        steps: Iterator[str] = tablet.device.hear(flight.request, flight.reply)
        for place, word in enumerate(steps):
            if word in ("the page is stored", "results are stored"):
                self._note_heard(tablet, flight.request, flight.reply, flight.served)
            if flight.reply.code == "epoch-changed" and tablet.disk.epoch != epoch:
                epoch = tablet.disk.epoch
                self.oracle.epoch_begun(tablet.name, device)
            if tablet.disk.id != device:
                self.counts["a device registers anew"] += 1
                device = tablet.disk.id
                self.oracle.renewed(tablet.name)
                self.say(f"   {tablet.name} registers as a new device")
            if dies_after is not None and place + 1 >= dies_after:
                return "dies"
        if word == "wiped":
            self.counts[f"wiped, the journal {tablet.journal}"] += 1
            begin_anew(self, tablet)
            return "sign in"
        return word

    def _note_heard(self, tablet: Tablet, request: Request, reply: Reply, served: Served) -> None:
        oracle, name = self.oracle, tablet.name
        oracle.heard_results(name, request, reply)
        if reply.code is not None or tablet.disk.id != request.device:
            return
        oracle.heard_page(name, request, reply, served, tablet.disk.whole)
        if reply.ends_run:
            looks.check_copy(self, tablet)


def _as_known(disk: Disk, registry: Registry) -> dict[str, Held]:
    """Return a server copy as a tablet of an older version has it."""
    known = edition(registry, disk.schema)
    copy: dict[str, Held] = {}
    for record, held in disk.copy.items():
        declared = known.get(held.type)
        if declared is not None:
            fields = {path: it for path, it in held.fields.items() if declared.field(path)}
            copy[record] = replace(held, fields=fields)
    return copy
