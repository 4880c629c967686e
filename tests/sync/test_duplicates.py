"""One person registered twice: the pair of conflicts, the merge, and what still names the absorbed id."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.messages import Change, SetResult
from sync.draft import Draft
from sync.duplicates import as_shown, customers, pair_of
from sync.ledger import RecordState
from tests.sync.village import TODAY, Person, Village, codes, creation, named

Json = Any
ID_NO = "999901197805120013"


class Twins:
    """li and zhao have registered the same person, unseen by each other: C3 and C4."""

    def __init__(self) -> None:
        self.village = Village()
        boss = {"name": "wang", "role": "supervisor", "unit_id": named("branch")}
        self.village.office.create("user", "wang", None, **boss)
        self.li = self.village.tablet("li")
        self.zhao = self.village.tablet("zhao")
        self.web = self.village.web()
        self.first = self.register(self.li, "C3", name="Wang", phone="p3")
        self.second = self.register(self.zhao, "C4", name="Wong", phone="p4", tags=["b"])
        self.li.pull()
        self.zhao.pull()

    def register(self, person: Person, customer: str, **fields: Json) -> SetResult:
        return person.create("customer", customer, customer, id_no=ID_NO, **fields)

    def sides(self, *customers: str) -> list[RecordState]:
        """Return the duplicates that are about some customers."""
        return [
            it
            for one in customers
            for it in self.village.conflicts(one)
            if it.fields["kind"] == "duplicate"
        ]

    def merge(self, survivor: str = "C3", side: str = "C4", by: Person | None = None) -> SetResult:
        conflict = next(it for it in self.sides(side) if it.fields["status"] == "open")
        return (by or self.web).resolve(conflict, "merge", survivor=named(survivor))

    def at(self, customer: str) -> RecordState:
        return self.village.record(customer)

    def moves(self, kind: str) -> set[tuple[str, str]]:
        return {(it.customer, it.user) for it in self.village.ledger.moves if it.kind == kind}


@pytest.fixture
def twins() -> Twins:
    return Twins()


# ----------------------------------------------------------------------------------------- found


def test_both_are_accepted_and_one_conflict_lies_under_each(twins: Twins) -> None:
    assert (twins.first.status, twins.second.status) == ("applied", "conflict")
    sides = twins.sides("C3", "C4")

    assert [it.customer for it in sides] == [named("C3"), named("C4")]
    assert {it.fields["status"] for it in sides} == {"open"}
    assert twins.second.changes[0].conflicts == (sides[1].id,)
    assert sides[1].fields["kept"]["value"] == {"customer": named("C4")}
    assert [it["value"] for it in sides[1].fields["others"]] == [{"customer": named("C3")}]
    assert sides[1].fields["others"][0]["by"] == named("li")


def test_the_second_of_one_set_is_found_as_well(twins: Twins) -> None:
    made = [
        creation("customer", it, it, name=it, id_no="999901198509230028") for it in ("C7", "C8")
    ]
    assert twins.li.send(*made).status == "conflict"
    assert len(twins.sides("C7", "C8")) == 2


def test_three_make_one_pair_for_each_two(twins: Twins) -> None:
    assert len(twins.register(twins.li, "C5", name="W").changes[0].conflicts) == 2
    assert [len(twins.sides(it)) for it in ("C3", "C4", "C5")] == [2, 2, 2]


@pytest.mark.parametrize(
    ("id_no", "status"), [(ID_NO, "conflict"), ("999901198509230028", "applied"), (None, "applied")]
)
def test_a_corrected_number_is_compared_too(twins: Twins, id_no: str | None, status: str) -> None:
    twins.village.register("C6", "li", name="W", id_no="999901199011040037")

    assert twins.web.edit("C6", id_no=id_no).status == status


def test_a_create_that_comes_again_opens_nothing_more(twins: Twins) -> None:
    twins.register(twins.zhao, "C4", name="Wong", phone="p4", tags=["b"])
    twins.zhao.edit("C4", phone="p5")

    assert len(twins.sides("C3", "C4")) == 2


def test_the_number_that_was_corrected_and_put_back_opens_nothing_more(twins: Twins) -> None:
    twins.web.edit("C4", id_no="999901198509230028")
    twins.web.edit("C4", id_no=ID_NO)

    assert len(twins.sides("C3", "C4")) == 2


# ----------------------------------------------------------------------------------------- decided


def test_they_differ_closes_both(twins: Twins) -> None:
    result = twins.web.resolve(twins.sides("C3")[0], "keep", comment="father and son")

    assert result.status == "applied"
    for side in twins.sides("C3", "C4"):
        assert side.fields["status"] == "resolved"
        assert side.fields["resolution"] == "keep"
        assert side.fields["comment"] == "father and son"
    assert not twins.at("C4").deleted


def test_both_open_again_together_but_not_after_a_merge(twins: Twins) -> None:
    twins.web.resolve(twins.sides("C3")[0], "keep")
    assert (
        twins.web.send(twins.web.settling(twins.sides("C4")[0], status="open")).status == "applied"
    )
    assert {it.fields["status"] for it in twins.sides("C3", "C4")} == {"open"}

    twins.merge()
    result = twins.web.send(twins.web.settling(twins.sides("C3")[0], status="open"))
    assert codes(result) == ["invalid-transition"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"resolution": "merge"}, "required"),
        ({"resolution": "merge", "survivor": named("C1")}, "invalid-value"),
        ({"resolution": "merge", "survivor": named("nobody")}, "invalid-value"),
        ({"resolution": "keep", "survivor": named("C3")}, "bad-change"),
        ({"resolution": "other"}, "invalid-value"),
        ({"resolution": "custom"}, "invalid-value"),
    ],
)
def test_what_is_no_decision_about_two_customers_is_refused(
    twins: Twins, said: Json, code: str
) -> None:
    change = twins.web.settling(twins.sides("C4")[0], status="resolved", **said)

    result = twins.web.send(change)

    assert codes(result) == [code]
    assert not twins.at("C4").deleted


@pytest.mark.parametrize("way", ["keep", "merge"])
def test_an_officer_does_not_decide(twins: Twins, way: str) -> None:
    said: dict[str, Json] = {"survivor": named("C4")} if way == "merge" else {}

    assert codes(twins.zhao.resolve(twins.sides("C4")[0], way, **said)) == ["not-permitted"]


@pytest.mark.parametrize("way", ["keep", "merge"])
def test_nor_does_a_supervisors_tablet_that_has_only_one_of_the_two(twins: Twins, way: str) -> None:
    twins.village.assign("C4", "wang", "inspector")
    tablet = twins.village.tablet("wang", role="supervisor")
    said: dict[str, Json] = {"survivor": named("C4")} if way == "merge" else {}

    assert codes(tablet.resolve(twins.sides("C4")[0], way, **said)) == ["unknown-record"]


def test_a_supervisors_tablet_that_has_both_does(twins: Twins) -> None:
    for customer in ("C3", "C4"):
        twins.village.assign(customer, "wang", "inspector")
    tablet = twins.village.tablet("wang", role="supervisor")

    assert twins.merge(by=tablet).status == "applied"


# ------------------------------------------------------------------------------------------ merged


def test_children_move_holds_end_and_the_id_becomes_an_alias(twins: Twins) -> None:
    twins.zhao.create("note", "N1", "C4", words="met him")
    twins.zhao.create("asset", "A1", "C4", kind="cow")
    twins.zhao.create("valuation", "V1", "C4", asset_id=named("A1"), worth=1)
    head = twins.village.ledger.head

    assert twins.merge().status == "applied"

    gone, stays = twins.at("C4"), twins.at("C3")
    assert (gone.alias, gone.deleted, gone.customer) == (stays.id, True, gone.id)
    for child in ("N1", "A1", "V1"):
        assert twins.at(child).customer == stays.id
        assert twins.at(child).version > head
    assert gone.users() == []
    assert stays.users() == [named("li")]
    assert (named("C4"), named("zhao")) in twins.moves("left")
    assert {it.fields["status"] for it in twins.sides("C3", "C4")} == {"resolved"}
    assert {it.fields["survivor"] for it in twins.sides("C3", "C4")} == {stays.id}
    assert {it.customer for it in twins.sides("C3")} == {stays.id}


def test_every_record_that_moves_has_a_place_in_the_log_of_its_own(twins: Twins) -> None:
    for name in ("N1", "N2"):
        twins.zhao.create("note", name, "C4", words=name)
    twins.merge()
    moved = [it for it in twins.village.ledger.written if it.op == "move"]

    assert len({it.position for it in moved}) == len(moved)
    assert {named("N1"), named("N2")} <= {it.record for it in moved}
    assert {(it.note, it.customer) for it in moved} == {(named("C4"), named("C3"))}


def test_a_tombstone_moves_and_stays_one(twins: Twins) -> None:
    twins.zhao.create("note", "N1", "C4", words="met him")
    twins.zhao.delete("N1")
    twins.merge()

    assert twins.at("N1").deleted
    assert twins.at("N1").customer == named("C3")


def test_the_survivors_fields_stand_and_those_of_the_other_are_kept(twins: Twins) -> None:
    twins.merge()

    assert twins.village.value("C3", "phone") == "p3"
    assert twins.at("C4").fields["phone"] == "p4"


def test_a_supervisor_takes_fields_over_in_the_same_set(twins: Twins) -> None:
    write = twins.web.change("C3", phone="p4")
    conflict = twins.sides("C3")[0]

    assert twins.web.resolve(conflict, "merge", write, survivor=named("C3")).status == "applied"
    assert twins.village.value("C3", "phone") == "p4"


def test_what_names_the_absorbed_customer_names_the_survivor(twins: Twins) -> None:
    twins.web.edit("C4", name="Z")
    twins.zhao.put("C4", "name", "L")
    clash = twins.village.conflicts("C4", "name")[0]
    twins.merge()

    moved = twins.village.ledger.records[clash.id]
    assert (moved.customer, moved.fields["record"]) == (named("C3"), named("C3"))
    assert twins.village.conflicts("C3", "name")[0].id == clash.id


def test_two_supervisors_in_both_directions_the_first_one_stands(twins: Twins) -> None:
    other = twins.village.web("boss")
    seen = twins.village.ledger.head
    one, two = twins.sides("C3")[0], twins.sides("C4")[0]
    assert twins.web.resolve(one, "merge", survivor=named("C3")).status == "applied"
    two = twins.village.ledger.records[two.id]
    late = other.send(
        Change(
            "update", "conflict", two.id, named("C4"),
            {"status": "resolved", "resolution": "merge", "survivor": named("C4")},
        ),
        base=seen,
    )  # fmt: skip

    assert late.status == "merged"
    assert twins.at("C4").alias == named("C3")
    assert twins.at("C3").alias is None
    assert not twins.at("C3").deleted


def test_merging_twice_changes_nothing_more(twins: Twins) -> None:
    twins.merge()
    before = {key: it.copy() for key, it in twins.village.ledger.records.items()}
    side = twins.sides("C3")[0]

    assert twins.web.resolve(side, "merge", survivor=named("C3")).status == "merged"
    assert {key: it.copy() for key, it in twins.village.ledger.records.items()} == before


def test_a_chain_leads_to_the_last_survivor_in_one_step(twins: Twins) -> None:
    twins.register(twins.li, "C5", name="W")
    twins.zhao.create("note", "N1", "C4", words="met him")
    twins.merge("C3", "C4")
    pair = next(it for it in twins.sides("C5") if it.fields["status"] == "open")
    assert twins.web.resolve(pair, "merge", survivor=named("C5")).status == "applied"

    assert twins.at("C4").alias == twins.at("C3").alias == named("C5")
    assert twins.at("N1").customer == named("C5")
    assert {it.fields["status"] for it in twins.sides("C3", "C4", "C5")} == {"resolved"}


def test_a_third_ones_second_pair_closes_with_the_merge(twins: Twins) -> None:
    twins.register(twins.li, "C5", name="W")
    twins.merge("C3", "C4")

    open_sides = [it for it in twins.sides("C3", "C5") if it.fields["status"] == "open"]
    assert sorted(it.customer or "" for it in open_sides) == sorted([named("C3"), named("C5")])


# ------------------------------------------------------------------------- sets that name the alias


def via(op: str, record: str, kind: str = "customer", /, **fields: Json) -> Change:
    """Return a change that names the absorbed customer C4."""
    return Change(op, kind, named(record), named("C4"), fields)  # type: ignore[arg-type]


@pytest.fixture
def merged(twins: Twins) -> Twins:
    """C4 was merged into C3, unseen by the tablets; zhao looks after both."""
    twins.village.assign("C3", "zhao", "cover")
    twins.zhao.create("note", "N1", "C4", words="met him")
    twins.zhao.pull()
    twins.merge()
    return twins


@pytest.mark.parametrize(
    ("path", "value", "status", "stands"),
    [
        ("name", "Wu", "conflict", "Wang"),
        ("phone", "p9", "merged", "p9"),
        ("remark", "at home", "merged", "at home"),
        ("months", None, "merged", None),
    ],
)
def test_it_is_applied_to_the_survivor_whose_every_field_changed_unseen(
    merged: Twins, path: str, value: Json, status: str, stands: Json
) -> None:
    fields = {"amount": None, "months": None} if path == "months" else {path: value}

    result = merged.zhao.send(via("update", "C4", **fields))

    assert result.status == status
    assert result.changes[0].id == named("C4")
    assert merged.village.value("C3", path) == stands


def test_the_ancestor_is_the_absorbed_records_value(merged: Twins) -> None:
    merged.zhao.send(via("update", "C4", name="Wu"))
    fields = merged.village.conflicts("C3", "name")[0].fields

    assert (fields["base_value"], fields["kept"]["value"]) == ("Wong", "Wang")
    assert [it["value"] for it in fields["others"]] == ["Wu"]
    assert fields["kept"]["by"] == named("li")


def test_an_equal_value_counts_as_changed_unseen_too(twins: Twins) -> None:
    twins.village.assign("C3", "zhao", "cover")
    twins.web.edit("C4", name="Wang")
    twins.zhao.pull()
    twins.merge()

    assert twins.zhao.send(via("update", "C4", name="Wu")).status == "conflict"


def test_a_value_that_is_the_survivors_is_no_conflict(merged: Twins) -> None:
    assert merged.zhao.send(via("update", "C4", name="Wang")).status == "merged"


def test_an_edit_made_before_the_merge_does_not_outlast_it_by_the_clock(merged: Twins) -> None:
    result = merged.zhao.send(via("update", "C4", phone="p9"), minute=0)

    assert result.status == "merged"
    assert merged.village.value("C3", "phone") == "p3"


def test_a_text_merges_over_the_absorbed_ones(twins: Twins) -> None:
    twins.village.assign("C3", "zhao", "cover")
    twins.web.edit("C3", remark="At home.\nHas a dog.")
    twins.web.edit("C4", remark="At home.")
    twins.zhao.pull()
    twins.merge()

    result = twins.zhao.send(via("update", "C4", remark="At home.\nRings twice."))

    assert result.status == "merged"
    assert set(twins.village.value("C3", "remark").splitlines()) == {
        "At home.", "Has a dog.", "Rings twice.",
    }  # fmt: skip


def test_a_removed_element_that_the_survivor_has_stays(twins: Twins) -> None:
    twins.village.assign("C3", "zhao", "cover")
    twins.web.put("C3", "tags", {"add": ["b", "c"]})
    twins.zhao.pull()
    twins.merge()

    result = twins.zhao.send(via("update", "C4", tags={"add": ["d"], "remove": ["b"]}))

    assert result.status == "merged"
    assert twins.village.value("C3", "tags") == ["b", "c", "d"]


def test_an_edit_that_saw_the_merge_is_an_ordinary_one_of_the_survivor(merged: Twins) -> None:
    merged.zhao.pull()

    assert merged.zhao.send(via("update", "C4", name="Wu")).status == "merged"
    assert merged.village.value("C3", "name") == "Wu"


def test_children_are_made_edited_and_deleted_under_the_survivor(merged: Twins) -> None:
    zhao = merged.zhao
    made = zhao.send(via("create", "N2", "note", words="new"))
    edited = zhao.send(via("update", "N1", "note", words="met him twice"))
    removed = zhao.send(Change("delete", "note", named("N1"), named("C4"), reason="twice"))

    assert [it.status for it in (made, edited, removed)] == ["merged"] * 3
    assert merged.at("N2").customer == named("C3")
    assert merged.at("N1").fields["words"] == "met him twice"
    assert merged.at("N1").deleted


def test_over_goes_on_through_the_merge(twins: Twins) -> None:
    twins.village.assign("C3", "zhao", "cover")
    twins.zhao.pull()
    first = twins.zhao.put("C4", "name", "Wu")
    twins.merge()

    second = twins.zhao.send(
        Change("update", "customer", named("C4"), named("C4"), {"name": "Woo"}, {"name": 2})
    )

    assert (first.status, second.status) == ("applied", "conflict")
    assert twins.village.conflicts("C3", "name")[0].fields["base_value"] == "Wu"
    third = twins.zhao.send(
        Change("update", "customer", named("C4"), named("C4"), {"name": "Wuu"}, {"name": 3})
    )
    assert third.status == "conflict"
    assert len(twins.village.conflicts("C3", "name")) == 1


def test_over_may_name_a_set_that_named_the_absorbed_customer(merged: Twins) -> None:
    zhao = merged.zhao
    zhao.send(via("update", "C4", phone="p8"))
    first = zhao.number

    over_it = zhao.edit("C3", over={"phone": first}, phone="p9")
    over_old = zhao.edit("C3", over={"phone": first}, phone="p7")
    over_none = zhao.edit("C3", over={"name": first}, name="N")

    assert over_it.status in ("applied", "merged")
    assert codes(over_old) == ["bad-change"]
    assert codes(over_none) == ["bad-change"]
    assert merged.village.value("C3", "phone") == "p9"


def test_nobody_is_merged_with_who_was_deleted(twins: Twins) -> None:
    assert twins.village.office.delete("C4").status == "applied"
    change = twins.web.settling(
        twins.sides("C3")[0], status="resolved", resolution="merge", survivor=named("C3")
    )

    assert codes(twins.web.send(change)) == ["invalid-value"]
    assert twins.web.resolve(twins.sides("C3")[0], "keep").status == "applied"


def test_who_was_deleted_is_no_duplicate(twins: Twins) -> None:
    for customer in ("C3", "C4"):
        twins.village.office.delete(customer)

    assert twins.register(twins.li, "C5", name="W").status == "applied"


def test_a_reference_to_the_absorbed_customer_means_the_survivor(merged: Twins) -> None:
    wish = {"officer_id": named("wu"), "customer_id": named("C4"), "role": "primary"}
    result = merged.web.create("assignment", "stale", None, valid_from="2026-06-16", **wish)

    assert result.status == "merged"
    assert merged.village.value("stale", "customer_id") == named("C3")
    assert named("wu") in merged.at("C3").users()


def test_an_old_assignment_of_the_absorbed_customer_gives_nobody_the_survivor(
    merged: Twins,
) -> None:
    old = next(it.assignment for it in merged.at("C4").holders if it.user == named("zhao"))
    merged.web.send(Change("update", "assignment", old, None, {"valid_to": "2027-01-01"}))

    assert merged.at("C4").users() == []


def test_the_same_customer_registered_again_by_a_second_device_is_an_edit(merged: Twins) -> None:
    change = creation("customer", "C4", "C4", id_no=ID_NO, name="Wong", phone="p4")
    again = merged.village.tablet("zhao", "second").send(change, base=0)

    assert again.status in ("merged", "conflict")
    assert merged.village.value("C3", "name") == "Wang"
    assert merged.at("C4").alias == named("C3")


# ------------------------------------------------------------------- without scope of the survivor


@pytest.fixture
def away(twins: Twins) -> Twins:
    """C4 was merged into C3, which is not zhao's."""
    twins.zhao.create("note", "N1", "C4", words="met him")
    twins.web.create("note", "N3", "C3", words="li's own")
    twins.zhao.pull()
    twins.merge()
    return twins


