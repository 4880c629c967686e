"""A small branch in memory for the engine's tests: an office, tablets, the web, one log.

Every actor has a view: the position up to which he has seen the log. An edit is made over that view,
unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.assignment import ASSIGNMENT
from schemas.conflict import CONFLICT
from schemas.declare import (
    Field,
    Fields,
    Integer,
    KeyedMap,
    Kind,
    Label,
    Policy,
    Problem,
    RecordType,
    Ref,
    Registry,
    SetOf,
    States,
    Text,
    Transition,
)
from schemas.messages import Change, ChangeSet, SetResult
from schemas.org_unit import ORG_UNIT
from schemas.user import USER
from schemas.values import derived_id, format_instant, to_millis
from sync.engine import Engine, Moment
from sync.held import NOW as NOW_SINCE
from sync.held import Since
from sync.ledger import Decided, Entry, Ledger, RecordState
from sync.scope import Actor

Json = Any
NOW = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
TODAY = "2026-06-16"
BOTH = ("officer", "supervisor")
OFFICER = ("officer",)


def named(name: str) -> str:
    """Return the id that goes by *name*."""
    return derived_id("village", name)


# ----------------------------------------------------------------------------------- declarations


def _field(name: str, policy: Policy, kind: Kind | None = None, **rest: Any) -> Field:
    return Field(name, Label(name, name), kind or Text(), policy, **rest)


def _type(name: str, *fields: Field | KeyedMap, **rest: Any) -> RecordType:
    made_by = rest.pop("made_by", BOTH)
    return RecordType(name, Label(name, name), fields, made_by=made_by, **rest)


def ends_after_start(fields: Fields) -> Problem | None:
    """A period does not end before it starts."""
    start, end = fields.get("start"), fields.get("end")
    wrong = start is not None and end is not None and end < start
    return Problem("end", "invalid-value", "ends-before-start") if wrong else None


def _move(name: str, source: str, target: str, roles: tuple[str, ...] = BOTH) -> Transition:
    return Transition(name, tuple(source.split()), target, roles, offline=True)


CUSTOMER = _type(
    "customer",
    _field("name", "manual"),
    _field("phone", "latest"),
    _field("income", "manual", Integer()),
    _field("national_id", "manual", sensitive=True),
    _field("limit", "authority", Integer(), write=("supervisor",), authority=("supervisor",)),
    _field("grade", "authority", write=BOTH, authority=("supervisor", "officer")),
    _field("opinion", "authority", write=OFFICER, authority=OFFICER),
    _field("score", "authority", Integer(), write=(), authority=()),
    _field("id_no", "once", authority=("supervisor",)),
    _field("remark", "text"),
    _field("tags", "set", SetOf(Text())),
    _field("visits", "highest", Integer()),
    _field("amount", "manual", Integer(), group="terms"),
    _field("months", "manual", Integer(), group="terms"),
    _field("start", "manual", Integer()),
    _field("end", "manual", Integer()),
    checks=(ends_after_start,),
    identity="id_no",
)
NOTE = _type(
    "note", _field("words", "text"), _field("mood", "latest"), deletable=True, late_fact=True
)
ASSET = _type("asset", _field("kind", "manual", required=True), deletable=True)
VALUATION = _type(
    "valuation",
    _field("asset_id", "append", Ref(to="asset")),
    _field("worth", "append", Integer()),
    parent=("asset", "asset_id"),
    create_only=True,
    late_fact=True,
)
VISIT = _type(
    "visit",
    KeyedMap(
        "answers",
        Label("answers", "answers"),
        {"value": _field("value", "manual"), "note": _field("note", "text")},
    ),
    _field("note_id", "manual", Ref(to="note")),
    _field("note_ids", "set", SetOf(Ref(to="note"))),
    _field("maker", "once", default="@user"),
    _field("day", "once", default="@today"),
    _field("paper", "once", default="@number"),
    _field("kind", "latest", default="routine"),
    late_fact=True,
)
TASK = _type(
    "task",
    _field("status", "state"),
    _field("why", "manual", required_by=("cancel",)),
    late_fact=True,
    states=States(
        "status",
        ("open",),
        (
            _move("start", "open", "started"),
            _move("finish", "open started", "done"),
            _move("cancel", "open", "cancelled"),
            _move("approve", "done", "approved", ("supervisor",)),
            _move("expire", "open started", "expired", ()),
            _move("late", "expired", "done"),
        ),
    ),
)
GUARANTEE = _type(
    "guarantee",
    _field("guarantor_id", "manual", Ref(scope="branch")),
    _field("circle_ids", "set", SetOf(Ref(scope="branch"))),
)
REGISTRY = Registry(
    [CUSTOMER, NOTE, ASSET, VALUATION, VISIT, TASK, GUARANTEE, CONFLICT, ASSIGNMENT, ORG_UNIT, USER]
)


# -------------------------------------------------------------------------------------- the branch


@dataclass
class Village:
    """The branch's log and records, with the customer C1 whom li and zhao hold."""

    ledger: Ledger = field(default_factory=lambda: Ledger(0))
    minutes: int = 0

    def __post_init__(self) -> None:
        self.office = Person(self, Actor(None, "server", named("office"), whole_branch=True))
        unit = {"name": "branch", "code": "QH", "kind": "outlet"}
        self.office.create("org_unit", "branch", None, **unit)
        users = {"li": "officer", "zhao": "officer", "wu": "officer", "sun": "auditor"}
        for user, role in users.items():
            fields = {"name": user, "role": role, "unit_id": named("branch")}
            self.office.create("user", user, None, **fields)
        self.register("C1", "li", "zhao", name="Chen", phone="p0")
        self.register("C2", "wu", name="Liu", phone="q0")

    def register(self, customer: str, *holders: str, **fields: Json) -> None:
        """Let the office register a customer whom *holders* look after, the first as primary."""
        self.office.create("customer", customer, customer, **fields)
        for place, user in enumerate(holders):
            self.assign(customer, user, "cover" if place else "primary")

    def assign(
        self, customer: str, user: str, role: str = "primary", until: str | None = None
    ) -> str:
        """Let the office assign a customer; return the assignment's name."""
        until = until or ("2026-12-31" if role != "primary" else None)
        wish = {"officer_id": named(user), "customer_id": named(customer), "role": role}
        if until:
            wish["valid_to"] = until
        name = f"{customer} to {user} {self.ledger.head}"
        made = self.office.create("assignment", name, None, valid_from=TODAY, **wish)
        assert made.status == "applied", made
        return name

    def take_away(self, customer: str, user: str) -> None:
        """Let the office end every hold of a user on a customer."""
        for holding in self.record(customer).holders:
            if holding.user == named(user) and holding.ended is None:
                change = Change(
                    "update", "assignment", holding.assignment, None, {"valid_to": "2026-06-15"}
                )
                assert self.office.send(change).status == "applied"

    def tablet(self, user: str = "li", name: str | None = None, role: str = "officer") -> Person:
        """Return a tablet of *user* that has seen everything up to now."""
        person = Person(self, Actor(named(user), role, named(f"tablet {name or user}")))
        return person.pull()

    def web(self, user: str = "wang") -> Person:
        """Return a supervisor at the web, who sees every record of the branch."""
        actor = Actor(named(user), "supervisor", named(f"web {user}"), whole_branch=True)
        return Person(self, actor).pull()

    def timer(self) -> Person:
        """Return the server itself, because something fell due."""
        actor = Actor(None, "server", named("office"), whole_branch=True, timer=True)
        return Person(self, actor, self.office.number)

    def record(self, name: str) -> RecordState:
        """Return a record by its name."""
        return self.ledger.records[named(name)]

    def value(self, name: str, path: str) -> Json:
        """Return what stands in a field."""
        return self.record(name).fields.get(path)

    def conflicts(self, record: str, unit: str | None = None) -> list[RecordState]:
        """Return the conflicts about a record's unit, oldest first."""
        ids = self.ledger.conflicts.get((named(record), unit), ())
        return [self.ledger.records[it] for it in ids]

    def all_conflicts(self) -> list[RecordState]:
        """Return every conflict."""
        return [it for it in self.ledger.records.values() if it.type == "conflict"]

    def history(self, record: str) -> list[Entry]:
        """Return the log of a record."""
        return self.ledger.history[named(record)]


