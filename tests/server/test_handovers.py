"""A handover from its preparation at a desk to the day on which the tablets hear of it (domain.md, 6.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from schemas import problems
from schemas.registry import REGISTRY
from schemas.signatures import signature
from schemas.wire.handovers import HandoverRequest as Wish
from server import due_moves, handovers, store
from server.context import context
from server.store import record
from server.tokens import Bearer
from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    LOAN,
    PASSWORD,
    PRODUCT,
    SUN,
    WANG,
    ZHAO,
    ZHAO_HAS,
    Reply,
    Server,
    create,
    edit,
    fresh_id,
    named,
    set_up,
    update,
)
from tests.server.counting import counting
from tests.server.test_early_warning import due, loan
from tests.server.test_lending import PUSH, Modern, in_the_office, is_whole, modern

Json = Any
LUO = named("luo.jun")
LEAVE = Wish("li.wei", "zhao.min", "sun.yan", "leave", "2026-06-22")


def branch_of(server: Server) -> str:
    with server.engine.connect() as connection:
        found = select(store.branch.c.id).where(store.branch.c.code == "QH")
        return str(connection.execute(found).scalar_one())


def prepare(server: Server, wish: Wish = LEAVE, user: str = WANG, role: str = "supervisor") -> Json:
    bearer = Bearer(user, role, branch_of(server), "desk")
    settings = context(server.app).settings
    return handovers.prepare(server.engine, REGISTRY, settings, bearer, server.clock(), wish)


def preview(server: Server, handover: str, user: str = WANG, role: str = "supervisor") -> Json:
    who = Bearer(user, role, branch_of(server), "desk")
    with server.engine.connect() as connection:
        return handovers.preview(connection, who, handover)


def fields(server: Server, record_id: str) -> Mapping[str, Json]:
    with server.engine.connect() as connection:
        query = select(record.c.fields).where(record.c.id == record_id)
        found: Mapping[str, Json] = connection.execute(query).scalar_one()
        return found


@pytest.fixture
def branch(server: Server) -> Server:
    """Guiying owes 10,000 yuan, 32 days late."""
    product = create("product", None, PRODUCT, code="FS01", name="丰收贷")
    made = in_the_office(server, "", "server", product, loan(), due("2026-05-15"))
    assert made["status"] == "applied"
    return server


def test_all_customers_are_listed_with_what_they_owe_and_their_class(branch: Server) -> None:
    made = prepare(branch)

    listed = fields(branch, made["id"])
    assert (made["customers"], listed["state"]) == (3, "draft")
    assert {it for it in LI_HAS if listed[f"items.{it}.listed"]} == set(LI_HAS)
    assert listed[f"items.{GUIYING}.exposure_fen"] == 10_000_00
    assert listed[f"items.{GUIYING}.class"] == "special_mention"
    assert f"items.{LI_HAS[1]}.exposure_fen" not in listed


@pytest.mark.parametrize(
    ("wish", "faults"),
    [
        (Wish("li.wei", "nobody", "he.xi", "leave", "2026-06-22"), ["incoming", "witness"]),
        (Wish("li.wei", "zhao.min", "sun.yan", "leave", "2026-06-22", (ZHAO_HAS[0],)), ["customers"]),
        (Wish("sun.yan", "zhao.min", "li.wei", "leave", "2026-06-22"), ["customers"]),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_over_is_said(branch: Server, wish: Wish, faults: list[str]) -> None:
    with pytest.raises(problems.BadRequestError) as refused:
        prepare(branch, wish)

    assert [it.field for it in refused.value.errors] == faults


def test_three_people_and_a_supervisor(branch: Server) -> None:
    two = Wish("li.wei", "zhao.min", "zhao.min", "leave", "2026-06-22")
    with pytest.raises(problems.XiangxinError) as refused:
        prepare(branch, two)
    assert [it.rule for it in refused.value.errors] == ["SOD-12"]

    with pytest.raises(problems.NotPermittedError):
        prepare(branch, user=LI, role="officer")


def test_who_signs_sees_what_the_tablets_hold_unsent(branch: Server) -> None:
    li = modern(branch)
    handover = prepare(branch)["id"]
    li.sync(waiting={"sets": 2, "customers": [GUIYING], "drafts": 1})

    seen = preview(branch, handover)

    (tablet,) = seen["tablets"]
    assert (tablet["sets"], tablet["drafts"], tablet["customers"]) == (2, 1, [GUIYING])
    unsent = {it["id"]: it["unsent_on"] for it in seen["customers"]}
    assert unsent == {it: [tablet["code"]] if it == GUIYING else [] for it in LI_HAS}
    assert {it["name"] for it in seen["customers"] if it["id"] == GUIYING} != {None}


def test_an_unknown_handover_is_not_found(branch: Server) -> None:
    with pytest.raises(problems.NotFoundError):
        preview(branch, GUIYING)


SUPERVISOR, INCOMING, OUTGOING = "wang.jun", "zhao.min", "li.wei"
ASKED = {
    "outgoing": OUTGOING, "incoming": INCOMING, "witness": "sun.yan", "reason": "leave",
    "effective_on": "2026-06-22",
}  # fmt: skip


def test_it_is_prepared_and_looked_at_over_http(branch: Server) -> None:
    wang = branch.tablet(SUPERVISOR)

    made = wang.post("/api/v1/handovers", {**ASKED, "customers": [GUIYING]})
    seen = wang.get(f"/api/v1/handovers/{made.json['id']}")
    listed = wang.get("/api/v1/handovers").json["handovers"]

    assert (made.status, made.json["status"], made.json["customers"]) == (201, "applied", 1)
    assert [it["id"] for it in seen.json["customers"]] == [GUIYING]
    assert seen.json["customers"][0]["exposure_fen"] == 10_000_00
    assert seen.json["people"]["witness"] == {"id": SUN, "name": "孙燕"}
    assert [(it["id"], it["state"], it["customers"]) for it in listed] == [
        (made.json["id"], "draft", 1)
    ]


@pytest.mark.parametrize(
    ("members", "status", "field"),
    [
        ({"outgoing": "nobody"}, 400, "outgoing"),
        ({"effective_on": "2026-06-31"}, 400, "effective_on"),
        ({"reason": "tired"}, 400, "reason"),
        ({"customers": []}, 400, "customers"),
        ({"customers": [ZHAO_HAS[0]]}, 400, "customers"),
        ({"more": 1}, 400, "more"),
        ({"witness": INCOMING}, 403, "witness_id"),
    ],
)
def test_what_cannot_be_prepared_over_http(
    branch: Server, members: Json, status: int, field: str
) -> None:
    wang = branch.tablet(SUPERVISOR)

    reply = wang.post("/api/v1/handovers", {**ASKED, **members})

    assert (reply.status, reply.json["errors"][0]["field"]) == (status, field)
    assert wang.get("/api/v1/handovers").json["handovers"] == []


@pytest.mark.parametrize(
    ("username", "prepares", "sees"),
    [(OUTGOING, 403, 200), (INCOMING, 403, 200), ("sun.yan", 403, 200), ("he.xi", 403, 404)],
)
def test_the_three_see_their_handover_and_a_supervisor_alone_prepares_one(
    branch: Server, username: str, prepares: int, sees: int
) -> None:
    made = branch.tablet(SUPERVISOR).post("/api/v1/handovers", ASKED).json["id"]
    who = branch.tablet(username)

    assert who.post("/api/v1/handovers", ASKED).status == prepares
    assert who.get(f"/api/v1/handovers/{made}").status == sees
    assert len(who.get("/api/v1/handovers").json["handovers"]) == (sees == 200)


def test_an_officer_who_has_no_part_in_it_sees_no_handover(branch: Server) -> None:
    handover = prepare(branch)["id"]
    other = fresh_id()

    assert preview(branch, handover, LI, "officer")["id"] == handover
    for role in ("officer", "clerk", "viewer", "admin"):
        with pytest.raises(problems.NotFoundError):
            preview(branch, handover, other, role)


@pytest.mark.parametrize(
    ("moves", "outgoing", "incoming"),
    [
        ("draft", True, False), ("in_review", True, True), ("in_review agreed", True, True),
        ("in_review agreed signed effective", False, True), ("cancelled", True, False),
    ],
)  # fmt: skip
def test_who_neither_has_the_customers_nor_looks_at_them_is_not_told_their_names(
    branch: Server, moves: str, outgoing: bool, incoming: bool
) -> None:
    handover = prepare(branch)["id"]
    for state in moves.split():
        made = in_the_office(branch, "", "server", update("handover", handover, None, state=state))
        assert made["status"] == "applied", made

    def told(user: str, role: str) -> bool:
        return {
            it["name"] is not None for it in preview(branch, handover, user, role)["customers"]
        } == {True}

    assert (told(LI, "officer"), told(ZHAO, "officer")) == (outgoing, incoming)
    assert told(WANG, "supervisor")
    assert told(SUN, "auditor")


def moved(server: Server, user: str, role: str, handover: str, **said: Json) -> None:
    result = in_the_office(server, user, role, update("handover", handover, None, **said))
    assert result["status"] in ("applied", "merged"), result


def test_li_goes_on_leave(branch: Server) -> None:
    """Walk-through 10.3, step 6, without the objection: from the list to the day on which it takes effect."""
    li, zhao = modern(branch), modern(branch, "zhao.min")
    handover = prepare(branch, Wish("li.wei", "zhao.min", "sun.yan", "leave", "2026-06-16"))["id"]
    moved(branch, WANG, "supervisor", handover, state="in_review")
    assert {it["customer"] for it in zhao.sync()["records"] if it["customer"]} == set(LI_HAS)

    agreed = {f"items.{it}.agreed": True for it in LI_HAS}
    moved(branch, ZHAO, "officer", handover, **agreed, state="agreed")
    for user, role in ((LI, "officer"), (ZHAO, "officer"), (SUN, "auditor")):
        path = f"signed_by.{user}"
        at = {f"{path}.user": user, f"{path}.at": "2026-06-16T02:00:00.000Z"}
        moved(branch, user, role, handover, **at, **{f"{path}.content_hash": "0" * 64})
    assert fields(branch, handover)["state"] == "signed"
    late = create(
        "interaction", GUIYING, None, kind="call", direction="out", at="2026-06-16T02:00:00.000Z",
        summary="约定还款",
    )  # fmt: skip
    phone = edit(phone="13900000009")

    settings = context(branch.app).settings
    known = (
        branch.engine,
        REGISTRY,
        settings,
        branch_of(branch),
        branch.clock(),
        date(2026, 6, 16),
    )
    assert dict(due_moves.run(*known)) == {
        "handover.take_effect": 1, "inspection.sample": 1,
    }  # fmt: skip

    answer = li.sync(li.change_set(late), li.change_set(phone))
    assert [it["status"] for it in answer["results"]] == ["applied", "conflict"]
    assert {it["customer"] for it in answer["left"]} == set(LI_HAS)
    assert li.push(edit(phone="13900000010"))["errors"][0]["code"] == "out-of-scope"
    zhao.catch_up()
    assert zhao.fields(LOAN)["officer_id"] == LI, "who is responsible for the loan is not rewritten"


# ------------------------------------------------------------------ over HTTP: tablets, desks, and the day


@dataclass
class Three:
    """Li Wei hands over to Zhao Min; Sun Yan is the witness, Wang the supervisor, Luo the committee."""

    server: Server
    li: Modern
    zhao: Modern
    handover: str

    def desk(self, username: str, **fields: Json) -> Reply:
        """Send a set of somebody at a desk."""
        change = update("handover", self.handover, None, **fields)
        who = self.server.tablet(username)
        return who.post("/api/v1/sets", {"action": "desk", "changes": [change]})

    def state(self) -> str:
        return str(fields(self.server, self.handover)["state"])

    def day(self, day: str) -> int:
        """Let a day come; return how many handovers took effect on it."""
        settings, now = context(self.server.app).settings, self.server.clock()
        branch = branch_of(self.server)
        as_of = date.fromisoformat(day)
        made = due_moves.run(self.server.engine, REGISTRY, settings, branch, now, as_of)
        return made.get("handover.take_effect", 0)


@pytest.fixture
def three(branch: Server) -> Three:
    """A handover that the three have been asked about."""
    approver = {
        "id": LUO, "username": "luo.jun", "name": "罗军", "role": "approver", "branch": "QH",
        "password": PASSWORD,
    }  # fmt: skip
    set_up(branch.engine, {"users": [approver]})
    li, zhao = modern(branch), modern(branch, INCOMING)
    made = branch.tablet(SUPERVISOR).post("/api/v1/handovers", ASKED)
    them = Three(branch, li, zhao, str(made.json["id"]))
    assert them.desk(SUPERVISOR, state="in_review").status == 201
    li.catch_up()
    zhao.catch_up()
    return them


def signing(user: str, seen: Mapping[str, Json]) -> dict[str, Json]:
    return signature(fresh_id(), user, "2026-06-16T02:00:00.000Z", seen)


def answered(them: Three, objection: str | None = None) -> Json:
    """Zhao's tablet sends the answers that were written without a network; it makes no move."""
    said: dict[str, Json] = {f"items.{it}.agreed": True for it in LI_HAS[1:]}
    said[f"items.{GUIYING}.objection" if objection else f"items.{GUIYING}.agreed"] = (
        objection or True
    )
    return them.zhao.push(update("handover", them.handover, None, **said))


