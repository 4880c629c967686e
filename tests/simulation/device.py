"""A device: what lies on its disk, and one sync, which may stop at any line (protocol, sections 2 and 8).

All that counts is on the `Disk`; a device that dies keeps it and nothing else. What it does with an
answer and how it lays its pending sets over the server copy is `sync.rebase`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from schemas.values import Hlc
from sync import clock
from sync.digest import digest_of
from sync.rebase import Drop, Own, Step, fold, renumber, steps
from tests.simulation.disk import OwnSet
from tests.simulation.messages import Ours, Reply, Request, change_of
from tests.simulation.showing import Showing

Json = Any


class Device(Showing):
    """A tablet that syncs."""

    # ---------------------------------------------------------------------------------- the round trip

    def request(self, now_ms: int, true_ms: int) -> Request:
        """Mark what goes out as sent, before anything does, and return the request that carries it."""
        going = self.waiting()[: self.at_once]
        for one in going:
            one.state = "sent"
        disk = self.disk
        return Request(
            disk.id, disk.user, disk.role, disk.cursor, self.page, tuple(it.raw for it in going),
            now_ms, len(self.waiting()) - len(going), true_ms, disk.epoch,
            disk.schema, tuple((it.number, it.id) for it in self.held()),
        )  # fmt: skip

    def hear(self, request: Request, reply: Reply) -> Iterator[str]:
        """Take an answer in, transaction by transaction: the device may die wherever this yields.

        The last word yielded says how it goes on: "done", "again", or "sign in" as a new device.
        """
        if reply.code is not None:
            self.take_results(reply.body.get("results", ()))
            yield "results are stored"
            yield self._after(reply)
            return
        copied = reply.body["known_through"] > self.last_number()
        yield from self._absorb(request, reply, copied)
        if copied:
            yield "sign in"
        elif reply.body["more"] or self.waiting() or not self._agrees(reply):
            yield "again"
        else:
            yield "done"

    def _absorb(self, request: Request, reply: Reply, copied: bool) -> Iterator[str]:
        """Store results, page and cursor: one transaction."""
        self.take_results(reply.body["results"])
        if copied:
            self.become_new()
        elif self.begins_anew(reply.body):
            self.start_over()
        else:
            self.take_page(request, reply)
            self.disk.cursor = reply.body["cursor"]
        yield "the page is stored"

    def take_results(self, results: Iterable[Mapping[str, Json]]) -> None:
        """Store results; a set with a final one is pending no more."""
        by_number = {it.number: it for it in self.own()}
        for result in results:
            one = by_number.get(result["number"])
            if one is not None and one.state != "answered":
                one.status, one.result = result["status"], result
                if one.status != "held":
                    one.state = "answered"

    def begins_anew(self, answer: Mapping[str, Json]) -> bool:
        """Tell whether a first bootstrap goes on as another run, as after an upgrade of the program.

        Its records are shown as they come: those of the run before are older than this one says.
        """
        disk = self.disk
        goes_on = not disk.whole and disk.cursor is not None
        return goes_on and bool(answer["more"]) and answer["position"] != disk.position

    def take_page(self, request: Request, reply: Reply) -> None:
        """Stage a page; a first bootstrap shows its records at once."""
        disk, answer = self.disk, reply.body
        by_number = {it.number: it.changes for it in self.own()}
        own = {it["number"]: by_number.get(it["number"], ()) for it in request.sets}
        page = steps(answer, own)
        if disk.whole:
            disk.stage += page
        else:
            if disk.fresh and disk.cursor is None:
                disk.copy.clear()
            self.put(page)
            disk.position, disk.view_epoch = answer["position"], answer["epoch"]
        disk.epoch, disk.caught_up = answer["epoch"], False
        if not answer["more"]:
            self.switch(answer)

    def switch(self, answer: Mapping[str, Json]) -> None:
        """Let the view show the run that has ended."""
        disk = self.disk
        if disk.whole:
            if disk.fresh:
                disk.copy.clear()
            self.put(disk.stage)
            disk.stage = []
        self._cover()
        disk.position, disk.view_epoch = answer["position"], answer["epoch"]
        disk.whole, disk.fresh, disk.caught_up = True, False, True

    def put(self, page: Iterable[Step]) -> None:
        """Put steps on the server copy."""
        copy = self.disk.copy
        for step in page:
            if isinstance(step, Drop):
                for record in [
                    it for it, one in copy.items() if step.customer in (it, one.customer)
                ]:
                    del copy[record]
                continue
            record = step.change.id if isinstance(step, Own) else step.record["id"]
            after = fold(copy.get(record), step, self.registry)
            if after is None:
                continue
            if after.gone and not self.pending_of(record):
                copy.pop(record, None)
            else:
                copy[record] = after

    def _cover(self) -> None:
        """Note that the server copy includes every set that has its result."""
        for one in self.disk.sets:
            one.covered = one.covered or one.state == "answered"
        copy = self.disk.copy
        for record in [it for it, one in copy.items() if one.gone and not self.pending_of(it)]:
            del copy[record]

    def digest(self) -> dict[str, Json]:
        """Return count and sum over the live records of the server copy."""
        live = ((it.id, it.version) for it in self.disk.copy.values() if not it.gone)
        found = digest_of(live)
        return {"records": found.records, "sum": found.sum}

    def _agrees(self, reply: Reply) -> bool:
        if self.digest() == reply.body["digest"]:
            return True
        self.incidents += 1
        self.start_over()
        return False

    # --------------------------------------------------------------------------------------- problems

    def _after(self, reply: Reply) -> str:
        """Do what a problem answer asks for."""
        self.disk.caught_up = False
        if reply.code == "device-wiped":
            return "wiped"
        if reply.code in ("bad-cursor", "start-over"):
            self.start_over()
            return "again"
        if reply.code == "epoch-changed":
            told = reply.body
            return self.begin_epoch(told["epoch"], told["known_through"], told["held"])
        if reply.code == "set-changed":
            self.become_new()
            return "sign in"
        if reply.code != "sets-out-of-order":
            return "stuck"
        if reply.body["next"] > self.last_number() + 1:
            self.become_new()
            return "sign in"
        self.offer_again(reply.body["next"] - 1)
        return "again"

    def start_over(self) -> None:
        """Make the next run a bootstrap into a fresh copy; pending sets are not touched."""
        self.disk.stage = []
        self.disk.cursor, self.disk.fresh, self.disk.caught_up = None, True, False

    def begin_epoch(self, epoch: str, known_through: int, held: Collection[str]) -> str:
        """Offer a restored server all that it has lost, and fetch its records anew.

        *held*: the ids of the sets that it holds. Where it knows a set of this device it knows all of the earlier
        devices of this store, which came before. Where it knows none, nothing tells what of those it
        still has: all of them go out once more, from a new device, and ahead of the later ones.
        """
        self.disk.epoch = epoch
        self.offer_again(known_through)
        self.wait_again(held)
        behind = [it for it in self.disk.sets if it.device != self.disk.id]
        if behind and known_through == 0:
            self._offer(behind)
            self.become_new()
            return "sign in"
        self.start_over()
        return "again"

    def wait_again(self, held: Collection[str]) -> None:
        """Take sets for held, as the restored server does: what became of them later is lost."""
        for one in self.own():
            if one.id in held:
                one.state, one.status, one.covered = "sent", "held", False

    def offer_again(self, above: int) -> None:
        """Make every set above a number go out again."""
        self._offer(it for it in self.own() if it.number > above)

    def _offer(self, sets: Iterable[OwnSet]) -> None:
        """Make sets go out again; those that were mended or given up, as withdrawn."""
        for one in sets:
            one.state, one.status, one.result, one.covered = "sent", None, None, False
            if one.settled is not None:
                one.raw = {**one.raw, "action": "withdrawn"}

    def become_new(self) -> None:
        """Go on as a new device: what is pending gets new numbers and keeps its ids and contents."""
        disk = self.disk
        waiting = [it for it in disk.sets if it.is_waiting or it.is_held]
        disk.renewals += 1
        disk.id = f"{disk.id[:-2]}{disk.renewals:02x}"
        disk.stamp = Hlc(disk.stamp.millis, disk.stamp.counter, disk.id)
        moved: dict[str, dict[int, int]] = defaultdict(dict)
        for new, one in enumerate(waiting, 1):
            moved[one.device][one.number] = new
        for new, one in enumerate(waiting, 1):
            raw = {**one.raw, "number": new}
            if one.changes:  # of a set that is no set there is nothing to renumber
                raw = renumber(one.raw, new, moved[one.device], self._restamped)
            if isinstance(one.raw["changes"], Ours):
                raw["changes"] = Ours(raw["changes"])
            one.changes = tuple(map(change_of, raw["changes"])) if one.changes else ()
            one.raw, one.device, one.state = raw, disk.id, "ready"
            one.status = one.result = None
        self.start_over()

    def _restamped(self, stamp: str) -> str:
        old = Hlc.parse(stamp)
        return str(Hlc(old.millis, old.counter, self.disk.id))

    def tick(self, now_ms: int) -> str:
        """Return the stamp of a set that is saved now."""
        self.disk.stamp = clock.tick(self.disk.stamp, now_ms)
        return str(self.disk.stamp)
