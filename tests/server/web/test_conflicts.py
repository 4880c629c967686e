"""Settling conflicts on the web: what is shown, who may decide, what becomes of a decision."""

from __future__ import annotations

import pytest
from sqlalchemy import update as update_rows

from server.store import record
from tests.server.branch import create, named, update
from tests.server.web.village import CHEN, DENG, NOW, Village
from tests.server.web.visiting import Visitor, counted, words


@pytest.fixture
def boss(village: Village) -> Visitor:
    """王建国, signed in."""
    return Visitor(village.server).sign_in()


def phone_of(village: Village, customer: str = CHEN) -> object:
    village.li.login()
    return village.li.catch_up().fields(customer)["phone"]


# ----------------------------------------------------------------------------------------- shown


def test_the_queue_names_customer_field_people_and_age(village: Village, boss: Visitor) -> None:
    village.at(hours=5)
    village.phone_conflict()
    village.at()

    page = words(Visitor(village.server).sign_in().get("/conflicts"))

    assert "Chen Guoping 陈国平 5 h Phone · Two values 赵磊 and 李敏" in page


def test_the_oldest_comes_first_and_the_sensitive_are_marked(village: Village) -> None:
    village.at(hours=9)
    village.conflict("annual_income_fen", 6_000_000, 4_600_000, DENG)
    village.at(hours=1)
    village.phone_conflict()
    village.at()

    page = words(Visitor(village.server).sign_in().get("/conflicts"))

    assert page.index("Yearly income · Two values Sensitive") < page.index("Phone · Two values")


def test_every_version_is_there_with_its_author_and_nothing_is_chosen(
    village: Village, boss: Visitor
) -> None:
    page = boss.get(f"/conflicts/{village.phone_conflict()}")
    said = words(page)

    assert said.count("ending in") == 3
    assert "Stands now 赵磊" in said
    assert "tablet T1" in said
    assert "tablet T2" in said
    assert " checked" not in page.text


def test_a_phone_is_masked_until_it_is_unfolded(village: Village, boss: Visitor) -> None:
    page = boss.get(f"/conflicts/{village.phone_conflict()}")

    assert "ending in 2250" in words(page)
    before_unfolding = page.text.split("<details>")[0]
    assert "139 0000 2250" not in before_unfolding
    assert "139 0000 2250" in page.text


@pytest.mark.parametrize(
    ("path", "first", "second", "shown"),
    [
        ("annual_income_fen", 6_000_000, 4_600_00, "¥4,600.00"),
        ("segment", "trade", "wage", "Wages"),
        ("land_own_tmu", 125, 120, "12.0 mu"),
        ("id_valid_to", "2031-05-12", "2036-08-01", "Fri 1 Aug 2036"),
        ("household_size", 3, 4, "4"),
        ("main_activity", "生猪养殖", "茶叶种植", "茶叶种植"),
    ],
)
def test_values_are_shown_as_their_kind_is_spoken(
    village: Village, boss: Visitor, path: str, first: object, second: object, shown: str
) -> None:
    assert shown in words(boss.get(f"/conflicts/{village.conflict(path, first, second)}"))


def test_a_group_shows_all_its_members(village: Village, boss: Visitor) -> None:
    village.cover(CHEN)
    rest = {"village_opinion_by": "王支书", "village_opinion_on": "2026-06-01"}
    conflict = village.conflict("village_opinion", "good", "poor", **rest)

    page = words(boss.get(f"/conflicts/{conflict}"))

    for word in ("Village opinion", "Given by", "王支书", "Given on", "Mon 1 Jun", "Good", "Poor"):
        assert word in page


def test_two_texts_are_shown_joined_and_each_in_full(village: Village, boss: Visitor) -> None:
    first, second = "晚上在家，周三赶集。\n电话常打不通。", "晚上在家，敲后门。\n电话常打不通。"
    page = boss.get(f"/conflicts/{village.conflict('preferences', first, second)}")

    assert '<ins class="ins">晚上在家，周三赶集。\n</ins>' in page.text
    assert '<ins class="ins2">晚上在家，敲后门。\n</ins>' in page.text
    assert first in page.text
    assert second in page.text
    assert "晚上在家，周三赶集。\n晚上在家，敲后门。\n电话常打不通。</textarea>" in page.text


