"""Every merge policy in every situation of section 3: what stands, and what people must see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from schemas.messages import SetResult
from tests.sync.village import Person, Village, codes, shown

Json = Any
Expected = tuple[str, Json, list[Json]]

FIELDS: Mapping[str, tuple[Json, Json, Json, Json]] = {
    # field: what stood, what zhao writes, what li writes, what li writes over that
    "name": ("Chen", "Z", "L", "M"),
    "phone": ("p0", "Z", "L", "M"),
    "grade": ("B", "Z", "L", "M"),
    "id_no": (None, "Z", "L", "M"),
    "remark": ("甲。乙。", "甲。乙乙。", "甲甲。乙。", "甲甲。乙。丙。"),
    "visits": (3, 5, 4, 6),
    "tags": (["a"], {"add": ["z"]}, {"add": ["l"]}, {"add": ["m"], "remove": ["l"]}),
}


@pytest.fixture
def village() -> Village:
    made = Village()
    start = {name: held for name, (held, *_) in FIELDS.items() if held is not None}
    made.office.edit("C1", **{**start, "tags": {"add": ["a"]}})
    return made


def outcome(village: Village, result: SetResult, field: str) -> Expected:
    """Return the set's status, what stands, and the values that wait in open conflicts."""
    open_ones = [it for it in village.conflicts("C1", field) if it.fields["status"] == "open"]
    waiting = [one for it in open_ones for one in shown(it)[2]]
    return result.status, village.value("C1", field), waiting


def table(expected: Mapping[str, Expected]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("field", "wanted"), expected.items(), ids=lambda it: it if isinstance(it, str) else ""
    )


@table(
    {
        "name": ("applied", "L", []),
        "phone": ("applied", "L", []),
        "grade": ("applied", "L", []),
        "id_no": ("applied", "L", []),
        "remark": ("applied", "甲甲。乙。", []),
        "visits": ("applied", 4, []),
        "tags": ("applied", ["a", "l"], []),
    }
)
def test_a_fresh_edit_is_applied(village: Village, field: str, wanted: Expected) -> None:
    result = village.tablet("li").put("C1", field, FIELDS[field][2])

    assert outcome(village, result, field) == wanted


