"""Sixty days of the branch, replayed day by day: the office, the tablets, the supervisors, the timers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from server.demo import inspections, opening, people, wording
from server.demo.agenda import SILENT, Agenda, Stop, last_day
from server.demo.cases import Cases
from server.demo.cash import Cash
from server.demo.changes import Change, create, update
from server.demo.credit import Credit
from server.demo.days import Days
from server.demo.diary import Diary
from server.demo.dice import Dice
from server.demo.findings import SUPERVISORY, SUPERVISORY_PLACE, Followers
from server.demo.inspections import signature
from server.demo.loans import Loan
from server.demo.payments import Payment
from server.demo.people import Person
from server.demo.stage import ANYHOW, Stage
from server.demo.visits import Left, Officer

Json = Any
Sets = list[tuple[str, list[Change]]]

ACCEPTED_PERCENT = 70
CONFIRMED_PERCENT = 85
SUPERVISORY_EVERY_DAYS = 9
MISSED_AFTER_DAYS = 2


@dataclass
class Fieldwork:
    """The branch at work; `play` one day after another, oldest first."""

    stage: Stage
    agenda: Agenda
    loans: Sequence[Loan]
    officers: dict[str, Officer]
    dice: Dice = field(default_factory=lambda: Dice("fieldwork"))
    phones: int = 5000

    def __post_init__(self) -> None:
        self.diary = Diary(self.days)
        self.credit = Credit(self.stage, self.officers, self.diary)
        self.followers = Followers(self.stage, self.officers, self.diary)
        self.cases = Cases(self.stage, self.diary)
        self.cash = Cash(self.stage, self.agenda, self.officers, self.loans, self.agenda.cast)
        self.inspected = 0
        first = next(day for day in self.days.past if self.days.is_working(day))
        for officer in self.officers.values():
            self._plan(officer, [first], self.days.at(self.days.go_live, "17:00"))
            officer.tablet.sync(self.days.at(self.days.go_live, "17:10"))

    @property
    def days(self) -> Days:
        """The calendar."""
        return self.stage.days

    def play(self, day: date, scene: Callable[[date], None]) -> None:
        """Play one day; *scene* may add to what the tablets hold before they sync in the evening."""
        if self.days.is_working(day):
            for place, (name, officer) in enumerate(self.officers.items()):
                if day <= last_day(name, self.days):
                    self._morning(officer, day, place)
        self._disburse(day)
        self.diary.at_desks(day)
        scene(day)
        self._counter(day)
        for place, (name, officer) in enumerate(self.officers.items()):
            if self.days.is_working(day) and day <= last_day(name, self.days):
                self.cash.evening(officer, day)
                officer.tablet.sync(self.days.at(day, "17:40", place * 7), ANYHOW)
        self.cash.counted(day)
        self.cash.kept_back(day)
        self._supervise(day)
        self._night(day)

    # ------------------------------------------------------------------------------ the tablets

    def _morning(self, officer: Officer, day: date, place: int) -> None:
        name = officer.tablet.person.username
        officer.tablet.sync(self.days.at(day, "07:38", place * 2))
        for number, stop in enumerate(self.agenda.of(name, day)):
            begun = officer.visit(stop, number)
            self.followers.noted(stop)
            if stop.request is not None and begun is not None:
                self.credit.investigate(stop.request, stop.visit, begun)
        for household in self.agenda.own[name]:
            if household.state == "prospect" and household.known_since == day:
                officer.register(household)
        self._between(officer, day)
        self.diary.on_tablet(name, day)
        own = [it for it in self.agenda.own[name] if it.state == "active"]
        self.cases.complain(officer, own, day, place)
        evening = self.days.at(day, "17:20")
        if day == last_day(name, self.days):
            ahead = [self.days.ago(-it) for it in range(-10, 11)]
            self._plan(officer, [it for it in ahead if it > day], evening)
        else:
            following = next(it for it in self.days.past if it > day and self.days.is_working(it))
            self._plan(officer, [following], evening)

    def _plan(self, officer: Officer, coming: Sequence[date], moment: datetime) -> None:
        for day in coming:
            officer.plan(moment, self.agenda.of(officer.tablet.person.username, day))

    def _between(self, officer: Officer, day: date) -> None:
        """Calls, edits and tasks between the visits."""
        mine = [
            it for it in self.agenda.own[officer.tablet.person.username]
            if it.state == "active" and it.id not in self.agenda.cast.ids
        ]  # fmt: skip
        if self.dice.chance(55):
            officer.talk(self.dice.one(mine), day, self.dice.one(wording.CALLS))
        if self.dice.chance(30):
            self.phones += 1
            officer.edit(self.dice.one(mine), day, f"1000000{self.phones}")
        officer.clear(day)

    # ------------------------------------------------------------------------------- the office

    def _disburse(self, day: date) -> None:
        """Pay out the loans of the day, and put restructured ones on their new schedule."""
        moment = self.days.at(day, "10:30")
        sets: Sets = []
        for loan in self.loans:
            if loan.disbursed_on == day:
                made = create(
                    "loan", loan.id, loan.household.id, opening.loan_fields(self.stage, loan, 1)
                )
                rows = opening.installments(self.dice, moment, loan, 1)
                self._reviewed(loan, day)
                sets.append(("loan.disburse", [made, *rows]))
            if loan.restructured_on == day:
                sets.append(("loan.restructure", self._stretched(loan, moment)))
        self.stage.office(moment, sets)

    def _reviewed(self, loan: Loan, day: date) -> None:
        """Let the reviewer write the in-loan review 贷时审查, before the money goes."""
        moment = self.days.at(day, "09:20")
        reviewer = self.stage.users[people.REVIEWER.username]
        fields = inspections.note(self.dice, "in_loan_review", loan.household, None, reviewer)
        record, customer = self.dice.new_id(moment), loan.household.id
        seal = signature(self.dice, reviewer, moment, fields)
        made = create("inspection_note", record, customer, {**fields, **seal})
        confirmed = _moved("inspection_note", record, customer, "confirmed")
        self.stage.web(people.REVIEWER, moment, [("note", [made]), ("note.confirm", [confirmed])])

    def _stretched(self, loan: Loan, moment: datetime) -> list[Change]:
        assert loan.restructured_on is not None
        fields = {
            "schedule_version": 2, "restructured_on": loan.restructured_on.isoformat(),
            "restructure_count": 1, "maturity_on": loan.schedule[-1].due_date.isoformat(),
        }  # fmt: skip
        rows = opening.installments(self.dice, moment, loan, 2)
        return [update("loan", loan.id, loan.household.id, fields), *rows]

    def _counter(self, day: date) -> None:
        """Take what is paid at the outlets' counters: the clerks' own receipts."""
        for clerk in people.CLERKS:
            moment = self.days.at(day, "15:30")
            paid = [
                it for it in self._paid(day, "counter") if it[0].household.village.parent == clerk.unit
            ]  # fmt: skip
            sets: Sets = []
            for place, (loan, payment) in enumerate(paid, 1):
                receipt = f"GT{clerk.unit[-2:]}{day:%Y%m%d}{place:03d}"
                change = self._repayment(loan, payment, "cash", receipt, moment)
                sets.append(("repay", [change]))
            self.stage.web(clerk, moment, sets)

    def _paid(self, day: date, way: str) -> list[tuple[Loan, Payment]]:
        return [
            (loan, it) for loan in self.loans for it in loan.payments
            if it.on == day and it.way == way
        ]  # fmt: skip

    def _repayment(
        self, loan: Loan, payment: Payment, channel: str, receipt: str, moment: datetime
    ) -> Change:
        fields = {
            "loan_id": loan.id, "amount_fen": payment.amount_fen,
            "value_date": payment.on.isoformat(), "channel": channel, "receipt_no": receipt,
        }  # fmt: skip
        return create("repayment", self.dice.new_id(moment), loan.household.id, fields)

    # ---------------------------------------------------------------------------- the supervisors

    def _supervise(self, day: date) -> None:
        if not self.days.is_working(day):
            return
        for supervisor in people.SUPERVISORS:
            team = [it for it in self.officers.values() if it.tablet.person.unit == supervisor.unit]
            sets = [*self._accepted(team, day), *self._cancelled(supervisor, day)]
            if self.dice.chance(25):
                sets.append(("task", [self._wish(supervisor, team, day)]))
            self.stage.web(supervisor, self.days.at(day, "19:10"), sets)
            if self.days.past.index(day) % SUPERVISORY_EVERY_DAYS == 4:
                self._inspect(supervisor, day)

    def _accepted(self, team: Sequence[Officer], day: date) -> Sets:
        sets: Sets = []
        for officer in team:
            for visit, customer, on in officer.visits:
                if on == day and self.dice.chance(ACCEPTED_PERCENT):
                    sets.append(("visit.accept", [_moved("visit", visit, customer, "accepted")]))
            for note, customer, on in officer.notes:
                if on == day and self.dice.chance(CONFIRMED_PERCENT):
                    sets.append(
                        ("note.confirm", [_moved("inspection_note", note, customer, "confirmed")])
                    )
        return sets

    def _cancelled(self, supervisor: Person, day: date) -> Sets:
        """Cancel visits of the next working day."""
        following = next(
            (it for it in self.days.past if it > day and self.days.is_working(it)), None
        )
        sets: Sets = []
        for officer in people.OFFICERS:
            if following is None or officer.unit != supervisor.unit:
                continue
            for stop in self.agenda.of(officer.username, following):
                if stop.outcome == "cancelled":
                    sets.append(("visit.cancel", [self._cancel(stop)]))
        return sets

    def _cancel(self, stop: Stop) -> Change:
        fields = {
            "state": "cancelled", "planned_on": stop.day.isoformat(), "slot": "am",
            "plan_reason": self.dice.one(wording.CANCELLED),
        }  # fmt: skip
        return update("visit", stop.visit, stop.household.id, fields)

    def _wish(self, supervisor: Person, team: Sequence[Officer], day: date) -> Change:
        """Return a task for one of the team."""
        officer = self.dice.one(team)
        household = self.dice.one([
            it for it in self.agenda.own[officer.tablet.person.username]
            if it.state == "active" and it.id not in self.agenda.cast.ids
        ])  # fmt: skip
        task = self.dice.new_id(self.days.at(day, "19:10"))
        due = day + timedelta(days=self.dice.randint(3, 12))
        officer.tasks.append(Left(task, household.id, due))
        fields = {
            "title": self.dice.one(wording.TASKS), "due_on": due.isoformat(), "source": "manual",
            "assignee_id": officer.user,
        }  # fmt: skip
        return create("task", task, household.id, fields)

    def _inspect(self, supervisor: Person, day: date) -> None:
        """Let a supervisor look at one loan himself (SOD-7)."""
        loan = self.dice.one([
            it for it in self.loans
            if it.state == "active" and it.household.village.parent == supervisor.unit
            and it.disbursed_on < day and it.household.id not in self.agenda.cast.ids
            and it.household.officer != SILENT
        ])  # fmt: skip
        moment, user = self.days.at(day, "19:20"), self.stage.users[supervisor.username]
        self.inspected += 1
        odd = SUPERVISORY if self.inspected == SUPERVISORY_PLACE else None
        fields = inspections.note(self.dice, "supervisory", loan.household, loan, user, odd)
        record, customer = self.dice.new_id(moment), loan.household.id
        seal = signature(self.dice, user, moment, fields)
        made = create("inspection_note", record, customer, {**fields, **seal})
        self.stage.web(supervisor, moment, [("note", [made])])
        if odd is not None:
            self.followers.inspected(record, loan, supervisor, day)

    # ----------------------------------------------------------------------------------- at night

    def _night(self, day: date) -> None:
        """Post what the core system collected, settle what is paid, mark what was missed."""
        moment = self.days.at(day, "20:30")
        sets: Sets = []
        for place, (loan, payment) in enumerate(self._paid(day, "core"), 1):
            receipt = opening.core_receipt(day, place)
            sets.append(
                ("core.post", [self._repayment(loan, payment, "deduction", receipt, moment)])
            )
        for loan in self.loans:
            if loan.settled_on == day:
                sets.append(
                    ("loan.settle", [_moved("loan", loan.id, loan.household.id, "settled")])
                )
        for officer in self.officers:
            for stop in self.agenda.of(officer, day - timedelta(days=MISSED_AFTER_DAYS)):
                if stop.outcome == "missed":
                    sets.append(
                        ("visit.miss", [_moved("visit", stop.visit, stop.household.id, "missed")])
                    )
        self.stage.office(moment, sets)


def _moved(type_name: str, record: str, customer: str, state: str) -> Change:
    return update(type_name, record, customer, {"state": state})
