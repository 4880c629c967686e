"""The branch of the walk-through (domain.md, section 10), served by the real command over real HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import requests

from field_client.client import FieldClient
from field_client.store import Store
from field_client.transport import HttpTransport, Transport
from schemas.derived.schedule import Terms, build_schedule
from schemas.registry import REGISTRY
from schemas.values import derived_id, uuid7

Json = Any
TODAY = date(2026, 6, 16)
PASSWORD = "village-road"
START_SECONDS = 30


class Call(Protocol):
    """Asks the API in a person's name; the answer's body."""

    def __call__(self, method: str, path: str, body: Json = None) -> Json:
        """Send a request."""


def named(name: str) -> str:
    """Return the id of something in the walk-through."""
    return derived_id("walk-through", name)


VILLAGE = named("柳树湾")
CHEN, HUANG, ZHOU, DENG = (named(it) for it in ("陈国平", "黄大明", "周福海", "邓玉兰"))
LOAN = named("E1")


def set_up_file() -> dict[str, Json]:
    """Return the set-up file of the branch on the morning of 2026-06-16."""
    people = (
        ("li.min", "李敏", "officer"),
        ("zhao.lei", "赵磊", "officer"),
        ("wang.jianguo", "王建国", "supervisor"),
    )
    return {
        "organisation": {
            "name": "青禾农商行", "currency": "CNY", "time_zone": "Asia/Shanghai",
        },
        "branches": [{"code": "QH", "name": "青禾支行", "parent": None}],
        "users": [
            {"username": username, "name": name, "role": role, "branch": "QH", "password": PASSWORD}
            for username, name, role in people
        ],
        "records": [*_reference(), *_customers(), *_loan()],
    }  # fmt: skip


def _record(kind: str, record_id: str, fields: Mapping[str, Json], **more: Json) -> dict[str, Json]:
    return {"branch": "QH", "type": kind, "id": record_id, "fields": dict(fields), **more}


def _reference() -> list[dict[str, Json]]:
    product = {"code": "XE", "name": "农户小额信用贷", "penalty_markup_bps": 5000}
    village = {"name": "柳树湾", "code": "LSW", "kind": "village"}
    checklist = {
        "code": "routine", "version": 1, "kind": "routine",
        "questions": [
            {"qid": "R04", "text_zh": "新增对外负债/担保(元)", "text_en": "New debts, yuan",
             "answer": "money", "required": True},
        ],
    }  # fmt: skip
    return [
        _record("org_unit", VILLAGE, village),
        _record("product", named("product"), product),
        _record("checklist", named("routine"), checklist),
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
        customers.append(_record("customer", record_id, fields, officer="li.min"))
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
    records = [_record("loan", LOAN, loan, customer=CHEN)]
    for row in rows:
        fields = {
            "loan_id": LOAN, "schedule_version": 1, "seq": row.seq,
            "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen, "fee_fen": 0,
        }  # fmt: skip
        records.append(_record("installment", named(f"E1/{row.seq}"), fields, customer=CHEN))
    for row in rows[:3]:
        fields = {
            "loan_id": LOAN, "amount_fen": row.total_fen, "channel": "deduction",
            "value_date": row.due_date.isoformat(), "receipt_no": f"KK{row.seq:04d}",
        }  # fmt: skip
        records.append(_record("repayment", named(f"paid/{row.seq}"), fields, customer=CHEN))
    return records


@dataclass
class Village:
    """A running server with the branch, and tablets that reach it."""

    url: str
    folder: Path
    database: str
    now: Callable[[], datetime] = field(default_factory=lambda: _now)

    def tablet(self, name: str, transport: Transport | None = None) -> FieldClient:
        """Open the store of a tablet; opened again, it is the same tablet after a restart."""
        path = self.folder / f"{name}.sqlite3"
        fresh = uuid7(int(self.now().timestamp() * 1000), os.urandom(10))
        store = Store.open(path, REGISTRY, fresh)
        return FieldClient(
            store, transport or self.transport(), clock=self.now, new_bytes=os.urandom,
            today=lambda: TODAY,
        )  # fmt: skip

    def transport(self) -> HttpTransport:
        """Return the way to the server over HTTP."""
        return HttpTransport(self.url, sleep=lambda _: None, jitter=lambda: 0.0)

    def sign_in(self, username: str) -> Call:
        """Sign a person in at the API and return `call(method, path, body)`."""
        device = {"id": named(f"desk of {username}"), "name": "desk", "public_key": None}
        wish = {"username": username, "password": PASSWORD, "device": device}
        given = requests.post(f"{self.url}/api/v1/auth/login", json=wish, timeout=10).json()

        def call(method: str, path: str, body: Json = None) -> Json:
            headers = {"Authorization": f"Bearer {given['access_token']}"}
            response = requests.request(
                method, self.url + path, json=body, headers=headers, timeout=10
            )
            return response.json()

        return call

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `xiangxin` on this branch's data."""
        return xiangxin(self.folder, self.database, *words)


@contextmanager
def served(folder: Path, database: str) -> Iterator[Village]:
    """Set the branch up, and serve it on a free port until the end."""
    file = folder / "set-up.json"
    file.write_text(json.dumps(set_up_file(), ensure_ascii=False))
    made = xiangxin(folder, database, "setup", str(file))
    assert made.returncode == 0, made.stderr
    with running(folder, database) as village:
        yield village


@contextmanager
def running(folder: Path, database: str) -> Iterator[Village]:
    """Serve whatever is there on a free port until the end."""
    port = _free_port()
    command = [
        sys.executable, "-m", "server.cli", "serve", "--port", str(port),
        "--data", str(folder), "--database", database,
    ]  # fmt: skip
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=_environment(), stderr=log, stdout=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process)
            yield Village(url, folder, database)
        finally:
            process.terminate()
            process.wait(timeout=30)


def xiangxin(folder: Path, database: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a folder and a database."""
    command = [
        sys.executable, "-m", "server.cli", *words, "--data", str(folder), "--database", database,
    ]  # fmt: skip
    return subprocess.run(
        command, env=_environment(), capture_output=True, text=True, timeout=120, check=False
    )


def _environment() -> dict[str, str]:
    wanted = {
        "XIANGXIN_BUSINESS_DATE": TODAY.isoformat(), "XIANGXIN_RATE_LIMIT": "off",
        "XIANGXIN_LOG_FORMAT": "json",
    }  # fmt: skip
    return {**os.environ, **wanted}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    until = monotonic() + START_SECONDS
    with requests.Session() as session:
        while monotonic() < until:
            assert process.poll() is None, "the server ended at its start"
            try:
                if session.get(f"{url}/readyz", timeout=1).status_code == 200:
                    return
            except requests.ConnectionError:
                pass
    raise AssertionError("the server did not become ready")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a journey happens now, on real clocks
