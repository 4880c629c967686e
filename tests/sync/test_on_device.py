"""Rules that a device asks by itself: what it knows decides, what it does not know forbids nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.messages import Change
from schemas.registry import REGISTRY
from sync.guards import checking, on_device
from sync.ledger import RecordState
from sync.scope import Actor
from tests.places import REPOSITORY

Json = Any
FILE = json.loads((REPOSITORY / "tests/vectors/guards.json").read_text("utf-8"))
KIND = "inspection_note"


def change_of(shape: Json) -> Change:
    return Change(shape["op"], shape["type"], shape["id"], shape["customer"], shape["set"])


def states(vector: Json) -> list[RecordState]:
    """Return the records of a case, the oldest first."""
    records = {it["id"]: it for it in FILE["base"] if it["id"] not in vector["without"]}
    records |= {it["id"]: it for it in vector["with"]}
    return [
        RecordState(
            it["type"], it["id"], it["customer"], 1, dict(it["fields"]), created_position=at
        )
        for at, it in enumerate(records.values(), 1)
    ]


@pytest.mark.parametrize("vector", FILE["vectors"], ids=[it["name"] for it in FILE["vectors"]])
def test_what_a_device_says(vector: Json) -> None:
    actor = Actor(vector["user"], vector["role"], "tablet")
    changes = [change_of(it) for it in vector["changes"]]

    found = on_device.refusal(
        REGISTRY, actor, changes, vector["before"], states(vector), vector["today"]
    )

    told = found and {
        "change": found[0], "code": found[1].code, "field": found[1].field,
        "reason": found[1].reason, "rule": found[1].rule,
    }  # fmt: skip
    assert told == vector["expected"]


def test_the_file_says_how_many_there_are() -> None:
    assert FILE["count"] == len(FILE["vectors"])


def test_every_rule_that_is_asked_is_one_of_the_server_s() -> None:
    assert set(on_device.ASKED) <= set(checking.GUARDS)


def test_only_what_a_rule_looks_at_is_wanted() -> None:
    done = Change("update", "task", "t", "c", {"state": "done"})
    called = Change("update", "customer", "c", "c", {"phone": "13800000000"})

    assert on_device.needed(REGISTRY, [done]) == {"task"}
    assert on_device.needed(REGISTRY, [called]) == frozenset()
    assert on_device.is_asked(REGISTRY, [called, done])
    assert not on_device.is_asked(REGISTRY, [called, Change("update", "later", "x", None)])


def test_a_record_that_is_not_here_is_the_server_s_to_judge() -> None:
    gone = Change("update", "task", "t", "c", {"state": "cancelled"})

    assert (
        on_device.refusal(REGISTRY, Actor("u", "officer", "d"), [gone], {}, [], "2026-06-16")
        is None
    )


def test_the_class_of_a_loan_that_is_not_here_too() -> None:
    fields = {"loan_id": "l", "as_of": "2026-06-16", "proposed_class": "normal"}
    proposed = RecordState("classification", "p", "c", fields=fields)
    made = Change("create", "classification", "p", "c", fields)
    actor = Actor("u", "officer", "d")

    assert on_device.refusal(REGISTRY, actor, [made], {}, [proposed], "2026-06-16") is None


def test_what_turns_on_a_record_s_maker_is_asked_of_officers_alone() -> None:
    undone = RecordState("repayment", "r", "c", fields={"amount_fen": 1})
    reversal = RecordState("repayment", "x", "c", fields={"amount_fen": 1, "reverses_id": "r"})
    made = Change("create", "repayment", "x", "c", {"reverses_id": "r"})

    def told(role: str) -> Json:
        actor = Actor("u", role, "d")
        return on_device.refusal(REGISTRY, actor, [made], {}, [undone, reversal], "2026-06-16")

    assert told("officer") is not None
    assert told("supervisor") is None


def test_papers_that_cannot_be_keep_nobody_from_working() -> None:
    broken = RecordState("loan", "l", "c", fields={"state": "active", "maturity_on": "soon"})
    customer = RecordState("customer", "c", "c")
    fields = {"loan_id": "l", "as_of": "2026-06-16", "proposed_class": "normal"}
    proposed = RecordState("classification", "p", "c", fields=fields)
    made = Change("create", "classification", "p", "c", fields)

    known = [broken, customer, proposed]
    assert (
        on_device.refusal(REGISTRY, Actor(None, "officer", "d"), [made], {}, known, "2026-06-16")
        is None
    )


def signed(*who: str, **fields: Json) -> dict[str, Json]:
    return {**{f"signed_by.{it}.user": it for it in who}, **fields}


@pytest.mark.parametrize(
    ("fields", "stored", "expected"),
    [
        (signed("a", "b", state="draft"), {}, True),
        (signed("a", "b", "c", state="draft"), signed("a"), True),
        (signed("a", state="draft"), {}, False),
        (signed("a", "b", state="signed"), {}, False),
        (signed("a", "b", state="returned"), signed("a", "b"), False),
        (signed("a", "b", state="returned"), signed("a"), False),
        (signed("a", "b", state="returned"), {}, True),
        ({"state": "draft", "inspector_ids": []}, {}, False),
    ],
)
def test_a_note_that_all_have_signed(fields: Json, stored: Json, expected: bool) -> None:
    """The server will call it signed; what was returned is signed again by all."""
    note = RecordState(KIND, "n", "c", fields={"inspector_ids": ["a", "b"], **fields})

    assert on_device.signed_by_all(note, stored) is expected
