"""Nobody reads, changes or guesses a way to a record outside his scope."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.branch import (
    ELSEWHERE,
    GUIYING,
    LI_HAS,
    ZHAO,
    ZHAO_HAS,
    Server,
    Tablet,
    call,
    create,
    edit,
    fresh_id,
    named,
    update,
)
from tests.server.test_lending import in_the_office, is_whole

Json = Any
SECRET, FAR_SECRET = "赵敏的秘密", "河西的秘密"


@pytest.fixture(scope="module")
def branch(shared_server: Server) -> Server:
    """The branch, with a word under a colleague's customer and one in the other branch."""
    zhao = shared_server.tablet("zhao.min").catch_up()
    secret = create("interaction", ZHAO_HAS[0], named("a secret"), **call(summary=SECRET)["set"])
    assert zhao.push(edit(ZHAO_HAS[0], preferences=SECRET), secret)["status"] == "applied"
    far = shared_server.tablet("he.xi").catch_up()
    far_secret = create(
        "interaction", ELSEWHERE, named("a far secret"), **call(summary=FAR_SECRET)["set"]
    )
    assert far.push(edit(ELSEWHERE, preferences=FAR_SECRET), far_secret)["status"] == "applied"
    return shared_server


@pytest.fixture(scope="module")
def li(branch: Server) -> Tablet:
    return branch.tablet("li.wei").catch_up()


# -------------------------------------------------------------------------- foreign as unknown, to the byte

FOREIGN = {
    "a colleague's customer": ZHAO_HAS[0], "another branch's customer": ELSEWHERE,
    "a colleague's note": named("a secret"), "another branch's note": named("a far secret"),
}  # fmt: skip
Attempt = Callable[[str], Json]
ATTEMPTS: dict[str, Attempt] = {
    "an edit": lambda it: edit(it, phone="13900000000"),
    "an edit under my customer": lambda it: update("interaction", it, GUIYING, summary="x"),
    "a note under it": lambda it: call(it),
    "a task about it": lambda it: create(
        "task", GUIYING, None, title="x", due_on="2026-07-01", source="manual", record=it,
        record_type="interaction",
    ),
    "an inspection of its visit": lambda it: create(
        "inspection_note", GUIYING, None, kind="routine", checklist_code="routine",
        checklist_version=1, inspector_ids=[], visit_id=it,
    ),
    "a household member removed": lambda it: {
        "op": "delete", "type": "household_member", "id": it, "customer": GUIYING, "reason": "x",
    },
    "a conflict settled": lambda it: update(
        "conflict", it, GUIYING, status="resolved", resolution="keep"
    ),
    "a resolution under it": lambda it: update(
        "conflict", named("no conflict"), it, status="resolved", resolution="keep"
    ),
}  # fmt: skip


def told(tablet: Tablet, change: Json, foreign: str) -> str:
    """Return the whole answer to a push as text, without what the sender knew before."""
    one = tablet.change_set(change)
    reply = tablet.offer(one, cursor=tablet.cursor, digest=False)
    body = reply.json
    assert body["results"][0]["status"] == "rejected", body["results"]
    for member in ("server_time", "cursor", "head"):
        body.pop(member, None)
    text = json.dumps([reply.status, body], ensure_ascii=False)
    numbers = text.replace(f'"number": {one["number"]}', "").replace(
        f'"known_through": {one["number"]}', ""
    )
    return numbers.replace(foreign, "<id>")


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_a_foreign_id_gets_the_answer_of_one_that_does_not_exist(
    li: Tablet, attempt: Attempt, foreign: str
) -> None:
    unknown = fresh_id()

    answers = [told(li, attempt(it), it) for it in (foreign, unknown)]

    assert answers[0] == answers[1]


ADDRESSES = {
    "a history": ("GET", "/api/v1/records/{}/history", None),
    "a resolution": ("POST", "/api/v1/conflicts/{}/resolve", {"resolution": "keep"}),
    "a reopening": ("POST", "/api/v1/conflicts/{}/reopen", {}),
}