def test_markup_in_a_value_is_shown_as_text(village: Village, boss: Visitor) -> None:
    evil = "<img src=x onerror=alert(1)>"
    page = boss.get(f"/conflicts/{village.conflict('main_activity', 'x', evil)}")

    assert "<img" not in page.text
    assert evil in words(page) or "&lt;img" in page.text


def test_a_removed_member_and_a_change_of_it_are_shown(village: Village, boss: Visitor) -> None:
    village.cover(CHEN)
    member = create("household_member", CHEN, None, name="陈小明", relation="child")
    village.li.catch_up()
    assert village.li.push(member)["status"] in ("applied", "merged")
    for tablet in (village.li, village.zhao):
        tablet.catch_up()
    key = member["id"]
    village.zhao.push(update("household_member", key, CHEN, occupation="务农"))
    result = village.li.push(
        {
            "op": "delete",
            "type": "household_member",
            "id": key,
            "customer": CHEN,
            "reason": "已分家",
        }
    )
    conflict = result["changes"][0]["conflicts"][0]

    page = words(boss.get(f"/conflicts/{conflict}"))

    assert "Deleted: 已分家" in page
    assert "务农" in page
    assert "Delete the record" in page


def test_a_conflict_of_another_branch_is_not_here(village: Village) -> None:
    conflict = village.phone_conflict()
    stranger = Visitor(village.server).sign_in("tian.yu")

    assert stranger.get(f"/conflicts/{conflict}").status_code == 404
    assert stranger.post(f"/conflicts/{conflict}", choice="keep", base="1").status_code == 404
    assert stranger.post(f"/conflicts/{conflict}/reopen").status_code == 404
    assert "陈国平" not in stranger.get("/conflicts").text


# --------------------------------------------------------------------------------------- deciding


def test_taking_the_other_value_reaches_both_tablets(village: Village, boss: Visitor) -> None:
    answer = boss.settle(village.phone_conflict(), choice="other-0")
    page = words(boss.get(answer.headers["Location"]))

    assert answer.status_code == 303
    assert "Saved. The tablets receive it with their next sync." in page
    assert "Settled by 王建国 (you), 16 Jun, 13:10" in page or "Settled by 王建国 (you)" in page
    assert "The value of 李敏 was taken." in page
    assert phone_of(village) == "13900002250"


def test_keeping_changes_nothing(village: Village, boss: Visitor) -> None:
    boss.settle(village.phone_conflict(), choice="keep")

    assert phone_of(village) == "13800004471"


def test_a_value_of_ones_own_is_read_as_its_kind_says(village: Village, boss: Visitor) -> None:
    boss.settle(
        village.phone_conflict(),
        choice="custom",
        comment="本人来电",
        **{"value-phone": "138 0000 9999"},
    )

    assert phone_of(village) == "13800009999"


def test_money_is_typed_in_yuan(village: Village, boss: Visitor) -> None:
    conflict = village.conflict("annual_income_fen", 6_000_000, 4_600_000)

    boss.settle(
        conflict, choice="custom", comment="核实", **{"value-annual_income_fen": "¥48,000.50"}
    )

    village.li.login()
    assert village.li.catch_up().fields(CHEN)["annual_income_fen"] == 4_800_050


def test_a_joined_text_is_stored_as_mended(village: Village, boss: Visitor) -> None:
    conflict = village.conflict("preferences", "晚上在家，周三赶集。", "晚上在家，敲后门。")

    boss.settle(
        conflict,
        choice="custom",
        comment="合并",
        **{"value-preferences": "晚上在家，周三赶集，敲后门。\r\n"},
    )

    village.li.login()
    assert village.li.catch_up().fields(CHEN)["preferences"] == "晚上在家，周三赶集，敲后门。"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Choose which value shall stand"),
        ({"choice": "other-7"}, "Choose which value shall stand"),
        ({"choice": "custom", "value-phone": "13800009999"}, "Write the reason for your decision"),
        (
            {"choice": "custom", "comment": "x", "value-phone": ""},
            "Fill in the value that shall stand",
        ),
        ({"choice": "custom", "comment": "x", "value-phone": "12"}, "Digits only, 7 to 15 of them"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    village: Village, boss: Visitor, form: dict[str, str], told: str
) -> None:
    page = boss.settle(village.phone_conflict(), **form)

    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert words(page).count(told) >= 2  # in the box on top, and at the field
    assert form.get("value-phone", "") in page.text
    assert phone_of(village) == "13800004471"


