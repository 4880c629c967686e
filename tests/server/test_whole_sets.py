"""A set is stored whole or not at all, once, and no failure of one is the others' loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from schemas.declare import Fields, Problem, Registry
from schemas.registry import REGISTRY
from server import store
from tests.server.branch import (
    GUIYING,
    Server,
    Tablet,
    call,
    create,
    edit,
    fingerprint,
    fresh_id,
    registration,
)
from tests.server.counting import counting

Json = Any


def statuses(answer: Json) -> list[str]:
    return [it["status"] for it in answer["results"]]


# ------------------------------------------------------------------------------------- exactly once


def test_a_repeated_request_gets_the_first_results_and_changes_nothing(
    server: Server, li: Tablet
) -> None:
    sets = [
        li.change_set(call()),
        li.change_set(edit(shoe_size=1)),
        li.change_set(edit(phone="13900000001")),
    ]
    first = li.sync(*sets)
    before = fingerprint(server.engine)

    again = li.offer(*sets).json

    assert again["results"] == [{**it, "repeated": True} for it in first["results"]]
    assert fingerprint(server.engine) == before


def test_a_known_set_under_another_number_gets_its_first_result(server: Server, li: Tablet) -> None:
    one = li.change_set(call())
    first = li.sync(one)["results"][0]
    before = count(server, store.log)

    again = li.sync({**one, "number": one["number"] + 1})["results"][0]

    assert again == {**first, "number": one["number"] + 1, "repeated": True}
    assert count(server, store.log) == before


def test_a_known_set_from_another_tablet_of_the_same_user_gets_its_first_result(
    server: Server, li: Tablet
) -> None:
    one = li.change_set(call())
    first = li.sync(one)["results"][0]
    other = server.tablet("li.wei").catch_up()

    again = other.sync({**one, "number": 1})["results"][0]

    assert again == {**first, "number": 1, "repeated": True}


def test_the_same_id_of_another_user_is_another_set(server: Server, li: Tablet) -> None:
    one = li.change_set(call())
    li.sync(one)
    zhao = server.tablet("zhao.min").catch_up()

    result = zhao.sync(
        zhao.change_set(edit(zhao_customer(zhao), phone="13900000009"), id=one["id"])
    )

    assert result["results"][0]["repeated"] is False


def zhao_customer(tablet: Tablet) -> str:
    return next(it for it, one in tablet.held.items() if one["type"] == "customer")


def test_numbers_begin_again_with_a_new_device_only(server: Server, li: Tablet) -> None:
    li.push(call())
    again = Tablet(server, "li.wei", server.clock, device=li.device)

    known = again.login().json["device"]["known_through"]

    assert known == 1
    assert again.sync()["known_through"] == 1


# ---------------------------------------------------------------------------------------- all of it


def count(server: Server, table: Any) -> int:
    with server.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_set_whose_last_change_is_bad_leaves_no_trace_in_the_log(
    server: Server, li: Tablet
) -> None:
    before = count(server, store.log), count(server, store.record)
    customer = fresh_id()

    result = li.push(registration(customer, 5), call(customer), edit(shoe_size=43))

    assert result["status"] == "rejected"
    assert (count(server, store.log), count(server, store.record)) == before


def test_a_request_is_one_transaction_however_many_sets_it_carries(
    server: Server, li: Tablet
) -> None:
    commits = 0

    def note(_: Any) -> None:
        nonlocal commits
        commits += 1

    event.listen(server.engine, "commit", note)

    li.sync(*(li.change_set(call()) for _ in range(25)))

    assert commits == 1


# ------------------------------------------------------------------------------- what nobody foresaw


class UnforeseenError(Exception):
    """A fault in the server's own rules."""


def strict(fields: Fields) -> Problem | None:
    if fields.get("preferences") == "poison":
        raise UnforeseenError
    return None


def with_a_rule_that_fails() -> Registry:
    types = [
        replace(it, checks=(*it.checks, strict)) if it.name == "customer" else it
        for it in REGISTRY.types.values()
    ]
    return Registry(types, schema=REGISTRY.schema)


@pytest.fixture
def faulty(branch_url: str, tmp_path: Path) -> Iterator[Server]:
    found = Server(branch_url, tmp_path, registry=with_a_rule_that_fails())
    yield found
    found.close()


def test_a_set_at_which_the_server_fails_is_kept_aside_and_the_others_are_stored(
    faulty: Server,
) -> None:
    tablet = faulty.tablet("li.wei").catch_up()
    poison = edit(preferences="poison")
    changes = [poison if it == 2 else edit(phone=f"1390000000{it}") for it in range(5)]
    sets = [tablet.change_set(it) for it in changes]

    answer = tablet.sync(*sets)

    assert statuses(answer) == ["applied", "applied", "rejected", "applied", "applied"]
    assert [it["code"] for it in answer["results"][2]["errors"]] == ["unreadable"]
    assert tablet.offer(*sets).json["results"][2]["repeated"] is True
    kept = faulty.tablet("wang.jun").get("/api/v1/quarantine").json["sets"]
    assert [it["set"] for it in kept] == [sets[2]]


