"""Sets put down without the engine are the rows that the engine would have stored of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from schemas.registry import REGISTRY
from server import store
from server.console import opened
from server.context import Context
from server.db import reading, writing
from server.demo import lots
from server.demo.crowd import Plan, grow
from server.demo.days import Days
from server.demo.opening import open_stage
from server.demo.stage import Stage
from server.verify import verify
from tests.places import Cluster, sqlite_url

Json = Any
PLAN = Plan(60, 3)
RANDOM = frozenset(
    {
        "epoch", "set_id", "payload_key", "commitment", "hash", "head_hash", "content_hash",
        "received_at",
    }
)  # fmt: skip
"""Columns that are otherwise with every load, or follow from one that is."""
TABLES = (store.log, store.record, store.feed, store.change_set)


@contextmanager
def grown(url: str, folder: Path, through_the_engine: bool) -> Iterator[Context]:
    """Load some households into an empty lender."""
    parts = opened(str(folder), url)
    days = Days(parts.settings.today(parts.now()), parts.settings.time_zone)
    with writing(parts.engine) as connection:
        stage = open_stage(connection, parts.registry, parts.settings, days)
        grow(stage, PLAN, bring=Stage.office if through_the_engine else lots.bring)
    yield parts
    parts.engine.dispose()


def rows(parts: Context, table: Table) -> dict[tuple[Json, ...], Mapping[str, Json]]:
    """Return a table's rows by their keys, without what no two loads have in common."""
    keys = [it.name for it in table.primary_key]
    with reading(parts.engine) as connection:
        found = connection.execute(select(table)).mappings().all()
    return {
        tuple(row[it] for it in keys): {
            name: _plain(value) for name, value in row.items() if name not in RANDOM
        }
        for row in found
    }


def _plain(value: Json) -> Json:
    """Return a text of JSON as what it says; of a set's content without its own ids."""
    if not isinstance(value, str) or value[:1] not in "[{":
        return value
    found = json.loads(value)
    if isinstance(found, dict):
        found = {name: it for name, it in found.items() if name not in ("id", "epoch")}
    return found


@pytest.fixture(autouse=True)
def _on_the_walk_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", "2026-06-16")


def test_they_are_the_engines_rows(tmp_path: Path) -> None:
    folders = [tmp_path / "engine", tmp_path / "lots"]
    with (
        grown(sqlite_url(folders[0]), folders[0], True) as engine,
        grown(sqlite_url(folders[1]), folders[1], False) as quick,
    ):
        for table in TABLES:
            wanted, found = rows(engine, table), rows(quick, table)
            assert found.keys() == wanted.keys(), table.name
            for key, row in wanted.items():
                assert found[key] == row, (table.name, key)
        with reading(quick.engine) as connection:
            checked = verify(connection, REGISTRY)
        assert (checked.finding, checked.rows > 900) == (None, True)


@pytest.mark.postgres
def test_postgresql_takes_them_too(postgres_cluster: Cluster, tmp_path: Path) -> None:
    with (
        postgres_cluster.database() as url,
        grown(url, tmp_path, False) as quick,
        reading(quick.engine) as connection,
    ):
        assert verify(connection, REGISTRY).finding is None
