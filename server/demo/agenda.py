"""Who goes where on which day, and what comes of it: sixty days behind, ten ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from server.demo import payments, people
from server.demo.cast import Cast
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.inspections import Odd
from server.demo.loans import Loan
from server.demo.payments import Payment

if TYPE_CHECKING:
    from server.demo.asked import Request

ABSENT_PERCENT, MISSED_PERCENT, CANCELLED_PERCENT = 6, 5, 4
"""Of the past visits; the other 85 were made (domain.md, section 11)."""
SILENT = "zhao.lei"
SILENT_DAYS = 3
"""Zhao Lei has not synced since: so many working days of his nobody knows yet (recipe: "second device")."""
SETTLED_BEFORE = 6
"""Whether a visit was missed is known only some days after."""
FOLLOW_UPS_LATE = 3
FOLLOW_UP_WITHIN = 15
NOTE_EVERY_DAYS = 30


@dataclass
class Stop:
    """A visit: planned, and what came of it.

    *note*: the kind of inspection that was written; *outcome*: done, absent, missed, cancelled, or
    planned where nothing is known yet.
    """

    day: date
    officer: str
    household: Household
    purposes: tuple[str, ...]
    loan: Loan | None = None
    note: str | None = None
    payment: Payment | None = None
    outcome: str = "planned"
    fixed: bool = False
    visit: str = ""
    request: Request | None = None
    odd: Odd | None = None
    ended: str = ""
    """What has become of the finding that the odd answer opened."""
    note_id: str = ""


def last_day(officer: str, days: Days) -> date:
    """Return the last day on which an officer's tablet was in the outlet and synced."""
    return days.worked[-1 - SILENT_DAYS if officer == SILENT else -1]


