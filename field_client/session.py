"""Signing in, and the tokens afterwards (protocol.md, section 10).

A refresh token is stored before it is used, so that a reply lost on a bad network logs nobody out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from field_client import epochs
from field_client.faults import NotSignedInError, OtherUserError, SignInAgainError
from field_client.signing import new_key, public_key
from field_client.store import Store
from field_client.store_file import as_text
from field_client.transport import Carried, Carrier, Transport
from schemas import problems

Json = Any
Answer = TypeVar("Answer")
LOGIN, REFRESH, LOGOUT = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"


def sign_in(
    store: Store,
    transport: Transport,
    username: str,
    password: str,
    name: str,
    new_device_id: Callable[[], str],
    new_bytes: Callable[[int], bytes],
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
    key = store.identity().signing_key or new_key(new_bytes)
    given = _ask(store, transport, username, password, name, key)
    if known is not None and known["id"] != given["user"]["id"]:
        raise OtherUserError(username=known["username"])
    if _is_another_device(store, given, new_device_id):
        given = _ask(store, transport, username, password, name, key)
    with store.transaction():
        store.note(
            server=transport.server,
            name=name,
            user=as_text(given["user"]),
            seal_key=given.get("seal_key"),
            signing_key=key,
            access_token=given["access_token"],
            refresh_token=given["refresh_token"],
        )
    return dict(given["user"])


def _is_another_device(
    store: Store, given: Mapping[str, Json], new_device_id: Callable[[], str]
) -> bool:
    """Go by what a sign-in tells of numbers and epoch; tell whether this is another device now."""
    known, epoch = int(given["device"]["known_through"]), str(given["epoch"])
    before, is_copied = store.identity().epoch, known > store.last_number()
    if is_copied:
        epochs.become_new_device(store, new_device_id())
    if before is None or before == epoch:
        return is_copied
    known, held = 0 if is_copied else known, given["device"].get("held", ())
    return epochs.begin_epoch(store, epoch, known, held, new_device_id) or is_copied


def _ask(
    store: Store, transport: Transport, username: str, password: str, name: str, key: str
) -> Mapping[str, Json]:
    device = {"id": store.identity().id, "name": name, "public_key": public_key(key)}
    wish = {"username": username, "password": password, "device": device}
    return dict(transport.post(LOGIN, wish))


def post(store: Store, transport: Transport, path: str, body: Json) -> Json:
    """Send *body* as the signed-in user, renewing the access token where it has run out.

    Raises:
        NotSignedInError, SignInAgainError: there is no sign-in, or it has ended.
    """
    return _signed(store, transport, lambda bearer: transport.post(path, body, bearer))


def carry(
    store: Store, carrier: Carrier, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Carried:
    """Send a request of an upload as the signed-in user; raises what `post` raises."""

    def ask(bearer: str | None) -> Carried:
        return carrier.carry(method, path, headers, body, bearer)

    return _signed(store, carrier, ask)


def _signed(store: Store, transport: Transport, ask: Callable[[str | None], Answer]) -> Answer:
    held = store.identity()
    if held.refresh_token is None:
        raise NotSignedInError if held.user is None else SignInAgainError
    if held.access_token is not None:
        try:
            return ask(held.access_token)
        except problems.TokenExpiredError:
            pass
        except problems.UnauthenticatedError:
            pass  # keys may have been changed by force: the refresh token decides
    renew(store, transport, held.refresh_token)
    try:
        return ask(store.identity().access_token)
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
