"""What a value may be: the predicates that the wire and the engine share."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import person, place
from schemas.declare import (
    AnyJson,
    Choice,
    Date,
    Field,
    Flag,
    FreeObject,
    Id,
    Instant,
    Integer,
    KeyedMap,
    Kind,
    Label,
    ListOf,
    NationalId,
    Record,
    RecordType,
    Ref,
    Registry,
    SetOf,
    Text,
    Value,
    map_key,
    money,
)  # fmt: skip
from schemas.registry import REGISTRY

ID = "0199f2c4-a1b3-7abc-9def-0123456789ab"
WORDS = Choice({"yes": Label("Yes", "是"), "no": Label("No", "否")})
PAIR = Record({"a": Integer(), "b": Text()}, required=("a",))


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (Text(), "王桂英", None),
        (Text(), "", None),
        (Text(), 17, "not-text"),
        (Text(), None, "not-text"),
        (Text(), True, "not-text"),
        (Text(), "a\x00b", "has-nul"),
        (Text(), "\ud800", "has-surrogate"),
        (Text(), "e\u0301", "not-nfc"),
        (Text(), "𠮷", None),
        (Text(3), "四个字了", "too-long"),
        (Text(3), "𠮷𠮷𠮷", None),
        (Text(9, 1), "", "too-short"),
        (Text(9, 1), " \u3000", "too-short"),
        (Text(9, 2, "[0-9]+"), "12", None),
        (Text(9, 2, "[0-9]+"), "12\n", "wrong-form"),
        (Text(9, 2, r"\d+"), "１２", "wrong-form"),
        (person.PHONE, "13800000000", None),
        (person.PHONE, "138000", "too-short"),
        (person.PHONE, "+8613800000", "wrong-form"),
        (person.NAME, "字" * 51, "too-long"),
        (NationalId(), "999901197805120013", None),
        (NationalId(), "99990119780512001３", "wrong-national-id"),
        (NationalId(), "999901197805120014", "wrong-national-id"),
        (NationalId(), "99990119950707306x", "wrong-national-id"),
        (NationalId(), 999901197805120013, "not-text"),
        (Integer(), 0, None),
        (Integer(), 1.0, "not-integer"),
        (Integer(), True, "not-integer"),
        (Integer(), "12", "not-integer"),
        (Integer(), 2**53, "too-large"),
        (Integer(), -(2**53), "too-small"),
        (money(), 10**15, None),
        (money(), 10**15 + 1, "too-large"),
        (money(), -1, "too-small"),
        (money(1), 0, "too-small"),
        (place.HOME_ACCURACY_M, 51, "too-large"),
        (Flag(), True, None),
        (Flag(), 1, "not-boolean"),
        (Flag(), "true", "not-boolean"),
        (Date(), "2026-02-28", None),
        (Date(), "2026-02-30", "not-date"),
        (Date(), "2026-W08-1", "not-date"),
        (Date(), "2026-02-28T00:00:00Z", "not-date"),
        (Date(), 20260228, "not-text"),
        (Instant(), "2026-06-16T01:10:00.000Z", None),
        (Instant(), "2026-06-16", "not-instant"),
        (Instant(), "2026-06-16T01:10:00", "not-instant"),
        (Instant(), "0001-01-01T00:00:00+14:00", "not-instant"),
        (WORDS, "yes", None),
        (WORDS, "maybe", "not-a-choice"),
        (WORDS, ["yes"], "not-a-choice"),
        (Id(), ID, None),
        (Id(), ID.upper(), "not-an-id"),
        (Id(), "{" + ID + "}", "not-an-id"),
        (Ref(to="user"), 17, "not-an-id"),
        (ListOf(Integer()), [1, 2], None),
        (ListOf(Integer()), [1, "2"], "not-integer"),
        (ListOf(Integer()), {"add": [1]}, "not-a-list"),
        (ListOf(Integer(), 2), [1, 2, 3], "too-long"),
        (ListOf(Integer(), 2, 1), [], "too-few"),
        (PAIR, {"a": 1}, None),
        (PAIR, {"a": 1, "b": None}, None),
        (PAIR, {"b": "x"}, "wrong-members"),
        (PAIR, {"a": 1, "c": 2}, "wrong-members"),
        (PAIR, {"a": "1"}, "not-integer"),
        (PAIR, [], "not-an-object"),
        (Value(), True, None),
        (Value(), -35, None),
        (Value(), "yes", None),
        (Value(), ["a", "b"], None),
        (Value(), 1.5, "not-text"),
        (Value(), {"a": 1}, "not-text"),
        (Value(), [1], "not-text"),
        (FreeObject(), {}, None),
        (FreeObject(), [], "not-an-object"),
        (AnyJson(), [None], None),
    ],
)  # fmt: skip
def test_a_kind_takes_what_it_declares_and_says_why_not(
    kind: Kind, value: Any, reason: str | None
) -> None:
    assert kind.problem(value) == reason


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"add": ["a"]}, None),
        ({"add": [], "remove": ["b"]}, None),
        ({}, "not-add-remove"),
        (["a"], "not-add-remove"),
        ({"set": ["a"]}, "not-add-remove"),
        ({"add": "a"}, "not-a-list"),
        ({"add": [1]}, "not-text"),
    ],
)
def test_a_set_is_edited_by_adding_and_removing(edit: Any, reason: str | None) -> None:
    assert SetOf(Text(), least=1).problem_of_edit(edit) == reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KINDS = [
    Text(), Text(5, 1, "a+"), NationalId(), Integer(), Flag(), Date(), Instant(), WORDS, Id(),
    ListOf(Text()), SetOf(Integer()), PAIR, Value(), FreeObject(), AnyJson(),
]  # fmt: skip


@given(json_values)
def test_no_value_makes_a_kind_stumble(value: Any) -> None:
    for kind in KINDS:
        assert kind.problem(value) is None or isinstance(kind.problem(value), str)
    assert isinstance(SetOf(Text()).problem_of_edit(value), str | None)


SCORES = RecordType(
    "survey",
    Label("Survey", "调查"),
    (
        KeyedMap(
            "scores", Label("Scores", "分数"), {"": Field("", Label("Score", "分"), Integer())}
        ),
        KeyedMap("lines", Label("Lines", "行"), {"fen": Field("fen", Label("Fen", "分"), money())}),
        Field("lat", Label("Latitude", "纬度"), Integer(), group="place"),
        Field("lon", Label("Longitude", "经度"), Integer(), group="place"),
    ),
    made_by=(),
)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("scores.a", True),
        ("scores.a.", False),
        ("scores", False),
        ("scores.", False),
        ("scores.a.b", False),
        ("lines.k-1.fen", True),
        ("lines.k-1", False),
        ("lines.k 1.fen", False),
        ("lines.k1.fen.x", False),
        ("lat", True),
        ("lat.x", False),
        ("place", False),
        ("", False),
        (".", False),
    ],
)
def test_a_path_names_a_field_or_the_leaf_of_a_map_in_one_way_only(path: str, known: bool) -> None:
    assert (SCORES.field(path) is not None) == known


def test_a_group_is_decided_as_one() -> None:
    assert SCORES.group("place") == ("lat", "lon")
    assert SCORES.group("lat") == ()
    assert (SCORES.unit("lat"), SCORES.unit("lines.a.fen")) == ("place", "lines.a.fen")


def test_a_map_path_names_its_map_and_key() -> None:
    assert map_key("lines.a.fen") == ("lines", "a")
    assert map_key("scores.a") == ("scores", "a")
    assert map_key("lat") is None


def test_two_types_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        Registry([SCORES, SCORES])


def test_a_type_is_looked_up_by_name() -> None:
    assert REGISTRY["visit"] is REGISTRY.get("visit")
    assert REGISTRY.get("nothing") is None
