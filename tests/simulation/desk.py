"""What a user does at a device: forms opened and saved, records made and removed, conflicts settled.

Each action becomes one numbered set on the disk, and the oracle takes down what was typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.declare import RecordType, Registry
from schemas.values import format_instant, from_millis
from sync import text
from sync.choices import resolution
from sync.rebase import View, newest_own, over_for, texts_seen
from tests.simulation.device import Device
from tests.simulation.disk import Form, OwnSet
from tests.simulation.editions import as_today
from tests.simulation.messages import Ours, change_of
from tests.simulation.oracle import Oracle
from tests.simulation.permits import as_edit, may_set, says_something
from tests.simulation.typed import Broken, Deed, Opening, Typed, Unit

Json = Any
Shape = dict[str, Json]
Seen = Mapping[str, Mapping[str, Json]]


@dataclass
class Desk:
    """A user at one device. `now_ms` is true time, `clock_ms` what the device believes; `kept`: how many sets."""

    name: str
    device: Device
    oracle: Oracle
    now_ms: int = 0
    clock_ms: int = 0
    steady: bool = True
    next_id: str = ""
    serial: int = 0
    kept: Counter[str] = field(default_factory=Counter)

    @property
    def registry(self) -> Registry:
        return self.device.registry

    # ---------------------------------------------------------------------------------------- forms

    def open(self, record: str) -> Form | None:
        """Open a record that the view shows."""
        device = self.device
        view = device.shown(record)
        if view is None or view.removed:
            return None
        declared = self.registry[view.type]
        newest = newest_own(declared, device.pending_of(record, device.disk.id))
        return Form(
            view, device.base_of(record), device.places(newest), len(device.disk.sets),
            self._looking_at(self.oracle.opening(self.name), [record]), device.disk.view_epoch,
        )  # fmt: skip

    def _looking_at(self, opening: Opening, records: Iterable[str]) -> Opening:
        """Return what the user has before him where the server has not sent all of these records yet."""
        disk = self.device.disk
        made = [it for it in records if not disk.whole and it not in disk.copy]
        return self.oracle.as_made(self.name, opening, made)

    def edition(self, form: Form) -> tuple[Shape, dict[Unit, str], Seen]:
        """Return what was typed into a form just opened: the change, what it is laid over, what was seen."""
        declared = self.registry[form.view.type]
        over = over_for(declared, form.typed, self.device.numbers(form.newest))
        own = self._own(form.view.id, declared, form.typed, over, form.opening.own)
        seen: Seen = {form.view.id: texts_seen(declared, form.typed, form.view.fields)}
        return self._update(form.view, form.typed, over), own, seen

    def save(self, form: Form) -> OwnSet | None:
        """Finish a form: what was typed becomes a set, laid over own work that was saved meanwhile."""
        declared = self.registry[form.view.type]
        own = self.oracle.own_at_save(self.name, form.opening)
        newest, typed, shown, alone = self._with_later_work(form, declared)
        edits = {
            path: it for path, it in typed.items() if says_something(declared, path, it, shown)
        }
        if not edits:
            return None
        over = over_for(declared, edits, self.device.numbers(newest))
        own = self._own(form.view.id, declared, edits, over, own, alone)
        change = self._update(form.view, edits, over)
        seen = {form.view.id: texts_seen(declared, edits, shown)}
        return self.keep([change], form.opening, form.stood_on, "edit", seen, own)

    def _with_later_work(
        self, form: Form, declared: RecordType
    ) -> tuple[dict[str, int], dict[str, Json], dict[str, Json], set[str]]:
        newest, typed, shown = dict(form.newest), dict(form.typed), dict(form.view.fields)
        later = self.later(form.view.id, declared, form.after)
        now = self.device.shown(form.view.id) if later else None
        current = now.fields if now else {}
        alone: set[str] = set()
        for path, value in form.typed.items():
            unit, one = declared.unit(path), declared.field(path)
            if unit not in later:
                continue
            newest[unit] = later[unit]
            if one is not None and one.policy == "text" and isinstance(value, str):
                joined = text.merge(shown.get(path) or "", current.get(path) or "", value)
                if joined is None:
                    newest.pop(unit)  # the server lays both side by side, in a conflict
                    alone.add(unit)
                else:
                    typed[path] = joined
            shown[path] = current.get(path)
        return newest, typed, shown, alone

    def later(self, record: str, declared: RecordType, after: int) -> dict[str, int]:
        """Return, by unit, the place of the newest own set behind a place that set it and was not refused."""
        disk = self.device.disk
        return {
            declared.unit(path): place
            for place, one in enumerate(disk.sets, 1)
            if place > after and one.device == disk.id and one.status != "rejected"
            for change in one.changes
            if change.id == record
            for path in change.set
        }

    def _own(
        self,
        record: str,
        declared: RecordType,
        edits: Mapping[str, Json],
        over: Mapping[str, int],
        own: Mapping[Unit, str],
        alone: Collection[str] = (),
    ) -> dict[Unit, str]:
        """Return the own sets that an edit is laid over; the device must name just those as `over`."""
        units = {declared.unit(path) for path in edits}
        mine = {it: own[record, it] for it in units if (record, it) in own and it not in alone}
        numbers = {it.id: it.number for it in self.device.own()}
        if {unit: numbers.get(name) for unit, name in mine.items()} != dict(over):
            raise Broken("view", f"{self.name} names {dict(over)} as shown, it is {mine}")
        return {(record, unit): name for unit, name in mine.items()}

    def _update(self, view: View, edits: Mapping[str, Json], over: Mapping[str, int]) -> Shape:
        change = {
            "op": "update", "type": view.type, "id": view.id, "customer": view.customer,
            "set": dict(edits),
        }  # fmt: skip
        return {**change, **({"over": dict(over)} if over else {})}

    # ---------------------------------------------------------------------------------- other actions

    def create(self, kind: str, record: str, customer: str | None, fields: Shape) -> OwnSet:
        """Make a record."""
        change = {"op": "create", "type": kind, "id": record, "customer": customer, "set": fields}
        return self.keep([change], self.oracle.opening(self.name))

    def delete(self, view: View, reason: str) -> OwnSet:
        """Remove a record."""
        change = {
            "op": "delete", "type": view.type, "id": view.id, "customer": view.customer,
            "reason": reason,
        }  # fmt: skip
        return self.keep([change], self.oracle.opening(self.name))

    def resolve(
        self, conflict: View, way: str, chosen: Mapping[str, Json] | None, value: Json
    ) -> OwnSet | None:
        """Settle a conflict: its own update and, unless it keeps, the write, in one set."""
        try:
            built = resolution(
                self.registry, conflict.id, conflict.customer, conflict.fields, way, chosen, value,
                "so be it",
            )  # fmt: skip
        except LookupError:
            return None
        opening = self.oracle.opening(self.name)
        own: dict[Unit, str] = {}
        changes: list[Shape] = []
        seen: dict[str, Mapping[str, Json]] = {}
        for change in sorted(built, key=lambda it: it["type"] == "conflict"):
            if change["op"] == "update" and change["type"] != "conflict":
                form = self.open(change["id"])
                if form is None:
                    return None
                declared = self.registry[change["type"]]
                edits = {p: as_edit(declared, p, it, form.view) for p, it in change["set"].items()}
                if not self._may(declared, edits, form.view):
                    return None
                over = over_for(declared, edits, self.device.numbers(form.newest))
                own |= self._own(change["id"], declared, edits, over, opening.own)
                seen[change["id"]] = texts_seen(declared, edits, form.view.fields)
                changes.append(self._update(form.view, edits, over))
            else:
                changes.append(change)
        return self.keep(changes, opening, None, "resolve", seen, own)

    def _may(self, declared: RecordType, edits: Mapping[str, Json], view: View) -> bool:
        """Tell whether this user may set these fields and make these moves, as far as a device knows."""
        role, held = self.device.disk.role, self.device.disk.copy.get(view.id)
        return may_set(declared, edits, held.fields if held else {}, view.fields, role)

    def mend(self, old: OwnSet, changes: Sequence[Shape], own: Mapping[Any, str]) -> OwnSet:
        """Send a refused set again as a new one, over the old."""
        made = self.keep(list(changes), self.oracle.opening(self.name), None, "mend", {}, own)
        self.settle(old, "mended")
        return made

    def settle(self, old: OwnSet, how: str) -> None:
        """Note that a set needs no more attention."""
        old.settled = how
        self.oracle.stores[self.name].settled.add(old.id)

    # ----------------------------------------------------------------------------------------- keeping

    def keep(
        self,
        changes: list[Shape],
        opening: Opening,
        stood_on: tuple[int, str | None] | None = None,
        action: str = "edit",
        seen: Seen | None = None,
        own: Mapping[Any, str] | None = None,
        hostile: tuple[str, ...] = (),
        readable: bool = True,
        excuse: str = "",
        **members: Json,
    ) -> OwnSet:
        """Store a set under the next number, ready to go, and let the oracle take it down."""
        disk = self.device.disk
        self.kept[action] += 1
        parsed = tuple(map(change_of, changes)) if readable else ()
        there = [it.id for it in parsed if it.op != "create"]
        if stood_on is None:
            opening = self._looking_at(opening, there)
        known = map(self.device.base_of, there)
        base, epoch = stood_on or (min(known, default=disk.position), disk.view_epoch)
        raw = {
            "number": self.device.last_number() + 1, "id": self.next_id, "epoch": epoch,
            "schema": disk.schema, "base": base, "action": action,
            "made_at": format_instant(from_millis(self.clock_ms)),
            "clock": self.device.tick(self.clock_ms),
            "changes": changes if hostile else Ours(changes), **members,
        }  # fmt: skip
        made = OwnSet(raw, parsed, seen or {}, disk.id)
        disk.sets.append(made)
        deeds = tuple(
            Deed(
                it.op,
                it.type,
                it.id,
                it.customer,
                as_today(self.device.newest, it.op, it.type, it.set, disk.schema),
                it.reason,
                it.set,
            )
            for it in parsed
        )
        self.oracle.note(
            Typed(
                raw["id"], self.name, disk.user, disk.role, opening.seen, self.serial, deeds,
                own or {}, self.now_ms, hostile, excuse, self.steady, shown=seen or {},
                epoch=opening.epoch, dated=epoch is not None,
            )
        )  # fmt: skip
        return made
