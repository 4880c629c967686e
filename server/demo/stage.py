"""Where the demonstration is played: one transaction, the office's desks, and the officers' tablets.

Everything goes the way it goes on any other day: sets are parsed, decided by the engine and logged, at the
moment at which they would have arrived. Nothing is written into the records past them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from schemas.declare import Registry
from schemas.values import derived_id, format_instant, to_millis
from server import office, push, store
from server.demo.changes import Change
from server.demo.days import Days
from server.demo.dice import Dice
from server.demo.people import Person
from server.offers import Contact, read_offer
from server.settings import Settings
from sync.clock import stamp_at
from sync.scope import Actor

Json = Any
Sets = Sequence[tuple[str, Sequence[Change]]]
AT_ONCE = 200
"""So many sets are decided over one bulk load."""
FINE = frozenset({"applied", "merged"})
ANYHOW = FINE | {"conflict", "rejected"}
"""For the tablets of the scenes (`conflicts.py`); the tests say what must have come of each."""


class DemoError(RuntimeError):
    """The demonstration did not go as written: a fault of ours, nothing was stored."""


@dataclass
class Stage:
    """The branch while its past is played; *users* and *units* give ids by username and code."""

    connection: Connection
    registry: Registry
    settings: Settings
    days: Days
    branch: str
    code: str
    users: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    tablets: dict[str, Tablet] = field(default_factory=dict)

    def on(self, moment: datetime) -> Settings:
        """Return the settings of that day, when its date was today."""
        return replace(self.settings, business_date=moment.astimezone(self.days.zone).date())

    def head(self) -> int:
        """Return the head of the branch's log."""
        query = select(store.branch.c.head).where(store.branch.c.id == self.branch)
        return int(self.connection.execute(query).scalar_one())

    def field(self, record: str, name: str) -> Json:
        """Return a field of a record as it stands, or None."""
        query = select(store.record.c.fields).where(
            store.record.c.branch == self.branch, store.record.c.id == record
        )
        return (self.connection.execute(query).scalar_one_or_none() or {}).get(name)

    def parameter(self, key: str) -> Json:
        """Return the value of a parameter of the branch."""
        query = select(store.record.c.fields).where(
            store.record.c.branch == self.branch, store.record.c.type == "parameter"
        )
        found = self.connection.execute(query).scalars()
        return next(it["value"] for it in found if it["key"] == key)

    def office(self, moment: datetime, sets: Sets, timer: bool = False) -> None:
        """Let the server itself write: imports, postings, and what falls due (*timer*)."""
        contact = self.contact(moment)
        self._submit(replace(contact, actor=replace(contact.actor, timer=timer)), sets)

    def contact(self, moment: datetime) -> Contact:
        """Return the server's own contact at a moment."""
        row = store.lock_branch(self.connection, self.branch)
        return office.server_contact(row, self.on(moment), moment)

    def web(self, person: Person, moment: datetime, sets: Sets) -> None:
        """Let somebody in the office work on the web."""
        self._submit(self.web_contact(person, moment), sets)

    def web_contact(self, person: Person, moment: datetime) -> Contact:
        """Return the contact of somebody's web session: the whole branch is in reach."""
        row = store.lock_branch(self.connection, self.branch)
        user = self.users[person.username]
        device, tier = derived_id("web", user, "demo"), person.tier or 0
        actor = Actor(user, person.role, device, whole_branch=True, tier=tier)
        return replace(office.server_contact(row, self.on(moment), moment), actor=actor)

    def _submit(self, contact: Contact, sets: Sets) -> None:
        for start in range(0, len(sets), AT_ONCE):
            part = sets[start : start + AT_ONCE]
            results = office.submit_all(self.connection, self.registry, contact, part)
            check(results, FINE, [action for action, _ in part])


def check(results: Sequence[dict[str, Json]], wanted: frozenset[str], named: Sequence[str]) -> None:
    """Make sure that every set came out as it should.

    Raises:
        DemoError: naming the first that did not.
    """
    for result, action in zip(results, named, strict=True):
        if result["status"] not in wanted:
            raise DemoError(f"{action}: {result['status']} {result.get('errors', '')}")


class Action(NamedTuple):
    """Something that was done on a tablet and has not been sent."""

    moment: datetime
    id: str
    action: str
    changes: Sequence[Change]


@dataclass
class Tablet:
    """An officer's device as the protocol sees it: numbered sets on a base, kept until the next sync."""

    stage: Stage
    person: Person
    device: str
    code: str
    base: int = 0
    number: int = 0
    clean_at: datetime | None = None
    waiting: list[Action] = field(default_factory=list)
    receipts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def user(self) -> str:
        """The id of the officer who carries it."""
        return self.stage.users[self.person.username]

    def save(self, dice: Dice, moment: datetime, action: str, changes: Sequence[Change]) -> None:
        """Store one user action."""
        self.waiting.append(Action(moment, dice.new_id(moment), action, changes))

    def receipt_no(self, day: str) -> str:
        """Return the next receipt number of this tablet's own series (`T1-20260616-001`)."""
        self.receipts[day] += 1
        return f"{self.code}-{day.replace('-', '')}-{self.receipts[day]:03d}"

    def sync(self, moment: datetime, wanted: frozenset[str] = FINE) -> list[dict[str, Json]]:
        """Send what was done before *moment*, in its order, and see what is new: one round trip."""
        stage = self.stage
        row = store.lock_branch(stage.connection, stage.branch)
        ready = sorted((it for it in self.waiting if it.moment <= moment), key=lambda it: it.moment)
        self.waiting = [it for it in self.waiting if it.moment > moment]
        known, over = self.number, dict[tuple[str, str], int]()
        offers = [read_offer(self._set(it, row.epoch, over), stage.registry) for it in ready]
        contact = Contact(
            Actor(self.user, self.person.role, self.device), stage.branch, stage.code, moment,
            moment.astimezone(stage.days.zone).date().isoformat(), 0, self.clean_at,
        )  # fmt: skip
        results = push.apply(stage.connection, stage.registry, contact, offers, known).results
        check(results, wanted, [f"{self.code} {it.action} {it.changes[0]['id']}" for it in ready])
        self.base, self.clean_at = stage.head(), moment
        return results

    def unsent(self) -> list[dict[str, Json]]:
        """Return what waits as it would be sent; it waits on."""
        row = store.lock_branch(self.stage.connection, self.stage.branch)
        before, over = self.number, dict[tuple[str, str], int]()
        ready = sorted(self.waiting, key=lambda it: it.moment)
        sets = [self._set(it, row.epoch, over) for it in ready]
        self.number = before
        return sets

    def _set(self, done: Action, epoch: str, unsent: dict[tuple[str, str], int]) -> dict[str, Json]:
        self.number += 1
        return {
            "number": self.number, "id": done.id, "epoch": epoch,
            "schema": self.stage.registry.schema, "base": self.base, "action": done.action,
            "made_at": format_instant(done.moment),
            "clock": str(stamp_at(to_millis(done.moment), self.device)),
            "changes": [self._over(it, unsent) for it in done.changes],
        }  # fmt: skip

    def _over(self, change: Change, unsent: dict[tuple[str, str], int]) -> Change:
        """Say over which own set, not yet part of the view, an edit was made; remember this one."""
        declared = self.stage.registry[change["type"]]
        units = {declared.unit(path) for path in change.get("set", ())}
        over = {it: n for it in units if (n := unsent.get((change["id"], it))) is not None}
        unsent |= {(change["id"], it): self.number for it in units}
        return {**change, "over": over} if over and change["op"] == "update" else change
