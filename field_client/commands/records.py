"""Commands that write any record: edit, new."""

from __future__ import annotations

from collections.abc import Sequence

import click

from field_client import typed
from field_client.console import Console, command, console, option
from field_client.faults import NotPossibleError
from field_client.forms import Form
from schemas.registry import REGISTRY


@command("edit")
@click.argument("record", metavar="ID")
@click.argument("pairs", metavar="FIELD=VALUE…", nargs=-1)
@option("--draft", word="draft", is_flag=True)
@console
def edit(told: Console, record: str, pairs: Sequence[str], draft: bool) -> None:
    """Edit."""
    with told.client() as client:
        form = client.open_form(record)
        declared = REGISTRY[form.opened.view.type]
        form.typed |= typed.fields_of(declared, pairs)
        if draft:
            form.keep()
            told.tell("talk.kept")
            told.give({"draft": form.id})
        else:
            _save(told, form)


def _save(told: Console, form: Form) -> None:
    saved = form.save()
    if saved is None:
        told.tell("talk.unchanged")
    else:
        told.tell("talk.saved", number=saved.number)
    told.give({"number": saved.number if saved else None})


@command("new")
@click.argument("type_name", metavar="TYPE")
@click.argument("pairs", metavar="FIELD=VALUE…", nargs=-1)
@option("--customer", word="customer", metavar="ID")
@console
def new(told: Console, type_name: str, pairs: Sequence[str], customer: str | None) -> None:
    """Make a record."""
    declared = REGISTRY.get(type_name)
    if declared is None:
        raise NotPossibleError(reason="unknown-type", type=type_name)
    with told.client() as client:
        whom = client.record(customer).id if customer else None
        made = client.create(type_name, whom, typed.fields_of(declared, pairs, new=True))
    told.tell("talk.made", id=made)
    told.give({"id": made})
