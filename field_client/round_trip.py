"""One sync: what is ready goes out, what is new comes in, page by page (protocol.md, sections 2 and 8).

It may be cut at any line and be run again: what goes out is marked before, what comes in is stored
whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from field_client import epochs, session
from field_client.attention import needing_attention
from field_client.faults import NewDeviceError
from field_client.repairing import repair
from field_client.sets import Batch, batch
from field_client.store import UNANSWERED, Store
from field_client.transport import Transport
from field_client.views import name_of
from schemas import limits, problems
from schemas.values import format_instant, parse_instant
from sync.rebase import merged, steps

Json = Any
SYNC = "/api/v1/sync"
KEEP = timedelta(days=35)
"""How long a set is kept after its result: no backup older than that is restored."""
PAGE = 500
MOST_CUSTOMERS = 50


@dataclass
class Report:
    """What one sync did: counts, and the results that a person should see.

    `uploaded`, `files_waiting`: files that got through after it, and those still on the device.
    `merged`: customers of this device that were merged into another: `customer` and, where this user has
    who stays, `survivor`, as names.
    """

    requests: int = 0
    sent: int = 0
    records: int = 0
    left: int = 0
    results: list[Mapping[str, Json]] = field(default_factory=list)
    notices: list[Mapping[str, Json]] = field(default_factory=list)
    merged: list[Mapping[str, str | None]] = field(default_factory=list)
    uploaded: int = 0
    files_waiting: int = 0

    def count(self, status: str) -> int:
        """Return how many sets came back with *status*."""
        return sum(it["status"] == status for it in self.results)


Progress = Callable[[Report], None]


@dataclass
class RoundTrip:
    """One sync of a store. `now` gives the device's time; `new_device_id` a fresh id, should it need one."""

    store: Store
    transport: Transport
    now: Callable[[], datetime]
    new_device_id: Callable[[], str]
    progress: Progress = lambda report: None
    page: int = PAGE
    report: Report = field(default_factory=Report)
    _most_changes: int = limits.CHANGES_PER_REQUEST
    _started_over: set[str] = field(default_factory=set)
    _gone: list[tuple[str, str | None]] = field(default_factory=list)

    def run(self) -> Report:
        """Sync until the server has no more and nothing is ready.

        Raises:
            OfflineError: the link broke; run again, from wherever it was.
            SignInAgainError, NewDeviceError: the user must sign in first.
            problems.XiangxinError: what the server refuses.
        """
        while self._once():
            pass
        for name, survivor in self._gone:
            stays = name_of(self.store, survivor) if survivor else None
            self.report.merged.append({"customer": name, "survivor": stays})
        return self.report

    def _once(self) -> bool:
        """Make one request and take its answer in; tell whether there is more to do."""
        taken = self._take()
        try:
            answer = session.post(self.store, self.transport, SYNC, self._request(taken))
        except problems.XiangxinError as problem:
            self._take_results(problem.extra)
            return self._after(problem, taken)
        finally:
            self.report.requests += 1
        self._absorb(answer, taken)
        self.progress(self.report)
        return bool(answer["more"]) or bool(self.store.waiting()) or not self._agrees(answer)

    # ------------------------------------------------------------------------------ going out

    def _take(self) -> Batch:
        """Choose what goes out, and mark it as sent before anything does."""
        taken = batch(self.store.waiting(), self._most_changes)
        self.store.mark_sent(taken.sets)
        self.report.sent += len(taken.sets)
        return taken

    def _request(self, taken: Batch) -> dict[str, Json]:
        held = self.store.identity()
        on_hold = self.store.own_sets(
            "status = 'held' AND state != 'answered' AND device = ?", held.id
        )
        open_numbers = [it.number for it in (*self.store.waiting(), *on_hold)]
        request: dict[str, Json] = {
            "protocol": limits.PROTOCOL,
            "schema": self.store.registry.schema,
            "epoch": held.epoch,
            "sent_at": format_instant(self.now()),
            "cursor": held.cursor,
            "page": self.page,
            "received_through": min(open_numbers, default=self.store.last_number() + 1) - 1,
            "digest": True,
            "waiting": self._waiting(taken),
            "sets": list(taken.wire),
        }
        if on_hold:
            request["held"] = [it.number for it in on_hold]
        return request

    def _waiting(self, taken: Batch) -> dict[str, Json]:
        """Return what is still on the device after this request, so that nobody's work goes missing."""
        going = {it.seq for it in taken.sets}
        left = [it for it in self.store.own_sets(UNANSWERED) if it.seq not in going]
        drafts = self.store.drafts()
        customers = [it.customer for it in drafts] + [name for it in left for name in it.customers]
        named = dict.fromkeys(it for it in customers if it)
        return {
            "sets": len(left),
            "oldest": min((it.made_at for it in left), default=None),
            "attachments": self.store.count_waiting_files(),
            "attention": len(needing_attention(self.store)),
            "drafts": len(drafts),
            "customers": list(named)[:MOST_CUSTOMERS],
        }

    # ------------------------------------------------------------------------------ coming in

    def _absorb(self, answer: Mapping[str, Json], taken: Batch) -> None:
        """Take an answer in: results, page, cursor, in one transaction."""
        store = self.store
        with store.transaction():
            self._take_results(answer)
            gone = self._take_merges(answer)
            copied = answer["known_through"] > store.last_number()
            if copied:
                epochs.become_new_device(store, self.new_device_id())
            elif self._begins_anew(answer):
                epochs.start_over(store)
            else:
                self._take_page(answer, taken)
        if copied:
            raise NewDeviceError
        self._gone += gone
        self.report.records += len(answer["records"])
        self.report.left += len(answer["left"])
        self.report.notices += answer.get("notices", ())

    def _take_merges(self, answer: Mapping[str, Json]) -> list[tuple[str, str | None]]:
        """Note which customers were merged; return the names of those who were here, and their survivors."""
        store, news = self.store, []
        for one in merged(answer):
            here = store.held(one.customer)
            own = [
                it.id for it in store.held_of("conflict", one.customer)
                if it.fields.get("kind") == "duplicate"
            ]  # fmt: skip
            name = name_of(store, one.customer)
            if store.note_merged(one, own) and here is not None:
                news.append((name, one.survivor))
        return news

    def _begins_anew(self, answer: Mapping[str, Json]) -> bool:
        """Tell whether a first bootstrap goes on as another run, as after an upgrade of the program.

        Its records are shown as they come: those of the run before are older than this one says.
        """
        held = self.store.identity()
        goes_on = not held.whole and held.cursor is not None
        return goes_on and bool(answer["more"]) and answer["position"] != held.position

    def _take_page(self, answer: Mapping[str, Json], taken: Batch) -> None:
        """Stage a page with its cursor; a first bootstrap shows its records at once."""
        store = self.store
        held = store.identity()
        page = steps(answer, taken.own())
        if held.whole:
            store.stage(page)
        else:
            if held.fresh and held.cursor is None:
                store.clear("record")
            store.apply(page)
            store.note(position=answer["position"], view_epoch=answer["epoch"])
        store.note(epoch=answer["epoch"], cursor=answer["cursor"], caught_up=0)
        if not answer["more"]:
            self._switch(answer)

    def _switch(self, answer: Mapping[str, Json]) -> None:
        """Let the view show the run that has ended."""
        store = self.store
        held = store.identity()
        if held.whole:
            if held.fresh:
                store.clear("record")
            store.apply(store.staged())
            store.clear("stage")
        store.cover()
        store.note(
            position=answer["position"], view_epoch=answer["epoch"], whole=1, fresh=0, caught_up=1,
            synced_at=format_instant(self.now()), data_as_of=answer["server_time"],
            skew_seconds=_skew(answer),
        )  # fmt: skip
        before = parse_instant(answer["server_time"]) - KEEP
        if store.forget_contents(format_instant(before)):
            store.trim_journal()

    def _take_results(self, answer: Mapping[str, Json]) -> None:
        """Store the results that an answer carries, a problem's as well."""
        results = answer.get("results") or ()
        if not results:
            return
        when = answer.get("server_time") or format_instant(self.now())
        with self.store.transaction():
            for result in results:
                self.store.take_result(result, when)
        self.report.results += results

    def _agrees(self, answer: Mapping[str, Json]) -> bool:
        """Compare the copy with the server's digest.

        Where they differ the copy is repaired, once, and compared again; where that did not help,
        everything is fetched anew, once.
        """
        told = answer.get("digest")
        if answer["more"] or told is None:
            return True
        mine = self.store.digest()
        if (mine.records, mine.sum) == (told["records"], told["sum"]):
            return True
        detail = {
            "position": answer["position"], "records": mine.records, "sum": mine.sum, "told": told,
        }  # fmt: skip
        with self.store.transaction():
            self.store.record_incident(format_instant(self.now()), "digest-mismatch", detail)
            self.store.note(caught_up=0)
        if self._first("repair"):
            calls = repair(self.store, self.transport)
            self.report.requests += calls or 1
            if calls is not None:
                return False
        epochs.start_over(self.store)
        return not self._first("digest")

    # ------------------------------------------------------------------------------- problems

    def _first(self, why: str) -> bool:
        """Tell whether this is the first time in this sync; a second time nothing would be won."""
        if why in self._started_over:
            return False
        self._started_over.add(why)
        return True

    def _after(self, problem: problems.XiangxinError, taken: Batch) -> bool:
        """Do what a problem asks for; tell whether to go on, or raise it."""
        store, extra = self.store, problem.extra
        store.note(caught_up=0)
        if isinstance(problem, problems.BadCursorError | problems.StartOverError):
            if self._first("cursor"):
                epochs.start_over(store)
                return True
        elif isinstance(problem, problems.EpochChangedError):
            if self._first(str(extra.get("epoch"))):
                epoch, known = str(extra["epoch"]), int(extra["known_through"])
                held = extra.get("held", ())
                if epochs.begin_epoch(store, epoch, known, held, self.new_device_id):
                    raise NewDeviceError from problem
                return True
        elif isinstance(problem, problems.SetChangedError):
            self._become_new(problem)
        elif isinstance(problem, problems.SetsOutOfOrderError):
            return self._out_of_order(problem)
        elif isinstance(problem, problems.TooLargeError) and taken.sets:
            self._carry_less(taken)
            return True
        elif isinstance(problem, problems.DeviceLockedError):
            if extra.get("results") and store.waiting():
                return True  # it delivers everything, though nothing is taken
        elif isinstance(problem, problems.DeviceWipedError):
            store.wipe()
        raise problem

    def _carry_less(self, taken: Batch) -> None:
        """Halve what goes out at a time; a set that is too large alone gets its stand-in."""
        if len(taken.sets) > 1:
            self._most_changes = max(1, sum(len(it.changes) for it in taken.sets) // 2)
        else:
            self.store.replace_by_stand_in(taken.sets[0].seq, "too-large")

    def _out_of_order(self, problem: problems.XiangxinError) -> bool:
        """Offer again what the server has lost; or be a new device where it knows more than we gave."""
        following = problem.extra.get("next")
        if not isinstance(following, int) or not self._first("order"):
            raise problem
        if following > self.store.last_number() + 1:
            self._become_new(problem)
        self.store.offer_again(following - 1)
        return True

    def _become_new(self, problem: problems.XiangxinError) -> None:
        epochs.become_new_device(self.store, self.new_device_id())
        raise NewDeviceError from problem


def _skew(answer: Mapping[str, Json]) -> int | None:
    told = [it["seconds"] for it in answer.get("notices", ()) if it["code"] == "clock-skew"]
    return told[0] if told else None
