"""The restore drill: a server is lost, yesterday's backup comes back, and the tablets bring the rest (protocol 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from field_client.client import FieldClient
from field_client.faults import SignInAgainError
from tests.journeys.people import signed_in
from tests.journeys.village import (
    CHEN,
    HUANG,
    LOAN,
    PASSWORD,
    VILLAGE,
    ZHOU,
    Call,
    running,
    served,
    xiangxin,
)
from tests.places import sqlite_url

Json = Any
NEWCOMER = {
    "name": "何秀兰", "id_no": "99990119920315002X", "phone": "10000000031", "village_id": VILLAGE,
    "segment": "grain",
}  # fmt: skip


@dataclass
class Places:
    """Where the server was, and where it is to be again."""

    first: Path
    first_database: str
    second: Path
    second_database: str


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Two empty places, both on SQLite or both on PostgreSQL."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    if request.param == "sqlite":
        yield Places(first, sqlite_url(first), second, sqlite_url(second))
        return
    cluster = request.getfixturevalue("postgres_cluster")
    with cluster.database() as one, cluster.database() as other:
        yield Places(first, one, second, other)


def assign(wang: Call, customer: str, officer: str) -> None:
    """Let the supervisor have an officer cover a customer for a while."""
    wish = {
        "customer": customer, "officer": officer, "role": "cover", "from": "2026-06-15",
        "until": "2026-07-15", "reason": "market day",
    }  # fmt: skip
    assert wang("POST", "/api/v1/assignments", wish)["status"] == "applied"


def typed(tablet: FieldClient) -> Mapping[str, Mapping[str, Json]]:
    """Return what a tablet shows of everybody, without what the server gives by itself."""
    return {
        it.id: {path: value for path, value in it.fields.items() if path != "customer_no"}
        for it in tablet.records()
        if it.customer is not None and it.type != "conflict"
    }


def states(tablet: FieldClient) -> Mapping[int, str]:
    return {one.number: state for one, state in tablet.sets()}


def test_what_the_backup_had_lost_comes_back_from_the_tablets(places: Places) -> None:
    copy = places.first.parent / "backup.zip"
    with served(places.first, places.first_database) as before:
        wang = before.sign_in("wang.jianguo")
        assign(wang, CHEN, "zhao.lei")
        li = signed_in(before, "T1", "li.min")
        zhao = signed_in(before, "T2", "zhao.lei")
        li.edit(ZHOU, {"phone": "10000000033"})
        li.sync()

        made = before.command("backup", str(copy))
        assert made.returncode == 0, made.stderr

        # Two tablets go on working, online and off. One customer only Zhao's tablet will have.
        newcomer = zhao.create("customer", None, NEWCOMER)
        zhao.edit(CHEN, {"village_id": VILLAGE, "phone": "10000000021"})
        zhao.sync()
        assign(wang, newcomer, "li.min")
        li.sync()
        li.edit(newcomer, {"phone": "10000000032"})
        li.note(newcomer, "routine", narrative="新客户。", answers={"R04": {"value": 0}})
        li.edit(HUANG, {"preferences": "晚上在家。"})
        receipt = li.repay(LOAN, 300_000)
        li.sync()
        zhao.sync()
        assert li.status().all_synced
        assert zhao.status().all_synced
        li.edit(HUANG, {"preferences": "晚上在家。\n电话常打不通。"})  # not yet sent
        was = typed(li), typed(zhao)

    back = xiangxin(places.second, places.second_database, "restore", str(copy))
    assert back.returncode == 0, back.stderr
    with running(places.second, places.second_database) as after:
        for tablet, username in ((li, "li.min"), (zhao, "zhao.lei")):
            tablet.transport = after.transport()
            device = tablet.store.identity().id
            with pytest.raises(SignInAgainError):
                tablet.sync()
            tablet.login(username, PASSWORD)
            assert tablet.store.identity().id == device

        # Li comes first: what she did for the newcomer waits for Zhao's tablet.
        li.sync()
        held = [it.number for it in li.store.own_sets("status = 'held'")]
        assert [states(li)[it] for it in held] == ["sent", "sent"]
        assert not li.status().all_synced
        assert li.attention() == []
        quarantine = after.sign_in("wang.jianguo")("GET", "/api/v1/quarantine")["sets"]
        assert [it["set"]["number"] for it in quarantine] == held

        # Zhao's tablet brings the customer; the assignment was made on the web, and is made again.
        zhao.sync()
        assert zhao.record(newcomer).fields["name"] == "何秀兰"
        wang = after.sign_in("wang.jianguo")
        assign(wang, newcomer, "li.min")

        # Nobody can tell any more whether Li had seen the number that Zhao wrote: both are shown.
        li.sync()
        assert li.store.own_sets("status = 'held'") == []
        (conflict,) = wang("GET", "/api/v1/conflicts?status=open")["conflicts"]
        assert [it.record.id for it in li.attention() if it.record] == [conflict["id"]]
        assert (conflict["record"], conflict["field"]) == (newcomer, "phone")
        assert [it["value"] for it in conflict["others"]] == ["10000000032"]
        settled = wang(
            "POST", f"/api/v1/conflicts/{conflict['id']}/resolve", {"resolution": "other"}
        )
        assert settled["status"] == "applied"

        for tablet in (zhao, li):
            tablet.sync()
        assert (li.attention(), zhao.attention()) == ([], [])
        assert set(states(li).values()) | set(states(zhao).values()) == {"accepted"}
        assert wang("GET", "/api/v1/quarantine")["sets"] == []
        assert wang("GET", "/api/v1/conflicts?status=open")["conflicts"] == []
        assert (typed(li), typed(zhao)) == was
        paid = {it.fields["receipt_no"]: it.fields["amount_fen"] for it in li.records("repayment")}
        assert paid[receipt.receipt_no] == 300_000
        for tablet in (li, zhao):
            assert tablet.status().all_synced
            assert tablet.store.incidents() == []  # every digest was the server's
            tablet.store.close()
        verified = after.command("verify")
        assert verified.returncode == 0, verified.stderr
