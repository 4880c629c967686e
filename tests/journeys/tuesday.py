"""Li Min's Tuesday from the outlet to the outlet: what is checked beside her stops (domain.md, 10.1)."""

from __future__ import annotations

from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import pytest

from field_client.client import FieldClient
from field_client.faults import InvalidInputError
from tests.faults.proxy import proxy
from tests.journeys.day import GROUP, MEMBERS, WU, told
from tests.journeys.dying import killed
from tests.journeys.evening import TOURS
from tests.journeys.liu import PERSON
from tests.journeys.people import Wire, at_the_desk, dossier, update
from tests.journeys.village import CHEN, HUANG, LOAN, Village

Json = Any
WEAK = 700
"""So many bytes of an answer come through on the hill top."""
NEVER = 1_000_000


def in_the_outlet(li: FieldClient, note: str) -> None:
    """07:40: what is new is taken; five visits, one inspection returned with a comment, two signals; ready."""
    report = li.sync()
    assert report.count("rejected") == report.count("conflict") == 0
    visits = [it for it in li.today() if it.kind == "visit"]
    assert {it.customer for it in visits} == set(TOURS)
    (returned,) = [it.record for it in li.attention() if it.reason == "returned"]
    assert returned is not None
    assert (returned.id, returned.fields["supervisor_comment"]) == (note, "请核实外债。")
    signals = [(it.customer, it.fields["rule"]) for it in li.records("warning_signal")]
    assert sorted(signals) == [(CHEN, "W02"), (CHEN, "W11")]
    assert li.status().all_synced


def dossier_of_chen(li: FieldClient) -> None:
    """08:50: the dossier opens at once, past problems and all."""
    begun = perf_counter()
    shown = dossier(li, CHEN)
    state = li.preview(LOAN, 1).before
    assert perf_counter() - begun < 1
    assert (state.dpd, state.due_today_fen, state.penalty_fen) == (32, 525_878, 2838)
    assert "W02" in [fields.get("rule") for _, fields in shown.values()]


def nobody_like_her(li: FieldClient) -> None:
    """10:00: nobody of that number or name is known here, and nobody is on the watchlist."""
    assert li.search("刘秀英") == []
    assert PERSON["id_no"] not in [it.fields.get("id_no") for it in li.records("customer")]
    assert li.records("watchlist_entry") == []
    mistyped = {**PERSON, "id_no": f"{PERSON['id_no'][:-1]}9"}
    with pytest.raises(InvalidInputError) as refused:
        li.create("customer", None, mistyped)
    assert [it.field for it in refused.value.faults] == ["id_no"], "the check digit is wrong"


def five_inspections_in_one_visit(li: FieldClient) -> None:
    """15:00: one visit to the group, and an inspection of each of its five households."""
    (visit,) = [it for it in li.records("visit") if it.fields.get("group_id") == GROUP]
    assert (visit.customer, visit.fields["state"]) == (WU, "completed")
    kinds = [
        it.fields["kind"]
        for member in MEMBERS
        for it in li.records("inspection_note", member)
        if it.fields["state"] == "draft"
    ]
    assert kinds == ["routine"] * 5


def reworked(li: FieldClient, note: str) -> None:
    """She answers R04 anew, and writes two sentences anew, in the note that was returned."""
    words = {"narrative": "长势良好。\n存栏 14 头。", "answers.R04.value": 2000}
    li.edit(note, words)


def weak_signal(village: Village) -> None:
    """16:10: the link breaks in the middle of the answer, and the app is killed: a process, by SIGKILL."""
    port = urlsplit(village.url).port
    assert port is not None
    li = village.tablet("T1")
    before = [it.id for it, _ in li.sets()]
    li.store.close()
    with proxy(port) as line:
        line.cut_down = WEAK
        assert killed(village, f"http://127.0.0.1:{line.port}", "answer", NEVER)
        assert line.cuts > 0
    li = village.tablet("T1")
    assert "sent" in {state for _, state in li.sets()}
    assert [it.id for it, _ in li.sets()] == before, "on restart nothing is lost or doubled"
    li.store.close()


def back_in_the_outlet(village: Village, li: FieldClient, receipt: str) -> None:
    """17:20: every set Accepted, once; photos last; the branch's balance is the tablet's."""
    files = li.status().files_waiting
    assert files == 5, "a consent, two signatures on glass, two photos"
    report = li.sync()
    assert report.count("conflict") == report.count("rejected") == 0
    assert {state for _, state in li.sets()} == {"accepted"}
    assert (report.uploaded, report.files_waiting) == (files, 0)
    wire = li.transport
    assert isinstance(wire, Wire)
    last_sync = max(at for at, path in enumerate(wire.paths) if path == "/api/v1/sync")
    then = wire.paths[last_sync + 1 :]
    assert len(then) >= files
    assert all(it.startswith("/api/v1/uploads") for it in then)
    assert li.status().all_synced
    receipts = [it.fields["receipt_no"] for it in li.records("repayment", CHEN)]
    assert sorted(receipts) == ["KK0001", "KK0002", "KK0003", receipt]
    he = at_the_desk(village, "he.fang")
    (row,) = [it for it in he.exported("loans") if it["loan_no"] == "JJ202600001"]
    shown = li.preview(LOAN, 1).before
    assert (row["outstanding_fen"], row["days_past_due"]) == (2_006_323, 1)
    assert (shown.outstanding_principal_fen, shown.dpd) == (2_006_323, 1)
    assert ("W03", "red") not in told(li, HUANG), "a record says it now"
    signals = [it.fields for it in li.records("warning_signal", HUANG)]
    assert [(it["rule"], it["severity"]) for it in signals] == [("W03", "red")]


def cash_is_counted(village: Village, li: FieldClient, deposit: str) -> None:
    """He Fang counts 3,000.00: what the receipts say, and no difference."""
    he = at_the_desk(village, "he.fang")
    counted = {"state": "confirmed", "received_by": he.user, "counted_fen": 300_000}
    he.does(update("cash_deposit", deposit, None, **counted))
    li.sync()
    fields = li.record(deposit).fields
    taken = [li.record(it).fields["amount_fen"] for it in fields["receipt_ids"]]
    assert (fields["state"], fields["counted_fen"] - sum(taken)) == ("confirmed", 0)
