"""A tablet as protocol.md describes one, written from its sections 2, 3 and 8 and from nothing else.

It shares no line with the field client: where both agree with the server, it is not by a common mistake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schemas.declare import Registry
from schemas.values import derived_id, format_instant, to_millis
from tests.scenarios.declared import Step, ident
from tests.server.branch import PASSWORD, Reply, Server, as_json

Json = Any


@dataclass(frozen=True)
class Began:
    """What a user's view was when an action began: its position, and the own sets without a result."""

    position: int
    unanswered: frozenset[int]


@dataclass
class Set:
    """A change set of the tablet, with what became of it."""

    raw: dict[str, Json]
    result: Json = None
    covered: bool = False
    settled: bool = False
    """Its user has discarded it, or mended it in another set."""

    @property
    def pending(self) -> bool:
        return self.result is None or self.result["status"] == "held"

    @property
    def shown(self) -> bool:
        """Whether the view has it on top: until the server copy is known to have it."""
        refused = not self.pending and self.result["status"] == "rejected"
        return not refused and not self.covered


@dataclass(frozen=True)
class Answer:
    """An answer to this tablet, in which step it came, and whether it was taken in."""

    step: int
    status: int
    code: str | None
    body: Json
    text: str


@dataclass
class Copied:
    """A record of the server copy."""

    type: str
    customer: str | None
    version: int
    fields: dict[str, Json] = field(default_factory=dict)

    def again(self) -> Copied:
        return Copied(self.type, self.customer, self.version, dict(self.fields))


