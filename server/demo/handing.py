"""Three handovers 管户交接: one in effect, one with an objection, one in review (domain.md, 6.7 and 11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server.demo import people
from server.demo.asked import outstanding_fen
from server.demo.cast import Cast
from server.demo.changes import Change, create, update
from server.demo.dice import Dice
from server.demo.inspections import signature
from server.demo.loans import Loan
from server.demo.people import Person
from server.demo.stage import Stage
from server.demo.visits import Officer

Json = Any
WANG, GAO = people.SUPERVISORS
WITNESS = people.AUDITOR


@dataclass(frozen=True)
class Given:
    """A handover: who gives whom which parts of the cast, and why."""

    name: str
    boss: Person
    outgoing: str
    incoming: str
    reason: str
    parts: tuple[str, ...]


EFFECTIVE = Given("effective", WANG, "zhou.hang", "li.min", "rebalancing", ("given", "given too"))
OBJECTED = Given("objected", GAO, "sun.li", "wu.jing", "transfer", ("objected", "objected too"))
IN_REVIEW = Given("in review", GAO, "wu.jing", "sun.li", "leave", ("looked at",))
NO_RISK = "无异常，按期还款。"


@dataclass
class Handovers:
    """Plays the handovers, each step on its working day before today."""

    stage: Stage
    cast: Cast
    loans: Sequence[Loan]
    officers: dict[str, Officer]
    dice: Dice = field(default_factory=lambda: Dice("handovers"))
    made: dict[str, str] = field(default_factory=dict)

    def play(self, day: date) -> None:
        """Play what belongs to *day*."""
        back = (
            len(self.stage.days.worked) - self.stage.days.worked.index(day)
            if day in self.stage.days.worked
            else 0
        )
        steps: dict[int, Sequence[Callable[[date], None]]] = {
            8: [lambda on: self._open(EFFECTIVE, on, 4)],
            7: [lambda on: self._noted(EFFECTIVE, on), lambda on: self._appraised(EFFECTIVE, on, NO_RISK)],
            6: [lambda on: self._agreed(EFFECTIVE, on), lambda on: self._open(OBJECTED, on, -3)],
            5: [self._signed, lambda on: self._noted(OBJECTED, on)],
            4: [self._in_effect, lambda on: self._appraised(OBJECTED, on, "上月逾期两天，移交人未说明。")],
            3: [self._objected, lambda on: self._open(IN_REVIEW, on, -5)],
            2: [lambda on: self._noted(IN_REVIEW, on)],
        }  # fmt: skip
        for step in steps.get(back, ()):
            step(day)

    # ------------------------------------------------------------------------------------- the steps

    def _open(self, given: Given, day: date, effective_back: int) -> None:
        """Let the supervisor list the customers and open the review; the server adds the snapshots."""
        stage, moment = self.stage, self.stage.days.at(day, "09:10")
        handover = self.made[given.name] = self.dice.new_id(moment)
        worked = stage.days.worked
        effective = (
            worked[-effective_back] if effective_back > 0 else stage.days.ahead(-effective_back)
        )
        fields = {
            "from_officer_id": stage.users[given.outgoing], "to_officer_id": stage.users[given.incoming],
            "witness_id": stage.users[WITNESS.username], "reason": given.reason,
            "effective_on": effective.isoformat(),
            **{f"items.{it}.listed": True for it in self._customers(given)},
        }  # fmt: skip
        stage.web(
            given.boss, moment, [("handover.prepare", [create("handover", handover, None, fields)])]
        )
        stage.office(
            moment, [("handover.snapshot", [self._said(given, self._snapshots(given, day))])]
        )
        stage.web(
            given.boss, moment, [("handover.open", [self._said(given, {"state": "in_review"})])]
        )

    def _noted(self, given: Given, day: date) -> None:
        """Let the outgoing officer write what is to be known of each customer."""
        notes = {f"items.{it}.from_risk_note": NO_RISK for it in self._customers(given)}
        self._on_tablet(given.outgoing, day, "14:40", self._said(given, notes))

    def _appraised(self, given: Given, day: date, last: str) -> None:
        """Let the witness appraise each account; of the last one he says *last*."""
        customers = self._customers(given)
        words = dict.fromkeys(customers, NO_RISK) | {customers[-1]: last}
        told = {f"items.{it}.appraisal": said for it, said in words.items()}
        self._at_desk(WITNESS, day, "15:30", self._said(given, told))

    def _agreed(self, given: Given, day: date) -> None:
        agreed = {f"items.{it}.agreed": True for it in self._customers(given)}
        self._on_tablet(
            given.incoming, day, "16:05", self._said(given, {**agreed, "state": "agreed"})
        )

    def _signed(self, day: date) -> None:
        """Let all three sign; the server makes the move with the last signature."""
        stage = self.stage
        moment = stage.days.at(day, "16:20")
        for username in (EFFECTIVE.outgoing, EFFECTIVE.incoming):
            seal = signature(self.dice, stage.users[username], moment, {"handover": EFFECTIVE.name})
            self._on_tablet(username, day, "16:20", self._said(EFFECTIVE, seal))
        seal = signature(
            self.dice, stage.users[WITNESS.username], moment, {"handover": EFFECTIVE.name}
        )
        self._at_desk(WITNESS, day, "16:25", self._said(EFFECTIVE, seal))

    def _in_effect(self, day: date) -> None:
        """Let it take effect on its day; what the outgoing officer had to do there is no more his."""
        moment = self.stage.days.at(day, "12:05")
        moved = self._said(EFFECTIVE, {"state": "effective"})
        self.stage.office(moment, [("handover.take_effect", [moved])], timer=True)
        gone = set(self._customers(EFFECTIVE))
        outgoing = self.officers[EFFECTIVE.outgoing]
        outgoing.tasks = [it for it in outgoing.tasks if it.customer not in gone]

    def _objected(self, day: date) -> None:
        """Let the incoming officer agree to the first, and object to the last."""
        first, *_, last = self._customers(OBJECTED)
        told = {
            f"items.{first}.agreed": True, f"items.{last}.objection": "未告知上月逾期，请说明后再接收。",
            "state": "objected",
        }  # fmt: skip
        self._on_tablet(OBJECTED.incoming, day, "15:45", self._said(OBJECTED, told))

    # --------------------------------------------------------------------------------------- tools

    def _customers(self, given: Given) -> list[str]:
        return [self.cast.parts[it].id for it in given.parts]

    def _snapshots(self, given: Given, day: date) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for customer in self._customers(given):
            owed = sum(
                outstanding_fen(it, day) for it in self.loans
                if it.household.id == customer and it.state == "active"
            )  # fmt: skip
            found |= {f"items.{customer}.exposure_fen": owed, f"items.{customer}.class": "normal"}
        return found

    def _said(self, given: Given, fields: dict[str, Json]) -> Change:
        return update("handover", self.made[given.name], None, fields)

    def _on_tablet(self, username: str, day: date, clock: str, change: Change) -> None:
        self.officers[username].save(self.stage.days.at(day, clock), "handover", change)

    def _at_desk(self, who: Person, day: date, clock: str, change: Change) -> None:
        self.stage.web(who, self.stage.days.at(day, clock), [("handover", [change])])
