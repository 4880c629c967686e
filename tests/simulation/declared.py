"""Record types of the simulator's own: few, small, and with every merge policy among them.

What two later schema versions brought has a `since`.
"""

from __future__ import annotations

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
from schemas.steps import Filled

BOTH = ("officer", "supervisor")
BOSS = ("supervisor",)


def _field(name: str, policy: Policy, kind: Kind | None = None, **rest: Any) -> Field:
    return Field(name, Label(name, name), kind or Text(), policy, **rest)


def _type(name: str, *fields: Field | KeyedMap, **rest: Any) -> RecordType:
    made_by = rest.pop("made_by", BOTH)
    return RecordType(name, Label(name, name), fields, made_by=made_by, **rest)


def _move(name: str, source: str, target: str, roles: tuple[str, ...] = BOTH) -> Transition:
    return Transition(name, tuple(source.split()), target, roles, offline=True)


def ends_after_start(fields: Fields) -> Problem | None:
    """A period does not end before it starts: two edits, each valid, may break it together."""
    start, end = fields.get("start"), fields.get("end")
    wrong = start is not None and end is not None and end < start
    return Problem("end", "invalid-value", "ends-before-start") if wrong else None


USER = _type("user", _field("name", "latest"), made_by=(), reference="branch")
PLACE = _type(
    "place", _field("name", "manual"), _field("about", "text"), made_by=(), reference="branch"
)
CUSTOMER = _type(
    "customer",
    _field("name", "manual"),
    _field("phone", "latest"),
    _field("secret", "manual", sensitive=True),
    _field("limit", "authority", Integer(), write=BOSS, authority=BOSS),
    _field("grade", "authority", write=BOTH, authority=("supervisor", "officer")),
    _field("id_no", "once", authority=BOSS),
    _field("remark", "text"),
    _field("tags", "set", SetOf(Text())),
    _field("visits", "highest", Integer()),
    _field("amount", "manual", Integer(), group="terms"),
    _field("months", "manual", Integer(), group="terms"),
    _field("start", "manual", Integer()),
    _field("end", "manual", Integer()),
    _field("place_id", "latest", Ref(to="place")),
    _field("paper", "once", Text(8, 1, examples=("id1", "id2", "id3")), authority=BOSS),
    _field("nick", "manual", since=2),
    _field("care", "text", since=3),
    checks=(ends_after_start,),
    identity="paper",
)
NOTE = _type(
    "note", _field("words", "text"), _field("mood", "latest"), deletable=True, late_fact=True
)
ASSET = _type(
    "asset",
    _field("kind", "manual", required=True),
    _field("use", "manual", required=True, since=3),
    deletable=True,
)
MEMO = _type("memo", _field("words", "text"), deletable=True, late_fact=True, since=2)
VALUATION = _type(
    "valuation",
    _field("asset_id", "append", Ref(to="asset"), required=True),
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
        {
            "value": _field("value", "manual"),
            "note": _field("note", "text"),
            "seal": _field("seal", "manual", since=3),
        },
    ),
    _field("status", "state"),
    _field("why", "manual", required_by=("cancel",)),
    _field("note_id", "manual", Ref(to="note")),
    _field("maker", "once", default="@user"),
    late_fact=True,
    states=States(
        "status",
        ("open",),
        (
            _move("start", "open", "started"),
            _move("finish", "open started", "done"),
            _move("cancel", "open", "cancelled"),
            _move("approve", "done", "approved", BOSS),
            _move("return", "done", "started", BOSS),
            _move("expire", "open started", "expired", ()),
            _move("late", "expired", "done"),
        ),
    ),
)
SMALL = Registry(
    [USER, PLACE, CUSTOMER, NOTE, ASSET, VALUATION, VISIT, MEMO, CONFLICT, ASSIGNMENT],
    schema=3,
    steps=[Filled(3, "asset", "use", "unknown")],
)
