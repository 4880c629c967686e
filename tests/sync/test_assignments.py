"""What an assignment does to the scope of officers (section 7)."""

from __future__ import annotations

import pytest

from schemas.messages import Change
from schemas.values import derived_id
from sync.ledger import Mark, Written
from tests.sync.village import TODAY, Village, named


@pytest.fixture
def village() -> Village:
    return Village()


def holds(village: Village, user: str) -> list[tuple[str, bool]]:
    """Return the roles in which a user has held C1, and whether each goes on."""
    holders = village.record("C1").holders
    return [(it.role, it.ended is None) for it in holders if it.user == named(user)]


def moves(village: Village, user: str, above: int) -> list[str]:
    """Return how C1 came to and went from a user after the first *above* moves."""
    return [it.kind for it in village.ledger.moves[above:] if it.user == named(user)]


def test_who_registers_a_customer_on_a_tablet_becomes_its_primary(village: Village) -> None:
    li = village.tablet("li")
    li.create("customer", "C9", "C9", name="New")

    (holding,) = village.record("C9").holders
    given = village.ledger.records[holding.assignment]
    (told,) = village.ledger.history[given.id]
    wanted = {
        "officer_id": named("li"), "customer_id": named("C9"), "role": "primary", "valid_from": TODAY,
    }  # fmt: skip
    mark = Mark(told.position, li.actor.device)
    assert (holding.user, holding.role, holding.ended) == (named("li"), "primary", None)
    assert holding.since == given.version == given.created_position == told.position
    assert (given.type, given.customer, given.fields) == ("assignment", None, wanted)
    assert given.id == derived_id("assignment", named("C9"), named("li"), li.set_id(1))
    assert (given.mark, given.marks) == (mark, dict.fromkeys(wanted, mark))
    assert (given.created_by, given.changed_by) == (named("li"), named("li"))
    assert (given.created_device, given.changed_at) == (li.actor.device, told.made_at)
    assert (told.op, told.altered) == ("create", True)
    assert told.units == {name: Written(None, None, value) for name, value in wanted.items()}
    assert [it.kind for it in village.ledger.moves if it.customer == named("C9")] == ["in"]


def test_who_registers_a_customer_at_the_office_holds_nobody(village: Village) -> None:
    village.office.create("customer", "C8", "C8", name="New")
    village.web("zhao").create("customer", "C9", "C9", name="New")

    assert village.record("C8").holders == village.record("C9").holders == ()


def test_a_cover_that_is_prolonged_moves_nobody(village: Village) -> None:
    cover = village.assign("C1", "wu", "cover", until="2026-07-01")
    before = len(village.ledger.moves)

    assert village.office.edit(cover, valid_to="2026-08-01").status == "applied"

    assert holds(village, "wu") == [("cover", True)]
    assert moves(village, "wu", before) == []


def test_who_holds_a_customer_twice_gets_and_loses_him_once(village: Village) -> None:
    before = len(village.ledger.moves)
    first = village.assign("C1", "wu", "cover")
    second = village.assign("C1", "wu", "inspector")
    assert moves(village, "wu", before) == ["in"]

    village.office.edit(first, valid_to="2026-06-15")
    assert moves(village, "wu", before) == ["in"]
    assert holds(village, "wu") == [("cover", False), ("inspector", True)]

    village.office.edit(second, valid_to="2026-06-15")
    assert moves(village, "wu", before) == ["in", "left"]


def test_a_new_primary_ends_the_old_one_on_his_record(village: Village) -> None:
    old = next(it.assignment for it in village.record("C1").holders if it.role == "primary")

    village.assign("C1", "wu")

    ended = village.ledger.records[old]
    told = village.ledger.history[old][-1]
    assert ended.fields["valid_to"] == TODAY
    assert (told.op, dict(told.units)) == ("update", {"valid_to": Written(None, None, TODAY)})
    assert told.altered
    assert ended.version == told.position
    assert ended.marks["valid_to"] == Mark(told.position, village.office.actor.device)
    assert (holds(village, "li"), holds(village, "wu")) == (
        [("primary", False)], [("primary", True)],
    )  # fmt: skip


def test_a_last_day_that_is_told_already_is_not_written_again(village: Village) -> None:
    village.take_away("C1", "li")
    ending = village.assign("C1", "li", until=TODAY)
    version = village.record(ending).version

    village.assign("C1", "wu")

    assert (village.record(ending).version, village.value(ending, "valid_to")) == (version, TODAY)
    assert holds(village, "li")[-1] == ("primary", False)


def test_an_assignment_that_has_ended_may_be_said_to_end_again(village: Village) -> None:
    cover = village.assign("C1", "wu", "cover")
    village.office.edit(cover, valid_to="2026-06-15")
    before = len(village.ledger.moves)
    ended = [it.ended for it in village.record("C1").holders]

    again = Change("update", "assignment", named(cover), None, {"valid_to": "2026-06-14"})
    assert village.office.send(again).status == "applied"

    assert [it.ended for it in village.record("C1").holders] == ended
    assert moves(village, "wu", before) == []


def test_the_day_that_a_temporary_assignment_had_is_in_its_history(village: Village) -> None:
    village.take_away("C1", "li")
    ending = village.assign("C1", "li", until="2027-01-01")

    village.assign("C1", "wu")

    assert village.history(ending)[-1].units["valid_to"] == Written("2027-01-01", None, TODAY)


def test_on_its_last_day_a_cover_still_holds(village: Village) -> None:
    cover = village.assign("C1", "wu", "cover", until=TODAY)
    assert holds(village, "wu") == [("cover", True)]

    village.office.edit(cover, valid_to="2026-07-01")
    village.office.edit(cover, valid_to=TODAY)
    assert holds(village, "wu") == [("cover", True)]


def test_a_cover_that_has_ended_is_given_anew_by_a_later_last_day(village: Village) -> None:
    cover = village.assign("C1", "wu", "cover")
    village.office.edit(cover, valid_to="2026-06-15")

    village.office.edit(cover, valid_to="2026-07-01")

    assert holds(village, "wu") == [("cover", False), ("cover", True)]


def test_a_last_day_that_is_said_once_more_ends_the_hold_where_the_log_says_so(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    cover = village.assign("C1", "wu", "cover", until=TODAY)
    version = village.record(cover).version
    monkeypatch.setattr("tests.sync.village.TODAY", "2026-06-17")

    village.office.edit(cover, valid_to=TODAY)

    (holding,) = [it for it in village.record("C1").holders if it.user == named("wu")]
    assert holding.ended == village.history(cover)[-1].position > version
