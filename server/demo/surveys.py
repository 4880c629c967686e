"""A household's year month by month, by the recipe's calendar of crops and herds (domain.md, 8.6 and 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.demo.households import Household

Json = Any
MONTHS = 12
LIVING_PERCENT = 50
FESTIVALS = (1, 9)
"""The months of the new year and of the school fees, in which living costs double."""


@dataclass(frozen=True)
class Season:
    """What one unit costs and brings, in fen, and in which months of the year (evenly)."""

    label: str
    unit: str
    costs: tuple[tuple[int, tuple[int, ...]], ...]
    income: tuple[int, tuple[int, ...]]


CALENDAR: Mapping[str, Season] = {
    "early_rice": Season("早稻", "亩", ((440_00, (3, 4)),), (1_090_00, (7, 8))),
    "late_rice": Season("晚稻", "亩", ((460_00, (7, 8)),), (1_240_00, (11,))),
    "citrus": Season("柑橘", "亩", ((1_800_00, (3, 4, 5, 6, 7, 8, 9)),), (5_200_00, (11, 12))),
    "tea": Season("茶叶", "亩", ((900_00, (2,)),), (3_600_00, (3, 4, 5))),
    "tobacco": Season("烤烟", "亩", ((1_500_00, (2, 3, 4, 5)),), (4_200_00, (8, 9))),
    "pigs_spring": Season(
        "肉猪上半年批", "头", ((450_00, (2,)), (4 * 220_00, (2, 3, 4, 5))), (1_850_00, (6,))
    ),
    "pigs_autumn": Season(
        "肉猪下半年批", "头", ((450_00, (8,)), (4 * 220_00, (8, 9, 10, 11))), (1_850_00, (12,))
    ),
    "fish_pond": Season(
        "鱼塘", "亩", ((3_000_00, (3,)), (MONTHS * 350_00, tuple(range(1, 13)))), (9_500_00, (12,))
    ),
}
"""Illustrative defaults for one unit (domain.md, section 11)."""

SEASONS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "双季稻种植": (("early_rice", 10), ("late_rice", 10)),
    "单季稻和油菜": (("late_rice", 10),),
    "玉米种植": (("late_rice", 10),),
    "生猪养殖": (("pigs_spring", 5), ("pigs_autumn", 4)),
    "柑橘种植": (("citrus", 18),),
    "茶叶种植": (("tea", 12),),
    "烤烟种植": (("tobacco", 12),),
    "鱼塘养殖": (("fish_pond", 16),),
}
"""What an activity lives on, and how many tenths of a mu of land one unit of it takes."""


def survey(household: Household, on: date) -> dict[str, Json]:
    """Return the fields of a survey made on a day: crops and herd by the calendar, the rest by the month."""
    start = on.replace(day=1)
    income = int(household.fields.get("annual_income_fen", 30_000_00))
    lines = dict(_lines(household, start, income))
    return {
        "start_month": f"{start:%Y-%m}", "months": MONTHS, "opening_cash_fen": income // 8 // 100 * 100,
        "surveyed_on": on.isoformat(),
        **{f"lines.{key}.{leaf}": it for key, line in lines.items() for leaf, it in line.items()},
    }  # fmt: skip


def _lines(household: Household, start: date, income: int) -> Iterator[tuple[str, dict[str, Json]]]:
    land = sum(household.fields.get(f"land_{it}_tmu", 0) for it in ("own", "rented"))
    farmed = 0
    for name, each in SEASONS.get(str(household.fields["main_activity"]), ()):
        season, units = CALENDAR[name], max(2, land // each)
        per_unit, months = season.income
        farmed += units * per_unit
        made = {
            "label": f"{season.label} {units} {season.unit}", "quantity": units, "unit": season.unit,
            "category": household.segment,
        }  # fmt: skip
        yield f"{name}_sold", made | {
            "kind": "income", "farm": True, "unit_price_fen": per_unit, "evidence": "收购单",
            "month_fen": _year(start, [(units * per_unit, months)]),
        }  # fmt: skip
        yield (
            f"{name}_inputs",
            made
            | {
                "kind": "cost",
                "month_fen": _year(start, [(units * fen, them) for fen, them in season.costs]),
            },
        )
    monthly = max(income - farmed // 2, income // 4) // MONTHS // 1_000 * 1_000
    yield "wages", {
        "kind": "income", "label": "务工和其他收入", "farm": False, "evidence": "银行流水",
        "month_fen": [monthly] * MONTHS,
    }  # fmt: skip
    living = income * LIVING_PERCENT // 100 // (MONTHS + len(FESTIVALS)) // 1_000 * 1_000
    yield "living", {
        "kind": "living", "label": "生活支出",
        "month_fen": [living * (1 + (it in FESTIVALS)) for it in _months(start)],
    }  # fmt: skip
    monthly_debt = household.fields.get("debts.d1.monthly_fen", 0)
    if monthly_debt:
        yield "debt", {"kind": "debt", "label": "他行还款", "month_fen": [monthly_debt] * MONTHS}


def _months(start: date) -> list[int]:
    return [(start.month - 1 + it) % 12 + 1 for it in range(MONTHS)]


def _year(start: date, parts: list[tuple[int, tuple[int, ...]]]) -> list[int]:
    """Spread amounts evenly over months of the year, the rest with the last; in the survey's order."""
    by_month = dict.fromkeys(range(1, 13), 0)
    for fen, months in parts:
        for it in months:
            by_month[it] += fen // len(months)
        by_month[months[-1]] += fen % len(months)
    return [by_month[it] for it in _months(start)]
