"""A day of two officers against a running server, told step by step, with where to look at it.

`xiangxin tour` runs this module; it uses nothing but the field client and the API, as any outsider could.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

import click
import requests

from field_client.client import FieldClient
from field_client.faults import OfflineError
from field_client.store import Store
from field_client.transport import HttpTransport
from field_client.visits import Place, Promise
from field_client.words import yuan
from schemas.declare import Label
from schemas.problems import XiangxinError
from schemas.registry import REGISTRY
from schemas.values import to_millis, uuid7
from sync.rebase import View

Json = Any
TIMEOUT_SECONDS = 30
COLLECTED_FEN = 30_000

WORDS: Mapping[str, Label] = {
    "start": Label("A day with two officers, against {url}", "两位客户经理的一天，服务器 {url}"),
    "signed-in": Label(
        "{name} signs in on {code} and syncs: {customers} customers, {records} records on the tablet.",
        "{name} 登录 {code} 并同步：平板上有 {customers} 个客户、{records} 条记录。",
    ),
    "cover": Label(
        "{boss} lets {second} cover {customer} for a week, so both tablets hold the dossier.",
        "{boss} 安排 {second} 代管 {customer} 一周，两台平板都有这份档案。",
    ),
    "offline": Label(
        "Now both are in the village, without a signal.", "现在两人都在村里，没有信号。"
    ),
    "visit": Label(
        "{name} visits {customer}, writes a summary and takes the position.",
        "{name} 走访 {customer}，写下小结并定位。",
    ),
    "repay": Label(
        "{name} takes {amount} on loan {loan}, receipt {receipt}; days past due {before} → {after}.",
        "{name} 收取贷款 {loan} 还款 {amount}，收据 {receipt}；逾期天数 {before} → {after}。",
    ),
    "phone": Label(
        "{name} changes the customer's phone to {phone}.", "{name} 把客户电话改为 {phone}。"
    ),
    "waiting": Label(
        "{name}: {count} changes are Ready and wait on the tablet.",
        "{name}：{count} 项更改待发送，保存在平板上。",
    ),
    "synced": Label(
        "{name} is back in reach and syncs in one round trip: {applied} accepted as sent, {merged} merged, "
        "{conflict} in conflict.",
        "{name} 回到有信号处，一次往返完成同步：{applied} 项原样接受，{merged} 项自动合并，{conflict} 项冲突。",
    ),
    "look": Label(
        "Look at it: sign in as {boss} at {url}/ for the summary; the conflict is at {url}/conflicts/{conflict}",
        "请查看：以 {boss} 登录 {url}/ 看汇总；冲突在 {url}/conflicts/{conflict}",
    ),
    "settled": Label(
        "{boss} keeps {name}'s value; after their next sync both tablets show {phone}.",
        "{boss} 保留 {name} 的值；两台平板下次同步后都显示 {phone}。",
    ),
    "no-conflict": Label(
        "The server did not answer as expected: no conflict was opened.",
        "服务器的回答与预期不符：没有产生冲突。",
    ),
    "unreachable": Label(
        "No server answers at {url}. Start one with `make run`, then try again.",
        "{url} 没有服务器应答。请先运行 `make run`，再试一次。",
    ),
    "refused": Label(
        "The server refused: {said}. The tour needs the demonstration accounts (`xiangxin demo`).",
        "服务器拒绝：{said}。此演示需要演示账户（`xiangxin demo`）。",
    ),
    "no-customer": Label(
        "{name} has no customer with a loan to visit.", "{name} 没有带贷款的客户可走访。"
    ),
}


class TourError(Exception):
    """The tour cannot go on; the message is for people."""


@dataclass(frozen=True)
class Cast:
    """Who plays: usernames, and the one password of the demonstration."""

    first: str
    second: str
    boss: str
    password: str


@dataclass
class Tour:
    """One telling of the day."""

    url: str
    cast: Cast
    language: str
    tell: Callable[[str], None]
    folder: Path

    def say(self, key: str, **facts: object) -> None:
        """Tell one step."""
        self.tell(self.words(key, **facts))

    def words(self, key: str, **facts: object) -> str:
        """Return one sentence in the tour's language."""
        label = WORDS[key]
        return (label.zh if self.language == "zh" else label.en).format(**facts)

    def play(self, settle: bool) -> str:
        """Play the day; return the id of the conflict."""
        self.say("start", url=self.url)
        with ExitStack() as stores:
            first = self._tablet(self.cast.first, stores)
            second = self._tablet(self.cast.second, stores)
            boss = Desk.sign_in(self.url, self.cast.boss, self.cast.password)
            loan = self._choose(first)
            customer = first.record(str(loan.customer))
            self._cover(boss, customer, second)
            self.say("offline")
            phone = self._village(first, second, customer, loan)
            self._sync(first)
            self._sync(second)
            conflict = next(
                (it.id for it in second.conflicts() if it.fields["record"] == customer.id), None
            )
            if conflict is None:
                raise TourError(self.words("no-conflict"))
            if settle:
                boss.call(
                    f"/api/v1/conflicts/{conflict}/resolve",
                    {"resolution": "keep", "comment": "xiangxin tour"},
                )
                first.sync()
                second.sync()
                self.say("settled", boss=self.cast.boss, name=_name(first), phone=phone)
            self.say("look", url=self.url, boss=self.cast.boss, conflict=conflict)
            return conflict

    def _tablet(self, username: str, stores: ExitStack) -> FieldClient:
        fresh = uuid7(to_millis(_now()), secrets.token_bytes(10))
        store = Store.open(self.folder / f"{username}.sqlite3", REGISTRY, fresh)
        stores.callback(store.close)
        transport = HttpTransport(self.url, sleep=sleep, jitter=secrets.SystemRandom().random)
        stores.callback(transport.close)
        tablet = FieldClient(store, transport, clock=_now, new_bytes=secrets.token_bytes)
        tablet.login(username, self.cast.password, "tour")
        tablet.sync()
        device = tablet.record(store.identity().id)
        self.say(
            "signed-in", name=_name(tablet), code=device.fields["code"],
            customers=len(tablet.records("customer")), records=len(tablet.records()),
        )  # fmt: skip
        return tablet

    def _choose(self, tablet: FieldClient) -> View:
        """Return a running loan of the officer: the one with the longest arrears, as she would choose."""
        loans = [it for it in tablet.records("loan") if it.fields.get("state") == "active"]
        if not loans:
            raise TourError(self.words("no-customer", name=_name(tablet)))
        return max(loans, key=lambda it: (tablet.preview(it.id, COLLECTED_FEN).before.dpd, it.id))

    def _cover(self, boss: Desk, customer: View, second: FieldClient) -> None:
        today = second.desk.today()
        wish = {
            "customer": customer.id, "officer": self.cast.second, "role": "cover",
            "from": today.isoformat(), "until": (today + timedelta(days=7)).isoformat(),
            "reason": "xiangxin tour",
        }  # fmt: skip
        boss.call("/api/v1/assignments", wish)
        second.sync()
        self.say(
            "cover", boss=self.cast.boss, second=_name(second), customer=customer.fields["name"]
        )

    def _village(self, first: FieldClient, second: FieldClient, customer: View, loan: View) -> str:
        visit = first.visit_start(
            customer.id, ["collection"], place=Place(30_123_456, 110_654_321, 15)
        )
        receipt = first.repay(loan.id, COLLECTED_FEN)
        promise = Promise(COLLECTED_FEN, first.desk.today() + timedelta(days=9))
        first.visit_finish(
            visit, summary="收款 300 元。下旬再还。", met_with=[str(customer.fields["name"])],
            promise=promise,
        )  # fmt: skip
        self.say("visit", name=_name(first), customer=customer.fields["name"])
        self.say(
            "repay", name=_name(first), amount=yuan(COLLECTED_FEN),
            loan=loan.fields["loan_no"], receipt=receipt.receipt_no,
            before=receipt.preview.before.dpd, after=receipt.preview.after.dpd,
        )  # fmt: skip
        phones = [f"1000{secrets.randbelow(10**7):07d}" for _ in range(2)]
        for tablet, phone in zip((first, second), phones, strict=True):
            tablet.edit(customer.id, {"phone": phone})
            self.say("phone", name=_name(tablet), phone=phone)
        for tablet in (first, second):
            self.say("waiting", name=_name(tablet), count=tablet.status().waiting)
        return phones[0]

    def _sync(self, tablet: FieldClient) -> None:
        report = tablet.sync()
        counts = {it: report.count(it) for it in ("applied", "merged", "conflict")}
        self.say("synced", name=_name(tablet), **counts)


