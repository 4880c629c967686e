"""Guards and follow-ups through the whole server: what they look at is loaded, what they add reaches tablets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from schemas.registry import REGISTRY
from schemas.values import derived_id
from server import office, store
from server.context import context
from server.db import writing
from server.decisions import web_contact
from server.tokens import Bearer
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    LI,
    LI_HAS,
    PRODUCT,
    SETUP,
    WANG,
    ZHAO,
    Server,
    Tablet,
    create,
    edit,
    fresh_id,
    named,
    registration,
    set_up,
    update,
)
from tests.server.counting import counting

Json = Any
PUSH = 10
MADE_AT = "2026-06-16T01:00:00.000Z"


@dataclass
class Modern(Tablet):
    """A tablet that speaks the schema in which lending came."""

    def change_set(self, *changes: Json, **members: Json) -> dict[str, Json]:
        return super().change_set(*changes, **{"schema": REGISTRY.schema, **members})

    def request(self, sets: Any = (), **members: Json) -> dict[str, Json]:
        return super().request(sets, **{"schema": REGISTRY.schema, **members})


def modern(server: Server, username: str = "li.wei") -> Modern:
    found = Modern(server, username, server.clock)
    found.login()
    found.catch_up()
    return found


def in_the_office(server: Server, user: str, role: str, *changes: Json) -> Json:
    """Apply a set of somebody at the web."""
    with writing(server.engine) as connection:
        row = connection.execute(store.branch.select().where(store.branch.c.code == "QH")).one()
        if role == "server":
            contact = office.server_contact(row, _settings(server), server.clock())
        else:
            bearer = Bearer(user, role, row.id, "desk")
            contact = web_contact(connection, bearer, _settings(server), server.clock())
        return office.submit(connection, REGISTRY, contact, "test", changes)


def _settings(server: Server) -> Any:
    return context(server.app).settings


def product() -> Json:
    return create("product", None, PRODUCT, code="FS01", name="丰收贷")


ASKED = {
    "product_id": PRODUCT, "amount_fen": 12_000_00, "term_months": 12, "maturity_date": None,
    "method": "equal_installment", "rate_bps": 840, "plan": None, "purpose": "购买仔猪",
}  # fmt: skip


def note(*inspectors: str, **fields: Json) -> Json:
    whole = {
        "kind": "routine", "checklist_code": "routine", "checklist_version": 1,
        "inspector_ids": list(inspectors), **fields,
    }  # fmt: skip
    return create("inspection_note", GUIYING, fresh_id(), **whole)


def signature(record: str, user: str) -> Json:
    path = f"signed_by.{fresh_id()}"
    said = {f"{path}.user": user, f"{path}.at": MADE_AT, f"{path}.content_hash": "0" * 64}
    return update("inspection_note", record, GUIYING, **said)


def is_whole(server: Server) -> bool:
    with server.engine.connect() as connection:
        return verify(connection, REGISTRY).finding is None


def test_a_refusal_names_the_rule_and_its_sentence(server: Server) -> None:
    li = modern(server)

    result = li.push(note(LI, kind="supervisory"))

    (fault,) = result["errors"]
    assert (result["status"], fault["code"], fault["rule"]) == (
        "rejected",
        "not-permitted",
        "SOD-7",
    )
    assert "supervisory inspection" in fault["message"]


def test_the_last_signature_signs_the_note_and_both_tablets_hear_of_it(server: Server) -> None:
    li = modern(server)
    one = note(LI)
    li.push(one)

    result = li.push(signature(one["id"], LI))

    assert result["status"] == "applied"
    assert li.catch_up().fields(one["id"])["state"] == "signed"
    assert modern(server).fields(one["id"]) == li.fields(one["id"])
    assert li.push(signature(one["id"], LI))["status"] in ("applied", "merged")
    assert is_whole(server)


def test_words_after_the_last_signature_become_an_amendment_by_the_supervisor_s_word(
    server: Server,
) -> None:
    wang = server.tablet("wang.jun")
    cover = {"customer": GUIYING, "officer": "zhao.min", "role": "cover", "until": "2026-12-31"}
    assert wang.post("/api/v1/assignments", cover).status == 201
    li, zhao = modern(server), modern(server, "zhao.min")
    one = note(LI, ZHAO, narrative="存栏 21 头。")
    assert li.push(one)["status"] == "applied"
    zhao.catch_up()
    assert li.push(signature(one["id"], LI))["status"] == "applied"
    zhao.push(signature(one["id"], ZHAO))

    late = li.change_set(update("inspection_note", one["id"], GUIYING, narrative="存栏 12 头。"))
    with counting(server.engine) as counted:
        result = li.sync(late)["results"][0]

    assert result["status"] == "conflict"
    assert counted.statements <= PUSH
    (conflict,) = result["changes"][0]["conflicts"]
    assert li.catch_up().fields(conflict)["kind"] == "after_signature"
    settled = wang.post(f"/api/v1/conflicts/{conflict}/resolve", {"resolution": "as_amendment"})
    assert settled.status == 200
    amendment = li.catch_up().fields(derived_id("amendment", conflict))
    assert (amendment["narrative"], amendment["amends_id"]) == ("存栏 12 头。", one["id"])
    assert li.fields(one["id"])["narrative"] == "存栏 21 头。"
    assert li.push(late_word(one["id"]))["errors"][0]["code"] == "not-permitted"
    assert is_whole(server)


def late_word(record: str) -> Json:
    return update("inspection_note", record, GUIYING, narrative="再改一句。")


def test_a_wrong_answer_of_a_signed_note_opens_a_finding_within_the_budget(
    server: Server,
) -> None:
    li = modern(server)
    one = note(LI, **{"answers.R05.value": "yes", "answers.R04.value": 100})
    assert li.push(one)["status"] == "applied"

    with counting(server.engine) as counted:
        result = li.sync(li.change_set(signature(one["id"], LI)))["results"][0]

    assert result["status"] == "applied"
    assert counted.statements <= PUSH
    li.catch_up()
    found = [it["fields"] for it in li.held.values() if it["type"] == "finding"]
    assert {it["qid"]: it["severity"] for it in found} == {"R05": "major", "R04": "minor"}
    assert {it["owner_id"] for it in found} == {LI}
    twice = create(
        "finding", GUIYING, derived_id("finding", one["id"], "R05"), severity="major",
        inspection_note_id=one["id"], qid="R05",
    )  # fmt: skip
    assert li.push(twice)["status"] == "applied"
    assert is_whole(server)


def test_what_a_guard_looks_at_is_loaded_from_other_customers_too(server: Server) -> None:
    li = modern(server)
    in_the_office(server, "", "server", product())
    application, guarantor = create("loan_application", GUIYING, fresh_id(), **ASKED), fresh_id()
    assert li.push(application)["status"] == "applied"
    guarantee = create(
        "guarantor", GUIYING, guarantor, application_id=application["id"],
        guarantor_customer_id=LI_HAS[1], kind="individual", amount_fen=12_000_00,
    )  # fmt: skip
    kin = create("relationship", LI_HAS[1], None, kind="staff_relative", to_user_id=ZHAO)
    assert li.push(guarantee, kin)["status"] == "applied"

    second = update("loan_application", application["id"], GUIYING, co_officer_id=ZHAO)
    result = li.push(second)

    assert result["errors"][0]["rule"] == "SOD-5"
    assert is_whole(server)


def test_a_guard_looks_at_the_survivor_of_a_customer_who_was_merged(server: Server) -> None:
    li, zhao, wang = modern(server), modern(server, "zhao.min"), server.tablet("wang.jun")
    in_the_office(server, "", "server", product())
    kin = create("relationship", GUIYING, None, kind="staff_relative", to_user_id=ZHAO)
    assert li.push(kin)["status"] == "applied"
    absorbed = fresh_id()
    zhao.push(registration(absorbed, 0))
    cover = {"customer": GUIYING, "officer": "zhao.min", "role": "cover", "until": "2026-12-31"}
    assert wang.post("/api/v1/assignments", cover).status == 201
    zhao.catch_up()
    pairs = wang.get("/api/v1/conflicts?status=open").json["conflicts"]
    side = next(it["id"] for it in pairs if it["kind"] == "duplicate")
    merge = {"resolution": "merge", "survivor": GUIYING}
    assert wang.post(f"/api/v1/conflicts/{side}/resolve", merge).status == 200

    result = zhao.push(create("loan_application", absorbed, None, **ASKED, officer_id=ZHAO))

    assert result["errors"][0]["rule"] == "SOD-5"


def test_the_second_investigator_gets_the_customer_and_loses_him_with_the_end(
    server: Server,
) -> None:
    li, zhao = modern(server), modern(server, "zhao.min")
    in_the_office(server, "", "server", product())
    one = create("loan_application", GUIYING, fresh_id(), **ASKED, co_officer_id=ZHAO)

    assert li.push(one)["status"] == "applied"
    assert zhao.catch_up().fields(one["id"])["co_officer_id"] == ZHAO
    ended = update(
        "loan_application", one["id"], GUIYING, state="withdrawn", withdraw_reason="不养猪了。"
    )
    assert li.catch_up().push(ended)["status"] in ("applied", "merged")
    zhao.catch_up()
    assert GUIYING not in zhao.held
    assert is_whole(server)


def test_an_application_is_paid_out_in_the_office_and_the_loan_reaches_the_tablet(
    server: Server,
) -> None:
    li = modern(server)
    application = fresh_id()
    in_the_office(
        server, "", "server", product(),
        create(
            "loan_application", GUIYING, application, **ASKED, officer_id=LI, state="contracted",
        ),
        create(
            "decision", GUIYING, None, application_id=application, stage="approve",
            outcome="approve", user_id=WANG, comment="同意。",
        ),
    )  # fmt: skip

    result = in_the_office(
        server, named("qian.hui"), "clerk",
        update("loan_application", application, GUIYING, state="disbursed"),
    )  # fmt: skip

    assert result["status"] == "applied", result
    loan = li.catch_up().fields(derived_id("loan", application))
    assert loan["responsible"] == {
        "investigator": [LI], "approver": WANG, "clerk": named("qian.hui"),
    }  # fmt: skip
    rows = [it["fields"] for it in li.held.values() if it["type"] == "installment"]
    assert sum(it["principal_fen"] for it in rows) == 12_000_00
    due = (server.clock() + timedelta(days=15)).date().isoformat()
    tasks = [it["fields"] for it in li.held.values() if it["type"] == "task"]
    assert [(it["title"], it["due_on"]) for it in tasks] == [("首次跟踪检查", due)]
    assert is_whole(server)


def test_a_push_with_guards_keeps_its_budget(server: Server) -> None:
    li = modern(server)
    in_the_office(server, "", "server", product())
    application, survey = fresh_id(), fresh_id()
    sets = [
        [create("loan_application", GUIYING, application, **ASKED)],
        [
            create(
                "cashflow_survey", GUIYING, survey, application_id=application,
                start_month="2026-07", opening_cash_fen=0, surveyed_on="2026-06-16",
            ),
            note(LI, kind="pre_loan", application_id=application),
        ],
        [update("loan_application", application, GUIYING, purpose_note="买仔猪 20 头。")],
        [edit(phone="13900000001")],
    ]  # fmt: skip

    with counting(server.engine) as counted:
        answer = li.sync(*(li.change_set(*it) for it in sets))
    assert [it["status"] for it in answer["results"]] == ["applied"] * 4, answer["results"]
    assert counted.statements <= PUSH, [it[:90] for it in counted.sent]

    submit = li.change_set(
        update("cashflow_survey", survey, GUIYING, state="locked"),
        update("loan_application", application, GUIYING, state="submitted"),
    )
    with counting(server.engine) as counted:
        answer = li.sync(submit)
    assert answer["results"][0]["status"] == "rejected"
    assert counted.statements <= PUSH


def test_a_tablet_of_the_first_schema_goes_on_without_lending(server: Server) -> None:
    old, li = server.tablet("li.wei").catch_up(), modern(server)
    in_the_office(server, "", "server", product())
    li.push(create("loan_application", GUIYING, fresh_id(), **ASKED))

    assert old.push(edit(phone="13900000001"))["status"] in ("applied", "merged")
    answer = old.sync()
    assert "loan_application" not in {it["type"] for it in old.held.values()}
    assert answer["digest"]["records"] == len(old.held)
    unheard = create("loan_application", GUIYING, fresh_id(), **ASKED)
    assert old.push(unheard)["errors"][0]["code"] == "unknown-type"


def test_the_set_up_file_says_up_to_which_tier_a_person_approves(server: Server) -> None:
    def tier() -> int:
        with writing(server.engine) as connection:
            row = connection.execute(store.branch.select().where(store.branch.c.code == "QH")).one()
            bearer = Bearer(WANG, "supervisor", row.id, "desk")
            return web_contact(connection, bearer, _settings(server), server.clock()).actor.tier

    assert tier() == 0
    users = [{**it, "approval_tier": 2} for it in SETUP["users"] if it["id"] == WANG]
    set_up(server.engine, {"users": users})
    assert tier() == 2
