"""How long the feed keeps tombstones and moves, and which cursors have outlived them (protocol.md, section 8).

Only the feed is purged: the log, the records' history and who had which customer when stay for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, or_, select, update

from schemas.values import format_instant
from server import store
from server.accounts import account
from server.cursor import Cursor
from server.settings import Settings
from server.store import branch, feed

log = structlog.get_logger()
EVERY = timedelta(days=1)


def needs_purge(purged_at: str | None, now: datetime) -> bool:
    """Tell whether a branch's feed was last purged a day ago or more."""
    return purged_at is None or purged_at <= format_instant(now - EVERY)


def purge(connection: Connection, branch_id: str, keep_days: int, now: datetime) -> None:
    """Drop from a branch's feed the tombstones and moves that are older than *keep_days*."""
    row = store.lock_branch(connection, branch_id)
    before = format_instant(now - timedelta(days=keep_days))
    last = row.head if keep_days == 0 else last_before(connection, branch_id, row.head, before)
    kept_from = max(row.kept_from, last)
    gone = 0
    if kept_from > row.kept_from:
        people = select(account.c.id).where(account.c.branch == branch_id)
        query = delete(feed).where(
            or_(feed.c.owner == branch_id, feed.c.owner.in_(people)),
            feed.c.position <= kept_from,
            or_(feed.c.kind == "left", feed.c.live == 0),
        )
        gone = connection.execute(query).rowcount
    connection.execute(
        update(branch)
        .where(branch.c.id == branch_id)
        .values(kept_from=kept_from, purged_at=format_instant(now))
    )
    if gone:
        log.info("feed_purged", branch=branch_id, rows=gone, kept_from=kept_from)


def end_all_cursors(connection: Connection, now: datetime) -> None:
    """End every cursor that was ever given: heads move on by one, and nothing below is kept.

    A server that keeps nothing (`XIANGXIN_KEEP_DAYS=0`) does so when it starts.
    """
    for branch_id in connection.execute(select(branch.c.id)).scalars().all():
        row = store.lock_branch(connection, branch_id)
        connection.execute(update(branch).where(branch.c.id == branch_id).values(head=row.head + 1))
        purge(connection, branch_id, 0, now)


def is_too_old(cursor: Cursor, kept_from: int, head: int, settings: Settings) -> bool:
    """Tell whether something that *cursor* has not seen may be gone from the feed.

    A device in the midst of a bootstrap was never told of what went before the run began. Where nothing
    is kept, every other cursor that is behind the head is too old.
    """
    bootstrap = cursor.start == 0
    seen = cursor.run if bootstrap else cursor.complete
    return seen < kept_from or (settings.keep_days == 0 and not bootstrap and seen < head)


def last_before(connection: Connection, branch_id: str, head: int, before: str) -> int:
    """Return the last position that was received before an instant; found by halving, for the log is long."""
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        query = (
            select(store.log.c.position, store.log.c.received_at)
            .where(store.log.c.branch == branch_id, store.log.c.position <= middle)
            .order_by(store.log.c.position.desc())
            .limit(1)
        )
        found = connection.execute(query).first()
        if found is None or found.received_at < before:
            low = middle
        else:
            high = found.position - 1
    return low
