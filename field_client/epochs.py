"""When numbers no longer fit: a store copied or restored, a server restored (protocol.md, section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from field_client.sets import OwnSet
from field_client.store import UNANSWERED, Store
from schemas.declare import Json
from schemas.values import Hlc
from sync.rebase import renumber

STALE = f"device = (SELECT id FROM device) AND ({UNANSWERED} OR status = 'held')"


def become_new_device(store: Store, device: str) -> None:
    """Go on as *device*: what is pending gets new numbers and keeps its ids and contents.

    The sign-in belonged to the old device, so the user signs in again.
    """
    with store.transaction():
        waiting = store.own_sets(STALE)
        moved = {it.number: new for new, it in enumerate(waiting, 1)}
        for one in waiting:
            store.replace_set(one.seq, device, _renumbered(one, moved, device))
        store.note(id=device, access_token=None, refresh_token=None)
        start_over(store)


def _renumbered(one: OwnSet, moved: Mapping[int, int], device: str) -> dict[str, Any]:
    def restamp(stamp: str) -> str:
        try:
            return str(Hlc(Hlc.parse(stamp).millis, Hlc.parse(stamp).counter, device))
        except ValueError:
            return stamp

    content: Mapping[str, Json] = one.content or one.replaced("unreadable")
    return renumber(content, moved[one.number], moved, restamp)


def begin_epoch(store: Store, epoch: str, known_through: int) -> None:
    """Offer the restored server everything that it has lost, and fetch its records anew."""
    with store.transaction():
        store.note(epoch=epoch)
        store.offer_again(known_through)
        start_over(store)


def start_over(store: Store) -> None:
    """Make the next run a bootstrap into a fresh copy; the old one is shown until the new is whole."""
    with store.transaction():
        store.clear("stage")
        store.note(cursor=None, fresh=1, caught_up=0)
