"""The end of a business day through the whole server: who has not reported, what cash is counted, closing it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from schemas.registry import REGISTRY
from schemas.values import derived_id
from server import field_book
from server.db import writing
from server.field_book import receipt_line
from server.store import branch
from server.verify import verify
from tests.server.branch import (
    GUIYING,
    LI,
    PASSWORD,
    WANG,
    ZHAO,
    Reply,
    Server,
    create,
    fresh_id,
    named,
    set_up,
    update,
)
from tests.server.counting import counting
from tests.server.test_lending import Modern, in_the_office, modern
from tests.server.test_money import DAY, lend, receipt

Json = Any
READS = 14
EVENING = 9
"""Hours from the morning of the tests, 09:00 in the branch, to 18:00."""


def unit(server: Server) -> str:
    with server.engine.connect() as connection:
        found = select(branch.c.id).where(branch.c.code == "QH")
        return str(connection.execute(found).scalar_one())


def look(server: Server, who: str = "wang.jun", place: str | None = None, **query: str) -> Reply:
    asked = "&".join(f"{name}={it}" for name, it in query.items())
    return server.tablet(who).get(f"/api/v1/outlets/{place or unit(server)}/close?{asked}")


def close(server: Server, who: str = "wang.jun", place: str | None = None, **body: Json) -> Reply:
    address = f"/api/v1/outlets/{place or unit(server)}/close"
    return server.tablet(who).post(address, {"day": DAY, **body})


def whys(reply: Reply) -> list[tuple[str, str | None, int]]:
    return [(it["why"], it["subject"], it["figure"]) for it in reply.json["reasons"]]


def officer(reply: Reply, user: str) -> Json:
    return next(it for it in reply.json["officers"] if it["officer"] == user)


@pytest.fixture
def li(server: Server) -> Modern:
    """Li's tablet; Guiying has a loan."""
    lend(server)
    return modern(server)


def evening(server: Server, *tablets: Modern) -> None:
    """Let some tablets report at 18:00 with nothing waiting on them."""
    server.clock.advance(hours=EVENING)
    for it in tablets:
        it.login()
        it.sync()


def code_of(tablet: Modern) -> str:
    return str(tablet.fields(tablet.device)["code"])


def deposit(tablet: Modern, *receipts: str, **fields: Json) -> str:
    """Hand in what some receipts say, as their officer."""
    whole = {"officer_id": LI, "business_date": DAY, "receipt_ids": list(receipts)}
    made = create("cash_deposit", None, None, **whole, state="open", **fields)
    assert tablet.push(made)["status"] == "applied"
    handed = update("cash_deposit", made["id"], None, state="handed_in")
    assert tablet.push(handed)["status"] == "applied"
    return str(made["id"])


def reversed_by_wang(server: Server, tablet: Modern, paid: Json) -> None:
    """Have a receipt reversed: its officer asks, the supervisor does it (SOD-9)."""
    asked = create(
        "task", GUIYING, None, title="冲正", due_on=DAY, source="manual", record_type="repayment",
        record=paid["id"], assignee_id=LI,
    )  # fmt: skip
    assert tablet.push(asked)["status"] == "applied"
    back = receipt("W-1", paid["set"]["amount_fen"], reverses_id=paid["id"])
    result = in_the_office(server, WANG, "supervisor", back)
    assert result["status"] in ("applied", "merged"), result


def confirm(server: Server, record: str, fen: int, **more: Json) -> None:
    said = update("cash_deposit", record, None, counted_fen=fen, state="confirmed", **more)
    result = in_the_office(server, named("qian.hui"), "clerk", said)
    assert result["status"] in ("applied", "merged"), result


def test_a_day_from_the_first_receipt_to_its_close(server: Server, li: Modern) -> None:
    number = code_of(li)
    paid = receipt(f"{number}-20260616-001", 500_00)
    li.push(paid)
    morning = look(server)
    evening(server, li)
    reported = look(server)
    handed = deposit(li, paid["id"])
    unconfirmed = look(server)
    confirm(server, handed, 500_00)
    done = look(server)

    assert whys(morning) == [("not-reported", number, 1), ("cash-kept", None, 500_00)]
    assert whys(reported) == [("cash-kept", None, 500_00)]
    assert whys(unconfirmed) == [("cash-unconfirmed", None, 500_00)]
    assert (done.json["trusted"], done.json["reasons"]) == (True, [])
    mine = officer(done, LI)
    assert (mine["cash_fen"], mine["confirmed_fen"], mine["receipts"]) == (500_00, 500_00, 1)
    assert [(it["expected_fen"], it["difference_fen"]) for it in done.json["deposits"]] == [
        (500_00, 0)
    ]
    closed = close(server)
    assert (closed.status, closed.json["closed"]["by"], closed.json["closed"]["reason"]) == (
        201, WANG, None,
    )  # fmt: skip
    assert look(server).json["closed"] == closed.json["closed"]
    with server.engine.connect() as connection:
        assert verify(connection, REGISTRY).finding is None


