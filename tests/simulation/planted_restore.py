"""Faults around a restore of the server: what is offered again, and on which view it was made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sync import edits
from sync.held import NOW
from tests.simulation import holding, server, showing
from tests.simulation.device import Device
from tests.simulation.planting import planted, swap


@planted
def accepted_is_not_offered_again() -> AbstractContextManager[object]:
    """A restored server is sent what waits, and nothing of what it had accepted and lost."""
    return swap(Device, "offer_again", lambda self, above: None)


@planted
@contextmanager
def earlier_devices_forgotten() -> Iterator[None]:
    """A store that goes on as a new device offers a restored server only what has its new numbers."""

    def begun(self: Device, epoch: str, known_through: int, held: Collection[str]) -> str:
        self.disk.epoch = epoch
        self.offer_again(known_through)
        self.start_over()
        return "again"

    with swap(Device, "begin_epoch", begun):
        yield


@planted
@contextmanager
def old_view_in_the_new_epochs_name() -> Iterator[None]:
    """What is saved between a restore and the end of the next sync is said to be of the new epoch."""
    begin = Device.begin_epoch

    def begun(self: Device, *told: Any) -> str:
        word = begin(self, *told)
        self.disk.view_epoch = self.disk.epoch
        return word

    with swap(Device, "begin_epoch", begun):
        yield


@planted
def base_of_an_earlier_epoch_believed() -> AbstractContextManager[object]:
    """A base counts as it stands, though the server has lost what was seen there."""
    return swap(server, "rebased", lambda one, epoch, restores: one)


@planted
@contextmanager
def given_up_is_offered_as_work() -> Iterator[None]:
    """What its user has mended or discarded is applied when a restored server is offered it."""
    offer = Device._offer

    def offered(self: Device, sets: Any) -> None:
        found = list(sets)
        raws = [it.raw for it in found]
        offer(self, found)
        for one, raw in zip(found, raws, strict=True):
            one.raw = raw

    with swap(Device, "_offer", offered):
        yield


# -------------------------------------------------------------------------------------- held sets


@planted
def lost_records_reject() -> AbstractContextManager[object]:
    """What another device is still to bring back counts as unknown."""
    return swap(holding, "since_of", lambda *told: NOW)


@planted
def held_for_ever() -> AbstractContextManager[object]:
    """A held set is not tried again when what it lacked has come."""
    return swap(holding, "try_again", lambda *told: None)


@planted
def held_overwrites_what_came_later() -> AbstractContextManager[object]:
    """A held set, decided at last, undoes what its user said meanwhile."""
    return swap(edits, "left_to_say", lambda work, record, unit, is_set, sent: (sent, True))


@planted
def held_hides_what_came_later() -> AbstractContextManager[object]:
    """The view lays a held set over what the same device stored later."""
    return swap(showing, "not_outlived", lambda held, later, registry: held)


@planted
def held_once_more_not_waited_for() -> AbstractContextManager[object]:
    """A set that had its result before a restore keeps it, though in the backup it is held."""
    return swap(Device, "wait_again", lambda self, held: None)
