"""What stands behind loans that came with the books: application, collateral, guarantor (domain.md, 8.10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.demo import dossiers, people, wording
from server.demo.changes import Change, create, update
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.loans import Loan
from server.demo.stage import Stage

LEI, TANG = "雷春花", "唐水根"
E10_FEN, E10_AGAIN_FEN = 80_000_00, 60_000_00
"""Lei Chunhua's house: 80,000 when she borrowed, 60,000 three weeks ago (E10)."""
REVALUED_DAYS_AGO = 20
OVERDUE_DAYS_AGO = (404, 466)
"""Two pieces were last valued so long ago: more than the twelve months that are allowed."""
KINDS = ("house", "land_management_right", "machine")


@dataclass(frozen=True)
class Piece:
    """A piece of collateral: its id, kind, and value in fen by the day of each valuation."""

    id: str
    kind: str
    values: dict[date, int]


@dataclass(frozen=True)
class Behind:
    """What stands behind one loan; *application*: the id of the application that it came from."""

    application: str
    pieces: tuple[Piece, ...]


def behind(days: Days, loans: Sequence[Loan]) -> dict[str, Behind]:
    """Return by loan what stands behind those with collateral: two pieces for the three largest, else one."""
    dice = Dice("security")
    moment = days.at(days.go_live, "10:50")
    secured = [it for it in loans if it.state == "active" and "collateral" in it.security]
    largest = sorted(secured, key=lambda it: -it.principal_fen)
    old = iter(OVERDUE_DAYS_AGO)
    found = {}
    for loan in secured:
        if loan.household.name == LEI:
            pieces = [Piece(dice.new_id(moment), "house", {loan.disbursed_on: E10_FEN})]
        else:
            count = 2 if largest.index(loan) < 3 else 1
            back = next(old, None) if loan.household.name != TANG else None
            on = days.ago(back) if back else loan.disbursed_on - timedelta(days=6)
            value = loan.principal_fen * 2 // count // 1_000_00 * 1_000_00
            # Of an overdue pair one piece is the overdue one.
            pieces = [
                Piece(dice.new_id(moment), KINDS[place], {
                    on if place == 0 else loan.disbursed_on - timedelta(days=6): value,
                })
                for place in range(count)
            ]  # fmt: skip
        found[loan.id] = Behind(dice.new_id(moment), tuple(pieces))
    return found


def changes(stage: Stage, loan: Loan, mine: Behind) -> Iterator[Change]:
    """Yield the application that was paid out, its collateral as registered, and its guarantor."""
    dice, customer = Dice(f"security {loan.number}"), loan.household.id
    moment = stage.days.at(stage.days.go_live, "10:50")
    officer = stage.users[loan.household.officer]
    yield create("loan_application", mine.application, customer, {
        "application_no": f"SQ{loan.number[2:]}", "product_id": stage.products[loan.product],
        "officer_id": officer, "amount_fen": loan.principal_fen, "method": loan.method,
        "rate_bps": loan.rate_bps, "term_months": len(loan.schedule), "purpose": loan.purpose,
        "security": list(loan.security), "state": "disbursed",
    })  # fmt: skip
    for it in mine.pieces:
        fields = dossiers.collateral(dice, it.kind, loan.household, it.values, officer)
        boss = people.of_outlet(str(loan.household.village.parent), people.SUPERVISORS)
        fields |= {
            "application_id": mine.application, "state": "registered",
            "valuations.v1.second_signer": stage.users[boss.username],
        }  # fmt: skip
        yield create("collateral", it.id, customer, fields)
    if "guarantor" in loan.security:
        yield create("guarantor", dice.new_id(moment), customer, {
            "application_id": mine.application, "name": dice.one(wording.GUARANTORS),
            "phone": f"1000000{dice.randint(8000, 8999)}", "kind": "individual",
            "amount_fen": loan.principal_fen, "relation_to_borrower": "生意伙伴",
        })  # fmt: skip


def value_again(stage: Stage, loans: Sequence[Loan], found: dict[str, Behind]) -> None:
    """Let the supervisor enter what Lei's house is worth now, as the second signer (SOD-6)."""
    loan = next(it for it in loans if it.id in found and it.household.name == LEI)
    on = stage.days.ago(REVALUED_DAYS_AGO)
    officer = stage.users[loan.household.officer]
    boss = people.of_outlet(str(loan.household.village.parent), people.SUPERVISORS)
    fields = dossiers.valuation("v2", on, E10_AGAIN_FEN, officer, "event")
    fields["valuations.v2.second_signer"] = stage.users[boss.username]
    change = update("collateral", found[loan.id].pieces[0].id, loan.household.id, fields)
    stage.web(boss, stage.days.at(on, "15:50"), [("collateral.value", [change])])
