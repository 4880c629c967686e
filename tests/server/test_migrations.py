"""The migrations lead from any version to the tables that the code declares."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, Table, insert, select, text

from schemas.registry import REGISTRY
from server import store
from server.accounts import account
from server.db import writing
from server.identities import identity_hash
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


def test_who_was_registered_before_is_found_by_the_same_hash(database_url: str) -> None:
    engine = upgraded(database_url, "0004")
    old = [it for it in store.record.columns if it.name != "identity"]
    row = {
        "branch": "b", "id": "c", "type": "customer", "customer": "c", "version": 1, "deleted": 0,
        "fields": {"id_no": "999901197805120013"}, "marks": "{}", "created": '[1,"d",null]',
        "changed_at": "", "holders": "[]",
    }  # fmt: skip
    with writing(engine) as connection:
        made = "INSERT INTO branch (id, code, name, head, head_hash, epoch, restores, money_head)"
        connection.execute(text(f"{made} VALUES ('b', 'B', 'B', 1, '', 'e', '[]', 0)"))
        table = Table("record", MetaData(), *(Column(it.name, it.type) for it in old))
        connection.execute(insert(table).values(row))

    migrate(engine)

    with engine.connect() as connection:
        branch = connection.execute(select(store.branch)).one()
        (stored,) = connection.execute(select(store.record))
    engine.dispose()
    assert len(branch.identity_key) == 64
    assert stored.identity == identity_hash(REGISTRY, branch.identity_key, store.state_of(stored))
