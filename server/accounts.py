"""Who may sign in, on which device; refresh tokens and their rotation (protocol.md, section 10)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, Table, func, insert, select, update

from schemas import problems
from schemas.declare import Registry
from schemas.values import format_instant
from schemas.wire.requests import Login
from server import office, store, tokens
from server.keys import Keys
from server.models import Account, DeviceRow, RefreshToken
from server.settings import Settings
from server.tokens import Bearer

Json = Any
account: Table = Account.__table__  # type: ignore[assignment]
device: Table = DeviceRow.__table__  # type: ignore[assignment]
refresh_token: Table = RefreshToken.__table__  # type: ignore[assignment]

SHORTEST_PASSWORD = 8
CODES_LOST_AT_MOST = 100
"""How many tablets are registered between a backup and its restore."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Return the stored form of a password (Argon2id)."""
    return _hasher.hash(password)


def check_password(connection: Connection, username: str, password: str) -> Row[Any] | None:
    """Return the account, or None; an unknown name takes as long as a wrong password."""
    query = select(account).where(account.c.username == username, account.c.active == 1)
    row = connection.execute(query).first()
    return row if verifies(row.password_hash if row else _NOBODY, password) else None


def verifies(hashed: str, password: str) -> bool:
    """Tell whether *password* is the one stored as *hashed*; an empty hash fits none."""
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def set_password(connection: Connection, username: str, password: str) -> bool:
    """Set a new password and end every sign-in of the user; False: there is no such user."""
    query = select(account.c.id).where(account.c.username == username)
    user = connection.execute(query).scalar()
    if user is None:
        return False
    hashed = hash_password(password)
    connection.execute(update(account).where(account.c.id == user).values(password_hash=hashed))
    connection.execute(update(refresh_token).where(refresh_token.c.user == user).values(revoked=1))
    return True


def set_active(connection: Connection, username: str, active: bool) -> bool:
    """Let a user sign in, or end his access at once; False: there is no such user."""
    query = update(account).where(account.c.username == username).values(active=int(active))
    return connection.execute(query).rowcount > 0


def confirm(connection: Connection, who: Bearer) -> None:
    """Look at the account and the device that an access token names.

    Raises:
        problems.UnauthenticatedError: the account is closed, has another role, or the device is not its own.
        problems.DeviceWipedError, problems.DeviceLockedError: a supervisor wiped or locked the device.
    """
    query = select(device.c.state).where(
        device.c.id == who.device,
        device.c.user == who.user,
        account.c.id == device.c.user,
        account.c.role == who.role,
        account.c.branch == who.branch,
        account.c.active == 1,
    )
    state = connection.execute(query).scalar()
    if state is None:
        raise problems.UnauthenticatedError
    if state == "wiped":
        raise problems.DeviceWipedError
    if state == "locked":
        raise problems.DeviceLockedError


def sign_in(
    connection: Connection,
    registry: Registry,
    keys: Keys,
    settings: Settings,
    wish: Login,
    now: datetime,
) -> dict[str, Json]:
    """Sign a user in on a device, registering the device where it is new.

    Raises:
        problems.UnauthenticatedError: wrong name or password.
        problems.NotPermittedError: the device belongs to another user.
        problems.DeviceWipedError: the device has been wiped.
    """
    user = check_password(connection, wish.username, wish.password)
    if user is None:
        raise problems.UnauthenticatedError
    query = select(device).where(device.c.id == wish.device)
    found = connection.execute(query).first()
    if found is None:  # of two sign-ins at once, the one that gets the lock registers it
        store.lock_branch(connection, user.branch)
        found = connection.execute(query).first()
    if found is None:
        register_device(connection, registry, settings, user, wish, now)
    elif found.user != user.id:
        raise problems.NotPermittedError
    elif found.state == "wiped":
        raise told_wiped(connection, wish.device, now)
    elif wish.public_key is not None and wish.public_key != found.public_key:
        signs = {"public_key": wish.public_key}
        connection.execute(update(device).where(device.c.id == wish.device).values(signs))
    token = tokens.first_refresh()
    family = secrets.token_hex(16)
    _keep_token(connection, settings, token, family, wish.device, user.id, None, now)
    return _answer(connection, keys, settings, user, wish.device, token, now)


def renew(
    connection: Connection, keys: Keys, settings: Settings, token: str, now: datetime
) -> dict[str, Json]:
    """Rotate a refresh token.

    The predecessor of the newest token is honoured with the same successor until that successor has been
    used once: a lost reply logs nobody out. Any other use of an old token revokes the family.

    Raises:
        problems.UnauthenticatedError: unknown, expired, revoked or reused.
    """
    row = connection.execute(
        select(refresh_token).where(refresh_token.c.hash == tokens.hashed(token)).with_for_update()
    ).first()
    if row is None or row.revoked or row.expires_at < format_instant(now):
        raise problems.UnauthenticatedError
    user = connection.execute(
        select(account).where(account.c.id == row.user, account.c.active == 1)
    ).first()
    held = connection.execute(select(device).where(device.c.id == row.device)).first()
    if user is None or held is None:
        raise problems.UnauthenticatedError
    if held.state == "wiped":
        raise told_wiped(connection, held.id, now)
    successor = tokens.next_refresh(keys, token)
    if row.used:
        _honour_or_revoke(connection, row, successor)
    else:
        connection.execute(
            update(refresh_token).where(refresh_token.c.hash == row.hash).values(used=1)
        )
        _keep_token(
            connection, settings, successor, row.family, row.device, row.user, row.hash, now
        )
    return _answer(connection, keys, settings, user, row.device, successor, now)


