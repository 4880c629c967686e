"""What supervisors ask about tablets: the list, locking, wiping, a code for a forgotten PIN."""

from __future__ import annotations

from flask import Response

from server import devices, recovery
from server.api.asking import DECIDERS, allowed, answer, known_id, v1
from server.context import language
from server.db import reading, writing


@v1.get("/devices")
def list_devices() -> Response:
    """List the branch's tablets with their last contact and what waits on them."""
    parts, who = allowed(DECIDERS)
    with reading(parts.engine) as connection:
        rows = devices.tablets(connection, who.branch)
    return answer({"devices": [devices.as_json(it) for it in rows]})


@v1.post("/devices/<device_id>/lock")
def lock_device(device_id: str) -> Response:
    """Lock a tablet: it delivers into quarantine and is given nothing."""
    return _decided(device_id, "lock")


@v1.post("/devices/<device_id>/unlock")
def unlock_device(device_id: str) -> Response:
    """Let a locked tablet go on."""
    return _decided(device_id, "unlock")


@v1.post("/devices/<device_id>/wipe")
def wipe_device(device_id: str) -> Response:
    """Have a tablet destroy what it holds, when it is next heard."""
    return _decided(device_id, "wipe")


def _decided(device_id: str, wish: devices.Wish) -> Response:
    parts, who = allowed(DECIDERS)
    with writing(parts.engine) as connection:
        row = devices.decide(
            connection, parts.registry, parts.settings, known_id(device_id), wish, who, parts.now(),
            language(),
        )  # fmt: skip
    return answer(devices.as_json(row))


@v1.post("/devices/<device_id>/recovery-code")
def recovery_code(device_id: str) -> Response:
    """Give the code with which a tablet's user sets a new PIN."""
    parts, who = allowed(DECIDERS)
    with writing(parts.engine) as connection:
        given = recovery.give_code(
            connection, known_id(device_id), who.branch, who.user, parts.now()
        )
    user = {"id": given.user, "name": given.name}
    return answer({"code": given.code, "expires_at": given.expires_at, "user": user})
