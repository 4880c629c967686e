"""The server: sets first, in order, exactly once each; then one page of what is new (protocol, section 2).

It keeps its branch in memory (`store.py`) and lets the engine decide. It can be made to die before,
in the course of, and after storing what a request brought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from schemas.messages import ChangeSet, Fault
from schemas.values import from_millis
from schemas.wire import sync as wire
from sync import clock
from sync.engine import Engine, Moment
from sync.held import Since
from sync.ledger import Ledger
from sync.scope import Actor
from tests.simulation import holding
from tests.simulation.answered import Answered
from tests.simulation.decisions import Decision
from tests.simulation.loaded import ledger_for
from tests.simulation.messages import Reply, Request
from tests.simulation.offers import Caller, Raw, corrected, is_same, read, rebased
from tests.simulation.pages import Page, make_page
from tests.simulation.store import Contact, Kept, Store, creates_of

Json = Any
TODAY = "2026-06-16"
Fate = Literal["together", "one by one", "dies", "dies between", "dies after"]


class RefusedError(Exception):
    """Nothing of the request is applied."""

    def __init__(self, code: str, **extra: Json) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass
class Server:
    """One server over its store.

    Attributes:
        watch: is told of every decision once it is stored.
        today: the business date.
        slices: the engine is given what `server/store.py` would load, not the whole branch.
    """

    store: Store
    slices: bool = False
    watch: Callable[[Decision], None] = lambda decision: None
    now_ms: int = 0
    today: str = TODAY

    # ---------------------------------------------------------------------------------- round trip

    def handle(self, request: Request, fate: Fate = "together", after: int = 1) -> Reply | None:
        """Serve a request; None where the server dies. *after*: how many sets "dies between" keeps."""
        if request.device in self.store.wiped:
            return None if fate == "dies" else Reply("device-wiped")
        contact = self.store.contacts.setdefault(request.device, Contact())
        touched = self._touched(contact, request)
        if fate == "dies":
            return None
        try:
            answered = self._push(request, touched, fate, after)
        except RefusedError as refused:
            known = self.store.known(request.device)
            return Reply(refused.code, {"known_through": known, **refused.extra})
        if fate in ("dies between", "dies after"):
            return None
        return self._pull(request, answered)

    def _touched(self, contact: Contact, request: Request) -> Contact:
        if request.waiting:
            return contact
        return replace(contact, clean_ms=self.now_ms, earlier_clean_ms=contact.clean_ms)

    def _push(self, request: Request, contact: Contact, fate: Fate, after: int) -> Answered:
        if request.epoch not in (None, self.store.epoch):
            mine = [it for it in sorted(self.store.held) if it[0] == request.device]
            held = [self.store.held[it].raw["id"] for it in mine]
            raise RefusedError("epoch-changed", epoch=self.store.epoch, held=held)
        clean = contact.earlier_clean_ms if contact.clean_ms == self.now_ms else contact.clean_ms
        actor = Actor(request.user, request.role, request.device)
        skew = clock.estimate_skew_ms(from_millis(request.sent_at_ms), from_millis(self.now_ms))
        caller = Caller(actor, self.now_ms, skew, clean)
        if fate in ("together", "dies after"):
            answered = self.apply(caller, request.sets, request)
            self._tell_present(request, answered)
            self.store.contacts[request.device] = contact
            return answered
        done = Answered()
        for raw in request.sets[:after] if fate == "dies between" else request.sets:
            one = self.apply(caller, (raw,), request)
            done.results += one.results
            done.created |= one.created
            done.outside |= one.outside
        self._tell_present(request, done)
        if fate != "dies between":
            self.store.contacts[request.device] = (
                contact  # only now has it ended with nothing waiting
            )
        return done

    def _tell_present(self, request: Request, answered: Answered) -> None:
        """Add what became of the sets that a device says are held."""
        mine = self.store.sets.get(request.device, {})
        told = {it["number"] for it in answered.results}
        for number in [it for it, _ in request.held if it not in told and it in mine]:
            row = mine[number]
            answered.results.append({"number": number, "repeated": True, **row.result})
            actor = Actor(request.user, request.role, request.device)
            answered.note_outside(self.store, actor, (row.raw,))

    def _pull(self, request: Request, answered: Answered) -> Reply:
        known = self.store.known(request.device)
        at = request.cursor
        if at is not None and request.device not in self.store.locked:
            extra = {"results": answered.results, "known_through": known}
            if at.device != request.device or max(at.at, at.run) > self.store.head:
                return Reply("bad-cursor", extra)
            is_old = at.start < self.store.purged if at.start else at.purges < self.store.purges
            if is_old:
                return Reply("start-over", extra)
        if request.device in self.store.locked:
            return Reply("device-locked", {"results": answered.results, "known_through": known})
        page = make_page(self.store, request, answered)
        return Reply(None, self._answer(page, answered, known))

    def _answer(self, page: Page, answered: Answered, known: int) -> dict[str, Json]:
        left = dict.fromkeys([*page.left, *sorted(answered.outside)])
        return {
            "epoch": self.store.epoch,
            "known_through": known,
            "results": answered.results,
            "left": [{"customer": it} for it in left],
            "records": page.records,
            "cursor": page.cursor,
            "position": page.position,
            "more": page.more,
            "digest": page.digest,
        }

    # ---------------------------------------------------------------------------------- the sets

    def apply(
        self, caller: Caller, raws: tuple[Raw, ...], request: Request | None = None
    ) -> Answered:
        """Apply sets of one device in order, exactly once each, in one transaction.

        Raises:
            RefusedError: `sets-out-of-order`, `set-changed`.
        """
        answered = Answered()
        if not raws:
            return answered
        store, actor = self.store, caller.actor
        mine = dict(store.sets.get(actor.device, {}))
        known = store.known(actor.device)
        self._check_numbers(raws, mine, known)
        by_id = {it["id"]: self.before(actor.user, it["id"]) for it in raws}
        parsed = {
            it["number"]: self.read(it)
            for it in raws
            if it["number"] not in mine and by_id[it["id"]] is None
        }
        ledger = ledger_for(self, actor, raws, parsed)
        engine = Engine(store.registry, ledger, store.branch, self.today)
        decisions: list[Decision] = []
        kept: list[Kept] = []
        for raw in raws:
            first = mine.get(raw["number"]) or by_id.get(raw["id"])
            if first is None:
                readable = parsed[raw["number"]]
                if actor.device in store.locked and isinstance(readable, ChangeSet):
                    readable = [Fault(None, None, "device-locked")]
                decision = self._decide(engine, caller, raw, readable, request)
                decisions.append(decision)
                result = decision.result
            else:
                result = first.result
                self._recall(ledger, raw, first)
            row = Kept(
                actor.device, raw["number"], actor.user, raw, result, ledger.decided[raw["number"]]
            )
            by_id[raw["id"]] = by_id[raw["id"]] or row
            if raw["number"] > known:
                kept.append(row)
            told = {"number": raw["number"], "repeated": first is not None, **result}
            answered.results.append(told)
        store.commit(ledger, kept)
        for row in kept:
            if row.result["status"] == "held":
                self._hold(caller, row)
        self._note_own(answered, ledger, actor, raws)
        for decision in decisions:
            self.watch(decision)
        self._try_again(ledger, actor, answered)
        return answered

    def _recall(self, ledger: Ledger, raw: Raw, first: Kept) -> None:
        """Let the sets behind one that comes again know of it, under the number it has now."""
        ledger.decided.setdefault(raw["number"], replace(first.decided, number=raw["number"]))
        if first.result["status"] == "rejected":
            ledger.rejected_creates |= set(creates_of(raw))
        elif first.result["status"] == "held":
            ledger.held_creates |= set(creates_of(raw))

    def _hold(self, caller: Caller, row: Kept) -> None:
        """Hold a set, or let one that is held go by its new number."""
        if any(it.raw["id"] == row.set_id for it in self.store.held.values()):
            holding.follow(self.store, caller.actor, row.raw)
            return
        moment = corrected(caller, row.raw)
        self.store.held[row.device, row.number] = holding.held_of(caller.actor, row.raw, moment)

    def _try_again(self, ledger: Ledger, actor: Actor, answered: Answered) -> None:
        """Decide again what is held, and correct the results that this very request was to get."""
        if not self.store.held:
            return
        arrived = holding.Arrived()
        arrived.note(self.store, ledger)
        holding.try_again(self, arrived)
        for place, told in enumerate(answered.results):
            row = self.store.sets[actor.device][told["number"]]
            if told["status"] == "held" and row.result["status"] != "held":
                present = {"number": row.number, "repeated": True, **row.result}
                answered.results[place] = present

    def read(self, raw: Raw) -> ChangeSet | list[Fault]:
        found = read(raw, self.store.registry)
        if not isinstance(found, ChangeSet):
            return found
        return rebased(found, self.store.epoch, self.store.restores)

    def _check_numbers(self, raws: tuple[Raw, ...], mine: Mapping[int, Kept], known: int) -> None:
        numbers = [it["number"] for it in raws]
        new = [it for it in numbers if it > known]
        ascends = all(one < other for one, other in pairwise(numbers))
        if not ascends or new != list(range(known + 1, known + 1 + len(new))):
            raise RefusedError("sets-out-of-order", next=known + 1)
        for raw in raws:
            row = mine.get(raw["number"])
            if row is not None and not is_same(row.raw, raw):
                raise RefusedError("set-changed", number=raw["number"])

    def before(self, user: str | None, set_id: str) -> Kept | None:
        return self.store.by_id.get((user, set_id))

    def sent_again(self, actor: Actor, raws: Iterable[Raw]) -> set[str]:
        """Return the sets that this device sent, and another of its user had sent before (section 8)."""
        ids = [it.set_id for it in self.store.sets.get(actor.device, {}).values()]
        found = {it: self.before(actor.user, it) for it in [*ids, *(raw["id"] for raw in raws)]}
        return {it for it, row in found.items() if row is not None and row.device != actor.device}

    def _decide(
        self,
        engine: Engine,
        caller: Caller,
        raw: Raw,
        parsed: ChangeSet | list[Fault],
        request: Request | None,
    ) -> Decision:
        if isinstance(parsed, ChangeSet):
            since = holding.since_of(self.store, raw)
            moment = corrected(caller, raw)
            return self.decided(engine, caller.actor, raw, parsed, moment, since, request)
        before = {**self.store.records, **engine.ledger.records}
        meant = rebased(wire.readable_set(raw), self.store.epoch, self.store.restores)
        result = engine.reject(meant, parsed).as_json()
        return Decision(caller.actor, raw, result, before, before, self.now_ms, request)

    def decided(
        self,
        engine: Engine,
        actor: Actor,
        raw: Raw,
        parsed: ChangeSet,
        moment: Moment,
        since: Since,
        request: Request | None = None,
    ) -> Decision:
        """Let the engine decide, and take down what was before and is after."""
        before = {**self.store.records, **engine.ledger.records}
        result = engine.decide(parsed, actor, moment, since).as_json()
        after = {**self.store.records, **engine.ledger.records}
        return Decision(actor, raw, result, before, after, self.now_ms, request)

    def _note_own(
        self, answered: Answered, ledger: Ledger, actor: Actor, raws: tuple[Raw, ...]
    ) -> None:
        answered.note_own(self.store, ledger, actor, raws)
