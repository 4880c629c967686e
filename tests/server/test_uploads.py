"""Uploads: tus 1.0.0 as it is written, whose they are, and what is taken in (protocol.md, section 11)."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schemas.limits import ATTACHMENT_BYTES
from server import blobs, parts, tus
from server.uploads import LIFE, upload
from tests.server.branch import GUIYING, Clock, Reply, Server, Tablet, fresh_id
from tests.server.sending import UPLOADS, Sender, attachment, checksum, jpeg, png, recorded

Json = Any
PHOTO = jpeg(50_000)


@pytest.fixture
def sender(li: Tablet) -> Sender:
    """李伟, who sends."""
    return Sender(li)


def kept(server: Server) -> list[Path]:
    """Return the files of attachments."""
    folder = server.data / blobs.FOLDER
    return sorted(it for it in folder.rglob("*") if it.is_file()) if folder.exists() else []


def unfinished(server: Server) -> list[Path]:
    """Return the files of uploads under way."""
    folder = server.data / parts.FOLDER
    return sorted(folder.iterdir()) if folder.exists() else []


# ------------------------------------------------------------------------------------ what tus says


def test_what_is_spoken_is_told_without_sign_in(server: Server) -> None:
    reply = server.send("OPTIONS", UPLOADS)

    assert reply.status == 204
    assert reply.headers["Tus-Version"] == reply.headers["Tus-Resumable"] == "1.0.0"
    assert reply.headers["Tus-Max-Size"] == str(ATTACHMENT_BYTES)
    assert set(reply.headers["Tus-Extension"].split(",")) >= {
        "creation", "checksum", "expiration", "termination",
    }  # fmt: skip
    assert set(reply.headers["Tus-Checksum-Algorithm"].split(",")) == {"sha1", "sha256"}


def test_bytes_come_in_parts_and_go_on_where_they_stopped(server: Server, sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    begun = sender.begin(made, len(PHOTO))
    assert (begun.status, begun.headers["Upload-Offset"]) == (201, "0")
    assert "Upload-Expires" in begun.headers
    address = begun.headers["Location"]

    first = sender.put(address, 0, PHOTO[:20_000])
    server.start()  # nothing is remembered but what is on the disk
    second = sender.put(address, sender.offset(address), PHOTO[20_000:])

    assert (first.status, first.headers["Upload-Offset"]) == (204, "20000")
    assert (second.status, second.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert sender.offset(address) == len(PHOTO)
    assert sender.get(made).body == PHOTO
    assert unfinished(server) == []


def test_what_an_upload_is_of_is_told_with_its_length(sender: Sender) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))

    reply = sender.ask("HEAD", address)

    assert reply.headers["Upload-Length"] == str(len(PHOTO))
    assert reply.headers["Upload-Metadata"].startswith("attachment ")
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("offset", [0, 9_999, 10_001, len(PHOTO)])
def test_a_part_that_begins_elsewhere_changes_nothing(sender: Sender, offset: int) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    sender.put(address, 0, PHOTO[:10_000])

    assert sender.put(address, offset, PHOTO[offset:]).code == "offset-conflict"
    assert sender.offset(address) == 10_000


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_that_arrives_damaged_is_not_taken(sender: Sender, algorithm: str) -> None:
    made = recorded(sender.tablet, PHOTO)
    address, half = sender.begun(made, len(PHOTO)), PHOTO[:25_000]
    right = checksum(algorithm, half)

    damaged = sender.put(address, 0, b"\0" + half[1:], Upload_Checksum=right)
    assert (damaged.status, damaged.code) == (460, "checksum-mismatch")
    assert sender.offset(address) == 0

    assert sender.put(address, 0, half, Upload_Checksum=right).status == 204
    rest = checksum(algorithm, PHOTO[25_000:])
    assert sender.put(address, 25_000, PHOTO[25_000:], Upload_Checksum=rest).status == 204
    assert sender.get(made).body == PHOTO


@pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1", "sha1 !", "sha256 AAAA"])
def test_a_checksum_of_another_kind_is_refused(sender: Sender, said: str) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))

    assert sender.put(address, 0, PHOTO, Upload_Checksum=said).code == "bad-request"
    assert sender.offset(address) == 0


def test_the_first_part_may_come_with_the_beginning(sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)

    reply = sender.begin(made, len(PHOTO), PHOTO)

    assert (reply.status, reply.headers["Upload-Offset"]) == (201, str(len(PHOTO)))
    assert sender.get(made).body == PHOTO


def test_an_upload_can_be_ended(server: Server, sender: Sender) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    sender.put(address, 0, PHOTO[:10])

    assert sender.ask("DELETE", address).status == 204

    assert sender.ask("HEAD", address).status == 404
    assert sender.put(address, 10, PHOTO[10:]).code == "not-found"
    assert unfinished(server) == []


def test_an_upload_that_nobody_finishes_expires_and_is_removed(
    server: Server, sender: Sender, clock: Clock
) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    sender.put(address, 0, PHOTO[:10])
    clock.now += LIFE
    sender.tablet.login()

    assert sender.ask("HEAD", address).status == 404

    sender.begun(recorded(sender.tablet, jpeg(99)), 99)
    assert len(unfinished(server)) == 1
    with server.engine.connect() as connection:
        assert len(connection.execute(select(upload.c.id)).all()) == 1


def test_who_can_only_post_says_what_he_means(sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    address = sender.begun(made, len(PHOTO))

    reply = sender.ask(
        "POST", address, {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}, PHOTO
    )

    assert (reply.status, sender.get(made).body) == (204, PHOTO)
    assert sender.ask("POST", address, {"X-HTTP-Method-Override": "GET"}).status == 405


REFUSED: list[tuple[str, str, dict[str, str], bytes | None, int]] = [
    ("POST", "", {"Tus-Resumable": "0.2.0"}, None, 412),
    ("HEAD", "it", {"Tus-Resumable": ""}, None, 412),
    ("POST", "", {}, None, 400),
    ("POST", "", {"Upload-Length": "5"}, None, 400),
    ("POST", "", {"Upload-Length": "5", "Upload-Metadata": "filename Li4veA=="}, None, 400),
    ("POST", "", {"Upload-Length": "5", "Upload-Metadata": "attachment"}, None, 404),
    ("POST", "", {"Upload-Length": "5", "Upload-Metadata": "attachment !!"}, None, 400),
    ("POST", "", {"Upload-Length": "5", "Upload-Metadata": "attachment Li4veA=="}, None, 404),
    ("POST", "", {"Upload-Defer-Length": "1", "Upload-Metadata": "attachment AA=="}, None, 400),
    ("POST", "", {"Upload-Length": "-1", "Upload-Metadata": "attachment AA=="}, None, 400),
    ("POST", "", {"Upload-Length": "１", "Upload-Metadata": "attachment AA=="}, None, 400),
    ("PATCH", "it", {"Upload-Offset": "0", "Content-Type": "application/json"}, b"{}", 415),
    ("PATCH", "it", {"Upload-Offset": "x"}, b"abc", 400),
    ("PATCH", "it", {}, b"abc", 400),
    ("PATCH", "it", {"Upload-Offset": "0"}, None, 415),
    ("PATCH", "it", {"Upload-Offset": "0"}, PHOTO + b"more", 413),
    ("PATCH", "../../keys.json", {"Upload-Offset": "0"}, b"abc", 404),
    ("PATCH", "0" * 32, {"Upload-Offset": "0"}, b"abc", 404),
    ("GET", "it", {}, None, 405),
    ("PUT", "it", {}, b"abc", 405),
]


@pytest.mark.parametrize(("method", "path", "headers", "body", "status"), REFUSED)
def test_what_is_no_tus_is_refused_and_changes_nothing(
    one_server: Server, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int
) -> None:  # fmt: skip
    sender = Sender(one_server.tablet().catch_up())
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))

    reply = sender.ask(method, address if path == "it" else UPLOADS + path, headers, body)

    assert reply.status == status
    if method != "HEAD":
        assert reply.code
    assert sender.offset(address) == 0
    assert len(unfinished(one_server)) == 1


# ------------------------------------------------------------------------------------- whose it is


def test_nobody_uploads_without_sign_in(server: Server, sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    address = sender.begun(made, len(PHOTO))
    sender.tablet.access = "nobody"

    assert sender.begin(made, len(PHOTO)).code == "unauthenticated"
    assert sender.put(address, 0, PHOTO).code == "unauthenticated"
    assert sender.ask("HEAD", address).status == 401
    assert sender.ask("DELETE", address).code == "unauthenticated"


def test_an_attachment_out_of_scope_is_as_one_that_there_is_not(
    server: Server, sender: Sender
) -> None:
    made = recorded(sender.tablet, PHOTO)
    answers = []
    for username in ("zhao.min", "he.xi", "qian.hui"):
        other = Sender(server.tablet(username))
        answers += [other.begin(made, 5), other.begin(fresh_id(), 5), other.begin(GUIYING, 5)]

    assert {it.status for it in answers} == {404}
    assert len({it.body for it in answers}) == 1


def test_anothers_upload_is_as_one_that_there_is_not(server: Server, sender: Sender) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    other = Sender(server.tablet("zhao.min"))

    assert other.put(address, 0, PHOTO).code == "not-found"
    assert other.ask("HEAD", address).status == other.ask("HEAD", UPLOADS + "0" * 32).status == 404
    assert other.ask("DELETE", address).code == "not-found"
    assert sender.offset(address) == 0


def test_metadata_comes_first(sender: Sender) -> None:
    change = attachment(PHOTO)

    assert sender.begin(change["id"], len(PHOTO)).code == "not-found"

    sender.tablet.push(change)
    assert sender.send(change["id"], PHOTO).status == 204


def test_late_work_brings_its_bytes_though_its_maker_may_not_see_them(
    server: Server, sender: Sender
) -> None:
    wang = server.tablet("wang.jun")
    wish = {"customer": GUIYING, "officer": "zhao.min", "role": "primary", "reason": "handover"}
    assert wang.post("/api/v1/assignments", wish).status == 201
    made = recorded(sender.tablet, PHOTO)

    assert sender.send(made, PHOTO).status == 204

    assert sender.get(made).code == "not-found"
    assert Sender(server.tablet("zhao.min")).get(made).body == PHOTO


def test_a_locked_tablet_sends_nothing(server: Server, sender: Sender) -> None:
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    wang = server.tablet("wang.jun")
    wang.post(f"/api/v1/devices/{sender.tablet.device}/lock", {})

    assert sender.put(address, 0, PHOTO).code == "device-locked"


# ------------------------------------------------------------------------------- what is taken in


def other_bytes(data: bytes) -> bytes:
    return data[:-3] + b"\0\xff\xd9"


@pytest.mark.parametrize(
    ("said", "sent", "fields", "code"),
    [
        (PHOTO, other_bytes(PHOTO), {}, "hash-mismatch"),
        (PHOTO, PHOTO[:-1], {}, "hash-mismatch"),
        (PHOTO, PHOTO + b"\0", {}, "hash-mismatch"),
        (PHOTO, b"", {}, "hash-mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None, {}, "unsupported-media-type"),
        (b"<html>", None, {"media_type": "application/pdf"}, "unsupported-media-type"),
        (PHOTO, None, {"media_type": "image/png"}, "unsupported-media-type"),
        (PHOTO, None, {"media_type": "audio/mp4"}, "unsupported-media-type"),
        (PHOTO, None, {"media_type": "image/svg+xml"}, "unsupported-media-type"),
        (PHOTO, None, {"media_type": "text/html"}, "unsupported-media-type"),
        (png(20_000, 20_000), None, {"media_type": "image/png"}, "too-large"),
    ],
)
def test_what_is_not_what_its_record_says_is_discarded(
    one_server: Server, said: bytes, sent: bytes | None, fields: Json, code: str
) -> None:
    sender = Sender(one_server.tablet().catch_up())
    made = recorded(sender.tablet, said, **fields)

    assert sender.send(made, said if sent is None else sent).code == code

    assert unfinished(one_server) == []
    assert kept(one_server) == []
    assert sender.get(made).code == "not-found"


def test_after_a_wrong_file_the_right_one_is_taken(sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    sender.send(made, other_bytes(PHOTO))

    assert sender.send(made, PHOTO).status == 204


def test_what_is_too_large_is_not_even_begun(sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    huge = recorded(sender.tablet, jpeg(60), size=50_000_000)

    assert sender.begin(made, ATTACHMENT_BYTES + 1).code == "too-large"
    assert sender.begin(huge, 60).code == "too-large"


@pytest.mark.parametrize(
    ("media_type", "head"),
    [
        ("image/jpeg", b"\xff\xd8\xff\xe0"), ("image/png", png(9, 9)),
        ("image/webp", b"RIFF\x10\0\0\0WEBPVP8 "), ("application/pdf", b"%PDF-1.7"),
        ("audio/mp4", b"\0\0\0\x20ftypM4A "), ("audio/mpeg", b"ID3\x04"), ("audio/ogg", b"OggS\0"),
        ("audio/amr", b"#!AMR\n"), ("audio/webm", b"\x1a\x45\xdf\xa3"),
        ("audio/wav", b"RIFF\x10\0\0\0WAVE"), ("application/octet-stream", b"anything"),
    ],
)  # fmt: skip
def test_what_field_work_has_a_use_for_is_taken(
    one_server: Server, media_type: str, head: bytes
) -> None:
    sender = Sender(one_server.tablet().catch_up())
    made = recorded(sender.tablet, head + b"\0" * 30, media_type=media_type)

    assert sender.send(made, head + b"\0" * 30).status == 204
    assert sender.get(made).body == head + b"\0" * 30


def test_the_same_bytes_are_kept_once(server: Server, sender: Sender) -> None:
    both = [recorded(sender.tablet, PHOTO) for _ in range(2)]

    assert [sender.send(it, PHOTO).status for it in both] == [204, 204]

    (file,) = kept(server)
    sha256 = file.parent.name + file.name
    assert file.parent.parent == server.data / "attachments"
    assert len(file.parent.name) == 2
    assert sha256 == attachment(PHOTO)["set"]["sha256"]
    assert [sender.get(it).body for it in both] == [PHOTO, PHOTO]


def test_sending_again_heals_what_was_damaged(server: Server, sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    sender.send(made, PHOTO)
    kept(server)[0].write_bytes(b"rot")

    sender.send(made, PHOTO)

    assert sender.get(made).body == PHOTO


# --------------------------------------------------------------------------------- what goes wrong


class Sources:
    """Bodies that break after some bytes, by the name under which WSGI hands them over."""

    def __init__(self, body: bytes, breaks_with: Exception) -> None:
        self.body, self.breaks_with = body, breaks_with

    def read(self, size: int) -> bytes:
        if not self.body:
            raise self.breaks_with
        read, self.body = self.body[:size], self.body[size:]
        return read


def cut(server: Server, sender: Sender, address: str, body: bytes, error: Exception) -> Reply:
    """Send a part whose connection breaks after *body*."""
    headers = {
        **sender.tablet.authorization, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream", "Content-Length": str(len(PHOTO)),
    }  # fmt: skip
    with server.app.test_client() as client:
        answer = client.open(
            address, method="PATCH", headers=headers,
            environ_overrides={"wsgi.input": Sources(body, error)},
        )  # fmt: skip
        return Reply(answer.status_code, dict(answer.headers), answer.get_data())


@pytest.mark.parametrize(
    ("error", "code"), [(TimeoutError(), "timeout"), (ConnectionResetError(), "bad-request")]
)
@pytest.mark.parametrize("came", [1, 1_024, 16_384, 16_385, 49_999])
def test_what_came_before_a_cut_need_not_come_again(
    one_server: Server, error: Exception, code: str, came: int
) -> None:
    sender = Sender(one_server.tablet().catch_up())
    made = recorded(sender.tablet, PHOTO)
    address = sender.begun(made, len(PHOTO))

    assert cut(one_server, sender, address, PHOTO[:came], error).code == code

    assert sender.offset(address) == came
    assert sender.put(address, came, PHOTO[came:]).status == 204
    assert sender.get(made).body == PHOTO


def test_of_a_checked_part_that_was_cut_nothing_is_taken(one_server: Server) -> None:
    sender = Sender(one_server.tablet().catch_up())
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    whole = checksum("sha1", PHOTO)

    assert sender.put(address, 0, PHOTO[:900], Upload_Checksum=whole).status == 460
    assert sender.offset(address) == 0


def test_two_who_send_at_once_do_not_mix(server: Server, sender: Sender) -> None:
    ours, theirs = (jpeg(400_000, seed) for seed in (1, 2))
    address = sender.begun(recorded(sender.tablet, ours), len(ours))
    begin, codes = Barrier(2), []

    def send(data: bytes) -> None:
        begin.wait()
        codes.append(sender.put(address, 0, data[:-1]).status)

    both = [Thread(target=send, args=[it]) for it in (ours, theirs)]
    for it in both:
        it.start()
    for it in both:
        it.join()

    assert sorted(codes) == [204, 409]
    (file,) = unfinished(server)
    assert file.read_bytes() in (ours[:-1], theirs[:-1])


def test_a_silent_sender_stops_nobody(one_server: Server) -> None:
    """His connection is dead and nobody has told the server: he comes back and goes on."""
    sender = Sender(one_server.tablet().catch_up())
    made = recorded(sender.tablet, PHOTO)
    address = sender.begun(made, len(PHOTO))
    answers = []

    class Silent(Sources):
        def read(self, size: int) -> bytes:
            if not self.body:  # his other request, while this one still waits
                answers.append(sender.put(address, sender.offset(address), PHOTO[16_384:]).status)
            return super().read(size)

    headers = {
        **sender.tablet.authorization, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream", "Content-Length": str(len(PHOTO)),
    }  # fmt: skip
    with one_server.app.test_client() as client:
        client.open(
            address, method="PATCH", headers=headers,
            environ_overrides={"wsgi.input": Silent(PHOTO[:16_384], TimeoutError())},
        )  # fmt: skip

    assert answers == [204]
    assert sender.get(made).body == PHOTO


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_and_reading_goes_on(
    server: Server, sender: Sender, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before, made = recorded(sender.tablet, jpeg(99)), recorded(sender.tablet, PHOTO)
    sender.send(before, jpeg(99))
    address = sender.begun(made, len(PHOTO))
    real = os.pwrite

    def full(handle: int, data: Any, offset: int) -> int:
        if offset >= 16_384:
            raise OSError(number, "no room")
        return real(handle, data, offset)

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        reply = sender.put(address, 0, PHOTO)
        assert (reply.status, reply.code) == (507, "storage-full")
        assert sender.get(before).body == jpeg(99)
        checked = checksum("sha256", PHOTO[16_384:])
        again = sender.put(address, 16_384, PHOTO[16_384:], Upload_Checksum=checked)
        assert again.code == "storage-full"

    assert sender.offset(address) == 16_384
    assert sender.put(address, 16_384, PHOTO[16_384:]).status == 204
    assert sender.get(made).body == PHOTO


@pytest.mark.parametrize("place", ["check", "keep", "_write"])
def test_a_server_that_dies_while_it_finishes_finishes_afterwards(
    server: Server, sender: Sender, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    made = recorded(sender.tablet, PHOTO)
    address = sender.begun(made, len(PHOTO))

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    where: Any = {
        "check": "server.attachments.check", "keep": "server.blobs.keep",
        "_write": "server.uploads.Uploads._write",
    }[place]  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(where, die)
        with pytest.raises(Killed):
            sender.put(address, 0, PHOTO)
    server.start()

    assert sender.offset(address) == len(PHOTO)
    assert sender.get(made).body == PHOTO


def test_many_slow_uploads_leave_room_for_a_sync(
    one_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender(one_server.tablet().catch_up())
    address = sender.begun(recorded(sender.tablet, PHOTO), len(PHOTO))
    for _ in range(tus.MOST_BODIES_AT_ONCE):
        assert tus._bodies.acquire(blocking=False)
    try:
        reply = sender.put(address, 0, PHOTO)
    finally:
        for _ in range(tus.MOST_BODIES_AT_ONCE):
            tus._bodies.release()

    assert (reply.status, reply.code) == (503, "unavailable")
    assert reply.headers["Retry-After"]
    assert sender.put(address, 0, PHOTO).status == 204


def test_beginnings_are_limited(one_server: Server) -> None:
    one_server.settings = {"rate_limit": True}
    one_server.start()
    sender = Sender(one_server.tablet().catch_up())
    made = recorded(sender.tablet, PHOTO)

    codes = [sender.begin(made, len(PHOTO)).status for _ in range(121)]

    assert codes == [201] * 120 + [429]


def test_an_upload_of_a_deleted_attachment_is_over(sender: Sender) -> None:
    made = recorded(sender.tablet, PHOTO)
    address = sender.begun(made, len(PHOTO))
    gone = {"op": "delete", "type": "attachment", "id": made, "customer": GUIYING, "reason": "误拍"}
    assert sender.tablet.push(gone)["status"] == "applied"

    assert sender.put(address, 0, PHOTO).code == "not-found"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(data=st.data())
def test_in_whatever_parts_and_repeats_bytes_come_they_arrive_as_they_were(
    shared_server: Server, data: st.DataObject
) -> None:
    """Parts of any length at any offset: only those that fit are taken, and the offset never lies."""
    photo = jpeg(600, data.draw(st.integers(0, 10**6)))
    sender = Sender(shared_server.tablet().catch_up())
    made = recorded(sender.tablet, photo)
    address, come = sender.begun(made, len(photo)), 0
    while come < len(photo):
        at = data.draw(st.sampled_from((come, come, come, 0, len(photo) // 2)))
        size = data.draw(st.integers(0, 300).map(lambda it: 300 - it))  # shrinks to fewer parts
        part = photo[at : at + size]
        status = sender.put(address, at, part).status
        assert status == (204 if at == come else 409)
        come += len(part) if at == come else 0
        assert sender.offset(address) == come
    assert sender.get(made).body == photo
