"""Who asks for a loan, for how much, and how far it has come: the recipe's applications (domain.md, section 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from schemas.derived.allocation import replay
from schemas.derived.due_dates import due_after
from schemas.derived.schedule import Method
from server.demo import people, products
from server.demo.agenda import last_day
from server.demo.cast import Cast
from server.demo.days import Days
from server.demo.dice import ASKED_FOR, Dice
from server.demo.households import Household
from server.demo.loans import Loan

COUNTS: Mapping[str, int] = {
    "draft": 10, "submitted": 8, "reviewed": 5, "returned": 4, "approved": 5, "contracted": 3,
    "declined": 6, "withdrawn": 3, "lapsed": 2,
}  # fmt: skip
"""How many applications stand in which state (domain.md, section 11)."""

DAYS_BACK: Mapping[str, tuple[int, int]] = {
    "draft": (0, 5), "submitted": (1, 7), "reviewed": (5, 9), "returned": (6, 14),
    "approved": (9, 16), "contracted": (14, 22), "declined": (8, 38), "withdrawn": (6, 30),
}  # fmt: skip
"""How many working days before the officer's last one the household was investigated."""
TWO_DAYS_MORE = 2
"""What a second investigator takes."""
SMALL_FEN = 50_000_00
"""Up to so much in all one officer investigates alone (SOD-4)."""


@dataclass
class Request:
    """An application as it was asked for; *second*: the other investigator's username."""

    household: Household
    state: str
    day: date
    amount_fen: int
    product: str
    method: Method
    rate_bps: int
    term_months: int
    security: tuple[str, ...] = ("unsecured",)
    second: str | None = None
    exposure_fen: int = 0
    is_first: bool = False
    pieces: tuple[str, ...] = ()
    """The kinds of collateral that are offered."""
    id: str = ""
    tier: int = 1

    @property
    def officer(self) -> str:
        """Who investigates: the officer who looks after the household."""
        return self.household.officer


@dataclass(frozen=True)
class Secured:
    """A larger loan with something behind it; *tier*: who decides it (above the limit it is an exception)."""

    state: str
    amount_fen: int
    pieces: tuple[str, ...]
    tier: int
    security: tuple[str, ...] = ("collateral",)
    segments: tuple[str, ...] = ("trade", "micro_enterprise")


SECURED = (
    Secured("contracted", 260_000_00, ("land_management_right", "machine"), 3),
    Secured("approved", 90_000_00, ("house",), 2),
    Secured("submitted", 60_000_00, ("house",), 1),
    Secured("reviewed", 30_000_00, (), 1, ("guarantor",), ()),
    Secured("approved", 20_000_00, (), 1, ("guarantor",), ()),
)
FIRST_LOANS = ("submitted", "approved", "declined")
"""States of applications by households that never had a loan: two people go there."""


