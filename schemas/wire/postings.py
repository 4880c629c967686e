"""`POST /api/v1/postings`: a receipt that a core banking system brings (docs/core-banking.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.declare import Date, Text, money
from schemas.person import NAME
from schemas.repayment import CHANNELS, RECEIPT_NO
from schemas.wire.fields import Declared, Message, read

Json = Any
KEY = Text(40, 1, r"\S+", examples=("CORE-20260616-000731", "CORE-20260616-000732"))
NUMBER = Text(40, 1)


class PostingMessage(Message):
    """`POST /api/v1/postings`; numbers are the lender's own, `reverses` is a receipt number."""

    key = Declared(KEY)
    loan_no = Declared(NUMBER)
    amount_fen = Declared(money(1))
    value_date = Declared(Date())
    channel = Declared(CHANNELS)
    receipt_no = Declared(RECEIPT_NO, optional=True, null=True)
    payer_name = Declared(NAME, optional=True, null=True)
    reverses = Declared(RECEIPT_NO, optional=True, null=True)
    note = Declared(Text(500, many_lines=True), optional=True, null=True)


@dataclass(frozen=True)
class PostingRequest:
    """A receipt to be stored once; without a number of its own it takes its key for one."""

    key: str
    loan_no: str
    amount_fen: int
    value_date: str
    channel: str
    receipt_no: str | None = None
    payer_name: str | None = None
    reverses: str | None = None
    note: str | None = None


def parse_posting(body: Json) -> PostingRequest:
    """Read a posting."""
    return PostingRequest(**read(PostingMessage(), body))
