"""`python -m tests.simulation --seed N`, `--seeds A-B` or `--night`: play seeds, and tell what breaks.

A seed that breaks is made short and told as a story; the same seed tells the same story again.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.later import NOT_YET
from tests.simulation.night import night, say
from tests.simulation.tally import table
from tests.simulation.trials import counted, findings, prepare, trials


def main(arguments: list[str] | None = None) -> int:
    """Play the seeds that are asked for; 1 where a promise broke."""
    options = _parser().parse_args(arguments)
    if options.night:
        return night(options.hours, options.start, options.workers)
    if options.seed is not None:
        return tell(options.seed, options.whole)
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if options.count:
        sys.stdout.writelines(table(counted(seeds)))
        return 0
    return several(seeds, options.whole, options.most)


def tell(seed: int, whole: bool = False) -> int:
    """Tell the story of one seed: all of it where nothing breaks, else what is needed to break it."""
    prepare()
    broke = 0
    for trial in trials(seed):
        finding = trial.find()
        if finding is not None:
            broke += 1
            say(f"{trial.tell(finding, whole)}\n\n")
        else:
            trial.run(trial.plan, lambda line: say(f"{line}\n"))
            say(f"seed {seed}: every promise held\n\n")
    return 1 if broke else 0


def several(seeds: range, whole: bool, most: int) -> int:
    """Play several seeds; stop after so many that broke."""
    began = time.process_time()
    played, broke = len(seeds), 0
    for trial, finding in findings(seeds):
        broke += 1
        say(f"{trial.tell(finding, whole)}\n\n")
        sys.stdout.flush()
        if broke >= most:
            played = trial.plan.seed - seeds.start + 1
            break
    spent = max(time.process_time() - began, 1e-9)
    say(f"{played} seeds, {broke} broke; {played / spent:.0f} seeds a second\n")
    say(f"not simulated: {', '.join(NOT_YET)}\n")
    return 1 if broke else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="one seed, with its story")
    parser.add_argument("--seeds", default="0-999", help="from-to, both included")
    parser.add_argument("--count", action="store_true", help="tell what happened, and how often")
    parser.add_argument("--whole", action="store_true", help="do not make the story short")
    parser.add_argument("--most", type=int, default=3, help="stop after so many that broke")
    parser.add_argument(
        "--night", action="store_true", help="play on and on, seeds never played before"
    )
    parser.add_argument("--hours", type=float, help="of a night: how many (without: until stopped)")
    parser.add_argument("--start", type=int, help="of a night: the first seed (without: any)")
    parser.add_argument("--workers", type=int, default=2, help="of a night: how many at once")
    return parser


if __name__ == "__main__":
    sys.exit(main())
