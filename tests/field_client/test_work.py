"""What an officer does on a tablet without a network: it is kept at once, checked, and goes out later."""

from datetime import date
from typing import Any

import pytest

from field_client.faults import InvalidInputError, NotHereError, NotPossibleError
from field_client.visits import Place, Promise
from tests.field_client.branches import USERS, Branch
from tests.field_client.tablets import CHEN, LIU, LOAN, TODAY, VILLAGE, VISIT, Tablet, new_customer

Json = Any
PLACE = Place(30_123_456, 110_654_321, 12)


def last_changes(made: Tablet) -> list[dict[str, Json]]:
    content = made.store.own_sets()[-1].content
    assert content is not None
    return list(content["changes"])


def faults_of(error: pytest.ExceptionInfo[InvalidInputError]) -> list[tuple[str | None, str]]:
    return [(it.field, it.code) for it in error.value.faults]


# ------------------------------------------------------------------------------------------- edits


def test_an_edit_is_kept_as_a_numbered_set_with_the_base_of_its_view(ada: Tablet) -> None:
    saved = ada.client.edit(CHEN, {"phone": "10000000021"})

    assert saved is not None
    assert (saved.number, saved.base, saved.action) == (1, ada.store.identity().position, "edit")
    assert last_changes(ada) == [
        {
            "op": "update",
            "type": "customer",
            "id": CHEN,
            "customer": CHEN,
            "set": {"phone": "10000000021"},
        }
    ]


def test_only_what_differs_is_sent(ada: Tablet) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021", "name": "陈国平"})

    assert last_changes(ada)[0]["set"] == {"phone": "10000000021"}
    assert ada.client.edit(CHEN, {"name": "陈国平"}) is None


def test_a_set_is_sent_as_what_is_added_and_removed(ada: Tablet) -> None:
    ada.client.edit(CHEN, {"tags": ["脱贫户", "示范村"]})
    ada.client.edit(CHEN, {"tags": ["脱贫户", "党员"]})

    assert last_changes(ada)[0]["set"] == {"tags": {"add": ["党员"], "remove": ["示范村"]}}
    assert ada.client.record(CHEN).fields["tags"] == ["党员", "脱贫户"]


def test_a_group_is_sent_whole(ada: Tablet) -> None:
    ada.client.edit(CHEN, {"home_lat_e6": 30_000_000})

    assert last_changes(ada)[0]["set"] == {
        "home_lat_e6": 30_000_000,
        "home_lon_e6": None,
        "home_acc_m": None,
    }


def test_text_is_kept_in_nfc(ada: Tablet) -> None:
    ada.client.edit(CHEN, {"preferences": "cafe\u0301"})

    assert last_changes(ada)[0]["set"] == {"preferences": "café"}


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"phone": "12"}, [("phone", "invalid-value")]),
        ({"phone": None}, [("phone", "required")]),
        ({"phon": "13800000000"}, [("phon", "unknown-field")]),
        ({"id_no": "999901198509230028"}, [("id_no", "not-permitted")]),
        ({"customer_no": "K1"}, [("customer_no", "not-permitted")]),
        ({"state": "blocked"}, [("state", "invalid-transition")]),
        ({"preferences": "a\x00b"}, [("preferences", "invalid-value")]),
        ({"tags": {"add": ["x" * 51]}}, [("tags", "invalid-value")]),
    ],
)
def test_what_does_not_fit_is_said_at_once_and_nothing_is_kept(
    ada: Tablet, fields: dict[str, Json], faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInputError) as error:
        ada.client.edit(CHEN, fields)

    assert faults_of(error) == faults
    assert ada.store.own_sets() == []


def test_ones_own_first_value_may_be_put_right_until_it_is_stored(
    ada: Tablet, branch: Branch
) -> None:
    ada.client.edit(CHEN, {"registered_on": "2026-06-15"})
    ada.client.edit(CHEN, {"registered_on": "2026-06-16"})

    assert last_changes(ada)[0]["over"] == {"registered_on": 1}
    ada.client.sync()
    with pytest.raises(InvalidInputError):
        ada.client.edit(CHEN, {"registered_on": "2026-06-14"})


