"""How handovers look in a terminal (see `screens.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from field_client import handovers, views
from field_client.screens import grid, person
from field_client.store import Store
from field_client.words import say, yuan
from schemas.handover import STATES
from schemas.words import Lang, pick
from sync.guards.handovers import customers
from sync.rebase import View

Json = Any
LEAVES = ("exposure_fen", "from_risk_note", "appraisal", "agreed", "objection", "ruling")


def handovers_table(found: Sequence[View], store: Store, lang: Lang) -> Table:
    """Return handovers in a list, with what each asks of this device's user."""
    table = grid(lang, "from", "to", "when", "state", "asks", "id")
    for it in found:
        asked = handovers.asks(store, it)
        table.add_row(
            views.name_of(store, it.fields.get("from_officer_id")),
            views.name_of(store, it.fields.get("to_officer_id")),
            str(it.fields.get("effective_on")),
            pick(STATES.options[it.fields["state"]], lang),
            say(f"handing.{asked}", lang) if asked else "",
            it.id,
        )
    return table


def handover_table(one: View, store: Store, lang: Lang) -> Table:
    """Return the customers of a handover, with what is said of each."""
    table = grid(lang, "who", "exposure", "note", "appraisal", "answer", "id")
    for it in customers(one.fields):
        said = {leaf: one.fields.get(f"items.{it}.{leaf}") for leaf in LEAVES}
        table.add_row(
            person(store, it, lang), yuan(said["exposure_fen"]) if said["exposure_fen"] else "",
            said["from_risk_note"] or "", said["appraisal"] or "", _answer(said, lang), it,
        )  # fmt: skip
    return table


def _answer(said: Mapping[str, Json], lang: Lang) -> str:
    why, ruling = said["objection"], said["ruling"]
    if why:
        return say("handing.ruled" if ruling else "handing.objected", lang, why=why, ruling=ruling)
    return say("handing.agreed", lang) if said["agreed"] else ""
