"""A tablet that is killed in the middle of a sync, and what must be true afterwards (domain.md, A4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from field_client.faults import OfflineError
from field_client.transport import HttpTransport
from tests.faults.proxy import Proxy
from tests.journeys.dying import killed
from tests.journeys.people import Desk, create, signed_in
from tests.journeys.village import CHEN, Village, named

Json = Any


@dataclass
class Mortal:
    """A tablet that notes calls, is killed, and is started again; `noted` is what was kept before each kill."""

    village: Village
    line: Proxy | None = None
    noted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.link = self.village.transport()
        self.client = signed_in(self.village, "T1", "li.min", self.link)
        self.again()

    def again(self) -> None:
        """Start the app anew, with whatever is in its store."""
        self.client.store.close()
        self.link.close()
        port = self.line.port if self.line else urlsplit(self.village.url).port
        self.link = HttpTransport(f"http://127.0.0.1:{port}", lambda _: None, lambda: 0.0)
        self.client = self.village.tablet("T1", self.link)

    def notes_a_call(self) -> None:
        """Make a set."""
        said = f"第 {len(self.noted) + 1} 次通话"
        call = {"kind": "call", "direction": "out", "at": "2026-06-16T02:00:00.000Z"}
        self.client.create("interaction", CHEN, {**call, "summary": said})
        self.noted.append(said)

    def killed_at(self, moment: str, turn: int) -> bool:
        """Sync in a process that is killed at a moment's *turn*; tell whether it came to that."""
        self.client.store.close()
        was_killed = killed(self.village, self.village.url, moment, turn)
        self.is_whole()
        return was_killed

    def cut_at(self, place: int) -> bool:
        """Sync on a line that passes so many bytes of the answer on, and start anew; tell whether it broke."""
        assert self.line is not None
        self.line.cut_down = place
        self.link.close()  # what is set holds for connections that follow
        cuts = self.line.cuts
        try:
            self.client.sync()
        except OfflineError:
            assert self.line.cuts > cuts
            self.is_whole()
            return True
        return False

    def is_whole(self) -> None:
        """Look at the store after a start: every set is there, in its order, and none needs anybody."""
        self.again()
        assert self.client.store.last_number() == len(self.noted)
        states = self.client.status().states
        assert sum(states[it] for it in ("ready", "sent", "accepted")) == len(self.noted)

    def gets_through(self) -> None:
        """Sync to the end on a line that is whole."""
        if self.line is not None:
            self.line.cut_down = None
            self.link.close()
        self.client.sync()

    def has_everything_once(self) -> None:
        """Sync to the end; this tablet and a new one have each call once, and nothing else."""
        self.gets_through()
        assert {state for _, state in self.client.sets()} == {"accepted"}
        assert self.client.status().all_synced
        assert self.client.store.incidents() == []
        for tablet in (self.client, signed_in(self.village, "copy", "li.min")):
            found = [it.fields["summary"] for it in tablet.records("interaction", CHEN)]
            assert sorted(found) == sorted(self.noted)


def news(wang: Desk, place: int) -> None:
    """Let the branch have something for the tablet: two tasks."""
    for part in range(2):
        asked = {"title": f"事项 {place}.{part}", "due_on": "2026-06-20", "source": "manual"}
        wang.does(create("task", named(f"news {place}.{part}"), CHEN, **asked))
