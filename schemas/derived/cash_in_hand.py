"""Cash that an officer carries 手持现金, and whether it is more than the lender allows (domain.md, section 5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Fields = Mapping[str, Any]
CONFIRMED = "confirmed"
TABLET_NUMBER = re.compile(r"[A-Z0-9]{1,12}-[0-9]{8}-[0-9]{3,9}")
"""Numbers that a tablet gives; cash under another came with an import, or lies in a till."""


class Kept(Protocol):
    """A living record: its id, and its fields."""

    @property
    def id(self) -> str: ...
    @property
    def fields(self) -> Fields: ...


def cash_in_hand_fen(repayments: Iterable[Kept], deposits: Iterable[Kept], officer: str) -> int:
    """Return the cash, in fen, that *officer* took and nobody has confirmed to have received.

    Receipts count from the moment they are written, accepted or not; one that was reversed does not. What is
    handed in and not confirmed, or disputed, is still the officer's.

    Source: domain.md, section 5.5.
    """
    receipts = list(repayments)
    settled = {it.fields.get("reverses_id") for it in receipts}
    for one in deposits:
        if one.fields.get("state") == CONFIRMED:
            settled |= set(one.fields.get("receipt_ids") or ())
    return sum(
        it.fields["amount_fen"]
        for it in receipts
        if it.id not in settled
        and it.fields.get("collected_by") == officer
        and it.fields.get("channel") == "cash"
        and it.fields.get("reverses_id") is None
        and TABLET_NUMBER.fullmatch(str(it.fields.get("receipt_no")))
    )
