"""Work for a customer who has left the device meanwhile counts, and tells nothing (section 7)."""

from __future__ import annotations

import pytest

from schemas.messages import Change
from tests.sync.village import Person, Village, codes, creation, named, shown


@pytest.fixture
def village() -> Village:
    made = Village()
    made.office.create("note", "N1", words="甲。")
    made.office.create("asset", "A1", kind="ox")
    return made


@pytest.fixture
def li(village: Village) -> Person:
    """An officer whose tablet last saw the log when C1 was his."""
    tablet = village.tablet("li")
    village.take_away("C1", "li")
    return tablet


def test_a_new_fact_is_stored_in_its_makers_name(village: Village, li: Person) -> None:
    assert li.create("note", "N2", words="乙。").status == "applied"
    assert village.record("N2").created_by == named("li")


def test_more_words_in_ones_own_late_note(village: Village, li: Person) -> None:
    li.create("note", "N2", words="乙。")

    assert li.edit("N2", over={"words": 1}, words="乙。丙。").status == "applied"
    assert village.value("N2", "words") == "乙。丙。"


def test_ones_own_late_note_is_deleted(village: Village, li: Person) -> None:
    li.create("note", "N2", words="乙。")

    assert li.delete("N2").status == "applied"


def test_ones_own_note_that_a_colleague_changed(village: Village) -> None:
    li = village.tablet("li")
    li.create("note", "N2", words="乙。")
    village.tablet("zhao").edit("N2", mood="bad")
    li.pull()
    village.take_away("C1", "li")

    assert [li.edit("N2", words="丙。").status, li.delete("N2").status] == ["conflict", "conflict"]
    assert village.value("N2", "words") == "乙。"


def test_a_new_record_that_is_no_fact(village: Village, li: Person) -> None:
    assert codes(li.create("asset", "A2", kind="cow")) == ["out-of-scope"]


def test_a_late_fact_may_name_what_its_maker_knew(village: Village, li: Person) -> None:
    assert li.create("visit", "V1", note_id=named("N1")).status == "applied"
    assert li.create("valuation", "Z1", asset_id=named("A1"), worth=9).status == "applied"


def test_a_late_fact_may_not_name_what_came_later(village: Village, li: Person) -> None:
    village.office.create("note", "N3", words="丙。")

    assert codes(li.create("visit", "V1", note_id=named("N3"))) == ["unknown-record"]
    update = Change("update", "note", named("N3"), named("C1"), {"words": "guess"})
    assert codes(li.send(update)) == ["unknown-record"]


def test_an_edit_becomes_a_wish(village: Village, li: Person) -> None:
    result = li.edit("C1", name="L", phone="L")

    assert (result.status, village.value("C1", "name")) == ("conflict", "Chen")
    (conflict,) = village.conflicts("C1")
    assert (conflict.fields["kind"], conflict.fields.get("field")) == ("late", None)
    assert shown(conflict)[1:3] == (
        {"name": "Chen", "phone": "p0"}, [{"name": "L", "phone": "L"}],
    )  # fmt: skip
    assert village.history("C1")[-1].units["name"].sent == "L"


def test_each_wish_is_a_conflict_of_its_own(village: Village, li: Person) -> None:
    for name in ("L", "M"):
        li.edit("C1", name=name)

    assert [shown(it)[2] for it in village.conflicts("C1")] == [[{"name": "L"}], [{"name": "M"}]]


def test_a_deletion_becomes_a_wish(village: Village, li: Person) -> None:
    assert li.delete("N1").status == "conflict"
    (conflict,) = village.conflicts("N1")
    assert (conflict.fields["kind"], shown(conflict)[2]) == (
        "late", [{"deleted": True, "reason": "twice"}],
    )  # fmt: skip


def test_a_wish_is_granted(village: Village, li: Person) -> None:
    li.edit("C1", name="L")
    (conflict,) = village.conflicts("C1")
    zhao = village.tablet("zhao")
    write = zhao.change("C1", name="L")

    result = zhao.resolve(conflict, "other", write, chosen={"device": li.actor.device, "number": 1})

    assert (result.status, village.value("C1", "name")) == ("applied", "L")


