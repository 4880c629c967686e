"""Devices of four schema versions on one server: pushes lifted, pulls trimmed, upgrades without bootstrap."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemas.declare import Registry
from schemas.registry import REGISTRY
from tests.schemas.four_versions import FOUR
from tests.server.branch import (
    GUIYING,
    LI_HAS,
    Clock,
    Server,
    Tablet,
    create,
    edit,
    fresh_id,
    update,
)
from tests.server.counting import counting

Json = Any
NO_OP = 3


@dataclass
class Versioned(Tablet):
    """A tablet whose app was made for one schema version."""

    registry: Registry = FOUR
    schema: int = 4

    def change_set(self, *changes: Json, **members: Json) -> dict[str, Json]:
        return super().change_set(*changes, **{"schema": self.schema, **members})

    def request(self, sets: Any = (), **members: Json) -> dict[str, Json]:
        return super().request(sets, **{"schema": self.schema, **members})

    def agrees(self, answer: Json) -> bool:
        """Tell whether the copy is the server's."""
        mine = self.digest()
        return bool((mine.records, mine.sum) == tuple(answer["digest"].values()))


@pytest.fixture
def four(branch_url: str, tmp_path: Path, clock: Clock) -> Iterator[Server]:
    """A server that knows four schema versions."""
    found = Server(branch_url, tmp_path, clock, registry=FOUR)
    yield found
    found.close()


def tablet(server: Server, schema: int, username: str = "li.wei", **kept: Json) -> Versioned:
    """Return a signed-in tablet of a version, with everything on it that it may pull."""
    found = Versioned(server, username, server.clock, schema=schema, **kept)
    found.login()
    return found


def caught_up(server: Server, schema: int, **kept: Json) -> Versioned:
    found = tablet(server, schema, **kept)
    found.catch_up()
    return found


def herd(customer: str = GUIYING, /, **fields: Json) -> Json:
    return create("herd", customer, fresh_id(), **{"kind": "pigs", **fields})


def change(one: Json, /, **fields: Json) -> Json:
    return update("herd", one["id"], one["customer"], **fields)


# ------------------------------------------------------------------------------------- what is spoken


def test_hello_announces_the_versions(four: Server, one_server: Server) -> None:
    said, product = (it.send("GET", "/api/v1/hello").json for it in (four, one_server))

    assert (said["schema"], said["schemas"]) == (4, [2, 3, 4])
    assert (product["schema"], product["schemas"]) == (3, [1, 2, 3])


@pytest.mark.parametrize("schema", [1, 0, -7])
def test_an_older_device_pushes_and_is_told_to_upgrade(four: Server, schema: int) -> None:
    older, newest = tablet(four, 4), caught_up(four, 4)
    one = herd(owner="王桂英", size="12 pigs")

    reply = older.offer(older.change_set(one, schema=1), schema=schema)
    newest.catch_up()

    assert (reply.status, reply.code) == (426, "upgrade-needed")
    assert reply.json["known_through"] == 1
    assert reply.json["results"][0]["status"] == "applied"
    assert newest.fields(one["id"]) == {
        "kind": "pigs", "minder": "王桂英", "heads": 12, "unit": "pigs", "purpose": "unknown",
    }  # fmt: skip


def test_a_device_that_is_newer_than_its_server_is_served_as_today_s(four: Server) -> None:
    newer = caught_up(four, 9)
    one = herd(purpose="sale", notes="好。")

    result = newer.push(one)
    refused = newer.push(change(one, invented=1))

    assert result["status"] == "applied"
    assert newer.fields(one["id"])["notes"] == "好。"
    assert [it["field"] for it in refused["errors"]] == ["invented"]


# ---------------------------------------------------------------------------------- up, and trimmed

CREATED: dict[int, tuple[Json, Json]] = {
    2: ({"keeper": "王", "size": "12 pigs"}, {"minder": "王", "heads": 12, "unit": "pigs"}),
    3: ({"keeper": "王", "heads": 12, "breed": "黑猪"}, {"minder": "王", "heads": 12, "breed": "黑猪"}),
    4: ({"minder": "王", "purpose": "sale"}, {"minder": "王", "purpose": "sale"}),
}  # fmt: skip


