"""Exceptions to policy and the emergency path, as supervisors and auditors see them (domain.md, section 3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.values import derived_id
from tests.server.branch import fresh_id, named, set_up
from tests.server.web.village import CHEN, LI, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any


def applied(village: Village, state: str = "approved", **fields: Json) -> str:
    """Put an application into the books; return its id."""
    key = fresh_id()
    whole = {
        "product_id": named("product"), "amount_fen": 12_000_00, "term_months": 12, "method": "bullet",
        "rate_bps": 840, "purpose": "购买仔猪", "security": ["unsecured"], "officer_id": LI,
        "state": state, **fields,
    }  # fmt: skip
    put(village, "loan_application", key, whole)
    return key


def put(village: Village, kind: str, key: str, fields: Json) -> None:
    one = {"branch": "QH", "type": kind, "id": key, "customer": CHEN, "fields": fields}
    set_up(village.server.engine, {"records": [one]})


def owed(village: Village, application: str, state: str, due_on: str) -> None:
    task = {
        "title": "特事特办：补做贷时审查", "record_type": "loan_application", "record": application,
        "due_on": due_on, "source": "rule", "state": state,
    }  # fmt: skip
    put(village, "task", derived_id("expedited_review", application), task)


def page(village: Village, lang: str = "en", who: str = "wang.jianguo") -> str:
    return words(Visitor(village.server, lang).sign_in(who).get("/exceptions"))


@pytest.fixture
def lending(every_village: Village) -> Village:
    """A branch on either database, with something to lend."""
    village = every_village
    product = {"code": "FS01", "name": "丰收贷"}
    one = {"branch": "QH", "type": "product", "id": named("product"), "fields": product}
    set_up(village.server.engine, {"records": [one]})
    return village


def test_what_is_out_of_the_ordinary_is_listed_with_its_reason_and_the_review_owed(
    lending: Village,
) -> None:
    applied(lending)
    assert "No exception" in page(lending)
    applied(lending, exception=True, exception_reason="灾后恢复生产")
    owed(lending, applied(lending, expedited=True), "open", "2026-01-05")
    owed(lending, applied(lending, "contracted", expedited=True), "done", "2026-01-05")
    applied(lending, "draft", exception=True, exception_reason="尚未提交")

    said = page(lending)

    assert "灾后恢复生产" in said
    assert "尚未提交" not in said
    assert said.count("emergency path") == 2
    assert said.count("review past due") == 1
    assert "reviewed" in said
    assert "特事特办" in page(lending, "zh", "qian.bo")


@pytest.mark.parametrize(
    ("who", "status"),
    [("wang.jianguo", 200), ("qian.bo", 200), ("sun.yan", 403), ("he.fang", 403), ("li.min", 403)],
)
def test_it_is_for_supervisors_and_auditors(village: Village, who: str, status: int) -> None:
    assert Visitor(village.server).sign_in(who).get("/exceptions").status_code == status


def test_it_takes_few_statements(lending: Village) -> None:
    applied(lending, exception=True, exception_reason="灾后恢复生产")
    wang = Visitor(lending.server).sign_in()
    wang.get("/exceptions")

    with counted(lending.server.engine) as sent:
        assert wang.get("/exceptions").status_code == 200

    assert len(sent) <= 8
