"""Who may hold which record: one answer for push, pull, search and web."""

from __future__ import annotations

import pytest

from schemas.registry import REGISTRY as PRODUCT
from sync.ledger import Mark, RecordState
from sync.scope import Actor, owners, standing, user_may_see, visible
from tests.sync.village import REGISTRY, Village, named

LI, ZHAO, WU = named("li"), named("zhao"), named("wu")


def reference(kind: str, **fields: str) -> RecordState:
    mark = Mark(1, "D")
    return RecordState(kind, named(kind), None, 1, dict(fields), {}, mark, 1, "D", None, None, "")


def actor(user: str | None, device: str = "T") -> Actor:
    return Actor(user, "officer", device)


@pytest.fixture
def village() -> Village:
    return Village()


def test_a_customers_records_are_for_who_holds_him(village: Village) -> None:
    village.office.create("note", "N1", words="甲。")
    customer, note = village.record("C1"), village.record("N1")

    assert [it for it in (LI, ZHAO, WU, None) if visible(REGISTRY, note, customer, actor(it))] == [
        LI, ZHAO,
    ]  # fmt: skip
    assert not visible(REGISTRY, note, None, actor(LI))
    assert visible(REGISTRY, note, None, Actor(None, "server", "S", whole_branch=True))
    assert owners(REGISTRY, note, customer, "B") == [LI, ZHAO]
    assert owners(REGISTRY, note, None, "B") == []


@pytest.mark.parametrize(
    ("state", "seen_by", "kept_for"),
    [
        (reference("org_unit", name="Hekou"), [LI, WU], ["B"]),
        (reference("assignment", officer_id=LI), [LI], [LI]),
        (reference("assignment"), [], []),
    ],
)
def test_reference_data_is_for_the_branch_or_for_whom_it_names(
    state: RecordState, seen_by: list[str], kept_for: list[str]
) -> None:
    assert [it for it in (LI, WU) if visible(REGISTRY, state, None, actor(it))] == seen_by
    assert owners(REGISTRY, state, None, "B") == kept_for


def test_a_type_that_this_version_does_not_know_is_for_nobody() -> None:
    assert not user_may_see(REGISTRY, reference("handover", officer_id=LI), LI)


def test_who_is_named_twice_is_named_once() -> None:
    device = PRODUCT["device"]
    fields = dict.fromkeys(device.users, LI)
    assert owners(PRODUCT, reference("device", **fields), None, "B") == [LI]


@pytest.mark.parametrize("kind", [None, "note"])
def test_what_is_no_customer_was_never_held(village: Village, kind: str | None) -> None:
    if kind:
        village.office.create(kind, "N1", words="甲。")
    state = village.record("N1") if kind else None
    assert standing(state, Actor(None, "server", "S", whole_branch=True), 99) == "never"


def test_a_holder_has_his_customer_until_his_view_knows_better(village: Village) -> None:
    before = village.ledger.head
    customer = village.record("C1")
    assert [standing(customer, actor(it), 0) for it in (LI, WU, None)] == ["in", "never", "never"]

    village.take_away("C1", "li")
    gone = village.record("C1")
    since = next(it.since for it in gone.holders if it.user == LI)
    ended = next(it.ended for it in gone.holders if it.user == LI)
    assert ended is not None

    told = {at: standing(gone, actor(LI), at) for at in (since - 1, since, ended - 1, ended)}
    assert told == {since - 1: "out", since: "late", ended - 1: "late", ended: "out"}
    assert since <= before < ended
    mine = actor(LI, gone.created_device or "")
    assert standing(gone, mine, 0) == "late", (
        "his own device made it, and knew it before it was told"
    )
    assert standing(gone, Actor(LI, "supervisor", "W", whole_branch=True), ended) == "in"
