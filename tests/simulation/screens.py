"""What a store's user has been shown and told, and what lay in an answer that is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sync.ledger import RecordState


@dataclass(frozen=True)
class Served:
    """When an answer was given, and what was in its user's scope then, if it ends a run."""

    moment: int
    scope: Mapping[str, RecordState] | None
    epoch: int = 0


@dataclass
class StoreFacts:
    """What a store's user has been shown and told.

    `epoch`: of his view, how many restores went before; `schema`: the version that it is shown in;
    `waits`: the sets that he was told are held.
    """

    user: str
    seen: int = 0
    epoch: int = 0
    schema: int = 1
    run_start: int | None = None
    serial: int = 0
    heard: dict[str, str] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)
    waits: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    behind: set[str] = field(default_factory=set)
    scope: Mapping[str, RecordState] | None = None
    position: int = 0

    def copy(self) -> StoreFacts:
        """Return what is known now, to be put back with the store."""
        return replace(
            self, heard=dict(self.heard), covered=set(self.covered), settled=set(self.settled),
            behind=set(self.behind), waits=set(self.waits),
        )  # fmt: skip

    @property
    def refused(self) -> set[str]:
        """The sets that are known to have been refused."""
        return {it for it, status in self.heard.items() if status == "rejected"}
