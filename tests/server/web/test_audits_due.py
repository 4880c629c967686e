"""Officers whose yearly audit is due, as a line for supervisors and auditors (domain.md, section 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from schemas.derived.due_dates import due_after
from server.audits_due import lines
from server.day_close import units_and_people
from server.db import reading
from server.store import record
from tests.server.branch import named, set_up
from tests.server.web.test_day import branch_of
from tests.server.web.test_watch import page, rows
from tests.server.web.village import GAO, LI, SUN, TODAY, WANG, ZHAO, Village
from tests.server.web.visiting import Visitor, counted

Json = Any
HEADING = "Officer audits that are due"


def audit(
    village: Village, name: str, on: str, subject: str = LI, state: str = "signed", **more: Json
) -> None:
    """Let an auditor have signed an audit of *subject* on a day."""
    fields = {
        "subject_user_id": subject, "auditor_id": SUN, "checklist_code": "officer_audit",
        "checklist_version": 1, "state": state, **more,
    }  # fmt: skip
    if state != "draft":
        fields |= {
            f"signed_by.{named(name)}.user": SUN,
            f"signed_by.{named(name)}.at": f"{on}T02:00:00.000Z",
        }
    one = {"branch": "QH", "type": "officer_audit", "id": named(f"audit {name}"), "fields": fields}
    set_up(village.server.engine, {"records": [one]})


def due(village: Village, days_later: int = 0) -> dict[str, tuple[str, int]]:
    """Return whose audit is due so many days after the village's day: why, and for how many days."""
    branch, today = branch_of(village), TODAY + timedelta(days=days_later)
    with reading(village.server.engine) as connection:
        sight = units_and_people(connection, branch, today)
        return {
            it.subject: (it.reason, it.figure) for it in lines(connection, branch, sight, today)
        }


def test_in_the_first_year_no_audit_is_due(village: Village) -> None:
    assert due(village) == {}
    assert HEADING not in page(village)


def test_who_was_never_audited_is_due_a_year_after_the_branch_knew_of_him(village: Village) -> None:
    year = (due_after(TODAY, 12) - TODAY).days

    assert due(village, year) == {}
    found = due(village, year + 1)
    assert set(found.values()) == {("never-audited", 1)}
    assert {LI, ZHAO, GAO} <= found.keys()
    assert not {WANG, SUN} & found.keys(), "only officers are audited"


@pytest.mark.parametrize(
    ("on", "more", "overdue"),
    [
        ("2025-06-16", {}, None),
        ("2025-06-15", {}, 1),
        ("2025-06-15", {"state": "confirmed"}, 1),
        ("2025-06-15", {"state": "draft"}, None),
        ("2025-06-15", {"state": "returned"}, None),
        ("2024-05-01", {"subject": WANG}, None),
    ],
)
def test_the_year_counts_from_the_last_signature(
    village: Village, on: str, more: Json, overdue: int | None
) -> None:
    audit(village, "one", on, **more)

    assert due(village) == ({} if overdue is None else {LI: ("audited", overdue)})


def test_the_newest_audit_counts(village: Village) -> None:
    audit(village, "old", "2024-01-10")
    audit(village, "new", "2026-01-10")

    assert due(village) == {}


def test_an_amendment_is_no_audit(village: Village) -> None:
    audit(village, "old", "2025-06-15")
    audit(village, "more", "2026-01-10", amends_id=named("audit old"))

    assert due(village) == {LI: ("audited", 1)}


def test_who_is_out_of_use_needs_no_audit(village: Village) -> None:
    audit(village, "old", "2024-01-10")
    assert LI in due(village)

    with village.server.engine.begin() as connection:
        row = connection.execute(select(record.c.fields).where(record.c.id == LI)).one()
        gone = {**row.fields, "active": False}
        connection.execute(update(record).where(record.c.id == LI).values(fields=gone))

    assert LI not in due(village)


def test_the_page_names_the_officer_and_the_days(village: Village) -> None:
    audit(village, "li", "2025-06-15")
    audit(village, "zhao", "2025-06-06", subject=ZHAO)

    assert (
        rows(page(village), HEADING)
        == "赵磊 audit overdue for 10 days yellow 李敏 audit overdue for a day yellow"
    )
    assert "年度稽核到期" in page(village, "zh", who="qian.bo")
    assert "稽核已逾期 10 天" in page(village, "zh")


def test_it_takes_two_statements_and_the_page_few(village: Village) -> None:
    for name, subject in (("li", LI), ("zhao", ZHAO)):
        audit(village, name, "2025-06-01", subject=subject)
    with counted(village.server.engine) as sent:
        due(village)
    assert len(sent) == 4  # two of them for the branch and its people

    wang = Visitor(village.server).sign_in()
    wang.get("/watch")
    with counted(village.server.engine) as sent:
        assert wang.get("/watch").status_code == 200
    assert len(sent) <= 15
