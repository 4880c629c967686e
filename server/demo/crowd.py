"""More households than anybody could write down: the larger sizes of the demonstration.

Beside the 240 of the story come villages, officers and households by the hundred, each with members, most
with a loan, its schedule and what was paid on it: brought over in bulk as an import would, into the same
log and index (`lots.py`). What is late follows the recipe's shares (domain.md, section 11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from schemas.derived.due_dates import due_after
from schemas.derived.schedule import Installment, Method, Terms, build_schedule
from schemas.values import derived_id
from schemas.wire.setup import Account, Setup, SetupRecord
from server.demo import livelihoods, lots, names, people, products
from server.demo.changes import Change, create
from server.demo.dice import LENT, Dice
from server.demo.households import Household, Maker, Registry
from server.demo.numbers import with_check_digit
from server.demo.places import Unit
from server.demo.stage import Sets, Stage
from server.setup import SetUp

Json = Any
PER_OFFICER = 400
PER_VILLAGE = 80
VILLAGES_MOST = 90
"""The villages of a branch have numbers of two digits, and those of the story have the first."""
SETS_AT_ONCE = 1000
LATE = ((84, 0), (5, 1), (4, 2), (3, 3), (3, 6), (1, 10))
"""Of a hundred loans so many have so many installments unpaid."""
BORROW = 68
"""So many of a hundred households have a loan."""


@dataclass
class Crowd(Registry):
    """Names, phones and id numbers for one branch, none of them given twice in it."""

    known: set[str] = field(default_factory=set)

    def name(self, gender: str) -> tuple[str, str]:
        """Return a name that nobody of the branch has; its Latin form is not told."""
        given = names.MEN if gender == "m" else names.WOMEN
        while True:
            whole = self.dice.one(names.SURNAMES).zh
            whole += self.dice.one(given).zh[0] + self.dice.one(given).zh[1]
            if whole not in self.taken:
                self.taken.add(whole)
                return whole, ""

    def phone(self) -> str:
        """Return the next phone number; none of them can be called."""
        self.phones += 1
        return f"1000000{self.phones:08d}"

    def id_no(self, village: Unit, born: date, gender: str) -> str:
        """Return an id number of the area 9999 that holds and is new."""
        place = int(village.code.rsplit("-", 1)[1])
        while True:
            serial = self.dice.randrange(500) * 2 + (gender == "m")
            body = f"9999{place:02d}{born:%Y%m%d}{serial:03d}"
            whole = with_check_digit(body)
            if whole not in self.known:
                self.known.add(whole)
                return whole


@dataclass(frozen=True)
class Plan:
    """So many further households in a branch, and the officers who look after them."""

    households: int
    officers: int


def grow(
    stage: Stage,
    plan: Plan,
    tell: Callable[[int], None] = lambda done: None,
    bring: Callable[[Stage, datetime, Sets], None] = lots.bring,
) -> None:
    """Bring *plan*'s households into the stage's branch, in the caller's transaction.

    Args:
        tell: called with how many households came in since it was last called.
        bring: stores sets of the server's own.
    """
    dice = Dice(f"crowd {stage.code}")
    villages = _villages(stage, dice, plan)
    officers = _officers(stage, dice, plan)
    chunk: list[tuple[str, list[Change]]] = []
    moment = stage.days.at(stage.days.go_live, "12:00")
    for place, changes in enumerate(_households(stage, dice, plan, villages, officers), 1):
        chunk.append(("import.customer", changes))
        if len(chunk) == SETS_AT_ONCE or place == plan.households:
            bring(stage, moment, chunk)
            tell(len(chunk))
            chunk = []


def _villages(stage: Stage, dice: Dice, plan: Plan) -> list[Unit]:
    moment = stage.days.at(stage.days.go_live, "08:10")
    count = min(VILLAGES_MOST - 10, max(1, plan.households // PER_VILLAGE))
    made = [
        Unit(
            f"{stage.code}-V-{place}", _village_name(dice, place), "village", stage.code,
            27_500_000 + dice.randrange(400_000), 125_000_000 + dice.randrange(400_000),
        )
        for place in range(10, 10 + count)
    ]  # fmt: skip
    stage.units |= {it.code: dice.new_id(moment) for it in made}
    records = tuple(
        SetupRecord(
            stage.code, "org_unit", stage.units[it.code], None, None,
            {
                "name": it.name, "code": it.code, "kind": "village", "active": True,
                "parent_id": stage.branch,
            },
        )
        for it in made
    )  # fmt: skip
    SetUp(stage.connection, stage.registry, stage.on(moment), moment).run(
        Setup(None, (), (), records)
    )
    return made


def _village_name(dice: Dice, place: int) -> str:
    first = dice.one(("上", "下", "前", "后", "大", "小", "新", "老", "东", "西"))
    return f"{first}{dice.one(('塘', '岭', '坪', '湾', '桥', '畈', '坝', '溪'))}{place}村"


def _officers(stage: Stage, dice: Dice, plan: Plan) -> list[str]:
    """Make the officers' accounts; return their user names."""
    moment = stage.days.at(stage.days.go_live, "08:20")
    usernames = [f"{stage.code.lower()}.o{place:02d}" for place in range(1, plan.officers + 1)]
    stage.users |= {it: dice.new_id(moment) for it in usernames}
    accounts = tuple(
        Account(
            it, dice.one(names.SURNAMES).zh + dice.one(names.WOMEN).zh, "officer", stage.code,
            None, people.PASSWORD, stage.users[it], True,
        )
        for it in usernames
    )  # fmt: skip
    SetUp(stage.connection, stage.registry, stage.on(moment), moment).run(
        Setup(None, (), accounts, ())
    )
    return usernames


