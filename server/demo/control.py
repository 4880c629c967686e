"""What the office keeps an eye on: watchlist, relatives of staff, an officer's audit, a loss (domain.md, 4 to 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from schemas.values import format_instant
from server.demo import people
from server.demo.cast import Cast
from server.demo.changes import Change, create, update
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.inspections import signature
from server.demo.loans import Loan
from server.demo.numbers import with_check_digit
from server.demo.stage import Stage
from server.demo.visits import Officer
from sync.guards.submitting import watchlist_hash

Json = Any
LEVELS = ("block", "block", "block", "caution", "caution", "caution", "caution")
REASONS = {
    "block": ("骗取贷款，法院已判。", "冒名贷款。"),
    "caution": ("为他人担保逾期。", "多头借贷。"),
}
AUDITED, AUDITED_BACK = "zhou.hang", 20
LOSS, LOSS_BACK = "何老三", 15
"""He Laosan's loan is classed as lost; so many working days ago, when it was past 360 days already."""
AUDIT = {
    "A01": "yes", "A02": "yes", "A03": "yes", "A04": "yes", "A05": "yes",
    "A06": "无逾期未整改事项。", "A07": "无新增不良贷款。",
}  # fmt: skip


def relative(households: Sequence[Household], taken: set[str]) -> tuple[Household, str]:
    """Return a customer and the officer of another outlet whose sister she is, by their surname."""
    units = {it.username: it.unit for it in people.OFFICERS}
    pairs = [
        (household, it.username)
        for household in households
        for it in people.OFFICERS
        if household.fields["gender"] == "f" and household.name[0] == it.name[0]
        and household.state == "active" and not household.is_named and household.id not in taken
        and household.officer != it.username
    ]  # fmt: skip
    return min(pairs, key=lambda it: units[it[0].officer] == units[it[1]])


def related(stage: Stage, household: Household, username: str) -> None:
    """Import that a customer is the sister of somebody on the staff, who is kept away from her (SOD-5)."""
    moment = stage.days.at(stage.days.go_live, "10:20")
    name = next(it.name for it in people.OFFICERS if it.username == username)
    fields = {
        "kind": "staff_relative", "to_user_id": stage.users[username], "evidence": f"本人申报：{name}之姐。",
    }  # fmt: skip
    made = create("relationship", Dice("relative").new_id(moment), household.id, fields)
    stage.office(moment, [("import.relationship", [made])])


def watch_key(stage: Stage) -> None:
    """Let the administrator's parameter be there under which id numbers are hashed for the list."""
    dice, moment = Dice("watchlist key"), stage.days.at(stage.days.go_live, "08:50")
    fields = {"key": "watchlist_key", "value": dice.randbytes(24).hex()}
    stage.office(moment, [("parameter", [create("parameter", dice.new_id(moment), None, fields)])])


@dataclass
class Control:
    """Plays what supervisors and the auditor do beside the daily work."""

    stage: Stage
    households: Sequence[Household]
    loans: Sequence[Loan]
    cast: Cast
    officers: dict[str, Officer]
    taken: set[str]
    dice: Dice = field(default_factory=lambda: Dice("control"))
    loss: str = ""

    def play(self, day: date) -> None:
        """Play what belongs to *day*."""
        worked = self.stage.days.worked
        if day == worked[-AUDITED_BACK]:
            self._audit(day)
        if day == worked[-LOSS_BACK]:
            self._propose_loss(day)
        if day == worked[-LOSS_BACK + 1]:
            self._confirm_loss(day)

    def list_arrives(self) -> str:
        """Import head office's list of last night: nobody of ours but one, who had the loan before.

        Returns:
            The customer who is on it.
        """
        day = self.stage.days.today
        moment = self.stage.days.at(day, "00:12")
        hit = self._hit()
        key = self.stage.parameter("watchlist_key")
        sets = []
        for level, number in zip(
            LEVELS, [*self._strangers(len(LEVELS) - 1), str(hit.fields["id_no"])], strict=True
        ):
            fields = {
                "id_no_hash": watchlist_hash(str(key), number), "level": level, "source": "总行名单",
                "reason": self.dice.one(REASONS[level]), "valid_from": day.isoformat(),
                "valid_to": (day + timedelta(days=730)).isoformat(),
            }  # fmt: skip
            entry = create("watchlist_entry", self.dice.new_id(moment), None, fields)
            sets.append(("import.watchlist", [entry]))
        self.stage.office(moment, sets)
        return hit.id

    def _strangers(self, count: int) -> Iterator[str]:
        for place in range(count):
            born = date(
                self.dice.randint(1965, 1995), self.dice.randint(1, 12), self.dice.randint(1, 28)
            )
            body = f"999988{born:%Y%m%d}{place:03d}"
            yield with_check_digit(body)

    def _hit(self) -> Household:
        """Return a borrower in good standing, who is on the list since."""
        before = self.stage.days.go_live
        for loan in self.loans:
            household = loan.household
            if loan.state == "active" and loan.disbursed_on < before and not household.is_named:
                late = loan.late_since(self.stage.days.today)
                if late is None and household.id not in self.taken | self.cast.ids:
                    return household
        raise AssertionError("most of the loans are on time (book.py)")

    def _audit(self, day: date) -> None:
        """Let Qian Bo audit an officer, as every year (domain.md, section 7.6)."""
        who, moment = people.AUDITOR, self.stage.days.at(day, "16:00")
        user = self.stage.users[who.username]
        fields: dict[str, Json] = {
            "subject_user_id": self.stage.users[AUDITED], "auditor_id": user,
            "checklist_code": "officer_audit", "checklist_version": 1,
            "narrative": "抽查五户，均属实；收据连号，已缴存。", "conclusion": "satisfactory",
            **{f"answers.{qid}.value": it for qid, it in AUDIT.items()},
        }  # fmt: skip
        audit = self.dice.new_id(moment)
        seal = signature(self.dice, user, moment, fields)
        made: list[tuple[str, list[Change]]] = [
            ("audit", [create("officer_audit", audit, None, fields)]),
            ("audit.sign", [update("officer_audit", audit, None, seal)]),
        ]
        self.stage.web(who, moment, made)

    def _propose_loss(self, day: date) -> None:
        loan = next(it for it in self.loans if it.household.name == LOSS and it.state == "active")
        officer, moment = self.officers[loan.household.officer], self.stage.days.at(day, "16:45")
        self.loss = self.dice.new_id(moment)
        fields = {
            "loan_id": loan.id, "as_of": day.isoformat(), "proposed_class": "loss",
            "proposed_by": officer.user, "reason": "逾期超过 360 天，多次催收无果。",
        }  # fmt: skip
        change = create("classification", self.loss, loan.household.id, fields)
        officer.save(moment, "classification", change)

    def _confirm_loss(self, day: date) -> None:
        loan = next(it for it in self.loans if it.household.name == LOSS and it.state == "active")
        boss = people.of_outlet(str(loan.household.village.parent), people.SUPERVISORS)
        moment = self.stage.days.at(day, "11:50")
        told = {
            "confirmed_by": self.stage.users[boss.username], "confirmed_at": format_instant(moment),
        }  # fmt: skip
        change = update("classification", self.loss, loan.household.id, told)
        self.stage.web(boss, moment, [("classification.confirm", [change])])
