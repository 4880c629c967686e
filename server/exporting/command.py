"""`xiangxin export`: what a core banking system takes over, as files (docs/core-banking.md)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from server.console import opened, stores
from server.context import Context
from server.db import snapshot
from server.exporting import files, tables
from server.exporting.asking import content_of
from server.store import branch as branches

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.argument("what", type=click.Choice(list(tables.TABLES)))
@click.option(
    "--format", "form", type=click.Choice(list(files.FORMATS)), default="csv", show_default=True
)
@click.option("--from", "since", type=DAY, metavar="DAY", help="The first day, as 2026-06-01")
@click.option("--until", type=DAY, metavar="DAY", help="The last day")
@click.option("--branch", metavar="CODE", help="Which branch; may be left out where there is one")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to a file that is not there yet; standard output, if not given",
)
@stores
def command(
    what: str,
    form: str,
    since: datetime | None,
    until: datetime | None,
    branch: str | None,
    output: Path | None,
    data: str | None,
    database: str | None,
) -> None:
    """Export receipts, decisions, loans, arrears or officers' figures of a branch as CSV, XLSX or JSON.

    Column names are stable English keys, money is fen. --from and --until are about the day of payment,
    of the decision, of the disbursement, of the oldest unpaid installment; for officers they are the period.

    Example: xiangxin export receipts --from 2026-06-01 --until 2026-06-30 --format xlsx -o june.xlsx
    """
    span = tables.Span(since.date() if since else None, until.date() if until else None)
    if since and until and since > until:
        raise click.UsageError("--from lies after --until.")
    parts = opened(data, database)
    try:
        content = content_of(parts, _branch_id(parts, branch), what, form, span)
    finally:
        parts.engine.dispose()
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        with output.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error
    click.echo(f"Written: {output}", err=True)


def _branch_id(parts: Context, code: str | None) -> str:
    with snapshot(parts.engine) as connection:
        rows = connection.execute(select(branches).order_by(branches.c.code)).all()
    below = {it.parent for it in rows}
    found = (
        [it for it in rows if it.code == code]
        if code
        else [it for it in rows if it.code not in below]
    )
    if len(found) == 1:
        return str(found[0].id)
    known = ", ".join(it.code for it in rows)
    raise click.UsageError(f"Name the branch with --branch; there are: {known or 'none yet'}.")
