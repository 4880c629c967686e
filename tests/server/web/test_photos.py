"""The photos of a customer on the pages: what is said of each, who may see them, how they are sent."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.server.branch import create, fresh_id, named
from tests.server.sending import Sender, jpeg
from tests.server.web.screens import DESK, PHONE, screen, served
from tests.server.web.village import CHEN, DENG, LI, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any
PHOTO = jpeg(5_000)
PLACED: dict[str, Json] = {"lat_e6": 27_712_345, "lon_e6": 109_598_765, "acc_m": 12}
ALBUM = f"/customers/{CHEN}/photos"
DRAWN = """async () => {
  for (const it of document.images) { it.scrollIntoView(); await it.decode(); }
  scrollTo(0, 0);
}"""
"""Waits until every image is drawn; one that cannot be is an error."""


def picture(width: int = 640, height: int = 480) -> bytes:
    """Return a PNG that a browser can draw: a sky over a field."""
    rows = []
    for y in range(height):
        ground = y > height * 3 // 5
        colour = (70, 120 + y % 40, 60) if ground else (150, 190 + y * 50 // height, 235)
        rows.append(b"\0" + bytes(colour) * width)

    def part(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"".join(rows)))
        + part(b"IEND", b"")
    )  # fmt: skip


def taken(village: Village, data: bytes, *, send: bool = True, **fields: Json) -> str:
    """Let 李敏 attach *data* to 陈国平, and send the bytes too where *send* says so; return the id."""
    key = fresh_id()
    whole = {
        "record_type": "customer", "record": CHEN, "kind": "photo_home",
        "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "media_type": "image/jpeg",
        "captured_at": "2026-06-16T01:10:00.000Z", "captured_by": LI, **fields,
    }  # fmt: skip
    result = village.li.push(create("attachment", CHEN, key, **whole))
    assert result["status"] == "applied", result
    if send:
        assert Sender(village.li).send(key, data).status == 204
    return key


def visit_of(village: Village) -> str:
    """Let 李敏 plan a visit at 陈国平's; return its id."""
    change = create(
        "visit", CHEN, None, purposes=["routine"], planned_on="2026-06-16", state="planned"
    )
    assert village.li.push(change)["status"] == "applied"
    return str(change["id"])


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Photo of the home Taken 16 Jun, 09:10 · 李敏 At 27.71235, 109.59877, to 12 m"),
        ("zh", "住处照片 拍摄于 6 月 16 日 09:10 · 李敏 位置 27.71235，109.59877（误差 12 米）"),
    ],
)
def test_a_photo_is_shown_with_when_and_where(every_village: Village, lang: str, said: str) -> None:
    key = taken(every_village, PHOTO, **PLACED)

    page = Visitor(every_village.server, lang).sign_in().get(ALBUM)

    assert said in words(page)
    assert f'<img src="/attachments/{key}"' in page.text


@pytest.mark.parametrize(("lang", "said"), [("en", "Not arrived yet"), ("zh", "尚未收到")])
def test_what_only_its_record_tells_of_has_not_arrived_yet(
    every_village: Village, lang: str, said: str
) -> None:
    key = taken(every_village, PHOTO, send=False)
    boss = Visitor(every_village.server, lang).sign_in()

    page = boss.get(ALBUM)

    assert said in words(page)
    assert f"/attachments/{key}" not in page.text
    assert boss.get(f"/attachments/{key}").status_code == 404
    assert Sender(every_village.li).send(key, PHOTO).status == 204
    assert said not in words(boss.get(ALBUM))


def test_the_bytes_are_those_of_the_api_and_nothing_in_them_can_run(village: Village) -> None:
    key = taken(village, PHOTO)

    reply = Visitor(village.server).sign_in().client.get(f"/attachments/{key}", buffered=True)

    assert reply.data == PHOTO
    for name, value in (
        ("Content-Type", "image/jpeg"), ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"), ("Cache-Control", "no-store"),
        ("Content-Disposition", f'inline; filename="{key}.jpg"'),
    ):  # fmt: skip
        assert reply.headers[name] == value


def test_what_is_no_picture_is_a_file_to_keep(village: Village) -> None:
    data = b"<html><script>alert(1)</script>"
    key = taken(village, data, media_type="application/octet-stream", kind="other")
    boss = Visitor(village.server).sign_in()

    page = boss.get(ALBUM)
    reply = boss.get(f"/attachments/{key}")

    assert "Save the file (1 KB)" in words(page)
    assert "<img" not in page.text
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{key}.bin"'


