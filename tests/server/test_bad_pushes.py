"""What is wrong inside one set is that set's result, and the sets behind it are applied."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from schemas.values import derived_id, format_instant
from server import store
from tests.server.branch import (
    ELSEWHERE,
    GUIYING,
    LI,
    LI_HAS,
    ZHAO_HAS,
    Server,
    Tablet,
    call,
    create,
    edit,
    fresh_id,
    named,
    registration,
    update,
)

Json = Any
Change = Callable[[], Json]
MEMBER = named("a member of the household")


@pytest.fixture(scope="module")
def tablet(shared_server: Server) -> Tablet:
    """李伟's tablet, which has a household member, an interaction and a planned visit on it."""
    found = shared_server.tablet("li.wei").catch_up()
    member = create("household_member", GUIYING, MEMBER, name="王小明", relation="child")
    visit = create(
        "visit", GUIYING, named("a planned visit"), purposes=["routine"], planned_on="2026-06-18",
        slot="am", plan_reason=None, state="planned",
    )  # fmt: skip
    noted = create("interaction", GUIYING, named("a call of li.wei"), **call()["set"])
    assert found.push(member, visit, noted)["status"] == "applied"
    zhao = shared_server.tablet("zhao.min").catch_up()
    theirs = create("interaction", ZHAO_HAS[0], named("a call of zhao.min"), **call()["set"])
    assert zhao.push(theirs)["status"] == "applied"
    return found.catch_up()


def with_one_behind(tablet: Tablet, bad: Json) -> Json:
    """Send a bad set and a good one behind it; return the bad one's result."""
    good = tablet.change_set(edit(next_contact_on=f"2026-07-{tablet.number % 28 + 1:02}"))

    answer = tablet.sync(bad, good)

    refused, behind = answer["results"]
    assert behind["status"] == "applied", "the set behind it waits"
    assert refused["status"] == "rejected", refused
    assert "changes" not in refused
    assert answer["known_through"] == good["number"]
    return refused


def codes(result: Json) -> set[str]:
    return {it["code"] for it in result["errors"]}


# --------------------------------------------------------------------------------- one bad change


def note(**fields: Json) -> Json:
    return call(**fields)


def without(change: Json, *members: str) -> Json:
    return {key: it for key, it in change.items() if key not in members}


def deletion(**members: Json) -> Json:
    change = {"op": "delete", "type": "household_member", "id": MEMBER, "customer": GUIYING}
    return {**change, "reason": "重复登记", **members}