@table(
    {
        "name": ("conflict", "Z", ["L"]),
        "phone": ("merged", "L", []),
        "grade": ("conflict", "Z", ["L"]),
        "id_no": ("conflict", "Z", ["L"]),
        "remark": ("merged", "甲甲。乙乙。", []),
        "visits": ("merged", 5, []),
        "tags": ("merged", ["a", "l", "z"], []),
    }
)
def test_an_edit_meets_one_that_it_had_not_seen(
    village: Village, field: str, wanted: Expected
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.put("C1", field, FIELDS[field][1])

    result = li.put("C1", field, FIELDS[field][2])

    assert outcome(village, result, field) == wanted


@table(
    {
        "name": ("applied", "M", []),
        "phone": ("applied", "M", []),
        "grade": ("applied", "M", []),
        "remark": ("merged", "甲甲。乙。丙。", []),
        "visits": ("applied", 6, []),
        "tags": ("applied", ["a", "m"], []),
    }
)
def test_a_form_of_ones_own_that_had_not_seen_the_first_edit(
    village: Village, field: str, wanted: Expected
) -> None:
    li = village.tablet("li")
    li.put("C1", field, FIELDS[field][2])
    second = "甲。乙。丙。" if field == "remark" else FIELDS[field][3]

    result = li.put("C1", field, second)

    assert outcome(village, result, field) == wanted


def test_a_second_first_value_that_is_not_over_the_own_one_is_for_the_supervisor(
    village: Village,
) -> None:
    li = village.tablet("li")
    li.edit("C1", id_no="L")

    assert codes(li.pull().edit("C1", id_no="M")) == ["not-permitted"]
    assert village.value("C1", "id_no") == "L"


@table(
    {
        "name": ("applied", "M", []),
        "phone": ("applied", "M", []),
        "grade": ("applied", "M", []),
        "id_no": ("applied", "M", []),
        "remark": ("applied", "甲甲。乙。丙。", []),
        "visits": ("applied", 6, []),
        "tags": ("applied", ["a", "m"], []),
    }
)
def test_an_edit_over_the_own_pending_one(village: Village, field: str, wanted: Expected) -> None:
    li = village.tablet("li")
    li.put("C1", field, FIELDS[field][2])

    result = li.put("C1", field, FIELDS[field][3], {field: 1})

    assert outcome(village, result, field) == wanted


@table(
    {
        "name": ("conflict", "Z", ["M"]),
        "phone": ("merged", "M", []),
        "grade": ("conflict", "Z", ["M"]),
        "remark": ("merged", "甲甲。乙乙。丙。", []),
        "visits": ("merged", 6, []),
        "tags": ("merged", ["a", "m", "z"], []),
    }
)
def test_a_colleague_wrote_between_the_pending_edit_and_the_one_over_it(
    village: Village, field: str, wanted: Expected
) -> None:
    li = village.tablet("li")
    li.put("C1", field, FIELDS[field][2])
    theirs = "甲甲。乙乙。" if field == "remark" else FIELDS[field][1]
    village.tablet("zhao").put("C1", field, theirs)

    result = li.put("C1", field, FIELDS[field][3], {field: 1})

    assert outcome(village, result, field) == wanted


@table(
    {
        "name": ("conflict", "Z", ["M"]),
        "phone": ("merged", "M", []),
        "grade": ("conflict", "Z", ["M"]),
        "id_no": ("conflict", "Z", ["M"]),
        "remark": ("merged", "甲甲。乙乙。丙。", []),
        "visits": ("merged", 6, []),
        "tags": ("merged", ["a", "m", "z"], []),
    }
)
def test_an_edit_over_a_rejected_one_has_that_ones_base(
    village: Village, field: str, wanted: Expected
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.put("C1", field, FIELDS[field][1])
    li.refused(**{field: FIELDS[field][2]})

    result = li.pull().put("C1", field, FIELDS[field][3], {field: 1})

    assert outcome(village, result, field) == wanted


@table(
    {
        "name": ("conflict", "Z", ["L", "M"]),
        "grade": ("conflict", "Z", ["L", "M"]),
        "id_no": ("conflict", "Z", ["L", "M"]),
    }
)
def test_an_edit_over_one_that_went_into_a_conflict_joins_it(
    village: Village, field: str, wanted: Expected
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.put("C1", field, FIELDS[field][1])
    li.put("C1", field, FIELDS[field][2])

    result = li.pull().put("C1", field, FIELDS[field][3], {field: 1})

    assert outcome(village, result, field) == wanted
    assert len(village.all_conflicts()) == 1


def test_a_text_over_one_in_conflict_is_merged_from_what_both_had_seen(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", remark="甲Z。乙。")
    first = li.edit("C1", remark="甲L。乙。")

    result = li.edit("C1", over={"remark": 1}, remark="甲。乙L。")

    assert first.status == "conflict"
    assert outcome(village, result, "remark")[:2] == ("merged", "甲Z。乙L。")


@pytest.mark.parametrize("field", FIELDS)
def test_an_equal_value_is_never_a_conflict(village: Village, field: str) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.put("C1", field, FIELDS[field][1])
    version = village.record("C1").version

    result = li.put("C1", field, FIELDS[field][1])

    assert (result.status, result.changes[0].version) == ("merged", version)
    assert village.all_conflicts() == []


@pytest.mark.parametrize("field", FIELDS)
def test_sending_the_same_again_changes_nothing(village: Village, field: str) -> None:
    li = village.tablet("li")
    li.put("C1", field, FIELDS[field][2])
    version = village.record("C1").version

    again = {"add": ["l"]} if field == "tags" else FIELDS[field][2]
    result = li.pull().put("C1", field, again)

    if field == "id_no":  # who may not set it is told so before values are compared
        assert codes(result) == ["not-permitted"]
    else:
        assert (result.status, result.changes[0].version) == ("applied", version)


# --------------------------------------------------------------------------------- one by one


@pytest.mark.parametrize(("minute", "stands"), [(1, "Z"), (90, "L")])
def test_of_two_latest_values_the_later_made_stands(
    village: Village, minute: int, stands: str
) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", phone="Z", minute=60)

    assert li.edit("C1", phone="L", minute=minute).status == "merged"
    assert village.value("C1", "phone") == stands
    assert village.history("C1")[-1].units["phone"].sent == "L"


def test_of_two_latest_values_of_one_moment_that_of_the_greater_device_stands(
    village: Village,
) -> None:
    people = [village.tablet("li"), village.tablet("zhao")]
    for person in people:
        person.edit("C1", phone=person.actor.device, minute=60)

    assert village.value("C1", "phone") == max(it.actor.device for it in people)


@pytest.mark.parametrize("sets", [1, 2])
def test_of_two_own_latest_values_of_one_moment_the_later_edit_stands(
    village: Village, sets: int
) -> None:
    """In one set, or in two whose stamps were clamped to the same moment."""
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", phone="Z", minute=1)
    first, second = li.change("C1", phone="A"), li.change("C1", phone="B")

    if sets == 1:
        li.send(first, second, minute=5)
    else:
        li.send(first, minute=5)
        li.send(replace(second, over={"phone": 1}), minute=5)

    assert village.value("C1", "phone") == "B"


@pytest.mark.parametrize("order", [("officer", "supervisor"), ("supervisor", "officer")])
def test_the_higher_rank_stands_whichever_comes_first(
    village: Village, order: tuple[str, str]
) -> None:
    people = {"officer": village.tablet("li"), "supervisor": supervisor(village)}
    for role in order:
        result = people[role].edit("C1", grade=role)

    assert (result.status, village.value("C1", "grade")) == ("merged", "supervisor")
    assert village.all_conflicts() == []


def supervisor(village: Village) -> Person:
    return village.tablet("zhao", "supervisor", role="supervisor")


@pytest.mark.parametrize("field", ["limit", "score"])
def test_who_is_not_named_may_not_set_an_authority_field(village: Village, field: str) -> None:
    li = village.tablet("li")

    assert codes(li.put("C1", field, 9)) == ["not-permitted"]
    assert village.office.put("C1", field, 9).status == "applied"
    assert codes(li.pull().put("C1", field, 9)) == ["not-permitted"]


def test_a_field_with_other_writers_is_not_permitted(village: Village) -> None:
    auditor = village.tablet("zhao", "auditor", role="auditor")

    assert codes(auditor.edit("C1", phone="x")) == ["not-permitted"]


def test_the_supervisor_mends_what_is_set_once(village: Village) -> None:
    village.tablet("li").edit("C1", id_no="L")

    assert village.web().edit("C1", id_no="S").status == "applied"


def test_a_correction_by_the_supervisor_meets_a_first_value(village: Village) -> None:
    zhao = village.tablet("zhao")
    village.web().edit("C1", id_no="S")

    result = zhao.edit("C1", id_no="Z")

    assert outcome(village, result, "id_no") == ("conflict", "S", ["Z"])


@pytest.mark.parametrize("first", ["add", "remove"])
def test_an_element_added_and_removed_at_once_stays(village: Village, first: str) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    edits = {"add": (li, {"add": ["a"]}), "remove": (zhao, {"remove": ["a"]})}
    second = "remove" if first == "add" else "add"
    for name in (first, second):
        person, edit = edits[name]
        result = person.edit("C1", tags=edit)

    assert village.value("C1", "tags") == ["a"]
    assert result.status == "merged"


def test_clearing_a_set_leaves_what_a_colleague_added(village: Village) -> None:
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", tags={"add": ["z"]})

    assert li.edit("C1", tags=None).status == "merged"
    assert village.value("C1", "tags") == ["z"]


def test_a_set_is_kept_sorted_and_without_repeats(village: Village) -> None:
    village.tablet("li").edit("C1", tags={"add": ["c", "b", "c", "a"]})

    assert village.value("C1", "tags") == ["a", "b", "c"]


def test_nothing_is_lower_than_no_value(village: Village) -> None:
    result = village.tablet("li").edit("C1", visits=None)

    assert (result.status, village.value("C1", "visits")) == ("merged", 3)


def test_numbers_are_compared_as_numbers(village: Village) -> None:
    village.tablet("li").edit("C1", visits=10)
    village.tablet("zhao").edit("C1", visits=9)

    assert village.value("C1", "visits") == 10


# --------------------------------------------------------------------------------------- texts

WORDS = {
    "a decimal is one piece": (
        "利率8.40%。期限12个月。", "利率8.40%。期限6个月。", "利率8.65%。期限12个月。",
        "利率8.65%。期限6个月。",
    ),
    "an end mark in a number ends nothing": ("利率8.40%", "利率8.65%", "利率8.40%，上浮", None),
    "opinions are never blended": (
        "待定展期6个月", "不同意展期6个月", "同意展期12个月", None,
    ),
    "sentences on two lines": ("甲。\n乙。", "甲。\n乙乙。", "甲甲。\n乙。", "甲甲。\n乙乙。"),
    "adjacent changes both stand": ("甲。乙。丙。", "甲一。乙。丙。", "甲。乙二。丙。", "甲一。乙二。丙。"),
    "changed and deleted": ("甲。乙。", "甲甲。乙。", "乙。", None),
    "insertions at one point": ("甲。", "甲。乙。", "甲。丙。", "甲。乙。丙。"),
    "the same insertion": ("甲。", "甲。乙。", "甲。乙。", "甲。乙。"),
    "two first paragraphs": ("", "养猪", "种茶", "养猪\n种茶"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "theirs", "mine", "merged"), WORDS.values(), ids=WORDS)
def test_sentences(start: str, theirs: str, mine: str, merged: str | None) -> None:
    village = Village()
    village.office.edit("C1", remark=start)
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.edit("C1", remark=theirs)

    result = li.edit("C1", remark=mine)

    if merged is None:
        assert outcome(village, result, "remark") == ("conflict", theirs, [mine])
        assert shown(village.conflicts("C1", "remark")[0])[0] == start
    else:
        assert outcome(village, result, "remark") == ("merged", merged, [])


def test_a_text_is_merged_with_ones_own_words_as_well(village: Village) -> None:
    li = village.tablet("li")
    li.edit("C1", remark="甲甲。乙。")

    assert li.edit("C1", remark="甲。乙乙。").status == "merged"
    assert village.value("C1", "remark") == "甲甲。乙乙。"
