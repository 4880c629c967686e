"""Bodies in zstd: whatever a frame says of itself, it is read within bounds or refused; answers come so too."""

from __future__ import annotations

import gzip
import random
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from backports import zstd

from server.body import LARGEST_BYTES
from tests.server.branch import Reply, Server, Tablet, as_json

Json = Any
MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = struct.pack("<II", 0x184D2A50, 4) + b"skip"
MIB = 1 << 20


def streamed(plain: bytes, window_log: int) -> bytes:
    """Return a frame that does not say how long it is, over a window of this size."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: window_log})
    return packer.compress(plain) + packer.flush()


def frame(descriptor: int, *parts: bytes) -> bytes:
    """Return a frame with a header made by hand."""
    return MAGIC + bytes([descriptor]) + b"".join(parts)


def block(kind: int, size: int, content: bytes, last: bool = True) -> bytes:
    """Return a block: kind 0 is raw, 1 one byte repeated, 2 compressed, 3 reserved."""
    return struct.pack("<I", size << 3 | kind << 1 | last)[:3] + content


@pytest.fixture(scope="module")
def li(steady_server: Server) -> Tablet:
    return steady_server.tablet("li.wei").catch_up()


@pytest.fixture(scope="module")
def good(li: Tablet) -> bytes:
    return as_json(li.request())


def send(li: Tablet, raw: bytes) -> Reply:
    return li.post("/api/v1/sync", raw, headers={"Content-Encoding": "zstd"})


# ---------------------------------------------------------------------------------------- accepted


@pytest.mark.parametrize("level", [-5, 1, 6, 19])
def test_a_frame_of_any_level_is_read(li: Tablet, good: bytes, level: int) -> None:
    assert send(li, zstd.compress(good, level)).status == 200


def test_a_frame_without_its_length_and_with_a_sum_is_read(li: Tablet, good: bytes) -> None:
    options: dict[int, int] = {zstd.CompressionParameter.checksum_flag: 1}
    summed = zstd.compress(good, options=options)

    assert [send(li, it).status for it in (streamed(good, 20), streamed(good, 23), summed)] == [
        200
    ] * 3


def test_a_frame_as_large_as_a_body_may_be_is_read(li: Tablet, good: bytes) -> None:
    assert send(li, zstd.compress(good + b" " * (LARGEST_BYTES - len(good)))).status == 200


# ------------------------------------------------------------------------------------------ hostile

BOMB = b" " * (64 * MIB)
HOSTILE: dict[str, tuple[bytes, int]] = {
    "the magic alone": (MAGIC, 400),
    "another magic": (b"\x27" + zstd.compress(b"{}")[1:], 400),
    "the magic backwards": (MAGIC[::-1] + b"{}", 400),
    "an old version's magic": (b"\x26\xb5\x2f\xfd\x00", 400),
    "a skippable frame": (SKIPPABLE, 400),
    "an endless skippable frame": (struct.pack("<II", 0x184D2A5F, 2**32 - 1), 400),
    "a bomb": (zstd.compress(BOMB, 19), 413),
    "a bomb without its length": (streamed(BOMB, 20), 413),
    "a bomb of bombs": (zstd.compress(zstd.compress(BOMB)), 400),
    "a byte too much": (zstd.compress(b" " * (LARGEST_BYTES + 1)), 413),
    "a window of 16 MiB": (streamed(b" " * 17 * MIB, 24), 400),
    "a window of 128 MiB": (streamed(b"{}", 27), 400),
    "a window of 3.75 TiB": (frame(0x00, b"\xff", block(0, 2, b"{}")), 400),
    "a length of 16 EiB": (frame(0xE0, b"\xff" * 8, block(0, 2, b"{}")), 400),
    "a length that is not kept": (frame(0x20, b"\x03", block(0, 2, b"{}")), 400),
    "a reserved bit": (frame(0x28, b"\x02", block(0, 2, b"{}")), 400),
    "a reserved block": (frame(0x20, b"\x02", block(3, 2, b"{}")), 400),
    "a dictionary that nobody has": (frame(0x21, b"\x07", b"\x02", block(0, 2, b"{}")), 400),
    "a block that never ends": (frame(0x20, b"\x02", block(0, 2, b"{}", last=False)), 400),
    "a block beyond its end": (frame(0x20, b"\x02", block(0, 9, b"{}")), 400),
    "a block beyond its window": (frame(0x00, b"\x00", block(1, 2**21 - 1, b" ")), 400),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "status"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_frame_is_refused(li: Tablet, raw: bytes, status: int) -> None:
    reply = send(li, raw)

    assert (reply.status, reply.code) == (
        status, "bad-request" if status == 400 else "too-large",
    )  # fmt: skip


def test_frames_in_a_row_are_refused(li: Tablet, good: bytes) -> None:
    one = zstd.compress(good)

    for raw in (
        one + one,
        one + SKIPPABLE,
        SKIPPABLE + one,
        one + b"\x00",
        one + gzip.compress(good),
    ):
        assert send(li, raw).status == 400


def test_a_frame_that_is_cut_anywhere_is_refused(li: Tablet, good: bytes) -> None:
    whole = zstd.compress(good)

    assert {send(li, whole[:end]).status for end in range(1, len(whole))} == {400}


@pytest.mark.parametrize("seed", range(40))
def test_a_frame_with_bytes_that_were_changed_never_breaks_anything(
    li: Tablet, good: bytes, seed: int
) -> None:
    dice = random.Random(seed)
    raw = bytearray(zstd.compress(good, dice.choice([1, 6, 19])))
    for _ in range(dice.choice([1, 2, 8])):
        raw[dice.randrange(len(raw))] = dice.randrange(256)

    assert send(li, bytes(raw)).status < 500


def test_a_bomb_takes_no_more_memory_than_a_body(li: Tablet) -> None:
    raw = zstd.compress(b" " * (256 * MIB))
    tracemalloc.start()
    send(li, raw)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 4 * LARGEST_BYTES


# ------------------------------------------------------------------------------------------- answers

ACCEPTED: dict[str, str | None] = {
    "zstd": "zstd", "gzip": "gzip", "gzip, zstd": "gzip", "zstd, gzip;q=0.5": "zstd",
    "gzip;q=0.5, zstd;q=0.8": "zstd", "zstd;q=0": None, "identity": None, "br": None, "": None,
    "zstd;q=0, gzip": "gzip", "ZSTD": "zstd",
}  # fmt: skip


@pytest.mark.parametrize(("accept", "encoding"), ACCEPTED.items(), ids=ACCEPTED)
def test_an_answer_comes_as_it_is_asked_for(li: Tablet, accept: str, encoding: str | None) -> None:
    reply = li.post("/api/v1/sync", li.request(cursor=None), headers={"Accept-Encoding": accept})

    unpack: dict[str | None, Callable[[bytes], bytes]] = {
        "zstd": zstd.decompress, "gzip": gzip.decompress, None: bytes,
    }  # fmt: skip
    plain = unpack[encoding](reply.body)
    assert reply.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert b'"records":[{' in plain


def test_a_problem_comes_so_as_well(li: Tablet) -> None:
    reply = li.post("/api/v1/sync", li.request(protocol=7), headers={"Accept-Encoding": "zstd"})

    assert reply.status == 400
    assert b"bad-request" in zstd.decompress(reply.body)
