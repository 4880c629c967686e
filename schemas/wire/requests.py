"""Sign-in, refresh, and what supervisors ask for (protocol.md, section 10; operations.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import EXCLUDE

from schemas import limits
from schemas.assignment import ROLES as ASSIGNMENT_ROLES
from schemas.conflict import CHOSEN, RESOLUTIONS
from schemas.declare import (
    AnyJson,
    Date,
    Id,
    Integer,
    ListOf,
    Text,
)
from schemas.messages import Fault
from schemas.problems import BadRequestError
from schemas.wire.fields import Declared, Message, Part, Secret, read

Json = Any


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
    it = read(LoginMessage(), body)
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
    token: str = read(RefreshMessage(), body)["refresh_token"]
    return token


class RecoverMessage(Lenient):
    """`POST /api/v1/recover`: what a device sealed comes as base64; what cannot be read is no fault."""

    code = Declared(Text(40, 1))
    sealed = Declared(ListOf(Text(limits.BODY_BYTES), limits.SEALED_PER_REQUEST))


@dataclass(frozen=True)
class RecoverRequest:
    """A supervisor's code, and what it shall open; `code` stays out of every log."""

    code: str = field(repr=False)
    sealed: tuple[str, ...]


def parse_recover(body: Json) -> RecoverRequest:
    """Read a recovery."""
    it = read(RecoverMessage(), body)
    return RecoverRequest(it["code"], tuple(it["sealed"]))


class CourierMessage(Lenient):
    """`POST /api/v1/courier`; its sets are looked at one by one."""

    device = Declared(Id())
    sets = Declared(ListOf(AnyJson(), limits.CHANGES_PER_REQUEST))
    signature = Declared(Text(200, 1))


class CourierSetMessage(Lenient):
    """One sealed set of a bundle."""

    number = Declared(Integer(1))
    sealed = Declared(Text(limits.BODY_BYTES, 1))


@dataclass(frozen=True)
class CourierBundle:
    """What a device sealed and signed: numbers with their boxes (base64), in order."""

    device: str
    sets: tuple[tuple[int, str], ...]
    signature: str


def parse_courier(body: Json) -> CourierBundle:
    """Read a bundle; what lies in its boxes is for the holder of the key to see."""
    it = read(CourierMessage(), body)
    sets = [read(CourierSetMessage(), one) for one in it["sets"]]
    return CourierBundle(
        it["device"], tuple((one["number"], one["sealed"]) for one in sets), it["signature"]
    )


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
    it = read(AssignmentMessage(), body)
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
    """Read a resolution: `custom` brings its value (null clears), `merge` names its survivor.

    The `value` of a `merge`, if any, is an object: fields to write to the survivor in the same set.
    """
    it = read(ResolveMessage(), body)
    if it["resolution"] == "custom" and "value" not in it:
        raise BadRequestError(errors=[Fault(None, "value", "required", "value-missing")])
    if it["resolution"] == "merge" and it.get("survivor") is None:
        raise BadRequestError(errors=[Fault(None, "survivor", "required", "survivor-missing")])
    if it["resolution"] == "merge" and not isinstance(it.get("value") or {}, dict):
        raise BadRequestError(errors=[Fault(None, "value", "invalid-value", "not-an-object")])
    return ResolveRequest(
        it["resolution"],
        it.get("chosen"),
        it.get("value"),
        it.get("comment"),
        it.get("survivor"),
        it.get("base"),
    )
