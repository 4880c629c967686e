"""What the last night brought by itself, and how the tablets stand, as their last requests would have told."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import update

from schemas.values import format_instant
from schemas.wire.sync import Waiting
from server import due_day, due_moves, early_warning, readmodels
from server.accounts import device
from server.demo.agenda import SILENT
from server.demo.control import Control
from server.demo.stage import Stage, Tablet

CLEAN_MINUTES_AGO = {
    "li.min": 12, "wu.jing": 35, "zheng.kai": 21, "sun.li": 48, "wang.jianguo": 26, "gao.yun": 74,
}  # fmt: skip
STUCK = "zhou.hang"
"""Zhou Hang's link breaks off: nine sets wait on his tablet."""
STUCK_SETS = 9
SILENT_SETS = 3
"""What the silent one still held when it was last heard of."""
SKEWED, SKEW_MS = "sun.li", 194_000


def morning(stage: Stage, control: Control) -> None:
    """Let the night's run make what the day brings (`xiangxin daily`): signals, reminders, what fell due.

    Head office's list comes after it; whom it names is looked at again.

    Whether a visit was missed the story has told already; it knows better than tablets of another year.
    """
    today, connection = stage.days.today, stage.connection
    moment = stage.days.at(today, "00:05")
    readmodels.rebuild(connection, stage.branch, today)
    positions = [it for it in readmodels.positions(connection, stage.branch) if it.is_live]
    contact = stage.contact(moment)
    early_warning.evaluate(connection, stage.registry, contact, positions, today)
    day = due_day.Day(connection, stage.branch, today)
    sets = [
        (action, changes)
        for action, rule in due_moves.RULES.items() if action != "visit.miss"
        for changes in rule(day)
    ]  # fmt: skip
    stage.office(moment, sets, timer=True)
    hit = control.list_arrives()
    contact = stage.contact(stage.days.at(today, "00:15"))
    named = [it for it in positions if it.customer == hit]
    early_warning.evaluate(connection, stage.registry, contact, named, today)


def note_contacts(stage: Stage, now: datetime) -> None:
    """Write last contact, last clean sync and what waits into the tablets' rows.

    The past was played in the days before the business date; where that is not the real one, the last
    contacts are moved to where they belong before *now*, so that nobody looks silent for months.
    """
    local = now.astimezone(stage.days.zone)
    shift = local.date() - stage.days.today
    for username, tablet in stage.tablets.items():
        last = (tablet.clean_at or now) + shift
        contact, clean, waits = last, last, Waiting()
        if username in CLEAN_MINUTES_AGO:
            contact = clean = now - timedelta(minutes=CLEAN_MINUTES_AGO[username])
        elif username == STUCK:
            contact = now - timedelta(minutes=54)
            waits = Waiting(STUCK_SETS, format_instant(now - timedelta(hours=5)), attachments=3)
        elif username == SILENT:
            clean = last - timedelta(hours=10)
            waits = Waiting(SILENT_SETS, format_instant(last - timedelta(hours=3)), drafts=1)
        _note(stage, tablet, contact, clean, waits, SKEW_MS if username == SKEWED else 0)


def _note(
    stage: Stage, tablet: Tablet, contact: datetime, clean: datetime, waits: Waiting, skew_ms: int
) -> None:
    values = {
        "last_contact_at": format_instant(contact), "clean_at": format_instant(clean),
        "waiting": json.dumps(asdict(waits)), "skew_ms": skew_ms,
    }  # fmt: skip
    stage.connection.execute(update(device).where(device.c.id == tablet.device).values(values))
