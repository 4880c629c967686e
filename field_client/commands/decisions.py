"""Commands that decide: conflicts, sets that were not accepted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from field_client import screens, typed
from field_client.console import Console, command, console, option
from field_client.faults import NotPossibleError
from schemas.registry import REGISTRY

Json = Any


@command("conflicts")
@console
def conflicts(told: Console) -> None:
    """List the open conflicts."""
    with told.client() as client:
        found = client.conflicts()
        told.give([screens.view_as_json(it) for it in found])
        told.show(screens.conflicts_table(found, client.store, told.lang) if found else None)


@command("resolve")
@click.argument("conflict", metavar="ID")
@option("--keep", "way", word="keep", flag_value="keep")
@option("--other", "way", word="other", flag_value="other")
@option("--value", word="value", metavar="VALUE")
@option("--way", "named", word="way", metavar="WAY")
@option("--chosen", word="chosen", metavar="DEVICE:NUMBER")
@option("--comment", word="comment", metavar="TEXT")
@console
def resolve(
    told: Console,
    conflict: str,
    way: str | None,
    value: str | None,
    named: str | None,
    chosen: str | None,
    comment: str | None,
) -> None:
    """Resolve."""
    ways = [it for it in (way, named, "custom" if value is not None else None) if it]
    if len(ways) != 1:
        raise click.UsageError("--keep | --other | --value VALUE | --way WAY")
    with told.client() as client:
        found = client.record(conflict)
        saved = client.resolve(
            found.id, ways[0], _custom(value, found.fields.get("field"), found.fields), comment,
            chosen=_chosen(chosen),
        )  # fmt: skip
    told.tell("talk.saved", number=saved.number)
    told.tell("talk.settled-by-others")
    told.give({"number": saved.number})


def _custom(value: str | None, unit: str | None, conflict: Any) -> Json:
    """Return the value that was typed: JSON for a group or a whole record, else by the field's kind."""
    if value is None:
        return None
    declared = REGISTRY.get(str(conflict.get("record_type")))
    field = declared.field(unit) if declared and unit else None
    try:
        return typed.read(field.kind, value) if field else json.loads(value)
    except ValueError as error:
        raise NotPossibleError(reason="unreadable-value", word=unit or "", text=value) from error


def _chosen(text: str | None) -> dict[str, Json] | None:
    if text is None:
        return None
    device, _, number = text.rpartition(":")
    if not device or not number.isdigit():
        raise NotPossibleError(reason="which-value")
    return {"device": device, "number": int(number)}


@command("attention")
@click.argument("pairs", metavar="[FIELD=VALUE…]", nargs=-1)
@option("--mend", word="mend", metavar="NUMBER", type=int)
@option("--discard", word="discard", metavar="NUMBER", type=int)
@console
def attention(told: Console, pairs: Sequence[str], mend: int | None, discard: int | None) -> None:
    """Needs attention."""
    with told.client() as client:
        if mend is not None:
            old = client.store.own_set(mend)
            saved = client.mend(mend, _mended(old.changes if old else (), pairs))
            told.tell("talk.saved", number=saved.number)
            told.give({"number": saved.number})
        elif discard is not None:
            client.discard(discard)
            told.tell("talk.discarded")
            told.give({"discarded": discard})
        else:
            found = client.attention()
            told.give([screens.attention_as_json(it) for it in found])
            table = screens.attention_table(found, client.store, told.lang) if found else None
            told.show(table, "talk.nothing-needs")


def _mended(changes: Sequence[Any], pairs: Sequence[str]) -> dict[str, dict[str, Json]]:
    """Give each FIELD=VALUE to the changes of the set that have such a field."""
    values: dict[str, dict[str, Json]] = {}
    for pair in pairs:
        path = pair.partition("=")[0]
        fitting = [it for it in changes if REGISTRY[it.type].field(path)]
        setting = [it for it in fitting if path in it.set] or fitting
        if not setting:
            raise NotPossibleError(reason="no-such-field", word=path, type="set")
        for one in setting:
            fields = typed.fields_of(REGISTRY[one.type], [pair], new=one.op == "create")
            values.setdefault(one.id, {}).update(fields)
    return values