def test_a_sensitive_field_asks_for_a_reason_whatever_is_chosen(
    village: Village, boss: Visitor
) -> None:
    conflict = village.conflict("annual_income_fen", 6_000_000, 4_600_000)

    page = boss.settle(conflict, choice="keep")

    assert (page.status_code, "Write the reason" in words(page)) == (422, True)


@pytest.mark.parametrize("base", ["", "-1", "x", "99999999999999999999", "99999999"])
def test_a_form_that_does_not_say_what_was_seen_changes_nothing(
    village: Village, boss: Visitor, base: str
) -> None:
    conflict = village.phone_conflict()
    boss.get(f"/conflicts/{conflict}")

    answer = boss.post(f"/conflicts/{conflict}", choice="other-0", base=base)

    assert answer.status_code == 400
    assert phone_of(village) == "13800004471"


def test_a_value_that_came_in_meanwhile_keeps_it_open(village: Village, boss: Visitor) -> None:
    conflict = village.phone_conflict()
    boss.get(f"/conflicts/{conflict}")
    unseen = village.li.base
    village.zhao.login()
    village.zhao.push(update("customer", CHEN, CHEN, phone="13700000001"), base=unseen)

    answer = boss.post(f"/conflicts/{conflict}", choice="other-0", base=boss.base)
    page = words(boss.get(answer.headers["Location"]))

    assert "Another value came in while you were deciding" in page
    assert "Which shall stand?" in page
    assert "ending in 0001" in page


def test_a_conflict_settled_by_someone_else_says_by_whom_and_how(
    village: Village, boss: Visitor
) -> None:
    conflict = village.phone_conflict()
    boss.get(f"/conflicts/{conflict}")
    other = Visitor(village.server).sign_in("sun.fang")
    other.settle(conflict, choice="other-0", comment="已电话核实")

    answer = boss.post(f"/conflicts/{conflict}", choice="keep", base=boss.base)
    page = words(boss.get(answer.headers["Location"]))

    assert "Someone settled it before you" in page
    assert "Settled by 孙芳" in page
    assert "The value of 李敏 was taken. Reason: 已电话核实" in page
    assert phone_of(village) == "13900002250"


def test_a_record_changed_since_is_shown_as_it_stands(village: Village, boss: Visitor) -> None:
    conflict = village.phone_conflict()
    village.zhao.login()
    village.zhao.catch_up()
    village.zhao.push(update("customer", CHEN, CHEN, phone="13700000001"))

    page = words(boss.get(f"/conflicts/{conflict}"))

    assert "The value has changed since" in page
    assert page.index("ending in 0001") < page.index("ending in 4471")


# --------------------------------------------------------------------------------- who may decide


@pytest.mark.parametrize("username", ["qian.bo", "sun.yan"])
def test_readers_see_everything_and_get_no_form(village: Village, username: str) -> None:
    conflict = village.phone_conflict()
    reader = Visitor(village.server).sign_in(username)

    page = reader.get(f"/conflicts/{conflict}")
    answer = reader.post(f"/conflicts/{conflict}", choice="other-0", base="1")

    assert "a supervisor decides" in words(page)
    assert 'name="choice"' not in page.text
    assert answer.status_code == 403
    assert reader.post(f"/conflicts/{conflict}/reopen").status_code == 403
    assert phone_of(village) == "13800004471"


def test_whoever_wrote_one_side_of_a_sensitive_field_is_told_who_decides(village: Village) -> None:
    conflict = village.income_of_the_boss()
    boss = Visitor(village.server).sign_in("wang.jianguo")

    page = boss.get(f"/conflicts/{conflict}")
    answer = boss.post(
        f"/conflicts/{conflict}", choice="keep", comment="我说了算", base=boss.token and "1"
    )

    assert "It may be decided by: 孙芳 and 孙燕." in words(page)
    assert 'name="choice"' not in page.text
    assert answer.status_code in (400, 422)


