"""What is told from a customer's records and an officer's: both clients tell it alike (domain.md, 5.6 and 8.9)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from schemas.derived.customer_tier import contact_due_on
from schemas.derived.dealings import dealings_of
from schemas.derived.progress import COUNTED, month_of, progress
from schemas.derived.troubles import troubles
from schemas.target import METRICS
from tests.places import REPOSITORY

Json = Any
FILE = json.loads((REPOSITORY / "tests/vectors/dossier.json").read_text("utf-8"))


@dataclass(frozen=True)
class Kept:
    """A record as a vector has it."""

    type: str
    id: str
    customer: str | None
    fields: Mapping[str, Json]


def _troubles(vector: Json, records: list[Kept]) -> Json:
    return [it.plain() for it in troubles(records)]


def _progress(vector: Json, records: list[Kept]) -> Json:
    products = {it.id: it.fields for it in records if it.type == "product"}
    today = date.fromisoformat(vector["today"])
    month = month_of(records, products, vector["officer"], vector["period"], today)
    return progress(month, vector["metric"])


def _contact(vector: Json, records: list[Kept]) -> Json:
    today = date.fromisoformat(vector["today"])
    due = contact_due_on(dealings_of(records, {}, today), today)
    return due and due.isoformat()


TOLD = {"troubles": _troubles, "progress": _progress, "contact": _contact}


@pytest.mark.parametrize("vector", FILE["vectors"], ids=[it["id"] for it in FILE["vectors"]])
def test_what_is_told_from_records(vector: Json) -> None:
    records = [Kept(**it) for it in vector["records"]]

    assert TOLD[vector["do"]](vector, records) == vector["expected"]


def test_the_file_says_how_many_there_are() -> None:
    assert FILE["count"] == len(FILE["vectors"])


def test_what_is_counted_is_an_indicator() -> None:
    assert COUNTED.keys() < METRICS.options.keys()
