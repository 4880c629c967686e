"""What comes in as JSON, made into messages; the one user of marshmallow.

Nothing is converted: every field calls the predicate of a declared kind (marshmallow's own Integer
takes "12", its String takes NUL). Whatever is wrong is reported at once, with its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields

from schemas import limits
from schemas.assignment import ROLES as ASSIGNMENT_ROLES
from schemas.changes import field_faults, is_unit, record_faults, shown
from schemas.conflict import CHOSEN, RESOLUTIONS
from schemas.declare import (
    AnyJson,
    Choice,
    Date,
    Flag,
    FreeObject,
    Id,
    Instant,
    Integer,
    Kind,
    ListOf,
    RecordType,
    Registry,
    Text,
)
from schemas.messages import Change, ChangeSet, Fault, Op
from schemas.org_unit import CODE, KINDS
from schemas.person import NAME, PHONE
from schemas.problems import BadRequestError, TooLargeError
from schemas.roles import ROLES

Json = Any
OPS: tuple[Op, ...] = ("create", "update", "delete")
STAND_INS = ("too-large", "unreadable")
ENDLESS = 10**9
REASONS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "missing-member",
    "null": "null-member",
    "type": "not-a-list",
}
MESSAGE_REASONS = {"unknown": "unknown-member", "type": "not-an-object"}
"""What marshmallow found, as keys of the catalogue."""


# ------------------------------------------------------------------------------- strict fields


class Declared(fields.Field[Any]):
    """A value of a declared kind, taken as it is."""

    default_error_messages = REASONS

    def __init__(
        self,
        kind: Kind,
        *,
        optional: bool = False,
        null: bool = False,
        data_key: str | None = None,
    ) -> None:
        super().__init__(required=not optional, allow_none=null, data_key=data_key)
        self.kind = kind

    def _deserialize(self, value: Json, attr: object, data: object, **kwargs: object) -> Json:
        if reason := self.kind.problem(value):
            raise ValidationError(reason)
        return value


class Message(Schema):
    """A JSON object; members that it does not declare are refused."""

    class Meta:
        unknown = RAISE

    error_messages = MESSAGE_REASONS


class Part(fields.Nested):
    """A message within a message, or a list of them."""

    default_error_messages = REASONS


@dataclass(frozen=True)
class Secret(Kind):
    """A password or token: any text that is not endless; never looked into, never normalised."""

    shortest: int = 1

    def problem(self, value: Json) -> str | None:
        if not isinstance(value, str):
            return "not-text"
        if len(value) < self.shortest:
            return "too-short"
        return "too-long" if len(value) > 1000 else None

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": self.shortest, "maxLength": 1000}


def _flat(messages: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, reason) of marshmallow's nested messages: `users.0.password`."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            yield from _flat(inner, here)
    else:
        for reason in messages:
            yield path, str(reason)


_CODES = {"missing-member": "required", "unknown-member": "unknown-field"}


def _read(message: Message, body: Json) -> dict[str, Json]:
    """Return the members of *body*, or raise everything that is wrong with it."""
    try:
        return cast("dict[str, Json]", message.load(body))
    except ValidationError as found:
        faults = [
            Fault(None, path or None, _CODES.get(reason, "invalid-value"), reason)
            for path, reason in _flat(found.messages)
        ]
        raise BadRequestError(errors=faults) from None


# -------------------------------------------------------------------------------- POST /api/v1/sync


class SyncMessage(Message):
    """The members that a sync request must have; the others are ignored or read leniently."""

    class Meta:
        unknown = EXCLUDE

    protocol = Declared(Integer())
    schema = Declared(Integer())
    epoch = Declared(Text(200), null=True)
    cursor = Declared(AnyJson(), null=True)
    sets = Declared(ListOf(FreeObject(), ENDLESS))


@dataclass(frozen=True)
class Waiting:
    """What is still on the device after this request, as far as its own words can be read."""

    sets: int = 0
    oldest: str | None = None
    attachments: int = 0
    attention: int = 0
    drafts: int = 0
    customers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SyncRequest:
    """One round trip's request. `sets` are raw: what is wrong inside one is that set's result.

    `cursor` is "" where it was sent and is no text: never valid, but the sets are applied first.
    """

    schema: int
    epoch: str | None
    cursor: str | None
    sets: tuple[Mapping[str, Json], ...]
    sent_at: str | None = None
    page: int = 500
    received_through: int = 0
    held: tuple[int, ...] = ()
    digest: bool = False
    waiting: Waiting | None = None


_SYNC = SyncMessage()


def parse_sync_request(body: Json) -> SyncRequest:
    """Read the envelope of a sync request; raise what makes it unreadable as a whole.

    Optional members that cannot be read count as absent, so that none of them stops anybody's work.
    """
    members = _read(_SYNC, body)
    faults = list(_envelope_faults(members))
    if faults:
        raise BadRequestError(errors=faults)
    changes = (it.get("changes") for it in members["sets"])
    if sum(len(it) for it in changes if isinstance(it, list)) > limits.CHANGES_PER_REQUEST:
        raise TooLargeError
    cursor = members["cursor"]
    return SyncRequest(
        members["schema"],
        members["epoch"],
        cursor if cursor is None or isinstance(cursor, str) else "",
        tuple(members["sets"]),
        sent_at=_good(Instant(), body.get("sent_at"), None),
        page=min(max(_good(Integer(), body.get("page"), 500), 1), limits.PAGE),
        received_through=_good(Integer(0), body.get("received_through"), 0),
        held=tuple(_good(ListOf(Integer(1), ENDLESS), body.get("held"), ())),
        digest=body.get("digest") is True,
        waiting=_waiting(body.get("waiting")),
    )


def _envelope_faults(members: Mapping[str, Json]) -> Iterator[Fault]:
    if members["protocol"] != limits.PROTOCOL:
        yield Fault(None, "protocol", "invalid-value", "unknown-protocol")
    for place, raw in enumerate(members["sets"]):
        if Integer(1).problem(raw.get("number")):
            yield Fault(None, f"sets.{place}.number", "invalid-value", "not-positive")


def _good(kind: Kind, value: Json, otherwise: Json) -> Json:
    return otherwise if kind.problem(value) else value


def _waiting(value: Json) -> Waiting | None:
    if not isinstance(value, dict):
        return None
    counts = ("sets", "attachments", "attention", "drafts")
    customers = _good(ListOf(Id(), ENDLESS), value.get("customers"), ())
    return Waiting(
        **{name: _good(Integer(0), value.get(name), 0) for name in counts},
        oldest=_good(Instant(), value.get("oldest"), None),
        customers=tuple(customers[: limits.WAITING_CUSTOMERS]),
    )


# -------------------------------------------------------------------------------------- one set


class SetMessage(Message):
    """A change set. Its times are not looked at: a wrong clock is never a reason to refuse."""

    number = Declared(Integer(1))
    id = Declared(Id())
    epoch = Declared(Text(200), null=True)
    schema = Declared(Integer(1))
    base = Declared(Integer(0))
    action = Declared(Text(200))
    made_at = Declared(AnyJson(), optional=True, null=True)
    clock = Declared(AnyJson(), optional=True, null=True)
    changes = Declared(ListOf(AnyJson(), ENDLESS))


class ChangeMessage(Message):
    """One change; what its `set` may hold is said by the record type."""

    op = Declared(Text(20))
    type = Declared(Text(64))
    id = Declared(Id())
    customer = Declared(Id(), null=True)
    set = Declared(FreeObject(), optional=True)
    over = Declared(FreeObject(), optional=True)
    reason = Declared(AnyJson(), optional=True, null=True)


_SET = SetMessage()
_CHANGE = ChangeMessage()
_REASON = Text(limits.REASON_CHARACTERS, 1)


def parse_set(raw: Json, registry: Registry, carried_over: bool = False) -> ChangeSet | list[Fault]:
    """Read one raw set: the set, or every fault for which it is rejected. It never raises.

    *carried_over*: of records that a lender brings along less must be known (`CARRIED_OVER`).
    """
    action = raw.get("action") if isinstance(raw, dict) else None
    if action == "withdrawn":
        return [Fault(None, None, "withdrawn")]
    if _bytes(raw) > limits.SET_BYTES:
        return [Fault(None, None, "too-large")]
    faults = list(_member_faults(_SET, None, raw))
    changes = raw.get("changes") if isinstance(raw, dict) else None
    if not isinstance(changes, list):
        return faults
    if not changes:
        code = action if action in STAND_INS else "bad-change"
        return [*faults, Fault(None, None, code, None if action in STAND_INS else "no-changes")]
    if len(changes) > limits.CHANGES_PER_SET:
        return [*faults, Fault(None, None, "too-large")]
    for index, change in enumerate(changes):
        faults.extend(_change_faults(index, change, registry))
    if carried_over:
        faults = [it for it in faults if it.code != "not-permitted" and not _may_lack(it, changes)]
    return faults or readable_set(raw)


def _may_lack(fault: Fault, changes: Sequence[Json]) -> bool:
    if fault.code != "required" or fault.change is None:
        return False
    needed = CARRIED_OVER.get(changes[fault.change]["type"])
    return needed is not None and fault.field not in needed


def readable_set(raw: Mapping[str, Json]) -> ChangeSet:
    """Return a set as far as it can be read, for those who must know what a rejected one meant.

    Of a set that `parse_set` accepts this is all of it. It never raises.
    """
    changes = raw.get("changes")
    found = [_readable_change(it) for it in changes] if isinstance(changes, list) else []
    return ChangeSet(
        _good(Integer(1), raw.get("number"), 0),
        _good(Id(), raw.get("id"), ""),
        _good(Text(200), raw.get("epoch"), None),
        _good(Integer(1), raw.get("schema"), 1),
        _good(Integer(0), raw.get("base"), 0),
        _good(Text(200), raw.get("action"), ""),
        _text(raw.get("made_at")),
        _text(raw.get("clock")),
        tuple(it for it in found if it is not None),
    )


def _readable_change(raw: Json) -> Change | None:
    if not isinstance(raw, dict):
        return None
    op, kind, record = raw.get("op"), raw.get("type"), raw.get("id")
    if op not in OPS or not isinstance(kind, str) or Id().problem(record):
        return None
    over = _good(FreeObject(), raw.get("over"), {})
    return Change(
        op,
        kind,
        cast("str", record),
        _good(Id(), raw.get("customer"), None),
        _good(FreeObject(), raw.get("set"), {}),
        {unit: number for unit, number in over.items() if Integer(1).problem(number) is None},
        _text(raw.get("reason")),
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _bytes(raw: Json) -> int:
    """Return the size of *raw* as compact JSON in UTF-8; of what is nested without end, endless."""
    try:
        text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return ENDLESS
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _member_faults(message: Message, index: int | None, raw: Json) -> Iterator[Fault]:
    for path, reason in _flat(message.validate(raw)):
        yield Fault(index, shown(path) if path else None, "bad-change", reason)


def _change_faults(index: int, raw: Json, registry: Registry) -> Iterator[Fault]:
    yield from _member_faults(_CHANGE, index, raw)
    if not isinstance(raw, dict):
        return
    op, kind = raw.get("op"), raw.get("type")
    declared = registry.get(kind) if isinstance(kind, str) else None
    if isinstance(op, str) and op not in OPS:
        yield Fault(index, "op", "bad-change", "unknown-op")
    if isinstance(kind, str) and declared is None:
        yield Fault(index, None, "unknown-type")
    if declared is None:
        return
    yield from _customer_faults(index, raw, declared)
    if op == "delete":
        yield from _delete_faults(index, raw, declared)
    elif op in OPS:
        yield from _edit_faults(index, cast("Op", op), raw, declared)


def _customer_faults(
    index: int | None, raw: Mapping[str, Json], declared: RecordType
) -> Iterator[Fault]:
    if "customer" not in raw or declared.name == "conflict":
        return
    customer, reason = raw["customer"], None
    if declared.reference is not None:
        reason = "customer-not-null" if customer is not None else None
    elif customer is None:
        reason = "customer-missing"
    elif declared.name == "customer" and customer != raw.get("id"):
        reason = "customer-differs"
    if reason is not None:
        yield Fault(index, "customer", "bad-change", reason)


def _delete_faults(index: int, raw: Mapping[str, Json], declared: RecordType) -> Iterator[Fault]:
    if not declared.deletable:
        yield Fault(index, None, "not-permitted")
    for name in ("set", "over"):
        if name in raw:
            yield Fault(index, name, "bad-change", "unknown-member")
    reason = raw.get("reason")
    if reason is None or (isinstance(reason, str) and not reason.strip()):
        yield Fault(index, "reason", "required")
    elif found := _REASON.problem(reason):
        yield Fault(index, "reason", "invalid-value", found)


def _edit_faults(
    index: int, op: Op, raw: Mapping[str, Json], declared: RecordType
) -> Iterator[Fault]:
    if "reason" in raw:
        yield Fault(index, "reason", "bad-change", "unknown-member")
    if op == "update" and declared.create_only:
        yield Fault(index, None, "create-only")
        return
    over = raw.get("over")
    for unit, number in over.items() if isinstance(over, dict) else ():
        if Integer(1).problem(number) or not is_unit(declared, unit):
            yield Fault(index, shown(unit), "bad-change", "over-names-nothing")
    values = raw.get("set")
    if isinstance(values, dict):
        yield from field_faults(index, op, declared, values)
    elif "set" not in raw:
        yield Fault(index, "set", "bad-change", "missing-member")


# ------------------------------------------------------------------------------ accounts


class Lenient(Message):
    """A JSON object in which members of a later version may stand."""

    class Meta:
        unknown = EXCLUDE


class DeviceMessage(Lenient):
    """The device of a sign-in."""

    id = Declared(Id())
    name = Declared(Text(100), optional=True, null=True)
    public_key = Declared(Text(4000), optional=True, null=True)


class LoginMessage(Lenient):
    """`POST /api/v1/auth/login`."""

    username = Declared(Text(200, 1))
    password = Declared(Secret())
    device = Part(DeviceMessage, required=True)


class RefreshMessage(Lenient):
    """`POST /api/v1/auth/refresh` and `/logout`."""

    refresh_token = Declared(Secret())


@dataclass(frozen=True)
class Login:
    """A sign-in on a device; `password` stays out of every log and representation."""

    username: str
    password: str = field(repr=False)
    device: str
    device_name: str | None
    public_key: str | None


def parse_login(body: Json) -> Login:
    """Read a sign-in."""
    it = _read(LoginMessage(), body)
    device = it["device"]
    return Login(
        it["username"],
        it["password"],
        device["id"],
        device.get("name"),
        device.get("public_key"),
    )


def parse_refresh(body: Json) -> str:
    """Read the refresh token of a refresh or a logout."""
    token: str = _read(RefreshMessage(), body)["refresh_token"]
    return token


# ---------------------------------------------------------------------- supervisors' addresses


class AssignmentMessage(Message):
    """`POST /api/v1/assignments`; `officer` is a username."""

    class Meta(Message.Meta):
        include = {"from": Declared(Date(), optional=True, null=True)}  # noqa: RUF012 - marshmallow's

    customer = Declared(Id())
    officer = Declared(Text(200, 1))
    role = Declared(ASSIGNMENT_ROLES, optional=True, null=True)
    until = Declared(Date(), optional=True, null=True)
    reason = Declared(Text(200), optional=True, null=True)


@dataclass(frozen=True)
class AssignmentRequest:
    """Who shall look after a customer; `officer` is a username, `valid_from` None means today."""

    customer: str
    officer: str
    role: str
    valid_from: str | None
    until: str | None
    reason: str | None


def parse_assignment(body: Json) -> AssignmentRequest:
    """Read an assignment; only a primary one may be without an end."""
    it = _read(AssignmentMessage(), body)
    role = it.get("role") or "primary"
    if role != "primary" and it.get("until") is None:
        raise BadRequestError(errors=[Fault(None, "until", "required")])
    return AssignmentRequest(
        it["customer"],
        it["officer"],
        role,
        it.get("from"),
        it.get("until"),
        it.get("reason"),
    )


class ResolveMessage(Message):
    """`POST /api/v1/conflicts/<id>/resolve`; `base` is the position of what the resolver saw."""

    resolution = Declared(RESOLUTIONS)
    chosen = Declared(CHOSEN, optional=True, null=True)
    value = Declared(AnyJson(), optional=True, null=True)
    comment = Declared(Text(), optional=True, null=True)
    survivor = Declared(Id(), optional=True, null=True)
    base = Declared(Integer(0), optional=True, null=True)


@dataclass(frozen=True)
class ResolveRequest:
    """How a conflict shall be settled; what fits its kind is the engine's to say."""

    resolution: str
    chosen: Mapping[str, Json] | None
    value: Json
    comment: str | None
    survivor: str | None
    base: int | None


