"""The set that settles a conflict, as every client builds it."""

from __future__ import annotations

from typing import Any

import pytest

from sync.choices import chosen_entry, resolution
from tests.sync.village import REGISTRY, named

Json = Any
C1, CONFLICT = named("C1"), named("conflict")


def entry(number: int, value: Json) -> dict[str, Json]:
    return {"value": value, "by": named("li"), "device": "T1", "number": number, "made_at": ""}


def conflict(*others: Json, field: str | None = "name", kind: str = "field") -> dict[str, Json]:
    return {
        "record": C1, "record_type": "customer", "field": field, "kind": kind,
        "kept": entry(0, "K"), "others": [entry(place, it) for place, it in enumerate(others, 1)],
    }  # fmt: skip


def test_the_only_other_needs_no_choice() -> None:
    assert chosen_entry(conflict("A"), None)["value"] == "A"


@pytest.mark.parametrize(("number", "value"), [(0, "K"), (1, "A"), (2, "B")])
def test_an_entry_is_named_by_device_and_number(number: int, value: str) -> None:
    assert chosen_entry(conflict("A", "B"), {"device": "T1", "number": number})["value"] == value


@pytest.mark.parametrize(
    "chosen", [None, {}, {"device": "T1", "number": 3}, {"device": "T2", "number": 1}]
)
def test_what_cannot_be_meant_is_refused(chosen: Json) -> None:
    with pytest.raises(LookupError):
        chosen_entry(conflict("A", "B"), chosen)


def made(it: dict[str, Json], way: str, **said: Json) -> tuple[Json, list[Json]]:
    """Return what is set on the conflict, and the writes with it."""
    update, *writes = resolution(REGISTRY, CONFLICT, C1, it, way, **said)
    assert {key: update[key] for key in ("op", "type", "id", "customer")} == {
        "op": "update", "type": "conflict", "id": CONFLICT, "customer": C1,
    }  # fmt: skip
    for one in writes:
        assert (one["type"], one["id"], one["customer"]) == ("customer", C1, C1)
    return update["set"], writes


def test_keeping_writes_nothing() -> None:
    assert made(conflict("A"), "keep") == ({"status": "resolved", "resolution": "keep"}, [])


def test_the_other_is_named_and_written() -> None:
    settled, (write,) = made(conflict("A"), "other", comment="asked her")

    assert settled == {
        "status": "resolved", "resolution": "other", "comment": "asked her",
        "chosen": {"device": "T1", "number": 1},
    }  # fmt: skip
    assert (write["op"], write["set"]) == ("update", {"name": "A"})


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("name", "C", {"name": "C"}),
        ("name", None, {"name": None}),
        ("terms", {"amount": 5, "months": 6}, {"amount": 5, "months": 6}),
        ("terms", {"amount": 5}, {"amount": 5, "months": None}),
        ("terms", None, {"amount": None, "months": None}),
        (None, {"name": "C", "phone": "1"}, {"name": "C", "phone": "1"}),
        (None, None, {}),
        (None, {"deleted": False, "name": "C"}, {"deleted": False, "name": "C"}),
    ],
)
def test_another_value_is_written_to_its_unit(
    field: str | None, value: Json, written: Json
) -> None:
    settled, (write,) = made(conflict("A", field=field), "custom", value=value)

    assert settled["resolution"] == "custom"
    assert (write["op"], write["set"]) == ("update", written)


@pytest.mark.parametrize(("reason", "said"), [("twice", "twice"), (None, "-"), ("", "-")])
def test_the_other_of_a_deletion_deletes(reason: str | None, said: str) -> None:
    deletion = conflict({"deleted": True, "reason": reason}, field=None, kind="delete")
    _, (write,) = made(deletion, "other")

    assert (write["op"], write["reason"]) == ("delete", said)


def test_a_merge_names_who_stays_and_writes_what_is_taken_over() -> None:
    pair = conflict(None, field=None, kind="duplicate")

    settled, writes = made(pair, "merge", survivor=C1)
    assert (settled["survivor"], writes) == (C1, [])

    _, (write,) = made(pair, "merge", survivor=C1, value={"phone": "2"})
    assert (write["op"], write["set"]) == ("update", {"phone": "2"})
