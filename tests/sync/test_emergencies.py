"""The review that an approval on the emergency path owes (domain.md, sections 3.3 and 6.1)."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.values import derived_id
from sync.emergencies import working_days_after
from sync.ledger import RecordState
from tests.sync.lending import TODAY, Desk, approval, named, reviewed, submitted


@pytest.fixture
def desk() -> Desk:
    return Desk()


def approved_at_once(desk: Desk) -> None:
    submitted(desk)
    desk.make(
        "parameter", "flood", key="disaster_declared", value=True, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip
    desk.does("wang", desk.edit("loan_application", "app", expedited=True))
    desk.does("wang", *approval(desk, "wang"))


def review_of(desk: Desk) -> RecordState | None:
    return desk.ledger.records.get(derived_id("expedited_review", named("app")))


def test_a_reviewer_has_five_working_days_for_it(desk: Desk) -> None:
    approved_at_once(desk)

    task = review_of(desk)
    assert task is not None
    assert task.fields["due_on"] == "2026-06-23", "a Tuesday, a week later"
    assert task.fields["assignee_id"] == named("sun")
    assert (task.fields["record_type"], task.fields["record"]) == ("loan_application", named("app"))
    edit = desk.edit("task", "-", state="done")
    done = type(edit)("update", "task", task.id, edit.customer, edit.set)
    assert desk.refused("feng", done)[1] == "task-of-another"
    desk.does("sun", done)


def test_nobody_who_is_a_relative_is_asked(desk: Desk) -> None:
    submitted(desk)
    desk.make("relationship", "kin", kind="staff_relative", to_user_id=named("sun"))
    desk.make(
        "parameter", "flood", key="disaster_declared", value=True, unit_id=named("outlet"),
        valid_from=TODAY,
    )  # fmt: skip
    desk.record("app").fields |= {"expedited": True, "security": ["guarantor"]}
    desk.does("wang", *approval(desk, "wang"), )  # fmt: skip

    task = review_of(desk)
    assert task is not None
    assert task.fields["assignee_id"] == named("feng")


def test_an_approval_after_a_review_owes_none(desk: Desk) -> None:
    reviewed(desk)
    desk.does("wang", *approval(desk, "wang"))

    assert review_of(desk) is None


def test_where_there_is_no_reviewer_it_is_for_nobody_yet(desk: Desk) -> None:
    for name in ("sun", "feng"):
        desk.record(name).fields["active"] = False
    approved_at_once(desk)

    task = review_of(desk)
    assert task is not None
    assert "assignee_id" not in task.fields


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-06-16", 0, "2026-06-16"), ("2026-06-19", 1, "2026-06-22"),
        ("2026-06-20", 1, "2026-06-22"), ("2026-06-16", 5, "2026-06-23"),
    ],
)  # fmt: skip
def test_a_weekend_is_no_working_day(day: str, count: int, expected: str) -> None:
    assert working_days_after(date.fromisoformat(day), count).isoformat() == expected