VALUES: dict[str, tuple[Change, str]] = {
    "a field nobody declared": (lambda: edit(shoe_size=43), "unknown-field"),
    "a field with a NUL in its name": (lambda: edit(**{"a\x00b": 1}), "unknown-field"),
    "a leaf nobody declared": (lambda: edit(**{"assets.1.colour": "red"}), "unknown-field"),
    "digits in a text": (lambda: edit(annual_income_fen="5200000"), "invalid-value"),
    "full-width digits": (lambda: edit(phone="１３８００００００００"), "invalid-value"),
    "a number for a phone": (lambda: edit(phone=13800000000), "invalid-value"),
    "money beyond 10^15": (lambda: edit(annual_income_fen=10**15 + 1), "invalid-value"),
    "money in yuan and fen": (lambda: edit(annual_income_fen=12.5), "invalid-value"),
    "money as a round float": (lambda: edit(annual_income_fen=12.0), "invalid-value"),
    "money below nothing": (lambda: edit(annual_income_fen=-1), "invalid-value"),
    "true as an amount": (lambda: edit(annual_income_fen=True), "invalid-value"),
    "a list for a text": (lambda: edit(phone=["13800000000"]), "invalid-value"),
    "an object for a text": (lambda: edit(phone={}), "invalid-value"),
    "a word that is no choice": (lambda: edit(segment="farming"), "invalid-value"),
    "text that is not in NFC": (lambda: edit(preferences="re\u0301sume\u0301"), "invalid-value"),
    "text with a NUL": (lambda: edit(preferences="a\x00b"), "invalid-value"),
    "4,001 characters": (lambda: edit(preferences="字" * 4001), "invalid-value"),
    "a name of blanks": (lambda: edit(name="   "), "invalid-value"),
    "an id number with a wrong check digit": (
        lambda: registration(fresh_id(), 1, id_no="999901197805120014"), "invalid-value",
    ),
    "a date with a time": (lambda: edit(next_contact_on="2026-07-01T00:00:00Z"), "invalid-value"),
    "a date without dashes": (lambda: edit(next_contact_on="20260701"), "invalid-value"),
    "a date of a week": (lambda: edit(next_contact_on="2026-W27-3"), "invalid-value"),
    "a date without noughts": (lambda: edit(next_contact_on="2026-7-1"), "invalid-value"),
    "the 30th of February": (lambda: edit(next_contact_on="2026-02-30"), "invalid-value"),
    "the year 0": (lambda: edit(next_contact_on="0000-01-01"), "invalid-value"),
    "a date in full-width digits": (lambda: edit(next_contact_on="２０２６-07-01"), "invalid-value"),
    "an instant without a time": (lambda: note(at="2026-06-16"), "invalid-value"),
    "an instant without a zone": (lambda: note(at="2026-06-16T01:00:00"), "invalid-value"),
    "an instant of another zone": (lambda: note(at="2026-06-16T09:00:00+08:00"), "invalid-value"),
    "the year 1 in the far east": (lambda: note(at="0001-01-01T00:00:00+14:00"), "invalid-value"),
    "after the year 9999": (lambda: note(at="10000-01-01T00:00:00Z"), "invalid-value"),
    "24 o'clock": (lambda: note(at="2026-06-16T24:00:00Z"), "invalid-value"),
    "a leap second": (lambda: note(at="2026-06-30T23:59:60Z"), "invalid-value"),
    "an instant as a number": (lambda: note(at=1_781_571_600), "invalid-value"),
    "a required field left out": (lambda: call(summary=None), "required"),  # type: ignore[arg-type]
    "a required field cleared": (lambda: edit(phone=None), "required"),
    "half a group": (lambda: edit(home_lat_e6=30_000_000), "group-incomplete"),
    "a list for a set that is edited": (lambda: edit(tags=["脱贫户"]), "bad-change"),
    "an edit of a set that does nothing known": (lambda: edit(tags={"set": []}), "invalid-value"),
}  # fmt: skip

IDS: dict[str, Json] = {
    "none": None, "empty": "", "a number": 7, "a word": "customer-1", "a list": [],
    "in upper case": fresh_id().upper(), "in braces": "{" + fresh_id() + "}",
    "as a URN": "urn:uuid:" + fresh_id(), "without dashes": fresh_id().replace("-", ""),
    "with a NUL": fresh_id()[:-1] + "\x00", "with a blank": fresh_id() + " ",
    "of no version": "00000000-0000-0000-0000-000000000000",
    "in full-width digits": "０" + fresh_id()[1:],
    "of SQL": "' OR '1'='1", "endless": "a" * 100_000,
}  # fmt: skip