def test_what_was_made_and_removed_at_once_is_told_as_removed_also_set_by_set(
    faulty: Server,
) -> None:
    tablet = faulty.tablet("li.wei").catch_up()
    member = fresh_id()
    made = create("household_member", GUIYING, member, name="小明", relation="child")
    gone = {**made, "op": "delete", "reason": "重复登记"}
    del gone["set"]
    poison = edit(preferences="poison")
    sets = [tablet.change_set(it) for it in (made, gone, poison)]

    answer = tablet.sync(*sets, cursor=None, page=1000)

    assert statuses(answer) == ["applied", "applied", "rejected"]
    told = [it for it in answer["records"] if it["id"] == member]
    assert [it["removed"] for it in told] == [True]


def test_a_single_set_at_which_the_server_fails_does_not_stop_its_device(faulty: Server) -> None:
    tablet = faulty.tablet("li.wei").catch_up()

    assert tablet.push(edit(preferences="poison"))["status"] == "rejected"
    assert tablet.push(edit(preferences="wholesome"))["status"] == "applied"


# ------------------------------------------------------------------------------------ the disk is full


@contextmanager
def full_disk(server: Server, spare_pages: int = 0) -> Iterator[None]:
    """Leave the database no room to grow but so many pages."""

    with server.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + spare_pages

    def limit(raw: Any, _: Any, __: Any) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    def lift(raw: Any, _: Any) -> None:
        raw.execute("PRAGMA max_page_count = 1073741823")

    event.listen(server.engine, "checkout", limit)
    event.listen(server.engine, "checkin", lift)
    yield
    event.remove(server.engine, "checkout", limit)
    event.remove(server.engine, "checkin", lift)


def test_a_full_disk_is_told_and_nothing_is_half_stored(one_server: Server) -> None:
    tablet = one_server.tablet("li.wei").catch_up()
    sets = [tablet.change_set(*(call(summary="字" * 2000) for _ in range(20))) for _ in range(5)]
    before = fingerprint(one_server.engine)

    with full_disk(one_server):
        reply = tablet.offer(*sets)

        assert (reply.status, reply.code) == (507, "storage-full")
        assert fingerprint(one_server.engine) == before

    assert set(statuses(tablet.sync(*sets))) == {"applied"}


def test_on_a_nearly_full_disk_what_fits_is_kept(one_server: Server) -> None:
    tablet = one_server.tablet("li.wei").catch_up()
    sets = [tablet.change_set(*(call(summary="字" * 2000) for _ in range(20))) for _ in range(5)]

    with full_disk(one_server, spare_pages=600):
        assert tablet.offer(*sets).code == "storage-full"

    answer = tablet.sync(*sets)
    assert set(statuses(answer)) == {"applied"}
    repeated = [it["repeated"] for it in answer["results"]]
    assert repeated[0] is True
    assert repeated[-1] is False
    assert repeated == sorted(repeated, reverse=True), "one was left out in between"


@pytest.mark.postgres
def test_a_database_that_went_away_and_came_back_is_used_again(
    postgres_branch: str, tmp_path: Path
) -> None:
    server = Server(postgres_branch, tmp_path)
    tablet = server.tablet("li.wei").catch_up()
    kill = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with server.engine.connect() as one, server.engine.connect():
        one.execute(kill)

    assert tablet.push(call())["status"] == "applied"
    server.close()


# --------------------------------------------------------------------------- one statement each time


def test_executemany_hides_nothing(one_server: Server) -> None:
    tablet = one_server.tablet("li.wei").catch_up()

    with counting(one_server.engine) as counted:
        tablet.push(*(call(GUIYING) for _ in range(100)))

    assert len(counted.traced) == counted.statements


def test_without_its_database_the_server_says_when_to_come_again(
    one_server: Server, tmp_path: Path
) -> None:
    tablet = one_server.tablet("li.wei").catch_up()
    file, away = tmp_path / "xiangxin.sqlite3", tmp_path / "away.sqlite3"
    one_server.close()
    file.rename(away)
    file.mkdir()

    reply, alive, ready = tablet.offer(), tablet.get("/healthz"), tablet.get("/readyz")

    assert (reply.status, reply.code) == (503, "unavailable")
    assert int(reply.headers["Retry-After"]) > 0
    assert (alive.status, ready.status) == (200, 503)
    one_server.close()
    file.rmdir()
    away.rename(file)
    assert tablet.push(call())["status"] == "applied"
