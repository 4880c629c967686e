"""The plan of visits: put off once, with a reason, and the first day is kept (domain.md, sections 5.6, 6.3 and 6.9)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change
from tests.sync.lending import MADE_AT, Desk, named

Json = Any


@pytest.fixture
def desk() -> Desk:
    """A visit that Li has planned for the 18th."""
    found = Desk()
    planned = {"purposes": ["routine"], "planned_on": "2026-06-18", "state": "planned"}
    found.does("li", found.create("visit", "v", **planned, officer_id=named("li")))
    return found


def moved(desk: Desk, day: str, reason: str | None = "大雨路断") -> Change:
    return desk.edit("visit", "v", planned_on=day, slot=None, plan_reason=reason)


def test_an_officer_puts_a_visit_off_once_and_says_why(desk: Desk) -> None:
    assert desk.refused("li", moved(desk, "2026-06-19", None))[0] == "required"

    desk.does("li", moved(desk, "2026-06-19"))
    assert desk.fields("v")["original_planned_on"] == "2026-06-18"

    assert desk.refused("li", moved(desk, "2026-06-20"))[1] == "plan-moved-already"
    desk.does("wang", moved(desk, "2026-06-22", None))
    assert desk.fields("v")["original_planned_on"] == "2026-06-18", "the first day stays"


def test_a_reason_alone_and_the_same_day_again_are_no_move(desk: Desk) -> None:
    desk.does("li", desk.edit("visit", "v", planned_on="2026-06-18", slot="am", plan_reason=None))

    assert "original_planned_on" not in desk.fields("v")


def test_a_visit_without_a_day_is_planned(desk: Desk) -> None:
    begun = {"purposes": ["routine"], "state": "in_progress", "officer_id": named("li")}
    desk.does("li", desk.create("visit", "unplanned", **begun))

    desk.does(
        "li", desk.edit("visit", "unplanned", planned_on="2026-06-20", slot=None, plan_reason=None)
    )

    assert "original_planned_on" not in desk.fields("unplanned")


def test_what_settles_a_conflict_about_the_plan_is_a_choice(desk: Desk) -> None:
    """He may have put it off before, and the words of the other plan are the reason."""
    base = desk.ledger.head
    desk.does("wang", moved(desk, "2026-06-22", None))
    result = desk.send("li", moved(desk, "2026-06-19"), base=base)
    assert result.status == "conflict"

    desk.does("li", moved(desk, "2026-06-19", None))

    assert desk.fields("v")["planned_on"] == "2026-06-19"


@pytest.mark.parametrize(("outcome", "state"), [("done", "active"), ("absent", "dormant")])
def test_who_was_met_is_awake(desk: Desk, outcome: str, state: str) -> None:
    desk.does(None, desk.edit("customer", "liu", state="active"))
    desk.does(None, desk.edit("customer", "liu", state="dormant"))
    desk.does("li", desk.edit("visit", "v", state="in_progress", arrived_at=MADE_AT))
    ended = {"left_at": MADE_AT, "outcome": outcome, "reason": "无信号", "summary": "正常。"}
    met = {"met_with": {"add": ["本人"]}}

    desk.does("li", desk.edit("visit", "v", at=met, state="completed", **ended))

    assert desk.fields("liu")["state"] == state