@pytest.mark.parametrize(("method", "path", "body"), ADDRESSES.values(), ids=ADDRESSES)
def test_another_branchs_record_is_not_found_like_one_that_does_not_exist(
    branch: Server, method: str, path: str, body: Json
) -> None:
    wang = branch.tablet("wang.jun")
    raw = None if body is None else json.dumps(body).encode()

    replies = {
        it: branch.send(method, path.format(it), raw, wang.authorization)
        for it in (ELSEWHERE, named("a far secret"), fresh_id())
    }

    assert {it.status for it in replies.values()} == {404}
    assert len({it.body.replace(key.encode(), b"<id>") for key, it in replies.items()}) == 1


def test_another_branchs_customer_is_assigned_like_one_that_does_not_exist(branch: Server) -> None:
    wang = branch.tablet("wang.jun")

    def assign(customer: str, officer: str = "li.wei") -> tuple[int, bytes]:
        wish = {"customer": customer, "officer": officer, "role": "primary", "reason": "x"}
        reply = wang.post("/api/v1/assignments", wish)
        return reply.status, reply.body

    answers = {
        assign(ELSEWHERE),
        assign(fresh_id()),
        assign(GUIYING, "he.xi"),
        assign(GUIYING, "nobody"),
    }

    assert len(answers) == 1
    assert answers.pop()[0] == 404


# ---------------------------------------------------------------------------------- nothing leaks

USERS = {
    "li.wei": (SECRET, FAR_SECRET), "zhao.min": (FAR_SECRET,), "wang.jun": (FAR_SECRET,),
    "sun.yan": (FAR_SECRET,), "qian.hui": (SECRET, FAR_SECRET), "he.xi": (SECRET,),
}  # fmt: skip
SYNCING = {"li.wei", "zhao.min", "wang.jun", "sun.yan", "he.xi"}


@pytest.mark.parametrize(("username", "secrets"), USERS.items(), ids=USERS)
def test_no_address_tells_what_is_not_for_this_reader(
    branch: Server, username: str, secrets: tuple[str, ...]
) -> None:
    tablet = branch.tablet(username)
    heard = [tablet.get(it).plain.decode() for it in readable(branch)]
    if username in SYNCING:
        heard.append(json.dumps(tablet.offer(cursor=None, page=1000).json, ensure_ascii=False))

    for secret in secrets:
        assert not [it for it in heard if secret in it], secret


def readable(server: Server) -> list[str]:
    """Return every address of the API that answers to a GET, with each id that is not for everybody."""
    ids = [ZHAO_HAS[0], ELSEWHERE, named("a secret"), named("a far secret")]
    adapter = server.app.test_request_context().url_adapter
    assert adapter is not None
    found = []
    for rule in server.app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and "GET" in (rule.methods or ()):
            for it in ids if rule.arguments else [""]:
                found.append(adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, it)))
    return found


def test_a_bootstrap_is_the_scope_and_nothing_else(li: Tablet) -> None:
    customers = {it for it, one in li.held.items() if one["type"] == "customer"}

    assert customers == set(LI_HAS)
    assert {one["customer"] for one in li.held.values()} <= {*LI_HAS, None}


OFFICERS_MAY_NOT = [
    ("GET", "/api/v1/conflicts"), ("GET", "/api/v1/quarantine"), ("GET", "/api/v1/devices"),
    ("GET", f"/api/v1/records/{GUIYING}/history"), ("POST", "/api/v1/assignments"),
    ("POST", f"/api/v1/conflicts/{GUIYING}/resolve"), ("POST", f"/api/v1/conflicts/{GUIYING}/reopen"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), OFFICERS_MAY_NOT)
def test_what_is_the_supervisors_is_not_an_officers(
    branch: Server, li: Tablet, method: str, path: str
) -> None:
    raw = b"{}" if method == "POST" else None

    reply = branch.send(method, path, raw, li.authorization)

    assert (reply.status, reply.code) == (403, "not-permitted")


