"""Cover and inspection end by themselves when their last day has passed, whoever is heard first."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from server.db import writing
from server.last_days import ending
from server.migrate import migrate
from server.store import record
from server.verify import verify
from tests.server.branch import GUIYING, LI_HAS, ZHAO, Server, Tablet, call, edit, make_engine
from tests.server.counting import counting

Json = Any
LAST_DAY = "2026-06-20"
ROLES = ["cover", "inspector"]


def cover(
    server: Server, role: str = "cover", until: str = LAST_DAY, customer: str = GUIYING
) -> str:
    """Let 赵敏 look after one of 李伟's customers for a while; return the assignment."""
    wish = {"customer": customer, "officer": "zhao.min", "role": role, "until": until}
    reply = server.tablet("wang.jun").post("/api/v1/assignments", wish)
    assert reply.status == 201, reply.json
    return str(reply.json["id"])


def on_day(server: Server, day: int, *tablets: Tablet) -> None:
    """Let it be nine in the morning of a day of June 2026; whoever is there signs in anew."""
    server.clock.now = server.clock.now.replace(day=day, hour=1)
    for it in tablets:
        it.login()


def customers(tablet: Tablet) -> set[str]:
    return {it for it, one in tablet.held.items() if one["type"] == "customer"}


@pytest.mark.parametrize("role", ROLES)
def test_the_last_day_still_counts_and_the_next_one_does_not(server: Server, role: str) -> None:
    cover(server, role)
    zhao = server.tablet("zhao.min").catch_up()
    assert GUIYING in customers(zhao)

    on_day(server, 20, zhao)
    zhao.catch_up()
    assert GUIYING in customers(zhao)

    on_day(server, 21, zhao)
    answer = zhao.sync()

    assert answer["left"] == [{"customer": GUIYING, "reason": "handover"}]
    assert GUIYING not in customers(zhao)
    mine = zhao.digest()
    assert {"records": mine.records, "sum": mine.sum} == answer["digest"]


def test_a_request_of_the_other_officer_ends_it_too(server: Server, li: Tablet) -> None:
    cover(server)
    zhao = server.tablet("zhao.min").catch_up()
    on_day(server, 22, zhao, li)

    li.catch_up()

    with server.engine.connect() as connection:
        assert connection.execute(select(ending)).all() == []
        found = connection.execute(select(record.c.holders).where(record.c.id == GUIYING))
        assert ZHAO in found.scalar_one()
        assert verify(connection, server.registry).finding is None
    assert zhao.sync()["left"] == [{"customer": GUIYING, "reason": "handover"}]


def test_it_is_logged_by_the_server_once(server: Server, li: Tablet) -> None:
    assignment = cover(server)
    on_day(server, 23, li)
    for _ in range(3):
        li.catch_up()

    wang = server.tablet("wang.jun")
    history = wang.get(f"/api/v1/records/{assignment}/history").json["entries"]

    assert [(it["action"], it["role"]) for it in history] == [
        ("assignment", "supervisor"),
        ("assignment.end", "server"),
    ]


def test_what_was_done_before_the_end_counts_as_late_work(server: Server) -> None:
    cover(server)
    zhao, li = server.tablet("zhao.min").catch_up(), server.tablet("li.wei").catch_up()
    on_day(server, 20)
    sets = [
        zhao.change_set(call(summary="代管期间上门")),
        zhao.change_set(edit(phone="13900000001")),
    ]
    on_day(server, 25, zhao, li)

    answer = zhao.sync(*sets)

    assert [it["status"] for it in answer["results"]] == ["applied", "conflict"]
    assert answer["left"] == [{"customer": GUIYING, "reason": "handover"}]
    assert {it["customer"] for it in answer["records"]} <= {None}
    li.catch_up()
    assert any(it["fields"].get("summary") == "代管期间上门" for it in li.held.values())


def test_work_that_knew_of_the_end_is_out_of_scope(server: Server) -> None:
    cover(server)
    zhao = server.tablet("zhao.min").catch_up()
    on_day(server, 21, zhao)
    zhao.catch_up()

    assert zhao.push(call())["errors"][0]["code"] == "out-of-scope"


def test_who_has_a_second_reason_keeps_the_customer(server: Server) -> None:
    cover(server)
    cover(server, "inspector", "2026-06-30")
    zhao = server.tablet("zhao.min").catch_up()
    on_day(server, 21, zhao)
    zhao.catch_up()
    assert GUIYING in customers(zhao)

    server.clock.now = server.clock.now.replace(month=7, day=1)
    zhao.login()

    assert zhao.sync()["left"] == [{"customer": GUIYING, "reason": "handover"}]


def test_what_ended_before_its_last_day_is_left_alone(server: Server, li: Tablet) -> None:
    assignment = cover(server)
    cover(server, until="2026-06-15")
    on_day(server, 22, li)

    li.catch_up()

    history = server.tablet("wang.jun").get(f"/api/v1/records/{assignment}/history").json
    assert [it["action"] for it in history["entries"]] == ["assignment", "assignment"]


def test_many_end_on_one_day(server: Server) -> None:
    for it in LI_HAS:
        cover(server, customer=it)
    zhao = server.tablet("zhao.min").catch_up()
    on_day(server, 21, zhao)

    left = {it["customer"] for it in zhao.sync()["left"]}

    assert left == set(LI_HAS)


def test_a_day_on_which_nothing_ends_costs_nothing(server: Server, li: Tablet) -> None:
    cover(server)
    li.catch_up()

    with counting(server.engine) as before:
        li.sync()

    assert before.statements <= 3


def test_assignments_of_an_earlier_version_end_too(database_url: str) -> None:
    engine = make_engine(database_url)
    migrate(engine, "0002")
    common = {
        "branch": "1", "type": "assignment", "version": 1, "deleted": 0, "marks": "{}",
        "created": "[1,\"\",null]", "changed_at": "", "holders": "[]",
    }  # fmt: skip
    with writing(engine) as connection:
        for name, fields in (("a", {"valid_to": LAST_DAY}), ("b", {"role": "primary"})):
            connection.execute(insert(record).values({**common, "id": name, "fields": fields}))

    migrate(engine)

    with engine.connect() as connection:
        rows = [tuple(it) for it in connection.execute(select(ending))]
    engine.dispose()
    assert rows == [("1", "a", LAST_DAY)]
