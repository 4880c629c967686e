"""Which households play a part in the scenes (`conflicts.py`) and in today's walk-through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.loans import Loan

HEKOU_SCENES = ("phone", "income", "opinion", "address", "task", "member", "visit", "double")
NANPING_SCENES = ("answer", "settled", "sealed", "looked at")
MOVING = ("late", "outside")
GIVEN = ("given", "given too")
OBJECTED = ("objected", "objected too")


@dataclass(frozen=True)
class Cast:
    """Households by the part they play; nobody else visits them in the *busy_days* before today."""

    parts: dict[str, Household]
    busy_days: int = 13
    today: tuple[tuple[str, tuple[str, ...]], ...] = field(
        default=(
            ("陈国平", ("collection",)),
            ("黄大明", ("first_followup",)),
            ("周福海", ("collection",)),
            ("吴长生", ("routine",)),
            ("邓玉兰", ("routine",)),
        )
    )

    @property
    def ids(self) -> set[str]:
        """The ids of all who play."""
        return {it.id for it in self.parts.values()}

    @property
    def moving(self) -> set[str]:
        """The ids of those who have changed hands by today."""
        return {self.parts[it].id for it in (*MOVING, *GIVEN)}


def choose(households: Sequence[Household], loans: Sequence[Loan], days: Days) -> Cast:
    """Choose the cast: borrowers of some time without arrears, of whom the walk-through does not tell."""
    dice = Dice("cast")
    active = [it for it in loans if it.state == "active"]
    unfit = {
        it.household.id
        for it in active
        if it.late_since(days.today) or it.disbursed_on > days.go_live
    }
    borrowers = {it.household.id for it in active} - unfit
    parts: dict[str, Household] = {}
    for officer, names in (
        ("li.min", HEKOU_SCENES), ("wu.jing", NANPING_SCENES), ("zheng.kai", MOVING),
        ("zhou.hang", GIVEN), ("sun.li", OBJECTED),
    ):  # fmt: skip
        fit = [
            it for it in households
            if it.officer == officer and it.id in borrowers and not it.is_named and len(it.members) > 1
        ]  # fmt: skip
        parts |= dict(zip(names, dice.shuffled(fit), strict=False))
    return Cast(parts)
