"""A branch whose pages have something to show: loans in every state of health, tablets that went silent,
two officers who changed the same phone number without seeing each other.

The day is Tuesday, 16 June 2026, 13:10 in the branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy import update as update_rows

from schemas.derived.schedule import Terms, build_schedule
from server.accounts import account, device
from server.store import log, record
from tests.server.branch import (
    PASSWORD,
    Clock,
    Server,
    Tablet,
    create,
    customer_record,
    make_branch,
    named,
    set_up,
    update,
)  # fmt: skip

Json = Any
NOW = datetime(2026, 6, 16, 5, 10, tzinfo=UTC)
TODAY = date(2026, 6, 16)
LI, ZHAO, GAO, MA, XU = (named(it) for it in ("li.min", "zhao.lei", "gao.lei", "ma.jun", "xu.na"))
WANG, SUN = named("wang.jianguo"), named("sun.fang")
VILLAGE = named("柳树湾")
PRODUCT = named("农户小额信用贷")
CUSTOMERS = (
    ("陈国平", "Chen Guoping", "li.min"), ("邓玉兰", "Deng Yulan", "li.min"),
    ("黄大明", "Huang Daming", "li.min"), ("吴长生", "Wu Changsheng", "zhao.lei"),
    ("周福海", "Zhou Fuhai", "zhao.lei"), ("唐水根", "Tang Shuigen", "gao.lei"),
    ("雷春花", "Lei Chunhua", "gao.lei"), ("何老三", "He Laosan", "ma.jun"),
    ("刘秀英", "Liu Xiuying", "xu.na"), ("王桂英", "Wang Guiying", "xu.na"),
)  # fmt: skip
CHEN, DENG, HUANG, WU, ZHOU, TANG, LEI, HE, LIU, GUIYING = (named(it[0]) for it in CUSTOMERS)
ELSEWHERE = named("customer in HX")

LATE: Mapping[str, int] = {
    CHEN: 32, DENG: 0, HUANG: 0, WU: 5, ZHOU: 95, TANG: 30, LEI: 0, HE: 395, LIU: 1, GUIYING: 0,
}  # fmt: skip
"""How many days each customer's loan is past due."""


def _user(username: str, name: str, role: str, branch: str = "QH") -> dict[str, Json]:
    return {
        "id": named(username), "username": username, "name": name, "role": role, "branch": branch,
        "password": PASSWORD,
    }  # fmt: skip


def loan_records(
    customer: str, principal_fen: int, dpd: int, *, restructured_on: str | None = None, **more: Json
) -> list[Json]:
    """Return a loan of ten months with its schedule, and the repayments that leave it *dpd* days late."""
    loan = named(f"loan of {customer}")
    oldest = TODAY - timedelta(days=dpd) if dpd else TODAY + timedelta(days=9)
    first_due = _months(oldest, -4)
    rows = build_schedule(
        Terms(
            method="equal_principal", principal_fen=principal_fen, rate_bps=840,
            disbursed_on=first_due - timedelta(days=30),
            first_due_on=first_due, count=10,
        )
    )  # fmt: skip
    fields = {
        "product_id": PRODUCT, "principal_fen": principal_fen, "rate_bps": 840,
        "method": "equal_principal", "disbursed_on": (first_due - timedelta(days=30)).isoformat(),
        "maturity_on": rows[-1].due_date.isoformat(), "first_due_on": first_due.isoformat(),
        "purpose": "购买仔猪", "security": ["unsecured"], "officer_id": LI, "responsible": {},
        "state": "active", "restructured_on": restructured_on, **more,
    }  # fmt: skip
    records = [_record("loan", customer, loan, fields)]
    for row in rows:
        records.append(
            _record(
                "installment", customer, named(f"installment {row.seq} of {customer}"),
                {
                    "loan_id": loan, "schedule_version": 1, "seq": row.seq,
                    "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
                    "interest_fen": row.interest_fen,
                },
            )
        )  # fmt: skip
    records += [
        repayment_record(
            customer, loan, row.principal_fen + row.interest_fen, row.due_date, row.seq
        )
        for row in rows
        if row.due_date < oldest
    ]
    return records


def repayment_record(customer: str, loan: str, fen: int, on: date, seq: int) -> Json:
    """Return a repayment that the branch entered."""
    return _record(
        "repayment", customer, named(f"repayment {seq} of {customer}"),
        {
            "loan_id": loan, "amount_fen": fen, "value_date": on.isoformat(), "channel": "transfer",
            "receipt_no": f"B-{on:%Y%m%d}-{seq:03}-{customer[:4]}", "collected_by": LI,
        },
    )  # fmt: skip


def _months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, min(day.day, 28))


