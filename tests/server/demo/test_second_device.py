"""Three days of work on T2 that nobody has heard of: a courier brings it (domain.md, sections 10.2 and 11)."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from schemas.registry import REGISTRY
from schemas.wire.requests import parse_courier
from server import courier
from server.console import opened
from server.context import Context
from server.db import reading
from server.demo.second_device import FILE, LIU
from server.store import change_set
from server.tokens import Bearer
from server.verify import verify
from tests.server.demo.demonstration import Demonstration


@pytest.fixture
def parts(
    demo: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Context]:
    """A copy of the demonstration, to write into."""
    demo.engine.dispose()
    folder = tmp_path / "copy"
    shutil.copytree(demo.folder, folder)
    monkeypatch.setenv("XIANGXIN_BUSINESS_DATE", demo.today.isoformat())
    found = opened(str(folder), None)
    yield found
    found.engine.dispose()


def test_a_colleague_delivers_three_days_of_zhao_leis_work(
    demo: Demonstration, parts: Context
) -> None:
    file = json.loads((parts.settings.data / FILE).read_text("utf-8"))
    (bundle,) = map(parse_courier, file["bundles"])
    zhou, branch = demo.user("周航"), "00000000-0000-7000-8000-000000000000"
    carrier = Bearer(zhou, "officer", branch, zhou)

    known = courier.deliver(parts, bundle, carrier, "en")
    assert courier.deliver(parts, bundle, carrier, "en") == known, "a second time changes nothing"

    copy = Demonstration(parts.engine, demo.today, parts.settings.data)
    query = select(change_set.c.status, change_set.c.content).where(
        change_set.c.device == bundle.device, change_set.c.number >= bundle.sets[0][0]
    )
    with reading(parts.engine) as connection:
        rows = connection.execute(query).all()
        assert verify(connection, REGISTRY).finding is None
    assert Counter(it.status for it in rows).keys() <= {"applied", "merged"}, "until Li Min syncs"
    days = {json.loads(it.content)["made_at"][:10] for it in rows}
    assert len(days) == 3
    assert copy.customer("陈国平").fields["phone"] == "10000000022"
    assert copy.customer("刘秀英").fields["id_no"] == LIU["id_no"]
    deng = copy.customer("邓玉兰").id
    returned = next(
        it.fields
        for it in copy.records("inspection_note")
        if it.customer == deng and it.fields["state"] == "returned"
    )
    assert returned["answers.R04.value"] == 8_000


def test_nothing_of_it_is_known_before(demo: Demonstration) -> None:
    names = {it.fields["name"] for it in demo.records("customer")}

    assert LIU["name"] not in names
    assert demo.customer("陈国平").fields["phone"] != "10000000022"
