"""The Python client before the real server: its work, and what both must hold afterwards.

`main`, with the arguments STORE SEED URL, works on a store until it is killed. Each line on
standard output is a promise: `N` says that set N is kept.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from field_client.client import FieldClient
from field_client.faults import OfflineError
from field_client.sets import OwnSet
from field_client.store import Store
from field_client.transport import HttpTransport
from schemas.problems import XiangxinError
from schemas.registry import REGISTRY
from schemas.values import uuid7
from tests.faults.kept import stored
from tests.server.branch import LI_HAS, PASSWORD

MORNING = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
SHARE_NEW = 0.5


@dataclass
class Officer:
    """An officer of the branch, 李伟, with a store of his own."""

    path: Path
    url: str
    random: Random
    now: datetime = MORNING
    transport: HttpTransport = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Open the store, as at the start of the program."""
        self.transport = HttpTransport(self.url, sleep=lambda _: None, jitter=self.random.random)
        device = uuid7(int(self.now.timestamp() * 1000), self.random.randbytes(10))
        self.store = Store.open(self.path, REGISTRY, device)
        self.client = FieldClient(
            self.store, self.transport, clock=self._tick, new_bytes=self.random.randbytes
        )

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def close(self) -> None:
        """Close the store and the line."""
        self.store.close()
        self.transport.close()

    def work(self) -> None:
        """Make one set: a call at a customer's, or another phone number."""
        customer = self.random.choice(LI_HAS)
        if self.random.random() < SHARE_NEW:
            said = {
                "kind": "call", "direction": "out", "at": "2026-06-16T02:00:00.000Z",
                "summary": "还" * self.random.randrange(1, 60),
            }  # fmt: skip
            self.client.create("interaction", customer, said)
        else:
            self.client.edit(customer, {"phone": f"139{self.random.randrange(10**8):08}"})

    def try_to_sync(self, page: int = 500) -> bool:
        """Sync on a line that may break; tell whether it got through."""
        self.transport.close()  # a line that breaks serves one connection
        try:
            self.client.sync(page=page)
        except (OfflineError, XiangxinError) as error:
            if isinstance(error, XiangxinError) and error.status not in (408, 503):
                raise
            return False
        return True


@contextmanager
def officer(folder: Path, url: str, seed: int = 1) -> Iterator[Officer]:
    """Give an officer who has signed in and holds his customers."""
    made = Officer(folder / "officer.db", url, Random(seed))
    try:
        made.client.login("li.wei", PASSWORD, "T")
        made.client.sync()
        yield made
    finally:
        made.close()


def made_by(sets: list[OwnSet]) -> set[tuple[str, str]]:
    """Return the calls that *sets* create, with the ids of their sets."""
    return {
        (one.id, change.id)
        for one in sets
        for change in one.changes
        if change.op == "create" and change.type == "interaction"
    }


def check(it: Officer, database: str) -> None:
    """Check that the branch has all work of *it* once, and that both hold the same."""
    sets = it.store.own_sets()
    assert [one.number for one in sets] == list(range(1, len(sets) + 1))
    assert it.client.status().all_synced
    assert it.store.incidents() == [], "a digest differed on the way"
    kept = stored(database)
    assert set(kept) == made_by(sets), "all that was made, and nothing else"
    assert set(kept.values()) <= {1}, "stored once"


def main() -> None:
    """Work until killed."""
    path, seed, url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    one = Officer(path, url, Random(seed))
    while True:
        one.work()
        sys.stdout.write(f"{one.store.last_number()}\n")
        sys.stdout.flush()
        if one.random.random() < 0.3:
            with suppress(OfflineError):
                one.client.sync(page=3)