def told_wiped(connection: Connection, device_id: str, now: datetime) -> problems.DeviceWipedError:
    """Note that a wiped device was heard, and so destroys what it holds; return what it is told."""
    heard = {"last_contact_at": format_instant(now)}
    connection.execute(update(device).where(device.c.id == device_id).values(heard))
    connection.commit()
    return problems.DeviceWipedError()


def _honour_or_revoke(connection: Connection, row: Row[Any], successor: str) -> None:
    query = select(refresh_token).where(refresh_token.c.hash == tokens.hashed(successor))
    following = connection.execute(query).first()
    if following is None or following.used:
        revoke_family(connection, row.family)
        connection.commit()
        raise problems.UnauthenticatedError


def revoke_family(connection: Connection, family: str) -> None:
    """End every token of one sign-in."""
    connection.execute(
        update(refresh_token).where(refresh_token.c.family == family).values(revoked=1)
    )


def sign_out(connection: Connection, token: str) -> None:
    """End the sign-in that *token* belongs to; an unknown token is no matter."""
    row = connection.execute(
        select(refresh_token.c.family).where(refresh_token.c.hash == tokens.hashed(token))
    ).first()
    if row is not None:
        revoke_family(connection, row.family)


def held_sets(connection: Connection, device_id: str) -> dict[str, Json]:
    """Return the member `held`, the ids of a device's sets that are (`held.py`) by their numbers, if any are."""
    held = store.held
    query = select(held.c.set_id).where(held.c.device == device_id).order_by(held.c.number)
    ids = list(connection.scalars(query))
    return {"held": ids} if ids else {}


def known_through(device_id: Any) -> Any:
    """Return the query for the greatest number from a device."""
    return (
        select(func.coalesce(func.max(store.change_set.c.number), 0))
        .where(store.change_set.c.device == device_id)
        .scalar_subquery()
    )


def web_device(connection: Connection, user: Row[Any], now: datetime) -> str:
    """Register a web session as a device of its user and return its id."""
    session = office.new_id(now)
    connection.execute(
        insert(device).values(
            id=session,
            branch=user.branch,
            user=user.id,
            kind="web",
            code="",
            name="web",
            state="active",
            created_at=format_instant(now),
            skew_ms=0,
        )
    )
    return session


def register_device(
    connection: Connection,
    registry: Registry,
    settings: Settings,
    user: Row[Any],
    wish: Login,
    now: datetime,
) -> None:
    """Register a new tablet of *user* and give it its short code; its record is the server's own set."""
    branch_row = store.lock_branch(connection, user.branch)
    tablets = select(func.count()).select_from(device).where(device.c.kind == "tablet")
    # Codes that a restore has lost are on receipts: no other tablet gets one of them.
    passed_over = CODES_LOST_AT_MOST * len(branch_row.restores or ())
    code = f"T{connection.execute(tablets).scalar_one() + 1 + passed_over}"
    name = wish.device_name or ""
    connection.execute(
        insert(device).values(
            id=wish.device,
            branch=user.branch,
            user=user.id,
            kind="tablet",
            code=code,
            name=name,
            public_key=wish.public_key,
            state="active",
            created_at=format_instant(now),
            skew_ms=0,
        )
    )
    fields = {"user_id": user.id, "code": code, "active": True}
    if name:
        fields["name"] = name
    change = {
        "op": "create", "type": "device", "id": wish.device, "customer": None, "set": fields,
    }  # fmt: skip
    contact = office.server_contact(branch_row, settings, now)
    office.submit(connection, registry, contact, "device.register", [change])


def _keep_token(
    connection: Connection,
    settings: Settings,
    token: str,
    family: str,
    device_id: str,
    user: str,
    predecessor: str | None,
    now: datetime,
) -> None:
    connection.execute(
        insert(refresh_token).values(
            hash=tokens.hashed(token),
            family=family,
            device=device_id,
            user=user,
            predecessor=predecessor,
            used=0,
            revoked=0,
            expires_at=format_instant(now + settings.refresh_life()),
        )
    )


def _answer(
    connection: Connection,
    keys: Keys,
    settings: Settings,
    user: Row[Any],
    device_id: str,
    token: str,
    now: datetime,
) -> dict[str, Json]:
    bearer = Bearer(user.id, user.role, user.branch, device_id)
    query = select(store.branch.c.epoch, store.branch.c.code, known_through(device_id).label("n"))
    row = connection.execute(query.where(store.branch.c.id == user.branch)).one()
    return {
        "access_token": tokens.make_access(keys, bearer, now, settings.access_seconds),
        "token_type": "Bearer",
        "expires_in": settings.access_seconds,
        "refresh_token": token,
        "user": {
            "id": user.id, "username": user.username, "name": user.name, "role": user.role,
            "branch": user.branch,
        },
        "device": {"id": device_id, "known_through": row.n, **held_sets(connection, device_id)},
        "epoch": row.epoch,
        "seal_key": keys.seal_key,
    }  # fmt: skip
