"""The summary: figures with an age, and nothing unknown shown as zero."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert

from server.store import record
from tests.server.branch import edit, named, set_up
from tests.server.web.village import (
    CHEN,
    DENG,
    HE,
    LI,
    TANG,
    TODAY,
    Village,
    loan_records,
    plan,
)  # fmt: skip
from tests.server.web.visiting import Visitor, counted, words


@pytest.fixture
def busy(village: Village) -> Village:
    """The village with silent tablets and a day's visits, at 13:10."""
    village.silence()
    village.at(hours=2)
    village.visits()
    village.at(minutes=12)
    village.li.sync(waiting={"sets": 2, "attention": 1})
    village.at()
    return village


def row(page: str, name: str) -> str:
    """Return what the officers' table says of somebody."""
    names = "李敏|赵磊|高磊|马军|徐娜|Branch|How it is counted"
    table = page[page.index("Officers today") :]
    found = re.search(rf"{name}(.*?)(?:{names})", table)
    assert found is not None
    return found[1].strip()


# ----------------------------------------------------------------------------------------- money


def test_portfolio_at_risk_is_shown_with_its_amounts_and_formula(village: Village) -> None:
    page = words(Visitor(village.server).sign_in().get("/"))

    assert "Outstanding principal ¥252k 10 loans, 6 in arrears ¥251,538.00" in page
    assert "PAR1 65.89% ¥166k, 6 loans" in page
    assert "PAR30 15.21% ¥38.3k, 3 loans" in page
    assert "PAR30 + restructured 27.13% ¥68.3k, 4 loans" in page
    assert "PAR90 8.05% ¥20.3k, 2 loans" in page
    assert (
        "more than 30 days past due: ¥38,250.00, divided by the outstanding principal: ¥251,538.00"
        in page
    )


def test_the_five_classes_add_up(village: Village) -> None:
    page = words(Visitor(village.server).sign_in().get("/"))

    assert (
        "Normal ¥55.8k 22.2% Special mention ¥175k 69.8% Substandard ¥15.5k 6.1% Doubtful ¥0.00 0.0%"
        " Loss ¥4,800.00 1.9% Non-performing ¥20.3k 8.1% Written off ¥0.00" in page
    )


def test_chinese_readers_get_their_own_units(village: Village) -> None:
    page = words(Visitor(village.server, "zh").sign_in().get("/"))

    assert "贷款余额 25.2 万 10 笔，逾期 6 笔 ¥251,538.00" in page
    assert "6 月 16 日 周二" in page
    assert "关注 17.5 万 69.8%" in page


def test_figures_say_when_they_are_from(village: Village) -> None:
    village.at()

    page = words(Visitor(village.server).sign_in().get("/"))

    assert "Figures as of 16 Jun, 13:10." in page
    assert "From every record received by 16 Jun, 13:10, for the business date Tue 16 Jun." in page


# --------------------------------------------------------------------------------------- officers


def test_an_officer_who_reported_has_numbers(busy: Village) -> None:
    page = words(Visitor(busy.server).sign_in().get("/"))

    assert row(page, "李敏") == (
        "T1 2 / 3 1 ¥52.2k 34.5% 12 min ago 16 Jun, 12:58 2 1 needs attention 0 New PIN code"
    )


def test_after_a_day_of_silence_nothing_is_certain(busy: Village) -> None:
    page = words(Visitor(busy.server).sign_in().get("/"))

    assert "no news / 1" in row(page, "高磊")
    assert "3 days ago" in row(page, "高磊")
    assert "at least 11" in row(page, "高磊")
    assert "at least 6" in row(page, "马军")
    assert "clock 24 h behind" in row(page, "马军")


def test_those_without_news_are_named_on_top(busy: Village) -> None:
    page = words(Visitor(busy.server).sign_in().get("/"))

    assert (
        "高磊 (3 days) and 马军 (27 h) have not synced, so their visits and collections may be higher."
        in page
    )
    assert "2 officers silent over 24 hours" in page


def test_an_old_tablet_with_work_on_it_is_not_hidden_by_a_new_one(village: Village) -> None:
    village.li.login()
    village.li.sync(waiting={"sets": 3})
    village.clock.advance(days=4)
    newer = village.server.tablet("li.min")
    newer.login()
    newer.sync(waiting={"sets": 0})

    page = words(Visitor(village.server).sign_in().get("/"))

    assert "Every tablet has reported" not in page
    assert "李敏 (4 days)" in page
    assert "at least 3" in row(page, "李敏")


