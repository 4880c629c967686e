"""A small branch on a server, and tablets that speak to it: the words in which the tests are told.

Two officers with three customers each and a supervisor in 青禾 (QH); one officer with one customer in
河西 (HX), whom nobody in QH may ever see.
"""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import Engine, create_engine, select

from schemas.declare import Registry
from schemas.registry import REGISTRY
from schemas.values import derived_id, format_instant, is_national_id, to_millis, uuid7
from schemas.wire.setup import parse_setup
from server import store
from server.app import create_app
from server.context import context
from server.db import engine_options, prepare
from server.migrate import migrate
from server.settings import Settings, utc_now
from server.setup import SetUp
from sync.digest import Digest, digest_of

Json = Any
NOW = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)
PASSWORD = "correct horse"


@dataclass
class Clock:
    """The time that a server and its tablets believe in."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


# ---------------------------------------------------------------------------------------- the branch


def named(name: str) -> str:
    """Return the id that goes by *name* in the tests."""
    return derived_id("test", name)


def fresh_id() -> str:
    """Return an id as a tablet makes it."""
    return uuid7(to_millis(utc_now()), secrets.token_bytes(10))


@cache
def national_id(serial: int) -> str:
    """Return a valid id number, another one for each *serial* below 100,000."""
    stem = f"999901{1950 + serial // 1000 % 50}01{1 + serial // 1000 // 50:02}{serial % 1000:03}"
    return next(stem + it for it in "0123456789X" if is_national_id(stem + it))


LI, ZHAO, WANG, SUN = named("li.wei"), named("zhao.min"), named("wang.jun"), named("sun.yan")
VILLAGE = named("柳树湾")
LOAN, PRODUCT = named("loan of GUIYING"), named("丰收贷")
LI_HAS = tuple(named(f"customer {it} of li.wei") for it in (1, 2, 3))
ZHAO_HAS = tuple(named(f"customer {it} of zhao.min") for it in (1, 2, 3))
GUIYING = LI_HAS[0]
"""王桂英, the customer that most tests are about; li.wei is her officer."""
ELSEWHERE = named("customer in HX")

CUSTOMER_FIELDS: Mapping[str, Json] = {
    "name": "王桂英", "phone": "13800000000", "village_id": VILLAGE, "segment": "grain",
    "preferences": "晚上在家。\n电话常打不通。", "annual_income_fen": 5_200_000,
}  # fmt: skip


def _user(username: str, name: str, role: str, branch: str = "QH") -> dict[str, Json]:
    return {
        "id": named(username), "username": username, "name": name, "role": role, "branch": branch,
        "password": PASSWORD,
    }  # fmt: skip


def customer_record(
    customer: str, officer: str, serial: int, branch: str = "QH", **fields: Json
) -> dict[str, Json]:
    """Return a customer for a set-up file."""
    whole = {**CUSTOMER_FIELDS, "id_no": national_id(serial), **fields}
    return {
        "branch": branch, "type": "customer", "id": customer, "officer": officer, "fields": whole,
    }  # fmt: skip


def _village(record: str, name: str, code: str, branch: str) -> dict[str, Json]:
    fields = {"name": name, "code": code, "kind": "village"}
    return {"branch": branch, "type": "org_unit", "id": record, "fields": fields}


SETUP: Mapping[str, Json] = {
    "organisation": {"name": "青禾县农村信用社"},
    "branches": [{"code": "QH", "name": "青禾支行"}, {"code": "HX", "name": "河西支行"}],
    "users": [
        _user("li.wei", "李伟", "officer"),
        _user("zhao.min", "赵敏", "officer"),
        _user("wang.jun", "王军", "supervisor"),
        _user("sun.yan", "孙燕", "auditor"),
        _user("qian.hui", "钱慧", "clerk"),
        _user("he.xi", "何西", "officer", "HX"),
    ],
    "records": [
        _village(VILLAGE, "柳树湾", "QH-01", "QH"),
        _village(named("河西村"), "河西村", "HX-01", "HX"),
        *(customer_record(it, "li.wei", place) for place, it in enumerate(LI_HAS)),
        *(customer_record(it, "zhao.min", place) for place, it in enumerate(ZHAO_HAS, 10)),
        customer_record(ELSEWHERE, "he.xi", 20, "HX", village_id=named("河西村")),
    ],
}


def make_engine(url: str) -> Engine:
    """Return an engine for *url* that keeps the server's promises, without a server."""
    return prepare(create_engine(url, **engine_options(url)))


def make_branch(url: str, setup: Mapping[str, Json] = SETUP, registry: Registry = REGISTRY) -> None:
    """Make the tables at *url* and set the branch up in them."""
    engine = make_engine(url)
    migrate(engine)
    set_up(engine, setup, registry)
    engine.dispose()


def set_up(engine: Engine, setup: Mapping[str, Json], registry: Registry = REGISTRY) -> None:
    """Bring the installation behind *engine* to what *setup* says."""
    with engine.begin() as connection:
        wish = parse_setup(dict(setup), registry)
        SetUp(connection, registry, Settings(), NOW).run(wish)


