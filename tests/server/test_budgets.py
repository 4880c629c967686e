"""The budgets of the protocol, section 14, as counts: statements, round trips, bytes, steps."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.places import Cluster
from tests.server.branch import (
    LI_HAS,
    Clock,
    Server,
    Tablet,
    as_json,
    call,
    edit,
    fresh_id,
    registration,
)
from tests.server.conftest import branch_on
from tests.server.counting import Counted, Reads, counting, reading_counted
from tests.server.workday import (
    SHORT_DAY,
    WHOLE_DAY,
    dealt,
    exchange,
    grow,
    packed,
    work_a_day,
)

Json = Any
PUSH, NO_OP = 10, 3
"""How many statements a push and a no-op sync may take, BEGIN and COMMIT not counted."""


def cost(server: Server, tablet: Tablet, *sets: Json) -> Counted:
    """Count a whole round trip in which every set is stored without a conflict."""
    with counting(server.engine) as counted:
        answer = tablet.sync(*sets)
    assert {it["status"] for it in answer["results"]} <= {"applied", "merged"}, answer["results"]
    if server.engine.dialect.name == "sqlite":
        assert counted.statements == len(counted.traced), "SQLite ran more than it was sent"
    return counted


def calls(count: int) -> list[Json]:
    return [call(LI_HAS[it % 3], f"第 {it} 次联系") for it in range(count)]


# ---------------------------------------------------------------------------------------- statements

SIZES = [(1, 1), (40, 1), (40, 25), (40, 40), (400, 1), (400, 25), (400, 400)]


def test_a_push_takes_as_many_statements_whatever_its_size(server: Server, li: Tablet) -> None:
    counts = {
        (changes, sets): cost(
            server, li, *(li.change_set(*it) for it in dealt(calls(changes), sets))
        ).statements
        for changes, sets in SIZES
    }

    assert set(counts.values()) == {counts[1, 1]}, counts
    assert counts[1, 1] <= PUSH


Prepare = Callable[[Server], list[Json]]


def edited_unseen_by_a_colleague(server: Server) -> list[Json]:
    server.tablet("li.wei").catch_up().push(edit(preferences="周末在家。"))
    return [edit(phone="13900000001")]


OTHER_PUSHES: dict[str, Prepare] = {
    "an edit": lambda _: [edit(phone="13900000001")],
    "edits of every customer": lambda _: [edit(it, phone="13900000001") for it in LI_HAS],
    "a registration": lambda _: [registration(fresh_id(), 900)],
    "ten registrations": lambda _: [registration(fresh_id(), 910 + it) for it in range(10)],
    "an edit of what a colleague edited unseen": edited_unseen_by_a_colleague,
}


@pytest.mark.parametrize("push", OTHER_PUSHES.values(), ids=OTHER_PUSHES)
def test_no_kind_of_push_takes_more(server: Server, li: Tablet, push: Prepare) -> None:
    changes = push(server)

    assert cost(server, li, li.change_set(*changes)).statements <= PUSH


def test_a_no_op_sync_takes_three_statements_at_most(server: Server, li: Tablet) -> None:
    assert cost(server, li).statements <= NO_OP


def test_a_repeated_push_takes_no_more_than_the_first(server: Server, li: Tablet) -> None:
    sets = [li.change_set(*it) for it in dealt(calls(40), 25)]
    first = cost(server, li, *sets).statements

    assert cost(server, li, *sets).statements <= first


def test_a_hundred_times_the_customers_cost_a_push_nothing(server: Server) -> None:
    tablet, colleague = (server.tablet("li.wei").catch_up() for _ in range(2))

    def evening() -> tuple[int, int, int]:
        colleague.sync(colleague.change_set(*calls(60)))
        tablet_sets = [tablet.change_set(*it) for it in dealt(calls(40), 25)]
        with counting(server.engine) as counted:
            reply, up = exchange(tablet, tablet_sets)
        return counted.statements, counted.steps, up + len(reply.body)

    evening()
    statements, steps, size = evening()
    grow(server, "zhao.min", 100 * len(LI_HAS))
    more_statements, more_steps, more_size = evening()

    assert more_statements == statements
    assert more_steps <= 1.2 * steps
    assert more_size <= 1.2 * size


LARGE = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
"""What PostgreSQL gives up by itself where a table is large, and has to be told where it is small."""


def reads_of_an_evening(url: str, data: Path, more_customers: int) -> Reads:
    """Return what PostgreSQL reads for a day's sync in a branch with so many more customers of a colleague."""
    data.mkdir()
    with closing(Server(url, data, Clock())) as server:
        return _reads_of_an_evening(server, more_customers)


