"""Sets of an earlier epoch that lack what a restored server has lost: held, and tried again (section 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.messages import Change, SetResult
from sync.held import NOW, Since
from tests.sync.village import Person, Village, codes, creation, edition, named

Json = Any
EARLIER = Since(is_earlier=True)
KEEP = {"status": "resolved", "resolution": "keep"}
CHANGE_OF_C9 = Change("update", "customer", named("C9"), named("C9"), {"phone": "L"})


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def li(village: Village) -> Person:
    """Li, whose sets were made before the server was restored."""
    found = village.tablet("li")
    found.since = EARLIER
    return found


def again(person: Person, number: int, *changes: Change, base: int | None = None) -> SetResult:
    """Decide a set of a person once more, knowing the sets that he has sent behind it."""
    last, base = person.number, person.base if base is None else base
    later = frozenset(map(person.set_id, range(number + 1, last + 1)))
    for change in changes:
        person.held_creates.discard(change.id)
    person.since = Since(True, later)
    result = person.send(*changes, number=number, base=base)
    person.number, person.since = last, EARLIER
    return result


def note_under(customer: str) -> Change:
    return creation("note", "N9", customer, words="甲。")


NAMES_NOTHING: dict[str, Callable[[Village], Change]] = {
    "an edit of an unknown customer": lambda _: CHANGE_OF_C9,
    "a record under an unknown customer": lambda _: note_under("C9"),
    "an edit of an unknown record": lambda _: Change("update", "note", named("N8"), named("C1"), {"words": "乙。"}),
    "a deletion of an unknown record": lambda _: Change("delete", "note", named("N8"), named("C1"), reason="twice"),
    "a reference to an unknown record": lambda _: creation("visit", "V9", "C1", note_id=named("N8")),
    "an unknown parent": lambda _: creation("valuation", "X9", "C1", asset_id=named("A8"), worth=1),
    "an edit of unknown reference record": lambda _: Change("update", "user", named("U8"), None, {"name": "L"}),
    "an unknown conflict": lambda _: Change("update", "conflict", named("K8"), named("C1"), KEEP),
    "a customer of another officer": lambda it: edition(it.record("C2"), None, phone="L"),
    "a record under a customer of another officer": lambda _: note_under("C2"),
}  # fmt: skip


@pytest.mark.parametrize("which", NAMES_NOTHING)
def test_what_a_set_of_an_earlier_epoch_lacks_is_waited_for(
    village: Village, li: Person, which: str
) -> None:
    before = village.ledger.head

    result = li.send(NAMES_NOTHING[which](village))

    assert (result.status, result.changes) == ("held", ())
    assert codes(result) == ["unknown-record"]
    assert village.ledger.head == before


LOST_MERGES: dict[str, Callable[[Village], Change]] = {
    "an edit": lambda _: Change("update", "note", named("N1"), named("C3"), {"words": "乙。"}),
    "a deletion": lambda _: Change("delete", "note", named("N1"), named("C3"), reason="twice"),
}


def _note_it(village: Village, li: Person) -> None:
    """Let Li look after C3 too, and have a note under C1."""
    village.register("C3", "li", name="Wu", phone="r0")
    village.office.create("note", "N1", "C1", words="甲。")
    li.pull()


@pytest.mark.parametrize("which", LOST_MERGES)
def test_work_of_an_earlier_epoch_is_about_its_record_under_whomever_it_hangs_now(
    village: Village, li: Person, which: str
) -> None:
    _note_it(village, li)

    result = li.send(LOST_MERGES[which](village))

    assert (result.status, [it.id for it in result.changes]) == ("merged", [named("N1")])


@pytest.mark.parametrize("which", LOST_MERGES)
def test_work_of_today_names_the_customer_of_its_record(
    village: Village, li: Person, which: str
) -> None:
    _note_it(village, li)
    li.since = NOW

    assert codes(li.send(LOST_MERGES[which](village))) == ["bad-change"]


@pytest.mark.parametrize("which", NAMES_NOTHING)
def test_what_a_set_of_today_lacks_rejects_it(village: Village, li: Person, which: str) -> None:
    li.since = NOW

    assert li.send(NAMES_NOTHING[which](village)).status == "rejected"


def test_a_customer_known_to_have_left_is_waited_for(village: Village, li: Person) -> None:
    village.take_away("C1", "li")
    li.pull()

    assert codes(held := li.edit("C1", phone="L")) == ["out-of-scope"]
    assert held.status == "held"


AT_FAULT: dict[str, Change] = {
    "a field that an officer may not set": Change("update", "customer", named("C1"), named("C1"), {"limit": 1}),
    "a move that is none": Change("update", "task", named("T1"), named("C1"), {"status": "approved"}),
}  # fmt: skip


@pytest.mark.parametrize("which", AT_FAULT)
def test_a_fault_that_nothing_can_mend_rejects_at_once(
    village: Village, li: Person, which: str
) -> None:
    village.office.create("task", "T1", status="open")

    assert li.send(AT_FAULT[which]).status == "rejected"


def test_a_held_set_does_not_stop_the_sets_behind_it(village: Village, li: Person) -> None:
    assert li.send(CHANGE_OF_C9).status == "held"

    assert li.edit("C1", phone="L").status == "applied"
    assert village.value("C1", "phone") == "L"


@pytest.mark.parametrize("since", [EARLIER, NOW])
def test_a_set_that_needs_what_only_a_held_one_would_make_is_held(
    village: Village, li: Person, since: Since
) -> None:
    assert li.send(note_under("C9")).status == "held"
    li.since = since

    on_top = Change("update", "note", named("N9"), named("C9"), {"words": "乙。"})
    assert li.send(on_top).status == "held"
    assert li.send(creation("visit", "V9", "C1", note_id=named("N9"))).status == "held"


def test_a_move_that_goes_on_from_a_held_one_is_held(village: Village, li: Person) -> None:
    village.office.create("task", "T1", status="open")
    li.pull()
    start = Change("update", "task", named("T1"), named("C1"), {"status": "started"})
    assert li.send(start, note_under("C9")).status == "held"
    li.since = NOW

    assert li.edit("T1", over={"status": 1}, status="done").status == "held"
    assert village.value("T1", "status") == "open"


def test_what_needs_a_rejected_set_is_rejected_all_the_same(village: Village, li: Person) -> None:
    bad = creation("note", "N9", "C1", words="甲。")
    wrong = Change("update", "customer", named("C1"), named("C1"), {"limit": 1})
    assert li.send(bad, wrong).status == "rejected"

    on_top = Change("update", "note", named("N9"), named("C1"), {"words": "乙。"})
    assert codes(li.send(on_top)) == ["depends-on-rejected"]


# -------------------------------------------------------------------------------------- tried again


def test_a_held_set_is_applied_when_what_it_lacked_is_there(village: Village, li: Person) -> None:
    li.send(CHANGE_OF_C9)
    village.register("C9", "li", name="Lost", phone="p9")

    assert again(li, 1, CHANGE_OF_C9).status == "merged"  # the office was at it above the base
    assert village.value("C9", "phone") == "L"


LATER: dict[str, tuple[Json, Json, Json]] = {
    "phone": ("first", "later", "later"),
    "name": ("first", "later", "later"),
    "remark": ("甲。乙。", "甲。丙。", "甲。丙。"),
    "visits": (9, 5, 5),
    "tags": ({"add": ["a", "b"]}, {"remove": ["b"]}, ["a"]),
}


@pytest.mark.parametrize("field", LATER)
def test_it_overwrites_nothing_that_a_later_set_has_stored(
    village: Village, li: Person, field: str
) -> None:
    first, later, stands = LATER[field]
    base = li.base
    held = li.change("C1", **{field: first})
    assert li.send(held, note_under("C9")).status == "held"
    assert li.edit("C1", **{field: later}).status == "applied"
    village.register("C9", "li", name="Lost", phone="p9")

    result = again(li, 1, held, note_under("C9"), base=base)

    assert [it.status for it in result.changes] == ["merged", "applied"]
    assert village.value("C1", field) == stands
    assert village.history("C1")[-1].units[field].sent == first


def test_it_still_sets_what_the_later_set_left_alone(village: Village, li: Person) -> None:
    held = li.change("C1", phone="L", name="Chen Li")
    li.send(held, note_under("C9"))
    li.edit("C1", name="Chen Li Li")
    village.register("C9", "li", name="Lost", phone="p9")

    again(li, 1, held, note_under("C9"))

    assert village.value("C1", "phone") == "L"
    assert village.value("C1", "name") == "Chen Li Li"


def test_an_earlier_set_of_the_device_is_overwritten_as_ever(village: Village, li: Person) -> None:
    li.edit("C1", phone="1")
    held = li.change("C1", {"phone": 1}, phone="2")
    li.send(held, note_under("C9"))
    village.register("C9", "li", name="Lost", phone="p9")

    again(li, 2, held, note_under("C9"))

    assert village.value("C1", "phone") == "2"


def test_a_deletion_spares_what_its_device_has_edited_since(village: Village, li: Person) -> None:
    village.office.create("note", "N1", words="甲。")
    li.pull()
    gone = Change("delete", "note", named("N1"), named("C1"), reason="twice")
    li.send(gone, note_under("C9"))
    li.edit("N1", words="乙。")
    village.register("C9", "li", name="Lost", phone="p9")

    result = again(li, 1, gone, note_under("C9"))

    assert [it.status for it in result.changes] == ["merged", "applied"]
    assert not village.record("N1").deleted


def test_what_others_wrote_meanwhile_meets_it_as_if_it_had_come_in_time(
    village: Village, li: Person
) -> None:
    held = li.change("C1", name="Chen Li")
    li.send(held, note_under("C9"))
    village.tablet("zhao").edit("C1", name="Chen Lei")
    village.register("C9", "li", name="Lost", phone="p9")

    assert again(li, 1, held, note_under("C9")).status == "conflict"
    assert village.value("C1", "name") == "Chen Lei"


def test_it_stays_held_while_anything_is_missing(village: Village, li: Person) -> None:
    changes = (note_under("C9"), creation("note", "N8", "C8", words="乙。"))
    li.send(*changes)
    village.register("C9", "li", name="Lost", phone="p9")

    assert again(li, 1, *changes).status == "held"
    village.register("C8", "li", name="Lost too", phone="p8")
    assert again(li, 1, *changes).status == "applied"


def test_a_set_that_was_rejected_before_the_restore_may_be_passed_over(
    village: Village, li: Person
) -> None:
    base = li.base
    li.edit("C1", phone="L1")
    li.edit("C1", phone="L2")  # refused in the earlier epoch, and not on the screen any more

    over_first = Change(
        "update", "customer", named("C1"), named("C1"), {"phone": "L3"}, {"phone": 1}
    )

    assert li.send(over_first, base=base).status == "applied"
    assert village.value("C1", "phone") == "L3"
    li.since = NOW
    assert codes(li.send(over_first, base=base)) == ["bad-change"]


@pytest.mark.parametrize(
    ("later", "tags"),
    [(None, ["c"]), ({"add": ["b"]}, ["a", "b", "c"]), ({"remove": ["a"]}, ["c"])],
)
def test_of_a_held_sets_elements_those_count_that_no_later_set_has_named(
    village: Village, li: Person, later: Json, tags: list[str]
) -> None:
    """A later set that clears all has named them all."""
    village.office.create("customer", "C9", "C9", name="Wu", tags=["z"])
    wish = Change("update", "customer", named("C9"), named("C9"), {"tags": {"add": ["a"]}})
    assert li.send(wish).status == "held"
    village.assign("C9", "li")
    li.since = NOW
    li.pull().put("C9", "tags", later)
    li.put("C9", "tags", {"add": ["c"], "remove": ["z"]})

    assert again(li, 1, wish).status != "held"

    assert village.value("C9", "tags") == tags