@dataclass
class Chooser:
    """Chooses households for the applications: in good standing, of no other part in the story."""

    days: Days
    loans: Sequence[Loan]
    cast: Cast
    households: Sequence[Household]
    dice: Dice = field(default_factory=lambda: Dice("asked"))

    def __post_init__(self) -> None:
        days = self.days
        self.of: dict[str, list[Loan]] = {}
        for loan in self.loans:
            self.of.setdefault(loan.household.id, []).append(loan)
        unfit = {
            it.household.id for it in self.loans
            if it.state == "written_off" or it.restructured_on or it.disbursed_on > days.go_live
            or (it.state == "active" and it.late_since(days.today))
        } | self.cast.ids | self.cast.moving  # fmt: skip
        known = self.dice.shuffled([
            it for it in self.households
            if it.state == "active" and not it.is_named and it.id not in unfit
            and "group_id" not in it.fields
        ])  # fmt: skip
        self.new = [it for it in known if it.id not in self.of]
        self.again = [it for it in known if self._owed(it) < SMALL_FEN // 2 and it.id in self.of]
        # Those who owe nothing come first: they are the likeliest to ask.
        self.again.sort(key=lambda it: self._owed(it) > 0)

    def _owed(self, household: Household) -> int:
        return sum(
            outstanding_fen(it, self.days.today) for it in self.of.get(household.id, ())
            if it.state == "active"
        )  # fmt: skip

    def requests(self) -> list[Request]:
        """Return the applications that were made in the field; the lapsed ones came with the books."""
        left = dict(COUNTS)
        left.pop("lapsed")
        made = [self._secured(it) for it in SECURED]
        made += [self._small(state, self._next(self.new), True) for state in FIRST_LOANS]
        for it in made:
            left[it.state] -= 1
        for state, count in left.items():
            pool = self.new if state in ("draft", "withdrawn") else self.again
            made += [self._small(state, self._next(pool), pool is self.new) for _ in range(count)]
        return sorted(made, key=lambda it: (it.day, it.household.id))

    def lapsed(self) -> list[Request]:
        """Return those that were approved before go-live and never paid out."""
        return [
            self._small("lapsed", self._next(self.again), False) for _ in range(COUNTS["lapsed"])
        ]

    def _next(self, pool: list[Household], segments: Sequence[str] = ()) -> Household:
        found = next(it for it in pool if not segments or it.segment in segments)
        for one in (self.new, self.again):
            if found in one:
                one.remove(found)
        return found

    def _secured(self, wish: Secured) -> Request:
        pool = [*self.again, *self.new] if wish.segments else self.again
        household = self._next(pool, wish.segments)
        business = "collateral" in wish.security
        made = Request(
            household, wish.state, self._day(wish.state, household.officer, True), wish.amount_fen,
            products.BUSINESS if business else products.SMALL, "equal_installment",
            720 if business else 840, 24 if business else 12, wish.security,
            self._second(household.officer), self._owed(household), household.id not in self.of,
            wish.pieces,
        )  # fmt: skip
        made.tier = wish.tier
        return made

    def _small(self, state: str, household: Household, is_first: bool) -> Request:
        dice, owed = self.dice, self._owed(household)
        two = is_first and state not in ("draft", "withdrawn")
        amount = max(3_000_00, min(dice.amount_fen(ASKED_FOR), SMALL_FEN - owed - 1_000_00))
        return Request(
            household, state, self._day(state, household.officer, two), amount, products.SMALL,
            dice.one(("equal_installment", "equal_installment", "interest_first", "bullet")),
            dice.one((840, 900)), dice.one((6, 12, 12)), ("unsecured",),
            self._second(household.officer) if two else None, owed, is_first,
        )  # fmt: skip

    def _day(self, state: str, officer: str, two: bool) -> date:
        """Return the working day on which the officer went there."""
        if state == "lapsed":
            return self.days.go_live
        least, most = DAYS_BACK[state]
        if two:
            least = max(least, DAYS_BACK[state][0] + TWO_DAYS_MORE)
            most = max(most, least)
        last = last_day(officer, self.days)
        known = [it for it in self.days.worked if it <= last]
        return known[-1 - self.dice.randint(least, most)]

    def _second(self, officer: str) -> str:
        """Return a colleague of the same outlet, never the one whose tablet is silent."""
        return next(iter(self._colleagues(officer)))

    def _colleagues(self, officer: str) -> Iterator[str]:
        unit = next(it.unit for it in people.OFFICERS if it.username == officer)
        for it in reversed(people.OFFICERS):
            if it.unit == unit and it.username not in (officer, "zhao.lei"):
                yield it.username


def outstanding_fen(loan: Loan, today: date) -> int:
    """Return the principal still owed on a loan of the book."""
    counted = [it.as_repayment(f"{place:04d}") for place, it in enumerate(loan.payments)]
    since = loan.restructured_on
    if since is not None:
        counted = [it for it in counted if it.value_date > since]
    return replay(loan.schedule, counted, today, loan.penalty).state.outstanding_principal_fen


def maturity(request: Request) -> date:
    """Return the day on which it would be paid back."""
    return due_after(request.day, request.term_months)
