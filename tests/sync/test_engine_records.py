"""Records as wholes: deletion, the same id twice, references, parents (section 4)."""

from __future__ import annotations

import pytest

from schemas.messages import Change
from tests.sync.village import Person, Village, codes, creation, named, shown


@pytest.fixture
def village() -> Village:
    made = Village()
    made.office.create("note", "N1", words="甲。", mood="good")
    made.office.create("asset", "A1", kind="ox")
    return made


@pytest.fixture
def li(village: Village) -> Person:
    return village.tablet("li")


@pytest.fixture
def zhao(village: Village) -> Person:
    return village.tablet("zhao")


# -------------------------------------------------------------------------------------- deletion


def test_a_deletion_hides(village: Village, li: Person) -> None:
    result = li.delete("N1")

    assert (result.status, result.changes[0].version) == ("applied", village.record("N1").version)
    assert village.record("N1").deleted
    assert village.history("N1")[-1].note == "twice"


def test_deleting_twice_is_applied(village: Village, li: Person, zhao: Person) -> None:
    li.delete("N1")
    version = village.record("N1").version

    assert [it.delete("N1").status for it in (li, zhao)] == ["applied", "applied"]
    assert village.record("N1").version == version


def test_why_a_second_person_deleted_it_stays_in_the_history(village: Village, li: Person) -> None:
    li.delete("N1")
    change = Change("delete", "note", named("N1"), named("C1"), reason="moved away")
    village.tablet("zhao").send(change, base=0)

    assert [it.note for it in village.history("N1") if it.op == "delete"] == ["twice", "moved away"]


def test_only_a_deletable_type(village: Village, li: Person) -> None:
    assert codes(li.delete("C1")) == ["not-permitted"]


def test_only_by_who_may_make_one(village: Village) -> None:
    assert codes(village.tablet("zhao", role="auditor").delete("N1")) == ["not-permitted"]


def test_a_deletion_that_meets_an_unseen_edit(village: Village, li: Person, zhao: Person) -> None:
    zhao.edit("N1", mood="bad")

    result = li.delete("N1")

    assert (result.status, village.record("N1").deleted) == ("conflict", False)
    (conflict,) = village.conflicts("N1")
    assert conflict.fields["kind"] == "delete"
    assert shown(conflict)[1:3] == ({"mood": "bad"}, [{"deleted": True, "reason": "twice"}])


def test_an_edit_that_meets_an_unseen_deletion(village: Village, li: Person, zhao: Person) -> None:
    zhao.delete("N1")

    result = li.edit("N1", mood="bad")

    assert (result.status, village.record("N1").deleted) == ("conflict", False)
    assert village.value("N1", "mood") == "bad"
    (conflict,) = village.conflicts("N1")
    assert shown(conflict)[1:3] == ({"mood": "bad"}, [{"deleted": True, "reason": "twice"}])
    assert conflict.fields["others"][0]["by"] == named("zhao")


def test_an_edit_of_what_was_seen_to_go(village: Village, li: Person, zhao: Person) -> None:
    zhao.delete("N1")

    assert codes(li.pull().edit("N1", mood="bad")) == ["unknown-record"]


def test_an_edit_of_what_one_deleted_oneself(village: Village, li: Person) -> None:
    li.delete("N1")

    assert codes(li.edit("N1", mood="bad")) == ["unknown-record"]


def test_another_deletion_joins_the_open_conflict(
    village: Village, li: Person, zhao: Person
) -> None:
    other = village.tablet("li", "other")
    zhao.edit("N1", mood="bad")
    li.delete("N1")

    result = other.delete("N1")

    (conflict,) = village.conflicts("N1")
    assert (result.status, result.changes[0].conflicts) == ("conflict", (conflict.id,))


def test_a_deletion_is_chosen_after_all(village: Village, li: Person, zhao: Person) -> None:
    zhao.edit("N1", mood="bad")
    li.delete("N1")
    (conflict,) = village.conflicts("N1")
    write = Change("delete", "note", named("N1"), named("C1"), reason="twice")

    result = zhao.pull().resolve(
        conflict, "other", write, chosen={"device": li.actor.device, "number": 1}
    )

    assert (result.status, village.record("N1").deleted) == ("applied", True)