def all_signed(them: Three) -> None:
    seen = fields(them.server, them.handover)
    for tablet, user in ((them.li, LI), (them.zhao, ZHAO)):
        tablet.catch_up()
        result = tablet.push(update("handover", them.handover, None, **signing(user, seen)))
        assert result["status"] in ("applied", "merged"), result
    assert them.desk("sun.yan", **signing(SUN, seen)).status == 201


def test_answers_of_a_tablet_without_a_network_move_it_and_cost_no_more_than_a_push(
    three: Three,
) -> None:
    said = {f"items.{it}.agreed": True for it in LI_HAS}
    change = three.zhao.change_set(update("handover", three.handover, None, **said))

    with counting(three.server.engine) as counted:
        result = three.zhao.sync(change)["results"][0]

    assert result["status"] in ("applied", "merged"), result
    assert counted.statements <= PUSH
    assert three.state() == "agreed"
    assert three.zhao.catch_up().fields(three.handover)["state"] == "agreed"


def test_an_objection_is_ruled_on_by_the_committee_and_signed_by_the_three(three: Three) -> None:
    assert answered(three, "未告知逾期")["status"] in ("applied", "merged")
    assert three.state() == "objected"

    early = three.desk("luo.jun", state="agreed")
    assert (early.status, early.json["errors"][0]["reason"]) == (400, "handover-unruled")
    ruling = {f"items.{GUIYING}.ruling": "按现状接收", f"items.{GUIYING}.ruled_by": LUO}
    assert three.desk(SUPERVISOR, **ruling, state="agreed").status == 403
    assert three.desk("luo.jun", **ruling, state="agreed").status == 201
    all_signed(three)

    assert three.state() == "signed"
    assert is_whole(three.server)


