"""Li Min's Tuesday in the villages, stop by stop, and who is in her store (domain.md, 10.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from field_client.client import FieldClient
from field_client.visits import Place, Promise
from tests.journeys.liu import HOME, Liu, investigated
from tests.journeys.people import ZHAO
from tests.journeys.village import CHEN, HUANG, LOAN, VILLAGE, ZHOU, named, record
from tests.server.sending import jpeg

Json = Any
RIVER_BANK = Place(30_123_456, 110_654_321, 12)
GROUP, WU = named("柳湾五户联保组"), named("吴长生")
MEMBERS = (WU, *(named(f"联保成员 {it}") for it in range(2, 6)))
HUANG_LOAN, WU_LOAN = named("loan of Huang"), named("loan of Wu")
IN_THE_STORE = 300


def neighbours() -> list[dict[str, Json]]:
    """Return the records that her day needs beside Chen's, and customers up to 300 in all."""
    group = {
        "name": "柳湾五户联保组", "leader_customer_id": WU, "formed_on": "2025-03-01",
        "expires_on": "2028-02-29", "state": "active",
    }  # fmt: skip
    others = [named(f"neighbour {it}") for it in range(IN_THE_STORE - len(MEMBERS) - 4)]
    return [
        *(_customer(it, f"组员{place}", place) for place, it in enumerate(MEMBERS, 100)),
        *(_customer(it, f"村民{place}", place) for place, it in enumerate(others, 200)),
        record("group", GROUP, group),
        *_loan(HUANG_LOAN, HUANG, "JJ202600002", "2026-06-03"),
        *_loan(WU_LOAN, WU, "JJ202600003", "2026-03-16"),
        record("inspection_note", named("first follow-up at Wu's"), _seen(), customer=WU),
    ]


def _seen() -> dict[str, Json]:
    me = named("li.min")
    signature = {"user": me, "at": "2026-03-30T03:00:00.000Z", "content_hash": "0" * 64}
    return {
        "kind": "first_followup", "loan_id": WU_LOAN, "checklist_code": "first_followup",
        "checklist_version": 1, "inspector_ids": [me], "answers.F01.value": "yes",
        "conclusion": "satisfactory", "state": "signed",
        **{f"signed_by.{named('signature at Wu')}.{leaf}": it for leaf, it in signature.items()},
    }  # fmt: skip


def _customer(customer: str, name: str, serial: int) -> dict[str, Json]:
    fields = {
        "name": name, "phone": f"10000001{serial:03}", "village_id": VILLAGE,
        "segment": "livestock", "state": "active",
    }  # fmt: skip
    return record("customer", customer, fields, officer="li.min")


def _loan(loan: str, customer: str, number: str, on: str) -> list[dict[str, Json]]:
    fields = {
        "loan_no": number, "product_id": named("product"), "principal_fen": 10_000_00,
        "rate_bps": 840, "method": "bullet", "disbursed_on": on, "maturity_on": "2026-12-03",
        "schedule_version": 1, "purpose": "购买仔猪", "security": ["unsecured"],
        "officer_id": named("li.min"), "state": "active",
    }  # fmt: skip
    due = {
        "loan_id": loan, "schedule_version": 1, "seq": 1, "due_date": "2026-12-03",
        "principal_fen": 10_000_00, "interest_fen": 427_00, "fee_fen": 0,
    }  # fmt: skip
    return [
        record("loan", loan, fields, customer=customer),
        record("installment", named(f"{number}/1"), due, customer=customer),
    ]


def collection_at_chens(li: FieldClient) -> str:
    """08:50: E1 and E5 to the fen, a promise that becomes a task, a new phone number."""
    shown = li.preview(LOAN, 300_000)
    assert shown.before.dpd == 32
    assert shown.before.outstanding_principal_fen == 2_273_377
    assert (shown.before.penalty_fen, shown.before.due_today_fen) == (2838, 525_878)

    visit = li.visit_start(CHEN, ["collection"], place=RIVER_BANK)
    receipt = li.repay(LOAN, 300_000)
    li.attach(receipt.repayment, jpeg(seed=10), "signature")
    assert receipt.receipt_no == "T1-20260616-001"
    split = receipt.preview.split
    assert split is not None
    rows = [(it.seq, it.penalty_fen, it.interest_fen, it.principal_fen) for it in split.parts]
    assert rows == [(4, 2751, 15_914, 245_606), (5, 87, 14_194, 21_448)]
    after = receipt.preview.after
    assert (after.dpd, after.outstanding_principal_fen, after.unallocated_fen) == (1, 2_006_323, 0)
    assert after.arrears_fen == 225_878

    promise = Promise(230_000, date(2026, 6, 25))
    li.visit_finish(visit, summary="收款 3000 元。下旬再还。", met_with=["陈国平"], promise=promise)
    assert [it.fields["due_on"] for it in li.records("task", CHEN)] == ["2026-06-25"]
    li.edit(CHEN, {"phone": "10000000021"})
    assert not li.status().all_synced
    return receipt.receipt_no


