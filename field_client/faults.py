"""What can go wrong on a device, each with the key of its sentence in `words.py`.

A set that the server rejects or a conflict is none of these: those are normal answers, and are
kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from schemas.messages import Fault


class FieldError(Exception):
    """Something that the user can act on; `facts` fill the sentence."""

    key: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        super().__init__(f"{self.key} {facts}" if facts else self.key)
        self.facts = facts


class StoreInUseError(FieldError):
    """Another process has the store open."""

    key = "store-in-use"


class StoreUnreadableError(FieldError):
    """The file is damaged, or no store at all."""

    key = "store-unreadable"


class StoreNewerError(FieldError):
    """The store was written by a later version of this program."""

    key = "store-newer"


class StoreNotWritableError(FieldError):
    """The disk is full, or the file or folder may not be written; nothing was changed."""

    key = "store-not-writable"


class PinNeededError(FieldError):
    """The store is encrypted and no PIN was given."""

    key = "pin-needed"


class WrongPinError(FieldError):
    """The PIN does not open the store; `left` tries remain, the next in `seconds`."""

    key = "wrong-pin"


class PinWaitError(FieldError):
    """Wrong PINs came too fast: `seconds` remain until the next try."""

    key = "pin-wait"


class KeyDestroyedError(FieldError):
    """Too many wrong PINs, or the device was wiped: what is in the file cannot be read any more."""

    key = "key-destroyed"


class PinTooShortError(FieldError):
    """A PIN has at least `shortest` characters."""

    key = "pin-too-short"


class OfflineError(FieldError):
    """The server could not be reached, or the link broke; everything is kept as it was."""

    key = "offline"


class NotSignedInError(FieldError):
    """Nobody has signed in with this store yet."""

    key = "not-signed-in"


class SignInAgainError(FieldError):
    """The sign-in has ended; unsent work stays where it is."""

    key = "sign-in-again"


class NewDeviceError(FieldError):
    """This store was copied or restored: it goes on as a new device, once the user signs in again."""

    key = "new-device"


class OtherUserError(FieldError):
    """The store belongs to another user (`username`)."""

    key = "other-user"


class NotHereError(FieldError):
    """There is no such record on this device."""

    key = "not-here"


class AmbiguousError(FieldError):
    """The beginning of an id fits several records."""

    key = "ambiguous"


class NotPossibleError(FieldError):
    """The thing asked for cannot be done; `reason` is a key of its own."""

    key = "not-possible"


class InvalidInputError(FieldError):
    """What was entered does not fit its fields; nothing was stored."""

    key = "invalid-input"

    def __init__(self, type_name: str, faults: Sequence[Fault]) -> None:
        super().__init__(type=type_name, fields=[it.field for it in faults])
        self.type_name = type_name
        self.faults = tuple(faults)
