"""What an inspection or a visit says makes a signal in the same set (domain.md, section 9)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change
from tests.sync.lending import Desk, named

Json = Any
LATE = "2026-06-01"
"""A day that has passed: the loan that was due then is two weeks late."""


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.make(
        "loan", "loan", product_id=named("nh01"), principal_fen=10_000_00, rate_bps=840,
        method="bullet", disbursed_on="2026-01-10", maturity_on=LATE, purpose="购买仔猪",
        security=["unsecured"], officer_id=named("li"), responsible={},
    )  # fmt: skip
    return made


def signals(desk: Desk) -> dict[str, str]:
    """Return the severity of the signals by their rule."""
    return {it.fields["rule"]: it.fields["severity"] for it in desk.all("warning_signal")}


def note(desk: Desk, kind: str = "routine", **answers: Json) -> Change:
    said = {f"answers.{it}.value": answer for it, answer in answers.items()}
    return desk.create(
        "inspection_note", "n", kind=kind, checklist_code=kind, checklist_version=1,
        inspector_ids=[named("li")], loan_id=named("loan"), **said,
    )  # fmt: skip


TOLD: dict[str, tuple[str, dict[str, Json], dict[str, str]]] = {
    "not used as agreed": ("first_followup", {"F01": False}, {"W03": "red"}),
    "half the income": ("routine", {"R02": -50}, {"W04": "red"}),
    "an event in the household": ("routine", {"R03": "yes"}, {"W05": "orange"}),
    "nothing wrong": ("routine", {"R02": 0, "R03": "no"}, {}),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_an_inspection_says_makes_its_signal_and_days_alone_none(
    desk: Desk, what: str
) -> None:
    kind, answers, expected = TOLD[what]

    desk.does("li", note(desk, kind, **answers))

    assert signals(desk) == expected, "that it is late as well (W02) is told by the daily run"


def test_what_the_server_takes_in_waits_for_the_daily_run(desk: Desk) -> None:
    desk.does(None, note(desk, R03="yes"))

    assert signals(desk) == {}


def test_a_figure_that_cannot_be_refuses_nothing(desk: Desk) -> None:
    desk.does("li", desk.create(
        "visit", "v", purposes=["collection"], state="in_progress", outcome="done",
        summary="已谈。", arrived_at="9999-12-31T23:00:00.000Z",
    ))  # fmt: skip
    desk.does("li", note(desk, R03="yes"))

    assert signals(desk) == {}
