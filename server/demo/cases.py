"""Five complaints 投诉 and what became of them: two open, one taken up again, two closed (domain.md, 6.9 and 11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from schemas.values import format_instant
from server.demo import people, wording
from server.demo.changes import create, update
from server.demo.diary import Diary
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.stage import Stage
from server.demo.visits import Officer

Json = Any
ENDS = ("closed", "reopened", "closed", "open", "open")
"""Of the complaints in `wording.py`, in their order."""
ABOUT = 2
"""The complaint that is about an officer, who then may not close it."""
EVERY_DAYS, FIRST_DAY = 8, 7


@dataclass
class Cases:
    """Each complaint came to another officer."""

    stage: Stage
    diary: Diary
    dice: Dice = field(default_factory=lambda: Dice("cases"))

    def complain(
        self, officer: Officer, households: list[Household], day: date, place: int
    ) -> None:
        """Take a customer's complaint down on the day on which the officer's is due."""
        due = EVERY_DAYS * place + FIRST_DAY
        if place >= len(wording.COMPLAINTS) or self.stage.days.worked.index(day) != due:
            return
        household, moment = households[place], self.stage.days.at(day, "15:20", 7 * place)
        told, case = self.dice.new_id(moment), self.dice.new_id(moment)
        fields: dict[str, Json] = {
            "interaction_id": told, "kind": "complaint", "owner_id": officer.user,
        }  # fmt: skip
        if place == ABOUT:
            boss = people.of_outlet(str(household.village.parent), people.SUPERVISORS)
            fields |= {
                "about_user_id": officer.user,
                "owner_id": self.stage.users[boss.username],
            }
        said = {
            "kind": "complaint", "direction": "in", "at": format_instant(moment),
            "summary": wording.COMPLAINTS[place],
        }  # fmt: skip
        officer.save(
            moment, "interaction", create("interaction", told, household.id, said),
            create("case", case, household.id, fields),
        )  # fmt: skip
        self._plan(officer, household, case, day, ENDS[place])

    def _plan(self, officer: Officer, household: Household, case: str, day: date, end: str) -> None:
        if end == "open":
            return
        name = officer.tablet.person.username
        move = partial(self._move, officer, household.id, case)
        resolved = {"state": "resolved", "resolution": self.dice.one(wording.RESOLVED)}
        self.diary.errand(name, day, 1, partial(move, {"state": "in_progress"}))
        self.diary.errand(name, day, 3, partial(move, resolved))
        if end == "reopened":
            self.diary.errand(name, day, 6, partial(move, {"state": "in_progress"}))
        else:
            self.diary.desk(day, 5, partial(self._close, household, case))

    def _move(
        self, officer: Officer, customer: str, case: str, told: dict[str, Json], day: date
    ) -> None:
        moment = self.stage.days.at(day, "16:10")
        officer.save(moment, "case", update("case", case, customer, told))

    def _close(self, household: Household, case: str, day: date) -> None:
        boss = people.of_outlet(str(household.village.parent), people.SUPERVISORS)
        told = {"state": "closed", "satisfaction": 4}
        moment = self.stage.days.at(day, "16:40")
        self.stage.web(boss, moment, [("case.close", [update("case", case, household.id, told)])])
