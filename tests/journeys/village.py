"""The branch of the walk-through (domain.md, section 10), served by the real command over real HTTP."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import requests

from field_client.client import FieldClient
from field_client.store import Store
from field_client.transport import HttpTransport, Transport
from schemas.checklists import published
from schemas.declare import Registry
from schemas.derived.schedule import Terms, build_schedule
from schemas.registry import REGISTRY
from schemas.values import derived_id, uuid7
from tests.forked import fork
from tests.server.serving import serving

Json = Any
TODAY = date(2026, 6, 16)
PASSWORD = "village-road"
COMMAND_SECONDS = 120


class Call(Protocol):
    """Asks the API in a person's name; the answer's body."""

    def __call__(self, method: str, path: str, body: Json = None) -> Json:
        """Send a request."""


def named(name: str) -> str:
    """Return the id of something in the walk-through."""
    return derived_id("walk-through", name)


VILLAGE = named("柳树湾")
CHEN, HUANG, ZHOU, DENG = (named(it) for it in ("陈国平", "黄大明", "周福海", "邓玉兰"))
LOAN, HARVEST = named("E1"), named("丰收贷")
CHECKS = ("pre_loan", "in_loan_review", "first_followup", "routine", "supervisory")


def set_up_file() -> dict[str, Json]:
    """Return the set-up file of the branch on the morning of 2026-06-16."""
    people = (
        ("li.min", "李敏", "officer"),
        ("zhao.lei", "赵磊", "officer"),
        ("wang.jianguo", "王建国", "supervisor"),
        ("sun.yan", "孙燕", "reviewer"),
        ("he.fang", "何芳", "clerk"),
        ("luo.jun", "罗军", "approver"),
        ("qian.bo", "钱波", "auditor"),
    )
    return {
        "organisation": {
            "name": "青禾农商行", "currency": "CNY", "time_zone": "Asia/Shanghai",
        },
        "branches": [{"code": "QH", "name": "青禾支行", "parent": None}],
        "users": [user(*it) for it in people],
        "records": [*_reference(), *_customers(), *_loan()],
    }  # fmt: skip


def user(username: str, name: str, role: str) -> dict[str, Json]:
    """Return a person of the set-up file."""
    return {
        "id": named(username), "username": username, "name": name, "role": role,
        "branch": "QH", "password": PASSWORD,
    }  # fmt: skip


def record(kind: str, record_id: str, fields: Mapping[str, Json], **more: Json) -> dict[str, Json]:
    """Return a record of the set-up file."""
    return {"branch": "QH", "type": kind, "id": record_id, "fields": dict(fields), **more}


def _reference() -> list[dict[str, Json]]:
    product = {"code": "XE", "name": "农户小额信用贷", "penalty_markup_bps": 5000}
    harvest = {
        "code": "FS", "name": "丰收贷", "methods": ["equal_installment", "seasonal"],
        "min_amount_fen": 1_000_00, "max_amount_fen": 80_000_00, "rate_bps_min": 500,
        "rate_bps_max": 1200, "security": ["guarantor", "group"], "purposes": ["仔猪饲料和晚稻投入"],
    }  # fmt: skip
    village = {"name": "柳树湾", "code": "LSW", "kind": "village"}
    return [
        record("org_unit", VILLAGE, village),
        record("product", named("product"), product),
        record("product", HARVEST, harvest),
        *(
            record("checklist", named(it["code"]), it)
            for it in published.newest()
            if it["code"] in CHECKS
        ),
    ]


def _customers() -> list[dict[str, Json]]:
    people = (
        (CHEN, "陈国平", "999901197805120013", "10000000001"),
        (HUANG, "黄大明", "999901198509230028", "10000000002"),
        (ZHOU, "周福海", "999901199011040037", "10000000003"),
        (DENG, "邓玉兰", "99990119780512001" + "3", "10000000004"),
    )
    customers = []
    for record_id, name, id_no, phone in people:
        fields = {
            "name": name, "id_no": id_no, "phone": phone, "village_id": VILLAGE,
            "segment": "grain", "state": "active",
        }  # fmt: skip
        if record_id == DENG:
            del fields["id_no"]
        customers.append(record("customer", record_id, fields, officer="li.min"))
    return customers


def _loan() -> list[dict[str, Json]]:
    terms = Terms(
        method="equal_installment", principal_fen=3_000_000, rate_bps=840,
        disbursed_on=date(2026, 1, 15), count=12, first_due_on=date(2026, 2, 15),
    )  # fmt: skip
    rows = build_schedule(terms)
    loan = {
        "loan_no": "JJ202600001", "product_id": named("product"), "principal_fen": 3_000_000,
        "rate_bps": 840, "method": "equal_installment", "disbursed_on": "2026-01-15",
        "first_due_on": "2026-02-15", "maturity_on": "2027-01-15", "schedule_version": 1,
        "purpose": "购买仔猪", "security": ["unsecured"], "state": "active",
    }  # fmt: skip
    records = [record("loan", LOAN, loan, customer=CHEN)]
    for row in rows:
        fields = {
            "loan_id": LOAN, "schedule_version": 1, "seq": row.seq,
            "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen, "fee_fen": 0,
        }  # fmt: skip
        records.append(record("installment", named(f"E1/{row.seq}"), fields, customer=CHEN))
    for row in rows[:3]:
        fields = {
            "loan_id": LOAN, "amount_fen": row.total_fen, "channel": "deduction",
            "value_date": row.due_date.isoformat(), "receipt_no": f"KK{row.seq:04d}",
        }  # fmt: skip
        records.append(record("repayment", named(f"paid/{row.seq}"), fields, customer=CHEN))
    return records


@dataclass
class Village:
    """A running server with the branch, and tablets that reach it."""

    url: str
    folder: Path
    database: str
    now: Callable[[], datetime] = field(default_factory=lambda: _now)
    today: date = TODAY

    def tablet(
        self, name: str, transport: Transport | None = None, registry: Registry = REGISTRY
    ) -> FieldClient:
        """Open the store of a tablet; opened again, it is the same tablet after a restart."""
        path = self.folder / f"{name}.sqlite3"
        fresh = uuid7(int(self.now().timestamp() * 1000), os.urandom(10))
        store = Store.open(path, registry, fresh)
        return FieldClient(
            store, transport or self.transport(), clock=self.now, new_bytes=os.urandom,
            today=lambda: self.today,
        )  # fmt: skip

    def transport(self) -> HttpTransport:
        """Return the way to the server over HTTP."""
        return HttpTransport(self.url, sleep=lambda _: None, jitter=lambda: 0.0)

    def sign_in(self, username: str) -> Call:
        """Sign a person in at the API and return `call(method, path, body)`."""
        return self.calling(self.token(username))

    def token(self, username: str) -> str:
        """Sign a person in at a desk and return the access token."""
        device = {"id": named(f"desk of {username}"), "name": "desk", "public_key": None}
        wish = {"username": username, "password": PASSWORD, "device": device}
        given = requests.post(f"{self.url}/api/v1/auth/login", json=wish, timeout=10).json()
        return str(given["access_token"])

    def calling(self, token: str) -> Call:
        """Return `call(method, path, body)` in the name of whoever has the token."""

        def call(method: str, path: str, body: Json = None) -> Json:
            return self.ask(token, method, path, body).json()

        return call

    def ask(self, token: str, method: str, path: str, body: Json = None) -> requests.Response:
        """Send a request in somebody's name and return the answer as it is."""
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=10)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `xiangxin` on this branch's data."""
        return xiangxin(self.folder, self.database, *words, today=self.today)


