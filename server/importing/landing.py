"""Planned rows to the branch log: the server's own sets, in the one transaction of the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, func, insert, select

from schemas.declare import Registry
from schemas.product import SECURITY
from schemas.values import canonical_json, format_instant
from server import office, store
from server.accounts import account
from server.importing.directory import Directory
from server.importing.planning import Change, Made, Planned, create, field_of
from server.importing.sentences import Trouble
from server.models import ImportBatch
from server.settings import Settings
from server.store import record

Json = Any
import_batch: Table = ImportBatch.__table__  # type: ignore[assignment]
SETS_AT_ONCE = 400
CHANGES_AT_ONCE = 1_000
NO_PASSWORD = ""
"""The hash that fits no password: nobody signs in before `xiangxin user password` sets one."""

Progress = Callable[[int], None]
Set = TypeVar("Set")


@dataclass(frozen=True)
class Branch:
    """The branch that a file belongs to."""

    id: str
    code: str


@dataclass
class Landing:
    """Writes one import into one branch.

    Statements are constant for every chunk of up to 400 sets or 1,000 changes.
    """

    connection: Connection
    registry: Registry
    settings: Settings
    branch: Branch
    now: datetime

    def submit(self, sets: Sequence[tuple[str, Sequence[Change]]]) -> list[dict[str, Json]]:
        """Apply sets as the server, in order; return their results."""
        row = store.lock_branch(self.connection, self.branch.id)
        contact = office.server_contact(row, self.settings, self.now)
        return office.submit_all(self.connection, self.registry, contact, sets)

    def head(self) -> int:
        """Return the log's head; nobody else moves it while the branch is locked."""
        return int(store.lock_branch(self.connection, self.branch.id).head)

    def land(self, kind: str, planned: Sequence[Planned], progress: Progress) -> list[Planned]:
        """Apply the set of every row; note on a row why the engine refused it.

        Returns:
            The refused rows. Where there are any, the caller rolls back and leaves them out.
        """
        refused: list[Planned] = []
        for chunk in chunks(planned, lambda it: len(it.changes)):
            results = self.submit([(f"import.{kind}", it.changes) for it in chunk])
            for one, result in zip(chunk, results, strict=True):
                if result["status"] == "rejected":
                    _note(one, result["errors"])
                    refused.append(one)
            progress(len(chunk))
        return refused

    def make(self, made: Sequence[Made], planned: Sequence[Planned], directory: Directory) -> None:
        """Make what the rows name and the branch lacks; an officer's account has no password."""
        parent = self._unit()
        sets = []
        for one in made:
            fields = self._fields(one, planned, directory, parent)
            sets.append((f"import.{one.kind}", [create(_TYPES[one.kind], one.id, None, fields)]))
            if one.kind == "officer":
                self._account(one)
        for start in range(0, len(sets), SETS_AT_ONCE):
            results = self.submit(sets[start : start + SETS_AT_ONCE])
            faults = [it["errors"] for it in results if it["status"] == "rejected"]
            if faults:
                raise Trouble("refused", errors=canonical_json(faults))

    def _unit(self) -> str | None:
        query = select(record.c.id).where(
            record.c.branch == self.branch.id, record.c.id == self.branch.id
        )
        return self.connection.execute(query).scalar()

    def _fields(
        self, one: Made, planned: Sequence[Planned], directory: Directory, parent: str | None
    ) -> dict[str, Json]:
        if one.kind == "officer":
            return {"name": one.name, "role": "officer", "unit_id": parent, "active": True}
        code = _free_code(directory.codes, self.branch.code, one.kind[0].upper())
        if one.kind == "village":
            unit = {"name": one.name, "code": code, "kind": "village", "active": True}
            return {**unit, "parent_id": parent}
        return {"code": code, "name": one.name, **product_terms(one.id, planned)}

    def _account(self, one: Made) -> None:
        taken = self.connection.execute(
            select(account.c.username).where(
                account.c.username.startswith(one.name, autoescape=True)
            )
        )
        username = _free_name({it.username for it in taken}, "".join(one.name.split()))
        values = {
            "id": one.id, "username": username, "name": one.name, "role": "officer",
            "branch": self.branch.id, "unit": None, "password_hash": NO_PASSWORD, "active": 1,
        }  # fmt: skip
        self.connection.execute(insert(account).values(values))

    def note_batch(self, kind: str, file_name: str, before: int, rows: int) -> str:
        """Write down the batch, whose positions begin above *before*; return its id.

        People type it: branch, day, running number, such as QH-20260616-1.
        """
        stem = f"{self.branch.code}-{self.settings.today(self.now):%Y%m%d}-"
        query = select(func.count()).where(
            import_batch.c.branch == self.branch.id,
            import_batch.c.id.startswith(stem, autoescape=True),
        )
        batch = f"{stem}{self.connection.execute(query).scalar_one() + 1}"
        values = {
            "id": batch, "branch": self.branch.id, "kind": kind, "file_name": file_name,
            "made_at": format_instant(self.now), "first_position": before + 1,
            "last_position": self.head(), "rows": rows, "undone_at": None,
        }  # fmt: skip
        self.connection.execute(insert(import_batch).values(values))
        return batch


_TYPES: Mapping[str, str] = {"village": "org_unit", "officer": "user", "product": "product"}


def chunks(sets: Iterable[Set], size: Callable[[Set], int]) -> Iterator[list[Set]]:
    """Cut sets into chunks that one call of the engine takes well; *size* counts changes."""
    chunk: list[Set] = []
    changes = 0
    for one in sets:
        if chunk and (len(chunk) == SETS_AT_ONCE or changes + size(one) > CHANGES_AT_ONCE):
            yield chunk
            chunk, changes = [], 0
        chunk.append(one)
        changes += size(one)
    if chunk:
        yield chunk


def _note(one: Planned, errors: Sequence[Mapping[str, Json]]) -> None:
    for error in errors:
        field = field_of(one.row, error.get("field"))
        one.row.fault(field, error.get("reason") or error["code"])


def product_terms(product: str, planned: Iterable[Planned]) -> dict[str, Json]:
    """Return the terms of a product as its loans in the file have them."""
    loans = [
        it.changes[0]["set"] for it in planned if it.changes[0]["set"].get("product_id") == product
    ]
    amounts = [it["principal_fen"] for it in loans]
    rates = [it["rate_bps"] for it in loans]
    security = {word for it in loans for word in it["security"]}
    return {
        "methods": sorted({it["method"] for it in loans}),
        "min_amount_fen": min(amounts),
        "max_amount_fen": max(amounts),
        "rate_bps_min": min(rates),
        "rate_bps_max": max(rates),
        "security": [it for it in SECURITY.options if it in security],
        "purposes": sorted({it["purpose"] for it in loans})[:500],
    }


def _free_code(taken: set[str], branch: str, letter: str) -> str:
    """Return an unused code such as QH-V01, and count it as used."""
    number = 1
    while (code := f"{branch}-{letter}{number:02d}") in taken:
        number += 1
    taken.add(code)
    return code


def _free_name(taken: set[str], name: str) -> str:
    """Return *name*, or the first of name2, name3, … that no account has."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def find_branch(connection: Connection, code: str) -> Row[Any] | None:
    """Return the branch's row by its code, or None."""
    query = select(store.branch).where(store.branch.c.code == code)
    return connection.execute(query).first()
