"""A long run: blocks of seeds on every core, until the time is up or somebody stops it."""

from __future__ import annotations

import itertools
import multiprocessing
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

from tests.simulation.trials import findings

BLOCK = 500
SPEAK_S = 60
"""How often a night says how far it has come, in seconds."""


def night(hours: float | None, start: int | None, workers: int) -> int:
    """Play seeds from *start* for so many *hours* (None: until stopped); 1 where a promise broke.

    Every story is told as soon as it is known; the last line has seeds, seeds a second, failures.
    """
    first = secrets.randbelow(10**9) * 1_000 if start is None else start
    until = None if hours is None else time.monotonic() + hours * 3_600
    say(
        f"seeds from {first}, {workers} at once{'' if hours is None else f', for {hours:g} hours'}\n"
    )
    tally, starts = _Tally(first), _starts(first, until)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _leave_stopping_to_us) as pool:
        waiting = {pool.submit(_block, it) for it in itertools.islice(starts, 2 * workers)}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                waiting |= {pool.submit(_block, it) for it in itertools.islice(starts, len(done))}
                for it in done:
                    tally.add(it.result())
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
    tally.close()
    return 1 if tally.broke else 0


class _Tally:
    """What a night has come to so far."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.seeds = self.broke = 0
        self.began = self.spoke = time.monotonic()

    def add(self, stories: list[str]) -> None:
        """Count a block that has been played, and tell its stories."""
        self.seeds += BLOCK
        self.broke += len(stories)
        for story in stories:
            say(f"\n{story}\n\n")
        if time.monotonic() - self.spoke > SPEAK_S:
            self.spoke = time.monotonic()
            self._speak()

    def close(self) -> None:
        """Say the last word."""
        self._speak("the night is over: ")

    def _speak(self, opening: str = "") -> None:
        spent = time.monotonic() - self.began
        say(
            f"{opening}{self.seeds} seeds from {self.first} in {spent / 3_600:.2f} hours, "
            f"{self.seeds / max(spent, 1e-9):.0f} seeds a second, {self.broke} broke\n"
        )
        sys.stdout.flush()


def _starts(first: int, until: float | None) -> Iterator[int]:
    """Yield where the next block begins, as long as there is time."""
    for number in itertools.count():
        if until is not None and time.monotonic() > until:
            return
        yield first + number * BLOCK


def _block(start: int) -> list[str]:
    return [trial.tell(it) for trial, it in findings(range(start, start + BLOCK))]


def _leave_stopping_to_us() -> None:
    """Let a stop from the keyboard reach the first process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def say(words: str) -> None:
    """Write to whoever listens."""
    sys.stdout.write(words)
