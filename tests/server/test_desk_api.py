"""`POST /api/v1/sets`: who works at a desk changes records as a tablet does, under the same rules."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from schemas import limits
from schemas.registry import REGISTRY
from schemas.roles import ROLES
from server import audit
from server.api.desk import DESKS
from server.store import branch
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    LI,
    PASSWORD,
    VILLAGE,
    Reply,
    Server,
    Tablet,
    create,
    edit,
    fresh_id,
    set_up,
    update,
)
from tests.server.test_lending import in_the_office

Json = Any
ADDRESS = "/api/v1/sets"
OTHERS = tuple(it for it in ROLES.options if it not in DESKS)


@pytest.fixture
def staffed(server: Server) -> Server:
    """The branch with somebody of every role, each named like it."""
    people = [
        {"username": role, "name": role, "role": role, "branch": "QH", "password": PASSWORD}
        for role in ROLES.options
    ]
    set_up(server.engine, {"users": people})
    return server


def paper(record: str | None = None) -> Json:
    """Return a paper in Guiying's dossier, which everybody at a desk may add."""
    return create(
        "attachment", GUIYING, record, record_type="customer", record=GUIYING, kind="other",
        sha256="0" * 64, size=1, media_type="image/jpeg", captured_at="2026-06-16T01:00:00.000Z",
    )  # fmt: skip


def sent(who: Tablet, *changes: Json, **members: Json) -> Reply:
    return who.post(ADDRESS, {"action": "test", "changes": list(changes), **members})


@pytest.mark.parametrize("role", DESKS)
def test_what_is_done_at_a_desk_reaches_the_tablet(staffed: Server, role: str) -> None:
    li, one = staffed.tablet("li.wei").catch_up(), fresh_id()

    reply = sent(staffed.tablet(role), paper(one))

    assert (reply.status, reply.json["status"]) == (201, "applied")
    assert [it["id"] for it in reply.json["changes"]] == [one]
    assert li.catch_up().fields(one)["kind"] == "other"
    with staffed.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None


@pytest.mark.parametrize("role", OTHERS)
def test_who_has_no_desk_is_refused(staffed: Server, role: str) -> None:
    li, one = staffed.tablet("li.wei").catch_up(), fresh_id()

    reply = sent(staffed.tablet(role), paper(one))

    assert (reply.status, reply.code) == (403, "not-permitted")
    assert one not in li.catch_up().held


def test_an_administrator_sets_up_the_units_below_his_own_and_no_others(staffed: Server) -> None:
    with staffed.engine.connect() as connection:
        root = connection.execute(select(branch.c.id).where(branch.c.code == "QH")).scalar_one()
    hung = update("org_unit", VILLAGE, None, parent_id=root)
    assert in_the_office(staffed, "", "server", hung)["status"] == "applied"
    people = {"username": "admin", "name": "admin", "role": "admin", "branch": "QH"}
    set_up(staffed.engine, {"users": [{**people, "unit": "QH-01"}]})
    admin = staffed.tablet("admin")
    village = {"name": "新村", "code": "QH-99", "kind": "village"}
    below = create("org_unit", None, None, **village, parent_id=VILLAGE)
    beside = create("org_unit", None, None, **village, parent_id=root)

    assert sent(admin, below).status == 201
    refused = sent(admin, beside)
    assert (refused.status, refused.json["errors"][0]["field"]) == (403, "parent_id")
    assert sent(admin, {"op": "create", "type": ["user"]}).status == 403


def test_nobody_is_refused_before_the_body_is_read(staffed: Server) -> None:
    reply = staffed.tablet("clerk").post(ADDRESS, {"changes": 1}, signed=False)

    assert (reply.status, reply.code) == (401, "unauthenticated")


def test_who_left_is_refused_although_the_token_still_runs(staffed: Server) -> None:
    clerk = staffed.tablet("clerk")
    gone = {"username": "clerk", "name": "clerk", "role": "clerk", "branch": "QH"}
    set_up(staffed.engine, {"users": [{**gone, "active": False}]})

    assert sent(clerk, paper()).status == 401


@pytest.mark.parametrize("role", ["clerk", "auditor", "reviewer", "approver"])
def test_a_field_that_is_not_ones_own_is_refused(staffed: Server, role: str) -> None:
    reply = sent(staffed.tablet(role), edit(phone="13900000001"))

    assert (reply.status, reply.code) == (403, "not-permitted")
    assert [it["code"] for it in reply.json["errors"]] == ["not-permitted"]


def test_a_refusal_names_its_rule_and_nothing_of_the_set_stands(staffed: Server) -> None:
    li, one = staffed.tablet("li.wei").catch_up(), fresh_id()
    supervisory = create(
        "inspection_note", GUIYING, None, kind="supervisory", checklist_code="supervisory",
        checklist_version=1, inspector_ids=[LI],
    )  # fmt: skip

    reply = sent(staffed.tablet("supervisor"), paper(one), supervisory)

    assert reply.status == 403
    assert [(it["change"], it["rule"]) for it in reply.json["errors"]] == [(1, "SOD-7")]
    assert one not in li.catch_up().held


