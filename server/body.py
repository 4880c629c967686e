"""Reading a request's JSON: strict, bounded, and refused whole where anything is amiss.

A body without `Content-Length` is refused, for a chunked one may be cut without a sign; the decompressor
stops at the limit; nesting is counted before the parser may recurse.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import Any, NoReturn

from backports import zstd
from flask import Request

from schemas import problems
from schemas.declare import MAX_INTEGER

Json = Any
LARGEST_BYTES = 4 * 1024 * 1024
DEEPEST = 32
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def read_json(request: Request) -> Json:
    """Return the request's body as JSON.

    Raises:
        problems.LengthRequiredError, problems.TooLargeError, problems.UnsupportedMediaTypeError,
        problems.BadRequestError: as the body deserves.
    """
    if request.mimetype != "application/json":
        raise problems.UnsupportedMediaTypeError
    announced = request.headers.get("Content-Length")
    if announced is None or request.headers.get("Transfer-Encoding"):
        raise problems.LengthRequiredError
    if not announced.isascii() or not announced.isdigit():
        raise problems.BadRequestError
    if len(announced) > 10 or int(announced) > LARGEST_BYTES:
        raise problems.TooLargeError
    raw = _received(request, int(announced))
    return parse(_decoded(raw, request.headers.get("Content-Encoding", "identity").strip().lower()))


def _received(request: Request, length: int) -> bytes:
    """Return the body whole; the server's socket ends the wait for one that does not come."""
    try:
        raw: bytes = request.environ["wsgi.input"].read(length)
    except TimeoutError as error:
        raise problems.RequestTimeoutError from error
    except OSError as error:
        raise problems.BadRequestError from error
    if len(raw) != length:
        raise problems.BadRequestError
    return raw


def _decoded(raw: bytes, encoding: str) -> bytes:
    """Return the body without its compression; the decompressor stops at the limit.

    Raises:
        problems.TooLargeError, problems.BadRequestError, problems.UnsupportedMediaTypeError: as it deserves.
    """
    if encoding in ("", "identity"):
        return raw
    unpack = _UNPACKERS.get(encoding)
    if unpack is None:
        raise problems.UnsupportedMediaTypeError
    try:
        plain, is_whole = unpack(raw)
    except (zlib.error, zstd.ZstdError) as error:
        raise problems.BadRequestError from error
    if len(plain) > LARGEST_BYTES:
        raise problems.TooLargeError
    if not is_whole:
        raise problems.BadRequestError
    return plain


def _gunzipped(raw: bytes) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    plain = unpacker.decompress(raw, LARGEST_BYTES + 1)
    return plain, unpacker.eof and not unpacker.unused_data


def _unzstd(raw: bytes) -> tuple[bytes, bool]:
    unpacker = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})
    plain = unpacker.decompress(raw, LARGEST_BYTES + 1)
    return plain, unpacker.eof and not unpacker.unused_data


_UNPACKERS = {"gzip": _gunzipped, "zstd": _unzstd}


def parse(raw: bytes) -> Json:
    """Parse strict JSON (RFC 8259 in UTF-8, no NaN, no repeated member, no integer beyond 2^53 - 1).

    Raises:
        problems.BadRequestError: where it is not.
    """
    try:
        text = raw.decode("utf-8")
        if text.startswith("\ufeff") or _depth(raw) > DEEPEST:
            _refuse("")
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_whole,
            parse_float=_decimal,
        )  # fmt: skip
        if _SURROGATE.search(raw):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise problems.BadRequestError from error
    return value


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for char in _STRINGS.sub(b"", raw):
        if char in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif char in b"]}":
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is repeated")
    return found


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise ValueError("an integer is beyond 2^53 - 1")
    return int(text)


def _decimal(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is out of range")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"not JSON: {constant}")
