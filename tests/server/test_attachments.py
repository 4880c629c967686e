"""What comes back of an attachment: to whom, how much of it, and what it no longer tells."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import Any

import pytest

from schemas.pictures import covered
from server import attachments, blobs
from server.verify import Finding
from tests.schemas.test_pictures import PLACE, TELLING
from tests.server.branch import GUIYING, Server, fresh_id
from tests.server.sending import Sender, attachment, jpeg, recorded

Json = Any
PHOTO = jpeg(5_000)


@pytest.fixture
def sender(server: Server) -> Sender:
    """李伟, who sends."""
    return Sender(server.tablet().catch_up())


def sent(sender: Sender, data: bytes, **fields: Json) -> str:
    """Send bytes with their record; return its id."""
    made = recorded(sender.tablet, data, **fields)
    assert sender.send(made, data).status == 204
    return made


def test_a_photo_is_shown_and_nothing_in_it_can_run(sender: Sender) -> None:
    made = sent(sender, PHOTO)

    reply = sender.get(made)

    assert reply.body == PHOTO
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["Content-Disposition"] == f'inline; filename="{made}.jpg"'
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("media_type", "head", "ending"),
    [
        ("application/pdf", b"%PDF-1.7", "pdf"), ("audio/mp4", b"\0\0\0\x20ftypM4A ", "m4a"),
        ("application/octet-stream", b"<html><script>alert(1)</script>", "bin"),
    ],
)  # fmt: skip
def test_everything_else_is_a_file_to_keep(
    server: Server, sender: Sender, media_type: str, head: bytes, ending: str
) -> None:
    made = sent(sender, head + bytes(20), media_type=media_type)

    reply = sender.get(made)

    assert reply.headers["Content-Type"] == media_type
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{made}.{ending}"'


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=0-99", 206, PHOTO[:100]), ("bytes=4000-", 206, PHOTO[4000:]),
        ("bytes=-10", 206, PHOTO[-10:]), ("bytes=9999-", 416, None), ("bytes=x", 200, PHOTO),
    ],
)  # fmt: skip
def test_a_range_can_be_asked_for(
    server: Server, sender: Sender, asked: str, status: int, expected: bytes | None
) -> None:
    reply = sender.get(sent(sender, PHOTO), Range=asked)

    assert reply.status == status
    if expected is None:
        assert reply.code == "range-not-satisfiable"
        assert reply.headers["Content-Range"] == f"bytes */{len(PHOTO)}"
    else:
        assert reply.body == expected


def test_who_has_it_already_need_not_fetch_it(sender: Sender) -> None:
    made = sent(sender, PHOTO)
    tag = sender.get(made).headers["ETag"]

    assert sender.get(made, **{"If-None-Match": tag}).status == 304


@pytest.mark.parametrize(
    ("username", "status"),
    [("li.wei", 200), ("wang.jun", 200), ("sun.yan", 200), ("zhao.min", 404), ("qian.hui", 404), ("he.xi", 404)],
)  # fmt: skip
def test_only_who_has_the_record_sees_the_bytes(
    server: Server, sender: Sender, username: str, status: int
) -> None:
    made = sent(sender, PHOTO)
    other = Sender(server.tablet(username))

    reply = other.get(made)

    assert reply.status == status
    if status == 404:  # and says no more than of what there is not
        for unknown in (fresh_id(), GUIYING, "x"):
            assert other.get(unknown).body.replace(unknown.encode(), made.encode()) == reply.body


def test_bytes_that_have_not_come_are_not_there(server: Server, sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    assert sender.get(made).code == "not-found"
    sender.tablet.access = "nobody"
    assert sender.get(made).code == "unauthenticated"


@pytest.mark.parametrize(("media_type", "data"), TELLING.values(), ids=TELLING)
def test_where_it_was_taken_is_kept_and_not_shown(
    one_server: Server, media_type: str, data: bytes
) -> None:
    sender = Sender(one_server.tablet().catch_up())
    made = sent(sender, data, media_type=media_type)

    reply = sender.get(made)

    assert reply.body == covered(data, media_type)
    assert PLACE not in reply.body
    assert int(reply.headers["Content-Length"]) == len(data)
    part = sender.get(made, Range="bytes=7-40").body
    assert part == reply.body[7:41]
    file = blobs.blob_path(one_server.data, hashlib.sha256(data).hexdigest())
    assert file.read_bytes() == data


# --------------------------------------------------------------------------------------- verify


def found(server: Server) -> list[Finding]:
    """Return what is wrong with the attachments."""
    with server.engine.connect() as connection:
        return list(attachments.findings(connection, server.data))


def test_every_byte_that_is_not_what_it_was_is_found(server: Server, sender: Sender) -> None:
    made = sent(sender, PHOTO)
    sent(sender, jpeg(700))
    recorded(sender.tablet, jpeg(900))  # whose bytes are still on the tablet
    assert found(server) == []
    file = blobs.blob_path(server.data, attachment(PHOTO)["set"]["sha256"])

    for damage in (
        lambda: file.write_bytes(PHOTO[:-3] + b"\0\xff\xd9"),
        lambda: file.write_bytes(PHOTO[:-1]),
        file.unlink,
    ):
        damage()
        first = found(server)[0]
        assert (first.branch, first.position) == ("QH", sender.tablet.held[made]["version"])
        assert made in first.what


def test_verify_looks_at_the_bytes_too(one_server: Server) -> None:
    sender = Sender(one_server.tablet().catch_up())
    made = sent(sender, PHOTO)
    blobs.blob_path(one_server.data, attachment(PHOTO)["set"]["sha256"]).write_bytes(b"rot")

    words = ["-m", "server.cli", "verify", "--data", str(one_server.data)]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert made in done.stderr