# --------------------------------------------------------------------------------------- the network


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def plain(self) -> bytes:
        """The body, decompressed."""
        packed = self.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(self.body) if packed else self.body

    @property
    def json(self) -> Json:
        """The body, read."""
        return json.loads(self.plain)

    @property
    def code(self) -> str | None:
        """The problem's code; None where all is well."""
        return problem_code(self) if self.status >= 400 else None


def problem_code(reply: Reply) -> str:
    """Return the code of a problem document, which the answer has to be."""
    assert reply.headers.get("Content-Type") == "application/problem+json", reply
    found = reply.json
    assert found["status"] == reply.status
    assert found["title"]
    assert found["detail"]
    return str(found["type"]).removeprefix("/problems/")


class Network(Protocol):
    """Whatever carries a request to a server."""

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Send one request and return the answer."""


@dataclass
class Server:
    """A server in this process, with a clock of its own."""

    url: str
    data: Path
    clock: Clock = field(default_factory=Clock)
    settings: Mapping[str, Json] = field(default_factory=dict)
    registry: Registry = REGISTRY
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start, or start again: nothing is kept but the database and the data folder."""
        if hasattr(self, "app"):
            self.close()
        settings = Settings(
            **{"data": self.data, "database_url": self.url, "rate_limit": False, **self.settings}
        )
        self.app = create_app(settings, self.registry, self.clock)

    @property
    def engine(self) -> Engine:
        return context(self.app).engine

    def close(self) -> None:
        self.engine.dispose()

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Send one request as it is; a body is announced as JSON unless *headers* say otherwise."""
        said = {**({"Content-Type": "application/json"} if body is not None else {}), **headers}
        with self.app.test_client() as client:
            answer = client.open(path, method=method, data=body, headers=said, buffered=True)
            return Reply(answer.status_code, dict(answer.headers), answer.get_data())

    def tablet(self, username: str = "li.wei", **kept: Json) -> Tablet:
        """Return a tablet on which *username* has signed in."""
        found = Tablet(self, username, self.clock, **kept)
        found.login()
        return found


# ----------------------------------------------------------------------------------------- a tablet


def as_json(body: Json) -> bytes:
    """Return *body* as a tablet sends it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass
