"""Faults around a wiped tablet: what it is told, and what becomes of its work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tests.simulation import wipes
from tests.simulation.planting import planted, swap
from tests.simulation.server import Server


@planted
@contextmanager
def wiped_device_answered() -> Iterator[None]:
    """A wiped tablet that is heard goes on as if nothing were."""
    handle = Server.handle

    def open_handed(self: Server, *told: Any) -> Any:
        wiped, self.store.wiped = self.store.wiped, frozenset()
        reply = handle(self, *told)
        self.store.wiped = wiped
        return reply

    with swap(Server, "handle", open_handed):
        yield


@planted
def journal_not_sent() -> AbstractContextManager[object]:
    """What a wiped tablet had not sent stays in its journal."""
    return swap(wipes, "is_there", lambda journal, one: False)
