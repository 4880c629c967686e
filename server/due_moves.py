"""What happens by itself as days pass (the moves by sys of domain.md, section 6): once a day, for each branch.

Each is a set of the server's own, as its timer: it never meets a conflict, and what a person did before
hearing of it follows it. A second run on the same day finds nothing to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, func, select

from schemas.declare import Registry
from schemas.derived.early_warning.dossier import local_day
from schemas.values import derived_id
from server import office, store
from server.accounts import device
from server.db import reading, writing
from server.due_day import Day
from server.settings import Settings
from server.store import record
from sync.ledger import RecordState

Json = Any
log = structlog.get_logger()
Changes = list[dict[str, Json]]

AT_A_TIME = 100
"""Sets in one transaction."""
CONTACT = ("visit", "interaction", "repayment", "inspection_note", "loan_application", "customer")
"""Types of which a new or altered record says that somebody was in touch with the customer."""
SILENT_DAYS = 35
"""A tablet that was not heard for so long is not waited for: what it brings comes late."""


def run(
    engine: Engine,
    registry: Registry,
    settings: Settings,
    branch_id: str,
    now: datetime,
    as_of: date | None = None,
) -> Mapping[str, int]:
    """Make the moves that have fallen due in a branch on *as_of* (default: today); return how many, by action.

    A set that is refused is logged, and does not stop the others.
    """
    with reading(engine) as connection:
        day = Day(connection, branch_id, as_of or settings.today(now))
        wanted = [(action, it) for action, rule in RULES.items() for it in rule(day)]
    made: dict[str, int] = defaultdict(int)
    for start in range(0, len(wanted), AT_A_TIME):
        sets = wanted[start : start + AT_A_TIME]
        with writing(engine) as connection:
            contact = office.server_contact(store.lock_branch(connection, branch_id), settings, now)
            timer = replace(contact, actor=replace(contact.actor, timer=True))
            results = office.submit_all(connection, registry, timer, sets)
        for (action, changes), result in zip(sets, results, strict=True):
            if result["status"] == "rejected":
                log.error(
                    "due_move_refused",
                    action=action,
                    record=changes[0]["id"],
                    errors=result["errors"],
                )
            else:
                made[action] += 1
    return made


def _move(of: RecordState, **fields: Json) -> Changes:
    named = {"op": "update", "type": of.type, "id": of.id, "customer": of.customer}
    return [{**named, "set": fields}]


# ----------------------------------------------------------------------------------- applications


def _lapsed(day: Day) -> Iterator[Changes]:
    """An approved application lapses when it was not paid out in time (6.1)."""
    waiting = [
        it
        for it in day.of("loan_application")
        if it.fields.get("state") in ("approved", "contracted")
    ]
    if not waiting:
        return
    approvals = [it for it in day.of("decision") if it.fields.get("outcome") == "approve"]
    approved = {it.fields["application_id"]: day.moments([it]).get(it.id) for it in approvals}
    moved = day.moments(waiting, "state")
    for it in waiting:
        since = approved.get(it.id) or moved.get(it.id)
        if since and since + day.days("lapse_days", it.fields.get("officer_id")) < day.today:
            yield _move(it, state="lapsed")


# ----------------------------------------------------------------------------------------- visits


def _missed(day: Day) -> Iterator[Changes]:
    """A visit was missed when its day is over, and the tablet that may tell otherwise has synced since (6.3)."""
    planned = [
        it
        for it in day.of("visit")
        if it.fields.get("state") == "planned" and it.fields.get("planned_on")
    ]
    heard = _heard(day) if planned else {}
    for it in planned:
        officer, on = it.fields.get("officer_id"), it.fields["planned_on"]
        over = day.past(on) >= day.days("miss_after_days", officer).days
        if over and heard.get(officer, day.today) > date.fromisoformat(on):
            yield _move(it, state="missed")


def _heard(day: Day) -> dict[Json, date]:
    """Return the day through which everything on the tablets of each officer is known."""
    query = select(device.c.user, device.c.clean_at, device.c.last_contact_at).where(
        device.c.branch == day.branch, device.c.kind == "tablet", device.c.state == "active"
    )
    found: dict[Json, date] = {}
    for it in day.connection.execute(query):
        if it.last_contact_at is None or day.past(local_day(it.last_contact_at)) > SILENT_DAYS:
            continue
        clean = date.fromisoformat(local_day(it.clean_at)) if it.clean_at else date.min
        found[it.user] = min(found.get(it.user, date.max), clean)
    return found


# ----------------------------------------------------------------------------------- escalations


def _findings_raised(day: Day) -> Iterator[Changes]:
    """A finding that is past due goes one level up, and again with each week that it stays so (6.5)."""
    for it in day.of("finding"):
        late = day.past(it.fields["due_on"]) if it.fields.get("due_on") else 0
        if it.fields.get("state") == "open" and late > 0:
            yield from _raised(it, 1 + (late - 1) // _week(day, it.fields.get("owner_id")))


def _signals_raised(day: Day) -> Iterator[Changes]:
    """A signal that nobody took notice of, or that is not dealt with in its time, goes one level up (6.6)."""
    standing = [
        it
        for it in day.of("warning_signal")
        if it.fields.get("state") in ("raised", "acknowledged", "handling")
    ]
    made = day.moments(standing)
    for it in standing:
        age = day.today - made.get(it.id, day.today)
        level = int(it.fields["state"] == "raised" and age > day.days("acknowledge_days"))
        if it.fields.get("due_on"):
            late = day.past(it.fields["due_on"])
        else:
            late = (age - day.days(f"handle_{it.fields['severity']}_days")).days
        if late > 0:
            level += 1 + (late - 1) // _week(day)
        yield from _raised(it, level)


def _week(day: Day, user: Json = None) -> int:
    return max(day.days("escalate_again_days", user).days, 1)


def _raised(state: RecordState, level: int) -> Iterator[Changes]:
    level = min(level, 10)
    if level > (state.fields.get("level") or 0):
        yield _move(state, level=level)


# ------------------------------------------------------------------------------------- customers


def _asleep(day: Day) -> Iterator[Changes]:
    """A customer without a loan whom nobody was in touch with for a year is dormant (6.9, 8.8)."""
    active = [it for it in day.of("customer") if it.fields.get("state") == "active"]
    if not active:
        return
    owing = {it.customer for it in day.of("loan") if it.fields.get("state") != "settled"}
    query = (
        select(record.c.customer, func.max(record.c.changed_at).label("last"))
        .where(record.c.branch == day.branch, record.c.type.in_(CONTACT))
        .group_by(record.c.customer)
    )
    last = {it.customer: it.last for it in day.connection.execute(query)}
    for it in active:
        months = day.sight.number("dormant_months", it.fields.get("village_id"))
        if it.id not in owing and local_day(last.get(it.id, it.changed_at)) < _months_ago(
            day.today, months
        ):
            yield _move(it, state="dormant")


def _months_ago(today: date, months: int) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 - max(months, 1), 12)
    return f"{year:04}-{month + 1:02}-{today.day:02}"  # compared as text: 31 February sorts well


# ------------------------------------------------------------------------------------- handovers


def _effective(day: Day) -> Iterator[Changes]:
    """A signed handover takes effect on its day; before a departure the officer's work is audited (6.7)."""
    for it in day.of("handover"):
        fields = it.fields
        if fields.get("state") != "signed" or day.past(fields["effective_on"]) < 0:
            continue
        if fields["reason"] != "departure" or _audited(day, fields["from_officer_id"]):
            yield _move(it, state="effective")


