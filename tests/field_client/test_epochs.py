"""When numbers no longer fit: a server restored, a store copied, and both at once (protocol.md, section 8)."""

from pathlib import Path
from typing import Any

import pytest

from field_client.faults import NewDeviceError, SignInAgainError
from field_client.round_trip import SYNC
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, LIU, Tablet, new_customer

Json = Any
LATER = "2026-08-01T00:00:00.000Z"


def sent(branch: Branch) -> list[Json]:
    """Return the sets of the newest request."""
    found: list[Json] = [it for it in branch.requests if it["path"] == SYNC][-1]["body"]["sets"]
    return found


def word(made: Tablet, number: int) -> str:
    """Return the state that a set is shown in."""
    return next(state for one, state in made.client.sets() if one.number == number)


def phones(*last: int) -> list[str]:
    return [f"1000000002{it}" for it in last]


def work(made: Tablet, *last: int) -> list[str]:
    """Let an officer change a phone number several times, each synced; return the sets' ids."""
    for phone in phones(*last):
        made.client.edit(CHEN, {"phone": phone})
        made.client.sync()
    return [it.id for it in made.store.own_sets()]


def copied(made: Tablet, branch: Branch) -> None:
    """Let a copy of the store have sent sets of its own, so that this one becomes a new device."""
    device = made.store.identity().id
    for number in (*(it.number for it in made.store.waiting()), 9):
        theirs = {"id": "x", "changes": []}, {"status": "applied", "changes": []}
        branch.sets[device][number] = theirs
    with pytest.raises(NewDeviceError):
        made.client.sync()
    made.login()


# ---------------------------------------------------------------------------- of which epoch a view is


def test_what_is_made_while_the_new_view_is_not_whole_is_of_the_old_epoch(
    ada: Tablet, branch: Branch
) -> None:
    branch.restore("epoch-2", {})
    branch.cut = [None, None, "down"]  # refused, the first page, and then the link breaks
    with pytest.raises(Exception, match="offline"):
        ada.client.sync(page=1)

    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()

    assert ada.store.own_sets()[0].epoch == "epoch-1"
    ada.client.edit(CHEN, {"phone": "10000000022"})
    assert ada.store.own_sets()[1].epoch == "epoch-2"


def test_a_form_is_of_the_epoch_in_which_it_was_opened(ada: Tablet, branch: Branch) -> None:
    form = ada.client.open_form(CHEN)
    form["phone"] = "10000000021"
    form.keep()
    base = form.base
    branch.restore("epoch-2", {})
    ada.client.sync()

    made = ada.client.open_form(CHEN).save()

    assert made is not None
    assert (made.epoch, made.base) == ("epoch-1", base)


# ------------------------------------------------------------------------------ what is offered again


def test_everything_above_what_the_server_knows_goes_out_in_order_and_as_it_was(
    ada: Tablet, branch: Branch
) -> None:
    ids = work(ada, 1, 2, 3)
    before = [it.content for it in ada.store.own_sets()]
    branch.restore("epoch-2", {ada.store.identity().id: 1})

    ada.client.sync()

    assert [(it["number"], it["id"]) for it in sent(branch)] == [(2, ids[1]), (3, ids[2])]
    assert sent(branch) == before[1:]


def test_a_set_stays_for_35_days_after_its_newest_result(ada: Tablet, branch: Branch) -> None:
    work(ada, 1)
    branch.restore("epoch-2", {ada.store.identity().id: 0})
    ada.client.sync()

    assert ada.store.forget_contents("2026-01-01T00:00:00.000Z") == 0
    assert ada.store.own_sets()[0].content is not None
    assert ada.store.forget_contents("2030-01-01T00:00:00.000Z") == 1


