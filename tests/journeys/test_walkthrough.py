"""The walk-through of domain.md, 10.1 to 10.4, as one journey: two tablets and the desks, over real HTTP.

One server after the other on one database: each day of it is a business date of its own.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.journeys.damage import verdict_on_a_damaged_copy
from tests.journeys.day import (
    absent_at_zhous,
    collection_at_chens,
    first_follow_up_at_huangs,
    group_at_willow_bay,
    hands_cash_in,
    neighbours,
)
from tests.journeys.evening import (
    HER_PHONE,
    HIS_PHONE,
    SECOND_PHONE,
    TOURS,
    also_wang_writes,
    both_hold_the_same,
    planned,
    red_signal,
    special_mention,
    thursdays_visits,
    wang_looks_at_the_evening,
    wang_looks_at_the_morning,
    wang_settles,
    zhaos_monday_arrives,
)
from tests.journeys.handover import (
    FOUR,
    Parties,
    late_work_counts,
    objected,
    prepared,
    ruled_and_signed,
    what_he_does_later_is_kept_aside,
    work_before_he_is_told,
    zhaos_customers,
)
from tests.journeys.liu import PERSON, Liu, investigated, sign
from tests.journeys.liu_loan import (
    at_the_desks,
    on_pay_day,
    on_wednesday,
    second_investigator,
    the_harvests_carry_it_and_months_do_not,
)
from tests.journeys.people import (
    LI,
    ZHAO,
    Wire,
    at_the_desk,
    at_the_pages,
    holds,
    signed_in,
    update,
    zhao_covers,
)
from tests.journeys.tuesday import (
    back_in_the_outlet,
    cash_is_counted,
    dossier_of_chen,
    five_inspections_in_one_visit,
    in_the_outlet,
    nobody_like_her,
    reworked,
    weak_signal,
)
from tests.journeys.village import CHEN, DENG, VILLAGE, Village, running, served

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 6, it) for it in (15, 16, 17))
NEXT_MONDAY, MONTH_END, PAY_DAY = date(2026, 6, 22), date(2026, 6, 30), date(2026, 7, 1)


def test_the_walk_through(tmp_path: Path, database_url: str) -> None:
    people = [*neighbours(), *zhaos_customers()]
    with served(tmp_path, database_url, people, MONDAY) as village:
        note, twin = on_monday(village)
    with running(tmp_path, database_url, TUESDAY) as village:
        liu = on_tuesday(village, note, twin)
    with running(tmp_path, database_url, WEDNESDAY) as village:
        on_wednesday(village, liu)
        at_the_desks(village, liu)
    with running(tmp_path, database_url, NEXT_MONDAY) as village:
        zhao_goes_on_leave(village)
    with running(tmp_path, database_url, MONTH_END) as village:
        at_the_end_of_the_month(village)
    with running(tmp_path, database_url, PAY_DAY) as village:
        on_pay_day(village, liu)
        qian_looks(village)
    verdict_on_a_damaged_copy(tmp_path, database_url)


# ------------------------------------------------------------------------------------------- Monday


def on_monday(village: Village) -> tuple[str, str]:
    """What lies behind Tuesday: a note that Wang returned, five visits planned, and Zhao's work without a network.

    Returns:
        The note on Deng Yulan, and the customer whom Zhao registered at the market.
    """
    li, zhao = signed_in(village, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
    wang = at_the_desk(village, "wang.jianguo")
    zhao_covers(wang.call)
    note = li.note(DENG, "routine", answers={"R04": 0}, narrative="长势正常。\n存栏 12 头。")
    li.sync()
    sign(li, note)
    li.sync()
    assert li.record(note).fields["state"] == "signed"
    returned = {"state": "returned", "supervisor_comment": "请核实外债。"}
    wang.does(update("inspection_note", note, DENG, **returned))
    wang.does(*(planned(it, TUESDAY) for it in TOURS))
    zhao.sync()

    zhao.edit(CHEN, {"phone": HIS_PHONE})
    zhao.edit(
        note, {"answers.R04.value": 5000, "narrative": "长势正常。\n存栏 12 头。\n新建猪圈一间。"}
    )
    at_market = {
        "name": "刘秀瑛", "name_latin": "Liu Xiu-ying", "id_no": PERSON["id_no"],
        "phone": "10000000033", "phone_alt": SECOND_PHONE, "village_id": VILLAGE, "segment": "grain",
    }  # fmt: skip
    twin = zhao.create("customer", None, at_market)
    for tablet in (li, zhao):
        tablet.store.close()
    return note, twin


# ------------------------------------------------------------------------------------------ Tuesday


def on_tuesday(village: Village, note: str, twin: str) -> Liu:
    """10.1, 10.2, and of 10.3 the steps 1 to 4: Li Min's day, Zhao's sync at 18:05, and Wang before and after."""
    assert village.command("daily").returncode == 0
    wire = Wire(village.transport(), village.url)
    li, zhao = village.tablet("T1", wire), village.tablet("T2")
    wang = at_the_desk(village, "wang.jianguo")
    in_the_outlet(li, note)
    wang_looks_at_the_morning(village)
    wire.is_off = True

    dossier_of_chen(li)
    receipt = collection_at_chens(li)
    assert ("repay", "ready") in {(it.action, state) for it, state in li.sets()}, "provisional"
    nobody_like_her(li)
    liu = investigated(li, ZHAO)
    the_harvests_carry_it_and_months_do_not(li, liu)
    second_investigator(li, liu)
    finding = first_follow_up_at_huangs(li)
    absent_at_zhous(li)
    proposal = group_at_willow_bay(li)
    five_inspections_in_one_visit(li)
    reworked(li, note)
    deposit = hands_cash_in(li)
    li.store.close()
    also_wang_writes(wang, note)

    weak_signal(village)
    li = village.tablet("T1", Wire(village.transport(), village.url))
    back_in_the_outlet(village, li, receipt)
    cash_is_counted(village, li, deposit)

    zhaos_monday_arrives(zhao, li, note, twin, liu)
    wang_settles(wang, li, zhao, liu, note)
    both_hold_the_same(wang, li, zhao, liu, twin)
    red_signal(village, wang, li, finding)
    special_mention(wang, li, proposal)
    thursdays_visits(wang, li, zhao)
    wang_looks_at_the_evening(village)
    for tablet in (li, zhao):
        tablet.sync()
        assert tablet.status().all_synced
        tablet.store.close()
    return liu


# ---------------------------------------------------------------------------- the days after, 10.3


def zhao_goes_on_leave(village: Village) -> None:
    """Step 6: four customers to Li Min, one of them with an objection; what is late, and what is too late."""
    li, zhao = village.tablet("T1"), village.tablet("T2")
    wang, luo, qian = (at_the_desk(village, it) for it in ("wang.jianguo", "luo.jun", "qian.bo"))
    them = Parties(li, zhao, wang, luo, qian)
    handover = prepared(wang, NEXT_MONDAY.isoformat())
    li.sync()
    zhao.sync()
    assert holds(zhao) >= set(FOUR)
    objected(village, them, handover)
    ruled_and_signed(them, handover)
    visit = work_before_he_is_told(zhao)
    assert "handover.take_effect 1" in village.command("daily").stdout
    late_work_counts(them, visit)
    assert not holds(zhao) & set(FOUR)
    assert holds(li) >= set(FOUR)
    what_he_does_later_is_kept_aside(village, wang)
    for tablet in (li, zhao):
        tablet.store.close()


def at_the_end_of_the_month(village: Village) -> None:
    """Step 8: the figures of both officers, also as a CSV file, and the arrears as a page to print."""
    wang = at_the_desk(village, "wang.jianguo")
    figures = {it["id"]: it for it in wang.exported("officers")}
    hers, his = figures[LI], figures[ZHAO]
    assert (hers["since"], hers["until"]) == ("2026-06-01", "2026-06-30")
    # Chen's installment of May stood open, that of June fell due on the 15th: his 3,000 cleared the first.
    assert (hers["arrears_fen"], hers["cleared_fen"], hers["clean_up_bps"]) == (
        2_615_20, 2_615_20, 10_000,
    )  # fmt: skip
    assert (hers["due_fen"], hers["on_time_fen"], hers["on_time_collection_bps"]) == (
        2_615_20, 0, 0,
    )  # fmt: skip
    outstanding = 20_063_23 + 2 * 10_000_00
    assert (hers["outstanding_fen"], hers["par30_fen"], hers["par30_bps"]) == (outstanding, 0, 0)
    assert (hers["cash_fen"], hers["settled_fen"], hers["deposit_discipline_bps"]) == (
        300_000, 300_000, 10_000,
    )  # fmt: skip
    assert (his["visits_done"], his["due_fen"], his["cash_fen"]) == (1, 0, 0)
    head, *rows = wang.file("officers").decode("utf-8-sig").splitlines()
    assert head.startswith("officer,since,until,visits_planned")
    assert [it.split(",")[0] for it in rows] == ["李敏", "赵磊"]

    (late,) = wang.exported("arrears")
    assert (late["loan_no"], late["outstanding_fen"]) == ("JJ202600001", 2_006_323)
    pages = at_the_pages(village, "wang.jianguo")
    assert "JJ202600001" in pages.words("/arrears")


# ------------------------------------------------------------------------------------ 10.4 Qian Bo


def qian_looks(village: Village) -> None:
    """The audit chain is whole; of Chen every change is there, by whom and where; Qian Bo changes nothing."""
    assert village.command("verify").returncode == 0
    qian = at_the_desk(village, "qian.bo")
    entries = qian.call("GET", f"/api/v1/records/{CHEN}/history")["entries"]
    said = {
        (it["by"], unit["submitted"], unit["stored"])
        for it in entries
        for name, unit in it["fields"].items()
        if name == "phone"
    }
    assert {(LI, HER_PHONE, HER_PHONE), (ZHAO, HIS_PHONE, HER_PHONE)} <= said
    assert all(it["device"] for it in entries)
    assert qian.refused(update("customer", CHEN, CHEN, phone="10000000099")) == (403, "SOD-11")
