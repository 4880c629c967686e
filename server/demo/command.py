"""`xiangxin demo`: load the demonstration branch."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import func, select

from server.accounts import account
from server.console import opened, stores
from server.context import Context
from server.db import reading, writing
from server.demo import people, second_device
from server.demo.load import is_empty, load
from server.demo.sizes import SIZES, STORY, Size, load_size


@click.command()
@click.option(
    "--size",
    type=click.Choice(list(SIZES)),
    default="small",
    show_default=True,
    help="How many households",
)
@click.option("--if-empty", is_flag=True, help="Do nothing where there is a branch already")
@stores
def demo(size: str, if_empty: bool, data: str | None, database: str | None) -> None:
    """Load the demonstration branch: 240 households, 60 days of field work, all made up.

    Size branch adds households and officers to 5,000 and 18, size lender makes 40 such branches:
    200,000 households and 500 officers, which is for PostgreSQL and takes its time.

    It is laid out relative to today (or XIANGXIN_BUSINESS_DATE), and the same for the same day.

    Example: xiangxin demo --data ./data
    """
    parts = opened(data, database)
    if load_if_empty(parts, SIZES[size]):
        tell_accounts()
    elif if_empty:
        click.echo("There is a branch already; nothing was loaded.")
    else:
        raise click.ClickException(
            "The database is not empty: the demonstration needs one of its own (--data or --database)."
        )


def load_if_empty(parts: Context, size: Size = SIZES["small"]) -> bool:
    """Load the demonstration where there is no branch yet; tell whether it was loaded."""
    if size.households > STORY:
        return _load_many(parts, size)
    with writing(parts.engine) as connection:
        if not is_empty(connection):
            return False
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("Loading the demonstration branch")
            stage = load(
                connection, parts.registry, parts.settings, parts.now(),
                lambda done, whole: progress.update(bar, completed=done, total=whole),
            )  # fmt: skip
            second_device.write(stage, parts.keys, parts.now())
    return True


def _load_many(parts: Context, size: Size) -> bool:
    with reading(parts.engine) as connection:
        if not is_empty(connection):
            return False
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Loading households", total=size.households)
        load_size(parts, size, lambda done, whole: progress.update(bar, completed=done))
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
