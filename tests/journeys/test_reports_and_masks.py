"""A9: who may not see an id number does not; A14: reports are what the raw records add up to (domain.md, 10.5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.problems import NotPermittedError
from tests.journeys.day import neighbours, whole_day
from tests.journeys.masked import addresses, tells
from tests.journeys.people import LI, ZHAO, at_the_desk, at_the_pages, signed_in, zhao_covers
from tests.journeys.recount import Recount, recount
from tests.journeys.village import (
    LOAN,
    PASSWORD,
    TODAY,
    VILLAGE,
    Village,
    named,
    record,
    served,
    user,
)
from tests.server.branch import national_id

Json = Any
SOMEBODY, ID_NUMBER = named("somebody with a number"), national_id(777)
OUTSIDERS = ("admin", "viewer")


# ------------------------------------------------------------------------------------------- A9


@pytest.fixture
def village(tmp_path: Path, database_url: str) -> Iterator[Village]:
    people = [user(role, role, role) for role in OUTSIDERS]
    fields = {
        "name": "何秀兰", "id_no": ID_NUMBER, "phone": "10000000777", "village_id": VILLAGE,
        "segment": "grain", "state": "active",
    }  # fmt: skip
    more = [*neighbours(), record("customer", SOMEBODY, fields, officer="li.min")]
    with served(tmp_path, database_url, more, people=people) as place:
        yield place


def test_a09_neither_an_admin_nor_a_viewer_reads_an_id_number(village: Village) -> None:
    seen = village.ask(village.token("wang.jianguo"), "GET", f"/api/v1/records/{SOMEBODY}/history")
    assert tells(seen.content, ID_NUMBER), "it is there, for who may see it"
    asked = addresses(village, SOMEBODY)
    assert len([it for it in asked if it.startswith("/api/")]) > 15
    assert len([it for it in asked if not it.startswith("/api/")]) > 10

    for role in OUTSIDERS:
        token, pages = village.token(role), at_the_pages(village, role)
        for path in asked:
            assert not tells(village.ask(token, "GET", path).content, ID_NUMBER), (role, path)
            page = pages.session.get(village.url + path, timeout=10, allow_redirects=False)
            assert not tells(page.content, ID_NUMBER), (role, path)
        tablet = village.tablet(role)
        tablet.login(role, PASSWORD, role)
        with pytest.raises(NotPermittedError):
            tablet.sync()
        assert tablet.records() == []


# ------------------------------------------------------------------------------------------ A14


def test_a14_reports_are_what_the_raw_records_add_up_to(village: Village) -> None:
    li, zhao = signed_in(village, "T1", "li.min"), signed_in(village, "T2", "zhao.lei")
    zhao_covers(at_the_desk(village, "wang.jianguo").call)
    whole_day(li)
    li.sync()
    zhao.sync()
    zhao.repay(LOAN, 500_00)
    zhao.sync()
    raw = recount(village.database, TODAY)
    assert (raw.collected_fen[LI], raw.collected_fen[ZHAO]) == (3_000_00, 500_00)
    assert 0 < raw.outstanding_fen(over=0) < raw.outstanding_fen()

    exports_are_the_recount(village, raw)
    pages_are_the_recount(village, raw)


def exports_are_the_recount(village: Village, raw: Recount) -> None:
    """Loans, arrears and receipts as files."""
    he = at_the_desk(village, "he.fang")
    loans = {
        it["loan_no"]: (it["outstanding_fen"], it["days_past_due"]) for it in he.exported("loans")
    }
    assert loans == {it.number: (it.outstanding_fen, it.dpd) for it in raw.loans}
    arrears = {it["loan_no"]: it["outstanding_fen"] for it in he.exported("arrears")}
    assert arrears == {it.number: it.outstanding_fen for it in raw.loans if it.dpd > 0}
    taken = [it for it in he.exported("receipts") if it["value_date"] == TODAY.isoformat()]
    for officer, name in ((LI, "李敏"), (ZHAO, "赵磊")):
        mine = sum(it["amount_fen"] for it in taken if it["collected_by"] == name)
        assert mine == raw.collected_fen[officer]


def pages_are_the_recount(village: Village, raw: Recount) -> None:
    """The summary's portfolio and PAR, of the branch and of each officer."""
    pages = at_the_pages(village, "wang.jianguo")
    page = pages.words("/")
    gross = raw.outstanding_fen()
    assert yuan(gross) in page
    for over in (0, 30, 90):
        fen = raw.outstanding_fen(over=over)
        name = "PAR1" if over == 0 else f"PAR{over}"
        assert f"{name} {share(fen, gross)} " in page
        assert f"past due: {yuan(fen)}, divided by the outstanding principal: {yuan(gross)}" in page
    late = [it for it in raw.loans if it.dpd > 0]
    for officer in (LI, ZHAO):
        listed = pages.words(f"/arrears?officer={officer}")
        for it in late:
            assert (it.number in listed) == (it.officer == officer)


def share(fen: int, of: int) -> str:
    """Return a share as the pages write it: in hundredths of a percent, half up."""
    bps = (fen * 20_000 + of) // (2 * of)
    return f"{bps // 100}.{bps % 100:02}%"


def yuan(fen: int) -> str:
    """Return an amount as the pages write it."""
    return f"¥{fen // 100:,}.{fen % 100:02}"