def test_someone_who_wrote_neither_side_decides(village: Village) -> None:
    conflict = village.income_of_the_boss()

    answer = (
        Visitor(village.server)
        .sign_in("sun.fang")
        .settle(conflict, choice="keep", comment="已核实")
    )

    assert answer.status_code == 303


def test_a_reviewer_decides_what_is_passed_up_and_may_write_it(village: Village) -> None:
    conflict = village.income_of_the_boss()
    reviewer = Visitor(village.server).sign_in("sun.yan")

    answer = reviewer.settle(conflict, choice="other-0", comment="已核实")

    assert answer.status_code == 303
    village.li.login()
    assert village.li.catch_up().fields(CHEN)["annual_income_fen"] == 4_600_000
    assert reviewer.post(f"/conflicts/{conflict}/reopen").status_code == 403


def test_without_anyone_else_it_is_passed_up(village: Village) -> None:
    conflict = village.income_of_the_boss()
    for name in ("sun.fang", "sun.yan"):
        village.deactivate(named(name))

    page = words(Visitor(village.server).sign_in("wang.jianguo").get(f"/conflicts/{conflict}"))

    assert "pass it up to the reviewer" in page


# ------------------------------------------------------------------------------------- reopening


def test_a_settled_conflict_can_be_opened_again(village: Village, boss: Visitor) -> None:
    conflict = village.phone_conflict()
    boss.settle(conflict, choice="other-0")
    boss.get(f"/conflicts/{conflict}")

    answer = boss.post(f"/conflicts/{conflict}/reopen")
    page = words(boss.get(answer.headers["Location"]))

    assert "The conflict is open again." in page
    assert "It was settled before and opened again." in page
    assert "Which shall stand?" in page


def test_after_seven_days_it_stays_settled(village: Village) -> None:
    village.at(days=4)
    conflict = village.phone_conflict()
    Visitor(village.server).sign_in().settle(conflict, choice="other-0")
    village.clock.now = NOW
    village.clock.advance(days=4)
    boss = Visitor(village.server).sign_in()

    page = boss.get(f"/conflicts/{conflict}")
    answer = boss.post(f"/conflicts/{conflict}/reopen")

    assert "Settled more than seven days ago" in words(page)
    assert "/reopen" not in page.text
    assert "It could not be opened again" in words(boss.get(answer.headers["Location"]))


# ------------------------------------------------------------------------------------------ cost


def test_pages_cost_the_same_for_one_conflict_and_for_many(every_village: Village) -> None:
    first = every_village.phone_conflict()
    boss = Visitor(every_village.server).sign_in()
    few = [cost(every_village, boss, path) for path in ("/conflicts", f"/conflicts/{first}")]
    for place, path in enumerate(("main_activity", "segment", "household_size", "able_workers")):
        every_village.conflict(path, *(("trade", "wage") if path == "segment" else VALUES[place]))
    many = [cost(every_village, boss, path) for path in ("/conflicts", f"/conflicts/{first}")]

    assert few == many
    assert max(many) <= 12


VALUES = (("茶叶", "生猪"), ("", ""), (3, 4), (1, 2))


def cost(village: Village, visitor: Visitor, path: str) -> int:
    with counted(village.server.engine) as sent:
        assert visitor.get(path).status_code == 200
    return len(sent)


def test_a_long_queue_is_paged(village: Village, boss: Visitor) -> None:
    conflict = village.phone_conflict()
    village.copies_of(conflict, 40)

    first, second = boss.get("/conflicts"), boss.get("/conflicts?page=2")

    assert first.text.count('class="item"') == 30
    assert second.text.count('class="item"') == 11
    assert boss.get("/conflicts?page=999").text.count('class="item"') == 11
    assert "Page 1 of 2" in words(first)


def test_an_unreadable_type_is_still_shown(village: Village, boss: Visitor) -> None:
    conflict = village.phone_conflict()
    with village.server.engine.begin() as connection:
        row = connection.execute(record.select().where(record.c.id == conflict)).one()
        strange = {**row.fields, "record_type": "satellite", "kind": "late"}
        connection.execute(
            update_rows(record).where(record.c.id == conflict).values(fields=strange)
        )

    assert boss.get("/conflicts").status_code == 200
    assert boss.get(f"/conflicts/{conflict}").status_code == 200