def parse_resolve(body: Json) -> ResolveRequest:
    """Read a resolution: `custom` brings its value (null clears), `merge` names its survivor."""
    it = _read(ResolveMessage(), body)
    if it["resolution"] == "custom" and "value" not in it:
        raise BadRequestError(errors=[Fault(None, "value", "required", "value-missing")])
    if it["resolution"] == "merge" and it.get("survivor") is None:
        raise BadRequestError(errors=[Fault(None, "survivor", "required", "survivor-missing")])
    return ResolveRequest(
        it["resolution"],
        it.get("chosen"),
        it.get("value"),
        it.get("comment"),
        it.get("survivor"),
        it.get("base"),
    )


# ------------------------------------------------------------------------------ the set-up file

BRANCH_KINDS = Choice({key: KINDS.options[key] for key in ("hq", "tier1_branch", "tier2_branch")})
USERNAME = Text(100, 1, r"\S+", examples=("li.wei", "wang.jianguo"))
PASSWORD = Secret(shortest=8)


class OrganisationMessage(Message):
    """The lender."""

    name = Declared(Text(100, 1))
    currency = Declared(Text(3, 3, "[A-Z]{3}"), optional=True)
    time_zone = Declared(Text(64, 1), optional=True)


class BranchMessage(Message):
    """A unit with a log of its own, or one above it; `parent` is a code."""

    code = Declared(CODE)
    name = Declared(Text(100, 1))
    parent = Declared(CODE, optional=True, null=True)
    kind = Declared(BRANCH_KINDS, optional=True, null=True)


