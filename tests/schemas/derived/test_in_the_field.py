"""Whom to call, cash in hand, id cards that run out: as the shared vectors tell; the app runs them too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from schemas.derived.cash_in_hand import cash_in_hand_fen
from schemas.derived.contact_rhythm import silence_of
from schemas.derived.early_warning.declared import number_for
from schemas.derived.early_warning.dossier import Kept as Parameter
from schemas.derived.id_card import id_card_ends_on
from tests.places import REPOSITORY

Json = Any
FILE = json.loads((REPOSITORY / "tests/vectors/in-the-field.json").read_text("utf-8"))


@dataclass(frozen=True)
class Kept:
    """A record as a vector has it."""

    type: str
    id: str
    customer: str | None
    fields: Mapping[str, Json]


def _rhythm(vector: Json, records: list[Kept]) -> Json:
    customer = next(it.fields for it in records if it.type == "customer")
    try:
        found = silence_of(customer, records, {}, date.fromisoformat(vector["today"]))
    except (TypeError, ValueError):
        return "unsound"
    return found and {"due_on": found.due_on.isoformat(), "tier": found.tier.code}


def _cash(vector: Json, records: list[Kept]) -> Json:
    receipts = [it for it in records if it.type == "repayment"]
    deposits = [it for it in records if it.type == "cash_deposit"]
    return cash_in_hand_fen(receipts, deposits, vector["officer"])


def _id_card(vector: Json, records: list[Kept]) -> Json:
    today = date.fromisoformat(vector["today"])
    found = id_card_ends_on(vector["valid_to"], today, vector["days"])
    return found and found.isoformat()


TOLD = {"rhythm": _rhythm, "cash": _cash, "id_card": _id_card}


@pytest.mark.parametrize("vector", FILE["vectors"], ids=[it["id"] for it in FILE["vectors"]])
def test_what_an_officer_is_warned_of(vector: Json) -> None:
    records = [Kept(**it) for it in vector["records"]]

    assert TOLD[vector["do"]](vector, records) == vector["expected"], vector["name"]


def test_the_file_says_how_many_there_are() -> None:
    assert FILE["count"] == len(FILE["vectors"])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], 7),
        ([(None, 5)], 5),
        ([(None, 5), ("branch", 4)], 4),
        ([("branch", 4), ("outlet", 3)], 3),
        ([("elsewhere", 3)], 7),
        ([("outlet", "three")], 7),
        ([("outlet", True)], 7),
    ],
)
def test_the_nearest_unit_says_the_number(said: list[tuple[Json, Json]], expected: int) -> None:
    parameters = [
        Parameter("parameter", str(place), {"key": "k", "unit_id": unit, "value": value})
        for place, (unit, value) in enumerate(said)
    ]

    assert number_for("k", 7, parameters, ["outlet", "branch"], "2026-06-16") == expected
