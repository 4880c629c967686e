"""The command: one seed told as a story, several, and a night."""

from __future__ import annotations

import pytest

from tests.simulation.__main__ import main
from tests.simulation.night import BLOCK
from tests.simulation.planted import PLANTED


def test_one_seed_is_told_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--seed", "17"])

    told = capsys.readouterr().out
    assert code == 0
    assert "1. " in told
    assert "T1 syncs" in told
    assert told.endswith("seed 17: every promise held\n\n")


def test_a_seed_that_breaks_is_told_with_what_is_needed_and_how_to_play_it_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with PLANTED["synced_when_sent"]():
        code = main(["--seeds", "0-50", "--most", "1"])

    told = capsys.readouterr().out
    assert code == 1
    assert "honest status" in told
    assert "make simulate SEED=" in told
    assert len(told.splitlines()) < 20


def test_a_night_plays_new_seeds_until_its_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--night", "--hours", "0", "--start", "70000", "--workers", "1"])

    told = capsys.readouterr().out.splitlines()
    assert code == 0
    assert told[0] == "seeds from 70000, 1 at once, for 0 hours"
    assert told[-1].startswith("the night is over: ")
    assert BLOCK >= 100
