"""The simulator meets what it is there for: every kind of event, answer and decision, and often enough."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.__main__ import main
from tests.simulation.tally import events_of
from tests.simulation.trials import counted

SEEDS = 150
ANSWERS = (
    "bad-cursor", "start-over", "epoch-changed", "set-changed", "device-locked", "device-wiped",
)  # fmt: skip
"""What a server says instead of a page."""


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    return counted(range(SEEDS))


def test_every_kind_of_event_does_something(counts: Counter[str]) -> None:
    assert {kind for kind, times in events_of(counts).items() if not times} == set()


@pytest.mark.parametrize("status", ["applied", "merged", "conflict", "rejected", "held"])
def test_sets_are_decided_in_every_way(counts: Counter[str], status: str) -> None:
    assert counts[f"result {status}"] >= SEEDS // 15


def test_results_are_told_again(counts: Counter[str]) -> None:
    assert counts["result, repeated"] > SEEDS


@pytest.mark.parametrize("code", ANSWERS)
def test_the_server_refuses_in_every_way(counts: Counter[str], code: str) -> None:
    assert counts[f"answer {code}"] >= 1


@pytest.mark.parametrize("journal", ["trimmed", "untrimmed", "gone"])
def test_wiped_tablets_begin_anew(counts: Counter[str], journal: str) -> None:
    assert counts[f"wiped, the journal {journal}"] >= 1


def test_pages_are_small_and_customers_leave(counts: Counter[str]) -> None:
    assert counts["a page of one record"] > SEEDS
    assert counts["customer left"] > SEEDS


def test_the_command_tells_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "--seeds", "0-4"]) == 0

    told = capsys.readouterr().out
    assert " edit, and " in told
    assert " answer with a page\n" in told
