"""Delegated administration: each in the subtree of the own home unit (domain.md, section 3.2)."""

from __future__ import annotations

import pytest

from tests.sync.lending import PEOPLE, Desk, named

OUTSIDE = ("not-permitted", "outside-the-subtree", None)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A second outlet; `ding` administers the first, `yan` the county."""
    monkeypatch.setitem(PEOPLE, "yan", "admin")
    found = Desk()
    found.make(
        "org_unit", "other", code="NP", name="南坪", kind="outlet", parent_id=named("county")
    )
    found.does(None, found.edit("user", "ding", unit_id=named("outlet")))
    return found


def test_units_below_the_own_are_set_up_and_no_others(desk: Desk) -> None:
    below = desk.create(
        "org_unit", "new", code="X", name="新村", kind="village", parent_id=named("outlet")
    )
    beside = desk.create(
        "org_unit", "far", code="Y", name="远村", kind="village", parent_id=named("other")
    )

    desk.does("ding", below)
    desk.does(
        "ding",
        desk.edit("org_unit", "new", name="新湾"),
        desk.edit("org_unit", "outlet", name="河口"),
    )
    assert desk.refused("ding", beside) == OUTSIDE
    assert desk.refused("ding", desk.edit("org_unit", "other", name="x")) == OUTSIDE
    assert desk.refused("ding", desk.edit("org_unit", "county", name="x")) == OUTSIDE
    desk.does("yan", beside, desk.edit("org_unit", "other", name="南坪网点"))


def test_nothing_is_moved_out_of_the_tree_or_into_it(desk: Desk) -> None:
    out = desk.edit("org_unit", "village", parent_id=named("other"))
    own = desk.edit("org_unit", "outlet", parent_id=named("other"))

    assert desk.refused("ding", out) == OUTSIDE
    assert desk.refused("ding", own) == OUTSIDE
    desk.does("yan", out)
    back = desk.edit("org_unit", "village", parent_id=named("outlet"))
    assert desk.refused("ding", back) == OUTSIDE


def test_people_of_the_own_units_are_looked_after_and_no_others(desk: Desk) -> None:
    hired = desk.create("user", "new", name="新员", role="officer", unit_id=named("outlet"))

    desk.does("ding", hired, desk.edit("user", "li", active=False))
    assert desk.refused("ding", desk.edit("user", "tan", active=False)) == OUTSIDE
    assert desk.refused("ding", desk.edit("user", "li", unit_id=named("county"))) == OUTSIDE
    desk.does("yan", desk.edit("user", "li", unit_id=named("other")))


def test_nobody_changes_his_own_rights(desk: Desk) -> None:
    assert desk.refused("ding", desk.edit("user", "ding", role="supervisor"))[1] == "own-rights"
    desk.does("ding", desk.edit("user", "ding", name="丁一"))
    desk.does("yan", desk.edit("user", "ding", role="officer"))


def test_parameters_hold_for_the_own_units_and_the_lender_s_are_set_at_the_top(desk: Desk) -> None:
    mine = desk.create("parameter", "mine", key="lapse_days", value=30, unit_id=named("village"))
    all_of_us = desk.create("parameter", "all", key="lapse_days", value=30)

    desk.does("ding", mine)
    assert desk.refused("ding", all_of_us) == OUTSIDE
    assert desk.refused("ding", desk.edit("parameter", "mine", unit_id=named("other"))) == OUTSIDE
    desk.does("yan", all_of_us)
    assert desk.refused("ding", desk.edit("parameter", "all", unit_id=named("outlet"))) == OUTSIDE


def test_products_and_checklists_are_set_up_at_the_top(desk: Desk) -> None:
    product = desk.create("product", "new", code="X", name="新贷")
    checklist = desk.create("checklist", "new list", code="routine", version=9)

    assert desk.refused("ding", product) == OUTSIDE
    assert desk.refused("ding", checklist) == OUTSIDE
    desk.does("yan", product, checklist)


def test_whose_unit_is_not_known_sets_up_nothing(desk: Desk) -> None:
    desk.ledger.records[named("ding")].deleted = True

    assert desk.refused("ding", desk.edit("org_unit", "village", name="x")) == OUTSIDE
    assert desk.refused("ding", desk.create("product", "new", code="X", name="新贷")) == OUTSIDE


def test_others_set_nothing_up(desk: Desk) -> None:
    limit = desk.create("parameter", "mine", key="lapse_days", value=30, unit_id=named("village"))

    assert desk.refused("wang", limit)[1] is None
    desk.does(None, limit)


def test_what_hangs_nowhere_is_looked_after_at_the_top(desk: Desk) -> None:
    desk.does("yan", desk.create("org_unit", "loose", code="Z", name="散村", kind="village"))

    assert desk.refused("ding", desk.edit("org_unit", "loose", name="x")) == OUTSIDE
    desk.does("yan", desk.edit("org_unit", "loose", name="散居"))


def test_a_supervisor_s_word_on_lending_is_another_rule_s(desk: Desk) -> None:
    desk.does("tan", desk.edit("org_unit", "outlet", lending_suspended=True))
    desk.does("tan", desk.edit("user", "li", lending_suspended=True))
