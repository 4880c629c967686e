"""What an assignment does to the scope of officers (section 7)."""

from __future__ import annotations

import pytest

from schemas.messages import Change
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
