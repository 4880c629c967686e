"""How a customer's troubles and an officer's figures look in a terminal (see `screens.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.table import Table

from field_client import views
from field_client.dossier import Figure
from field_client.screens import grid, moment
from field_client.store import Store
from field_client.words import say
from schemas.case import STATES
from schemas.derived.troubles import Trouble
from schemas.interaction import KINDS
from schemas.target import METRICS
from schemas.words import Lang, pick

IN_HOURS = "sync_age"
"""The one indicator that is no rate."""


def troubles_table(troubles: Sequence[Trouble], store: Store, lang: Lang) -> Table:
    """Return a customer's requests, problems and complaints, with what became of each."""
    table = grid(lang, "kind", "when", "summary", "state", "result", "id")
    for it in troubles:
        kind = KINDS.options.get(it.kind)
        about = views.name_of(store, it.about_user_id) if it.about_user_id else ""
        result = [it.resolution or "", f"{it.satisfaction}/5" if it.satisfaction else ""]
        table.add_row(
            " ".join(filter(None, [pick(kind, lang) if kind else it.kind, about])),
            moment(it.at or None, lang),
            it.summary,
            pick(STATES.options[it.state], lang) if it.state else say("dossier.untouched", lang),
            " ".join(filter(None, result)),
            it.record,
        )
    return table


def contact_line(due: date, today: date, lang: Lang) -> str:
    """Return by when to be in touch with a customer, or since when somebody should have been."""
    return say(f"dossier.{'contact-late' if due < today else 'contact'}", lang, day=due.isoformat())


def id_card_line(ends: date, today: date, lang: Lang) -> str:
    """Return when an id card runs out, or ran out."""
    return say(
        f"dossier.{'card-ended' if ends < today else 'card-ends'}", lang, day=ends.isoformat()
    )


def figures_table(figures: Sequence[Figure], lang: Lang) -> Table:
    """Return an officer's indicators: here, accepted by the server, and the target."""
    table = grid(lang, "indicator", "here", "accepted", "target")
    for it in figures:
        metric = METRICS.options.get(it.metric)
        numbers = (_number(it.metric, one, lang) for one in (it.here, it.accepted, it.target))
        table.add_row(pick(metric, lang) if metric else it.metric, *numbers)
    return table


def _number(metric: str, value: int | None, lang: Lang) -> str:
    if value is None:
        return "–"
    if metric == IN_HOURS:
        return say("dossier.hours", lang, hours=value)
    return f"{value // 100}.{value % 100:02} %"
