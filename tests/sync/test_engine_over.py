"""`over`: an edit made over the device's own value that the server had not confirmed (section 3)."""

from __future__ import annotations

import pytest

from schemas.messages import Change, ChangeSet
from schemas.values import derived_id
from sync.engine import Engine
from tests.sync.village import REGISTRY, TODAY, Person, Village, codes, creation, named, shown


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def li(village: Village) -> Person:
    return village.tablet("li")


def test_over_a_number_that_did_not_set_the_field(village: Village, li: Person) -> None:
    li.edit("C1", phone="L")

    assert codes(li.edit("C1", over={"name": 1}, name="M")) == ["bad-change"]


@pytest.mark.parametrize("number", [2, 3, 9])
def test_over_a_number_that_is_not_earlier(village: Village, li: Person, number: int) -> None:
    li.edit("C1", phone="L")

    assert codes(li.edit("C1", over={"phone": number}, phone="M")) == ["bad-change"]


def test_over_a_number_that_is_not_the_newest(village: Village, li: Person) -> None:
    for phone in ("1", "2"):
        li.edit("C1", phone=phone)

    assert codes(li.edit("C1", over={"phone": 1}, phone="3")) == ["bad-change"]
    assert li.edit("C1", over={"phone": 2}, phone="4").status == "applied"


def test_a_rejected_set_between_is_not_the_newest(village: Village, li: Person) -> None:
    li.edit("C1", phone="1")
    li.refused(phone="2")

    assert li.edit("C1", over={"phone": 1}, phone="3").status == "applied"


def test_a_chain_passes_over_a_rejected_set_to_the_stored_one(village: Village) -> None:
    village.office.edit("C1", remark="甲。乙。")
    li = village.tablet("li")
    li.edit("C1", remark="甲。乙。丙。")
    village.tablet("zhao").edit("C1", remark="甲甲。乙。丙。")
    change = li.change("C1", {"remark": 1, "limit": 1}, remark="甲。乙。丙。丁。", limit=1)
    assert codes(li.send(change)) == ["bad-change"]

    result = li.edit("C1", over={"remark": 2}, remark="甲。乙。丙。丁。")

    assert (result.status, village.value("C1", "remark")) == ("merged", "甲甲。乙。丙。丁。")


def test_over_what_was_never_stored_the_lowest_base_gives_the_ancestor(village: Village) -> None:
    """A form was open while its user pulled, typed into another one twice, and met a colleague."""
    village.office.create("note", "N1", words="甲。")
    li, form = village.tablet("li"), village.ledger.head
    village.office.edit("N1", words="甲。乙。")
    village.tablet("zhao").edit("N1", words="丙。")
    seen = village.ledger.head - 1
    assert li.edit("N1", words="丁。", base=seen).status == "conflict"
    assert li.edit("N1", {"words": 1}, words="戊。", base=seen).status == "conflict"

    result = li.edit("N1", {"words": 2}, words="甲。己。", base=form)

    assert (result.status, village.value("N1", "words")) == ("merged", "丙。己。")


def test_over_is_ignored_once_the_value_was_in_view(village: Village, li: Person) -> None:
    village.tablet("zhao").edit("C1", name="Z")
    li.pull().edit("C1", name="L")

    result = li.pull().edit("C1", over={"name": 1}, name="M")

    assert result.status == "applied"


def test_a_later_change_of_one_set_is_made_over_the_earlier(village: Village, li: Person) -> None:
    result = li.send(*(li.change("C1", name=it) for it in ("L", "M")))

    assert (result.status, village.value("C1", "name")) == ("applied", "M")


def test_a_later_change_of_a_set_in_conflict_joins(village: Village, li: Person) -> None:
    village.tablet("zhao").edit("C1", name="Z")

    li.send(*(li.change("C1", name=it) for it in ("L", "M")))

    assert [shown(it) for it in village.conflicts("C1", "name")] == [
        ("Chen", "Z", ["L", "M"], "open")
    ]


def test_an_edit_over_the_own_create(village: Village, li: Person) -> None:
    li.create("note", "N1", words="甲。")

    assert li.edit("N1", over={"words": 1}, words="乙。").status == "applied"
    assert village.value("N1", "words") == "乙。"


def test_an_edit_over_a_create_that_was_there_already(village: Village, li: Person) -> None:
    village.office.create("note", "N1", words="甲。")

    assert li.create("note", "N1", words="甲。").status == "applied"
    assert li.edit("N1", over={"words": 1}, words="甲。乙。").status == "merged"
    assert village.value("N1", "words") == "甲。乙。"


def test_an_edit_over_a_stand_in_has_its_base(village: Village, li: Person) -> None:
    village.tablet("zhao").edit("C1", name="Z")
    stand_in = ChangeSet(1, derived_id("1"), None, 1, li.base, "too-large", None, None, ())
    village.ledger.decided = li.decided
    Engine(REGISTRY, village.ledger, named("branch"), TODAY).reject(stand_in, [])
    li.number = 1

    assert li.pull().edit("C1", over={"name": 1}, name="L").status == "conflict"


