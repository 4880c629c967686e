"""Go-live: units, people, products and checklists set up, the lender's books brought over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from schemas.checklists import published
from schemas.declare import Registry
from schemas.values import derived_id
from schemas.wire.requests import Login
from schemas.wire.setup import Account, Branch, Organisation, Setup, SetupRecord
from server import accounts, office, store
from server.accounts import account
from server.demo import groups, people, places, products, second_device, security
from server.demo.agenda import SILENT
from server.demo.changes import Change, create
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.groups import Group
from server.demo.households import Household
from server.demo.loans import Loan
from server.demo.people import Person
from server.demo.security import Behind
from server.demo.stage import Sets, Stage, Tablet
from server.settings import Settings
from server.setup import SetUp

Json = Any


def open_stage(connection: Connection, registry: Registry, settings: Settings, days: Days) -> Stage:
    """Set the lender up as its administrator would with a set-up file; return the stage."""
    dice, moment = Dice("opening"), days.at(days.go_live, "08:00")
    ids = _branches(connection, dice, moment)
    stage = Stage(connection, registry, settings, days, ids[places.BRANCH], places.BRANCH)
    stage.units = ids | {it.code: dice.new_id(moment) for it in (*places.OUTLETS, *places.VILLAGES)}
    stage.users = {it.username: dice.new_id(moment) for it in people.EVERYONE}
    stage.products = {it["code"]: dice.new_id(moment) for it in products.PRODUCTS}
    records = [*_units(stage), *_products(stage), *_checklists(dice, moment)]
    SetUp(connection, registry, stage.on(moment), moment).run(
        Setup(Organisation(places.BRANCHES[0].name), _wished(), (), tuple(records))
    )
    SetUp(connection, registry, stage.on(moment), moment).run(
        Setup(None, (), tuple(_account(stage, it) for it in people.EVERYONE), ())
    )
    return stage


def _branches(connection: Connection, dice: Dice, moment: datetime) -> dict[str, str]:
    """Put the branches' rows there, so that they have the same ids on every machine; the epoch is its own."""
    epoch = office.new_id(moment)
    ids = {it.code: dice.new_id(moment) for it in places.BRANCHES}
    for unit in places.BRANCHES:
        connection.execute(
            insert(store.branch).values(
                id=ids[unit.code], code=unit.code, name=unit.name, parent=unit.parent,
                head=0, head_hash="", epoch=epoch, restores=[], money_head=0,
                identity_key=dice.randbytes(32).hex(),
            )
        )  # fmt: skip
    return ids


def _wished() -> tuple[Branch, ...]:
    return tuple(Branch(it.code, it.name, it.parent, it.kind) for it in places.BRANCHES)


def _units(stage: Stage) -> Iterator[SetupRecord]:
    for unit in (*places.OUTLETS, *places.VILLAGES):
        fields = {
            "name": unit.name, "code": unit.code, "kind": unit.kind, "active": True,
            "parent_id": stage.units[str(unit.parent)],
        }  # fmt: skip
        yield _record("org_unit", stage.units[unit.code], fields)


def _products(stage: Stage) -> Iterator[SetupRecord]:
    for product in products.PRODUCTS:
        yield _record("product", stage.products[product["code"]], product)


def _checklists(dice: Dice, moment: datetime) -> Iterator[SetupRecord]:
    for checklist in published.newest():
        yield _record("checklist", dice.new_id(moment), checklist)


def _record(type_name: str, record: str, fields: Mapping[str, Json]) -> SetupRecord:
    return SetupRecord(places.BRANCH, type_name, record, None, None, fields)


def _account(stage: Stage, person: Person) -> Account:
    return Account(
        person.username, person.name, person.role, person.branch, person.unit, people.PASSWORD,
        stage.users[person.username], True, person.tier,
    )  # fmt: skip


# ---------------------------------------------------------------------------------- the tablets


def hand_out_tablets(stage: Stage) -> None:
    """Register the officers' and supervisors' tablets: T1 to T8."""
    dice, moment = Dice("tablets"), stage.days.at(stage.days.go_live, "16:30")
    for place, person in enumerate(people.TABLETS, 1):
        device = dice.new_id(moment)
        row = stage.connection.execute(
            account.select().where(account.c.username == person.username)
        ).one()
        key = second_device.public_key() if person.username == SILENT else None
        wish = Login(person.username, "", device, f"{person.name}的平板", key)
        accounts.register_device(
            stage.connection, stage.registry, stage.on(moment), row, wish, moment
        )
        stage.tablets[person.username] = Tablet(stage, person, device, f"T{place}")
    for tablet in stage.tablets.values():
        tablet.sync(moment)


# ------------------------------------------------------------------------------------- the books


