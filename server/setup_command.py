"""`xiangxin setup`: the declarative JSON file, and what loading it changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from schemas.wire import setup as setup_file
from server.console import opened, stores
from server.context import Context
from server.setup import Report, SetUp


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing")
@stores
def setup(file: Path, dry_run: bool, data: str | None, database: str | None) -> None:
    """Load a declarative JSON set-up; what differs is updated.

    Example: xiangxin setup branch.json --dry-run
    """
    tell(set_up(opened(data, database), _json(file), dry_run), dry_run)


def set_up(parts: Context, wish: Any, dry_run: bool = False) -> Report:
    """Apply a set-up that was read as JSON, or only find out what it would change."""
    with parts.engine.connect() as connection:
        transaction = connection.begin()
        read = setup_file.parse_setup(wish, parts.registry)
        report = SetUp(connection, parts.registry, parts.settings, parts.now()).run(read)
        if dry_run:
            transaction.rollback()
        else:
            transaction.commit()
    return report


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8-sig"))
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error


def tell(report: Report, dry_run: bool) -> None:
    """Print what a set-up changed, or would change."""
    if report.is_empty:
        click.echo("Nothing to change.")
    for word, counts in (("create", report.created), ("update", report.updated)):
        for what, count in sorted(counts.items()):
            click.echo(
                f"{'would ' if dry_run else ''}{word}{'' if dry_run else 'd'} {what}: {count}"
            )