@contextmanager
def served(
    folder: Path,
    database: str,
    more: Sequence[Mapping[str, Json]] = (),
    today: date = TODAY,
    people: Sequence[Mapping[str, Json]] = (),
) -> Iterator[Village]:
    """Set the branch up, with *more* records and *people*, and serve it on a free port until the end."""
    file, wish = folder / "set-up.json", set_up_file()
    wish["records"] += more
    wish["users"] += people
    file.write_text(json.dumps(wish, ensure_ascii=False))
    made = xiangxin(folder, database, "setup", str(file), today=today)
    assert made.returncode == 0, made.stderr
    with running(folder, database, today) as village:
        yield village


@contextmanager
def running(folder: Path, database: str, today: date = TODAY) -> Iterator[Village]:
    """Serve whatever is there on a free port until the end; *today* is the branch's business date."""
    with serving(database, folder, 1, **_environment(today)) as place:
        yield Village(f"http://127.0.0.1:{place.port}", folder, database, today=today)


def xiangxin(
    folder: Path, database: str, *words: str, today: date = TODAY
) -> subprocess.CompletedProcess[str]:
    """Run the command on a folder and a database, in a process of its own; what it says is one text."""
    folder.mkdir(exist_ok=True)
    said = folder / "command.log"
    said.write_bytes(b"")
    line = [*words, "--data", str(folder), "--database", database]
    process = fork("server.cli", line, said, **_environment(today))
    status = process.wait(COMMAND_SECONDS)
    text = said.read_text()
    return subprocess.CompletedProcess(line, status, text, text)


def _environment(today: date) -> dict[str, str]:
    return {
        "XIANGXIN_BUSINESS_DATE": today.isoformat(), "XIANGXIN_RATE_LIMIT": "off",
        "XIANGXIN_LOG_FORMAT": "json",
    }  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a journey happens now, on real clocks
