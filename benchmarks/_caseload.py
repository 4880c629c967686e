"""The largest caseload that a tablet is asked to carry: customers with loans, schedules, receipts and visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.derived.schedule import Terms, build_schedule
from schemas.values import derived_id
from server.demo.names import MEN, SURNAMES, WOMEN
from tests.server.branch import make_engine, national_id, set_up

Json = Any
OFFICER, PASSWORD = "li.wei", "village-road"
VILLAGES = 60
INSTALLMENTS = 12
CHUNK = 250
PLACES = ("柳树", "石桥", "青山", "河口", "东岭", "南坪", "白马", "黄泥", "大湾", "新田")
KINDS = ("湾", "坝", "沟", "坪", "寨", "村")


def named(*what: object) -> str:
    """Return the id of something in the caseload."""
    return derived_id("caseload", *map(str, what))


@dataclass(frozen=True)
class Caseload:
    """So many customers of one officer, and the day on which they are looked at."""

    customers: int
    today: date
    seed: int = 1

    def load(self, url: str) -> int:
        """Put everything into the migrated database at *url*; return how many records that are."""
        engine = make_engine(url)
        set_up(engine, self._branch())
        count = 0
        for first in range(0, self.customers, CHUNK):
            places = range(first, min(first + CHUNK, self.customers))
            records = [one for place in places for one in self._dossier(place)]
            set_up(engine, {"records": records})
            count += len(records) + len(places)  # and an assignment each
        engine.dispose()
        return count

    def _branch(self) -> Mapping[str, Json]:
        person = {
            "username": OFFICER, "name": "李伟", "role": "officer", "branch": "QH",
            "password": PASSWORD,
        }  # fmt: skip
        product = {"code": "XE", "name": "农户小额信用贷", "penalty_markup_bps": 5000}
        villages = [
            _record("org_unit", named("village", it), {
                "name": _village(it), "code": f"QH-{it:03}", "kind": "village",
            })
            for it in range(VILLAGES)
        ]  # fmt: skip
        return {
            "organisation": {"name": "青禾农商行"},
            "branches": [{"code": "QH", "name": "青禾支行"}],
            "users": [person],
            "records": [*villages, _record("product", named("product"), product)],
        }

    def _dossier(self, place: int) -> Iterator[dict[str, Json]]:
        """Yield a customer with a loan, its schedule, its receipts, a visit, a call and perhaps a task.

        One in 33 owes an installment.
        """
        random = Random(self.seed * 1_000_003 + place)
        customer, loan = named("customer", place), named("loan", place)
        begun = self.today - timedelta(days=random.randrange(90, 240))
        first_due = begun + timedelta(days=30)
        terms = Terms(
            method="equal_installment", principal_fen=random.randrange(10, 60) * 100_000,
            rate_bps=840, disbursed_on=begun, count=INSTALLMENTS,
            first_due_on=first_due,
        )  # fmt: skip
        rows = build_schedule(terms)
        yield _record("customer", customer, _customer(random, place), officer=OFFICER)
        yield _record("loan", loan, {
            "loan_no": f"JJ{place:08}", "product_id": named("product"),
            "principal_fen": terms.principal_fen, "rate_bps": 840, "method": terms.method,
            "disbursed_on": begun.isoformat(), "first_due_on": first_due.isoformat(),
            "maturity_on": rows[-1].due_date.isoformat(), "schedule_version": 1,
            "purpose": "购买仔猪", "security": ["unsecured"], "state": "active",
        }, customer=customer)  # fmt: skip
        for row in rows:
            yield _record("installment", named("row", place, row.seq), {
                "loan_id": loan, "schedule_version": 1, "seq": row.seq,
                "due_date": row.due_date.isoformat(), "principal_fen": row.principal_fen,
                "interest_fen": row.interest_fen, "fee_fen": 0,
            }, customer=customer)  # fmt: skip
        due = [it for it in rows if it.due_date < self.today]
        for row in due if place % 33 else due[:-1]:
            yield _record("repayment", named("paid", place, row.seq), {
                "loan_id": loan, "amount_fen": row.total_fen, "channel": "deduction",
                "value_date": row.due_date.isoformat(), "receipt_no": f"KK{place:06}{row.seq:02}",
            }, customer=customer)  # fmt: skip
        visited = (self.today - timedelta(days=random.randrange(20, 90))).isoformat()
        planned = (self.today + timedelta(days=random.randrange(-1, 90))).isoformat()
        yield _record("visit", named("visit", place), {
            "purposes": ["routine"], "planned_on": planned, "state": "planned",
        }, customer=customer)  # fmt: skip
        yield _record("interaction", named("call", place), {
            "kind": "call", "direction": "out", "at": f"{visited}T02:10:00.000Z",
            "summary": "约定下旬还款，家里猪快出栏，收购老板已经谈好。",
        }, customer=customer)  # fmt: skip
        if place % 100 == 0:
            yield _record("task", named("task", place), {
                "title": "带上收据回访", "due_on": self.today.isoformat(), "source": "manual",
            }, customer=customer)  # fmt: skip


def _record(kind: str, record: str, fields: Mapping[str, Json], **more: Json) -> dict[str, Json]:
    return {"branch": "QH", "type": kind, "id": record, "fields": dict(fields), **more}


def _village(place: int) -> str:
    return PLACES[place % len(PLACES)] + KINDS[place // len(PLACES) % len(KINDS)]


def _customer(random: Random, place: int) -> dict[str, Json]:
    surname, given = random.choice(SURNAMES), random.choice(MEN + WOMEN)
    return {
        "name": surname.zh + given.zh, "name_latin": f"{surname.latin} {given.latin}",
        "id_no": national_id(place), "phone": f"138{place:08}", "segment": "livestock",
        "village_id": named("village", random.randrange(VILLAGES)), "state": "active",
        "main_activity": "养猪", "household_size": random.randrange(1, 7),
        "annual_income_fen": random.randrange(20, 90) * 100_000,
        "preferences": "晚上在家。\n电话常打不通，先找他爱人。",
    }  # fmt: skip
