"""The officer's copy on disk: server copy, stage, own sets, drafts, clock, in one SQLite file.

The battery may die between any two lines. Every edit is one transaction that writes its pending set, every
answer one transaction that takes it in whole; a pending set ends only in the one that stores its result.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from field_client.database import open_database, translated
from field_client.faults import NotSignedInError
from field_client.journal import Journal
from field_client.sets import OwnSet
from schemas.declare import Registry
from schemas.messages import Change
from schemas.values import Hlc
from sync import clock
from sync.digest import Digest, digest_of
from sync.rebase import Drop, Held, Own, Pending, Sent, Step, fold

Json = Any
UNCOVERED = "covered = 0 AND settled IS NULL AND status IS NOT 'rejected'"
UNANSWERED = "state != 'answered' AND status IS NULL"


@dataclass(frozen=True)
class Identity:
    """Whose store this is, and how far it has come."""

    id: str
    name: str
    server: str
    user: Mapping[str, Json] | None
    access_token: str | None
    refresh_token: str | None
    seal_key: str | None
    epoch: str | None
    cursor: str | None
    position: int
    whole: bool
    fresh: bool
    caught_up: bool
    synced_at: str | None
    data_as_of: str | None
    skew_seconds: int | None


@dataclass(frozen=True)
class NewSet:
    """A set about to be stored: all but its number and stamp, which the store gives."""

    id: str
    base: int
    action: str
    made_at: str
    now_ms: int
    schema: int
    changes: Sequence[Mapping[str, Json]]
    seen: Mapping[str, Mapping[str, Json]]


@dataclass(frozen=True)
class Draft:
    """A form that is being filled in: never validated, never sent.

    `shown` are the fields when it was opened, at the position `base`, `after` the set with that number;
    `newest` names the own sets whose values it showed; `fields` is what has been typed.
    """

    id: str
    record: str
    type: str
    customer: str | None
    base: int
    shown: Mapping[str, Json]
    newest: Mapping[str, int]
    after: int
    fields: Mapping[str, Json]
    changed_at: str


class Store:
    """One user's copy on one device. Only this process has it open."""

    def __init__(self, database: Database, path: Path, registry: Registry) -> None:
        self.database = database
        self.path = path
        self.registry = registry
        self.journal = Journal(path)
        self._depth = 0

    @classmethod
    def open(
        cls, path: Path, registry: Registry, new_device_id: str, key: bytes | None = None
    ) -> Store:
        """Open the store at *path*; a new one becomes the device *new_device_id*."""
        store = cls(open_database(path, key), path, registry)
        with store.transaction():
            store.database.table("device").insert({"one": 1, "id": new_device_id}, ignore=True)
        return store

    def close(self) -> None:
        """Close the file; its lock ends."""
        self.database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside whole or not at all; inner ones join the outer."""
        if self._depth:
            yield
            return
        with translated(self.path):
            self.database.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self.database.execute("COMMIT")
            except BaseException:
                self.database.rollback()
                raise
            finally:
                self._depth = 0

    def _rows(self, query: str, *values: Json) -> list[dict[str, Json]]:
        with translated(self.path):
            return list(self.database.query(query, values))

    # ------------------------------------------------------------------------------ identity

    def identity(self) -> Identity:
        """Return whose store this is and how far it has come."""
        row = self._rows("SELECT * FROM device")[0]
        user = json.loads(row["user"]) if row["user"] else None
        return Identity(
            row["id"], row["name"], row["server"], user, row["access_token"],
            row["refresh_token"], row["seal_key"], row["epoch"], row["cursor"], row["position"],
            bool(row["whole"]), bool(row["fresh"]), bool(row["caught_up"]), row["synced_at"],
            row["data_as_of"], row["skew_seconds"],
        )  # fmt: skip

    def user_id(self) -> str:
        """Return the id of the user whose store this is."""
        user = self.identity().user
        if user is None:
            raise NotSignedInError
        return str(user["id"])

    @staticmethod
    def as_text(value: Json) -> str:
        """Return the form in which JSON is stored."""
        return _text(value)

    def note(self, **facts: Json) -> None:
        """Write facts about this device: columns of the table `device`."""
        with self.transaction():
            self.database.table("device").update(1, facts)

    # --------------------------------------------------------------------------- server copy

    def held(self, record: str) -> Held | None:
        """Return a record of the server copy."""
        rows = self._rows("SELECT * FROM record WHERE id = ?", record)
        return _held(rows[0]) if rows else None

    def held_of(self, type_name: str | None = None, customer: str | None = None) -> list[Held]:
        """Return the records of the server copy, of a type and under a customer where given."""
        wanted = {"type": type_name, "customer": customer}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given) or "1"
        rows = self._rows(f"SELECT * FROM record WHERE {where} ORDER BY id", *given.values())
        return [_held(it) for it in rows]

    def digest(self) -> Digest:
        """Return count and sum of the live records of the server copy."""
        rows = self._rows("SELECT id, version FROM record WHERE gone = 0")
        return digest_of((it["id"], it["version"]) for it in rows)

    def ids_like(self, prefix: str) -> list[str]:
        """Return the ids, known here in any way, that begin with *prefix*."""
        low, high = prefix, prefix + "\x7f"
        rows = self._rows(
            "SELECT id FROM record WHERE id BETWEEN ? AND ? "
            "UNION SELECT record FROM touched WHERE record BETWEEN ? AND ? LIMIT 20",
            low, high, low, high,
        )  # fmt: skip
        return [it["id"] for it in rows]

    def apply(self, steps: Iterable[Step]) -> None:
        """Put steps on the server copy."""
        with self.transaction():
            for step in steps:
                self._apply(step)

    def _apply(self, step: Step) -> None:
        if isinstance(step, Drop):
            self.database.execute(
                "DELETE FROM record WHERE customer = ? OR id = ?", [step.customer, step.customer]
            )
            return
        record = step.change.id if isinstance(step, Own) else step.record["id"]
        after = fold(self.held(record), step, self.registry)
        if after is None:
            return
        if after.gone and not self.pending_of(record):
            self.database.execute("DELETE FROM record WHERE id = ?", [record])
            return
        self.database.table("record").insert(
            {
                "id": after.id, "type": after.type, "customer": after.customer,
                "version": after.version, "gone": int(after.gone), "fields": _text(after.fields),
            },
            replace=True,
        )  # fmt: skip

    def stage(self, steps: Iterable[Step]) -> None:
        """Keep a page's steps until the run ends."""
        with self.transaction():
            self.database.table("stage").insert_all(
                {"step": _text(_step_as_json(it))} for it in steps
            )

    def staged(self) -> Iterator[Step]:
        """Yield the steps that are kept in the stage, in order."""
        for row in self._rows("SELECT step FROM stage ORDER BY seq"):
            yield _step_of(json.loads(row["step"]))

    def clear(self, *tables: str) -> None:
        """Empty tables."""
        with self.transaction():
            for name in tables:
                self.database.execute(f"DELETE FROM {name}")

    # ----------------------------------------------------------------------------- own sets

    def last_number(self) -> int:
        """Return the last number that this device gave."""
        query = "SELECT MAX(number) AS n FROM change_set WHERE device = (SELECT id FROM device)"
        return self._rows(query)[0]["n"] or 0

    def append(self, new: NewSet) -> OwnSet:
        """Store a set under the next number, ready to go; joins the caller's transaction."""
        with self.transaction():
            identity = self.identity()
            number = self.last_number() + 1
            stamp = self._tick(identity.id, new.now_ms)
            content = {
                "number": number, "id": new.id, "epoch": identity.epoch, "schema": new.schema,
                "base": new.base, "action": new.action, "made_at": new.made_at, "clock": stamp,
                "changes": list(new.changes),
            }  # fmt: skip
            row = {
                "device": identity.id, "number": number, "id": new.id, "epoch": identity.epoch,
                "base": new.base, "action": new.action, "made_at": new.made_at,
                "content": _text(content), "seen": _text(new.seen), "state": "ready",
            }  # fmt: skip
            self.database.table("change_set").insert(row)
            stored = self.own_set(number)
            assert stored is not None
            self._note_touched(stored)
            self._seal(identity, content)
            return stored

    def _seal(self, identity: Identity, content: Mapping[str, Json]) -> None:
        if identity.seal_key:
            self.journal.append(identity.id, content, identity.seal_key)

    def _note_touched(self, stored: OwnSet) -> None:
        self.database.table("touched").insert_all(
            {
                "seq": stored.seq, "place": place, "record": it.id, "type": it.type,
                "customer": it.customer,
            }
            for place, it in enumerate(stored.changes)
        )  # fmt: skip

    def _tick(self, device: str, now_ms: int) -> str:
        held = self._rows("SELECT stamp FROM device")[0]["stamp"]
        last = Hlc.parse(held) if held else clock.stamp_at(0, device)
        stamp = str(clock.tick(Hlc(last.millis, last.counter, device), now_ms))
        self.note(stamp=stamp)
        return stamp

    def own_set(self, number: int) -> OwnSet | None:
        """Return the set with this number, of the device as it is now."""
        found = self.own_sets("device = (SELECT id FROM device) AND number = ?", number)
        return found[0] if found else None

    def own_sets(self, where: str = "1", *values: Json) -> list[OwnSet]:
        """Return own sets in the order in which they were made."""
        query = f"SELECT * FROM change_set WHERE {where} ORDER BY seq"
        return [_own_set(it) for it in self._rows(query, *values)]

    def waiting(self) -> list[OwnSet]:
        """Return the sets that have no result, in the order of their numbers; not those held."""
        return self.own_sets(UNANSWERED)

    def pending_of(self, record: str) -> list[Pending]:
        """Return the changes to a record that the server copy does not yet include."""
        query = f"{UNCOVERED} AND seq IN (SELECT seq FROM touched WHERE record = ?)"
        return [
            Pending(it.number, change, it.seen.get(record, {}))
            for it in self.own_sets(query, record)
            for change in it.changes
            if change.id == record
        ]

    def touched(self, type_name: str | None = None, customer: str | None = None) -> set[str]:
        """Return the records that uncovered sets touch, of a type and under a customer where given."""
        query = (
            "SELECT DISTINCT record FROM touched JOIN change_set USING (seq) "
            f"WHERE {UNCOVERED} AND (? IS NULL OR type = ?) AND (? IS NULL OR customer = ?)"
        )
        rows = self._rows(query, type_name, type_name, customer, customer)
        return {it["record"] for it in rows}

    def mark_sent(self, sets: Iterable[OwnSet]) -> None:
        """Note, before a request goes out, which sets it carries, and which of them as stand-ins."""
        with self.transaction():
            for one in sets:
                stand_in = one.needs_stand_in()
                if one.state == "ready" or stand_in != one.stand_in:
                    self.database.table("change_set").update(
                        one.seq, {"state": "sent", "stand_in": stand_in}
                    )

    def replace_by_stand_in(self, seq: int, action: str) -> None:
        """Send a stand-in from now on: the server will not take the set as it is."""
        with self.transaction():
            self.database.table("change_set").update(seq, {"stand_in": action})

    def take_result(self, result: Mapping[str, Json], server_time: str) -> None:
        """Store the result of a set; with a final one it is pending no more."""
        final = result["status"] != "held"
        with self.transaction():
            self.database.execute(
                "UPDATE change_set SET state = ?, status = ?, result = ?, answered_at = ? "
                "WHERE number = ? AND device = (SELECT id FROM device) AND state != 'answered'",
                [
                    "answered" if final else "sent", result["status"], _text(result),
                    server_time if final else None, result["number"],
                ],
            )  # fmt: skip

    def cover(self) -> None:
        """Note that the server copy includes every set that has its result; drop tombstones kept for them."""
        with self.transaction():
            self.database.execute(
                "UPDATE change_set SET covered = 1 WHERE state = 'answered' AND covered = 0"
            )
            self.database.execute(
                "DELETE FROM record WHERE gone = 1 AND id NOT IN (SELECT record FROM touched "
                f"JOIN change_set USING (seq) WHERE {UNCOVERED})"
            )

    def settle(self, seq: int, how: str, mended_by: int | None = None) -> None:
        """Note that the user has mended or discarded a set that needed attention."""
        with self.transaction():
            self.database.table("change_set").update(seq, {"settled": how, "mended_by": mended_by})

    def forget_contents(self, before: str) -> int:
        """Drop the contents of sets answered before an instant (server time), but for open ones."""
        with self.transaction():
            done = self.database.execute(
                "UPDATE change_set SET content = NULL, seen = '{}' WHERE answered_at < ? AND covered = 1 "
                "AND content IS NOT NULL AND (settled IS NOT NULL OR status IN ('applied', 'merged'))",
                [before],
            )
            return int(done.rowcount)

    def trim_journal(self) -> None:
        """Take the sets whose contents are gone out of the sealed journal too."""
        rows = self._rows("SELECT device, number FROM change_set WHERE content IS NULL")
        self.journal.drop({(it["device"], it["number"]) for it in rows})

    def offer_again(self, above: int) -> None:
        """Make every set above a number go out again: the server has lost its results."""
        with self.transaction():
            self.database.execute(
                "UPDATE change_set SET state = 'sent', status = NULL, result = NULL, covered = 0 "
                "WHERE number > ? AND device = (SELECT id FROM device)",
                [above],
            )

    def replace_set(self, seq: int, device: str, content: Mapping[str, Json]) -> None:
        """Give a pending set to another device of the same store, under its new number."""
        row = {
            "device": device, "number": content["number"], "content": _text(content),
            "state": "ready", "status": None, "result": None,
        }  # fmt: skip
        with self.transaction():
            self.database.table("change_set").update(seq, row)
            self._seal(replace(self.identity(), id=device), content)

    def wipe(self) -> None:
        """Destroy everything on this device: a supervisor has had it wiped."""
        self.clear("stage", "record", "touched", "change_set", "draft", "incident")
        self.note(access_token=None, refresh_token=None, cursor=None, whole=0, fresh=1, caught_up=0)
        with translated(self.path):
            self.database.execute("VACUUM")
            self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # ------------------------------------------------------------------ drafts and the rest

    def drafts(self) -> list[Draft]:
        """Return the forms that are being filled in, the oldest first."""
        rows = self._rows("SELECT * FROM draft ORDER BY changed_at, id")
        return [_draft(it) for it in rows]

    def keep_draft(self, draft: Draft) -> None:
        """Write a form as it stands."""
        row = {
            **asdict(draft), "shown": _text(draft.shown), "newest": _text(draft.newest),
            "fields": _text(draft.fields),
        }  # fmt: skip
        with self.transaction():
            self.database.table("draft").insert(row, replace=True)

    def drop_draft(self, draft_id: str) -> None:
        """Forget a form: it has become a set, or its user threw it away."""
        with self.transaction():
            self.database.execute("DELETE FROM draft WHERE id = ?", [draft_id])

    def next_receipt(self, code: str, day: str) -> int:
        """Return the next running number of a day; inside the transaction that uses it up."""
        with self.transaction():
            self.database.execute(
                "INSERT INTO receipt_series VALUES (?, ?, 1) "
                "ON CONFLICT (code, day) DO UPDATE SET last = last + 1",
                [code, day],
            )
            query = "SELECT last FROM receipt_series WHERE code = ? AND day = ?"
            return int(self._rows(query, code, day)[0]["last"])

    def record_incident(self, at: str, kind: str, detail: Mapping[str, Json]) -> None:
        """Keep what went wrong and was put right without the user, for whoever looks into it."""
        with self.transaction():
            self.database.table("incident").insert(
                {"at": at, "kind": kind, "detail": _text(detail)}
            )

    def incidents(self) -> list[dict[str, Json]]:
        """Return the incidents, the oldest first."""
        return [
            {**it, "detail": json.loads(it["detail"])}
            for it in self._rows("SELECT at, kind, detail FROM incident ORDER BY seq")
        ]


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _held(row: Mapping[str, Json]) -> Held:
    return Held(
        row["type"], row["id"], row["customer"], row["version"], json.loads(row["fields"]),
        bool(row["gone"]),
    )  # fmt: skip


