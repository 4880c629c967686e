"""What is loaded for the engine, and what of it is only seen by the device that sends again."""

from __future__ import annotations

from dataclasses import replace

from schemas.values import derived_id
from sync.ledger import Ledger
from tests.sync.village import Person, Village, named


def test_what_is_loaded_twice_is_there_once() -> None:
    village = Village()
    li, zhao = village.tablet("li"), village.tablet("zhao")
    zhao.put("C1", "name", "Z")
    li.put("C1", "name", "L")
    states = [village.record("C1"), *village.all_conflicts()]

    ledger = Ledger(village.ledger.head)
    ledger.load(states, village.history("C1"))
    ledger.load(states)

    assert ledger.records == {it.id: it for it in states}
    assert ledger.conflicts == {(named("C1"), "name"): [states[1].id]}
    assert ledger.history[named("C1")] == village.history("C1")


def sent_again(village: Village, old: Person, *numbers: int) -> str:
    """Let a new device of the same user send sets of the old one again; return its id."""
    device = named("tablet new")
    sent = {derived_id("set", old.actor.device, str(it)) for it in numbers}
    village.ledger.adopt(sent, device)
    return device


def test_a_history_whose_record_is_not_loaded_is_adopted_alone() -> None:
    village = Village()
    old = village.tablet("li")
    old.edit("C1", name="L")
    del village.ledger.records[named("C1")]

    device = sent_again(village, old, 1)

    assert village.history("C1")[-1].device == device
    assert named("C1") not in village.ledger.unadopted


def test_below_the_history_that_was_loaded_somebody_else_may_have_been() -> None:
    village = Village()
    old = village.tablet("li")
    old.edit("C1", name="L")
    village.ledger.history[named("C1")] = village.history("C1")[-1:]

    device = sent_again(village, old, 1)

    state = village.record("C1")
    assert (state.marks["name"].device, state.marks["name"].other) == (device, 1)
    assert state.created_device != device


def test_a_record_that_was_not_adopted_is_written_as_it_is() -> None:
    village = Village()
    sent_again(village, village.tablet("li"))

    assert village.ledger.as_logged(named("C1")) is village.record("C1")


def test_what_only_moved_a_record_is_no_edit_in_its_marks() -> None:
    village = Village()
    old = village.tablet("li")
    old.create("note", "N1", words="甲。")
    stored = village.record("N1")
    sent_again(village, old, 1)
    moving = village.history("N1")[-1]
    move = replace(moving, op="move", position=village.ledger.head + 1, device="office")
    another = replace(move, record=named("N2"))
    edit = replace(move, op="update", units={}, device="T9")
    village.ledger.written = [another, edit, move]

    logged = village.ledger.as_logged(named("N1"))

    assert (logged.mark.position, logged.mark.device) == (move.position, "T9")
    assert logged.marks["words"].device == "office"
    assert logged.marks["words"].other == stored.marks["words"].position
    assert logged.created_device == stored.created_device