def test_what_is_gone_goes_as_withdrawn_and_needs_nobody(ada: Tablet, branch: Branch) -> None:
    work(ada, 1, 2)
    ada.store.forget_contents("2030-01-01T00:00:00.000Z")
    branch.restore("epoch-2", {ada.store.identity().id: 0})

    ada.client.sync()

    assert [(it["action"], it["changes"]) for it in sent(branch)] == [("withdrawn", [])] * 2
    assert ada.client.attention() == []
    assert ada.client.status().all_synced


def test_a_mended_set_goes_as_withdrawn_and_what_mends_it_as_it_is(
    ada: Tablet, branch: Branch
) -> None:
    branch.reject = lambda one: [{"change": 0, "field": "phone", "code": "invalid-value"}]
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()
    branch.reject = lambda one: None
    ada.client.mend(1, {CHEN: {"phone": "10000000022"}})
    ada.client.sync()
    branch.restore("epoch-2", {ada.store.identity().id: 0})

    ada.client.sync()

    assert [it["action"] for it in sent(branch)] == ["withdrawn", "mend"]
    assert ada.client.record(CHEN).fields["phone"] == "10000000022"
    assert ada.client.status().all_synced


def test_the_user_signs_in_again_and_nothing_is_lost_meanwhile(ada: Tablet, branch: Branch) -> None:
    work(ada, 1)
    branch.restore("epoch-2", {ada.store.identity().id: 0})
    branch.access_tokens.clear()
    branch.refresh_tokens.clear()
    device = ada.store.identity().id
    with pytest.raises(SignInAgainError):
        ada.client.sync()
    ada.client.edit(CHEN, {"phone": "10000000022"})

    ada.login()
    ada.client.sync()

    assert ada.store.identity().id == device
    assert list(branch.sets[device]) == [1, 2]
    assert ada.client.status().all_synced


# ---------------------------------------------------------------------- a store that was copied before


def test_a_store_that_went_on_as_another_device_offers_the_earlier_one_s_sets_as_well(
    ada: Tablet, branch: Branch
) -> None:
    work(ada, 1, 2)
    copied(ada, branch)
    second = ada.store.identity().id
    ids = work(ada, 3)
    branch.restore("epoch-2", dict.fromkeys(branch.sets, 0))

    with pytest.raises(NewDeviceError):
        ada.client.sync()
    ada.login()
    ada.client.sync()

    third = ada.store.identity().id
    assert third != second
    assert [it[0]["id"] for it in branch.sets[third].values()] == ids
    assert list(branch.sets[third]) == [1, 2, 3]
    assert ada.client.record(CHEN).fields["phone"] == "10000000023"
    assert ada.client.status().all_synced


def test_a_sign_in_finds_out_both_at_once(ada: Tablet, branch: Branch) -> None:
    ids = work(ada, 1, 2)
    branch.restore("epoch-2", {})
    branch.sets[ada.store.identity().id] = {
        n: ({"id": f"x{n}", "changes": []}, {"status": "applied", "changes": []})
        for n in range(1, 9)
    }

    ada.login()
    ada.client.sync()

    assert [it[0]["id"] for it in branch.sets[ada.store.identity().id].values()] == ids
    assert ada.client.status().all_synced


def test_an_open_form_goes_on_with_the_new_numbers(ada: Tablet, branch: Branch) -> None:
    work(ada, 1)
    ada.link.up = False
    ada.client.edit(CHEN, {"phone": "10000000022"})
    form = ada.client.open_form(CHEN)
    form["phone"] = "10000000023"
    form.keep()
    ada.link.up = True
    copied(ada, branch)

    made = ada.client.open_form(CHEN).save()

    assert made is not None
    assert (made.number, made.changes[0].over) == (2, {"phone": 1})


def restored(made: Tablet, branch: Branch) -> None:
    """Let a server come back that has lost everything, so that a store with earlier devices is a new one."""
    branch.restore(f"{branch.epoch} again", dict.fromkeys(branch.sets, 0))
    with pytest.raises(NewDeviceError):
        made.client.sync()
    made.login()