def test_an_edit_over_one_that_made_an_invalid_record(village: Village, li: Person) -> None:
    village.office.edit("C1", start=1, end=9)
    li.pull()
    village.tablet("zhao").edit("C1", end=3)
    assert li.edit("C1", start=5).status == "conflict"

    assert li.edit("C1", over={"start": 1}, start=2).status == "merged"
    assert village.value("C1", "start") == 2


def test_an_edit_over_one_that_came_late(village: Village, li: Person) -> None:
    village.take_away("C1", "li")
    assert li.edit("C1", name="L").status == "conflict"

    assert li.edit("C1", over={"name": 1}, name="M").status == "conflict"
    assert [shown(it)[2] for it in village.conflicts("C1")] == [[{"name": "L"}], [{"name": "M"}]]


def test_a_group_is_named_by_its_name(village: Village, li: Person) -> None:
    li.edit("C1", amount=100, months=12)

    result = li.edit("C1", over={"terms": 1}, amount=200, months=12)

    assert (result.status, village.value("C1", "amount")) == ("applied", 200)


def test_a_base_above_the_head(village: Village, li: Person) -> None:
    head = village.ledger.head

    assert codes(li.edit("C1", base=head + 1, phone="L")) == ["bad-change"]
    assert li.edit("C1", base=head, phone="L").status == "applied"


def test_a_set_is_stored_whole_or_not_at_all(village: Village, li: Person) -> None:
    head, version = village.ledger.head, village.record("C1").version

    result = li.send(
        creation("note", "N1", "C1", words="甲。"),
        li.change("C1", phone="L"),
        Change("update", "customer", named("C1"), named("C1"), {"limit": 1}),
    )

    assert (result.status, codes(result)) == ("rejected", ["not-permitted"])
    assert result.errors[0].change == 2
    assert (village.ledger.head, village.record("C1").version) == (head, version)
    assert named("N1") not in village.ledger.records


# --------------------------------------------------------------------- a device registered anew


def test_what_a_device_sends_again_did_not_come_from_another(village: Village) -> None:
    """A copied store registers as a new device and sends again what the old one had sent first."""
    old = village.tablet("li", "old")
    new = village.tablet("li", "new")
    old.edit("C1", name="L")
    sent = derived_id("set", old.actor.device, "1")
    new.decided[1] = old.decided[1]
    new.number = 1

    village.ledger.adopt({sent}, new.actor.device)

    assert new.edit("C1", over={"name": 1}, name="M").status == "applied"
    assert village.all_conflicts() == []


def test_what_the_old_device_did_besides_came_from_another(village: Village) -> None:
    old = village.tablet("li", "old")
    new = village.tablet("li", "new")
    old.edit("C1", name="L")
    old.edit("C1", name="K")
    new.number = 1

    village.ledger.adopt({derived_id("set", old.actor.device, "1")}, new.actor.device)

    assert new.edit("C1", name="M").status == "conflict"


def test_a_record_that_was_sent_again_is_the_new_devices_own(village: Village) -> None:
    old = village.tablet("li", "old")
    new = village.tablet("li", "new")
    old.create("note", "N1", words="甲。")
    new.number = 1
    village.ledger.adopt({derived_id("set", old.actor.device, "1")}, new.actor.device)
    village.take_away("C1", "li")

    assert new.edit("N1", words="甲。乙。").status == "applied"
    assert village.all_conflicts() == []


def test_what_lies_below_a_create_that_was_sent_again_is_nobodys(village: Village) -> None:
    """Others worked on since the new device's base, but never on this record: it is simply deleted."""
    old = village.tablet("li", "old")
    new = village.tablet("li", "new")
    village.office.edit("C1", phone="p1")
    old.create("note", "N1", words="甲。")
    created = village.history("N1")[0]
    sent = {derived_id("set", old.actor.device, "1")}
    new.number = 1
    village.ledger.adopt(sent, new.actor.device)
    new.edit("N1", mood="good")
    village.ledger.records[named("N1")] = village.ledger.as_logged(named("N1"))
    village.ledger.history[named("N1")][0] = created  # the next request: all as it was stored

    village.ledger.adopt(sent, new.actor.device)

    assert new.delete("N1").status == "applied"
    assert village.all_conflicts() == []


def test_what_was_adopted_is_not_written_down(village: Village) -> None:
    """The log names the old device for ever; the stored marks say what the log says."""
    old = village.tablet("li", "old")
    new = village.tablet("li", "new")
    old.edit("C1", name="L")
    logged = village.record("C1").marks["name"]
    village.ledger.adopt({derived_id("set", old.actor.device, "1")}, new.actor.device)
    new.number = 1
    new.edit("C1", name="M")

    marks = village.ledger.as_logged(named("C1")).marks
    position = village.history("C1")[-1].position
    assert marks["name"] == logged.moved(position, new.actor.device)
    assert village.record("C1").marks["name"].other < logged.position