def shown(conflict: RecordState) -> tuple[Json, Json, list[Json], str]:
    """Return what a conflict shows: ancestor, what stood, the other values, its status."""
    fields = conflict.fields
    others = [it["value"] for it in fields["others"]]
    return fields.get("base_value"), fields["kept"]["value"], others, fields["status"]


# ---------------------------------------------------------------------------------------- a person


@dataclass
class Person:
    """Somebody on one device, with the numbers of its sets and the view that its user has."""

    village: Village
    actor: Actor
    number: int = 0
    base: int = 0
    decided: dict[int, Decided] = field(default_factory=dict)
    rejected_creates: set[str] = field(default_factory=set)
    held_creates: set[str] = field(default_factory=set)
    since: Since = NOW_SINCE

    def pull(self) -> Person:
        """See everything up to now."""
        self.base = self.village.ledger.head
        return self

    def send(
        self,
        *changes: Change,
        base: int | None = None,
        minute: int | None = None,
        number: int | None = None,
    ) -> SetResult:
        """Send the next set; *minute* is when it was made, later than everything before by default."""
        village, ledger = self.village, self.village.ledger
        self.number = number or self.number + 1
        village.minutes += 1
        made = NOW + timedelta(minutes=village.minutes if minute is None else minute)
        stamp = f"{to_millis(made):012x}-0000-{self.actor.device}"
        if self.actor.whole_branch and base is None:
            base = ledger.head
        change_set = ChangeSet(
            self.number, self.set_id(self.number), None, 1,
            self.base if base is None else base, "test", None, None, changes,
        )  # fmt: skip
        ledger.decided, ledger.rejected_creates = self.decided, self.rejected_creates
        ledger.held_creates = self.held_creates
        engine = Engine(REGISTRY, ledger, named("branch"), TODAY)
        moment = Moment(format_instant(made), stamp)
        return engine.decide(change_set, self.actor, moment, self.since)

    def set_id(self, number: int) -> str:
        """Return the id of this device's set with a number."""
        return derived_id("set", self.actor.device, str(number))

    def create(
        self, kind: str, record: str, customer: str | None = "C1", /, **fields: Json
    ) -> SetResult:
        """Make a record."""
        return self.send(creation(kind, record, customer, **fields))

    def edit(
        self,
        record: str,
        over: Mapping[str, int] | None = None,
        base: int | None = None,
        minute: int | None = None,
        **fields: Json,
    ) -> SetResult:
        """Edit a record; of a dotted path write `answers__F01__value`."""
        return self.send(self.change(record, over, **fields), base=base, minute=minute)

    def put(
        self, record: str, field: str, value: Json, over: Mapping[str, int] | None = None
    ) -> SetResult:
        """Edit one field of a record."""
        return self.send(edition(self.village.record(record), over, **{field: value}))

    def change(self, record: str, over: Mapping[str, int] | None = None, **fields: Json) -> Change:
        """Return the edit of a record."""
        return edition(self.village.record(record), over, **fields)

    def delete(self, record: str, base: int | None = None) -> SetResult:
        """Delete a record."""
        state = self.village.record(record)
        change = Change("delete", state.type, state.id, state.customer, reason="twice")
        return self.send(change, base=base)

    def refused(self, **fields: Json) -> None:
        """Send an edit of C1 that is rejected for its limit, which an officer may not set."""
        result = self.edit("C1", limit=1, **fields)
        assert [it.code for it in result.errors] == ["not-permitted"]

    def resolve(
        self,
        conflict: RecordState,
        way: str = "keep",
        *writes: Change,
        base: int | None = None,
        **settled: Json,
    ) -> SetResult:
        """Settle a conflict, with what it writes to the record."""
        fields = {"status": "resolved", "resolution": way, **settled}
        return self.send(self.settling(conflict, **fields), *writes, base=base)

    def settling(self, conflict: RecordState, **fields: Json) -> Change:
        """Return an update of a conflict."""
        return Change("update", "conflict", conflict.id, conflict.customer, fields)


def creation(kind: str, record: str, customer: str | None, /, **fields: Json) -> Change:
    """Return the making of a record."""
    under = named(customer) if customer else None
    return Change("create", kind, named(record), under, _paths(fields))


def edition(state: RecordState, over: Mapping[str, int] | None, **fields: Json) -> Change:
    """Return the edit of a record as it stands."""
    return Change("update", state.type, state.id, state.customer, _paths(fields), over or {})


def _paths(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name.replace("__", "."): value for name, value in fields.items()}


def codes(result: SetResult) -> Sequence[str]:
    """Return the codes for which a set was rejected."""
    return [it.code for it in result.errors]
