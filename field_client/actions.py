"""One user action in the making: changes of one or several records, checked here and stored as one set.

The device checks what it can, with the declarations that the server uses, so that little comes
back; the server still decides. Nothing here looks at the network.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from field_client import guarding, views
from field_client.faults import InvalidInputError, NotPossibleError
from field_client.sets import OwnSet
from field_client.store import NewSet, Store
from schemas.changes import field_faults, record_faults
from schemas.declare import Field, RecordType
from schemas.messages import Fault
from schemas.values import format_instant, json_equal, parse_instant, to_millis, uuid7
from sync.checks import may_write
from sync.rebase import View, over_for, texts_seen

Json = Any
Fields = Mapping[str, Json]
CONNECTED = timedelta(minutes=10)
"""How long after a complete sync the branch counts as in reach."""


@dataclass(frozen=True)
class Desk:
    """Where work is done: the store, and the time, day and random bytes that are handed in."""

    store: Store
    now: Callable[[], datetime]
    today: Callable[[], date]
    new_bytes: Callable[[int], bytes]

    def new_id(self) -> str:
        """Return a new id for a record, a set, a draft or a device."""
        return uuid7(to_millis(self.now()), self.new_bytes(10))

    def is_connected(self) -> bool:
        """Tell whether the branch was in reach a moment ago: some moves are made with a network only."""
        synced = self.store.identity().synced_at
        if synced is None:
            return False
        age = self.now() - parse_instant(synced)
        return -CONNECTED < age < CONNECTED

    def begin(self, action: str) -> Action:
        """Begin a user action on the view as it is now."""
        identity = self.store.identity()
        return Action(self, action, identity.position, identity.view_epoch)


@dataclass(frozen=True)
class Opened:
    """A record as a form showed it: its view, and by unit the own sets (`seq`) whose values were in it."""

    view: View
    newest: Mapping[str, int]

    @classmethod
    def of(cls, store: Store, wanted: str) -> Opened:
        """Open a record as it is now."""
        view = views.record(store, wanted)
        return cls(view, store.newest_of(view.id, store.registry[view.type]))


@dataclass
class Action:
    """Changes of one user action, in order; `save` stores them whole.

    Attributes:
        base: the position of the view when the action began.
        epoch: that of the same view.
    """

    desk: Desk
    name: str
    base: int
    epoch: str | None
    changes: list[dict[str, Json]] = field(default_factory=list)
    seen: dict[str, dict[str, Json]] = field(default_factory=dict)

    def go_back_to(self, base: int, epoch: str | None) -> None:
        """Count an earlier view as the one on which the action began."""
        if epoch != self.epoch or base < self.base:
            self.base, self.epoch = base, epoch

    # -------------------------------------------------------------------------------- changes

    def create(
        self, type_name: str, customer: str | None, fields: Fields, record_id: str | None = None
    ) -> str:
        """Add a new record and return its id; absent fields with a default are filled in.

        Raises:
            InvalidInputError: the record does not fit its declaration.
        """
        declared = self._declared(type_name)
        made = record_id or self.desk.new_id()
        if type_name == "customer":
            customer = made
        if (customer is None) != (declared.reference is not None):
            raise NotPossibleError(reason="customer-needed", type=type_name)
        whole = self._with_defaults(declared, normal(fields))
        faults = [*self._not_permitted(declared, whole, {}), *record_faults(declared, whole)]
        if self._role() not in declared.made_by:
            faults = [Fault(None, None, "not-permitted")]
        if faults:
            raise InvalidInputError(type_name, faults)
        self.changes.append(
            {"op": "create", "type": type_name, "id": made, "customer": customer, "set": whole}
        )
        return made

    def update(self, wanted: str | Opened, fields: Fields, even_if_same: bool = False) -> None:
        """Add an edit of a record; what equals the view already is left out, unless *even_if_same*.

        Raises:
            NotHereError: no such record. InvalidInputError: the edit does not fit.
        """
        opened = wanted if isinstance(wanted, Opened) else self._opened(wanted)
        shown = opened.view
        declared = self._declared(shown.type)
        edits = as_edits(declared, normal(fields), shown.fields, even_if_same)
        if not edits:
            return
        self._check_update(declared, edits, shown, opened.newest)
        numbers = self.desk.store.numbers_of(opened.newest)
        over = over_for(declared, edits, numbers) if shown.type != "conflict" else {}
        self._add_update(shown, edits, over)
        self.seen.setdefault(shown.id, {}).update(texts_seen(declared, edits, shown.fields))

    def _opened(self, wanted: str) -> Opened:
        """Open a record as it is now; the action began on the earliest view that it is made of."""
        opened = Opened.of(self.desk.store, wanted)
        self.go_back_to(self.desk.store.base_of(opened.view.id), self.epoch)
        return opened

    def _add_update(self, shown: View, edits: Fields, over: Mapping[str, int]) -> None:
        change: dict[str, Json] = {
            "op": "update", "type": shown.type, "id": shown.id, "customer": shown.customer,
            "set": dict(edits),
        }  # fmt: skip
        self.changes.append({**change, **({"over": dict(over)} if over else {})})

    def delete(self, wanted: str, reason: str) -> None:
        """Add the removal of a record.

        Raises:
            NotPossibleError: the type is not deletable, or no reason is given.
        """
        shown = self._opened(wanted).view
        declared = self._declared(shown.type)
        if not declared.deletable:
            raise NotPossibleError(reason="not-deletable", type=shown.type)
        if not reason.strip():
            raise NotPossibleError(reason="reason-needed")
        self.changes.append(
            {"op": "delete", "type": shown.type, "id": shown.id, "customer": shown.customer,
             "reason": unicodedata.normalize("NFC", reason.strip())[:200]}
        )  # fmt: skip

    def save(self) -> OwnSet | None:
        """Store the set; None when nothing was changed.

        Raises:
            InvalidInputError: a rule over several records forbids it, as far as this device can tell.
        """
        if not self.changes:
            return None
        guarding.open_cases(self)
        guarding.lock_surveys(self)
        guarding.check(self)
        now = self.desk.now()
        new = NewSet(
            self.desk.new_id(), self.base, self.name, format_instant(now), to_millis(now),
            self.desk.store.registry.schema, self.changes, self.seen, self.epoch,
        )  # fmt: skip
        return self.desk.store.append(new)

    # --------------------------------------------------------------------------------- checks

    def _declared(self, type_name: str) -> RecordType:
        declared = self.desk.store.registry.get(type_name)
        if declared is None:
            raise NotPossibleError(reason="unknown-type", type=type_name)
        return declared

    def _role(self) -> str:
        self.desk.store.user_id()
        return str((self.desk.store.identity().user or {})["role"])

    def _with_defaults(self, declared: RecordType, fields: Fields) -> dict[str, Json]:
        """Fill in what whoever makes the record fills in; `@number` is the server's to give."""
        filled = {path: value for path, value in fields.items() if value is not None}
        words = {"@user": self.desk.store.user_id(), "@today": self.desk.today().isoformat()}
        for one in declared.plain_fields():
            default = (
                words.get(one.default, one.default) if isinstance(one.default, str) else one.default
            )
            if default is None or default == "@number" or one.name in filled:
                continue
            if may_write(one, self._role(), first=True):
                filled[one.name] = default
        if declared.states is not None:
            filled.setdefault(declared.states.field, declared.states.initial[0])
        return filled

    def _check_update(
        self, declared: RecordType, edits: Fields, shown: View, newest: Mapping[str, int]
    ) -> None:
        if declared.create_only:
            raise NotPossibleError(reason="create-only", type=shown.type)
        held = self.desk.store.held(shown.id)
        stored = held.fields if held else {}
        faults = [
            *self._not_permitted(declared, edits, stored),
            *field_faults(None, "update", declared, edits),
        ]
        if not faults and shown.type != "conflict":
            faults = self._whole_faults(declared, edits, shown)
        if faults:
            raise InvalidInputError(shown.type, faults)

    def _not_permitted(self, declared: RecordType, fields: Fields, stored: Fields) -> list[Fault]:
        """Return a fault for each field that this role may not set; `once` is free until it is stored."""
        role = self._role()
        found = []
        for path in fields:
            one = declared.field(path)
            if one is not None and not may_write(
                one, role, first=_is_unset(declared, one, path, stored)
            ):
                found.append(Fault(None, path, "not-permitted"))
        return found

    def _whole_faults(self, declared: RecordType, edits: Fields, shown: View) -> list[Fault]:
        whole = {**shown.fields, **_plain(declared, edits)}
        whole = {path: value for path, value in whole.items() if value is not None}
        faults = list(self._move_faults(declared, edits, shown, whole))
        problems = (check(whole) for check in declared.checks)
        return faults + [
            Fault(None, it.field, it.code, it.reason, it.rule) for it in problems if it
        ]

    def _move_faults(
        self, declared: RecordType, edits: Fields, shown: View, whole: Fields
    ) -> list[Fault]:
        machine = declared.states
        if machine is None or machine.field not in edits:
            return []
        moves = machine.moves(shown.fields.get(machine.field), edits[machine.field])
        online = self.desk.is_connected()
        allowed = [it for it in moves if self._role() in it.roles and (it.offline or online)]
        if not allowed:
            return [Fault(None, machine.field, "invalid-transition")]
        names = {it.name for it in allowed}
        return [
            Fault(None, it.name, "required")
            for it in declared.plain_fields()
            if names & set(it.required_by) and whole.get(it.name) is None
        ]