def test_what_waits_lacks_or_is_not_accepted_is_named(server: Server, li: Modern) -> None:
    number = code_of(li)
    li.push(receipt(f"{number}-20260616-003", 20_00, channel="transfer"))
    refused = li.push(receipt(f"{number}-20260616-002", 0, channel="transfer"))
    li.sync(waiting={"sets": 2, "attention": 1})

    reply = look(server)

    assert refused["status"] == "rejected"
    assert whys(reply) == [
        ("waiting", number, 2), ("not-accepted", f"{number}-20260616-002", 0), ("gap", number, 2),
    ]  # fmt: skip
    mine = officer(reply, LI)
    assert mine["gaps"] == [{"desk": number, "missing": [1, 2], "total": 2}]
    assert (mine["provisional"], mine["other_fen"]) == (1, 20_00)


def test_a_possible_double_is_not_trusted_until_somebody_decides(
    server: Server, li: Modern
) -> None:
    number = code_of(li)
    for place in (1, 2):
        li.push(receipt(f"{number}-20260616-{place:03}", 20_00, channel="transfer"))
    evening(server, li)

    assert [it[0] for it in whys(look(server))] == ["possible-double"]


def test_a_reversed_receipt_is_apart_and_its_cash_is_owed_no_more(
    server: Server, li: Modern
) -> None:
    paid = receipt(f"{code_of(li)}-20260616-001", 20_00)
    li.push(paid)
    reversed_by_wang(server, li, paid)
    evening(server, li)

    reply = look(server)

    assert reply.json["trusted"], reply.json["reasons"]
    totals = reply.json["totals"]
    assert (totals["cash_fen"], totals["undone_fen"], totals["reversals"]) == (0, 20_00, 1)


def test_a_disputed_deposit_keeps_the_day_open_until_it_is_settled(
    server: Server, li: Modern
) -> None:
    paid = receipt(f"{code_of(li)}-20260616-001", 20_00)
    li.push(paid)
    evening(server, li)
    handed = deposit(li, paid["id"])
    said = update(
        "cash_deposit",
        handed,
        None,
        counted_fen=10_00,
        difference_reason="少 10 元",
        state="disputed",
    )
    assert in_the_office(server, named("qian.hui"), "clerk", said)["status"] == "applied"
    disputed = look(server)
    settled = update("cash_deposit", handed, None, state="confirmed")
    assert in_the_office(server, WANG, "supervisor", settled)["status"] == "applied"

    assert whys(disputed) == [("cash-disputed", None, 20_00)]
    assert disputed.json["deposits"][0]["difference_fen"] == -10_00
    assert look(server).json["trusted"]


# ------------------------------------------------------------------------------------------ closing


def test_a_day_that_cannot_be_trusted_is_closed_with_a_reason_or_not_at_all(
    server: Server, li: Modern
) -> None:
    li.push(receipt(f"{code_of(li)}-20260616-001", 500_00))

    without, blank = close(server), close(server, reason=" ")
    closed = close(server, reason="李伟在山上，明早补报。")

    assert [(it.status, it.json["errors"][0]["field"]) for it in (without, blank)] == [
        (400, "reason"), (400, "reason"),
    ]  # fmt: skip
    assert (closed.status, closed.json["closed"]["reason"]) == (201, "李伟在山上，明早补报。")


def test_what_comes_after_the_close_is_taken_in_and_shown(server: Server, li: Modern) -> None:
    number = code_of(li)
    first = close(server, reason="提前关账")
    late = receipt(f"{number}-20260616-001", 500_00)

    result = li.push(late)
    again = close(server, reason="另一个理由")

    assert result["status"] == "applied"
    reply = look(server)
    assert [it["receipt_no"] for it in reply.json["after_close"]] == [f"{number}-20260616-001"]
    assert reply.json["closed"] == first.json["closed"] == again.json["closed"]


