"""One person registered by two officers: found at the push, merged by a supervisor, moved on every device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from server.store import record
from server.verify import verify
from tests.server.branch import (
    LI_HAS,
    Reply,
    Server,
    Tablet,
    call,
    create,
    edit,
    fresh_id,
    national_id,
    registration,
)
from tests.server.counting import counting

Json = Any
PUSH = 10
FIRST, SECOND = LI_HAS[0], fresh_id()
"""王桂英 of 李伟, and the same person as 赵敏 registers her once more."""


@pytest.fixture
def zhao(server: Server) -> Tablet:
    """赵敏's tablet, on which the person is registered a second time."""
    found = server.tablet("zhao.min").catch_up()
    result = found.push(registration(SECOND, 0, name="王桂莹", phone="13900000009"))
    assert result["status"] == "conflict"
    return found.catch_up()


@pytest.fixture
def wang(server: Server) -> Tablet:
    """The supervisor's sign-in."""
    return server.tablet("wang.jun")


def duplicates(tablet: Tablet) -> list[Json]:
    """Return the duplicates that lie on a tablet."""
    return [
        it
        for it in tablet.held.values()
        if it["type"] == "conflict" and it["fields"]["kind"] == "duplicate"
    ]


def open_pairs(wang: Tablet) -> list[Json]:
    """Return the sides of the branch's duplicates that are open."""
    reply = wang.get("/api/v1/conflicts?status=open")
    assert reply.status == 200
    return [it for it in reply.json["conflicts"] if it["kind"] == "duplicate"]


def listed(wang: Tablet) -> dict[str, Json]:
    """Return the sides that are open, by the customer that they are under."""
    return {it["customer"]: it for it in open_pairs(wang)}


def about(conflict: Json) -> set[str]:
    """Return the two customers of a duplicate."""
    return {it["value"]["customer"] for it in (conflict["kept"], *conflict["others"])}


def resolve(wang: Tablet, conflict: str, **said: Json) -> Reply:
    return wang.post(f"/api/v1/conflicts/{conflict}/resolve", said)


def merge(
    wang: Tablet, survivor: str = FIRST, pair: tuple[str, str] = (FIRST, SECOND), **said: Json
) -> Json:
    """Let the supervisor merge a pair; return the result."""
    side = next(it["id"] for it in open_pairs(wang) if about(it) == set(pair))
    reply = resolve(wang, side, resolution="merge", survivor=survivor, **said)
    assert reply.status == 200, reply.json
    return reply.json


def cover(wang: Tablet, customer: str = FIRST, officer: str = "zhao.min") -> None:
    wish = {"customer": customer, "officer": officer, "role": "cover", "until": "2026-12-31"}
    assert wang.post("/api/v1/assignments", wish).status == 201


def is_whole(server: Server) -> None:
    """Check that the log replays to what is stored."""
    with server.engine.connect() as connection:
        found = verify(connection, server.registry)
    assert found.finding is None, found.finding


def is_equal(tablet: Tablet) -> None:
    """Check that a tablet's copy is the server's."""
    told = tablet.sync()["digest"]
    mine = tablet.digest()
    assert told == {"records": mine.records, "sum": mine.sum}


# ------------------------------------------------------------------------------------------- found


def test_both_are_accepted_and_each_side_lies_under_its_own_customer(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet
) -> None:
    sides = listed(wang)

    assert set(sides) == {FIRST, SECOND}
    assert sides[SECOND]["others"][0]["value"] == {"customer": FIRST}
    assert sides[FIRST]["others"][0]["value"] == {"customer": SECOND}
    li.catch_up()
    assert len(duplicates(li)) == len(duplicates(zhao)) == 1
    for it in (li, zhao):
        is_equal(it)
    is_whole(server)


def test_an_officers_side_holds_nothing_of_the_other_customer(
    server: Server, zhao: Tablet, li: Tablet
) -> None:
    li.catch_up()

    assert SECOND not in str(li.seen)
    assert FIRST not in str(zhao.seen)
    for it in (*duplicates(li), *duplicates(zhao)):
        assert it["fields"]["kept"]["value"] is None
        assert [one["value"] for one in it["fields"]["others"]] == [None]


def test_a_repaired_copy_holds_nothing_of_it_either(zhao: Tablet) -> None:
    body = {"cursor": zhao.cursor, "buckets": ["0" * 16] * 256}
    reply = zhao.post("/api/v1/sync/repair", body)

    assert any(it["type"] == "conflict" for it in reply.json["records"])
    assert FIRST not in str(reply.json)


def test_the_index_holds_no_id_number(server: Server, zhao: Tablet) -> None:
    query = select(record.c.identity).where(record.c.id.in_([FIRST, SECOND]))
    with server.engine.connect() as connection:
        hashes = set(connection.execute(query).scalars())

    assert len(hashes) == 1
    assert national_id(0) not in str(hashes)
    assert len(hashes.pop()) == 64


def test_a_person_of_another_branch_is_no_duplicate(server: Server) -> None:
    tablet = server.tablet("li.wei").catch_up()

    assert tablet.push(registration(fresh_id(), 20))["status"] == "applied"


