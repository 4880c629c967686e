"""Cash that officers took, handed in and counted: one deposit is disputed, one is not handed in (domain.md, 5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from schemas.derived.allocation import replay
from server.demo import people
from server.demo.agenda import SILENT, Agenda
from server.demo.cast import Cast
from server.demo.changes import update
from server.demo.loans import Loan
from server.demo.payments import Payment
from server.demo.stage import Stage
from server.demo.visits import Officer

SHORT_FEN = 10_00
"""What is missing in the disputed deposit."""
UNSETTLED_DAYS = 2
SMALL_FEN = 100_00
DISPUTED_BEFORE = 3
"""So many days ago or earlier was the deposit made that is still disputed."""


@dataclass
class Cash:
    """Deposits through the days; *loans*: to find somebody who pays a little at the officer's door."""

    stage: Stage
    agenda: Agenda
    officers: dict[str, Officer]
    loans: Sequence[Loan]
    cast: Cast

    def __post_init__(self) -> None:
        taken = sorted(
            (day, officer) for (officer, day), stops in self.agenda.stops.items()
            if any(it.payment and it.outcome == "done" for it in stops) and officer != SILENT
            and day <= self.stage.days.ago(DISPUTED_BEFORE)
        )  # fmt: skip
        self.disputed = taken[-1]
        self.handed: list[tuple[str, str, int]] = []

    def evening(self, officer: Officer, day: date) -> None:
        """Let an officer hand in what was taken."""
        expected = sum(fen for _, fen in officer.cash)
        deposit = officer.hand_in(day)
        if deposit is not None:
            self.handed.append((officer.tablet.person.username, deposit, expected))

    def counted(self, day: date) -> None:
        """Let the clerks confirm what came in on a day; ten yuan are missing once."""
        for clerk in people.CLERKS:
            sets = []
            for officer, deposit, expected in self.handed:
                if self.officers[officer].tablet.person.unit != clerk.unit:
                    continue
                told: dict[str, object] = {"state": "confirmed"}
                if (day, officer) == self.disputed:
                    told = {
                        "state": "disputed", "counted_fen": expected - SHORT_FEN,
                        "difference_reason": "清点少 10.00 元，客户经理不认可，待核对。",
                    }  # fmt: skip
                sets.append(("deposit.count", [update("cash_deposit", deposit, None, told)]))
            self.stage.web(clerk, self.stage.days.at(day, "18:50"), sets)
        self.handed = []

    def kept_back(self, day: date) -> None:
        """Two days ago somebody brings a little money to an officer's door; it still lies in the drawer."""
        if day != self.stage.days.ago(UNSETTLED_DAYS):
            return
        loan = next(it for it in reversed(self.loans) if self._stays_late(it))
        officer, moment = self.officers[loan.household.officer], self.stage.days.at(day, "18:10")
        officer.receive(moment, loan.household.id, {
            "loan_id": loan.id, "amount_fen": SMALL_FEN, "value_date": day.isoformat(), "channel": "cash",
            "receipt_no": officer.tablet.receipt_no(day.isoformat()), "note": "客户送到家门口。",
        })  # fmt: skip
        officer.deposit(day, self.stage.days.at(day, "18:20"))
        officer.tablet.sync(self.stage.days.at(day, "18:30"))

    def _stays_late(self, loan: Loan) -> bool:
        """Tell whether a little money on a loan that is late leaves its days past due as they are."""
        days, household = self.stage.days, loan.household
        since = loan.late_since(days.today) if loan.state == "active" else None
        fits = since is not None and (days.today - since).days > UNSETTLED_DAYS + 1
        if not fits or household.is_named or household.officer == SILENT:
            return False
        if loan.restructured_on or household.id in self.cast.ids:
            return False
        more = Payment(days.ago(UNSETTLED_DAYS), SMALL_FEN)
        after = replace(loan, payments=[*loan.payments, more])
        paid = [it.as_repayment(f"{place:04d}") for place, it in enumerate(after.payments)]
        owed = replay(loan.schedule, paid, days.today, loan.penalty).state
        return after.late_since(days.today) == since and owed.due_today_fen > 5 * SMALL_FEN
