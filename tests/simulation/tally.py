"""What happened in many runs, counted: `python -m tests.simulation --count --seeds 0-499`.

A rule that nothing ever meets is not tested by any number of seeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.simulation.messages import Reply, Request
from tests.simulation.plan import BRANCH, DEVICE

Json = Any


def count(counts: Counter[str], request: Request, reply: Reply) -> None:
    """Count what an answer brings."""
    counts[f"answer {reply.code or 'with a page'}"] += 1
    counts["a page of one record"] += reply.code is None and request.page == 1
    for told in reply.body.get("results", ()):
        counts["result, repeated" if told["repeated"] else f"result {told['status']}"] += 1
        for fault in () if told["repeated"] else told.get("errors", ()):
            counts[f"refused: {fault['code']}"] += 1
    for record in reply.body.get("records", ()):
        whole = "whole" if record.get("whole") else "delta"
        counts[f"record {'removed' if record.get('removed') else whole}"] += 1
    counts["customer left"] += len(reply.body.get("left", ()))


def events_of(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how often each kind of event did something."""
    return {kind: counts.get(f"event {kind}", 0) for kind in (*DEVICE, *BRANCH)}


def table(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield a line for all that was counted; events with how many of them found nothing to do."""
    for kind, done in events_of(counts).items():
        yield f"{done:>8}  {kind}, and {counts.get(f'event {kind}, for nothing', 0)} for nothing\n"
    for name, times in sorted(counts.items()):
        if times and not name.startswith("event "):
            yield f"{times:>8}  {name}\n"
