"""The nine findings of the recipe: which answers were wrong, and what has become of each (domain.md, 6.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from schemas.values import derived_id
from server.demo import people
from server.demo.agenda import SILENT, Stop
from server.demo.changes import update
from server.demo.days import Days
from server.demo.diary import Diary
from server.demo.inspections import Odd
from server.demo.loans import Loan
from server.demo.stage import Stage
from server.demo.visits import Officer

CLAIMED_AFTER, JUDGED_AFTER = 3, 5
"""Working days after the inspection."""


@dataclass(frozen=True)
class Wrong:
    """A wrong answer: in which kind of note, how many days ago at least and at most, how it ended."""

    kind: str
    odd: Odd
    least: int
    most: int
    ended: str = "open"


WRONG = (
    Wrong("routine", Odd("R05", "yes", "上月暴雨，部分田块受淹。"), 30, 56, "closed"),
    Wrong("routine", Odd("R02", -25, "收购价下跌。"), 20, 56, "closed"),
    Wrong("first_followup", Odd("F05", "no", "不清楚首期还款日，已当面讲解。"), 8, 60, "rectified"),
    Wrong("routine", Odd("R04", 1_500, "向邮储银行借了农机款。"), 34, 58),
    Wrong("routine", Odd("R03", "yes", "户主住院两周，已出院。", True), 17, 40),
    Wrong("first_followup", Odd("F04", "yes", "部分资金借给堂弟周转。", True), 7, 60),
    Wrong("routine", Odd("R08", "none", "等卖粮后还。"), 10, 50, "waived"),
    Wrong("routine", Odd("R01", "no", "鸡舍停产整修，下月恢复。"), 2, 13),
)
"""By the officers: a critical one and two more are past due (three altogether), one is waived."""
SUPERVISORY = Odd("S04", "yes", "客户反映被要求承担打印费 50 元。", True)
"""The other critical one, of a supervisor; it is closed. On the place of the day among those he inspects."""
SUPERVISORY_PLACE = 2


def spread(days: Days, stops: Sequence[Stop], taken: set[str]) -> None:
    """Put the wrong answers on visits that were made with such a note, none on a household of *taken*."""
    busy = set(taken)
    for wrong in WRONG:
        found = next(
            it for it in sorted(stops, key=lambda it: (it.day, it.household.id))
            if it.outcome == "done" and it.note == wrong.kind and it.household.id not in busy
            and it.officer != SILENT and wrong.least <= (days.today - it.day).days <= wrong.most
        )  # fmt: skip
        found.odd, found.ended = wrong.odd, wrong.ended
        busy.add(found.household.id)


@dataclass
class Followers:
    """Claims, verifies and waives what was found."""

    stage: Stage
    officers: dict[str, Officer]
    diary: Diary

    def noted(self, stop: Stop) -> None:
        """Plan what becomes of the finding on an officer's visit."""
        if stop.odd is not None:
            boss = people.of_outlet(str(stop.household.village.parent), people.SUPERVISORS)
            self._plan(
                stop.note_id, stop.odd, stop.household.id, stop.officer, boss, stop.day, stop.ended
            )

    def inspected(self, note: str, loan: Loan, boss: people.Person, day: date) -> None:
        """Plan what becomes of the supervisor's own finding: the loan's officer has to put it right."""
        household = loan.household
        self._plan(note, SUPERVISORY, household.id, household.officer, boss, day, "closed")

    def _plan(
        self,
        note: str,
        odd: Odd,
        customer: str,
        officer: str,
        boss: people.Person,
        day: date,
        ended: str,
    ) -> None:
        finding = derived_id("finding", note, odd.qid)
        move: Callable[..., None] = partial(self._judge, boss, finding, customer)
        if ended in ("rectified", "closed"):
            claim = partial(self._claim, officer, finding, customer)
            self.diary.errand(officer, day, CLAIMED_AFTER, claim)
        if ended == "closed":
            self.diary.desk(day, JUDGED_AFTER, partial(move, {"state": "closed"}))
        elif ended == "waived":
            told = {"state": "waived", "waive_comment": "卖粮合同已签，资金有保障，免予整改。"}
            self.diary.desk(day, CLAIMED_AFTER, partial(move, told))
        elif odd.is_grave:
            told = {"required_action": "一周内查清并收回挪用资金。"}
            self.diary.desk(day, 1, partial(move, told))

    def _claim(self, officer: str, finding: str, customer: str, day: date) -> None:
        moment = self.stage.days.at(day, "16:20")
        change = update("finding", finding, customer, {"state": "rectified"})
        self.officers[officer].save(moment, "finding.claim", change)

    def _judge(
        self, boss: people.Person, finding: str, customer: str, told: dict[str, str], day: date
    ) -> None:
        moment = self.stage.days.at(day, "15:10")
        change = update("finding", finding, customer, told)
        self.stage.web(boss, moment, [("finding.judge", [change])])
