"""When numbers no longer fit: a store copied or restored, a server restored (protocol.md, section 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from field_client.sets import OwnSet
from field_client.store import UNANSWERED, Store
from schemas.declare import Json
from schemas.values import Hlc
from sync.rebase import renumber

STALE = f"{UNANSWERED} OR status = 'held'"


def become_new_device(store: Store, device: str) -> None:
    """Go on as *device*: what is pending gets new numbers and keeps its ids and contents.

    The sign-in belonged to the old device, so the user signs in again.
    """
    with store.transaction():
        waiting = store.own_sets(STALE)
        moved: dict[str, dict[int, int]] = defaultdict(dict)
        for new, one in enumerate(waiting, 1):
            moved[one.device][one.number] = new
        for one in waiting:
            content = _renumbered(one, moved[one.device], device)
            store.replace_set(one.seq, device, content, moved[one.device].get(one.mended_by or 0))
        store.note(id=device, access_token=None, refresh_token=None)
        start_over(store)


def _renumbered(one: OwnSet, moved: Mapping[int, int], device: str) -> dict[str, Any]:
    def restamp(stamp: str) -> str:
        try:
            return str(Hlc(Hlc.parse(stamp).millis, Hlc.parse(stamp).counter, device))
        except ValueError:
            return stamp

    content: Mapping[str, Json] = one.content or one.replaced(one.needs_stand_in() or "unreadable")
    return renumber(content, moved[one.number], moved, restamp)


def begin_epoch(
    store: Store,
    epoch: str,
    known_through: int,
    held: Collection[str],
    new_device_id: Callable[[], str],
) -> bool:
    """Offer the restored server everything that it has lost, and fetch its records anew.

    *held*: the ids of the sets that it holds. Where it knows a set of this device it knows all of those
    that this store was before (evicted, copied or restored). Where it knows none, nothing tells what of
    theirs it still has: it all goes out once more, ahead of the rest, from a new device. Tell whether it is.
    """
    with store.transaction():
        store.note(epoch=epoch)
        store.offer_again(known_through)
        store.wait_again(held)
        store.offer_files_again()
        is_new = known_through == 0 and store.offer_earlier_devices()
        if is_new:
            become_new_device(store, new_device_id())
        else:
            start_over(store)
        return is_new


def start_over(store: Store) -> None:
    """Make the next run a bootstrap into a fresh copy; the old one is shown until the new is whole."""
    with store.transaction():
        store.clear("stage")
        store.note(cursor=None, fresh=1, caught_up=0)
