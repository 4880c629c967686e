"""Many sets of new records at once: what the engine would make of them, written down without asking it.

The larger sizes of the demonstration bring millions of records that nobody has seen before: nothing of them
can meet anything. Of such a set the engine's answer is known beforehand, so the rows of log, records, index
and sets are put together here, each text once, and written table by table. A test holds them against what
the engine stores of the same sets, and `xiangxin verify` replays them like all others.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Row, update

from schemas.declare import RecordType
from schemas.values import canonical_json, format_instant
from server import bulk, office, store
from server.demo.changes import Change
from server.demo.stage import Sets, Stage
from server.identities import hashed
from server.offers import Contact, corrected
from sync.digest import term

Json = Any
Values = tuple[Json, ...]
compact: Callable[[Json], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
spaced: Callable[[Json], str] = json.JSONEncoder(ensure_ascii=False).encode
as_sent: Callable[[Json], str] = json.JSONEncoder(separators=(",", ":")).encode
POSITION = "\0"
"""Stands for a position in the text of a record's marks."""


def bring(stage: Stage, moment: datetime, sets: Sets) -> None:
    """Store *sets* of the server's own that make records and do nothing else, in the caller's transaction."""
    contact = stage.contact(moment)
    branch_row = store.lock_branch(stage.connection, stage.branch)
    lot = Lot(stage, contact, branch_row)
    number = office.last_number(stage.connection, contact.actor.device)
    for place, (action, changes) in enumerate(sets, 1):
        lot.add(number + place, action, changes)
    lot.write()


@dataclass(frozen=True)
class Shape:
    """How records of one type that were made with the same fields are written.

    `units`: each with its members (none: the field itself) and whether it was sent; `defaults`: what the
    server fills in, `marks`: their text with the position left open.
    """

    declared: RecordType
    defaults: tuple[tuple[str, Json], ...]
    units: tuple[tuple[str, tuple[str, ...], bool], ...]
    ordered: tuple[str, ...]
    marks: str

    @staticmethod
    def of(declared: RecordType, names: Sequence[str], device: str, today: str) -> Shape:
        """Work out the shape of records of a type that are made with the fields *names*."""
        words = {"@user": None, "@today": today}
        defaults = {
            it.name: words.get(it.default, it.default)
            if isinstance(it.default, str)
            else it.default
            for it in declared.plain_fields()
            if it.name not in names
        }
        if declared.states is not None and declared.states.field not in names:
            defaults[declared.states.field] = declared.states.initial[0]
        filled = tuple((name, value) for name, value in defaults.items() if value is not None)
        units = {declared.unit(it): True for it in names}
        units |= {it: False for name, _ in filled if (it := declared.unit(name)) not in units}
        mark = f'[{POSITION},"{device}",0]'
        marks = ",".join(f"{as_sent(it)}:{mark}" for it in (*units, ""))
        return Shape(
            declared, filled,
            tuple((it, declared.group(it) or (), sent) for it, sent in units.items()),
            tuple(sorted(units)), f"{{{marks}}}",
        )  # fmt: skip


