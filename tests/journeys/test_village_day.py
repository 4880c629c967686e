"""A day in the villages, told end to end over real HTTP (domain.md, sections 10.1 to 10.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from field_client.client import FieldClient
from field_client.faults import NotPossibleError, OfflineError
from field_client.transport import HttpTransport, Transport
from field_client.visits import Place, Promise
from tests.journeys.village import CHEN, DENG, LOAN, TODAY, VILLAGE, ZHOU, Call, Village, served

Json = Any
RIVER_BANK = Place(30_123_456, 110_654_321, 12)


@pytest.fixture
def village(tmp_path: Path, database_url: str) -> Iterator[Village]:
    with served(tmp_path, database_url) as place:
        yield place


@dataclass
class Broken:
    """A way to the server on which answers get lost once it is `cut`: the server acts, nobody hears."""

    real: HttpTransport
    server: str
    cut: bool = False

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        answer = self.real.post(path, body, bearer)
        if self.cut:
            raise OfflineError(server=self.server, said="cut answer")
        return answer


def signed_in(
    village: Village, name: str, username: str, link: Transport | None = None
) -> FieldClient:
    tablet = village.tablet(name, link)
    tablet.login(username, "village-road", name)
    tablet.sync()
    return tablet


def dossier(tablet: FieldClient, customer: str) -> dict[str, Json]:
    """Return everything that a tablet shows of a customer."""
    return {it.id: (it.type, it.fields) for it in tablet.records(None, customer)}


def test_a_day_in_the_villages_ends_with_equal_copies_and_a_settled_conflict(
    village: Village,
) -> None:
    link = Broken(village.transport(), village.url)
    li, zhao = signed_in(village, "T1", "li.min", link), signed_in(village, "T2", "zhao.lei")
    wang = village.sign_in("wang.jianguo")
    zhao_covers(wang)
    zhao.sync()

    # Monday: Zhao, covering, changes Chen's phone and does not sync.
    zhao.edit(CHEN, {"phone": "10000000022"})

    receipt = collection_at_chens(li)
    absent_at_zhous(li)
    cut_in_the_middle_of_the_answer(li, link)
    li = village.tablet("T1")  # the app was killed; on restart nothing is lost or doubled
    everything_accepted(li)
    balance_is_the_same_at_the_branch(village, wang, receipt)

    # 18:05: Zhao's Monday edit meets hers.
    report = zhao.sync()
    assert report.count("conflict") == 1
    conflict = wang("GET", "/api/v1/conflicts?status=open")["conflicts"][0]
    assert (conflict["field"], conflict["kind"], conflict["sensitive"]) == ("phone", "field", False)
    assert conflict["base_value"] == "10000000001"
    assert conflict["kept"]["value"] == "10000000021"
    assert [it["value"] for it in conflict["others"]] == ["10000000022"]
    assert conflict["kept"]["by"] == li.store.user_id()
    assert conflict["others"][0]["by"] == zhao.store.user_id()

    # 18:15: Wang picks Li Min's value, with a comment; both tablets show it after their next sync.
    path = f"/api/v1/conflicts/{conflict['id']}/resolve"
    settled = wang("POST", path, {"resolution": "keep", "comment": "Chen told her himself."})
    assert settled["status"] == "applied"
    again = wang("POST", path, {"resolution": "other"})
    assert (again["status"], again["standing"]["resolution"]) == (409, "keep")
    li.sync()
    zhao.sync()
    for tablet in (li, zhao):
        assert tablet.record(CHEN).fields["phone"] == "10000000021"
        assert tablet.conflicts() == []
        assert tablet.record(conflict["id"]).fields["resolved_by"] == wang_id(wang)
        assert tablet.status().all_synced
        assert tablet.store.incidents() == []  # every digest was the server's
    assert dossier(li, CHEN) == dossier(zhao, CHEN)
    assert village.command("verify").returncode == 0


def zhao_covers(wang: Call) -> None:
    """Let Zhao Lei cover Chen and Zhou for the time being; Chen's dossier comes to T2 whole."""
    for customer in (CHEN, ZHOU, DENG):
        wish = {
            "customer": customer, "officer": "zhao.lei", "role": "cover",
            "from": "2026-06-15", "until": "2026-07-15", "reason": "market day",
        }  # fmt: skip
        assert wang("POST", "/api/v1/assignments", wish)["status"] == "applied"
    mine = {"customer": CHEN, "officer": "li.min", "role": "primary"}
    assert wang("POST", "/api/v1/assignments", mine)["status"] == "applied"


def collection_at_chens(li: FieldClient) -> str:
    """08:50: E1 and E5 to the fen, a promise that becomes a task, a new phone number."""
    shown = li.preview(LOAN, 300_000)
    assert shown.before.dpd == 32
    assert shown.before.outstanding_principal_fen == 2_273_377
    assert (shown.before.penalty_fen, shown.before.due_today_fen) == (2838, 525_878)

    visit = li.visit_start(CHEN, ["collection"], place=RIVER_BANK)
    receipt = li.repay(LOAN, 300_000)
    assert receipt.receipt_no == "T1-20260616-001"
    split = receipt.preview.split
    assert split is not None
    rows = [(it.seq, it.penalty_fen, it.interest_fen, it.principal_fen) for it in split.parts]
    assert rows == [(4, 2751, 15_914, 245_606), (5, 87, 14_194, 21_448)]
    after = receipt.preview.after
    assert (after.dpd, after.outstanding_principal_fen, after.unallocated_fen) == (1, 2_006_323, 0)
    assert after.arrears_fen == 225_878

    promise = Promise(230_000, date(2026, 6, 25))
    li.visit_finish(visit, summary="收款 3000 元。下旬再还。", met_with=["陈国平"], promise=promise)
    assert [it.fields["due_on"] for it in li.records("task", CHEN)] == ["2026-06-25"]
    li.edit(CHEN, {"phone": "10000000021"})
    assert not li.status().all_synced
    return receipt.receipt_no


