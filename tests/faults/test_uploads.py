"""Bytes get through lines that break and servers that die, sent by our own hand and by stock tus clients."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from server import parts
from tests.faults.proxy import Proxy, proxy
from tests.places import REPOSITORY
from tests.server.branch import Tablet
from tests.server.sending import UPLOADS, Sender, jpeg, recorded
from tests.server.serving import Line, LinkError, Served, serving

PHOTO = jpeg(300_000)
STOCK_JS = REPOSITORY / "field_client" / "app" / "tests" / "stock_tus.mjs"


@dataclass(frozen=True)
class Place:
    """A server, a bad line to it, and 李伟 at the line's end, who has a good one as well."""

    served: Served
    line: Proxy
    good: Sender
    li: Sender

    @property
    def address(self) -> str:
        """Where a stock client is told to send."""
        return f"http://127.0.0.1:{self.line.port}{UPLOADS}"


@pytest.fixture
def place(branch_url: str, tmp_path: Path) -> Iterator[Place]:
    with serving(branch_url, tmp_path, workers=2) as served, proxy(served.port) as line:
        li = Tablet(served.line, "li.wei")
        li.login()
        li.catch_up()
        yield Place(served, line, Sender(li), Sender(replace(li, network=Line(line.port))))


def bad(line: Proxy, random: Random, most: int) -> None:
    """Let the connections that follow break, most on their way up, some before the answer is there."""
    line.cut_up = random.randrange(most) if random.random() < 0.8 else None
    line.cut_down = random.randrange(200) if random.random() < 0.3 else None


def went_on(place: Place, upload: str, told: int) -> int:
    """Return how far an upload has come; what was told before still holds, and it is the photo's beginning."""
    come = place.good.offset(upload)
    assert told <= come <= len(PHOTO)
    part = parts.path(place.served.data, upload.rpartition("/")[2])
    if come < len(PHOTO):
        assert part.read_bytes()[:come] == PHOTO[:come]
    return come


def came_whole(place: Place, attachment_id: str) -> None:
    assert place.good.get(attachment_id).body == PHOTO
    assert list((place.served.data / parts.FOLDER).iterdir()) == []


CUTS = [pytest.param(30, id="30 cuts"), pytest.param(2_000, id="many", marks=pytest.mark.long)]


@pytest.mark.parametrize("cuts", CUTS)
def test_a_line_that_breaks_anywhere_costs_what_was_on_it(place: Place, cuts: int) -> None:
    random = Random(cuts)
    while place.line.cuts < cuts:
        made = recorded(place.good.tablet, PHOTO)
        upload, come = place.good.begun(made, len(PHOTO)), 0
        while come < len(PHOTO):
            bad(place.line, random, 60_000)
            try:
                place.li.put(upload, come, PHOTO[come:])
            except LinkError:
                pass
            come = went_on(place, upload, come)
        came_whole(place, made)


def send(place: Place, upload: str, offset: int, cut: threading.Event) -> None:
    try:
        place.li.put(upload, offset, PHOTO[offset:])
    except LinkError:
        cut.set()


KILLS = [pytest.param(3, id="3 kills"), pytest.param(200, id="200 kills", marks=pytest.mark.long)]


@pytest.mark.parametrize("kills", KILLS)
def test_a_server_killed_at_any_byte_goes_on_from_what_it_told(place: Place, kills: int) -> None:
    random, met = Random(kills), 0
    place.line.bytes_a_second = 150_000
    while met < kills:
        made = recorded(place.good.tablet, PHOTO)
        upload, come = place.good.begun(made, len(PHOTO)), 0
        while come < len(PHOTO):
            cut = threading.Event()
            sending = threading.Thread(target=send, args=(place, upload, come, cut))
            sending.start()
            if met < kills:
                cut.wait(random.uniform(0, 1.0))
                place.served.kill()
                sending.join()
                met += cut.is_set()
                place.served.start()
            sending.join()
            come = went_on(place, upload, come)
        came_whole(place, made)


# ------------------------------------------------------------------------------- stock tus clients


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "with checksums"])
def test_pythons_stock_client_gets_through_a_line_that_breaks(place: Place, checked: bool) -> None:
    made = recorded(place.good.tablet, PHOTO)
    client = TusClient(place.address, headers=place.li.tablet.authorization)
    random, address = Random(7), None
    while True:
        try:
            uploader = client.uploader(
                file_stream=BytesIO(PHOTO), chunk_size=40_000, metadata={"attachment": made},
                url=address, upload_checksum=checked,
            )  # fmt: skip
            address = address or uploader.create_url()
            uploader.set_url(address)
            bad(place.line, random, 60_000)
            uploader.upload()
            break
        except (TusCommunicationError, TypeError):  # the client trips over a head that was cut off
            place.line.cut_up = place.line.cut_down = None

    assert place.line.cuts
    came_whole(place, made)


@pytest.mark.parametrize("chunk", ["Infinity", "50000"])
def test_javascripts_stock_client_gets_through_a_line_that_breaks(
    place: Place, tmp_path: Path, chunk: str
) -> None:
    made, file = recorded(place.good.tablet, PHOTO), tmp_path / "photo.jpg"
    file.write_bytes(PHOTO)
    place.line.cut_up = 45_000
    token = place.li.tablet.access
    words = ["node", str(STOCK_JS), place.address, token, made, str(file), chunk]

    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    assert UPLOADS in done.stdout
    assert place.line.cuts
    came_whole(place, made)
