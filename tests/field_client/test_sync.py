"""A sync may be cut at any line and be run again: nothing is lost, nothing happens twice."""

from typing import Any

import pytest

from field_client.faults import (
    NewDeviceError,
    NotSignedInError,
    OfflineError,
    OtherUserError,
    SignInAgainError,
)
from field_client.repairing import repair
from field_client.round_trip import SYNC
from schemas import problems
from tests.field_client.branches import Branch
from tests.field_client.tablets import CHEN, LIU, Tablet, customer, new_customer, tablet

Json = Any


def sets_of(request: Json) -> list[int]:
    return [it["number"] for it in request["body"]["sets"]]


def syncs(branch: Branch) -> list[Json]:
    return [it for it in branch.requests if it["path"] == SYNC]


def states(made: Tablet) -> list[str]:
    return [state for _, state in made.client.sets()]


def assert_same_copy(made: Tablet, branch: Branch) -> None:
    held = {it.id: dict(it.fields) for it in made.store.held_of()}
    told = {it.id: it.fields for it in branch.records.values() if not it.removed}
    assert held == told


# ------------------------------------------------------------------------------------- the rounds


def test_the_first_sync_fetches_the_scope(ada: Tablet, branch: Branch) -> None:
    assert_same_copy(ada, branch)
    assert ada.client.status().all_synced


def test_the_first_request_names_no_epoch_but_the_one_of_the_sign_in(
    branch: Branch, ada: Tablet
) -> None:
    first = syncs(branch)[0]["body"]

    assert first["cursor"] is None
    assert first["epoch"] in (None, branch.epoch)
    assert set(first) >= {"protocol", "schema", "epoch", "cursor", "sets"}


