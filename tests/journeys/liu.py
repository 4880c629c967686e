"""Liu Xiuying's loan, step by step: who does what to it, in the field and at the desks (domain.md, 10.1 to 10.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from field_client.client import FieldClient
from field_client.visits import Place
from schemas.derived.capacity import CashFlow
from schemas.derived.credit_limit import CreditLimit, credit_limit
from schemas.derived.scorecard import Household, Scorecard, score
from schemas.values import canonical_json, format_instant
from tests.journeys.people import Desk
from tests.journeys.village import HARVEST, VILLAGE, named
from tests.server.sending import jpeg

Json = Any
HOME = Place(30_120_000, 110_650_000, 15)
PERSON: dict[str, Json] = {
    "name": "刘秀英", "id_no": "999901200109155081", "phone": "10000000031",
    "village_id": VILLAGE, "segment": "grain", "able_workers": 2, "years_resident": 12,
    "household_size": 3, "land_own_tmu": 120, "village_opinion": "good",
    "village_opinion_by": "村支书王建军", "village_opinion_on": "2026-06-16",
    "assets.house.label": "砖房三间", "assets.house.kind": "house", "assets.house.value_fen": 150_000_00,
    "assets.tiller.label": "旋耕机", "assets.tiller.kind": "machine", "assets.tiller.value_fen": 38_000_00,
    "debts.cousin.lender": "堂兄", "debts.cousin.balance_fen": 8_000_00,
}  # fmt: skip
PLAN: list[dict[str, Json]] = [
    {"due_date": "2026-09-30", "principal_fen": 0},
    {"due_date": "2026-11-30", "principal_fen": 4_000_00},
    {"due_date": "2027-01-31", "principal_fen": 8_000_00},
]
ASKED = {
    "product_id": HARVEST, "amount_fen": 12_000_00, "maturity_date": "2027-01-31",
    "method": "seasonal", "rate_bps": 840, "plan": PLAN, "purpose": "仔猪饲料和晚稻投入",
    "repay_source": "第一来源卖猪和稻谷收购款，第二来源丈夫务工汇款。", "security": ["guarantor"],
    "officer_opinion": "建议按收获还款发放 12000 元。",
}  # fmt: skip
FIVE_C = {
    f"five_c.{name}.{leaf}": it
    for name in ("character", "capacity", "capital", "collateral", "conditions")
    for leaf, it in (("score", 4), ("note", "邻里口碑好，双季稻加养猪，收入稳定。"))
}
ANSWERS = {
    "P01": "yes", "P02": "yes", "P03": "yes", "P04": "yes", "P05": "slips", "P06": "yes",
    "P07": "yes", "P08": 40, "P09": "一月卖猪，到账", "P10": "yes", "P11": "na", "P12": "good",
    "P13": "no", "P14": "no",
}  # fmt: skip
_YEAR = 12


def _in_months(**fen_by_month: int) -> list[int]:
    return [fen_by_month.get(f"m{it}", 0) for it in range(_YEAR)]


LINES: Mapping[str, Mapping[str, Json]] = {
    "early_rice": {
        "kind": "income", "label": "早稻 12 亩", "farm": True, "quantity": 12, "unit": "亩",
        "unit_price_fen": 1_092_00, "month_fen": _in_months(m1=13_104_00),
    },
    "late_rice": {
        "kind": "income", "label": "晚稻 12 亩", "farm": True, "month_fen": _in_months(m4=14_850_00),
    },
    "pigs": {
        "kind": "income", "label": "肉猪两批", "farm": True,
        "month_fen": _in_months(m6=28_500_00, m11=18_000_00),
    },
    "remittance": {"kind": "income", "label": "丈夫汇款", "farm": False, "month_fen": [2_200_00] * _YEAR},
    "inputs": {
        "kind": "cost", "label": "种苗、饲料、农资", "month_fen": [
            10_350_00, 5_220_00, 3_300_00, 3_300_00, 3_300_00, 0, 0, 4_500_00, 5_320_00, 4_360_00,
            2_200_00, 2_200_00,
        ],
    },
    "living": {
        "kind": "living", "label": "生活支出", "month_fen": [
            2_200_00, 2_200_00, 6_200_00, 2_200_00, 2_200_00, 2_200_00, 2_200_00, 5_200_00,
            2_200_00, 2_200_00, 2_200_00, 2_200_00,
        ],
    },
}  # fmt: skip


@dataclass
class Liu:
    """The ids of what Li Min makes about her."""

    customer: str
    application: str
    survey: str
    note: str
    second_visit: str


# ------------------------------------------------------------------------------------ in the field


def registered(li: FieldClient) -> str:
    """Register the household with its consent; nothing needs the network."""
    customer = li.create("customer", None, PERSON)
    for name, relation in (("陈建国", "spouse"), ("陈小明", "child")):
        li.create("household_member", customer, {"name": name, "relation": relation})
    consent = li.attach(customer, jpeg(seed=1), "consent")
    li.edit(customer, {"consent_attachment_id": consent})
    return customer


def investigated(li: FieldClient, zhao: str) -> Liu:
    """Register, survey, rate, apply and inspect, as in step 3 of her morning; *zhao*: the second officer."""
    customer = registered(li)
    me = li.store.user_id()
    visit = li.visit_start(customer, ["survey", "pre_loan"], place=HOME)
    application = li.create("loan_application", customer, {**ASKED, **FIVE_C})
    lines = {f"lines.{key}.{leaf}": it for key, line in LINES.items() for leaf, it in line.items()}
    survey = li.create(
        "cashflow_survey", customer,
        {
            "application_id": application, "start_month": "2026-07", "opening_cash_fen": 3_500_00,
            "surveyed_on": "2026-06-16", **lines,
        },
    )  # fmt: skip
    card, limit = rated(cash_flow(li, survey))
    li.create(
        "credit_rating", customer,
        {
            "survey_id": survey, "scores": dict(zip(_ITEMS, card.points, strict=True)),
            "total": card.total, "grade": card.grade, "limit_fen": limit.limit_fen,
            "valid_to": "2027-06-15", "proposed_by": me,
        },
    )  # fmt: skip
    guaranteed(li, customer, application)
    note = li.note(
        customer, "pre_loan", application_id=application, inspector_ids=[me, zhao], visit_id=visit,
        answers=ANSWERS, narrative="稻田和猪圈实地查看。\n邻居评价好。",
    )  # fmt: skip
    photo = li.attach(note, jpeg(seed=2), "photo_with_customer")
    li.edit(note, {"answers.P15.value": [photo]})
    li.visit_finish(visit, summary="调查完毕，等待协办人。", met_with=["刘秀英"])
    plan = {"purposes": ["pre_loan"], "planned_on": "2026-06-17", "officer_id": zhao}
    return Liu(customer, application, survey, note, li.create("visit", customer, plan))


_ITEMS = (
    "able_workers", "years_resident", "net_assets", "income", "income_sources", "repayment_record",
    "village_opinion", "security",
)  # fmt: skip


def guaranteed(li: FieldClient, customer: str, application: str) -> None:
    """Her brother-in-law guarantees and signs on glass."""
    guarantor = li.create(
        "guarantor", customer,
        {
            "application_id": application, "name": "陈建军", "phone": "10000000032",
            "kind": "individual", "amount_fen": 12_000_00, "relation_to_borrower": "小叔子",
        },
    )  # fmt: skip
    signature = li.attach(guarantor, jpeg(seed=3), "signature")
    li.edit(
        guarantor,
        {"willing_confirmed_on": "2026-06-16", "signature_attachment_id": signature},
    )


def sign(tablet: FieldClient, note: str) -> None:
    """Sign a note for oneself."""
    seen = canonical_json(dict(tablet.record(note).fields))
    path = f"signed_by.{tablet.desk.new_id()}"
    digest = hashlib.sha256(seen.encode()).hexdigest()
    at = format_instant(tablet.desk.now())
    said = {"user": tablet.store.user_id(), "at": at, "content_hash": digest}
    tablet.edit(note, {f"{path}.{leaf}": it for leaf, it in said.items()})


def submit(li: FieldClient, liu: Liu) -> None:
    """Submit the application; the survey is locked with it."""
    li.edit(liu.application, {"state": "submitted"})


# -------------------------------------------------------------------------------------- what it says


def cash_flow(tablet: FieldClient, survey: str) -> CashFlow:
    """Return the household's year as the tablet holds it, line by line."""
    fields = tablet.record(survey).fields
    keys = {it.split(".")[1] for it in fields if it.startswith("lines.")}
    sums: dict[str, list[int]] = {
        it: [0] * _YEAR for it in ("income", "cost", "living", "debt", "farm")
    }
    for key in keys:
        months = fields[f"lines.{key}.month_fen"]
        wanted = [
            fields[f"lines.{key}.kind"],
            *(["farm"] if fields.get(f"lines.{key}.farm") else []),
        ]
        for name in wanted:
            sums[name] = [one + more for one, more in zip(sums[name], months, strict=True)]
    return CashFlow(
        start_month=date.fromisoformat(fields["start_month"] + "-01"),
        opening_cash_fen=fields["opening_cash_fen"],
        income_fen=tuple(sums["income"]), cost_fen=tuple(sums["cost"]),
        living_fen=tuple(sums["living"]), farm_income_fen=tuple(sums["farm"]),
        existing_service_fen=tuple(sums["debt"]), haircut_bps=fields.get("haircut_bps", 1000),
    )  # fmt: skip


