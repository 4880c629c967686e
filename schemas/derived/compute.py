"""The lending calculators behind `xiangxin compute`: JSON in, the same shape of JSON out.

The shapes are those of vectors/README.md; capacity and our own schedules that of
``domain-golden.json``. With it an auditor can check any figure of ours against another source.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, cast

from schemas.derived.case import Case
from schemas.derived.case_capacity import capacity_answer
from schemas.derived.case_repayment import allocation_answer, days_past_due_answer
from schemas.derived.case_schedule import schedule_answer
from schemas.derived.case_time_value import time_value_answer
from schemas.derived.due_dates import Unit, due_dates, on_anchor_day
from schemas.derived.schedule import LONGEST_COUNT


def compute(kind: str, case: object) -> object:
    """Answer one case, or each case of a list, with the members that its vector expects.

    Args:
        kind: ``schedule``, ``due-dates``, ``days-past-due``, ``allocation``, ``capacity`` or
            ``time-value``.
        case: Parsed JSON: a case, a list of cases, or a whole vector file.

    Returns:
        For a vector case an object with its ``id`` (if any) and ``rows``, ``expected`` or
        ``expected_split``, ``expected_rows`` and ``expected_unallocated``. For a golden case with
        ``in`` an object with ``out``; for a bare ``in`` what ``out`` would hold. In a list a case that
        cannot be answered is ``{"id", "error"}`` and does not stop the others.

    Raises:
        ValueError: The kind is unknown, or a member is missing, of the wrong kind, impossible or
            not supported; the sentence names the member.
    """
    if kind not in _KINDS:
        raise ValueError(f"kind: {kind!r} is none of {', '.join(_KINDS)}")
    if isinstance(case, Mapping) and "vectors" in case:
        case = case["vectors"]
    if isinstance(case, list):
        return [_answer_numbered(kind, number, one) for number, one in enumerate(case, start=1)]
    return _answer(kind, case)


def _answer_numbered(kind: str, number: int, members: object) -> object:
    try:
        return _answer(kind, members)
    except ValueError as fault:
        name = members.get("id") if isinstance(members, Mapping) else None
        return {"id": name or number, "error": str(fault)}


def _answer(kind: str, members: object) -> object:
    case = Case(members)
    answer = _KINDS[kind](case)
    if isinstance(answer, dict) and "id" in case:
        return {"id": case.text("id"), **answer}
    return answer


def _due_dates(case: Case) -> object:
    unit = cast(Unit, case.text("unit", ("day", "week", "month")))
    if "anchor" in case:
        return {"expected": _anchored(case, unit).isoformat()}
    count = case.integer("count") if "count" in case else case.length("expected")
    every = case.integer("every", default=1)
    if not 0 <= count <= LONGEST_COUNT:
        raise case.fault("count", f"must be 0 to {LONGEST_COUNT}, not {count}")
    if every < 1:
        raise case.fault("every", f"must be at least 1, not {every}")
    dates = due_dates(case.day("first_due_on"), count, every, unit)
    return {"expected": [due.isoformat() for due in dates]}


def _anchored(case: Case, unit: Unit) -> date:
    """Find the due date in a month; only months are kept to the anchor's day."""
    within = case.day("within_month_of")
    if unit != "month":
        return within
    return on_anchor_day(case.day("anchor"), within.year, within.month)


_KINDS: Final[Mapping[str, Callable[[Case], object]]] = {
    "schedule": schedule_answer,
    "due-dates": _due_dates,
    "days-past-due": days_past_due_answer,
    "allocation": allocation_answer,
    "capacity": capacity_answer,
    "time-value": time_value_answer,
}
