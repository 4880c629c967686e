"""Where a run begins: a branch with its people, customers and first records, and bootstrapped tablets.

It is made once by the server's own means, and every run goes on from a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from schemas.declare import SERVER, Registry
from schemas.registry import REGISTRY
from schemas.values import Hlc, derived_id, format_instant, from_millis
from sync.scope import Actor
from tests.simulation.declared import SMALL
from tests.simulation.device import Device
from tests.simulation.dice import Dice
from tests.simulation.disk import Disk
from tests.simulation.facts import Facts
from tests.simulation.offers import Caller
from tests.simulation.persons import customers_of
from tests.simulation.phrases import Phrases
from tests.simulation.server import TODAY, Server
from tests.simulation.store import Store
from tests.simulation.typed import Hold, RecordFacts, Stand, unit_of
from tests.simulation.typist import Typist

Json = Any
PRODUCT = Registry(
    [replace(it, guards=(), follow_up=None) for it in REGISTRY.types.values()],
    REGISTRY.schema,
    REGISTRY.steps,
)
"""The product's declarations without what follows from other records, of which who types here knows nothing."""
START_MS = 1_781_571_600_000
"""2026-06-16, 01:00 UTC."""
CAST = {"U1": "officer", "U2": "officer", "U3": "supervisor", "U4": "supervisor"}
TABLETS = {"T1": "U1", "T2": "U2", "T3": "U1", "T4": "U3"}
HOLDERS = {
    "C1": (("U1", "primary"), ("U2", "cover"), ("U3", "inspector")),
    "C2": (("U2", "primary"),),
    "C3": (("U1", "primary"),),
}


@lru_cache(maxsize=4096)
def ident(name: str) -> str:
    """Return the id that goes by a name."""
    return derived_id("simulation", name)


OFFICE = ident("office")
BRANCH = ident("branch")


@dataclass(frozen=True)
class Setting:
    """A branch to begin with; `names` gives ids back in people's words, `busy` are popular records."""

    registry: Registry
    store: Store
    disks: Mapping[str, Disk]
    facts: Facts
    busy: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)


@cache
def setting(product: bool) -> Setting:
    """Return the beginning of every run, over the simulator's types or the product's."""
    return _Builder(PRODUCT if product else SMALL).build()


