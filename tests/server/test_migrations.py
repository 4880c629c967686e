"""The migrations lead from any version to the tables that the code declares."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, select

from server.accounts import account
from server.db import writing
from server.migrate import is_current, migrate
from server.models import Base
from tests.server.branch import make_engine


def upgraded(url: str, revision: str) -> Engine:
    """Return an engine for *url*, whose schema is that of an earlier version."""
    engine = make_engine(url)
    migrate(engine, revision)
    return engine


def test_an_earlier_database_is_brought_up_to_date_with_all_that_is_in_it(
    database_url: str,
) -> None:
    engine = upgraded(database_url, "0001")
    row = {
        "id": "1", "username": "li.wei", "name": "李伟", "role": "officer", "branch": "1",
        "password_hash": "", "active": 1,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(account).values(row))
        before = is_current(connection)

    migrate(engine)

    with engine.connect() as connection:
        names, after = connection.scalars(select(account.c.name)).all(), is_current(connection)
    engine.dispose()
    assert (before, after, names) == (False, True, ["李伟"])


def test_the_newest_tables_are_those_that_the_code_declares(database_url: str) -> None:
    engine = upgraded(database_url, "head")

    with engine.connect() as connection:
        differing = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()

    assert differing == []
