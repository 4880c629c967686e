"""A customer's records as the rules read them: loans with what is owed, signed notes with their day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple
from uuid import UUID

from schemas.derived.allocation import LoanState
from schemas.derived.early_warning.numbers import NUMBERS
from schemas.derived.loan_papers import LoanPapers

Json = Any
Fields = Mapping[str, Json]

HOURS_EAST: Final = timedelta(hours=8)
"""The business date is that of Asia/Shanghai, which has kept one offset since 1991 (section 2)."""

SIGNED: Final = ("signed", "confirmed")
AFTER_THE_LOAN: Final = ("first_followup", "routine", "supervisory")


class Kept(NamedTuple):
    """A living record: its type, its id and its fields, those of maps by their dotted path."""

    type: str
    id: str
    fields: Fields


class Late(NamedTuple):
    """A loan of somebody bound to the customer, by a group or a guarantee 联保、担保圈."""

    customer: str
    loan: str
    oldest_unpaid_on: str


class Listed(NamedTuple):
    """An entry of the watchlist 黑名单 that names the customer."""

    id: str
    valid_from: str | None
    valid_to: str | None


class Disaster(NamedTuple):
    """Disaster, disease or price fall declared for villages and segments (none named: all)."""

    id: str
    villages: tuple[str, ...]
    segments: tuple[str, ...]
    declared_on: str
    until: str | None


@dataclass(frozen=True)
class Owing:
    """An active loan and what is owed of it on the day."""

    id: str
    fields: Fields
    state: LoanState

    @property
    def late_since(self) -> date:
        """Return the due date of the oldest installment with something unpaid; today where none is late."""
        return self.state.as_of - timedelta(days=self.state.dpd)


@dataclass
class Dossier:
    """What the rules may know of one customer on a business date.

    `circle` names loans with arrears of those bound to the customer, as far as the maker holds them;
    `numbers` are parameters that differ from `NUMBERS`; `is_large` comes from the list of W14.
    """

    customer: str
    as_of: date
    records: Sequence[Kept]
    circle: Sequence[Late] = ()
    watchlist: Sequence[Listed] = ()
    disasters: Sequence[Disaster] = ()
    is_large: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)

    def number(self, key: str) -> int:
        """Return a threshold: the lender's own, or the usual one."""
        return self.numbers.get(key, NUMBERS[key])

    @property
    def today(self) -> str:
        """Return the business date as text."""
        return self.as_of.isoformat()

    def of(self, type_name: str) -> list[Kept]:
        """Return the records of a type, by id."""
        return sorted((it for it in self.records if it.type == type_name), key=lambda it: it.id)

    @cached_property
    def household(self) -> Fields:
        """Return the customer's own fields; none where the record is not there."""
        return next((it.fields for it in self.of("customer") if it.id == self.customer), {})

    @cached_property
    def loans(self) -> list[Owing]:
        """Return the active loans of which something is owed, by id."""
        found = []
        for loan in self.of("loan"):
            if loan.fields.get("state", "active") != "active":
                continue
            state = self.papers(loan).replay(self.as_of).state
            if not state.is_settled:
                found.append(Owing(loan.id, loan.fields, state))
        return found

    def papers(self, loan: Kept) -> LoanPapers:
        """Return what the calculators take of a loan."""
        product = loan.fields.get("product_id")
        of_loan = [it for it in self.records if it.fields.get("loan_id") == loan.id]
        return LoanPapers(
            loan.fields,
            next((it.fields for it in self.of("product") if it.id == product), {}),
            [it.fields for it in of_loan if it.type == "installment"],
            [(it.id, it.fields) for it in of_loan if it.type == "repayment"],
        )

    @cached_property
    def notes(self) -> list[tuple[str, Kept]]:
        """Return the inspections after a loan with their day, the newest last; drafts are among them."""
        notes = [it for it in self.of("inspection_note") if it.fields.get("kind") in AFTER_THE_LOAN]
        return sorted(((note_day(it), it) for it in notes), key=lambda it: (it[0], it[1].id))

    def signed_notes(self, loan: str) -> list[tuple[str, Kept]]:
        """Return the signed inspections of a loan, the newest last; one that names no loan is of all."""
        return [
            (day, it)
            for day, it in self.notes
            if it.fields.get("state") in SIGNED and it.fields.get("loan_id") in (None, loan)
        ]

    def latest_answers(self, kinds: Iterable[str], qid: str) -> Iterator[tuple[str, Kept, Json]]:
        """Yield of each loan the newest note of *kinds* that answers *qid*: its day, itself, the answer."""
        wanted = tuple(kinds)
        newest: dict[Json, tuple[str, Kept, Json]] = {}
        for day, note in self.notes:
            value = note.fields.get(f"answers.{qid}.value")
            if note.fields.get("kind") in wanted and value is not None:
                newest[note.fields.get("loan_id")] = (day, note, value)
        yield from newest.values()


def local_day(instant: str) -> str:
    """Return the business date of an instant."""
    return (datetime.fromisoformat(instant) + HOURS_EAST).date().isoformat()


def made_on(record_id: str) -> str | None:
    """Return the business date that a UUID of version 7 tells; None for another."""
    uuid = UUID(record_id)
    if uuid.version != 7:
        return None
    try:
        made = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=uuid.int >> 80)
        return (made + HOURS_EAST).date().isoformat()
    except OverflowError:  # the id has room for years after 9999
        return None


def note_day(note: Kept) -> str:
    """Return the day of an inspection: that of its making, by its id; else of its first signature.

    Neither changes any more once it is known, so that every maker names the same month.
    """
    times = [
        str(it)
        for path, it in note.fields.items()
        if path.startswith("signed_by.") and path.endswith(".at")
    ]
    return made_on(note.id) or (local_day(min(times)) if times else "0001-01-01")


def leaves(fields: Fields, name: str) -> dict[str, dict[str, Json]]:
    """Return a keyed map by its keys: ``valuations.a.value_fen`` becomes ``{"a": {"value_fen": …}}``."""
    found: dict[str, dict[str, Json]] = {}
    for path, value in sorted(fields.items()):
        parts = path.split(".")
        if len(parts) == 3 and parts[0] == name and value is not None:
            found.setdefault(parts[1], {})[parts[2]] = value
    return found


def plus(day: str, days: int) -> str:
    """Return the date *days* later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
