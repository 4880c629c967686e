"""The calculators of an appraisal and of a dossier, as the shared vectors tell: the app runs them too."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.derived.appraisal import Papers, appraise
from schemas.derived.capacity import (
    CapacityLimits,
    CashFlow,
    LowPoint,
    PlannedLoan,
    assess,
    lowest_point,
)
from schemas.derived.collateral import (
    Valued,
    cap_bps,
    collateral_warnings,
    drop_bps,
    ltv_bps,
    most_lent_fen,
)
from schemas.derived.credit_limit import capacity_limit_fen, credit_limit
from schemas.derived.customer_tier import Dealings, lifetime_value_fen, points_of, tier_of
from schemas.derived.dealings import dealings_of
from schemas.derived.indicators import (
    is_on_time,
    on_time_visits_bps,
    sync_age,
    visit_completion_bps,
)
from schemas.derived.portfolio import LoanStanding, portfolio_of
from schemas.derived.schedule import Installment
from schemas.derived.scorecard import Household, grade_of, income_sources, record_points, score
from schemas.derived.sub_class import may_improve, sub_class
from schemas.derived.survey import cash_flow_of
from tests.places import REPOSITORY

Json = Any
VECTORS = json.loads((REPOSITORY / "tests/vectors/appraisal.json").read_text("utf-8"))["vectors"]
AT_RISK = ("par1_fen", "par30_fen", "par90_fen", "par30_plus_restructured_fen")


@pytest.mark.parametrize("vector", [pytest.param(it, id=it["id"]) for it in VECTORS])
def test_the_shared_vectors(vector: dict[str, Json]) -> None:
    answer = KINDS[vector["do"]]
    if "error" in vector:
        with pytest.raises(ValueError, match=re.escape(vector["error"])):
            answer(read(vector["in"]))
        return

    found = plain(answer(read(vector["in"])))
    wanted = vector["out"]
    if isinstance(found, dict):  # a case may tell only what it is about
        assert found == found | wanted
    else:
        assert found == wanted


def read(value: Json) -> Json:
    """Lists as tuples, and dates and instants as such."""
    if isinstance(value, dict):
        return {name: read(it) for name, it in value.items()}
    if isinstance(value, list):
        return tuple(read(it) for it in value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value):
        return datetime.fromisoformat(value)
    return value


def plain(value: Json) -> Json:
    """The way back."""
    if isinstance(value, Mapping):
        return {name: plain(it) for name, it in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, tuple | list):
        return [plain(it) for it in value]
    return value.isoformat() if isinstance(value, date) else value


def household(given: Json) -> Json:
    cash_flow = CashFlow(**given)
    return {
        "net_fen": cash_flow.net_fen,
        "yearly_net_fen": cash_flow.yearly_net_fen,
        "stressed_yearly_net_fen": cash_flow.stressed_yearly_net_fen,
        "lowest": lowest_point(cash_flow),
    }


def capacity(given: Json) -> Json:
    asked = given["loan"]
    rows = tuple(
        Installment(seq, row["due_date"], row["total_fen"], 0)
        for seq, row in enumerate(asked["schedule"], start=1)
    )
    loan = PlannedLoan(asked["amount_fen"], asked["disbursed_on"], rows)
    limits = CapacityLimits(**given.get("limits", {}))
    found = assess(CashFlow(**given["household"]), loan, limits)
    assert found.passes is not bool(found.failed)
    return {**asdict(found), "yearly_service_fen": loan.yearly_service_fen, **points_in(found)}


def points_in(found: Any) -> dict[str, Json]:
    assert isinstance(found.lowest, LowPoint)
    names = ("lowest", "stressed_lowest", "failed")
    return {name: getattr(found, name) for name in names}


def scorecard(given: Json) -> Json:
    card = score(Household(**given))
    return {"points": card.points, "total": card.total, "grade": card.grade}


def limit(given: Json) -> Json:
    asked = dict(given)
    cash_flow = CashFlow(**asked.pop("household"))
    return asdict(credit_limit(asked.pop("grade"), cash_flow, **asked))


def customer_tier(given: Json) -> Json:
    asked = dict(given)
    as_of = asked.pop("as_of")
    dealings = Dealings(**asked)
    tier = tier_of(dealings, as_of)
    points = points_of(dealings, as_of)
    return {"points": points, "tier": tier.code, "contact_days": tier.contact_days}


def portfolio(given: Json) -> Json:
    found = portfolio_of(LoanStanding(**loan) for loan in given)
    ratios = [found.ratio_bps(getattr(found, name)) for name in AT_RISK]
    return {**asdict(found), "ratios_bps": ratios}


def collateral(given: Json) -> Json:
    loan, former = given["loan_fen"], given["former_fen"]
    pieces = [Valued(**piece) for piece in given["pieces"]]
    value = sum(piece.value_fen for piece in pieces)
    warned = collateral_warnings(loan, former, pieces)
    assert {it.rule for it in warned} <= {"W08"}
    return {
        "ltv_bps": ltv_bps(loan, value),
        "drop_bps": drop_bps(former, value),
        "cap_bps": cap_bps(pieces),
        "most_lent_fen": most_lent_fen(pieces),
        "signals": [it.severity for it in warned],
    }


def grade_in_class(code: Json) -> Json:
    found = sub_class(code)
    assert found.code == code
    return {"risk_class": found.risk_class.code, "step": found.step}


def survey(given: Json) -> Json:
    cash_flow = cash_flow_of(stored(given["survey"]))
    names = ("net_fen", "yearly_net_fen", "stressed_yearly_net_fen", "service_fen")
    return {name: getattr(cash_flow, name) for name in names}


def appraised(given: Json) -> Json:
    found = appraise(
        stored(given["application"]), Papers(**stored(given["papers"])), given["today"]
    )
    tried = [
        {"method": it.method, "passes": it.capacity.passes, **it.capacity.lowest._asdict()}
        for it in found.tried
    ]
    rated = found.rated
    return {
        "tried": tried,
        "rated": rated
        and {"total": rated.total, "grade": rated.grade, "limit_fen": rated.limit.limit_fen},
    }


def dealings(given: Json) -> Json:
    records = [SimpleNamespace(**it) for it in stored(given["records"])]
    found = dealings_of(records, {}, given["today"])
    return {**asdict(found), "tier": tier_of(found, given["today"]).code}


def stored(value: Json) -> Json:
    """Fields as a record holds them: lists as such, days and instants as texts."""
    if isinstance(value, Mapping):
        return {name: stored(it) for name, it in value.items()}
    if isinstance(value, tuple):
        return [stored(it) for it in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


KINDS: Mapping[str, Callable[[Json], Json]] = {
    "household": household,
    "survey": survey,
    "appraisal": appraised,
    "dealings": dealings,
    "capacity": capacity,
    "scorecard": scorecard,
    "grade": grade_of,
    "record": record_points,
    "income_sources": income_sources,
    "credit_limit": limit,
    "capacity_limit": lambda given: capacity_limit_fen(**given),
    "customer_tier": customer_tier,
    "lifetime_value": lambda given: lifetime_value_fen(**given),
    "portfolio": portfolio,
    "sub_class": grade_in_class,
    "may_improve": lambda given: may_improve(**given),
    "collateral": collateral,
    "visit_completion": lambda given: visit_completion_bps(**given),
    "on_time_visits": lambda given: on_time_visits_bps(**given),
    "is_on_time": lambda given: is_on_time(**given),
    "sync_age": lambda given: sync_age(**given),
}
