"""Words that meet a note which all have signed meanwhile (domain.md, section 6.4; protocol, section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change, SetResult
from schemas.values import derived_id
from sync.ledger import RecordState
from tests.sync.lending import LIU, Desk, named, signature

Json = Any


@pytest.fixture
def desk() -> Desk:
    """Li and Zhao inspect together; neither has signed."""
    made = Desk()
    made.does("li", made.create(
        "inspection_note", "n", kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[named("li"), named("zhao")], narrative="存栏 21 头。",
        **{"answers.R08.value": "ready"},
    ))  # fmt: skip
    return made


def edited(desk: Desk, **fields: Json) -> Change:
    return desk.edit("inspection_note", "n", **fields)


def signed_by_both(desk: Desk) -> int:
    """Let both sign; return the position that a device knows which has heard of neither."""
    before = desk.ledger.head
    for who in ("li", "zhao"):
        desk.does(who, signature(desk, "n", who))
    assert desk.fields("n")["state"] == "signed"
    return before


def conflict_of(desk: Desk, result: SetResult) -> RecordState:
    assert result.status == "conflict", result
    (conflict,) = result.changes[0].conflicts
    return desk.ledger.records[conflict]


def resolution(conflict: RecordState, way: str, **more: Json) -> Change:
    said = {"status": "resolved", "resolution": way, **more}
    return Change("update", "conflict", conflict.id, LIU, said)


def test_words_written_unaware_of_the_last_signature_wait_in_a_conflict(desk: Desk) -> None:
    before = signed_by_both(desk)

    result = desk.send("li", edited(desk, narrative="存栏 12 头。"), base=before)

    conflict = conflict_of(desk, result)
    assert (conflict.fields["kind"], conflict.fields["status"]) == ("after_signature", "open")
    assert conflict.fields["others"][0]["value"] == {"narrative": "存栏 12 头。"}
    assert conflict.fields["kept"]["value"] == {"narrative": "存栏 21 头。"}
    assert desk.fields("n")["narrative"] == "存栏 21 头。"


def test_words_written_later_are_refused(desk: Desk) -> None:
    signed_by_both(desk)

    assert desk.refused("li", edited(desk, narrative="存栏 12 头。"))[:2] == (
        "not-permitted", "signed-already",
    )  # fmt: skip


def test_who_signed_last_and_knew_of_the_others_knew_of_the_last(desk: Desk) -> None:
    desk.does("zhao", signature(desk, "n", "zhao"))
    known = desk.ledger.head
    desk.does("li", signature(desk, "n", "li"))

    result = desk.send("li", edited(desk, narrative="存栏 12 头。"), base=known)

    assert (result.status, result.errors[0].reason) == ("rejected", "signed-already")


def test_who_signed_last_without_knowing_it_did_not(desk: Desk) -> None:
    before = desk.ledger.head
    for who in ("zhao", "li"):
        result = desk.send(who, signature(desk, "n", who), base=before)
        assert result.status in ("applied", "merged")

    assert desk.send("li", edited(desk, narrative="存栏 12 头。"), base=before).status == "conflict"


def test_what_says_the_same_or_is_no_content_is_taken(desk: Desk) -> None:
    before = signed_by_both(desk)
    same = desk.send("li", edited(desk, narrative="存栏 21 头。"), base=before)
    mixed = desk.send(
        "wang", edited(desk, narrative="存栏 12 头。", supervisor_comment="请补拍。"), base=before
    )

    assert same.status in ("applied", "merged")
    assert conflict_of(desk, mixed).fields["others"][0]["value"] == {"narrative": "存栏 12 头。"}
    assert desk.fields("n")["supervisor_comment"] == "请补拍。"


def test_as_an_amendment_it_becomes_a_draft_that_the_same_people_sign(desk: Desk) -> None:
    before = signed_by_both(desk)
    words = {"narrative": "存栏 12 头。", "at": {"answers.R08.value": "none"}}
    conflict = conflict_of(desk, desk.send("li", edited(desk, **words), base=before))
    assert conflict.fields["sensitive"], "an answer is"

    alone = resolution(conflict, "as_amendment", comment="以实地为准。")
    assert desk.refused("li", alone)[2] == "SOD-8"
    assert desk.send("wang", resolution(conflict, "other")).errors[0].reason == "not-for-this-kind"
    desk.does("wang", alone)

    amendment = desk.ledger.records[derived_id("amendment", conflict.id)]
    assert amendment.customer == LIU
    assert amendment.fields == {
        "kind": "routine", "checklist_code": "routine", "checklist_version": 1, "state": "draft",
        "inspector_ids": [named("li"), named("zhao")], "amends_id": named("n"),
        "narrative": "存栏 12 头。", "answers.R08.value": "none",
    }  # fmt: skip
    assert desk.fields("n")["narrative"] == "存栏 21 头。"
    assert desk.ledger.records[conflict.id].fields["status"] == "resolved"


def test_kept_as_it_is_it_makes_nothing(desk: Desk) -> None:
    before = signed_by_both(desk)
    conflict = conflict_of(desk, desk.send("li", edited(desk, narrative="少。"), base=before))

    desk.does("zhao", resolution(conflict, "keep"))

    assert len(desk.all("inspection_note")) == 1


def test_reopened_and_decided_again_there_is_one_amendment(desk: Desk) -> None:
    before = signed_by_both(desk)
    conflict = conflict_of(desk, desk.send("li", edited(desk, narrative="少。"), base=before))
    for _ in range(2):
        desk.does("wang", resolution(conflict, "as_amendment"))
        desk.does("wang", Change("update", "conflict", conflict.id, LIU, {"status": "open"}))

    assert len(desk.all("inspection_note")) == 2


def test_of_a_returned_note_the_words_are_taken(desk: Desk) -> None:
    before = signed_by_both(desk)
    desk.does("wang", edited(desk, state="returned"))

    result = desk.send("li", edited(desk, narrative="存栏 12 头。"), base=before)

    assert result.status in ("applied", "merged")
    assert desk.fields("n")["narrative"] == "存栏 12 头。"


def test_a_clerk_writes_nothing_into_it_even_unaware(desk: Desk) -> None:
    before = signed_by_both(desk)

    result = desk.send("he", edited(desk, narrative="存栏 12 头。"), base=before)

    assert result.errors[0].code == "not-permitted"


def test_an_audit_is_sealed_in_the_same_way(desk: Desk) -> None:
    audit = {"subject_user_id": named("li"), "auditor_id": named("qian")}
    desk.does("qian", desk.create(
        "officer_audit", "a", checklist_code="officer_audit", checklist_version=1, **audit
    ))  # fmt: skip
    before = desk.ledger.head
    desk.does("qian", signature(desk, "a", "qian", "officer_audit"))
    late = desk.edit("officer_audit", "a", narrative="缺两张收据。")
    other_device = named("tablet qian")

    assert desk.refused("qian", late)[1] == "signed-already"
    result = desk.send("qian", late, base=before, device=other_device)

    (conflict,) = result.changes[0].conflicts
    settle = Change("update", "conflict", conflict, None, {
        "status": "resolved", "resolution": "as_amendment",
    })  # fmt: skip
    desk.does("wang", settle)
    amendment = desk.ledger.records[derived_id("amendment", conflict)]
    assert (amendment.type, amendment.fields["amends_id"]) == ("officer_audit", named("a"))
    assert amendment.fields["subject_user_id"] == named("li")