def test_a_deletion_chosen_second_deletes_nothing(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.edit("N1", mood="bad")
    li.delete("N1")
    (conflict,) = village.conflicts("N1")
    zhao.pull()
    li.pull().resolve(conflict, "keep")
    write = Change("delete", "note", named("N1"), named("C1"), reason="twice")

    result = zhao.resolve(conflict, "other", write, chosen={"device": li.actor.device, "number": 1})

    assert (result.status, village.record("N1").deleted) == ("merged", False)


def test_a_parent_with_children_stays(village: Village, li: Person) -> None:
    li.create("valuation", "Z1", asset_id=named("A1"), worth=9)

    assert codes(li.delete("A1")) == ["has-children"]


def test_a_child_in_the_same_set_counts(village: Village, li: Person) -> None:
    child = creation("valuation", "Z1", "C1", asset_id=named("A1"), worth=9)
    gone = Change("delete", "asset", named("A1"), named("C1"), reason="sold")

    assert codes(li.send(child, gone)) == ["has-children"]


def test_a_child_brings_a_parent_deleted_unseen_back(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.delete("A1")

    result = li.create("valuation", "Z1", asset_id=named("A1"), worth=9)

    assert (result.status, village.record("A1").deleted) == ("conflict", False)
    (conflict,) = village.conflicts("A1")
    assert result.changes[0].conflicts == (conflict.id,)


def test_a_child_of_a_parent_seen_to_go(village: Village, li: Person, zhao: Person) -> None:
    zhao.delete("A1")

    result = li.pull().create("valuation", "Z1", asset_id=named("A1"), worth=9)

    assert codes(result) == ["unknown-record"]


# ------------------------------------------------------------------------------ the same id twice


def test_an_identical_second_create(village: Village, li: Person, zhao: Person) -> None:
    for person in (li, zhao):
        result = person.create("note", "N2", words="甲。")

    assert (result.status, result.changes[0].version) == ("applied", village.record("N2").version)
    assert village.record("N2").created_device == li.actor.device


def test_a_different_second_create_is_an_edit_of_all(
    village: Village, li: Person, zhao: Person
) -> None:
    li.create("note", "N2", words="甲。", mood="good")

    result = zhao.pull().create("note", "N2", words="乙。", mood="bad")

    assert result.status == "merged"
    assert (village.value("N2", "words"), village.value("N2", "mood")) == ("甲。乙。", "bad")


def test_a_second_customer_of_one_id_is_assigned_to_nobody_new(
    village: Village, li: Person, zhao: Person
) -> None:
    holders = village.record("C1").holders

    result = zhao.create("customer", "C1", "C1", name="Wang", phone="p0")

    assert (result.status, village.value("C1", "name")) == ("conflict", "Chen")
    assert village.record("C1").holders == holders


def test_a_second_list_adds_to_the_first(village: Village, li: Person, zhao: Person) -> None:
    village.office.edit("C1", tags={"add": ["b", "a"]})

    again = zhao.create("customer", "C1", "C1", tags=["a", "b"])
    more = zhao.create("customer", "C1", "C1", tags=["c"])

    assert [again.status, more.status] == ["applied", "merged"]
    assert village.value("C1", "tags") == ["a", "b", "c"]


def test_what_is_set_once_is_not_set_by_making_it_again(village: Village, li: Person) -> None:
    li.edit("C1", id_no="L")

    assert codes(li.pull().create("customer", "C1", "C1", id_no="M")) == ["not-permitted"]


def test_an_id_of_another_type(village: Village, li: Person) -> None:
    assert codes(li.create("asset", "N1", kind="ox")) == ["bad-change"]


def test_an_id_of_somebody_elses_record(village: Village, li: Person) -> None:
    village.office.create("note", "N9", "C2", words="甲。")

    assert codes(li.create("note", "N9", words="甲。")) == ["unknown-record"]


# --------------------------------------------------------------------- references and customers


def test_references_that_lead_nowhere(village: Village, li: Person) -> None:
    village.office.create("note", "N9", "C2", words="甲。")

    for target in ("N8", "N9", "A1"):
        assert codes(li.create("visit", f"to {target}", note_id=named(target))) == [
            "unknown-record"
        ]


def test_a_reference_to_a_record_earlier_in_the_same_push(village: Village, li: Person) -> None:
    li.create("note", "N2", words="乙。")
    assert li.create("visit", "V1", note_id=named("N2")).status == "applied"

    third = [creation("note", "N3", "C1"), creation("visit", "V2", "C1", note_id=named("N3"))]
    assert li.send(*third).status == "applied"


def test_a_reference_to_what_was_seen_to_go(village: Village, li: Person, zhao: Person) -> None:
    zhao.delete("N1")

    assert li.create("visit", "V1", note_id=named("N1")).status == "applied"
    assert codes(li.pull().create("visit", "V2", note_id=named("N1"))) == ["unknown-record"]


@pytest.mark.parametrize("target", ["C2", "nobody"])
def test_a_branch_wide_reference_tells_nothing(village: Village, li: Person, target: str) -> None:
    assert li.create("guarantee", "G1", guarantor_id=named(target)).status == "applied"


@pytest.mark.parametrize("customer", ["C2", "nobody"])
def test_a_foreign_customer_is_as_unknown_as_none(
    village: Village, li: Person, customer: str
) -> None:
    assert codes(li.create("note", "N5", customer, words="甲。")) == ["unknown-record"]


def test_what_depends_on_a_rejected_create(village: Village, li: Person) -> None:
    li.send(creation("note", "N5", "C1"), li.change("C1", limit=1))
    update = Change("update", "note", named("N5"), named("C1"), {"mood": "bad"})

    assert codes(li.send(update)) == ["depends-on-rejected"]
    assert codes(li.create("visit", "V5", note_id=named("N5"))) == ["depends-on-rejected"]
    assert li.edit("C1", phone="L").status == "applied"


def test_a_rejected_create_tells_nothing_of_a_foreign_record(village: Village, li: Person) -> None:
    village.office.create("note", "N5", "C2", words="甲。")
    li.send(creation("note", "N5", "C1"), li.change("C1", limit=1))
    update = Change("update", "note", named("N5"), named("C1"), {"mood": "bad"})

    assert codes(li.send(update)) == ["depends-on-rejected"]


def test_what_a_rejected_set_would_have_made_is_made_after_all(
    village: Village, li: Person
) -> None:
    li.send(creation("note", "N5", "C1"), li.change("C1", limit=1))

    assert li.create("note", "N5", words="甲。").status == "applied"
    assert li.edit("N5", over={"words": 2}, words="乙。").status == "applied"


def test_a_change_that_names_another_customer(village: Village, li: Person) -> None:
    village.register("C3", "li", name="Wu")
    wrong = Change("update", "note", named("N1"), named("C3"), {"mood": "bad"})

    assert codes(li.send(wrong)) == ["bad-change"]


def test_a_customer_belongs_to_whoever_registers_him(village: Village, li: Person) -> None:
    child = creation("note", "N7", "C7", words="甲。")

    assert li.send(creation("customer", "C7", "C7", name="Qian"), child).status == "applied"
    (holding,) = village.record("C7").holders
    assert (holding.user, holding.role, holding.ended) == (named("li"), "primary", None)


def test_a_supervisors_tablet_is_no_exception(village: Village) -> None:
    supervisor = village.tablet("wang", role="supervisor")

    supervisor.create("customer", "C7", "C7", name="Qian")

    assert village.record("C7").holds(named("wang"))
    assert supervisor.edit("C7", over={"name": 1}, name="Sun").status == "applied"


def test_a_change_of_nothing(village: Village, li: Person) -> None:
    version = village.record("N1").version

    result = li.edit("N1")

    assert (result.status, result.changes[0].version) == ("applied", version)


def test_create_only_records_are_not_edited(village: Village, li: Person) -> None:
    li.create("valuation", "Z1", asset_id=named("A1"), worth=9)

    assert codes(li.edit("Z1", worth=8)) == ["create-only"]
    assert codes(li.create("valuation", "Z1", asset_id=named("A1"), worth=8)) == ["create-only"]


# ---------------------------------------------------------------------------------- making one


def test_who_may_make_a_record_and_set_its_fields(village: Village, li: Person) -> None:
    auditor = village.tablet("zhao", role="auditor")

    assert codes(auditor.create("note", "N5", words="甲。")) == ["not-permitted"]
    assert codes(li.create("customer", "C7", "C7", limit=1)) == ["not-permitted"]


def test_a_new_record_is_valid_as_a_whole(village: Village, li: Person) -> None:
    assert codes(li.create("customer", "C7", "C7", start=5, end=3)) == ["invalid-value"]


def test_what_is_required_is_not_cleared(village: Village, li: Person) -> None:
    assert codes(li.edit("A1", kind=None)) == ["required"]


def test_what_the_server_fills_in(village: Village, li: Person) -> None:
    version = li.create("visit", "V1", kind="first").changes[0].version

    fields = village.record("V1").fields
    assert fields == {
        "maker": named("li"), "day": "2026-06-16", "paper": f"C{version:07d}", "kind": "first",
    }  # fmt: skip
    assert [it.sent for it in village.history("V1")[0].units.values()].count(None) == 3


def test_every_element_of_a_set_is_a_reference(village: Village, li: Person) -> None:
    known, unknown = named("N1"), named("N8")

    assert codes(li.create("visit", "V1", note_ids=[known, unknown])) == ["unknown-record"]
    li.create("visit", "V2", note_ids=[known])
    assert codes(li.edit("V2", note_ids={"add": [unknown]})) == ["unknown-record"]
    assert li.edit("V2", note_ids={"remove": [known, unknown]}).status == "applied"


def test_made_again_after_it_was_seen_to_go(village: Village, li: Person, zhao: Person) -> None:
    zhao.delete("N1")

    assert li.create("note", "N1", words="甲。").status == "conflict"
    village.web().delete("N1")
    assert codes(li.pull().create("note", "N1", words="甲。")) == ["unknown-record"]


# ----------------------------------------------------------------------------------- a first value


def test_a_value_that_is_given_as_none_is_none(village: Village, li: Person) -> None:
    assert li.create("note", "N9", words="甲。", mood=None).status == "applied"

    assert "mood" not in village.record("N9").fields
    assert village.history("N9")[0].units["mood"].sent is None


def test_a_reference_may_name_nothing(village: Village, li: Person) -> None:
    assert li.create("visit", "V9", note_id=None, note_ids=[]).status == "applied"


def test_a_new_customer_is_its_own(village: Village, li: Person) -> None:
    assert codes(li.create("customer", "C9", "C1", name="Wu")) == ["bad-change"]