def _own_set(row: Mapping[str, Json]) -> OwnSet:
    content, unreadable = _content(row["content"])
    return OwnSet(
        row["seq"], row["device"], row["number"], row["id"], row["epoch"], row["base"],
        row["action"], row["made_at"], content, json.loads(row["seen"]), row["state"],
        row["status"], json.loads(row["result"]) if row["result"] else None,
        bool(row["covered"]), row["settled"], row["mended_by"], row["stand_in"], unreadable,
    )  # fmt: skip


def _content(text: str | None) -> tuple[dict[str, Json] | None, bool]:
    """Return a set's content, and whether there is one that cannot be read."""
    if text is None:
        return None, False
    try:
        found = json.loads(text)
    except ValueError:
        return None, True
    sound = isinstance(found, dict) and isinstance(found.get("changes"), list)
    return (found, False) if sound else (None, True)


def _draft(row: Mapping[str, Json]) -> Draft:
    return Draft(
        row["id"], row["record"], row["type"], row["customer"], row["base"],
        json.loads(row["shown"]), json.loads(row["newest"]), row["after"],
        json.loads(row["fields"]), row["changed_at"],
    )  # fmt: skip


def _step_as_json(step: Step) -> dict[str, Json]:
    if isinstance(step, Drop):
        return {"drop": step.customer}
    if isinstance(step, Own):
        return {"own": asdict(step.change), "version": step.version}
    return {"sent": dict(step.record)}


def _step_of(shape: Mapping[str, Json]) -> Step:
    if "drop" in shape:
        return Drop(shape["drop"])
    if "own" in shape:
        return Own(Change(**shape["own"]), shape["version"])
    return Sent(shape["sent"])