def _households(
    stage: Stage, dice: Dice, plan: Plan, villages: Sequence[Unit], officers: Sequence[str]
) -> Iterator[list[Change]]:
    """Yield the changes of one household after the other; a village has one officer."""
    register = Crowd(dice)
    segments = [name for name, percent in livelihoods.SHARES.items() for _ in range(percent)]
    for place in range(plan.households):
        where = place * len(villages) // plan.households
        village = villages[where]
        officer = officers[place * len(officers) // plan.households]
        maker = Maker(stage.days, dice, register, village, stage.units[village.code])
        household = maker.household(10_000 + place, None, officer, "active", dice.one(segments))
        household.fields.pop("name_latin", None)
        yield list(_brought(stage, dice, household, place))


def _brought(stage: Stage, dice: Dice, household: Household, place: int) -> Iterator[Change]:
    officer = stage.users[household.officer]
    yield create("customer", household.id, household.id, household.fields)
    assigned = {
        "officer_id": officer, "customer_id": household.id, "role": "primary",
        "valid_from": stage.days.go_live.isoformat(),
    }  # fmt: skip
    yield create("assignment", derived_id("import", household.id, officer), None, assigned)
    for member in household.members:
        yield create("household_member", member.id, household.id, member.fields)
    if dice.chance(BORROW):
        yield from _loan(stage, dice, household, officer, place)


def _loan(
    stage: Stage, dice: Dice, household: Household, officer: str, place: int
) -> Iterator[Change]:
    """Yield a loan that runs today, its schedule, and a receipt for each installment that was paid."""
    days = stage.days
    moment = days.at(days.go_live, "12:00", seconds=place % 3_600)
    unpaid = _unpaid(dice)
    method: Method = dice.one(("equal_installment", "equal_installment", "equal_principal"))
    count = 12
    paid_months = dice.randint(2, count - 1)
    started = due_after(days.go_live, -paid_months)
    principal = max(300_000, min(5_000_000, dice.amount_fen(LENT)))
    rate = dice.one((840, 900, 960))
    schedule = _schedule(method, principal, rate, started, count)
    due = [it for it in schedule if it.due_date <= days.today]
    paid = due[: max(0, len(due) - unpaid)]
    loan, customer = dice.new_id(moment), household.id
    yield create("loan", loan, customer, {
        "loan_no": f"{stage.code}{place:06d}", "product_id": stage.products[products.SMALL],
        "principal_fen": principal, "rate_bps": rate, "method": method,
        "disbursed_on": started.isoformat(), "maturity_on": schedule[-1].due_date.isoformat(),
        "first_due_on": schedule[0].due_date.isoformat(), "schedule_version": 1,
        "purpose": dice.one(household.livelihood.purposes), "security": ["unsecured"],
        "officer_id": officer, "responsible": {"investigator": [officer]},
        "state": "settled" if len(paid) == count else "active",
    })  # fmt: skip
    for row in schedule:
        yield create("installment", dice.new_id(moment), customer, {
            "loan_id": loan, "schedule_version": 1, "seq": row.seq,
            "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen,
        })  # fmt: skip
    for row in paid:
        yield create("repayment", dice.new_id(moment), customer, {
            "loan_id": loan, "amount_fen": row.total_fen, "value_date": row.due_date.isoformat(),
            "channel": "deduction", "receipt_no": f"{stage.code}{place:06d}-{row.seq:02d}",
        })  # fmt: skip


@lru_cache(maxsize=20_000)
def _schedule(
    method: Method, principal_fen: int, rate_bps: int, started: date, count: int
) -> tuple[Installment, ...]:
    """Return the schedule of a loan; many have the same."""
    terms = Terms(
        method=method, principal_fen=principal_fen, rate_bps=rate_bps, disbursed_on=started,
        count=count, first_due_on=due_after(started, 1),
    )  # fmt: skip
    return tuple(build_schedule(terms))


def _unpaid(dice: Dice) -> int:
    left = dice.randrange(100)
    for percent, installments in LATE:
        if left < percent:
            return installments
        left -= percent
    return 0