class Lot:
    """Rows of several sets, until they are written."""

    def __init__(self, stage: Stage, contact: Contact, branch_row: Row[Any]) -> None:
        self.stage, self.contact, self.branch = stage, contact, branch_row
        self.head, self.hash = int(branch_row.head), str(branch_row.head_hash)
        self.device, self.now = contact.actor.device, format_instant(contact.now)
        self.made_at, self.stamp = corrected(contact, {"made_at": self.now})
        self.shapes: dict[tuple[str, ...], Shape] = {}
        self.log: list[Values] = []
        self.records: list[Values] = []
        self.feed: list[Values] = []
        self.sets: list[Values] = []
        self.holders = "[]"
        self.officer = ""

    def add(self, number: int, action: str, changes: Sequence[Change]) -> None:
        """Take one set in: a customer with its assignment first, and what lies under it."""
        set_id, base = office.new_id(self.contact.now), int(self.branch.head)
        raw = {
            "number": number, "id": set_id, "epoch": self.branch.epoch,
            "schema": self.stage.registry.schema, "base": base, "action": action,
            "made_at": self.now, "changes": list(changes),
        }  # fmt: skip
        content = canonical_json({"id": set_id, "changes": raw["changes"]})
        self._hold(changes)
        results, trails = [], []
        for change in changes:
            self.head += 1
            results.append(
                f'{{"id":"{change["id"]}","version":{self.head},"status":"applied","conflicts":[]}}'
            )
            trails += self._change(change, number, set_id, action, base)
        self.sets.append((
            self.device, number, self.branch.id, None, set_id, sha256(content.encode()).hexdigest(),
            as_sent(raw), "applied", f'{{"status":"applied","changes":[{",".join(results)}]}}',
            f"[{base}, false, [{', '.join(trails)}]]", self.now,
        ))  # fmt: skip

    def _hold(self, changes: Sequence[Change]) -> None:
        """Work out who holds the customer of a set: the one assignment in it says so."""
        place, assigned = next(
            (place, it) for place, it in enumerate(changes, 1) if it["type"] == "assignment"
        )
        self.officer = assigned["set"]["officer_id"]
        holding = [self.officer, assigned["set"]["role"], assigned["id"], self.head + place, None]
        self.holders = json.dumps([holding])

    def _change(
        self, change: Change, number: int, set_id: str, action: str, base: int
    ) -> list[str]:
        """Add the rows of one new record; return what later sets inherit of it."""
        kind, record, customer, given = (
            change["type"],
            change["id"],
            change["customer"],
            change["set"],
        )
        key = (kind, *given)
        shape = self.shapes.get(key)
        if shape is None:
            declared = self.stage.registry[kind]
            shape = self.shapes[key] = Shape.of(declared, key[1:], self.device, self.contact.today)
        fields = {**given, **self._filled(shape)} if shape.defaults else given
        texts = {name: _text(value) for name, value in fields.items()}
        payload = self._logged(change, shape, fields, texts, number, set_id, action)
        self._index(shape, record, kind, customer, fields)
        self._keep(shape, record, kind, customer, fields, texts)
        position = self.head
        return [
            f'["{record}", {encode_basestring(unit)}, {base}, {position}, '
            f"{spaced(_whole(fields, members)) if members else payload[unit][1]}, false, null]"
            for unit, members, sent in shape.units
            if sent
        ]

    def _filled(self, shape: Shape) -> dict[str, Json]:
        number = f"{self.contact.prefix}{self.head:07d}"
        return {name: number if it == "@number" else it for name, it in shape.defaults}

    def _logged(
        self,
        change: Change,
        shape: Shape,
        fields: Mapping[str, Json],
        texts: Mapping[str, tuple[str, str]],
        number: int,
        set_id: str,
        action: str,
    ) -> dict[str, tuple[str, str]]:
        """Add the row of the log; return each unit's value as text."""
        values: dict[str, tuple[str, str]] = {}
        said: dict[str, str] = {}
        for unit, members, sent in shape.units:
            whole = (
                (canonical_json(_whole(fields, members)), "") if members
                else (texts[unit][0], spaced(fields[unit]) if texts[unit][1] else texts[unit][0])
            )  # fmt: skip
            values[unit] = whole
            said[unit] = f"[null,{whole[0] if sent else 'null'},{whole[0]}]"
        units = ",".join(f"{encode_basestring(it)}:{said[it]}" for it in shape.ordered)
        payload = f'{{"units":{{{units}}}}}'
        secret = secrets.token_bytes(32)
        commitment = hmac.digest(secret, payload.encode(), "sha256").hex()
        customer = change["customer"]
        who = f'"{customer}"' if customer else "null"
        covered = (
            f'["{self.hash}","{self.branch.id}",{self.head},"{self.device}",{number},"{set_id}",'
            f'"{self.device}",null,"server","{change["id"]}","{change["type"]}",{who},"create",1,0,'
            f'"{self.made_at}","{self.now}","{self.now}","{self.stamp}","{action}","{commitment}"]'
        )
        self.hash = sha256(covered.encode()).hexdigest()
        self.log.append((
            self.branch.id, self.head, self.device, number, set_id, self.device, None, "server",
            change["id"], change["type"], customer, "create", 1, 0, self.made_at, self.now, self.now,
            self.stamp, action, payload, secret.hex(), commitment, self.hash,
        ))  # fmt: skip
        return values

    def _index(
        self, shape: Shape, record: str, kind: str, customer: str | None, fields: Mapping[str, Json]
    ) -> None:
        """Add the row by which the officer's tablet finds the record."""
        assert customer is not None or shape.declared.reference == "user"
        value, at = term(record, self.head), self.head
        self.feed.append((
            self.officer, record, "record", kind, customer, at, at, 1, value >> 32, value & 0xFFFFFFFF,
        ))  # fmt: skip

    def _keep(
        self,
        shape: Shape,
        record: str,
        kind: str,
        customer: str | None,
        fields: Mapping[str, Json],
        texts: Mapping[str, tuple[str, str]],
    ) -> None:
        """Add the row of the record itself."""
        declared = shape.declared
        named = declared.identity and fields.get(declared.identity)
        written = ",".join(
            f"{encode_basestring(name)}:{text or same}" for name, (same, text) in texts.items()
        )
        self.records.append((
            self.branch.id, record, kind, customer,
            fields.get(declared.parent[1]) if declared.parent else None,
            fields.get(store.SUBJECTS.get(kind, "")),
            hashed(self.branch.identity_key, kind, named) if named else None, self.head, 0,
            f"{{{written}}}", shape.marks.replace(POSITION, str(self.head)),
            f'[{self.head}, "{self.device}", null]', None, self.made_at,
            self.holders if kind == "customer" else "[]",
        ))  # fmt: skip

    def write(self) -> None:
        """Write what was taken in, table by table, and move the branch's head."""
        connection = self.stage.connection
        for table, rows in (
            (store.log, self.log), (store.record, self.records), (store.feed, self.feed),
            (store.change_set, self.sets),
        ):  # fmt: skip
            bulk.pour(connection, table, rows)
        connection.execute(
            update(store.branch)
            .where(store.branch.c.id == self.branch.id)
            .values(head=self.head, head_hash=self.hash)
        )


def _whole(fields: Mapping[str, Json], members: Sequence[str]) -> dict[str, Json]:
    """Return the value of a group: all of its members, those that are not set too."""
    return {name: fields.get(name) for name in members}


def _text(value: Json) -> tuple[str, str]:
    """Return a value as canonical JSON, and as it is stored where that is another text (else none)."""
    if type(value) is str:
        return encode_basestring(value), ""
    if type(value) is int:
        return str(value), ""
    return canonical_json(value), compact(value)
