"""Five-class classification 五级分类: the class that the days and the facts force."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from schemas.derived.due_dates import due_after


class RiskClass(IntEnum):
    """From best to worst, so that worse compares greater."""

    NORMAL = 1
    SPECIAL_MENTION = 2
    SUBSTANDARD = 3
    DOUBTFUL = 4
    LOSS = 5

    @property
    def code(self) -> str:
        """The word in records and messages: ``special_mention``."""
        return self.name.lower()

    @property
    def is_npl(self) -> bool:
        """Whether it counts as non-performing 不良."""
        return self >= RiskClass.SUBSTANDARD


@dataclass(frozen=True, slots=True)
class ClassThresholds:
    """The fewest days past due of each class; a lender may set others by `Parameter`.

    Source: domain.md, section 8.5 (order 2023 no. 1, in force 2023-07-01).
    """

    special_mention: int = 1
    substandard: int = 91
    doubtful: int = 271
    loss: int = 361

    def __post_init__(self) -> None:
        if not 0 < self.special_mention < self.substandard < self.doubtful < self.loss:
            raise ValueError(f"class thresholds must rise from above 0: {self}")


STANDARD_THRESHOLDS = ClassThresholds()

OBSERVATION_MONTHS = 12


def class_by_days(dpd: int, thresholds: ClassThresholds = STANDARD_THRESHOLDS) -> RiskClass:
    """Return the best class that *dpd* days past due allow."""
    if dpd >= thresholds.loss:
        return RiskClass.LOSS
    if dpd >= thresholds.doubtful:
        return RiskClass.DOUBTFUL
    if dpd >= thresholds.substandard:
        return RiskClass.SUBSTANDARD
    if dpd >= thresholds.special_mention:
        return RiskClass.SPECIAL_MENTION
    return RiskClass.NORMAL


def is_under_observation(restructured_on: date | None, as_of: date) -> bool:
    """Tell whether a restructured loan is in its first year; the anniversary ends it."""
    if restructured_on is None or as_of < restructured_on:
        return False
    return as_of < due_after(restructured_on, OBSERVATION_MONTHS)


def system_class(
    dpd: int,
    *,
    restructured: bool = False,
    another_loan_is_npl: bool = False,
    thresholds: ClassThresholds = STANDARD_THRESHOLDS,
) -> RiskClass:
    """Return the class that the system sets; a person may propose worse, never better.

    Args:
        restructured: Restructured and still under observation (``is_under_observation``).
        another_loan_is_npl: The same customer has a non-performing loan 交叉违约.

    Source: domain.md, section 8.5; golden case E6.
    """
    floor = class_by_days(dpd, thresholds)
    if restructured or another_loan_is_npl:
        return max(floor, RiskClass.SPECIAL_MENTION)
    return floor
