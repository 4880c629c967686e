"""What Wang Jianguo plans, sees and decides, and how Zhao's Monday comes in (domain.md, 10.2 and 10.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from field_client.client import FieldClient
from field_client.faults import InvalidInputError, NotPossibleError
from tests.journeys.day import GROUP, HUANG_LOAN, WU, WU_LOAN
from tests.journeys.handover import device_of
from tests.journeys.liu import PERSON, Liu
from tests.journeys.people import (
    LI,
    WANG,
    ZHAO,
    Desk,
    at_the_pages,
    create,
    dossier,
    holds,
    update,
    zhao_covers,
)
from tests.journeys.village import CHEN, DENG, HUANG, VILLAGE, ZHOU, Village, named

Json = Any
THURSDAY = date(2026, 6, 18)
HER_PHONE, HIS_PHONE, OLD_PHONE = "10000000021", "10000000022", "10000000001"
SECOND_PHONE = "10000000034"
TOURS = {
    CHEN: ("collection", None), HUANG: ("first_followup", None), ZHOU: ("routine", None),
    DENG: ("routine", None), WU: ("routine", GROUP),
}  # fmt: skip
"""Whom Wang sends Li Min to on Tuesday, and what for."""


def planned(customer: str, on: date, officer: str = LI) -> Json:
    """Return the change by which Wang plans a visit."""
    purpose, group = TOURS.get(customer, ("routine", None))
    fields = {
        "purposes": [purpose], "planned_on": on.isoformat(), "officer_id": officer, "group_id": group,
    }  # fmt: skip
    fields = {name: it for name, it in fields.items() if it is not None}
    return create("visit", named(f"visit to {customer} on {on}"), customer, **fields)


def wang_looks_at_the_morning(village: Village) -> None:
    """08:30: money, officers and conflicts, each figure with its formula and the list behind it."""
    pages = at_the_pages(village, "wang.jianguo")
    page = pages.words("/")
    for said in (
        "Outstanding principal ¥42.7k 3 loans, 1 in arrears ¥42,733.77",
        "PAR1 53.20% ¥22.7k, 1 loan ",
        "PAR30 53.20% ¥22.7k, 1 loan ",
        "past due: ¥22,733.77, divided by the outstanding principal: ¥42,733.77.",
        "PAR90 0.00% ¥0.00, 0 loans",
        "李敏 T1 0 / 5 0 ¥42.7k 53.2%",
        "Normal ¥20.0k 46.8% Special mention ¥22.7k 53.2% Substandard ¥0.00",
        "0 conflicts nothing open 0 sets kept aside",
    ):
        assert said in page
    assert page.count("How it is counted") >= 5
    assert "JJ202600001" in pages.words("/arrears?over=30")
    assert "陈国平" in pages.words(f"/arrears?officer={LI}")


def wang_looks_at_the_evening(village: Village) -> None:
    """The day's cash is counted and settled; visits made, money and what was kept aside are as they happened."""
    pages = at_the_pages(village, "wang.jianguo")
    day = pages.words("/day")
    assert "Confirmed ¥3,000.00 Handed in, not confirmed ¥0.00 With the officers ¥0.00" in day
    assert "李敏 Confirmed ¥3,000.00 ¥3,000.00 ¥0.00" in day, "counted, by the receipts, difference"
    page = pages.words("/")
    for said in (
        "Outstanding principal ¥40.1k 3 loans, 1 in arrears ¥40,063.23",
        "PAR1 50.08% ¥20.1k, 1 loan ",
        "PAR30 0.00% ¥0.00, 0 loans",
        "4 / 5",
        "0 conflicts",
        "1 set kept aside",
    ):
        assert said in page
    large = pages.words("/large")
    assert "陈国平" in large
    assert "¥20,063.23" in large


def also_wang_writes(wang: Desk, note: str) -> None:
    """On the web, meanwhile: his comment."""
    comment = "请核实外债。\n并补拍猪圈照片。"
    wang.does(update("inspection_note", note, DENG, supervisor_comment=comment))


def zhaos_monday_arrives(
    zhao: FieldClient, li: FieldClient, note: str, twin: str, liu: Liu
) -> None:
    """18:05: the phone and R04 are conflicts, she is one person twice; the words merge by themselves."""
    report = zhao.sync()
    assert report.count("rejected") == 0
    li.sync()
    zhao.sync()
    found = {(it.fields["kind"], it.fields.get("field")): it.fields for it in zhao.conflicts()}
    assert set(found) == {
        ("field", "phone"), ("field", "answers.R04.value"), ("duplicate", None),
    }  # fmt: skip
    phone = found["field", "phone"]
    assert phone.get("sensitive") is not True
    assert (phone["base_value"], phone["kept"]["value"], phone["kept"]["by"]) == (
        OLD_PHONE, HER_PHONE, LI,
    )  # fmt: skip
    ((other),) = phone["others"]
    assert (other["value"], other["by"]) == (HIS_PHONE, ZHAO)
    assert phone["kept"]["made_at"] > other["made_at"], "Monday's is the older of the two"

    fields = li.record(note).fields
    assert fields["narrative"] == "长势良好。\n存栏 14 头。\n新建猪圈一间。"
    assert fields["supervisor_comment"] == "请核实外债。\n并补拍猪圈照片。"
    assert fields["answers.R04.value"] == 2000
    (conflict,) = [it for it in li.conflicts() if it.fields.get("field") == "answers.R04.value"]
    assert conflict.fields["sensitive"] is True
    with pytest.raises(NotPossibleError, match="sod-8"):
        li.resolve(conflict.id, "keep", comment="核对过借据")
    assert twin in holds(zhao)
    assert liu.customer in holds(zhao), "the second investigator has her dossier"


