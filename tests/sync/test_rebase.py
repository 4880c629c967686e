"""A device shows its pending sets on top of what the server sent, and never mixes the two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.messages import Change, Op
from schemas.registry import REGISTRY
from sync import text
from sync.rebase import (
    Drop,
    Held,
    Merged,
    Own,
    Pending,
    Sent,
    fold,
    merged,
    newest_own,
    not_outlived,
    over_for,
    renumber,
    steps,
    texts_seen,
    view,
)

Json = Any
CUSTOMER = "01990000-0000-7000-8000-0000000000c1"
OTHER = "01990000-0000-7000-8000-0000000000c2"
NOTE = "01990000-0000-7000-8000-0000000000e1"
DECLARED = REGISTRY["customer"]


def held(type_name: str = "customer", gone: bool = False, **fields: Json) -> Held:
    record = CUSTOMER if type_name == "customer" else NOTE
    return Held(type_name, record, CUSTOMER, 10, fields, gone)


def change(op: Op = "update", type_name: str = "customer", **fields: Json) -> Change:
    record = CUSTOMER if type_name == "customer" else NOTE
    reason = "moved" if op == "delete" else None
    return Change(op, type_name, record, CUSTOMER, fields, {}, reason)


def on_top(number: int = 1, seen: Mapping[str, Json] | None = None, **fields: Json) -> Pending:
    return Pending(number, change(**fields), seen or {})


def fields_of(below: Held | None, *pending: Pending) -> Mapping[str, Json]:
    shown = view(below, pending, REGISTRY)
    assert shown is not None
    return shown.fields


# ------------------------------------------------------------------------------------------- view


def test_a_record_without_pending_work_is_shown_as_the_server_sent_it() -> None:
    shown = view(held(phone="1"), [], REGISTRY)

    assert shown is not None
    assert (shown.fields, shown.version, shown.pending) == ({"phone": "1"}, 10, ())


def test_a_later_set_stands_over_an_earlier_one() -> None:
    fields = fields_of(held(phone="1"), on_top(4, phone="2"), on_top(5, phone="3"))

    assert fields == {"phone": "3"}


def test_the_view_names_the_sets_it_is_made_of() -> None:
    shown = view(held(), [on_top(4, phone="2"), on_top(7, segment="grain")], REGISTRY)

    assert shown is not None
    assert shown.pending == (4, 7)


def test_null_clears_a_field() -> None:
    assert fields_of(held(phone="1", phone_alt="2"), on_top(phone_alt=None)) == {"phone": "1"}


@pytest.mark.parametrize(
    ("below", "edit", "shown"),
    [
        (None, {"add": ["b", "a"]}, ["a", "b"]),
        (["a", "c"], {"add": ["b"]}, ["a", "b", "c"]),
        (["a", "b"], {"remove": ["a"]}, ["b"]),
        (["a", "b"], {"add": ["a"], "remove": ["b", "x"]}, ["a"]),
        (["a"], {"remove": ["a"]}, None),
    ],
)
def test_a_set_is_edited_element_by_element_on_what_the_server_has_now(
    below: list[str] | None, edit: dict[str, list[str]], shown: list[str] | None
) -> None:
    record = held(tags=below) if below else held()

    assert fields_of(record, on_top(tags=edit)).get("tags") == shown


@pytest.mark.parametrize(
    ("below", "typed", "shown"),
    [
        ("2026-06-01", "2026-06-16", "2026-06-16"),
        ("2026-06-16", "2026-06-01", "2026-06-16"),
        (None, "2026-06-01", "2026-06-01"),
        ("2026-06-01", None, "2026-06-01"),
    ],
)
def test_of_highest_the_greater_is_shown(below: Json, typed: Json, shown: Json) -> None:
    record = held(last_contact_on=below) if below else held()

    assert fields_of(record, on_top(last_contact_on=typed)) == {"last_contact_on": shown}


def test_a_group_is_replaced_whole() -> None:
    below = held(home_lat_e6=1, home_lon_e6=2, home_acc_m=3)
    edit: dict[str, Json] = {"home_lat_e6": 7, "home_lon_e6": 8, "home_acc_m": None}

    assert fields_of(below, on_top(seen=None, **edit)) == {"home_lat_e6": 7, "home_lon_e6": 8}


def test_leaves_of_a_keyed_map_are_fields_of_their_own() -> None:
    answers: dict[str, Json] = {"answers.F01.value": "no", "answers.F02.value": "yes"}
    below = held("inspection_note", **answers)
    edits: dict[str, Json] = {"answers.F01.value": "yes", "answers.F02.value": None}
    pending = Pending(1, change(type_name="inspection_note", **edits), {})

    assert fields_of(below, pending) == {"answers.F01.value": "yes"}


def test_a_new_record_is_shown_before_the_server_knows_it() -> None:
    shown = view(None, [Pending(3, change("create", name="王桂英"), {})], REGISTRY)

    assert shown is not None
    assert (shown.id, shown.version, shown.fields) == (CUSTOMER, 0, {"name": "王桂英"})


def test_a_creation_that_the_server_has_already_is_laid_over_it() -> None:
    made = Pending(3, change("create", name="王桂英"), {})

    assert fields_of(held(name="王桂英", customer_no="K1"), made) == {
        "name": "王桂英",
        "customer_no": "K1",
    }


def test_an_edit_of_a_record_that_has_left_shows_nothing() -> None:
    assert view(None, [on_top(phone="2")], REGISTRY) is None


def test_own_work_under_a_customer_that_has_left_is_still_shown() -> None:
    made = Pending(3, change("create", "inspection_note", narrative="n"), {})

    assert fields_of(None, made) == {"narrative": "n"}


def test_a_removed_record_is_marked_and_keeps_its_words() -> None:
    shown = view(held(name="王"), [Pending(1, change("delete"), {})], REGISTRY)

    assert shown is not None
    assert (shown.removed, shown.fields) == (True, {"name": "王"})


def test_pending_words_stay_readable_when_somebody_else_removed_the_record() -> None:
    shown = view(held(gone=True, name="王"), [on_top(phone="2")], REGISTRY)

    assert shown is not None
    assert (shown.gone, shown.removed) == (True, False)
    assert shown.fields == {"name": "王", "phone": "2"}


def test_a_field_of_a_later_schema_is_shown_as_it_is() -> None:
    assert fields_of(held(), on_top(seen=None, unheard_of=1)) == {"unheard_of": 1}


# ------------------------------------------------------------------------------------------- text


def test_text_is_shown_as_typed_while_the_server_copy_stands_still() -> None:
    below = held(preferences="晚上在家。")
    typed = on_top(seen={"preferences": "晚上在家。"}, preferences="白天在家。")

    assert fields_of(below, typed) == {"preferences": "白天在家。"}


def test_text_is_shown_merged_when_the_server_copy_has_moved_on() -> None:
    below = held(preferences="晚上在家。\n电话常打不通。")
    typed = on_top(seen={"preferences": "晚上在家。"}, preferences="周末除外。晚上在家。")

    assert fields_of(below, typed) == {"preferences": "周末除外。晚上在家。\n电话常打不通。"}


def test_text_is_shown_as_typed_where_the_two_do_not_merge() -> None:
    below = held(preferences="同意展期6个月。")
    typed = on_top(seen={"preferences": "待定。"}, preferences="同意展期12个月。")

    assert fields_of(below, typed) == {"preferences": "同意展期12个月。"}


def test_a_chain_of_texts_is_laid_one_over_the_other() -> None:
    below = held(preferences="甲。丁。")
    first = on_top(1, seen={"preferences": "甲。"}, preferences="甲。乙。")
    second = on_top(2, seen={"preferences": "甲。乙。"}, preferences="甲。乙。丙。")

    assert fields_of(below, first, second) == {"preferences": "甲。丁。乙。丙。"}


sentences = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=4).map(
    lambda it: "".join(f"{one}。" for one in it)
)


@given(sentences, sentences, sentences)
def test_no_typed_sentence_disappears_from_the_view(seen: str, below: str, typed: str) -> None:
    shown = fields_of(
        held(preferences=below), on_top(seen={"preferences": seen}, preferences=typed)
    )["preferences"]

    assert shown in (typed, text.merge(seen, below, typed))


values = st.one_of(st.none(), st.sampled_from(["1", "2", "3"]))
edits = st.fixed_dictionaries({}, optional={"phone": values, "name": values, "preferences": values})


@given(st.lists(edits, max_size=6), st.lists(edits, max_size=6))
def test_the_view_is_the_same_whether_sets_go_on_top_at_once_or_one_by_one(
    first: list[dict[str, Json]], second: list[dict[str, Json]]
) -> None:
    pending = [on_top(n, seen=None, **it) for n, it in enumerate([*first, *second], 1)]
    half = view(held(phone="0"), pending[: len(first)], REGISTRY)
    assert half is not None
    below = Held(half.type, half.id, half.customer, half.version, half.fields)

    assert fields_of(held(phone="0"), *pending) == fields_of(below, *pending[len(first) :])


@given(st.lists(edits, max_size=6))
def test_the_view_never_changes_what_is_below_it(changes: list[dict[str, Json]]) -> None:
    below = held(phone="0", preferences="甲。")
    view(below, [on_top(n, seen=None, **it) for n, it in enumerate(changes, 1)], REGISTRY)

    assert below == held(phone="0", preferences="甲。")


# ------------------------------------------------------------------------------------------- over


def test_an_edit_over_ones_own_pending_value_names_its_set() -> None:
    newest = newest_own(DECLARED, [on_top(4, phone="2"), on_top(5, phone="3", name="王")])

    assert over_for(DECLARED, {"phone": "4", "segment": "grain"}, newest) == {"phone": 5}


def test_over_names_a_group_by_its_name() -> None:
    group: dict[str, Json] = {"home_lat_e6": 1, "home_lon_e6": 2, "home_acc_m": 3}
    newest = newest_own(DECLARED, [on_top(4, seen=None, **group)])

    assert over_for(DECLARED, group, newest) == {"home": 4}


def test_over_names_the_set_that_made_the_record() -> None:
    made = Pending(4, change("create", name="王", phone="1"), {})

    assert over_for(DECLARED, {"phone": "2", "segment": "wage"}, newest_own(DECLARED, [made])) == {
        "phone": 4
    }


def test_texts_that_stood_in_the_form_are_kept_as_ancestors() -> None:
    shown = {"preferences": "甲。", "phone": "1"}

    seen = texts_seen(DECLARED, {"preferences": "乙。", "phone": "2", "address_note": "a"}, shown)

    assert seen == {"preferences": "甲。"}


# ------------------------------------------------------------------------------------ server copy


def sent(whole: bool = False, version: int = 12, **fields: Json) -> dict[str, Json]:
    return {
        "type": "customer",
        "id": CUSTOMER,
        "customer": CUSTOMER,
        "version": version,
        "whole": whole,
        "set": fields,
    }


def result(number: int, status: str = "applied", repeated: bool = False) -> dict[str, Json]:
    told = [{"id": CUSTOMER, "version": 11, "status": status, "conflicts": []}]
    return {"number": number, "status": status, "repeated": repeated, "changes": told}


def answer(
    results: Sequence[Json] = (), left: Sequence[str] = (), records: Sequence[Json] = ()
) -> dict[str, Json]:
    gone = [{"customer": it, "reason": "handover"} for it in left]
    return {"results": list(results), "left": gone, "records": list(records)}


def after(below: Held | None, *done: Own | Sent) -> Held | None:
    for step in done:
        below = fold(below, step, REGISTRY)
    return below


def test_a_delta_changes_its_fields_and_null_clears_one() -> None:
    found = after(held(phone="1", phone_alt="2"), Sent(sent(phone="3", phone_alt=None)))

    assert found == Held("customer", CUSTOMER, CUSTOMER, 12, {"phone": "3"})


def test_a_whole_record_replaces_what_was_held() -> None:
    found = after(held(phone="1", phone_alt="2"), Sent(sent(whole=True, phone="3")))

    assert found is not None
    assert found.fields == {"phone": "3"}


def test_an_empty_delta_moves_the_version_alone() -> None:
    found = after(held(phone="1"), Sent(sent(version=15)))

    assert found == Held("customer", CUSTOMER, CUSTOMER, 15, {"phone": "1"})


def test_a_tombstone_keeps_the_words_for_those_who_have_work_on_it() -> None:
    found = after(held(phone="1"), Sent({"id": CUSTOMER, "version": 12, "removed": True}))

    assert found == Held("customer", CUSTOMER, CUSTOMER, 12, {"phone": "1"}, gone=True)
    assert after(None, Sent({"id": CUSTOMER, "version": 12, "removed": True})) is None


def test_a_record_that_comes_back_is_not_mixed_with_its_tombstone() -> None:
    found = after(held(gone=True, phone="1", name="王"), Sent(sent(whole=True, phone="1")))

    assert found == Held("customer", CUSTOMER, CUSTOMER, 12, {"phone": "1"})


def test_the_fields_of_an_applied_set_are_taken_over_from_the_set() -> None:
    done = steps(answer([result(4)]), {4: (change(phone="2"),)})

    assert done == [Own(change(phone="2"), 11)]
    assert after(held(phone="1"), Own(change(phone="2"), 11)) == Held(
        "customer", CUSTOMER, CUSTOMER, 11, {"phone": "2"}
    )


@pytest.mark.parametrize("status", ["merged", "conflict", "rejected", "held"])
def test_nothing_is_taken_over_from_a_set_that_was_not_simply_applied(status: str) -> None:
    assert steps(answer([result(4, status)]), {4: (change(phone="2"),)}) == []


def test_nothing_is_taken_over_from_a_repeated_result() -> None:
    assert steps(answer([result(4, repeated=True)]), {4: (change(phone="2"),)}) == []


def test_nothing_is_taken_over_for_a_customer_that_left() -> None:
    assert steps(answer([result(4)], left=[CUSTOMER]), {4: (change(phone="2"),)}) == [
        Drop(CUSTOMER)
    ]


def test_sets_are_never_taken_over_but_come_back_sorted() -> None:
    own = Own(change(tags={"add": ["b"]}, phone="2"), 11)

    found = after(held(tags=["a"], phone="1"), own)

    assert found is not None
    assert found.fields == {"tags": ["a"], "phone": "2"}


def test_what_the_server_sends_stands_over_what_was_taken_over() -> None:
    done = steps(answer([result(4)], records=[sent(phone="9")]), {4: (change(phone="2"),)})

    found = after(held(phone="1"), *[it for it in done if not isinstance(it, Drop)])
    assert found is not None
    assert found.fields == {"phone": "9"}


def test_a_customer_that_left_and_came_back_is_dropped_first() -> None:
    done = steps(answer(left=[CUSTOMER], records=[sent(whole=True, phone="9")]), {})

    assert [type(it) for it in done] == [Drop, Sent]


def test_a_record_created_by_this_request_is_held_and_filled_in() -> None:
    made = change("create", name="王", tags=["b", "a"])

    found = after(None, Own(made, 11), Sent(sent(customer_no="K1", tags=["a", "b"])))

    assert found == Held(
        "customer", CUSTOMER, CUSTOMER, 12, {"name": "王", "customer_no": "K1", "tags": ["a", "b"]}
    )


def test_an_edit_of_a_record_that_is_not_held_is_not_taken_over() -> None:
    assert after(None, Own(change(phone="2"), 11)) is None


def test_results_without_their_details_take_nothing_over() -> None:
    bare = {"number": 4, "status": "applied", "repeated": False, "changes": []}

    assert steps(answer([bare]), {4: (change(phone="2"),)}) == []


# ------------------------------------------------------------------------------------- renumbering


def test_a_set_that_goes_out_from_a_new_device_keeps_its_id_and_changes() -> None:
    content = {
        "number": 17,
        "id": OTHER,
        "clock": "0198f2c4a1b3-0002-old",
        "changes": [
            {"op": "update", "id": CUSTOMER, "set": {"a": 1, "b": 2}, "over": {"a": 15, "b": 3}},
            {"op": "update", "id": NOTE, "set": {"c": 1}, "over": {"c": 3}},
        ],
    }

    moved = renumber(content, 2, {15: 1, 17: 2}, lambda it: it.replace("old", "new"))

    assert moved == {
        "number": 2,
        "id": OTHER,
        "clock": "0198f2c4a1b3-0002-new",
        "changes": [
            {"op": "update", "id": CUSTOMER, "set": {"a": 1, "b": 2}, "over": {"a": 1}},
            {"op": "update", "id": NOTE, "set": {"c": 1}},
        ],
    }
    assert content["number"] == 17


# ------------------------------------------------------------------- what is held after a restore


@pytest.mark.parametrize(
    ("held", "later", "left"),
    [
        ({"phone": "1", "name": "A"}, [], {"phone": "1", "name": "A"}),
        ({"phone": "1", "name": "A"}, [{"phone": "2"}], {"name": "A"}),
        ({"village_opinion": "good"}, [{"village_opinion_by": "Wu"}], {}),
    ],
)
def test_a_held_set_shows_nothing_over_what_a_later_one_has_stored(
    held: dict[str, Json], later: list[dict[str, Json]], left: dict[str, Json]
) -> None:
    pending = Pending(3, change(**held), {})

    kept = not_outlived(pending, [change(**it) for it in later], REGISTRY)

    assert kept is not None
    assert (kept.number, kept.change.set) == (3, left)


def test_a_held_deletion_is_not_shown_over_a_later_edit() -> None:
    gone = change("delete")

    assert not_outlived(Pending(3, gone, {}), [change(phone="2")], REGISTRY) is None
    assert not_outlived(Pending(3, gone, {}), [gone], REGISTRY) == Pending(3, gone, {})


def test_a_held_set_of_a_type_that_is_not_known_is_shown_as_it_is() -> None:
    unknown = replace(change(phone="1"), type="later_type")

    assert not_outlived(Pending(3, unknown, {}), [unknown], REGISTRY) == Pending(3, unknown, {})


def test_an_answer_tells_whom_a_customer_was_merged_into() -> None:
    left = [
        {"customer": "a", "reason": "merged", "survivor": "b"},
        {"customer": "c", "reason": "handover"},
        {"customer": "d", "reason": "merged"},
    ]

    assert merged({"left": left}) == [Merged("a", "b"), Merged("d", None)]
    assert merged({}) == []


def test_an_answer_may_be_as_good_as_empty() -> None:
    assert steps({}, {}) == []


def test_a_result_that_gives_nothing_does_not_stop_those_behind_it() -> None:
    results = [
        {"number": 1, "status": "rejected", "repeated": False, "changes": []},
        {"number": 2, "status": "applied", "repeated": False, "changes": [{"version": 12}]},
        {"number": 3, "status": "applied", "repeated": True, "changes": [{"version": 11}]},
        {"number": 4, "status": "applied", "repeated": False, "changes": [{"version": 13}]},
    ]
    own = {it: [change(phone=str(it))] for it in (1, 2, 3, 4)}

    taken = steps({"results": results}, own)

    assert [it.change.set["phone"] for it in taken if isinstance(it, Own)] == ["2", "4"]
