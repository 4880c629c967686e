"""`xiangxin daily`: what a day brings by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import click
from sqlalchemy import select

from server import due_moves, early_warning
from server.console import opened, stores
from server.context import Context
from server.db import reading
from server.store import branch as branches


@click.command()
@click.option("--branch", metavar="CODE", help="This branch alone; every branch, if not given")
@click.option(
    "--date",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The business date to evaluate; today, if not given",
)
@stores
def daily(
    branch: str | None, as_of: datetime | None, data: str | None, database: str | None
) -> None:
    """Make what a day brings by itself: early-warning signals, reminders, and moves that fell due.

    A visit is missed, an application lapses, what nobody dealt with goes one level up, a handover takes
    effect, loans are chosen for supervisors to look at. Run again, it makes nothing twice.

    Run it once a day, after the last tablets have synced; exit 1 if a customer could not be evaluated.

    Example: xiangxin daily --branch QH
    """
    parts = opened(data, database)
    try:
        refused = list(_evaluate(parts, branch, as_of.date() if as_of else None))
    finally:
        parts.engine.dispose()
    if refused:
        raise click.ClickException(
            f"{len(refused)} customers could not be evaluated: {', '.join(refused[:5])}"
        )


def _evaluate(parts: Context, code: str | None, day: date | None) -> Iterator[str]:
    """Run over the branches, say what was made, and yield the customers who could not be evaluated."""
    with reading(parts.engine) as connection:
        rows = connection.execute(select(branches).order_by(branches.c.code)).all()
    wanted = [it for it in rows if code in (None, it.code)]
    if not wanted:
        raise click.ClickException(f"There is no branch {code or 'yet'}.")
    for row in wanted:
        made = early_warning.run(
            parts.engine, parts.registry, parts.settings, row.id, parts.now(), day
        )
        moved = due_moves.run(
            parts.engine, parts.registry, parts.settings, row.id, parts.now(), day
        )
        counts = ", ".join(
            f"{name} {count}" for name, count in sorted({**moved, **made.by_rule}.items())
        )
        click.echo(f"{row.code}: {counts or 'nothing new'}")
        yield from made.refused