class Tablet:
    """A device: its sign-in, its numbers, its cursor, and a copy of what it was given."""

    network: Network
    username: str
    clock: Callable[[], datetime] = utc_now
    device: str = field(default_factory=fresh_id)
    page: int = 500
    number: int = 0
    cursor: str | None = None
    epoch: str | None = None
    base: int = 0
    access: str = ""
    refresh: str = ""
    registry: Registry = REGISTRY
    held: dict[str, dict[str, Json]] = field(default_factory=dict)
    seen: list[dict[str, Json]] = field(default_factory=list)

    # ------------------------------------------------------------------------------- signing in

    def login(self, password: str = PASSWORD) -> Reply:
        """Sign in, and keep what was given."""
        device = {"id": self.device, "name": "tablet", "public_key": None}
        body = {"username": self.username, "password": password, "device": device}
        return self._signed(self.post("/api/v1/auth/login", body, signed=False))

    def renew(self, token: str | None = None) -> Reply:
        """Use a refresh token: the newest, or *token*."""
        body = {"refresh_token": token or self.refresh}
        return self._signed(self.post("/api/v1/auth/refresh", body, signed=False))

    def _signed(self, reply: Reply) -> Reply:
        if reply.status == 200:
            self.access, self.refresh = reply.json["access_token"], reply.json["refresh_token"]
        return reply

    # --------------------------------------------------------------------------------- requests

    def post(
        self, path: str, body: Json, signed: bool = True, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Post a body: JSON, or bytes as they are."""
        said = {**(self.authorization if signed else {}), **headers}
        raw = body if isinstance(body, bytes) else as_json(body)
        return self.network.send("POST", path, raw, {"Content-Type": "application/json", **said})

    def get(self, path: str) -> Reply:
        """Ask for an address."""
        return self.network.send("GET", path, None, self.authorization)

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    def change_set(self, *changes: Json, **members: Json) -> dict[str, Json]:
        """Return the next set of this tablet; *members* stand for its own."""
        if "number" not in members:
            self.number += 1
        made = format_instant(self.clock())
        stamp = f"{to_millis(self.clock()):012x}-0000-{self.device}"
        return {
            "number": self.number, "id": fresh_id(), "epoch": self.epoch, "schema": 1,
            "base": self.base, "action": "test", "made_at": made, "clock": stamp,
            "changes": list(changes), **members,
        }  # fmt: skip

    def request(self, sets: Sequence[Json] = (), **members: Json) -> dict[str, Json]:
        """Return the body of a round trip; *members* stand for its own."""
        return {
            "protocol": 1, "schema": 1, "epoch": self.epoch,
            "sent_at": format_instant(self.clock()), "cursor": self.cursor, "page": self.page,
            "received_through": 0, "held": [], "digest": True,
            "waiting": {
                "sets": 0, "oldest": None, "attachments": 0, "attention": 0, "drafts": 0,
                "customers": [],
            },
            "sets": list(sets), **members,
        }  # fmt: skip

    def offer(self, *sets: Json, **members: Json) -> Reply:
        """Send a round trip and change nothing here, whatever comes back."""
        return self.post("/api/v1/sync", self.request(sets, **members))

    def sync(self, *sets: Json, **members: Json) -> Json:
        """Make one round trip, which has to succeed, and take the answer in."""
        reply = self.offer(*sets, **members)
        if reply.status != 200 and sets:
            self.number = sets[0]["number"] - 1  # so that one failure is not every later test's
        assert reply.status == 200, reply
        self.absorb(sets, reply.json)
        return reply.json

    def push(self, *changes: Json, **members: Json) -> Json:
        """Make a round trip with one set and return its result."""
        return self.sync(self.change_set(*changes, **members))["results"][0]

    def catch_up(self) -> Tablet:
        """Pull until there is no more."""
        while self.sync()["more"]:
            pass
        return self

    # --------------------------------------------------------------------------------- the copy

    def absorb(self, sets: Iterable[Json], answer: Json) -> None:
        """Take an answer in, as section 2 of the protocol says."""
        for left in answer["left"]:
            gone = [it for it, one in self.held.items() if one["customer"] == left["customer"]]
            for it in gone:
                del self.held[it]
        self._copy_own(sets, answer)
        for one in answer["records"]:
            self.seen.append(one)
            self._take(one)
        self.cursor, self.epoch = answer["cursor"], answer["epoch"]
        if not answer["more"]:
            self.base = answer["position"]

    def _copy_own(self, sets: Iterable[Json], answer: Json) -> None:
        results = {it["number"]: it for it in answer["results"]}
        left = {it["customer"] for it in answer["left"]}
        for one in sets:
            result = results.get(one["number"])
            if result is None or result["status"] != "applied" or result["repeated"]:
                continue
            for change, done in zip(one["changes"], result["changes"], strict=True):
                if change["customer"] in left or change["op"] == "delete":
                    continue
                copied = self.held.setdefault(
                    change["id"],
                    {"type": change["type"], "customer": change["customer"], "fields": {}},
                )
                declared = self.registry[change["type"]]
                for path, value in change["set"].items():
                    found = declared.field(path)
                    if found is None or found.policy != "set":
                        copied["fields"][path] = value
                copied["version"] = max(copied.get("version", 0), done["version"])

    def _take(self, one: Json) -> None:
        if one.get("removed"):
            self.held.pop(one["id"], None)
            return
        copied = {} if one["whole"] else dict(self.held.get(one["id"], {}).get("fields", {}))
        copied |= one["set"]
        self.held[one["id"]] = {
            "type": one["type"], "customer": one["customer"], "version": one["version"],
            "fields": {path: it for path, it in copied.items() if it is not None},
        }  # fmt: skip

    def digest(self) -> Digest:
        """Return the digest of the copy."""
        return digest_of((it, one["version"]) for it, one in self.held.items())

    def fields(self, record: str) -> Json:
        """Return a record's fields in the copy."""
        return self.held[record]["fields"]


# -------------------------------------------------------------------------------------- its changes


def create(kind: str, customer: str | None, record: str | None = None, /, **fields: Json) -> Json:
    """Return the change that makes a record."""
    return {
        "op": "create", "type": kind, "id": record or fresh_id(), "customer": customer,
        "set": fields,
    }  # fmt: skip


def update(kind: str, record: str, customer: str | None, /, **fields: Json) -> Json:
    """Return the change that edits a record."""
    return {"op": "update", "type": kind, "id": record, "customer": customer, "set": fields}


def edit(customer: str = GUIYING, /, **fields: Json) -> Json:
    """Return an edit of a customer."""
    return update("customer", customer, customer, **fields)


def call(customer: str = GUIYING, /, summary: str = "约定 6 月 25 日还款", **fields: Json) -> Json:
    """Return the change that notes a telephone call."""
    whole = {"kind": "call", "direction": "out", "at": "2026-06-16T01:10:00.000Z", **fields}
    return create("interaction", customer, None, summary=summary, **whole)


def registration(customer: str, serial: int, /, **fields: Json) -> Json:
    """Return the change that registers a customer."""
    whole = {**CUSTOMER_FIELDS, "id_no": national_id(serial), **fields}
    return create("customer", customer, customer, **whole)


# ------------------------------------------------------------------------------- what is kept of it


def fingerprint(engine: Engine) -> list[Json]:
    """Return what has to stay as it is where a request is refused: heads, sets, records."""
    with engine.connect() as connection:
        heads = connection.execute(select(store.branch.c.id, store.branch.c.head_hash)).all()
        kept = select(
            store.change_set.c.device, store.change_set.c.number, store.change_set.c.status
        )
        states = select(store.record.c.id, store.record.c.version, store.record.c.changed_at)
        return [sorted(heads), *(sorted(connection.execute(it).all()) for it in (kept, states))]
