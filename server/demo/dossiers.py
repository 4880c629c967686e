"""What an application needs before it is submitted: survey, rating, guarantor, collateral, the five Cs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.derived.appraisal import net_assets_fen
from schemas.derived.credit_limit import credit_limit
from schemas.derived.due_dates import due_after
from schemas.derived.scorecard import Household as Scored
from schemas.derived.scorecard import Opinion, score
from schemas.derived.survey import cash_flow_of
from schemas.loan_application import FIVE_C
from server.demo.asked import Request
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.products import PRODUCTS
from server.demo.surveys import survey

Json = Any
MEDIAN_ASSETS_FEN, MEDIAN_INCOME_FEN = 120_000_00, 24_000_00
"""Of a village here."""
ITEMS = (
    "able_workers", "years_resident", "net_assets", "income", "income_sources", "repayment_record",
    "village_opinion", "security",
)  # fmt: skip
SAID: Mapping[str, tuple[str, ...]] = {
    "character": ("邻里口碑好，按时还款，无不良嗜好。", "为人实在，村干部评价良好，往来多年。"),
    "capacity": ("劳动力充足，收入来源稳定，能按期还款。", "收入与支出已逐月测算，能够覆盖本息。"),
    "capital": ("自有资金约四成，家底较厚，负债不多。", "有房有存栏，净资产高于本村一般水平。"),
    "collateral": ("信用方式，家庭成员同意共同还款。", "担保人和抵押物均已核实，愿意担保。"),
    "conditions": ("收购价平稳，当地有固定收购渠道。", "行情一般，但周期短，风险可以控制。"),
}


def rating(
    request: Request, surveyed: Mapping[str, Json], survey_id: str, user: str
) -> dict[str, Json]:
    """Return the rating that rests on a survey: the scorecard's points, the grade and the limit."""
    household, year = request.household, cash_flow_of(surveyed)
    assets = net_assets_fen(household.fields)
    behind = {"collateral", "guarantor"} & set(request.security)
    opinion: Opinion = household.fields.get("village_opinion", "fair")
    card = score(
        Scored(
            able_workers=household.fields.get("able_workers", 1),
            years_resident=household.fields.get("years_resident", 5), net_assets_fen=assets,
            village_median_assets_fen=MEDIAN_ASSETS_FEN, net_income_fen=year.yearly_net_fen,
            village_median_income_fen=MEDIAN_INCOME_FEN,
            income_by_source_fen=(sum(year.farm_income_fen), sum(year.income_fen) - sum(year.farm_income_fen)),
            days_late=None if request.is_first else (), opinion=opinion,
            security="none" if not behind else "collateral" if "collateral" in behind else "group_or_guarantor",
        )
    )  # fmt: skip
    product = next(it for it in PRODUCTS if it["code"] == request.product)
    limit = credit_limit(
        card.grade, year, net_assets_fen=assets, product_cap_fen=product["max_amount_fen"],
        rate_bps=request.rate_bps, term_months=request.term_months,
        exposure_fen=request.exposure_fen,
    )  # fmt: skip
    return {
        "survey_id": survey_id, "scores": dict(zip(ITEMS, card.points, strict=True)),
        "total": card.total, "grade": card.grade, "limit_fen": limit.limit_fen,
        "valid_to": due_after(request.day, 12).isoformat(), "proposed_by": user,
    }  # fmt: skip


def surveyed(request: Request, application: str) -> dict[str, Json]:
    """Return the survey of the household's year."""
    return {"application_id": application, **survey(request.household, request.day)}


def application(dice: Dice, request: Request, product: str, limit_fen: int) -> dict[str, Json]:
    """Return what the officer fills in; above the rated limit it is an exception with its reason."""
    household = request.household
    fields: dict[str, Json] = {
        "product_id": product, "amount_fen": request.amount_fen, "term_months": request.term_months,
        "method": request.method, "rate_bps": request.rate_bps, "security": list(request.security),
        "purpose": dice.one(household.livelihood.purposes),
        "repay_source": "第一来源生产经营收入，第二来源家庭成员务工收入。",
        "officer_opinion": f"建议发放 {request.amount_fen // 100:,} 元。",
    }  # fmt: skip
    if request.amount_fen > limit_fen:
        reason = (
            "抵押充足，经营多年，超评级额度部分由押品覆盖。"
            if request.pieces
            else "老客户，两个周期均按时还款。"
        )
        fields |= {"exception": True, "exception_reason": reason}
    return fields


def five_c(dice: Dice) -> dict[str, Json]:
    """Return the five Cs with a score and a sentence each."""
    return {
        f"five_c.{name}.{leaf}": it
        for name in FIVE_C
        for leaf, it in (("score", dice.one((3, 4, 4, 5))), ("note", dice.one(SAID[name])))
    }


def collateral(
    dice: Dice, kind: str, owner: Household, values: Mapping[date, int], by: str
) -> dict[str, Json]:
    """Return a piece of collateral with its valuations by day, in fen."""
    fields: dict[str, Json] = {
        "kind": kind, "owner_name": owner.name, "location": owner.village.name,
        "certificate_no": f"QH-{dice.randint(1, 99_999):05d}",
        "registered_on": owner.fields["registered_on"],
        "condition_note": dice.one(("自住，状况良好。", "正常使用，维护良好。", "现场查看，与权证一致。")),
    }  # fmt: skip
    for place, (on, value) in enumerate(sorted(values.items()), 1):
        fields |= valuation(f"v{place}", on, value, by, "initial")
    return fields


def valuation(key: str, on: date, value_fen: int, by: str, reason: str) -> dict[str, Json]:
    """Return one valuation's leaves."""
    leaves = {
        "valued_on": on.isoformat(), "method": "market", "value_fen": value_fen, "by": by,
        "reason": reason,
    }  # fmt: skip
    return {f"valuations.{key}.{leaf}": it for leaf, it in leaves.items()}
