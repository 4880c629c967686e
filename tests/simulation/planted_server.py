"""Faults of the server: its numbers, its pages, its memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from schemas.messages import ChangeSet
from sync import work
from sync.engine import Engine
from sync.ledger import Ledger
from tests.simulation import offers, pages, server, slices
from tests.simulation.pages import Page
from tests.simulation.planting import planted, swap
from tests.simulation.server import RefusedError, Server
from tests.simulation.store import Row, Store

Json = Any

# ---------------------------------------------------------------------------- the server's numbers


@planted
@contextmanager
def positions_from_a_sequence() -> Iterator[None]:
    """Positions are handed out before the commit: what a slow one wrote shows up below the head."""
    commit = Store.commit
    slow: dict[int, Mapping[str, Any]] = {}

    def slowly(self: Store, ledger: Ledger, kept: Any) -> None:
        self.feed = slow.pop(id(self), self.feed)  # type: ignore[assignment]
        before = {owner: dict(rows) for owner, rows in self.feed.items()}
        commit(self, ledger, kept)
        if len(self.log) % 5 == 4:
            slow[id(self)], self.feed = self.feed, before

    with swap(Store, "commit", slowly):
        yield


@planted
@contextmanager
def result_not_stored() -> Iterator[None]:
    """The server forgets the result of a set: sent again, it is decided again."""
    apply = Server.apply

    def forgetful(self: Server, caller: Any, raws: Any, request: Any = None) -> Any:
        mine = self.store.sets.get(caller.actor.device, {})
        for raw in reversed(raws):
            if mine and raw["number"] == max(mine):
                del mine[raw["number"]]
                self.store.by_id.pop((caller.actor.user, raw["id"]), None)
        return apply(self, caller, raws, request)

    with swap(Server, "apply", forgetful):
        yield


@planted
def set_id_ignored() -> AbstractContextManager[object]:
    """Only numbers make a set known: from a new device it is decided again."""
    return swap(Server, "before", lambda self, user, set_id: None)


@planted
def sent_again_is_anothers() -> AbstractContextManager[object]:
    """What a store sends again as a new device counts as somebody else's work."""
    return swap(Ledger, "adopt", lambda self, set_ids, device: None)


@planted
def history_cut_at_the_base() -> AbstractContextManager[object]:
    """The store loads what lies above a set's own base, and forgets what it inherits through `over`."""
    return swap(slices, "_inherited", lambda ledger, change: ())


@planted
@contextmanager
def poison_blocks() -> Iterator[None]:
    """One set that cannot be read fails the whole request."""
    read = offers.read

    def strict(raw: Any, registry: Any) -> Any:
        found = read(raw, registry)
        if not isinstance(found, ChangeSet):
            raise RefusedError("bad-request")
        return found

    with swap(server, "read", strict):
        yield


@planted
@contextmanager
def rejected_half_stored() -> Iterator[None]:
    """Of a set that is refused, what came before the fault is stored."""
    decide = Engine._decide

    def leaky(self: Engine, one: work.Work) -> Any:
        try:
            return decide(self, one)
        except work.RejectedError:
            one.draft.keep()
            raise

    with swap(Engine, "_decide", leaky):
        yield


# ------------------------------------------------------------------------------------------- pages


@planted
@contextmanager
def deltas_from_the_page() -> Iterator[None]:
    """Fields are counted from the last page, not from the last complete view."""
    make, shape = pages.make_page, pages.shape_of
    at = [0]

    def made(store: Store, request: Any, answered: Any) -> Page:
        at[0] = request.cursor.at if request.cursor else 0
        return make(store, request, answered)

    def shaped(store: Store, row: Row, start: int, *rest: Any) -> Any:
        return shape(store, row, at[0], *rest)

    with swap(server, "make_page", made), swap(pages, "shape_of", shaped):
        yield


@planted
@contextmanager
def tombstone_forgotten() -> Iterator[None]:
    """What was deleted is not told."""
    shape = pages.shape_of

    def shaped(store: Store, row: Row, *rest: Any) -> Any:
        return shape(store, row, *rest) if row.live else None

    with swap(pages, "shape_of", shaped):
        yield


@planted
@contextmanager
def left_forgotten() -> Iterator[None]:
    """A customer that went to somebody else is not in `left`."""
    make = pages.make_page

    def made(*args: Any) -> Page:
        return replace(make(*args), left=[])

    with swap(server, "make_page", made):
        yield


@planted
@contextmanager
def membership_not_stated() -> Iterator[None]:
    """A customer named in a change, and not in scope, is not in `left`."""
    note = Server._note_own

    def silent(self: Server, answered: Any, *rest: Any) -> None:
        note(self, answered, *rest)
        answered.outside.clear()

    with swap(Server, "_note_own", silent):
        yield


@planted
@contextmanager
def moved_in_by_halves() -> Iterator[None]:
    """A customer that comes in is sent as if the device had known him."""
    move = Store._move

    def moved(self: Store, ledger: Ledger, moves: Any) -> None:
        move(self, ledger, moves)
        for rows in self.feed.values():
            for key, row in rows.items():
                if row.position > self.head and not row.left:
                    rows[key] = replace(row, since=0)

    with swap(Store, "_move", moved):
        yield


@planted
@contextmanager
def others_records_sent() -> Iterator[None]:
    """A page holds what is in somebody else's scope."""

    def everybodys(store: Store, user: str) -> list[Row]:
        return list(
            {row.record: row for rows in store.feed.values() for row in rows.values()}.values()
        )

    with swap(pages, "rows_for", everybodys):
        yield


@planted
@contextmanager
def locked_devices_work_applied() -> Iterator[None]:
    """A locked device pulls nothing, but what it sends is applied."""
    apply = Server.apply

    def open_handed(self: Server, *told: Any) -> Any:
        locked, self.store.locked = self.store.locked, frozenset()
        answered = apply(self, *told)
        self.store.locked = locked
        return answered

    with swap(Server, "apply", open_handed):
        yield


@planted
@contextmanager
def locked_device_answered() -> Iterator[None]:
    """What a locked device sends goes to quarantine, but it is told what is new."""
    pull = Server._pull

    def talkative(self: Server, *told: Any) -> Any:
        locked, self.store.locked = self.store.locked, frozenset()
        reply = pull(self, *told)
        self.store.locked = locked
        return reply

    with swap(Server, "_pull", talkative):
        yield