class UserMessage(Message):
    """An account. Without a password nobody can sign in with it. `branch` and `unit` are codes."""

    username = Declared(USERNAME)
    name = Declared(NAME)
    role = Declared(ROLES)
    branch = Declared(CODE)
    unit = Declared(CODE, optional=True, null=True)
    password = Declared(PASSWORD, optional=True, null=True)
    id = Declared(Id(), optional=True, null=True)
    active = Declared(Flag(), optional=True)
    approval_tier = Declared(Integer(0, 4), optional=True, null=True)
    post_grade = Declared(Text(50), optional=True, null=True)
    phone = Declared(PHONE, optional=True, null=True)


class RecordMessage(Message):
    """A record made by the server; `officer` (a username) is a customer's primary."""

    class Meta(Message.Meta):
        include = {"fields": Declared(FreeObject())}  # noqa: RUF012 - marshmallow's

    branch = Declared(CODE)
    type = Declared(Text(64, 1))
    id = Declared(Id())
    customer = Declared(Id(), optional=True, null=True)
    officer = Declared(USERNAME, optional=True, null=True)


class SetupMessage(Message):
    """The set-up file; each part may be left out."""

    organisation = Part(OrganisationMessage)
    branches = Part(BranchMessage, many=True)
    users = Part(UserMessage, many=True)
    records = Part(RecordMessage, many=True)