@pytest.mark.parametrize("who", ["li", "zhao", "sun"])
def test_sod_12_each_of_the_three_signs_for_himself_alone(three: Three, who: str) -> None:
    answered(three)
    users = {"li": LI, "zhao": ZHAO, "sun": SUN}
    seen = fields(three.server, three.handover)

    def sends(user: str) -> tuple[str, str | None]:
        said = signing(user, seen)
        if who == "sun":
            reply = three.desk("sun.yan", **said)
            errors = reply.json.get("errors") or [{}]
            return ("applied" if reply.status == 201 else "rejected"), errors[0].get("rule")
        tablet = three.li if who == "li" else three.zhao
        result = tablet.push(update("handover", three.handover, None, **said))
        return result["status"], (result.get("errors") or [{}])[0].get("rule")

    for other in users.values():
        if other != users[who]:
            assert sends(other) == ("rejected", "SOD-12")
    assert sends(users[who])[0] in ("applied", "merged")


def test_it_takes_effect_on_its_day_and_not_before(three: Three) -> None:
    """A8: the old tablet holds the customers until then, and not afterwards."""
    answered(three)
    assert three.day("2026-06-22") == 0, "nobody has signed"
    all_signed(three)

    assert three.day("2026-06-21") == 0
    assert three.li.sync()["left"] == []
    assert three.day("2026-06-22") == 1
    assert three.day("2026-06-23") == 0

    assert {it["customer"] for it in three.li.sync()["left"]} == set(LI_HAS)
    newer = modern(three.server)
    assert [it for it, one in newer.held.items() if one["type"] == "customer"] == []
    theirs = modern(three.server, INCOMING)
    held = {it for it, one in theirs.held.items() if one["type"] == "customer"}
    assert held == {*LI_HAS, *ZHAO_HAS}
    assert is_whole(three.server)