def test_a_wish_whose_granting_meets_a_newer_value(village: Village, li: Person) -> None:
    li.edit("C1", name="L")
    (conflict,) = village.conflicts("C1")
    zhao, other = village.tablet("zhao"), village.web()
    other.edit("C1", name="Y")
    write = zhao.change("C1", name="L")

    result = zhao.resolve(conflict, "other", write, chosen={"device": li.actor.device, "number": 1})

    assert (result.status, village.value("C1", "name")) == ("conflict", "Y")
    assert len(village.all_conflicts()) == 1
    assert shown(village.conflicts("C1")[0])[3] == "open"


def test_a_wish_for_what_stands_already(village: Village, li: Person) -> None:
    result = li.edit("C1", name="Chen")

    assert (result.status, village.all_conflicts()) == ("merged", [])


def test_a_wish_is_checked_like_any_edit(village: Village, li: Person) -> None:
    assert codes(li.edit("C1", limit=1)) == ["not-permitted"]
    assert codes(li.edit("C1", over={"name": 1}, name="L")) == ["bad-change"]
    assert codes(li.delete("A1")) == []


def test_wishes_that_cannot_be_granted(village: Village) -> None:
    village.office.create("valuation", "Z1", asset_id=named("A1"), worth=9)
    village.office.create("note", "N2", words="乙。")
    village.tablet("zhao").delete("N2")
    li = village.tablet("li")
    village.take_away("C1", "li")

    assert codes(li.edit("Z1", worth=8)) == ["create-only"]
    assert codes(li.edit("N2", words="丙。")) == ["unknown-record"]


def test_a_late_addition_of_what_is_there(village: Village, li: Person) -> None:
    village.office.edit("C1", tags={"add": ["a"]})

    assert li.edit("C1", tags={"add": ["a"]}).status == "merged"
    assert li.edit("C1", tags={"add": ["b"]}).status == "conflict"


def test_a_late_value_below_the_highest_asks_nobody_anything(village: Village, li: Person) -> None:
    village.office.edit("C1", visits=5)

    assert li.edit("C1", visits=4).status == "merged"
    assert li.edit("C1", visits=5).status == "merged"
    assert li.edit("C1", visits=6).status == "conflict"


def test_a_late_second_create_becomes_a_wish(village: Village, li: Person) -> None:
    assert li.create("note", "N1", words="甲。").status == "applied"
    assert li.create("note", "N1", words="乙。").status == "conflict"
    assert village.value("N1", "words") == "甲。"


def test_a_late_deletion_whose_granting_meets_an_edit(village: Village, li: Person) -> None:
    li.delete("N1")
    (conflict,) = village.conflicts("N1")
    zhao = village.tablet("zhao")
    village.web().edit("N1", mood="bad")
    write = Change("delete", "note", named("N1"), named("C1"), reason="twice")

    result = zhao.resolve(conflict, "other", write, chosen={"device": li.actor.device, "number": 1})

    assert (result.status, village.record("N1").deleted) == ("conflict", False)
    assert [it.id for it in village.all_conflicts()] == [conflict.id]


def test_work_made_after_the_move_was_known(village: Village, li: Person) -> None:
    li.pull()

    assert codes(li.edit("C1", name="L")) == ["out-of-scope"]
    assert codes(li.create("note", "N2", words="乙。")) == ["out-of-scope"]


def test_work_made_before_the_customer_was_ones_own(village: Village) -> None:
    wu = village.tablet("wu")
    village.assign("C1", "wu", "cover")
    village.take_away("C1", "wu")

    assert codes(wu.edit("C1", name="W")) == ["out-of-scope"]


def test_a_customer_who_came_back_is_ones_own(village: Village, li: Person) -> None:
    village.assign("C1", "li", "cover")

    assert li.edit("C1", name="L").status == "applied"


def test_work_for_a_customer_registered_offline_and_moved_at_once(village: Village) -> None:
    li = village.tablet("li")
    li.create("customer", "C7", "C7", name="Qian")
    village.assign("C7", "zhao")

    assert li.create("note", "N7", "C7", words="甲。").status == "applied"


def test_a_new_primary_ends_the_old_one(village: Village) -> None:
    village.assign("C1", "wu")

    held = {it.user: it.ended is None for it in village.record("C1").holders}
    assert held == {named("li"): False, named("zhao"): True, named("wu"): True}