def rated(year: CashFlow) -> tuple[Scorecard, CreditLimit]:
    """Return her points and her limit (E8)."""
    card = score(
        Household(
            able_workers=2, years_resident=12, net_assets_fen=180_000_00,
            village_median_assets_fen=200_000_00, net_income_fen=23_404_00,
            village_median_income_fen=21_276_00,
            income_by_source_fen=(46_500_00, 27_954_00, 26_400_00), days_late=None,
            opinion="good", security="group_or_guarantor",
        )
    )  # fmt: skip
    limit = credit_limit(
        card.grade, year, net_assets_fen=180_000_00, product_cap_fen=80_000_00, rate_bps=840,
        term_months=12,
    )  # fmt: skip
    return card, limit


# -------------------------------------------------------------------------------------- at the desks


def change(op: str, kind: str, liu: Liu, record: str, /, **fields: Json) -> Json:
    """Return a change of a record in her dossier."""
    return {"op": op, "type": kind, "id": record, "customer": liu.customer, "set": fields}


def moved(liu: Liu, state: str, **fields: Json) -> Json:
    """Return the move of her application."""
    return change("update", "loan_application", liu, liu.application, state=state, **fields)


def decided(liu: Liu, who: Desk, stage: str, outcome: str) -> Json:
    """Return a decision about her application."""
    return change(
        "create", "decision", liu, named(f"{stage} by {who.user}"), application_id=liu.application,
        stage=stage, outcome=outcome, comment="资料齐全，同意。",
    )  # fmt: skip


