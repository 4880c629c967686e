"""`xiangxin device`: the tablets of all branches, and a code for a forgotten PIN."""

from __future__ import annotations

import click
from sqlalchemy import select

from schemas import problems
from server import recovery
from server.accounts import account
from server.accounts import device as tablet
from server.console import opened, stores
from server.db import reading, writing
from server.store import branch


@click.group()
def device() -> None:
    """Tablets: list, recovery-code."""


@device.command("list")
@stores
def device_list(data: str | None, database: str | None) -> None:
    """List the tablets: id, code, user, branch, state, last contact.

    Example: xiangxin device list
    """
    query = (
        select(tablet, account.c.username, branch.c.code.label("branch_code"))
        .join(account, account.c.id == tablet.c.user)
        .join(branch, branch.c.id == tablet.c.branch)
        .where(tablet.c.kind == "tablet")
        .order_by(branch.c.code, tablet.c.created_at, tablet.c.id)
    )
    with reading(opened(data, database).engine) as connection:
        for row in connection.execute(query):
            shown = (row.id, row.code, row.username, row.branch_code, row.state)
            click.echo("\t".join([*shown, row.last_contact_at or "never"]))


@device.command("recovery-code")
@click.argument("id_", metavar="ID")
@stores
def device_recovery_code(id_: str, data: str | None, database: str | None) -> None:
    """Give the code with which a tablet's user sets a new PIN without losing unsent work.

    Example: xiangxin device recovery-code 0199f2c4-a1b3-7abc-9def-000000000001
    """
    parts = opened(data, database)
    try:
        with writing(parts.engine) as connection:
            given = recovery.give_code(connection, id_, None, None, parts.now())
    except problems.NotFoundError as error:
        raise click.ClickException(
            f"There is no tablet {id_} in use; see xiangxin device list."
        ) from error
    click.echo(f"{given.code}\tfor {given.name}, once, until {given.expires_at}")
