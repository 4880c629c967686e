"""The loan book: 160 active loans with the recipe's days past due, 60 settled, two written off.

What is paid is only planned here (`payments.py`); what is owed follows from the records, as everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from schemas.derived.allocation import replay
from schemas.derived.due_dates import due_after
from schemas.derived.schedule import Method, PlannedPrincipal, Terms, build_schedule
from server.demo import payments, products
from server.demo.days import Days
from server.demo.dice import LENT, Dice
from server.demo.households import Household
from server.demo.livelihoods import HARVEST_MONTHS
from server.demo.loans import Book, Loan
from server.demo.payments import Payment

Json = Any

MIX: dict[Method, int] = {
    "equal_installment": 70, "seasonal": 50, "bullet": 20, "interest_first": 12, "equal_principal": 8,
}  # fmt: skip
"""How many active loans of each method (domain.md, section 11)."""

LATE: tuple[tuple[int, Method], ...] = (
    (1, "equal_installment"), (1, "seasonal"), (2, "interest_first"), (3, "equal_installment"),
    (4, "bullet"), (5, "equal_installment"), (6, "seasonal"), (7, "equal_principal"),
    (9, "equal_installment"), (19, "seasonal"), (24, "equal_installment"), (30, "bullet"),
    (41, "seasonal"), (58, "equal_installment"), (76, "interest_first"), (90, "equal_installment"),
    (96, "seasonal"), (134, "equal_installment"), (201, "bullet"), (270, "equal_installment"),
    (360, "bullet"), (472, "seasonal"),
)  # fmt: skip
"""Days past due of those in arrears who have no name; the boundaries 30, 90, 270 and 360 are among them."""

ZHOU_LATE, RESTRUCTURED_LATE, HE_LATE = 12, 15, 395
CHEN_BUCKET = range(31, 91)
CHEN_STAND_IN = (24, 47)
"""After a February Chen's oldest installment may be only 29 days late: then another loan's 24 becomes 47."""

SETTLED, WRITTEN_OFF = 60, 2
LARGE_FEN = (28_000_000, 24_000_000, 15_000_000, 13_500_000, 12_000_000)
"""Five loans above 100,000 yuan beside Tang Shuigen's 180,000."""
TWO_LOANS = 3
RECENT = 14
"""So many of the loans on time were paid out since the officers work with Xiangxin."""


@dataclass(frozen=True)
class Shape:
    """Dates and method of a loan to be made; *unpaid_from*: the first date that was not paid."""

    method: Method
    disbursed_on: date
    count: int = 1
    first_due_on: date | None = None
    plan: tuple[tuple[date, int], ...] = ()
    """Dates of a harvest plan with their percent of the principal."""
    unpaid_from: date | None = None


