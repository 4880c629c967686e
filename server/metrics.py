"""What Prometheus is told (`GET /metrics`): gauges that are counted in the database at each scrape.

Nothing is counted in a process: two workers would each tell half, and a restart would forget it. Names and
texts of customers or users are in none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import ColumnElement, Connection, case, func, select

from schemas.values import format_instant
from server import incidents, quarantine
from server.accounts import device
from server.readmodels import text_of
from server.store import branch, change_set, record

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
STATUSES = ("applied", "merged", "conflict", "rejected", "held")
DEVICE_STATES = ("active", "locked", "wiped")
AGES = (("1h", timedelta(hours=1)), ("1d", timedelta(days=1)), ("7d", timedelta(days=7)),
        ("30d", timedelta(days=30)))  # fmt: skip
OLDER, NEVER = "older", "never"
Counts = dict[tuple[str, str], int]


def exposition(connection: Connection, now: datetime) -> bytes:
    """Return the gauges in Prometheus' text format, as of *now*."""
    registry = CollectorRegistry()
    registry.register(_Gauges(connection, now))
    return generate_latest(registry)


class _Gauges:
    """A collector over one connection, for one scrape."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge, with a value for each branch even where that is 0."""
        named = select(branch.c.id, branch.c.code, branch.c.head).order_by(branch.c.code)
        branches = self.connection.execute(named).all()
        codes = {it.id: it.code for it in branches}
        yield _gauge(
            "xiangxin_info", "The running version", ["version"], [([version("xiangxin")], 1)]
        )
        yield _gauge(
            "xiangxin_log_head", "The newest position of a branch's log", ["branch"],
            [([it.code], it.head) for it in branches],
        )  # fmt: skip
        yield _by_branch(
            "xiangxin_sets", "Change sets that were taken, by what became of them", "status",
            codes, STATUSES, self._counted(change_set.c.branch, change_set.c.status),
        )  # fmt: skip
        yield _gauge(
            "xiangxin_quarantine_sets", "Sets in quarantine that may need someone", ["branch"],
            [([code], quarantine.count(self.connection, id_)) for id_, code in codes.items()],
        )  # fmt: skip
        conflicts = record.c.type == "conflict"
        yield _by_branch(
            "xiangxin_conflicts", "Conflicts by status", "status", codes, ("open", "resolved"),
            self._counted(record.c.branch, text_of(record, "status"), conflicts),
        )  # fmt: skip
        tablets = device.c.kind == "tablet"
        yield _by_branch(
            "xiangxin_devices", "Tablets by state", "state", codes, DEVICE_STATES,
            self._counted(device.c.branch, device.c.state, tablets),
        )  # fmt: skip
        yield _by_branch(
            "xiangxin_devices_heard", "Tablets in use by how long ago they were last heard", "within",
            codes, (*(it for it, _ in AGES), OLDER, NEVER),
            self._counted(device.c.branch, self._age(), tablets, device.c.state != "wiped"),
        )  # fmt: skip
        kinds = {incidents.DIGEST_MISMATCH: 0, **incidents.count_by_kind(self.connection)}
        yield _gauge(
            "xiangxin_incidents", "What went wrong with devices and was put right, by kind", ["kind"],
            [([kind], count) for kind, count in kinds.items()],
        )  # fmt: skip

    def _age(self) -> ColumnElement[str]:
        last = device.c.last_contact_at
        within = [(last >= format_instant(self.now - age), name) for name, age in AGES]
        return case((last.is_(None), NEVER), *within, else_=OLDER)

    def _counted(
        self, by: ColumnElement[str], kind: ColumnElement[str], *where: ColumnElement[bool]
    ) -> Counts:
        """Count rows by branch and kind."""
        rows = select(by.label("branch"), kind.label("kind")).where(*where).subquery()
        query = select(rows.c.branch, rows.c.kind, func.count()).group_by(
            rows.c.branch, rows.c.kind
        )
        return {(it[0], it[1]): it[2] for it in self.connection.execute(query)}


def _by_branch(
    name: str, what: str, label: str, codes: Mapping[str, str], kinds: Iterable[str], found: Counts
) -> GaugeMetricFamily:
    every = [(id_, code, kind) for id_, code in codes.items() for kind in kinds]
    counts = [([code, kind], found.get((id_, kind), 0)) for id_, code, kind in every]
    return _gauge(name, what, ["branch", label], counts)


def _gauge(
    name: str, what: str, labels: list[str], counts: Iterable[tuple[list[str], int]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=labels)
    for values, count in counts:
        family.add_metric(values, count)
    return family