def bring_over(
    stage: Stage,
    households: Sequence[Household],
    loans: Sequence[Loan],
    joined: Sequence[Group],
    behind: Mapping[str, Behind],
) -> None:
    """Import the groups, the customers with their officers, then the loans with what was paid on them."""
    moment = stage.days.at(stage.days.go_live, "09:00")
    known = [it for it in households if it.known_since == stage.days.go_live]
    stage.office(moment, groups.brought(stage.days, joined))
    stage.office(moment, [("import.customer", list(_customer(stage, it))) for it in known])
    stage.office(moment, groups.led(joined))
    old = [it for it in loans if it.disbursed_on <= stage.days.go_live]
    stage.office(stage.days.at(stage.days.go_live, "11:00"), imported(stage, old, behind))


def _customer(stage: Stage, household: Household) -> Iterator[Change]:
    yield create("customer", household.id, household.id, household.fields)
    fields = {
        "officer_id": stage.users[household.officer], "customer_id": household.id,
        "role": "primary", "valid_from": stage.days.go_live.isoformat(),
    }  # fmt: skip
    assignment = derived_id("import", household.id, fields["officer_id"])
    yield create("assignment", assignment, None, fields)
    for member in household.members:
        yield create("household_member", member.id, household.id, member.fields)


def imported(stage: Stage, loans: Sequence[Loan], behind: Mapping[str, Behind]) -> Sets:
    """Return a set for each loan: itself, its schedule, what stands behind it, what was paid up to go-live."""
    dice = Dice("import")
    counts: dict[date, int] = {}
    return [
        ("import.loan", list(_loan(stage, it, dice, counts, behind.get(it.id)))) for it in loans
    ]


def _loan(
    stage: Stage, loan: Loan, dice: Dice, counts: dict[date, int], behind: Behind | None
) -> Iterator[Change]:
    go_live = stage.days.go_live
    stretched = loan.restructured_on is not None and loan.restructured_on <= go_live
    state = "active" if loan.settled_on and loan.settled_on > go_live else loan.state
    version = loan.version if stretched else 1
    fields = loan_fields(stage, loan, version, state)
    if behind is not None:
        yield from security.changes(stage, loan, behind)
        fields["application_id"] = behind.application
    yield create("loan", loan.id, loan.household.id, fields)
    moment = stage.days.at(go_live, "11:00")
    for number in range(1, version + 1):
        yield from installments(dice, moment, loan, number)
    for payment in loan.payments:
        if payment.on <= go_live:
            counts[payment.on] = counts.get(payment.on, 0) + 1
            fields = {
                "loan_id": loan.id, "amount_fen": payment.amount_fen,
                "value_date": payment.on.isoformat(), "channel": "deduction",
                "receipt_no": core_receipt(payment.on, counts[payment.on]),
            }  # fmt: skip
            yield create("repayment", dice.new_id(moment), loan.household.id, fields)


def core_receipt(on: date, place: int) -> str:
    """Return the running number that the core system gave a posting."""
    return f"HX{on:%Y%m%d}{place:05d}"


def loan_fields(stage: Stage, loan: Loan, version: int, state: str = "active") -> dict[str, Json]:
    """Return a loan's record as it is made at disbursement or import."""
    officer = stage.users[loan.household.officer]
    clerk = people.of_outlet(str(loan.household.village.parent), people.CLERKS)
    fields: dict[str, Json] = {
        "loan_no": loan.number, "product_id": stage.products[loan.product],
        "principal_fen": loan.principal_fen, "rate_bps": loan.rate_bps, "method": loan.method,
        "disbursed_on": loan.disbursed_on.isoformat(),
        "maturity_on": loan.schedules[version][-1].due_date.isoformat(),
        "first_due_on": loan.schedules[1][0].due_date.isoformat(),
        "schedule_version": version, "purpose": loan.purpose, "security": list(loan.security),
        "officer_id": officer,
        "responsible": {
            "investigator": [officer], "reviewer": stage.users[people.REVIEWER.username],
            "approver": stage.users[approver(loan).username], "clerk": stage.users[clerk.username],
        },
        "state": state,
    }  # fmt: skip
    if version > 1 and loan.restructured_on:
        fields |= {"restructured_on": loan.restructured_on.isoformat(), "restructure_count": 1}
    return fields


def approver(loan: Loan) -> Person:
    """Return who decided on a loan of this size (domain.md, section 3.3)."""
    secured = "collateral" in loan.security
    if loan.principal_fen <= (10_000_000 if secured else 5_000_000):
        return people.of_outlet(str(loan.household.village.parent), people.SUPERVISORS)
    return people.CREDIT_MANAGER


def installments(dice: Dice, moment: datetime, loan: Loan, version: int) -> Iterator[Change]:
    """Yield the rows of one version of a loan's schedule."""
    for row in loan.schedules[version]:
        fields = {
            "loan_id": loan.id, "schedule_version": version, "seq": row.seq,
            "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen,
        }  # fmt: skip
        yield create("installment", dice.new_id(moment), loan.household.id, fields)
