"""What Prometheus is told, read back with its own parser."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.branch import Server, call, edit
from tests.server.counting import counting


def scraped(server: Server) -> dict[tuple[str, ...], float]:
    """Return every sample by its name and the values of its labels."""
    reply = server.send("GET", "/metrics")
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(reply.plain.decode())
    return {
        (one.name.removeprefix("xiangxin_"), *one.labels.values()): one.value
        for family in families
        for one in family.samples
    }


def test_a_quiet_branch_has_every_gauge_at_nought(server: Server) -> None:
    told = scraped(server)

    assert told["conflicts", "QH", "open"] == 0
    assert told["sets", "QH", "rejected"] == 0
    assert told["quarantine_sets", "HX"] == 0
    assert told["devices", "QH", "active"] == 0
    assert told["devices_heard", "QH", "never"] == 0
    assert told["incidents", "digest-mismatch"] == 0
    assert told["log_head", "QH"] > 0


def test_what_happened_is_counted(server: Server) -> None:
    li, other = (server.tablet("li.wei").catch_up() for _ in range(2))
    li.push(edit(phone="13900000001"))
    assert other.push(edit(phone="13900000002"))["status"] == "conflict"
    li.push(edit(phone=7))
    li.push(call(), action="withdrawn")

    told = scraped(server)

    assert told["conflicts", "QH", "open"] == 1
    assert told["sets", "QH", "conflict"] == 1
    assert told["sets", "QH", "rejected"] == 2
    assert told["quarantine_sets", "QH"] == 1, "what was withdrawn needs nobody"
    assert told["sets", "HX", "rejected"] == 0


@pytest.mark.parametrize(
    ("hours", "within"), [(0, "1h"), (2, "1d"), (30, "7d"), (24 * 8, "30d"), (24 * 40, "older")]
)
def test_tablets_are_counted_by_when_they_were_heard(
    server: Server, hours: int, within: str
) -> None:
    server.tablet("li.wei").catch_up()
    server.tablet("zhao.min")
    server.clock.advance(hours=hours)

    told = scraped(server)

    assert told["devices_heard", "QH", within] == 1
    assert told["devices_heard", "QH", "never"] == 1
    assert sum(count for name, count in told.items() if name[0] == "devices_heard") == 2
    assert told["devices", "QH", "active"] == 2


def test_two_processes_tell_the_same(server: Server) -> None:
    server.tablet("li.wei").catch_up().push(call())
    other = Server(server.url, server.data, server.clock)

    assert scraped(other) == scraped(server)
    other.close()


def test_a_scrape_costs_as_much_whatever_the_branch(server: Server) -> None:
    with counting(server.engine) as before:
        scraped(server)
    li = server.tablet("li.wei").catch_up()
    for _ in range(5):
        li.push(call())
    with counting(server.engine) as after:
        scraped(server)

    assert after.statements == before.statements


def test_every_copy_that_differed_is_counted(server: Server) -> None:
    li = server.tablet("li.wei").catch_up()

    for times in (1, 2):
        li.post("/api/v1/sync/repair", {"cursor": li.cursor, "buckets": ["0" * 16] * 256})

        assert scraped(server)["incidents", "digest-mismatch"] == times


def test_nobody_is_named(server: Server) -> None:
    server.tablet("li.wei").catch_up().push(call(summary="王桂英"))

    told = server.send("GET", "/metrics").plain.decode()

    assert "li.wei" not in told
    assert "王" not in told