def _is_unset(declared: RecordType, one: Field, path: str, stored: Fields) -> bool:
    names = declared.group(one.group) if one.group else (path,)
    return all(stored.get(name) is None for name in names)


def normal(value: Any) -> Any:
    """Return *value* with every text in it in NFC: devices normalise when they save."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: normal(one) for key, one in value.items()}
    return [normal(one) for one in value] if isinstance(value, list | tuple) else value


def as_edits(
    declared: RecordType, fields: Fields, shown: Fields, even_if_same: bool = False
) -> dict[str, Json]:
    """Return what an update sends: changed fields, groups whole, sets as add and remove."""
    edits: dict[str, Json] = {}
    for path, value in fields.items():
        one = declared.field(path)
        held = shown.get(path)
        if one is not None and one.policy == "set":
            if edit := _set_edit(value, held or []):
                edits[path] = edit
        elif even_if_same or not json_equal(held, value):
            edits[path] = value
    for name in {declared.unit(path) for path in edits} - edits.keys():
        for member in declared.group(name):
            edits.setdefault(member, fields.get(member, shown.get(member)))
    return edits


def _set_edit(value: Json, held: Sequence[Json]) -> dict[str, Json]:
    """Return the add/remove edit for a whole list, or the edit as it was given."""
    if isinstance(value, Mapping):
        return {name: list(part) for name, part in value.items() if part}
    wanted = list(value or ())
    edit = {
        "add": [it for it in wanted if it not in held],
        "remove": [it for it in held if it not in wanted],
    }
    return {name: part for name, part in edit.items() if part}


def _plain(declared: RecordType, edits: Fields) -> dict[str, Json]:
    """Return edits as values: of a set, what it adds, which is all that a check can need."""
    return {
        path: (value.get("add") or None)
        if isinstance(value, Mapping) and _is_set(declared, path)
        else value
        for path, value in edits.items()
    }


def _is_set(declared: RecordType, path: str) -> bool:
    one = declared.field(path)
    return one is not None and one.policy == "set"
