"""A6: each of the nine kinds of conflict, and the quarantine, is reached and settled over HTTP (domain.md, 10.5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.conflict import CONFLICT
from schemas.problems import DeviceLockedError
from tests.journeys.clashes import KINDS, Clash, as_settled, before
from tests.journeys.handover import FOUR, zhaos_customers
from tests.journeys.people import LI, at_the_desk, signed_in, update, zhao_covers
from tests.journeys.village import CHEN, Village, served


@pytest.fixture
def village(tmp_path: Path, database_url: str) -> Iterator[Village]:
    with served(tmp_path, database_url, zhaos_customers()) as place:
        yield place


def test_a06_each_kind_of_conflict_is_reached_and_settled(village: Village) -> None:
    declared = CONFLICT.by_name["kind"].kind.options  # type: ignore[union-attr]
    assert set(KINDS) == set(declared)
    li, zhao = signed_in(village, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
    wang = at_the_desk(village, "wang.jianguo")
    zhao_covers(wang.call)
    it = Clash(li, zhao, wang, {})
    before(it)
    li.sync()
    zhao.sync()

    for kind in KINDS.values():
        kind.happens(it)
    for tablet in (li, zhao, li):
        assert tablet.sync().count("rejected") == 0
    found = {one.fields["kind"]: one for one in [*zhao.conflicts(), *li.conflicts()]}
    assert set(found) == set(KINDS)
    assert not li.status().all_synced

    for name, kind in KINDS.items():
        kind.ends(it, found[name])
        li.sync()
    for tablet in (zhao, li, zhao):
        tablet.sync()
    assert wang.conflicts() == []
    (gone,) = [one.set for one in zhao.attention() if one.set is not None]
    assert gone.customers == [FOUR[0]], (
        "of whom he sees no more; that he knows is all there is to do"
    )
    zhao.discard(gone.number)
    for tablet in (li, zhao):
        assert tablet.conflicts() == []
        assert tablet.status().all_synced, tablet.attention()
        assert tablet.store.incidents() == []
    as_settled(it)
    assert village.command("verify").returncode == 0


def test_a06_what_the_supervisor_wrote_a_side_of_passes_up_to_the_reviewer(
    village: Village,
) -> None:
    li, wang, sun = (
        signed_in(village, "T1", "li.min"),
        at_the_desk(village, "wang.jianguo"),
        at_the_desk(village, "sun.yan"),
    )
    li.edit(CHEN, {"annual_income_fen": 46_000_00})
    wang.does(update("customer", CHEN, CHEN, annual_income_fen=70_000_00))
    assert li.sync().count("conflict") == 1
    (conflict,) = wang.conflicts()
    assert (conflict["field"], conflict["sensitive"]) == ("annual_income_fen", True)

    choice = {"resolution": "other", "comment": "已电话核实。"}
    path = f"/api/v1/conflicts/{conflict['id']}/resolve"
    refused = wang.call("POST", path, choice)
    assert (refused["status"], refused["errors"][0]["rule"]) == (403, "SOD-8")
    sun.settles(conflict["id"], **choice)
    li.sync()
    assert li.record(CHEN).fields["annual_income_fen"] == 46_000_00
    assert li.record(conflict["id"]).fields["resolved_by"] == sun.user
    assert li.status().all_synced


def test_a06_what_lies_in_quarantine_is_seen_and_sent_again(village: Village) -> None:
    li, wang = signed_in(village, "T1", "li.min"), at_the_desk(village, "wang.jianguo")
    device = li.store.identity().id
    wang.call("POST", f"/api/v1/devices/{device}/lock", {})
    li.edit(CHEN, {"phone": "10000000021"})
    with pytest.raises(DeviceLockedError):
        li.sync()

    (aside,) = wang.call("GET", "/api/v1/quarantine")["sets"]
    assert (aside["user"], [one["code"] for one in aside["errors"]]) == (LI, ["device-locked"])
    assert aside["set"]["changes"][0]["set"] == {"phone": "10000000021"}

    wang.call("POST", f"/api/v1/devices/{device}/unlock", {})
    li.sync()
    (needing,) = [one.set for one in li.attention() if one.set is not None]
    li.mend(needing.number)
    assert li.sync().count("rejected") == 0
    assert li.status().all_synced
    other = signed_in(village, "T3", "li.min")
    assert other.record(CHEN).fields["phone"] == "10000000021"
    assert len(wang.call("GET", "/api/v1/quarantine")["sets"]) == 1, "kept for ever"
