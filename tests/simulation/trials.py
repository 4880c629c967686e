"""What a seed is tried for: one run with all checks, and for some seeds two runs that must agree."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.plan import Plan, make_plan
from tests.simulation.run import play
from tests.simulation.setting import setting
from tests.simulation.story import Finding, attempt, shortened, told
from tests.simulation.twins import (
    apart_plan,
    jumping_plan,
    play_apart,
    play_jumping,
    play_shifted,
)

Run = Callable[..., Any]
PRODUCT = 10
"""Of so many seeds, the last is played over the product's own record types."""
SHIFTED, JUMPING, APART = 3, 7, 11
"""Of sixteen seeds, those that are told twice: with other clocks, with jumping ones, in another order."""


@dataclass(frozen=True)
class Trial:
    """A plan and how it is run."""

    plan: Plan
    run: Run

    def find(self) -> Finding | None:
        """Return what breaks, or None."""
        return attempt(self.plan, self.run)

    def tell(self, finding: Finding, whole: bool = False) -> str:
        """Return the story of what broke, short unless *whole*."""
        story = told(finding if whole else shortened(finding, self.run), self.run)
        return f"{story}\nonce more, step by step: make simulate SEED={self.plan.seed}"


def trials(seed: int) -> list[Trial]:
    """Return what a seed is tried for."""
    if seed % PRODUCT == PRODUCT - 1:
        return [Trial(make_plan(seed, product=True), play)]
    found = [Trial(make_plan(seed), play)]
    twin = seed % 16
    if twin == SHIFTED:
        found.append(Trial(make_plan(seed), play_shifted))
    elif twin == JUMPING:
        found.append(Trial(jumping_plan(seed), play_jumping))
    elif twin == APART:
        found.append(Trial(apart_plan(seed), play_apart))
    return found


def prepare() -> None:
    """Make what every run begins with; it need not be looked at again and again."""
    setting(product=False)
    setting(product=True)
    gc.collect()
    gc.freeze()


def counted(seeds: Iterable[int]) -> Counter[str]:
    """Return how often what happened in the first run of each seed (tally.py).

    Raises:
        Broken: a promise broke.
    """
    prepare()
    counts: Counter[str] = Counter()
    for seed in seeds:
        world = play(trials(seed)[0].plan)
        counts += world.counts
        for tablet in world.tablets.values():
            counts += Counter({f"saved: {it}": of for it, of in tablet.desk.kept.items()})
    return counts


def findings(seeds: Iterable[int]) -> Iterator[tuple[Trial, Finding]]:
    """Yield what breaks for any of the seeds."""
    prepare()
    for seed in seeds:
        for trial in trials(seed):
            finding = trial.find()
            if finding is not None:
                yield trial, finding