def _audited(day: Day, officer: str) -> bool:
    return any(
        it.fields.get("subject_user_id") == officer
        and it.fields.get("state") in ("signed", "confirmed")
        for it in day.of("officer_audit")
    )


# ------------------------------------------------------------------------------------ inspections


def _sampled(day: Day) -> Iterator[Changes]:
    """Of each officer's loans the server chooses some a month for a supervisor to look at (section 7).

    Which, follows from the month and a secret of the branch: nobody can know them before.
    """
    secret = day.connection.execute(
        select(store.branch.c.identity_key).where(store.branch.c.id == day.branch)
    ).scalar_one()
    month = f"{day.today:%Y-%m}"
    by_officer: dict[Json, list[RecordState]] = defaultdict(list)
    for it in day.of("loan"):
        if it.fields.get("state") == "active":
            by_officer[it.fields.get("officer_id")].append(it)
    red = {
        it.customer
        for it in day.of("warning_signal")
        if it.fields.get("severity") == "red"
        and it.fields.get("state") not in ("cleared", "dismissed")
    }
    known = {it.id for it in day.of("task")}
    for officer, loans in by_officer.items():
        boss = _supervisor(day, officer)
        chosen = _chosen(day, secret, month, officer, loans)
        for it in [*chosen, *(one for one in loans if one.customer in red)]:
            task = derived_id("supervisory", it.id, month)
            if task in known or boss is None:
                continue
            known.add(task)
            yield [{
                "op": "create", "type": "task", "id": task, "customer": it.customer,
                "set": {
                    "title": "督导检查", "record_type": "loan", "record": it.id, "assignee_id": boss,
                    "due_on": _last_of_month(day.today).isoformat(), "source": "rule", "state": "open",
                },
            }]  # fmt: skip


def _chosen(
    day: Day, secret: Json, month: str, officer: Json, loans: Sequence[RecordState]
) -> list[RecordState]:
    unit = day.sight.unit_of(officer)
    share = -(-len(loans) * day.sight.number("sample_percent", unit) // 100)
    most = max(share, day.sight.number("sample_least", unit))
    return sorted(loans, key=lambda it: derived_id("sample", str(secret), month, it.id))[:most]


def _supervisor(day: Day, officer: Json) -> str | None:
    """Return the supervisor of an officer's unit, or of the nearest above it."""
    for unit in day.sight.units_from(day.sight.unit_of(officer)):
        for it in day.sight.of("user"):
            active = it.fields.get("active", True)
            if active and (it.fields.get("role"), it.fields.get("unit_id")) == ("supervisor", unit):
                return it.id
    return None


def _last_of_month(today: date) -> date:
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


RULES: Mapping[str, Callable[[Day], Iterable[Changes]]] = {
    "application.lapse": _lapsed,
    "visit.miss": _missed,
    "finding.escalate": _findings_raised,
    "signal.escalate": _signals_raised,
    "customer.sleep": _asleep,
    "handover.take_effect": _effective,
    "inspection.sample": _sampled,
}
"""By the action that their sets carry in the log."""
