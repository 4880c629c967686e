"""Sets that a restored server holds until what they lack arrives (protocol.md, section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from schemas import limits
from schemas.registry import REGISTRY
from server import deciding, store, verify
from server.db import snapshot
from tests.server.branch import (
    GUIYING,
    LI_HAS,
    ZHAO_HAS,
    Server,
    Tablet,
    call,
    create,
    edit,
    fresh_id,
    named,
    registration,
)
from tests.server.branch import update as change_of
from tests.server.counting import counting

Json = Any
LOST = named("a customer that the backup did not have")


def errand(customer: str) -> Json:
    """Return the change that notes a task."""
    return create("task", customer, None, title="一", due_on="2026-07-01", source="manual")


def renamed(task: Json, title: str, over: int) -> Json:
    """Return an edit of a task over what the set with a number called it."""
    made = change_of("task", task["id"], task["customer"], title=title)
    return {**made, "over": {"title": over}}


def restore(server: Server) -> str:
    """Let the server be one that was restored from a backup of this very moment; return its epoch."""
    epoch = fresh_id()
    with server.engine.begin() as connection:
        for row in connection.execute(select(store.branch)).all():
            restores = [*row.restores, {"head": row.head, "before": row.epoch}]
            values = {"epoch": epoch, "restores": restores}
            connection.execute(
                update(store.branch).where(store.branch.c.id == row.id).values(values)
            )
    return epoch


def back_again(tablet: Tablet, epoch: str) -> Tablet:
    """Let a tablet hear of the restore."""
    tablet.epoch, tablet.cursor = epoch, None
    return tablet.catch_up()


def held(tablet: Tablet, *changes: Json, **members: Json) -> int:
    """Send a set of before the restore, which is held; return its number."""
    result = tablet.push(*changes, **members)
    assert result["status"] == "held"
    assert (result["changes"], result["repeated"]) == ([], False)
    return int(result["number"])


def present(tablet: Tablet, *numbers: int) -> dict[int, str]:
    """Ask for the present results of held sets."""
    answer = tablet.sync(held=list(numbers))
    assert all(it["repeated"] for it in answer["results"])
    return {it["number"]: it["status"] for it in answer["results"]}


def aside(server: Server) -> Sequence[Mapping[str, Json]]:
    """Return what lies in the branch's quarantine."""
    reply = server.tablet("wang.jun").get("/api/v1/quarantine")
    sets: Sequence[Mapping[str, Json]] = reply.json["sets"]
    return sets


def waiting(server: Server) -> tuple[int, int]:
    """Return how many sets are held, by the table and by the branch's own count."""
    with server.engine.connect() as connection:
        rows = connection.execute(select(store.held)).all()
        counts = connection.execute(select(store.branch.c.held)).scalars().all()
    return len(rows), sum(counts)


def is_whole(server: Server) -> bool:
    """Tell whether the log replays to what is stored."""
    with snapshot(server.engine) as connection:
        return verify.verify(connection, REGISTRY).finding is None


@pytest.fixture
def before(li: Tablet) -> str:
    """The epoch before the restore."""
    assert li.epoch is not None
    return li.epoch


@pytest.fixture
def zhao(server: Server) -> Tablet:
    """赵敏's tablet, which has registered a customer that the backup lacks."""
    return server.tablet("zhao.min").catch_up()


@pytest.fixture
def now(server: Server, li: Tablet, zhao: Tablet, before: str) -> str:
    """The epoch after the restore, of which both tablets have heard."""
    epoch = restore(server)
    back_again(li, epoch)
    back_again(zhao, epoch)
    return epoch


def test_a_set_waits_in_quarantine_and_is_applied_when_its_record_arrives(
    server: Server, li: Tablet, zhao: Tablet, before: str, now: str
) -> None:
    number = held(li, call(LOST), epoch=before)
    assert li.push(edit(phone="13900000001"))["status"] == "applied"
    assert [it["set"]["number"] for it in aside(server)] == [number]
    assert waiting(server) == (1, 1)

    made = zhao.push(registration(LOST, 50), epoch=before)
    assert made["status"] == "applied"
    assert present(li, number) == {number: "held"}  # it is not li's customer yet

    _assign(server, LOST, "li.wei")

    assert present(li, number) == {number: "applied"}
    assert aside(server) == []
    assert waiting(server) == (0, 0)
    assert {it["type"] for it in li.held.values() if it["customer"] == LOST} >= {
        "customer", "interaction",
    }  # fmt: skip
    assert is_whole(server)


