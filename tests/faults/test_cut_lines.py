"""A push whose request or answer breaks off at any byte is applied whole or not at all, and once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from schemas.registry import REGISTRY
from server import store
from server.verify import verify
from tests.faults.proxy import Proxy, proxy
from tests.server.branch import LI_HAS, Tablet, as_json, call, edit, fingerprint, make_engine
from tests.server.serving import Served, serving

Json = Any


@pytest.fixture
def served(sqlite_branch: str, tmp_path: Path) -> Iterator[Served]:
    with serving(sqlite_branch, tmp_path, workers=2) as found:
        yield found


@pytest.fixture
def line(served: Served) -> Iterator[Proxy]:
    with proxy(served.port) as found:
        yield found


@pytest.fixture
def tablet(served: Served) -> Tablet:
    found = Tablet(served.line, "li.wei")
    assert found.login().status == 200
    return found.catch_up()


def raw_push(tablet: Tablet, *sets: Json) -> bytes:
    """Return a push as the bytes of one HTTP request."""
    body = as_json(tablet.request(sets, digest=False))
    head = (
        "POST /api/v1/sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
        f"Authorization: {tablet.authorization['Authorization']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def heard(port: int, raw: bytes) -> bytes:
    """Send bytes and return everything that comes back before the line ends or breaks."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        try:
            link.sendall(raw)
            while piece := link.recv(65536):
                answer += piece
        except ConnectionError:
            pass  # broken: that is the test
    return answer


def logged(served: Served) -> int:
    engine = make_engine(served.url)
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(store.log)).scalar_one()
    engine.dispose()
    return count


def is_sound(served: Served) -> bool:
    engine = make_engine(served.url)
    with engine.connect() as connection:
        finding = verify(connection, REGISTRY).finding
    engine.dispose()
    return finding is None


def test_a_request_cut_at_any_byte_leaves_nothing(
    served: Served, line: Proxy, tablet: Tablet
) -> None:
    one = tablet.change_set(edit(phone="13900000001"), call())
    raw = raw_push(tablet, one)
    engine = make_engine(served.url)
    before = fingerprint(engine)

    for place in range(len(raw)):
        line.cut_up = place
        assert b" 200 " not in heard(line.port, raw)[:20], place

    assert line.cuts == len(raw)
    assert fingerprint(engine) == before
    engine.dispose()
    line.cut_up = None
    assert b" 200 " in heard(line.port, raw)[:20]
    assert tablet.sync(one)["results"][0]["repeated"] is True
    assert is_sound(served)


@pytest.mark.parametrize(
    "step",
    [pytest.param(7, id="every seventh"), pytest.param(1, id="every", marks=pytest.mark.long)],
)
def test_an_answer_cut_at_any_byte_is_given_again_and_the_push_applied_once(
    served: Served, line: Proxy, tablet: Tablet, step: int
) -> None:
    first = tablet.change_set(edit(phone="13900000001"), call())
    length = len(heard(line.port, raw_push(tablet, first)))
    before = logged(served)
    sets = []

    for place in range(0, length, step):
        line.cut_down = place
        sets.append(tablet.change_set(call(LI_HAS[place % 3]), call()))
        answer = heard(line.port, raw_push(tablet, sets[-1]))
        assert len(answer) == place

    assert line.cuts == len(sets)
    results = []
    for start in range(0, len(sets), 400):
        results += tablet.sync(*sets[start : start + 400])["results"]
    assert {it["repeated"] for it in results} == {True}
    assert {it["status"] for it in results} == {"applied"}
    assert logged(served) == before + 2 * len(sets)
    assert is_sound(served)
