"""One officer's work on a tablet: visits, receipts, notes, calls, edits, plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from schemas.values import format_instant
from server.demo import inspections, livelihoods, wording
from server.demo.agenda import Stop
from server.demo.changes import Change, attachment, create, update
from server.demo.dice import Dice
from server.demo.households import Household
from server.demo.inspections import signature
from server.demo.stage import Tablet

Json = Any

FIRST_VISIT, EVERY_MINUTES = "08:35", 75
FAR_OFF_PERCENT = 2
NO_SIGNAL_PERCENT = 3
CLEARED_PERCENT = 45


class Left(NamedTuple):
    """A record that was left behind on a day: a signed note, a finished visit, an open task."""

    id: str
    customer: str
    on: date


@dataclass
class Officer:
    """An officer at work with a tablet, who remembers what others or he himself will come back to."""

    tablet: Tablet
    dice: Dice
    notes: list[Left] = field(default_factory=list)
    visits: list[Left] = field(default_factory=list)
    tasks: list[Left] = field(default_factory=list)
    """Open tasks, by the day on which they are due."""
    cash: list[tuple[str, int]] = field(default_factory=list)
    """Receipts given for cash that was not handed in yet, with their amounts in fen."""

    @property
    def user(self) -> str:
        """The officer's id."""
        return self.tablet.user

    def save(self, moment: datetime, action: str, *changes: Change) -> None:
        """Store one action on the tablet."""
        self.tablet.save(self.dice, moment, action, changes)

    # ----------------------------------------------------------------------------------- planning

    def plan(self, moment: datetime, stops: Sequence[Stop]) -> None:
        """Plan the visits of one coming day, in one action."""
        changes = [self._planned(it, moment) for it in stops if not it.visit]
        if changes:
            self.save(moment, "visit.plan", *changes)

    def _planned(self, stop: Stop, moment: datetime) -> Change:
        stop.visit = self.dice.new_id(moment)
        fields: dict[str, Json] = {
            "purposes": list(stop.purposes), "planned_on": stop.day.isoformat(),
            "slot": self.dice.one(("am", "am", "pm")), "state": "planned",
        }  # fmt: skip
        if self.dice.chance(15):
            fields["plan_note"] = self.dice.one(wording.PLAN_NOTES)
        return create("visit", stop.visit, stop.household.id, fields)

    # ------------------------------------------------------------------------------------ visiting

    def visit(self, stop: Stop, place: int) -> datetime | None:
        """Make a visit as it is written in the agenda; return when it began, if it was made."""
        if stop.outcome not in ("done", "absent"):
            return None
        dice, days = self.dice, self.tablet.stage.days
        begun = days.at(
            stop.day, FIRST_VISIT, place * EVERY_MINUTES + dice.randint(0, 25), dice.randint(0, 59)
        )
        arrival, reason = self._arrival(stop.household, begun)
        self.save(
            begun, "visit.start",
            update("visit", stop.visit, stop.household.id, {"state": "in_progress", **arrival}),
        )  # fmt: skip
        if stop.outcome == "absent":
            left = begun + timedelta(minutes=dice.randint(3, 8))
            told = {"outcome": "absent", "reason": dice.one(wording.ABSENT)}
            self._finish(stop, left, told)
            return begun
        left = begun + timedelta(minutes=dice.randint(18, 48))
        if stop.payment:
            self._receive(stop, begun + timedelta(minutes=7))
        if stop.note:
            self._write_note(stop, begun + timedelta(minutes=15))
        met, summary = {"add": [self._met(stop)]}, self._summary(stop)
        done = {"outcome": "done", "summary": summary, "met_with": met}
        self._finish(stop, left, {**done, "reason": reason} if reason else done)
        return begun

    def _arrival(
        self, household: Household, moment: datetime
    ) -> tuple[dict[str, Json], str | None]:
        """Return where and when the officer arrived; without a signal, the reason why no place is known."""
        dice = self.dice
        arrival: dict[str, Json] = dict.fromkeys(("arrive_lat_e6", "arrive_lon_e6", "arrive_acc_m"))
        arrival["arrived_at"] = format_instant(moment)
        if dice.chance(NO_SIGNAL_PERCENT):
            return arrival, wording.NO_SIGNAL
        off = 9_000 if dice.chance(FAR_OFF_PERCENT) else 250
        lat = household.fields.get("home_lat_e6", household.village.lat_e6)
        lon = household.fields.get("home_lon_e6", household.village.lon_e6)
        return arrival | {
            "arrive_lat_e6": lat + dice.randint(-off, off),
            "arrive_lon_e6": lon + dice.randint(-off, off),
            "arrive_acc_m": dice.randint(4, 28),
        }, None

    def _finish(self, stop: Stop, left: datetime, told: dict[str, Json]) -> None:
        customer = stop.household.id
        changes: list[Change] = []
        fields = {"state": "completed", "left_at": format_instant(left), **told}
        asked = stop.outcome == "done" and "collection" in stop.purposes
        if asked and stop.loan and not stop.payment:
            promise, task = self._promise(stop, left)
            fields |= promise
            changes.append(task)
        if stop.outcome == "done":
            seen = {"last_contact_on": stop.day.isoformat()}
            if self.dice.chance(30):
                seen["next_contact_on"] = (
                    stop.day + timedelta(days=self.dice.randint(25, 80))
                ).isoformat()
            changes.append(update("customer", customer, customer, seen))
        self.save(left, "visit.finish", update("visit", stop.visit, customer, fields), *changes)
        self.visits.append(Left(stop.visit, customer, stop.day))

    def _promise(self, stop: Stop, moment: datetime) -> tuple[dict[str, Json], Change]:
        amount = self.dice.randint(3, 30) * 10_000
        on = stop.day + timedelta(days=self.dice.randint(4, 12))
        title = wording.PROMISED.format(name=stop.household.name, yuan=f"{amount // 100:,}")
        self.tasks.append(Left(self.dice.new_id(moment), stop.household.id, on))
        task = create("task", self.tasks[-1].id, stop.household.id, {
            "title": title, "due_on": on.isoformat(), "source": "promise", "record_type": "visit",
            "record": stop.visit,
        })  # fmt: skip
        return {"promise_amount_fen": amount, "promise_on": on.isoformat()}, task

    def _receive(self, stop: Stop, moment: datetime) -> None:
        """Take cash and give a receipt of the tablet's own series."""
        assert stop.payment is not None
        assert stop.loan is not None
        day = stop.day.isoformat()
        fields = {
            "loan_id": stop.loan.id, "amount_fen": stop.payment.amount_fen, "value_date": day,
            "channel": "cash", "receipt_no": self.tablet.receipt_no(day), "payer_name": self._payer(stop),
        }  # fmt: skip
        self.receive(moment, stop.household.id, fields)

    def receive(self, moment: datetime, customer: str, fields: dict[str, Json]) -> None:
        """Store a receipt for cash, which is to be handed in."""
        receipt = self.dice.new_id(moment)
        self.cash.append((receipt, int(fields["amount_fen"])))
        self.save(moment, "repay", create("repayment", receipt, customer, fields))

    def hand_in(self, day: date) -> str | None:
        """Count the day's cash and hand it in at the outlet; return the deposit's id."""
        if not self.cash:
            return None
        moment = self.tablet.stage.days.at(day, "17:12")
        deposit = self.deposit(day, moment)
        handed = update("cash_deposit", deposit, None, {"state": "handed_in"})
        self.save(moment + timedelta(minutes=2), "deposit.hand_in", handed)
        return deposit

    def deposit(self, day: date, moment: datetime) -> str:
        """Make a deposit of the cash that was taken and not handed in."""
        deposit = self.dice.new_id(moment)
        fields = {
            "officer_id": self.user, "business_date": day.isoformat(),
            "receipt_ids": [it for it, _ in self.cash],
            "counted_fen": sum(fen for _, fen in self.cash),
        }  # fmt: skip
        self.cash = []
        self.save(moment, "deposit", create("cash_deposit", deposit, None, fields))
        return deposit

    def _payer(self, stop: Stop) -> str | None:
        members = stop.household.members
        return members[0].fields["name"] if members and self.dice.chance(20) else None

    def _met(self, stop: Stop) -> str:
        members = stop.household.members
        return (
            str(members[0].fields["name"])
            if members and self.dice.chance(30)
            else stop.household.name
        )

    def _summary(self, stop: Stop) -> str:
        if stop.payment:
            yuan = f"{stop.payment.amount_fen // 100:,}.{stop.payment.amount_fen % 100:02d}"
            return (
                f"收现金 {yuan} 元，收据已给客户。{self.dice.one(stop.household.livelihood.seen)}"
            )
        said = self.dice.one(wording.PURPOSE[stop.purposes[0]])
        return self.dice.one(stop.household.livelihood.seen) + said

    def _write_note(self, stop: Stop, moment: datetime) -> None:
        assert stop.note is not None
        fields = inspections.note(
            self.dice, stop.note, stop.household, stop.loan, self.user, stop.odd
        )
        record, customer = self.dice.new_id(moment), stop.household.id
        stop.note_id = record
        changes: list[Change] = []
        if stop.note == "pre_loan":
            photo = attachment(
                self.dice, moment, customer, "inspection_note", record, "photo_with_customer"
            )
            fields["answers.P15.value"] = [photo["id"]]
            changes.append(photo)
        made = create("inspection_note", record, customer, {**fields, "visit_id": stop.visit})
        self.save(moment, "note", made, *changes)
        signed = moment + timedelta(minutes=4)
        seal = signature(self.dice, self.user, signed, fields)
        self.save(signed, "note.sign", update("inspection_note", record, customer, seal))
        self.notes.append(Left(record, customer, stop.day))

    # ------------------------------------------------------------------------------- in between

    def register(self, household: Household) -> None:
        """Register somebody new in the village."""
        days, customer = self.tablet.stage.days, household.id
        moment = days.at(household.known_since, "16:10")
        near = {
            "home_lat_e6": household.village.lat_e6,
            "home_lon_e6": household.village.lon_e6,
            "home_acc_m": 12,
        }
        fields = {
            **household.fields, **near, "registered_on": household.known_since.isoformat(),
            "source": self.dice.one(("officer_found", "referral", "walk_in")),
            "address_note": self.dice.one(livelihoods.ADDRESSES),
        }  # fmt: skip
        interest = create("interaction", self.dice.new_id(moment), customer, {
            "kind": "marketing", "direction": "out", "at": format_instant(moment),
            "summary": self.dice.one(wording.PURPOSE["marketing"]),
        })  # fmt: skip
        self.save(
            moment, "customer.register", create("customer", customer, customer, fields), interest
        )

    def talk(self, household: Household, day: date, told: tuple[str, str, str]) -> None:
        """Note a call, a message or a visit to the outlet."""
        moment = self.tablet.stage.days.at(day, "11:30", self.dice.randint(0, 240))
        kind, direction, summary = told
        fields = {
            "kind": kind,
            "direction": direction,
            "at": format_instant(moment),
            "summary": summary,
        }
        self.save(
            moment,
            "interaction",
            create("interaction", self.dice.new_id(moment), household.id, fields),
        )

    def clear(self, day: date) -> None:
        """Close some of the tasks that are due."""
        moment = self.tablet.stage.days.at(day, "16:40")
        for task in [it for it in self.tasks if it.on <= day]:
            if self.dice.chance(CLEARED_PERCENT):
                self.tasks.remove(task)
                done = {"state": "done", "done_note": self.dice.one(wording.DONE)}
                self.save(moment, "task.done", update("task", task.id, task.customer, done))

    def edit(self, household: Household, day: date, fresh_phone: str) -> None:
        """Put something right in a customer's record."""
        moment = self.tablet.stage.days.at(day, "12:10", self.dice.randint(0, 200))
        name, value = self.dice.one(wording.EDITS)
        change = update("customer", household.id, household.id, {name: value or fresh_phone})
        self.save(moment, "customer.edit", change)
