"""Loading the demonstration branch: the books brought over, then sixty days of field work replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from schemas.declare import Registry
from server import store
from server.demo import opening
from server.demo.agenda import Agenda
from server.demo.cast import choose
from server.demo.days import Days
from server.demo.fieldwork import Fieldwork
from server.demo.households import households
from server.demo.loans import Book, Clerk
from server.demo.stage import Stage
from server.settings import Settings


def is_empty(connection: Connection) -> bool:
    """Tell whether the database holds no branch yet."""
    query = select(func.count()).select_from(store.branch)
    return connection.execute(query).scalar_one() == 0


def load(connection: Connection, registry: Registry, settings: Settings, now: datetime) -> Stage:
    days = Days(settings.today(now), settings.time_zone)
    stage = opening.open_stage(connection, registry, settings, days)
    everyone = households(days, stage.units)
    book = Clerk(days, everyone).book()
    cast = choose(everyone, book.loans, days.today)
    agenda = Agenda(days, everyone, book.loans, cast)
    opening.bring_over(stage, everyone, book.loans)
    opening.hand_out_tablets(stage)
    work = Fieldwork(stage, agenda, everyone, book.loans)
    for day in days.past:
        work.play(day, lambda _: None)
    return stage