def _record(kind: str, customer: str | None, key: str, fields: Json) -> Json:
    return {
        "branch": "QH", "type": kind, "id": key, "customer": customer,
        "fields": {name: it for name, it in fields.items() if it is not None},
    }  # fmt: skip


def setup() -> Json:
    """Return the set-up file of the branch."""
    customers = [
        customer_record(
            named(name), officer, place, name=name, name_latin=latin, village_id=VILLAGE,
            phone=f"1380000{4400 + place}", preferences="晚上在家。\n电话常打不通。",
        )
        for place, (name, latin, officer) in enumerate(CUSTOMERS)
    ]  # fmt: skip
    amounts = dict(zip(LATE, (30_000_00, 42_000_00, 15_000_00, 20_000_00, 25_750_00, 180_000_00,
                              50_000_00, 8_000_00, 12_480_00, 36_000_00), strict=True))  # fmt: skip
    return {
        "organisation": {"name": "青禾县农村信用社"},
        "branches": [{"code": "QH", "name": "青禾支行"}, {"code": "HX", "name": "河西支行"}],
        "users": [
            _user("li.min", "李敏", "officer"), _user("zhao.lei", "赵磊", "officer"),
            _user("gao.lei", "高磊", "officer"), _user("ma.jun", "马军", "officer"),
            _user("xu.na", "徐娜", "officer"), _user("wang.jianguo", "王建国", "supervisor"),
            _user("sun.fang", "孙芳", "supervisor"), _user("sun.yan", "孙燕", "reviewer"),
            _user("qian.bo", "钱波", "auditor"), _user("he.fang", "何芳", "clerk"),
            _user("he.xi", "何西", "officer", "HX"), _user("tian.yu", "田雨", "supervisor", "HX"),
        ],
        "records": [
            _record("org_unit", None, VILLAGE, {"name": "柳树湾", "code": "QH-01", "kind": "village"}),
            {"branch": "HX", "type": "org_unit", "id": named("河西村"),
             "fields": {"name": "河西村", "code": "HX-01", "kind": "village"}},
            _record("product", None, PRODUCT, {"code": "NH01", "name": "农户小额信用贷"}),
            *customers,
            customer_record(ELSEWHERE, "he.xi", 90, "HX", village_id=named("河西村")),
            *(it for customer, dpd in LATE.items() for it in loan_records(
                customer, amounts[customer], dpd,
                restructured_on="2026-02-10" if customer == LEI else None)),
        ],
    }  # fmt: skip


def make_village(url: str) -> None:
    """Make the tables at *url* and set the branch up in them."""
    make_branch(url, setup())


# ------------------------------------------------------------------------------- a day in the branch


