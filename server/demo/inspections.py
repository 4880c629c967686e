"""Inspection notes 检查记录 as officers fill them in: answers, narrative, conclusion, signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.values import canonical_json, format_instant
from server.demo import wording
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.loans import Loan

Json = Any

USUAL: Mapping[str, Mapping[str, Json]] = {
    "pre_loan": {
        "P01": "yes", "P02": "yes", "P03": "yes", "P04": "yes", "P05": "slips", "P06": "yes",
        "P07": "yes", "P08": 40, "P10": "na", "P11": "na", "P12": "good", "P13": "no", "P14": "no",
    },
    "in_loan_review": {f"V{it:02d}": "yes" for it in range(1, 8)},
    "first_followup": {
        "F01": "yes", "F02": "receipt", "F03": "yes", "F04": "no", "F05": "yes", "F06": "no", "F07": "na",
    },
    "routine": {
        "R01": "yes", "R02": 0, "R03": "no", "R04": 0, "R05": "no", "R06": "na", "R07": "yes",
        "R08": "ready", "R09": "good",
    },
    "supervisory": {"S01": "yes", "S02": "yes", "S03": "yes", "S04": "no", "S05": "yes", "S06": "na", "S07": 5},
}  # fmt: skip


@dataclass(frozen=True)
class Odd:
    """An answer that the checklist flags, so that it opens a finding, and what was said to it."""

    qid: str
    value: Json
    why: str
    is_grave: bool = False


def note(
    dice: Dice,
    kind: str,
    household: Household,
    loan: Loan | None,
    inspector: str,
    odd: Odd | None = None,
) -> dict[str, Json]:
    """Return the fields of an inspection note; *odd*: the one answer that the checklist flags."""
    answers: dict[str, Json] = {f"answers.{qid}.value": it for qid, it in USUAL[kind].items()}
    if kind == "routine":
        answers["answers.R02.value"] = dice.one((0, 0, 5, 10, -5, -10))
        answers["answers.R10.value"] = "正常，按季检查。"
    if kind == "pre_loan":
        answers["answers.P09.value"] = "农产品销售款，秋收后到账。"
    conclusion = "satisfactory"
    if odd:
        answers |= {f"answers.{odd.qid}.value": odd.value, f"answers.{odd.qid}.note": odd.why}
        conclusion = "unsatisfactory" if odd.is_grave else "attention"
    told = dice.one(wording.NARRATIVE[kind])
    narrative = told.format(
        work=dice.one(household.livelihood.seen), purpose=loan.purpose if loan else "生产",
    )  # fmt: skip
    fields: dict[str, Json] = {
        "kind": kind, "checklist_code": kind, "checklist_version": 1, **answers,
        "narrative": narrative, "conclusion": conclusion, "inspector_ids": [inspector],
    }  # fmt: skip
    if loan is not None and kind not in ("pre_loan", "in_loan_review"):
        fields["loan_id"] = loan.id
    if kind == "routine" and odd:
        fields |= {"recommended_class": "special_mention", "recommended_reason": "见检查情况。"}
    return fields


def signature(
    dice: Dice, user: str, moment: datetime, content: Mapping[str, Json]
) -> dict[str, Json]:
    """Return one's signature under what one saw: a new entry of `signed_by` (domain.md, section 5.6)."""
    key = dice.new_id(moment)
    digest = hashlib.sha256(canonical_json(dict(content)).encode()).hexdigest()
    leaves = {"user": user, "at": format_instant(moment), "content_hash": digest}
    return {f"signed_by.{key}.{leaf}": it for leaf, it in leaves.items()}
