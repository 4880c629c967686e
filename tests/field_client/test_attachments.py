"""Files of the field client: kept with their records, sent after a sync, gone on with after a cut."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from field_client.attached import PART_BYTES
from field_client.cli import NAME, cli
from field_client.console import run
from field_client.faults import NotPossibleError, OfflineError
from field_client.transport import Carried
from schemas import problems
from schemas.limits import ATTACHMENT_BYTES
from server import blobs, parts
from tests.faults.proxy import proxy
from tests.field_client.test_against_server import Link, Officer
from tests.places import sqlite_url
from tests.schemas.test_pictures import PLACE, TELLING
from tests.server.branch import GUIYING, LI_HAS, PASSWORD, Clock, Server, make_branch
from tests.server.sending import Sender, jpeg
from tests.server.serving import serving

Json = Any
PHOTO = jpeg(3 * PART_BYTES + 100)


@dataclass
class FileLink(Link):
    """A network that carries files too.

    Attributes:
        breaks: for the coming requests of uploads: "up", "down", how many bytes of a part still came, or None.
        carried: the methods and paths that arrived.
    """

    breaks: list[str | int | None] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)

    def carry(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, bearer: str | None
    ) -> Carried:
        """Carry one request of an upload."""
        cut = self.breaks.pop(0) if self.breaks else None
        if cut == "up":
            raise OfflineError(server=self.server, said="cut")
        sent = body[:cut] if isinstance(cut, int) else body
        said = {**headers, "Authorization": f"Bearer {bearer}"}
        reply = self.network.send(method, path, sent or None, said)
        self.carried.append((method, path.rstrip("/").rpartition("/")[0]))
        if cut is not None:
            raise OfflineError(server=self.server, said="cut")
        if reply.status >= 400:
            kinds = [it for it in problems.CATALOGUE.values() if it.status == reply.status]
            raise problems.from_answer(reply.json) if reply.body else kinds[0]()
        return Carried(reply.status, {key.lower(): it for key, it in reply.headers.items()})


@dataclass
class Photographer(Officer):
    """An officer with a network that carries files."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.link: FileLink = FileLink(self.server)
        self.reopen()

    def seen(self, attachment: str) -> bytes | None:
        """Return an attachment's bytes as the branch has them for this officer."""
        tablet = self.server.tablet(self.username)
        reply = Sender(tablet).get(attachment)
        return reply.body if reply.status == 200 else None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    make_branch(sqlite_url(tmp_path))
    made = Server(sqlite_url(tmp_path), tmp_path, Clock())
    yield made
    made.close()


@pytest.fixture
def li(server: Server, tmp_path: Path) -> Iterator[Photographer]:
    made = Photographer(server, tmp_path / "li.db", "li.wei", Random(1))
    made.sync()
    yield made
    made.store.close()


