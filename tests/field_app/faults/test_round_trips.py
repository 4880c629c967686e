"""The tablet and the real server: pages, problems, cuts, handovers; both copies equal, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from field_client.client import FieldClient
from tests.field_app.faults.agreement import LI, assert_converged, hand_over, task
from tests.field_app.faults.desk import Desk, Folder
from tests.field_app.faults.line import BadLine
from tests.field_app.faults.origin import Origin
from tests.journeys.village import CHEN, HUANG, LOAN, ZHOU, Call
from tests.server.branch import national_id

pytestmark = pytest.mark.browser
Json = Any


# ------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("page", [1, 2, 3, 7, 500])
def test_a_first_download_is_whole_whatever_the_pages(desk: Desk, place: Origin, page: int) -> None:
    desk.close()
    desk.sign_in(LI)

    report = desk.synced(page)

    assert report["requests"] >= len(place.scope(LI)) // page
    assert_converged(desk, place)


def test_a_first_download_that_is_killed_goes_on_where_it_was(
    folder: Folder, place: Origin, line: BadLine
) -> None:
    with folder.desk() as desk:
        desk.sign_in(LI)
        desk.page.evaluate("void app.sync(app.officer, { page: 1 })")
        desk.until("return desk.store.digest().records >= 5")
        folder.kill()

    with folder.desk() as desk:
        assert "value" in desk.unlock()
        first = desk.meta()
        assert not first["whole"]
        assert first["cursor"] is not None
        report = desk.synced(page=1)

        whole = len(place.scope(LI))
        assert report["records"] < whole
        assert_converged(desk, place)


def test_the_view_switches_when_the_run_has_ended_whoever_dies_between(
    folder: Folder, place: Origin, other: FieldClient
) -> None:
    with folder.desk() as desk:
        desk.sign_in(LI)
        desk.synced()
        before, base = desk.copy(), desk.meta()["position"]
        for customer in (CHEN, HUANG, ZHOU):
            for turn in range(4):
                other.create("task", customer, task(f"事{turn}"))
            other.edit(customer, {"phone_alt": "10000000099"})
        other.sync()
        desk.page.evaluate("void app.sync(app.officer, { page: 1 })")
        desk.until("return (await desk.store.staged()).length >= 4")
        folder.kill()

    with folder.desk() as desk:
        assert "value" in desk.unlock()
        staged = desk.value("return (await desk.store.staged()).length")
        assert 4 <= staged < 15
        assert (desk.copy(), desk.meta()["position"]) == (before, base)
        assert not desk.meta()["caught_up"]

        report = desk.synced(page=1)

        assert report["records"] == 15 - staged
        assert_converged(desk, place)


def test_work_goes_out_between_the_pages_and_stays_on_top(
    desk: Desk, place: Origin, other: FieldClient
) -> None:
    for turn in range(6):
        other.create("task", HUANG, task(f"事{turn}"))
    other.sync()
    desk.edit(HUANG, phone="10000000051")

    seen = desk.value(
        """
        const seen = [];
        const look = async () => {
          const { fields } = await app.recordOf(desk.store, desk.registry, it.customer, it.customer);
          seen.push([fields.phone, desk.store.sets.map((one) => one.state).join()]);
        };
        const pages = [];
        await app.sync(officer, { page: 2, progress: () => pages.push(look()) });
        await Promise.all(pages);
        return seen;
        """,
        customer=HUANG,
    )

    assert {phone for phone, _ in seen} == {"10000000051"}
    assert "answered" in {states for _, states in seen}, "accepted, and still on top"
    assert_converged(desk, place)


# ------------------------------------------------------------------- what is not sent back to its maker


def test_what_was_applied_is_copied_from_the_set_and_equals_the_servers(
    desk: Desk, place: Origin
) -> None:
    desk.edit(CHEN, phone="10000000061", tags=["脱贫户", "示范村"], preferences="晚上在家。")
    desk.edit(CHEN, **{"assets.h1.label": "砖房", "assets.h1.value_fen": 5, "phone_alt": None})
    task_id = desk.create("task", CHEN, **task("回访"))
    desk.take(CHEN, LOAN, 12_345)
    desk.edit(CHEN, tags=["示范村"], **{"assets.h1.label": None})

    sent = desk.value(
        """
        const sent = [];
        const change = (body, isAnswer) => {
          if (isAnswer) sent.push(...body.records);
          return body;
        };
        await app.sync(officer, { change });
        return sent;
        """
    )

    assert {it["status"] for it in desk.sets()} == {"applied"}
    (chen,) = [it for it in sent if it["id"] == CHEN]
    assert chen["whole"] is False
    assert set(chen["set"]) == {"tags"}
    assert task_id not in [it["id"] for it in sent if it.get("whole")]
    assert_converged(desk, place)


def test_a_number_that_the_server_gives_comes_back(desk: Desk, place: Origin) -> None:
    fields = {
        "name": "刘秀英", "id_no": national_id(77), "phone": "10000000031", "segment": "grain",
        "village_id": desk.view(CHEN, CHEN)["village_id"],
    }  # fmt: skip
    made = desk.create("customer", None, **fields)

    desk.synced()

    assert desk.view(made, made)["customer_no"].startswith("QH")
    assert_converged(desk, place)


# --------------------------------------------------------------------------------------------- cuts


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_cut_at_any_of_many_bytes_doubles_nothing(
    desk: Desk, place: Origin, line: BadLine, way: str
) -> None:
    places = range(0, 900, 60)
    for at in places:
        desk.edit(CHEN, phone=f"1{at:010}")
        line.cut_all()
        line.fixed = (at, None) if way == "up" else (None, at)
        desk.sync()
    line.fixed = None
    line.cut_all()

    desk.synced()

    assert desk.states() == [("applied", "accepted")] * len(places)
    query = "SELECT count(*) AS n FROM log WHERE set_device = :device"
    assert place.rows(query, device=desk.meta()["device"])[0].n == len(places)
    assert line.cuts > 5
    assert_converged(desk, place)


# ----------------------------------------------------------------------------------------- problems


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", ""])
def test_a_bad_cursor_starts_over_and_keeps_what_waits(
    desk: Desk, place: Origin, cursor: str
) -> None:
    desk.edit(CHEN, phone="10000000071")
    desk.value("await desk.store.commit({ meta: { cursor: it.cursor } })", cursor=cursor)
    desk.edit(HUANG, phone="10000000072")

    report = desk.synced()

    assert report["requests"] == 2
    assert desk.states() == [("applied", "accepted")] * 2
    assert desk.view(CHEN, CHEN)["phone"] == "10000000071"
    assert_converged(desk, place)


def test_starting_over_is_killed_and_shows_the_old_copy_until_the_new_is_whole(
    folder: Folder, place: Origin
) -> None:
    with folder.desk() as desk:
        desk.sign_in(LI)
        desk.synced()
        before = desk.copy()
        desk.value("await desk.store.commit({ meta: { cursor: 'nonsense' } })")
        desk.edit(CHEN, phone="10000000073")
        desk.page.evaluate("void app.sync(app.officer, { page: 1 })")
        desk.until("return (await desk.store.staged()).length >= 5")
        folder.kill()

    with folder.desk() as desk:
        assert "value" in desk.unlock()
        assert desk.copy() == before
        assert desk.view(CHEN, CHEN)["phone"] == "10000000073"
        desk.synced(page=1)

        assert desk.states() == [("applied", "accepted")]
        assert_converged(desk, place)


def test_a_copy_whose_digest_differs_is_repaired_and_that_is_noted(
    desk: Desk, place: Origin
) -> None:
    desk.value(
        """
        const held = await desk.store.bundle(it.customer);
        const spoilt = held.map((one) => ({ ...one, version: one.version + 1 }));
        await desk.store.commit({ bundles: new Map([[it.customer, spoilt]]) });
        """,
        customer=HUANG,
    )
    desk.edit(CHEN, phone="10000000074")

    desk.synced()

    assert desk.incidents() == ["digest-mismatch"]
    assert desk.states() == [("applied", "accepted")]
    assert desk.copy() == place.scope(LI)


def test_a_request_that_is_too_large_is_halved_until_it_goes(desk: Desk, place: Origin) -> None:
    for turn in range(9):
        desk.edit(CHEN, phone=f"1000000008{turn}")

    requests = desk.value(
        """
        const sizes = [];
        const change = (body, isAnswer) => {
          if (isAnswer) return body;
          sizes.push(body.sets.length);
          return body.sets.length > 2 ? { ...body, ballast: "x".repeat(5 << 20) } : body;
        };
        await app.sync(officer, { change });
        return sizes;
        """
    )

    assert requests[:3] == [9, 4, 2]
    assert sum(it for it in requests if it <= 2) == 9
    assert desk.states() == [("applied", "accepted")] * 9
    assert_converged(desk, place)


def test_a_set_that_is_too_large_alone_goes_as_a_stand_in_and_blocks_nothing(
    desk: Desk, place: Origin
) -> None:
    for turn in range(3):
        desk.edit(CHEN, phone=f"1000000009{turn}")

    desk.value(
        """
        const change = (body, isAnswer) =>
          !isAnswer && body.sets.some((one) => JSON.stringify(one).includes("10000000091"))
            ? { ...body, ballast: "x".repeat(5 << 20) }
            : body;
        await app.sync(officer, { change });
        """
    )

    first, second, third = desk.sets()
    assert (first["status"], third["status"]) == ("applied", "applied")
    assert (second["status"], second["shown"]) == ("rejected", "needs_attention")
    assert [it["code"] for it in second["errors"]] == ["too-large"]
    assert second["changes"][0]["set"] == {"phone": "10000000091"}, "its content is still here"
    assert desk.view(CHEN, CHEN)["phone"] == "10000000092"
    assert_converged(desk, place)


def test_a_locked_tablet_pulls_nothing_and_loses_nothing(
    desk: Desk, place: Origin, other: FieldClient
) -> None:
    before, device = desk.copy(), desk.meta()["device"]
    desk.edit(CHEN, phone="10000000075")
    place.make_device(device, "locked")
    other.edit(HUANG, {"phone": "10000000076"})
    other.sync()

    came = desk.sync()

    assert (came["fault"], came["code"]) == ("ProblemError", "device-locked")
    assert desk.copy() == before
    assert not desk.status()["all_synced"]
    place.make_device(device, "active")
    desk.synced()
    assert [it["changes"][0]["set"] for it in desk.sets()] == [{"phone": "10000000075"}]
    assert desk.sets()[0]["status"] in ("applied", "rejected")
    assert_converged(desk, place)


def test_a_wiped_tablet_is_told_so(desk: Desk, place: Origin) -> None:
    place.make_device(desk.meta()["device"], "wiped")

    assert desk.sync()["fault"] == "WipedError"


# ------------------------------------------------------------------------------------------- tokens


def test_a_token_that_has_run_out_is_renewed_and_a_lost_answer_to_that_costs_nothing(
    desk: Desk, place: Origin
) -> None:
    place.kill()
    place.settings = {**place.settings, "XIANGXIN_ACCESS_SECONDS": "1"}
    place.start()
    desk.value("await desk.store.commit({ meta: { access_token: 'ended' } })")
    desk.edit(CHEN, phone="10000000077")
    lost = desk.run(
        """
        const { transport } = officer;
        const real = transport.post;
        transport.post = async (path, ...given) => {
          const answer = await real.call(transport, path, ...given);
          if (path.endsWith("refresh")) throw new TypeError("the answer is lost");
          return answer;
        };
        try {
          await app.sync(officer);
        } finally {
          transport.post = real;
        }
        """
    )
    assert lost["fault"] == "TypeError"

    desk.synced()

    assert desk.states() == [("applied", "accepted")]
    assert_converged(desk, place)


def test_a_sign_in_that_was_ended_asks_for_the_password_and_keeps_the_work(
    desk: Desk, place: Origin
) -> None:
    desk.edit(CHEN, phone="10000000078")
    ended = "await desk.store.commit({ meta: { access_token: 'x', refresh_token: 'y' } })"
    desk.value(ended)

    assert desk.sync()["fault"] == "SignInAgainError"
    desk.sign_in_again()
    desk.synced()

    assert desk.states() == [("applied", "accepted")]
    assert_converged(desk, place)


# --------------------------------------------------------------------- handovers, removals, conflicts


def test_a_customer_that_left_is_dropped_and_late_work_counts(
    desk: Desk, place: Origin, boss: Call
) -> None:
    desk.create("task", HUANG, **task("晚到"))
    desk.edit(HUANG, phone="10000000079")
    hand_over(boss, HUANG, "zhao.lei")

    desk.synced()
    desk.synced()

    assert [it for it, _ in desk.states()] == ["applied", "conflict"]
    assert desk.view(HUANG, HUANG) is None
    assert desk.value("return book.card(it.customer)", customer=HUANG) is None
    assert_converged(desk, place)
    zhao = place.colleague("zhao.lei")
    assert [it.fields["title"] for it in zhao.records("task", HUANG)] == ["晚到"]
    zhao.store.close()


def test_a_customer_that_left_and_came_back_comes_whole(
    desk: Desk, place: Origin, boss: Call
) -> None:
    hand_over(boss, HUANG, "zhao.lei")
    zhao = place.colleague("zhao.lei")
    zhao.create("task", HUANG, task("其间"))
    zhao.sync()
    zhao.store.close()
    hand_over(boss, HUANG, LI)

    desk.synced(page=1)

    titles = desk.value(
        "return (await app.recordsOf(desk.store, desk.registry, it.customer))"
        ".filter((one) => one.type === 'task').map((one) => one.fields.title)",
        customer=HUANG,
    )
    assert titles == ["其间"]
    assert_converged(desk, place)


def test_a_tombstone_hides_the_record_and_pending_work_on_it_stays_readable(
    desk: Desk, place: Origin, zhao: FieldClient
) -> None:
    zhao.sync()
    child = zhao.create("household_member", CHEN, {"name": "小明", "relation": "child"})
    twin = zhao.create("household_member", CHEN, {"name": "小红", "relation": "child"})
    zhao.sync()
    desk.synced()
    for it in (child, twin):
        zhao.delete(it, "登记有误")
    zhao.sync()
    desk.value(
        """
        await app.perform(desk, "edit", async (action) => {
          const opened = await app.openRecord(desk, "household_member", it.customer, it.record);
          await action.update(opened, { occupation: "木工" });
        });
        """,
        customer=CHEN,
        record=child,
    )

    desk.synced()
    desk.synced()

    assert desk.view(twin, CHEN) is None
    assert desk.view(child, CHEN)["occupation"] == "木工", "the edit wins over the removal"
    assert [it for it, _ in desk.states()] == ["conflict"]
    assert_converged(desk, place)


def test_two_officers_meet_and_one_settles_it(desk: Desk, place: Origin, zhao: FieldClient) -> None:
    zhao.sync()
    desk.synced()
    zhao.edit(CHEN, {"phone": "10000000022", "preferences": "白天在家。"})
    desk.edit(CHEN, phone="10000000021", tags=["a"])
    desk.edit(CHEN, preferences="晚上在家。院里有狗。")
    zhao.sync()

    desk.synced()
    assert [it for it, _ in desk.states()] == ["conflict", "merged"]
    things = desk.value("await book.settled(); return app.attention(book)")
    assert {it["reason"] for it in things} == {"conflict"}
    desk.value(
        """
        for (const { conflict, customer } of app.attention(book)) {
          const found = await app.conflictOf(book, customer, conflict);
          await app.resolve(desk, found, { way: "other" });
        }
        """
    )
    desk.synced()
    desk.synced()

    assert desk.view(CHEN, CHEN)["phone"] == "10000000021"
    assert desk.view(CHEN, CHEN)["preferences"] == "白天在家。晚上在家。院里有狗。"
    assert {shown for _, shown in desk.states()} == {"accepted"}
    assert desk.status()["all_synced"]
    assert_converged(desk, place)


def test_a_clock_that_is_years_off_is_no_hindrance(desk: Desk, place: Origin) -> None:
    for days in (3000, -3000):
        desk.page.evaluate("(days) => { app.clock.aheadMs = days * 86400000; }", days)
        desk.edit(CHEN, phone=f"1{days + 5000:010}")
        desk.synced()

    assert desk.states() == [("applied", "accepted")] * 2
    assert abs(desk.meta()["skew_seconds"] + 3000 * 86400) < 60
    assert_converged(desk, place)


def test_two_tablets_take_money_for_one_loan_each_in_its_own_series(
    desk: Desk, place: Origin, other: FieldClient
) -> None:
    mine = [desk.take(CHEN, LOAN, 100 + it) for it in range(3)]
    theirs = [other.repay(LOAN, 200 + it).receipt_no for it in range(3)]
    other.sync()
    desk.synced()
    mine.append(desk.take(CHEN, LOAN, 400))
    desk.synced()

    assert [it.rpartition("-")[2] for it in mine] == ["001", "002", "003", "004"]
    assert [it.rpartition("-")[2] for it in theirs] == ["001", "002", "003"]
    assert len({it.partition("-")[0] for it in (*mine, *theirs)}) == 2
    assert {shown for _, shown in desk.states()} == {"accepted"}
    assert_converged(desk, place)


# -------------------------------------------------------------------------------- one page, much at once


def test_what_is_read_while_something_is_stored_is_never_kept_at_hand_when_it_is_old(
    desk: Desk,
) -> None:
    old = desk.value(
        """
        const { store } = desk;
        const held = await store.bundle(it.customer);
        const open = store.cipher.open.bind(store.cipher);
        store.cipher.open = async (...given) => {
          const opened = await open(...given);
          await new Promise((done) => setTimeout(done, 20)); // a busy processor
          return opened;
        };
        let old = 0;
        for (let version = 1000; version < 1010; version += 1) {
          store.copy.cached.clear();
          const changed = held.map((one) => ({ ...one, version }));
          await Promise.all([
            store.bundle(it.customer),
            store.exclusive(() => store.commit({ bundles: new Map([[it.customer, changed]]) })),
          ]);
          old += (await store.bundle(it.customer)).some((one) => one.version !== version) ? 1 : 0;
        }
        return old;
        """,
        customer=HUANG,
    )

    assert old == 0