def test_the_audit_chain_keeps_who_closed_a_day_with_the_figures_as_counted(
    server: Server, li: Modern
) -> None:
    li.push(receipt(f"{code_of(li)}-20260616-001", 500_00))
    close(server, reason="提前关账")
    li.push(receipt(f"{code_of(li)}-20260616-002", 700_00))

    kept = derived_id("audit_event", "day.close", unit(server))
    reply = server.tablet("sun.yan").get(f"/api/v1/records/{kept}/history")

    (event,) = reply.json["entries"]
    assert (event["action"], event["by"], event["role"]) == ("day.close", WANG, "supervisor")
    assert event["note"]["totals"]["cash_fen"] == 500_00
    assert event["note"]["reason"] == "提前关账"
    assert [it["why"] for it in event["note"]["reasons"]] == ["not-reported", "cash-kept"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"day": "2026-06-17"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": 7}, "day"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"by": "me"}, "by"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(server: Server, body: Json, field: str) -> None:
    reply = close(server, **body)

    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field)
    assert look(server).json["closed"] is None


@pytest.mark.parametrize("day", ["2026-06-17", "yesterday", "2026-13-01", ""])
def test_a_day_that_is_none_or_to_come_is_told(server: Server, day: str) -> None:
    assert (look(server, day=day).status, look(server, day="2026-06-15").status) == (400, 200)


# ---------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize(
    ("user", "reads", "closes"),
    [
        ("wang.jun", 200, 201), ("sun.yan", 200, 403), ("qian.hui", 200, 403), ("li.wei", 403, 403),
    ],
)  # fmt: skip
def test_deposits_are_read_by_whom_the_matrix_names_and_days_closed_by_supervisors(
    server: Server, user: str, reads: int, closes: int
) -> None:
    assert look(server, user).status == reads
    assert close(server, user, reason="因故").status == closes


def test_nobody_sees_or_closes_what_is_elsewhere(server: Server) -> None:
    with server.engine.connect() as connection:
        other = connection.execute(select(branch.c.id).where(branch.c.code == "HX")).scalar_one()

    for place in (str(other), fresh_id(), "1"):
        assert look(server, place=place).status == 404
        assert close(server, place=place, reason="因故").status == 404


# --------------------------------------------------------------------------------------- outlets


@pytest.fixture
def outlets(server: Server) -> tuple[str, str]:
    """Two outlets, Li at the one and Zhao at the other."""
    found = named("河口"), named("南坪")
    units = [
        {
            "branch": "QH", "type": "org_unit", "id": it,
            "fields": {"name": code, "code": code, "kind": "outlet", "parent_id": unit(server)},
        }
        for it, code in zip(found, ("QH-HK", "QH-NP"), strict=True)
    ]  # fmt: skip
    people = [
        {"username": name, "name": name, "role": "officer", "branch": "QH", "unit": code,
         "password": PASSWORD}
        for name, code in (("li.wei", "QH-HK"), ("zhao.min", "QH-NP"))
    ]  # fmt: skip
    set_up(server.engine, {"records": units, "users": []})
    set_up(server.engine, {"users": people})
    return found


def test_each_outlet_has_its_own_people_and_closes_its_own_day(
    server: Server, outlets: tuple[str, str]
) -> None:
    lend(server)
    li, zhao = modern(server), modern(server, "zhao.min")
    li.push(receipt(f"{code_of(li)}-20260616-001", 500_00))
    here, there = (look(server, place=it) for it in outlets)
    whole = look(server)

    assert [it["officer"] for it in here.json["officers"]] == [LI]
    assert [it["officer"] for it in there.json["officers"]] == [ZHAO]
    assert (here.json["totals"]["cash_fen"], there.json["totals"]["cash_fen"]) == (500_00, 0)
    assert {it["officer"] for it in whole.json["officers"]} >= {LI, ZHAO}
    assert [it["id"] for it in whole.json["places"]] == [*outlets, unit(server)]
    assert close(server, place=outlets[1], reason="因故").status == 201
    assert look(server, place=outlets[0]).json["closed"] is None
    assert zhao.sync()["more"] is False


# ------------------------------------------------------------------------------------------- cost


