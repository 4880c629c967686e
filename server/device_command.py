"""`xiangxin device`: the tablets of all branches: list, lock, unlock, wipe, a code for a forgotten PIN."""

from __future__ import annotations

import click

from schemas import problems
from server import devices, recovery
from server.console import opened, stores
from server.db import reading, writing


@click.group()
def device() -> None:
    """Tablets: list, lock, unlock, wipe, recovery-code."""


@device.command("list")
@stores
def device_list(data: str | None, database: str | None) -> None:
    """List the tablets: id, code, user, branch, state, last contact.

    Example: xiangxin device list
    """
    with reading(opened(data, database).engine) as connection:
        for row in devices.tablets(connection, None):
            shown = (row.id, row.code, row.username, row.branch_code, row.state)
            click.echo("\t".join([*shown, row.last_contact_at or "never"]))


@device.command("lock")
@click.argument("id_", metavar="ID")
@stores
def device_lock(id_: str, data: str | None, database: str | None) -> None:
    """Lock a tablet: what it sends is kept aside, and it is given nothing.

    Example: xiangxin device lock 0199f2c4-a1b3-7abc-9def-000000000001
    """
    _decide(id_, "lock", data, database)


@device.command("unlock")
@click.argument("id_", metavar="ID")
@stores
def device_unlock(id_: str, data: str | None, database: str | None) -> None:
    """Unlock a tablet; what was kept aside meanwhile its user sends again from there.

    Example: xiangxin device unlock 0199f2c4-a1b3-7abc-9def-000000000001
    """
    _decide(id_, "unlock", data, database)


@device.command("wipe")
@click.argument("id_", metavar="ID")
@click.option("--yes", is_flag=True, help="do not ask")
@stores
def device_wipe(id_: str, yes: bool, data: str | None, database: str | None) -> None:
    """Have a tablet destroy its key and data when it is next heard; unsent work on it is lost.

    Example: xiangxin device wipe 0199f2c4-a1b3-7abc-9def-000000000001 --yes
    """
    if not yes:
        click.confirm(f"Destroy everything on tablet {id_}, unsent work too?", abort=True)
    _decide(id_, "wipe", data, database)


def _decide(id_: str, wish: devices.Wish, data: str | None, database: str | None) -> None:
    parts = opened(data, database)
    try:
        with writing(parts.engine) as connection:
            row = devices.decide(
                connection, parts.registry, parts.settings, id_, wish, None, parts.now()
            )
    except problems.NotFoundError as error:
        raise click.ClickException(error.detail or _no_tablet(id_)) from error
    click.echo(f"{row.id}\t{row.code}\t{row.state}")


def _no_tablet(id_: str) -> str:
    return f"There is no tablet {id_} in use; see xiangxin device list."


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
        raise click.ClickException(_no_tablet(id_)) from error
    click.echo(f"{given.code}\tfor {given.name}, once, until {given.expires_at}")