def test_what_was_made_before_the_tablet_was_told_counts_and_what_is_made_later_is_kept_aside(
    three: Three,
) -> None:
    answered(three)
    all_signed(three)
    call = create(
        "interaction", GUIYING, None, kind="call", direction="out",
        at="2026-06-22T02:00:00.000Z", summary="约定还款",
    )  # fmt: skip
    unsent = [three.li.change_set(call), three.li.change_set(edit(phone="13900000009"))]
    assert three.day("2026-06-22") == 1

    results = three.li.sync(*unsent)["results"]
    later = three.li.push(edit(phone="13900000010"))

    assert [it["status"] for it in results] == ["applied", "conflict"]
    with three.server.engine.connect() as connection:
        made = connection.execute(select(record).where(record.c.id == call["id"])).one()
    assert store.state_of(made).created_by == LI, "it counts in its author's name"
    assert later["errors"][0]["code"] == "out-of-scope"
    aside = three.server.tablet(SUPERVISOR).get("/api/v1/quarantine").json["sets"]
    assert [(it["user"], it["set"]["changes"][0]["set"]) for it in aside] == [
        (LI, {"phone": "13900000010"})
    ]
    theirs = three.zhao.catch_up()
    assert theirs.fields(GUIYING)["phone"] != "13900000009"
    wishes = [it["fields"] for it in theirs.held.values() if it["type"] == "conflict"]
    assert "late" in {it["kind"] for it in wishes}
    assert is_whole(three.server)


def test_a_departure_waits_for_the_audit_of_who_leaves(three: Three) -> None:
    assert three.desk(SUPERVISOR, reason="departure").status == 201
    answered(three)
    all_signed(three)
    assert three.day("2026-06-22") == 0
    audit = create(
        "officer_audit", None, fresh_id(), subject_user_id=LI, auditor_id=SUN,
        checklist_code="officer_audit", checklist_version=1, state="signed",
    )  # fmt: skip
    made = in_the_office(three.server, "", "server", audit)
    assert made["status"] == "applied", made

    assert three.day("2026-06-23") == 1
