"""The cases of values and records that the tablet's tests run as well."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from field_client.actions import normal
from schemas import values, words
from schemas.changes import field_faults, record_faults
from schemas.declare import (
    AnyJson,
    Choice,
    Date,
    Flag,
    FreeObject,
    Id,
    Instant,
    Integer,
    Kind,
    Label,
    ListOf,
    NationalId,
    Record,
    Ref,
    SetOf,
    Text,
    Value,
)
from schemas.messages import Fault
from schemas.plain import kind_json
from schemas.registry import REGISTRY
from schemas.words import Lang

Json = Any
FILE = json.loads(
    (Path(__file__).parents[1] / "vectors" / "constraints.json").read_text(encoding="utf-8")
)
BARE: Mapping[str, Kind] = {
    "national_id": NationalId(),
    "flag": Flag(),
    "date": Date(),
    "instant": Instant(),
    "id": Id(),
    "value": Value(),
    "object": FreeObject(),
    "any": AnyJson(),
}


def cases(do: str) -> list[Any]:
    assert FILE["count"] == len(FILE["vectors"])
    return [pytest.param(it, id=it["id"]) for it in FILE["vectors"] if it["do"] == do]


def kind_of(shape: Mapping[str, Json]) -> Kind:
    match shape["kind"]:
        case "text":
            return Text(shape["longest"], shape["shortest"], shape["pattern"], shape["lines"])
        case "integer":
            return Integer(shape["least"], shape["most"], shape["unit"])
        case "choice":
            return Choice({it: Label(**label) for it, label in shape["options"].items()})
        case "ref":
            return Ref(shape["to"], shape["scope"])
        case "list" | "set" as name:
            made = SetOf if name == "set" else ListOf
            return made(kind_of(shape["of"]), shape["most"], shape["least"])
        case "record":
            members = {it: kind_of(member) for it, member in shape["members"].items()}
            return Record(members, tuple(shape["required"]))
        case name:
            return BARE[name]


@pytest.mark.parametrize("case", cases("value"))
def test_a_value_is_taken_or_the_reason_is_given(case: Mapping[str, Json]) -> None:
    kind = kind_of(case["kind"])

    assert kind.problem(case["value"]) == case["expected"]
    assert kind_json(kind) == case["kind"], "the tablet reads the same kind"


@pytest.mark.parametrize("case", cases("edit"))
def test_an_edit_of_a_set_is_taken_or_the_reason_is_given(case: Mapping[str, Json]) -> None:
    kind = kind_of(case["kind"])

    assert isinstance(kind, SetOf)
    assert kind.problem_of_edit(case["value"]) == case["expected"]


@pytest.mark.parametrize("case", cases("record"))
def test_a_record_has_exactly_these_faults(case: Mapping[str, Json]) -> None:
    declared, op, fields = REGISTRY[case["type"]], case["op"], case["fields"]
    whole = op == "whole"

    found = record_faults(declared, fields) if whole else field_faults(None, op, declared, fields)

    assert [told(it) for it in found] == case["expected"]


def told(fault: Fault) -> Json:
    shape = {"field": fault.field, "code": fault.code, "reason": fault.reason}
    return {**shape, **({"rule": fault.rule} if fault.rule else {})}


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("case", cases("message"))
def test_a_fault_is_told_in_these_words(case: Mapping[str, Json], lang: Lang) -> None:
    fault = Fault(None, **case["fault"])

    assert words.describe(fault, REGISTRY[case["type"]], lang) == case["expected"][lang]


@pytest.mark.parametrize("case", cases("equal"))
def test_two_values_are_the_same_or_not(case: Mapping[str, Json]) -> None:
    assert values.json_equal(case["first"], case["second"]) == case["expected"]
    assert values.json_equal(case["second"], case["first"]) == case["expected"]


@pytest.mark.parametrize("case", cases("uuid7"))
def test_an_id_follows_from_time_and_bytes(case: Mapping[str, Json]) -> None:
    assert values.uuid7(case["millis"], bytes.fromhex(case["random"])) == case["expected"]


@pytest.mark.parametrize("case", cases("instant"))
def test_an_instant_is_read_and_written(case: Mapping[str, Json]) -> None:
    instant = values.parse_instant(case["text"])

    assert values.to_millis(instant) == case["expected"]["millis"]
    assert values.format_instant(instant) == case["expected"]["written"]


@pytest.mark.parametrize("case", cases("normal"))
def test_every_text_is_composed_when_it_is_saved(case: Mapping[str, Json]) -> None:
    assert normal(case["value"]) == case["expected"]
