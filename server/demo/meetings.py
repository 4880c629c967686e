"""Three more things for a person to decide, each from two tablets' logs: one payment or two, words after the last
signature, one person registered twice (domain.md, sections 5.2, 5.5 and 6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from server.demo import inspections
from server.demo.cast import Cast
from server.demo.changes import create, update
from server.demo.dice import Dice
from server.demo.inspections import signature
from server.demo.loans import Loan
from server.demo.stage import Stage
from server.demo.visits import Officer

PAID_FEN = 300_00


@dataclass
class Meetings:
    """The scenes; `conflicts.py` says on which day each is played."""

    stage: Stage
    cast: Cast
    loans: Sequence[Loan]
    officers: dict[str, Officer]
    dice: Dice = field(default_factory=lambda: Dice("meetings"))
    note: str = ""

    def paid_twice(self, day: date) -> None:
        """Li Min and Zhao Lei, who covers for her, each take the same amount on the same loan."""
        loan = self._loan("double")
        for username, clock in (("li.min", "11:15"), ("zhao.lei", "15:05")):
            officer = self.officers[username]
            officer.receive(self.stage.days.at(day, clock), loan.household.id, {
                "loan_id": loan.id, "amount_fen": PAID_FEN, "value_date": day.isoformat(),
                "channel": "cash", "receipt_no": officer.tablet.receipt_no(day.isoformat()),
            })  # fmt: skip

    def inspect_together(self, day: date) -> None:
        """Wu Jing inspects and signs; Zheng Kai, who covers for her, is the second inspector."""
        household, loan = self.cast.parts["sealed"], self._loan("sealed")
        officer, moment = self.officers["wu.jing"], self.stage.days.at(day, "15:10")
        self.note = self.dice.new_id(moment)
        fields = inspections.note(self.dice, "routine", household, loan, officer.user)
        fields["inspector_ids"] = [officer.user, self.officers["zheng.kai"].user]
        officer.save(moment, "note", create("inspection_note", self.note, household.id, fields))
        signed = self.stage.days.at(day, "15:18")
        seal = signature(self.dice, officer.user, signed, fields)
        officer.save(signed, "note.sign", update("inspection_note", self.note, household.id, seal))

    def sign_and_go_on_writing(self, day: date) -> None:
        """Zheng Kai signs and syncs at noon; Wu Jing, who has not heard of it, adds to what was signed."""
        customer = self.cast.parts["sealed"].id
        zheng, wu = self.officers["zheng.kai"], self.officers["wu.jing"]
        moment = self.stage.days.at(day, "10:45")
        seal = signature(self.dice, zheng.user, moment, {"note": self.note})
        zheng.save(moment, "note.sign", update("inspection_note", self.note, customer, seal))
        told = str(self.stage.field(self.note, "narrative"))
        more = {"narrative": f"{told}\n下午电话补充：儿子下月回家帮忙。"}
        wu.save(
            self.stage.days.at(day, "14:30"), "note.edit",
            update("inspection_note", self.note, customer, more),
        )  # fmt: skip

    def _loan(self, part: str) -> Loan:
        household = self.cast.parts[part]
        return next(it for it in self.loans if it.household is household and it.state == "active")
