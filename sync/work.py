"""One set in the making: what every step of deciding it needs, and how units are read and put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.declare import RecordType, Registry
from schemas.messages import Change, ChangeSet, Fault
from sync.draft import Draft
from sync.held import NOW, Since
from sync.ledger import Entry, RecordState, Written
from sync.namesakes import Namesakes
from sync.scope import ENGINE, Actor, Standing, standing, visible

Json = Any


class RejectedError(Exception):
    """The set cannot be stored; `faults` say why, and *missing* names the record that is not there."""

    def __init__(self, faults: Sequence[Fault], missing: str | None = None) -> None:
        super().__init__(str(faults))
        self.faults = list(faults)
        self.missing = missing


@dataclass
class Work:
    """One set in the making: registry, draft, set, actor and the corrected time of its making.

    `via`: the id of an absorbed customer by which the change at hand names the one it was merged into.
    """

    registry: Registry
    draft: Draft
    change_set: ChangeSet
    actor: Actor
    made_at: str
    stamp: str
    branch: str
    today: str
    prefix: str
    namesakes: Namesakes | None = None
    via: str | None = None
    since: Since = NOW

    def fault(
        self,
        index: int,
        code: str,
        field: str | None = None,
        reason: str | None = None,
        rule: str | None = None,
    ) -> RejectedError:
        """Return the error that rejects the set because of one change."""
        return RejectedError([Fault(index, field, code, reason, rule)])

    def standing(self, change: Change, index: int) -> Standing:
        """Return how the actor stands to the change's customer; refuse what is not for him.

        A foreign id and one that does not exist get the same answer.
        """
        if change.customer is None:
            return "in"
        if change.op == "create" and change.type == "customer":
            known = self.draft.record(change.id)
            if change.customer != (known.id if known else change.id):
                raise self.fault(index, "bad-change", reason="customer-differs")
            if known is None:
                return "in"
        found = self._standing(change.customer)
        if found == "never":
            raise self.unknown(index, change.customer)
        if found == "out":
            raise self.fault(index, "out-of-scope")
        return found

    def _standing(self, customer: str) -> Standing:
        """Judge by the scope of the survivor; without it a merge is the move out of who was absorbed."""
        base = self.change_set.base
        found = standing(self.draft.record(customer), self.actor, base)
        if found == "in" or self.via is None:
            return found
        absorbed = standing(self.draft.stored(self.via), self.actor, base)
        if "late" in (found, absorbed):
            return "late"
        return absorbed if found == "never" else found

    def unknown(self, index: int, record_id: str, field: str | None = None) -> RejectedError:
        """Return the refusal of an id that is not there for this actor."""
        lost = record_id in self.draft.ledger.rejected_creates
        code = "depends-on-rejected" if lost else "unknown-record"
        return RejectedError([Fault(index, field, code)], record_id)

    def waits_for(self, record_id: str) -> bool:
        """Tell whether only a set that is held would make this record."""
        held = record_id in self.draft.ledger.held_creates
        return held and self.draft.stored(record_id) is None

    def sees(self, state: RecordState) -> bool:
        """Tell whether the actor may see *state* now."""
        if state.type == "conflict" and state.customer is None:
            about = self.draft.record(state.fields["record"])
            return about is not None and self.sees(about)
        customer = self.draft.record(state.customer)
        return visible(self.registry, state, customer, self.actor)

    def reaches(self, state: RecordState, customer: str | None, late: bool) -> bool:
        """Tell whether a change of *customer* may name *state*.

        Late work may name what its maker can have known: the customer's records as of the base, and
        those that this device made itself.
        """
        if self.sees(state):
            return True
        mine = state.created_device == self.actor.device
        return late and state.customer == customer and (mine or self._knew(state))

    def _knew(self, state: RecordState) -> bool:
        """Tell whether the view at the base had a record of a customer that has left since."""
        base = self.change_set.base
        if self.via is None:
            return state.created_position <= base
        moved = {it.note for it in self.draft.history(state.id, base) if it.op == "move"}
        return state.id == state.customer or self.via in moved

    def entry(
        self,
        state: RecordState,
        op: str,
        units: Mapping[str, Written],
        altered: bool,
        position: int,
        note: str | None = None,
        customer: str | None = None,
    ) -> Entry:
        """Write the log entry of one change into the draft; *customer*: another one than the record's."""
        entry = Entry(
            position, state.id, state.type, customer or state.customer, op, self.actor.device,
            self.change_set.number, self.change_set.id, self.actor.user, self.actor.role,
            self.made_at, self.stamp, units, altered, self.actor.timer, note,
        )  # fmt: skip
        self.draft.entries.append(entry)
        return entry

    def stamp_record(self, state: RecordState, position: int) -> None:
        """Note on a draft's record that this set altered it at *position*."""
        state.version = position
        state.mark = state.mark.moved(position, self.actor.device)
        if self.actor.device != ENGINE.device:
            state.changed_by = self.actor.user
        state.changed_at = self.made_at


def value_at(draft: Draft, state: RecordState, declared: RecordType, unit: str, base: int) -> Json:
    """Return the value that a unit had at the position *base*."""
    for entry in draft.above(state.id, base):
        written = entry.units.get(unit)
        if written is not None and written.altered:
            return written.before
    return current(state, declared, unit)


def current(state: RecordState, declared: RecordType, unit: str) -> Json:
    """Return the stored value of a unit: a group's is an object, or None when no member is set."""
    members = declared.group(unit)
    if not members:
        return state.fields.get(unit)
    held = {name: state.fields.get(name) for name in members}
    return held if any(it is not None for it in held.values()) else None


def units_of(declared: RecordType, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Gather fields into the units in which they are decided; a group's value is an object."""
    units: dict[str, Json] = {}
    for path in fields:
        unit = declared.unit(path)
        if unit == path:
            units[unit] = fields[path]
        elif unit not in units:
            whole = {name: fields.get(name) for name in declared.group(unit)}
            units[unit] = whole if any(it is not None for it in whole.values()) else None
    return units


def members_of(declared: RecordType, unit: str) -> tuple[str, ...]:
    """Return the paths that a unit sets: a group's members, or the one field."""
    return declared.group(unit) or (unit,)


def put_unit(state: RecordState, declared: RecordType, unit: str, value: Json) -> None:
    """Set a unit's fields in *state*; null unsets."""
    members = declared.group(unit)
    pairs = {name: (value or {}).get(name) for name in members} if members else {unit: value}
    for path, one in pairs.items():
        if one is None:
            state.fields.pop(path, None)
        else:
            state.fields[path] = one
