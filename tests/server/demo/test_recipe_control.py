"""The rows of the recipe about control and cash (domain.md, section 11), counted from the stored records."""

from __future__ import annotations

from collections import Counter

from server import office
from server.demo import people
from sync.guards.submitting import watchlist_hash
from tests.server.demo.demonstration import Demonstration


def test_the_watchlist_has_seven_entries_and_one_borrower_on_it(demo: Demonstration) -> None:
    entries = [it.fields for it in demo.records("watchlist_entry")]
    key = next(
        it.fields["value"]
        for it in demo.records("parameter")
        if it.fields["key"] == "watchlist_key"
    )
    hits = [it.customer for it in demo.records("warning_signal") if it.fields["rule"] == "W15"]
    borrowers = {it.customer for it, _ in demo.owed().values() if it.fields["state"] == "active"}

    assert Counter(it["level"] for it in entries) == {"block": 3, "caution": 4}
    assert len(hits) == 1
    assert hits[0] in borrowers
    number = next(it for it in demo.records("customer") if it.id == hits[0]).fields["id_no"]
    assert watchlist_hash(key, number) in {it["id_no_hash"] for it in entries}


def test_the_sister_of_an_officer_is_looked_after_by_another(demo: Demonstration) -> None:
    (tie,) = [it for it in demo.records("relationship") if it.fields["kind"] == "staff_relative"]
    sister = next(it for it in demo.records("customer") if it.id == tie.customer)
    relative = tie.fields["to_user_id"]
    officer = next(it for it in people.OFFICERS if demo.user(it.name) == relative)

    assert sister.fields["gender"] == "f"
    assert sister.fields["name"][0] == officer.name[0]
    assert relative not in {user for user, _, _, _, ended in sister.holders if ended is None}
    refused = demo.tried(officer, {
        "op": "create", "type": "inspection_note", "id": office.new_id(demo.now), "customer": sister.id,
        "set": {
            "kind": "routine", "checklist_code": "routine", "checklist_version": 1,
            "inspector_ids": [relative],
        },
    })  # fmt: skip
    assert refused["errors"][0]["rule"] == "SOD-5"


def test_one_handover_is_in_effect_one_objected_and_one_in_review(demo: Demonstration) -> None:
    assert demo.states("handover") == {"effective": 1, "objected": 1, "in_review": 1}
    effective = next(it for it in demo.records("handover") if it.fields["state"] == "effective")
    listed = {it.split(".")[1] for it in effective.fields if it.endswith(".listed")}
    for it in demo.records("customer"):
        if it.id in listed:
            held = [
                user for user, role, _, _, end in it.holders if role == "primary" and end is None
            ]
            assert held == [effective.fields["to_officer_id"]]
    assert sum(it.endswith(".user") for it in effective.fields) == 3


def test_a_deposit_is_ten_yuan_short_and_one_lies_unsettled_for_two_days(
    demo: Demonstration,
) -> None:
    deposits = [it.fields for it in demo.records("cash_deposit")]
    receipts = {it.id: it.fields for it in demo.records("repayment")}
    by_state = {it["state"]: it for it in deposits}
    counts = Counter(it["state"] for it in deposits)

    assert (counts["disputed"], counts["open"]) == (1, 1)
    assert set(counts) == {"disputed", "open", "confirmed"}
    disputed = by_state["disputed"]
    expected = sum(receipts[it]["amount_fen"] for it in disputed["receipt_ids"])
    assert expected - disputed["counted_fen"] == 1_000
    assert disputed["difference_reason"]
    assert by_state["open"]["business_date"] == demo.ago(2)
    laid = [it for one in deposits for it in one["receipt_ids"]]
    cash = {
        key for key, it in receipts.items()
        if it["channel"] == "cash" and it["receipt_no"].startswith("T")
    }  # fmt: skip
    assert sorted(laid) == sorted(cash), "each receipt for cash lies in one deposit"
