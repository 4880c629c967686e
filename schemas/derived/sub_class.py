"""The twelve grades 十二级 inside the five classes, and when a better class may be proposed."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from schemas.derived.due_dates import due_after
from schemas.derived.risk_class import RiskClass

STEPS: Final = {
    RiskClass.NORMAL: 4,
    RiskClass.SPECIAL_MENTION: 3,
    RiskClass.SUBSTANDARD: 2,
    RiskClass.DOUBTFUL: 2,
    RiskClass.LOSS: 1,
}

FURTHER_INSTALLMENTS = 2
FURTHER_MONTHS = 6


class SubClass(NamedTuple):
    """A grade: its class, and its step in it from 1, the best. A worse grade compares greater.

    Source: domain.md, section 5 (Classification, ``subgrade``).
    """

    risk_class: RiskClass
    step: int

    @property
    def code(self) -> str:
        """The word in records: ``special_mention_2``."""
        return f"{self.risk_class.code}_{self.step}"


SUB_CLASSES: Final = tuple(
    SubClass(risk_class, step)
    for risk_class, steps in STEPS.items()
    for step in range(1, steps + 1)
)
"""All twelve, from best to worst."""


def sub_class(code: str) -> SubClass:
    """Return the grade of that *code*.

    Raises:
        ValueError: There is none.
    """
    for grade in SUB_CLASSES:
        if grade.code == code:
            return grade
    raise ValueError(f"subgrade: {code!r} is none of {', '.join(it.code for it in SUB_CLASSES)}")


def may_improve(
    dpd: int, cleared_on: date | None, paid_on_time: Iterable[date], as_of: date
) -> bool:
    """Tell whether a better class than the last confirmed may be proposed on *as_of*.

    The floor by days still binds, and someone one level up has to confirm.

    Args:
        cleared_on: The day on which the last arrears were paid; None where they are not.
        paid_on_time: Due dates of installments that were paid in full when they fell due.

    Returns:
        True once nothing is late, and two further installments and six months, whichever takes
        longer, were paid on time.

    Source: domain.md, section 8.5 (to be verified by the lender).
    """
    if dpd > 0 or cleared_on is None or as_of < due_after(cleared_on, FURTHER_MONTHS):
        return False
    further = [due for due in paid_on_time if cleared_on < due <= as_of]
    return len(further) >= FURTHER_INSTALLMENTS
