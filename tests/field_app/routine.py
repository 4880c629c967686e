"""A routine inspection at which nothing is wrong, as an officer answers it on the tablet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import schemas

Json = Any
CHECKLIST = Path(schemas.__file__).parent / "checklists" / "routine.v1.json"
ALL_IS_WELL = {
    "R01": "yes", "R02": "0", "R03": "no", "R04": "0", "R05": "no", "R06": "no", "R07": "yes",
    "R08": "ready", "R09": "good",
}  # fmt: skip
YES_OR_NO = {"yes": {"en": "Yes", "zh": "是"}, "no": {"en": "No", "zh": "否"}}


def all_is_well(lang: str) -> dict[str, str]:
    """Return what is chosen or written, by the words of each question that must be answered."""
    questions: list[Json] = json.loads(CHECKLIST.read_text(encoding="utf-8"))["questions"]
    return {
        f"{place}. {one[f'text_{lang}']}": _words(one, ALL_IS_WELL[one["qid"]], lang)
        for place, one in enumerate(questions, 1)
        if one["required"]
    }


def _words(question: Json, answer: str, lang: str) -> str:
    if question["answer"] == "yes_no":
        return YES_OR_NO[answer][lang]
    words = {it["value"]: it[f"text_{lang}"] for it in question.get("choices", ())}
    return str(words.get(answer, answer))
