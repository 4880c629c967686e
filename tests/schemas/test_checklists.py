"""The checklists as data against section 7 of the domain page, and which answers open a finding."""

import re

import pytest

from schemas.changes import record_faults
from schemas.checklists import published
from schemas.registry import REGISTRY
from tests.places import REPOSITORY

DOMAIN = (REPOSITORY / "docs" / "domain.md").read_text("utf-8")
SEVERITIES = {"m": "minor", "M": "major", "C": "critical"}


def rows_of(code: str) -> list[list[str]]:
    """Return the rows of a checklist's table in the domain page, cell by cell."""
    section = DOMAIN.split(f"`{code}` v1\n")[1].split("\n### ")[0]
    lines = [
        it.strip("|").split("|") for it in section.splitlines() if re.match(r"\| [A-Z]\d\d", it)
    ]
    return [[cell.strip() for cell in line] for line in lines]


@pytest.mark.parametrize("checklist", published.versions(), ids=lambda it: str(it["code"]))
def test_a_checklist_is_a_whole_record(checklist: published.Checklist) -> None:
    assert record_faults(REGISTRY["checklist"], checklist) == []
    assert checklist["kind"] == checklist["code"]
    for it in checklist["questions"]:
        assert it["text_en"].isascii() or "–" in it["text_en"], it
        assert not it["text_zh"].isascii()
        assert {one["value"] for one in it.get("choices", ())} or it["answer"] != "choice"
        assert all(one["text_zh"] and one["text_en"] for one in it.get("choices", ()))


@pytest.mark.parametrize(
    "code", ["pre_loan", "in_loan_review", "first_followup", "routine", "supervisory"]
)
def test_its_questions_and_flags_are_those_of_the_domain(code: str) -> None:
    (found,) = [it for it in published.versions() if (it["code"], it["version"]) == (code, 1)]
    rows = rows_of(code)

    assert [it["qid"] for it in found["questions"]] == [row[0] for row in rows]
    for question, row in zip(found["questions"], rows, strict=True):
        assert (question["text_zh"], question["text_en"]) == (row[1], row[2])
        wrong, _, severity = row[-1].replace("−", "-").rpartition(" ")
        if severity in SEVERITIES:
            assert question["finding_severity"] == SEVERITIES[severity]
            assert question["flag_if"] == wrong
        else:
            assert "finding_severity" not in question


def test_an_audit_asks_eight_questions() -> None:
    (audit,) = [it for it in published.newest() if it["code"] == "officer_audit"]

    assert [it["qid"] for it in audit["questions"]] == [f"A0{n}" for n in range(1, 9)]


def test_a_version_is_there_once_and_the_newest_is_one_a_code() -> None:
    named = [(it["code"], it["version"]) for it in published.versions()]

    assert len(named) == len(set(named))
    assert len({it["code"] for it in published.newest()}) == len(published.newest()) == 6


@pytest.mark.parametrize(
    ("flag", "answer_type", "wrong", "right"),
    [
        ("no", "yes_no", ["no", False], ["yes", True, None]),
        ("yes", "yes_no", ["yes", True], ["no", False, None]),
        ("none", "choice", ["none"], ["slips", None]),
        ("none", "photo", [None, "", []], ["photo.jpg"]),
        ("empty", "text", [None, "", "  "], ["卖猪款，十月"]),
        ("< -20", "number", [-21], [-20, 0, None, "x"]),
        ("> 0", "money", [1], [0, -1, None]),
        ("≤ 2", "number", [2, 1], [3, None, True]),
        ("< 30", "number", [29], [30]),
    ],
)
def test_a_wrong_answer_opens_a_finding(
    flag: str, answer_type: str, wrong: list[object], right: list[object]
) -> None:
    question = {"answer": answer_type, "flag_if": flag, "finding_severity": "major"}

    assert [published.flagged(question, it) for it in wrong] == ["major"] * len(wrong)
    assert [published.flagged(question, it) for it in right] == [None] * len(right)
    assert published.flagged({"answer": "text"}, "") is None