def reviews(sun: Desk, liu: Liu) -> None:
    """Sun Yan answers V01 to V08, signs, and passes the application on."""
    note, key = named("in-loan review"), named("signature of Sun Yan")
    answers = {f"answers.V{it:02d}.value": "yes" for it in range(1, 8)}
    sun.does(
        change(
            "create", "inspection_note", liu, note, kind="in_loan_review",
            application_id=liu.application, checklist_code="in_loan_review", checklist_version=1,
            inspector_ids=[sun.user], conclusion="satisfactory",
            **answers, **{"answers.V08.value": "同意，按收获还款"},
        )
    )  # fmt: skip
    said = {"user": sun.user, "at": "2026-06-17T08:00:00.000Z", "content_hash": "0" * 64}
    signature = {f"signed_by.{key}.{leaf}": it for leaf, it in said.items()}
    sun.does(change("update", "inspection_note", liu, note, **signature))
    sun.does(decided(liu, sun, "review", "pass"), moved(liu, "reviewed"))


def signs_contract(he: Desk, liu: Liu) -> None:
    """He Fang files the contract, and with it the application is contracted."""
    paper = change(
        "create", "attachment", liu, named("contract"), record_type="loan_application",
        record=liu.application, kind="contract", sha256="0" * 64, size=1,
        media_type="image/jpeg", captured_at="2026-06-18T01:00:00.000Z",
    )  # fmt: skip
    he.does(paper, moved(liu, "contracted"))
