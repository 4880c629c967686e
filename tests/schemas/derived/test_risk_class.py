"""The five classes, at their boundaries and where facts force a worse one."""

from datetime import date
from typing import Any

import pytest

from schemas.derived.risk_class import (
    ClassThresholds,
    RiskClass,
    class_by_days,
    is_under_observation,
    system_class,
)


@pytest.mark.parametrize(
    ("dpd", "risk_class"),
    [
        (0, RiskClass.NORMAL),
        (1, RiskClass.SPECIAL_MENTION),
        (90, RiskClass.SPECIAL_MENTION),
        (91, RiskClass.SUBSTANDARD),
        (270, RiskClass.SUBSTANDARD),
        (271, RiskClass.DOUBTFUL),
        (360, RiskClass.DOUBTFUL),
        (361, RiskClass.LOSS),
    ],
)
def test_days_past_due_set_the_floor(dpd: int, risk_class: RiskClass) -> None:
    assert class_by_days(dpd) is risk_class


def test_e6_classes(golden: dict[str, Any]) -> None:
    classes = [
        system_class(loan["dpd"], restructured=loan["restructured"]).code
        for loan in golden["E6"]["in"]
    ]

    assert classes == golden["E6"]["out"]["classes"]


def test_another_bad_loan_makes_a_good_one_special_mention() -> None:
    assert system_class(0, another_loan_is_npl=True) is RiskClass.SPECIAL_MENTION
    assert system_class(95, another_loan_is_npl=True) is RiskClass.SUBSTANDARD


def test_non_performing_starts_at_substandard() -> None:
    assert [risk_class.is_npl for risk_class in RiskClass] == [False, False, True, True, True]


def test_a_lender_may_keep_the_older_thresholds() -> None:
    older = ClassThresholds(substandard=91, doubtful=181)

    assert class_by_days(181, older) is RiskClass.DOUBTFUL


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="must rise"):
        ClassThresholds(substandard=300)


@pytest.mark.parametrize(
    ("as_of", "watched"),
    [
        (date(2026, 2, 27), False),
        (date(2026, 2, 28), True),
        (date(2027, 2, 27), True),
        (date(2027, 2, 28), False),
    ],
)
def test_observation_lasts_a_year(as_of: date, watched: bool) -> None:
    assert is_under_observation(date(2026, 2, 28), as_of) is watched


def test_a_loan_never_restructured_is_not_observed() -> None:
    assert not is_under_observation(None, date(2026, 2, 28))
