"""The page of what was kept aside: who sent what, and why it was not taken, in people's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.branch import call, create, edit, fresh_id
from tests.server.web.village import CHEN, DENG, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any
PAGE = "/quarantine"


def test_the_summary_leads_there(village: Village) -> None:
    assert 'href="/quarantine"' in Visitor(village.server).sign_in().get("/").text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["李敏 · tablet T1 · set 1", "Phone: Digits only, 7 to 15 of them", "Changed: Customer", "Phone x"]),
        ("zh", ["李敏 · 平板 T1 · 第 1 组", "电话：只填数字，7 至 15 位", "修改：客户", "电话 x"]),
    ],
)  # fmt: skip
def test_a_set_is_shown_with_its_reasons(
    every_village: Village, lang: str, said: list[str]
) -> None:
    every_village.li.push(edit(CHEN, phone="x"))

    page = Visitor(every_village.server, lang).sign_in().get(PAGE)

    assert page.status_code == 200
    told = words(page)
    assert "陈国平" in told
    assert [it for it in said if it not in told] == [], told


REFUSED: dict[str, tuple[list[Json], Json, str]] = {
    "out of reach": (
        [edit(fresh_id(), phone="13900000001")],
        {},
        "the branch does not have for you",
    ),
    "an unknown type": ([create("spaceship", CHEN, None, name="x")], {}, "this kind of record"),
    "an unknown field": ([edit(DENG, wings=2)], {}, "does not know this field"),
    "no changes": ([], {}, "There is nothing in it."),
    "too large a stand-in": ([], {"action": "too-large"}, "Too much for one step"),
    "no object": (["x", 7, None], {}, "Kept aside"),
    "a deletion without a reason": (
        [{"op": "delete", "type": "household_member", "id": fresh_id(), "customer": CHEN}],
        {},
        "Please fill this in",
    ),
    "values of every kind": (
        [edit(CHEN, name={"a": [1, None]}, phone=["<b>"], annual_income_fen="5", lat_e6=True)],
        {},
        "Yearly income: Enter a whole number.",
    ),
    "markup": ([edit(CHEN, phone="<script>alert(1)</script>")], {}, "<script>alert(1)</script>"),
}


@pytest.mark.parametrize(("changes", "members", "said"), REFUSED.values(), ids=REFUSED)
def test_whatever_was_sent_can_be_read(
    village: Village, changes: list[Json], members: Json, said: str
) -> None:
    result = village.li.push(*changes, **members)
    assert result["status"] == "rejected"

    page = Visitor(village.server).sign_in().get(PAGE)

    assert page.status_code == 200
    assert said in words(page) or said in page.get_data(as_text=True), words(page)
    assert "<script>alert" not in page.text


def test_what_was_taken_back_is_apart(village: Village) -> None:
    village.li.push(edit(CHEN, phone="13800000001"), action="withdrawn")
    boss = Visitor(village.server).sign_in()

    assert "Nothing is kept aside here" in words(boss.get(PAGE))
    assert "You took this back" in words(boss.get(f"{PAGE}?show=withdrawn"))


def test_a_phone_is_masked_until_somebody_looks(village: Village) -> None:
    village.li.push(edit(CHEN, phone="13912345678"), edit(DENG, phone="x"))

    page = Visitor(village.server).sign_in().get(PAGE).text

    assert "<summary>" in page
    assert "139 1234 5678" in page
    assert ">13912345678<" not in page


def test_a_locked_tablet_s_work_is_told_so(village: Village) -> None:
    village.boss().post(f"/api/v1/devices/{village.li.device}/lock", b"")
    village.li.offer(village.li.change_set(call(CHEN)))

    assert "The tablet is locked" in words(Visitor(village.server).sign_in().get(PAGE))


def test_twenty_sets_a_page_and_as_many_statements_as_for_one(every_village: Village) -> None:
    li, boss = every_village.li, Visitor(every_village.server).sign_in()
    li.push(edit(CHEN, phone="x"))
    with counted(every_village.server.engine) as few:
        boss.get(PAGE)
    li.sync(*(li.change_set(edit(CHEN, phone="x")) for _ in range(24)))

    with counted(every_village.server.engine) as many:
        first = boss.get(PAGE)

    assert len(many) == len(few)
    assert first.text.count('<article class="card stack">') == 20
    assert "Page 1 of 2" in words(first)
    assert boss.get(f"{PAGE}?page=2").text.count('<article class="card stack">') == 5
    assert boss.get(f"{PAGE}?page=99&show=x").status_code == 200


def test_another_branch_sees_none_of_it(village: Village) -> None:
    village.li.push(edit(CHEN, phone="x"))

    assert "陈国平" not in words(Visitor(village.server).sign_in("tian.yu").get(PAGE))


def test_who_only_reads_sees_it_too(village: Village) -> None:
    village.li.push(edit(CHEN, phone="x"))

    assert "陈国平" in words(Visitor(village.server).sign_in("qian.bo").get(PAGE))
