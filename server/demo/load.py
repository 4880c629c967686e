"""Loading the demonstration branch: the books brought over, then sixty days of field work replayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from schemas.declare import Registry
from server import store
from server.demo import closing, control, findings, groups, lapsing, opening, people, security
from server.demo.agenda import SILENT, Agenda
from server.demo.asked import Chooser
from server.demo.book import Clerk
from server.demo.cast import choose
from server.demo.conflicts import Scenes
from server.demo.control import Control
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.fieldwork import Fieldwork
from server.demo.handing import Handovers
from server.demo.households import households
from server.demo.meetings import Meetings
from server.demo.second_device import SecondDevice
from server.demo.stage import Stage
from server.demo.visits import Officer
from server.settings import Settings

OPENING_STEPS = 20
"""The books weigh as much as so many days of field work."""
FORMING_DAYS_AGO = 11
"""A fourth household joined a group that needs five."""


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
    joined = groups.groups(days, everyone, loans, cast.ids)
    members = {it.id for one in joined for it in one.members}
    chooser = Chooser(days, loans, cast, [it for it in everyone if it.id not in members])
    requests, lapsed = chooser.requests(), chooser.lapsed()
    taken = members | {it.household.id for it in (*requests, *lapsed)}
    behind = security.behind(days, loans)
    agenda = Agenda(days, everyone, loans, cast, requests)
    findings.spread(days, [it for stops in agenda.stops.values() for it in stops], taken | cast.ids)

    control.watch_key(stage)
    opening.bring_over(stage, everyone, loans, joined, behind)
    control.related(stage, *control.relative(everyone, taken | cast.ids))
    lapsing.bring_over(stage, lapsed)
    opening.hand_out_tablets(stage)
    officers = {
        it.username: Officer(stage.tablets[it.username], Dice(it.username))
        for it in people.OFFICERS
    }
    work = Fieldwork(stage, agenda, loans, officers)
    scenes = Scenes(stage, cast, everyone, loans, Meetings(stage, cast, loans, officers))
    controlled = Control(stage, everyone, loans, cast, officers, taken)
    beside = (Handovers(stage, cast, loans, officers), controlled)
    for place, day in enumerate(days.past, OPENING_STEPS + 1):

        def scene(on: date) -> None:
            scenes.play(on)
            for it in beside:
                it.play(on)
            if on == days.ago(FORMING_DAYS_AGO):
                groups.form(stage, joined[-1], on)
            if on == days.ago(security.REVALUED_DAYS_AGO):
                security.value_again(stage, loans, behind)

        work.play(day, scene)
        tell(place, steps)
    SecondDevice(stage, agenda, officers[SILENT], everyone, scenes.made["note"]).play()
    closing.morning(stage, controlled)
    closing.note_contacts(stage, now)
    return stage
