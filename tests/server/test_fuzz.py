"""Whatever becomes of a valid set on its way: never a 5xx, and nothing changes unless a result says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schemas.registry import REGISTRY
from server import store
from server.verify import verify
from tests.server.branch import (
    ELSEWHERE,
    GUIYING,
    LI_HAS,
    ZHAO_HAS,
    Server,
    Tablet,
    call,
    create,
    edit,
    fresh_id,
    registration,
    update,
)
from tests.server.workday import Work

Json = Any
Path = tuple[str | int, ...]
STATUSES = {"applied", "merged", "conflict", "rejected"}


@pytest.fixture(scope="module")
def tablet(shared_server: Server) -> Iterator[Tablet]:
    """李伟's tablet; whatever was done with it, the branch is whole in the end."""
    yield shared_server.tablet("li.wei").catch_up()
    with shared_server.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None


def valid(tablet: Tablet) -> Json:
    """Return a set with one of everything that an officer may do."""
    work = Work(tablet.number)
    visit = create("visit", GUIYING, None, **work.arrival())
    return tablet.change_set(
        call(),
        edit(
            LI_HAS[1], phone=f"139{tablet.number:08}", tags={"add": ["示范村"], "remove": []},
            preferences=work.note(4), home_lat_e6=30_000_000, home_lon_e6=103_000_000, home_acc_m=10,
            **{"assets.1.label": "砖房", "assets.1.value_fen": 100},
        ),
        registration(fresh_id(), 100 + tablet.number % 80_000),  # nobody of the set-up
        visit,
        work.inspection(GUIYING, visit["id"]),
        update("visit", visit["id"], GUIYING, **work.departure()),
        create("household_member", GUIYING, None, name="王小明", relation="child"),
    )  # fmt: skip


def paths(value: Json, here: Path = ()) -> Iterator[Path]:
    """Yield the place of every member and element."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        yield (*here, key)
        yield from paths(inner, (*here, key))


def parent(value: Json, path: Path) -> Any:
    found: Any = value
    for key in path[:-1]:
        found = found[key]
    return found


IDS = [*LI_HAS, *ZHAO_HAS, ELSEWHERE, fresh_id(), "", GUIYING.upper()]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "\x00", "e\u0301", "２０２６", "字" * 5000, "0001-01-01T00:00:00Z"]),
    st.sampled_from(IDS),
    st.sampled_from([[], {}, [[]], {"add": []}, {"add": [None]}, {"a": {"b": {}}}, [None], [1, "1"]]),
    st.sampled_from(["create", "update", "delete", *REGISTRY.types]),
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, int, Json]]:
    """Draw what happens to a set: each step names its kind, a place and a value."""
    kinds = st.sampled_from(["replace", "replace", "remove", "add", "double", "swap"])
    return draw(st.lists(st.tuples(kinds, st.integers(0, 10**6), ODD), min_size=1, max_size=5))


def mutated(one: Json, steps: list[tuple[str, int, Json]]) -> Json:
    one = copy.deepcopy(one)
    for kind, place, drawn in steps:
        value = copy.deepcopy(drawn)
        known = [it for it in paths(one) if it != ("number",)]
        if not known:
            break
        path = known[place % len(known)]
        around, key = parent(one, path), path[-1]
        if kind == "remove":
            del around[key]
        elif kind == "add" and isinstance(around[key], dict):
            around[key][str(value)[:40]] = value
        elif kind == "double" and isinstance(around, list):
            around.append(copy.deepcopy(around[int(key)]))
        elif kind == "swap":
            other = known[place * 7 % len(known)]
            around[key] = (
                copy.deepcopy(parent(one, other)[other[-1]])
                if other[: len(path)] != path
                else value
            )
        else:
            around[key] = value
    return one


def head(server: Server) -> list[Any]:
    with server.engine.connect() as connection:
        return list(connection.execute(select(store.branch.c.head, store.branch.c.head_hash)))


def test_the_set_is_valid_before_anything_becomes_of_it(tablet: Tablet) -> None:
    result = tablet.sync(valid(tablet))["results"][0]

    assert result["status"] == "applied", result


@given(steps=mutations())
def test_no_mutated_set_breaks_anything(
    shared_server: Server, tablet: Tablet, steps: list[tuple[str, int, Json]]
) -> None:
    before, known = head(shared_server), tablet.number
    one = mutated(valid(tablet), steps)
    good = tablet.change_set(call())

    reply = tablet.post("/api/v1/sync", json.dumps(tablet.request([one, good])).encode())

    assert reply.status in (200, 400, 413), reply
    if reply.status != 200:
        assert reply.code in ("bad-request", "too-large")
        assert head(shared_server) == before
        tablet.number = known
        return
    result, behind = reply.json["results"]
    assert result["status"] in STATUSES
    assert behind["status"] in STATUSES - {"rejected"}
    assert all(it["message"] and it["code"] for it in result.get("errors", ()))
    tablet.absorb((), reply.json)
    again = tablet.offer(one, good).json["results"]
    assert again == [{**result, "repeated": True}, {**behind, "repeated": True}]


@given(steps=mutations())
def test_a_set_that_is_rejected_alone_changes_nothing(
    shared_server: Server, tablet: Tablet, steps: list[tuple[str, int, Json]]
) -> None:
    before, known = head(shared_server), tablet.number
    one = mutated(valid(tablet), steps)

    reply = tablet.offer(one)

    if reply.status == 200 and reply.json["results"][0]["status"] != "rejected":
        assert head(shared_server) != before
    else:
        assert head(shared_server) == before
    if reply.status == 200:
        tablet.absorb((), reply.json)
    else:
        tablet.number = known