class _Builder:
    """Makes a setting: the office creates everything, then each tablet bootstraps."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.server = Server(Store(registry, BRANCH), now_ms=START_MS)
        self.names: dict[str, str] = {}
        self.holds: dict[str, list[Hold]] = {}
        self.number = 0

    def build(self) -> Setting:
        small = self.registry is SMALL
        (self._small if small else self._product)()
        for customer, holders in HOLDERS.items():
            for user, role in holders:
                self._assign(customer, user, role)
        disks = {name: self._tablet(name, user) for name, user in TABLETS.items()}
        busy = (
            ("C1", "V1", "N1", "C1", "A1", "C1") if small else ("C1", "R0", "R1", "R2", "R0", "R3")
        )
        known = tuple(map(ident, busy))
        return Setting(self.registry, self.server.store, disks, self._facts(), known, self.names)

    # -------------------------------------------------------------------------------- the records

    def _small(self) -> None:
        for place in ("P1", "P2"):
            self._make("place", place, None, {"name": place})
        for user in CAST:
            self._make("user", user, None, {"name": user})
        full = {
            "name": "Chen", "phone": "p", "remark": "甲。乙。丙。", "tags": ["a", "b"], "visits": 3,
            "amount": 3, "months": 6, "start": 1, "end": 9, "secret": "s", "grade": "A",
            "place_id": ident("P1"), "nick": "n", "care": "己。", "paper": "id1",
        }  # fmt: skip
        self._make("customer", "C1", "C1", full)
        self._make("customer", "C2", "C2", {"name": "Liu", "phone": "q", "paper": "id2"})
        self._make("customer", "C3", "C3", {"name": "Wu", "remark": "甲。"})
        self._make("note", "N1", "C1", {"words": "甲。乙。", "mood": "p"})
        self._make("note", "N2", "C2", {"words": "丁。"})
        self._make("asset", "A1", "C1", {"kind": "ox", "use": "plough"})
        self._make("asset", "A2", "C1", {"kind": "pig", "use": "food"})
        self._make("memo", "M1", "C1", {"words": "戊。"})
        answers = {
            "answers.F01.value": "yes",
            "answers.F01.note": "甲。",
            "answers.F02.value": "no",
        }
        self._make("visit", "V1", "C1", answers)

    def _product(self) -> None:
        self._make("org_unit", "P1", None, {"name": "branch", "code": "QH", "kind": "outlet"})
        for user, role in CAST.items():
            fields = {"name": user, "role": role, "unit_id": ident("P1")}
            self._make("user", user, None, fields)
        for customer in HOLDERS:
            self._typed("customer", customer, customer)
        for place, kind in enumerate(("visit", "task", "inspection_note", "household_member")):
            self._typed(kind, f"R{place}", "C1")

    def _typed(self, kind: str, name: str, customer: str) -> None:
        """Make a record with whatever comes to mind; what the type will not have is left out."""
        for seed in range(40):
            known = {it.id: it.type for it in self.server.store.records.values()}

            def of_type(wanted: str, known: Mapping[str, str] = known) -> list[str]:
                return [it for it, one in known.items() if wanted in (one, "")]

            typist = Typist(
                self.registry, "supervisor", ident("U1"), Phrases(Dice(seed), "0", of_type)
            )
            fields = typist.record(self.registry[kind])
            if fields is not None and self._try(kind, name, customer, fields):
                return
        raise AssertionError(f"nothing fits {kind}")

    def _make(self, kind: str, name: str, customer: str | None, fields: dict[str, Json]) -> None:
        assert self._try(kind, name, customer, fields), (kind, name)

    def _try(self, kind: str, name: str, customer: str | None, fields: dict[str, Json]) -> bool:
        under = ident(customer) if customer else None
        change = {
            "op": "create", "type": kind, "id": ident(name), "customer": under, "set": fields,
        }  # fmt: skip
        self.number += 1
        raw = {
            "number": self.number, "id": ident(f"setup {self.number}"), "epoch": None,
            "schema": self.registry.schema,
            "base": self.server.store.head, "action": "setup",
            "made_at": format_instant(from_millis(START_MS)), "changes": [change],
        }  # fmt: skip
        caller = Caller(Actor(None, SERVER, OFFICE, whole_branch=True), START_MS)
        result = self.server.apply(caller, (raw,)).results[0]
        if result["status"] == "applied":
            self.names[ident(name)] = name
        return bool(result["status"] == "applied")

    def _assign(self, customer: str, user: str, role: str) -> None:
        name = f"{customer} to {user}"
        until = {} if role == "primary" else {"valid_to": "2026-12-31"}
        fields = {
            "officer_id": ident(user), "customer_id": ident(customer), "role": role,
            "valid_from": TODAY, **until,
        }  # fmt: skip
        self._make("assignment", name, None, fields)
        hold = Hold(ident(user), role, ident(name), 0)
        self.holds.setdefault(ident(customer), []).append(hold)

    # -------------------------------------------------------------------------------- tablets, facts

    def _tablet(self, name: str, user: str) -> Disk:
        disk = Disk(ident(name), ident(user), CAST[user], stamp=Hlc(0, 0, ident(name)))
        disk.schema = self.registry.schema
        device = Device(disk, self.registry)
        request = device.request(START_MS, START_MS)
        reply = self.server.handle(request)
        assert reply is not None
        assert list(device.hear(request, reply))[-1] == "done"
        return disk

    def _facts(self) -> Facts:
        facts = Facts(records=dict(self.server.store.records))
        facts.holds.update(self.holds)
        for state in facts.records.values():
            facts.about[state.id] = RecordFacts(0, OFFICE, "setup", [(0, OFFICE, "setup")])
            declared = self.registry[state.type]
            if state.type == "conflict":
                facts.pairs.add(customers_of(state.fields))  # no other kind comes of making records
            for unit in dict.fromkeys(declared.unit(it) for it in state.fields):
                value = unit_of(declared, state.fields, unit)
                facts.stands[state.id, unit].append(
                    Stand(
                        0, OFFICE, "setup", None, SERVER, None, value, value, False, START_MS, True
                    )
                )  # fmt: skip
        return facts