def test_a_day_is_read_in_a_few_statements_whatever_is_in_it(server: Server, li: Modern) -> None:
    def cost() -> int:
        look(server)
        address = f"/api/v1/outlets/{unit(server)}/close"
        wang = server.tablet("wang.jun")
        with counting(server.engine) as counted:
            assert wang.get(address).status == 200
        return counted.statements

    number = code_of(li)
    empty = cost()
    made = [receipt(f"{number}-20260616-{it:03}", it * 100) for it in range(1, 31)]
    li.sync(*(li.change_set(it) for it in made))
    deposit(li, *(it["id"] for it in made))
    li.push(receipt("unreadable", 0))

    assert empty <= READS
    assert cost() <= READS


def test_what_is_folded_step_by_step_is_what_the_log_says(server: Server, li: Modern) -> None:
    """However often somebody looks meanwhile, the rows are those of one reading of the whole log."""
    number = code_of(li)
    made = [receipt(f"{number}-20260616-{it:03}", it * 1000) for it in range(1, 5)]
    for it in made:
        li.push(it)
        look(server)
    handed = deposit(li, made[0]["id"], made[1]["id"])
    look(server)
    taken_out = update(
        "cash_deposit", handed, None, receipt_ids={"add": [], "remove": [made[1]["id"]]}
    )
    li.push(taken_out)
    look(server)
    reversed_by_wang(server, li, made[3])
    look(server)

    def rows() -> list[tuple[Any, ...]]:
        with server.engine.connect() as connection:
            query = select(receipt_line).order_by(receipt_line.c.id)
            return [tuple(it) for it in connection.execute(query)]

    before, whose = rows(), unit(server)
    with writing(server.engine) as connection:
        count = field_book.rebuild(connection, whose)
    assert rows() == before
    assert count == 5
    assert {it[1]: it[13] for it in before}[made[3]["id"]] == 1


@pytest.mark.parametrize(
    "tampered",
    [
        "UPDATE day_close SET closed_by = 'somebody'",
        "UPDATE day_close SET unit = 'elsewhere'",
        "UPDATE day_close SET closed_at = '2026-06-16T00:00:00.000Z'",
        "DELETE FROM day_close",
    ],
)
def test_a_close_that_was_tampered_with_is_found(server: Server, tampered: str) -> None:
    assert close(server, reason="因故").status == 201
    with writing(server.engine) as connection:
        whole = verify(connection, REGISTRY).finding
        connection.execute(text(tampered))

    with server.engine.connect() as connection:
        found = verify(connection, REGISTRY).finding
    assert whole is None
    assert found is not None


def test_a_rebuild_says_what_had_stood_otherwise(server: Server, li: Modern) -> None:
    li.push(receipt(f"{code_of(li)}-20260616-001", 500_00))
    look(server)
    whose = unit(server)
    with writing(server.engine) as connection:
        equal = field_book.recompute(connection, whose)
        connection.execute(text("UPDATE receipt_line SET amount_fen = 1"))
        mended = field_book.recompute(connection, whose)

    assert (equal.receipts, equal.differing) == (1, ())
    assert len(mended.differing) == 1
    assert look(server).json["totals"]["cash_fen"] == 500_00


def test_cash_taken_at_a_desk_is_in_the_till(server: Server, li: Modern) -> None:
    paid = receipt("W-7", 30_00, collected_by=named("qian.hui"))
    assert in_the_office(server, named("qian.hui"), "clerk", paid)["status"] == "applied"
    evening(server, li)

    reply = look(server)

    assert (reply.json["trusted"], reply.json["totals"]["confirmed_fen"]) == (True, 30_00)


def test_a_tablet_that_was_wiped_or_came_later_owes_no_report(server: Server, li: Modern) -> None:
    evening(server, li)
    server.clock.advance(days=1)
    newer = modern(server)
    newer.sync(waiting={"sets": 2})
    today = look(server)
    wang = server.tablet("wang.jun")
    assert wang.post(f"/api/v1/devices/{newer.device}/wipe", b"").status == 200

    assert whys(look(server, day=DAY)) == []
    assert [it[:2] for it in whys(today)] == [
        ("not-reported", code_of(li)), ("waiting", code_of(newer)),
    ]  # fmt: skip
    assert [it[:2] for it in whys(look(server))] == [("not-reported", code_of(li))]
