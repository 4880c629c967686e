"""Whom nobody was in touch with, cash in hand and id cards, as a tablet in Python tells them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.field_client.branches import USERS, Branch
from tests.field_client.tablets import CHEN, LIU, LOAN, TODAY, VISIT, Tablet

Json = Any
LI = USERS["li.min"]["id"]


def silent(ada: Tablet, branch: Branch, *customers: str, on: str = "2025-12-01") -> None:
    """Let nobody have been in touch since a day; the visit of the day is nobody's any more."""
    branch.put("visit", VISIT, CHEN, state="cancelled")
    for it in customers:
        branch.put("customer", it, it, last_contact_on=on)
    ada.client.sync()


def test_whom_nobody_was_in_touch_with_is_told_the_longest_first(
    ada: Tablet, branch: Branch
) -> None:
    silent(ada, branch, CHEN)
    silent(ada, branch, LIU, on="2025-03-01")

    found = [(it.customer, it.due_on.isoformat()) for it in ada.client.silences()]

    assert found == [(LIU, "2026-03-01"), (CHEN, "2026-05-30")]


def test_a_call_that_waits_to_be_sent_counts(ada: Tablet, branch: Branch) -> None:
    silent(ada, branch, CHEN, LIU)
    words = {
        "kind": "call",
        "direction": "out",
        "at": "2026-06-16T01:00:00.000Z",
        "summary": "问候",
    }
    ada.client.create("interaction", LIU, words)

    assert [it.customer for it in ada.client.silences()] == [CHEN]


def test_where_a_visit_is_planned_nobody_is_asked_to_call(ada: Tablet, branch: Branch) -> None:
    silent(ada, branch, CHEN)
    branch.put("visit", VISIT, CHEN, state="planned", officer_id=LI, planned_on="2026-06-16")
    ada.client.sync()

    assert ada.client.silences() == []


def test_papers_that_cannot_be_read_hide_no_other_customer(ada: Tablet, branch: Branch) -> None:
    silent(ada, branch, CHEN, LIU)
    branch.put("loan", LOAN, CHEN, rate_bps=None, maturity_on=None)
    ada.client.sync()

    assert [it.customer for it in ada.client.silences()] == [LIU]


def took(ada: Tablet, fen: int) -> str:
    ada.client.repay(LOAN, fen)
    (receipt,) = ada.client.records("repayment", CHEN)
    return receipt.id


def test_cash_is_in_hand_until_a_deposit_of_it_is_confirmed(ada: Tablet, branch: Branch) -> None:
    receipt = took(ada, 3_000_00)
    assert (ada.client.cash().fen, ada.client.cash().is_too_much) == (3_000_00, False)
    deposit = LOAN[:-2] + "e0"
    fields = {"officer_id": LI, "business_date": TODAY.isoformat(), "receipt_ids": [receipt]}
    for state, left in (("handed_in", 3_000_00), ("disputed", 3_000_00), ("confirmed", 0)):
        branch.put("cash_deposit", deposit, None, **fields, state=state)
        ada.client.sync()
        assert ada.client.cash().fen == left, state


@pytest.mark.parametrize(("limit", "too_much"), [(3_000_00, False), (2_999_99, True)])
def test_the_limit_is_the_lenders(ada: Tablet, branch: Branch, limit: int, too_much: bool) -> None:
    branch.put("parameter", LOAN[:-2] + "e2", None, key="cash_limit_fen", value=limit)
    ada.client.sync()
    took(ada, 3_000_00)

    assert ada.client.cash().limit_fen == limit
    assert ada.client.cash().is_too_much is too_much


@pytest.mark.parametrize(
    ("valid_to", "told"), [("2026-08-16", None), ("2026-08-15", "2026-08-15"), (None, None)]
)
def test_an_id_card_is_told_sixty_days_ahead(
    ada: Tablet, branch: Branch, valid_to: str | None, told: str | None
) -> None:
    branch.put("customer", CHEN, CHEN, id_valid_to=valid_to)
    ada.client.sync()

    found = ada.client.id_card_ends(ada.client.record(CHEN))

    assert (found and found.isoformat()) == told
