"""Faults of the device: what it stores first, what it copies, what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from sync import rebase
from tests.simulation import device
from tests.simulation.desk import Desk
from tests.simulation.device import Device
from tests.simulation.planting import planted, swap

Json = Any


@planted
@contextmanager
def cursor_before_the_page() -> Iterator[None]:
    """The cursor is stored in a transaction of its own, before the page."""

    def absorb(self: Device, request: Any, reply: Any, copied: bool) -> Iterator[str]:
        self.disk.cursor = reply.body["cursor"]
        yield "the cursor is stored"
        self.take_results(reply.body["results"])
        if copied:
            self.become_new()
        else:
            self.take_page(request, reply)
        yield "the page is stored"

    with swap(Device, "_absorb", absorb):
        yield


@planted
@contextmanager
def pages_shown_at_once() -> Iterator[None]:
    """Pages go straight into the view, before the run has ended."""
    take = Device.take_page

    def taken(self: Device, request: Any, reply: Any) -> None:
        whole = self.disk.whole
        take(self, request, reply)
        if whole and reply.body["more"]:
            self.put(self.disk.stage)
            self.disk.stage = []

    with swap(Device, "take_page", taken):
        yield


@planted
@contextmanager
def pending_dropped_on_starting_over() -> Iterator[None]:
    """A device that must fetch everything anew forgets what it has not sent."""
    start_over = Device.start_over

    def forgetful(self: Device) -> None:
        self.disk.sets = [it for it in self.disk.sets if not it.is_waiting]
        start_over(self)

    with swap(Device, "start_over", forgetful):
        yield


@planted
@contextmanager
def own_copied_when_repeated() -> Iterator[None]:
    """A device copies from its own set although the result is a repeated one."""
    stored = rebase._stored_as_sent

    def eager(answer: Mapping[str, Json], own: Any) -> Any:
        results = [{**it, "repeated": False} for it in answer.get("results", ())]
        return stored({**answer, "results": results}, own)

    with swap(rebase, "_stored_as_sent", eager):
        yield


@planted
@contextmanager
def own_copied_when_merged() -> Iterator[None]:
    """A device copies from its own set although the server stored something else."""
    stored = rebase._stored_as_sent

    def eager(answer: Mapping[str, Json], own: Any) -> Any:
        results = [
            {**it, "status": "applied" if it["status"] == "merged" else it["status"]}
            for it in answer.get("results", ())
        ]
        return stored({**answer, "results": results}, own)

    with swap(rebase, "_stored_as_sent", eager):
        yield


@planted
@contextmanager
def own_copied_of_who_left() -> Iterator[None]:
    """A device copies from its own set what belongs to a customer who has left."""
    steps = rebase.steps

    def eager(answer: Mapping[str, Json], own: Any) -> Any:
        kept = list(rebase._stored_as_sent(answer, own))
        rest = [it for it in steps(answer, own) if not isinstance(it, rebase.Own)]
        drops = [it for it in rest if isinstance(it, rebase.Drop)]
        return [*drops, *kept, *rest[len(drops) :]]

    with swap(device, "steps", eager):
        yield


@planted
@contextmanager
def whole_taken_for_a_delta() -> Iterator[None]:
    """A record that comes whole is laid over what the device held."""
    fold = rebase._fold_sent

    def laid(held: Any, step: Any) -> Any:
        return fold(held, replace(step, record={**step.record, "whole": False}))

    with swap(rebase, "_fold_sent", laid):
        yield


@planted
@contextmanager
def covered_too_early() -> Iterator[None]:
    """An own set is taken off the view with its result, before the run has ended."""
    take = Device.take_results

    def taken(self: Device, results: Any) -> None:
        take(self, results)
        for one in self.disk.sets:
            one.covered = one.state == "answered"

    with swap(Device, "take_results", taken):
        yield


@planted
def synced_when_sent() -> AbstractContextManager[object]:
    """ "All synced" is shown as soon as everything has gone out."""
    return swap(
        Device, "all_synced", lambda self: all(it.state != "ready" for it in self.disk.sets)
    )


@planted
@contextmanager
def base_of_the_saving() -> Iterator[None]:
    """A form that was long open is saved on the view of the moment of saving."""
    save = Desk.save

    def saved(self: Desk, form: Any) -> Any:
        form.base = self.device.disk.position
        return save(self, form)

    with swap(Desk, "save", saved):
        yield


@planted
@contextmanager
def numbers_with_gaps() -> Iterator[None]:
    """A device sometimes leaves a number out."""
    last = Device.last_number

    def gappy(self: Device) -> int:
        found = last(self)
        return found + 1 if found % 4 == 3 and not self.waiting() else found

    with swap(Device, "last_number", gappy):
        yield