def test_new_work_for_the_absorbed_customer_counts_as_late(away: Twins) -> None:
    result = away.zhao.send(via("create", "N2", "note", words="new"))

    assert result.status == "merged"
    assert away.at("N2").customer == named("C3")


def test_an_edit_becomes_a_late_conflict_under_the_survivor(away: Twins) -> None:
    result = away.zhao.send(via("update", "C4", phone="p9"))
    late = [it for it in away.village.conflicts("C3") if it.fields["kind"] == "late"]

    assert result.status == "conflict"
    assert [it.customer for it in late] == [named("C3")]
    assert late[0].fields["others"][0]["value"] == {"phone": "p9"}
    assert away.village.value("C3", "phone") == "p3"


def test_an_edit_of_a_record_that_is_the_senders_alone_is_stored(away: Twins) -> None:
    result = away.zhao.send(via("update", "N1", "note", words="met him twice"))

    assert result.status == "merged"
    assert away.at("N1").fields["words"] == "met him twice"


@pytest.mark.parametrize(
    "change",
    [
        via("update", "N3", "note", words="stolen"),
        via("update", "C3", phone="stolen"),
        via("create", "V9", "visit", note_id=named("N3")),
        via("create", "V9", "visit", note_id=named("C3")),
        Change("update", "customer", named("C3"), named("C3"), {"phone": "stolen"}),
    ],
    ids=["a child", "the survivor", "in a reference", "the survivor in one", "by its own id"],
)
def test_what_was_the_survivors_alone_is_not_reached_by_guessing(
    away: Twins, change: Change
) -> None:
    assert codes(away.zhao.send(change)) == ["unknown-record"]


