"""Postings of a core banking system: receipts that bring an idempotency key of their own.

The key makes the record's id, so the log itself remembers every posting: the same key with the same
content gets the first answer again, with other content it is refused. A refused posting leaves nothing
behind and may be sent again, mended.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from schemas import problems
from schemas.declare import Registry
from schemas.messages import Fault
from schemas.values import derived_id
from schemas.wire.postings import PostingRequest
from schemas.words import Lang, say
from server import office
from server.decisions import refused_or
from server.offers import Contact
from server.readmodels import text_of
from server.store import log, record

Json = Any
CONTENT = (
    "loan_id", "amount_fen", "value_date", "channel", "payer_name", "receipt_no", "reverses_id", "note",
)  # fmt: skip
"""What makes two postings equal: the fields of the receipt that the poster says."""


def posting_id(branch: str, key: str) -> str:
    """Return the id of the receipt that a posting with *key* becomes in a branch."""
    return derived_id("posting", branch, key)


def same_content(stored: Mapping[str, Json], wished: Mapping[str, Json]) -> bool:
    """Tell whether a posting that was stored says what is posted again."""
    return all(_normal(stored.get(name)) == _normal(wished.get(name)) for name in CONTENT)


def _normal(value: Json) -> Json:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Posting:
    """A receipt as it is to be stored; `loan` is the row of its loan."""

    id: str
    loan: Row[Any]
    fields: Mapping[str, Json]


def post(
    connection: Connection,
    registry: Registry,
    contact: Contact,
    wish: PostingRequest,
    language: Lang,
) -> dict[str, Json]:
    """Store a posting, or find it stored already; the answer is the same both times.

    Raises:
        problems.SetChangedError: the key was used with other content.
        problems.BadRequestError, problems.NotPermittedError: it cannot be stored; nothing was.
    """
    posting = _read(connection, contact, wish, language)
    held = _held(connection, contact.branch, posting.id)
    if held is None:
        if _receipt(connection, contact.branch, posting.loan.id, posting.fields["receipt_no"]):
            raise _unfit("receipt_no", "posting-receipt-there", language)
        fields = {name: it for name, it in posting.fields.items() if it is not None}
        change = {
            "op": "create", "type": "repayment", "id": posting.id,
            "customer": posting.loan.customer, "set": fields,
        }  # fmt: skip
        refused_or(office.submit(connection, registry, contact, "posting", [change]))
    elif held.deleted or not same_content(held.fields, posting.fields):
        raise problems.SetChangedError(say("refusal.posting-changed", language))
    return {
        "key": wish.key,
        "id": posting.id,
        "loan_no": wish.loan_no,
        "receipt_no": posting.fields["receipt_no"],
        "position": _position(connection, contact.branch, posting.id),
    }


def _read(
    connection: Connection, contact: Contact, wish: PostingRequest, language: Lang
) -> Posting:
    branch = contact.branch
    loan = _loan(connection, branch, wish.loan_no)
    if loan is None:
        raise problems.BadRequestError(errors=[Fault(None, "loan_no", "unknown-record")])
    if wish.value_date > contact.today:
        raise _unfit("value_date", "posting-ahead", language)
    if wish.value_date < loan.fields["disbursed_on"]:
        raise _unfit("value_date", "posting-too-early", language)
    reverses = wish.reverses and _receipt(connection, branch, loan.id, wish.reverses)
    if wish.reverses and not reverses:
        raise problems.BadRequestError(errors=[Fault(None, "reverses", "unknown-record")])
    fields = {
        "loan_id": loan.id, "amount_fen": wish.amount_fen, "value_date": wish.value_date,
        "channel": wish.channel, "payer_name": wish.payer_name,
        "receipt_no": wish.receipt_no or wish.key, "note": wish.note,
        "reverses_id": reverses.id if reverses else None,
    }  # fmt: skip
    return Posting(posting_id(branch, wish.key), loan, fields)


def _unfit(field: str, why: str, language: Lang) -> problems.BadRequestError:
    fault = Fault(None, field, "invalid-value")
    return problems.BadRequestError(say(f"refusal.{why}", language), errors=[fault])


def _loan(connection: Connection, branch: str, number: str) -> Row[Any] | None:
    query = select(record).where(
        record.c.branch == branch, record.c.type == "loan", record.c.deleted == 0,
        text_of(record, "loan_no") == number,
    )  # fmt: skip
    return connection.execute(query).first()


def _receipt(connection: Connection, branch: str, loan: str, number: str) -> Row[Any] | None:
    query = select(record).where(
        record.c.branch == branch, record.c.parent == loan, record.c.type == "repayment",
        record.c.deleted == 0, text_of(record, "receipt_no") == number,
    )  # fmt: skip
    return connection.execute(query).first()


def _held(connection: Connection, branch: str, record_id: str) -> Row[Any] | None:
    query = select(record).where(record.c.branch == branch, record.c.id == record_id)
    return connection.execute(query).first()


def _position(connection: Connection, branch: str, record_id: str) -> int:
    query = select(func.min(log.c.position)).where(
        log.c.branch == branch, log.c.record == record_id
    )
    return int(connection.execute(query).scalar_one())