def test_who_has_no_tablet_is_not_shown_as_zero(busy: Village) -> None:
    page = words(Visitor(busy.server).sign_in().get("/"))

    assert row(page, "徐娜") == "none planned 0 ¥29.1k 0.0% no tablet – 0"


def test_a_tablet_that_never_said_what_waits_is_not_known(village: Village) -> None:
    village.server.tablet("xu.na")

    page = words(Visitor(village.server).sign_in().get("/"))

    assert "never not known" in row(page, "徐娜")


def test_before_the_first_contact_of_a_day_there_is_no_news(village: Village) -> None:
    village.at(hours=6)
    plan(village.li, CHEN, TODAY, done=False)
    plan(village.li, DENG, TODAY.replace(day=17), done=False)
    village.clock.advance(hours=20)

    page = words(Visitor(village.server).sign_in().get("/"))

    assert "no news / 1" in row(page, "李敏")


def test_the_branch_sums_only_what_is_known(busy: Village) -> None:
    page = words(Visitor(busy.server).sign_in().get("/"))

    assert "3 / 5 and 2 planned, no news" in page


def test_a_tablet_may_report_nonsense(village: Village) -> None:
    village.li.login()
    village.li.sync(waiting={"sets": 10**12, "oldest": "x", "attention": 3, "customers": ["y"]})

    assert Visitor(village.server).sign_in().get("/").status_code == 200


# ------------------------------------------------------------------------------------ what waits


def test_open_conflicts_are_named_and_lead_to_their_page(village: Village) -> None:
    village.at(hours=5)
    conflict = village.phone_conflict()
    village.at()

    page = Visitor(village.server).sign_in().get("/")

    assert "1 conflict oldest 5 h" in words(page)
    assert f'href="/conflicts/{conflict}"' in page.text
    assert "Chen Guoping 陈国平 5 h Phone · Two values 赵磊 and 李敏" in words(page)


def test_sets_that_were_not_accepted_are_counted(village: Village) -> None:
    village.li.push(edit(CHEN, phone="x"))

    page = words(Visitor(village.server).sign_in().get("/"))

    assert "1 set kept aside not accepted, nothing lost" in page


def test_withdrawn_sets_need_nobody(village: Village) -> None:
    village.li.push(edit(CHEN, phone="13800000001"), action="withdrawn")

    page = words(Visitor(village.server).sign_in().get("/"))

    assert "0 sets kept aside" in page


def test_another_branch_sees_none_of_it(busy: Village) -> None:
    page = words(Visitor(busy.server).sign_in("tian.yu").get("/"))

    assert "李敏" not in page
    assert "Outstanding principal ¥0.00 0 loans" in page
    assert "No tablet has been signed in yet" in page
    assert "0 officers silent no tablet signed in yet" in page


# ---------------------------------------------------------------------------------------- arrears


@pytest.mark.parametrize(
    ("over", "count", "share"),
    [("0", 6, "65.89%"), ("30", 3, "15.21%"), ("90", 2, "8.05%"), ("restructured", 4, "27.13%")],
)
def test_the_list_behind_a_figure_adds_up_to_it(
    village: Village, over: str, count: int, share: str
) -> None:
    page = words(Visitor(village.server).sign_in().get(f"/arrears?over={over}"))

    assert re.search(rf"{count} loans, ¥[\d.]+k of ¥252k outstanding: {share}", page)


def test_the_latest_come_first_with_class_amount_and_officer(village: Village) -> None:
    page = words(Visitor(village.server).sign_in().get("/arrears"))

    assert re.search(
        r"He Laosan 何老三 Photos and files : 何老三 QH\d+ 395 Sat 17 May 2025 Loss ¥4,800.00 马军",
        page,
    )
    assert page.index("何老三") < page.index("周福海") < page.index("陈国平") < page.index("唐水根")


def test_the_list_can_be_one_officers(village: Village) -> None:
    page = words(Visitor(village.server).sign_in().get(f"/arrears?officer={LI}"))

    assert "Loans of 李敏" in page
    assert "陈国平" in page
    assert "何老三" not in page


def test_nobody_late_is_said_in_words(village: Village) -> None:
    page = words(Visitor(village.server).sign_in("tian.yu").get("/arrears?over=90"))

    assert "No loan is this late" in page


@pytest.mark.parametrize(
    "query", ["over=7", "page=0", "page=99999", "page=x", "officer=nobody", "over=&page="]
)
def test_a_strange_query_is_answered_all_the_same(village: Village, query: str) -> None:
    assert Visitor(village.server).sign_in().get(f"/arrears?{query}").status_code == 200