def test_a_days_work_takes_one_round_trip(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.edit(LIU, {"phone": "10000000022"})
    branch.put("customer", LIU, LIU, main_activity="茶叶种植")

    report = ada.client.sync()

    assert (report.requests, report.sent, report.count("applied")) == (1, 2, 2)
    assert_same_copy(ada, branch)
    assert states(ada) == ["accepted", "accepted"]


def test_pages_are_fetched_until_there_are_no_more(branch: Branch, ada: Tablet) -> None:
    for n in range(7):
        branch.put("customer", f"01990000-0000-7000-8000-00000000ce{n:02}", None, **customer())

    report = ada.client.sync(page=3)

    assert report.requests == 3
    assert_same_copy(ada, branch)


def test_the_view_switches_only_when_the_run_has_ended(ada: Tablet, branch: Branch) -> None:
    position = ada.store.identity().position
    branch.put("customer", CHEN, CHEN, phone="10000000031")
    branch.put("customer", LIU, LIU, phone="10000000032")
    branch.cut = [None, "up"]

    with pytest.raises(OfflineError):
        ada.client.sync(page=1)

    assert ada.client.record(CHEN).fields["phone"] == "13800000000"
    assert ada.store.identity().position == position
    ada.reopen()
    ada.client.sync(page=1)
    assert_same_copy(ada, branch)
    assert ada.store.identity().position == branch.head


def test_a_first_bootstrap_shows_records_page_by_page(
    ada: Tablet, branch: Branch, bo: Tablet, tmp_path: Any
) -> None:
    with tablet(tmp_path, branch, "wang") as fresh:
        branch.cut = [None, "up"]

        with pytest.raises(OfflineError):
            fresh.client.sync(page=4)

        assert len(fresh.store.held_of()) == 4
        assert fresh.store.identity().position == branch.head
        assert not fresh.client.status().all_synced
        fresh.client.sync(page=4)
        assert_same_copy(fresh, branch)


def test_an_accepted_set_stays_on_top_until_the_run_has_ended(ada: Tablet, branch: Branch) -> None:
    for n in range(3):
        branch.put("customer", f"01990000-0000-7000-8000-00000000ce{n:02}", None, **customer())
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.cut = [None, "up"]

    with pytest.raises(OfflineError):
        ada.client.sync(page=1)

    assert states(ada) == ["accepted"]
    assert ada.client.record(CHEN).fields["phone"] == "10000000021"
    assert not ada.client.status().all_synced
    ada.client.edit(CHEN, {"phone": "10000000022"})
    assert ada.store.own_sets()[-1].changes[0].over == {"phone": 1}


def test_work_made_while_pages_come_goes_with_the_next_request(ada: Tablet, branch: Branch) -> None:
    for n in range(4):
        branch.put("customer", f"01990000-0000-7000-8000-00000000ce{n:02}", None, **customer())
    made: list[int] = []

    def work(report: object) -> None:
        if not made:
            made.append(1)
            ada.client.edit(CHEN, {"phone": "10000000021"})

    ada.client.sync(work, page=2)

    assert [sets_of(it) for it in syncs(branch)[1:3]] == [[], [1]]
    assert_same_copy(ada, branch)


# ------------------------------------------------------------------------------------------- cuts


@pytest.mark.parametrize("cut", ["up", "down"])
def test_the_same_sets_go_out_again_after_a_cut(ada: Tablet, branch: Branch, cut: str) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.cut = [cut]

    with pytest.raises(OfflineError):
        ada.client.sync()
    assert states(ada) == ["sent"]
    ada.reopen()
    ada.client.edit(CHEN, {"phone": "10000000022"})
    report = ada.client.sync()

    first, second = syncs(branch)[-2:]
    assert first["body"]["sets"][0] == second["body"]["sets"][0]
    assert [it["repeated"] for it in report.results] == [cut == "down", False]
    assert_same_copy(ada, branch)
    assert ada.client.status().all_synced


def test_sets_are_marked_as_sent_before_the_request_goes_out(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    assert states(ada) == ["ready"]
    ada.link.up = False

    with pytest.raises(OfflineError):
        ada.client.sync()

    assert states(ada) == ["sent"]


def test_a_result_that_comes_twice_is_kept_once(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()
    before = ada.store.own_sets()

    ada.store.take_result({"number": 1, "status": "rejected", "errors": []}, "2027-01-01T00:00:00Z")

    assert ada.store.own_sets() == before


# --------------------------------------------------------------------------------------- problems


@pytest.mark.parametrize("problem", [problems.BadCursorError, problems.StartOverError])
def test_a_bootstrap_into_a_fresh_copy_keeps_pending_work(
    ada: Tablet, branch: Branch, problem: type[problems.XiangxinError]
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    del branch.records[LIU]  # never told: only a fresh copy loses it
    branch.answer_with = [problem()]
    branch.cut = [None, "up"]

    with pytest.raises(OfflineError):
        ada.client.sync()

    assert states(ada) == ["accepted"]  # the problem answer carried the result
    assert ada.client.record(LIU).fields["name"] == "刘秀英"  # the old copy is still shown
    assert ada.client.record(CHEN).fields["phone"] == "10000000021"
    ada.reopen()
    ada.client.sync(page=2)
    assert_same_copy(ada, branch)
    assert syncs(branch)[-1]["body"]["cursor"] is not None


def test_a_locked_device_learns_its_results_and_says_so(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.answer_with = [problems.DeviceLockedError()]

    with pytest.raises(problems.DeviceLockedError):
        ada.client.sync()

    assert states(ada) == ["accepted"]
    assert not ada.client.status().all_synced


def test_a_wiped_device_destroys_what_it_holds(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.answer_with = [problems.DeviceWipedError()]

    with pytest.raises(problems.DeviceWipedError):
        ada.client.sync()

    assert ada.client.records() == []
    assert ada.store.own_sets() == []
    assert "陈国平".encode() not in ada.path.read_bytes()


def test_a_wiped_device_finds_it_out_at_the_sign_in_too(ada: Tablet, branch: Branch) -> None:
    branch.refuse_sign_in = problems.DeviceWipedError()

    with pytest.raises(problems.DeviceWipedError):
        ada.login()

    assert ada.client.records() == []


STRANGER = "01990000-0000-7000-8000-0000000000ff"
DAMAGE = {
    "an old version": f"UPDATE record SET fields = '{{}}', version = 1 WHERE id = '{LIU}'",
    "a lost record": f"DELETE FROM record WHERE id = '{LIU}'",
    "a lost copy": "DELETE FROM record",
    "a record of nobody": f"INSERT INTO record SELECT '{STRANGER}', type, customer, version, gone, "
    f"fields FROM record WHERE id = '{LIU}'",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_digest_that_differs_is_an_incident_and_the_copy_is_repaired(
    ada: Tablet, branch: Branch, damage: str
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.store.database.execute(damage)

    ada.client.sync()

    assert_same_copy(ada, branch)
    assert [it["kind"] for it in ada.store.incidents()] == ["digest-mismatch"]
    assert ada.client.status().all_synced
    assert all(it["body"]["cursor"] is not None for it in syncs(branch)[1:])
    calls = [it["body"]["continued"] for it in branch.requests if it["path"].endswith("/repair")]
    assert calls == [it > 0 for it in range(len(calls))]


def test_a_repair_leaves_pending_work_alone(ada: Tablet, branch: Branch) -> None:
    ada.store.database.execute("DELETE FROM record WHERE id = ?", [LIU])
    ada.client.edit(CHEN, {"phone": "10000000021"})
    made = ada.store.waiting()[0].content
    repair(ada.store, ada.link)

    waiting = ada.store.waiting()

    assert [(it.content, it.state) for it in waiting] == [(made, "ready")]
    assert ada.client.record(CHEN).fields["phone"] == "10000000021"
    assert ada.client.record(LIU).fields["name"] == "刘秀英"


@pytest.mark.parametrize("cut", ["up", "down"])
def test_a_repair_that_is_cut_is_made_at_the_next_sync(
    ada: Tablet, branch: Branch, cut: str
) -> None:
    ada.store.database.execute("DELETE FROM record WHERE id = ?", [LIU])
    branch.cut = [None, cut]
    with pytest.raises(OfflineError):
        ada.client.sync()
    before = ada.client.status().all_synced

    ada.client.sync()

    assert not before
    assert_same_copy(ada, branch)
    assert ada.client.status().all_synced


def test_where_a_repair_is_not_to_be_had_everything_is_fetched_anew(
    ada: Tablet, branch: Branch
) -> None:
    ada.store.database.execute("UPDATE record SET fields = '{}', version = 1 WHERE id = ?", [LIU])
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.repairs = False

    ada.client.sync()

    assert_same_copy(ada, branch)
    assert [it["kind"] for it in ada.store.incidents()] == ["digest-mismatch"]
    assert ada.client.status().all_synced
    assert syncs(branch)[-1]["body"]["cursor"] is None


def test_where_a_repair_does_not_help_everything_is_fetched_anew(
    ada: Tablet, branch: Branch
) -> None:
    branch.wrong_digest = 2

    ada.client.sync()

    assert_same_copy(ada, branch)
    assert [it["body"]["cursor"] is None for it in syncs(branch)[1:]] == [False, False, True]
    assert ada.client.status().all_synced


def test_a_digest_that_stays_wrong_does_not_go_on_for_ever(ada: Tablet, branch: Branch) -> None:
    branch.wrong_digest = 10

    report = ada.client.sync()

    assert report.requests == 4
    assert not ada.client.status().all_synced


def test_a_request_that_is_too_large_is_halved(ada: Tablet, branch: Branch) -> None:
    for n in range(8):
        ada.client.edit(CHEN, {"phone": f"1000000002{n}"})
    branch.answer_with = [problems.TooLargeError(), problems.TooLargeError()]

    ada.client.sync()

    assert [len(sets_of(it)) for it in syncs(branch)[1:]] == [8, 4, 2, 2, 2, 2]
    assert set(states(ada)) == {"accepted"}


def test_a_set_that_is_too_large_alone_goes_as_a_stand_in(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.answer_with = [problems.TooLargeError()]

    ada.client.sync()

    assert states(ada) == ["needs_attention"]
    assert branch.sets[ada.store.identity().id][1][0]["changes"] == []
    assert ada.store.own_sets()[0].changes[0].set == {"phone": "10000000021"}


def test_a_set_whose_content_is_damaged_goes_as_a_stand_in_and_blocks_nothing(
    ada: Tablet, branch: Branch
) -> None:
    for n in range(3):
        ada.client.edit(CHEN, {"phone": f"1000000002{n}"})
    ada.store.database.execute("UPDATE change_set SET content = '{' WHERE number = 2")

    ada.client.sync()

    assert states(ada) == ["accepted", "needs_attention", "accepted"]
    assert [it["action"] for it in syncs(branch)[-1]["body"]["sets"]] == [
        "edit",
        "unreadable",
        "edit",
    ]


# ------------------------------------------------------------------------ restored, copied, evicted


def test_after_a_restore_every_lost_set_is_offered_again(ada: Tablet, branch: Branch) -> None:
    for n in range(4):
        ada.client.edit(CHEN, {"phone": f"1000000002{n}"})
        ada.client.sync()
    branch.restore("epoch-2", {ada.store.identity().id: 2})
    branch.records[CHEN].fields["phone"] = "10000000021"

    ada.client.sync()

    refused, offered = syncs(branch)[-2:]
    assert (refused["body"]["epoch"], offered["body"]["epoch"]) == ("epoch-1", "epoch-2")
    assert sets_of(offered) == [3, 4]
    assert offered["body"]["cursor"] is None
    assert [it["epoch"] for it in offered["body"]["sets"]] == ["epoch-1", "epoch-1"]
    assert_same_copy(ada, branch)
    assert ada.client.record(CHEN).fields["phone"] == "10000000023"


def test_after_a_restore_discarded_work_goes_as_withdrawn(ada: Tablet, branch: Branch) -> None:
    branch.reject = lambda one: [{"change": 0, "field": "phone", "code": "invalid-value"}]
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()
    ada.client.discard(1)
    branch.reject = lambda one: None
    branch.restore("epoch-2", {ada.store.identity().id: 0})

    ada.client.sync()

    (offered,) = syncs(branch)[-1]["body"]["sets"]
    assert offered["action"] == "withdrawn"
    assert offered["changes"][0]["set"] == {"phone": "10000000021"}
    assert ada.client.attention() == []
    assert ada.client.record(CHEN).fields["phone"] == "13800000000"


def test_a_sign_in_after_a_restore_begins_the_new_epoch_too(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()
    branch.restore("epoch-2", {ada.store.identity().id: 0})

    ada.login()

    assert states(ada) == ["sent"]
    ada.client.sync()
    assert states(ada) == ["accepted"]


def test_a_store_restored_from_an_old_image_goes_on_as_a_new_device(
    ada: Tablet, branch: Branch
) -> None:
    old = ada.store.identity().id
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.edit(LIU, {"phone": "10000000022"})
    branch.sets[old] = {
        n: ({"id": f"x{n}", "changes": []}, {"status": "applied", "changes": []}) for n in (1, 2, 3)
    }

    with pytest.raises(NewDeviceError):
        ada.client.sync()
    ids = [it.id for it in ada.store.own_sets()]
    with pytest.raises(SignInAgainError):
        ada.client.sync()
    ada.login()
    ada.client.sync()

    new = ada.store.identity().id
    assert new != old
    assert [it[0]["id"] for it in branch.sets[new].values()] == ids
    assert list(branch.sets[new]) == [1, 2]
    assert set(states(ada)) == {"accepted"}
    assert_same_copy(ada, branch)


def test_a_server_that_knows_more_numbers_than_this_store_makes_a_new_device(
    ada: Tablet, branch: Branch
) -> None:
    old = ada.store.identity().id
    branch.sets[old] = {1: ({"id": "x", "changes": []}, {"status": "applied", "changes": []})}

    with pytest.raises(NewDeviceError):
        ada.client.sync()

    assert ada.store.identity().id != old


def test_a_sign_in_finds_the_copied_store_out(ada: Tablet, branch: Branch) -> None:
    old = ada.store.identity().id
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.edit(CHEN, {"phone": "10000000022"})
    branch.sets[old] = {
        n: ({"id": f"x{n}", "changes": []}, {"status": "applied", "changes": []})
        for n in range(1, 9)
    }

    ada.login()
    ada.client.sync()

    assert ada.store.identity().id != old
    assert [it.changes[0].over for it in ada.store.own_sets()] == [{}, {"phone": 1}]
    assert ada.client.record(CHEN).fields["phone"] == "10000000022"


def test_numbers_that_the_server_lost_without_a_word_are_offered_again(
    ada: Tablet, branch: Branch
) -> None:
    for n in range(3):
        ada.client.edit(CHEN, {"phone": f"1000000002{n}"})
        ada.client.sync()
    branch.restore(branch.epoch, {ada.store.identity().id: 1})
    ada.client.edit(LIU, {"phone": "10000000029"})

    ada.client.sync()

    assert sets_of(syncs(branch)[-1]) == [2, 3, 4]
    assert ada.client.status().all_synced


# ------------------------------------------------------------------------------------------- held


def test_a_held_set_counts_as_sent_and_is_asked_after(ada: Tablet, branch: Branch) -> None:
    branch.statuses = {1: "held"}
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()
    ada.client.edit(LIU, {"phone": "10000000022"})
    ada.client.sync()

    assert states(ada) == ["sent", "accepted"]
    assert syncs(branch)[-1]["body"]["held"] == [1]
    assert sets_of(syncs(branch)[-1]) == [2]
    assert syncs(branch)[-1]["body"]["received_through"] == 0
    assert ada.client.record(CHEN).fields["phone"] == "10000000021"
    assert not ada.client.status().all_synced


# ----------------------------------------------------------------------------------------- handover


def test_a_customer_that_left_is_dropped_and_pending_work_stays(
    ada: Tablet, branch: Branch
) -> None:
    branch.take_away(CHEN)
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.note(CHEN, "routine", narrative="晚了。")
    branch.reject = lambda one: [{"change": 0, "field": None, "code": "out-of-scope"}]

    ada.client.sync()

    assert ada.store.held_of(customer=CHEN) == []
    assert [it.set.number for it in ada.client.attention() if it.set] == [1, 2]
    assert ada.store.own_sets()[0].changes[0].set == {"phone": "10000000021"}


def test_a_removed_record_with_pending_work_stays_readable(ada: Tablet, branch: Branch) -> None:
    branch.remove(LIU)
    branch.statuses = {1: "held"}
    ada.client.edit(LIU, {"phone": "10000000021"})

    ada.client.sync()

    shown = ada.client.record(LIU)
    assert (shown.gone, shown.fields["phone"]) == (True, "10000000021")
    assert ada.store.incidents() == []  # a tombstone is no part of the digest
    ada.store.take_result({"number": 1, "status": "merged", "changes": []}, "2026-06-16T00:00:00Z")
    ada.client.sync()
    assert ada.store.held(LIU) is None


# ----------------------------------------------------------------------------------------- waiting


def test_waiting_says_what_stays_behind(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    form = ada.client.open_form(LIU)
    form["phone"] = "10000000022"
    form.keep()

    ada.client.sync()

    assert syncs(branch)[-1]["body"]["waiting"] == {
        "sets": 0,
        "oldest": None,
        "attachments": 0,
        "attention": 0,
        "drafts": 1,
        "customers": [LIU],
    }


def test_what_does_not_fit_into_a_request_is_told_and_follows(ada: Tablet, branch: Branch) -> None:
    for n in range(3):
        ada.client.create("customer", None, new_customer(main_activity=f"{n}"))
    branch.answer_with = [problems.TooLargeError()]

    ada.client.sync()

    assert [it["body"]["waiting"]["sets"] for it in syncs(branch)[-3:]] == [2, 1, 0]
    assert len(syncs(branch)[-3]["body"]["waiting"]["customers"]) == 2


# --------------------------------------------------------------------------------------- signing in


def test_nobody_syncs_before_signing_in(tmp_path: Any, branch: Branch) -> None:
    made = Tablet(tmp_path / "new.db", branch)

    with pytest.raises(NotSignedInError):
        made.client.sync()
    made.store.close()


def test_an_expired_token_is_renewed_and_the_new_one_stored_before_use(
    ada: Tablet, branch: Branch
) -> None:
    old = ada.store.identity().refresh_token
    branch.expire_access()
    branch.cut = [None, None, "up"]  # sync refused, refresh fine, sync lost

    with pytest.raises(OfflineError):
        ada.client.sync()

    assert ada.store.identity().refresh_token not in (None, old)
    ada.reopen()
    ada.client.sync()
    assert ada.client.status().all_synced


def test_a_lost_reply_to_a_refresh_logs_nobody_out(ada: Tablet, branch: Branch) -> None:
    branch.expire_access()
    branch.cut = [None, "down"]

    with pytest.raises(OfflineError):
        ada.client.sync()
    ada.client.sync()

    assert ada.client.status().all_synced


def test_an_ended_sign_in_asks_for_the_password_and_keeps_the_work(
    ada: Tablet, branch: Branch
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.expire_access()
    branch.refresh_tokens.clear()

    with pytest.raises(SignInAgainError):
        ada.client.sync()
    with pytest.raises(SignInAgainError):
        ada.client.sync()

    ada.login()
    ada.client.sync()
    assert ada.client.status().all_synced


def test_signing_out_keeps_everything(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})

    ada.client.logout()

    assert states(ada) == ["ready"]
    assert ada.client.record(CHEN).fields["phone"] == "10000000021"
    with pytest.raises(SignInAgainError):
        ada.client.sync()


def test_a_store_is_one_users(ada: Tablet) -> None:
    with pytest.raises(OtherUserError):
        ada.login("zhao.lei")


# ---------------------------------------------------------------------------------------- 35 days


def test_contents_are_kept_35_days_after_the_result(
    ada: Tablet, branch: Branch, monkeypatch: Any
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    branch.reject = lambda one: (
        [{"change": 0, "field": "phone", "code": "invalid-value"}] if one["number"] == 2 else None
    )
    ada.client.edit(CHEN, {"phone": "10000000022"})
    ada.client.sync()
    for day, kept in (
        ("2026-07-21T03:59:59.000Z", [True, True]),
        ("2026-07-21T04:00:01.000Z", [False, True]),
    ):
        monkeypatch.setattr("tests.field_client.branches.SERVER_TIME", day)
        ada.client.sync()

        assert [it.content is not None for it in ada.store.own_sets()] == kept
    assert [it.number for it in ada.store.own_sets()] == [1, 2]