def _assign(server: Server, customer: str, officer: str) -> None:
    wish = {
        "customer": customer, "officer": officer, "role": "primary", "from": "2026-01-01",
        "reason": "换人",
    }  # fmt: skip
    reply = server.tablet("wang.jun").post("/api/v1/assignments", wish)
    assert reply.status == 201, reply


def test_what_waits_is_applied_in_its_order_with_all_that_waits_for_it(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    task = errand(ZHAO_HAS[0])
    first = held(li, task, epoch=before)
    second = held(li, renamed(task, "二", over=first), epoch=before)
    third = held(li, renamed(task, "三", over=second))

    _assign(server, ZHAO_HAS[0], "li.wei")

    found = present(li, first, second, third)
    assert found == dict.fromkeys((first, second, third), "applied")
    assert li.fields(task["id"])["title"] == "三"
    assert is_whole(server)


def test_the_same_request_may_bring_what_its_first_set_lacked(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    early = li.change_set(call(LOST), epoch=before)
    late = li.change_set(registration(LOST, 50), epoch=before)

    answer = li.sync(early, late)

    assert [it["status"] for it in answer["results"]] == ["applied", "applied"]
    assert waiting(server) == (0, 0)
    assert is_whole(server)


def test_what_the_same_device_has_stored_since_stands(
    server: Server, li: Tablet, zhao: Tablet, before: str, now: str
) -> None:
    number = held(li, edit(phone="13900000001"), call(ZHAO_HAS[0]), epoch=before)
    li.push(edit(phone="13900000002"))

    _assign(server, ZHAO_HAS[0], "li.wei")

    assert present(li, number) == {number: "merged"}
    assert li.fields(GUIYING)["phone"] == "13900000002"
    history = server.tablet("wang.jun").get(f"/api/v1/records/{GUIYING}/history").json
    assert "13900000001" in str(history)


def test_a_set_of_today_that_names_what_is_not_there_is_rejected_as_ever(
    li: Tablet, now: str
) -> None:
    assert li.push(call(LOST))["status"] == "rejected"


def test_a_set_that_needs_a_held_one_is_rejected_with_it(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    task = errand(ZHAO_HAS[0])
    number = held(li, task, epoch=before)
    behind = held(li, renamed(task, "二", over=number))
    server.clock.advance(days=36)

    found = {it["number"]: it for it in server_answer(li, number, behind)}

    assert [found[it]["status"] for it in (number, behind)] == ["rejected", "rejected"]
    assert [it["code"] for it in found[number]["errors"]] == ["unknown-record"]
    assert all(it["message"] for it in found[number]["errors"])
    assert waiting(server) == (0, 0)
    assert len(aside(server)) == 2


def server_answer(tablet: Tablet, *numbers: int) -> Sequence[Json]:
    """Sign in again, ask after held sets and return their results."""
    tablet.login()
    results: Sequence[Json] = tablet.sync(held=list(numbers))["results"]
    return results


def test_a_held_set_ends_after_35_days_whoever_comes_first(
    server: Server, li: Tablet, zhao: Tablet, before: str, now: str
) -> None:
    held(li, call(LOST), epoch=before)
    server.clock.advance(days=34)
    zhao.login()
    zhao.sync()
    assert waiting(server) == (1, 1)
    server.clock.advance(days=2)
    zhao.login()

    zhao.sync()

    assert waiting(server) == (0, 0)
    (one,) = aside(server)
    assert [it["code"] for it in one["errors"]] == ["unknown-record"]


def test_a_held_set_that_comes_again_gets_its_present_result(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    one = li.change_set(call(ZHAO_HAS[0]), epoch=before)
    assert li.sync(one)["results"][0]["status"] == "held"
    assert li.sync(one)["results"][0] == {
        "number": one["number"], "repeated": True, "status": "held", "changes": [],
    }  # fmt: skip
    _assign(server, ZHAO_HAS[0], "li.wei")

    again = li.sync(one)["results"][0]

    assert (again["status"], again["repeated"]) == ("applied", True)


def test_a_held_set_goes_on_under_the_number_of_a_new_device(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    one = li.change_set(call(ZHAO_HAS[0]), epoch=before)
    li.sync(one)
    other = server.tablet("li.wei").catch_up()
    again = {**one, "number": 1}
    assert other.sync(again)["results"][0]["status"] == "held"
    assert waiting(server) == (1, 1)
    other.number = 1

    _assign(server, ZHAO_HAS[0], "li.wei")

    assert present(other, 1) == {1: "applied"}
    assert present(li, one["number"]) == {one["number"]: "applied"}
    assert sum(it["type"] == "interaction" for it in other.held.values()) == 1
    assert is_whole(server)


def test_a_restored_server_says_what_it_holds_of_a_device(
    server: Server, li: Tablet, zhao: Tablet, before: str, now: str
) -> None:
    one = li.change_set(call(ZHAO_HAS[0]), epoch=before)
    li.sync(one)
    held(li, call(LOST), epoch=before)
    restore(server)

    told, other = (it.post("/api/v1/sync", it.request([])).json for it in (li, zhao))

    assert told["type"] == "/problems/epoch-changed"
    assert (told["known_through"], len(told["held"])) == (li.number, 2)
    assert told["held"][0] == one["id"]
    assert "held" not in other
    assert li.login().json["device"]["held"] == told["held"]


def test_what_was_sent_again_is_not_another_devices_where_its_customer_has_left_since(
    server: Server, li: Tablet
) -> None:
    task = errand(LI_HAS[0])
    first = li.change_set(task)
    li.catch_up()
    made = li.sync(first)["position"]
    again = server.tablet("li.wei")
    again.epoch = li.epoch
    _assign(server, LI_HAS[0], "zhao.min")

    edit_of_it = {**renamed(task, "二", 1), "over": {}}
    sets = [{**first, "number": 1}, again.change_set(edit_of_it, number=2, base=made)]
    results = again.sync(*sets)["results"]

    assert [(it["status"], it["repeated"]) for it in results] == [
        ("applied", True),
        ("applied", False),
    ]


def test_a_set_of_before_a_restore_is_about_its_record_though_a_merge_is_lost(
    li: Tablet, before: str, server: Server
) -> None:
    task = errand(LI_HAS[0])
    li.push(task)
    as_merged = change_of("task", task["id"], LI_HAS[1], title="二")
    back_again(li, restore(server))

    result = li.push(as_merged, epoch=before)

    assert result["status"] == "merged"
    assert li.catch_up().held[task["id"]]["fields"]["title"] == "二"


def test_the_customer_of_a_held_set_is_named_as_left(li: Tablet, before: str, now: str) -> None:
    number = held(li, call(ZHAO_HAS[0]), epoch=before)

    answer = li.sync(held=[number])

    assert [it["customer"] for it in answer["left"]] == [ZHAO_HAS[0]]
    assert "errors" not in answer["results"][0]


ASKED: dict[str, Sequence[int]] = {
    "numbers that were never given": [7, 8, 2**53 - 1],
    "the same number twice": [1, 1],
    "more numbers than a device has": list(range(1, 5000)),
}


@pytest.mark.parametrize("which", ASKED)
def test_whatever_is_asked_is_answered_with_what_there_is(
    li: Tablet, before: str, now: str, which: str
) -> None:
    held(li, call(LOST), epoch=before)

    results = li.sync(held=ASKED[which])["results"]

    assert [it["number"] for it in results] == ([1] if 1 in ASKED[which] else [])


def test_another_device_is_told_nothing_of_it(
    server: Server, li: Tablet, zhao: Tablet, before: str, now: str
) -> None:
    number = held(li, call(LOST), epoch=before)

    assert zhao.sync(held=[number])["results"] == []


def test_withdrawn_work_is_kept_aside_and_never_applied(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    result = li.push(edit(phone="13900000001"), epoch=before, action="withdrawn")

    assert [it["code"] for it in result["errors"]] == ["withdrawn"]
    assert li.fields(GUIYING)["phone"] == "13800000000"
    (one,) = aside(server)
    assert one["set"]["changes"][0]["set"] == {"phone": "13900000001"}


def test_one_that_nobody_can_decide_stays_held_and_stops_nobody(
    server: Server, li: Tablet, before: str, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = held(li, call(ZHAO_HAS[0]), epoch=before)
    good = held(li, call(ZHAO_HAS[0]), epoch=before)
    decide = deciding.decide

    def broken(engine: Any, contact: Any, row: Any, offer: Any, *rest: Any) -> Any:
        if offer.number == bad:
            raise RuntimeError("nobody knows")
        return decide(engine, contact, row, offer, *rest)

    monkeypatch.setattr("server.held.decide", broken)
    _assign(server, ZHAO_HAS[0], "li.wei")

    assert present(li, bad, good) == {bad: "held", good: "applied"}
    assert waiting(server) == (1, 1)


def test_whatever_stands_before_it_the_last_set_is_applied_in_the_same_round_trip(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    huge = li.change_set(*(call() for _ in range(limits.CHANGES_PER_SET + 1)))
    deep: Json = []
    for _ in range(20):
        deep = [deep]
    first = [
        huge,
        li.change_set(edit(phone=7)),  # rejected: no phone number
        li.change_set(call(LOST), epoch=before),  # held: the restored server lacks the customer
        li.change_set(edit(phone={"$gt": ""}), note="\x00\u202e'; DROP TABLE record; --"),
        li.change_set(edit(preferences=deep)),
        li.change_set(create("attachment", GUIYING, None, sha256="../../etc/passwd")),
        {"number": li.number + 1, "changes": "<script>"},
    ]
    li.number += 1
    last = li.change_set(edit(phone="13900000077"))

    reply = li.offer(*first, last)

    assert reply.status == 200, reply
    results = [it["status"] for it in reply.json["results"]]
    assert results == [*["rejected"] * 2, "held", *["rejected"] * 4, "applied"]
    assert server.tablet("wang.jun").get(f"/api/v1/records/{GUIYING}/history").json["entries"]
    assert li.catch_up().fields(GUIYING)["phone"] == "13900000077"
    assert is_whole(server)


def test_a_push_and_a_sync_without_news_cost_no_more_while_nothing_is_held(
    server: Server, li: Tablet, now: str
) -> None:
    with counting(server.engine) as quiet:
        li.sync()
    with counting(server.engine) as pushed:
        li.push(edit(LI_HAS[1], phone="13900000003"), call(LI_HAS[1]))

    assert quiet.statements <= 3
    assert pushed.statements <= 10


def test_a_text_mended_after_a_set_that_could_not_be_read_stands_as_it_was_typed(
    server: Server, li: Tablet
) -> None:
    """All three are of before the restore; the refused one between them has its base lowered as well."""
    before = li.epoch
    li.push(edit(preferences="甲。乙。"))
    li.catch_up()
    restore(server)
    sets = [
        li.change_set(edit(preferences="丙。甲。乙。丁。")),
        li.change_set({**edit(preferences="己。", nonsense=1), "over": {"preferences": li.number}}),
    ]
    sets.append(
        li.change_set({**edit(preferences="戊。"), "over": {"preferences": sets[1]["number"]}})
    )
    told = [{**it, "epoch": before, "base": it["base"] + 5} for it in sets]
    epoch = restore(server)
    li.epoch, li.cursor = epoch, None

    statuses = [it["status"] for it in li.sync(*told)["results"]]

    assert statuses == ["applied", "rejected", "applied"]
    assert li.catch_up().fields(GUIYING)["preferences"] == "戊。"


def test_known_numbers_with_a_held_one_between_them_are_told_again(
    server: Server, li: Tablet, before: str, now: str
) -> None:
    """Their answer was lost, and the held one's had come: the device asks for that one apart."""
    first, second, third = (
        li.change_set(edit(phone="13900000001"), epoch=before),
        li.change_set(call(LOST), epoch=before),
        li.change_set(edit(phone="13900000003"), epoch=before),
    )
    li.sync(first, second, third)

    answer = li.sync(first, third, held=[second["number"]])

    told = {it["number"]: (it["status"], it["repeated"]) for it in answer["results"]}
    assert told[second["number"]] == ("held", True)
    assert all(it for _, it in told.values())
    assert {told[it["number"]][0] for it in (first, third)} <= {"applied", "merged"}
