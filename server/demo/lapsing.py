"""Applications that were approved before go-live and never paid out: they lapse by themselves (domain.md, 6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.demo import dossiers, people
from server.demo.asked import Request
from server.demo.changes import Change, create
from server.demo.dice import Dice
from server.demo.stage import Stage


def bring_over(stage: Stage, requests: Sequence[Request]) -> None:
    """Import them with the decision that approved each on the day of go-live."""
    dice, moment = Dice("lapsing"), stage.days.at(stage.days.go_live, "15:00")
    stage.office(
        moment, [("import.application", list(_changes(stage, dice, it))) for it in requests]
    )


def _changes(stage: Stage, dice: Dice, request: Request) -> Iterator[Change]:
    moment = stage.days.at(stage.days.go_live, "15:00")
    customer, request.id = request.household.id, dice.new_id(moment)
    officer = stage.users[request.officer]
    boss = people.of_outlet(str(request.household.village.parent), people.SUPERVISORS)
    fields = dossiers.application(
        dice, request, stage.products[request.product], request.amount_fen
    ) | dossiers.five_c(dice)
    yield create(
        "loan_application", request.id, customer, {**fields, "officer_id": officer, "state": "approved"}
    )  # fmt: skip
    for stage_, outcome, who in (
        ("review", "pass", people.REVIEWER), ("approve", "approve", boss),
    ):  # fmt: skip
        yield create("decision", dice.new_id(moment), customer, {
            "application_id": request.id, "stage": stage_, "outcome": outcome, "tier": 1,
            "user_id": stage.users[who.username], "comment": "同意，待客户办妥手续后放款。",
        })  # fmt: skip
