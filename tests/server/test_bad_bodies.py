"""A body that is not strict JSON of the announced kind is refused whole, by every address alike."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from server.body import LARGEST_BYTES
from tests.server.branch import (
    Reply,
    Server,
    Tablet,
    as_json,
    fingerprint,
    fresh_id,
    problem_code,
)

Json = Any
KNOWN_REFUSALS = {400, 401, 403, 404, 409, 411, 413, 415}


@pytest.fixture(scope="module")
def wang(steady_server: Server) -> Tablet:
    return steady_server.tablet("wang.jun")


@pytest.fixture
def unchanged(steady_server: Server, wang: Tablet) -> Iterator[None]:
    """Whatever the test sends: the server keeps nothing of it, and serves the next request."""
    before = fingerprint(steady_server.engine)
    yield
    assert fingerprint(steady_server.engine) == before
    assert wang.offer().status == 200


NO_BODY = ("/reopen", "/lock", "/unlock", "/wipe", "/recovery-code")
"""How the addresses end that are told nothing in a body."""


def json_addresses(server: Server) -> Iterator[str]:
    """Yield every address that reads JSON."""
    adapter = server.app.test_request_context().url_adapter
    assert adapter is not None
    for rule in server.app.url_map.iter_rules():
        here = rule.rule.startswith("/api/v1/") and not rule.rule.endswith(NO_BODY)
        if here and "POST" in (rule.methods or ()) and "/uploads/" not in rule.rule:
            yield adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, fresh_id()), "POST")


def everywhere(wang: Tablet, raw: bytes, **headers: str) -> dict[str, tuple[int, str | None]]:
    """Send a body to every address that reads JSON; return status and code by address."""
    said = {name.replace("_", "-"): it for name, it in headers.items()}
    assert isinstance(wang.network, Server)
    found = {}
    for address in json_addresses(wang.network):
        reply = wang.post(address, raw, headers=said)
        found[address] = reply.status, reply.code
    return found


# ---------------------------------------------------------------------------------------- no JSON

NO_JSON: dict[str, bytes] = {
    "blanks": b" \n ",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"{}"',
    "a number": b"1",
    "true": b"true",
    "cut off": b'{"protocol": 1, "sets": [',
    "cut off in a text": b'{"protocol": "',
    "cut off in a character": '{"a": "王'.encode()[:-1],
    "with a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-16 without a mark": "{}".encode("utf-16-le"),
    "UTF-32": "{}".encode("utf-32"),
    "GBK": '{"a": "王桂英"}'.encode("gbk"),
    "an overlong NUL": b'{"a": "\xc0\x80"}',
    "a surrogate in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "a byte beyond Unicode": b'{"a": "\xf8\x88\x80\x80\x80"}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b'{"a": -Infinity}',
    "1e999": b'{"a": 1e999}',
    "minus 1e999": b'{"a": -1E+999}',
    "2^53": b'{"a": 9007199254740992}',
    "minus 2^53": b'{"a": -9007199254740992}',
    "5,000 digits": b'{"a": ' + b"1" * 5000 + b"}",
    "5,000 digits in front": b"1" * 5000,
    "a leading zero": b'{"a": 01}',
    "a hex number": b'{"a": 0x1}',
    "100,000 nested lists": b"[" * 100_000,
    "100,000 nested lists, closed": b"[" * 100_000 + b"]" * 100_000,
    "100,000 nested objects": b'{"a":' * 100_000,
    "33 nested": b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}",
    "100,000 closed": b"]" * 100_000,
    "a member twice": b'{"a": 1, "a": 1}',
    "a member twice, deep inside": b'{"a": [{"b": 1, "b": 2}]}',
    "a member twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a lone low surrogate": b'{"a": "\\udc00"}',
    "surrogates the wrong way round": b'{"a": "\\udc00\\ud800"}',
    "a lone surrogate in a name": b'{"\\ud800": 1}',
    "a NUL in a text": b'{"a": "\x00"}',
    "a NUL behind": b"{}\x00",
    "a control character in a text": b'{"a": "\n"}',
    "two documents": b"{}{}",
    "words behind": b"{} x",
    "a comment": b"{/* */}",
    "single quotes": b"{'a': 1}",
    "a comma too many": b'{"a": 1,}',
    "an unknown escape": b'{"a": "\\x41"}',
    "a form": b"username=li.wei&password=x",
    "XML": b"<?xml version='1.0'?><sets/>",
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("raw", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_strict_json_object_is_refused_everywhere(wang: Tablet, raw: bytes) -> None:
    found = everywhere(wang, raw)

    assert set(found.values()) == {(400, "bad-request")}, found


STRICT_MEMBERS = {
    name: it for name, it in NO_JSON.items() if it.startswith(b'{"a": ') and it.endswith(b"}")
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("member", STRICT_MEMBERS.values(), ids=STRICT_MEMBERS)
def test_a_member_that_nobody_reads_is_read_strictly(wang: Tablet, member: bytes) -> None:
    good = as_json(wang.request())

    reply = wang.post("/api/v1/sync", good[:-1] + b", " + member[1:])

    assert reply.code == "bad-request"


LENIENT = {
    "an unknown member": {"later": {"version": 2}},
    "32 nested": {"a": json.loads("[" * 30 + "]" * 30)},
    "brackets in a text": {"a": "[" * 1000},
    "the largest integer": {"a": 2**53 - 1},
    "a pair of surrogates": {"a": "\U0001f33e"},
}


@pytest.mark.parametrize("members", LENIENT.values(), ids=LENIENT)
def test_what_is_strict_json_and_unknown_is_ignored(wang: Tablet, members: Json) -> None:
    body = {**wang.request(), **members}

    assert wang.post("/api/v1/sync", as_json(body)).status == 200
    assert wang.post("/api/v1/sync", json.dumps(body).encode()).status == 200


# -------------------------------------------------------------------------------- kinds and lengths

KINDS = {
    "none": "",
    "text": "text/plain",
    "a form": "application/x-www-form-urlencoded",
    "parts": "multipart/form-data; boundary=x",
    "another JSON": "application/json-patch+json",
    "nearly JSON": "application/jsonx",
    "XML": "application/xml",
    "bytes": "application/octet-stream",
    "nonsense": ";;;",
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_body_of_another_kind_is_415_everywhere(wang: Tablet, kind: str) -> None:
    found = everywhere(wang, b"{}", Content_Type=kind)

    assert set(found.values()) == {(415, "unsupported-media-type")}, found


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_by_its_other_names_is_read(wang: Tablet, kind: str) -> None:
    reply = wang.post("/api/v1/sync", as_json(wang.request()), headers={"Content-Type": kind})

    assert reply.status == 200


GOOD = b'{"protocol": 1, "schema": 1, "epoch": null, "cursor": null, "sets": []}'
ZEROS = b" " * (60 * 1024 * 1024)
GZIPPED, ZSTD = gzip.compress(GOOD), zstd.compress(GOOD)
ENCODED: dict[str, tuple[str, bytes, int]] = {
    "plain as gzip": ("gzip", GOOD, 400),
    "zlib as gzip": ("gzip", zlib.compress(GOOD), 400),
    "gzip of nothing": ("gzip", gzip.compress(b""), 400),
    "gzip cut off": ("gzip", GZIPPED[:-9], 400),
    "gzip with a wrong sum": ("gzip", GZIPPED[:-8] + b"\x00" * 8, 400),
    "gzip and more": ("gzip", GZIPPED + b"x", 400),
    "two gzips in a row": ("gzip", GZIPPED + GZIPPED, 400),
    "a gzip in a gzip": ("gzip", gzip.compress(GZIPPED), 400),
    "a gzip bomb": ("gzip", gzip.compress(ZEROS), 413),
    "a gzip of a byte too much": ("gzip", gzip.compress(b" " * (LARGEST_BYTES + 1)), 413),
    "plain as zstd": ("zstd", GOOD, 400),
    "gzip as zstd": ("zstd", GZIPPED, 400),
    "zstd cut off": ("zstd", ZSTD[:-3], 400),
    "zstd and more": ("zstd", ZSTD + b"x", 400),
    "a zstd bomb": ("zstd", zstd.compress(ZEROS), 413),
    "a zstd with a window of 128 MiB": (
        "zstd",
        zstd.compress(GOOD, options={zstd.CompressionParameter.window_log: 27}) + ZSTD,
        400,
    ),
    "zstd as gzip": ("gzip", ZSTD, 400),
    "twice over by name": ("gzip, gzip", gzip.compress(GZIPPED), 415),
    "deflate": ("deflate", zlib.compress(GOOD), 415),
    "brotli": ("br", GOOD, 415),
    "compress": ("compress", GOOD, 415),
    "nonsense": ("\xe9", GOOD, 415),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("encoding", "raw", "status"), ENCODED.values(), ids=ENCODED)
def test_a_body_that_cannot_be_unpacked_is_refused_everywhere(
    wang: Tablet, encoding: str, raw: bytes, status: int
) -> None:
    found = everywhere(wang, raw, Content_Encoding=encoding)

    codes = {400: "bad-request", 413: "too-large", 415: "unsupported-media-type"}
    assert set(found.values()) == {(status, codes[status])}, found


PACKED = {
    "gzip": ("gzip", GZIPPED),
    "gzip in capitals": ("GZIP", GZIPPED),
    "zstd": ("zstd", ZSTD),
    "identity": ("identity", GOOD),
    "gzip just below the limit": (
        "gzip",
        gzip.compress(GOOD + b" " * (LARGEST_BYTES - len(GOOD))),
    ),
}


@pytest.mark.parametrize(("encoding", "raw"), PACKED.values(), ids=PACKED)
def test_a_packed_body_is_read(wang: Tablet, encoding: str, raw: bytes) -> None:
    reply = wang.post("/api/v1/sync", raw, headers={"Content-Encoding": encoding})

    assert reply.status == 200


# ------------------------------------------------------------------------------ anything whatsoever


def anything() -> st.SearchStrategy[Json]:
    """Return a strategy for any JSON value, with numbers and texts of every size."""
    leaves = (
        st.none()
        | st.booleans()
        | st.integers(-(2**70), 2**70)
        | st.floats()
        | st.text(st.characters(exclude_categories=()), max_size=20)
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )  # fmt: skip


def is_answered_well(reply: Reply) -> bool:
    """Tell whether an answer is one of the protocol's: a success, or a problem with a known code."""
    if reply.status < 400:
        return True
    assert problem_code(reply)
    return reply.status in KNOWN_REFUSALS


