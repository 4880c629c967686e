"""The set-up file (operations.md), read with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.changes import record_faults
from schemas.declare import (
    Choice,
    Flag,
    FreeObject,
    Id,
    Integer,
    Registry,
    Text,
)
from schemas.messages import Fault
from schemas.org_unit import CODE, KINDS
from schemas.person import NAME, PHONE
from schemas.problems import BadRequestError
from schemas.roles import ROLES
from schemas.wire.fields import Declared, Message, Part, Secret, read
from schemas.wire.sync import CARRIED_OVER, customer_faults

Json = Any
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


def parse_setup(body: Json, registry: Registry) -> Setup:
    """Read a set-up file; raise every fault in it, each with its place (`users.0.password`)."""
    setup = read(SetupMessage(), body)
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
    yield from customer_faults(None, {**raw, "customer": raw.get("customer") or own}, declared)
    if raw.get("officer") is not None and declared.name != "customer":
        yield Fault(None, "officer", "invalid-value", "officer-of-no-customer")
    faults = record_faults(declared, raw["fields"], CARRIED_OVER.get(declared.name))
    for fault in faults:
        yield Fault(None, f"fields.{fault.field}", fault.code, fault.reason, fault.rule)
