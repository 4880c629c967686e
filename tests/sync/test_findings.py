"""A wrong answer opens a finding when the note is signed (domain.md, sections 6.5 and 7)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.values import derived_id
from tests.sync.lending import PHOTO, Desk, named, signature

Json = Any


@pytest.fixture
def desk() -> Desk:
    return Desk()


def inspected(desk: Desk, answers: dict[str, Json], kind: str = "routine", **fields: Json) -> None:
    """Let Li make a note and sign it."""
    unsigned(desk, answers, kind, **fields)
    desk.does("li", signature(desk, "n", "li"))


def unsigned(desk: Desk, answers: dict[str, Json], kind: str = "routine", **fields: Json) -> None:
    desk.does("li", desk.create(
        "inspection_note", "n", kind=kind, checklist_code=kind, checklist_version=1,
        inspector_ids=[named("li")], **{f"answers.{it}": answer for it, answer in answers.items()},
        **fields,
    ))  # fmt: skip


def found(desk: Desk) -> dict[str, str]:
    """Return the severity of what was found, by question."""
    return {it.fields["qid"]: it.fields["severity"] for it in desk.all("finding")}


def test_each_wrong_answer_opens_a_finding_and_right_ones_none(desk: Desk) -> None:
    inspected(
        desk,
        {"R01.value": True, "R02.value": -35, "R04.value": 100, "R05.value": "yes",
         "R05.note": "猪瘟"},
    )  # fmt: skip

    assert found(desk) == {"R02": "major", "R04": "minor", "R05": "major"}
    finding = desk.ledger.records[derived_id("finding", named("n"), "R05")]
    assert finding.fields == {
        "inspection_note_id": named("n"), "qid": "R05", "severity": "major", "level": 0,
        "state": "open", "owner_id": named("li"), "due_on": "2026-07-01",
        "description": "有无自然灾害、疫病、价格大跌?\n猪瘟",
    }  # fmt: skip
    assert (finding.created_by, finding.created_device) == (None, "server")


def test_nothing_is_found_before_all_have_signed(desk: Desk) -> None:
    desk.does("li", desk.create(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li"), named("zhao")], **{"answers.R05.value": "yes"},
    ))  # fmt: skip
    desk.does("li", signature(desk, "n", "li"))
    assert found(desk) == {}

    desk.does("zhao", signature(desk, "n", "zhao"))
    assert found(desk) == {"R05": "major"}


def test_a_tablet_that_opened_the_same_makes_one_and_the_server_says_until_when(
    desk: Desk,
) -> None:
    said = {"inspection_note_id": named("n"), "qid": "R05", "severity": "major"}
    create = desk.create("finding", "-", **said)
    create = type(create)(
        "create", "finding", derived_id("finding", named("n"), "R05"), create.customer, said
    )
    desk.does("li", desk.create(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li")], **{"answers.R05.value": "yes"},
    ))  # fmt: skip
    desk.does("li", signature(desk, "n", "li"), create)

    (finding,) = desk.all("finding")
    assert (finding.fields["due_on"], finding.fields["owner_id"]) == ("2026-07-01", named("li"))
    desk.does("zhao", create)  # and whoever makes it after the server
    assert len(desk.all("finding")) == 1


def test_signed_again_after_a_return_it_finds_what_is_new(desk: Desk) -> None:
    inspected(desk, {"R05.value": "yes"})
    desk.does("wang", desk.edit("inspection_note", "n", state="returned"))
    corrected = {"answers.R05.value": "no", "answers.R01.value": "no"}
    desk.does("li", desk.edit("inspection_note", "n", at=corrected))
    desk.does("li", signature(desk, "n", "li", of="again"))

    assert found(desk) == {"R05": "major", "R01": "major"}


def test_signed_again_it_does_not_find_the_same_twice(desk: Desk) -> None:
    inspected(desk, {"R05.value": "yes"})
    (before,) = desk.all("finding")
    desk.does("wang", desk.edit("inspection_note", "n", state="returned"))
    desk.does("li", signature(desk, "n", "li", of="again"))

    assert [it.version for it in desk.all("finding")] == [before.version]


@pytest.mark.parametrize("about", ["note", "visit", None])
def test_a_photo_is_an_answer_whether_it_belongs_to_the_note_or_its_visit(
    desk: Desk, about: str | None
) -> None:
    desk.make("visit", "v", purposes=["pre_loan"], state="in_progress", officer_id=named("li"))
    unsigned(desk, {"P09.value": "卖猪款，十月"}, "pre_loan", visit_id=named("v"))
    subject = {"note": ("inspection_note", "n"), "visit": ("visit", "v")}.get(about or "")
    if subject:
        desk.make(
            "attachment", "photo", record_type=subject[0], record=named(subject[1]),
            kind="photo_with_customer", **PHOTO,
        )  # fmt: skip
    desk.does("li", signature(desk, "n", "li"))

    assert found(desk) == ({} if about else {"P15": "major"})


def test_an_amendment_finds_only_what_it_says(desk: Desk) -> None:
    inspected(desk, {"P09.value": "卖猪款", "P15.value": ["合影"]}, "pre_loan")
    desk.does("li", desk.create(
        "inspection_note", "more", kind="pre_loan", checklist_code="pre_loan",
        checklist_version=1, inspector_ids=[named("li")], amends_id=named("n"),
        **{"answers.P13.value": "yes"},
    ))  # fmt: skip
    desk.does("li", signature(desk, "more", "li"))

    assert found(desk) == {"P13": "major"}


def test_the_owner_is_the_officer_of_what_was_inspected(desk: Desk) -> None:
    desk.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on="2026-12-10", purpose="购买仔猪",
        security=["unsecured"], officer_id=named("wu"), responsible={},
    )  # fmt: skip
    inspected(desk, {"R05.value": "yes"}, loan_id=named("loan"))

    (finding,) = desk.all("finding")
    assert finding.fields["owner_id"] == named("wu")


def test_a_lender_s_own_checklist_counts_and_an_unknown_one_finds_nothing(desk: Desk) -> None:
    question = {
        "qid": "X01", "text_zh": "是否在家?", "text_en": "At home?", "answer": "yes_no",
        "required": True, "flag_if": "no", "finding_severity": "critical",
    }  # fmt: skip
    desk.make("checklist", "own", code="own", version=1, kind="routine", questions=[question])
    for name, code in (("n1", "own"), ("n2", "other")):
        desk.does("li", desk.create(
            "inspection_note", name, kind="routine", checklist_code=code, checklist_version=1,
            inspector_ids=[named("li")], **{"answers.X01.value": False},
        ))  # fmt: skip
        desk.does("li", signature(desk, name, "li", of=name))

    assert found(desk) == {"X01": "critical"}
