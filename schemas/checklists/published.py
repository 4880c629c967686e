"""The checklists of the three checks 三查 as data: one file a version, in both languages (domain.md, section 7).

A published version never changes: another question is another file. `flagged` says which answers are wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

Json = Any
Checklist = Mapping[str, Json]

_COMPARISON = re.compile(r"([<>≤≥])\s*(-?\d+)")


@cache
def versions() -> tuple[Checklist, ...]:
    """Return every version of every checklist, in the order of the domain's section, older ones first."""
    folder = files("schemas.checklists")
    found = [
        json.loads(it.read_text("utf-8")) for it in folder.iterdir() if it.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda it: (_ORDER.index(it["code"]), it["version"])))


_ORDER = ("pre_loan", "in_loan_review", "first_followup", "routine", "supervisory", "officer_audit")


def newest() -> list[Checklist]:
    """Return the newest version of each checklist."""
    return list({it["code"]: it for it in versions()}.values())


def flagged(question: Mapping[str, Json], answer: Json) -> str | None:
    """Return the severity of the finding that an answer opens, or None where it is a good one.

    `flag_if` is a word that the answer must not be (`empty`, `none`: it must be there), or a bound that a
    number must not be beyond. A question without an answer yet opens nothing, unless the word asks for one.
    """
    wrong, severity = question.get("flag_if"), question.get("finding_severity")
    if wrong is None or severity is None or not _is_wrong(str(wrong), question, answer):
        return None
    return str(severity)


def _is_wrong(wrong: str, question: Mapping[str, Json], answer: Json) -> bool:
    missing = answer is None or answer == [] or (isinstance(answer, str) and not answer.strip())
    if wrong == "empty" or (wrong == "none" and question.get("answer") == "photo"):
        return missing
    bound = _COMPARISON.fullmatch(wrong)
    if bound is None:
        yes_no = {True: "yes", False: "no"}.get(answer) if isinstance(answer, bool) else None
        return (yes_no or answer) == wrong
    if missing or isinstance(answer, bool) or not isinstance(answer, int):
        return False
    limit = int(bound[2])
    return {
        "<": answer < limit, ">": answer > limit, "≤": answer <= limit, "≥": answer >= limit,
    }[bound[1]]  # fmt: skip
