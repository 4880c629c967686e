"""What the survey says of an application, and the tier, on the device itself (domain.md, 10.1 step 3)."""

import json
from typing import Any

from field_client import appraisals, screens
from schemas.derived.customer_tier import Tier
from tests.field_client.tablets import CHEN, Tablet
from tests.places import REPOSITORY

Json = Any
E7 = json.loads((REPOSITORY / "tests/vectors/domain-golden.json").read_text("utf-8"))["E7"]["in"]
FARM = E7["farm_income_fen"]
LINES = {
    "farm": ("income", FARM),
    "wages": ("income", [fen - farm for fen, farm in zip(E7["income_fen"], FARM, strict=True)]),
    "cost": ("cost", E7["cost_fen"]),
    "living": ("living", E7["living_fen"]),
}
PLAN = [
    {"due_date": "2026-09-30", "principal_fen": 0},
    {"due_date": "2026-11-30", "principal_fen": 4_000_00},
    {"due_date": "2027-01-31", "principal_fen": 8_000_00},
]
PRODUCT = "019b8c00-0000-7000-8000-0000000000aa"


def surveyed(made: Tablet) -> str:
    fields: dict[str, Json] = {
        "start_month": "2026-07", "months": 12, "opening_cash_fen": 350_000,
        "surveyed_on": "2026-06-16",
    }  # fmt: skip
    for key, (kind, months) in LINES.items():
        fields |= {
            f"lines.{key}.label": key, f"lines.{key}.kind": kind,
            f"lines.{key}.month_fen": months, f"lines.{key}.farm": key == "farm",
        }  # fmt: skip
    return made.client.create("cashflow_survey", CHEN, fields)


def applied(made: Tablet, **changed: Json) -> str:
    fields = {
        "product_id": PRODUCT, "amount_fen": 12_000_00, "maturity_date": "2027-01-31",
        "method": "seasonal", "rate_bps": 840, "plan": PLAN, "purpose": "仔猪饲料和晚稻投入",
    }  # fmt: skip
    return made.client.create("loan_application", CHEN, fields | changed)


def test_the_harvest_plan_passes_and_equal_installments_fail_in_october(ada: Tablet) -> None:
    application = applied(ada)
    assert ada.client.appraisal(ada.client.record(application)) is None

    surveyed(ada)
    found = ada.client.appraisal(ada.client.record(application))

    assert found is not None
    assert screens.appraisal_lines(found, ada.store, "en") == [
        "By harvest: passes, at least ¥2,179.20 left, in 2026-10",
        "Equal installments: fails in 2026-10, short by ¥704.24",
    ]
    assert screens.appraisal_lines(found, ada.store, "zh")[1] == (
        "等额本息不通过：2026-10 资金缺口 ¥704.24"
    )
    told = appraisals.as_json(found)
    assert [it["passes"] for it in told["tried"]] == [True, False]
    assert told["rating"] is None


def test_a_customer_has_a_tier(ada: Tablet) -> None:
    tier = ada.client.tier(ada.client.record(CHEN))

    assert tier is Tier.STANDARD
    assert screens.tier_line(tier, "zh") == "一般客户：至少每 180 天联系一次"
