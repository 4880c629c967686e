"""Loading the demonstration branch: the books brought over, then sixty days of field work replayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select

from schemas.declare import Registry
from server import store
from server.demo import opening
from server.demo.agenda import Agenda
from server.demo.book import Clerk
from server.demo.cast import choose
from server.demo.closing import note_contacts
from server.demo.conflicts import Scenes
from server.demo.days import Days
from server.demo.fieldwork import Fieldwork
from server.demo.households import households
from server.demo.stage import Stage
from server.settings import Settings

OPENING_STEPS = 20
"""The books weigh as much as so many days of field work."""


def is_empty(connection: Connection) -> bool:
    """Tell whether the database holds no branch yet."""
    query = select(func.count()).select_from(store.branch)
    return connection.execute(query).scalar_one() == 0


def load(
    connection: Connection,
    registry: Registry,
    settings: Settings,
    now: datetime,
    tell: Callable[[int, int], None] = lambda done, whole: None,
) -> Stage:
    """Load the branch into an empty database, in the caller's transaction: all of it or nothing.

    Args:
        now: the real time; it only says when the tablets were last seen.
        tell: called with how many steps are done, of how many.

    Raises:
        DemoError: a set came out otherwise than written.
    """
    days = Days(settings.today(now), settings.time_zone)
    steps = len(days.past) + OPENING_STEPS
    stage = opening.open_stage(connection, registry, settings, days)
    everyone = households(days, stage.units)
    loans = Clerk(days, everyone).book().loans
    cast = choose(everyone, loans, days)
    agenda = Agenda(days, everyone, loans, cast)
    opening.bring_over(stage, everyone, loans)
    opening.hand_out_tablets(stage)
    work, scenes = Fieldwork(stage, agenda, everyone, loans), Scenes(stage, cast, everyone, loans)
    for place, day in enumerate(days.past, OPENING_STEPS + 1):
        work.play(day, scenes.play)
        tell(place, steps)
    note_contacts(stage, now)
    return stage
