"""What comes twice at the same moment is done once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from server import store
from tests.server.branch import (
    GUIYING,
    Reply,
    Server,
    Tablet,
    call,
    edit,
    fresh_id,
    registration,
)

Json = Any
AT_ONCE = 6


def at_once(act: Callable[[int], Reply]) -> list[Reply]:
    """Do the same thing in several threads at the same moment."""
    barrier = Barrier(AT_ONCE)

    def one(place: int) -> Reply:
        barrier.wait()
        return act(place)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def logged(server: Server, set_id: str) -> int:
    query = select(func.count()).select_from(store.log).where(store.log.c.set_id == set_id)
    with server.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def test_the_same_request_at_once_is_applied_once(server: Server, li: Tablet) -> None:
    one = li.change_set(call(), edit(phone="13900000001"))

    replies = at_once(lambda _: li.offer(one))

    assert [it.status for it in replies] == [200] * AT_ONCE
    results = [it.json["results"][0] for it in replies]
    assert Counter(it["repeated"] for it in results) == {True: AT_ONCE - 1, False: 1}
    assert {it["status"] for it in results} == {"applied"}
    assert logged(server, one["id"]) == 2


def test_the_same_set_from_several_tablets_at_once_is_applied_once(server: Server) -> None:
    tablets = [server.tablet("li.wei").catch_up() for _ in range(AT_ONCE)]
    one = tablets[0].change_set(call(), edit(phone="13900000001"))

    replies = at_once(lambda it: tablets[it].offer(one))

    results = [it.json["results"][0] for it in replies]
    assert Counter(it["repeated"] for it in results) == {True: AT_ONCE - 1, False: 1}
    assert logged(server, one["id"]) == 2


def test_different_sets_under_one_number_at_once_leave_one(server: Server, li: Tablet) -> None:
    sets = [{**li.change_set(call()), "number": 1} for _ in range(AT_ONCE)]

    replies = at_once(lambda it: li.offer(sets[it]))

    assert Counter(it.code for it in replies) == {None: 1, "set-changed": AT_ONCE - 1}
    assert sum(logged(server, it["id"]) for it in sets) == 1


def test_a_new_tablet_that_signs_in_several_times_at_once_is_registered_once(
    server: Server,
) -> None:
    tablet = Tablet(server, "li.wei", server.clock)

    replies = at_once(lambda _: tablet.login())

    assert [it.status for it in replies] == [200] * AT_ONCE
    assert {it.json["device"]["id"] for it in replies} == {tablet.device}
    tablet.catch_up()
    assert tablet.fields(tablet.device)["code"]


def test_several_new_tablets_at_once_have_codes_of_their_own(server: Server) -> None:
    tablets = [Tablet(server, "li.wei", server.clock) for _ in range(AT_ONCE)]

    at_once(lambda it: tablets[it].login())

    codes = [it.catch_up().fields(it.device)["code"] for it in tablets]
    assert len(set(codes)) == AT_ONCE


def test_a_refresh_token_used_several_times_at_once_has_one_successor(
    server: Server, li: Tablet
) -> None:
    token = li.refresh

    replies = at_once(lambda _: li.renew(token))

    assert [it.status for it in replies] == [200] * AT_ONCE
    assert len({it.json["refresh_token"] for it in replies}) == 1
    assert li.renew(replies[0].json["refresh_token"]).status == 200


def test_edits_of_one_field_at_once_leave_one_value_and_a_conflict_with_all_others(
    server: Server,
) -> None:
    tablets = [server.tablet("li.wei").catch_up() for _ in range(AT_ONCE)]
    phones = [f"1390000000{it}" for it in range(AT_ONCE)]

    replies = at_once(lambda it: tablets[it].offer(tablets[it].change_set(edit(phone=phones[it]))))

    statuses = [it.json["results"][0]["status"] for it in replies]
    assert Counter(statuses) == {"applied": 1, "conflict": AT_ONCE - 1}
    copy = server.tablet("li.wei").catch_up()
    (conflict,) = (one for one in copy.held.values() if one["type"] == "conflict")
    values = {it["value"] for it in conflict["fields"]["others"]}
    assert values | {copy.fields(GUIYING)["phone"]} == set(phones)
    assert copy.fields(GUIYING)["phone"] == phones[statuses.index("applied")]


def test_registrations_at_once_have_numbers_of_their_own(server: Server) -> None:
    tablets = [server.tablet("li.wei").catch_up() for _ in range(AT_ONCE)]

    ids = [fresh_id() for _ in range(AT_ONCE)]
    at_once(lambda it: tablets[it].offer(tablets[it].change_set(registration(ids[it], 500 + it))))

    copy = server.tablet("li.wei").catch_up()
    assert len({copy.fields(it)["customer_no"] for it in ids}) == AT_ONCE
