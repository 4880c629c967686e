"""A copy that is not the server's is found, repaired by its buckets, and counted as an incident."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from schemas import limits
from server import incidents
from server.db import reading
from server.store import branch
from sync.digest import bucket_sums
from tests.server.branch import GUIYING, LI_HAS, ZHAO_HAS, Reply, Server, Tablet, call, edit
from tests.server.counting import Counted, counting
from tests.server.test_schema_versions import caught_up, four, herd  # noqa: F401 - a fixture
from tests.server.workday import grow

Json = Any
REPAIR = "/api/v1/sync/repair"
STATEMENTS = 4
"""Who asks, the sums, the records, the incident."""


def sums(tablet: Tablet) -> list[str]:
    return bucket_sums((it, one["version"]) for it, one in tablet.held.items())


def ask(tablet: Tablet, **members: Json) -> Reply:
    body = {"cursor": tablet.cursor, "buckets": sums(tablet), **members}
    return tablet.post(REPAIR, body)


def take(tablet: Tablet, answer: Json) -> None:
    """Take a repair over as the protocol says: drop what is not held, take the records."""
    for one in answer["buckets"]:
        held = {record for record, _ in one["held"]}
        for record in [it for it in tablet.held if int(it[-2:], 16) == one["bucket"]]:
            if record not in held:
                del tablet.held[record]
    for record in answer["records"]:
        tablet._take(record)


def repaired(tablet: Tablet) -> int:
    """Repair a tablet's copy; return how many calls it took."""
    for calls in range(1, 300):
        reply = ask(tablet, continued=calls > 1)
        assert reply.status == 200, reply
        take(tablet, reply.json)
        if not reply.json["more"]:
            return calls
    raise AssertionError("it never ends")


def counts(server: Server) -> dict[str, int]:
    with reading(server.engine) as connection:
        return incidents.count_by_kind(connection)


# ---------------------------------------------------------------------------------------- the repair


def lose_one(tablet: Tablet, dice: random.Random) -> None:
    del tablet.held[dice.choice(sorted(tablet.held))]


def invent_one(tablet: Tablet, dice: random.Random) -> None:
    stranger = f"{dice.getrandbits(32):08x}-0000-4000-8000-{dice.getrandbits(48):012x}"
    tablet.held[stranger] = {"type": "visit", "customer": GUIYING, "version": 3, "fields": {}}


def keep_an_old_one(tablet: Tablet, dice: random.Random) -> None:
    one = tablet.held[dice.choice(sorted(tablet.held))]
    one |= {"version": one["version"] - 1, "fields": {}}