def test_a_photo_is_at_the_branch_after_one_sync(li: Photographer) -> None:
    made = li.client.attach(GUIYING, PHOTO, "photo_home")
    before = li.client.status()

    report = li.client.sync()

    assert (before.files_waiting, report.uploaded, report.files_waiting) == (1, 1, 0)
    assert li.seen(made) == PHOTO
    assert li.client.record(made).fields["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert li.client.record(made).customer == GUIYING
    assert (li.client.status().strip, li.client.status().files_waiting) == ("all_synced", 0)


def test_without_a_network_that_carries_files_they_wait_and_it_is_said(li: Photographer) -> None:
    li.link.breaks = ["up"]
    li.client.attach(GUIYING, PHOTO)

    report = li.client.sync()

    assert (report.count("applied"), report.uploaded, report.files_waiting) == (1, 0, 1)
    status = li.client.status()
    assert (status.all_synced, status.strip, status.files_waiting) == (True, "files", 1)


def test_what_waits_is_told_to_the_branch(li: Photographer) -> None:
    li.link.breaks = ["up"]
    li.client.attach(GUIYING, PHOTO)
    li.client.sync()
    li.link.breaks = ["up"]
    li.client.sync()

    wang = li.server.tablet("wang.jun")
    (told,) = [
        it["waiting"]["attachments"] for it in wang.get("/api/v1/devices").json["devices"]
        if it["id"] == li.store.identity().id
    ]  # fmt: skip
    assert told == 1


def test_nothing_goes_up_before_its_record_is_accepted(li: Photographer) -> None:
    li.client.attach(GUIYING, PHOTO)
    li.link.cuts = ["up"]

    with pytest.raises(OfflineError):
        li.client.sync()

    assert li.link.carried == []
    assert li.store.files_to_send() == []


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("how", ["up", "down", 70_000])
def test_a_cut_anywhere_costs_only_what_was_on_the_line(
    li: Photographer, place: int, how: str | int
) -> None:
    made = li.client.attach(GUIYING, PHOTO)
    li.link.breaks = [*(None for _ in range(place)), how]

    li.client.sync()
    li.reopen()
    li.client.sync()

    assert li.seen(made) == PHOTO
    assert li.client.status().files_waiting == 0
    begun = sum(it == ("POST", "/api/v1") for it in li.link.carried)
    assert begun == (2 if place == 0 and how != "up" else 1)


def test_signatures_go_first_and_then_the_smallest(li: Photographer) -> None:
    large, small, signature = (jpeg(it) for it in (4_000, 1_000, 9_000))
    made = [
        li.client.attach(GUIYING, it, kind)
        for it, kind in ((large, "photo_home"), (small, "photo_asset"), (signature, "signature"))
    ]
    li.link.breaks = ["up"]
    li.client.sync()

    assert [it.id for it in li.store.files_to_send()] == [made[2], made[1], made[0]]


def test_an_upload_that_has_expired_begins_anew(li: Photographer) -> None:
    made = li.client.attach(GUIYING, PHOTO)
    li.link.breaks = [None, 1_000]
    li.client.sync()
    li.server.clock.advance(days=20)

    li.client.sync()

    assert li.seen(made) == PHOTO


def test_a_restored_server_gets_the_files_again(li: Photographer) -> None:
    made = li.client.attach(GUIYING, PHOTO)
    li.client.sync()
    file = blobs.blob_path(li.server.data, hashlib.sha256(PHOTO).hexdigest())
    file.unlink()
    with li.server.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM attachment_blob")
    li.store.offer_files_again()
    assert li.client.status().files_waiting == 1

    li.client.sync()
    assert li.seen(made) == PHOTO

    li.store.offer_files_again()  # and where nothing was lost, nothing is sent
    li.link.carried.clear()
    li.client.sync()
    assert li.link.carried == [("HEAD", "/api/v1/attachments")]


def test_what_was_sent_is_kept_for_35_days(li: Photographer) -> None:
    made = li.client.attach(GUIYING, PHOTO)
    li.client.sync()
    li.client.sync()
    assert b"".join(li.store.file_bytes(made)) == PHOTO

    li.server.clock.advance(days=36)
    li.client.login("li.wei", PASSWORD, "T")
    li.client.sync()

    assert list(li.store.file_bytes(made)) == []


def test_where_a_photo_was_taken_never_leaves_the_tablet(li: Photographer, tmp_path: Path) -> None:
    made = [li.client.attach(GUIYING, data) for _, data in TELLING.values()]
    li.client.sync()

    assert all(PLACE not in (li.seen(it) or PLACE) for it in made)
    kept = [it for it in (li.server.data / blobs.FOLDER).rglob("*") if it.is_file()]
    assert len(kept) == len({hashlib.sha256(it.read_bytes()).digest() for it in kept})
    assert all(PLACE not in it.read_bytes() for it in kept)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a", bytes(ATTACHMENT_BYTES + 1)])
def test_what_the_branch_will_not_take_is_refused_here(li: Photographer, data: bytes) -> None:
    with pytest.raises(NotPossibleError):
        li.client.attach(GUIYING, data)

    assert li.client.status().waiting == 0


def test_a_file_that_the_branch_refuses_is_shown_and_holds_nobody_up(li: Photographer) -> None:
    bad = li.client.attach(GUIYING, PHOTO)
    good = li.client.attach(LI_HAS[1], jpeg(900_000))
    li.store.database.execute(
        "UPDATE attachment_part SET bytes = zeroblob(length(bytes)) WHERE attachment = ?", [bad]
    )

    report = li.client.sync()

    assert (report.uploaded, report.files_waiting) == (1, 0)
    assert li.store.refused_files() == [{"id": bad, "why": "hash-mismatch"}]
    assert li.client.status().files_refused == 1
    assert li.seen(good) is not None


def test_the_file_of_a_record_that_was_given_up_does_not_wait(li: Photographer) -> None:
    wang = li.server.tablet("wang.jun")
    wang.post(f"/api/v1/devices/{li.store.identity().id}/lock", {})
    li.client.attach(GUIYING, PHOTO)
    with pytest.raises(problems.DeviceLockedError):
        li.client.sync()
    assert li.client.status().files_waiting == 1
    (one,) = li.client.attention()
    assert one.set is not None

    li.client.discard(one.set.number)

    assert li.client.status().files_waiting == 0


def test_a_photo_that_was_deleted_again_is_not_sent(li: Photographer) -> None:
    made = li.client.attach(GUIYING, PHOTO)
    li.client.delete(made, "误拍")

    report = li.client.sync()

    assert (report.uploaded, report.files_waiting) == (0, 0)
    assert li.client.status().files_refused == 0


def test_late_work_brings_its_photo(li: Photographer) -> None:
    wish = {"customer": GUIYING, "officer": "zhao.min", "role": "primary", "reason": "handover"}
    li.server.tablet("wang.jun").post("/api/v1/assignments", wish)
    made = li.client.attach(GUIYING, PHOTO)

    report = li.client.sync()

    assert report.uploaded == 1
    assert Sender(li.server.tablet("zhao.min")).get(made).body == PHOTO


def test_a_sync_without_files_asks_nothing_more(li: Photographer) -> None:
    li.client.sync()

    assert li.link.carried == []


def test_the_access_token_may_run_out_between_two_parts(li: Photographer) -> None:
    made = li.client.attach(GUIYING, PHOTO)
    li.link.breaks = [None, None, "down"]
    li.client.sync()
    li.server.clock.now += timedelta(hours=1)
    li.client.sync()

    assert li.seen(made) == PHOTO


# ------------------------------------------------------------------------------------ the command


@pytest.fixture
def field_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Json]:
    """Run the command on an encrypted store and return what it tells a machine."""
    monkeypatch.setenv("XIANGXIN_FIELD_STORE", str(tmp_path / "s.db"))
    monkeypatch.setenv("XIANGXIN_FIELD_PASSWORD", PASSWORD)
    monkeypatch.setenv("LANG", "C.UTF-8")
    pin = tmp_path / "pin"
    pin.write_text("482193")

    def ran(*arguments: str) -> Json:
        capfd.readouterr()
        status = run(cli, ["--json", "--pin-file", str(pin), *arguments], NAME)
        out, err = capfd.readouterr()
        assert status == 0, err
        return json.loads(out)

    return ran