@dataclass(frozen=True)
class Organisation:
    """The lender."""

    name: str
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Branch:
    """A branch of the set-up file; `parent` is a code."""

    code: str
    name: str
    parent: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Account:
    """A user of the set-up file; `branch` and `unit` are codes."""

    username: str
    name: str
    role: str
    branch: str
    unit: str | None = None
    password: str | None = field(default=None, repr=False)
    id: str | None = None
    active: bool | None = None
    approval_tier: int | None = None
    post_grade: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class SetupRecord:
    """A record of the set-up file; `officer` (a username) is a customer's primary."""

    branch: str
    type: str
    id: str
    customer: str | None
    officer: str | None
    fields: Mapping[str, Json]


@dataclass(frozen=True)
class Setup:
    """The set-up file, read."""

    organisation: Organisation | None
    branches: tuple[Branch, ...]
    users: tuple[Account, ...]
    records: tuple[SetupRecord, ...]


CARRIED_OVER = {
    "customer": frozenset({"name"}),
    "loan": frozenset({"principal_fen", "rate_bps", "method", "disbursed_on", "maturity_on"}),
}
"""What must be known of a record that a lender brings along, where an officer must ask for more."""


def parse_setup(body: Json, registry: Registry) -> Setup:
    """Read a set-up file; raise every fault in it, each with its place (`users.0.password`)."""
    setup = _read(SetupMessage(), body)
    faults = list(_repeated(setup))
    for place, raw in enumerate(setup.get("records", [])):
        for fault in _record_faults(raw, registry):
            path = f"records.{place}.{fault.field}" if fault.field else f"records.{place}"
            faults.append(Fault(None, path, fault.code, fault.reason, fault.rule))
    if faults:
        raise BadRequestError(errors=faults)
    return Setup(
        Organisation(**setup["organisation"]) if "organisation" in setup else None,
        tuple(Branch(**it) for it in setup.get("branches", [])),
        tuple(Account(**it) for it in setup.get("users", [])),
        tuple(_setup_record(it) for it in setup.get("records", [])),
    )


