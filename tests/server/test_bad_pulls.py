"""What cannot be pulled is told, and the sets that came along are applied all the same."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.branch import Server, Tablet, call, fresh_id

Json = Any


@pytest.fixture(scope="module")
def tablet(shared_server: Server) -> Tablet:
    return shared_server.tablet("li.wei").catch_up()


def of_another_device(tablet: Tablet) -> str:
    assert isinstance(tablet.network, Server)
    return str(tablet.network.tablet("li.wei").catch_up().cursor)


def of_another_user(tablet: Tablet) -> str:
    assert isinstance(tablet.network, Server)
    return str(tablet.network.tablet("zhao.min").catch_up().cursor)


def unsealed(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def resealed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(tablet: Tablet) -> str:
    """Return the tablet's own cursor, set back to the beginning and sealed with the old seal."""
    return resealed(b"[0, 0, 0]" + unsealed(str(tablet.cursor))[-16:])


CURSORS: dict[str, Json | Callable[[Tablet], Json]] = {
    "a word": "abc", "below nothing": "-1", "a half": "1.5", "empty": "", "a blank": " ",
    "10^30": "1" + "0" * 30, "a NUL": "\x00", "not ASCII": "游标", "endless": "A" * 100_000,
    "a number": 7, "a float": 1.5, "true": True, "a list": [0, 0, 0], "an object": {},
    "of SQL": "' OR 1=1 --", "padding": "====",
    "the seal alone": lambda it: resealed(unsealed(str(it.cursor))[-16:]),
    "without its seal": lambda it: resealed(unsealed(str(it.cursor))[:-16]),
    "with another position": forged,
    "in lower case": lambda it: str(it.cursor).lower(),
    "cut off": lambda it: str(it.cursor)[:-1],
    "with a letter more": lambda it: str(it.cursor) + "A",
    "another device's": of_another_device,
    "another user's": of_another_user,
}  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS.values(), ids=CURSORS)
def test_a_bad_cursor_is_told_with_the_sets_applied(tablet: Tablet, cursor: Json) -> None:
    bad = cursor(tablet) if callable(cursor) else cursor
    one = tablet.change_set(call())

    reply = tablet.offer(one, cursor=bad)

    assert (reply.status, reply.code) == (400, "bad-cursor")
    assert [it["status"] for it in reply.json["results"]] == ["applied"]
    assert reply.json["known_through"] == one["number"]
    assert "records" not in reply.json
    assert tablet.sync()["known_through"] == one["number"]


def test_a_cursor_with_any_byte_changed_is_bad(tablet: Tablet) -> None:
    good = str(tablet.cursor)

    for place in range(len(good) - 1):  # the last character holds bits that no byte has
        other = "A" if good[place] != "A" else "B"
        reply = tablet.offer(cursor=good[:place] + other + good[place + 1 :])

        assert reply.code == "bad-cursor", place


def test_a_cursor_from_before_a_restore_is_told_by_its_epoch(tablet: Tablet) -> None:
    one = tablet.change_set(call())

    reply = tablet.offer(one, epoch=fresh_id())

    assert (reply.status, reply.code) == (409, "epoch-changed")
    assert reply.json["epoch"] == tablet.epoch
    assert reply.json["known_through"] == one["number"] - 1
    assert tablet.sync(one)["results"][0]["repeated"] is False


def test_a_device_that_does_not_know_the_epoch_cannot_use_a_cursor(tablet: Tablet) -> None:
    assert tablet.offer(epoch=None).code == "bad-cursor"
    assert tablet.offer(epoch=None, cursor=None).status == 200


PAGES: dict[str, tuple[Json, int]] = {
    "nothing": (0, 1), "below nothing": (-1, 1), "one": (1, 1), "far below": (-(10**9), 1),
}  # fmt: skip
ALL_PAGES: dict[str, Json] = {
    "10^9": 10**9, "a half": 1.5, "a text": "x", "null": None, "true": True, "a list": [],
}  # fmt: skip


@pytest.mark.parametrize(("page", "records"), PAGES.values(), ids=PAGES)
def test_a_page_that_is_too_small_is_a_page_of_one(
    tablet: Tablet, page: Json, records: int
) -> None:
    answer = tablet.offer(cursor=None, page=page).json

    assert len(answer["records"]) == records
    assert answer["more"] is True


@pytest.mark.parametrize("page", ALL_PAGES.values(), ids=ALL_PAGES)
def test_a_page_that_cannot_be_read_is_the_usual_one(tablet: Tablet, page: Json) -> None:
    answer = tablet.offer(cursor=None, page=page).json

    assert answer["more"] is False
    assert len(answer["records"]) > 10


def test_a_page_holds_a_thousand_records_at_most(shared_server: Server) -> None:
    zhao = shared_server.tablet("zhao.min").catch_up()
    customer = next(it for it, one in zhao.held.items() if one["type"] == "customer")
    for _ in range(3):
        zhao.push(*(call(customer) for _ in range(400)))

    answer = shared_server.tablet("zhao.min").sync(page=10**9)

    assert len(answer["records"]) == 1000
    assert answer["more"] is True


MEMBERS: dict[str, Json] = {
    "received_through in words": {"received_through": "16"},
    "received_through below nothing": {"received_through": -1},
    "received_through far ahead": {"received_through": 2**53 - 1},
    "held that is a number": {"held": 3},
    "held of words": {"held": ["a"]},
    "held that nobody knows": {"held": [1, 2**53 - 1]},
    "digest in words": {"digest": "yes"},
    "waiting that is a list": {"waiting": []},
    "waiting of words": {"waiting": {"sets": "3", "oldest": "long ago", "customers": "x"}},
    "waiting without end": {"waiting": {"customers": [fresh_id() for _ in range(5000)]}},
    "a schema of the future": {"schema": 10**9},
    "a time of another zone": {"sent_at": "2026-06-16T09:00:00+08:00"},
}


@pytest.mark.parametrize("members", MEMBERS.values(), ids=MEMBERS)
def test_no_optional_member_stops_a_sync(tablet: Tablet, members: Json) -> None:
    assert tablet.offer(**members).status == 200