def absent_at_zhous(li: FieldClient) -> None:
    """14:00: nobody home; the visit is complete all the same, and a new one is planned."""
    visit = li.visit_start(ZHOU, ["routine"], place=RIVER_BANK)
    li.visit_finish(visit, outcome="absent", reason="无人在家，邻居说去县城了")
    plan = {"purposes": ["routine"], "planned_on": "2026-06-18", "slot": "am"}
    li.create("visit", ZHOU, plan)


def first_follow_up_at_huangs(li: FieldClient) -> str:
    """11:40: a motor tricycle, not piglets; a critical finding with its photo, and W03 red at once."""
    visit = li.visit_start(HUANG, ["first_followup"], place=HOME)
    note = li.note(
        HUANG, "first_followup", loan_id=HUANG_LOAN, visit_id=visit,
        answers={"F01": {"value": "no", "note": "买了摩托三轮"}, "F03": "no", "F04": "no"},
        narrative="买了摩托三轮，没有买猪。", conclusion="unsatisfactory",
    )  # fmt: skip
    finding = li.create(
        "finding", HUANG,
        {
            "inspection_note_id": note, "qid": "F01", "severity": "critical",
            "description": "贷款买了摩托三轮", "owner_id": li.store.user_id(),
        },
    )  # fmt: skip
    li.attach(finding, jpeg(seed=11), "photo_asset")
    li.visit_finish(visit, summary="用途不符。", met_with=["黄大明"])
    assert ("W03", "red") in told(li, HUANG)
    return finding


def group_at_willow_bay(li: FieldClient) -> str:
    """15:00: one visit, five inspections; Wu lost nine pigs, and she proposes special mention."""
    planned = [it for it in li.records("visit", WU) if it.fields.get("group_id") == GROUP]
    fields = {"purposes": ["routine"], "planned_on": "2026-06-16", "group_id": GROUP}
    visit = planned[0].id if planned else li.create("visit", WU, fields)
    li.visit_start(WU, visit=visit, place=HOME)
    for member in MEMBERS:
        lost = {"R02": -35, "R05": "yes"} if member == WU else {"R02": 0, "R05": "no"}
        li.note(
            member, "routine", answers={"R01": "no" if member == WU else "yes", **lost},
            narrative="猪瘟损失九头。" if member == WU else "正常。",
            **({"loan_id": WU_LOAN, "visit_id": visit} if member == WU else {}),
        )  # fmt: skip
    li.visit_finish(visit, summary="五户都看过。", met_with=["吴长生"])
    assert ("W04", "orange") in told(li, WU)
    return li.create(
        "classification", WU,
        {
            "loan_id": WU_LOAN, "as_of": "2026-06-16", "proposed_class": "special_mention",
            "reason": "猪瘟损失九头", "proposed_by": li.store.user_id(),
        },
    )  # fmt: skip


def hands_cash_in(li: FieldClient) -> str:
    """End of the day: the cash of her receipts, in one deposit; return its id."""
    me = li.store.user_id()
    mine = [it.id for it in li.records("repayment") if it.fields.get("collected_by") == me]
    fields = {
        "officer_id": me, "business_date": "2026-06-16", "receipt_ids": mine, "counted_fen": 300_000,
    }  # fmt: skip
    deposit = li.create("cash_deposit", None, fields)
    li.edit(deposit, {"state": "handed_in"})
    return deposit


def told(tablet: FieldClient, customer: str) -> set[tuple[str, str]]:
    """Return what early warning says of a customer on the tablet: the rule, and how grave."""
    return {(it.rule, it.severity) for it in tablet.warnings(tablet.record(customer))}


def whole_day(li: FieldClient) -> Liu:
    """Steps 2 to 6 of 10.1."""
    collection_at_chens(li)
    liu = investigated(li, ZHAO)
    first_follow_up_at_huangs(li)
    absent_at_zhous(li)
    group_at_willow_bay(li)
    return liu
