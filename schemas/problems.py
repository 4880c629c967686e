"""Every problem a request may be answered with (protocol.md, section 12), one class each.

The server raises them; a client turns an answer back into the same class by its code. Sentences are
in `words.py`, in the reader's language. They are grouped by what the caller can do about them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from schemas.messages import Fault
from schemas.words import Lang, fault_message, say

Json = Any
TYPE_PREFIX = "/problems/"


class XiangxinError(Exception):
    """A problem that a request is answered with.

    Attributes:
        errors: faults of single fields, where fields are concerned.
        detail: a sentence that stands for the catalogue's own, if there is something better to say.
        extra: further members of the answer, such as `next`, `known_through` or `results`.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]

    def __init__(
        self, detail: str | None = None, *, errors: Sequence[Fault] = (), **extra: Json
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.extra = extra

    def as_json(self, lang: Lang = "en", instance: str | None = None) -> dict[str, Json]:
        """Return the body of the answer: `application/problem+json` (RFC 9457)."""
        body: dict[str, Json] = {
            "type": TYPE_PREFIX + self.code,
            "title": say(f"title.{self.code}", lang),
            "status": self.status,
            "detail": self.detail or say(f"detail.{self.code}", lang),
        }
        if instance is not None:
            body["instance"] = instance
        if self.errors:
            body["errors"] = [_with_message(it, lang) for it in self.errors]
        return {**body, **self.extra}


def _with_message(fault: Fault, lang: Lang) -> dict[str, Json]:
    words = fault_message(fault.code, fault.reason, fault.rule, None, lang)
    return {**fault.as_json(), "message": words}


# ----------------------------------------------------------------------------- mend the message


class BadRequestError(XiangxinError):
    """The request cannot be read, or lacks something that it must say."""

    code, title, status = "bad-request", "The request could not be read", 400


class BadCursorError(XiangxinError):
    """The cursor is damaged, or belongs to another device; the device starts over."""

    code, title, status = "bad-cursor", "The cursor could not be read", 400


class NotFoundError(XiangxinError):
    """There is nothing here, or nothing for this reader; both get the same answer."""

    code, title, status = "not-found", "Not found", 404


class MethodNotAllowedError(XiangxinError):
    """The address exists and does not answer to this method."""

    code, title, status = "method-not-allowed", "Method not allowed", 405


class SetsOutOfOrderError(XiangxinError):
    """Numbers are missing before a set; `next` is the one that comes next."""

    code, title, status = "sets-out-of-order", "A set is missing before this one", 409


class OffsetConflictError(XiangxinError):
    """A part of an upload does not begin where the one before ended; `Upload-Offset` says where (tus)."""

    code, title, status = "offset-conflict", "This part belongs elsewhere", 409


class SetChangedError(XiangxinError):
    """A number came again with other content; the device registers anew."""

    code, title, status = "set-changed", "A set was sent before with other content", 409


class LengthRequiredError(XiangxinError):
    """The request does not say how long it is."""

    code, title, status = "length-required", "The length is missing", 411


class PreconditionFailedError(XiangxinError):
    """The request does not say that it follows tus 1.0.0, which uploads do."""

    code, title, status = "precondition-failed", "Uploads follow tus 1.0.0", 412


class TooLargeError(XiangxinError):
    """The request is past the limits that `hello` announces."""

    code, title, status = "too-large", "The request is too large", 413


class UnsupportedMediaTypeError(XiangxinError):
    """The body is of a kind that this address does not read."""

    code, title, status = "unsupported-media-type", "This kind of content is not read here", 415


class RangeNotSatisfiableError(XiangxinError):
    """A range was asked for that lies outside the file; `Content-Range` says how long it is."""

    code, title, status = "range-not-satisfiable", "The file is not that long", 416


class HashMismatchError(XiangxinError):
    """Finished bytes differ in size or hash from their attachment's record."""

    code, title, status = "hash-mismatch", "The file differs from its record", 422


class ChecksumMismatchError(XiangxinError):
    """A part of an upload arrived damaged (tus)."""

    code, title, status = "checksum-mismatch", "This part arrived damaged", 460


# ------------------------------------------------------------------------------- gain the right


class UnauthenticatedError(XiangxinError):
    """Nobody is signed in, or the token is not one of ours."""

    code, title, status = "unauthenticated", "Please sign in", 401


class TokenExpiredError(XiangxinError):
    """The token was good and has run out; refresh it."""

    code, title, status = "token-expired", "The sign-in has run out", 401


class NotPermittedError(XiangxinError):
    """Whoever is signed in may not do this."""

    code, title, status = "not-permitted", "This is for someone else to do", 403


class DeviceLockedError(XiangxinError):
    """A supervisor locked the device: it delivers, and is given nothing."""

    code, title, status = "device-locked", "This tablet is locked", 403


class DeviceWipedError(XiangxinError):
    """A supervisor had the device wiped: it destroys its key."""

    code, title, status = "device-wiped", "This tablet was wiped", 403


# ------------------------------------------------------------------------------ pull, then retry


class EpochChangedError(XiangxinError):
    """The server was restored from a backup; `epoch`, `known_through`, `held` say where to go on."""

    code, title, status = "epoch-changed", "The server was restored", 409


class AlreadyResolvedError(XiangxinError):
    """Somebody settled the conflict before; the standing resolution comes along."""

    code, title, status = "already-resolved", "Already settled", 409


class StartOverError(XiangxinError):
    """The cursor is older than the kept history; the device bootstraps into a fresh copy."""

    code, title, status = "start-over", "Cursor is too old", 410


class UpgradeNeededError(XiangxinError):
    """The device's schema is too old to be given records; what it sends is still taken."""

    code, title, status = "upgrade-needed", "Please update the app", 426


# ------------------------------------------------------------------------------ wait, then retry


class RequestTimeoutError(XiangxinError):
    """The request did not arrive whole in time."""

    code, title, status = "timeout", "The request took too long", 408


class RateLimitedError(XiangxinError):
    """Too many requests; `Retry-After` says when to come again."""

    code, title, status = "rate-limited", "Too many requests", 429


class InternalError(XiangxinError):
    """Something went wrong that nobody foresaw; nothing was half stored."""

    code, title, status = "internal", "Something went wrong here", 500


class UnavailableError(XiangxinError):
    """The server is starting, stopping or without its database."""

    code, title, status = "unavailable", "The server is not ready", 503


class StorageFullError(XiangxinError):
    """The server's disk is full; reading goes on."""

    code, title, status = "storage-full", "The server's disk is full", 507


CATALOGUE: Mapping[str, type[XiangxinError]] = {
    it.code: it
    for it in (
        BadRequestError,
        BadCursorError,
        UnauthenticatedError,
        TokenExpiredError,
        NotPermittedError,
        DeviceLockedError,
        DeviceWipedError,
        NotFoundError,
        MethodNotAllowedError,
        RequestTimeoutError,
        SetsOutOfOrderError,
        SetChangedError,
        EpochChangedError,
        AlreadyResolvedError,
        OffsetConflictError,
        StartOverError,
        LengthRequiredError,
        PreconditionFailedError,
        TooLargeError,
        UnsupportedMediaTypeError,
        RangeNotSatisfiableError,
        HashMismatchError,
        UpgradeNeededError,
        RateLimitedError,
        ChecksumMismatchError,
        InternalError,
        UnavailableError,
        StorageFullError,
    )
}
"""Every problem by its code, in the order of their statuses."""

_MEMBERS = frozenset({"type", "title", "status", "detail", "instance", "errors"})


def by_code(code: str) -> type[XiangxinError]:
    """Return the class of a problem code; of one from a later server, `InternalError`."""
    return CATALOGUE.get(code, InternalError)


def from_answer(body: Json) -> XiangxinError:
    """Return the problem that a server's answer tells of, for a client to raise.

    It never fails: whatever is not readable as a problem becomes an `InternalError`.
    """
    members = body if isinstance(body, dict) else {}
    kind = by_code(str(members.get("type", "")).removeprefix(TYPE_PREFIX))
    detail = members.get("detail")
    extra = {str(key): value for key, value in members.items() if key not in _MEMBERS}
    found = members.get("errors")
    faults = [_fault(it) for it in found if isinstance(it, dict)] if isinstance(found, list) else []
    problem = kind(detail if isinstance(detail, str) else None, errors=faults)
    problem.extra = extra
    return problem


def _fault(members: Mapping[str, Json]) -> Fault:
    return Fault(
        members.get("change"),
        members.get("field"),
        str(members.get("code", "")),
        members.get("reason"),
        members.get("rule"),
    )
