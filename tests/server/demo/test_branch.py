"""The demonstration branch holds what its recipe asks for (domain.md, section 11)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from schemas.registry import REGISTRY
from server.accounts import account, check_password, device
from server.db import reading
from server.demo import people
from server.demo.days import COMING_DAYS
from server.readmodels import loan_positions, portfolio
from server.store import branch, change_set, feed
from server.verify import verify
from tests.server.demo.demonstration import Demonstration, loaded, loaded_in

COUNTS = {
    "org_unit": 12, "user": 17, "product": 4, "checklist": 6, "device": 8, "customer": 240, "loan": 222,
}  # fmt: skip
ARREARS = {"0": 134, "1-7": 8, "8-30": 6, "31-90": 5, "91-270": 4, "271-360": 1, "over": 2}
KINDS = {
    "field", "text", "delete", "duplicate", "state", "invalid", "late", "possible_double",
    "after_signature",
}  # fmt: skip
APPLICATIONS = {
    "draft": 10, "submitted": 8, "reviewed": 5, "returned": 4, "approved": 5, "contracted": 3,
    "declined": 6, "withdrawn": 3, "lapsed": 2,
}  # fmt: skip
BOUNDARIES = {30, 90, 270, 360}
METHODS = {
    "equal_installment": 70, "seasonal": 50, "bullet": 20, "interest_first": 12, "equal_principal": 8,
}  # fmt: skip
SEGMENTS = {
    "grain": 84, "livestock": 48, "cash_crop": 36, "trade": 24, "wage": 24, "aquaculture": 12,
    "micro_enterprise": 12,
}  # fmt: skip


def bucket(dpd: int) -> str:
    ends = ((0, "0"), (7, "1-7"), (30, "8-30"), (90, "31-90"), (270, "91-270"), (360, "271-360"))
    return next((name for end, name in ends if dpd <= end), "over")


def active_dpd(demo: Demonstration) -> list[int]:
    return [owed.dpd for loan, owed in demo.owed().values() if loan.fields["state"] == "active"]


# ---------------------------------------------------------------------------------------- the books


def test_there_is_as_much_of_everything_as_the_recipe_says(demo: Demonstration) -> None:
    assert {name: len(demo.records(name)) for name in COUNTS} == COUNTS


def test_villages_officers_and_segments_share_the_households(demo: Demonstration) -> None:
    customers = [it.fields for it in demo.records("customer")]

    assert set(Counter(it["village_id"] for it in customers).values()) == {30}
    assert Counter(it["segment"] for it in customers) == SEGMENTS
    assert Counter(it["state"] for it in customers) == {
        "active": 210,
        "dormant": 18,
        "prospect": 12,
    }
    assert {it["household_size"] for it in customers} == {2, 3, 4, 5, 6}


def test_nobody_can_be_called_and_every_id_number_holds(demo: Demonstration) -> None:
    customers = [it.fields for it in demo.records("customer")]
    numbers = [it["id_no"] for it in customers] + [
        it.fields["id_no"] for it in demo.records("household_member") if "id_no" in it.fields
    ]

    assert all(it["phone"].startswith("1000000") for it in customers)
    assert all(it.startswith("9999") for it in numbers)
    assert len(set(numbers)) == len(numbers) - 1, "one woman was registered twice"
    assert len({it["name"] for it in customers}) == len(customers)


def test_loans_are_of_the_methods_states_and_amounts_of_the_recipe(demo: Demonstration) -> None:
    loans = [it.fields for it in demo.records("loan")]
    active = [it for it in loans if it["state"] == "active"]

    assert Counter(it["state"] for it in loans) == {"active": 160, "settled": 60, "written_off": 2}
    assert Counter(it["method"] for it in active) == METHODS
    assert sum(it["principal_fen"] > 10_000_000 for it in loans) == 6
    assert sum("restructured_on" in it for it in loans) == 4


def test_days_past_due_are_spread_as_the_recipe_says(demo: Demonstration) -> None:
    found = active_dpd(demo)

    assert Counter(map(bucket, found)) == ARREARS
    assert set(found) >= BOUNDARIES


def test_settled_loans_owe_nothing_and_active_ones_something(demo: Demonstration) -> None:
    for loan, owed in demo.owed().values():
        if loan.fields["state"] == "settled":
            assert (owed.is_settled, owed.unallocated_fen) == (True, 0)
        else:
            assert owed.outstanding_principal_fen > 0


def test_chen_owes_what_e5_says_before_he_pays(demo: Demonstration) -> None:
    chen = demo.customer("陈国平")
    owed = next(state for loan, state in demo.owed().values() if loan.customer == chen.id)

    assert (owed.dpd, owed.due_today_fen, owed.penalty_fen) == (32, 525_878, 2_838)
    assert (owed.arrears_fen, owed.outstanding_principal_fen) == (523_040, 2_273_377)


def test_the_people_of_the_walk_through_are_there_but_for_liu(demo: Demonstration) -> None:
    loans = defaultdict(list)
    for loan, owed in demo.owed().values():
        if loan.fields["state"] == "active":
            loans[loan.customer].append((loan.fields, owed.dpd))
    of = {it.fields["name"]: loans[it.id] for it in demo.records("customer")}

    assert "刘秀英" not in of
    assert of["黄大明"][0][0]["disbursed_on"] == "2026-06-03"
    assert of["唐水根"][0][0]["principal_fen"] == 18_000_000
    assert "collateral" in of["雷春花"][0][0]["security"]
    assert (of["何老三"][0][1], of["吴长生"][0][0]["security"]) == (395, ["group"])
    deng = demo.customer("邓玉兰").id
    cycles = [it.fields["state"] for it in demo.records("loan") if it.customer == deng]
    assert Counter(cycles) == {"settled": 3, "active": 1}


def test_the_portfolio_looks_like_one(demo: Demonstration) -> None:
    with reading(demo.engine) as connection:
        county = connection.execute(select(branch.c.id).where(branch.c.code == "QH")).scalar_one()
    found = portfolio(loan_positions(demo.engine, county, demo.today), demo.today)

    assert 0 < found.par90_fen <= found.par30_fen <= found.par1_fen < found.gross_fen
    assert found.ratio_bps(found.par30_fen) <= 3_000
    assert found.ratio_bps(found.written_off_fen) <= 1_500


# ------------------------------------------------------------------------------------ the field work


def test_visits_were_made_missed_and_cancelled_in_the_recipes_shares(demo: Demonstration) -> None:
    silent = demo.user("赵磊")
    ends = Counter(
        it.fields.get("outcome") or it.fields["state"]
        for it in demo.records("visit")
        if it.fields.get("planned_on", demo.today.isoformat()) < demo.today.isoformat()
        and not (it.fields["officer_id"] == silent and it.fields["state"] == "planned")
    )
    shares = {name: round(100 * count / ends.total()) for name, count in ends.items()}

    assert shares == {"done": 85, "absent": 6, "missed": 5, "cancelled": 4}


def test_the_next_ten_days_are_planned_and_today_is_the_walk_through(demo: Demonstration) -> None:
    ahead = [
        it for it in demo.records("visit") if it.fields.get("planned_on", "") >= str(demo.today)
    ]
    names = {it.id: it.fields["name"] for it in demo.records("customer")}
    today = [it for it in ahead if it.fields["planned_on"] == str(demo.today)]
    li_min = [
        names[str(it.customer)] for it in today if it.fields["officer_id"] == demo.user("李敏")
    ]

    assert {it.fields["state"] for it in ahead} == {"planned"}
    last = demo.today + timedelta(days=COMING_DAYS - 1)
    assert max(it.fields["planned_on"] for it in ahead) == str(last)
    assert sorted(li_min) == sorted(["陈国平", "黄大明", "周福海", "吴长生", "邓玉兰"])


def test_three_first_follow_ups_are_overdue(demo: Demonstration) -> None:
    checked = {
        it.fields.get("loan_id")
        for it in demo.records("inspection_note")
        if it.fields["kind"] == "first_followup"
    }
    go_live, last = str(demo.today - timedelta(days=61)), str(demo.today - timedelta(days=15))
    due = [it for it in demo.records("loan") if go_live < it.fields["disbursed_on"] < last]

    assert sum(it.id not in checked for it in due) == 3


def test_receipts_have_no_gap_on_any_device_and_day(demo: Demonstration) -> None:
    series = defaultdict(list)
    for it in demo.records("repayment"):
        code, _, rest = it.fields["receipt_no"].partition("-")
        if rest:
            series[code, rest[:8]].append(int(rest[9:]))

    assert len({code for code, _ in series}) == 6
    assert all(sorted(it) == list(range(1, len(it) + 1)) for it in series.values())


def test_deng_has_a_note_that_was_returned_with_a_comment(demo: Demonstration) -> None:
    deng = demo.customer("邓玉兰")
    returned = [
        it.fields
        for it in demo.records("inspection_note")
        if it.customer == deng.id and it.fields["state"] == "returned"
    ]

    assert len(returned) == 1
    assert returned[0]["supervisor_comment"]


# -------------------------------------------------------------------------------------- to be decided


def test_one_conflict_of_each_kind_waits_for_a_decision(demo: Demonstration) -> None:
    conflicts = [it.fields for it in demo.records("conflict")]
    waiting = [it for it in conflicts if it["status"] == "open"]

    assert {it["kind"] for it in waiting} == KINDS
    assert any(it["sensitive"] for it in waiting)
    assert any(it["status"] == "resolved" and it["comment"] for it in conflicts)
    assert len({it.customer for it in demo.records("conflict")}) == len(conflicts)


def test_one_set_is_in_quarantine(demo: Demonstration) -> None:
    query = select(change_set.c.result).where(change_set.c.status == "rejected")
    with reading(demo.engine) as connection:
        rejected = connection.execute(query).scalars().all()

    assert len(rejected) == 1
    assert '"out-of-scope"' in rejected[0]


def test_an_officers_feed_holds_the_customers_under_the_assignments_and_no_other(
    demo: Demonstration,
) -> None:
    held = {
        it.id: {user for user, _, _, _, ended in it.holders if ended is None}
        for it in demo.records("customer")
    }
    query = select(feed.c.owner, feed.c.customer).where(
        feed.c.kind == "record", feed.c.customer.is_not(None)
    )
    with reading(demo.engine) as connection:
        rows = connection.execute(query).all()
    shown = defaultdict(set)
    for owner, customer in rows:
        shown[owner].add(customer)

    for officer in people.OFFICERS:
        user = demo.user(officer.name)
        assert shown[user] == {customer for customer, users in held.items() if user in users}
        assert 38 <= len(shown[user]) <= 50


def test_one_tablet_is_silent_and_on_one_nine_sets_wait(demo: Demonstration) -> None:
    query = select(device).where(device.c.kind == "tablet").order_by(device.c.code)
    with reading(demo.engine) as connection:
        tablets = {it.code: it for it in connection.execute(query)}

    assert list(tablets) == [f"T{it}" for it in range(1, 9)]
    assert tablets["T2"].last_contact_at < "2026-11-22"
    assert '"sets": 9' in tablets["T3"].waiting
    assert tablets["T1"].clean_at > "2026-11-25T02"


# ------------------------------------------------------------------------------------ for the whole


def test_the_log_is_whole(demo: Demonstration) -> None:
    with reading(demo.engine) as connection:
        found = verify(connection, REGISTRY)

    assert found.finding is None
    assert found.rows > 8_000


def test_everybody_can_sign_in_with_the_one_password(demo: Demonstration) -> None:
    with reading(demo.engine) as connection:
        names = connection.execute(select(account.c.username)).scalars().all()
        checked = check_password(connection, "li.min", people.PASSWORD)

    assert sorted(names) == sorted(it.username for it in people.EVERYONE)
    assert checked is not None


def everything(demo: Demonstration) -> dict[str, object]:
    found = [it for name in REGISTRY.types for it in demo.records(name)]
    return {it.id: (it.customer, it.fields) for it in found}


@pytest.mark.postgres
def test_the_same_day_gives_the_same_branch_on_postgresql(
    demo: Demonstration, postgres_url: str, tmp_path: Path
) -> None:
    with loaded(postgres_url, tmp_path) as again:
        assert everything(again) == everything(demo)


def test_a_year_later_it_is_as_fresh(tmp_path: Path) -> None:
    with loaded_in(tmp_path, date(2027, 2, 28)) as later:
        assert {name: len(later.records(name)) for name in COUNTS} == COUNTS
        assert Counter(map(bucket, active_dpd(later))) == ARREARS
        assert {it.fields["kind"] for it in later.records("conflict")} == KINDS
        states = Counter(it.fields["state"] for it in later.records("loan_application"))
        assert {it: states[it] for it in APPLICATIONS} == APPLICATIONS
        assert len(later.records("finding")) == 9
        planned = [it.fields.get("planned_on", "") for it in later.records("visit")]
        assert max(planned) >= "2027-03-08"
