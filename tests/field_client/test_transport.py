"""The transport speaks HTTP sparingly, and whatever breaks on the way is one thing: no connection."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from field_client.faults import OfflineError
from field_client.round_trip import SYNC
from field_client.transport import HttpTransport
from schemas import problems
from tests.field_client.branches import Branch
from tests.field_client.serving import Served, serving
from tests.field_client.tablets import CHEN, Tablet

Json = Any


@pytest.fixture
def served(branch: Branch) -> Iterator[Served]:
    """The branch behind HTTP."""
    with serving(branch) as made:
        yield made


@pytest.fixture
def naps() -> list[float]:
    """How long the transport waited."""
    return []


@pytest.fixture
def transport(served: Served, naps: list[float]) -> Iterator[HttpTransport]:
    """A transport to the branch that counts its waits."""
    made = HttpTransport(served.url, sleep=naps.append, jitter=lambda: 0.5)
    yield made
    made.close()


def ok(body: Json) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def busy(status: int = 503, **headers: str) -> tuple[int, dict[str, str], bytes]:
    named = {name.replace("_", "-"): it for name, it in headers.items()}
    kind = problems.by_code("unavailable" if status == 503 else "rate-limited")
    return status, named, json.dumps(kind().as_json()).encode()


def test_a_large_body_is_packed_and_a_small_one_is_not(
    served: Served, transport: HttpTransport
) -> None:
    served.answers = [ok({}), ok({})]

    transport.post("/x", {"a": "村" * 1000})
    transport.post("/x", {"a": 1})

    (_, first, packed), (_, second, plain) = served.asked
    assert first["Content-Encoding"] == "gzip"
    assert len(packed) < 100
    assert json.loads(gzip.decompress(packed)) == {"a": "村" * 1000}
    assert "Content-Encoding" not in second
    assert second["Content-Length"] == str(len(plain))


def test_the_token_goes_along_and_no_password_file_is_looked_at(
    served: Served, transport: HttpTransport, monkeypatch: Any, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login nobody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    served.answers = [ok({}), ok({})]

    transport.post("/x", {}, "abc")
    transport.post("/x", {})

    assert served.asked[0][1]["Authorization"] == "Bearer abc"
    assert "Authorization" not in served.asked[1][1]


@pytest.mark.parametrize(
    "code", ["bad-cursor", "start-over", "token-expired", "sets-out-of-order", "storage-full"]
)
def test_a_problem_comes_back_in_its_own_class(
    served: Served, transport: HttpTransport, code: str
) -> None:
    problem = problems.by_code(code)(next=7)
    served.answers = [(problem.status, {}, json.dumps(problem.as_json()).encode())]

    with pytest.raises(type(problem)) as error:
        transport.post("/x", {})

    assert error.value.extra == {"next": 7}


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[]", b'{"type": 7}'])
def test_an_answer_of_somebody_else_on_the_way_is_a_problem_too(
    served: Served, transport: HttpTransport, body: bytes
) -> None:
    served.answers = [(502, {}, body)]

    with pytest.raises(problems.InternalError):
        transport.post("/x", {})


@pytest.mark.parametrize("length", [0, 1, 12, 38])
def test_an_answer_that_breaks_off_is_no_answer(
    served: Served, transport: HttpTransport, length: int
) -> None:
    whole = json.dumps({"server_time": "2026-06-16T00:00:00Z"}).encode()
    served.answers = [(200, {"Content-Length": str(len(whole))}, whole[:length])]

    with pytest.raises(OfflineError):
        transport.post("/x", {})


def test_a_packed_answer_that_breaks_off_is_no_answer(
    served: Served, transport: HttpTransport
) -> None:
    packed = gzip.compress(json.dumps({"a": "x" * 100}).encode())
    served.answers = [(200, {"Content-Encoding": "gzip"}, packed[:-16])]

    with pytest.raises(OfflineError):
        transport.post("/x", {})


@pytest.mark.parametrize("body", [b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b'{"a": '])
def test_what_is_no_json_is_no_answer(
    served: Served, transport: HttpTransport, body: bytes
) -> None:
    served.answers = [(200, {}, body)]

    with pytest.raises(OfflineError):
        transport.post("/x", {})


def test_nobody_there_is_no_connection() -> None:
    transport = HttpTransport("http://127.0.0.1:9", sleep=lambda s: None, jitter=lambda: 0)

    with pytest.raises(OfflineError):
        transport.post("/x", {})
    transport.close()


def test_a_redirect_is_not_followed(served: Served, transport: HttpTransport) -> None:
    served.answers = [(302, {"Location": f"{served.url}/elsewhere"}, b"")]

    with pytest.raises((problems.XiangxinError, OfflineError)):
        transport.post("/x", {}, "token")

    assert [path for path, _, _ in served.asked] == ["/x"]


def test_a_busy_server_is_asked_again_when_it_says(
    served: Served, transport: HttpTransport, naps: list[float]
) -> None:
    served.answers = [busy(503, Retry_After="4"), busy(429, Retry_After="8"), ok({"a": 1})]

    assert transport.post("/x", {}) == {"a": 1}
    assert naps == [5.0, 10.0]


def test_a_server_that_stays_busy_is_left_for_later(
    served: Served, transport: HttpTransport, naps: list[float]
) -> None:
    served.answers = [busy(503) for _ in range(9)]

    with pytest.raises(problems.UnavailableError):
        transport.post("/x", {})

    assert naps == [1.25, 2.5, 5.0]


def test_nobody_waits_for_an_hour(
    served: Served, transport: HttpTransport, naps: list[float]
) -> None:
    served.answers = [busy(429, Retry_After="3600")]

    with pytest.raises(problems.RateLimitedError):
        transport.post("/x", {})

    assert naps == []


def test_a_sync_that_is_cut_at_any_byte_of_the_answer_goes_on(
    ada: Tablet, branch: Branch, served: Served, transport: HttpTransport
) -> None:
    ada.client.transport = transport
    whole = len(_answer_to(ada, branch))
    for cut_at in range(0, whole, max(1, whole // 25)):
        ada.client.edit(CHEN, {"phone": f"1{cut_at:09}"})
        wanted = _answer_to(ada, branch)
        served.answers = [(200, {"Content-Length": str(len(wanted) + 1)}, wanted[:cut_at])]
        with pytest.raises(OfflineError):
            ada.client.sync()

    ada.client.sync()

    assert ada.client.status().all_synced
    assert branch.records[CHEN].fields["phone"] == ada.client.record(CHEN).fields["phone"]


def _answer_to(ada: Tablet, branch: Branch) -> bytes:
    """Return what the branch would answer now; it has taken everything in that the tablet has."""
    body: Json = {
        "epoch": branch.epoch,
        "cursor": ada.store.identity().cursor,
        "page": 500,
        "sets": [],
    }
    sets = [dict(it.content or {}) for it in ada.store.waiting()]
    bearer = ada.store.identity().access_token
    return json.dumps(branch.serve(SYNC, {**body, "sets": sets}, bearer)).encode()
