"""The larger sizes at a reduced scale: further branches and households, through the log like all else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from schemas.registry import REGISTRY
from server.console import opened
from server.context import Context
from server.db import reading
from server.demo.sizes import SIZES, Size, load_size
from server.readmodels import loan_positions, standings
from server.store import branch, record
from server.verify import verify
from tests.places import Cluster, sqlite_url

SIZE = Size(600, 2, 8)


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """600 households in two branches."""
    folder = tmp_path_factory.mktemp("lender")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANGXIN_BUSINESS_DATE", "2026-06-16")
        parts = opened(str(folder), sqlite_url(folder))
    told: list[tuple[int, int]] = []
    load_size(parts, SIZE, lambda done, whole: told.append((done, whole)))
    assert told[-1] == (600, 600)
    assert told == sorted(told)
    yield parts
    parts.engine.dispose()


def test_the_log_is_whole(lender: Context) -> None:
    with reading(lender.engine) as connection:
        assert verify(connection, REGISTRY).finding is None


@pytest.mark.postgres
def test_it_is_the_same_on_postgresql(
    postgres_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", "2026-06-16")
    with postgres_cluster.database() as url:
        parts = opened(str(tmp_path), url)
        load_size(parts, Size(500, 2, 8))
        with reading(parts.engine) as connection:
            assert verify(connection, REGISTRY).finding is None
            customers = select(func.count()).where(record.c.type == "customer")
            assert connection.execute(customers).scalar_one() == 500
        parts.engine.dispose()


def test_households_and_officers_are_shared_among_the_branches(lender: Context) -> None:
    query = (
        select(branch.c.code, record.c.type, func.count())
        .join(record, record.c.branch == branch.c.id)
        .where(record.c.type == "customer")
        .group_by(branch.c.code, record.c.type)
    )
    with reading(lender.engine) as connection:
        counts = {it[0]: it[2] for it in connection.execute(query)}
    assert counts == {"QH": 300, "QH-02": 300}


def test_some_of_the_loans_are_late(lender: Context) -> None:
    today = lender.settings.today(lender.now())
    with reading(lender.engine) as connection:
        query = select(branch.c.id).where(branch.c.code == "QH-02")
        second = connection.execute(query).scalar_one()
    found = standings(loan_positions(lender.engine, second, today), today)

    late = [it for it in found if it.dpd > 0]
    assert 150 < len(found) < 260
    assert 0.04 < len(late) / len(found) < 0.4


def test_the_sizes_are_those_of_the_recipe() -> None:
    assert {name: it.households for name, it in SIZES.items()} == {
        "small": 240, "branch": 5_000, "lender": 200_000,
    }  # fmt: skip
    assert SIZES["lender"].officers == 500
