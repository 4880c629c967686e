"""What needs its user says so until he has decided, and his decision goes out like any other work."""

from typing import Any

import pytest

from field_client.faults import NotHereError, NotPossibleError
from tests.field_client.branches import USERS, Branch
from tests.field_client.tablets import CHEN, LIU, Tablet

Json = Any
CLASH = "6501248e-2b2e-5cf8-abd0-85b266f7a0ff"
ME, HIM = USERS["li.min"]["id"], USERS["zhao.lei"]["id"]


def last_changes(made: Tablet) -> list[dict[str, Json]]:
    content = made.store.own_sets()[-1].content
    assert content is not None
    return list(content["changes"])


def entry(
    value: Json, by: str | None = HIM, device: str = "d2", number: int = 1
) -> dict[str, Json]:
    return {
        "value": value,
        "by": by,
        "device": device,
        "number": number,
        "made_at": "2026-06-15T02:00:00.000Z",
    }


def clash(made: Tablet, branch: Branch, **fields: Json) -> str:
    """Open a conflict about the customer's phone: his stands, mine is the other."""
    whole = {
        "record": CHEN,
        "record_type": "customer",
        "field": "phone",
        "kind": "field",
        "sensitive": False,
        "base_value": "13800000000",
        "kept": entry("10000000022"),
        "others": [entry("10000000021", ME, "d1", 4)],
        "status": "open",
        **fields,
    }
    branch.put(
        "conflict", CLASH, CHEN, **{name: it for name, it in whole.items() if it is not None}
    )
    made.client.sync()
    return CLASH


# --------------------------------------------------------------------------------------- conflicts


def test_an_open_conflict_needs_attention_and_denies_all_synced(
    ada: Tablet, branch: Branch
) -> None:
    clash(ada, branch)

    status = ada.client.status()
    assert [it.id for it in ada.client.conflicts()] == [CLASH]
    assert (status.strip, status.attention, status.conflicts) == ("needs_attention", 1, 1)


def test_keeping_writes_the_decision_alone(ada: Tablet, branch: Branch) -> None:
    ada.client.resolve(clash(ada, branch), "keep")

    assert last_changes(ada) == [
        {
            "op": "update",
            "type": "conflict",
            "id": CLASH,
            "customer": CHEN,
            "set": {"status": "resolved", "resolution": "keep"},
        }
    ]
    assert ada.client.conflicts() == []


def test_taking_the_other_writes_it_in_the_same_set(ada: Tablet, branch: Branch) -> None:
    ada.client.resolve(clash(ada, branch), "other")

    write, settled = last_changes(ada)
    assert (write["id"], write["set"]) == (CHEN, {"phone": "10000000021"})
    assert settled["set"]["chosen"] == {"device": "d1", "number": 4}
    assert ada.client.record(CHEN).fields["phone"] == "10000000021"


def test_of_several_others_one_must_be_named(ada: Tablet, branch: Branch) -> None:
    several = [entry("1000001", ME, "d1", 4), entry("1000002", ME, "d3", 7)]
    conflict = clash(ada, branch, others=several)

    with pytest.raises(NotPossibleError) as error:
        ada.client.resolve(conflict, "other")
    assert error.value.facts["reason"] == "which-value"
    ada.client.resolve(conflict, "other", chosen={"device": "d3", "number": 7})

    assert last_changes(ada)[0]["set"] == {"phone": "1000002"}


def test_a_value_of_ones_own_needs_a_comment(ada: Tablet, branch: Branch) -> None:
    conflict = clash(ada, branch)

    with pytest.raises(NotPossibleError) as error:
        ada.client.resolve(conflict, "custom", "10000000099")
    assert error.value.facts["reason"] == "comment-needed"
    ada.client.resolve(conflict, "custom", "10000000099", "已电话核实。")

    write, settled = last_changes(ada)
    assert write["set"] == {"phone": "10000000099"}
    assert settled["set"] == {
        "status": "resolved",
        "resolution": "custom",
        "comment": "已电话核实。",
    }


