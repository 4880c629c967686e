"""`xiangxin user`: the accounts, from the command line."""

from __future__ import annotations

import click
from sqlalchemy import select

from schemas.roles import ROLES
from server import accounts
from server.accounts import account
from server.console import opened, stores
from server.db import reading, writing
from server.setup_command import set_up, tell


@click.group()
def user() -> None:
    """Accounts: list, add, password, disable."""


@user.command("list")
@stores
def user_list(data: str | None, database: str | None) -> None:
    """List the accounts.

    Example: xiangxin user list
    """
    parts = opened(data, database)
    with reading(parts.engine) as connection:
        for row in connection.execute(select(account).order_by(account.c.username)):
            click.echo(
                f"{row.username}\t{row.name}\t{row.role}\t{'active' if row.active else 'disabled'}"
            )


@user.command("add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(list(ROLES.options)))
@click.option("--branch", required=True, metavar="CODE")
@click.option("--unit", metavar="CODE", help="Home unit; the branch, if not given")
@click.password_option(help="Asked for when it is not given")
@stores
def user_add(
    username: str, name: str, role: str, branch: str, unit: str | None, password: str,
    data: str | None, database: str | None,
) -> None:  # fmt: skip
    """Add an account, or change one.

    Example: xiangxin user add li.min --name 李敏 --role officer --branch QH
    """
    wish = {
        "username": username,
        "name": name,
        "role": role,
        "branch": branch,
        "password": password,
    }
    if unit:
        wish["unit"] = unit
    tell(set_up(opened(data, database), {"users": [wish]}), dry_run=False)


@user.command("password")
@click.argument("username")
@click.password_option()
@stores
def user_password(username: str, password: str, data: str | None, database: str | None) -> None:
    """Set a new password; every sign-in of the user ends.

    Example: xiangxin user password li.min
    """
    with writing(opened(data, database).engine) as connection:
        _require(accounts.set_password(connection, username, password), username)
    click.echo(f"{username} has a new password.")


@user.command("disable")
@click.argument("username")
@click.option("--undo", is_flag=True, help="Let the user sign in again")
@stores
def user_disable(username: str, undo: bool, data: str | None, database: str | None) -> None:
    """End a user's access at once, or give it back.

    Example: xiangxin user disable li.min
    """
    with writing(opened(data, database).engine) as connection:
        _require(accounts.set_active(connection, username, undo), username)
    click.echo(f"{username} is {'active' if undo else 'disabled'}.")


def _require(found: bool, username: str) -> None:
    if not found:
        raise click.ClickException(f"There is no user {username}; see xiangxin user list.")
