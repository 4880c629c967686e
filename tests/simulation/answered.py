"""What a request's sets came to, and what of it the device can tell from its own sets (protocol, section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sync.ledger import Ledger
from sync.scope import Actor, standing
from tests.simulation.offers import Raw, customers_of
from tests.simulation.store import Store

Json = Any


@dataclass
class Answered:
    """The results of a request's sets, and what of the device's own work the page may leave out."""

    results: list[dict[str, Json]] = field(default_factory=list)
    own: dict[str, dict[str, int]] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)

    def note_own(self, store: Store, ledger: Ledger, actor: Actor, raws: tuple[Raw, ...]) -> None:
        """Note which units this request itself stored as sent, and which customers are not in scope."""
        applied = {
            it["number"] for it in self.results if it["status"] == "applied" and not it["repeated"]
        }
        named: set[tuple[str, str]] = set()
        sent: set[str] = set()
        for change in (it for raw in raws if raw["number"] in applied for it in raw["changes"]):
            declared = store.registry[change["type"]]
            named |= {(change["id"], declared.unit(path)) for path in change.get("set", ())}
            sent.add(change["id"])
        for entry in ledger.written:
            if entry.number not in applied or entry.device != actor.device:
                continue
            if entry.op == "create" and entry.record in sent:
                self.created.add(entry.record)
            declared = store.registry[entry.type]
            for unit, it in entry.units.items():
                one = declared.field((declared.group(unit) or (unit,))[0])
                mine = (entry.record, unit) in named and it.sent == it.kept
                if mine and one is not None and one.policy != "set":
                    self.own.setdefault(entry.record, {})[unit] = entry.position
        self.note_outside(store, actor, raws)

    def note_outside(self, store: Store, actor: Actor, raws: tuple[Raw, ...]) -> None:
        """Note which customers that sets name are not in their sender's scope."""
        if not actor.whole_branch:
            holds = (
                (it, standing(store.records.get(it), actor, store.head))
                for it in customers_of(raws)
            )
            self.outside |= {it for it, stands in holds if stands != "in"}
