"""The command that attaches a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from field_client.console import Console, choices, command, console, option
from field_client.faults import NotPossibleError


@command("attach")
@click.argument("file", type=click.Path(path_type=Path))
@option("--customer", word="customer", metavar="ID")
@option("--owner", word="owner", metavar="ID")
@option("--kind", word="file-kind", type=choices("attachment", "kind"))
@console
def attach(
    told: Console, file: Path, customer: str | None, owner: str | None, kind: str | None
) -> None:
    """Attach."""
    wanted = owner or customer
    if wanted is None:
        raise click.UsageError("--customer ID | --owner ID")
    try:
        data = file.read_bytes()
        taken_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise NotPossibleError(reason="unreadable-file", path=str(file), said=str(error)) from error
    with told.client() as client:
        made = client.attach(wanted, data, kind, taken_at)
    told.tell("talk.attached", id=made)
    told.give({"id": made})
