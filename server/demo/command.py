"""`xiangxin demo`: load the demonstration branch."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select

from server.accounts import account
from server.console import opened, stores
from server.context import Context
from server.db import reading, writing
from server.demo import people
from server.demo.load import is_empty, load

SIZES = ("small", "branch", "lender")
NOT_YET = "The size {size} comes with the lending issue; small, 240 households, is there now."


@click.command()
@click.option(
    "--size",
    type=click.Choice(SIZES),
    default="small",
    show_default=True,
    help="How many households",
)
@click.option("--if-empty", is_flag=True, help="Do nothing where there is a branch already")
@stores
def demo(size: str, if_empty: bool, data: str | None, database: str | None) -> None:
    """Load the demonstration branch: 240 households, 60 days of field work, all made up.

    It is laid out relative to today (or XIANGXIN_BUSINESS_DATE), and the same for the same day.

    Example: xiangxin demo --data ./data
    """
    if size != "small":
        raise click.ClickException(NOT_YET.format(size=size))
    parts = opened(data, database)
    if load_if_empty(parts):
        tell_accounts()
    elif if_empty:
        click.echo("There is a branch already; nothing was loaded.")
    else:
        raise click.ClickException(
            "The database is not empty: the demonstration needs one of its own (--data or --database)."
        )


def load_if_empty(parts: Context) -> bool:
    """Load the demonstration where there is no branch yet; tell whether it was loaded."""
    with writing(parts.engine) as connection:
        if not is_empty(connection):
            return False
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("Loading the demonstration branch")
            load(connection, parts.registry, parts.settings, parts.now(),
                 lambda done, whole: progress.update(bar, completed=done, total=whole))  # fmt: skip
    return True


def is_loaded(parts: Context) -> bool:
    """Tell whether the demonstration's people are the ones who may sign in."""
    names = [it.username for it in people.EVERYONE]
    with reading(parts.engine) as connection:
        query = select(func.count()).select_from(account).where(account.c.username.in_(names))
        return connection.execute(query).scalar_one() == len(names)


def tell_accounts() -> None:
    """Print who can sign in."""
    table = Table("user", "name", "role", "unit", box=None)
    for it in people.EVERYONE:
        table.add_row(it.username, it.name, it.role, it.unit)
    click.echo(f"The demonstration branch is here. Everyone's password: {people.PASSWORD}")
    Console().print(table)