@pytest.mark.parametrize("schema", CREATED)
def test_every_spoken_version_makes_and_holds_records_in_its_own_words(
    four: Server, schema: int
) -> None:
    mine, newest = caught_up(four, schema), caught_up(four, 4)
    words, today = CREATED[schema]
    one = herd(**words)

    answer = mine.sync(mine.change_set(one))
    newest.catch_up()
    whole = caught_up(four, schema)

    assert answer["results"][0]["status"] == "applied"
    assert mine.fields(one["id"]) == whole.fields(one["id"]) == {"kind": "pigs", **words}
    assert newest.fields(one["id"]) == {"kind": "pigs", "purpose": "unknown", **today}
    assert mine.agrees(answer)


def test_fields_that_a_device_does_not_know_move_its_version_and_no_more(four: Server) -> None:
    older, newest = caught_up(four, 3), caught_up(four, 4)
    one = herd(purpose="sale")
    newest.push(one)
    older.catch_up()

    newest.push(change(one, notes="好。", **{"vaccines.a.lot": "7"}))
    answer = older.sync()

    record = next(it for it in answer["records"] if it["id"] == one["id"])
    assert (record["set"], record["whole"]) == ({}, False)
    assert record["version"] == newest.held[one["id"]]["version"]
    assert older.agrees(answer)


def test_what_an_older_device_does_not_know_survives_its_edits(four: Server) -> None:
    older, newest = caught_up(four, 2), caught_up(four, 4)
    one = herd(purpose="sale", breed="黑猪", minder="王", notes="好。", heads=12, unit="pigs")
    newest.push(one)
    older.catch_up()

    edited = older.push(change(one, keeper="李", size="13 pigs"))
    newest.catch_up()

    assert edited["status"] == "applied"
    assert older.fields(one["id"]) == {"kind": "pigs", "keeper": "李", "size": "13 pigs"}
    assert newest.fields(one["id"]) == {**one["set"], "minder": "李", "heads": 13}


def test_a_type_that_a_device_does_not_know_is_neither_sent_nor_summed(four: Server) -> None:
    older, newest = caught_up(four, 2), caught_up(four, 4)
    stall = create("stall", GUIYING, fresh_id(), place="后院")

    newest.push(stall)
    answer = older.sync()
    newest_answer = newest.sync()

    assert {it["type"] for it in answer["records"]} == {"device"}
    assert older.agrees(answer)
    assert newest.agrees(newest_answer)
    assert newest_answer["digest"]["records"] == answer["digest"]["records"] + 1


REFUSED: list[tuple[int, Json, str | None, str]] = [
    (2, {"minder": "王"}, "minder", "unknown-field"),
    (2, {"breed": "黑猪"}, "breed", "unknown-field"),
    (2, {"owner": "王"}, "owner", "unknown-field"),
    (2, {"keeper": 7}, "keeper", "invalid-value"),
    (2, {"size": "many"}, "size", "invalid-value"),
    (3, {"size": "12 pigs"}, "size", "unknown-field"),
    (2, {"invented": 1}, "invented", "unknown-field"),
]


@pytest.mark.parametrize(("schema", "fields", "name", "code"), REFUSED)
def test_a_set_is_refused_in_the_words_of_its_own_version(
    four: Server, schema: int, fields: Json, name: str, code: str
) -> None:
    mine = caught_up(four, schema)

    result = mine.push(herd(**fields))

    assert result["status"] == "rejected"
    assert [(it["field"], it["code"]) for it in result["errors"]] == [(name, code)]


def test_an_unknown_type_of_its_version_is_refused(four: Server) -> None:
    mine = caught_up(four, 2)

    result = mine.push(create("stall", GUIYING, fresh_id(), place="后院"))

    assert [it["code"] for it in result["errors"]] == ["unknown-type"]


# ---------------------------------------------------------------------------------------- conflicts