def wang_settles(wang: Desk, li: FieldClient, zhao: FieldClient, liu: Liu, note: str) -> None:
    """18:15: her phone number, one record of Liu with Zhao's second number, and R04 after a call."""
    mine = {(it["kind"], it["customer"]): it["id"] for it in wang.conflicts()}
    wang.settles(mine["field", CHEN], "keep", comment="陈国平当面告知。")
    again = wang.call(
        "POST", f"/api/v1/conflicts/{mine['field', CHEN]}/resolve", {"resolution": "other"}
    )
    assert (again["status"], again["standing"]["resolution"]) == (409, "keep")
    wang.settles(
        mine["duplicate", liu.customer], "merge", survivor=liu.customer,
        value={"phone_alt": SECOND_PHONE}, comment="身份证号相同，同一人。",
    )  # fmt: skip
    wang.settles(
        mine["field", DENG], "other", comment="电话核实为 5000 元", chosen=None,
    )  # fmt: skip
    li.sync()
    zhao.sync()
    assert wang.conflicts() == []
    for tablet in (li, zhao):
        assert tablet.conflicts() == []
        assert tablet.record(CHEN).fields["phone"] == HER_PHONE
        assert tablet.record(note).fields["answers.R04.value"] == 5000
        ruled = tablet.record(mine["field", CHEN]).fields
        assert (ruled["resolved_by"], ruled["comment"]) == (WANG, "陈国平当面告知。")


def both_hold_the_same(wang: Desk, li: FieldClient, zhao: FieldClient, liu: Liu, twin: str) -> None:
    """One Liu is left, with her application, and Zhao's id leads to her; both tablets hold the same."""
    wang.does(update("customer", twin, twin, next_contact_on="2026-06-20"))
    for tablet in (li, zhao):
        tablet.sync()
        alike = [it.fields.get("id_no") == PERSON["id_no"] for it in tablet.records("customer")]
        assert sum(alike) == 1
        assert twin not in holds(tablet)
        fields = tablet.record(liu.customer).fields
        assert (fields["name"], fields["phone_alt"]) == ("刘秀英", SECOND_PHONE)
        assert fields["next_contact_on"] == "2026-06-20"
        assert tablet.record(liu.application).customer == liu.customer
        assert tablet.store.incidents() == [], "every digest was the branch's"
    for customer in (CHEN, DENG, ZHOU, liu.customer):
        assert dossier(li, customer) == dossier(zhao, customer)


def red_signal(village: Village, wang: Desk, li: FieldClient, finding: str) -> None:
    """Wang says what is to be done and until when, and looks for himself; Li Min may not (SOD-7)."""
    due = {"required_action": "收回挪用部分", "due_on": "2026-06-23"}
    wang.does(update("finding", finding, HUANG, **due))
    supervision = {
        "kind": "supervisory", "checklist_code": "supervisory", "checklist_version": 1,
        "loan_id": HUANG_LOAN,
    }  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        li.note(HUANG, "supervisory", loan_id=HUANG_LOAN)
    assert [it.rule for it in refused.value.faults] == ["SOD-7"], "said on the tablet"
    hers = create("inspection_note", named("hers"), HUANG, **supervision, inspector_ids=[LI])
    result = device_of(village, "li.min").push(hers)
    assert [it["rule"] for it in result["errors"]] == ["SOD-7"], "and by the server"
    wang.does(
        create("inspection_note", named("supervision"), HUANG, **supervision, inspector_ids=[WANG])
    )
    li.sync()
    fields = li.record(finding).fields
    assert (fields["due_on"], fields["required_action"]) == ("2026-06-23", "收回挪用部分")
    assert (fields["severity"], fields["state"]) == ("critical", "open")
    assert li.record(named("supervision")).fields["inspector_ids"] == [WANG]


def special_mention(wang: Desk, li: FieldClient, proposal: str) -> None:
    """Wang confirms what she proposed, which she may not; nothing better is proposed without conditions."""
    confirmed = {"confirmed_by": WANG, "confirmed_at": "2026-06-16T10:30:00.000Z"}
    wang.does(update("classification", proposal, WU, **confirmed))
    better = create(
        "classification", named("better"), WU, loan_id=WU_LOAN, as_of="2026-06-16",
        proposed_class="normal", reason="已补栏", proposed_by=WANG,
    )  # fmt: skip
    assert wang.refused(better) == (400, None), "six months, paid on time, come first"
    li.sync()
    fields = li.record(proposal).fields
    assert (fields["proposed_class"], fields["confirmed_by"]) == ("special_mention", WANG)
    assert fields["loan_id"] == WU_LOAN


def thursdays_visits(wang: Desk, li: FieldClient, zhao: FieldClient) -> None:
    """Wang plans Thursday by village, and gives one of the visits to Zhao."""
    here = [it for it in li.records("customer") if it.fields["village_id"] == VILLAGE]
    village = [it.id for it in here if it.fields["state"] == "active" and it.id != ZHOU][:4]
    wang.does(*(planned(it, THURSDAY) for it in village))
    moved = named(f"visit to {village[0]} on {THURSDAY}")
    zhao_covers(wang.call, village[0])
    wang.does(update("visit", moved, village[0], officer_id=ZHAO))
    li.sync()
    zhao.sync()
    assert zhao.record(moved).fields["officer_id"] == ZHAO
    assert li.record(moved).fields["officer_id"] == ZHAO
    mine = [
        it
        for it in li.records("visit")
        if it.fields.get("planned_on") == "2026-06-18" and it.fields["officer_id"] == LI
    ]
    assert len(mine) == len(village) - 1 + 1, "and Zhou, whom she planned herself"