def test_a_number_that_another_tablet_used_is_nobodys_business(branch: Server, li: Tablet) -> None:
    other = branch.tablet("li.wei").catch_up()

    result = other.push(call())

    assert result["number"] == 1
    assert li.sync()["known_through"] == li.number


# ------------------------------------------------------------------------------------------- moves


def test_a_customer_who_moves_comes_whole_and_goes_whole(server: Server) -> None:
    li, zhao = (server.tablet(it).catch_up() for it in ("li.wei", "zhao.min"))
    wang = server.tablet("wang.jun")
    li.push(call(summary="before the move"))
    noted = {it for it, one in li.catch_up().held.items() if one["customer"] == GUIYING}

    wish = {"customer": GUIYING, "officer": "zhao.min", "role": "primary", "reason": "片区调整"}
    assert wang.post("/api/v1/assignments", wish).status == 201
    out, came = li.sync(), zhao.sync()

    assert [it["customer"] for it in out["left"]] == [GUIYING]
    assert GUIYING not in [it["customer"] for it in out["records"]]
    assert noted <= set(zhao.held)
    assert all(it["whole"] for it in came["records"] if it["customer"] == GUIYING)
    for tablet in (li, zhao):
        assert tablet.sync()["digest"] == {"records": len(tablet.held), "sum": tablet.digest().sum}


def test_work_for_a_customer_who_has_moved_counts_and_nothing_comes_back(server: Server) -> None:
    li, wang = server.tablet("li.wei").catch_up(), server.tablet("wang.jun")
    late = li.change_set(call(summary="late"), action="visit.finish")
    wish = {"customer": GUIYING, "officer": "zhao.min", "role": "primary", "reason": "片区调整"}
    wang.post("/api/v1/assignments", wish)

    answer = li.sync(late)

    assert answer["results"][0]["status"] in ("applied", "merged")
    assert [it["customer"] for it in answer["left"]] == [GUIYING]
    assert GUIYING not in [it["customer"] for it in answer["records"]]
    zhao = server.tablet("zhao.min").catch_up()
    assert "late" in [one["fields"].get("summary") for one in zhao.held.values()]
    assert li.push(call(summary="too late"))["errors"][0]["code"] == "out-of-scope"


def test_an_end_that_has_passed_ends_what_an_officer_holds(server: Server) -> None:
    zhao, wang = server.tablet("zhao.min").catch_up(), server.tablet("wang.jun")
    cover = {
        "customer": GUIYING, "officer": "zhao.min", "role": "cover", "until": "2099-12-31",
    }  # fmt: skip
    assert wang.post("/api/v1/assignments", cover).status == 201
    assert GUIYING in zhao.catch_up().held

    assert wang.post("/api/v1/assignments", {**cover, "until": "2020-01-01"}).status == 201

    assert [it["customer"] for it in zhao.sync()["left"]] == [GUIYING]


def test_a_customer_who_leaves_and_comes_back_in_one_set_comes_whole(server: Server) -> None:
    """Once the end of the cover came to pass, another cover begins with the same breath."""
    zhao, first, second = server.tablet("zhao.min").catch_up(), fresh_id(), fresh_id()
    cover = {
        "officer_id": ZHAO, "customer_id": GUIYING, "role": "cover",
        "valid_from": "2026-06-01",
    }  # fmt: skip
    begun = create("assignment", None, first, **cover, valid_to="2099-12-31")
    assert in_the_office(server, "", "server", begun)["status"] == "applied"
    held = {it for it, one in zhao.catch_up().held.items() if one["customer"] == GUIYING}

    again = (
        update("assignment", first, None, valid_to="2026-06-02"),
        create("assignment", None, second, **cover, valid_to="2026-12-31"),
    )
    assert in_the_office(server, "", "server", *again)["status"] == "applied"
    answer = zhao.sync()

    assert [it["customer"] for it in answer["left"]] == [GUIYING]
    assert {it["id"] for it in answer["records"] if it["customer"] == GUIYING} == held
    assert zhao.sync()["digest"] == {"records": len(zhao.held), "sum": zhao.digest().sum}
    assert is_whole(server)