def test_an_ended_assignment_does_not_come_back_by_an_edit(village: Village) -> None:
    old = next(it.assignment for it in village.record("C1").holders if it.role == "primary")
    village.assign("C1", "wu")

    reason = Change("update", "assignment", old, None, {"reason": "leave"})

    assert village.office.send(reason).status == "applied"
    assert not village.record("C1").holds(named("li"))


def test_an_assignment_to_somebody_else(village: Village) -> None:
    name = village.assign("C1", "wu", "cover")

    village.office.edit(name, officer_id=named("sun"))

    assert village.record("C1").holds(named("sun"))
    assert not village.record("C1").holds(named("wu"))


# ------------------------------------------------------------------------------ late resolutions


def conflict_of(village: Village, li: Person) -> None:
    """Let li's tablet see a conflict on the name, and then lose the customer."""
    stale = village.tablet("li", "stale")
    village.assign("C1", "li", "cover")
    village.office.edit("C1", name="Z")
    stale.base = village.history("C1")[-1].position - 1
    stale.edit("C1", name="L")
    li.pull()
    village.take_away("C1", "li")


def test_a_late_resolution_closes_nothing(village: Village, li: Person) -> None:
    conflict_of(village, li)
    (conflict,) = village.conflicts("C1", "name")

    result = li.resolve(conflict, "custom", li.change("C1", name="K"), comment="asked")

    assert (result.status, village.value("C1", "name")) == ("conflict", "Z")
    assert [shown(it)[1:] for it in village.all_conflicts()] == [("Z", ["L", "K"], "open")]
    assert village.ledger.history[conflict.id][-1].units["resolution"].sent == "custom"


def test_a_late_resolution_that_keeps(village: Village, li: Person) -> None:
    conflict_of(village, li)
    (conflict,) = village.conflicts("C1", "name")

    assert li.resolve(conflict, "keep").status == "merged"
    assert shown(village.conflicts("C1", "name")[0])[3] == "open"


def test_a_late_resolution_of_a_settled_conflict(village: Village, li: Person) -> None:
    conflict_of(village, li)
    (conflict,) = village.conflicts("C1", "name")
    village.tablet("zhao").resolve(conflict, "keep")

    result = li.resolve(conflict, "custom", li.change("C1", name="K"), comment="asked")

    (late,) = village.conflicts("C1")
    assert result.status == "conflict"
    assert [it.conflicts for it in result.changes] == [(), (late.id,)]
    assert shown(late)[2] == [{"name": "K"}]


def test_a_late_resolution_with_more_than_its_field(village: Village, li: Person) -> None:
    conflict_of(village, li)
    (conflict,) = village.conflicts("C1", "name")

    li.resolve(conflict, "custom", li.change("C1", name="K", phone="K"), comment="asked")

    assert shown(village.conflicts("C1", "name")[0])[2] == ["L", "K"]
    assert [shown(it)[2] for it in village.conflicts("C1")] == [[{"phone": "K"}]]


def test_a_late_resolution_of_a_wish_joins_it(village: Village, li: Person) -> None:
    village.assign("C1", "li", "cover")
    li.pull()
    wish = village.tablet("zhao", "left")
    village.take_away("C1", "zhao")
    wish.edit("C1", name="Z")
    (conflict,) = village.conflicts("C1")
    li.pull()
    village.take_away("C1", "li")

    result = li.resolve(conflict, "custom", li.change("C1", name="K"), comment="asked")

    assert result.status == "conflict"
    assert [shown(it)[2] for it in village.all_conflicts()] == [[{"name": "Z"}, {"name": "K"}]]


def test_a_conflict_of_a_customer_that_was_never_ones_own(village: Village, li: Person) -> None:
    conflict_of(village, li)
    (conflict,) = village.conflicts("C1", "name")

    assert codes(village.tablet("wu").resolve(conflict)) == ["unknown-record"]


def test_a_set_may_hold_late_work_and_other_work(village: Village, li: Person) -> None:
    village.assign("C2", "li", "cover")
    village.assign("C1", "li", "cover")
    base = village.ledger.head
    village.take_away("C1", "li")

    result = li.send(
        li.change("C2", phone="L"), li.change("C1", phone="L"),
        creation("note", "N2", "C1", words="乙。"), base=base,
    )  # fmt: skip

    assert [it.status for it in result.changes] == ["applied", "conflict", "applied"]
