"""What broke, told as a short story: the events that are needed for it, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tests.simulation.plan import Cast, Event, Plan
from tests.simulation.run import play
from tests.simulation.typed import Broken

Play = Callable[[Plan], object]


@dataclass(frozen=True)
class Finding:
    """A plan that breaks a promise, and which."""

    plan: Plan
    check: str
    message: str


def attempt(plan: Plan, run: Play = play) -> Finding | None:
    """Run a plan; return what broke, or None. A crash of ours is a finding like any other."""
    try:
        run(plan)
    except Broken as broken:
        return Finding(plan, broken.check, str(broken))
    except Exception as error:  # noqa: BLE001 - whatever the product raises on a fair run is a finding
        return Finding(plan, type(error).__name__, f"{type(error).__name__}: {error}")
    return None


def shortened(finding: Finding, run: Play = play, most: int = 600) -> Finding:
    """Leave out every event that is not needed for the same check to break (Zeller's ddmin)."""
    best, tries = finding, 0
    size = max(1, len(best.plan.events) // 2)
    while True:
        start, shrunk = 0, False
        while start < len(best.plan.events) and tries < most:
            events = best.plan.events
            tries += 1
            shorter = events[:start] + events[start + size :]
            found = attempt(replace(best.plan, events=shorter), run)
            if found is not None and found.check == finding.check:
                best, shrunk = found, True
            else:
                start += size
        if tries >= most or (size == 1 and not shrunk):
            break
        size = size if shrunk and size == 1 else max(1, size // 2)
    return _simpler_cast(best, run)


def _simpler_cast(finding: Finding, run: Play) -> Finding:
    """Leave out tablets, wrong clocks and small pages that are not needed."""
    best = finding
    for place in reversed(range(len(finding.plan.cast))):
        for simpler in _simpler(best.plan.cast, place, best.plan.events):
            found = attempt(replace(best.plan, cast=simpler), run)
            if found is not None and found.check == finding.check:
                best = found
                break
    return best


def _simpler(cast: tuple[Cast, ...], place: int, events: Sequence[Event]) -> list[tuple[Cast, ...]]:
    one = cast[place]
    ways = []
    if not any(it.who == one.name for it in events):
        ways.append(cast[:place] + cast[place + 1 :])
    plain = Cast(one.name, 500, 100, 0, False)
    ways.append((*cast[:place], plain, *cast[place + 1 :]))
    ways.append((*cast[:place], replace(one, offset_ms=0), *cast[place + 1 :]))
    return ways


def told(finding: Finding, begin: Callable[[Plan, Callable[[str], None]], object] = play) -> str:
    """Return the story of a finding, step by step."""
    lines: list[str] = []
    try:
        begin(finding.plan, lines.append)
    except Exception as error:  # noqa: BLE001 - see `attempt`
        lines.append(f"=> {error}")
    cast = ", ".join(_shown(it) for it in finding.plan.cast)
    return "\n".join([f"seed {finding.plan.seed}: {finding.check}", f"cast: {cast}", *lines])


def _shown(one: Cast) -> str:
    parts = [one.name]
    if one.page != 500:
        parts.append(f"page {one.page}")
    if one.at_once != 100:
        parts.append(f"{one.at_once} sets at once")
    if one.offset_ms:
        parts.append(f"clock {one.offset_ms // 60_000:+} min")
    if one.behind:
        parts.append(f"{one.behind} schema versions behind")
    return " ".join([*parts, *(["empty"] if one.empty else [])])
