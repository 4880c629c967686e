"""The command about handovers: what they ask, and one's own part in them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from field_client import handover_tables, handovers, screens, views
from field_client.client import FieldClient
from field_client.console import Console, command, console, option
from field_client.faults import NotPossibleError
from field_client.sets import OwnSet
from sync.rebase import View


@command("handover")
@click.argument("wanted", metavar="[ID]", required=False)
@option("--agree", word="agree", metavar="CUSTOMER", multiple=True)
@option("--object", "objected", word="object", metavar="CUSTOMER=WHY", multiple=True)
@option("--write", "written", word="write", metavar="CUSTOMER=WORDS", multiple=True)
@option("--sign", "signs", word="sign", is_flag=True)
@console
def handover(
    told: Console,
    wanted: str | None,
    agree: Sequence[str],
    objected: Sequence[str],
    written: Sequence[str],
    signs: bool,
) -> None:
    """List handovers, or do one's part in one."""
    with told.client() as client:
        if wanted is None:
            found = client.handovers()
            told.give([_as_json(client, it) for it in found])
            table = (
                handover_tables.handovers_table(found, client.store, told.lang) if found else None
            )
            told.show(table, "talk.no-handover")
            return
        one = client.record(wanted)
        if one.type != "handover":
            raise NotPossibleError(reason="not-a-handover")
        if not (agree or objected or written or signs):
            told.give(_as_json(client, one))
            told.show(handover_tables.handover_table(one, client.store, told.lang))
            return
        saved = list(_done(client, one, agree, objected, written, signs))
    for it in saved:
        told.tell("talk.saved", number=it.number)
    told.give({"numbers": [it.number for it in saved]})


def _done(
    client: FieldClient,
    one: View,
    agree: Sequence[str],
    objected: Sequence[str],
    written: Sequence[str],
    signs: bool,
) -> list[OwnSet]:
    saved = []
    if written:
        saved.append(client.write_in_handover(one.id, _texts(client, written)))
    answers: dict[str, str | None] = {_customer(client, it): None for it in agree}
    answers |= _texts(client, objected)
    if answers:
        saved.append(client.answer_handover(one.id, answers))
    if signs:
        saved.append(client.sign_handover(one.id))
    return saved


def _texts(client: FieldClient, pairs: Sequence[str]) -> dict[str, str]:
    """Read CUSTOMER=WORDS."""
    found = {}
    for pair in pairs:
        customer, sign, words = pair.partition("=")
        if not sign:
            raise NotPossibleError(reason="reason-needed")
        found[_customer(client, customer)] = words
    return found


def _customer(client: FieldClient, wanted: str) -> str:
    """Return the whole id of a customer, who need not be on this device."""
    return wanted if len(wanted) == len(client.store.user_id()) else client.record(wanted).id


def _as_json(client: FieldClient, one: View) -> dict[str, object]:
    return {
        **screens.view_as_json(one),
        "asks": handovers.asks(client.store, one),
        "people": {it: views.name_of(client.store, one.fields.get(it)) for it in handovers.WRITTEN},
    }
