"""How sets and records cross schema versions: tables for each step, and properties over all of them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from schemas import versions
from schemas.changes import leaves
from schemas.declare import Registry
from schemas.messages import Change
from schemas.registry import REGISTRY
from schemas.steps import Divided, Filled, Renamed
from schemas.values import derived_id
from tests.schemas.four_versions import FOUR

Json = Any
HERD = derived_id("test", "herd")


def a_set(schema: Json, *changes: Json) -> dict[str, Json]:
    return {"number": 1, "schema": schema, "changes": list(changes)}


def create(**fields: Json) -> dict[str, Json]:
    return {"op": "create", "type": "herd", "id": HERD, "customer": HERD, "set": fields}


def update(over: Json = None, **fields: Json) -> dict[str, Json]:
    more = {} if over is None else {"over": over}
    return {"op": "update", "type": "herd", "id": HERD, "customer": HERD, "set": fields, **more}


def dotted(**fields: Json) -> dict[str, Json]:
    return {name.replace("__", "."): it for name, it in fields.items()}


# ------------------------------------------------------------------------------------------- lifting

LIFTS: list[tuple[int, Json, Json]] = [
    (1, update(owner="王"), update(minder="王")),
    (2, update(keeper="王"), update(minder="王")),
    (3, update(keeper="王"), update(minder="王")),
    (4, update(minder="王"), update(minder="王")),
    (1, update(owner=None), update(minder=None)),
    (1, update(size="12 pigs"), update(heads=12, unit="pigs")),
    (2, update(size=None), update(heads=None, unit=None)),
    (3, update(heads=12), update(heads=12)),
    (1, update({"size": 5}, size="12 pigs"), update({"heads": 5, "unit": 5}, heads=12, unit="pigs")),
    (1, update({"owner": 5}, owner="王"), update({"minder": 5}, minder="王")),
    (1, create(kind="pigs", owner="王"), create(kind="pigs", minder="王", purpose="unknown")),
    (3, create(kind="pigs"), create(kind="pigs", purpose="unknown")),
    (4, create(kind="pigs"), create(kind="pigs")),
    (1, update(kind="pigs"), update(kind="pigs")),
    (9, update(owner="王"), update(owner="王")),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "raw", "lifted"), LIFTS)
def test_a_change_is_lifted_to_today_s_form(schema: int, raw: Json, lifted: Json) -> None:
    after, unknown = versions.lift(a_set(schema, raw), FOUR)

    assert after["changes"] == [lifted]
    assert after["schema"] == schema
    assert unknown == []


UNKNOWN: list[tuple[int, Json, tuple[str | None, str, str | None]]] = [
    (1, update(keeper="王"), ("keeper", "unknown-field", None)),
    (1, update(minder="王"), ("minder", "unknown-field", None)),
    (2, update(heads=1), ("heads", "unknown-field", None)),
    (1, update(**dotted(vaccines__a__on="2026-06-01")), ("vaccines.a.on", "unknown-field", None)),
    (3, update(**dotted(vaccines__a__lot="7")), ("vaccines.a.lot", "unknown-field", None)),
    (3, update(notes="好。"), ("notes", "unknown-field", None)),
    (3, update(owner="王"), ("owner", "unknown-field", None)),
    (2, {**create(place="后院"), "type": "stall"}, (None, "unknown-type", None)),
    (1, update(size="many"), ("size", "invalid-value", "wrong-form")),
    (1, update(size=7), ("size", "invalid-value", "not-text")),
]


@pytest.mark.parametrize(("schema", "raw", "fault"), UNKNOWN)
def test_what_a_version_did_not_know_is_named(schema: int, raw: Json, fault: Json) -> None:
    _, unknown = versions.lift(a_set(schema, update(kind="pigs"), raw), FOUR)

    assert [(it.change, it.field, it.code, it.reason) for it in unknown] == [(1, *fault)]


def test_a_set_that_settles_a_conflict_may_name_what_the_conflict_names() -> None:
    settled = {"op": "update", "type": "conflict", "id": HERD, "customer": HERD, "set": {}}

    _, unknown = versions.lift(a_set(1, settled, update(breed="黑猪")), FOUR)

    assert unknown == []


HOSTILE: tuple[Json, ...] = (
    None, 7, True, "x", [], {}, {"set": 7}, {"type": "herd", "set": [1]}, {"type": []},
    {"type": "herd", "set": {"size": {}}}, {"type": "herd", "set": {"owner": []}, "over": 7},
    {"type": "herd", "set": {"size": True, "heads": 1}, "over": {"size": "x"}},
    {"type": "nothing", "set": {"a": 1}}, {"type": "herd", "op": "delete"},
)  # fmt: skip


@pytest.mark.parametrize(
    "schema", [None, True, 0, -1, "1", 1.5, [], 1, 2, 3, 4, 5, 10**9], ids=repr
)
def test_whatever_comes_is_lifted_or_left_alone(schema: Json) -> None:
    bodies: tuple[Json, ...] = (HOSTILE, list(HOSTILE), None, {}, "x")
    for changes in bodies:
        after, _ = versions.lift({"schema": schema, "changes": changes}, FOUR)
        assert len(after["changes"] or ()) == len(changes or ())


# ------------------------------------------------------------------------------------------ lowering

WHOLE = {
    "kind": "pigs", "minder": "王", "heads": 12, "unit": "pigs", "breed": "黑猪",
    "vaccines.a.on": "2026-06-01", "vaccines.a.lot": "7", "notes": "好。", "purpose": "sale",
}  # fmt: skip
LOWERED: dict[int, Json] = {
    1: {"kind": "pigs", "owner": "王", "size": "12 pigs"},
    2: {"kind": "pigs", "keeper": "王", "size": "12 pigs", "vaccines.a.on": "2026-06-01"},
    3: {
        "kind": "pigs", "keeper": "王", "heads": 12, "unit": "pigs", "breed": "黑猪",
        "vaccines.a.on": "2026-06-01",
    },
    4: WHOLE,
}  # fmt: skip


@pytest.mark.parametrize(("schema", "fields"), LOWERED.items())
def test_a_record_is_lowered_to_what_a_version_knows(schema: int, fields: Json) -> None:
    assert versions.lower(FOUR, "herd", WHOLE, schema) == fields


DELTAS: list[tuple[int, Json, Json]] = [
    (1, {"unit": "pigs"}, {"size": "12 pigs"}),
    (2, {"heads": 12}, {"size": "12 pigs"}),
    (2, {"breed": "黑猪", "notes": "好。"}, {}),
    (1, {"minder": None}, {"owner": None}),
    (3, {"minder": "王", "purpose": "sale"}, {"keeper": "王"}),
]


@pytest.mark.parametrize(("schema", "changed", "fields"), DELTAS)
def test_a_delta_is_lowered_over_the_whole_record(schema: int, changed: Json, fields: Json) -> None:
    assert versions.lower(FOUR, "herd", changed, schema, WHOLE) == fields


def test_a_divided_field_without_any_part_is_cleared() -> None:
    assert versions.lower(FOUR, "herd", {"heads": None}, 2, {"kind": "pigs"}) == {"size": None}


CONFLICT = {
    "record": HERD, "record_type": "herd", "field": "minder", "kind": "field", "base_value": "a",
    "kept": {"value": "b"}, "others": [{"value": "c"}],
}  # fmt: skip


def test_a_conflict_names_the_field_as_the_version_does() -> None:
    late = {**CONFLICT, "field": None, "kind": "late", "others": [{"value": {"minder": "王"}}]}

    assert versions.lower(FOUR, "conflict", CONFLICT, 1) == {**CONFLICT, "field": "owner"}
    assert versions.lower(FOUR, "conflict", {"kept": {"value": "b"}}, 1, CONFLICT) == {
        "kept": {"value": "b"}
    }
    assert versions.lower(FOUR, "conflict", late, 2)["others"] == [{"value": {"keeper": "王"}}]


def some_fields(dice: random.Random, schema: int) -> dict[str, Json]:
    """Return values for some of the fields that a herd had in a version."""
    pool = {
        "kind": "pigs", ("owner", "keeper", "keeper", "minder")[schema - 1]: dice.choice(["王", None]),
        **({"size": f"{dice.randrange(99)} pigs"} if schema < 3 else {}),
        **({"vaccines.a.on": "2026-06-01"} if schema > 1 else {}),
        **({"heads": dice.randrange(99), "unit": "pigs", "breed": "黑猪"} if schema > 2 else {}),
        **({"vaccines.a.lot": "7", "notes": "好。", "purpose": "sale"} if schema > 3 else {}),
    }  # fmt: skip
    return {name: it for name, it in pool.items() if dice.random() < 0.7}


@pytest.mark.parametrize("seed", range(200))
def test_what_a_version_sent_is_what_it_gets_back(seed: int) -> None:
    dice = random.Random(seed)
    schema = dice.randint(1, 4)
    fields = some_fields(dice, schema)

    after, unknown = versions.lift(a_set(schema, update(**fields)), FOUR)
    change = Change("update", "herd", HERD, HERD, fields)

    assert unknown == []
    assert versions.lift_change(change, FOUR, schema).set == after["changes"][0]["set"]
    assert versions.lower(FOUR, "herd", after["changes"][0]["set"], schema) == fields


# ---------------------------------------------------------------------------------- what is declared


def test_three_versions_are_spoken() -> None:
    assert versions.spoken(FOUR) == [2, 3, 4]
    assert versions.spoken(REGISTRY) == [1, 2, 3]
    assert versions.spoken(Registry([])) == [1]


def test_news_are_what_a_version_shows_and_an_earlier_one_hid() -> None:
    herd, task = FOUR["herd"], FOUR["task"]

    lending = frozenset(name for name, it in REGISTRY.types.items() if it.since == 3)
    some = {"customer", "inspection_note", "loan", "visit", "user"}
    later = versions.news(REGISTRY, 2, 3)
    assert (set(later.types), later.whole) == ({*lending, *some}, lending)
    assert "loan_application" in lending
    found = versions.news(REGISTRY, 1, 3)
    assert (set(found.types), found.whole) == ({*lending, *some, "task"}, lending)
    assert found.shows(task, "cancel_reason")
    assert not found.shows(task, "title")
    assert versions.news(FOUR, 1, 4).whole == {"herd", "stall", "conflict", *lending}
    assert versions.news(FOUR, 4, 4).types == versions.news(FOUR, 4, 2).types == []
    assert not versions.NOTHING.shows(herd, "breed")


@pytest.mark.parametrize("registry", [REGISTRY, FOUR], ids=["product", "test"])
def test_versions_hold_together(registry: Registry) -> None:
    for declared in registry.types.values():
        assert declared.since <= registry.schema
        for path, field in leaves(declared):
            assert field.since <= registry.schema, path
            filled = any(isinstance(it, Filled) and it.field == path for it in registry.steps)
            new = field.since > max(1, declared.since)
            assert not (field.required and new) or filled, f"{path}: older devices lack it"
        for group in declared.groups.values():
            members = [it for it in declared.plain_fields() if it.name in group]
            assert len({it.since for it in members}) == 1, f"{group} is sent as one"
    for step in registry.steps:
        assert step.schema <= registry.schema
        if isinstance(step, Renamed | Divided):
            assert registry[step.type].field(step.old) is None, "a name is never used again"
