"""Stamps order writes whatever the clocks say, and no clock, however wrong, is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import MAX_COUNTER, MAX_MILLIS, Hlc, parse_instant
from sync.clock import clamp, correct, estimate_skew_ms, read_stamp, receive, stamp_at, tick

VECTORS = Path(__file__).parents[1] / "vectors" / "hlc.json"


def cases(*kinds: str) -> list[Any]:
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert held["count"] == len(held["vectors"])
    return [pytest.param(it, id=it["id"]) for it in held["vectors"] if it["do"] in kinds]


def answer(case: dict[str, Any]) -> str | int:
    """Do what the vector asks for."""
    match case["do"]:
        case "tick":
            return str(tick(Hlc.parse(case["last"]), case["now_ms"]))
        case "receive":
            last, remote = Hlc.parse(case["last"]), Hlc.parse(case["remote"])
            return str(receive(last, remote, case["now_ms"]))
        case "clamp":
            return str(clamp(Hlc.parse(case["stamp"]), case["low_ms"], case["high_ms"]))
        case "correct":
            return str(correct(Hlc.parse(case["stamp"]), case["skew_ms"]))
        case "skew":
            sent_at, received_at = (parse_instant(case[it]) for it in ("sent_at", "received_at"))
            return estimate_skew_ms(sent_at, received_at)
        case _:
            given_ = (case["clock"], case["made_at"], case["received_ms"], case["device"])
            return str(read_stamp(*given_))


@pytest.mark.parametrize("case", cases("tick", "receive", "clamp", "correct", "skew", "read"))
def test_the_clock_follows_its_rules(case: dict[str, Any]) -> None:
    assert answer(case) == case["expected"]


@pytest.mark.parametrize("case", cases("order"))
def test_stamps_sort_as_values_and_as_text(case: dict[str, Any]) -> None:
    written = case["expected"]

    assert sorted(written) == written
    assert [str(it) for it in sorted(Hlc.parse(it) for it in written)] == written


near = st.integers(1_795_317_000_000, 1_795_317_000_005)
walls = st.one_of(near, st.integers(-(2**50), 2**50))
counters = st.one_of(st.integers(0, 3), st.integers(MAX_COUNTER - 2, MAX_COUNTER))


def stamps(device: str = "tablet-a", most_ms: int = MAX_MILLIS) -> st.SearchStrategy[Hlc]:
    millis = st.one_of(near, st.integers(0, most_ms))
    return st.builds(Hlc, millis, counters, st.just(device))


@given(stamps(most_ms=MAX_MILLIS - 1), walls)
def test_each_event_is_later_than_the_one_before(last: Hlc, now_ms: int) -> None:
    assert tick(last, now_ms) > last
    assert tick(last, now_ms).millis >= min(now_ms, MAX_MILLIS)


@given(stamps(most_ms=MAX_MILLIS - 1), stamps("tablet-b", MAX_MILLIS - 1), walls)
def test_what_was_heard_lies_in_the_past(last: Hlc, remote: Hlc, now_ms: int) -> None:
    heard = receive(last, remote, now_ms)

    assert (heard.millis, heard.counter) > (last.millis, last.counter)
    assert (heard.millis, heard.counter) > (remote.millis, remote.counter)
    assert heard.millis >= min(now_ms, MAX_MILLIS)
    assert heard.device == "tablet-a"


@given(st.lists(near, max_size=20))
def test_stamps_run_ahead_of_the_wall_clock_only_as_far_as_it_went_back(walls: list[int]) -> None:
    last = stamp_at(0, "tablet-a")
    for now_ms in walls:
        last = tick(last, now_ms)

    assert last.millis == max(walls, default=0)


@given(stamps(), stamps(), walls, walls)
def test_clamping_never_turns_two_stamps_of_a_device_round(
    first: Hlc, second: Hlc, low_ms: int, high_ms: int
) -> None:
    earlier, later = sorted([first, second])

    assert clamp(earlier, low_ms, high_ms) <= clamp(later, low_ms, high_ms)


@given(stamps(), near, near)
def test_a_clamped_stamp_lies_between_the_ends(stamp: Hlc, low_ms: int, high_ms: int) -> None:
    clamped = clamp(stamp, low_ms, high_ms)

    assert min(low_ms, high_ms) <= clamped.millis <= high_ms
    assert clamp(clamped, low_ms, high_ms) == clamped


@given(
    st.one_of(st.none(), st.integers(), st.text(), stamps().map(str)),
    st.one_of(st.none(), st.integers(), st.text(), st.just("9999-12-31T23:59:59.999Z")),
    walls,
)
def test_no_stamp_is_refused(clock: object, made_at: object, received_ms: int) -> None:
    assert read_stamp(clock, made_at, received_ms, "tablet-a").device == "tablet-a"