class Village:
    """The branch's server and its tablets on the day of the story."""

    def __init__(self, url: str, data: Path) -> None:
        self.clock = Clock(NOW - timedelta(days=5))
        self.server = Server(url, data, self.clock)
        self.li, self.zhao = self._tablet("li.min"), self._tablet("zhao.lei")
        self.phone = self.note = self.sensitive = ""
        self.at()

    def _tablet(self, username: str) -> Tablet:
        return self.server.tablet(username).catch_up()

    def at(self, **before: float) -> None:
        """Go to some time before the story's now; the tablets sign in again."""
        self.clock.now = NOW - timedelta(**before)
        for tablet in (self.li, self.zhao):
            tablet.login()

    def phone_conflict(self, mine: str = "13900002250", theirs: str = "13800004471") -> str:
        """Let 李敏 and 赵磊 change 陈国平's phone without seeing each other; return the conflict."""
        return self.conflict("phone", theirs, mine)

    def conflict(
        self, path: str, first: Json, second: Json, customer: str = CHEN, **rest: Json
    ) -> str:
        """Let both officers set a field of one customer; return the conflict that it opens."""
        self.cover(customer)
        self.li.catch_up()
        self.zhao.catch_up()
        self.zhao.push(update("customer", customer, customer, **{path: first}, **rest))
        result = self.li.push(update("customer", customer, customer, **{path: second}, **rest))
        assert result["status"] == "conflict", result
        return str(result["changes"][0]["conflicts"][0])

    def income_of_the_boss(self) -> str:
        """Let 王建国 and 李敏 change 陈国平's income without seeing each other; return the conflict."""
        self.cover(CHEN)
        self.li.catch_up()
        wish = {"customer": CHEN, "officer": "wang.jianguo", "role": "inspector"}
        whole = {**wish, "from": "2026-06-01", "until": "2026-07-01", "reason": "督导"}
        boss = self.boss()
        assert boss.post("/api/v1/assignments", whole).status == 201
        boss.catch_up()
        boss.push(update("customer", CHEN, CHEN, annual_income_fen=7_000_000))
        result = self.li.push(update("customer", CHEN, CHEN, annual_income_fen=4_600_000))
        return str(result["changes"][0]["conflicts"][0])

    def copies_of(self, conflict: str, count: int) -> None:
        """Put copies of a conflict into the queue, without the engine."""
        with self.server.engine.begin() as connection:
            row = connection.execute(record.select().where(record.c.id == conflict)).one()
            made = connection.execute(log.select().where(log.c.record == conflict)).one()
            for place in range(count):
                key, at = named(f"copy {place}"), made.position + 1_000_000 + place
                connection.execute(record.insert().values(**{**row._mapping, "id": key}))
                connection.execute(
                    log.insert().values(**{**made._mapping, "record": key, "position": at})
                )

    def assign(self, customer: str, officer: str) -> None:
        """Give a customer to another officer for good."""
        wish = {"customer": customer, "officer": officer, "role": "primary", "from": "2026-06-16"}
        reply = self.boss().post("/api/v1/assignments", wish)
        assert reply.status == 201, reply

    def boss(self) -> Tablet:
        """Return 王建国 at the API, on one device of his."""
        return self.server.tablet("wang.jianguo", device=named("wang.jianguo's laptop"))

    def cover(self, customer: str) -> None:
        """Let 赵磊 stand in for 李敏 with one customer."""
        boss = self.boss()
        reply = boss.post(
            "/api/v1/assignments",
            {
                "customer": customer, "officer": "zhao.lei", "role": "cover", "from": "2026-06-01",
                "until": "2026-07-01", "reason": "培训",
            },
        )  # fmt: skip
        assert reply.status == 201, reply

    def silence(self) -> None:
        """Let 高磊 be silent for three days with work on his tablet, 马军 for 27 hours; 徐娜 has none."""
        self.at(days=3, hours=1)
        gao = self._tablet("gao.lei")
        gao.sync(waiting={"sets": 11, "attention": 1, "drafts": 2})
        self.at(hours=27)
        ma = self._tablet("ma.jun")
        ma.sync(waiting={"sets": 6}, sent_at="2026-06-14T02:10:00.000Z")

    def visits(self) -> None:
        """Plan the day's visits and make some of them."""
        plans = (
            (self.li, CHEN, 0, True), (self.li, DENG, 0, True), (self.li, HUANG, 0, False),
            (self.li, HUANG, -3, False), (self.zhao, WU, 0, True), (self.zhao, ZHOU, 0, False),
            (self.zhao, ZHOU, 1, False),
        )  # fmt: skip
        for tablet, customer, days, done in plans:
            plan(tablet, customer, TODAY + timedelta(days=days), done)
        self.planned_by_the_branch("gao.lei", TANG)
        self.planned_by_the_branch("ma.jun", HE)

    def planned_by_the_branch(self, username: str, customer: str) -> None:
        """Plan a visit of an officer whose tablet is silent, in the branch."""
        record = _record(
            "visit", customer, named(f"visit {username}"),
            {
                "purposes": ["routine"], "planned_on": TODAY.isoformat(), "state": "planned",
                "officer_id": named(username),
            },
        )  # fmt: skip
        set_up(self.server.engine, {"records": [record]})

    def deactivate(self, user: str) -> None:
        """Close somebody's account."""
        with self.server.engine.begin() as connection:
            connection.execute(update_rows(account).where(account.c.id == user).values(active=0))

    def web_devices(self) -> list[str]:
        """Return the devices that web sessions are."""
        query = select(device.c.id).where(device.c.kind == "web")
        with self.server.engine.connect() as connection:
            return list(connection.scalars(query))

    def close(self) -> None:
        """Leave no connection open."""
        self.server.close()


def plan(tablet: Tablet, customer: str, day: date, done: bool) -> None:
    """Plan a visit on a tablet, and make it where *done* says so."""
    change = create(
        "visit", customer, None, purposes=["routine"], planned_on=day.isoformat(), state="planned",
    )  # fmt: skip
    assert tablet.push(change)["status"] in ("applied", "merged")
    if not done:
        return
    key = change["id"]
    tablet.push(update("visit", key, customer, state="in_progress"))
    whole = {
        "state": "completed", "outcome": "done", "met_with": {"add": ["本人"], "remove": []}, "summary": "一切正常。",
        "arrived_at": "2026-06-16T01:10:00.000Z", "arrive_lat_e6": None, "arrive_lon_e6": None,
        "arrive_acc_m": None, "left_at": "2026-06-16T01:50:00.000Z", "reason": "山里没有信号",
    }  # fmt: skip
    result = tablet.push(update("visit", key, customer, **whole))
    assert result["status"] in ("applied", "merged"), result