def test_devices_of_two_versions_meet_in_one_field(four: Server) -> None:
    older, newest = caught_up(four, 2), caught_up(four, 4)
    one = herd(purpose="sale", minder="王")
    newest.push(one)
    older.catch_up()

    newest.push(change(one, minder="李"))
    met = older.push(change(one, keeper="赵"))
    older.catch_up()
    newest.catch_up()

    conflict = met["changes"][0]["conflicts"][0]
    assert met["status"] == "conflict"
    assert older.fields(conflict)["field"] == "keeper"
    assert newest.fields(conflict)["field"] == "minder"

    about = older.fields(conflict)["others"][0]
    chosen = {"device": about["device"], "number": about["number"]}
    choice = {"status": "resolved", "resolution": "other", "chosen": chosen}
    settled = older.push(
        update("conflict", conflict, GUIYING, **choice), change(one, keeper=about["value"])
    )
    newest.catch_up()

    assert settled["status"] == "applied"
    assert newest.fields(one["id"])["minder"] == "赵"

    older.schema = 4
    assert older.catch_up().fields(conflict)["field"] == "minder"
    assert older.held == newest.held


def test_an_edit_over_the_own_value_of_before_is_over_it_under_its_new_name(four: Server) -> None:
    mine = caught_up(four, 2)
    one = herd(keeper="王")
    mine.push(one)
    first = mine.change_set(change(one, keeper="李", size="12 pigs"))
    over = {"keeper": first["number"], "size": first["number"]}
    second = mine.change_set(
        {**change(one, minder="赵", heads=13, unit="pigs"), "over": {
            "minder": over["keeper"], "heads": over["size"], "unit": over["size"],
        }},
        schema=4,
    )  # fmt: skip
    third = mine.change_set({**change(one, keeper="孙"), "over": {"keeper": second["number"]}})

    answer = mine.sync(first, second, third)

    assert [it["status"] for it in answer["results"]] == ["applied"] * 3
    assert mine.fields(one["id"]) == {"kind": "pigs", "keeper": "孙", "size": "13 pigs"}


# ----------------------------------------------------------------------------------------- upgrades


def test_an_upgraded_device_gets_what_was_hidden_without_bootstrap(four: Server) -> None:
    mine, other = caught_up(four, 2), caught_up(four, 4)
    one = herd(purpose="sale", breed="黑猪", minder="王", heads=12, unit="pigs")
    stall = create("stall", GUIYING, fresh_id(), place="后院")
    other.push(one, stall)
    mine.catch_up()

    mine.schema = 4
    answer = mine.sync()

    assert {it["id"] for it in answer["records"]} == {one["id"], stall["id"]}
    assert mine.held == other.catch_up().held
    assert mine.agrees(answer)
    assert mine.sync()["records"] == []


def test_an_upgrade_by_a_field_brings_that_field_alone(server: Server) -> None:
    mine = Versioned(server, "li.wei", server.clock, registry=REGISTRY, schema=1)
    mine.login()
    mine.catch_up()
    task = create("task", GUIYING, fresh_id(), title="补签", due_on="2026-06-25", source="manual")
    other = Versioned(server, "li.wei", server.clock, registry=REGISTRY, schema=2)
    other.login()
    other.catch_up()
    other.push(task)
    other.push(
        update("task", task["id"], GUIYING, state="cancelled", cancel_reason="客户已在网点补签。")
    )
    mine.catch_up()
    before = mine.fields(task["id"])

    mine.schema = 2
    answer = mine.sync()

    assert "cancel_reason" not in before
    assert before["state"] == "cancelled"
    (record,) = answer["records"]
    assert (record["whole"], record["set"]) == (False, {"cancel_reason": "客户已在网点补签。"})
    assert mine.held == other.catch_up().held


def test_a_set_of_before_the_upgrade_goes_out_as_it_was_and_is_applied_once(four: Server) -> None:
    mine = caught_up(four, 2)
    one = herd(keeper="王", size="007 pigs")
    waiting = mine.change_set(one)

    mine.schema = 4
    first = mine.sync(waiting)
    again = mine.offer(waiting).json

    assert first["results"][0]["status"] == "applied"
    assert again["results"][0] == {**first["results"][0], "repeated": True}
    record = next(it for it in first["records"] if it["id"] == one["id"])
    assert record["whole"]
    assert mine.fields(one["id"]) == caught_up(four, 4).fields(one["id"])
    assert mine.fields(one["id"])["heads"] == 7


