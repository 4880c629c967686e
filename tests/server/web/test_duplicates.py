"""One person registered twice, on the web: the two side by side, and what a supervisor makes of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.server.branch import call, fresh_id, national_id, registration
from tests.server.web.village import CHEN, VILLAGE, Village
from tests.server.web.visiting import Visitor, words

Json = Any
TWIN = fresh_id()


@pytest.fixture
def boss(village: Village) -> Visitor:
    """王建国, signed in."""
    return Visitor(village.server).sign_in()


@pytest.fixture
def twin(village: Village) -> str:
    """赵磊 registers 陈国平 of 李敏 once more; return the conflict under the second record."""
    fields = {"name": "陈国萍", "phone": "13900000077", "phone_alt": "13900000078"}
    result = village.zhao.push(registration(TWIN, 0, village_id=VILLAGE, **fields))
    assert result["status"] == "conflict"
    return str(result["changes"][0]["conflicts"][0])


def open_conflicts(boss: Visitor) -> int:
    return len(re.findall(r'href="/conflicts/[0-9a-f-]{36}"', boss.get("/conflicts").text))


def customer(village: Village, which: str = CHEN) -> Json:
    village.li.login()
    return village.li.catch_up().fields(which)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_two_are_side_by_side_and_nothing_is_chosen(
    village: Village, twin: str, lang: str
) -> None:
    page = Visitor(village.server, lang).sign_in().get(f"/conflicts/{twin}")
    said = words(page)

    for one in ("陈国平", "陈国萍", "李敏", "赵磊"):
        assert one in said
    assert said.count("This record stays" if lang == "en" else "保留此档案") == 2
    assert " checked" not in page.text
    assert national_id(0) not in page.text.split("<details>")[0]


def test_the_queue_shows_one_line_for_each_side(village: Village, boss: Visitor, twin: str) -> None:
    said = words(boss.get("/conflicts"))

    assert said.count("The same person twice") == 2


def test_a_merge_keeps_one_and_closes_both(village: Village, boss: Visitor, twin: str) -> None:
    village.zhao.push(call(TWIN, "约好周六见面"))

    done = boss.settle(twin, choice="merge-1", comment="身份证相同，已核实。")

    assert done.status_code == 303
    assert open_conflicts(boss) == 0
    settled = words(boss.get(f"/conflicts/{twin}"))
    assert "The two records were merged into one." in settled
    assert "身份证相同，已核实。" in settled
    assert "phone_alt" not in customer(village)
    assert TWIN not in village.li.held
    calls = [it for it in village.li.held.values() if it["type"] == "interaction"]
    assert [it["customer"] for it in calls] == [CHEN]


def test_what_is_ticked_is_taken_over(village: Village, boss: Visitor, twin: str) -> None:
    boss.settle(twin, choice="merge-1", **{"take-phone_alt": "1", "take-phone": "1"})

    found = customer(village)

    assert (found["phone"], found["phone_alt"]) == ("13900000077", "13900000078")
    assert found["name"] == "陈国平"


@pytest.mark.parametrize("box", ["take-id_no", "take-customer_no", "take-state", "take-x", "take-"])
def test_what_cannot_be_taken_over_is_not(
    village: Village, boss: Visitor, twin: str, box: str
) -> None:
    before = customer(village)
    assert boss.settle(twin, choice="merge-1", **{box: "1"}).status_code == 303

    assert customer(village) == before


def test_they_are_two_people(village: Village, boss: Visitor, twin: str) -> None:
    assert boss.settle(twin, choice="keep", comment="父子").status_code == 303

    assert open_conflicts(boss) == 0
    assert customer(village)["name"] == "陈国平"
    again = boss.post(f"/conflicts/{twin}/reopen")
    assert again.status_code == 303
    assert open_conflicts(boss) == 2


@pytest.mark.parametrize(
    "choice", ["", "merge", "merge-2", "merge--1", "merge-x", "other-0", "custom"]
)
def test_what_is_no_choice_is_asked_again(
    village: Village, boss: Visitor, twin: str, choice: str
) -> None:
    page = boss.settle(twin, choice=choice, **{"take-phone": "1"})

    assert page.status_code == 422
    assert "Choose the record that stays" in words(page)
    assert 'name="take-phone" value="1" checked' in page.text


def test_a_merge_cannot_be_opened_again(village: Village, boss: Visitor, twin: str) -> None:
    boss.settle(twin, choice="merge-0")
    page = boss.post(f"/conflicts/{twin}/reopen")

    assert page.status_code == 303
    assert "merged" in words(boss.get(f"/conflicts/{twin}"))
    assert open_conflicts(boss) == 0


def test_a_reader_sees_both_and_decides_nothing(village: Village, twin: str) -> None:
    reader = Visitor(village.server).sign_in("qian.bo")
    page = reader.get(f"/conflicts/{twin}")

    assert "陈国萍" in page.text
    assert 'name="choice"' not in page.text
    assert reader.post(f"/conflicts/{twin}", choice="merge-0", base="1").status_code == 403
