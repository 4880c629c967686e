"""A household's cash flow 家庭收支 as the survey's record tells it, line by line (domain.md, 5.4 and 8.6)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from schemas.derived.capacity import CashFlow

_NAMES: Final = {
    "income": "income_fen",
    "cost": "cost_fen",
    "living": "living_fen",
    "debt": "existing_service_fen",
}
USUAL_MONTHS = 12
USUAL_HAIRCUT_BPS = 1000


def cash_flow_of(survey: Mapping[str, Any]) -> CashFlow:
    """Read the fields of a survey; a month for which a line says nothing has no money in it.

    Raises:
        ValueError: A field is missing or of the wrong kind, or the months are too few.
    """
    months = _integer(survey.get("months", USUAL_MONTHS), "months")
    sums = {name: [0] * months for name in (*_NAMES.values(), "farm_income_fen")}
    for kind, is_farm, amounts in _lines(survey):
        for name in (_NAMES[kind], *(["farm_income_fen"] if is_farm and kind == "income" else [])):
            for month, fen in enumerate(amounts[:months]):
                sums[name][month] += fen
    return CashFlow(
        start_month=_month(survey.get("start_month")),
        opening_cash_fen=_integer(survey.get("opening_cash_fen"), "opening_cash_fen"),
        haircut_bps=_integer(survey.get("haircut_bps", USUAL_HAIRCUT_BPS), "haircut_bps"),
        **{name: tuple(amounts) for name, amounts in sums.items()},
    )


def _lines(survey: Mapping[str, Any]) -> Iterator[tuple[str, bool, list[int]]]:
    """Yield each line's kind, whether it is from farming, and its months."""
    for path, amounts in survey.items():
        parts = path.split(".")
        if len(parts) != 3 or (parts[0], parts[2]) != ("lines", "month_fen"):
            continue
        kind = survey.get(f"lines.{parts[1]}.kind")
        if kind not in _NAMES or not isinstance(amounts, list):
            continue
        is_farm = survey.get(f"lines.{parts[1]}.farm") is True
        yield kind, is_farm, [_integer(fen, path) for fen in amounts]


def _month(text: Any) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"start_month: expected a month like 2026-07, got {text!r}") from None


def _integer(value: Any, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"{name}: expected a whole number, got {value!r}")
