"""Postings of a core banking system 核心记账流水: receipts of which each brings an idempotency key.

A row whose key was posted with the same content is left out with a warning, so that a file may be sent
again; with other content it is bad. By file or by address, a key means the same (`server/postings.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from schemas.declare import Registry
from server.importing import cleaning, repayments
from server.importing.cleaning import Cell, UnreadableError
from server.importing.columns import Column, column
from server.importing.planning import Planned, References, check_declared, create
from server.importing.rows import Once, Row
from server.postings import posting_id, same_content

LONGEST_KEY = 40
TYPES = ("loan", "repayment")


def key_of(cell: Cell, _: str = "") -> str:
    """Read an idempotency key: up to 40 characters without blanks."""
    found = cleaning.plain(cell)
    if len(found) > LONGEST_KEY or re.search(r"\s", found):
        raise UnreadableError("unfit-key")
    return found


COLUMNS: tuple[Column, ...] = (
    column("key", "", "幂等键 核心流水号 唯一流水号 idempotency_key", key_of, needed=True),
    *(
        column(it.field, it.target, " ".join(it.headings[:-1]), it.read, False, it.units)
        if it.field == "receipt_no"
        else it
        for it in repayments.COLUMNS
    ),
    column("reverses", "", "冲正流水号 冲正收据号 被冲正收据号", cleaning.code),
)


def plan(
    rows: Sequence[Row], references: References, registry: Registry, today: date
) -> list[Planned]:
    """Check every row and return what the good ones become; faults are noted on the rows."""
    directory = references.directory
    keys, receipts = Once("key", ()), Once("receipt_no", ())
    planned: list[Planned] = []
    for row in rows:
        keys.check(row)
        receipts.check(row)
        loan = repayments.find_loan(row, references)
        repayments.check_day(row, loan, today)
        collector = references.find(row, "collected_by", "officer", directory.people)
        if row.is_bad or loan is None:
            continue
        number = row.values.get("receipt_no", row.values["key"])
        fields = {**row.fields(), "loan_id": loan.id, "receipt_no": number}
        fields["collected_by"] = collector
        if "reverses" in row.values:
            reversed_id = directory.receipts.get(row.values["reverses"])
            if reversed_id is None or directory.repayments[reversed_id]["loan_id"] != loan.id:
                row.fault("reverses", "unknown-receipt")
                continue
            fields["reverses_id"] = reversed_id
        record_id = posting_id(directory.branch, row.values["key"])
        if record_id in directory.repayments:
            if same_content(directory.repayments[record_id], fields):
                row.warn("key", "posted-already")
            else:
                row.fault("key", "posted-otherwise")
            continue
        if number in directory.receipts:
            row.fault("receipt_no", "there-already")
            continue
        changes = [create("repayment", record_id, loan.customer, fields)]
        check_declared(registry, row, changes)
        if not row.is_bad:
            planned.append(Planned(row, tuple(changes)))
    return planned
