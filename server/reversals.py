"""Reversals of receipts: who asked for one, and how another person makes it (domain.md, 5.5, rule SOD-9).

A task about a receipt asks; a supervisor or a clerk who did not ask records a receipt that undoes it. The rule
itself is the engine's (`sync/guards/duties.py`), and so is what follows for the loan and for a possible double.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from schemas import problems
from schemas.declare import Registry
from schemas.messages import Fault
from server import bulk, office, store
from server.decisions import refused_or
from server.offers import Contact
from server.readmodels import text_of
from server.store import record
from sync.ledger import RecordState

Json = Any
MAKERS = ("supervisor", "clerk")


@dataclass(frozen=True)
class Request:
    """A receipt that somebody wants undone.

    Attributes:
        receipt: the receipt as it stands.
        tasks: the open tasks that ask for it, the first made first.
        double_of: the number of the other receipt that may be the same payment; None where none is open.
    """

    receipt: RecordState
    tasks: Sequence[RecordState]
    double_of: str | None

    def may_be_made_by(self, user: str, role: str) -> bool:
        """Tell whether somebody may make the reversal: another than who alone asks for it (SOD-9)."""
        return role in MAKERS and any(it.created_by not in (None, user) for it in self.tasks)


def asked(connection: Connection, branch: str) -> list[Request]:
    """Return what open tasks of a branch ask to undo and is not undone yet, the longest asked first."""
    query = select(record).where(
        record.c.branch == branch, record.c.type == "task", record.c.deleted == 0,
        text_of(record, "record_type") == "repayment", text_of(record, "state") == "open",
    )  # fmt: skip
    tasks: dict[str, list[RecordState]] = {}
    found = map(store.state_of, connection.execute(query))
    for it in sorted(found, key=lambda it: (it.created_position, it.id)):
        tasks.setdefault(it.fields["record"], []).append(it)
    receipts = _standing(connection, branch, list(tasks)) if tasks else {}
    doubles = _doubles(connection, branch) if receipts else []
    return [
        Request(receipts[key], those, _double_of(receipts[key], doubles))
        for key, those in tasks.items()
        if key in receipts
    ]


def find(connection: Connection, branch: str, receipt: str) -> Request:
    """Return the request about one receipt.

    Raises:
        problems.NotFoundError: nobody asks for it, or it is undone.
    """
    found = next((it for it in asked(connection, branch) if it.receipt.id == receipt), None)
    if found is None:
        raise problems.NotFoundError
    return found


def make(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    request: Request,
    number: str,
    note: str | None,
) -> dict[str, Json]:
    """Store the reversal under *number*, today, and end the tasks that asked, as far as one may.

    Raises:
        problems.BadRequestError: the number is taken or cannot be read, or the receipt is undone already.
        problems.NotPermittedError: by SOD-9.
    """
    row = request.receipt
    if _is_taken(connection, contact.branch, row.fields["loan_id"], number):
        raise problems.BadRequestError(errors=[Fault(0, "receipt_no", "invalid-value")])
    copied = ("loan_id", "amount_fen", "channel", "payer_name")
    fields = {
        **{it: row.fields[it] for it in copied if it in row.fields},
        "value_date": contact.today, "receipt_no": number, "reverses_id": row.id,
        **({"note": note} if note else {}),
    }  # fmt: skip
    reversal = {
        "op": "create", "type": "repayment", "id": office.new_id(contact.now),
        "customer": row.customer, "set": fields,
    }  # fmt: skip
    done = [_done(it) for it in request.tasks if _may_end(contact, it)]
    changes = [reversal, *done]
    return refused_or(office.submit(connection, registry, contact, "repayment.reverse", changes))


def _may_end(contact: Contact, task: RecordState) -> bool:
    mine = task.fields.get("assignee_id") in (None, contact.actor.user)
    return contact.actor.role == "supervisor" or mine


def _done(task: RecordState) -> dict[str, Json]:
    return {
        "op": "update", "type": "task", "id": task.id, "customer": task.customer,
        "set": {"state": "done"},
    }  # fmt: skip


def _standing(connection: Connection, branch: str, ids: list[str]) -> dict[str, RecordState]:
    """Return those receipts that count: no reversals themselves, and not reversed."""
    of_branch = (record.c.branch == branch, record.c.type == "repayment", record.c.deleted == 0)
    query = select(record).where(*of_branch, bulk.among(connection, record.c.id, ids))
    states = map(store.state_of, connection.execute(query))
    rows = {it.id: it for it in states if not it.fields.get("reverses_id")}
    loans = sorted({it.fields["loan_id"] for it in rows.values()})
    undone = select(text_of(record, "reverses_id")).where(
        *of_branch, record.c.parent.in_(loans), text_of(record, "reverses_id").is_not(None)
    )
    gone = set(connection.scalars(undone)) if loans else set()
    return {key: it for key, it in rows.items() if key not in gone}


def _doubles(connection: Connection, branch: str) -> list[Mapping[str, Json]]:
    query = select(record.c.fields).where(
        record.c.branch == branch, record.c.type == "conflict",
        text_of(record, "kind") == "possible_double", text_of(record, "status") == "open",
    )  # fmt: skip
    return list(connection.scalars(query))


def _double_of(receipt: RecordState, doubles: Iterable[Mapping[str, Json]]) -> str | None:
    """Return the number of the other receipt of an open possible double that *receipt* is in."""
    own = receipt.fields["receipt_no"]
    for it in doubles:
        numbers = [one["value"]["receipt_no"] for one in (it["kept"], *it["others"])]
        if own in numbers:
            return next((str(one) for one in numbers if one != own), None)
    return None


def _is_taken(connection: Connection, branch: str, loan: str, number: str) -> bool:
    query = select(record.c.id).where(
        record.c.branch == branch, record.c.type == "repayment", record.c.parent == loan,
        text_of(record, "receipt_no") == number,
    )  # fmt: skip
    return connection.execute(query).first() is not None