def test_work_made_after_the_merge_was_seen_is_out_of_scope(away: Twins) -> None:
    away.zhao.pull()

    assert codes(away.zhao.send(via("create", "N2", "note", words="new"))) == ["out-of-scope"]


def test_who_never_had_either_learns_nothing(away: Twins) -> None:
    wu = away.village.tablet("wu")

    assert codes(wu.send(via("update", "C4", phone="p9"))) == ["unknown-record"]
    assert codes(wu.edit("C3", phone="p9")) == ["unknown-record"]


def test_late_work_through_a_chain_reaches_the_last_survivor(away: Twins) -> None:
    away.register(away.li, "C5", name="W")
    pair = next(it for it in away.sides("C5") if it.fields["status"] == "open")
    away.web.resolve(pair, "merge", survivor=named("C5"))

    made = away.zhao.send(via("create", "N2", "note", words="new"))
    edited = away.zhao.send(via("update", "N1", "note", words="met him twice"))

    assert (made.status, edited.status) == ("merged", "merged")
    assert {away.at(it).customer for it in ("N1", "N2")} == {named("C5")}


def test_a_resolution_that_had_not_seen_the_merge_closes_nothing(twins: Twins) -> None:
    twins.village.assign("C3", "zhao", "cover")
    twins.web.edit("C4", name="Z")
    twins.zhao.put("C4", "name", "L")
    clash = twins.village.conflicts("C4", "name")[0]
    twins.zhao.pull()
    twins.merge()
    settle = Change(
        "update", "conflict", clash.id, named("C4"),
        {"status": "resolved", "resolution": "other",
         "chosen": {"device": twins.zhao.actor.device, "number": 2}},
    )  # fmt: skip

    result = twins.zhao.send(settle, via("update", "C4", name="L"))

    assert result.status == "conflict"
    assert twins.village.ledger.records[clash.id].fields["status"] == "open"
    assert twins.village.value("C3", "name") == "Wang"


