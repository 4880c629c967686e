"""When a tablet and its server agree; and the acts of others that tests need."""

from __future__ import annotations

from typing import Any

from field_client.client import FieldClient
from tests.field_app.faults.desk import Desk
from tests.field_app.faults.origin import Origin
from tests.journeys.village import Call

Json = Any
LI = "li.min"
"""The officer whose tablet it is."""


def hand_over(boss: Call, customer: str, officer: str, role: str = "primary") -> None:
    """Let the supervisor assign a customer."""
    until = {} if role == "primary" else {"until": "2099-12-31"}
    wish = {"customer": customer, "officer": officer, "role": role, "from": "2026-01-01"}
    answer = boss("POST", "/api/v1/assignments", {**wish, **until, "reason": "换人"})
    assert answer["status"] == "applied", answer


def python_copy(client: FieldClient) -> dict[str, Json]:
    """The server copy of a field client in Python: version and fields of every live record."""
    held = client.store.held_of()
    return {it.id: (it.version, dict(it.fields)) for it in held if not it.gone}


def assert_converged(desk: Desk, place: Origin, username: str = LI) -> None:
    """Check that a tablet holds its scope field by field, as the server and a Python client have it."""
    assert desk.copy() == place.scope(username)
    assert desk.meta()["caught_up"]
    twin = place.colleague(username, f"twin of {username}")
    desk.synced()
    assert desk.copy() == python_copy(twin)
    twin.store.close()
    assert desk.incidents() == []


def task(title: str) -> dict[str, Json]:
    """Return the fields of a task."""
    return {"title": title, "due_on": "2026-06-20", "source": "manual"}
