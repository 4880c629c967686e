"""Signing in, staying signed in over bad networks, and being signed out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server import accounts
from server.accounts import device as device_table
from server.accounts import refresh_token
from server.keys import rotate
from tests.server.branch import (
    LI,
    PASSWORD,
    Clock,
    Server,
    Tablet,
    as_json,
    call,
    fresh_id,
    named,
)

Json = Any


# ------------------------------------------------------------------------------------------ login


def test_a_sign_in_says_who_where_and_how_far(server: Server) -> None:
    tablet = Tablet(server, "li.wei", server.clock)

    given = tablet.login().json

    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == 900
    assert given["user"] == {
        "id": LI, "username": "li.wei", "name": "李伟", "role": "officer",
        "branch": given["user"]["branch"],
    }  # fmt: skip
    assert given["device"] == {"id": tablet.device, "known_through": 0}
    assert given["epoch"] == tablet.sync()["epoch"]
    assert len(given["refresh_token"]) == 43  # 256 bits
    assert given["seal_key"]


def test_a_new_device_has_a_short_code_of_its_own(server: Server) -> None:
    tablets = [server.tablet(it).catch_up() for it in ("li.wei", "li.wei", "zhao.min")]

    codes = [it.fields(it.device)["code"] for it in tablets]

    assert len(set(codes)) == 3
    assert all(len(it) <= 4 for it in codes)


WRONG: dict[str, Json] = {
    "a wrong password": {"password": "wrong horse"},
    "an empty-looking password": {"password": " "},
    "a password with a NUL": {"password": f"{PASSWORD}\x00"},
    "an unknown user": {"username": "nobody"},
    "a name in capitals": {"username": "LI.WEI"},
    "a name with a blank": {"username": "li.wei "},
    "a name with a zero-width blank": {"username": "li\u200b.wei"},
    "a name from right to left": {"username": "\u202eiew.il"},
    "a name in other letters": {"username": "lі.wеі"},
    "a name of SQL": {"username": "' OR '1'='1' --"},
}


def wish(**members: Json) -> Json:
    device = {"id": fresh_id(), "name": "tablet"}
    return {"username": "li.wei", "password": PASSWORD, "device": device, **members}


def sign_in(server: Server, **members: Json) -> Any:
    return server.send("POST", "/api/v1/auth/login", as_json(wish(**members)))


@pytest.mark.parametrize("members", WRONG.values(), ids=WRONG)
def test_whoever_is_not_known_by_name_and_password_is_not_signed_in(
    steady_server: Server, members: Json
) -> None:
    reply = sign_in(steady_server, **members)

    assert (reply.status, reply.code) == (401, "unauthenticated")


UNREADABLE: dict[str, Json] = {
    "no password": {"password": None},
    "a number for a password": {"password": 12345678},
    "an endless password": {"password": "x" * 1001},
    "no device": {"device": None},
    "a device without an id": {"device": {"name": "tablet"}},
    "a device whose id is a word": {"device": {"id": "tablet-1"}},
    "a device with a name of 101 characters": {"device": {"id": fresh_id(), "name": "x" * 101}},
    "a name with a NUL": {"username": "li\x00wei"},
    "a name that is not in NFC": {"username": "li.we\u0301i"},
    "a name of nothing": {"username": ""},
}


@pytest.mark.parametrize("members", UNREADABLE.values(), ids=UNREADABLE)
def test_a_sign_in_that_cannot_be_read_is_a_bad_request(
    steady_server: Server, members: Json
) -> None:
    assert sign_in(steady_server, **members).code == "bad-request"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(steady_server: Server) -> None:
    replies = [
        sign_in(steady_server, **it) for it in ({"username": "nobody"}, {"password": "wrong"})
    ]

    assert replies[0].body == replies[1].body
    assert replies[0].headers == replies[1].headers


def test_a_wrong_name_is_as_much_work_as_a_wrong_password(
    steady_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verifies = accounts.verifies

    def count(hashed: str, password: str) -> bool:
        verified.append(hashed)
        return verifies(hashed, password)

    monkeypatch.setattr(accounts, "verifies", count)
    for username in ("li.wei", "nobody"):
        sign_in(steady_server, username=username, password="wrong horse")

    costs = [it.rsplit("$", 2)[0] for it in verified]
    assert costs == [costs[0]] * 2, "one hash each, of the same cost"


def test_a_device_of_another_user_is_not_permitted(server: Server, li: Tablet) -> None:
    borrowed = Tablet(server, "zhao.min", server.clock, device=li.device)

    reply = borrowed.login()

    assert (reply.status, reply.code) == (403, "not-permitted")
    assert li.sync()["known_through"] == 0


def test_a_user_who_was_closed_is_out_at_once(server: Server) -> None:
    li, wang = server.tablet("li.wei").catch_up(), server.tablet("wang.jun")
    with server.engine.begin() as connection:
        assert accounts.set_active(connection, "li.wei", active=False)
        assert accounts.set_active(connection, "wang.jun", active=False)

    replies = [
        li.offer(li.change_set(call())), li.renew(), li.login(), wang.get("/api/v1/devices"),
        wang.get("/api/v1/schema"),
    ]  # fmt: skip

    assert [(it.status, it.code) for it in replies] == [(401, "unauthenticated")] * 5


def test_a_new_password_ends_every_sign_in(server: Server, li: Tablet) -> None:
    with server.engine.begin() as connection:
        assert accounts.set_password(connection, "li.wei", "another horse")

    assert li.renew().code == "unauthenticated"
    assert li.login().code == "unauthenticated"
    assert li.login("another horse").status == 200


def test_roles_without_field_work_do_not_sync(server: Server) -> None:
    clerk = server.tablet("qian.hui")

    reply = clerk.offer()

    assert (reply.status, reply.code) == (403, "not-permitted")


@pytest.mark.parametrize("username", ["li.wei", "zhao.min", "wang.jun", "sun.yan"])
def test_officers_supervisors_and_auditors_sync(steady_server: Server, username: str) -> None:
    assert steady_server.tablet(username).offer().status == 200


# ---------------------------------------------------------------------------------------- refresh


def test_a_refresh_gives_a_new_pair(server: Server, li: Tablet) -> None:
    access, refresh = li.access, li.refresh

    given = li.renew().json

    assert given["access_token"] != access
    assert given["refresh_token"] != refresh
    assert li.sync()["known_through"] == 0


def test_a_lost_answer_to_a_refresh_logs_nobody_out(server: Server, li: Tablet) -> None:
    old = li.refresh
    lost = li.renew().json["refresh_token"]

    again = [li.renew(old).json["refresh_token"] for _ in range(3)]

    assert again == [lost] * 3, "the same successor"
    assert li.renew(lost).status == 200


def test_a_lost_answer_in_every_generation_logs_nobody_out(server: Server, li: Tablet) -> None:
    for _ in range(5):
        held = li.refresh
        assert li.renew(held).status == 200  # lost
        assert li.renew(held).status == 200


def test_a_predecessor_is_refused_once_its_successor_was_used(server: Server, li: Tablet) -> None:
    first = li.refresh
    li.renew()
    newest = li.renew().json["refresh_token"]

    assert li.renew(first).code == "unauthenticated"
    assert li.renew(newest).code == "unauthenticated", "the family is revoked, also for the thief"
    assert li.login().status == 200


def test_the_revocation_is_kept_although_the_request_is_refused(server: Server, li: Tablet) -> None:
    first = li.refresh
    li.renew()
    li.renew()
    assert li.renew(first).status == 401

    server.start()

    with server.engine.connect() as connection:
        revoked = connection.execute(select(refresh_token.c.revoked)).scalars().all()
    assert revoked == [1] * 3


def test_another_sign_in_is_not_revoked_with_it(server: Server, li: Tablet) -> None:
    other = server.tablet("li.wei")
    first = li.refresh
    li.renew()
    li.renew()
    li.renew(first)

    assert other.renew().status == 200


def test_a_refresh_token_lives_for_thirty_days_since_its_last_use(
    server: Server, li: Tablet
) -> None:
    for _ in range(3):
        server.clock.advance(days=29)
        assert li.renew().status == 200
    server.clock.advance(days=30, seconds=1)

    assert li.renew().code == "unauthenticated"


def test_an_access_token_lives_for_fifteen_minutes(server: Server, li: Tablet) -> None:
    server.clock.advance(minutes=15)
    assert li.offer().status == 200  # a minute of leeway between servers
    server.clock.advance(minutes=1, seconds=1)

    assert (li.offer().status, li.offer().code) == (401, "token-expired")
    li.renew()
    assert li.offer().status == 200


TOKENS: dict[str, Json] = {
    "a word": "abc", "a NUL": "\x00", "SQL": "' OR '1'='1", "endless": "A" * 1000,
}  # fmt: skip


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_what_is_no_refresh_token_renews_nothing(steady_server: Server, token: str) -> None:
    body = as_json({"refresh_token": token})

    assert steady_server.send("POST", "/api/v1/auth/refresh", body).code == "unauthenticated"
    assert steady_server.send("POST", "/api/v1/auth/logout", body).status == 204


def test_an_access_token_renews_nothing(server: Server, li: Tablet) -> None:
    assert li.renew(li.access).status in (400, 401)


def test_refresh_tokens_are_kept_hashed(server: Server, li: Tablet) -> None:
    given = {li.refresh, li.renew().json["refresh_token"]}

    with server.engine.connect() as connection:
        kept = connection.execute(select(refresh_token)).all()

    assert not given & {str(value) for row in kept for value in row}


# ------------------------------------------------------------------------------------------ logout


def test_a_logout_ends_the_sign_in_and_no_other(server: Server, li: Tablet) -> None:
    other = server.tablet("li.wei")

    reply = li.post("/api/v1/auth/logout", {"refresh_token": li.refresh}, signed=False)

    assert (reply.status, reply.body) == (204, b"")
    assert li.renew().code == "unauthenticated"
    assert other.renew().status == 200


def test_a_logout_with_an_old_token_ends_the_sign_in_too(server: Server, li: Tablet) -> None:
    old = li.refresh
    li.renew()

    li.post("/api/v1/auth/logout", {"refresh_token": old}, signed=False)

    assert li.renew().code == "unauthenticated"


# ----------------------------------------------------------------------------------- keys and clocks


def test_a_rotation_of_keys_logs_nobody_out(server: Server, li: Tablet) -> None:
    rotate(server.data)
    server.start()

    assert li.offer().status == 200
    assert li.renew().status == 200
    assert li.offer().status == 200


def test_the_second_rotation_ends_the_first_key(server: Server, li: Tablet) -> None:
    rotate(server.data)
    rotate(server.data)
    server.start()

    assert li.offer().code == "unauthenticated"
    assert li.renew().status == 200
    assert li.offer().status == 200


@pytest.mark.parametrize("years", [-30, -10, 10, 500])
def test_a_tablets_clock_never_matters_to_signing_in_or_syncing(server: Server, years: int) -> None:
    clock = Clock(server.clock.now + timedelta(days=365 * years))
    tablet = Tablet(server, "li.wei", clock)

    assert tablet.login().status == 200
    assert tablet.renew().status == 200
    tablet.catch_up()
    assert tablet.push(call())["status"] == "applied"


def test_a_server_whose_clock_goes_back_serves_on(server: Server, li: Tablet) -> None:
    li.push(call())
    server.clock.advance(hours=-1)
    assert li.offer().code == "unauthenticated"  # issued in what is now the future

    li.renew()

    assert li.push(call())["status"] == "applied"
    assert li.sync()["position"] == li.base


# ------------------------------------------------------------------------------------ wiped, locked


def set_state(server: Server, tablet: Tablet, state: str) -> None:
    with server.engine.begin() as connection:
        change = device_table.update().where(device_table.c.id == tablet.device)
        connection.execute(change.values(state=state))


def test_a_wiped_device_is_told_so_at_every_door(server: Server, li: Tablet) -> None:
    set_state(server, li, "wiped")

    replies = [li.offer(li.change_set(call())), li.renew(), li.login()]

    assert [(it.status, it.code) for it in replies] == [(403, "device-wiped")] * 3


# -------------------------------------------------------------------------------------- rate limit


@pytest.fixture
def limited(sqlite_branch: str, tmp_path: Path, clock: Clock) -> Iterator[Server]:
    from server.limits import limiter

    found = Server(sqlite_branch, tmp_path, clock, settings={"rate_limit": True})
    yield found
    limiter.reset()
    limiter.enabled = False
    found.close()


def test_guessing_passwords_is_slowed_down(limited: Server) -> None:
    replies = [sign_in(limited, password="wrong horse") for _ in range(25)]

    assert replies[0].status == 401
    assert replies[-1].code == "rate-limited"
    assert int(replies[-1].headers["Retry-After"]) > 0
    assert sign_in(limited).code == "rate-limited", "the right one is not told apart meanwhile"


def test_a_village_that_shares_an_address_is_not_slowed_down_with_one_guesser(
    limited: Server,
) -> None:
    for _ in range(25):
        sign_in(limited, password="wrong horse")

    assert sign_in(limited, username="zhao.min").status == 200


def test_a_branch_has_nothing_of_another(server: Server) -> None:
    stranger = server.tablet("he.xi").catch_up()

    assert named("customer in HX") in stranger.held
    assert LI not in stranger.held
