"""A forgotten PIN, a damaged tablet: the supervisor's code, and the opening of what a device sealed.

A tablet seals its sets and its own key to the branch (protocol.md, section 10). Whoever signs in and
brings the code that a supervisor gave gets them back: of a user's own devices, and nothing else.
"""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from schemas import problems
from schemas.values import Hlc, format_instant, parse_instant
from server import store
from server.accounts import account, device, hash_password, verifies
from server.body import parse
from server.keys import Keys
from server.models import RecoveryCode
from server.tokens import Bearer

Json = Any
log = structlog.get_logger()
recovery_code: Table = RecoveryCode.__table__  # type: ignore[assignment]

DIGITS = 10
MOST_TRIES = 5
LIVES = timedelta(hours=24)
STILL_GOOD = timedelta(minutes=15)
"""How long after each use the device that used a code may use it again: an answer may be lost on the way,
and a long journal takes several requests."""


@dataclass(frozen=True)
class Given:
    """A code as it is shown once, to the supervisor who asked for it; it stays out of every log."""

    code: str = field(repr=False)
    expires_at: str
    user: str
    name: str


# ------------------------------------------------------------------------------------- the code


def give_code(
    connection: Connection, device_id: str, branch: str | None, made_by: str | None, now: datetime
) -> Given:
    """Make a code for the user of a tablet; an earlier one of theirs ends.

    Args:
        branch: where the tablet has to be; None: anywhere (an administrator asks).
        made_by: the supervisor; None: an administrator.

    Raises:
        problems.NotFoundError: there is no such tablet, it was wiped, or its user may not sign in.
    """
    user = _user_of(connection, device_id)
    if user is None or branch not in (None, user.branch):
        raise problems.NotFoundError
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    store.lock_branch(connection, user.branch)  # of two supervisors at once, the later one's stands
    connection.execute(delete(recovery_code).where(recovery_code.c.user == user.id))
    expires_at = format_instant(now + LIVES)
    connection.execute(
        insert(recovery_code).values(
            user=user.id,
            code_hash=hash_password(digits),
            made_by=made_by,
            made_at=format_instant(now),
            expires_at=expires_at,
            tries=0,
        )
    )
    log.info("recovery_code_given", user=user.id, device=device_id, by=made_by)
    return Given(f"{digits[:4]}-{digits[4:8]}-{digits[8:]}", expires_at, user.id, user.name)


def _user_of(connection: Connection, device_id: str) -> Row[Any] | None:
    query = select(account).where(
        device.c.id == device_id,
        device.c.kind == "tablet",
        device.c.state != "wiped",
        account.c.id == device.c.user,
        account.c.branch == device.c.branch,
        account.c.active == 1,
    )
    return connection.execute(query).first()


def accept_code(connection: Connection, who: Bearer, code: str, now: datetime) -> bool:
    """Tell whether *code* is the one that the user was given, and note its use or the miss.

    It is used on one device, for one recovery (`STILL_GOOD`). The caller commits
    either way: a miss has to count.
    """
    mine = recovery_code.c.user == who.user
    row = connection.execute(select(recovery_code).where(mine).with_for_update()).first()
    accepted = False
    noted: dict[str, Json] = {}
    if row is not None and _is_good(row, who.device, now):
        accepted = verifies(row.code_hash, _digits(code))
        used = {"used_at": format_instant(now), "used_by": who.device}
        noted = used if accepted else {"tries": row.tries + 1}
    if noted:
        connection.execute(update(recovery_code).where(mine).values(noted))
    event = "recovery_code_used" if accepted else "recovery_code_refused"
    log.info(event, user=who.user, device=who.device)
    return accepted


def _is_good(row: Row[Any], device_id: str, now: datetime) -> bool:
    if row.tries >= MOST_TRIES:
        return False
    if row.used_at is None:
        return now < parse_instant(row.expires_at)
    return bool(row.used_by == device_id) and now < parse_instant(row.used_at) + STILL_GOOD


def _digits(typed: str) -> str:
    """Return the digits of what was typed: with or without hyphens, full-width ones too."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", typed))


# ---------------------------------------------------------------------------------- what is sealed


def states_of_devices(connection: Connection, who: Bearer) -> dict[str, str]:
    """Return the state of each tablet of the user.

    Raises:
        problems.DeviceLockedError: the one that asks is locked, and is given nothing.
    """
    query = select(device.c.id, device.c.state).where(
        device.c.user == who.user, device.c.kind == "tablet"
    )
    states = {it.id: it.state for it in connection.execute(query)}
    if states.get(who.device) == "locked":
        raise problems.DeviceLockedError
    return states


def open_sealed(
    keys: Keys, sealed: Sequence[str], states: Mapping[str, str]
) -> list[dict[str, Json] | None]:
    """Return what lies in each sealed box; None where it is unreadable or of nobody's device here.

    Args:
        states: the user's devices; the key of one that was locked or wiped is not given back.
    """
    box = SealedBox(PrivateKey(keys.seal))
    found = [opened_box(box, it) for it in sealed]
    return [it if it is not None and _is_own(it, states) else None for it in found]


def opened_box(box: SealedBox[PrivateKey], text: str) -> dict[str, Json] | None:
    """Return the JSON object that lies in a sealed box (base64), or None."""
    try:
        found = parse(box.decrypt(base64.b64decode(text, validate=True)))
    except (ValueError, CryptoError, problems.BadRequestError):
        return None
    return found if isinstance(found, dict) else None


def _is_own(content: Mapping[str, Json], states: Mapping[str, str]) -> bool:
    """Tell whether a change set, or a device's key, is that of one of the devices in *states*."""
    if isinstance(content.get("changes"), list):
        try:
            return Hlc.parse(content.get("clock")).device in states
        except ValueError:
            return False
    named, key = content.get("device"), content.get("key")
    return isinstance(named, str) and states.get(named) == "active" and _is_base64(key)


def _is_base64(value: Json) -> bool:
    try:
        return isinstance(value, str) and bool(base64.b64decode(value, validate=True))
    except ValueError:
        return False