def _setup_record(raw: Mapping[str, Json]) -> SetupRecord:
    customer = raw["id"] if raw["type"] == "customer" else raw.get("customer")
    return SetupRecord(
        raw["branch"], raw["type"], raw["id"], customer, raw.get("officer"), raw["fields"]
    )


def _repeated(setup: Mapping[str, Json]) -> Iterator[Fault]:
    for part, name in (("branches", "code"), ("users", "username"), ("records", "id")):
        seen: set[str] = set()
        for place, raw in enumerate(setup.get(part, [])):
            if raw[name] in seen:
                yield Fault(None, f"{part}.{place}.{name}", "invalid-value", "given-twice")
            seen.add(raw[name])


def _record_faults(raw: Mapping[str, Json], registry: Registry) -> Iterator[Fault]:
    declared = registry.get(raw["type"])
    if declared is None:
        yield Fault(None, "type", "unknown-type")
        return
    own = raw["id"] if declared.name == "customer" else None
    yield from _customer_faults(None, {**raw, "customer": raw.get("customer") or own}, declared)
    if raw.get("officer") is not None and declared.name != "customer":
        yield Fault(None, "officer", "invalid-value", "officer-of-no-customer")
    faults = record_faults(declared, raw["fields"], CARRIED_OVER.get(declared.name))
    for fault in faults:
        yield Fault(None, f"fields.{fault.field}", fault.code, fault.reason, fault.rule)
