"""From the application to the money: what Liu Xiuying's loan goes through (domain.md, 10.1 to 10.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from field_client.client import FieldClient
from field_client.faults import InvalidInputError
from schemas.derived.capacity import FailedTest, LowPoint, PlannedLoan, assess, lowest_point
from schemas.derived.schedule import PlannedPrincipal, Terms, build_schedule
from schemas.values import derived_id
from tests.journeys.liu import (
    HOME,
    PLAN,
    Liu,
    cash_flow,
    decided,
    moved,
    rated,
    reviews,
    sign,
    signs_contract,
    submit,
)
from tests.journeys.people import HE, LI, SUN, WANG, ZHAO, at_the_desk
from tests.journeys.village import Village
from tests.server.sending import jpeg

Json = Any
OCTOBER, PAY_DAY = date(2026, 10, 1), date(2026, 7, 1)


def second_investigator(li: FieldClient, liu: Liu) -> None:
    """Two are needed for a first loan: submitting is refused on the tablet, the draft is kept, Zhao is named."""
    with pytest.raises(InvalidInputError) as refused:
        submit(li, liu)
    assert [it.rule for it in refused.value.faults] == ["SOD-4"], "said on the tablet, offline"
    assert li.record(liu.application).fields["state"] == "draft", "the draft is kept"
    assert li.record(liu.survey).fields["state"] == "draft"
    li.edit(liu.application, {"co_officer_id": ZHAO})
    asked = {"title": "协办调查", "assignee_id": ZHAO, "due_on": "2026-06-17", "source": "manual"}
    li.create("task", liu.customer, asked)


def the_harvests_carry_it_and_months_do_not(li: FieldClient, liu: Liu) -> None:
    """E7 and E8, to the fen, from what she typed on the tablet."""
    year = cash_flow(li, liu.survey)
    nets = (
        -10_350,
        7_884,
        -7_300,
        -3_300,
        11_550,
        0,
        28_500,
        -7_500,
        -5_320,
        -4_360,
        -2_200,
        15_800,
    )
    assert year.net_fen == tuple(it * 100 for it in nets)
    assert (year.yearly_net_fen, year.stressed_yearly_net_fen) == (23_404_00, 15_958_60)
    assert lowest_point(year) == LowPoint(OCTOBER, -9_566_00)

    asked: dict[str, Json] = {"principal_fen": 12_000_00, "rate_bps": 840, "disbursed_on": PAY_DAY}
    level = build_schedule(
        Terms(method="equal_installment", count=12, first_due_on=date(2026, 8, 1), **asked)
    )
    assert [it.total_fen for it in level] == [1_046_08] * 11 + [1_046_09]
    monthly = PlannedLoan(12_000_00, PAY_DAY, level)
    assert monthly.total_fen == 12_552_97
    found = assess(year, monthly)
    assert found.failed[0] == FailedTest("cash", 704_24, OCTOBER)
    assert (found.stressed_lowest.fen, found.dsr_bps) == (-2_014_64, 5364)

    plan = tuple(
        PlannedPrincipal(date.fromisoformat(it["due_date"]), it["principal_fen"]) for it in PLAN
    )
    harvests = PlannedLoan(
        12_000_00, PAY_DAY, build_schedule(Terms(method="seasonal", count=7, plan=plan, **asked))
    )
    assert harvests.total_fen == 12_541_33
    found = assess(year, harvests)
    assert found.passes
    assert (found.lowest, found.stressed_lowest.fen) == (LowPoint(OCTOBER, 2_179_20), 868_80)
    assert (found.dsr_bps, found.dscr_bps, found.stressed_dscr_bps) == (5359, 18_661, 12_725)

    card, limit = rated(year)
    assert (card.points, card.total, card.grade) == ((7, 10, 8, 12, 10, 15, 8, 3), 73, "A")
    assert (limit.service_cap_fen, limit.capacity_limit_fen) == (14_042_40, 12_954_24)
    (rating,) = li.records("credit_rating", liu.customer)
    assert (rating.fields["total"], rating.fields["limit_fen"]) == (73, 12_000_00)


def on_wednesday(village: Village, liu: Liu) -> None:
    """08:00: Zhao Lei is at Liu's, offline, while Li Min corrects her half; the two halves merge."""
    li, zhao = village.tablet("T1"), village.tablet("T2")
    visit = zhao.visit_start(liu.customer, visit=liu.second_visit, place=HOME)
    photo = zhao.attach(liu.note, jpeg(seed=4), "photo_home")
    words = "稻田和猪圈实地查看。\n邻居评价好。"
    zhao.edit(
        liu.note, {"narrative": f"{words}\n第二人到场，存栏一致。", "answers.P04.note": "12 亩"}
    )
    zhao.visit_finish(visit, summary="到场核对。", met_with=["刘秀英"])
    li.edit(liu.note, {"narrative": words.replace("评价好", "评价很好"), "answers.P08.value": 45})

    zhao.sync()
    report = li.sync()
    zhao.sync()
    assert report.count("conflict") == report.count("rejected") == 0
    for tablet in (li, zhao):
        fields = tablet.record(liu.note).fields
        assert fields["narrative"] == "稻田和猪圈实地查看。\n邻居评价很好。\n第二人到场，存栏一致。"
        assert (fields["answers.P04.note"], fields["answers.P08.value"]) == ("12 亩", 45)
        assert photo in [it.id for it in tablet.records("attachment", liu.customer)]

    sign(zhao, liu.note)
    zhao.sync()
    assert zhao.record(liu.note).fields["state"] == "draft"
    li.sync()
    with pytest.raises(InvalidInputError) as refused:
        submit(li, liu)
    (fault,) = refused.value.faults
    assert fault.reason == "inspection-missing", "one of two has signed"
    sign(li, liu.note)
    li.sync()
    assert li.record(liu.note).fields["state"] == "signed"
    submit(li, liu)
    assert li.sync().count("rejected") == 0
    assert li.record(liu.application).fields["state"] == "submitted"
    assert li.record(liu.survey).fields["state"] == "locked"
    for tablet in (li, zhao):
        tablet.store.close()


