"""Words typed at a prompt become the values of fields, or are refused before anything happens."""

from typing import Any

import pytest

from field_client.faults import NotPossibleError
from field_client.typed import answer, fen, fields_of
from schemas.registry import REGISTRY

Json = Any


@pytest.mark.parametrize(
    ("type_name", "pair", "fields"),
    [
        ("customer", "phone=13800000000", {"phone": "13800000000"}),
        ("customer", "preferences=a=b", {"preferences": "a=b"}),
        ("customer", "phone_alt=", {"phone_alt": None}),
        ("customer", "years_resident=12", {"years_resident": 12}),
        ("customer", "tags=+a,-b,+c", {"tags": {"add": ["a", "c"], "remove": ["b"]}}),
        ("customer", "tags=a,b", {"tags": ["a", "b"]}),
        ("customer", 'tags=["a,b"]', {"tags": ["a,b"]}),
        ("customer", "assets.h1.value_fen=100", {"assets.h1.value_fen": 100}),
        ("inspection_note", "answers.R01.value=yes", {"answers.R01.value": "yes"}),
        ("inspection_note", "answers.R01.value=-35", {"answers.R01.value": -35}),
        ("org_unit", "active=no", {"active": False}),
        ("org_unit", "active=是", {"active": True}),
        ("loan", 'responsible={"clerk": null}', {"responsible": {"clerk": None}}),
    ],
)
def test_words_become_values(type_name: str, pair: str, fields: dict[str, Json]) -> None:
    assert fields_of(REGISTRY[type_name], [pair]) == fields


def test_in_a_new_record_a_set_is_a_plain_list() -> None:
    assert fields_of(REGISTRY["customer"], ["tags=a,b"], new=True) == {"tags": ["a", "b"]}


@pytest.mark.parametrize(
    "pair",
    [
        "phone",
        "phon=1",
        "years_resident=twelve",
        "answers=x",
        "=1",
        "years_resident=1.5",
        'tags=["a"',
    ],
)
def test_what_cannot_be_read_is_refused(pair: str) -> None:
    with pytest.raises(NotPossibleError):
        fields_of(REGISTRY["customer"], [pair])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4600", 460_000),
        ("4,600.00", 460_000),
        ("¥0.05", 5),
        ("3.5", 350),
        ("10000000.01", 1_000_000_001),
    ],
)
def test_an_amount_is_typed_in_yuan(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    "text", ["", "-5", "1.234", "1.", "abc", "１２", "1e3", "0x10", ".5", "1.-5"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        fen(text)


@pytest.mark.parametrize(
    ("text", "value"), [("yes", "yes"), ("12", 12), ("-35", -35), ("-", "-"), ("１２", "１２")]
)
def test_an_answer_is_a_number_where_it_looks_like_one(text: str, value: Json) -> None:
    assert answer(text) == value
