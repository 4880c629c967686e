"""The page of the tablets: locking, unlocking and wiping one after a question, and who did it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.server.branch import named
from tests.server.web.screens import DESK, PHONE, screen, served
from tests.server.web.village import Village
from tests.server.web.visiting import Visitor, words

WISHES = ["lock", "unlock", "wipe"]
NOBODY = named("nobody's tablet")


def at(village: Village, wish: str) -> str:
    """Return the address of a question about 李敏's tablet."""
    return f"/devices/{village.li.device}/{wish}"


def decide(boss: Visitor, address: str) -> str:
    """Open a question, answer it with yes, and return what the list says afterwards."""
    assert boss.get(address).status_code == 200
    assert boss.post(address).headers["Location"] == "/devices"
    return words(boss.get("/devices"))


def test_the_tablets_are_listed(every_village: Village) -> None:
    boss = Visitor(every_village.server).sign_in()

    assert 'href="/devices"' in boss.get("/").text
    told = words(boss.get("/devices"))

    assert "T1 tablet 李敏 In use" in told
    assert "T2 tablet 赵磊 In use" in told


def test_a_copy_that_had_to_be_repaired_is_told(every_village: Village) -> None:
    boss, li = Visitor(every_village.server).sign_in(), every_village.li
    before = words(boss.get("/devices"))

    for times in (1, 2):
        reply = li.post("/api/v1/sync/repair", {"cursor": li.cursor, "buckets": ["0" * 16] * 256})
        assert reply.status == 200
        told = words(boss.get("/devices"))
        assert ("put right once" if times == 1 else f"put right {times} times") in told
    assert "put right" not in before


@pytest.mark.parametrize(
    ("lang", "locked", "unlocked", "wiped"),
    [
        ("en", "Locked 王建国 (you), 16 Jun, 13:10", "In use 王建国 (you), 16 Jun, 13:10", "Wiped 王建国"),
        ("zh", "已锁定 王建国（您），6 月 16 日 13:10", "使用中 王建国（您）", "已清除 王建国（您）"),
    ],
)  # fmt: skip
def test_a_tablet_is_locked_unlocked_and_wiped_and_the_page_says_by_whom(
    every_village: Village, lang: str, locked: str, unlocked: str, wiped: str
) -> None:
    boss = Visitor(every_village.server, lang).sign_in()
    li = every_village.li

    assert locked in decide(boss, at(every_village, "lock"))
    assert li.offer().code == "device-locked"
    assert unlocked in decide(boss, at(every_village, "unlock"))
    assert li.offer().status == 200
    assert wiped in decide(boss, at(every_village, "wipe"))
    assert li.offer().code == "device-wiped"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("lock", "Nothing is lost."),
        ("wipe", "It reported 3 sets that it had not sent: they are lost with it."),
    ],
)
def test_the_question_says_what_will_happen(village: Village, wish: str, said: str) -> None:
    village.li.sync(waiting={"sets": 3})

    page = Visitor(village.server).sign_in().get(at(village, wish))

    assert said in words(page)
    assert village.li.offer().status == 200, "a question changes nothing"


@pytest.mark.parametrize("wish", WISHES)
def test_only_a_supervisor_of_the_branch_is_asked(village: Village, wish: str) -> None:
    for username, status in (("qian.bo", 403), ("sun.yan", 403), ("li.min", 403), ("tian.yu", 404)):
        who = Visitor(village.server).sign_in(username)
        who.get("/devices")

        assert who.get(at(village, wish)).status_code == status, username
        assert who.post(at(village, wish)).status_code == status, username
    assert village.li.offer().status == 200


def test_who_only_reads_has_no_buttons(village: Village) -> None:
    page = Visitor(village.server).sign_in("qian.bo").get("/devices").text

    assert "T1" in page
    assert "/lock" not in page


@pytest.mark.parametrize("device", [NOBODY, "T1", "%00", "..%2f.."])
def test_what_is_no_tablet_is_nowhere(village: Village, device: str) -> None:
    boss = Visitor(village.server).sign_in()
    boss.get("/")

    assert boss.get(f"/devices/{device}/lock").status_code == 404
    assert boss.post(f"/devices/{device}/lock").status_code == 404


def test_what_is_not_offered_is_not_asked(village: Village) -> None:
    boss = Visitor(village.server).sign_in()

    assert boss.get(at(village, "unlock")).status_code == 404
    decide(boss, at(village, "wipe"))
    assert boss.get(at(village, "unlock")).status_code == 404
    assert boss.post(at(village, "unlock")).status_code == 404


def test_a_form_from_elsewhere_locks_nothing(village: Village) -> None:
    boss = Visitor(village.server).sign_in()

    assert boss.post(at(village, "wipe"), csrf_token="made up").status_code == 400
    assert village.li.offer().status == 200


def test_an_administrator_is_named_as_one(village: Village) -> None:
    from server import devices
    from server.context import context
    from server.db import writing

    parts = context(village.server.app)
    with writing(parts.engine) as connection:
        devices.decide(
            connection, parts.registry, parts.settings, village.li.device, "lock", None, parts.now()
        )

    assert "Locked An administrator, 16 Jun, 13:10" in words(
        Visitor(village.server).sign_in().get("/devices")
    )


@pytest.mark.browser
@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_pages_fit(
    chromium: Browser, village: Village, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    village.li.push({"op": "update"}, action="test")
    lost = {"cursor": village.li.cursor, "buckets": ["0" * 16] * 256}
    assert village.li.post("/api/v1/sync/repair", lost).status == 200
    with served(village.server.app) as address, screen(chromium, address, lang, size) as it:
        it.sign_in()
        for name, path in (
            ("tablets", "/devices"), ("question", at(village, "wipe")), ("aside", "/quarantine"),
            ("lock", at(village, "lock")), ("alarm", "/"),
        ):  # fmt: skip
            it.go(path)
            it.picture(name, tmp_path)

            found = [*it.wider_than_window(), *it.too_small_to_touch(48 if size == PHONE else 24)]
            assert found == [], path