CHANGES: dict[str, tuple[Change, str]] = {
    **VALUES,
    **{f"an id: {name}": (lambda it=it: {**call(), "id": it}, "bad-change") for name, it in IDS.items()},  # type: ignore[misc]
    **{
        f"a customer: {name}": (lambda it=it: {**call(), "customer": it}, "bad-change")  # type: ignore[misc]
        for name, it in IDS.items()
    },
    "null": (lambda: None, "bad-change"),
    "a list": (list, "bad-change"),
    "a text": (lambda: "create", "bad-change"),
    "nothing in it": (dict, "bad-change"),
    "an unknown op": (lambda: {**call(), "op": "replace"}, "bad-change"),
    "an op that is null": (lambda: {**call(), "op": None}, "bad-change"),
    "an unknown type": (lambda: {**call(), "type": "horse"}, "unknown-type"),
    "a type that is a number": (lambda: {**call(), "type": 1}, "bad-change"),
    "an unknown member": (lambda: {**call(), "version": 3}, "bad-change"),
    "no op": (lambda: without(call(), "op"), "bad-change"),
    "no type": (lambda: without(call(), "type"), "bad-change"),
    "no id": (lambda: without(call(), "id"), "bad-change"),
    "no customer": (lambda: without(call(), "customer"), "bad-change"),
    "no set": (lambda: without(call(), "set"), "bad-change"),
    "a set that is null": (lambda: {**call(), "set": None}, "bad-change"),
    "a set that is a list": (lambda: {**call(), "set": []}, "bad-change"),
    "a reason where nothing is deleted": (lambda: {**call(), "reason": "x"}, "bad-change"),
    "an over that is a list": (lambda: {**edit(phone="13900000000"), "over": []}, "bad-change"),
    "an over of no field": (lambda: {**edit(phone="13900000000"), "over": {"x": 1}}, "bad-change"),
    "an over of no number": (lambda: {**edit(phone="13900000000"), "over": {"phone": 0}}, "bad-change"),
    "an over of a text": (lambda: {**edit(phone="13900000000"), "over": {"phone": "1"}}, "bad-change"),
    "an over that names no such set": (
        lambda: {**edit(phone="13900000000"), "over": {"phone": 2**53 - 1}}, "bad-change",
    ),
    "a customer of another id": (lambda: {**registration(fresh_id(), 1), "customer": GUIYING}, "bad-change"),
    "another customer than the record's": (
        lambda: update("household_member", MEMBER, LI_HAS[1], name="王大明"), "bad-change",
    ),
    "another type than the record's": (
        lambda: update("task", MEMBER, GUIYING, title="x"), "bad-change",
    ),
    "an edit of what is never edited": (
        lambda: update("interaction", named("a call of li.wei"), GUIYING, summary="x"), "create-only",
    ),
    "a deletion of what is never deleted": (
        lambda: deletion(type="interaction", id=named("a call of li.wei")), "not-permitted",
    ),
    "a deletion without a reason": (lambda: without(deletion(), "reason"), "required"),
    "a deletion with a reason of blanks": (lambda: deletion(reason=" "), "required"),
    "a deletion with a reason too long": (lambda: deletion(reason="字" * 201), "invalid-value"),
    "a deletion with values": (lambda: deletion(set={}), "bad-change"),
    "a state it cannot begin in": (
        lambda: registration(fresh_id(), 1, state="blocked"), "invalid-transition",
    ),
    "a state it cannot move to": (
        lambda: update("visit", named("a planned visit"), GUIYING, state="accepted"),
        "invalid-transition",
    ),
    "a field that is the server's": (lambda: edit(customer_no="KH00001"), "not-permitted"),
    "a record that a clerk makes": (
        lambda: create(
            "loan", GUIYING, None, product_id=fresh_id(), principal_fen=1, rate_bps=1,
            method="bullet", disbursed_on="2026-01-01", maturity_on="2027-01-01", purpose="seed",
            security=["unsecured"], officer_id=LI, responsible={},
        ),
        "not-permitted",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES)
def test_a_bad_change_rejects_its_set_by_name(tablet: Tablet, change: Change, code: str) -> None:
    bad = tablet.change_set(call(), change())

    result = with_one_behind(tablet, bad)

    assert code in codes(result), result
    assert all(it["message"] for it in result["errors"])


# ------------------------------------------------------------------------------------------ scope

THEIRS = {"a colleague's": ZHAO_HAS[0], "another branch's": ELSEWHERE, "nobody's": named("nobody")}
FOREIGN: dict[str, Callable[[str], Json]] = {
    "an edit": lambda it: edit(it, phone="13900000000"),
    "a note under it": lambda it: call(it),
    "a note that names it": lambda it: create(
        "task", GUIYING, None, title="x", due_on="2026-07-01", source="manual", record=it,
        record_type="customer",
    ),
    "a deletion under it": lambda it: deletion(customer=it, id=fresh_id()),
    "a conflict of it": lambda it: update(
        "conflict", derived_id("conflict", it), it, status="resolved", resolution="keep"
    ),
}  # fmt: skip


@pytest.mark.parametrize("customer", THEIRS.values(), ids=THEIRS)
@pytest.mark.parametrize("change", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_customer_is_as_unknown_as_one_that_does_not_exist(
    tablet: Tablet, change: Callable[[str], Json], customer: str
) -> None:
    result = with_one_behind(tablet, tablet.change_set(change(customer)))

    assert codes(result) == {"unknown-record"}


@pytest.mark.parametrize("customer", THEIRS.values(), ids=THEIRS)
def test_what_was_never_held_is_named_in_left(tablet: Tablet, customer: str) -> None:
    answer = tablet.sync(tablet.change_set(call(customer)))

    assert customer in [it["customer"] for it in answer["left"]]
    assert customer not in [it["id"] for it in answer["records"]]


def test_a_colleagues_customer_is_not_registered_again(tablet: Tablet) -> None:
    result = with_one_behind(tablet, tablet.change_set(registration(ZHAO_HAS[0], 77)))

    assert codes(result) == {"unknown-record"}


def test_an_officer_assigns_nobody(tablet: Tablet) -> None:
    wish = create(
        "assignment", None, None, officer_id=LI, customer_id=ZHAO_HAS[0], role="primary",
        valid_from="2026-06-16",
    )  # fmt: skip

    result = with_one_behind(tablet, tablet.change_set(wish))

    assert codes(result) <= {"not-permitted", "unknown-record"}


def test_a_colleagues_note_stays_his_whoever_claims_its_customer(tablet: Tablet) -> None:
    theirs = update("interaction", named("a call of zhao.min"), GUIYING, summary="x")
    again = create("interaction", GUIYING, named("a call of zhao.min"), **call()["set"])

    results = [with_one_behind(tablet, tablet.change_set(it)) for it in (theirs, again)]

    assert codes(results[1]) == {"unknown-record"}
    assert codes(results[0]) <= {"unknown-record", "create-only"}


# --------------------------------------------------------------------------------- one bad set

SETS: dict[str, tuple[Json, str]] = {
    "a base above the head": ({"base": 10**9}, "bad-change"),
    "a base below nothing": ({"base": -1}, "bad-change"),
    "half a base": ({"base": 0.5}, "bad-change"),
    "a base that is a text": ({"base": "1"}, "bad-change"),
    "a base that is null": ({"base": None}, "bad-change"),
    "an unknown member": ({"priority": 1}, "bad-change"),
    "no changes": ({"changes": []}, "bad-change"),
    "changes that are null": ({"changes": None}, "bad-change"),
    "changes that are an object": ({"changes": {}}, "bad-change"),
    "501 changes": ({"changes": [call() for _ in range(501)]}, "too-large"),
    "more than 1 MiB": ({"changes": [call(summary="字" * 4000) for _ in range(100)]}, "too-large"),
    "an action that is a number": ({"action": 7}, "bad-change"),
    "an epoch that is a number": ({"epoch": 7}, "bad-change"),
    "a schema of nothing": ({"schema": 0}, "bad-change"),
    "a stand-in for what was too large": ({"changes": [], "action": "too-large"}, "too-large"),
    "a stand-in for what cannot be read": ({"changes": [], "action": "unreadable"}, "unreadable"),
    "withdrawn": ({"action": "withdrawn"}, "withdrawn"),
    **{f"an id: {name}": ({"id": it}, "bad-change") for name, it in IDS.items()},
}


@pytest.mark.parametrize(("members", "code"), SETS.values(), ids=SETS)
def test_a_bad_set_uses_up_its_number_and_stops_nobody(
    tablet: Tablet, members: Json, code: str
) -> None:
    bad = tablet.change_set(call(), **members)

    result = with_one_behind(tablet, bad)

    assert code in codes(result), result
    assert tablet.offer(bad).json["results"] == [{**result, "repeated": True}]


def test_a_set_without_a_member_is_rejected(tablet: Tablet) -> None:
    for member in ("id", "epoch", "schema", "base", "action", "changes"):
        bad = without(tablet.change_set(call()), member)

        assert codes(with_one_behind(tablet, bad)) == {"bad-change"}, member


def test_a_rejected_set_lies_in_quarantine_as_it_was_sent(
    tablet: Tablet, shared_server: Server
) -> None:
    bad = tablet.change_set(edit(shoe_size=43, preferences="a\x00b"), action="odd")
    with_one_behind(tablet, bad)

    kept = shared_server.tablet("wang.jun").get("/api/v1/quarantine").json["sets"]

    (found,) = (it for it in kept if it["set"].get("id") == bad["id"])
    assert found["set"] == bad
    assert (found["device"], found["user"], found["number"]) == (tablet.device, LI, bad["number"])


def test_what_needs_a_rejected_record_is_told_so(tablet: Tablet) -> None:
    customer = fresh_id()
    bad = tablet.change_set(registration(customer, 5, phone="1"))

    result = tablet.sync(bad, tablet.change_set(call(customer)))["results"][1]

    assert codes(result) == {"depends-on-rejected"}
    later = with_one_behind(tablet, tablet.change_set(call(customer)))
    assert codes(later) == {"depends-on-rejected"}


def test_1001_sets_are_too_large_whatever_is_in_them(tablet: Tablet) -> None:
    sets = [{"number": tablet.number + it, "changes": []} for it in range(1, 1002)]

    assert tablet.offer(*sets).code == "too-large"
    assert tablet.sync(*sets[:1000])["known_through"] == tablet.number + 1000
    tablet.number += 1000


def test_a_push_may_name_more_ids_than_a_statement_has_parameters(tablet: Tablet) -> None:
    sets = [
        tablet.change_set(
            registration(fresh_id(), 2000 + it, tags=[fresh_id() for _ in range(500)])
        )
        for it in range(140)
    ]

    answer = tablet.sync(*sets)

    assert {it["status"] for it in answer["results"]} == {"applied"}


# ---------------------------------------------------------------------------------- the envelope

NUMBERS: dict[str, Json] = {
    "none": ..., "null": None, "nothing": 0, "below nothing": -1, "a half": 1.5, "a text": "1",
    "true": True,
}  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_a_set_without_a_number_makes_the_request_unreadable(tablet: Tablet, number: Json) -> None:
    bad = {**tablet.change_set(call(), number=1), "number": number}
    bad = {key: it for key, it in bad.items() if it is not ...}

    assert tablet.offer(bad).code == "bad-request"


ENVELOPES: dict[str, tuple[Json, int, str]] = {
    "another protocol": ({"protocol": 2}, 400, "bad-request"),
    "a protocol in words": ({"protocol": "1"}, 400, "bad-request"),
    "true as a protocol": ({"protocol": True}, 400, "bad-request"),
    "no schema": ({"schema": None}, 400, "bad-request"),
    "an epoch that is a number": ({"epoch": 1}, 400, "bad-request"),
    "another epoch": ({"epoch": fresh_id()}, 409, "epoch-changed"),
    "an epoch with a NUL": ({"epoch": "a\x00"}, 400, "bad-request"),
    "sets that are null": ({"sets": None}, 400, "bad-request"),
    "sets that are an object": ({"sets": {}}, 400, "bad-request"),
    "a set that is null": ({"sets": [None]}, 400, "bad-request"),
    "a set that is a list": ({"sets": [[]]}, 400, "bad-request"),
}


@pytest.mark.parametrize(("members", "status", "code"), ENVELOPES.values(), ids=ENVELOPES)
def test_an_unreadable_envelope_is_refused_whole(
    tablet: Tablet, members: Json, status: int, code: str
) -> None:
    good = tablet.change_set(call())
    tablet.number -= 1

    reply = tablet.post("/api/v1/sync", {**tablet.request([good]), **members})

    assert (reply.status, reply.code) == (status, code)
    assert tablet.sync()["known_through"] == tablet.number, "something of it was applied"


@pytest.mark.parametrize("member", ["protocol", "schema", "epoch", "cursor", "sets"])
def test_an_envelope_without_a_required_member_is_refused(tablet: Tablet, member: str) -> None:
    reply = tablet.post("/api/v1/sync", without(tablet.request(), member))

    assert reply.code == "bad-request"
    assert [it["field"] for it in reply.json["errors"]] == [member]


@pytest.mark.parametrize(
    "member", ["sent_at", "page", "received_through", "held", "digest", "waiting"]
)
def test_an_envelope_without_an_optional_member_is_served(tablet: Tablet, member: str) -> None:
    assert tablet.post("/api/v1/sync", without(tablet.request(), member)).status == 200


def test_1001_changes_are_too_large_and_1000_are_not(tablet: Tablet) -> None:
    changes = [call() for _ in range(250)]
    sets = [tablet.change_set(*changes, id=fresh_id()) for _ in range(4)]
    over = tablet.change_set(call())

    assert tablet.offer(*sets, over).code == "too-large"
    tablet.number -= 5
    sets = [tablet.change_set(*(call() for _ in range(250))) for _ in range(4)]
    assert tablet.sync(*sets)["known_through"] == tablet.number


def test_a_gap_in_the_numbers_applies_nothing_and_names_the_next(tablet: Tablet) -> None:
    first = tablet.change_set(call())
    gap = tablet.change_set(call(), number=first["number"] + 2)

    for sets in ([gap], [first, gap], [gap, first], [first, first]):
        reply = tablet.offer(*sets)

        assert (reply.status, reply.code) == (409, "sets-out-of-order")
        assert reply.json["next"] == first["number"]
        assert reply.json["known_through"] == first["number"] - 1
    assert tablet.sync(first)["results"][0]["status"] == "applied"


CHANGED: dict[str, Callable[[Json], Json]] = {
    "another id": lambda it: {**it, "id": fresh_id()},
    "another value": lambda it: {**it, "changes": [{**it["changes"][0], "set": {"phone": "13911111111"}}]},
    "one change more": lambda it: {**it, "changes": [*it["changes"], call()]},
    "no changes": lambda it: {**it, "changes": []},
    "1 for true": lambda it: {**it, "changes": [{**it["changes"][0], "set": {"phone": True}}]},
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_the_same_number_with_other_content_applies_nothing(
    tablet: Tablet, change: Callable[[Json], Json]
) -> None:
    known = tablet.change_set(edit(phone="13922222222"))
    tablet.sync(known)
    following = tablet.change_set(call())

    reply = tablet.offer(change(known), following)

    assert (reply.status, reply.code) == (409, "set-changed")
    assert reply.json["known_through"] == known["number"]
    assert tablet.sync(following)["results"][0]["status"] == "applied"


def test_the_same_content_in_another_order_of_members_is_the_same(tablet: Tablet) -> None:
    known = tablet.change_set(edit(phone="13922222223", next_contact_on="2026-07-01"))
    first = tablet.sync(known)["results"]

    again = tablet.sync(json.loads(json.dumps(known, sort_keys=True)))["results"]

    assert again == [{**first[0], "repeated": True}]


# ------------------------------------------------------------------------- what is never refused

TIMES: dict[str, Json] = {
    "ten years on": "2036-06-16T01:00:00.000Z", "ten years ago": "2016-06-16T01:00:00.000Z",
    "the year 1": "0001-01-01T00:00:00Z", "the year 9999": "9999-12-31T23:59:59.999Z",
    "before 1970": "1969-12-31T23:59:59Z", "a bare date": "2026-06-16", "a word": "yesterday",
    "another zone": "2026-06-16T09:00:00+08:00", "a number": 1_781_571_600, "null": None,
    "a list": [], "a NUL": "\x00", "endless": "9" * 1000,
}  # fmt: skip
STAMPS: dict[str, Json] = {
    "ten years on": "01e8a1f0c000-0000-{device}", "the last of all": "ffffffffffff-ffff-{device}",
    "the first of all": "000000000000-0000-{device}", "another device's": f"019ecdf13e80-0000-{fresh_id()}",
    "in upper case": "019ECDF13E80-0000-{device}", "a word": "now", "empty": "", "a number": 7,
    "null": None, "an object": {}, "a NUL": "\x00", "endless": "f" * 1000,
}  # fmt: skip
WRONG_TIMES = [
    *((f"made_at: {name}", {"made_at": it}) for name, it in TIMES.items()),
    *((f"clock: {name}", {"clock": it}) for name, it in STAMPS.items()),
    ("neither", {"made_at": None, "clock": None}),
]


@pytest.mark.parametrize(
    "members", [it for _, it in WRONG_TIMES], ids=[name for name, _ in WRONG_TIMES]
)
def test_no_time_is_a_reason_to_refuse(
    tablet: Tablet, shared_server: Server, members: Json
) -> None:
    told = {
        key: it.format(device=tablet.device) if isinstance(it, str) else it
        for key, it in members.items()
    }
    one = tablet.change_set(edit(phone=f"139{tablet.number:08}"), **told)

    result = tablet.sync(one)["results"][0]

    assert result["status"] == "applied"
    query = select(store.log.c.made_at, store.log.c.stamp).where(store.log.c.set_id == one["id"])
    with shared_server.engine.connect() as connection:
        made_at, stamp = connection.execute(query).one()
    assert made_at <= format_instant(shared_server.clock())
    assert stamp.endswith(tablet.device)


@pytest.mark.parametrize("sent_at", TIMES.values(), ids=TIMES)
def test_no_clock_of_a_tablet_stops_its_sync(tablet: Tablet, sent_at: Json) -> None:
    answer = tablet.sync(tablet.change_set(call()), sent_at=sent_at)

    assert answer["results"][0]["status"] == "applied"


def test_a_clock_that_is_wrong_by_more_than_two_minutes_is_told(tablet: Tablet) -> None:
    fast, right = tablet.sync(sent_at="2036-06-16T01:00:00.000Z"), tablet.sync()

    (notice,) = fast["notices"]
    assert notice["code"] == "clock-skew"
    assert notice["seconds"] == 3653 * 86_400
    assert notice["message"]
    assert right["notices"] == []


def test_an_edit_of_what_another_tablet_deleted_brings_it_back(shared_server: Server) -> None:
    here, there = (shared_server.tablet("li.wei").catch_up() for _ in range(2))
    member = create("household_member", LI_HAS[2], None, name="王小芳", relation="child")
    here.push(member)
    there.catch_up()
    here.catch_up()

    gone = here.push(deletion(id=member["id"], customer=LI_HAS[2]))
    back = there.push(update("household_member", member["id"], LI_HAS[2], labour="part"))

    assert (gone["status"], back["status"]) == ("applied", "conflict")
    here.catch_up()
    assert here.fields(member["id"])["labour"] == "part"


def test_a_poisoned_set_among_a_hundred_stops_none_of_the_others(tablet: Tablet) -> None:
    changes = [call() if it != 42 else edit(shoe_size=43) for it in range(100)]

    results = tablet.sync(*(tablet.change_set(it) for it in changes))["results"]

    assert [it["status"] for it in results].count("applied") == 99
    assert results[42]["status"] == "rejected"


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "字段"), ("en", "field")])
def test_what_is_wrong_is_said_in_the_users_language(
    tablet: Tablet, language: str, words: str
) -> None:
    bad = tablet.change_set(edit(shoe_size=43))

    reply = tablet.post(
        "/api/v1/sync", tablet.request([bad]), headers={"Accept-Language": language}
    )

    (error,) = reply.json["results"][0]["errors"]
    assert words in error["message"]
