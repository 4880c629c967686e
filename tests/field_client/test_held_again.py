"""What becomes of a set that a restored server holds again, and what it still shows (protocol.md, section 8)."""

from typing import Any

import pytest

from field_client.faults import SignInAgainError
from schemas.messages import Change
from schemas.registry import REGISTRY
from sync.rebase import Pending, not_outlived
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, Tablet, new_customer
from tests.field_client.test_epochs import word, work

Json = Any
FIRST, SECOND = "10000000021", "10000000022"
LATER = "2026-08-01T00:00:00.000Z"


def test_a_sign_in_after_a_restore_says_as_well_what_is_held(ada: Tablet, branch: Branch) -> None:
    ids = work(ada, 1)
    branch.restore("epoch-2", {})
    branch.holds = ids
    branch.access_tokens.clear()
    branch.refresh_tokens.clear()
    with pytest.raises(SignInAgainError):
        ada.client.sync()

    ada.login()

    assert word(ada, 1) == "sent"


def test_nothing_is_left_of_the_result_that_it_had_since(ada: Tablet, branch: Branch) -> None:
    branch.holds = work(ada, 1)
    branch.restore("epoch-2", {})

    ada.client.sync()

    result = ada.store.own_sets()[0].result
    assert result == {"number": 1, "status": "held", "repeated": True}


def test_a_version_of_the_lost_epoch_is_no_base(ada: Tablet) -> None:
    made = ada.client.create("customer", None, new_customer(id_no="999901198509230028"))
    told = {"id": made, "version": 12, "status": "applied", "conflicts": []}
    ada.store.take_result(
        {"number": 1, "status": "applied", "repeated": False, "changes": [told]}, LATER
    )
    ada.store.wait_again([ada.store.own_sets()[0].id])

    ada.store.note(position=20, view_epoch="epoch-2", whole=0)

    assert ada.store.base_of(made) == 20


def test_one_that_was_rejected_since_needs_nobody(ada: Tablet, branch: Branch) -> None:
    branch.reject = lambda one: [{"change": 0, "field": "phone", "code": "invalid-value"}]
    branch.holds = work(ada, 1)
    branch.restore("epoch-2", {})

    ada.client.sync()

    assert (word(ada, 1), ada.client.attention()) == ("sent", [])


def test_a_held_set_shows_the_rest_and_a_new_edit_is_made_over_that_only(
    ada: Tablet, branch: Branch
) -> None:
    branch.statuses = {1: "held"}
    ada.client.edit(CHEN, {"phone": FIRST, "name": "陈国安"})
    ada.client.edit(CHEN, {"phone": SECOND})
    ada.client.sync()

    shown = ada.client.record(CHEN).fields
    ada.client.edit(CHEN, {"phone": "10000000023", "name": "陈国"})

    assert (shown["phone"], shown["name"]) == (SECOND, "陈国安")
    assert ada.store.own_sets()[-1].changes[0].over == {"name": 1}


def test_a_later_set_that_is_rejected_outlives_nothing(ada: Tablet, branch: Branch) -> None:
    branch.statuses = {1: "held"}
    fault = [{"change": 0, "field": "phone", "code": "invalid-value"}]
    branch.reject = lambda one: fault if one["number"] == 2 else None
    ada.client.edit(CHEN, {"phone": FIRST})
    ada.client.edit(CHEN, {"phone": SECOND})

    ada.client.sync()

    assert ada.client.record(CHEN).fields["phone"] == FIRST


def test_only_what_is_later_than_a_held_set_outlives_it(ada: Tablet, branch: Branch) -> None:
    branch.statuses = {1: "held", 3: "held"}
    for phone in (FIRST, SECOND, "10000000023"):
        ada.client.edit(CHEN, {"phone": phone})

    ada.client.sync()

    pending = [it.change.set for it in ada.store.pending_of(CHEN)]
    assert pending == [{}, {"phone": "10000000023"}]


@pytest.mark.parametrize("op", ["update", "delete"])
def test_a_held_deletion_hides_nothing_that_was_edited_since(op: Any) -> None:
    held = Pending(1, Change(op, "customer", CHEN, CHEN, {}), {})
    edited = Change("update", "customer", CHEN, CHEN, {"phone": SECOND})
    removed = Change("delete", "customer", CHEN, CHEN, {})

    assert (not_outlived(held, [edited], REGISTRY) is None) == (op == "delete")
    assert not_outlived(held, [removed], REGISTRY) == held