def test_a_value_that_equals_the_one_shown_is_written_all_the_same(
    ada: Tablet, branch: Branch
) -> None:
    conflict = clash(ada, branch, others=[entry("13800000000", ME, "d1", 4)])

    ada.client.resolve(conflict, "other")

    assert last_changes(ada)[0]["set"] == {"phone": "13800000000"}


def test_a_sensitive_conflict_is_not_for_those_who_wrote_it(ada: Tablet, branch: Branch) -> None:
    conflict = clash(ada, branch, sensitive=True)

    with pytest.raises(NotPossibleError) as error:
        ada.client.resolve(conflict, "keep", comment="x")

    assert error.value.facts["reason"] == "sod-8"


def test_a_third_person_decides_a_sensitive_one_with_a_comment(ada: Tablet, branch: Branch) -> None:
    conflict = clash(ada, branch, sensitive=True, others=[entry("1000003", "x", "d9", 1)])

    with pytest.raises(NotPossibleError):
        ada.client.resolve(conflict, "keep")
    ada.client.resolve(conflict, "keep", comment="已核实。")

    assert last_changes(ada)[0]["set"]["comment"] == "已核实。"


def test_a_group_is_written_whole(ada: Tablet, branch: Branch) -> None:
    place = {"home_lat_e6": 1, "home_lon_e6": 2, "home_acc_m": 3}
    conflict = clash(ada, branch, field="home", others=[entry(place, ME, "d1", 4)])

    ada.client.resolve(conflict, "other")

    assert last_changes(ada)[0]["set"] == place


@pytest.mark.parametrize("kind", ["invalid", "late"])
def test_a_whole_change_is_written_as_it_was_sent(ada: Tablet, branch: Branch, kind: str) -> None:
    value = {"phone": "1000004", "tags": {"add": ["x"]}}
    conflict = clash(ada, branch, kind=kind, field=None, others=[entry(value, HIM, "d2", 4)])

    ada.client.resolve(conflict, "other")

    assert last_changes(ada)[0]["set"] == value


def test_a_deletion_may_be_let_stand(ada: Tablet, branch: Branch) -> None:
    member = ada.client.create("household_member", CHEN, {"name": "陈小明", "relation": "child"})
    ada.client.sync()
    gone = entry({"deleted": True, "reason": "登记有误"}, HIM, "d2", 4)
    about = {"record": member, "record_type": "household_member", "field": None, "kind": "delete"}
    conflict = clash(ada, branch, **about, others=[gone])

    ada.client.resolve(conflict, "other")

    assert (last_changes(ada)[0]["op"], last_changes(ada)[0]["reason"]) == ("delete", "登记有误")


def test_what_is_settled_stays_settled(ada: Tablet, branch: Branch) -> None:
    conflict = clash(ada, branch)
    ada.client.resolve(conflict, "keep")

    with pytest.raises(NotPossibleError):
        ada.client.resolve(conflict, "other")
    with pytest.raises(NotHereError):
        ada.client.resolve(CHEN, "keep")


def test_domain_ways_of_another_desk_are_left_to_it(ada: Tablet, branch: Branch) -> None:
    conflict = clash(ada, branch, kind="possible_double", field=None)

    with pytest.raises(NotPossibleError):
        ada.client.resolve(conflict, "reverse_one")
    ada.client.resolve(conflict, "both_count")


def test_a_set_in_conflict_is_accepted_once_somebody_has_settled_it(
    ada: Tablet, branch: Branch
) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    clash(ada, branch)
    told = [{"id": CHEN, "version": 9, "status": "conflict", "conflicts": [CLASH]}]
    ada.store.database.execute("UPDATE change_set SET state = 'sent', status = NULL")
    result = {"number": 1, "status": "conflict", "changes": told}
    ada.store.take_result(result, "2026-06-16T00:00:00Z")
    assert [state for _, state in ada.client.sets()] == ["needs_attention"]
    assert [(it.reason, it.set and it.set.number) for it in ada.client.attention()] == [
        ("conflict", 1)
    ]

    branch.put("conflict", CLASH, CHEN, status="resolved")
    ada.client.sync()

    assert [state for _, state in ada.client.sets()] == ["accepted"]
    assert ada.client.attention() == []
    assert ada.client.status().all_synced


# ---------------------------------------------------------------------------------- rejected sets


