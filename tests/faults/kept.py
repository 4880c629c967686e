"""What the server's log holds in the end, read from its database."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from schemas.registry import REGISTRY
from server import store
from server.verify import verify
from tests.server.branch import make_engine


def stored(url: str) -> Counter[tuple[str, str]]:
    """Return how often the log tells of each call's making, by set and record; the log must verify."""
    engine = make_engine(url)
    query = select(store.log.c.set_id, store.log.c.record).where(store.log.c.type == "interaction")
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        finding = verify(connection, REGISTRY).finding
    engine.dispose()
    assert finding is None, finding
    return Counter((it.set_id, it.record) for it in rows)
