"""What a tablet makes of a server that was restored: what that holds, and what is ahead of it (section 8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_client.faults import OfflineError
from field_client.round_trip import SYNC
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, VILLAGE, Tablet, new_customer, tablet
from tests.field_client.test_epochs import copied, sent, word, work


def test_what_the_server_holds_is_not_accepted_whatever_was_told_of_it(
    ada: Tablet, branch: Branch
) -> None:
    ids = work(ada, 1, 2)
    branch.restore("epoch-2", {})
    branch.holds = [ids[0]]

    ada.client.sync()

    assert (word(ada, 1), word(ada, 2)) == ("sent", "accepted")
    assert not ada.client.status().all_synced
    assert branch.requests[-1]["body"]["held"] == [1]


def test_a_number_of_which_another_stores_set_is_held_says_nothing(
    ada: Tablet, branch: Branch
) -> None:
    work(ada, 1)
    branch.restore("epoch-2", {})
    branch.holds = ["a set that this store never made"]

    ada.client.sync()

    assert ada.client.status().all_synced


def test_a_held_set_shows_nothing_over_what_came_later(ada: Tablet, branch: Branch) -> None:
    ids = work(ada, 1, 2)
    branch.restore("epoch-2", {})
    branch.holds = [ids[0]]

    ada.client.sync()

    assert ada.client.record(CHEN).fields["phone"] == "10000000022"
    assert ada.store.pending_of(CHEN)[0].change.set == {}


def test_earlier_devices_are_offered_only_to_a_server_that_knows_nothing_of_this_one(
    ada: Tablet, branch: Branch
) -> None:
    work(ada, 1)
    copied(ada, branch)
    work(ada, 2)
    device = ada.store.identity().id
    branch.restore("epoch-2", {})

    ada.client.sync()

    assert ada.store.identity().id == device
    assert sent(branch) == []
    assert ada.client.status().all_synced


# --------------------------------------------------------------------------- a first bootstrap, again


@pytest.fixture
def new(tmp_path: Path, branch: Branch) -> Iterator[Tablet]:
    """A tablet that has signed in and broke off its first bootstrap after one record."""
    with tablet(tmp_path, branch) as made:
        branch.cut = [None, "down"]
        with pytest.raises(OfflineError):
            made.client.sync(page=1)
        yield made


def test_one_that_goes_on_as_another_run_begins_with_an_empty_copy(
    new: Tablet, branch: Branch
) -> None:
    (first,) = [it.id for it in new.store.held_of()]
    branch.put("org_unit", VILLAGE, None, name="东坡")
    cursor = new.store.identity().cursor
    assert cursor is not None
    new.store.note(cursor=json.dumps([0, 0, 0]))  # as a server does for an upgraded program

    new.client.sync(page=1)

    pulls = [it["body"]["cursor"] for it in branch.requests if it["path"] == SYNC]
    assert pulls.count(None) == 2
    assert new.store.held(first) is not None
    assert new.store.identity().whole


def test_own_work_that_has_not_come_yet_is_seen_as_it_was_made(new: Tablet) -> None:
    made = new.client.create("customer", None, new_customer())
    base = new.store.own_sets()[0].base
    new.store.note(position=base + 7)

    assert new.client.open_form(made).base == base
    edited = new.client.edit(made, {"phone": "10000000029"})
    assert edited is not None
    assert edited.base == base


def test_own_work_of_another_epoch_is_seen_as_the_server_stored_it(new: Tablet) -> None:
    made = new.client.create("customer", None, new_customer())
    version = {"id": made, "version": 12, "status": "applied", "conflicts": []}
    result = {"number": 1, "status": "applied", "repeated": False, "changes": [version]}
    new.store.take_result(result, "2026-06-16T01:00:00.000Z")
    new.store.note(position=20, view_epoch="epoch-2")

    assert new.client.open_form(made).base == 12


def test_what_has_come_is_seen_as_of_the_run(new: Tablet) -> None:
    (here,) = [it.id for it in new.store.held_of()]
    new.store.note(position=20)

    assert new.store.base_of(here) == 20