def reject_phone(ada: Tablet, branch: Branch) -> None:
    branch.reject = lambda one: [
        {"change": 0, "field": "phone", "code": "invalid-value", "message": "…"}
    ]
    ada.client.edit(CHEN, {"phone": "10000000021", "preferences": "甲。"})
    ada.client.sync()
    branch.reject = lambda one: None


def test_a_rejected_set_keeps_its_words_and_its_reason(ada: Tablet, branch: Branch) -> None:
    reject_phone(ada, branch)
    ada.client.edit(LIU, {"phone": "10000000029"})
    ada.client.sync()

    (thing,) = ada.client.attention()
    assert thing.set is not None
    assert (thing.reason, thing.set.errors[0]["field"]) == ("rejected", "phone")
    assert thing.set.changes[0].set["preferences"] == "甲。"
    assert [state for _, state in ada.client.sets()] == ["needs_attention", "accepted"]
    assert not ada.client.status().all_synced


def test_mending_is_a_new_set_over_the_rejected_one(ada: Tablet, branch: Branch) -> None:
    reject_phone(ada, branch)

    ada.client.mend(1, {CHEN: {"phone": "10000000022"}})

    (change,) = last_changes(ada)
    assert change["set"] == {"phone": "10000000022", "preferences": "甲。"}
    assert change["over"] == {"phone": 1, "preferences": 1}
    assert ada.client.attention() == []
    ada.client.sync()
    assert ada.client.status().all_synced


def test_mending_passes_over_a_set_that_was_made_after(ada: Tablet, branch: Branch) -> None:
    reject_phone(ada, branch)
    ada.client.edit(CHEN, {"preferences": "乙。"})

    ada.client.mend(1, {CHEN: {"phone": "10000000022"}})

    assert last_changes(ada)[0]["over"] == {"phone": 1, "preferences": 2}


def test_words_mended_late_are_sent_on_what_they_were_typed_on(ada: Tablet, branch: Branch) -> None:
    reject_phone(ada, branch)
    base = ada.store.own_sets()[0].base
    ada.client.edit(CHEN, {"preferences": "乙。"})
    ada.client.sync()

    mended = ada.client.mend(1, {CHEN: {"phone": "10000000022"}})

    assert last_changes(ada)[0]["over"] == {"phone": 1}
    assert mended.base == base < ada.store.identity().position


def test_a_rejected_creation_is_mended_under_its_id(ada: Tablet, branch: Branch) -> None:
    branch.reject = lambda one: [{"change": 0, "field": "title", "code": "invalid-value"}]
    task = ada.client.create(
        "task", CHEN, {"title": "x", "due_on": "2026-06-20", "source": "manual"}
    )
    ada.client.sync()
    branch.reject = lambda one: None

    ada.client.mend(1, {task: {"title": "回访"}})
    ada.client.sync()

    assert ada.client.record(task).fields["title"] == "回访"
    assert ada.client.status().all_synced


def test_a_discarded_set_needs_nobody(ada: Tablet, branch: Branch) -> None:
    reject_phone(ada, branch)

    ada.client.discard(1)

    assert ada.client.attention() == []
    assert ada.client.status().all_synced
    assert ada.store.own_sets()[0].content is not None
    with pytest.raises(NotPossibleError):
        ada.client.discard(1)
    with pytest.raises(NotPossibleError):
        ada.client.mend(1)


def test_an_accepted_set_is_neither_mended_nor_discarded(ada: Tablet, branch: Branch) -> None:
    ada.client.edit(CHEN, {"phone": "10000000021"})
    ada.client.sync()

    for decide in (ada.client.discard, ada.client.mend):
        with pytest.raises(NotPossibleError):
            decide(1)


def test_a_returned_note_needs_attention(ada: Tablet, branch: Branch) -> None:
    note = ada.client.note(CHEN, "routine", narrative="长势正常。")
    ada.client.sync()
    branch.put("inspection_note", note, CHEN, state="returned", supervisor_comment="请补拍。")
    ada.client.sync()

    (thing,) = ada.client.attention()
    assert thing.reason == "returned"
    assert thing.record is not None
    assert thing.record.id == note
