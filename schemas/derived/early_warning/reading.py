"""A dossier read from plain JSON, and what the rules say of it as plain JSON: the shared vectors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.derived.early_warning.dossier import Disaster, Dossier, Kept, Late, Listed
from schemas.derived.early_warning.rules import due_tasks, signals

Json = Any


def dossier_of(given: Mapping[str, Json]) -> Dossier:
    """Read a dossier; members that are not there are empty."""
    return Dossier(
        customer=given["customer"],
        as_of=date.fromisoformat(given["as_of"]),
        records=[Kept(it["type"], it["id"], it["fields"]) for it in given["records"]],
        circle=[
            Late(it["customer"], it["loan"], it["oldest_unpaid_on"])
            for it in given.get("circle", ())
        ],
        watchlist=[
            Listed(it["id"], it.get("valid_from"), it.get("valid_to"))
            for it in given.get("watchlist", ())
        ],
        disasters=[
            Disaster(
                it["id"], tuple(it["villages"]), tuple(it.get("segments", ())), it["declared_on"],
                it.get("until"),
            )
            for it in given.get("disasters", ())
        ],
        is_large=given.get("is_large", False),
        numbers=given.get("numbers", {}),
    )  # fmt: skip


def evaluated(given: Mapping[str, Json]) -> dict[str, Json]:
    """Answer one case: its signals, the gravest first, and its tasks."""
    dossier = dossier_of(given)
    return {
        "signals": [it.plain() for it in signals(dossier)],
        "tasks": [it.plain() for it in due_tasks(dossier)],
    }