def test_an_encrypted_store_tells_nothing_of_a_photo_and_sends_it_over_a_bad_line(
    tmp_path: Path, field_command: Callable[..., Json]
) -> None:
    make_branch(sqlite_url(tmp_path))
    photo, data = tmp_path / "home.jpg", jpeg(700_000, exif=b"MM" + PLACE)
    photo.write_bytes(data)
    with serving(sqlite_url(tmp_path), tmp_path) as served, proxy(served.port) as line:
        field_command("login", f"http://127.0.0.1:{line.port}", "--user", "li.wei")
        field_command("pin", "set", "--new-pin-file", str(tmp_path / "pin"))
        field_command("sync")

        made = field_command("attach", str(photo), "--customer", GUIYING, "--kind", "photo_home")["id"]  # fmt: skip
        stored = b"".join(it.read_bytes() for it in tmp_path.glob("s.db*"))
        assert data[5_000:5_040] not in stored
        assert len(stored) > len(data)
        line.cut_up = 300_000
        first = field_command("sync")
        line.cut_up = None
        second = field_command("sync")

        assert (first["uploaded"], first["files_waiting"]) == (0, 1)
        assert (second["uploaded"], second["files_waiting"]) == (1, 0)
        assert line.cuts == 1
        fields = field_command("show", made)["fields"]
        kept = blobs.blob_path(tmp_path, fields["sha256"]).read_bytes()
        assert (len(kept), PLACE in kept) == (len(data), False)
        assert list((tmp_path / parts.FOLDER).iterdir()) == []
