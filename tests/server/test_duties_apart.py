"""Acceptance A7 (domain.md, 10.5) where it takes a server: who somebody is comes from the account, not the set.

Each rule with one refused and one allowed case; all of them without a server: tests/sync/test_separation_of_duties.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from schemas import words
from schemas.values import derived_id
from tests.server.branch import (
    GUIYING,
    LI,
    PASSWORD,
    VILLAGE,
    WANG,
    ZHAO,
    Reply,
    Server,
    as_json,
    create,
    edit,
    fresh_id,
    named,
    set_up,
    update,
)
from tests.server.test_desk_api import sent
from tests.server.test_lending import ASKED, in_the_office, modern, note, product

Json = Any
CLERK = named("qian.hui")


def account(username: str, role: str, **more: Json) -> Json:
    return {
        "id": named(username), "username": username, "name": username, "role": role,
        "branch": "QH", "password": PASSWORD, **more,
    }  # fmt: skip


@pytest.fixture
def staffed(server: Server) -> Server:
    """The branch with two administrators, of whom one also approves."""
    admins = [account("ding", "admin"), account("luo", "admin", approval_tier=1)]
    set_up(server.engine, {"users": admins})
    return server


def barred(result: Json, rule: str) -> None:
    """Tell that a set was refused by a rule, in words where they go to a person."""
    assert result["status"] == "rejected", result
    (fault,) = result["errors"]
    assert fault["rule"] == rule
    assert words.RULES[rule].en in fault.get("message", words.RULES[rule].en)


def test_sod_8_a_sensitive_conflict_is_for_who_wrote_neither_side(server: Server) -> None:
    wang = server.tablet("wang.jun")
    cover = {"customer": GUIYING, "officer": "zhao.min", "role": "cover", "until": "2026-12-31"}
    assert wang.post("/api/v1/assignments", cover).status == 201
    li, zhao, one = modern(server), modern(server, "zhao.min"), note(LI, ZHAO)
    assert li.push(one)["status"] == "applied"
    zhao.catch_up()
    for tablet, value in ((li, 1), (zhao, 2)):
        answered = update("inspection_note", one["id"], GUIYING, **{"answers.R04.value": value})
        result = tablet.push(answered)
    (conflict,) = result["changes"][0]["conflicts"]
    decided = {"status": "resolved", "resolution": "keep", "comment": "电话核实。"}

    for tablet in (li, zhao):
        tablet.catch_up()
        barred(tablet.push(update("conflict", conflict, GUIYING, **decided)), "SOD-8")
    settled = wang.post(
        f"/api/v1/conflicts/{conflict}/resolve", {"resolution": "keep", "comment": "电话核实。"}
    )
    assert settled.status == 200


@pytest.mark.parametrize("who", ["ding", "luo"])
def test_sod_11_an_administrator_changes_units_and_no_business_record(
    staffed: Server, who: str
) -> None:
    phone = edit(phone="13900000001")

    barred(in_the_office(staffed, named(who), "admin", phone), "SOD-11")
    barred(in_the_office(staffed, named(who), "admin", note(named(who))), "SOD-11")
    renamed = update("org_unit", VILLAGE, None, name="柳树湾村")
    assert in_the_office(staffed, named(who), "admin", renamed)["status"] == "applied"


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_sod_11_an_auditor_is_told_so_in_either_language(server: Server, lang: words.Lang) -> None:
    sun = server.tablet("sun.yan")
    body = {"action": "test", "changes": [edit(phone="13900000001")]}

    reply: Reply = server.send(
        "POST", "/api/v1/sets", as_json(body), {**sun.authorization, "Accept-Language": lang}
    )

    assert (reply.status, reply.json["errors"][0]["rule"]) == (403, "SOD-11")
    assert words.pick(words.RULES["SOD-11"], lang) in reply.json["errors"][0]["message"]
    assert sent(sun, note(named("sun.yan"))).status == 201


def test_sod_13_an_administrator_who_approves_sets_no_limit(staffed: Server) -> None:
    def limit() -> Json:
        return create("parameter", None, None, key="tier1_unsecured_fen", value=90_000_00)

    barred(in_the_office(staffed, named("luo"), "admin", limit()), "SOD-13")
    assert in_the_office(staffed, named("ding"), "admin", limit())["status"] == "applied"


def paid_out(server: Server) -> tuple[Json, Json]:
    """Return what became of the supervisor's and of the clerk's move to pay out."""
    application = fresh_id()
    in_the_office(
        server, "", "server", product(),
        create(
            "loan_application", GUIYING, application, **ASKED, officer_id=LI, state="contracted"
        ),
        create(
            "decision", GUIYING, None, application_id=application, stage="approve",
            outcome="approve", user_id=WANG, comment="同意。",
        ),
    )  # fmt: skip
    pay = update("loan_application", application, GUIYING, state="disbursed")
    refused = in_the_office(server, WANG, "supervisor", pay)
    return refused, (derived_id("loan", application), in_the_office(server, CLERK, "clerk", pay))


def test_sod_3_and_rsp_1_the_loan_names_who_answers_for_it_and_keeps_the_names(
    server: Server,
) -> None:
    refused, (loan, paid) = paid_out(server)
    li = modern(server)
    responsible = {"investigator": [LI], "approver": WANG, "clerk": CLERK}

    barred(refused, "SOD-3")
    assert paid["status"] == "applied"
    assert li.fields(loan)["responsible"] == responsible
    for rewritten in ({}, {**responsible, "approver": LI}):
        edited = update("loan", loan, GUIYING, responsible=rewritten)
        barred(li.push(edited), "RSP-1")
        barred(in_the_office(server, WANG, "supervisor", edited), "RSP-1")
    assert modern(server).fields(loan)["responsible"] == responsible
