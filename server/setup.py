"""The declarative set-up file (operations.md): what differs is updated, nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from schemas.declare import Field, Registry
from schemas.values import derived_id, json_equal
from schemas.wire.setup import Account, Branch, Setup
from server import accounts, office, store
from server.accounts import account
from server.models import Installation
from server.settings import Settings
from server.store import branch, record
from sync.ledger import RecordState

Json = Any
CHUNK = 400
installation: Table = Installation.__table__  # type: ignore[assignment]


class SetupError(Exception):
    """What the file asks for cannot be done; `faults` name each place and reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Wish:
    """A record as it shall be; `officer` is the username of a customer's primary officer."""

    type: str
    id: str
    customer: str | None
    fields: Mapping[str, Json]
    officer: str | None = None


@dataclass
class Report:
    """What a set-up changed, counted by kind of thing."""

    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, new: bool) -> None:
        """Count one thing made or changed."""
        counts = self.created if new else self.updated
        counts[what] = counts.get(what, 0) + 1

    @property
    def is_empty(self) -> bool:
        """Tell whether everything was as the file says already."""
        return not self.created and not self.updated


@dataclass
class SetUp:
    """One run of a set-up in one transaction."""

    connection: Connection
    registry: Registry
    settings: Settings
    now: datetime
    report: Report = field(default_factory=Report)

    def run(self, wish: Setup) -> Report:
        """Bring the installation to what *wish* says.

        Raises:
            SetupError: with every record that was refused; the caller rolls back.
        """
        if wish.organisation is not None:
            self._organisation(asdict(wish.organisation))
        self._branches(wish.branches)
        self._users(wish.users)
        by_branch: dict[str, list[Wish]] = {}
        for it in wish.records:
            one = Wish(it.type, it.id, it.customer, it.fields, it.officer)
            by_branch.setdefault(it.branch, []).append(one)
        for code, records in by_branch.items():
            for start in range(0, len(records), CHUNK):
                self._put(self._branch_id(code), records[start : start + CHUNK], start)
        return self.report

    # -------------------------------------------------------------------- organisation, branches

    def _organisation(self, organisation: Mapping[str, Json]) -> None:
        table = installation
        query = select(table.c.value).where(table.c.key == "organisation")
        held = self.connection.execute(query).scalar()
        if held == organisation:
            return
        values = {"value": dict(organisation)}
        if held is None:
            self.connection.execute(insert(table).values(key="organisation", **values))
        else:
            self.connection.execute(
                update(table).where(table.c.key == "organisation").values(values)
            )
        self.report.add("organisation", held is None)

    def _branches(self, wishes: Sequence[Branch]) -> None:
        for wish in wishes:
            held = self.connection.execute(select(branch).where(branch.c.code == wish.code)).first()
            branch_id = held.id if held else office.new_id(self.now)
            if held is None:
                self.connection.execute(
                    insert(branch).values(
                        id=branch_id,
                        code=wish.code,
                        name=wish.name,
                        parent=wish.parent,
                        head=0,
                        head_hash="",
                        epoch=self._epoch(),
                        restores=[],
                        money_head=0,
                    )
                )
                self.report.add("branch", True)
            kind = wish.kind or _kind(wish, wishes)
            unit = {"name": wish.name, "code": wish.code, "kind": kind, "active": True}
            if wish.parent:
                unit["parent_id"] = self._branch_id(wish.parent)
            self._put(branch_id, self._parents(wish.parent))
            self._put(branch_id, [Wish("org_unit", branch_id, None, unit)])

    def _parents(self, code: str | None) -> list[Wish]:
        """Return the units above a branch, which its log shows too, the highest first."""
        if code is None:
            return []
        row = self.connection.execute(select(branch).where(branch.c.code == code)).one()
        unit = self.connection.execute(
            select(record.c.fields).where(record.c.branch == row.id, record.c.id == row.id)
        ).scalar_one()
        return [*self._parents(row.parent), Wish("org_unit", row.id, None, unit)]

    def _epoch(self) -> str:
        """Return the epoch of this server: one for all its branches."""
        held = self.connection.execute(select(branch.c.epoch).limit(1)).scalar()
        return held or office.new_id(self.now)

    def _branch_id(self, code: str) -> str:
        found = self.connection.execute(select(branch.c.id).where(branch.c.code == code)).scalar()
        if found is None:
            raise SetupError([f"there is no branch with the code {code}"])
        return str(found)

    # ----------------------------------------------------------------------------------- people

    def _users(self, wishes: Sequence[Account]) -> None:
        by_branch: dict[str, list[Wish]] = {}
        for wish in wishes:
            branch_id = self._branch_id(wish.branch)
            fields = {
                "name": wish.name, "role": wish.role, "unit_id": self._unit(branch_id, wish.unit),
                "active": wish.active is not False,
            }  # fmt: skip
            one = Wish("user", self._account(branch_id, wish), None, fields)
            by_branch.setdefault(branch_id, []).append(one)
        for branch_id, records in by_branch.items():
            self._put(branch_id, records)

    def _account(self, branch_id: str, wish: Account) -> str:
        query = select(account).where(account.c.username == wish.username)
        held = self.connection.execute(query).first()
        values = {
            "name": wish.name, "role": wish.role, "branch": branch_id, "unit": wish.unit,
            "active": int(wish.active is not False),
        }  # fmt: skip
        said = {
            "approval_tier": wish.approval_tier, "post_grade": wish.post_grade, "phone": wish.phone,
        }  # fmt: skip
        values |= {name: it for name, it in said.items() if it is not None}
        if held is None:
            if not wish.password:
                raise SetupError([f"user {wish.username} needs a password"])
            user_id = wish.id or office.new_id(self.now)
            hashed = accounts.hash_password(wish.password)
            row = {"id": user_id, "username": wish.username, "password_hash": hashed, **values}
            self.connection.execute(insert(account).values(row))
            return user_id
        if wish.password and not accounts.verifies(held.password_hash, wish.password):
            values["password_hash"] = accounts.hash_password(wish.password)
        if any(getattr(held, name) != value for name, value in values.items()):
            self.connection.execute(update(account).where(account.c.id == held.id).values(values))
            self.report.add("user", False)
        return str(held.id)

    def _unit(self, branch_id: str, code: str | None) -> str:
        if code is None:
            return branch_id
        query = select(record).where(record.c.branch == branch_id, record.c.type == "org_unit")
        for row in self.connection.execute(query):
            if row.fields.get("code") == code:
                return str(row.id)
        return branch_id

    # ---------------------------------------------------------------------------------- records

    def _put(self, branch_id: str, wishes: Sequence[Wish], start: int = 0) -> None:
        """Create or update records of a branch, one set a record, as the server."""
        branch_row = store.lock_branch(self.connection, branch_id)
        held = self._held(branch_id, [it.id for it in wishes])
        officers = self._officers(wishes)
        sets: list[tuple[str, list[dict[str, Json]]]] = []
        places: list[str] = []
        for place, wish in enumerate(wishes, start + 1):
            changes = self._changes(wish, held.get(wish.id), officers)
            if changes:
                self.report.add(wish.type, wish.id not in held)
                sets.append(("set-up", changes))
                places.append(f"record {place} ({wish.type} {wish.id})")
        if not sets:
            return
        contact = office.server_contact(branch_row, self.settings, self.now)
        results = office.submit_all(self.connection, self.registry, contact, sets)
        faults = [
            f"{place}: {one['field'] or ''} {one['code']} {one.get('reason') or ''}".strip()
            for place, result in zip(places, results, strict=True)
            for one in result.get("errors", ())
        ]
        if faults:
            raise SetupError(faults)

    def _held(self, branch_id: str, ids: Sequence[str]) -> dict[str, RecordState]:
        query = select(record).where(record.c.branch == branch_id, record.c.id.in_(ids))
        return {it.id: store.state_of(it) for it in self.connection.execute(query)}

    def _officers(self, wishes: Sequence[Wish]) -> dict[str, str]:
        names = {it.officer for it in wishes if it.officer}
        query = select(account.c.username, account.c.id).where(account.c.username.in_(names))
        found = {it.username: it.id for it in self.connection.execute(query)}
        if missing := names - set(found):
            raise SetupError([f"there is no user {it}" for it in sorted(missing)])
        return found

    def _changes(
        self,
        wish: Wish,
        held: RecordState | None,
        officers: Mapping[str, str],
    ) -> list[dict[str, Json]]:
        named = {"type": wish.type, "id": wish.id, "customer": wish.customer}
        fields = {key: it for key, it in wish.fields.items() if it is not None}
        changes: list[dict[str, Json]] = []
        if held is None:
            changes.append({"op": "create", **named, "set": fields})
        elif differing := self._differing(wish.type, held, wish.fields):
            changes.append({"op": "update", **named, "set": differing})
        if officer := officers.get(wish.officer or ""):
            changes += self._assignment(wish.id, held, officer)
        return changes

    def _differing(
        self, kind: str, held: RecordState, fields: Mapping[str, Json]
    ) -> dict[str, Json]:
        declared = self.registry.get(kind)
        found = {k: v for k, v in fields.items() if not json_equal(held.fields.get(k), v)}
        for path in list(found):
            one: Field | None = declared.field(path) if declared else None
            if declared and one and one.group:
                members = declared.group(one.group)
                found |= {it: fields.get(it, held.fields.get(it)) for it in members}
            elif one and one.policy == "set":
                wished, has = set(found[path] or ()), set(held.fields.get(path) or ())
                found[path] = {"add": sorted(wished - has), "remove": sorted(has - wished)}
                if wished == has:
                    del found[path]
        return found

    def _assignment(
        self, customer: str, held: RecordState | None, officer: str
    ) -> list[dict[str, Json]]:
        primary = next(
            (it for it in held.holders if it.role == "primary" and it.ended is None), None
        ) if held else None  # fmt: skip
        if primary is not None and primary.user == officer:
            return []
        fields = {
            "officer_id": officer, "customer_id": customer, "role": "primary",
            "valid_from": self.settings.today(self.now).isoformat(),
        }  # fmt: skip
        since = str(held.version) if held else "0"
        assignment = derived_id("set-up", customer, officer, since)
        return [
            {
                "op": "create",
                "type": "assignment",
                "id": assignment,
                "customer": None,
                "set": fields,
            }
        ]


def _kind(wish: Branch, wishes: Sequence[Branch]) -> str:
    """Return what kind of unit a branch is by its place: the lowest are the branches of the protocol."""
    if all(it.parent != wish.code for it in wishes):
        return "tier2_branch"
    return "hq" if wish.parent is None else "tier1_branch"