@pytest.mark.usefixtures("unchanged")
@given(raw=st.binary(max_size=200))
def test_no_bytes_break_anything(wang: Tablet, steady_server: Server, raw: bytes) -> None:
    for address in json_addresses(steady_server):
        assert is_answered_well(wang.post(address, raw))


@pytest.mark.usefixtures("unchanged")
@given(body=anything())
def test_no_json_breaks_anything(wang: Tablet, steady_server: Server, body: Json) -> None:
    raw = json.dumps(body).encode()

    for address in json_addresses(steady_server):
        assert is_answered_well(wang.post(address, raw))


MEMBERS = (
    "protocol", "schema", "epoch", "cursor", "sets", "sent_at", "page", "received_through", "held",
    "digest", "waiting",
)  # fmt: skip


@pytest.mark.usefixtures("unchanged")
@given(members=st.dictionaries(st.sampled_from(MEMBERS), anything(), min_size=1))
def test_no_envelope_breaks_the_round_trip(wang: Tablet, members: Json) -> None:
    body = {**wang.request(), **members}

    reply = wang.post("/api/v1/sync", json.dumps(body).encode())

    assert is_answered_well(reply)


# ------------------------------------------------------------------------------------------ addresses

PLACES = {
    "no address": ("GET", "/api/v1/nothing", 404, "not-found"),
    "an address above": ("GET", "/api/v1/", 404, "not-found"),
    "no id": ("GET", "/api/v1/records/1/history", 404, "not-found"),
    "an id with a NUL": ("GET", "/api/v1/records/%00/history", 404, "not-found"),
    "an id that is no UTF-8": ("GET", "/api/v1/records/%ff%fe/history", 404, "not-found"),
    "an id of SQL": ("GET", "/api/v1/records/'%20OR%201=1--/history", 404, "not-found"),
    "an id of dots": ("GET", "/api/v1/records/%2e%2e/history", 404, "not-found"),
    "an endless id": ("GET", f"/api/v1/records/{'a' * 5000}/history", 404, "not-found"),
    "a method too many": ("DELETE", "/api/v1/sync", 405, "method-not-allowed"),
    "a get of what is posted": ("GET", "/api/v1/auth/login", 405, "method-not-allowed"),
    "a method nobody knows": ("BREW", "/api/v1/hello", 405, "method-not-allowed"),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("method", "path", "status", "code"), PLACES.values(), ids=PLACES)
def test_an_address_that_leads_nowhere_is_a_problem_too(
    wang: Tablet, steady_server: Server, method: str, path: str, status: int, code: str
) -> None:
    reply = steady_server.send(method, path, None, wang.authorization)

    assert (reply.status, reply.code) == (status, code)


def test_what_a_405_allows_is_said(steady_server: Server) -> None:
    assert steady_server.send("PUT", "/api/v1/sync").headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("language", ["zh", "zh-CN,zh;q=0.9", "en", "fr", "", "*", ";;q=x", "\xe9"])
def test_a_problem_is_told_in_a_language_that_the_reader_has(wang: Tablet, language: str) -> None:
    reply = wang.post("/api/v1/sync", b"null", headers={"Accept-Language": language})

    chinese = any("一" <= it <= "鿿" for it in reply.json["title"])
    assert chinese == language.startswith("zh")