class Agenda:
    """The visits of all officers, by officer and day."""

    def __init__(
        self,
        days: Days,
        households: Sequence[Household],
        loans: Sequence[Loan],
        cast: Cast,
        requests: Sequence[Request] = (),
    ) -> None:
        self.days, self.cast, self.dice = days, cast, Dice("agenda")
        self.stops: dict[tuple[str, date], list[Stop]] = defaultdict(list)
        self.loans: dict[str, list[Loan]] = defaultdict(list)
        for loan in loans:
            self.loans[loan.household.id].append(loan)
        self.own = {
            it.username: [one for one in households if one.officer == it.username]
            for it in people.OFFICERS
        }
        self._collect(loans)
        self._investigate(requests)
        self._inspect(loans)
        self._chase(loans)
        self._fill()
        self._settle_outcomes()
        self._plan_ahead()

    def of(self, officer: str, day: date) -> list[Stop]:
        """Return an officer's visits of a day, in order."""
        return self.stops[officer, day]

    # ------------------------------------------------------------------------------ what is certain

    def _is_known(self, household: Household, day: date) -> bool:
        """Tell whether the household's officer can report of that day, and no scene needs the house."""
        officer = household.officer
        if not self.days.is_working(day) or day > last_day(officer, self.days):
            return False
        return household.id not in self.cast.ids or day < self.days.ago(self.cast.busy_days)

    def _add(self, stop: Stop) -> None:
        self.stops[stop.officer, stop.day].append(stop)

    def _collect(self, loans: Sequence[Loan]) -> None:
        """Put money that was paid in the village on a visit, or at the counter where there was none."""
        for loan in loans:
            for place, payment in enumerate(loan.payments):
                if payment.way != "village":
                    continue
                if not self._is_known(loan.household, payment.on):
                    loan.payments[place] = payments.elsewhere(payment)
                    continue
                self._visit(loan, payment.on, "collection", payment=payment)

    def _investigate(self, requests: Sequence[Request]) -> None:
        """Visit those who ask for a loan."""
        for it in requests:
            stop = Stop(it.day, it.officer, it.household, ("survey", "pre_loan"), request=it)
            stop.outcome, stop.fixed = "done", True
            self._add(stop)

    def _visit(
        self,
        loan: Loan,
        day: date,
        purpose: str,
        note: str | None = None,
        payment: Payment | None = None,
    ) -> None:
        """Put a visit there that was made, or give one of that day this purpose as well."""
        for stop in self.stops[loan.household.officer, day]:
            taken = (stop.note and note) or (stop.payment and payment)
            if stop.loan is loan and not taken:
                stop.purposes = tuple(dict.fromkeys((*stop.purposes, purpose)))
                stop.note, stop.payment = stop.note or note, stop.payment or payment
                return
        made = Stop(day, loan.household.officer, loan.household, (purpose,), loan, note, payment)
        made.outcome, made.fixed = "done", True
        self._add(made)

    def _inspect(self, loans: Sequence[Loan]) -> None:
        """Visit before and after the loans that were paid out since go-live; three follow-ups are overdue."""
        overdue = FOLLOW_UPS_LATE
        for loan in (it for it in reversed(loans) if it.disbursed_on > self.days.go_live):
            before = self._near(
                loan, loan.disbursed_on - timedelta(days=self.dice.randint(3, 6)), -1
            )
            if before is not None:
                self._visit(loan, before, "pre_loan", note="pre_loan")
            age = (self.days.today - loan.disbursed_on).days
            if age > FOLLOW_UP_WITHIN + 2 and overdue:
                overdue -= 1
                continue
            after = loan.disbursed_on + timedelta(days=self.dice.randint(7, 10))
            found = self._near(loan, after, -1)
            if found is not None and not loan.household.is_named:
                self._visit(loan, found, "first_followup", note="first_followup")

    def _near(self, loan: Loan, day: date, step: int) -> date | None:
        """Return a day on which the officer could go, *day* or the next in the direction of *step*."""
        for it in range(3):
            found = day + timedelta(days=it * step)
            if self.days.past[0] <= found < self.days.today and self._is_known(
                loan.household, found
            ):
                return found
        return None

    def _chase(self, loans: Sequence[Loan]) -> None:
        """Visit those who are late every fortnight or so."""
        for loan in loans:
            late = loan.late_since(self.days.today)
            if late is None or loan.state != "active":
                continue
            first = max(late, self.days.past[0]) + timedelta(days=self.dice.randint(2, 7))
            for step in range(0, 60, 13):
                day = self._near(loan, first + timedelta(days=step), 1)
                if day is not None and not self._has(loan.household, day):
                    self._visit(loan, day, "collection")

    def _has(self, household: Household, day: date) -> bool:
        return any(it.household is household for it in self.stops[household.officer, day])

    # --------------------------------------------------------------------------- what fills the days

    def _fill(self) -> None:
        """Let every officer make two or three visits a day, to each household in turn."""
        for officer, households in self.own.items():
            pool = self.dice.shuffled([it for it in households if it.state == "active"])
            turn = 0
            noted: dict[str, date] = {}
            for day in (it for it in self.days.past if self.days.is_working(it)):
                wanted = self.dice.randint(1, 3)
                tries = 0
                while len(self.stops[officer, day]) < wanted and tries < len(pool):
                    household = pool[turn % len(pool)]
                    turn, tries = turn + 1, tries + 1
                    if household.id in self.cast.ids and day >= self.days.ago(self.cast.busy_days):
                        continue
                    if not self._has(household, day):
                        self._add(self._ordinary(officer, household, day, noted))

    def _ordinary(
        self, officer: str, household: Household, day: date, noted: dict[str, date]
    ) -> Stop:
        live = [
            it for it in self.loans[household.id] if it.state == "active" and it.disbursed_on < day
        ]
        if not live:
            return Stop(day, officer, household, (self.dice.one(("marketing", "survey")),))
        loan = live[-1]
        since = day - noted.get(loan.id, date.min)
        note = "routine" if since.days >= NOTE_EVERY_DAYS and self.dice.chance(55) else None
        if note:
            noted[loan.id] = day
        return Stop(day, officer, household, ("routine",), loan, note)

    def _settle_outcomes(self) -> None:
        """Deal out who was absent, which visits were missed or cancelled, in the recipe's shares."""
        known = [
            it for (officer, day), stops in sorted(self.stops.items(), key=lambda it: (it[0][1], it[0][0]))
            if day <= last_day(officer, self.days) for it in stops
        ]  # fmt: skip
        free = self.dice.shuffled([it for it in known if not it.fixed])
        first = next(it for it in self.days.past if self.days.is_working(it))
        settled = [it for it in free if first < it.day <= self.days.ago(SETTLED_BEFORE)]
        total = len(known)
        for outcome, percent in (("missed", MISSED_PERCENT), ("cancelled", CANCELLED_PERCENT)):
            for _ in range(round(total * percent / 100)):
                stop = settled.pop()
                stop.outcome, stop.note = outcome, None
                free.remove(stop)
        for place, stop in enumerate(free):
            stop.outcome = "absent" if place < round(total * ABSENT_PERCENT / 100) else "done"
            if stop.outcome == "absent":
                stop.note = None

    # -------------------------------------------------------------------------------- what is ahead

    def _plan_ahead(self) -> None:
        """Plan the next ten days; today's visits of Li Min are those of the walk-through."""
        for officer, households in self.own.items():
            pool = self.dice.shuffled(
                [it for it in households if it.state != "dormant" and it.id not in self.cast.moving]
            )
            turn = 0
            for day in (it for it in self.days.coming if self.days.is_working(it)):
                self._first_stops(officer, day)
                for _ in range(self.dice.randint(2, 4) - len(self.stops[officer, day])):
                    household = pool[turn % len(pool)]
                    turn += 1
                    if not self._has(household, day) and not household.is_named:
                        self._add(self._coming(officer, household, day))

    def _coming(self, officer: str, household: Household, day: date) -> Stop:
        live = [it for it in self.loans[household.id] if it.state == "active"]
        if not live:
            return Stop(day, officer, household, ("marketing",))
        due = [it for row in live for it in row.schedule if abs((it.due_date - day).days) < 4]
        return Stop(day, officer, household, ("collection",) if due else ("routine",), live[-1])

    def _first_stops(self, officer: str, day: date) -> None:
        """Put there what must be: today's walk-through, and first follow-ups that fall due."""
        if officer == "li.min" and day == self.days.today:
            for name, purposes in self.cast.today:
                household = next(it for it in self.own[officer] if it.name == name)
                self._add(Stop(day, officer, household, purposes, self.loans[household.id][-1]))
        for household in self.own[officer]:
            for loan in self.loans[household.id]:
                last = loan.disbursed_on + timedelta(days=FOLLOW_UP_WITHIN - 1)
                if last == day and not household.is_named and household.id not in self.cast.moving:
                    self._add(Stop(day, officer, household, ("first_followup",), loan))
