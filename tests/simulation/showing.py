"""What a tablet shows: records with its own pending sets on top, and whether all is synced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import versions
from schemas.declare import Registry
from schemas.messages import Change
from sync.rebase import Pending, View, not_outlived, view
from tests.simulation.disk import Disk, OwnSet
from tests.simulation.editions import edition

ACCEPTED = ("applied", "merged")


@dataclass
class Showing:
    """One user's store on one tablet. `at_once`: how many sets a request carries at most.

    `newest` has the types of today, of which the program on the tablet may know but some.
    """

    disk: Disk
    newest: Registry
    page: int = 500
    at_once: int = 100
    incidents: int = 0

    @property
    def registry(self) -> Registry:
        """The types that the program on this tablet knows."""
        return edition(self.newest, self.disk.schema)

    def own(self) -> list[OwnSet]:
        """Return the sets of the device as it is now, in order."""
        return [it for it in self.disk.sets if it.device == self.disk.id]

    def last_number(self) -> int:
        """Return the last number that this device gave."""
        return max((it.number for it in self.own()), default=0)

    def places(self, newest: Mapping[str, int]) -> dict[str, int]:
        """Return the places of own sets that are given by their numbers, from 1 on."""
        mine = {
            it.number: place
            for place, it in enumerate(self.disk.sets, 1)
            if it.device == self.disk.id
        }
        return {unit: mine[number] for unit, number in newest.items()}

    def numbers(self, newest: Mapping[str, int]) -> dict[str, int]:
        """Return the numbers that own sets have now; none of those that an earlier device sent."""
        found = {unit: self.disk.sets[place - 1] for unit, place in newest.items()}
        return {unit: it.number for unit, it in found.items() if it.device == self.disk.id}

    def waiting(self) -> list[OwnSet]:
        """Return the sets that have no result, in the order of their numbers."""
        return [it for it in self.disk.sets if it.is_waiting]

    def held(self) -> list[OwnSet]:
        """Return the sets that the server holds, of the device as it is now."""
        return [it for it in self.own() if it.is_held]

    def pending_of(self, record: str, device: str | None = None) -> list[Pending]:
        """Return the changes to a record that the server copy does not yet include.

        *device*: only those that carry its numbers, which is all that an `over` may name.
        """
        found = [
            (one, Pending(one.number, self.in_todays_form(one, change), one.seen.get(record, {})))
            for one in self.disk.sets
            if one.is_on_top and device in (None, one.device)
            for change in one.changes
            if change.id == record
        ]
        left = (self._left(one, it) for one, it in found)
        return [it for it in left if it is not None]

    def _left(self, one: OwnSet, change: Pending) -> Pending | None:
        """Return what of a change no later own set, already in the copy, has said.

        That one is ahead of it where the change is held, or offered a restored server anew.
        """
        sets = self.disk.sets
        later = [
            it for after in sets[sets.index(one) + 1 :]
            if after.covered and after.status != "rejected"
            for it in after.changes
            if it.id == change.change.id
        ]  # fmt: skip
        return not_outlived(change, later, self.registry)

    def in_todays_form(self, one: OwnSet, change: Change) -> Change:
        """Return a change as the program of today would have made it; it goes out as it was made."""
        return versions.lift_change(change, self.registry, one.raw["schema"])

    def shown(self, record: str) -> View | None:
        """Return a record as the user sees it."""
        return view(self.disk.copy.get(record), self.pending_of(record), self.registry)

    def base_of(self, record: str) -> int:
        """Return the position of the view that the user has of a record.

        In a first bootstrap that had to begin again, an own record that has not come yet is shown as
        its sets were made, and not as it is at the head of this run.
        """
        disk = self.disk
        if disk.whole or record in disk.copy:
            return disk.position
        sets = [it for it in disk.sets if it.is_on_top and record in {one.id for one in it.changes}]
        now = (None, disk.view_epoch)
        made = [int(it.raw["base"]) for it in sets if it.raw["epoch"] in now]
        before = [it for it in sets if it.raw["epoch"] not in now]
        told = [it for one in before for it in (one.result or {}).get("changes", ())]
        stored = [int(it["version"]) for it in told if it["id"] == record]
        return min([disk.position, *stored, *made])

    def records(self) -> list[View]:
        """Return every record that the user sees."""
        touched = (change.id for one in self.disk.sets if one.is_on_top for change in one.changes)
        ids = dict.fromkeys([*self.disk.copy, *touched])
        found = (self.shown(it) for it in ids)
        return [it for it in found if it is not None and not it.removed]

    def unsettled(self, one: OwnSet) -> bool:
        """Tell whether a conflict of a set is not known to be resolved."""
        held = [self.disk.copy.get(it) for it in one.conflicts]
        return not held or any(it is None or it.fields.get("status") != "resolved" for it in held)

    def is_accepted(self, one: OwnSet) -> bool:
        """Tell whether the server's words prove that a set needs nothing more."""
        if one.state != "answered":
            return False
        if one.settled or one.status in ACCEPTED:
            return True
        return one.status == "conflict" and not self.unsettled(one)

    def all_synced(self) -> bool:
        """Tell whether the screen says "All synced"."""
        return self.disk.caught_up and all(map(self.is_accepted, self.disk.sets))
