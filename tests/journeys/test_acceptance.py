"""The acceptance list of domain.md, 10.5, on the walk-through's own steps over real HTTP.

A6 is in `test_every_conflict.py`, A9 and A14 in `test_reports_and_masks.py`; A7 and A13 have tests of their own,
which docs/domain.md names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, permutations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from field_client.faults import NotHereError, OfflineError
from schemas.problems import DeviceWipedError, XiangxinError
from tests.faults.proxy import proxy
from tests.journeys.day import (
    GROUP,
    IN_THE_STORE,
    WU,
    absent_at_zhous,
    collection_at_chens,
    neighbours,
    told,
    whole_day,
)
from tests.journeys.dying import MOMENTS
from tests.journeys.handover import (
    FOUR,
    Parties,
    late_work_counts,
    objected,
    prepared,
    ruled_and_signed,
    work_before_he_is_told,
    zhaos_customers,
)
from tests.journeys.kills import Mortal, news
from tests.journeys.liu import HOME, investigated
from tests.journeys.old_app import OLDEST, as_of
from tests.journeys.people import ZHAO, Wire, at_the_desk, dossier, holds, signed_in, zhao_covers
from tests.journeys.village import CHEN, DENG, HUANG, LOAN, PASSWORD, TODAY, ZHOU, Village, served

Json = Any
LEAST_BYTES = 500
"""An answer to a push of one set is longer than this on the wire."""


@pytest.fixture
def village(tmp_path: Path, database_url: str) -> Iterator[Village]:
    with served(tmp_path, database_url, neighbours()) as place:
        yield place


def test_a01_a_day_needs_no_network_on_a_store_of_300_customers(village: Village) -> None:
    wire = Wire(village.transport(), village.url)
    li = signed_in(village, "T1", "li.min", wire)
    assert len(li.records("customer")) == IN_THE_STORE
    wire.is_off = True

    whole_day(li)

    assert not li.status().all_synced
    with pytest.raises(OfflineError):
        li.sync()
    wire.is_off = False
    report = li.sync()
    assert report.count("rejected") == report.count("conflict") == 0
    assert {state for _, state in li.sets()} == {"accepted"}
    assert li.status().all_synced
    assert ("W03", "red") not in told(li, HUANG), "a record says it now"
    signals = [it.fields for it in li.records("warning_signal", HUANG)]
    assert [(it["rule"], it["severity"]) for it in signals] == [("W03", "red")]
    assert village.command("verify").returncode == 0


def test_a02_e5_at_the_branch_is_e5_on_the_tablet(village: Village) -> None:
    li = signed_in(village, "T1", "li.min")
    he = village.sign_in("he.fang")
    assert _row(he, "JJ202600001") == (2_273_377, 32)

    collection_at_chens(li)
    li.sync()

    assert _row(he, "JJ202600001") == (2_006_323, 1)
    shown = li.preview(LOAN, 1).before
    assert (shown.outstanding_principal_fen, shown.dpd) == (2_006_323, 1)


def _row(call: Any, loan_no: str) -> tuple[int, int]:
    rows = call("GET", "/api/v1/exports/loans?format=json")["rows"]
    (it,) = [row for row in rows if row["loan_no"] == loan_no]
    return it["outstanding_fen"], it["days_past_due"]


def test_a03_whatever_was_sent_is_sent_again_twice_and_changes_nothing(village: Village) -> None:
    wire = Wire(village.transport(), village.url)
    li = signed_in(village, "T1", "li.min", wire)
    liu = whole_day(li)
    li.sync()
    customers = (CHEN, HUANG, ZHOU, liu.customer)
    before = [dossier(li, it) for it in customers]

    sent = [it for it in wire.carried if it[0]["sets"]]
    assert sent
    for body, bearer in [*sent, *reversed(sent)]:
        answer = wire.real.post("/api/v1/sync", body, bearer)
        assert {it["repeated"] for it in answer["results"]} == {True}
    li.sync()

    assert [dossier(li, it) for it in customers] == before
    copy = signed_in(village, "copy", "li.min")
    assert [dossier(copy, it) for it in customers] == before
    assert village.command("verify").returncode == 0


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_a05_both_tablets_and_the_branch_end_equal_in_any_order(
    village: Village, order: tuple[int, ...]
) -> None:
    li, zhao = signed_in(village, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
    zhao_covers(village.sign_in("wang.jianguo"))
    zhao.sync()
    collection_at_chens(li)
    absent_at_zhous(li)
    zhao.edit(CHEN, {"phone": "10000000022", "preferences": "下午在家"})
    zhao.edit(DENG, {"phone": "10000000044"})

    for _ in range(2):
        for place in order:
            (li, zhao)[place].sync()

    for customer in (CHEN, ZHOU, DENG):
        assert dossier(li, customer) == dossier(zhao, customer)
    assert li.store.incidents() == zhao.store.incidents() == [], "every digest was the branch's"
    assert village.command("verify").returncode == 0


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1), timedelta(days=3650)])
def test_a10_a_wrong_clock_is_shown_and_harms_nothing(village: Village, ahead: timedelta) -> None:
    right = village.now
    wrong = replace(village, now=lambda: right() + ahead)
    li, zhao = signed_in(wrong, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
    wang = village.sign_in("wang.jianguo")
    zhao_covers(wang)
    zhao.sync()

    collection_at_chens(li)
    zhao.edit(CHEN, {"preferences": "下午在家"})
    zhao.sync()
    report = li.sync()
    zhao.sync()

    assert report.count("rejected") == report.count("conflict") == 0
    assert dossier(li, CHEN) == dossier(zhao, CHEN)
    assert zhao.preview(LOAN, 1).before.outstanding_principal_fen == 2_006_323
    listed = wang("GET", "/api/v1/devices")["devices"]
    (skew,) = [it["skew_seconds"] for it in listed if it["id"] == li.store.identity().id]
    assert abs(skew - ahead.total_seconds()) < 60


def test_a12_a_lost_tablet_is_refused_and_empties_itself(village: Village) -> None:
    li = signed_in(village, "T1", "li.min")
    wang = village.sign_in("wang.jianguo")
    li.edit(CHEN, {"phone": "10000000023"})
    device = li.store.identity().id

    assert wang("POST", f"/api/v1/devices/{device}/wipe", {})["state"] == "wiped"

    with pytest.raises(DeviceWipedError):
        li.sync()
    assert li.records() == []
    assert li.sets() == []
    with pytest.raises(XiangxinError):
        li.login("li.min", "village-road", "T1")


def test_a08_only_assigned_customers_are_on_a_tablet_and_a_handover_moves_them(
    tmp_path: Path, database_url: str
) -> None:
    with served(tmp_path, database_url, zhaos_customers()) as village:
        li, zhao = signed_in(village, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
        wang, luo, qian = (
            at_the_desk(village, it) for it in ("wang.jianguo", "luo.jun", "qian.bo")
        )
        them = Parties(li, zhao, wang, luo, qian)
        assert CHEN in holds(li)
        assert not holds(li) & set(FOUR)
        assert holds(zhao) == set(FOUR)

        handover = prepared(wang, TODAY.isoformat())
        li.sync()
        zhao.sync()
        assert holds(li) >= set(FOUR), "who is to take them over looks at them first"
        objected(village, them, handover)
        ruled_and_signed(them, handover)
        visit = work_before_he_is_told(zhao)
        assert "handover.take_effect 1" in village.command("daily").stdout
        late_work_counts(them, visit)

        assert not holds(zhao), "the old tablet holds them no longer"
        with pytest.raises(NotHereError):
            zhao.record(FOUR[0])
        again = signed_in(village, "T3", "li.min")
        assert all(dossier(again, it) == dossier(li, it) for it in FOUR)
        assert li.store.incidents() == zhao.store.incidents() == []
        assert village.command("verify").returncode == 0


@pytest.mark.parametrize("moment", MOMENTS)
def test_a04_killed_at_every_set_and_page_of_a_sync_nothing_is_lost_or_doubled(
    tmp_path: Path, database_url: str, moment: str
) -> None:
    with served(tmp_path, database_url) as village:
        dies_and_goes_on(village, moment)
        assert village.command("verify").returncode == 0


def dies_and_goes_on(village: Village, moment: str) -> None:
    """Let the branch have something for the tablet, and the tablet for the branch, before every death."""
    wang = at_the_desk(village, "wang.jianguo")
    mortal = Mortal(village)

    for turn in count():
        mortal.notes_a_call()
        mortal.notes_a_call()
        news(wang, turn)
        if not mortal.killed_at(moment, turn):
            break

    assert turn > 3, "a page is a record"
    mortal.has_everything_once()


@pytest.mark.parametrize(
    "step",
    [pytest.param(13, id="every thirteenth"), pytest.param(1, id="every", marks=pytest.mark.long)],
)
def test_a04_killed_at_every_byte_of_an_answer_nothing_is_lost_or_doubled(
    tmp_path: Path, database_url: str, step: int
) -> None:
    with served(tmp_path, database_url) as village:
        port = urlsplit(village.url).port
        assert port is not None
        with proxy(port) as line:
            mortal = Mortal(village, line)
            for place in count(step=step):
                mortal.notes_a_call()
                if not mortal.cut_at(place):
                    break
                mortal.gets_through()
            assert place > LEAST_BYTES
            mortal.has_everything_once()
        assert village.command("verify").returncode == 0


def test_a11_an_app_two_schema_versions_older_goes_on_and_what_it_does_not_know_survives(
    village: Village,
) -> None:
    old = village.tablet("T1", registry=as_of(OLDEST))
    old.login("li.min", PASSWORD, "T1")
    old.sync()
    new = signed_in(village, "T2", "li.min")
    liu = investigated(new, ZHAO)
    plan = {"purposes": ["routine"], "planned_on": TODAY.isoformat(), "group_id": GROUP}
    visit = new.create("visit", WU, plan)
    done = {"state": "cancelled", "cancel_reason": "客户已在网点补签。"}
    task = new.create("task", DENG, {"title": "补签", "due_on": "2026-06-25", "source": "manual"})
    new.edit(task, done)
    new.sync()

    old.sync()
    assert old.records("loan_application") == []
    assert "group_id" not in old.record(visit).fields
    assert "cancel_reason" not in old.record(task).fields
    assert "application_id" not in old.record(liu.note).fields
    old.visit_start(WU, visit=visit, place=HOME)
    old.visit_finish(visit, summary="看过。", met_with=["吴长生"])
    old.edit(liu.note, {"narrative": "稻田和猪圈实地查看。\n邻居评价很好。"})
    collection_at_chens(old)
    assert old.sync().count("rejected") == 0
    new.sync()

    shown = new.record(visit).fields
    assert (shown["state"], shown["group_id"]) == ("completed", GROUP)
    note = new.record(liu.note).fields
    assert (note["application_id"], note["narrative"][-5:]) == (liu.application, "评价很好。")
    assert new.record(task).fields["cancel_reason"] == done["cancel_reason"]
    assert new.preview(LOAN, 1).before.outstanding_principal_fen == 2_006_323
    for tablet in (old, new):
        assert tablet.store.incidents() == [], "every digest was the branch's"
    assert village.command("verify").returncode == 0
