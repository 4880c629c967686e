"""The onlooker: hears what is typed, decided, answered and taken in, and breaks where a promise does.

It knows nothing of positions, and calls nothing of `sync.merge`, `sync.engine` or `sync.rebase`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.declare import RecordType
from tests.simulation import settling, waiting
from tests.simulation.adopting import adopt
from tests.simulation.decisions import Decision
from tests.simulation.facts import Facts
from tests.simulation.judge import Hearing, hear
from tests.simulation.messages import Reply, Request
from tests.simulation.screens import Served, StoreFacts
from tests.simulation.typed import (
    Broken,
    Journal,
    Opening,
    Typed,
    Unit,
)

Json = Any
FAR = 2**62


@dataclass
class Oracle:
    """Judge of one branch. `epochs`: how often the server has been restored."""

    types: Mapping[str, RecordType]
    facts: Facts = field(default_factory=Facts)
    stores: dict[str, StoreFacts] = field(default_factory=dict)
    first_results: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    epochs: int = 0

    # -------------------------------------------------------------------------------------- typing

    def opening(self, store: str, behind: bool = False) -> Opening:
        """Return what a store's user has before him now.

        *behind*: also the own sets that an earlier device of this store sent and that were answered:
        they are still on the screen, but no set of the new device can be `over` them.
        """
        known = self.stores[store]
        passed = known.refused | known.settled
        passed = passed if behind else passed | (known.behind - known.covered)
        own = self.facts.newest(store, self.types, -1, passed, known.covered)
        return Opening(known.seen, known.serial, own, known.epoch)

    def as_made(self, store: str, opening: Opening, records: Collection[str]) -> Opening:
        """Return an opening that shows records as a store's own sets made them, and nothing later.

        The view that they were made on is all there is; of an earlier epoch, what became of them then.
        """
        known = self.stores[store]
        made = [
            typed for typed in self.facts.by_store[store]
            for it in typed.deeds
            if it.id in records and typed.id not in known.refused | known.settled
        ]  # fmt: skip
        views = [it.seen for it in made if it.epoch == opening.epoch]
        before = [it for it in made if it.epoch != opening.epoch]
        moments = [it.moment for it in before if it.id in known.heard and it.moment]
        return replace(opening, seen=min([opening.seen, *moments, *views]))

    def own_at_save(self, store: str, opening: Opening) -> dict[Unit, str]:
        """Return the own sets that a form is laid over: those it showed, and later ones."""
        known = self.stores[store]
        skip = known.refused | known.behind
        later = self.facts.newest(store, self.types, opening.serial, skip)
        own = {unit: name for unit, name in opening.own.items() if name not in known.behind}
        return {**own, **later}

    def note(self, typed: Typed) -> None:
        """Take down what was typed, before any server knows."""
        if typed.store in self.stores:
            self.stores[typed.store].serial = typed.serial
        self.facts.typed[typed.id] = typed
        typed.showed = typed.seen
        self._look_back(typed)
        self.facts.by_store[typed.store].append(typed)

    def _look_back(self, typed: Typed) -> None:
        """Take a view for what is left of it after restores; a base that nobody can have seen, too."""
        if typed.excuse == "restore" and typed.dated and typed.epoch < self.facts.epoch:
            typed.hostile, typed.showed = (), FAR
        typed.seen = self.facts.lowest(typed.showed, typed.epoch)

    # ------------------------------------------------------------------------------------- deciding

    def decided(self, decision: Decision) -> None:
        """Judge a decision and take over what it did."""
        typed = self.facts.typed[decision.raw["id"]]
        if typed.moment:
            raise Broken("exactly once", f"the set {typed.id} was decided a second time")
        facts, device = self.facts, decision.actor.device
        known = self.stores.get(typed.store)
        given_up = known is not None and typed.id in known.settled
        typed.withdrawn = given_up and decision.raw["action"] == "withdrawn"
        if given_up and not typed.withdrawn:
            raise Broken("refused", f"the set {typed.id} was given up, and is offered as work")
        sets = decision.request.sets if decision.request else (decision.raw,)
        facts.sent_by[device] |= {it["id"] for it in sets}
        result = {**decision.result, "number": decision.raw["number"]}
        case = Hearing(
            facts, self.types, typed, device, decision.before, decision.after, result
        )  # fmt: skip
        self._check_before(decision)
        if result["status"] == "held":
            waiting.judge_held(case)
            facts.waiting.add(typed.id)
            self.first_results[typed.id] = decision.result
            return
        hear(case)
        settling.check_conflicts(case)
        adopt(case)
        facts.waiting.discard(typed.id)
        self._check_holders(case)
        self.first_results[typed.id] = decision.result

    def _check_holders(self, case: Hearing) -> None:
        """Customers are with those whom the assignments, as they were typed, name."""
        for record, after in case.after.items():
            if after is case.before.get(record) or after.type != "customer":
                continue
            held = {(it.user, it.role) for it in after.holders if it.ended is None}
            wanted = {
                (it.user, it.role) for it in self.facts.holds.get(record, ()) if it.until is None
            }
            if held != wanted:
                raise Broken("scope", f"{record} is with {sorted(held)}, not with {sorted(wanted)}")

    def _check_before(self, decision: Decision) -> None:
        for record, known in self.facts.records.items():
            held = decision.before.get(record)
            if held is not known and (held is None or held.fields != known.fields):
                raise Broken("decided", f"{record} changed between two decisions")

    # ------------------------------------------------------------------------------------- answering

    def served(self, request: Request, reply: Reply) -> Served:
        """Look at an answer on its way: results as first given, nothing that is not the user's."""
        self._check_results(request, reply)
        if request.device in self.facts.locked and reply.code is None:
            raise Broken("scope", "a device that is locked is told something")
        if request.device in self.facts.wiped and reply.code != "device-wiped":
            raise Broken("scope", "a device that is wiped is told something else")
        if reply.code is not None:
            return Served(self.facts.moment, None, self.facts.epoch)
        self._check_scope(request, reply)
        scope = None
        if reply.ends_run:
            scope = {it.id: it for it in self.facts.scope(request.user, self.types)}
        return Served(self.facts.moment, scope, self.facts.epoch)

    def _check_results(self, request: Request, reply: Reply) -> None:
        results = reply.body.get("results", ())
        ids = {it["number"]: it["id"] for it in request.sets} | dict(request.held)
        if reply.code is None and [it["number"] for it in results] != list(ids):
            raise Broken("liveness", f"{list(ids)} went out, results came for {results!r}")
        for told in results:
            first = self.first_results.get(ids[told["number"]])
            rest = {key: it for key, it in told.items() if key not in ("number", "repeated")}
            if first is not None and rest != first:
                raise Broken("exactly once", f"{told!r} is not the first result {first!r}")

    def _check_scope(self, request: Request, reply: Reply) -> None:
        facts, user = self.facts, request.user
        for shape in reply.body["records"]:
            state = facts.records.get(shape["id"])
            if state is None or not facts.in_scope(user, state, self.types):
                raise Broken("scope", f"{shape['id']} is not in the scope of {user}")
        left = {it["customer"] for it in reply.body["left"]}
        for raw in request.sets:
            for change in raw["changes"] if isinstance(raw["changes"], list) else ():
                customer = change.get("customer") if isinstance(change, dict) else None
                is_id = isinstance(customer, str) and len(customer) == 36
                if is_id and not facts.holds_now(user, customer) and customer not in left:
                    raise Broken("scope", f"{customer} is not in scope, and not said to have left")

    # --------------------------------------------------------------------------------------- hearing

    def heard_results(self, store: str, request: Request, reply: Reply) -> None:
        """Note which results a store has taken in."""
        ids = {it["number"]: it["id"] for it in request.sets} | dict(request.held)
        known = self.stores[store]
        for told in reply.body.get("results", ()):
            name = ids[told["number"]]
            if told["status"] == "held":
                known.waits.add(name)
            else:
                known.waits.discard(name)
                known.heard[name] = told["status"]

    def heard_page(
        self, store: str, request: Request, reply: Reply, served: Served, whole: bool
    ) -> None:
        """Note how far the view of a store has come."""
        known = self.stores[store]
        if served.epoch > known.epoch and (reply.ends_run or not whole):
            known.seen = known.position = 0
            known.epoch = served.epoch
        if known.run_start is None or request.cursor is None:
            known.run_start = served.moment
        if reply.ends_run:
            if served.moment < known.seen:
                raise Broken("cursors", f"{store} went back from {known.seen} to {served.moment}")
            known.seen, known.run_start = served.moment, None
            known.covered |= set(known.heard)
            known.scope, known.schema = served.scope, request.schema
        elif not whole:
            known.seen = max(known.seen, known.run_start)
        position = reply.body["position"]
        if reply.ends_run and position < known.position:
            raise Broken("cursors", f"{store}'s position went back to {position}")
        known.position = max(known.position, position if reply.ends_run else 0)

    def fell_back(self, facts: Facts) -> None:
        """Note that the server is back where *facts* are: what came later is undone, if not forgotten."""
        self.epochs += 1
        self.facts = replace(
            facts.copy(), typed=self.facts.typed, by_store=self.facts.by_store, epoch=self.epochs,
            today=self.facts.today,
            restored=(*facts.restored, (facts.epoch, facts.moment)),
        )  # fmt: skip
        for typed in self.facts.typed.values():
            if typed.moment > facts.moment:
                typed.moment, typed.result, typed.stood, typed.withdrawn = 0, None, {}, False
                if typed.carried is not None:
                    self._carry(typed, typed.carried)
                self.first_results.pop(typed.id, None)
                typed.lost = typed.lost or typed.whole_branch  # the web has no second copy
            if not typed.moment:
                self._look_back(typed)

    def epoch_begun(self, store: str, device: str) -> None:
        """Note that a store has heard of a restore: what the server has not from it is on its way again."""
        known = self.stores[store]
        undone = set(known.heard) - self.facts.sent_by[device]
        if self.facts.sent_by[device]:
            undone -= known.behind  # earlier devices of the store came before this one
        known.heard = {it: status for it, status in known.heard.items() if it not in undone}
        known.covered -= undone
        told = {it for it in self.facts.waiting if not self.facts.typed[it].lost}
        known.waits = (known.waits | told) & self.facts.sent_by[device]
        known.heard = {it: status for it, status in known.heard.items() if it not in known.waits}
        known.covered -= known.waits
        known.run_start = None

    def lost_after(self, store: str, then: StoreFacts) -> None:
        """Put a store's facts back with its disk: what was typed since is on no device any more."""
        for typed in self.facts.by_store[store]:
            if typed.serial > then.serial:
                typed.lost = True
        serial = self.stores[store].serial
        self.stores[store] = replace(then.copy(), serial=serial)

    def began_anew(self, store: str, schema: int, journal: Journal) -> None:
        """Note that a store has lost all but what its journal has, which goes out from a new device."""
        known, unsent = self.stores[store], {it.id for it in self.pending(store)}
        for typed in self.facts.by_store[store]:
            there = journal == "untrimmed" or typed.id in unsent | known.waits
            there = there and journal != "gone" and typed.id not in known.settled
            typed.lost = typed.lost or not there
        self.stores[store] = StoreFacts(
            known.user, seen=-1, epoch=self.facts.epoch, schema=schema, serial=known.serial
        )
        self.renewed(store)

    def renewed(self, store: str) -> None:
        """Note that a store goes on as a new device: an `over` that names what is not sent again is gone."""
        self.stores[store].waits.clear()
        pending = {it.id: it for it in self.pending(store)}
        self.stores[store].behind = set(self.stores[store].heard)
        for typed in pending.values():
            left = {unit: name for unit, name in typed.own.items() if name in pending}
            if typed.moment:
                typed.carried = left
                continue
            self._carry(typed, left)

    def _carry(self, typed: Typed, own: Mapping[Unit, str]) -> None:
        """Note what a set is still laid over now that it goes out from a new device."""
        typed.own, typed.carried = own, None
        if typed.excuse == "renewal":
            typed.hostile = ()

    def pending(self, store: str) -> Iterable[Typed]:
        """Yield what was typed at a store and has no result there yet."""
        known = self.stores[store]
        done = {*known.heard, *known.waits}
        return (
            it for it in self.facts.by_store.get(store, ()) if not it.lost and it.id not in done
        )