def left_open(made: Tablet, phone: str) -> None:
    """Type into a form and go away."""
    form = made.client.open_form(CHEN)
    form["phone"] = phone
    form.keep()


def finished(made: Tablet) -> tuple[int, Json]:
    """Come back to the form and finish it; return the set's number and what it is made over."""
    saved = made.client.open_form(CHEN).save()
    assert saved is not None
    return saved.number, saved.changes[0].over


def test_a_form_is_made_over_what_was_saved_after_it_was_opened_by_an_earlier_device_too(
    ada: Tablet, branch: Branch
) -> None:
    left_open(ada, "10000000029")
    work(ada, 1)
    copied(ada, branch)
    restored(ada, branch)

    assert finished(ada) == (2, {"phone": 1})


def test_a_form_is_made_over_what_it_showed_of_an_earlier_device(
    ada: Tablet, branch: Branch
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    left_open(ada, "10000000029")
    ada.client.sync()
    copied(ada, branch)
    restored(ada, branch)

    assert finished(ada) == (2, {"phone": 1})


def test_a_form_is_not_made_over_what_is_older_and_only_comes_again(
    ada: Tablet, branch: Branch
) -> None:
    work(ada, 1)
    copied(ada, branch)
    left_open(ada, "10000000029")
    restored(ada, branch)

    assert finished(ada) == (2, {})


def test_a_form_names_nothing_that_an_earlier_device_sent(ada: Tablet, branch: Branch) -> None:
    left_open(ada, "10000000029")
    work(ada, 1, 2)
    copied(ada, branch)

    assert finished(ada) == (1, {})


def test_what_is_typed_over_an_earlier_device_s_set_names_none_and_is_shown(
    ada: Tablet, branch: Branch
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.edit(CHEN, {"phone": "10000000022"})
    device = ada.store.identity().id
    branch.sets[device] = {9: ({"id": "x", "changes": []}, {"status": "applied", "changes": []})}
    with pytest.raises(NewDeviceError):
        ada.client.sync()  # a copy was here: both sets have their results, and no page has come
    assert ada.store.waiting() == []

    ada.client.edit(CHEN, {"phone": "10000000023"})

    assert ada.client.record(CHEN).fields["phone"] == "10000000023"
    assert [it.changes[0].over for it in ada.store.waiting()] == [{}]


# ------------------------------------------------------------------------------------------- held


def test_a_held_set_is_sent_until_its_result_comes(ada: Tablet, branch: Branch) -> None:
    branch.statuses = {1: "held"}
    ada.client.edit(LIU, {"phone": "10000000021"})
    ada.client.sync()
    assert (word(ada, 1), ada.client.status().all_synced) == ("sent", False)

    ada.store.take_result({"number": 1, "status": "merged", "changes": []}, LATER)

    assert word(ada, 1) == "accepted"
    assert ada.store.own_sets("status = 'held'") == []


def test_a_held_set_that_is_rejected_at_last_needs_its_user(ada: Tablet, branch: Branch) -> None:
    branch.statuses = {1: "held"}
    ada.client.edit(LIU, {"phone": "10000000021"})
    ada.client.sync()

    errors = [{"change": 0, "field": None, "code": "unknown-record", "message": "…"}]
    ada.store.take_result({"number": 1, "status": "rejected", "errors": errors}, LATER)

    assert [it.set.number for it in ada.client.attention() if it.set] == [1]


def test_a_held_set_goes_along_to_a_new_device(ada: Tablet, branch: Branch, tmp_path: Path) -> None:
    branch.statuses = {1: "held"}
    made = ada.client.create("customer", None, new_customer(id_no="999901198509230028"))
    ada.client.sync()
    copied(ada, branch)
    branch.statuses = {}

    ada.client.sync()

    assert [it["number"] for it in sent(branch)] == [1]
    assert ada.client.record(made).fields["name"] == "王桂英"
