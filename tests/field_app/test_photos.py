"""A photo taken on a visit without a network: kept, encrypted and small, and at the branch afterwards."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from playwright.sync_api import FilePayload, Locator, Route, expect

from schemas.media import told_by
from schemas.pictures import look
from server import blobs
from tests.field_app.app import App
from tests.field_app.conftest import Tablets
from tests.field_app.offices import Office
from tests.field_app.routine import all_is_well
from tests.field_app.test_journey import PIN
from tests.journeys.village import PASSWORD

pytestmark = pytest.mark.browser
PLACE = b"30.123456N 110.654321E"


def picture(width: int, height: int) -> bytes:
    """Return a PNG in two colours that tells where it was taken."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))  # fmt: skip

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(
        b"\0" + (b"\x20\x80\x40" if it % 200 < 100 else b"\xf0\xe0\x90") * width
        for it in range(height)
    )
    parts = ((b"IHDR", header), (b"tEXt", b"Comment\0" + PLACE), (b"IDAT", zlib.compress(rows)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*it) for it in (*parts, (b"IEND", b"")))


PHOTO = FilePayload(name="照片.png", mimeType="image/png", buffer=picture(2400, 1800))


def begin_visit(li: App) -> None:
    """From a customer: open the form of a visit."""
    quick = li.page.get_by_role("navigation", name=li.say("customer", "do.label"))
    quick.get_by_role("link", name=li.say("customer", "do.visit")).click()


def take_photo(li: App, picture: FilePayload = PHOTO) -> None:
    """In the form of a visit: take a photo."""
    li.page.locator("input[type=file]").set_input_files([picture])


def photos_in_form(li: App) -> Locator:
    return li.page.get_by_role("region", name=li.say("visit", "visit.photos"))


def test_a_photo_survives_a_dead_battery_and_goes_up_after_the_sync(
    village: Office, tablet: Tablets
) -> None:
    li = tablet("en")
    li.open()
    li.sign_in("li.min", PASSWORD, PIN)
    li.network(there=False)
    li.customer("陈国平")
    begin_visit(li)
    take_photo(li)
    expect(photos_in_form(li).get_by_role("img")).to_have_count(1)
    li.kill()

    li.open()
    li.unlock(PIN)
    li.customer("陈国平")
    begin_visit(li)
    photos = photos_in_form(li)
    expect(photos.get_by_role("img")).to_have_count(1)
    take_photo(li, FilePayload(name="x.png", mimeType="image/png", buffer=b"no picture"))
    expect(photos.get_by_role("alert")).to_have_text(li.say("visit", "visit.photo.unreadable"))
    take_photo(li)
    expect(photos.get_by_role("img")).to_have_count(2)
    photos.get_by_role("button", name="Remove").last.click()
    expect(photos.get_by_role("img")).to_have_count(1)
    li.page.get_by_role("button", name=li.say("visit", "visit.later")).click()
    li.visit("陈国平", "看了大棚。", "长势正常。", all_is_well(li.lang))
    expect(li.page.get_by_role("main").get_by_role("img")).to_have_count(1)

    with li.page.expect_response(lambda it: it.request.method == "PATCH") as sent:
        li.network(there=True)
    assert sent.value.status == 204
    li.all_synced()

    [file] = [it for it in (village.served.data / blobs.FOLDER).rglob("*") if it.is_file()]
    kept = file.read_bytes()
    assert told_by(kept) == "image/jpeg"
    shown = look(kept, "image/jpeg")
    assert (shown.width, shown.height) == (1600, 1200)
    assert PLACE not in kept
    assert village.verify().returncode == 0

    other = tablet("en")
    other.open()
    other.sign_in("li.min", PASSWORD, PIN, "T9")
    other.customer("陈国平")
    there = other.page.get_by_role("region", name=other.say("customer", "photos.title"))
    there.get_by_role("button").click()
    expect(there.get_by_role("img")).to_have_count(1)
    width = there.get_by_role("img").evaluate("it => it.decode().then(() => it.naturalWidth)")
    assert width == 1600


def test_a_photo_that_arrived_as_another_is_shown_and_goes_once_more(
    village: Office, tablet: Tablets
) -> None:
    """Its bytes are turned over on the way, once: the branch finds out, and its officer is told."""
    li = tablet("zh")
    li.open()
    li.sign_in("li.min", PASSWORD, PIN)
    turned: list[str] = []

    def turn_over(route: Route) -> None:
        body = route.request.post_data_buffer
        if route.request.method == "PATCH" and body and not turned:
            turned.append(route.request.url)
            route.continue_(post_data=bytes([*body[:-1], body[-1] ^ 1]))
        else:
            route.continue_()

    li.page.context.route("**/api/v1/uploads/*", turn_over)
    li.network(there=False)
    li.customer("陈国平")
    begin_visit(li)
    take_photo(li)
    expect(photos_in_form(li).get_by_role("img")).to_have_count(1)
    li.page.get_by_role("button", name=li.say("visit", "visit.later")).click()
    li.visit("陈国平", "看了大棚。", "长势正常。", all_is_well(li.lang))
    li.network(there=True)

    li.to("sync")
    needing = li.page.get_by_role("region", name=li.say("sync", "attention"))
    expect(needing).to_contain_text(li.say("sync", "file.changed"))
    expect(needing).to_contain_text(li.say("sync", "file.what"))
    assert turned
    assert not any(it.is_file() for it in (village.served.data / blobs.FOLDER).rglob("*"))

    with li.page.expect_response(lambda it: it.request.method == "PATCH") as sent:
        needing.get_by_role("button", name=li.say("sync", "attention.again")).click()
    assert sent.value.status == 204
    expect(needing).to_have_count(0)
    assert [re.sub(r"\D", "", it) for it in li.unexpected()] == ["422", "404"], "refused, asked for"
    li.faults.clear()
    assert any(it.is_file() for it in (village.served.data / blobs.FOLDER).rglob("*"))
