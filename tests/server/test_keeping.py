"""How long tombstones and moves are kept, and what a cursor is told that has outlived them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from server import keeping
from server.db import writing
from server.store import branch, feed
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    LI_HAS,
    Server,
    Tablet,
    call,
    edit,
)

Json = Any


def later(server: Server, days: float, *tablets: Tablet) -> None:
    """Let days go by; whoever is there signs in anew."""
    server.clock.advance(days=days)
    for it in tablets:
        it.login()


def give(server: Server, customer: str, officer: str) -> None:
    wish = {"customer": customer, "officer": officer, "role": "primary"}
    assert server.tablet("wang.jun").post("/api/v1/assignments", wish).status == 201


def kept(server: Server) -> dict[str, int]:
    """Return how many rows of the feed only say that something is gone, by kind."""
    query = select(feed.c.kind, func.count()).where(feed.c.live == 0).group_by(feed.c.kind)
    with server.engine.connect() as connection:
        return {it[0]: it[1] for it in connection.execute(query)}


def start_over(tablet: Tablet) -> None:
    """Bootstrap into a fresh copy, as after 410."""
    tablet.cursor, tablet.held = None, {}
    tablet.catch_up()


def is_whole(tablet: Tablet) -> bool:
    mine, told = tablet.digest(), tablet.sync()["digest"]
    return bool(told == {"records": mine.records, "sum": mine.sum})


def test_a_cursor_that_outlived_a_move_starts_over_with_its_sets_applied(
    server: Server, li: Tablet
) -> None:
    give(server, LI_HAS[1], "zhao.min")
    later(server, 181, li)
    one = li.change_set(call())

    reply = li.offer(one)

    assert (reply.status, reply.code) == (410, "start-over")
    assert [it["status"] for it in reply.json["results"]] == ["applied"]
    assert reply.json["known_through"] == one["number"]
    assert not {"records", "cursor", "left"} & set(reply.json)
    assert kept(server) == {}
    start_over(li)
    assert LI_HAS[1] not in li.held
    assert is_whole(li)
    assert li.offer(one).json["results"][0]["repeated"] is True


def test_a_cursor_of_half_a_year_is_good(server: Server, li: Tablet) -> None:
    give(server, LI_HAS[1], "zhao.min")
    later(server, 179, li)

    assert li.sync()["left"] == [{"customer": LI_HAS[1], "reason": "handover"}]
    assert kept(server) == {"left": 1}


def test_whoever_syncs_now_and_then_never_starts_over(server: Server, li: Tablet) -> None:
    for customer in LI_HAS[1:]:
        give(server, customer, "zhao.min")
        later(server, 120, li)
        li.catch_up()
        li.push(edit(phone="13900000001"))

    later(server, 120, li)

    assert li.offer().status == 200
    assert is_whole(li)
    assert set(li.held) >= {GUIYING}


def test_a_day_costs_one_purge(server: Server, li: Tablet) -> None:
    def purged_at() -> str:
        with server.engine.connect() as connection:
            query = select(branch.c.purged_at).where(branch.c.code == "QH")
            return str(connection.execute(query).scalar_one())

    first = purged_at()
    server.clock.advance(minutes=10)
    li.sync()
    assert purged_at() == first

    later(server, 1, li)
    li.sync()
    assert purged_at() == "2026-06-17T01:10:00.000Z"


def test_what_is_live_and_what_is_logged_stays(server: Server, li: Tablet) -> None:
    give(server, LI_HAS[1], "zhao.min")
    later(server, 400, li)
    li.offer()
    start_over(li)

    wang = server.tablet("wang.jun")

    assert wang.get(f"/api/v1/records/{LI_HAS[1]}/history").json["entries"]
    with server.engine.connect() as connection:
        assert verify(connection, server.registry).finding is None
    assert {it for it, one in li.held.items() if one["type"] == "customer"} == {
        LI_HAS[0],
        LI_HAS[2],
    }


@pytest.mark.parametrize("days", [0, 1, 30])
def test_the_days_are_a_setting(server: Server, li: Tablet, days: int) -> None:
    give(server, LI_HAS[1], "zhao.min")
    server.settings = {"keep_days": days}
    server.start()
    later(server, days + 1, li)

    assert li.offer().code == "start-over"
    start_over(li)
    assert is_whole(li)


# ------------------------------------------------------------------------------ nothing is kept (0)


@pytest.fixture
def forgetful(server: Server) -> Server:
    """The server, started anew with XIANGXIN_KEEP_DAYS=0."""
    server.settings = {"keep_days": 0}
    server.start()
    with writing(server.engine) as connection:
        keeping.end_all_cursors(connection, server.clock())
    return server


def test_a_server_that_keeps_nothing_ends_every_cursor_when_it_starts(
    server: Server, li: Tablet, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("forgetful")

    assert li.offer().code == "start-over"
    start_over(li)
    assert li.offer().status == 200
    with server.engine.connect() as connection:
        assert verify(connection, server.registry).finding is None


def test_where_nothing_is_kept_a_cursor_ends_with_the_next_news(forgetful: Server) -> None:
    li, colleague = (forgetful.tablet("li.wei") for _ in range(2))
    for it in (li, colleague):
        it.catch_up()
    assert li.offer().status == 200

    assert colleague.offer(colleague.change_set(call())).code == "start-over"

    assert li.offer().code == "start-over"


def test_a_bootstrap_comes_to_its_end_where_nothing_is_kept(forgetful: Server) -> None:
    tablet, colleague = forgetful.tablet("li.wei", page=3), forgetful.tablet("li.wei")
    more = True

    while more:
        more = tablet.sync()["more"]
        colleague.cursor = None
        colleague.push(call())  # a colleague goes on meanwhile

    assert len(tablet.held) > 10


# ------------------------------------------------------------------------ a bootstrap under way


def test_a_bootstrap_that_lasted_too_long_begins_anew(server: Server, li: Tablet) -> None:
    slow = server.tablet("li.wei", page=2)
    slow.sync()
    give(server, LI_HAS[1], "zhao.min")
    later(server, 200, slow)

    assert slow.offer().code == "start-over", "it may hold what went meanwhile"
    start_over(slow)
    assert is_whole(slow)


def test_a_bootstrap_is_not_held_up_by_what_went_before_it(server: Server, li: Tablet) -> None:
    give(server, LI_HAS[1], "zhao.min")
    later(server, 200, li)
    slow = server.tablet("li.wei", page=2)

    assert slow.sync()["more"]
    slow.catch_up()

    assert is_whole(slow)


def test_the_first_position_that_is_kept_is_found_by_its_time(server: Server, li: Tablet) -> None:
    heads = []
    for day in range(6):
        later(server, 1 if day else 0, li)
        li.push(call(summary=f"第 {day} 天"), call(summary="又一次"))
        heads.append((server.clock(), li.catch_up().base))

    with writing(server.engine) as connection:
        mine = connection.execute(select(branch.c.id).where(branch.c.code == "QH")).scalar_one()
        for when, head in heads:
            moment = when.isoformat(timespec="milliseconds")
            found = keeping.last_before(connection, mine, heads[-1][1], moment)
            before = [it for earlier, it in heads if earlier < when]
            assert found in range(before[-1] if before else 0, head)
