"""Every row of the recipe (domain.md, section 11), counted from nothing but the stored records.

Households, loans, arrears, visits and the quarantine are counted in `test_branch.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from schemas.derived.collateral import Valued, cap_bps, ltv_bps
from schemas.derived.customer_tier import Tier, tier_of
from schemas.derived.dealings import dealings_of
from schemas.derived.due_dates import due_after
from schemas.derived.early_warning.circumstance_rules import KINDS
from schemas.derived.early_warning.dossier import Kept
from schemas.registry import REGISTRY
from server import store
from server.accounts import account
from server.db import reading
from server.demo import people, places
from tests.server.demo.demonstration import Demonstration, Record
from tests.server.demo.test_branch import APPLICATIONS

Json = Any


# --------------------------------------------------------------------------------- who and where


def test_units_are_a_head_office_a_county_branch_two_outlets_and_eight_villages(
    demo: Demonstration,
) -> None:
    units = {it.id: it.fields for it in demo.records("org_unit")}
    under = defaultdict(set)
    for it in units.values():
        above = units.get(str(it.get("parent_id")))
        under[above["name"] if above else None].add(it["name"])

    assert Counter(it["kind"] for it in units.values()) >= Counter(
        tier2_branch=1, outlet=2, village=8
    )
    assert under["河口网点"] == {"柳树湾", "东坡", "石桥", "下河口"}
    assert under["南坪网点"] == {"南坪", "桃园", "白沙", "高岭"}
    assert places.BRANCHES[0].name == "青禾农商行"


def test_people_have_the_roles_and_tiers_of_the_recipe(demo: Demonstration) -> None:
    query = select(account.c.role, account.c.approval_tier, account.c.unit, account.c.branch)
    with reading(demo.engine) as connection:
        rows = connection.execute(query).all()

    assert Counter(it.role for it in rows) == {
        "officer": 6, "supervisor": 2, "reviewer": 1, "approver": 4, "clerk": 2, "auditor": 1,
        "admin": 1, "viewer": 1,
    }  # fmt: skip
    tiers = Counter(it.approval_tier for it in rows if it.role == "approver")
    assert tiers == {2: 1, 3: 3}, "the county's credit manager, and a committee of three"
    assert {it.approval_tier for it in rows if it.role == "supervisor"} == {1}
    for role, each in (("officer", 3), ("supervisor", 1), ("clerk", 1)):
        by_outlet = Counter(it.unit for it in rows if it.role == role)
        assert sorted(by_outlet.values()) == [each, each], role


def test_households_have_two_to_six_members_and_the_head_counts(demo: Demonstration) -> None:
    members = Counter(it.customer for it in demo.records("household_member"))
    customers = [it for it in demo.records("customer") if it.fields["state"] != "prospect"]
    sizes = {members[it.id] + 1 for it in customers}

    assert sizes == {2, 3, 4, 5, 6}


def test_products_lend_what_the_recipe_says(demo: Demonstration) -> None:
    found = {it.fields["name"]: it.fields for it in demo.records("product")}

    most = {name: it["max_amount_fen"] // 100 for name, it in found.items()}
    assert most == {
        "农户小额信用贷": 50_000, "联保贷": 50_000, "丰收贷": 80_000, "小微经营贷": 300_000,
    }  # fmt: skip
    assert found["联保贷"]["security"] == ["group"]
    assert "collateral" in found["小微经营贷"]["security"]
    assert "seasonal" in found["丰收贷"]["methods"]


# ------------------------------------------------------------------------------------ the application


def test_applications_stand_in_the_recipes_states(demo: Demonstration) -> None:
    found = demo.states("loan_application")

    assert {it: found[it] for it in APPLICATIONS} == APPLICATIONS
    assert set(found) - set(APPLICATIONS) == {"disbursed"}, (
        "those of the secured loans of the books"
    )


def test_each_submitted_application_has_what_it_needs(demo: Demonstration) -> None:
    surveys = {it.fields.get("application_id"): it.fields for it in demo.records("cashflow_survey")}
    notes = defaultdict(set)
    for it in demo.records("inspection_note"):
        notes[it.fields.get("application_id")].add((it.fields["kind"], it.fields["state"]))
    decided = defaultdict(set)
    for it in demo.records("decision"):
        decided[it.fields["application_id"]].add(it.fields["outcome"])

    wanted = {
        "reviewed": {"pass"}, "approved": {"pass", "approve"}, "contracted": {"pass", "approve"},
        "returned": {"return"}, "declined": {"decline"}, "submitted": set(),
    }  # fmt: skip
    for it in demo.records("loan_application"):
        state = it.fields["state"]
        if state in wanted:
            assert decided[it.id] == wanted[state], it
            assert surveys[it.id]["state"] == ("draft" if state == "returned" else "locked")
            assert ("pre_loan", "signed") in notes[it.id] or ("pre_loan", "confirmed") in notes[
                it.id
            ]
    two = [it for it in demo.records("loan_application") if "co_officer_id" in it.fields]
    assert len(two) == 8, "two investigators where SOD-4 asks for them"


def test_surveys_count_by_the_calendar_of_crops_and_herds(demo: Demonstration) -> None:
    lines: dict[str, list[tuple[int, list[int], str]]] = defaultdict(list)
    for it in demo.records("cashflow_survey"):
        for path, value in it.fields.items():
            if path.endswith(".unit_price_fen"):
                key = path.split(".")[1]
                months = it.fields[f"lines.{key}.month_fen"]
                lines[key].append((value, months, it.fields["start_month"]))

    prices = {key: {it[0] // 100 for it in found} for key, found in lines.items()}
    assert prices.items() <= {
        "early_rice_sold": {1_090}, "late_rice_sold": {1_240}, "citrus_sold": {5_200},
        "tea_sold": {3_600}, "tobacco_sold": {4_200}, "pigs_spring_sold": {1_850},
        "pigs_autumn_sold": {1_850}, "fish_pond_sold": {9_500},
    }.items()  # fmt: skip
    assert {"early_rice_sold", "late_rice_sold"} <= set(prices)
    for _, months, start in lines["late_rice_sold"]:
        begins = int(start[5:])
        sold = [(begins - 1 + place) % 12 + 1 for place, fen in enumerate(months) if fen]
        assert sold == [11]


# ------------------------------------------------------------------------------ groups and security


def test_groups_are_six_of_five_one_in_trouble_and_one_forming_with_four(
    demo: Demonstration,
) -> None:
    members = Counter(it.fields.get("group_id") for it in demo.records("customer"))
    found = {it.id: it.fields for it in demo.records("group")}
    dpd: dict[str | None, int] = defaultdict(int)
    of = {it.id: it.fields.get("group_id") for it in demo.records("customer")}
    for loan, owed in demo.owed().values():
        if loan.fields["state"] == "active":
            group = of[str(loan.customer)]
            dpd[group] = max(dpd[group], owed.dpd)

    sizes = {key: (members[key], it["state"]) for key, it in found.items()}
    assert Counter(size for size, _ in sizes.values()) == {5: 6, 4: 1}
    assert [state for size, state in sizes.values() if size == 4] == ["forming"]
    troubled = [key for key in found if dpd[key] > 30]
    assert len(troubled) == 1
    assert found[troubled[0]]["state"] == "frozen", "W07 froze it this morning"
    assert "柳湾五户联保组" in {it["name"] for it in found.values()}


def test_the_group_of_four_cannot_be_activated(demo: Demonstration) -> None:
    forming = next(it for it in demo.records("group") if it.fields["state"] == "forming")
    refused = demo.tried(people.SUPERVISORS[1], {
        "op": "update", "type": "group", "id": forming.id, "customer": None, "set": {"state": "active"},
    })  # fmt: skip

    assert refused["status"] == "rejected"
    assert refused["errors"][0]["reason"] == "group-too-small"


def valued(piece: Record) -> tuple[str, int]:
    fields = piece.fields
    keys = {it.split(".")[1] for it in fields if it.startswith("valuations.")}
    return max(
        (fields[f"valuations.{it}.valued_on"], fields[f"valuations.{it}.value_fen"]) for it in keys
    )


def test_security_is_fourteen_pieces_two_overdue_for_revaluation_and_one_over_the_cap(
    demo: Demonstration,
) -> None:
    pieces = demo.records("collateral")
    loans = {it.fields.get("application_id"): it for it, _ in demo.owed().values()}
    owed = {loan.id: state.outstanding_principal_fen for loan, state in demo.owed().values()}
    overdue = [
        it for it in pieces
        if str(due_after(date.fromisoformat(valued(it)[0]), it.fields.get("revalue_every_months", 12)))
        < demo.ago()
    ]  # fmt: skip
    behind = defaultdict(list)
    for it in pieces:
        behind[it.fields["application_id"]].append(Valued(KINDS[it.fields["kind"]], valued(it)[1]))
    ltv = {
        loans[key].customer: (ltv_bps(owed[loans[key].id], sum(one.value_fen for one in them)), cap_bps(them))
        for key, them in behind.items() if key in loans
    }  # fmt: skip
    over = {key: it for key, it in ltv.items() if (it[0] or 0) > (it[1] or 0)}

    assert len(pieces) == 14
    assert len(overdue) == 2
    assert over == {demo.customer("雷春花").id: (8333, 7000)}, "E10"


# ------------------------------------------------------------------------- inspections and complaints


def test_inspections_are_of_all_kinds(demo: Demonstration) -> None:
    kinds = {it.fields["kind"] for it in demo.records("inspection_note")}

    assert kinds == {"pre_loan", "in_loan_review", "first_followup", "routine", "supervisory"}
    assert demo.states("officer_audit") == {"signed": 1}


def test_nine_findings_two_critical_three_past_due_one_waived(demo: Demonstration) -> None:
    found = [it.fields for it in demo.records("finding")]
    late = [it for it in found if it["state"] == "open" and it["due_on"] < demo.ago()]

    assert len(found) == 9
    assert sum(it["severity"] == "critical" for it in found) == 2
    assert len(late) == 3
    assert all(it["level"] >= 1 for it in late), "this morning's run escalated them"
    assert [it["state"] for it in found].count("waived") == 1


def test_five_complaints_two_open_and_one_taken_up_again(demo: Demonstration) -> None:
    cases = demo.records("case")
    calls = {it.id: it.fields for it in demo.records("interaction")}

    assert all(it.fields["kind"] == "complaint" for it in cases)
    assert all(calls[it.fields["interaction_id"]]["kind"] == "complaint" for it in cases)
    assert demo.states("case") == {"open": 2, "in_progress": 1, "closed": 2}
    again = next(it for it in cases if it.fields["state"] == "in_progress")
    query = select(store.log.c.payload).where(store.log.c.record == again.id)
    with reading(demo.engine) as connection:
        moves = [it for it in connection.execute(query).scalars() if '"resolved"' in it]
    assert len(moves) == 2, "it was resolved, and then left that state again"


# -------------------------------------------------------------------------------------- named people


def test_deng_is_a_key_customer_and_he_laosans_loan_is_a_loss(demo: Demonstration) -> None:
    deng = demo.customer("邓玉兰").id
    mine = [
        Kept(name, it.id, it.fields)
        for name in REGISTRY.types
        for it in demo.records(name)
        if it.customer == deng
    ]
    names = {it.id: it.fields for it in demo.records("product")}
    assert tier_of(dealings_of(mine, names, demo.today), demo.today) is Tier.KEY

    he = demo.customer("何老三").id
    (classed,) = [it.fields for it in demo.records("classification") if it.customer == he]
    assert (classed["proposed_class"], classed["system_class"]) == ("loss", "loss")
    assert classed["confirmed_by"] not in (None, classed["proposed_by"])


def test_each_conflict_came_from_two_devices(demo: Demonstration) -> None:
    for it in demo.records("conflict"):
        fields = it.fields
        if fields["kind"] in ("late", "invalid"):  # what stands was not changed by another
            continue
        entries = [fields["kept"], *fields["others"]]
        assert len({one["device"] for one in entries}) > 1, fields


@pytest.mark.parametrize("name", ["黄大明", "周福海", "吴长生", "唐水根", "雷春花", "陈国平"])
def test_the_named_are_there(demo: Demonstration, name: str) -> None:
    assert demo.customer(name).fields["state"] == "active"