def absent_at_zhous(li: FieldClient) -> None:
    """14:00: nobody home; the visit is complete all the same, and a new one is planned."""
    visit = li.visit_start(ZHOU, ["routine"], place=RIVER_BANK)
    li.visit_finish(visit, outcome="absent", reason="无人在家，邻居说去县城了")
    plan = {"purposes": ["routine"], "planned_on": "2026-06-18", "slot": "am"}
    li.create("visit", ZHOU, plan)


def cut_in_the_middle_of_the_answer(li: FieldClient, link: Broken) -> None:
    """16:10: the link breaks in the answer, then the app is killed; every item is Sent, none Accepted."""
    link.cut = True
    with pytest.raises(OfflineError):
        li.sync()
    assert {state for _, state in li.sets()} == {"sent"}
    li.store.close()


def everything_accepted(li: FieldClient) -> None:
    """17:20: all synced, every set Accepted, once."""
    report = li.sync()
    assert report.count("conflict") == report.count("rejected") == 0
    assert {state for _, state in li.sets()} == {"accepted"}
    assert li.status().all_synced
    assert len(li.records("repayment", CHEN)) == 4


def balance_is_the_same_at_the_branch(village: Village, wang: Call, receipt_no: str) -> None:
    """The server's copy of the repayment is the tablet's, and the split is no longer provisional."""
    other = signed_in(village, "branch-copy", "zhao.lei")
    shown = other.preview(LOAN, 1)
    assert (shown.before.dpd, shown.before.outstanding_principal_fen) == (1, 2_006_323)
    held = [it.fields["receipt_no"] for it in other.records("repayment", CHEN)]
    assert receipt_no in held
    other.store.close()


def wang_id(wang: Call) -> str:
    """Return the supervisor's user id."""
    for device in wang("GET", "/api/v1/devices")["devices"]:
        if device["name"] == "desk":
            return str(device["user"])
    raise AssertionError("the desk is not listed")


def test_a_new_household_registered_in_the_village_is_its_officers_own(village: Village) -> None:
    li, zhao = signed_in(village, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
    fields = {
        "name": "刘秀英", "id_no": "999901200109155081", "phone": "10000000031",
        "village_id": VILLAGE, "segment": "grain",
    }  # fmt: skip

    liu = li.create("customer", None, fields)
    li.create("household_member", liu, {"name": "刘小明", "relation": "child"})
    li.sync()
    zhao.sync()

    assert li.record(liu).fields["customer_no"].startswith("QH")
    assert li.record(liu).fields["state"] == "prospect"
    assert [it.fields["name"] for it in li.records("household_member", liu)] == ["刘小明"]
    assert liu not in [it.id for it in zhao.records("customer")]
    assert li.status().all_synced
    assert TODAY.isoformat() in [it.fields["valid_from"] for it in li.records("assignment")]


def test_words_of_two_officers_and_a_supervisor_on_one_note_all_stand(village: Village) -> None:
    wang = village.sign_in("wang.jianguo")
    zhao_covers(wang)
    li = signed_in(village, "T1", "li.min")
    note = li.note(
        DENG, "routine", answers={"R04": 0}, narrative="长势正常。\n存栏 12 头。",
        inspector_ids=[li.store.user_id()],
    )  # fmt: skip
    li.sync()
    zhao = signed_in(village, "T2", "zhao.lei")

    li.edit(note, {"narrative": "长势良好。\n存栏 12 头。", "answers.R04.value": 2000})
    zhao.edit(
        note, {"narrative": "长势正常。\n存栏 12 头。\n新建猪圈一间。", "answers.R04.value": 5000}
    )
    li.sync()
    report = zhao.sync()
    li.sync()

    assert report.count("conflict") == 1
    for tablet in (li, zhao):
        fields = tablet.record(note).fields
        assert fields["narrative"] == "长势良好。\n存栏 12 头。\n新建猪圈一间。"
        assert fields["answers.R04.value"] == 2000
    conflict = li.conflicts()[0]
    assert conflict.fields["field"] == "answers.R04.value"
    assert conflict.fields["sensitive"] is True

    # She wrote one side of a sensitive field: she is refused (SOD-8).
    with pytest.raises(NotPossibleError):
        li.resolve(conflict.id, "keep", comment="核对过借据")
    ruled = wang(
        "POST", f"/api/v1/conflicts/{conflict.id}/resolve",
        {"resolution": "other", "comment": "电话核实为 5000 元"},
    )  # fmt: skip
    assert ruled["status"] == "applied"
    li.sync()
    zhao.sync()
    assert {it.record(note).fields["answers.R04.value"] for it in (li, zhao)} == {5000}
