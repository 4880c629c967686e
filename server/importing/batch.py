"""One import from a sheet to the log: every row is checked, then all land, or the good ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import ModuleType
from typing import Any

from sqlalchemy import Connection

from schemas.declare import Registry
from server import office
from server.importing import customers, loans, postings, repayments, schedules
from server.importing.columns import Layout, find_columns
from server.importing.directory import load_directory
from server.importing.landing import Branch, Landing, Progress
from server.importing.planning import Made, Planned, References
from server.importing.reading import Sheet
from server.importing.rows import Finding, Row, Words, read_rows
from server.settings import Settings

Json = Any
KINDS: Mapping[str, ModuleType] = {
    "customers": customers,
    "loans": loans,
    "schedules": schedules,
    "repayments": repayments,
    "postings": postings,
}


@dataclass(frozen=True)
class Wish:
    """What the command was asked: which file, read how, and what to do about what is wrong."""

    kind: str
    sheet: Sheet
    file_name: str
    overrides: Mapping[str, str | None] = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    create_missing: bool = False
    skip_bad: bool = False


@dataclass
class Outcome:
    """What an import found and did; `batch` is None where nothing was imported."""

    rows: Sequence[Row]
    imported: int = 0
    batch: str | None = None
    made: Sequence[Made] = ()
    general: list[Finding] = field(default_factory=list)

    @property
    def bad(self) -> list[Row]:
        """The rows that cannot be imported."""
        return [it for it in self.rows if it.is_bad]

    @property
    def faults(self) -> list[Finding]:
        """Every fault, in the order of the file."""
        return [it for row in self.rows for it in row.findings if not it.warning]

    @property
    def warnings(self) -> list[Finding]:
        """Every warning: of the file first, then of its rows."""
        return [*self.general, *(it for row in self.rows for it in row.findings if it.warning)]


@dataclass
class Importing:
    """One run of an import in one transaction; the caller commits, or rolls back a dry run."""

    connection: Connection
    registry: Registry
    settings: Settings
    branch: Branch
    now: datetime
    new_id: Callable[[], str]
    progress: Progress = lambda _: None

    def run(self, wish: Wish) -> Outcome:
        """Check all rows and import what may be.

        Raises:
            Trouble: the columns of the file are not what they must be.
        """
        landing = Landing(self.connection, self.registry, self.settings, self.branch, self.now)
        before = landing.head()
        rows, planned, references = self._check(wish, self.settings.today(self.now))
        outcome = Outcome(rows, general=_general(wish.sheet, rows[0].layout))
        if outcome.bad and not wish.skip_bad:
            return outcome
        planned, outcome.made = self._land(landing, wish, planned, references)
        if planned:
            outcome.imported = sum(it.rows for it in planned)
            outcome.batch = landing.note_batch(wish.kind, wish.file_name, before, outcome.imported)
        return outcome

    def _check(self, wish: Wish, today: date) -> tuple[list[Row], list[Planned], References]:
        module = KINDS[wish.kind]
        layout = find_columns(wish.sheet.headings, module.COLUMNS, wish.overrides)
        rows = read_rows(wish.sheet, layout, wish.words)
        directory = load_directory(self.connection, self.branch.id, module.TYPES)
        references = References(directory, self.new_id, wish.create_missing)
        planned = module.plan(rows, references, self.registry, today)
        return rows, planned, references

    def _land(
        self, landing: Landing, wish: Wish, planned: list[Planned], references: References
    ) -> tuple[list[Planned], list[Made]]:
        """Land the rows; where the engine refuses some, take all back and land the others."""
        while planned:
            made = references.used(planned)
            attempt = self.connection.begin_nested()
            codes = set(references.directory.codes)
            landing.make(made, planned, references.directory)
            refused = landing.land(wish.kind, planned, self.progress)
            if not refused:
                attempt.commit()
                return planned, made
            attempt.rollback()
            references.directory.codes = codes
            left = [it for it in planned if not it.row.is_bad]
            planned = left if wish.skip_bad else []
        return [], []


def _general(sheet: Sheet, layout: Layout) -> list[Finding]:
    found = [Finding(1, it, it, "unknown-column", warning=True) for it in layout.unknown]
    if sheet.others:
        facts = {"sheet": sheet.name}
        found.append(Finding(1, "", "", "other-sheets", facts, warning=True))
    return found


def maker_of_ids(now: datetime) -> Callable[[], str]:
    """Return a maker of fresh ids."""
    return lambda: office.new_id(now)
