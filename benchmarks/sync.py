"""What a round trip costs: statements, round trips and bytes, on both databases, beside their budgets.

Counts do not drift from machine to machine; the times are printed for whoever sits at this one.
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from server.settings import utc_now
from tests.places import running_cluster, sqlite_url
from tests.server.branch import LI_HAS, Clock, Server, Tablet, call, make_branch
from tests.server.counting import counting
from tests.server.workday import (
    SHORT_DAY,
    WHOLE_DAY,
    Load,
    begin_a_day,
    dealt,
    end_a_day,
    exchange,
    grow,
    packed,
)

Json = Any
CASELOAD = 1200
COLUMNS = ("", "statements", "trips", "bytes up", "down", "of the values", "ms")
WIDTHS = (36, 12, 7, 10, 10, 15, 6)


@dataclass(frozen=True)
class Line:
    """One line of the table; what has a budget names it."""

    what: str
    statements: str = ""
    trips: str = ""
    up: str = ""
    down: str = ""
    ratio: str = ""
    ms: str = ""

    def print(self) -> None:
        cells = (self.what, self.statements, self.trips, self.up, self.down, self.ratio, self.ms)
        print("".join(it.ljust(width) for it, width in zip(cells, WIDTHS, strict=True)).rstrip())


def main() -> None:
    """Print the table."""
    print(machine())
    for name, place in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        print(f"\n{name}")
        Line(*COLUMNS).print()
        with quiet(), place() as server:
            for line in lines(server):
                line.print()


def machine() -> str:
    """Say on what machine this ran, and when."""
    python = platform.python_version()
    day = f"{utc_now():%Y-%m-%d}"
    return (
        f"{day}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {python}"
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the server's log out of the table."""
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        yield


@contextmanager
def sqlite() -> Iterator[Server]:
    """Give a server over a new branch in SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        make_branch(sqlite_url(Path(folder)))
        server = Server(sqlite_url(Path(folder)), Path(folder))
        yield server
        server.close()


@contextmanager
def postgresql() -> Iterator[Server]:
    """Give a server over a new branch in an embedded PostgreSQL."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster() as cluster,
        cluster.database(cluster.template("branch", make_branch)) as url,
    ):
        server = Server(url, Path(folder))
        yield server
        server.close()


def lines(server: Server) -> Iterator[Line]:
    """Yield the lines of one database."""
    assert isinstance(server.clock, Clock)
    tablet = server.tablet("li.wei").catch_up()
    server.clock.advance(minutes=1)
    yield no_op(server, tablet)
    for changes, sets in ((1, 1), (40, 1), (40, 25), (400, 1), (400, 400)):
        yield push(server, tablet, changes, sets)
    yield no_op(server, tablet, "no-op after that")
    grow(server, "zhao.min", 100 * len(LI_HAS), first=5000)
    yield push(server, tablet, 40, 25, "the same, 100 times the customers")
    customers = grow(server, "li.wei", 56)
    colleague = server.tablet("li.wei").catch_up()
    yield day(server, tablet, colleague, customers, WHOLE_DAY, "a day")
    yield day(server, tablet, colleague, customers, SHORT_DAY, "a short day")
    yield bootstrap(server)


def timed(act: Callable[[], Any]) -> tuple[Any, str]:
    began = perf_counter()
    found = act()
    return found, f"{(perf_counter() - began) * 1000:.0f}"


def no_op(server: Server, tablet: Tablet, what: str = "no-op") -> Line:
    """Count a sync that has nothing to say."""
    tablet.catch_up()
    with counting(server.engine) as counted:
        (reply, up), ms = timed(lambda: exchange(tablet))
    sizes = f"{up}/300", f"{len(reply.body)}/300"
    return Line(what, f"{counted.statements}/3", "1/1", *sizes, "", ms)


def push(server: Server, tablet: Tablet, changes: int, sets: int, what: str | None = None) -> Line:
    """Count a push of so many changes without a conflict."""
    made = dealt([call(LI_HAS[it % 3], f"第 {it} 次联系") for it in range(changes)], sets)
    offered = [tablet.change_set(*it) for it in made]
    with counting(server.engine) as counted:
        (reply, up), ms = timed(lambda: exchange(tablet, offered))
    assert {it["status"] for it in reply.json["results"]} == {"applied"}
    what = what or f"push of {changes} in {sets} {'set' if sets == 1 else 'sets'}"
    return Line(what, f"{counted.statements}/10", "1/1", str(up), str(len(reply.body)), "", ms)


def day(
    server: Server, tablet: Tablet, colleague: Tablet, customers: list[str], load: Load, what: str
) -> Line:
    """Count an evening's sync."""
    tablet.catch_up()
    sets = begin_a_day(tablet, colleague, customers, load)
    with counting(server.engine) as counted:
        found, ms = timed(lambda: end_a_day(tablet, sets, load))
    size = f"{(found.up + found.down) / 1024:.1f}/8 KB"
    ratio = f"{found.ratio:.2f}/1.3"
    return Line(
        f"{what}: {load.up} up, {load.down} down",
        f"{counted.statements}/10",
        f"{found.trips}/1",
        str(found.up),
        str(found.down),
        ratio if load is WHOLE_DAY else size,
        ms,
    )


def bootstrap(server: Server) -> Line:
    """Count the first pull of a whole caseload."""
    tablet = server.tablet("he.xi")
    customers = grow(server, "he.xi", CASELOAD // 20 - 1, first=20_000)
    tablet.catch_up()
    for customer in (
        *customers,
        next(it for it in tablet.held if tablet.held[it]["type"] == "customer"),
    ):
        tablet.push(*(call(customer, f"约定 {it} 日还款，已经打过电话") for it in range(19)))
    fresh = server.tablet("he.xi")
    pages, up, down, more = 0, 0, 0, True
    began = perf_counter()
    with counting(server.engine) as counted:
        while more:
            reply, sent = exchange(fresh)
            pages, up, down, more = pages + 1, up + sent, down + len(reply.body), reply.json["more"]
    ms = f"{(perf_counter() - began) * 1000:.0f}"
    ratio = f"{down / packed(fresh.seen):.2f}/1.1"
    what = f"bootstrap of {len(fresh.seen)} records"
    return Line(what, str(counted.statements), f"{pages}/3", str(up), str(down), ratio, ms)
