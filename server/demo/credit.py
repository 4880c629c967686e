"""Applications on their way: investigated in the village, submitted, reviewed, decided, signed (domain.md, 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from schemas.values import format_instant
from server.demo import dossiers, inspections, people, wording
from server.demo.asked import TWO_DAYS_MORE, Request
from server.demo.changes import Change, attachment, create, update
from server.demo.diary import Diary
from server.demo.dice import Dice
from server.demo.inspections import signature
from server.demo.people import Person
from server.demo.stage import Stage
from server.demo.visits import Officer

Json = Any
REVIEWED_AFTER, DECIDED_AFTER, SIGNED_AFTER = 2, 3, 5
"""Working days after the submission."""
PASSED = ("reviewed", "approved", "contracted")
BEHIND_VALUE = 2
"""What is offered is worth so many times what is asked for."""
SECOND_SIGNER_ABOVE_FEN = 50_000_00


@dataclass
class Credit:
    """Plays the applications: on the tablets by the diary's errands, at the desks by its acts."""

    stage: Stage
    officers: dict[str, Officer]
    diary: Diary
    dice: Dice = field(default_factory=lambda: Dice("credit"))
    notes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By application its survey and its pre-loan note."""
    pieces: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    # ------------------------------------------------------------------------------ in the village

    def investigate(self, request: Request, visit: str, begun: datetime) -> None:
        """Let the officer fill everything in on the visit, and plan what follows from it."""
        officer, household = self.officers[request.officer], request.household
        customer, dice = household.id, self.dice
        at = begun + timedelta(minutes=6)
        request.id, survey = dice.new_id(at), dice.new_id(at)
        surveyed = dossiers.surveyed(request, request.id)
        rated = dossiers.rating(request, surveyed, survey, officer.user)
        product = self.stage.products[request.product]
        fields = dossiers.application(dice, request, product, rated["limit_fen"])
        if request.state != "draft" or dice.chance(50):
            fields |= dossiers.five_c(dice)
        if request.second:
            fields["co_officer_id"] = self.stage.users[request.second]
        officer.save(
            at, "application.begin", create("loan_application", request.id, customer, fields),
            create("cashflow_survey", survey, customer, surveyed),
            create("credit_rating", dice.new_id(at), customer, rated),
        )  # fmt: skip
        self._consent(officer, request, begun + timedelta(minutes=9))
        self._behind(officer, request, begun + timedelta(minutes=11))
        if request.state == "draft":
            return
        note = self._note(officer, request, visit, begun + timedelta(minutes=14))
        self.notes[request.id] = (survey, note)
        self._plan(request, begun)

    def _plan(self, request: Request, begun: datetime) -> None:
        day = begun.astimezone(self.stage.days.zone).date()
        if request.state == "withdrawn":
            self.diary.errand(request.officer, day, 2, partial(self._withdraw, request))
            return
        submitted = TWO_DAYS_MORE if request.second else 0
        if request.second:
            self.diary.errand(request.second, day, 1, partial(self._second, request))
            self.diary.errand(request.officer, day, submitted, partial(self._submit, request))
            self.diary.desk(day, 1, partial(self._value_again, request))
        else:
            self._submit(request, day)
        if request.state == "submitted":
            return
        self.diary.desk(day, submitted + REVIEWED_AFTER, partial(self._review, request))
        if request.state in ("approved", "contracted"):
            self.diary.desk(day, submitted + DECIDED_AFTER, partial(self._approve, request))
        if request.state == "contracted":
            self.diary.desk(day, submitted + SIGNED_AFTER, partial(self._contract, request))

    def _consent(self, officer: Officer, request: Request, at: datetime) -> None:
        customer = request.household.id
        paper = attachment(self.dice, at, customer, "customer", customer, "consent")
        told = update("customer", customer, customer, {"consent_attachment_id": paper["id"]})
        officer.save(at, "consent", paper, told)

    def _behind(self, officer: Officer, request: Request, at: datetime) -> None:
        """Take down who guarantees, and what is offered as collateral."""
        dice, customer = self.dice, request.household.id
        if "guarantor" in request.security:
            guarantor = dice.new_id(at)
            fields = {
                "application_id": request.id, "name": dice.one(wording.GUARANTORS),
                "phone": f"1000000{dice.randint(7000, 7999)}", "kind": "individual",
                "amount_fen": request.amount_fen, "relation_to_borrower": "同村亲戚",
            }  # fmt: skip
            officer.save(at, "guarantor", create("guarantor", guarantor, customer, fields))
            signed = at + timedelta(minutes=1)
            paper = attachment(dice, signed, customer, "guarantor", guarantor, "signature")
            told = {
                "willing_confirmed_on": request.day.isoformat(),
                "signature_attachment_id": paper["id"],
            }
            officer.save(
                signed, "guarantor.sign", paper, update("guarantor", guarantor, customer, told)
            )
        for kind in request.pieces:
            value = request.amount_fen * BEHIND_VALUE // len(request.pieces)
            piece = dice.new_id(at)
            fields = dossiers.collateral(
                dice, kind, request.household, {request.day: value}, officer.user
            )
            fields["application_id"] = request.id
            officer.save(at, "collateral", create("collateral", piece, customer, fields))
            self.pieces.setdefault(request.id, []).append((piece, value))

    def _note(self, officer: Officer, request: Request, visit: str, at: datetime) -> str:
        dice, customer, note = self.dice, request.household.id, self.dice.new_id(at)
        inspectors = [officer.user]
        if request.second:
            inspectors.append(self.stage.users[request.second])
        fields = inspections.note(dice, "pre_loan", request.household, None, officer.user, None)
        photo = attachment(dice, at, customer, "inspection_note", note, "photo_with_customer")
        fields |= {
            "application_id": request.id, "visit_id": visit, "inspector_ids": inspectors,
            "answers.P15.value": [photo["id"]],
            "answers.P10.value": "yes" if "guarantor" in request.security else "na",
            "answers.P11.value": "yes" if request.pieces else "na",
        }  # fmt: skip
        officer.save(at, "note", create("inspection_note", note, customer, fields), photo)
        signed = at + timedelta(minutes=3)
        seal = signature(dice, officer.user, signed, fields)
        officer.save(signed, "note.sign", update("inspection_note", note, customer, seal))
        return note

    def _second(self, request: Request, day: date) -> None:
        """Let the second investigator go there himself, and sign the same note (SOD-4)."""
        assert request.second is not None
        officer, household, dice = self.officers[request.second], request.household, self.dice
        begun = self.stage.days.at(day, "14:10", dice.randint(0, 40))
        visit = dice.new_id(begun)
        place = household.village if "home_lat_e6" not in household.fields else None
        arrived = {
            "purposes": ["pre_loan"], "state": "in_progress", "arrived_at": format_instant(begun),
            "arrive_lat_e6": place.lat_e6 if place else household.fields["home_lat_e6"],
            "arrive_lon_e6": place.lon_e6 if place else household.fields["home_lon_e6"],
            "arrive_acc_m": dice.randint(4, 28),
        }  # fmt: skip
        officer.save(begun, "visit.start", create("visit", visit, household.id, arrived))
        left = begun + timedelta(minutes=dice.randint(20, 35))
        told = {
            "state": "completed", "outcome": "done", "left_at": format_instant(left),
            "summary": "双人调查，实地核实规模和用途。", "met_with": {"add": [household.name]},
        }  # fmt: skip
        note = self.notes[request.id][1]
        seal = signature(dice, officer.user, left, {"note": note})
        officer.save(left, "note.sign", update("inspection_note", note, household.id, seal))
        officer.save(left, "visit.finish", update("visit", visit, household.id, told))

    def _submit(self, request: Request, day: date) -> None:
        survey, customer = self.notes[request.id][0], request.household.id
        self.officers[request.officer].save(
            self.stage.days.at(day, "16:55", self.dice.randint(0, 9)), "application.submit",
            update("cashflow_survey", survey, customer, {"state": "locked"}),
            update("loan_application", request.id, customer, {"state": "submitted"}),
        )  # fmt: skip

    def _withdraw(self, request: Request, day: date) -> None:
        told = {"state": "withdrawn", "withdraw_reason": self.dice.one(wording.WITHDRAWN)}
        change = update("loan_application", request.id, request.household.id, told)
        at = self.stage.days.at(day, "16:30")
        self.officers[request.officer].save(at, "application.withdraw", change)

    # ------------------------------------------------------------------------------- at the desks

    def _value_again(self, request: Request, day: date) -> None:
        """Let the supervisor sign large valuations as the second (SOD-6)."""
        boss = people.of_outlet(str(request.household.village.parent), people.SUPERVISORS)
        second = {"valuations.v1.second_signer": self.stage.users[boss.username]}
        sets = [
            ("collateral.value", [update("collateral", piece, request.household.id, second)])
            for piece, value in self.pieces.get(request.id, ())
            if value > SECOND_SIGNER_ABOVE_FEN
        ]
        self.stage.web(boss, self.stage.days.at(day, "11:20"), sets)

    def _review(self, request: Request, day: date) -> None:
        """Let the reviewer pass, return or decline, over a signed in-loan review."""
        moment, who = self.stage.days.at(day, "14:30"), people.REVIEWER
        customer, note = request.household.id, self.dice.new_id(moment)
        user = self.stage.users[who.username]
        fields = inspections.note(self.dice, "in_loan_review", request.household, None, user, None)
        fields |= {"application_id": request.id, "answers.V08.value": "同意，按建议发放。"}
        if request.state not in PASSED:
            fields["answers.V08.value"] = "暂不同意，见审查意见。"
        seal = signature(self.dice, user, moment, fields)
        made = create("inspection_note", note, customer, {**fields, **seal})
        outcome = {"returned": "return", "declined": "decline"}.get(request.state, "pass")
        state = "reviewed" if outcome == "pass" else request.state
        self.stage.web(
            who, moment, [("note", [made]), self._decided(request, who, moment, "review", outcome, state)]
        )  # fmt: skip

    def _approve(self, request: Request, day: date) -> None:
        moment = self.stage.days.at(day, "15:40")
        voters: Sequence[Person] = people.COMMITTEE
        if request.tier < 3:
            boss = people.of_outlet(str(request.household.village.parent), people.SUPERVISORS)
            raised = request.tier == 2 or self._is_exception(request)
            voters = [people.CREDIT_MANAGER if raised else boss]
        for place, who in enumerate(voters, 1):
            state = "approved" if place == len(voters) else None
            at = moment + timedelta(minutes=4 * place)
            self.stage.web(who, at, [self._decided(request, who, at, "approve", "approve", state)])

    def _is_exception(self, request: Request) -> bool:
        return self.stage.field(request.id, "exception") is True

    def _contract(self, request: Request, day: date) -> None:
        """Let the clerk file the contract and register what was offered."""
        clerk = people.of_outlet(str(request.household.village.parent), people.CLERKS)
        moment, customer = self.stage.days.at(day, "10:50"), request.household.id
        paper = attachment(self.dice, moment, customer, "loan_application", request.id, "contract")
        moved = update("loan_application", request.id, customer, {"state": "contracted"})
        sets = [("application.contract", [paper, moved])]
        for piece, _ in self.pieces.get(request.id, ()):
            register = update("collateral", piece, customer, {"state": "registered"})
            sets.append(("collateral.register", [register]))
        self.stage.web(clerk, moment, sets)

    def _decided(
        self,
        request: Request,
        who: Person,
        moment: datetime,
        stage: str,
        outcome: str,
        state: str | None,
    ) -> tuple[str, list[Change]]:
        """Return the set of one's decision, with the move that it makes where *state* is given."""
        customer = request.household.id
        fields: dict[str, Json] = {
            "application_id": request.id, "stage": stage, "outcome": outcome, "tier": max(who.tier or 1, 1),
            "comment": self.dice.one(wording.DECIDED[outcome]),
        }  # fmt: skip
        if outcome == "decline":
            fields["reason_code"] = self.dice.one(("capacity", "character", "purpose", "exposure"))
        changes = [create("decision", self.dice.new_id(moment), customer, fields)]
        if state is not None:
            changes.append(update("loan_application", request.id, customer, {"state": state}))
        return f"application.{outcome}", changes
