"""What comes in as JSON: strict, whole, and never in the way of the sets behind it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import limits
from schemas.messages import ChangeSet, Fault
from schemas.problems import BadRequestError, TooLargeError
from schemas.registry import REGISTRY
from schemas.wire import requests, setup, sync
from schemas.wire.fields import Declared, Message, Part
from schemas.wire.requests import Login, parse_assignment, parse_login, parse_refresh, parse_resolve
from schemas.wire.setup import Account, Branch, Organisation, parse_setup
from schemas.wire.sync import parse_set, parse_sync_request, readable_set

CUSTOMER = "0199f2c4-a1b3-7abc-9def-0123456789ab"
OTHER = "0199f2c4-a1b3-7abc-9def-0123456789ac"
LOAN = "0199f2c4-a1b3-7abc-9def-0123456789ad"
MEMBER = {"name": "王小明", "relation": "child"}
RECEIPT = {
    "loan_id": LOAN, "amount_fen": 300000, "value_date": "2026-06-16", "channel": "cash",
    "receipt_no": "T1-20260616-001",
}  # fmt: skip


def change(op: str = "update", type: str = "customer", **members: Any) -> dict[str, Any]:
    ids = {"id": CUSTOMER if type == "customer" else OTHER, "customer": CUSTOMER}
    fields: dict[str, Any] = {} if op == "delete" else {"set": {}}
    return {"op": op, "type": type, **ids, **fields, **members}


def a_set(*changes: Any, **members: Any) -> dict[str, Any]:
    return {
        "number": 17, "id": OTHER, "epoch": None, "schema": 1, "base": 0, "action": "customer.edit",
        "made_at": "2026-06-16T01:10:00Z", "clock": None, "changes": list(changes), **members,
    }  # fmt: skip


def edit(fields: dict[str, Any]) -> dict[str, Any]:
    return change(set=fields)


def new(type: str, fields: dict[str, Any]) -> dict[str, Any]:
    return change("create", type, set=fields)


def removal(**members: Any) -> dict[str, Any]:
    return change("delete", "household_member", **members)


def bad(place: str, reason: str) -> tuple[str, str, str]:
    return (place, "invalid-value", reason)


def torn(place: str, reason: str) -> tuple[str, str, str]:
    return (place, "bad-change", reason)


def without(message: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != name}


def faults_of(raw: Any) -> list[tuple[Any, ...]]:
    found = parse_set(raw, REGISTRY)
    assert isinstance(found, list), f"accepted: {found}"
    return [(it.change, it.field, it.code, it.reason) for it in found]


# ------------------------------------------------------------------------------------- one set


def test_a_set_becomes_a_message() -> None:
    raw = a_set(
        change(set={"phone": "13800000000", "tags": {"add": ["示范村"]}}, over={"phone": 15}),
        change("create", "household_member", set=MEMBER),
        removal(reason="登记有误"),
    )

    found = parse_set(raw, REGISTRY)

    assert isinstance(found, ChangeSet)
    assert (found.number, found.id, found.base, found.action) == (17, OTHER, 0, "customer.edit")
    first, second, third = found.changes
    assert (first.op, first.type, first.customer) == ("update", "customer", CUSTOMER)
    assert first.over == {"phone": 15}
    assert second.set == MEMBER
    assert (third.op, third.set, third.reason) == ("delete", {}, "登记有误")


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (a_set(change(), extra=1), (None, "extra", "bad-change", "unknown-member")),
        (a_set(change(), id=OTHER.upper()), (None, "id", "bad-change", "not-an-id")),
        (a_set(change(), id="{" + OTHER + "}"), (None, "id", "bad-change", "not-an-id")),
        (a_set(change(), epoch=5), (None, "epoch", "bad-change", "not-text")),
        (a_set(change(), schema="1"), (None, "schema", "bad-change", "not-integer")),
        (a_set(change(), base=-1), (None, "base", "bad-change", "too-small")),
        (a_set(change(), base=1.0), (None, "base", "bad-change", "not-integer")),
        (a_set(change(), base=True), (None, "base", "bad-change", "not-integer")),
        (a_set(change(), action=None), (None, "action", "bad-change", "null-member")),
        (without(a_set(change()), "base"), (None, "base", "bad-change", "missing-member")),
        (without(a_set(), "changes"), (None, "changes", "bad-change", "missing-member")),
        (a_set() | {"changes": {}}, (None, "changes", "bad-change", "not-a-list")),
        (a_set(), (None, None, "bad-change", "no-changes")),
        (a_set(action="too-large"), (None, None, "too-large", None)),
        (a_set(action="unreadable"), (None, None, "unreadable", None)),
        (a_set(action="withdrawn"), (None, None, "withdrawn", None)),
        (a_set(change(), action="withdrawn"), (None, None, "withdrawn", None)),
        (a_set(*[change()] * 501), (None, None, "too-large", None)),
        (a_set(change(set={"preferences": "字" * 2**19})), (None, None, "too-large", None)),
        (a_set("x"), (0, None, "bad-change", "not-an-object")),
        (a_set(None), (0, None, "bad-change", "not-an-object")),
        (None, (None, None, "bad-change", "not-an-object")),
        ([], (None, None, "bad-change", "not-an-object")),
    ],
)
def test_what_is_wrong_with_a_set_is_its_own_fault(raw: Any, fault: tuple[Any, ...]) -> None:
    assert faults_of(raw) == [fault]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        # how a change is put together
        (change(x=1), torn("x", "unknown-member")),
        (change("upsert"), torn("op", "unknown-op")),
        ({**change(), "op": None}, torn("op", "null-member")),
        (change(type="ghost", set={"a": 1}), (None, "unknown-type", None)),
        (change(type="visit", id="x"), torn("id", "not-an-id")),
        (change(type="visit", customer=OTHER.upper()), torn("customer", "not-an-id")),
        (without(change(), "customer"), torn("customer", "missing-member")),
        (without(change(), "set"), torn("set", "missing-member")),
        (change(set=[]), torn("set", "not-an-object")),
        (change(set=None), torn("set", "null-member")),
        (change(over=[]), torn("over", "not-an-object")),
        (change(over={"phone": 0}), torn("phone", "over-names-nothing")),
        (change(over={"phone": "15"}), torn("phone", "over-names-nothing")),
        (change(over={"ghost": 15}), torn("ghost", "over-names-nothing")),
        (change(over={"home_lat_e6": 15}), torn("home_lat_e6", "over-names-nothing")),
        (change(reason="x"), torn("reason", "unknown-member")),
        # whose record it is
        (change("update", "visit", customer=None), torn("customer", "customer-missing")),
        (change(customer=OTHER), torn("customer", "customer-differs")),
        (change("update", "org_unit"), torn("customer", "customer-not-null")),
        # fields
        (change(set={"ghost": 1}), ("ghost", "unknown-field", None)),
        (change(set={"assets": {}}), ("assets", "unknown-field", None)),
        (change(set={"assets.a1": {}}), ("assets.a1", "unknown-field", None)),
        (edit({"assets.a 1.kind": "house"}), ("assets.a 1.kind", "unknown-field", None)),
        (change(set={"home": {}}), ("home", "unknown-field", None)),
        (edit({"tier": "key"}), ("tier", "unknown-field", None)),
        (change(set={"g" * 200: 1}), ("g" * 100, "unknown-field", None)),
        (change(set={"g\x00": 1}), ("g\ufffd", "unknown-field", None)),
        (change(set={"phone": 13800000000}), bad("phone", "not-text")),
        (edit({"phone": "１３８００００００００"}), bad("phone", "wrong-form")),
        (edit({"name": "a\x00b"}), bad("name", "has-nul")),
        (edit({"name": "e\u0301"}), bad("name", "not-nfc")),
        (change(set={"name": None}), ("name", "required", None)),
        (change(set={"annual_income_fen": 1.5}), bad("annual_income_fen", "not-integer")),
        (change(set={"annual_income_fen": 10**15 + 1}), bad("annual_income_fen", "too-large")),
        (edit({"next_contact_on": "2026-02-30"}), bad("next_contact_on", "not-date")),
        (edit({"assets.a1.kind": "boat"}), bad("assets.a1.kind", "not-a-choice")),
        (change(set={"tags": ["a"]}), torn("tags", "not-add-remove")),
        (change(set={"tags": {"set": ["a"]}}), bad("tags", "not-add-remove")),
        (change(set={"tags": {"add": [1]}}), bad("tags", "not-text")),
        (change(set={"home_lat_e6": 1}), ("home", "group-incomplete", None)),
        (change(set={"home_lat_e6": None}), ("home", "group-incomplete", None)),
        # by kind of change
        (new("household_member", without(MEMBER, "name")), ("name", "required", None)),
        (new("household_member", MEMBER | {"name": None}), ("name", "required", None)),
        (new("visit", {"purposes": {"add": ["survey"]}}), bad("purposes", "not-a-list")),
        (new("repayment", RECEIPT | {"amount_fen": 0}), bad("amount_fen", "too-small")),
        (change("update", "repayment", set={"note": "x"}), (None, "create-only", None)),
        (change("delete", "repayment", reason="x"), (None, "not-permitted", None)),
        (change("delete", reason="x"), (None, "not-permitted", None)),
        (removal(), ("reason", "required", None)),
        (removal(reason=None), ("reason", "required", None)),
        (removal(reason=" "), ("reason", "required", None)),
        (removal(reason="字" * 201), bad("reason", "too-long")),
        (removal(reason=5), bad("reason", "not-text")),
        (removal(reason="x", set={}), torn("set", "unknown-member")),
        (removal(reason="x", over={}), torn("over", "unknown-member")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_change_is_told_with_its_place(
    raw: dict[str, Any], fault: tuple[Any, ...]
) -> None:
    assert faults_of(a_set(change(), raw)) == [(1, *fault)]


@pytest.mark.parametrize(
    "raw",
    [
        a_set(change(set={"phone_alt": None})),
        a_set(change(set={"home_lat_e6": 1, "home_lon_e6": 2, "home_acc_m": None})),
        a_set(change(set={"home_lat_e6": None, "home_lon_e6": None, "home_acc_m": None})),
        a_set(change(set={}, over={"home": 3, "assets.a1.kind": 4})),
        a_set(change(set={"tags": None})),
        a_set(change("create", "visit", set={"purposes": ["survey"], "planned_on": "2026-06-18"})),
        a_set(change("create", "repayment", set=RECEIPT)),
        a_set(change("delete", "attachment", reason="拍错了")),
        a_set(change("update", "conflict", customer=None, set={"status": "resolved"})),
        a_set(change("update", "conflict", set={"status": "resolved"})),
        a_set(change("update", "org_unit", customer=None, set={"name": "河口"})),
        a_set(change(), made_at=17, clock=["x"]),
        a_set(change(), made_at="99999-01-01", clock="soon"),
        without(without(a_set(change()), "made_at"), "clock"),
        a_set(change(), epoch="0198", action=""),
        a_set(*[change()] * 500),
        a_set(change(), action="too-large"),
    ],
)
def test_what_the_protocol_allows_is_accepted(raw: dict[str, Any]) -> None:
    assert isinstance(parse_set(raw, REGISTRY), ChangeSet)


def test_a_malformed_time_is_not_kept_as_if_it_were_text() -> None:
    found = parse_set(a_set(change(), made_at=17, clock="soon"), REGISTRY)

    assert isinstance(found, ChangeSet)
    assert (found.made_at, found.clock) == (None, "soon")


def test_all_faults_of_a_set_are_told_at_once() -> None:
    raw = a_set(
        change(set={"phone": 1, "name": None}), change("upsert", "ghost"), base=-1, extra=True
    )

    assert faults_of(raw) == [
        (None, "base", "bad-change", "too-small"),
        (None, "extra", "bad-change", "unknown-member"),
        (0, "phone", "invalid-value", "not-text"),
        (0, "name", "required", None),
        (1, "op", "bad-change", "unknown-op"),
        (1, None, "unknown-type", None),
    ]


@pytest.mark.parametrize(
    ("type_name", "fields", "missing"),
    [
        ("customer", {"name": "王桂英"}, []),
        ("customer", {}, ["name"]),
        ("customer", {"name": "王桂英", "phone": "x"}, ["phone"]),
        ("household_member", {}, ["name", "relation"]),
    ],
)
def test_of_records_that_a_lender_brings_along_less_must_be_known(
    type_name: str, fields: dict[str, Any], missing: list[str]
) -> None:
    found = parse_set(a_set(change("create", type_name, set=fields)), REGISTRY, carried_over=True)

    assert [it.field for it in found] == missing if isinstance(found, list) else not missing


def test_a_rejected_set_is_read_as_far_as_it_goes() -> None:
    raw = {
        "number": 17, "id": 5, "base": "x", "epoch": 1, "schema": None,
        "changes": [
            None,
            change("create", "visit", set={"purposes": 5}, over={"plan": 3, "outcome": "x"}),
            change("upsert"),
            change(set=5, over=5, customer=5),
        ],
    }  # fmt: skip

    found = readable_set(raw)

    assert (found.number, found.id, found.base, found.schema, found.epoch) == (17, "", 0, 1, None)
    first, second = found.changes
    assert (first.op, first.set, first.over) == ("create", {"purposes": 5}, {"plan": 3})
    assert (second.op, second.customer, second.set, second.over) == ("update", None, {}, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(CUSTOMER),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
members = ["op", "type", "id", "customer", "set", "over", "reason", "number", "changes", "action"]
half_right = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(members, json_values),
        "op": st.sampled_from(["create", "update", "delete"]) | json_values,
        "type": st.sampled_from(list(REGISTRY.types)) | json_values,
        "set": st.dictionaries(
            st.sampled_from(["name", "assets.a.kind", "tags", "purposes", "home_lat_e6"]),
            json_values,
        ),
    },
)


@given(json_values | st.lists(half_right | json_values, max_size=3).map(lambda it: a_set(*it)))
def test_no_json_value_makes_the_reader_stumble(raw: Any) -> None:
    found = parse_set(raw, REGISTRY)

    assert isinstance(found, ChangeSet) or found
    if isinstance(raw, dict):
        assert readable_set(raw).number >= 0


def test_a_set_nested_without_end_is_too_large() -> None:
    deep: Any = "x"
    for _ in range(200_000):
        deep = [deep]

    assert faults_of(a_set(change(set={"name": deep}))) == [(None, None, "too-large", None)]
    while isinstance(deep, list) and deep:
        deep = deep.pop()


# ------------------------------------------------------------------------------------- the envelope


def a_request(*sets: Any, **members: Any) -> dict[str, Any]:
    return {
        "protocol": 1,
        "schema": 1,
        "epoch": None,
        "cursor": None,
        "sets": list(sets),
        **members,
    }


def test_a_request_is_read_with_its_raw_sets() -> None:
    body = a_request(
        {"number": 1, "junk": True}, epoch="0198", cursor="abc", page=100, received_through=16,
        held=[3], digest=True, sent_at="2026-11-23T09:15:02.120Z", unheard_of=1,
        waiting={"sets": 3, "oldest": "2026-11-21T02:00:00Z", "customers": [CUSTOMER] * 60},
    )  # fmt: skip

    found = parse_sync_request(body)

    assert found.sets == ({"number": 1, "junk": True},)
    assert (found.epoch, found.cursor, found.page, found.held) == ("0198", "abc", 100, (3,))
    assert (found.received_through, found.digest) == (16, True)
    assert found.sent_at == "2026-11-23T09:15:02.120Z"
    assert found.waiting is not None
    assert (found.waiting.sets, found.waiting.drafts) == (3, 0)
    assert len(found.waiting.customers) == limits.WAITING_CUSTOMERS


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (None, [None]),
        ([], [None]),
        ("x", [None]),
        ({}, ["protocol", "schema", "epoch", "cursor", "sets"]),
        (a_request(protocol="1"), ["protocol"]),
        (a_request(protocol=2), ["protocol"]),
        (a_request(schema=None), ["schema"]),
        (a_request(epoch=5), ["epoch"]),
        (a_request() | {"sets": {}}, ["sets"]),
        (a_request(5), ["sets"]),
        (a_request({}), ["sets.0.number"]),
        (a_request({"number": 1}, {"number": "2"}), ["sets.1.number"]),
        (a_request({"number": 0}, {"number": -1}), ["sets.0.number", "sets.1.number"]),
        (a_request({"number": True}), ["sets.0.number"]),
        (a_request({"number": 1.0}), ["sets.0.number"]),
    ],
)  # fmt: skip
def test_an_envelope_that_cannot_be_read_says_where(body: Any, places: list[str | None]) -> None:
    with pytest.raises(BadRequestError) as caught:
        parse_sync_request(body)

    assert [it.field for it in caught.value.errors] == places


@pytest.mark.parametrize(
    ("page", "clamped"),
    [(0, 1), (-1, 1), (10**9, 1000), (1, 1), (1000, 1000), ("x", 500), (None, 500), (1.5, 500)],
)
def test_a_page_is_clamped_and_never_refused(page: Any, clamped: int) -> None:
    assert parse_sync_request(a_request(page=page)).page == clamped


@pytest.mark.parametrize("name", ["sent_at", "received_through", "held", "digest", "waiting"])
@pytest.mark.parametrize(
    "value", [None, "x", -1, [0], {"sets": -1, "oldest": 5, "customers": 5}, 1.5]
)
def test_an_optional_member_that_cannot_be_read_stops_nobody(name: str, value: Any) -> None:
    found = parse_sync_request(a_request({"number": 1}, **{name: value}))

    assert found.sets == ({"number": 1},)
    assert found.held == ()
    assert found.digest is False
    assert found.received_through == 0


@pytest.mark.parametrize("cursor", [-1, 1.5, True, [], {}])
def test_a_cursor_that_is_no_text_is_a_bad_one_but_the_sets_are_read(cursor: Any) -> None:
    found = parse_sync_request(a_request({"number": 1}, cursor=cursor))

    assert found.cursor == ""
    assert len(found.sets) == 1


def test_more_changes_than_a_request_may_carry_are_refused_whole() -> None:
    half: list[Any] = [{}] * 500
    most = a_request({"number": 1, "changes": half}, {"number": 2, "changes": half})
    over = a_request(*most["sets"], {"number": 3, "changes": [{}]}, {"number": 4, "changes": 5})

    assert len(parse_sync_request(most).sets) == 2
    with pytest.raises(TooLargeError):
        parse_sync_request(over)


# -------------------------------------------------------------------------------- other bodies


def faults_raised(read: Any, *body: Any) -> list[tuple[str | None, str, str | None]]:
    with pytest.raises(BadRequestError) as caught:
        read(*body)
    return [(it.field, it.code, it.reason) for it in caught.value.errors]


def test_a_sign_in_is_read() -> None:
    device = {"id": CUSTOMER, "name": "T1", "public_key": "a2V5", "os": "Android"}
    body = {"username": "li.wei", "password": "long enough", "device": device, "more": 1}

    assert parse_login(body) == Login("li.wei", "long enough", CUSTOMER, "T1", "a2V5")
    assert "long enough" not in repr(parse_login(body))


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (None, [(None, "invalid-value", "not-an-object")]),
        (
            {},
            [
                ("username", "required", "missing-member"),
                ("password", "required", "missing-member"),
                ("device", "required", "missing-member"),
            ],
        ),
        (
            {"username": 5, "password": "", "device": {"id": "T1", "name": 5}},
            [
                bad("username", "not-text"),
                bad("password", "too-short"),
                bad("device.id", "not-an-id"),
                bad("device.name", "not-text"),
            ],
        ),
        (
            {"username": "a", "password": "b" * 1001, "device": None},
            [
                bad("password", "too-long"),
                bad("device", "null-member"),
            ],
        ),
        (
            {"username": "a", "password": 5, "device": [1]},
            [
                bad("password", "not-text"),
                bad("device", "not-an-object"),
            ],
        ),
    ],
)
def test_a_sign_in_says_all_that_is_wrong_with_it(body: Any, faults: list[Any]) -> None:
    assert faults_raised(parse_login, body) == faults


def test_a_refresh_token_is_read() -> None:
    assert parse_refresh({"refresh_token": "abc"}) == "abc"
    assert faults_raised(parse_refresh, {"refresh_token": 5}) == [bad("refresh_token", "not-text")]


def test_an_assignment_is_read() -> None:
    found = parse_assignment({"customer": CUSTOMER, "officer": "li.wei"})
    cover = parse_assignment(
        {
            "customer": CUSTOMER, "officer": "li.wei", "role": "cover", "from": "2026-06-16",
            "until": "2026-07-01", "reason": "休假",
        }
    )  # fmt: skip

    assert (found.role, found.valid_from, found.until) == ("primary", None, None)
    assert (cover.role, cover.valid_from, cover.until) == ("cover", "2026-06-16", "2026-07-01")


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"role": "cover"}, ("until", "required", None)),
        ({"role": "chief"}, bad("role", "not-a-choice")),
        ({"from": "16.06.2026"}, bad("from", "not-date")),
        ({"untill": "2026-07-01"}, ("untill", "unknown-field", "unknown-member")),
        ({"customer": "x"}, bad("customer", "not-an-id")),
    ],
)
def test_an_assignment_that_makes_no_sense_is_refused(
    members: dict[str, Any], fault: tuple[Any, ...]
) -> None:
    body = {"customer": CUSTOMER, "officer": "li.wei", **members}

    assert faults_raised(parse_assignment, body) == [fault]


def test_a_resolution_is_read() -> None:
    chosen = {"device": OTHER, "number": 3}

    assert parse_resolve({"resolution": "keep"}).chosen is None
    assert parse_resolve({"resolution": "other", "chosen": chosen}).chosen == chosen
    assert parse_resolve({"resolution": "custom", "value": None, "comment": "x"}).value is None
    assert parse_resolve({"resolution": "merge", "survivor": CUSTOMER}).survivor == CUSTOMER


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("resolution", "required", "missing-member")),
        ({"resolution": "burn"}, bad("resolution", "not-a-choice")),
        ({"resolution": "custom"}, ("value", "required", "value-missing")),
        ({"resolution": "merge"}, ("survivor", "required", "survivor-missing")),
        ({"resolution": "other", "chosen": {"device": "x"}}, bad("chosen", "wrong-members")),
        ({"resolution": "keep", "comment": 5}, bad("comment", "not-text")),
    ],
)  # fmt: skip
def test_a_resolution_that_says_too_little_is_refused(
    body: dict[str, Any], fault: tuple[Any, ...]
) -> None:
    assert faults_raised(parse_resolve, body) == [fault]


# ---------------------------------------------------------------------------------- the set-up file

SETUP: dict[str, Any] = json.loads(
    """
{"organisation": {"name": "青禾县农村信用社", "currency": "CNY", "time_zone": "Asia/Shanghai"},
 "branches": [{"code": "QH", "name": "青禾支行", "parent": null}],
 "users": [{"username": "li.wei", "name": "李伟", "role": "officer", "branch": "QH",
            "password": "abcdefgh"}],
 "records": [{"branch": "QH", "type": "customer", "id": "0199f2c4-a1b3-7abc-9def-0123456789ab",
              "officer": "li.wei", "fields": {"name": "王桂英"}},
             {"branch": "QH", "type": "org_unit", "id": "0199f2c4-a1b3-7abc-9def-0123456789ac",
              "fields": {"name": "柳树湾", "code": "QH-01", "kind": "village"}}]}