def at_the_desks(village: Village, liu: Liu) -> None:
    """Review by Sun Yan, approval by Wang at tier 1, contract by He Fang; the others are refused."""
    sun, wang, he, luo, qian = (
        at_the_desk(village, it)
        for it in ("sun.yan", "wang.jianguo", "he.fang", "luo.jun", "qian.bo")
    )
    status, _ = wang.refused(decided(liu, wang, "approve", "approve"), moved(liu, "approved"))
    assert status in (400, 403), "nothing is approved before its review"
    reviews(sun, liu)
    for other, rule in ((sun, None), (he, None), (luo, None), (qian, "SOD-11")):
        status, named_rule = other.refused(
            decided(liu, other, "approve", "approve"), moved(liu, "approved")
        )
        assert (status, named_rule) == (403, rule)
    wang.does(decided(liu, wang, "approve", "approve"), moved(liu, "approved"))
    signs_contract(he, liu)


def on_pay_day(village: Village, liu: Liu) -> None:
    """Wang may not pay out what he approved; He Fang does, and the loan reaches T1."""
    wang, he = at_the_desk(village, "wang.jianguo"), at_the_desk(village, "he.fang")
    assert wang.refused(moved(liu, "disbursed")) == (403, "SOD-3")
    he.does(moved(liu, "disbursed"))

    li, zhao = village.tablet("T1"), village.tablet("T2")
    li.sync()
    zhao.sync()
    loan_id = derived_id("loan", liu.application)
    loan = li.record(loan_id).fields
    assert loan["loan_no"].startswith("QH")
    assert (loan["principal_fen"], loan["rate_bps"], loan["method"]) == (12_000_00, 840, "seasonal")
    assert (loan["disbursed_on"], loan["maturity_on"]) == ("2026-07-01", "2027-01-31")
    assert loan["responsible"] == {
        "investigator": [LI, ZHAO], "reviewer": SUN, "approver": WANG, "clerk": HE,
    }  # fmt: skip
    rows = sorted(
        (it.fields["due_date"], it.fields["principal_fen"], it.fields["interest_fen"])
        for it in li.records("installment", liu.customer)
    )
    assert rows == [
        ("2026-09-30", 0, 254_80), ("2026-11-30", 4_000_00, 170_80), ("2027-01-31", 8_000_00, 115_73),
    ]  # fmt: skip
    tasks = [
        (it.fields["title"], it.fields["due_on"], it.fields["assignee_id"])
        for it in li.records("task", liu.customer)
        if it.fields["source"] == "rule"
    ]
    assert tasks == [("首次跟踪检查", "2026-07-16", LI)]
    assert li.record(liu.customer).fields["state"] == "active"
    assert li.preview(loan_id, 1).before.outstanding_principal_fen == 12_000_00
    assert liu.customer not in [it.id for it in zhao.records("customer")], "the inspection ended"
    assert li.status().all_synced
    assert li.store.incidents() == zhao.store.incidents() == []
