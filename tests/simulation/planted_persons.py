"""Faults of duplicates: who is found, who is told, what a merge takes along, what still names the absorbed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sync import aliases, duplicates
from tests.simulation.planting import planted, swap


@planted
def registered_twice_unnoticed() -> AbstractContextManager[object]:
    """Nobody is told that one person was registered twice."""
    return swap(duplicates, "found", lambda work, changed, result: result)


@planted
def other_side_told() -> AbstractContextManager[object]:
    """An officer's side of a duplicate names the other customer."""
    return swap(duplicates, "as_shown", lambda fields, whole: fields)


@planted
def children_stay_behind() -> AbstractContextManager[object]:
    """A merge leaves the records under the absorbed customer where they are."""
    return swap(aliases, "_move", lambda *told: None)


@planted
def absorbed_still_held() -> AbstractContextManager[object]:
    """A merge does not end the holds on the absorbed customer."""
    return swap(aliases, "end_all", lambda *told: None)


@planted
def merge_counts_as_seen() -> AbstractContextManager[object]:
    """Who edits an absorbed customer, unaware, overwrites the survivor."""
    return swap(aliases, "_crossing", lambda *told: None)


@planted
@contextmanager
def absorbed_id_forgotten() -> Iterator[None]:
    """A set that still names the absorbed customer is taken as it stands."""

    @contextmanager
    def plain(work: Any, index: int, change: Any) -> Iterator[Any]:
        yield change

    with swap(aliases, "followed", plain):
        yield