def test_nobody_wrote_what_the_survivor_never_had(twins: Twins) -> None:
    twins.zhao.edit("C4", income=5)
    twins.village.assign("C3", "zhao", "cover")
    twins.zhao.pull()
    twins.merge()

    twins.zhao.send(via("update", "C4", income=6))

    kept = twins.village.conflicts("C3", "income")[0].fields["kept"]
    assert (kept["value"], kept["by"]) == (None, None)


# ------------------------------------------------------------------------------- what is left over


def test_a_supervisors_tablet_that_has_only_one_of_the_two_does_not_open_again(
    twins: Twins,
) -> None:
    twins.web.resolve(twins.sides("C3")[0], "keep")
    twins.village.assign("C4", "wang", "inspector")
    tablet = twins.village.tablet("wang", role="supervisor")

    result = tablet.send(tablet.settling(twins.sides("C4")[0], status="open"))

    assert codes(result) == ["unknown-record"]
    assert {it.fields["status"] for it in twins.sides("C3", "C4")} == {"resolved"}


def test_a_list_of_customers_names_the_survivor_once(merged: Twins) -> None:
    merged.village.office.create("guarantee", "G1", "C1", circle_ids=[named("C1"), named("C2")])
    li = merged.village.tablet("li")
    li.base = merged.zhao.base

    result = li.put("G1", "circle_ids", {"add": [named("C3"), named("C4")]})

    assert result.status == "merged"
    circle = merged.village.value("G1", "circle_ids")
    assert sorted(circle) == sorted(map(named, ("C1", "C2", "C3")))


