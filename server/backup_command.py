"""`xiangxin backup` and `xiangxin restore`."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from server import backup as copies
from server.console import opened, settings_of, stores
from server.db import DatabaseError, engine_options, prepare
from server.held import LONGEST
from server.office import new_id
from server.settings import utc_now

MIB = 1 << 20


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@stores
def backup(file: Path, data: str | None, database: str | None) -> None:
    """Copy database, keys and attachments into one FILE, also while the server runs.

    Example: xiangxin backup /backups/xiangxin-2026-06-16.zip
    """
    parts = opened(data, database)
    try:
        told = copies.back_up(parts.engine, parts.settings.data, file, parts.now())
    except (copies.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{file}: {told.rows} rows and {told.attachments} attachments as of {told.at}, "
        f"{told.size / MIB:.1f} MiB. It holds the installation's keys: keep it where only you can read it."
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--older", is_flag=True, help="Also a backup of more than 35 days ago")
@stores
def restore(file: Path, older: bool, data: str | None, database: str | None) -> None:
    """Bring a backup FILE into an empty database and folder, and begin a new epoch.

    Tablets sign in again and send once more what the backup does not have.

    Example: xiangxin restore /backups/xiangxin-2026-06-16.zip --data ./restored
    """
    settings = settings_of(data, database)
    try:
        engine = prepare(
            create_engine(settings.database_url, **engine_options(settings.database_url))
        )
        oldest = None if older else utc_now() - LONGEST
        told = copies.restore(engine, settings.data, file, lambda: new_id(utc_now()), oldest)
    except (copies.BackupError, DatabaseError, OSError, SQLAlchemyError) as error:
        raise click.ClickException(str(error).splitlines()[0]) from error
    engine.dispose()
    click.echo(
        f"Restored to {told.at}: {told.rows} rows, {told.attachments} attachments. A new epoch has begun: "
        "tablets sign in again and send once more what this backup does not have."
    )