"""
)


def test_the_example_of_the_operations_page_is_read() -> None:
    found = parse_setup(SETUP, REGISTRY)

    assert found.organisation == Organisation("青禾县农村信用社")
    assert found.branches == (Branch("QH", "青禾支行"),)
    assert found.users == (Account("li.wei", "李伟", "officer", "QH", password="abcdefgh"),)
    assert "abcdefgh" not in repr(found)
    customer, village = found.records
    assert (customer.customer, customer.officer) == (CUSTOMER, "li.wei")
    assert (village.customer, village.officer) == (None, None)


def test_every_part_of_a_set_up_may_be_left_out() -> None:
    found = parse_setup({}, REGISTRY)

    assert (found.organisation, found.branches, found.users, found.records) == (None, (), (), ())


def a_record(**members: Any) -> dict[str, Any]:
    plain = {"branch": "QH", "type": "household_member", "id": OTHER, "customer": CUSTOMER}
    return {"records": [{**plain, "fields": MEMBER, **members}]}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"organization": {}}, [("organization", "unknown-field", "unknown-member")]),
        ({"branches": {}}, [bad("branches", "not-a-list")]),
        (
            {"branches": [{"code": "QH"}], "users": [{**SETUP["users"][0], "password": "short"}]},
            [
                ("branches.0.name", "required", "missing-member"),
                bad("users.0.password", "too-short"),
            ],
        ),
        ({"users": SETUP["users"] * 2}, [bad("users.1.username", "given-twice")]),
        (a_record(type="ghost"), [("records.0.type", "unknown-type", None)]),
        (a_record(officer="li.wei"), [bad("records.0.officer", "officer-of-no-customer")]),
        (a_record(customer=None), [torn("records.0.customer", "customer-missing")]),
        (
            a_record(fields={"name": "", "age": 5}),
            [
                bad("records.0.fields.name", "too-short"),
                ("records.0.fields.age", "unknown-field", None),
                ("records.0.fields.relation", "required", None),
            ],
        ),
        (
            a_record(type="customer", id=CUSTOMER, fields={}),
            [("records.0.fields.name", "required", None)],
        ),
        (
            a_record(type="customer"),
            [
                torn("records.0.customer", "customer-differs"),
                ("records.0.fields.relation", "unknown-field", None),
            ],
        ),
        (
            a_record(
                type="loan",
                fields={
                    "principal_fen": 1, "rate_bps": 840, "method": "bullet",
                    "disbursed_on": "2026-06-16", "maturity_on": "2026-06-16",
                },
            ),
            [bad("records.0.fields.maturity_on", "maturity-not-after-disbursement")],
        ),
    ],
)  # fmt: skip
def test_a_set_up_names_every_fault_with_its_place(body: Any, faults: list[Any]) -> None:
    with pytest.raises(BadRequestError) as caught:
        parse_setup(body, REGISTRY)

    assert [(it.field, it.code, it.reason) for it in caught.value.errors] == faults
    assert all(isinstance(it, Fault) for it in caught.value.errors)


# -------------------------------------------------------------------------------------- the fields


def messages(kind: type[Message] = Message) -> list[type[Message]]:
    rooms = {it.__name__ for it in (requests, setup, sync)}
    own = [it for it in kind.__subclasses__() if it.__module__ in rooms]
    return [it for one in own for it in (one, *messages(one))]


def test_no_field_of_marshmallow_s_own_reads_anything() -> None:
    used = {type(field) for it in messages() for field in it().fields.values()}

    assert len(messages()) > 10
    assert used == {Declared, Part}