@dataclass
class Tablet:
    """One store of one user."""

    name: str
    user: str
    network: Callable[[], Server]
    clock: Callable[[], datetime]
    registry: Registry
    error: timedelta = timedelta()
    life: int = 1
    access: str = ""
    epoch: str | None = None
    cursor: str | None = None
    position: int = 0
    copy: dict[str, Copied] | None = None
    stage: dict[str, Copied] | None = None
    sets: dict[int, Set] = field(default_factory=dict)
    forms: dict[str, Began] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)
    last_stamp: tuple[int, int] = (0, 0)
    step: int = 0

    @property
    def id(self) -> str:
        """The device's id: of two tablets, that with the greater name has the greater one."""
        place = int(self.name.strip("T") or 0)
        return f"0199d000-0000-7000-8000-{place:06d}{self.life:06d}"

    def now(self) -> datetime:
        """Return the time that this tablet believes in."""
        return self.clock() + self.error

    # ---------------------------------------------------------------------------------- the user

    def begin(self) -> Began:
        """Return what the user sees at this moment."""
        return Began(self.position, frozenset(it for it, one in self.sets.items() if one.pending))

    def save(
        self,
        changes: Sequence[dict[str, Json]],
        began: Began | None = None,
        mends: int | None = None,
        base: int | None = None,
    ) -> int:
        """Make the next set, `over` whatever of its own the user was looking at; return its number."""
        began = began or self.begin()
        number = max(self.sets, default=0) + 1
        for change in changes:
            over = self._over(change, began.unanswered)
            if mends is not None:
                self.sets[mends].settled = True
                over |= dict.fromkeys(self._mended(change, mends), mends)
            if over:
                change["over"] = over
        self._keep(number, changes, began.position if base is None else base)
        return number

    def _over(self, change: Mapping[str, Json], unanswered: Iterable[int]) -> dict[str, int]:
        if change["op"] != "update":
            return {}
        newest: dict[str, int] = {}
        for number in sorted(unanswered):
            newest |= dict.fromkeys(self._units_set(number, change["id"]), number)
        return {unit: newest[unit] for unit in self._units(change) if unit in newest}

    def _mended(self, change: Mapping[str, Json], mended: int) -> set[str]:
        return self._units(change) & self._units_set(mended, change["id"])

    def _units(self, change: Mapping[str, Json]) -> set[str]:
        declared = self.registry[change["type"]]
        return {declared.unit(path) for path in change.get("set", {})}

    def _units_set(self, number: int, record: str) -> set[str]:
        changes = self.sets[number].raw["changes"]
        return {unit for it in changes if it["id"] == record for unit in self._units(it)}

    def _keep(
        self, number: int, changes: Sequence[dict[str, Json]], base: int, action: str = "edit"
    ) -> None:
        made = self.now()
        self.sets[number] = Set(
            {
                "number": number,
                "id": derived_id("set", self.id, str(made), json.dumps(changes)),
                "epoch": self.epoch, "schema": 1, "base": base, "action": action,
                "made_at": format_instant(made), "clock": self._stamp(made),
                "changes": list(changes),
            }
        )  # fmt: skip

    def _stamp(self, made: datetime) -> str:
        millis = max(to_millis(made), 0)
        last, counter = self.last_stamp
        self.last_stamp = (millis, 0) if millis > last else (last, counter + 1)
        return f"{self.last_stamp[0]:012x}-{self.last_stamp[1]:04x}-{self.id}"

    def by_hand(
        self,
        numbers: Sequence[int],
        content: Mapping[int, Sequence[dict[str, Json]]],
        actions: Mapping[int, str],
    ) -> None:
        """Take over sets that were made by hand; of one that is there already nothing changes."""
        for number in numbers:
            if number not in content:
                continue
            held = self.sets.get(number)
            if held is None or held.raw["changes"] != content[number]:
                action = actions.get(number, "edit")
                self._keep(number, content[number], self.position, action)

    # ------------------------------------------------------------------------------- the network

    def login(self) -> Json:
        """Sign in."""
        device = {"id": self.id, "name": self.name, "public_key": None}
        body = {"username": self.user, "password": PASSWORD, "device": device}
        reply = self._post("/api/v1/auth/login", body)
        assert reply.status == 200, reply
        self.access = reply.json["access_token"]
        return reply.json

    def _post(self, path: str, body: Json) -> Reply:
        headers = {"Authorization": f"Bearer {self.access}", "Content-Type": "application/json"}
        return self.network().send("POST", path, as_json(body), headers)

    def request(self, numbers: Sequence[int], **members: Json) -> dict[str, Json]:
        """Return the body of a round trip that offers the sets of these *numbers*."""
        left = [it for it, one in self.sets.items() if one.pending and it not in numbers]
        through = 0
        while through + 1 in self.sets and self.sets[through + 1].result is not None:
            through += 1
        return {
            "protocol": 1, "schema": 1, "epoch": self.epoch,
            "sent_at": format_instant(self.now()), "cursor": self.cursor, "page": 500,
            "received_through": through, "digest": True,
            "held": [it for it in sorted(self.sets) if self._status(it) == "held"],
            "waiting": {
                "sets": len(left), "oldest": None, "attachments": 0, "attention": self.attention,
                "drafts": 0, "customers": [],
            },
            "sets": [self.sets[it].raw for it in numbers], **members,
        }  # fmt: skip

    def ask(self, body: Json) -> Answer:
        """Send a round trip and note what came; nothing of it is taken in yet."""
        reply = self._post("/api/v1/sync", body)
        text = reply.plain.decode()
        found = Answer(self.step, reply.status, reply.code, json.loads(text), text)
        self.answers.append(found)
        return found

    def push_by_hand(self, numbers: Sequence[int]) -> None:
        """Offer just these sets and take nothing in."""
        self.ask(self.request(numbers))

    def sync(self, said: Step, edit: Callable[[], object] | None = None) -> None:
        """Make a round trip, then fetch pages until there is no more, as far as the line holds."""
        fault = said.get("fault")
        if fault == "lost_request":
            return
        stored = 0
        while True:
            answer = self.ask(self.request(self._offered(said), **self._members(said, stored)))
            if edit is not None and stored == 0:
                edit()
            if fault == "lost_response" or (fault == "cut_after_page" and stored == said["after"]):
                return
            if answer.status != 200:
                if self._mended_by(answer, said):
                    continue
                return
            self.take_in(answer.body)
            stored += 1
            if not answer.body["more"]:
                if answer.body["known_through"] > max(self.sets, default=0):
                    self._begin_anew()
                    continue
                return

    def _members(self, said: Step, stored: int) -> dict[str, Json]:
        members = {it: said[it] for it in ("page", "received_through") if it in said}
        if said.get("fault") == "damage_cursor" and stored == 0:
            members["cursor"] = f"{self.cursor}x"
        return members

    def _offered(self, said: Step) -> list[int]:
        last = said.get("only_sets", max(self.sets, default=0))
        return [it for it in sorted(self.sets) if it <= last and self.sets[it].result is None]

    def _mended_by(self, answer: Answer, said: Step) -> bool:
        """Do what a problem answer asks for; tell whether to ask again within this step."""
        self._take_results(answer.body.get("results", ()))
        again = bool(said.get("repeat_until_done"))
        if answer.code in ("bad-cursor", "start-over"):
            self.cursor, self.stage = None, None
        elif answer.code == "epoch-changed" and again:
            self._offer_again(answer.body["known_through"])
        elif answer.code == "set-changed" and again:
            self._begin_anew()
        else:
            return False
        return again

    def _offer_again(self, known: int) -> None:
        """After a restore of the server: sign in, and offer everything that it does not know."""
        self.epoch = self.login()["epoch"]
        self.cursor, self.stage = None, None
        for number, one in self.sets.items():
            if number > known:
                one.result, one.covered = None, False
                if one.settled:
                    one.raw = {**one.raw, "action": "withdrawn"}

    def _begin_anew(self) -> None:
        """Register as a new device and renumber what is pending; the sets' ids and contents stay."""
        pending = [one for _, one in sorted(self.sets.items()) if one.pending]
        self.life += 1
        self.login()
        self.cursor, self.stage = None, None
        renamed = {one.raw["number"]: place for place, one in enumerate(pending, 1)}
        self.sets = {}
        for one in pending:
            changes = [_renumbered(it, renamed) for it in one.raw["changes"]]
            number = renamed[one.raw["number"]]
            self.sets[number] = Set({**one.raw, "number": number, "changes": changes})

    # ----------------------------------------------------------------------------- taking it in

    def take_in(self, answer: Json) -> None:
        """Store a page with its cursor in the stage; switch to it when it was the last."""
        if self.stage is None:
            fresh = self.cursor is None
            self.stage = {it: one.again() for it, one in (self.copy or {}).items() if not fresh}
        self._take_results(answer["results"])
        left = {it["customer"] for it in answer["left"]}
        self._copy_own(answer["results"], left)
        for record in [it for it, one in self.stage.items() if one.customer in left]:
            del self.stage[record]
        for one in answer["records"]:
            self._take(one)
        self.cursor, self.epoch = answer["cursor"], answer["epoch"]
        if not answer["more"]:
            self._switch(answer)
        elif self.copy is None:
            self.position = answer["position"]

    def _take_results(self, results: Iterable[Json]) -> None:
        for result in results:
            self.sets[result["number"]].result = result

    def _copy_own(self, results: Iterable[Json], left: set[str]) -> None:
        """Copy what an answer may leave out: the fields of sets that were stored as sent."""
        for result in results:
            if result["status"] != "applied" or result["repeated"]:
                continue
            changes = self.sets[result["number"]].raw["changes"]
            for change, done in zip(changes, result["changes"], strict=True):
                if change["customer"] not in left and change["op"] != "delete":
                    self._copy_change(change, done["version"])

    def _copy_change(self, change: Json, version: int) -> None:
        assert self.stage is not None
        record = self.stage.get(change["id"])
        if record is None:
            if change["op"] == "update":
                return
            record = self.stage[change["id"]] = Copied(change["type"], change["customer"], 0)
        record.version = version
        declared = self.registry[change["type"]]
        for path, value in change["set"].items():
            found = declared.field(path)
            if found is not None and found.policy != "set":
                _put(record.fields, path, value)

    def _take(self, one: Json) -> None:
        assert self.stage is not None
        if one.get("removed"):
            self.stage.pop(one["id"], None)
            return
        held = self.stage.get(one["id"])
        fields = {} if one["whole"] or held is None else held.fields
        for path, value in one["set"].items():
            _put(fields, path, value)
        self.stage[one["id"]] = Copied(one["type"], one["customer"], one["version"], fields)

    def _switch(self, answer: Json) -> None:
        self.copy, self.stage = self.stage, None
        self.position = answer["position"]
        for one in self.sets.values():
            one.covered = not one.pending
        mine = self.digest()
        if mine != answer["digest"]:
            self.mismatches.append(f"step {self.step}: {self.name} {mine} != {answer['digest']}")

    def digest(self) -> dict[str, Json]:
        """Return count and sum over the server copy."""
        held = self.copy or {}
        sums = (
            int.from_bytes(hashlib.sha256(f"{it}:{one.version}".encode()).digest()[:8], "big")
            for it, one in held.items()
        )
        return {"records": len(held), "sum": f"{sum(sums) % 2**64:016x}"}

    # ------------------------------------------------------------------------------- what it shows

    def view(self) -> dict[str, dict[str, Json]]:
        """Return the fields of every record that the user sees: the copy, with own sets on top."""
        shown = self.copy if self.copy is not None else (self.stage or {})
        fields = {it: dict(one.fields) for it, one in shown.items()}
        for change in self._on_top():
            if change["op"] == "delete":
                fields.pop(change["id"], None)
            elif change["op"] == "create" or change["id"] in fields:
                for path, value in change["set"].items():
                    held = fields.setdefault(change["id"], {})
                    _put(held, path, _with_edit(held.get(path), value))
        return fields

    def _on_top(self) -> Iterator[Json]:
        for _, one in sorted(self.sets.items()):
            if one.shown:
                yield from one.raw["changes"]

    def _status(self, number: int) -> str | None:
        result = self.sets[number].result
        return result["status"] if result else None

    @property
    def pending(self) -> int:
        """How many sets have no result."""
        return sum(it.pending for it in self.sets.values())

    @property
    def attention(self) -> int:
        """How many sets need their user's attention."""
        return sum(
            it.result is not None
            and it.result["status"] in ("rejected", "conflict")
            and not it.settled
            for it in self.sets.values()
        )

    def conflict(self, record: str, unit: str | None) -> tuple[str, Copied]:
        """Return the newest conflict on a record's field that this tablet holds."""
        found = [
            (it, one)
            for it, one in (self.copy or {}).items()
            if one.type == "conflict"
            and one.fields["record"] == ident(record)
            and one.fields.get("field") == unit
        ]
        return max(found, key=lambda it: it[1].version)


def _put(fields: dict[str, Json], path: str, value: Json) -> None:
    if value is None:
        fields.pop(path, None)
    else:
        fields[path] = value


def _with_edit(held: Json, value: Json) -> Json:
    """Return a value as it is shown; an add/remove edit is applied to the list below it."""
    if not isinstance(value, dict) or not set(value) <= {"add", "remove"}:
        return value
    kept = set(held or ()) - set(value.get("remove", ()))
    return sorted(kept | set(value.get("add", ())))


def _renumbered(change: Mapping[str, Json], renamed: Mapping[int, int]) -> dict[str, Json]:
    over = {u: renamed[n] for u, n in change.get("over", {}).items() if n in renamed}
    rest = {key: value for key, value in change.items() if key != "over"}
    return {**rest, "over": over} if over else rest