class Clerk:
    """Writes the loans of the whole branch."""

    def __init__(self, days: Days, households: Sequence[Household]) -> None:
        self.days, self.dice = days, Dice("loans")
        self.loans: list[Loan] = []
        shuffled = self.dice.shuffled([it for it in households if not it.is_named])
        self.named = {it.name: it for it in households if it.is_named}
        self.active = [it for it in shuffled if it.state == "active"]
        self.dormant = [it for it in shuffled if it.state == "dormant"]

    # --------------------------------------------------------------------------------- everybody

    def book(self) -> Book:
        """Return the whole loan book."""
        left = dict(MIX)
        for loan in (*self._people(), *self._group(), *self._large(), *self._restructured()):
            left[loan.method] -= 1
        for dpd, method in self._late():
            self._late_loan(dpd, method)
            left[method] -= 1
        on_time = self.dice.shuffled([it for it, count in left.items() for _ in range(count)])
        for place, method in enumerate(on_time):
            again = self.loans[-1].household if 0 < place <= TWO_LOANS * 2 and place % 2 else None
            self._on_time(method, recent=place < RECENT, household=again)
        self._settled_loans()
        for _ in range(WRITTEN_OFF):
            self._written_off()
        return self._numbered()

    def _numbered(self) -> Book:
        ordered = sorted(self.loans, key=lambda it: (it.disbursed_on, it.id))
        counts: dict[int, int] = defaultdict(int)
        for loan in ordered:
            year = loan.disbursed_on.year
            counts[year] += 1
            loan.number = f"JJ{year}{counts[year]:05d}"
        return Book(tuple(ordered))

    # ------------------------------------------------------------------------------ by their name

    def _people(self) -> list[Loan]:
        """Return the loans of those whom the walk-through knows, but for the group's."""
        return [
            self._chen(),
            self._huang(),
            self._zhou(),
            self._deng(),
            self._tang(),
            self._lei(),
            self._he(),
        ]

    def _chen(self) -> Loan:
        """E1, laid out so that its fifth installment fell due yesterday (domain.md, 8.2 and 8.3).

        Where the calendar has no such day (yesterday was the 31st, four months before a month of 30
        days), it fell due on the last day before that it has, and the days late are what they are.
        """
        first = due_after(self.days.ago(1), -4)
        shape = Shape(
            "equal_installment", due_after(first, -1), 12, first, unpaid_from=due_after(first, 3)
        )
        loan = self._write(self.named["陈国平"], shape, 3_000_000, products.SMALL, 840, "购买饲料")
        return self._paid(loan, shape, payments.ON_THE_DAY)

    def _huang(self) -> Loan:
        paid_out = self.days.ago(13)
        sold = paid_out + timedelta(days=175)
        shape = Shape("seasonal", paid_out, plan=((paid_out + timedelta(days=90), 0), (sold, 100)))
        return self._write(self.named["黄大明"], shape, 2_000_000, products.SMALL, 840, "购买仔猪")

    def _zhou(self) -> Loan:
        due = self.days.ago(ZHOU_LATE)
        plan = ((due - timedelta(days=92), 0), (due, 40), (due + timedelta(days=107), 60))
        shape = Shape("seasonal", due - timedelta(days=180), plan=plan, unpaid_from=due)
        loan = self._write(
            self.named["周福海"], shape, 1_800_000, products.HARVEST, 780, "早稻生产"
        )
        return self._paid(loan, shape, payments.PUNCTUAL)

    def _deng(self) -> Loan:
        """The key customer: three cycles behind her, in the fourth."""
        household = self.named["邓玉兰"]
        for months, amount in ((29, 1_000_000), (22, 1_500_000), (15, 2_000_000)):
            start = due_after(self.days.ago(7), -months)
            shape = Shape("equal_installment", start, 6)
            loan = self._write(household, shape, amount, products.SMALL, 900, "茶园管护", "settled")
            self._paid(loan, shape, payments.PUNCTUAL)
        shape = Shape("equal_installment", due_after(self.days.ago(4), -7), 12)
        loan = self._write(household, shape, 2_500_000, products.SMALL, 840, "茶园管护")
        return self._paid(loan, shape, payments.PUNCTUAL)

    def _tang(self) -> Loan:
        shape = Shape("equal_principal", due_after(self.days.ago(9), -8), 24)
        loan = self._write(
            self.named["唐水根"], shape, 18_000_000, products.BUSINESS, 720, "扩大加工",
            security=("collateral", "guarantor"),
        )  # fmt: skip
        return self._paid(loan, shape, payments.PUNCTUAL)

    def _lei(self) -> Loan:
        shape = Shape("interest_first", due_after(self.days.ago(12), -5), 12)
        loan = self._write(
            self.named["雷春花"], shape, 5_000_000, products.BUSINESS, 780, "扩大加工",
            security=("collateral",),
        )  # fmt: skip
        return self._paid(loan, shape, payments.PUNCTUAL)

    def _he(self) -> Loan:
        due = self.days.ago(HE_LATE)
        shape = Shape("bullet", due_after(due, -12), first_due_on=due, unpaid_from=due)
        loan = self._write(self.named["何老三"], shape, 1_200_000, products.SMALL, 960, "购买农资")
        return self._paid(loan, shape, payments.PUNCTUAL)

    def _group(self) -> list[Loan]:
        """Return the five loans of 柳湾五户联保组: Wu Changsheng and four neighbours."""
        wu = self.named["吴长生"]
        near = [it for it in self.active if (it.village, it.officer) == (wu.village, wu.officer)][
            :4
        ]
        made = []
        for place, household in enumerate((wu, *near)):
            if household in self.active:
                self.active.remove(household)
            shape = Shape("equal_installment", due_after(self.days.ago(16 + place), -4), 12)
            loan = self._write(
                household, shape, 2_000_000 + 250_000 * place, products.GROUP, 840, "购买仔猪",
                security=("group",),
            )  # fmt: skip
            made.append(self._paid(loan, shape, payments.PUNCTUAL))
        return made

    def _large(self) -> list[Loan]:
        made = []
        firms = [it for it in self.active if it.segment in ("micro_enterprise", "trade")]
        methods: tuple[Method, ...] = ("equal_principal", "interest_first")
        for place, amount in enumerate(LARGE_FEN):
            household = firms[place]
            self.active.remove(household)
            shape = Shape(
                methods[place % 2], due_after(self.days.ago(3 + 5 * place), -6 - place), 24
            )
            loan = self._write(
                household, shape, amount, products.BUSINESS, 720, self.dice.one(household.livelihood.purposes),
                security=("collateral", "guarantor")[: 1 + place % 2],
            )  # fmt: skip
            made.append(self._paid(loan, shape, payments.PUNCTUAL))
        return made

    # -------------------------------------------------------------------------------- by the dozen

    def _late(self) -> list[tuple[int, Method]]:
        """Return the arrears of those who have no name; Chen's fall where the calendar puts them."""
        chen = (self.days.today - self.loans[0].schedule[3].due_date).days
        least, most = CHEN_STAND_IN
        swapped = {} if chen in CHEN_BUCKET else {least: most}
        return [(swapped.get(dpd, dpd), method) for dpd, method in LATE]

    def _borrower(self, method: Method) -> Household:
        """Return the next household without a loan that such a loan suits."""
        farms = method == "seasonal"
        found = next(it for it in self.active if (it.segment in HARVEST_MONTHS) or not farms)
        self.active.remove(found)
        return found

    def _late_loan(self, dpd: int, method: Method) -> Loan:
        due = self.days.ago(dpd)
        household = self._borrower(method)
        shape = self._shape_due(method, due, dpd)
        loan = self._small(household, shape)
        self._paid(loan, shape, payments.SLACK)
        if dpd >= 9 and self.dice.chance(60):
            payments.add_part(loan, due, self.days, self.dice)
        return loan

    def _shape_due(self, method: Method, due: date, dpd: int) -> Shape:
        """Return a shape of which *due* is a date, with earlier ones before it where the method has them."""
        if method == "bullet":
            return Shape(method, due_after(due, -10), first_due_on=due, unpaid_from=due)
        if method == "seasonal":
            plan = [(due - timedelta(days=95), 0), (due, 100)]
            if dpd < 60:
                plan = [plan[0], (due, 30), (due + timedelta(days=120), 70)]
            return Shape(method, due - timedelta(days=190), plan=tuple(plan), unpaid_from=due)
        for paid in (4, 3, 5, 2, 0):
            first = due_after(due, -paid)
            if due_after(first, paid) == due:
                return Shape(method, due_after(first, -1), 12, first, unpaid_from=due)
        raise AssertionError("the fifth try is the date itself")

    def _on_time(self, method: Method, recent: bool, household: Household | None) -> Loan:
        borrower = household or self._borrower(method)
        shape = self._shape_on_time(method, borrower, recent)
        loan = self._small(borrower, shape)
        return self._paid(loan, shape, self.dice.one(payments.HABITS))

    def _shape_on_time(self, method: Method, household: Household, recent: bool) -> Shape:
        dice, days = self.dice, self.days
        if method == "seasonal":
            return self._harvest(household, recent)
        term = dice.one((6, 8, 10, 12) if method == "bullet" else (12, 12, 12, 18, 24))
        back = dice.randint(3, 55) if recent else dice.randint(62, term * 30 - 25)
        start = self._paid_out_on(days.ago(back))
        if method == "bullet":
            return Shape(method, start, first_due_on=due_after(start, term))
        return Shape(method, start, term)

    def _paid_out_on(self, day: date) -> date:
        """Return *day*, or the Monday after where it is a Sunday."""
        return day if self.days.is_working(day) else day + timedelta(days=1)

    def _harvest(self, household: Household, recent: bool) -> Shape:
        """Return a plan that follows the harvests of the household's crop or herd."""
        dice, today = self.dice, self.days.today
        months = HARVEST_MONTHS.get(household.segment, (6, 12))
        coming = [due_after(today.replace(day=20), ahead) for ahead in range(12)]
        least = self.days.ahead(60 if recent else 6)
        end = dice.one([it for it in coming if it.month in months and it >= least])
        ahead = (end - today).days
        back = dice.randint(3, 55) if recent else dice.randint(62, max(75, min(250, 400 - ahead)))
        start = self._paid_out_on(self.days.ago(back))
        middle = start + (end - start) / 2
        if dice.chance(35) and household.segment == "grain":
            return Shape("seasonal", start, plan=((middle, 40), (end, 60)))
        if (end - start).days > 150:
            return Shape("seasonal", start, plan=((middle, 0), (end, 100)))
        return Shape("seasonal", start, plan=((end, 100),))

    def _restructured(self) -> list[Loan]:
        """Return the four restructured loans 展期: three on time, one late again."""
        made = []
        for place, months in enumerate((8, 5, 1)):
            made.append(self._stretched(due_after(self.days.ahead(4 + place), -months), 99))
        return [*made, self._stretched(due_after(self.days.ago(RESTRUCTURED_LATE), -3), 2)]

    def _stretched(self, when: date, paid: int) -> Loan:
        """Pay a part of a schedule, put what is left on a new one, and pay *paid* of its installments."""
        start = due_after(when - timedelta(days=self.dice.randint(3, 20)), -self.dice.randint(5, 8))
        loan = self._small(
            self._borrower("equal_installment"), Shape("equal_installment", start, 12)
        )
        for row in loan.schedule[:4]:
            loan.payments.append(Payment(row.due_date, row.total_fen))
        old = [it.as_repayment(str(place)) for place, it in enumerate(loan.payments)]
        owed = replay(loan.schedule, old, when, loan.penalty).state
        terms = Terms(
            method=loan.method, principal_fen=owed.outstanding_principal_fen, rate_bps=loan.rate_bps,
            disbursed_on=when, count=12,
        )  # fmt: skip
        loan.schedules[2] = build_schedule(terms)
        loan.restructured_on = when
        for row in [it for it in loan.schedules[2] if it.due_date < self.days.today][:paid]:
            loan.payments.append(Payment(row.due_date, row.total_fen))
        return loan

    def _settled_loans(self) -> None:
        """Return what is finished: the dormant ones' loans long ago, earlier cycles of others."""
        left = SETTLED - sum(it.state == "settled" for it in self.loans)
        again = [
            it.household for it in self.loans if it.state == "active" and not it.household.is_named
        ]
        wished = [(it, 1) for it in self.dormant] + [(it, 2) for it in self.dormant[:6]]
        wished += [(it, 0) for it in self.active[: len(self.active) // 3]]
        wished += [(it, 0) for it in self.dice.shuffled(again)]
        for household, round_ in wished:
            left -= self._settle(household, round_) if left else 0

    def _settle(self, household: Household, round_: int) -> int:
        """Write one settled loan; return 0 where it would not have been over in 24 months."""
        dice, days = self.dice, self.days
        started = [it.disbursed_on for it in self.loans if it.household is household]
        last = days.ago(dice.randint(400, 640) if round_ else dice.randint(5, 330))
        if started:
            last = min(started) - timedelta(days=dice.randint(3, 40))
        if last < days.ago(715):
            return 0
        months = dice.one((6, 8, 10, 12))
        start = due_after(last, -months)
        if dice.chance(70):
            shape = Shape("equal_installment", start, months)
        else:
            shape = Shape("bullet", start, first_due_on=last)
        loan = self._small(household, shape, "settled")
        self._paid(loan, shape, dice.one(payments.HABITS))
        return 1

    def _written_off(self) -> Loan:
        household = self.active.pop()
        start = due_after(self.days.ago(self.dice.randint(1, 25)), -self.dice.randint(31, 36))
        shape = Shape("equal_installment", start, 12, unpaid_from=due_after(start, 5))
        loan = self._small(household, shape, "written_off")
        return self._paid(loan, shape, payments.SLACK)

    # ------------------------------------------------------------------------------------- writing

    def _small(self, household: Household, shape: Shape, state: str = "active") -> Loan:
        """Write a loan of 3,000 to 50,000 yuan, log-normal around 15,000."""
        amount = max(300_000, min(5_000_000, self.dice.amount_fen(LENT)))
        product = products.HARVEST if shape.method == "seasonal" else products.SMALL
        rate = (
            self.dice.one((720, 780, 840))
            if product == products.HARVEST
            else self.dice.one((840, 900, 960))
        )
        purpose = self.dice.one(household.livelihood.purposes)
        security = ("guarantor",) if self.dice.chance(20) else ("unsecured",)
        return self._write(household, shape, amount, product, rate, purpose, state, security)

    def _write(
        self,
        household: Household,
        shape: Shape,
        amount: int,
        product: str,
        rate: int,
        purpose: str,
        state: str = "active",
        security: tuple[str, ...] = ("unsecured",),
    ) -> Loan:
        schedule = build_schedule(_terms(shape, amount, rate))
        moment = self.days.at(
            max(shape.disbursed_on, self.days.go_live), "09:40", seconds=len(self.loans)
        )
        loan = Loan(
            self.dice.new_id(moment), household, product, shape.method, amount, rate,
            shape.disbursed_on, purpose, security, {1: schedule}, state,
        )  # fmt: skip
        self.loans.append(loan)
        return loan

    def _paid(self, loan: Loan, shape: Shape, habit: payments.Habit) -> Loan:
        unpaid = shape.unpaid_from or (self.days.today if loan.state == "active" else date.max)
        payments.pay(loan, unpaid, habit, self.days, self.dice)
        return loan


def _terms(shape: Shape, amount: int, rate: int) -> Terms:
    plan: list[PlannedPrincipal] = []
    left = amount
    for day, percent in shape.plan:
        part = left if (day, percent) == shape.plan[-1] else amount * percent // 10_000 * 100
        plan.append(PlannedPrincipal(day, part))
        left -= part
    return Terms(
        method=shape.method, principal_fen=amount, rate_bps=rate, disbursed_on=shape.disbursed_on,
        count=shape.count, first_due_on=shape.first_due_on, plan=tuple(plan),
    )  # fmt: skip
