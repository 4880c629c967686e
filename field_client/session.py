"""Signing in, and the tokens afterwards (protocol.md, section 10).

A refresh token is stored before it is used, so that a reply lost on a bad network logs nobody out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from field_client import epochs
from field_client.faults import NotSignedInError, OtherUserError, SignInAgainError
from field_client.store import Store
from field_client.store_file import as_text
from field_client.transport import Transport
from schemas import problems

Json = Any
LOGIN, REFRESH, LOGOUT = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"


def sign_in(
    store: Store,
    transport: Transport,
    username: str,
    password: str,
    name: str,
    new_device_id: Callable[[], str],
) -> Mapping[str, Json]:
    """Sign in on this store's device and return the user.

    A store that was copied or restored from an old image is found out here, by the numbers that the
    server has from it: it goes on as a new device (protocol, section 8).

    Raises:
        OtherUserError: the store is somebody else's; nobody's work mixes with another's.
        problems.XiangxinError, OfflineError: as the server says, or nothing.
    """
    known = store.identity().user
    if known is not None and known["username"] != username:
        raise OtherUserError(username=known["username"])
    given = _ask(store, transport, username, password, name)
    if given["device"]["known_through"] > store.last_number():
        epochs.become_new_device(store, new_device_id())
        given = _ask(store, transport, username, password, name)
    with store.transaction():
        held = store.identity()
        if held.user is not None and held.user["id"] != given["user"]["id"]:
            raise OtherUserError(username=held.user["username"])
        if held.epoch is not None and held.epoch != given["epoch"]:
            epochs.begin_epoch(store, given["epoch"], given["device"]["known_through"])
        store.note(
            server=transport.server,
            name=name,
            user=as_text(given["user"]),
            seal_key=given.get("seal_key"),
            access_token=given["access_token"],
            refresh_token=given["refresh_token"],
        )
    return dict(given["user"])


def _ask(
    store: Store, transport: Transport, username: str, password: str, name: str
) -> Mapping[str, Json]:
    device = {"id": store.identity().id, "name": name, "public_key": None}
    wish = {"username": username, "password": password, "device": device}
    return dict(transport.post(LOGIN, wish))


def post(store: Store, transport: Transport, path: str, body: Json) -> Json:
    """Send *body* as the signed-in user, renewing the access token where it has run out.

    Raises:
        NotSignedInError, SignInAgainError: there is no sign-in, or it has ended.
    """
    held = store.identity()
    if held.refresh_token is None:
        raise NotSignedInError if held.user is None else SignInAgainError
    if held.access_token is not None:
        try:
            return transport.post(path, body, held.access_token)
        except problems.TokenExpiredError:
            pass
        except problems.UnauthenticatedError:
            pass  # keys may have been changed by force: the refresh token decides
    renew(store, transport, held.refresh_token)
    try:
        return transport.post(path, body, store.identity().access_token)
    except (problems.TokenExpiredError, problems.UnauthenticatedError) as error:
        raise SignInAgainError from error


def renew(store: Store, transport: Transport, refresh_token: str) -> None:
    """Exchange the refresh token; both new tokens are on disk before either is used."""
    try:
        given = transport.post(REFRESH, {"refresh_token": refresh_token})
    except (problems.UnauthenticatedError, problems.TokenExpiredError) as error:
        store.note(access_token=None, refresh_token=None)
        raise SignInAgainError from error
    store.note(access_token=given["access_token"], refresh_token=given["refresh_token"])


def sign_out(store: Store, transport: Transport) -> None:
    """End the sign-in; everything on the device stays, unsent work first of all."""
    token = store.identity().refresh_token
    store.note(access_token=None, refresh_token=None)
    if token is not None:
        transport.post(LOGOUT, {"refresh_token": token})