def test_a_long_list_is_paged(village: Village) -> None:
    grow(village, 60)
    boss = Visitor(village.server).sign_in()

    first, second = words(boss.get("/arrears")), words(boss.get("/arrears?page=2"))

    assert "Page 1 of 2" in first
    assert "66 loans" in first
    assert "Page 2 of 2" in second


# ------------------------------------------------------------------------------------------- cost


def grow(village: Village, count: int) -> None:
    """Give 唐水根 *count* more loans in arrears, and the branch as many visits."""
    records = [
        {**it, "id": named(f"{it['id']} again {place}"), "fields": again(it["fields"], place)}
        for place in range(count)
        for it in loan_records(TANG, 10_000_00 + place, 12)
    ]
    set_up(village.server.engine, {"records": records})


def again(fields: dict[str, object], place: int) -> dict[str, object]:
    """Return fields that name the copy of their loan."""
    if "loan_id" not in fields:
        return fields
    return {
        **fields, "loan_id": named(f"{fields['loan_id']} again {place}"),
        **({"receipt_no": f"{fields['receipt_no']}-{place}"} if "receipt_no" in fields else {}),
    }  # fmt: skip


def test_the_summary_costs_the_same_in_a_branch_of_any_size(every_village: Village) -> None:
    boss = Visitor(every_village.server).sign_in()
    first = cost(every_village, boss)
    small = cost(every_village, boss)
    grow(every_village, 30)
    every_village.phone_conflict()
    many = visits(every_village, 200)
    with every_village.server.engine.begin() as connection:
        connection.execute(insert(record), many)
    folding = cost(every_village, boss)
    large = cost(every_village, boss)

    assert small <= large <= 14  # the names of customers are asked for once there is a conflict
    assert first <= folding <= 28  # once after something came in: loans and receipts are folded


def visits(village: Village, count: int) -> list[dict[str, object]]:
    with village.server.engine.connect() as connection:
        like = connection.execute(record.select().where(record.c.id == CHEN)).one()._mapping
    fields = {"planned_on": "2026-06-16", "state": "planned", "officer_id": LI}
    return [
        {**like, "id": named(f"visit {place}"), "type": "visit", "fields": fields}
        for place in range(count)
    ]


def cost(village: Village, visitor: Visitor) -> int:
    with counted(village.server.engine) as sent:
        assert visitor.get("/").status_code == 200
    return len(sent)


def test_a_customers_name_in_two_scripts(village: Village) -> None:
    english = words(Visitor(village.server).sign_in().get("/arrears"))
    chinese = words(Visitor(village.server, "zh").sign_in().get("/arrears"))

    assert "He Laosan 何老三" in english
    assert "He Laosan" not in chinese
    assert HE not in english


# -------------------------------------------------------------------------------------- incidents


@pytest.mark.parametrize(
    ("lang", "once", "twice"),
    [
        (
            "en", "Once in the last 7 days a tablet’s copy was not the branch’s",
            "2 times in the last 7 days a tablet’s copy was not the branch’s It was put right, the last"
            " time on 16 Jun, 13:10.",
        ),
        (
            "zh", "最近 7 天平板数据副本与网点不一致 1 次",
            "最近 7 天平板数据副本与网点不一致 2 次 已自动修复，最近一次在 6 月 16 日 13:10。",
        ),
    ],
)  # fmt: skip
def test_a_copy_that_was_not_the_branchs_raises_an_alarm_for_a_week(
    every_village: Village, lang: str, once: str, twice: str
) -> None:
    li, boss = every_village.li, Visitor(every_village.server, lang).sign_in()
    assert 'role="alert"' not in boss.get("/").text

    for said in (once, twice):
        reply = li.post("/api/v1/sync/repair", {"cursor": li.cursor, "buckets": ["0" * 16] * 256})
        assert reply.status == 200
        assert said in words(boss.get("/"))

    every_village.server.clock.advance(days=8)
    later = Visitor(every_village.server, lang).sign_in().get("/")
    assert 'role="alert"' not in later.text


def test_another_branchs_incident_is_none_of_this_one(village: Village) -> None:
    li = village.li
    li.post("/api/v1/sync/repair", {"cursor": li.cursor, "buckets": ["0" * 16] * 256})

    assert 'role="alert"' not in Visitor(village.server).sign_in("tian.yu").get("/").text
