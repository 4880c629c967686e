"""The field client: everything a tablet can do, on one store, with or without a network.

It keeps no state of its own: what it answers is read from the store each time, so that it may be
stopped at any line and started again. Time, randomness and the network are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from field_client import (
    appraisals,
    day,
    decisions,
    dossier,
    handovers,
    in_the_field,
    receipts,
    session,
    views,
    visits,
    warnings,
)
from field_client.actions import Desk
from field_client.attaching import attach
from field_client.attention import Attention, attention, open_conflicts, state_of
from field_client.courier import Delivered, deliver, write_courier
from field_client.day import Duty, Status
from field_client.dossier import Figure
from field_client.faults import NotPossibleError
from field_client.forms import Form
from field_client.in_the_field import Cash
from field_client.receipts import Preview, Receipt
from field_client.round_trip import PAGE, Progress, Report, RoundTrip
from field_client.sets import OwnSet, State
from field_client.store import Store
from field_client.transport import Carrier, Transport
from field_client.uploads import Uploads
from field_client.visits import Place, Promise
from schemas.derived.appraisal import Appraisal
from schemas.derived.customer_tier import Tier
from schemas.derived.early_warning.signals import Signal
from schemas.derived.troubles import Trouble
from schemas.problems import DeviceWipedError
from sync.rebase import View

Json = Any
TIME_ZONE = ZoneInfo("Asia/Shanghai")


class FieldClient:
    """One officer's copy.

    Args:
        store: the open store.
        transport: how to reach the server.
        clock: gives the device's time, aware; right or wrong.
        new_bytes: gives so many random bytes.
        today: gives the business date; by default the clock's, in the organisation's time zone.
    """

    def __init__(
        self,
        store: Store,
        transport: Transport,
        *,
        clock: Callable[[], datetime],
        new_bytes: Callable[[int], bytes],
        today: Callable[[], date] | None = None,
    ) -> None:
        self.store = store
        self.transport = transport
        day_of_clock = today or (lambda: clock().astimezone(TIME_ZONE).date())
        self.desk = Desk(store, clock, day_of_clock, new_bytes)

    # ------------------------------------------------------------------------ with a network

    def login(self, username: str, password: str, device_name: str = "") -> Mapping[str, Json]:
        """Sign in, as this store's user; return the user."""
        try:
            return session.sign_in(
                self.store, self.transport, username, password, device_name, self.desk.new_id,
                self.desk.new_bytes,
            )  # fmt: skip
        except DeviceWipedError:
            self.store.wipe()
            raise

    def logout(self) -> None:
        """End the sign-in; the store keeps everything."""
        session.sign_out(self.store, self.transport)

    def sync(self, progress: Progress = lambda report: None, page: int = PAGE) -> Report:
        """Send what is ready and fetch what is new; see `round_trip.RoundTrip.run`. Files follow."""
        report = RoundTrip(
            self.store, self.transport, self.desk.now, self.desk.new_id, progress, page
        ).run()
        if isinstance(self.transport, Carrier):
            sent = Uploads(self.store, self.transport, self.desk.now).run()
            report.uploaded = sent.files
        report.files_waiting = self.store.count_waiting_files()
        return report

    def write_courier(self, file: Path) -> int:
        """Write what waits into a file that a colleague delivers; return how many sets."""
        return write_courier(self.store, self.desk.now(), file)

    def deliver(self, file: Path) -> Delivered:
        """Bring a colleague's file to the branch."""
        return deliver(self.store, self.transport, file)

    # ---------------------------------------------------------------------------------- look

    def record(self, wanted: str) -> View:
        """Return a record as its user sees it, by its id or the beginning of it."""
        return views.record(self.store, wanted)

    def records(self, type_name: str | None = None, customer: str | None = None) -> list[View]:
        """Return the records that the user sees."""
        return views.records(self.store, type_name, customer)

    def search(self, text: str) -> list[View]:
        """Return the customers that a few characters may mean."""
        return views.search(self.store, text)

    def today(self) -> list[Duty]:
        """Return what is to be done today, the longest due first."""
        return day.duties(self.store, self.desk.today())

    def silences(self) -> list[Duty]:
        """Return the customers whom nobody was in touch with in time, the longest overdue first."""
        return in_the_field.silences(self.store, self.desk.today())

    def cash(self) -> Cash:
        """Return the cash that the user carries, and the limit."""
        return in_the_field.cash(self.store, self.desk.today())

    def id_card_ends(self, customer: View) -> date | None:
        """Return the last day of a customer's id card where it runs out soon, or has run out."""
        return in_the_field.id_card_ends(self.store, customer, self.desk.today())

    def warnings(self, customer: View) -> list[Signal]:
        """Return what early warning finds for a customer and no record says yet, the gravest first."""
        return warnings.of_customer(self.store, customer, self.desk.today())

    def outlived(self, customer: View) -> list[str]:
        """Return the ids of a customer's standing signals whose reason has gone: they may be cleared."""
        return warnings.outlived_of(self.store, customer, self.desk.today())

    def tier(self, customer: View) -> Tier | None:
        """Return a customer's tier, as far as this device can tell."""
        return appraisals.of_customer(self.store, customer, self.desk.today())

    def troubles(self, customer: View) -> list[Trouble]:
        """Return a customer's requests, problems and complaints, the open ones first."""
        return dossier.troubles_of(self.store, customer.id)

    def contact_due(self, customer: View) -> date | None:
        """Return by when to be in touch with a customer; None where nobody was yet."""
        return dossier.contact_due(self.store, customer, self.desk.today())

    def figures(self, period: str | None = None) -> list[Figure]:
        """Return the user's indicators of a month, here and at the server, beside the targets."""
        today = self.desk.today()
        return dossier.figures(self.store, period or f"{today:%Y-%m}", today)

    def appraisal(self, application: View) -> Appraisal | None:
        """Return what the household's survey says of an application; None without one."""
        return appraisals.of_application(self.store, application, self.desk.today())

    def status(self) -> Status:
        """Return what waits, what needs the user and how old the data is."""
        return day.status(self.store, self.desk.now())

    def sets(self) -> list[tuple[OwnSet, State]]:
        """Return every set of this store with its state, the oldest first."""
        return [(it, state_of(self.store, it)) for it in self.store.own_sets()]

    def conflicts(self) -> list[View]:
        """Return the open conflicts."""
        return open_conflicts(self.store)

    def attention(self) -> list[Attention]:
        """Return everything that needs the user."""
        return attention(self.store)

    def handovers(self) -> list[View]:
        """Return the handovers on this device, those that ask something of its user first."""
        return handovers.handovers(self.store)

    # ---------------------------------------------------------------------------------- work

    def open_form(self, record: str) -> Form:
        """Open a record to type in; it keeps what it showed, whatever comes in meanwhile."""
        return Form.open(self.desk, record)

    def edit(self, record: str, fields: Mapping[str, Json]) -> OwnSet | None:
        """Change fields of a record; None when nothing differs from what stands."""
        action = self.desk.begin("edit")
        action.update(record, fields)
        return action.save()

    def create(self, type_name: str, customer: str | None, fields: Mapping[str, Json]) -> str:
        """Make a record and return its id; *customer* is None for a customer itself."""
        action = self.desk.begin("create")
        made = action.create(type_name, customer, fields)
        action.save()
        return made

    def attach(
        self, owner: str, data: bytes, kind: str | None = None, taken_at: datetime | None = None
    ) -> str:
        """Attach a file to a record; return the attachment's id. See `attaching.attach`."""
        whom = views.record(self.store, owner)
        return attach(self.desk, whom, data, kind, taken_at or self.desk.now())

    def delete(self, record: str, reason: str) -> OwnSet | None:
        """Remove a record, with the reason why."""
        action = self.desk.begin("delete")
        action.delete(record, reason)
        return action.save()

    def visit_start(
        self,
        customer: str,
        purposes: Sequence[str] = (),
        *,
        visit: str | None = None,
        place: Place | None = None,
    ) -> str:
        """Start the visit that is due at a customer's, or an unplanned one; return the visit's id."""
        whom = views.record(self.store, customer)
        which = views.record(self.store, visit) if visit else visits.planned(self.desk, whom.id)
        return visits.start(self.desk, whom, which, purposes, place)

    def visit_finish(
        self,
        visit: str,
        *,
        outcome: str = "done",
        summary: str | None = None,
        met_with: Sequence[str] = (),
        reason: str | None = None,
        promise: Promise | None = None,
        promise_title: str = "收款",
    ) -> int:
        """Finish a visit; return the number of its set."""
        return visits.finish(
            self.desk, views.record(self.store, visit), outcome, summary, met_with, reason, promise,
            promise_title,
        )  # fmt: skip

    def note(self, customer: str, kind: str, **fields: Json) -> str:
        """Write an inspection note, `answers` by question; return its id."""
        return visits.write_note(self.desk, views.record(self.store, customer), kind, fields)

    def preview(self, loan: str, amount_fen: int, value_date: date | None = None) -> Preview:
        """Show what a repayment would do."""
        day_paid = value_date or self.desk.today()
        return receipts.preview(self.desk, self._loan(loan), amount_fen, day_paid)

    def repay(
        self,
        loan: str,
        amount_fen: int,
        value_date: date | None = None,
        channel: str = "cash",
        **more: Json,
    ) -> Receipt:
        """Take a repayment and give its receipt."""
        day_paid = value_date or self.desk.today()
        return receipts.take(self.desk, self._loan(loan), amount_fen, day_paid, channel, more)

    def _loan(self, wanted: str) -> View:
        found = views.record(self.store, wanted)
        if found.type != "loan":
            raise NotPossibleError(reason="not-a-loan")
        return found

    # ----------------------------------------------------------------------------- handovers

    def write_in_handover(self, handover: str, words: Mapping[str, str]) -> OwnSet:
        """Write the user's notes or appraisals of customers, given by customer."""
        return handovers.write(self.desk, views.record(self.store, handover), words)

    def answer_handover(self, handover: str, objections: Mapping[str, str | None]) -> OwnSet:
        """Take customers over (None), or object to them (a text: why)."""
        return handovers.answer(self.desk, views.record(self.store, handover), objections)

    def sign_handover(self, handover: str) -> OwnSet:
        """Sign a handover as it is seen here."""
        return handovers.sign(self.desk, views.record(self.store, handover))

    # ----------------------------------------------------------------------------- decisions

    def resolve(
        self,
        conflict: str,
        resolution: str,
        value: Json = None,
        comment: str | None = None,
        *,
        chosen: Mapping[str, Json] | None = None,
        survivor: str | None = None,
    ) -> OwnSet:
        """Settle a conflict: `keep`, `other` (with *chosen* where there are several) or `custom`."""
        found = views.record(self.store, conflict)
        return decisions.resolve(self.desk, found, resolution, value, chosen, comment, survivor)

    def mend(self, number: int, values: Mapping[str, Mapping[str, Json]] | None = None) -> OwnSet:
        """Send a rejected set again with other values, given by record id."""
        return decisions.mend(self.desk, number, values or {})

    def discard(self, number: int) -> None:
        """Give up a rejected set."""
        decisions.discard(self.desk, number)
