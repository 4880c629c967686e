"""The loaded demonstration branch, as the tests look at it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, create_engine, select

from schemas.derived.allocation import LoanState
from schemas.registry import REGISTRY
from server import office
from server.db import engine_options, prepare, reading, writing
from server.demo import people, places, second_device
from server.demo.load import load
from server.keys import load_keys
from server.migrate import migrate
from server.readmodels import Papers, fold
from server.settings import Settings
from server.store import branch, record
from sync.scope import Actor
from tests.places import sqlite_url

Json = Any
WALK_THROUGH = date(2026, 6, 16)
LOADED_AT = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


class Record(NamedTuple):
    """A record as stored."""

    id: str
    customer: str | None
    fields: Mapping[str, Json]
    holders: list[tuple[str, str, str, int, int | None]]


@dataclass
class Demonstration:
    """One load of the demonstration, on a business date."""

    engine: Engine
    today: date
    folder: Path

    def records(self, type_name: str) -> list[Record]:
        """Return the live records of a type in the county branch, in order of their ids."""
        query = (
            select(record)
            .join(branch, branch.c.id == record.c.branch)
            .where(
                branch.c.code == places.BRANCH, record.c.type == type_name, record.c.deleted == 0
            )
            .order_by(record.c.id)
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        return [Record(it.id, it.customer, it.fields, json.loads(it.holders)) for it in rows]

    def customer(self, name: str) -> Record:
        """Return a customer by name."""
        return next(it for it in self.records("customer") if it.fields["name"] == name)

    def user(self, name: str) -> str:
        """Return a user's id by name."""
        return next(it.id for it in self.records("user") if it.fields["name"] == name)

    def states(self, type_name: str) -> Counter[str]:
        """Count the records of a type by their state."""
        return Counter(it.fields["state"] for it in self.records(type_name))

    def ago(self, days: int = 0) -> str:
        """Return the date so many *days* before today."""
        return str(self.today - timedelta(days=days))

    @property
    def now(self) -> datetime:
        """The beginning of today."""
        return datetime.combine(self.today, datetime.min.time(), ZoneInfo("Asia/Shanghai"))

    def tried(self, who: people.Person, change: Mapping[str, Json]) -> dict[str, Json]:
        """Return what would come of a set of somebody at a desk; nothing of it stays."""
        settings = Settings(data=self.folder, database_url="", business_date=self.today)
        query = select(branch).where(branch.c.code == places.BRANCH)
        user = self.user(who.name)
        actor = Actor(user, who.role, user, whole_branch=True, tier=who.tier or 0)
        with self.engine.connect() as connection:
            row = connection.execute(query).one()
            contact = replace(office.server_contact(row, settings, self.now), actor=actor)
            result = office.submit(connection, REGISTRY, contact, "try", [change])
            connection.rollback()
        return result

    def owed(self) -> dict[str, tuple[Record, LoanState]]:
        """Recount what every loan owes today, from nothing but the stored records."""
        papers: dict[str, Papers] = defaultdict(Papers)
        for it in self.records("installment"):
            papers[it.fields["loan_id"]].installments.append(it.fields)
        for it in self.records("repayment"):
            papers[it.fields["loan_id"]].repayments.append((it.id, it.fields))
        products = {it.id: it.fields for it in self.records("product")}
        found = {}
        for loan in self.records("loan"):
            papers[loan.id].loan = loan.fields
            product = products[loan.fields["product_id"]]
            papers[loan.id].product = product or {}
            found[loan.id] = (loan, fold(papers[loan.id], self.today))
        return found


@contextmanager
def loaded(url: str, folder: Path, today: date = WALK_THROUGH) -> Iterator[Demonstration]:
    """Load the demonstration into the empty database at *url*."""
    settings = Settings(data=folder, database_url=url, business_date=today)
    engine = prepare(create_engine(url, **engine_options(url)))
    try:
        migrate(engine)
        with writing(engine) as connection:
            stage = load(connection, REGISTRY, settings, LOADED_AT)
            second_device.write(stage, load_keys(folder), LOADED_AT)
        yield Demonstration(engine, today, folder)
    finally:
        engine.dispose()


@contextmanager
def loaded_in(folder: Path, today: date = WALK_THROUGH) -> Iterator[Demonstration]:
    """Load the demonstration into a SQLite file in *folder*."""
    with loaded(sqlite_url(folder), folder, today) as found:
        yield found