def test_those_of_one_visit_can_be_seen_alone(every_village: Village) -> None:
    visit = visit_of(every_village)
    with_customer = taken(every_village, PHOTO, record_type="visit", record=visit)
    other = taken(every_village, jpeg(4_000, seed=2))
    boss = Visitor(every_village.server).sign_in()

    every = boss.get(ALBUM)
    alone = boss.get(f"{ALBUM}?of={visit}")

    assert "2 in all" in words(every)
    assert "Visit · Tue 16 Jun" in words(every)
    assert f"of={visit}" in every.text
    assert with_customer in alone.text
    assert other not in alone.text


def test_the_newest_comes_first_and_a_page_holds_24(every_village: Village) -> None:
    for day in range(26):
        at = f"2026-05-{day + 1:02}T01:00:00.000Z"
        taken(every_village, jpeg(500, seed=day), send=False, captured_at=at)
    boss = Visitor(every_village.server).sign_in()

    first, second = words(boss.get(ALBUM)), words(boss.get(f"{ALBUM}?page=2"))

    assert first.count("Not arrived yet") == 24
    assert first.index("26 May") < first.index("25 May")
    assert second.count("Not arrived yet") == 2


def test_more_photos_take_no_more_statements(every_village: Village) -> None:
    boss = Visitor(every_village.server).sign_in()
    costs = []
    for seed in (1, 2, 3):
        taken(every_village, jpeg(500, seed=seed))
        with counted(every_village.server.engine) as sent:
            assert boss.get(ALBUM).status_code == 200
        costs.append(len(sent))

    assert len(set(costs)) == 1, costs


def test_who_may_not_see_a_photo_gets_none(village: Village) -> None:
    key = taken(village, PHOTO)
    address = f"/attachments/{key}"

    assert Visitor(village.server).get(address).status_code == 303, "signed out"
    for username, status in (("qian.bo", 200), ("li.min", 403), ("tian.yu", 404)):
        who = Visitor(village.server).sign_in(username)
        assert who.client.get(address, buffered=True).status_code == status, username
        assert who.get(ALBUM).status_code == status, username
    assert "No photos or files" in words(
        Visitor(village.server).sign_in().get(f"/customers/{DENG}/photos")
    )


def test_a_reviewer_is_listed_what_he_may_open(village: Village) -> None:
    key = taken(village, PHOTO)
    who = Visitor(village.server).sign_in("sun.yan")

    listed = key in who.get(ALBUM).text

    assert listed == (who.client.get(f"/attachments/{key}", buffered=True).status_code == 200)


@pytest.mark.parametrize(
    "path",
    [
        "/customers/x/photos", f"/customers/{named('nobody')}/photos", f"{ALBUM}?of=x",
        f"/customers/{LI}/photos", "/attachments/x", "/attachments/%00",
        f"/attachments/{named('nothing')}",
    ],
)  # fmt: skip
def test_what_is_no_customer_or_photo_is_nowhere(village: Village, path: str) -> None:
    assert Visitor(village.server).sign_in().get(path).status_code == 404


def test_conflicts_and_arrears_lead_there(village: Village) -> None:
    boss = Visitor(village.server).sign_in()
    conflict = village.income_of_the_boss()

    assert ALBUM in boss.get("/arrears").text
    assert ALBUM in boss.get(f"/conflicts/{conflict}").text


@pytest.mark.browser
@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_pictures_are_drawn_and_fit(
    chromium: Browser, village: Village, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    visit = visit_of(village)
    taken(village, picture(), media_type="image/png", **PLACED)
    taken(
        village, picture(300, 700), media_type="image/png", kind="photo_with_customer",
        record_type="visit", record=visit, **PLACED,
    )  # fmt: skip
    taken(village, PHOTO, send=False, kind="photo_asset")
    taken(village, b"%PDF-1.7 and more", media_type="application/pdf", kind="contract")
    with served(village.server.app) as address, screen(chromium, address, lang, size) as it:
        it.sign_in()
        for name, path in (("photos", ALBUM), ("photos-of-visit", f"{ALBUM}?of={visit}")):
            it.go(path)
            it.page.evaluate(DRAWN)
            assert it.page.locator("img").count() == (2 if name == "photos" else 1)
            it.picture(name, tmp_path)
            found = [*it.wider_than_window(), *it.too_small_to_touch(48 if size == PHONE else 24)]
            assert found == [], path
        it.go("/arrears")
        it.picture("arrears-photos", tmp_path)
        assert [*it.wider_than_window(), *it.too_small_to_touch(48 if size == PHONE else 24)] == []
