"""A tablet's work in a process of its own, for tests that kill it: it edits, takes money, syncs.

Run as `python -m tests.field_client.worker STORE SEED URL`. Each line on standard output is a promise:
`edit N` or `receipt N` says that set N is kept. What was not yet said may be lost. Without a URL it does not
sync.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from field_client.client import FieldClient
from field_client.faults import OfflineError
from field_client.store import Store
from field_client.transport import HttpTransport
from schemas.registry import REGISTRY
from tests.field_client.tablets import CHEN, LOAN

NOW = datetime(2026, 6, 16, 2, 0, tzinfo=UTC)


def say(word: str, number: int) -> None:
    """Promise something."""
    sys.stdout.write(f"{word} {number}\n")
    sys.stdout.flush()


def work(client: FieldClient, random: Random) -> None:
    """Make one set."""
    if random.random() < 0.3:
        say("receipt", client.repay(LOAN, random.randrange(1, 1000)).set_number)
        return
    saved = client.edit(CHEN, {"phone": f"1{random.randrange(10**9):09}"})
    if saved is not None:
        say("edit", saved.number)


def main() -> None:
    """Work until killed."""
    path, random, url = Path(sys.argv[1]), Random(int(sys.argv[2])), sys.argv[3]
    store = Store.open(path, REGISTRY, "01990000-0000-7000-8000-00000000dead")
    transport = HttpTransport(url, sleep=lambda seconds: None, jitter=random.random)
    client = FieldClient(store, transport, clock=lambda: NOW, new_bytes=random.randbytes)
    while True:
        work(client, random)
        if url and random.random() < 0.4:
            try:
                client.sync(page=4)
            except OfflineError:
                continue


if __name__ == "__main__":
    main()
