"""A forgotten PIN and a damaged tablet: nothing unsent is lost, and nobody reads what is another's."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import select
from structlog.testing import capture_logs

from schemas.wire.requests import parse_recover
from server import accounts
from server.accounts import device as device_table
from server.recovery import recovery_code
from tests.server.branch import LI, Clock, Reply, Server, Tablet, call, fresh_id

Json = Any
DEVICE_KEY = base64.b64encode(bytes(range(32))).decode()


# ------------------------------------------------------------------------------------------- words


def seal(server: Server, content: Json, key: str | None = None) -> str:
    """Seal something to the branch, or to another *key*, as a tablet does; bytes stay as they are."""
    known = key or server.tablet("li.wei").login().json["seal_key"]
    plain = (
        content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    )
    return base64.b64encode(SealedBox(PublicKey(base64.b64decode(known))).encrypt(plain)).decode()


def ask_code(server: Server, tablet: Tablet, username: str = "wang.jun") -> Reply:
    return server.tablet(username).post(f"/api/v1/devices/{tablet.device}/recovery-code", b"")


def code_for(server: Server, tablet: Tablet) -> str:
    reply = ask_code(server, tablet)
    assert reply.status == 200, reply
    return str(reply.json["code"])


def recover(tablet: Tablet, code: str, *sealed: str) -> Reply:
    return tablet.post("/api/v1/recover", {"code": code, "sealed": list(sealed)})


def refused(reply: Reply) -> bool:
    """Tell whether a code was not accepted, in words of its own."""
    return (reply.status, reply.code) == (
        403,
        "not-permitted",
    ) and "ask your supervisor for a new one" in reply.json["detail"]


def wrong(code: str) -> str:
    """Return another code."""
    return f"{'1' if code[0] == '0' else '0'}{code[1:]}"


def set_state(server: Server, tablet: Tablet, state: str) -> None:
    with server.engine.begin() as connection:
        change = device_table.update().where(device_table.c.id == tablet.device)
        connection.execute(change.values(state=state))


# ------------------------------------------------------------------------------------- giving a code


def test_a_supervisor_gives_a_code(server: Server, li: Tablet) -> None:
    given = ask_code(server, li).json

    assert re.fullmatch(r"\d{4}-\d{4}-\d{2}", given["code"])
    assert given["expires_at"] == "2026-06-17T01:00:00.000Z"
    assert given["user"] == {"id": LI, "name": "李伟"}


@pytest.mark.parametrize("username", ["li.wei", "zhao.min", "sun.yan", "qian.hui"])
def test_nobody_else_gives_one(one_server: Server, username: str) -> None:
    reply = ask_code(one_server, one_server.tablet("li.wei"), username)

    assert (reply.status, reply.code) == (403, "not-permitted")


def test_a_code_is_for_a_tablet_of_the_branch(server: Server) -> None:
    elsewhere = server.tablet("he.xi")
    wiped, closed = server.tablet("li.wei"), server.tablet("zhao.min")
    set_state(server, wiped, "wiped")
    with server.engine.begin() as connection:
        accounts.set_active(connection, "zhao.min", active=False)
    nothing = Tablet(server, "li.wei", server.clock)
    no_id = Tablet(server, "li.wei", server.clock, device="T1")

    replies = [ask_code(server, it) for it in (elsewhere, wiped, closed, nothing, no_id)]

    assert [(it.status, it.code) for it in replies] == [(404, "not-found")] * 5


def test_a_web_session_is_no_tablet(one_server: Server) -> None:
    li = one_server.tablet("li.wei")
    with one_server.engine.begin() as connection:
        change = device_table.update().where(device_table.c.id == li.device)
        connection.execute(change.values(kind="web"))

    assert ask_code(one_server, li).status == 404


def test_a_code_is_kept_hashed_and_never_logged(server: Server, li: Tablet) -> None:
    box = seal(server, {"device": li.device, "key": DEVICE_KEY})
    with capture_logs() as said:
        code = code_for(server, li)
        recover(li, wrong(code))
        recover(li, code, box)

    with server.engine.connect() as connection:
        (row,) = connection.execute(select(recovery_code)).all()
    wish = parse_recover({"code": code, "sealed": [box]})
    for place in (str(row), str(said), repr(wish)):
        assert code not in place
        assert code.replace("-", "") not in place
        assert DEVICE_KEY not in place
    assert row.code_hash.startswith("$argon2id$")
    assert [it["event"] for it in said if it["event"].startswith("recovery")] == [
        "recovery_code_given", "recovery_code_refused", "recovery_code_used",
    ]  # fmt: skip


def test_codes_differ(one_server: Server) -> None:
    li = one_server.tablet("li.wei")

    assert len({code_for(one_server, li) for _ in range(5)}) == 5


# ------------------------------------------------------------------------------------ using the code


def test_a_forgotten_pin_costs_no_unsent_work(server: Server, li: Tablet) -> None:
    unsent = [li.change_set(call(summary=it)) for it in ("借款人在家", "约定 6 月 25 日还款")]
    boxes = [seal(server, it) for it in unsent]
    key = {"device": li.device, "key": DEVICE_KEY}
    newer = server.tablet("li.wei")  # its store was evicted: another device, the same officer

    reply = recover(newer, code_for(server, li), seal(server, key), *boxes)

    assert reply.status == 200
    assert reply.json == {"opened": [key, *unsent]}
    assert [it["status"] for it in li.sync(*unsent)["results"]] == ["applied"] * 2


def test_the_tablet_itself_may_ask(server: Server, li: Tablet) -> None:
    key = {"device": li.device, "key": DEVICE_KEY}

    assert recover(li, code_for(server, li), seal(server, key)).json == {"opened": [key]}


TYPED: dict[str, Callable[[str], str]] = {
    "as it is shown": lambda it: it,
    "without hyphens": lambda it: it.replace("-", ""),
    "with blanks": lambda it: f" {it.replace('-', ' ')} ",
    "full-width": lambda it: "".join(chr(ord(one) + 0xFEE0) for one in it),
    "with other dashes": lambda it: it.replace("-", "–"),
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_a_code_is_read_as_people_type_it(one_server: Server, typed: Callable[[str], str]) -> None:
    li = one_server.tablet("li.wei")

    assert recover(li, typed(code_for(one_server, li))).json == {"opened": []}


@pytest.mark.parametrize(
    ("username", "code"), [("wang.jun", None), ("sun.yan", None), ("qian.hui", "not-permitted")]
)
def test_every_role_that_syncs_recovers(
    one_server: Server, username: str, code: str | None
) -> None:
    tablet = one_server.tablet(username)
    given = ask_code(one_server, tablet).json["code"]

    assert recover(tablet, given).code == code


def test_who_has_no_code_is_refused(server: Server, li: Tablet) -> None:
    assert refused(recover(li, "0000-0000-00"))


def test_a_code_is_its_users_alone(server: Server, li: Tablet) -> None:
    code = code_for(server, li)
    zhao = server.tablet("zhao.min")
    code_for(server, zhao)

    assert refused(recover(zhao, code))
    assert recover(li, code).status == 200


def test_a_refusal_is_told_in_the_readers_language(one_server: Server) -> None:
    li = one_server.tablet("li.wei")
    body = {"code": "1", "sealed": []}

    reply = li.post("/api/v1/recover", body, headers={"Accept-Language": "zh-CN"})

    assert "向主管索取新的恢复码" in reply.json["detail"]


@pytest.mark.parametrize(
    ("hours", "good"), [(23.99, True), (24, False), (24.01, False), (900, False)]
)
def test_a_code_is_good_for_a_day(one_server: Server, hours: float, good: bool) -> None:
    li = one_server.tablet("li.wei")
    code = code_for(one_server, li)
    one_server.clock.advance(hours=hours)
    li.login()

    assert (recover(li, code).status == 200) == good


@pytest.mark.parametrize(("misses", "good"), [(4, True), (5, False)])
def test_five_misses_end_a_code(server: Server, li: Tablet, misses: int, good: bool) -> None:
    code = code_for(server, li)
    for _ in range(misses):
        assert refused(recover(li, wrong(code)))

    reply = recover(li, code)

    assert reply.status == 200 if good else refused(reply)


def test_misses_on_several_tablets_are_counted_together(server: Server, li: Tablet) -> None:
    code, other = code_for(server, li), server.tablet("li.wei")
    for place in range(5):
        recover((li, other)[place % 2], wrong(code))

    assert refused(recover(li, code))


def test_a_new_code_ends_the_one_before_and_begins_the_count_anew(
    server: Server, li: Tablet
) -> None:
    first = code_for(server, li)
    for _ in range(5):
        recover(li, wrong(first))
    second = code_for(server, li)

    assert refused(recover(li, first))
    assert recover(li, second).status == 200


@pytest.mark.parametrize(
    ("minutes", "on_another", "good"),
    [(0, False, True), (14, False, True), (15, False, False), (0, True, False), (14, True, False)],
)
def test_a_used_code_is_good_a_while_longer_where_it_was_used(
    server: Server, li: Tablet, minutes: int, on_another: bool, good: bool
) -> None:
    other = server.tablet("li.wei")
    code = code_for(server, li)
    box = seal(server, {"device": li.device, "key": DEVICE_KEY})
    first = recover(li, code, box).json
    server.clock.advance(minutes=minutes)
    again = other if on_another else li
    again.login()

    reply = recover(again, code, box)

    assert reply.json == first if good else refused(reply)


def test_a_journal_that_takes_several_requests_is_opened_to_its_end(
    one_server: Server,
) -> None:
    li = one_server.tablet("li.wei")
    code = code_for(one_server, li)
    for _ in range(4):
        li.login()
        assert recover(li, code).status == 200
        one_server.clock.advance(minutes=14)
    one_server.clock.advance(minutes=1)
    li.login()

    assert refused(recover(li, code))


def test_a_code_used_in_its_last_minute_may_be_used_again(one_server: Server) -> None:
    li = one_server.tablet("li.wei")
    code = code_for(one_server, li)
    one_server.clock.advance(hours=23, minutes=59)
    li.login()
    recover(li, code)
    one_server.clock.advance(minutes=10)

    assert recover(li, code).status == 200


@pytest.mark.parametrize("state", ["locked", "wiped"])
def test_a_tablet_that_was_locked_or_wiped_is_given_nothing(
    server: Server, li: Tablet, state: str
) -> None:
    box = seal(server, {"device": li.device, "key": DEVICE_KEY})
    work = li.change_set(call())
    other = server.tablet("li.wei")
    code = code_for(server, other)
    set_state(server, li, state)

    assert recover(li, code, box).code == f"device-{state}"
    assert recover(other, code, box, seal(server, work)).json == {"opened": [None, work]}


# ---------------------------------------------------------------------------------- what is opened


Box = Callable[[Server, Tablet], str]


def set_of(tablet: Tablet, **members: Json) -> Json:
    return tablet.change_set(call(), number=1, **members)


def stamp(device: object) -> str:
    return f"0198f2c4a1b3-0002-{device}"


NOT_OPENED: dict[str, Box] = {
    "nothing": lambda server, _: "",
    "a word": lambda server, _: "sealed",
    "no base64": lambda server, _: "王桂英",
    "base64 for addresses": lambda server, li: seal(server, set_of(li)).replace("A", "-"),
    "a few bytes": lambda server, _: base64.b64encode(b"x" * 47).decode(),
    "bytes": lambda server, _: base64.b64encode(bytes(200)).decode(),
    "a box that was cut": lambda server, li: seal(server, set_of(li))[:-8],
    "a box to somebody else": lambda server, li: seal(
        server, set_of(li), base64.b64encode(bytes(PrivateKey.generate().public_key)).decode()
    ),
    "an empty box": lambda server, _: seal(server, b""),
    "a box without JSON": lambda server, _: seal(server, b"\xff\xfe"),
    "NaN": lambda server, li: seal(server, b'{"device": NaN}'),
    "33 nested": lambda server, li: seal(server, b"[" * 33 + b"]" * 33),
    "null": lambda server, _: seal(server, None),
    "a list": lambda server, li: seal(server, [set_of(li)]),
    "a number": lambda server, _: seal(server, 7),
    "an empty object": lambda server, _: seal(server, {}),
    "a set without a stamp": lambda server, li: seal(server, {"changes": []}),
    "a set whose stamp is a number": lambda server, li: seal(server, set_of(li, clock=7)),
    "a set whose stamp is a word": lambda server, li: seal(server, set_of(li, clock=li.device)),
    "a set of an unknown device": lambda server, li: seal(server, set_of(li, clock=stamp(fresh_id()))),
    "a set of a colleague": lambda server, _: seal(server, set_of(server.tablet("zhao.min"))),
    "a set of another branch": lambda server, _: seal(server, set_of(server.tablet("he.xi"))),
    "a set of the supervisor": lambda server, _: seal(server, set_of(server.tablet("wang.jun"))),
    "a key of an unknown device": lambda server, _: seal(
        server, {"device": fresh_id(), "key": DEVICE_KEY}
    ),
    "a key of a colleague": lambda server, _: seal(
        server, {"device": server.tablet("zhao.min").device, "key": DEVICE_KEY}
    ),
    "a key of a list of devices": lambda server, li: seal(
        server, {"device": [li.device], "key": DEVICE_KEY}
    ),
    "a key that is a number": lambda server, li: seal(server, {"device": li.device, "key": 7}),
    "a key that is no base64": lambda server, li: seal(server, {"device": li.device, "key": "?"}),
    "a key of nothing": lambda server, li: seal(server, {"device": li.device, "key": ""}),
    "a device without a key": lambda server, li: seal(server, {"device": li.device}),
    "a colleague's set with one's own device": lambda server, li: seal(
        server, {**set_of(server.tablet("zhao.min")), "device": li.device, "key": DEVICE_KEY}
    ),
}  # fmt: skip


@pytest.mark.parametrize("box", NOT_OPENED.values(), ids=NOT_OPENED)
def test_what_is_not_ones_own_is_not_opened(one_server: Server, box: Box) -> None:
    li = one_server.tablet("li.wei")
    own = set_of(li)
    code = code_for(one_server, li)

    reply = recover(li, code, box(one_server, li), seal(one_server, own))

    assert reply.json == {"opened": [None, own]}


def test_two_thousand_sets_come_back_in_order(server: Server, li: Tablet) -> None:
    key = li.login().json["seal_key"]
    sets = [li.change_set(call(summary=f"第 {it} 次")) for it in range(2000)]
    boxes = [seal(server, it, key) for it in sets]
    code = code_for(server, li)

    assert recover(li, code, *boxes).json["opened"] == sets
    assert recover(li, code, *boxes, boxes[0]).code == "bad-request"


BODIES: dict[str, Json] = {
    "nothing": {},
    "no code": {"sealed": []},
    "nothing sealed": {"code": "1"},
    "a number for a code": {"code": 4821093657, "sealed": []},
    "an endless code": {"code": "1" * 41, "sealed": []},
    "an empty code": {"code": "", "sealed": []},
    "a text for a list": {"code": "1", "sealed": "a"},
    "numbers": {"code": "1", "sealed": [1]},
    "null in the list": {"code": "1", "sealed": [None]},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_request_that_cannot_be_read_costs_no_try(one_server: Server, body: Json) -> None:
    li = one_server.tablet("li.wei")
    code = code_for(one_server, li)
    for _ in range(5):
        assert li.post("/api/v1/recover", body).code == "bad-request"

    assert recover(li, code).status == 200


def test_members_of_a_later_version_are_ignored(one_server: Server) -> None:
    li = one_server.tablet("li.wei")
    body = {"code": code_for(one_server, li), "sealed": [], "later": True}

    assert li.post("/api/v1/recover", body).status == 200


# --------------------------------------------------------------------------------------- rate limit


@pytest.fixture
def limited(sqlite_branch: str, tmp_path: Path, clock: Clock) -> Iterator[Server]:
    from server.limits import limiter

    found = Server(sqlite_branch, tmp_path, clock, settings={"rate_limit": True})
    yield found
    limiter.reset()
    limiter.enabled = False
    found.close()


def test_guessing_codes_is_slowed_down(limited: Server) -> None:
    li, zhao = limited.tablet("li.wei"), limited.tablet("zhao.min")

    replies = [recover(li, "0000-0000-00") for _ in range(25)]

    assert refused(replies[0])
    assert (replies[-1].status, replies[-1].code) == (429, "rate-limited")
    assert refused(recover(zhao, "0000-0000-00")), "others are not slowed down with one guesser"