def _reads_of_an_evening(server: Server, more_customers: int) -> Reads:
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        name = admin.execute(text("SELECT current_database()")).scalar_one()
        for it in LARGE:
            admin.execute(text(f'ALTER DATABASE "{name}" SET {it} = off'))
    server.engine.dispose()
    tablet, colleague = (server.tablet("li.wei").catch_up() for _ in range(2))
    grow(server, "zhao.min", more_customers)
    for _ in range(2):
        colleague.sync(colleague.change_set(*calls(60)))
        sets = [tablet.change_set(*it) for it in dealt(calls(40), 25)]
        with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
            admin.execute(
                text("VACUUM ANALYZE")
            )  # the planner knows the sizes, nothing dead is read
        with reading_counted(server.engine) as reads:
            answer = tablet.sync(*sets)
        assert {it["status"] for it in answer["results"]} == {"applied"}
        assert len(answer["records"]) >= 60
    return reads


@pytest.mark.postgres
def test_a_hundred_times_the_customers_cost_no_more_reads_of_indexes(
    postgres_cluster: Cluster, tmp_path: Path
) -> None:
    found = []
    for more in (0, 100 * len(LI_HAS)):
        with branch_on(postgres_cluster) as url:
            found.append(reads_of_an_evening(url, tmp_path / str(more), more))
    small, large = found

    assert small.scans > 0 < small.entries, "nothing was counted"
    assert large.scans <= 1.2 * small.scans, found
    assert large.entries + large.rows <= 1.2 * (small.entries + small.rows), found


# --------------------------------------------------------------------------------- bytes and trips


def test_a_no_op_sync_is_300_bytes_each_way(server: Server, li: Tablet) -> None:
    li.push(call())
    server.clock.advance(minutes=1)
    li.catch_up()

    reply, up = exchange(li)

    assert reply.json["records"] == []
    assert up <= 300
    assert len(reply.body) <= 300


def headers(reply: Any) -> int:
    return len(as_json(dict(reply.headers)))


def test_a_day_comes_home_in_one_round_trip(one_server: Server) -> None:
    customers = grow(one_server, "li.wei", 56)
    tablet, colleague = (one_server.tablet("li.wei") for _ in range(2))
    for it in (tablet, colleague, tablet):
        it.catch_up()

    day = work_a_day(tablet, colleague, customers, WHOLE_DAY)

    assert {it["status"] for it in day.answer["results"]} == {"applied"}
    assert len(day.answer["results"]) == 25
    assert day.trips == 1
    assert day.ratio <= 1.3, f"{day.up} up, {day.down} down for {day.values} of values and ids"


def test_a_short_day_comes_home_in_8_kb(one_server: Server) -> None:
    customers = grow(one_server, "li.wei", 42)
    tablet, colleague = (one_server.tablet("li.wei") for _ in range(2))
    for it in (tablet, colleague, tablet):
        it.catch_up()

    day = work_a_day(tablet, colleague, customers, SHORT_DAY)

    assert day.up + day.down <= 8 * 1024
    assert day.trips == 1


def test_the_headers_of_an_answer_are_less_than_1_kb(one_server: Server) -> None:
    reply, _ = exchange(one_server.tablet("li.wei"))

    assert headers(reply) <= 1024


def caseload(server: Server, records: int) -> Tablet:
    """Give li.wei a caseload of so many records, and return a tablet with nothing on it yet."""
    each = 20
    customers = [*LI_HAS, *grow(server, "li.wei", records // each - len(LI_HAS))]
    maker = server.tablet("li.wei").catch_up()
    made = [call(it, f"约定 {n} 日还款，已经打过电话") for it in customers for n in range(each - 1)]
    for start in range(0, len(made), 500):
        maker.push(*made[start : start + 500])
    return server.tablet("li.wei")


def test_a_caseload_of_1200_records_comes_in_three_pages(one_server: Server) -> None:
    tablet = caseload(one_server, 1200)
    pages, size = 0, 0
    more = True

    while more:
        reply, _ = exchange(tablet)
        pages, size, more = pages + 1, size + len(reply.body), reply.json["more"]

    assert pages <= 3
    assert sum(it["customer"] is not None for it in tablet.seen) == 1200
    assert len(tablet.seen) == len(tablet.held)
    assert size <= 1.1 * packed(tablet.seen)


def test_a_page_takes_as_much_memory_whatever_the_caseload(one_server: Server) -> None:
    def peak(tablet: Tablet) -> int:
        tablet.sync(page=50)
        tracemalloc.start()
        tablet.sync(page=50)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small = peak(caseload(one_server, 200))
    grow(one_server, "li.wei", 400, first=2000)

    assert peak(one_server.tablet("li.wei")) <= 1.5 * small