def test_over_ends_with_the_pull_that_includes_the_earlier_set(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()
    ada.client.edit(CHEN, {"phone": "10000000022"})

    assert "over" not in last_changes(ada)[0]


def test_a_rejected_value_is_not_shown_and_nothing_is_made_over_it(
    ada: Tablet, branch: Branch
) -> None:
    branch.reject = lambda one: [{"change": 0, "field": "phone", "code": "invalid-value"}]
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()

    assert ada.client.record(CHEN).fields["phone"] == "13800000000"
    ada.client.edit(CHEN, {"phone": "10000000022"})
    assert "over" not in last_changes(ada)[0]


def test_a_customer_registered_offline_is_there_at_once(ada: Tablet) -> None:
    made = ada.client.create("customer", None, new_customer(name="王桂英"))

    assert ada.client.record(made).fields["state"] == "prospect"
    assert last_changes(ada)[0]["customer"] == made
    ada.client.create(
        "task", made, {"title": "办授权书", "due_on": "2026-06-20", "source": "manual"}
    )
    task = ada.client.records("task", made)[0]
    assert task.fields["assignee_id"] == USERS["li.min"]["id"]


@pytest.mark.parametrize(
    ("type_name", "customer", "reason"),
    [
        ("task", None, "customer-needed"),
        ("org_unit", CHEN, "customer-needed"),
        ("cow", CHEN, "unknown-type"),
    ],
)
def test_a_record_is_made_where_it_belongs(
    ada: Tablet, type_name: str, customer: str | None, reason: str
) -> None:
    with pytest.raises(NotPossibleError) as error:
        ada.client.create(type_name, customer, {})

    assert error.value.facts["reason"] == reason


def test_a_record_lacks_what_it_must_have(ada: Tablet) -> None:
    with pytest.raises(InvalidInputError) as error:
        ada.client.create("task", CHEN, {"title": "x"})

    assert faults_of(error) == [("due_on", "required"), ("source", "required")]


def test_a_member_of_the_household_is_removed_with_a_reason(ada: Tablet, branch: Branch) -> None:
    made = ada.client.create("household_member", CHEN, {"name": "陈小明", "relation": "child"})
    ada.client.sync()

    with pytest.raises(NotPossibleError):
        ada.client.delete(made, " ")
    ada.client.delete(made, "登记有误")

    assert ada.client.records("household_member") == []
    ada.client.sync()
    assert ada.store.held(made) is None


@pytest.mark.parametrize("record", [CHEN, LOAN])
def test_what_is_not_deletable_is_not_removed(ada: Tablet, record: str) -> None:
    with pytest.raises(NotPossibleError):
        ada.client.delete(record, "x")


def test_a_record_is_found_by_the_beginning_of_its_id(ada: Tablet, branch: Branch) -> None:
    made = ada.client.create(
        "task", CHEN, {"title": "x", "due_on": "2026-06-20", "source": "manual"}
    )

    assert ada.client.record(made[:18]).id == made
    with pytest.raises(NotHereError):
        ada.client.record("ffff0000")


# ------------------------------------------------------------------------------------------- forms


def test_a_form_keeps_the_base_it_was_opened_with(ada: Tablet, branch: Branch) -> None:
    opened_at = ada.store.identity().position
    form = ada.client.open_form(CHEN)
    branch.put("customer", CHEN, CHEN, phone="10000000031")
    ada.client.sync()
    form["phone"] = "10000000021"

    saved = form.save()

    assert saved is not None
    assert saved.base == opened_at < ada.store.identity().position


def test_a_form_goes_on_naming_the_set_it_was_opened_over(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    form = ada.client.open_form(CHEN)
    ada.client.sync()
    form["phone"] = "10000000022"
    form.save()

    assert last_changes(ada)[0]["over"] == {"phone": 1}


def test_text_of_a_form_is_laid_over_own_text_that_was_saved_meanwhile(ada: Tablet) -> None:
    ada.client.edit(CHEN, {"preferences": "甲。"})
    form = ada.client.open_form(CHEN)
    form["preferences"] = "甲。丙。"
    ada.client.edit(CHEN, {"preferences": "乙。甲。"})

    form.save()

    assert last_changes(ada)[0]["set"] == {"preferences": "乙。甲。丙。"}
    assert last_changes(ada)[0]["over"] == {"preferences": 2}


def test_text_that_does_not_merge_with_own_later_text_is_left_to_the_server(ada: Tablet) -> None:
    ada.client.edit(CHEN, {"preferences": "甲。"})
    form = ada.client.open_form(CHEN)
    form["preferences"] = "丙。"
    ada.client.edit(CHEN, {"preferences": "乙。"})

    form.save()

    assert last_changes(ada)[0] == {
        "op": "update",
        "type": "customer",
        "id": CHEN,
        "customer": CHEN,
        "set": {"preferences": "丙。"},
    }


def test_a_value_saved_meanwhile_is_named_by_the_form_that_is_saved_later(ada: Tablet) -> None:
    form = ada.client.open_form(CHEN)
    ada.client.edit(CHEN, {"phone": "10000000021"})
    form["phone"] = "10000000022"
    form.save()

    assert last_changes(ada)[0]["over"] == {"phone": 1}


def test_a_draft_survives_and_is_sent_only_when_finished(ada: Tablet, branch: Branch) -> None:
    form = ada.client.open_form(CHEN)
    form["phone"] = "1"  # half typed: a draft is never checked
    form.keep()
    ada.reopen()
    branch.put("customer", CHEN, CHEN, main_activity="茶叶")
    ada.client.sync()

    again = ada.client.open_form(CHEN)
    assert (again["phone"], again["name"]) == ("1", "陈国平")
    assert ada.client.status().states["draft"] == 1
    assert ada.store.own_sets() == []
    again["phone"] = "10000000021"
    saved = again.save()
    assert saved is not None
    assert saved.base == form.base < ada.store.identity().position
    assert ada.store.drafts() == []


def test_a_form_that_cannot_be_saved_stays_a_draft(ada: Tablet) -> None:
    form = ada.client.open_form(CHEN)
    form["phone"] = "1"
    form.keep()

    with pytest.raises(InvalidInputError):
        form.save()

    assert [it.fields for it in ada.store.drafts()] == [{"phone": "1"}]


def test_a_form_may_be_thrown_away(ada: Tablet) -> None:
    form = ada.client.open_form(CHEN)
    form["phone"] = "1"
    form.keep()
    form.drop()

    assert ada.store.drafts() == []


# ------------------------------------------------------------------------------------------ visits


def test_the_visit_that_is_due_is_started_and_finished(ada: Tablet, branch: Branch) -> None:
    visit = ada.client.visit_start(CHEN, place=PLACE)
    assert visit == VISIT
    assert ada.client.record(visit).fields["state"] == "in_progress"
    promise = Promise(230_000, date(2026, 6, 25))

    ada.client.visit_finish(visit, summary="收款 3000 元。", met_with=["陈国平"], promise=promise)

    shown = ada.client.record(visit).fields
    assert (shown["state"], shown["outcome"], shown["met_with"]) == (
        "completed",
        "done",
        ["陈国平"],
    )
    assert shown["arrive_lat_e6"] == PLACE.lat_e6
    (task,) = ada.client.records("task", CHEN)
    assert (task.fields["due_on"], task.fields["source"]) == ("2026-06-25", "promise")
    assert ada.client.record(CHEN).fields["last_contact_on"] == "2026-06-16"
    assert len(ada.store.own_sets()) == 2
    ada.client.sync()
    assert ada.client.status().all_synced


def test_nobody_at_home_is_finished_with_a_reason(ada: Tablet) -> None:
    visit = ada.client.visit_start(CHEN)

    with pytest.raises(InvalidInputError) as error:
        ada.client.visit_finish(visit, outcome="absent")
    assert faults_of(error)[0] == ("reason", "required")
    ada.client.visit_finish(visit, outcome="absent", reason="家中无人")

    assert "last_contact_on" not in ada.client.record(CHEN).fields


def test_an_unplanned_visit_is_made_where_none_is_due(ada: Tablet) -> None:
    visit = ada.client.visit_start(LIU, ["marketing"], place=PLACE)

    assert ada.client.record(visit).fields["purposes"] == ["marketing"]


def test_a_visit_is_started_and_finished_once(ada: Tablet) -> None:
    visit = ada.client.visit_start(LIU, place=PLACE)
    with pytest.raises(NotPossibleError):
        ada.client.visit_start(LIU, visit=visit)

    ada.client.visit_finish(visit, summary="见到本人。", met_with=["刘秀英"])

    with pytest.raises(NotPossibleError):
        ada.client.visit_finish(visit, summary="再写。", met_with=["刘秀英"])


def test_a_note_is_bound_to_the_newest_checklist_of_its_kind(ada: Tablet) -> None:
    note = ada.client.note(
        CHEN,
        "routine",
        narrative="长势正常。",
        answers={"R01": "yes", "R04": {"value": 12, "note": "头"}},
    )

    fields = ada.client.record(note).fields
    assert (fields["checklist_code"], fields["checklist_version"]) == ("routine", 2)
    assert fields["answers.R04.value"] == 12
    assert fields["inspector_ids"] == [USERS["li.min"]["id"]]
    with pytest.raises(NotPossibleError):
        ada.client.note(CHEN, "pre_loan", narrative="x")


# ------------------------------------------------------------------------------- today, search


def test_today_lists_what_is_due_the_longest_first(ada: Tablet) -> None:
    ada.client.create("task", LIU, {"title": "回访", "due_on": "2026-06-16", "source": "manual"})
    ada.client.create("task", LIU, {"title": "改天", "due_on": "2026-06-17", "source": "manual"})
    ada.client.edit(LIU, {"next_contact_on": "2026-06-10"})

    duties = ada.client.today()

    assert [(it.kind, it.due_on) for it in duties] == [
        ("repayment", date(2026, 2, 15)),
        ("contact", date(2026, 6, 10)),
        ("visit", date(2026, 6, 15)),
        ("task", TODAY),
    ]
    assert (duties[0].dpd, duties[0].customer) == (121, CHEN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("国平", [CHEN]), ("chen g", [CHEN]), ("cgp", []), ("cg", [CHEN]), ("guoping", [CHEN]),
        ("0013", [CHEN]), ("13", []), ("0001", [LIU]), ("柳树", [LIU, CHEN]), ("JJ1", [CHEN]),
        ("王", []),
    ],
)  # fmt: skip
def test_customers_are_found_by_what_people_know(ada: Tablet, text: str, found: list[str]) -> None:
    assert [it.id for it in ada.client.search(text)] == found


def test_new_customers_are_found_too(ada: Tablet) -> None:
    made = ada.client.create("customer", None, new_customer(name="王桂英", village_id=VILLAGE))

    assert [it.id for it in ada.client.search("王")] == [made]
