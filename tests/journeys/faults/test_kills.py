"""A server that is killed in the middle of pushes loses nothing it acknowledged and tears nothing."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from schemas.registry import REGISTRY
from server import store
from server.verify import verify
from tests.server.branch import LI_HAS, ZHAO_HAS, Tablet, call, make_engine
from tests.server.serving import LinkError, Served, serving

Json = Any
CLIENTS = (("li.wei", LI_HAS), ("zhao.min", ZHAO_HAS), ("li.wei", LI_HAS), ("zhao.min", ZHAO_HAS))
LONGEST_LIFE_S = 0.4


@dataclass
class Officer:
    """Pushes one set after the other; a set whose answer is lost goes again until one comes."""

    tablet: Tablet
    customers: tuple[str, ...]
    random: Random
    stop: threading.Event
    made: list[Json] = field(default_factory=list)
    results: list[Json] = field(default_factory=list)
    lost: int = 0

    def work(self) -> None:
        while not self.stop.is_set():
            calls = [
                call(self.random.choice(self.customers)) for _ in range(self.random.randint(1, 7))
            ]
            self.made.append(self.tablet.change_set(*calls))
            self.deliver(self.made[-1])

    def deliver(self, one: Json) -> None:
        while True:
            try:
                reply = self.tablet.offer(one)
            except LinkError:
                self.lost += 1
                self.stop.wait(0.01)
                continue
            if reply.status == 503:  # a worker that is starting or stopping
                self.lost += 1
                continue
            assert reply.status == 200, reply
            self.results += reply.json["results"]
            return


def pushing_while_killed(served: Served, kills: int, seed: int) -> list[Officer]:
    """Let four officers push while the server is killed and started again so many times."""
    random, stop = Random(seed), threading.Event()
    officers = []
    for place, (username, customers) in enumerate(CLIENTS):
        tablet = Tablet(served.line, username)
        tablet.login()
        officers.append(Officer(tablet.catch_up(), customers, Random(seed * 100 + place), stop))
    threads = [threading.Thread(target=it.work) for it in officers]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        stop.wait(random.uniform(0, LONGEST_LIFE_S))
        served.kill()
        served.start()
    stop.wait(LONGEST_LIFE_S)
    stop.set()
    for thread in threads:
        thread.join()
    return officers


def stored(url: str) -> Counter[tuple[str, str]]:
    """Return how often the log tells of each record's making, by set."""
    engine = make_engine(url)
    query = select(store.log.c.set_id, store.log.c.record).where(store.log.c.type == "interaction")
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        finding = verify(connection, REGISTRY).finding
    engine.dispose()
    assert finding is None, finding
    return Counter((it.set_id, it.record) for it in rows)


def check(served: Served, officers: list[Officer]) -> None:
    kept = stored(served.url)
    made = {
        (one["id"], change["id"])
        for officer in officers
        for one in officer.made
        for change in one["changes"]
    }
    for officer in officers:
        assert [it["number"] for it in officer.results] == [it["number"] for it in officer.made]
        assert {it["status"] for it in officer.results} == {"applied"}
    assert sum(it.lost for it in officers), "no kill met a push"
    assert set(kept) == made, "acknowledged is stored, and nothing else is"
    assert set(kept.values()) == {1}, "stored once"


KILLS = [
    pytest.param(10, id="10 kills"),
    pytest.param(100, id="100 kills", marks=pytest.mark.long),
]


@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_server_loses_nothing_and_doubles_nothing(
    sqlite_branch: str, tmp_path: Path, kills: int
) -> None:
    with serving(sqlite_branch, tmp_path, workers=2) as served:
        officers = pushing_while_killed(served, kills, seed=kills)

    check(served, officers)


@pytest.mark.postgres
@pytest.mark.parametrize("kills", [pytest.param(3, id="3 kills"), *KILLS[1:]])
def test_a_killed_server_before_postgresql_loses_nothing_and_doubles_nothing(
    postgres_branch: str, tmp_path: Path, kills: int
) -> None:
    with serving(postgres_branch, tmp_path, workers=2) as served:
        officers = pushing_while_killed(served, kills, seed=kills)

    check(served, officers)
