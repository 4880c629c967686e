"""The PIN: how the store's key is kept, and what a wrong PIN costs (protocol.md, section 10).

The store is encrypted under a random key. That key lies beside the store, wrapped under the PIN
(Argon2id) *and* a secret that this device holds: a PIN alone, of a million, is guessed in hours.
Wrong PINs back off and finally destroy the key; what was unsent then is in the sealed journal
(`journal.py`), which only the branch can open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from field_client.database import connect, open_database, translated
from field_client.faults import (
    KeyDestroyedError,
    PinNeededError,
    PinTooShortError,
    PinWaitError,
    StoreNotWritableError,
    StoreUnreadableError,
    WrongPinError,
)
from field_client.journal import sync_folder
from schemas.values import format_instant, parse_instant

Json = Any
SHORTEST_PIN = 6
MOST_MISSES = 10
WAITS_S = (0, 0, 0, 30, 60, 120, 300, 600, 1800)
"""Seconds to wait after the first, second, … wrong PIN in a row; after the tenth the key is gone."""

PLAIN_HEADER = b"SQLite format 3\x00"
_ARGON2 = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 1, "hash_len": 32}
_INFO = b"xiangxin field store"


@dataclass(frozen=True)
class Vault:
    """The key of the store at `store`, in a file beside it.

    Args:
        now: gives the device's time.
        new_bytes: gives so many random bytes.
    """

    store: Path
    now: Callable[[], datetime]
    new_bytes: Callable[[int], bytes]

    @property
    def file(self) -> Path:
        """Where the wrapped key is."""
        return self.store.with_name(self.store.name + ".key")

    def is_locked(self) -> bool:
        """Tell whether the store needs a PIN: it is there and is not a plain file."""
        try:
            with self.store.open("rb") as opened:
                head = opened.read(len(PLAIN_HEADER))
        except FileNotFoundError:
            return False
        return bool(head) and head != PLAIN_HEADER

    def unlock(self, pin: str | None) -> bytes:
        """Return the store's key.

        Raises:
            PinNeededError, WrongPinError, PinWaitError, KeyDestroyedError: as their names say.
        """
        held = self._read()
        if held.get("destroyed"):
            raise KeyDestroyedError(path=str(self.store))
        if pin is None:
            raise PinNeededError(path=str(self.store))
        self._check_wait(held)
        misses = held["misses"] + 1
        self._write({**held, "misses": misses, "not_before": self._not_before(misses)})
        try:
            key = _unwrap(held, pin)
        except InvalidTag as error:
            self._after_miss(misses)
            raise WrongPinError(left=MOST_MISSES - misses, seconds=_wait_s(misses)) from error
        self._write({**held, "misses": 0, "not_before": None})
        return key

    def _check_wait(self, held: Json) -> None:
        """Hold back a guess that comes too soon.

        A wait during which the clock was put back begins anew: it is never shorter than it should be,
        and yet ends. (A clock put forward cannot be told from time that passed; ten tries are ten.)
        """
        if held["not_before"] is None:
            return
        now, longest = self.now(), timedelta(seconds=_wait_s(held["misses"]))
        left = parse_instant(held["not_before"]) - now
        if left > longest:
            left = longest
            self._write({**held, "not_before": format_instant(now + left)})
        if left > timedelta(0):
            raise PinWaitError(seconds=ceil(left.total_seconds()))

    def _not_before(self, misses: int) -> str:
        return format_instant(self.now() + timedelta(seconds=_wait_s(misses)))

    def _after_miss(self, misses: int) -> None:
        if misses >= MOST_MISSES:
            self.destroy()
            raise KeyDestroyedError(path=str(self.store))

    def set_pin(self, pin: str, key: bytes | None) -> None:
        """Set or change the PIN of a store that nobody has open.

        Args:
            key: the store's key, where it has one; else its content is encrypted under a new one.
        """
        if len(pin) < SHORTEST_PIN:
            raise PinTooShortError(shortest=SHORTEST_PIN)
        made = key or self.new_bytes(32)
        self._write(self._wrapped(made, pin))
        if key is None:
            _encrypt(self.store, made)

    def destroy(self) -> None:
        """Destroy the key: what is in the store cannot be read any more."""
        if self.file.exists():
            size = self.file.stat().st_size
            with self.file.open("r+b") as opened:
                opened.write(bytes(size))
                opened.flush()
                os.fsync(opened.fileno())
        self._write({"destroyed": True})

    # ------------------------------------------------------------------------------- the file

    def _wrapped(self, key: bytes, pin: str) -> Json:
        salt, secret, nonce = self.new_bytes(16), self.new_bytes(32), self.new_bytes(12)
        sealed = AESGCM(_wrapping_key(pin, salt, secret)).encrypt(nonce, key, _INFO)
        words = {"salt": salt, "secret": secret, "nonce": nonce, "key": sealed}
        return {
            **{name: it.hex() for name, it in words.items()}, "misses": 0, "not_before": None,
        }  # fmt: skip

    def _read(self) -> Json:
        try:
            return json.loads(self.file.read_text("utf-8"))
        except FileNotFoundError as error:
            raise KeyDestroyedError(path=str(self.store)) from error
        except ValueError as error:
            raise StoreUnreadableError(path=str(self.file), said=str(error)) from error

    def _write(self, held: Json) -> None:
        """Replace the file whole: a power cut leaves the old one or the new one.

        Raises:
            StoreNotWritableError: there is no room, or it may not be written; the old one stays.
        """
        fresh = self.file.with_name(self.file.name + ".new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                json.dump(held, opened)
                opened.flush()
                os.fsync(opened.fileno())
            fresh.replace(self.file)
        except OSError as error:
            raise StoreNotWritableError(path=str(self.file), said=str(error)) from error
        sync_folder(self.file.parent)


def _wait_s(misses: int) -> int:
    return WAITS_S[min(misses, len(WAITS_S)) - 1] if misses else 0


def _wrapping_key(pin: str, salt: bytes, secret: bytes) -> bytes:
    stretched = hash_secret_raw(pin.encode(), salt, type=Type.ID, **_ARGON2)
    return HKDF(SHA256(), 32, salt, _INFO).derive(stretched + secret)


def _unwrap(held: Json, pin: str) -> bytes:
    salt, secret, nonce, sealed = (
        bytes.fromhex(held[it]) for it in ("salt", "secret", "nonce", "key")
    )
    return AESGCM(_wrapping_key(pin, salt, secret)).decrypt(nonce, sealed, _INFO)


def _encrypt(store: Path, key: bytes) -> None:
    """Put an encrypted copy in the place of a plain store; a power cut leaves one of the two.

    The plain store is brought out of WAL first, so that no log of it is left beside the new file.
    """
    fresh = store.with_name(store.name + ".new")
    fresh.unlink(missing_ok=True)
    open_database(store).close()
    database = connect(store)
    try:
        with translated(store):
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = DELETE")
            version = database.execute("PRAGMA user_version").fetchone()[0]
            database.execute(f"ATTACH DATABASE ? AS fresh KEY \"x'{key.hex()}'\"", [str(fresh)])
            database.execute("SELECT sqlcipher_export('fresh')").fetchall()
            database.execute(f"PRAGMA fresh.user_version = {version}")
            database.execute("DETACH DATABASE fresh")
    finally:
        database.close()
    with fresh.open("rb") as opened:
        os.fsync(opened.fileno())
    fresh.replace(store)
    sync_folder(store.parent)