def test_a_retry_opens_nothing_more(server: Server, zhao: Tablet, wang: Tablet) -> None:
    again = registration(SECOND, 0, name="王桂莹", phone="13900000009")
    zhao.push(again)
    server.tablet("zhao.min").catch_up().push(again)

    assert len(listed(wang)) == 2
    is_whole(server)


@pytest.mark.parametrize("serial", [900, 0])
def test_looking_for_the_person_costs_no_statement(server: Server, serial: int) -> None:
    tablet = server.tablet("zhao.min").catch_up()
    with counting(server.engine) as counted:
        answer = tablet.sync(tablet.change_set(registration(fresh_id(), serial)))

    assert answer["results"][0]["status"] == ("applied" if serial else "conflict")
    assert counted.statements <= PUSH


# ----------------------------------------------------------------------------------------- decided


def test_they_differ_closes_both_sides_on_both_tablets(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet
) -> None:
    li.catch_up()
    reply = resolve(wang, listed(wang)[FIRST]["id"], resolution="keep", comment="两个人")

    assert reply.status == 200
    assert listed(wang) == {}
    for it in (li.catch_up(), zhao.catch_up()):
        assert [one["fields"]["status"] for one in duplicates(it)] == ["resolved"]
        is_equal(it)
    is_whole(server)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"resolution": "merge"}, 400),
        ({"resolution": "merge", "survivor": LI_HAS[1]}, 400),
        ({"resolution": "merge", "survivor": fresh_id()}, 400),
        ({"resolution": "merge", "survivor": "x"}, 400),
        ({"resolution": "merge", "survivor": FIRST, "value": 1}, 400),
        ({"resolution": "merge", "survivor": FIRST, "value": {"no_such": 1}}, 400),
        ({"resolution": "other"}, 400),
        ({"resolution": "custom", "value": {}, "comment": "x"}, 400),
    ],
)
def test_what_is_no_decision_about_two_is_refused(
    zhao: Tablet, wang: Tablet, said: Json, code: int
) -> None:
    assert resolve(wang, listed(wang)[SECOND]["id"], **said).status == code
    assert len(listed(wang)) == 2


def test_an_officer_does_not_decide(zhao: Tablet, wang: Tablet) -> None:
    conflict = listed(wang)[SECOND]["id"]
    assert resolve(zhao, conflict, resolution="merge", survivor=SECOND).status == 403

    settled = {"status": "resolved", "resolution": "keep"}
    change = {
        "op": "update", "type": "conflict", "id": conflict, "customer": SECOND, "set": settled,
    }  # fmt: skip
    result = zhao.push(change)

    assert [it["code"] for it in result["errors"]] == ["not-permitted"]


@pytest.mark.parametrize("survivor", [FIRST, SECOND], ids=["the first", "the second"])
def test_a_merge_moves_everything_to_whoever_holds_the_survivor(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet, survivor: str
) -> None:
    note = call(SECOND, "她想先看看合同")
    zhao.push(note)
    li.push(call(FIRST, "约好周六见面"))
    gone = SECOND if survivor == FIRST else FIRST
    keeper, loser = (li, zhao) if survivor == FIRST else (zhao, li)

    merge(wang, survivor, comment="同一人")
    told = loser.sync()

    assert told["left"] == [{"customer": gone, "reason": "merged"}]
    assert not [it for it in loser.held.values() if it["customer"] == gone]
    assert gone not in keeper.catch_up().held
    assert sum(it["type"] == "interaction" for it in keeper.held.values()) == 2
    assert {it["fields"]["status"] for it in duplicates(keeper)} == {"resolved"}
    for it in (li, zhao):
        is_equal(it)
        fresh = server.tablet(it.username).catch_up()
        assert fresh.held == it.catch_up().held
    is_whole(server)


def test_who_holds_both_drops_one_and_finds_its_records_under_the_other(
    server: Server, zhao: Tablet, wang: Tablet
) -> None:
    cover(wang)
    note = call(SECOND, "她想先看看合同")
    zhao.push(note)
    zhao.catch_up()
    merge(wang)

    told = zhao.sync()

    assert told["left"] == [{"customer": SECOND, "reason": "merged", "survivor": FIRST}]
    assert zhao.held[note["id"]]["customer"] == FIRST
    is_equal(zhao)
    is_whole(server)


def test_a_merge_takes_fields_over_in_the_same_set(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet
) -> None:
    merge(wang, value={"phone_alt": "13900000009"})

    assert li.catch_up().fields(FIRST)["phone_alt"] == "13900000009"
    is_whole(server)


def test_the_second_of_two_supervisors_is_told_what_stands(zhao: Tablet, wang: Tablet) -> None:
    sides = listed(wang)
    merge(wang)

    late = resolve(wang, sides[FIRST]["id"], resolution="merge", survivor=SECOND)

    assert late.status == 409
    assert late.json["standing"]["survivor"] == FIRST
    assert wang.post(f"/api/v1/conflicts/{sides[FIRST]['id']}/reopen", {}).status == 400


