"""The server of a scenario, its office, its supervisors at the web, and true time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update

from schemas.problems import XiangxinError
from schemas.values import derived_id
from schemas.wire.requests import AssignmentRequest, ResolveRequest
from server import decisions, office, store
from server.db import reading, writing
from server.offers import Contact
from server.settings import Settings
from server.tokens import Bearer
from tests.places import sqlite_url
from tests.scenarios.declared import PARENT, Declared, Step, ident, meant
from tests.server.branch import PASSWORD, Clock, Server, make_branch

Json = Any
USERS = ("O1", "O2", "O3", "S1", "S2")
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LAST_DAY = "2099-12-31"
SETUP: Mapping[str, Json] = {
    "branches": [{"code": "QH", "name": "青禾支行"}],
    "users": [
        {
            "id": ident(it), "username": it, "name": it, "branch": "QH", "password": PASSWORD,
            "role": "supervisor" if it.startswith("S") else "officer",
        }
        for it in USERS
    ],
}  # fmt: skip


def make_world(folder: Path) -> None:
    """Make a database with a branch and its people in *folder*, to be copied for each scenario."""
    make_branch(sqlite_url(folder), SETUP)


@dataclass
class World:
    """One server over one SQLite file, and everybody who reaches it without a tablet."""

    folder: Path
    declared: Declared
    clock: Clock = field(default_factory=lambda: Clock(START))
    server: Server = field(init=False)
    restored: int = 0

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Start the server over what lies in the folder."""
        settings = {"access_seconds": 10**8}
        self.server = Server(
            sqlite_url(self.folder), self.folder, self.clock, settings, self.declared.registry
        )

    def close(self) -> None:
        self.server.close()

    # ------------------------------------------------------------------------------- the server

    def records(self) -> list[Row[Any]]:
        """Return every record as the server holds it, tombstones included."""
        return self.read(store.record)

    def read(self, table: Any) -> list[Row[Any]]:
        """Return the rows of a table."""
        with reading(self.server.engine) as connection:
            return list(connection.execute(select(table)))

    def branch(self, connection: Connection) -> Row[Any]:
        """Return the branch's row."""
        return connection.execute(select(store.branch)).one()

    @property
    def head(self) -> int:
        """The head of the branch's log."""
        with reading(self.server.engine) as connection:
            return int(self.branch(connection).head)

    # ------------------------------------------------------------------------------- the office

    def given(self, records: Sequence[Step], assigned: Mapping[str, Sequence[str]]) -> None:
        """Make what is on the server before the first step."""
        with writing(self.server.engine) as connection:
            contact = office.server_contact(self.branch(connection), Settings(), self.clock())
            sets = [("given", [self.change({**it, "do": "create"})]) for it in records]
            for customer, users in assigned.items():
                for place, user in enumerate(users):
                    role = "cover" if place else "primary"
                    sets.append(("assigned", [_assignment(customer, user, role)]))
            results = office.submit_all(connection, self.declared.registry, contact, sets)
        assert all(it["status"] == "applied" for it in results), results

    def change(self, step: Step) -> dict[str, Json]:
        """Return the one change that a step makes, as it travels."""
        known = self.declared.known[step["record"]]
        named = {"type": known.type, "id": ident(known.name), "customer": ident(known.customer)}
        if step["do"] == "delete":
            return {"op": "delete", **named, "reason": "scenario"}
        fields = {step["field"]: step["to"]} if step["do"] == "transition" else step["set"]
        fields = {path: meant(it) for path, it in fields.items()}
        if step["do"] == "create" and known.parent:
            fields[PARENT] = ident(known.parent)
        return {"op": "create" if step["do"] == "create" else "update", **named, "set": fields}

    # --------------------------------------------------------------------------------- the web

    def at_web(self, name: str, user: str, step: Step) -> tuple[str, str | None]:
        """Let somebody at the web do a step; return its status and, of a refusal, the code."""
        with writing(self.server.engine) as connection:
            contact = self._web(connection, name, user)
            try:
                result = self._done(connection, contact, step)
            except XiangxinError as problem:
                connection.rollback()
                return str(problem.status), problem.code
        codes = [it["code"] for it in result.get("errors", ())]
        return result["status"], next(iter(codes), None)

    def _web(self, connection: Connection, name: str, user: str) -> Contact:
        bearer = Bearer(ident(user), "supervisor", self.branch(connection).id, name)
        return decisions.web_contact(connection, bearer, Settings(), self.clock())

    def _done(self, connection: Connection, contact: Contact, step: Step) -> dict[str, Json]:
        registry = self.declared.registry
        match step["do"]:
            case "resolve":
                row = newest_conflict(self.records(), step["record"], step["field"])
                way, chosen = choice(row.fields, meant(step["choose"]))
                wish = ResolveRequest(way, chosen, meant(step["choose"]), "scenario", None, None)
                return decisions.resolve_conflict(connection, registry, contact, row.id, wish)
            case "reopen":
                row = newest_conflict(self.records(), step["record"], step["field"])
                return decisions.reopen_conflict(connection, registry, contact, row.id)
            case "assign":
                until = None if step["role"] == "primary" else LAST_DAY
                customer = ident(step["customer"])
                move = AssignmentRequest(customer, step["user"], step["role"], None, until, None)
                return decisions.assign(connection, registry, contact, move)
            case "unassign":
                return self._unassigned(connection, contact, step)
            case "together":
                changes = [self.change(it) for it in step["changes"]]
            case _:
                changes = [self.change(step)]
        return office.submit(connection, registry, contact, step["do"], changes)

    def _unassigned(self, connection: Connection, contact: Contact, step: Step) -> dict[str, Json]:
        query = select(store.record).where(store.record.c.id == ident(step["customer"]))
        holders = json.loads(connection.execute(query).one().holders)
        current = [it[2] for it in holders if it[0] == ident(step["user"]) and it[4] is None]
        if not current:
            return {"status": "applied"}
        yesterday = (self.clock().date() - timedelta(days=2)).isoformat()
        changes = [
            {
                "op": "update", "type": "assignment", "id": it, "customer": None,
                "set": {"valid_to": yesterday},
            }
            for it in current
        ]  # fmt: skip
        registry = self.declared.registry
        return office.submit(connection, registry, contact, "unassign", changes)

    # ------------------------------------------------------------------------ backup and restore

    def backup(self) -> None:
        """Keep a copy of the database, as a backup does."""
        self.close()
        kept = self.folder / "backup"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        for file in self.folder.glob("xiangxin.sqlite3*"):
            shutil.copy(file, kept)
        self.open()

    def restore(self) -> None:
        """Put the backup back and begin a new epoch, as a restore does."""
        self.close()
        for file in self.folder.glob("xiangxin.sqlite3*"):
            file.unlink()
        for file in (self.folder / "backup").iterdir():
            shutil.copy(file, self.folder)
        self.open()
        self.restored += 1
        with writing(self.server.engine) as connection:
            row = self.branch(connection)
            restores = [*(row.restores or []), {"head": row.head, "before": row.epoch}]
            epoch = derived_id("epoch", str(self.restored))
            connection.execute(update(store.branch).values(epoch=epoch, restores=restores))


def _assignment(customer: str, user: str, role: str) -> dict[str, Json]:
    fields = {
        "officer_id": ident(user), "customer_id": ident(customer), "role": role,
        "valid_from": START.date().isoformat(),
        **({} if role == "primary" else {"valid_to": LAST_DAY}),
    }  # fmt: skip
    return {
        "op": "create", "type": "assignment", "id": ident(f"{user} has {customer}"),
        "customer": None, "set": fields,
    }  # fmt: skip


def newest_conflict(rows: Sequence[Row[Any]], record: str, unit: str | None) -> Row[Any]:
    """Return the newest conflict on a record's field."""
    found = [
        it
        for it in rows
        if it.type == "conflict"
        and it.fields["record"] == ident(record)
        and it.fields.get("field") == unit
    ]
    return max(found, key=lambda it: json.loads(it.created)[0])


def choice(conflict: Mapping[str, Json], chosen: Json) -> tuple[str, Json]:
    """Return how a conflict is settled so that *chosen* stands, and the entry that it names."""
    if conflict["kept"].get("value") == chosen:
        return "keep", None
    for entry in conflict["others"]:
        if entry["value"] == chosen:
            return "other", {"device": entry["device"], "number": entry["number"]}
    return "custom", None
