"""Every policy, one meeting at a time: what stands afterwards, and how it came about (section 4)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.declare import SERVER
from sync.ledger import Entry, Written
from sync.merge import (
    Meeting,
    Settled,
    added_by,
    settle_authority,
    settle_highest,
    settle_latest,
    settle_manual,
    settle_once,
    settle_set,
    settle_text,
    unique,
    without,
)

Json = Any
RANKS = ("supervisor", "officer")


def entry(
    sent: Json,
    kept: Json = ...,
    *,
    at: int = 11,
    device: str = "T2",
    role: str = "officer",
    stamp: str = "2",
    before: Json = None,
) -> Entry:
    """Return the entry of a value that was *sent* to the unit `f`, of which *kept* was stored."""
    written = Written(before, sent, sent if kept is ... else kept)
    return Entry(
        at, "r", "customer", "r", "update", device, 1, "s", None, role, "", stamp, {"f": written},
        written.altered, False, None,
    )  # fmt: skip


def meet(
    held: Json,
    sent: Json,
    *above: Entry,
    ancestor: Json = None,
    stamp: str = "3",
    device: str = "T1",
    role: str = "officer",
    first: bool = False,
) -> Meeting:
    return Meeting("f", held, sent, ancestor, above, device, role, stamp, first)


# ------------------------------------------------------------------------------------------ latest


@pytest.mark.parametrize(
    ("meeting", "value", "way"),
    [
        (meet("p", "a"), "a", "stored"),
        (meet("b", "a", entry("b", device="T1", stamp="9")), "a", "stored"),
        (meet("b", "a", entry("b", stamp="2")), "a", "merged"),
        (meet("b", "a", entry("b", stamp="4")), "b", "outranked"),
        # a tie of stamps: the greater device stands
        (meet("b", "a", entry("b", stamp="3", device="T2")), "b", "outranked"),
        (meet("b", "a", entry("b", stamp="3", device="T0")), "a", "merged"),
        # the same value sent once more counts from then
        (meet("b", "a", entry("b", stamp="2"), entry("b", "b", before="b", at=12, stamp="4")), "b", "outranked"),
        (meet("b", "a", entry("b", stamp="2"), entry("c", "b", before="b", at=12, stamp="4")), "a", "merged"),
        # the own value that stands, over somebody else's below it
        (meet("c", "a", entry("b", stamp="1"), entry("c", at=12, before="b", device="T1", stamp="2")), "a", "merged"),
        # and where both are clamped to the same stamp: the later edit of one device is the later one
        (meet("c", "a", entry("b", stamp="1"), entry("c", at=12, before="b", device="T1", stamp="3")), "a", "merged"),
        # one that was sent again before the value that stands was made says nothing of it
        (
            meet("b", "a", entry("b", at=9, stamp="9"), entry("c", before="b"), entry("b", at=12, before="c")),
            "a", "merged",
        ),
    ],
)  # fmt: skip
def test_the_later_stamp_stands(meeting: Meeting, value: Json, way: str) -> None:
    assert settle_latest(meeting) == Settled(value, way)  # type: ignore[arg-type]


# ------------------------------------------------------------------------ manual, authority, once


@pytest.mark.parametrize(
    ("above", "settled"),
    [
        ((), Settled("a")),
        ((entry("b", device="T1"),), Settled("a")),
        ((entry("b", "h", before="h"),), Settled("a")),
        ((entry("b"),), Settled("b", "conflict")),
    ],
)
def test_nothing_is_overwritten_behind_anybodys_back(
    above: tuple[Entry, ...], settled: Settled
) -> None:
    assert settle_manual(meet("b", "a", *above)) == settled


@pytest.mark.parametrize(
    ("mine", "theirs", "settled"),
    [
        ("officer", "officer", Settled("b", "conflict")),
        ("supervisor", "supervisor", Settled("b", "conflict")),
        ("supervisor", "officer", Settled("a", "merged")),
        ("officer", "supervisor", Settled("b", "outranked")),
        (SERVER, "supervisor", Settled("a", "merged")),
        ("supervisor", SERVER, Settled("b", "outranked")),
        (SERVER, SERVER, Settled("b", "conflict")),
        ("clerk", "officer", Settled("b", "outranked")),
        ("officer", "clerk", Settled("a", "merged")),
        ("clerk", "viewer", Settled("b", "conflict")),
    ],
)
def test_the_higher_rank_stands(mine: str, theirs: str, settled: Settled) -> None:
    assert settle_authority(meet("b", "a", entry("b", role=theirs), role=mine), RANKS) == settled
    assert settle_once(meet("b", "a", entry("b", role=theirs), role=mine), RANKS) == settled


def test_a_rank_counts_only_where_two_meet() -> None:
    alone = meet("b", "a", entry("b", device="T1", role="supervisor"))
    assert settle_authority(alone, RANKS) == Settled("a")
    assert settle_authority(meet("b", "a"), RANKS) == Settled("a")


def test_of_two_first_values_people_decide() -> None:
    above = entry("b", role="officer")
    assert settle_once(meet("b", "a", above, role="supervisor", first=True), RANKS) == Settled(
        "b", "conflict"
    )


# ----------------------------------------------------------------------------------------- highest


@pytest.mark.parametrize(
    ("held", "sent", "settled"),
    [
        (None, 1, Settled(1)),
        (None, None, Settled(None)),
        (1, None, Settled(1, "outranked")),
        (1, 2, Settled(2)),
        (2, 1, Settled(2, "outranked")),
        ("a", "b", Settled("b")),
        ("b", "a", Settled("b", "outranked")),
    ],
)
def test_the_greater_stands(held: Json, sent: Json, settled: Settled) -> None:
    assert settle_highest(meet(held, sent)) == settled


# -------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("ancestor", "held", "sent", "settled"),
    [
        (None, None, "甲。", Settled("甲。")),
        ("甲。", "甲。", "乙。", Settled("乙。")),
        ("甲。", "甲。", None, Settled(None)),
        ("甲。", "甲。乙。", "丙。甲。", Settled("丙。甲。乙。", "merged")),
        ("甲。", "甲。乙。", "甲。乙。丙。", Settled("甲。乙。丙。")),
        ("甲。", "乙。", "丙。", Settled("乙。", "conflict")),
        ("甲。", None, "甲。乙。", Settled("乙。", "merged")),
        (None, "甲。", "乙。", Settled("甲。乙。", "merged")),
        # whoever clears the text leaves what another has added meanwhile
        ("甲。", "甲。乙。", None, Settled("乙。", "merged")),
        ("甲。乙。", "甲。", None, Settled(None)),
        # nothing is left, though neither has cleared it
        ("甲。乙。", "甲。", "乙。", Settled("", "merged")),
    ],
)
def test_texts_are_merged_by_sentences(
    ancestor: Json, held: Json, sent: Json, settled: Settled
) -> None:
    assert settle_text(meet(held, sent, ancestor=ancestor)) == settled


# --------------------------------------------------------------------------------------------- set


@pytest.mark.parametrize(
    ("held", "sent", "above", "settled"),
    [
        (None, {"add": ["b", "a", "b"]}, (), Settled(["a", "b"])),
        (["a"], {"remove": ["a"]}, (), Settled(None)),
        (["a", "b"], {"remove": ["a"], "add": ["c"]}, (), Settled(["b", "c"])),
        (["a", "b"], None, (), Settled(None)),
        (["a"], {"remove": ["z"]}, (), Settled(["a"])),
        # what another device has added meanwhile stays, even where it was there
        (["a", "b"], {"remove": ["a"]}, (entry({"add": ["a"]}),), Settled(["a", "b"], "merged")),
        (["a", "b"], {"remove": ["a"]}, (entry({"add": ["a"]}, device="T1"),), Settled(["b"])),
        (["a", "b"], None, (entry(["a"]),), Settled(["a"], "merged")),
        (["b"], {"remove": ["a", "b"]}, (entry({"add": ["a"]}),), Settled(None)),
        (["a"], {"remove": ["a"]}, (entry({"remove": ["b"]}), entry(None)), Settled(None)),
        # elements need not be words
        ([1, 2], {"remove": [1], "add": [3]}, (), Settled([2, 3])),
    ],
)
def test_a_set_is_edited_element_by_element(
    held: Json, sent: Json, above: tuple[Entry, ...], settled: Settled
) -> None:
    assert settle_set(meet(held, sent, *above)) == settled


@pytest.mark.parametrize(
    ("sent", "added"),
    [(["a"], ["a"]), ({"add": ["a"], "remove": ["b"]}, ["a"]), ({"remove": ["b"]}, []), (None, [])],
)
def test_what_an_edit_adds(sent: Json, added: list[str]) -> None:
    assert added_by(sent) == added


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], {"add": ["a", "b"], "remove": ["c"]}),
        ([{"remove": ["a"]}], {"add": ["b"], "remove": ["c"]}),
        ([{"add": ["c"]}, {"add": ["b"]}], {"add": ["a"], "remove": []}),
        ([{"add": ["a"]}, None], {"add": [], "remove": []}),
    ],
)
def test_what_is_left_of_an_edit_that_others_have_spoken_about(
    others: list[Json], left: dict[str, list[str]]
) -> None:
    assert without({"add": ["a", "b"], "remove": ["c"]}, others) == left


def test_elements_are_sorted_and_stand_once() -> None:
    assert unique(["b", "a", "b"]) == ["a", "b"]
    assert unique([2, 1, 2]) == [1, 2]
    assert unique(["b'", 'c"', "a"]) == ["a", "b'", 'c"']
    assert unique([{"b": 1}, {"a": 1}, {"b": 1}]) == [{"a": 1}, {"b": 1}]
