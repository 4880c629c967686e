"""Bodies whose length is a lie, and requests that are hardly HTTP, sent to the real server."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from server.body import LARGEST_BYTES
from tests.places import sqlite_url
from tests.server.branch import Reply, Tablet, as_json, call
from tests.server.serving import Served, serving

Json = Any
SILENCE_SECONDS = "1"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture(scope="module")
def served(branch_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(branch_folder, folder, dirs_exist_ok=True)
    with serving(sqlite_url(folder), folder, XIANGXIN_REQUEST_SECONDS=SILENCE_SECONDS) as found:
        yield found


@pytest.fixture(scope="module")
def tablet(served: Served) -> Tablet:
    found = Tablet(served.line, "li.wei")
    assert found.login().status == 200
    return found.catch_up()


def called(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=30)


def spoken(served: Served, raw: bytes, finished: bool = False) -> Reply:
    """Send bytes as they are and return the answer; *finished*: hang up the sending side."""
    with called(served) as link:
        try:
            link.sendall(raw)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has heard enough
        if finished:
            link.shutdown(socket.SHUT_WR)
        heard = b""
        while not is_whole(heard) and (piece := link.recv(65536)):
            heard += piece
    return understood(heard)


def is_whole(heard: bytes) -> bool:
    head, gap, body = heard.partition(b"\r\n\r\n")
    length = next(
        (it for it in head.lower().split(b"\r\n") if it.startswith(b"content-length:")), b":0"
    )
    return bool(gap) and len(body) >= int(length.split(b":")[1])


def understood(heard: bytes) -> Reply:
    assert heard, "no answer came"
    head, _, body = heard.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.title(): value.strip() for name, _, value in pairs}
    return Reply(int(first.split()[1]), headers, body)


def request(
    tablet: Tablet, headers: bytes, body: bytes = b"", path: bytes = b"/api/v1/sync"
) -> bytes:
    token = tablet.authorization["Authorization"].encode()
    return (
        b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nAuthorization: " + token
        + b"\r\nContent-Type: application/json\r\n" + headers + b"\r\n\r\n" + body
    )  # fmt: skip


def valid(tablet: Tablet) -> bytes:
    return as_json(tablet.request())


# ------------------------------------------------------------------------------------ announced lengths

Make = Callable[[Tablet], bytes]


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


LENGTHS: dict[str, tuple[Make, int, str]] = {
    "none": (lambda it: request(it, b"X: 1"), 411, "length-required"),
    "chunked": (
        lambda it: request(it, b"Transfer-Encoding: chunked", chunked(valid(it))),
        411, "length-required",
    ),
    "chunked, far over the limit": (
        lambda it: request(it, b"Transfer-Encoding: chunked", chunked(b" " * 5_000_000)),
        411, "length-required",
    ),
    "chunked and a length": (
        lambda it: request(it, b"Transfer-Encoding: chunked\r\nContent-Length: 5", chunked(valid(it))),
        400, "bad-request",
    ),
    "an unknown coding": (
        lambda it: request(it, b"Transfer-Encoding: snail", valid(it)), 411, "length-required",
    ),
    "gzip as a coding of the transfer": (
        lambda it: request(it, b"Transfer-Encoding: gzip, chunked", chunked(valid(it))),
        411, "length-required",
    ),
    "a bad chunk": (
        lambda it: request(it, b"Transfer-Encoding: chunked", b"zz\r\n{}\r\n"), 411, "length-required",
    ),
    "below nothing": (lambda it: request(it, b"Content-Length: -1"), 400, "bad-request"),
    "a plus": (lambda it: request(it, b"Content-Length: +2", b"{}"), 400, "bad-request"),
    "a hex number": (lambda it: request(it, b"Content-Length: 0x2", b"{}"), 400, "bad-request"),
    "full-width": (lambda it: request(it, "Content-Length: ２".encode(), b"{}"), 400, "bad-request"),
    "a half": (lambda it: request(it, b"Content-Length: 1.5", b"{}"), 400, "bad-request"),
    "a word": (lambda it: request(it, b"Content-Length: many", b"{}"), 400, "bad-request"),
    "empty": (lambda it: request(it, b"Content-Length: ", b"{}"), 400, "bad-request"),
    "5,000 digits": (lambda it: request(it, b"Content-Length: " + b"9" * 5000), 400, "bad-request"),
    "10^30": (lambda it: request(it, b"Content-Length: 1" + b"0" * 30), 413, "too-large"),
    "two that differ": (
        lambda it: request(it, b"Content-Length: 2\r\nContent-Length: 3", b"{}"), 400, "bad-request",
    ),
    "nothing": (lambda it: request(it, b"Content-Length: 0"), 400, "bad-request"),
    "nothing, as gzip": (
        lambda it: request(it, b"Content-Length: 0\r\nContent-Encoding: gzip"), 400, "bad-request",
    ),
    "a byte over the limit": (
        lambda it: request(it, b"Content-Length: %d" % (LARGEST_BYTES + 1)), 413, "too-large",
    ),
    "5 MiB, sent": (
        lambda it: request(it, b"Content-Length: 5242880", b" " * 5_242_880), 413, "too-large",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "status", "code"), LENGTHS.values(), ids=LENGTHS)
def test_a_length_that_cannot_be_trusted_is_refused(
    served: Served, tablet: Tablet, make: Make, status: int, code: str
) -> None:
    reply = spoken(served, make(tablet))

    assert (reply.status, reply.code) == (status, code)
    assert tablet.offer().status == 200


def test_a_body_that_ends_early_is_a_bad_request(served: Served, tablet: Tablet) -> None:
    body = valid(tablet)

    reply = spoken(
        served, request(tablet, b"Content-Length: %d" % (len(body) + 1), body), finished=True
    )

    assert (reply.status, reply.code) == (400, "bad-request")


def test_a_body_that_does_not_come_is_waited_for_and_then_told(
    served: Served, tablet: Tablet
) -> None:
    body = valid(tablet)

    reply = spoken(served, request(tablet, b"Content-Length: %d" % (len(body) + 1), body))

    assert (reply.status, reply.code) == (408, "timeout")


def test_a_short_body_applies_nothing_even_where_it_is_whole_json(
    served: Served, tablet: Tablet
) -> None:
    body = as_json(tablet.request([tablet.change_set(call())]))

    reply = spoken(served, request(tablet, b"Content-Length: %d" % (len(body) + 1), body))

    tablet.number -= 1
    assert reply.code == "timeout"
    assert tablet.sync()["known_through"] == tablet.number


def test_a_longer_body_than_announced_is_read_to_its_length_only(
    served: Served, tablet: Tablet
) -> None:
    body = valid(tablet)

    reply = spoken(served, request(tablet, b"Content-Length: %d" % len(body), body + b" and more"))

    assert reply.status == 200


def test_silence_in_the_headers_ends_the_connection(served: Served, tablet: Tablet) -> None:
    with called(served) as link:
        link.sendall(b"POST /api/v1/sync HTTP/1.1\r\nHost: ")

        assert link.recv(1000) == b""
    assert tablet.offer().status == 200


def test_sixteen_slow_bodies_do_not_keep_others_waiting_for_ever(
    served: Served, tablet: Tablet
) -> None:
    start = request(tablet, b"Content-Length: 1000", b"{")
    with ExitStack() as links:
        slow = [links.enter_context(called(served)) for _ in range(16)]
        for link in slow:
            link.sendall(start)

        assert tablet.offer().status == 200

        assert [understood(link.recv(65536)).status for link in slow] == [408] * 16


def test_a_bomb_is_stopped_at_the_limit(served: Served, tablet: Tablet) -> None:
    bomb = gzip.compress(b" " * (500 * 1024 * 1024), 1)[:LARGEST_BYTES]
    before = served.memory_bytes()

    reply = spoken(
        served, request(tablet, b"Content-Encoding: gzip\r\nContent-Length: %d" % len(bomb), bomb)
    )

    assert reply.code == "too-large"
    assert served.memory_bytes() - before < 64 * 1024 * 1024


# ------------------------------------------------------------------------------------- hardly HTTP

LINES: dict[str, tuple[bytes, int, str]] = {
    "nonsense": (b"hello\r\n\r\n", 400, "bad-request"),
    "another protocol": (b"GET / GOPHER/1.0\r\n\r\n", 400, "bad-request"),
    "a version of the future": (b"GET / HTTP/9.0\r\nHost: x\r\n\r\n", 400, "bad-request"),
    "bytes": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "bad-request"),
    "a method in lower case": (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method-not-allowed"),
    "an endless address": (
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 413, "too-large",
    ),
    "an endless header": (
        b"GET /api/v1/schema HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + b"A" * 200_000 + b"\r\n\r\n",
        413, "too-large",
    ),
    "a thousand headers": (
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % it for it in range(1000)) + b"\r\n",
        413, "too-large",
    ),
    "a header without a name": (b"GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n", 400, "bad-request"),
    "a header with a blank in its name": (
        b"GET / HTTP/1.1\r\nHost: x\r\nX Y: 1\r\n\r\n", 400, "bad-request",
    ),
    "a folded header": (
        b"GET / HTTP/1.1\r\nHost: x\r\nX: 1\r\n 2\r\n\r\n", 400, "bad-request",
    ),
    "a NUL in a header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n", 400, "bad-request"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "status", "code"), LINES.values(), ids=LINES)
def test_what_is_hardly_http_is_a_problem_too(
    served: Served, tablet: Tablet, raw: bytes, status: int, code: str
) -> None:
    reply = spoken(served, raw)

    assert (reply.status, reply.code) == (status, code)
    assert b"<html" not in reply.body
    assert tablet.offer().status == 200


def test_two_requests_on_one_connection_are_two(served: Served, tablet: Tablet) -> None:
    body = valid(tablet)
    one = request(tablet, b"Content-Length: %d" % len(body), body)

    with called(served) as link:
        link.sendall(one + one)
        heard = b""
        while heard.count(b"HTTP/1.1 200") < 2 and (piece := link.recv(65536)):
            heard += piece

    assert heard.count(b"HTTP/1.1 200") == 2


def test_a_refused_body_is_not_taken_for_the_next_request(served: Served, tablet: Tablet) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    raw = request(tablet, b"Content-Length: %d" % len(hidden), hidden, b"/api/v1/nothing")

    reply = spoken(served, raw)

    assert reply.code == "not-found"
    assert json.loads(reply.body)["status"] == 404


def test_a_stopped_server_finishes_what_is_in_flight_and_exits_clean(
    branch_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(branch_folder, tmp_path, dirs_exist_ok=True)
    with serving(sqlite_url(tmp_path), tmp_path) as served:
        tablet = Tablet(served.line, "li.wei")
        tablet.login()
        body = as_json(tablet.request([tablet.change_set(call())]))
        with called(served) as link:
            told = b"Content-Length: %d\r\nExpect: 100-continue" % len(body)
            link.sendall(request(tablet, told, b""))
            assert link.recv(65536) == GO_ON  # it is in flight, and not only on its way
            link.sendall(body[:-1])
            assert served.process is not None
            served.process.terminate()
            link.sendall(body[-1:])
            heard = b""
            while not is_whole(heard) and (piece := link.recv(65536)):
                heard += piece

        assert understood(heard).json["results"][0]["status"] == "applied"
        assert served.stop() == 0
