"""Bringing a database's schema up to date, and telling whether it is."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from server.db import writing

LOCK = 0x7869_616E_6778  # "xiangx": one migration at a time among the processes of a server


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema of *engine* up to date in one transaction; several processes may call it at once.

    *revision*: an earlier one than today's, for tests.
    """
    with writing(engine) as connection:
        upgrade(connection, revision)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to *revision* within the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_current(connection: Connection) -> bool:
    """Tell whether the schema is the one that this version was written for."""
    found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("server").joinpath("migrations")))
    return config
