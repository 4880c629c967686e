"""Commands that look: status, the day, customers, a record."""

from __future__ import annotations

from dataclasses import asdict

import click

from field_client import screens
from field_client.console import Console, command, console, option


@command("status")
@console
def status(told: Console) -> None:
    """Show the state of the copy."""
    with told.client() as client:
        found = client.status()
        told.give(asdict(found))
        told.tell_line(screens.strip(found, told.lang))
        told.show(screens.status_table(found, client.store, told.lang))


@command("today")
@console
def today(told: Console) -> None:
    """List the day's work."""
    with told.client() as client:
        duties = client.today()
        told.give([screens.duty_as_json(it) for it in duties])
        told.show(screens.duties_table(duties, client.store, told.lang) if duties else None)


@command("customers")
@option("--search", word="search", metavar="TEXT")
@console
def customers(told: Console, search: str | None) -> None:
    """List or find customers."""
    with told.client() as client:
        found = client.search(search) if search else client.records("customer")
        told.give([screens.view_as_json(it) for it in found])
        told.show(screens.customers_table(found, client.store, told.lang) if found else None)


@command("show")
@click.argument("record", metavar="ID")
@console
def show(told: Console, record: str) -> None:
    """Show a record by its id or the beginning of it."""
    with told.client() as client:
        found = client.record(record)
        under = client.records(customer=found.id) if found.type == "customer" else []
        children = [it for it in under if it.id != found.id and it.type != "installment"]
        shown = screens.view_as_json(found)
        told.give({**shown, "records": [screens.view_as_json(it) for it in children]})
        told.show(screens.record_table(found, client.store, told.lang))
        if children:
            told.show(screens.children_table(children, client.store, told.lang))
