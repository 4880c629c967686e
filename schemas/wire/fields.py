"""Strict fields: nothing is converted, whatever is wrong is reported at once with its place.

Every field calls the predicate of a declared kind (marshmallow's own Integer takes "12", its String takes
NUL).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields

from schemas.declare import (
    Kind,
)
from schemas.messages import Fault
from schemas.problems import BadRequestError

Json = Any
ENDLESS = 10**9
REASONS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "missing-member",
    "null": "null-member",
    "type": "not-a-list",
}
MESSAGE_REASONS = {"unknown": "unknown-member", "type": "not-an-object"}
"""What marshmallow found, as keys of the catalogue."""


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


def flat(messages: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, reason) of marshmallow's nested messages: `users.0.password`."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            yield from flat(inner, here)
    else:
        for reason in messages:
            yield path, str(reason)


_CODES = {"missing-member": "required", "unknown-member": "unknown-field"}


def read(message: Message, body: Json) -> dict[str, Json]:
    """Return the members of *body*, or raise everything that is wrong with it."""
    try:
        return cast("dict[str, Json]", message.load(body))
    except ValidationError as found:
        faults = [
            Fault(None, path or None, _CODES.get(reason, "invalid-value"), reason)
            for path, reason in flat(found.messages)
        ]
        raise BadRequestError(errors=faults) from None
