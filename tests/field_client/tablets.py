"""Tablets to work on: a store in a folder, a clock that the test moves, random bytes that are not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from field_client.client import FieldClient
from field_client.faults import OfflineError
from field_client.store import Store
from schemas.registry import REGISTRY
from schemas.values import uuid7
from tests.field_client.branches import Branch

Json = Any
MORNING = datetime(2026, 6, 16, 0, 50, tzinfo=UTC)
TODAY = date(2026, 6, 16)
VILLAGE = "01990000-0000-7000-8000-000000000001"
PRODUCT = "01990000-0000-7000-8000-000000000002"
CHECKLIST = "01990000-0000-7000-8000-000000000003"
CHEN = "01990000-0000-7000-8000-0000000000c1"
LIU = "01990000-0000-7000-8000-0000000000c2"
LOAN = "01990000-0000-7000-8000-0000000000a1"
VISIT = "01990000-0000-7000-8000-0000000000d1"
E1_ROWS = [
    ("2026-02-15", 240520, 21000), ("2026-03-15", 242204, 19316), ("2026-04-15", 243899, 17621),
    ("2026-05-15", 245606, 15914), ("2026-06-15", 247326, 14194), ("2026-07-15", 249057, 12463),
    ("2026-08-15", 250800, 10720), ("2026-09-15", 252556, 8964), ("2026-10-15", 254324, 7196),
    ("2026-11-15", 256104, 5416), ("2026-12-15", 257897, 3623), ("2027-01-15", 259707, 1818),
]  # fmt: skip
"""The schedule of domain.md, E1: due date, principal, interest."""


@dataclass
class Link:
    """The tablet's network: to the branch, or to nowhere."""

    branch: Branch
    server: str = "http://branch"
    up: bool = True

    def post(self, path: str, body: Json, bearer: str | None = None) -> Json:
        """Carry one request."""
        if not self.up:
            raise OfflineError(server=self.server, said="no network")
        return self.branch.serve(path, body, bearer)


@dataclass
class Tablet:
    """A field client with its clock and link."""

    path: Path
    branch: Branch
    now: datetime = MORNING
    random: Random = field(default_factory=lambda: Random(1))
    today: Callable[[], date] | None = None

    def __post_init__(self) -> None:
        self.link = Link(self.branch)
        self.open()

    def open(self) -> None:
        """Open the store, as at the start of the program."""
        new_id = uuid7(int(self.now.timestamp() * 1000), self.random.randbytes(10))
        self.store = Store.open(self.path, REGISTRY, new_id)
        self.client = FieldClient(
            self.store,
            self.link,
            clock=self.tick,
            new_bytes=self.random.randbytes,
            today=self.today,
        )

    def reopen(self) -> None:
        """Close the store and open it again, as after a crash."""
        self.store.close()
        self.open()

    def tick(self) -> datetime:
        """Return the time; each look takes a second."""
        self.now += timedelta(seconds=1)
        return self.now

    def login(self, username: str = "li.min") -> None:
        """Sign in."""
        self.client.login(username, "correct", "T")


_SEEDS = count(1)


@contextmanager
def tablet(folder: Path, branch: Branch, username: str = "li.min") -> Iterator[Tablet]:
    """Give a tablet whose user has signed in, closed afterwards."""
    seed = next(_SEEDS)
    made = Tablet(folder / f"tablet-{seed}.db", branch, random=Random(seed))
    try:
        made.login(username)
        yield made
    finally:
        made.store.close()


def furnish(branch: Branch) -> Branch:
    """Put two customers, a loan with its schedule, a planned visit and a checklist into a branch."""
    branch.put("org_unit", VILLAGE, None, name="柳树湾", code="QH-1", kind="village")
    branch.put("product", PRODUCT, None, code="NH01", name="农户贷", penalty_markup_bps=5000)
    branch.put("checklist", CHECKLIST, None, code="routine", version=2, kind="routine")
    branch.put("customer", CHEN, CHEN, **customer(name="陈国平", name_latin="Chen Guoping"))
    liu = customer(
        name="刘秀英", name_latin="Liu Xiuying", phone="13900000001", id_no="999901198509230028"
    )
    branch.put("customer", LIU, LIU, **liu)
    branch.put("loan", LOAN, CHEN, **loan())
    for seq, (due, principal, interest) in enumerate(E1_ROWS, 1):
        row = {
            "loan_id": LOAN, "schedule_version": 1, "seq": seq, "due_date": due,
            "principal_fen": principal, "interest_fen": interest, "fee_fen": 0,
        }  # fmt: skip
        branch.put("installment", f"01990000-0000-7000-8000-0000000000b{seq:x}", CHEN, **row)
    branch.put(
        "visit", VISIT, CHEN, purposes=["collection"], planned_on="2026-06-15", state="planned"
    )
    return branch


def customer(**fields: Json) -> dict[str, Json]:
    """Return a customer's fields; only the facts that matter need be given."""
    return {
        "name": "王桂英", "id_no": "999901197805120013", "phone": "13800000000",
        "village_id": VILLAGE, "segment": "grain", "state": "active", **fields,
    }  # fmt: skip


def new_customer(**fields: Json) -> dict[str, Json]:
    """Return the fields with which an officer registers a customer."""
    return {name: it for name, it in customer(**fields).items() if name != "state"}


def loan() -> dict[str, Json]:
    """Return the loan of domain.md, E1."""
    return {
        "loan_no": "JJ1", "product_id": PRODUCT, "principal_fen": 3_000_000, "rate_bps": 840,
        "method": "equal_installment", "disbursed_on": "2026-01-15", "maturity_on": "2027-01-15",
        "schedule_version": 1, "purpose": "猪", "security": ["unsecured"], "state": "active",
    }  # fmt: skip