@dataclass(frozen=True)
class Desk:
    """The supervisor at the API."""

    url: str
    token: str

    @classmethod
    def sign_in(cls, url: str, username: str, password: str) -> Desk:
        """Sign in as *username*."""
        device = {"id": uuid7(to_millis(_now()), secrets.token_bytes(10)), "name": "tour"}
        wish = {
            "username": username,
            "password": password,
            "device": {**device, "public_key": None},
        }
        answer = requests.post(f"{url}/api/v1/auth/login", json=wish, timeout=TIMEOUT_SECONDS)
        return cls(url, _good(answer)["access_token"])

    def call(self, path: str, body: Json) -> Json:
        """Post *body* and return the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return _good(
            requests.post(self.url + path, json=body, headers=headers, timeout=TIMEOUT_SECONDS)
        )


def _good(answer: requests.Response) -> Json:
    body = answer.json()
    if answer.status_code >= 400:
        raise TourError(f"{body.get('title')}: {body.get('detail')}")
    return body


def _name(tablet: FieldClient) -> str:
    user = tablet.store.identity().user
    return str(user["name"]) if user else ""


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the tour is played now


@click.command()
@click.option("--server", default="http://127.0.0.1:8000", show_default=True)
@click.option("--first", default="li.min", show_default=True, help="Officer who works the day")
@click.option("--second", default="zhao.lei", show_default=True, help="Officer who covers")
@click.option("--boss", default="wang.jianguo", show_default=True, help="Supervisor")
@click.option("--password", default="xiangxin-demo", envvar="XIANGXIN_DEMO_PASSWORD")
@click.option("--settle", is_flag=True, help="Let the supervisor settle the conflict as well")
@click.option("--lang", type=click.Choice(["en", "zh"]), default=None)
def tour(
    server: str, first: str, second: str, boss: str, password: str, settle: bool, lang: str | None
) -> None:
    """Play a day of two officers against a running server, and say where to look at it.

    Example: xiangxin tour --server http://127.0.0.1:8000 --settle
    """
    language = lang or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    with TemporaryDirectory(prefix="xiangxin-tour-") as folder:
        told = Tour(
            server.rstrip("/"), Cast(first, second, boss, password), language, click.echo,
            Path(folder),
        )  # fmt: skip
        try:
            told.play(settle)
        except (TourError, XiangxinError) as error:
            raise click.ClickException(told.words("refused", said=error)) from error
        except (OfflineError, requests.ConnectionError) as error:
            raise click.ClickException(told.words("unreachable", url=server)) from error


if __name__ == "__main__":
    sys.exit(tour(prog_name="xiangxin tour"))
