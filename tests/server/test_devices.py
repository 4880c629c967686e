"""A supervisor locks, unlocks and wipes tablets: what they are told, and what becomes of their work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.device_command import device
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    WANG,
    Reply,
    Server,
    Tablet,
    call,
    edit,
    fingerprint,
    fresh_id,
)

Json = Any


@pytest.fixture
def wang(server: Server) -> Tablet:
    return server.tablet("wang.jun")


def decide(boss: Tablet, tablet: Tablet, wish: str) -> Reply:
    return boss.post(f"/api/v1/devices/{tablet.device}/{wish}", b"")


def listed(boss: Tablet, tablet: Tablet) -> Json:
    found = boss.get("/api/v1/devices").json["devices"]
    return next(it for it in found if it["id"] == tablet.device)


# -------------------------------------------------------------------------------------------- lock


def test_a_locked_tablet_delivers_into_quarantine_and_is_given_nothing(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    answer = decide(wang, li, "lock")
    sets = [li.change_set(edit(phone="13900000001")), li.change_set(call())]

    reply = li.offer(*sets)

    assert (answer.status, answer.json["state"]) == (200, "locked")
    assert (reply.status, reply.code) == (403, "device-locked")
    assert [it["status"] for it in reply.json["results"]] == ["rejected"] * 2
    codes = [error["code"] for it in reply.json["results"] for error in it["errors"]]
    assert codes == ["device-locked"] * 2
    assert all(error["message"] for it in reply.json["results"] for error in it["errors"])
    assert reply.json["known_through"] == 2
    assert "records" not in reply.json
    assert "cursor" not in reply.json
    kept = wang.get("/api/v1/quarantine").json["sets"]
    assert [it["set"] for it in kept] == sets
    assert {(it["device"], it["number"]) for it in kept} == {(li.device, 1), (li.device, 2)}


def test_what_was_accepted_before_the_lock_keeps_its_result(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    first = li.change_set(call())
    li.sync(first)
    decide(wang, li, "lock")

    reply = li.offer(first, li.change_set(call()))

    assert [(it["status"], it["repeated"]) for it in reply.json["results"]] == [
        ("applied", True),
        ("rejected", False),
    ]


def test_a_set_that_is_at_fault_by_itself_is_told_its_own_fault(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    decide(wang, li, "lock")

    reply = li.offer(li.change_set(call(), action="withdrawn"))

    assert reply.json["results"][0]["errors"][0]["code"] == "withdrawn"


def test_repeating_a_locked_request_changes_nothing(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    decide(wang, li, "lock")
    one = li.change_set(call())
    li.offer(one)
    before = fingerprint(server.engine)

    again = li.offer(one)

    assert again.json["results"][0]["repeated"] is True
    assert fingerprint(server.engine) == before


def test_a_locked_tablet_may_sign_in_so_that_it_can_deliver(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    decide(wang, li, "lock")

    assert (li.login().status, li.renew().status) == (200, 200)
    assert li.get("/api/v1/schema").code == "device-locked"


def test_an_unlocked_tablet_goes_on_and_its_user_sends_again_what_was_kept_aside(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    base = li.base
    decide(wang, li, "lock")
    refused = li.change_set(edit(preferences="周末在家。\n电话常打不通。"))
    li.offer(refused)
    colleague = server.tablet("li.wei").catch_up()
    colleague.push(edit(preferences="晚上在家。\n电话已换。"))

    assert decide(wang, li, "unlock").json["state"] == "active"
    li.catch_up()
    again = {**refused["changes"][0], "over": {"preferences": refused["number"]}}
    result = li.push(again)

    assert base < li.base
    assert result["status"] == "merged", "as if it had been taken when it was made"
    li.catch_up()
    assert li.fields(GUIYING)["preferences"] == "周末在家。\n电话已换。"


# -------------------------------------------------------------------------------------------- wipe


def test_a_wiped_tablet_is_told_so_at_every_door_and_was_heard(
    server: Server, li: Tablet, wang: Tablet
) -> None:
    assert decide(wang, li, "wipe").json["state"] == "wiped"
    doors: list[Callable[[], Reply]] = [li.offer, li.renew, li.login]

    for minutes, door in enumerate(doors, 1):
        server.clock.advance(minutes=1)
        reply = door()

        assert (reply.status, reply.code) == (403, "device-wiped")
        assert listed(wang, li)["last_contact_at"] == f"2026-06-16T01:0{minutes}:00.000Z"
    assert li.get("/api/v1/schema").code == "device-wiped"


@pytest.mark.parametrize("wish", ["lock", "unlock"])
def test_nothing_takes_a_wipe_back(server: Server, li: Tablet, wang: Tablet, wish: str) -> None:
    decide(wang, li, "wipe")

    reply = decide(wang, li, wish)

    assert (reply.status, reply.code) == (404, "not-found")
    assert "wiped" in reply.json["detail"]
    assert listed(wang, li)["state"] == "wiped"


# ------------------------------------------------------------------------------------ who decides


@pytest.mark.parametrize("wish", ["lock", "unlock", "wipe"])
def test_who_decided_is_in_the_log_once(
    server: Server, li: Tablet, wang: Tablet, wish: str
) -> None:
    if wish == "unlock":
        decide(wang, li, "lock")
    for _ in range(2):
        assert decide(wang, li, wish).status == 200

    history = wang.get(f"/api/v1/records/{li.device}/history").json["entries"]

    assert [it["by"] for it in history if it["action"] == f"device.{wish}"] == [WANG]
    with server.engine.connect() as connection:
        assert verify(connection, server.registry).finding is None


@pytest.mark.parametrize("username", ["li.wei", "sun.yan", "qian.hui"])
@pytest.mark.parametrize("wish", ["lock", "unlock", "wipe"])
def test_only_supervisors_decide(one_server: Server, username: str, wish: str) -> None:
    tablet = one_server.tablet("zhao.min").catch_up()

    assert decide(one_server.tablet(username), tablet, wish).code == "not-permitted"
    assert tablet.offer().status == 200


def test_a_tablet_of_another_branch_is_not_there(one_server: Server) -> None:
    boss, far = one_server.tablet("wang.jun"), one_server.tablet("he.xi")

    replies = [
        *(decide(boss, far, it) for it in ("lock", "unlock", "wipe")),
        boss.post(f"/api/v1/devices/{fresh_id()}/lock", b""),
        boss.post("/api/v1/devices/T1/lock", b""),
    ]

    assert {it.code for it in replies} == {"not-found"}
    assert far.offer().status == 200


def test_a_locked_supervisor_decides_nothing_more(one_server: Server) -> None:
    boss, other = one_server.tablet("wang.jun"), one_server.tablet("wang.jun")
    tablet = one_server.tablet("li.wei")
    decide(boss, other, "lock")

    assert decide(other, tablet, "wipe").code == "device-locked"
    assert other.get("/api/v1/quarantine").code == "device-locked"


# ------------------------------------------------------------------------------------- the command


def run(server: Server, *words: str) -> Result:
    return CliRunner().invoke(
        device, [*words, "--data", str(server.data), "--database", server.url]
    )


def test_an_administrator_does_the_same_from_the_command_line(one_server: Server) -> None:
    li, wang = one_server.tablet("li.wei"), one_server.tablet("wang.jun")

    told = [
        run(one_server, *it)
        for it in (("lock", li.device), ("unlock", li.device), ("wipe", li.device, "--yes"))
    ]

    assert [it.exit_code for it in told] == [0, 0, 0]
    assert [it.stdout for it in told] == [
        f"{li.device}\tT1\t{state}\n" for state in ("locked", "active", "wiped")
    ]
    history = wang.get(f"/api/v1/records/{li.device}/history").json["entries"]
    actions = [it["action"] for it in history if it["action"] != "device.register"]
    assert actions == ["device.lock", "device.unlock", "device.wipe"]


def test_a_wipe_is_asked_for_twice(one_server: Server) -> None:
    tablet = one_server.tablet("li.wei")

    told = run(one_server, "wipe", tablet.device)

    assert told.exit_code == 1
    assert tablet.offer().status == 200


def test_a_tablet_that_is_not_there_is_said_in_a_line(one_server: Server) -> None:
    told = run(one_server, "lock", fresh_id())

    assert told.exit_code == 1
    assert "see xiangxin device list" in told.output
