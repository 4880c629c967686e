"""Sets as they come: read with suspicion, their times taken for what they are worth (protocol.md, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas import versions
from schemas.declare import Registry
from schemas.messages import ChangeSet, Fault
from schemas.values import format_instant, from_millis, is_record_id
from schemas.wire import sync as wire
from sync import clock
from sync.engine import Moment
from sync.scope import Actor
from tests.simulation.messages import Ours, change_of
from tests.simulation.typed import Broken

Json = Any
Raw = dict[str, Json]


@dataclass(frozen=True)
class Caller:
    """Who asks, when, and by how much his clock runs ahead."""

    actor: Actor
    now_ms: int
    skew_ms: int = 0
    clean_ms: int | None = None


def customers_of(raws: Iterable[Raw]) -> set[str]:
    """Return the customers that sets name, as far as they can be read."""
    listed = (it["changes"] for it in raws if isinstance(it.get("changes"), list))
    changes = (it for several in listed for it in several if isinstance(it, dict))
    return {it["customer"] for it in changes if is_record_id(it.get("customer"))}


def is_same(first: Raw, second: Raw) -> bool:
    return first is second or (
        first["id"] == second["id"] and first["changes"] == second["changes"]
    )


def read(raw: Raw, registry: Registry) -> ChangeSet | list[Fault]:
    """Read a set as the wire does.

    Of those that a device of ours made, every fourth goes the long way; the others are spared it.
    """
    honest = isinstance(raw["changes"], Ours) and raw["action"] != "withdrawn"
    if honest and raw["number"] % 4 and raw["schema"] == registry.schema:
        return ChangeSet(
            raw["number"], raw["id"], raw["epoch"], raw["schema"], raw["base"], raw["action"],
            raw["made_at"], raw.get("clock"), tuple(map(change_of, raw["changes"])),
        )  # fmt: skip
    lifted, unknown = versions.lift(raw, registry)
    found = wire.parse_set(dict(lifted), registry)
    if unknown:
        found = [*unknown, *(found if isinstance(found, list) else ())]
    if honest and not isinstance(found, ChangeSet):
        raise Broken("refused", f"the wire will not have what a device made: {found!r}")
    return found


def rebased(one: ChangeSet, epoch: str, restores: Sequence[tuple[str, int]]) -> ChangeSet:
    """Return a set of an earlier epoch with the base that counts: the lowest head since (section 3)."""
    if one.epoch in (None, epoch):
        return one
    heads: list[int] = []
    for before, head in reversed(restores):
        heads.append(head)
        if before == one.epoch:
            break
    return replace(one, base=min([one.base, *heads]))


def corrected(caller: Caller, raw: Raw) -> Moment:
    """Return when a set was made as far as can be trusted: skew taken off, then clamped (section 3)."""
    device = caller.actor.device
    low = min(caller.clean_ms, caller.now_ms) if caller.clean_ms is not None else 0
    device_now = caller.now_ms + caller.skew_ms
    stamp = clock.read_stamp(raw.get("clock"), raw.get("made_at"), device_now, device)
    made = clock.read_stamp(None, raw.get("made_at"), device_now, device)
    made = clock.clamp(clock.correct(made, caller.skew_ms), low, caller.now_ms)
    stamp = clock.clamp(clock.correct(stamp, caller.skew_ms), low, caller.now_ms)
    return Moment(format_instant(from_millis(made.millis)), str(stamp))