def test_an_upgrade_of_many_records_comes_in_pages_and_survives_their_being_cut(
    four: Server,
) -> None:
    mine, other = caught_up(four, 2, page=3), caught_up(four, 4)
    for customer in LI_HAS:
        other.push(*(herd(customer, purpose="sale", breed=f"{it}") for it in range(5)))
    mine.catch_up()

    mine.schema = 3
    for _ in range(3):
        assert mine.sync()["more"]
        other.push(edit(phone="13900000001"))
    mine.schema = 4
    mine.catch_up()

    assert mine.held == other.catch_up().held


def test_an_upgrade_costs_a_pull_no_more_statements(four: Server) -> None:
    mine, other = caught_up(four, 2), caught_up(four, 4)
    other.push(herd(purpose="sale", breed="黑猪"))
    mine.catch_up()

    mine.schema = 4
    with counting(four.engine) as counted:
        answer = mine.sync()

    assert len(answer["records"]) == 1
    assert counted.statements <= NO_OP


def test_a_server_of_a_later_version_takes_over_the_cursors_of_an_earlier_one(
    sqlite_branch: str, tmp_path: Path, clock: Clock
) -> None:
    three = Registry(
        [it for it in FOUR.types.values() if it.name not in ("herd", "stall")], schema=1
    )
    server = Server(sqlite_branch, tmp_path, clock, registry=three)
    mine = Versioned(server, "li.wei", clock, registry=three, schema=1)
    mine.login()
    mine.catch_up()

    server.registry = FOUR
    server.start()
    mine.schema = 4
    other = caught_up(server, 4)
    other.push(herd(purpose="sale"), create("stall", GUIYING, fresh_id(), place="后院"))
    mine.registry = FOUR
    mine.catch_up()
    server.close()

    assert mine.held == other.held


# ------------------------------------------------------------------------------------------- at random


def something(dice: random.Random, mine: Versioned) -> Json:
    """Return a change that a person might make on a device of its version."""
    herds = sorted(it for it, one in mine.held.items() if one["type"] == "herd")
    keeper = "minder" if mine.schema == 4 else "keeper"
    fields: dict[str, Json] = {keeper: dice.choice("王李赵孙")}
    if mine.schema == 2:
        fields["size"] = f"{dice.randrange(99)} pigs"
    else:
        fields |= {"heads": dice.randrange(99), "breed": dice.choice(["黑猪", "白猪", None])}
    if mine.schema == 4:
        fields |= {"notes": dice.choice(["好。", None]), "vaccines.a.lot": str(dice.randrange(9))}
    some = {name: it for name, it in fields.items() if dice.random() < 0.6} or {keeper: "王"}
    if herds and dice.random() < 0.6:
        one = dice.choice(herds)
        return update("herd", one, mine.held[one]["customer"], **some)
    if mine.schema > 2 and dice.random() < 0.3:
        return create("stall", dice.choice(LI_HAS), fresh_id(), place="后院")
    purpose = {"purpose": "sale"} if mine.schema == 4 else {}
    made = {name: it for name, it in some.items() if it is not None}
    return herd(dice.choice(LI_HAS), **made, **purpose)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_upgraded_downgraded_and_cut_all_copies_end_equal(
    four: Server, seed: int
) -> None:
    dice = random.Random(seed)
    tablets = [caught_up(four, schema, page=dice.choice([1, 2, 5])) for schema in (2, 3, 4)]

    for _ in range(40):
        mine = dice.choice(tablets)
        if dice.random() < 0.25:
            mine.schema = dice.choice([2, 3, 4])
        sets = [mine.change_set(something(dice, mine)) for _ in range(dice.choice([0, 0, 1, 2]))]
        answer = mine.sync(*sets)
        assert all(it["status"] != "rejected" for it in answer["results"]), answer["results"]
        if not answer["more"] and mine.schema == 4:
            assert mine.agrees(answer)

    fresh = caught_up(four, 4)
    for mine in tablets:
        mine.schema = 4
        assert mine.catch_up().held == fresh.held