def test_what_was_seen_decides_whether_two_edits_met(staffed: Server) -> None:
    li, supervisor = staffed.tablet("li.wei").catch_up(), staffed.tablet("supervisor")
    seen = li.base
    li.push(edit(phone="13900000001"))

    met = sent(supervisor, edit(phone="13900000002"), base=seen)
    told = sent(supervisor, edit(phone="13900000003"))

    assert (met.json["status"], len(met.json["changes"][0]["conflicts"])) == ("conflict", 1)
    assert told.status == 201


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"action": ""}, "action"),
        ({"action": None}, "action"),
        ({"changes": []}, "changes"),
        ({"changes": {}}, "changes"),
        ({"changes": [1]}, "changes"),
        ({"changes": [{}] * (limits.CHANGES_PER_SET + 1)}, "changes"),
        ({"base": -1}, "base"),
        ({"base": "1"}, "base"),
        ({"number": 7}, "number"),
    ],
)
def test_a_set_that_cannot_be_read_says_where(staffed: Server, members: Json, field: str) -> None:
    reply = sent(staffed.tablet("clerk"), paper(), **members)

    assert (reply.status, reply.code) == (400, "bad-request")
    assert [it["field"] for it in reply.json["errors"]] == [field]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"op": "create"},
        {"op": "erase", "type": "customer", "id": GUIYING, "customer": GUIYING},
        {"op": "update", "type": "nothing", "id": GUIYING, "customer": GUIYING, "set": {}},
        {"op": "update", "type": "customer", "id": "1", "customer": GUIYING, "set": {"phone": "1"}},
        {"op": "update", "type": "loan", "id": GUIYING, "customer": GUIYING, "set": {}},
    ],
)
def test_a_change_that_fits_nothing_is_refused(staffed: Server, change: Json) -> None:
    reply = sent(staffed.tablet("supervisor"), change)

    assert reply.status in (400, 403)
    assert reply.json["errors"]


def test_a_position_that_is_not_there_yet_is_refused(staffed: Server) -> None:
    assert sent(staffed.tablet("clerk"), paper(), base=10**9).status == 400


def refused_acts(server: Server) -> list[Json]:
    """Return what the audit chain says of refused sets, as an auditor reads it."""
    with server.engine.connect() as connection:
        found = connection.execute(select(branch.c.id).where(branch.c.code == "QH")).scalar_one()
    reply = server.tablet("auditor").get(f"/api/v1/records/{audit.refused_acts(found)}/history")
    return [] if reply.status == 404 else list(reply.json["entries"])


def test_a_refused_set_is_in_the_audit_chain_without_its_values(staffed: Server) -> None:
    clerk = staffed.tablet("clerk")

    sent(clerk, edit(phone="13900000001"))

    (event,) = refused_acts(staffed)
    assert (event["action"], event["role"], event["altered"]) == ("set.refused", "clerk", False)
    assert event["note"]["about"] == [
        {
            "op": "update",
            "type": "customer",
            "id": GUIYING,
            "customer": GUIYING,
            "fields": ["phone"],
        }
    ]
    assert [it["code"] for it in event["note"]["errors"]] == ["not-permitted"]
    assert "13900000001" not in str(event)
    with staffed.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None


def test_the_rule_that_forbade_a_set_is_named_in_the_chain(staffed: Server) -> None:
    supervisory = create(
        "inspection_note", GUIYING, None, kind="supervisory", checklist_code="supervisory",
        checklist_version=1, inspector_ids=[LI],
    )  # fmt: skip

    sent(staffed.tablet("supervisor"), supervisory)

    (event,) = refused_acts(staffed)
    assert [it["rule"] for it in event["note"]["errors"]] == ["SOD-7"]


@pytest.mark.parametrize(
    "change",
    [
        {"op": "x" * 100_000, "type": 7, "id": [], "set": {"y" * 300: 1, "phone\u0000": None}},
        {"op": "update", "type": "customer", "id": "\ud800", "set": {"\ud800": 1}},
        {},
    ],
)
def test_whatever_was_sent_a_refusal_is_kept_and_short(staffed: Server, change: Json) -> None:
    reply = staffed.tablet("clerk").post(
        ADDRESS, json.dumps({"action": "test", "changes": [change]}).encode()
    )

    assert reply.status == 400
    assert len(str(refused_acts(staffed))) < 5_000


def test_what_is_stored_leaves_no_refusal(staffed: Server) -> None:
    assert sent(staffed.tablet("clerk"), paper()).status == 201

    assert refused_acts(staffed) == []


def test_tablets_sync_on_past_a_refusal(staffed: Server) -> None:
    li = staffed.tablet("li.wei").catch_up()
    sent(staffed.tablet("clerk"), edit(phone="13900000001"))

    assert li.push(edit(phone="13900000002"))["status"] == "applied"
    answer = li.sync()
    assert (answer["records"], answer["more"]) == ([], False)