def test_in_both_directions_at_once_while_work_is_on_its_way(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet
) -> None:
    li.catch_up()
    sides = listed(wang)
    ways = [(FIRST, SECOND), (SECOND, FIRST)]

    def act(place: int) -> Reply:
        if place < len(ways):
            side, survivor = ways[place]
            said = {"resolution": "merge", "survivor": survivor}
            return resolve(wang, sides[side]["id"], **said)
        tablet, customer = ((li, FIRST), (zhao, SECOND))[place % 2]
        return tablet.offer(tablet.change_set(call(customer), edit(customer, phone_alt="1390000")))

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(act, range(4)))

    assert sorted(it.status for it in replies[:2]) == [200, 409]
    assert [it.status for it in replies[2:]] == [200, 200]
    statuses = {it.json["results"][0]["status"] for it in replies[2:]}
    assert statuses <= {"applied", "merged", "conflict"}
    for it in (li, zhao):
        is_equal(it.catch_up())
    calls = [it for it in (*li.held.values(), *zhao.held.values()) if it["type"] == "interaction"]
    assert len(calls) == 2
    assert len({it["customer"] for it in calls}) == 1
    is_whole(server)


def test_a_chain_and_a_third_one(server: Server, zhao: Tablet, wang: Tablet, li: Tablet) -> None:
    third = fresh_id()
    li.catch_up().push(registration(third, 0, name="桂英"))
    note = call(SECOND, "她想先看看合同")
    zhao.push(note)
    merge(wang)
    assert set(listed(wang)) == {FIRST, third}
    merge(wang, third, (FIRST, third))

    late = call(SECOND, "还有一件事")
    assert zhao.push(late)["status"] == "merged"
    held = li.catch_up().held
    assert {held[it["id"]]["customer"] for it in (note, late)} == {third}
    assert listed(wang) == {}
    assert FIRST not in held
    is_equal(li)
    is_whole(server)


# -------------------------------------------------------------------------- work that was on its way


@pytest.mark.parametrize("covers", [True, False])
def test_work_under_the_absorbed_id_is_not_lost(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet, covers: bool
) -> None:
    if covers:
        cover(wang)
        zhao.catch_up()
    merge(wang)
    note = call(SECOND, "她想先看看合同")

    made, edited = (zhao.change_set(it) for it in (note, edit(SECOND, phone="13900000077")))
    answer = zhao.sync(made, edited)

    assert [it["status"] for it in answer["results"]] == ["merged", "conflict"]
    told = {"customer": SECOND, "reason": "merged", **({"survivor": FIRST} if covers else {})}
    assert answer["left"] == [told]
    assert (note["id"] in zhao.held) is covers
    assert li.catch_up().held[note["id"]]["customer"] == FIRST
    kinds = {it["fields"]["kind"] for it in li.held.values() if it["type"] == "conflict"}
    assert kinds == {"duplicate", "field" if covers else "late"}
    assert li.fields(FIRST)["phone"] == "13800000000"
    for it in (li, zhao):
        is_equal(it)
    is_whole(server)


def test_work_sent_once_more_after_the_merge_is_in_left_again(zhao: Tablet, wang: Tablet) -> None:
    one = zhao.change_set(call(SECOND))
    zhao.sync(one)
    merge(wang)

    answer = zhao.sync(one)

    assert answer["results"][0]["repeated"] is True
    assert [it["customer"] for it in answer["left"]] == [SECOND]


def test_an_edit_of_a_moved_record_and_its_deletion(
    server: Server, zhao: Tablet, wang: Tablet, li: Tablet
) -> None:
    member = create("household_member", SECOND, None, name="王小明", relation="child")
    zhao.push(member)
    zhao.catch_up()
    merge(wang)
    named = {"type": "household_member", "id": member["id"], "customer": SECOND}

    edited = zhao.change_set({"op": "update", **named, "set": {"occupation": "务农"}})
    removed = zhao.change_set({"op": "delete", **named, "reason": "分户"})
    answer = zhao.sync(edited, removed)

    assert [it["status"] for it in answer["results"]] == ["merged", "merged"]
    assert member["id"] not in li.catch_up().held
    is_equal(li)
    is_whole(server)


def test_the_supervisor_cannot_assign_the_absorbed_customer_but_its_survivor(
    server: Server, zhao: Tablet, wang: Tablet
) -> None:
    merge(wang)
    cover(wang, SECOND)

    assert FIRST in zhao.catch_up().held
    is_equal(zhao)
    is_whole(server)


@pytest.mark.parametrize("column", ["customer", "subject", "identity", "deleted"])
def test_a_tampered_alias_or_moved_record_is_found(
    server: Server, zhao: Tablet, wang: Tablet, column: str
) -> None:
    note = call(SECOND)
    zhao.push(note)
    merge(wang)
    target, value = {
        "customer": (note["id"], SECOND), "subject": (SECOND, None),
        "identity": (FIRST, "0" * 64), "deleted": (SECOND, 0),
    }[column]  # fmt: skip
    with server.engine.begin() as connection:
        connection.execute(update(record).where(record.c.id == target).values({column: value}))
    with server.engine.connect() as connection:
        assert verify(connection, server.registry).finding is not None