DAMAGE: tuple[Callable[[Tablet, random.Random], None], ...] = (
    lose_one, invent_one, keep_an_old_one,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_damage_the_copy_is_the_server_s_again(
    server: Server, li: Tablet, seed: int
) -> None:
    dice = random.Random(seed)
    li.push(*(call(it) for it in LI_HAS))
    whole = {record: dict(one) for record, one in li.held.items()}
    for _ in range(dice.choice([1, 3, 10])):
        dice.choice(DAMAGE)(li, dice)

    calls = repaired(li)

    assert calls == 1
    assert li.held == whole
    assert counts(server) == {"digest-mismatch": 1}


def test_nothing_at_all_is_repaired_as_well(server: Server, li: Tablet) -> None:
    whole = dict(li.held)
    li.held.clear()

    repaired(li)

    assert li.held == whole


def test_an_equal_copy_needs_no_repair_and_is_no_incident(server: Server, li: Tablet) -> None:
    assert ask(li).json == {"buckets": [], "records": [], "more": False}
    assert counts(server) == {}


def test_only_what_is_in_the_user_s_scope_is_told(server: Server, li: Tablet) -> None:
    answer = ask(li, buckets=["f" * 16] * 256).json

    told = {record for one in answer["buckets"] for record, _ in one["held"]}
    assert told == {it["id"] for it in answer["records"]} == set(li.held)
    assert not told & set(ZHAO_HAS)


def test_what_changed_since_the_last_pull_comes_whole_and_again(server: Server, li: Tablet) -> None:
    other = server.tablet("li.wei").catch_up()
    other.push(edit(phone="13900000001"), call())
    lose_one(li, random.Random(1))

    repaired(li)
    li.catch_up()

    assert li.held == other.catch_up().held


def test_a_copy_with_many_faults_comes_in_pages_of_whole_buckets(
    server: Server, li: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for start in range(0, 60, 30):
        li.push(*(call(LI_HAS[it % 3]) for it in range(start, start + 30)))
    whole = dict(li.held)
    li.held.clear()
    monkeypatch.setattr(limits, "PAGE", 10)

    calls = repaired(li)

    assert calls >= len(whole) / 10
    assert li.held == whole
    assert counts(server) == {"digest-mismatch": 1}


def test_every_report_counts_and_says_which_device_it_was(server: Server, li: Tablet) -> None:
    lose_one(li, random.Random(2))

    ask(li)
    ask(li)

    assert counts(server) == {"digest-mismatch": 2}
    query = select(branch.c.id).where(branch.c.code == "QH")
    with reading(server.engine) as connection:
        here = str(connection.execute(query).scalar())
        elsewhere, rows = (incidents.newest(connection, it) for it in ("unknown", here))
    assert elsewhere == []
    assert [(it.kind, it.device) for it in rows] == [("digest-mismatch", li.device)] * 2
    assert rows[0].detail["buckets"] == 1


def test_a_copy_of_an_older_version_is_repaired_in_its_own_words(four: Server) -> None:  # noqa: F811
    older, newest = caught_up(four, 2), caught_up(four, 4)
    newest.push(herd(purpose="sale", minder="王", heads=12, unit="pigs", breed="黑猪"))
    older.catch_up()
    whole = dict(older.held)
    older.held.clear()

    repaired(older)

    assert older.held == whole


# ------------------------------------------------------------------------------------------- refused

GOOD = ["0" * 16] * 256
BODIES: dict[str, tuple[Json, str]] = {
    "no cursor": ({"buckets": GOOD}, "bad-request"),
    "a null cursor": ({"cursor": None, "buckets": GOOD}, "bad-cursor"),
    "a cursor of nobody": ({"cursor": "abc", "buckets": GOOD}, "bad-cursor"),
    "a cursor that is no text": ({"cursor": [0, 0, 0], "buckets": GOOD}, "bad-cursor"),
    "no buckets": ({"cursor": "abc"}, "bad-request"),
    "too few": ({"cursor": "abc", "buckets": GOOD[1:]}, "bad-request"),
    "too many": ({"cursor": "abc", "buckets": [*GOOD, "0" * 16]}, "bad-request"),
    "upper case": ({"cursor": "abc", "buckets": ["F" * 16, *GOOD[1:]]}, "bad-request"),
    "too short": ({"cursor": "abc", "buckets": ["0", *GOOD[1:]]}, "bad-request"),
    "numbers": ({"cursor": "abc", "buckets": [0] * 256}, "bad-request"),
    "an object": ({"cursor": "abc", "buckets": {}}, "bad-request"),
    "a list": ([], "bad-request"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES)
def test_a_bad_request_is_refused_by_name(li: Tablet, body: Json, code: str) -> None:
    reply = li.post(REPAIR, body)

    assert (reply.status, reply.code) == (400, code)


def test_another_device_s_cursor_is_refused(server: Server, li: Tablet) -> None:
    cursor = server.tablet("li.wei").catch_up().cursor

    assert ask(li, cursor=cursor).code == "bad-cursor"


def test_who_has_not_signed_in_is_refused(li: Tablet) -> None:
    reply = li.post(REPAIR, {"cursor": li.cursor, "buckets": GOOD}, signed=False)

    assert reply.code == "unauthenticated"


# --------------------------------------------------------------------------------------------- cost


def cost(server: Server, tablet: Tablet) -> Counted:
    tablet.held.clear()
    with counting(server.engine) as counted:
        repaired(tablet)
    return counted


def test_a_hundred_times_the_customers_cost_a_repair_nothing(server: Server, li: Tablet) -> None:
    server.tablet("li.wei").catch_up()
    first = cost(server, li)
    grow(server, "zhao.min", 100 * len(LI_HAS))

    more = cost(server, li)

    assert more.statements == first.statements <= STATEMENTS
    assert more.steps <= 1.2 * first.steps
