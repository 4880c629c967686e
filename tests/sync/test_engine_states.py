"""Moves of a state machine: judged from the state they were made in (section 4, `state`)."""

from __future__ import annotations

import pytest

from tests.sync.village import Person, Village, codes, creation, shown


@pytest.fixture
def village() -> Village:
    made = Village()
    made.office.create("task", "K1")
    return made


@pytest.fixture
def li(village: Village) -> Person:
    return village.tablet("li")


@pytest.fixture
def zhao(village: Village) -> Person:
    return village.tablet("zhao")


def test_a_new_record_is_in_its_first_state(village: Village, li: Person) -> None:
    assert village.value("K1", "status") == "open"
    assert codes(li.create("task", "K2", status="done")) == ["invalid-transition"]


def test_a_move_that_the_machine_knows(village: Village, li: Person) -> None:
    assert li.edit("K1", status="started").status == "applied"
    assert village.value("K1", "status") == "started"


def test_a_move_that_it_does_not_know(li: Person) -> None:
    assert codes(li.edit("K1", status="approved")) == ["invalid-transition"]


def test_a_move_for_others(village: Village, li: Person) -> None:
    li.edit("K1", status="done")

    assert codes(li.pull().edit("K1", status="approved")) == ["not-permitted"]
    assert village.web().edit("K1", status="approved").status == "applied"


def test_a_move_that_needs_a_reason(li: Person) -> None:
    assert codes(li.edit("K1", status="cancelled")) == ["required"]
    assert li.edit("K1", status="cancelled", why="moved away").status == "applied"


def test_a_move_whose_reason_a_colleague_has_cleared_is_kept_for_people_to_see(
    village: Village, li: Person, zhao: Person
) -> None:
    village.office.edit("K1", why="drought")
    zhao.pull().edit("K1", why=None)

    result = li.edit("K1", status="cancelled", why="moved away")

    assert (result.status, village.value("K1", "status")) == ("conflict", "open")
    (conflict,) = village.conflicts("K1")
    assert conflict.fields["kind"] == "invalid"
    assert shown(conflict)[2] == [{"status": "cancelled", "why": "moved away"}]


def test_the_same_move_twice(li: Person, zhao: Person) -> None:
    assert [it.edit("K1", status="done").status for it in (li, zhao)] == ["applied", "merged"]


def test_a_move_after_a_colleagues_is_a_conflict(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.edit("K1", status="started")

    assert li.edit("K1", status="done").status == "conflict"
    (conflict,) = village.conflicts("K1", "status")
    assert conflict.fields["kind"] == "state"
    assert shown(conflict) == ("open", "started", ["done"], "open")


def test_a_move_away_and_back_is_still_a_move(village: Village, li: Person) -> None:
    village.office.edit("K1", status="started")
    li.pull()
    for person in (village.web("wang"), village.web("sun")):
        person.send(person.change("K1", status="done"))

    assert codes(li.edit("K1", status="open")) == ["invalid-transition"]
    assert li.edit("K1", status="done").status == "merged"


def test_ones_own_stored_moves_count(village: Village, li: Person) -> None:
    li.edit("K1", status="started")

    assert codes(li.edit("K1", status="cancelled", why="no")) == ["invalid-transition"]
    assert li.edit("K1", over={"status": 1}, status="done").status == "applied"


def test_a_later_move_of_a_chain_joins_the_conflict(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.edit("K1", status="cancelled", why="no")
    moves = [li.edit("K1", status="started"), li.edit("K1", over={"status": 1}, status="done")]

    assert [it.status for it in moves] == ["conflict", "conflict"]
    assert [shown(it)[1:3] for it in village.all_conflicts()] == [
        ("cancelled", ["started", "done"])
    ]


def test_a_chain_in_a_conflict_must_lead_somewhere(li: Person, zhao: Person) -> None:
    zhao.edit("K1", status="done")
    li.edit("K1", status="started")

    result = li.edit("K1", over={"status": 1}, status="cancelled", why="no")

    assert codes(result) == ["invalid-transition"]


def test_a_chain_that_ends_where_the_colleague_went(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.edit("K1", status="done")
    li.edit("K1", status="started")

    result = li.edit("K1", over={"status": 1}, status="done")

    assert result.status == "merged"
    assert [shown(it)[2] for it in village.all_conflicts()] == [["started"]]


def test_a_move_over_a_rejected_move(village: Village, li: Person) -> None:
    assert codes(li.edit("K1", status="approved")) == ["invalid-transition"]

    assert codes(li.edit("K1", over={"status": 1}, status="done")) == ["depends-on-rejected"]
    assert village.value("K1", "status") == "open"


def test_a_move_over_a_rejected_one_joins_no_conflict_of_others(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.edit("K1", status="started")
    village.tablet("li", "other").edit("K1", base=li.base, status="done")
    li.edit("K1", status="approved")

    assert codes(li.edit("K1", over={"status": 1}, status="done")) == ["depends-on-rejected"]


def test_a_move_over_one_whose_conflict_is_settled(
    village: Village, li: Person, zhao: Person
) -> None:
    zhao.edit("K1", status="started")
    li.edit("K1", status="done")
    village.web().resolve(village.all_conflicts()[0], "keep")

    assert codes(li.edit("K1", over={"status": 1}, status="approved")) == ["depends-on-rejected"]


def test_a_move_of_a_record_whose_state_the_server_filled_in(village: Village, li: Person) -> None:
    li.create("task", "K2")

    assert li.edit("K2", status="started").status == "applied"
    assert codes(li.edit("K2", status="approved")) == ["invalid-transition"]


# --------------------------------------------------------------------------------------- the timer


def test_the_timer_never_conflicts(village: Village, li: Person) -> None:
    village.timer().edit("K1", status="expired")

    assert li.edit("K1", status="done").status == "merged"
    assert village.value("K1", "status") == "done"


def test_a_move_that_is_not_valid_from_the_timers_state(village: Village, li: Person) -> None:
    village.timer().edit("K1", status="expired")

    assert codes(li.edit("K1", status="started")) == ["invalid-transition"]


def test_a_colleagues_move_after_the_timers_conflicts(
    village: Village, li: Person, zhao: Person
) -> None:
    village.timer().edit("K1", status="expired")
    zhao.pull().edit("K1", status="done")

    assert li.edit("K1", status="started").status == "conflict"


def test_the_office_is_no_timer(village: Village, li: Person) -> None:
    village.office.edit("K1", status="expired")

    assert li.edit("K1", status="done").status == "conflict"


# -------------------------------------------------------------------------- made a second time


def test_a_second_makers_task_does_not_take_the_first_ones_move_back(
    village: Village, li: Person, zhao: Person
) -> None:
    li.send(creation("task", "K3", "C1", status="open", why="a"))
    li.pull().edit("K3", status="done")

    result = zhao.send(creation("task", "K3", "C1", status="open", why="a"))

    assert (result.status, village.value("K3", "status")) == ("merged", "done")
    assert village.all_conflicts() == []