def test_a_stored_list_of_customers_names_the_survivor_after_the_merge(twins: Twins) -> None:
    both = [named("C3"), named("C4")]
    twins.zhao.create("guarantee", "G1", "C4", circle_ids=both)

    twins.merge()

    assert twins.village.value("G1", "circle_ids") == [named("C3")]


def test_a_third_whom_the_survivor_had_nothing_with_is_still_to_be_settled(twins: Twins) -> None:
    twins.web.edit("C3", id_no="999901198509230028")
    twins.register(twins.li, "C5", name="W")
    assert {it.fields["status"] for it in twins.sides("C5")} == {"open"}

    pair = next(it for it in twins.sides("C4") if set(customers(it)) == {named("C3"), named("C4")})
    assert twins.web.resolve(pair, "merge", survivor=named("C3")).status == "applied"

    (left,) = [it for it in twins.sides("C5") if it.fields["status"] == "open"]
    assert {it.id for it in pair_of(Draft(twins.village.ledger), left)} == {
        named("C3"),
        named("C5"),
    }


def test_a_hold_that_had_ended_before_the_merge_is_left_alone(twins: Twins) -> None:
    twins.village.assign("C4", "li", "cover")
    twins.village.take_away("C4", "li")
    ended = {it.assignment: it.ended for it in twins.at("C4").holders if it.user == named("li")}

    twins.merge()

    holders = twins.at("C4").holders
    assert {it.assignment: it.ended for it in holders if it.user == named("li")} == ended
    (zhaos,) = [it.assignment for it in holders if it.user == named("zhao")]
    assert twins.village.ledger.records[zhaos].fields["valid_to"] == TODAY
    assert twins.at("C4").users() == []


def test_what_both_had_cleared_before_the_merge_is_no_change_unseen(twins: Twins) -> None:
    for customer, person in (("C3", twins.li), ("C4", twins.zhao)):
        person.put(customer, "remark", "at home")
        person.pull().put(customer, "remark", None)
        assert twins.village.value(customer, "remark") is None
    twins.village.assign("C3", "zhao", "cover")
    twins.zhao.pull()
    twins.merge()

    result = twins.zhao.send(via("update", "C4", remark=None))

    assert result.status == "merged", "it named the absorbed one"
    assert twins.village.value("C3", "remark") is None
    assert twins.village.conflicts("C3", "remark") == []


def test_a_device_sees_that_there_are_two_and_not_which() -> None:
    entry = {"value": {"customer": named("C4")}, "by": named("zhao"), "number": 1}
    whole = {"kind": "duplicate", "kept": entry, "others": [entry], "status": "open"}
    hidden = {**entry, "value": None}

    assert as_shown(whole, whole) == {**whole, "kept": hidden, "others": [hidden]}
    assert as_shown({"status": "resolved"}, whole) == {"status": "resolved"}
    another = {**whole, "kind": "field"}
    assert as_shown(another, another) == another
