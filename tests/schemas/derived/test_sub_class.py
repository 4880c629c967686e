"""The twelve grades, and the way back to a better class."""

from datetime import date

import pytest

from schemas.derived.risk_class import RiskClass
from schemas.derived.sub_class import SUB_CLASSES, SubClass, may_improve, sub_class

CLEARED = date(2026, 1, 10)
DUE = [date(2026, 2, 15), date(2026, 3, 15)]


def test_there_are_twelve_from_best_to_worst() -> None:
    assert len(SUB_CLASSES) == 12
    assert list(SUB_CLASSES) == sorted(SUB_CLASSES)
    assert [grade.code for grade in (SUB_CLASSES[0], SUB_CLASSES[-1])] == ["normal_1", "loss_1"]


def test_a_grade_is_found_by_its_code() -> None:
    assert sub_class("special_mention_3") == SubClass(RiskClass.SPECIAL_MENTION, 3)


@pytest.mark.parametrize("code", ["normal_5", "loss_2", "loss", ""])
def test_a_grade_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"subgrade: .* is none of normal_1"):
        sub_class(code)


@pytest.mark.parametrize(
    ("dpd", "cleared_on", "paid", "as_of", "expected"),
    [
        (0, CLEARED, DUE, date(2026, 7, 10), True),
        (0, CLEARED, DUE, date(2026, 7, 9), False),  # six months take longer
        (0, CLEARED, DUE[:1], date(2026, 9, 1), False),  # two installments take longer
        (
            0,
            CLEARED,
            [CLEARED, DUE[0]],
            date(2026, 9, 1),
            False,
        ),  # the first is none of the further
        (0, CLEARED, [DUE[0], date(2026, 9, 2)], date(2026, 9, 1), False),
        (1, CLEARED, DUE, date(2026, 9, 1), False),
        (0, None, DUE, date(2026, 9, 1), False),
    ],
)
def test_better_after_two_installments_and_six_months(
    dpd: int, cleared_on: date | None, paid: list[date], as_of: date, expected: bool
) -> None:
    assert may_improve(dpd, cleared_on, paid, as_of) is expected
