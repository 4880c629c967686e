"""No reader ever misses a change, with many writers, small pages and several processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.server.branch import GUIYING, LI_HAS, ZHAO_HAS, Tablet, call, edit
from tests.server.serving import Served, serving

Json = Any
WRITERS = READERS = 8
PAGE = 7
SETS = [pytest.param(12, id="moderate"), pytest.param(600, id="many", marks=pytest.mark.long)]


@pytest.fixture
def served(branch_url: str, tmp_path: Path) -> Iterator[Served]:
    """A server of two processes, once on SQLite and once on PostgreSQL."""
    with serving(branch_url, tmp_path, workers=2) as found:
        yield found


def signed_in(served: Served, username: str, count: int, page: int = 500) -> list[Tablet]:
    found = []
    for _ in range(count):
        tablet = Tablet(served.line, username, page=page)
        assert tablet.login().status == 200
        found.append(tablet)
    for tablet in found:
        tablet.catch_up()
        tablet.seen.clear()
    return found


def follow(tablet: Tablet, done: threading.Event) -> None:
    """Pull page after page until the writers are done and there is nothing more."""
    while True:
        was_done = done.is_set()
        answer = tablet.sync()
        if was_done and not answer["more"] and not answer["records"]:
            return


def is_equal(tablet: Tablet) -> bool:
    """Tell whether a tablet holds exactly what the server says it should."""
    digest = tablet.sync()["digest"]
    return bool(digest == {"records": len(tablet.held), "sum": tablet.digest().sum})


@pytest.mark.parametrize("sets", SETS)
def test_eight_readers_see_every_change_of_eight_writers_once_and_in_order(
    served: Served, sets: int
) -> None:
    writers = signed_in(served, "li.wei", WRITERS)
    readers = signed_in(served, "li.wei", READERS, PAGE)
    done = threading.Event()

    def write(writer: Tablet) -> set[str]:
        made = set()
        for it in range(sets):
            calls = [call(LI_HAS[(it + n) % 3]) for n in range(1 + it % 3)]
            assert writer.push(*calls)["status"] == "applied"
            made |= {one["id"] for one in calls}
        return made

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        reading = [pool.submit(follow, it, done) for it in readers]
        made = set[str]().union(*pool.map(write, writers))
        done.set()
        for it in reading:
            it.result()

    for reader in readers:
        notes = [it for it in reader.seen if it["type"] == "interaction"]
        versions = [it["version"] for it in notes]
        assert {it["id"] for it in notes} == made, "every change"
        assert len(notes) == len(made), "once"
        assert versions == sorted(versions), "in order"
    for tablet in (*readers, *writers):
        tablet.catch_up()
        assert is_equal(tablet)


@pytest.mark.parametrize(
    "moves", [pytest.param(6, id="moderate"), pytest.param(200, id="many", marks=pytest.mark.long)]
)
def test_tablets_agree_although_a_customer_moves_to_and_fro_under_their_work(
    served: Served, moves: int
) -> None:
    tablets = {it: signed_in(served, it, 3, PAGE) for it in ("li.wei", "zhao.min")}
    (wang,) = signed_in(served, "wang.jun", 1)
    done = threading.Event()

    def work(tablet: Tablet, own: str) -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            tablet.push(call(own), call(GUIYING))
            tablet.push(edit(own, phone=f"139{turn:08}"))

    with ThreadPoolExecutor(8) as pool:
        working = [
            pool.submit(work, tablet, customers[place])
            for username, customers in (("li.wei", LI_HAS[1:]), ("zhao.min", ZHAO_HAS))
            for place, tablet in enumerate(tablets[username][:2])
        ]
        reading = [pool.submit(follow, tablets[it][2], done) for it in tablets]
        for turn in range(moves):
            officer = ("zhao.min", "li.wei")[turn % 2]
            wish = {
                "customer": GUIYING,
                "officer": officer,
                "role": "primary",
                "reason": "片区调整",
            }
            assert wang.post("/api/v1/assignments", wish).status == 201
        done.set()
        for it in (*working, *reading):
            it.result()

    for username, several in tablets.items():
        copies = []
        for tablet in several:
            tablet.catch_up()
            assert is_equal(tablet), username
            copies.append({it: one["fields"] for it, one in tablet.held.items()})
        assert copies[0] == copies[1] == copies[2]
    assert (GUIYING in tablets["li.wei"][0].held) is (moves % 2 == 0)
