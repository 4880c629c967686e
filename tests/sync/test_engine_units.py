"""Groups are decided as one unit; the leaves of a keyed map come back together (section 4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.village import Village, codes, shown

Json = Any


@pytest.fixture
def village() -> Village:
    made = Village()
    made.office.edit("C1", amount=100, months=12, start=1, end=9)
    made.office.create("visit", "V1", answers__F01__value="no", answers__F01__note="甲。")
    return made


# ---------------------------------------------------------------------------------------- groups


def test_a_group_is_one_value_in_a_conflict(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", amount=200, months=12)

    result = li.edit("C1", amount=100, months=6)

    assert result.status == "conflict"
    assert shown(village.conflicts("C1", "terms")[0]) == (
        {"amount": 100, "months": 12}, {"amount": 200, "months": 12},
        [{"amount": 100, "months": 6}], "open",
    )  # fmt: skip
    assert (village.value("C1", "amount"), village.value("C1", "months")) == (200, 12)


def test_a_group_is_settled_by_choosing_one_of_its_values(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", amount=200, months=12)
    li.edit("C1", amount=100, months=6)
    conflict = village.conflicts("C1", "terms")[0]
    chosen = {"device": li.actor.device, "number": 1}
    write = zhao.pull().change("C1", amount=100, months=6)

    result = zhao.resolve(conflict, "other", write, chosen=chosen)

    assert result.status == "applied"
    assert (village.value("C1", "amount"), village.value("C1", "months")) == (100, 6)


def test_other_fields_of_a_set_with_a_conflict_are_stored(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", amount=200, months=12)

    assert li.edit("C1", amount=1, months=1, name="L").status == "conflict"
    assert village.value("C1", "name") == "L"


# ----------------------------------------------------------------------------------- keyed maps

REMOVAL: dict[str, Any] = {"answers__F01__value": None, "answers__F01__note": None}


def answers(village: Village) -> dict[str, Json]:
    fields = village.record("V1").fields
    return {path: value for path, value in fields.items() if path.startswith("answers.")}


@pytest.mark.parametrize("leaf", ["answers__F01__value", "answers__F01__note"])
@pytest.mark.parametrize("order", ["removal first", "edit first"])
@pytest.mark.parametrize("word", ["yes", "the same"])
def test_a_removed_key_comes_back_where_a_colleague_sets_a_leaf(
    village: Village, order: str, leaf: str, word: str
) -> None:
    path = leaf.replace("__", ".")
    value = answers(village)[path] if word == "the same" else "yes。"
    wanted = {**answers(village), path: value}
    edits = [(village.tablet("li"), REMOVAL), (village.tablet("zhao"), {leaf: value})]
    for person, fields in edits if order == "removal first" else reversed(edits):
        result = person.send(person.change("V1", **fields))

    assert (result.status, answers(village)) == ("merged", wanted)
    assert village.all_conflicts() == []


def test_a_new_leaf_brings_a_removed_key_back(village: Village) -> None:
    village.office.edit("V1", answers__F01__note=None)
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", answers__F01__note="新。")

    assert li.edit("V1", answers__F01__value=None).status == "merged"
    assert answers(village) == {"answers.F01.value": "no", "answers.F01.note": "新。"}


def test_a_key_that_nobody_touched_is_removed(village: Village) -> None:
    assert village.tablet("li").edit("V1", **REMOVAL).status == "applied"
    assert answers(village) == {}


def test_ones_own_removal_is_not_undone(village: Village) -> None:
    li = village.tablet("li")
    li.edit("V1", answers__F01__value="yes")

    assert li.edit("V1", over={"answers.F01.value": 1}, **REMOVAL).status == "applied"
    assert answers(village) == {}


def test_two_removals_of_a_key_are_one(village: Village) -> None:
    village.tablet("zhao", "other").edit("V1", **REMOVAL)

    assert village.tablet("li").pull().edit("V1", **REMOVAL).status == "applied"
    assert answers(village) == {}


def test_clearing_one_of_two_leaves_removes_no_key(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", answers__F01__value="yes")

    result = li.edit("V1", answers__F01__note=None)

    assert (result.status, answers(village)) == ("merged", {"answers.F01.value": "yes"})


def test_two_keys_are_two_things(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", answers__F02__value="yes")

    assert li.edit("V1", **REMOVAL).status == "merged"
    assert answers(village) == {"answers.F02.value": "yes"}


# ----------------------------------------------------------------------------- valid as a whole


def test_two_good_edits_that_make_a_bad_record(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", end=3)

    result = li.edit("C1", start=5, name="L")

    assert result.status == "conflict"
    assert (village.value("C1", "start"), village.value("C1", "name")) == (1, "Chen")
    (conflict,) = village.conflicts("C1")
    assert conflict.fields["kind"] == "invalid"
    assert shown(conflict)[1:] == (
        {"start": 1, "name": "Chen"},
        [{"start": 5, "name": "L"}],
        "open",
    )


def test_an_edit_that_is_bad_in_its_own_view_is_rejected(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", name="Z")

    assert codes(li.edit("C1", start=10)) == ["invalid-value"]
    assert village.all_conflicts() == []


def test_an_edit_that_is_bad_over_ones_own_pending_one_is_rejected(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    li.edit("C1", end=3)
    zhao.edit("C1", name="Z")

    assert codes(li.edit("C1", start=5)) == ["invalid-value"]


def test_each_invalid_change_has_a_conflict_of_its_own(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", end=3)
    li.edit("C1", start=5)

    li.edit("C1", start=6)

    assert [shown(it)[2] for it in village.conflicts("C1")] == [[{"start": 5}], [{"start": 6}]]


def test_of_a_key_that_was_removed_twice_meanwhile_comes_back_what_stood_last(
    village: Village,
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", **REMOVAL)
    zhao.pull().edit("V1", answers__F01__value="yes")
    zhao.pull().edit("V1", answers__F01__value=None)

    result = li.edit("V1", answers__F01__note="乙。")

    assert result.status == "merged"
    assert answers(village) == {"answers.F01.value": "yes", "answers.F01.note": "乙。"}


def test_an_edit_of_another_key_has_no_part_in_it(village: Village) -> None:
    village.office.edit("V1", answers__F02__value="no")
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", answers__F01__value="yes")
    zhao.edit("V1", answers__F02__value="yes")

    assert li.edit("V1", **REMOVAL).status == "merged"
    assert answers(village)["answers.F01.value"] == "yes"


def test_a_leaf_that_was_answered_and_removed_meanwhile_is_what_it_was_before_that(
    village: Village,
) -> None:
    village.office.edit("V1", **REMOVAL)
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", answers__F01__value="yes")
    zhao.edit("V1", over={"answers.F01.value": 1}, answers__F01__value=None)

    assert li.edit("V1", answers__F01__note="乙。").status == "merged"
    assert answers(village) == {"answers.F01.value": "yes", "answers.F01.note": "乙。"}


def test_a_leaf_that_this_device_removed_itself_does_not_come_back(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    before = li.base
    zhao.edit("V1", **REMOVAL)
    zhao.pull().edit("V1", answers__F01__value="yes")
    li.pull().edit("V1", answers__F01__value=None)

    li.edit("V1", base=before, answers__F01__note="乙。")

    assert "answers.F01.value" not in answers(village)


def test_an_answer_over_ones_own_removal_of_a_colleagues_answer_is_for_people(
    village: Village,
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    before = li.base
    zhao.edit("V1", **REMOVAL)
    zhao.pull().edit("V1", answers__F01__value="yes")
    li.pull().edit("V1", answers__F01__value=None)

    result = li.edit("V1", base=before, answers__F01__value="maybe")

    assert result.status == "conflict"
    assert answers(village) == {"answers.F01.note": "甲。"}


def test_each_of_two_removed_keys_comes_back(village: Village) -> None:
    village.office.edit("V1", answers__F02__value="no")
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", answers__F02__value=None, **REMOVAL)

    li.edit("V1", answers__F01__note="乙。", answers__F02__note="丁。")

    assert answers(village) == {
        "answers.F01.value": "no", "answers.F01.note": "乙。",
        "answers.F02.value": "no", "answers.F02.note": "丁。",
    }  # fmt: skip


def test_a_leaf_of_a_removed_key_that_was_set_again_is_not_brought_back_twice(
    village: Village,
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", **REMOVAL)
    village.office.edit("V1", answers__F01__value="yes")
    zhao.pull().edit("V1", answers__F01__value=None)
    li.pull()
    zhao.edit("V1", answers__F01__note="丁。")
    zhao.edit("V1", answers__F01__note=None)

    assert li.edit("V1", answers__F01__value="no").status == "merged"
    assert answers(village) == {"answers.F01.value": "no", "answers.F01.note": "丁。"}


def test_a_key_that_was_removed_and_answered_again_meanwhile_is_a_key_like_any(
    village: Village,
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("V1", **REMOVAL)
    zhao.pull().edit("V1", answers__F01__value="yes", answers__F01__note="乙。")

    result = li.edit("V1", answers__F01__value="maybe")

    assert result.status == "conflict"
    assert answers(village) == {"answers.F01.value": "yes", "answers.F01.note": "乙。"}
