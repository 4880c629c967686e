"""A set that was decided, as the oracle is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.ledger import RecordState
from sync.scope import Actor
from tests.simulation.messages import Request
from tests.simulation.offers import Raw

Json = Any


@dataclass(frozen=True)
class Decision:
    """A set that was decided for the first time, and every record before and after it."""

    actor: Actor
    raw: Raw
    result: dict[str, Json]
    before: Mapping[str, RecordState]
    after: Mapping[str, RecordState]
    now_ms: int
    request: Request | None
