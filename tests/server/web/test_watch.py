"""Lines to look at (W12, W16, W17), odd value dates and large borrowers, as supervisors and auditors see them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from server.distances import metres_between
from tests.server.branch import create, fresh_id, named, set_up, update
from tests.server.web.test_day import DAY, branch_of, code_of, paid
from tests.server.web.village import CHEN, DENG, LI, TANG, TODAY, Village
from tests.server.web.visiting import Visitor, counted, words

Json = Any
HOME = {"home_lat_e6": 27_000_000, "home_lon_e6": 121_000_000, "home_acc_m": 20}
AT_HOME = {"arrive_lat_e6": 27_000_900, "arrive_lon_e6": 121_000_900, "arrive_acc_m": 10}
FAR = {"arrive_lat_e6": 27_010_000, "arrive_lon_e6": 121_000_000, "arrive_acc_m": 10}


def visit(
    village: Village, customer: str = CHEN, *, minutes: int = 40, on: str = DAY, place: Json = AT_HOME,
    photos: tuple[str, ...] = (), later: Json = None,
) -> str:  # fmt: skip
    """Let Li make a visit; *later*: members of the set that ends it."""
    li, newest = village.li, {"schema": village.li.registry.schema}
    made = create("visit", customer, None, purposes=["routine"], planned_on=on, state="planned")
    key = str(made["id"])
    assert li.push(made, **newest)["status"] == "applied"
    arrived = f"{on}T01:10:00.000Z"
    start = {"state": "in_progress", "arrived_at": arrived, **place}
    assert li.push(update("visit", key, customer, **start), **newest)["status"] == "applied"
    for it in photos:
        paper = create(
            "attachment", customer, None, record_type="visit", record=key, kind="photo_home",
            sha256=it * 64, size=1, media_type="image/jpeg", captured_at=arrived,
        )  # fmt: skip
        assert li.push(paper, **newest)["status"] == "applied"
    end = {
        "state": "completed", "outcome": "done", "met_with": {"add": ["本人"], "remove": []},
        "summary": "正常。", "left_at": f"{on}T01:{10 + minutes}:00.000Z",
    }  # fmt: skip
    result = li.push(update("visit", key, customer, **end), **{**newest, **(later or {})})
    assert result["status"] == "applied", result
    return key


def set_parameter(village: Village, key: str, value: Json) -> None:
    """Let the branch have a parameter of its own."""
    fields = {"key": key, "value": value, "valid_from": "2026-01-01"}
    one = {"branch": "QH", "type": "parameter", "id": named(f"parameter {key}"), "fields": fields}
    set_up(village.server.engine, {"records": [one]})


@pytest.fixture
def quiet(village: Village) -> Village:
    """The village with Chen's home on the map, where nobody is large and no crop is one too many."""
    set_parameter(village, "large_top", 0)
    set_parameter(village, "warn_crop_share_percent", 100)
    village.li.push(update("customer", CHEN, CHEN, **HOME))
    return village


def page(
    village: Village, lang: str = "en", who: str = "wang.jianguo", path: str = "/watch"
) -> str:
    return words(Visitor(village.server, lang).sign_in(who).get(path))


def rows(said: str, heading: str, until: str = "How it is counted") -> str:
    """Return what one table says."""
    found = re.search(rf"{re.escape(heading)} About What Severity (.*?) {until}", said)
    return found[1] if found else ""


# --------------------------------------------------------------------------------- W12: evidence

VISITS = "Evidence of visits (W12)"


def test_a_plain_visit_is_no_line(quiet: Village) -> None:
    visit(quiet, photos=("a",))

    said = page(quiet)
    assert VISITS not in said
    assert "Nothing to look at" in said


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        ({"place": FAR}, "1111 m from the home yellow", "距住处 1111 米 黄"),
        ({"minutes": 2}, "over after 120 seconds yellow", "用时 120 秒 黄"),
        (
            {"later": {"made_at": f"{DAY}T09:10:00.000Z", "clock": None}},
            "the tablet's clock moved yellow", "平板时钟变动 黄",
        ),
    ],
)  # fmt: skip
def test_odd_evidence_is_named_with_customer_officer_and_day(
    quiet: Village, said: Json, english: str, chinese: str
) -> None:
    visit(quiet, **said)

    assert (
        rows(page(quiet), VISITS)
        == f"Chen Guoping 陈国平 Photos and files : 陈国平 · 李敏 · Tue 16 Jun {english}"
    )
    assert chinese in page(quiet, "zh")


def test_a_photo_of_another_visit_is_seen_however_old_that_is(quiet: Village) -> None:
    old = (TODAY - timedelta(days=60)).isoformat()
    visit(quiet, on=old, photos=("a", "b"))
    visit(quiet, DENG, photos=("a", "c"))

    assert "a photo of another visit" in rows(page(quiet), VISITS)
    assert rows(page(quiet), VISITS).count("yellow") == 1
    assert "邓玉兰" in page(quiet)


def test_a_clock_that_is_wrong_all_day_has_not_moved(quiet: Village) -> None:
    quiet.li.clock = lambda: quiet.clock.now + timedelta(hours=9)
    visit(quiet)

    assert VISITS not in page(quiet)


def test_on_a_large_borrower_a_line_is_one_severity_up(quiet: Village) -> None:
    set_parameter(quiet, "large_exposure_above_fen", 1)
    visit(quiet, place=FAR)

    assert "1111 m from the home orange" in page(quiet)


# ------------------------------------------------------------------------ W16 and W17


def test_a_village_that_lives_on_one_crop_is_named_with_its_share(quiet: Village) -> None:
    set_parameter(quiet, "warn_crop_share_percent", 30)
    quiet.li.push(update("customer", CHEN, CHEN, main_activity="茶叶种植"))

    said, told = page(quiet), page(quiet, "zh")

    assert rows(said, "Concentration (W16)") == "柳树湾 92.8% in Grain yellow"
    assert "粮食种植占 92.8%" in told


def test_a_hole_in_the_numbers_is_a_line(quiet: Village) -> None:
    receipt = paid(quiet, 3, 100_00, note="无")
    assert receipt

    assert f"{code_of(quiet)}-20260616 2 numbers are missing orange" in rows(
        page(quiet), "Receipts (W17)"
    )


def test_cash_that_lies_about_for_two_days_is_a_line(quiet: Village) -> None:
    paid(quiet, 1, 100_00)
    quiet.clock.advance(days=1)
    after_one = page(quiet)
    quiet.clock.advance(days=1)

    assert "cash unsettled" not in after_one
    assert "Unsettled cash: ¥100.00 with 1 officer ·" in page(quiet, path="/")
    assert rows(page(quiet), "Receipts (W17)") == "李敏 cash unsettled for 2 days orange"


def test_cash_in_the_till_is_no_line(quiet: Village) -> None:
    made = create(
        "repayment", CHEN, None, loan_id=named(f"loan of {CHEN}"), amount_fen=1_00, value_date=DAY,
        channel="cash", receipt_no="K-1", collected_by=named("he.fang"),
    )  # fmt: skip
    desk = {"action": "counter", "changes": [made]}
    assert quiet.server.tablet("he.fang").post("/api/v1/sets", desk).status == 201
    quiet.clock.advance(days=5)

    assert "Receipts (W17)" not in page(quiet)


def test_two_reversals_of_one_officer_in_a_month_are_a_line(quiet: Village) -> None:
    for number in (1, 2):
        receipt = paid(quiet, number, number * 100_00)
        asked = create(
            "task", CHEN, None, title="冲正", due_on=DAY, source="manual", record_type="repayment",
            record=receipt, assignee_id=LI,
        )  # fmt: skip
        newest = {"schema": quiet.li.registry.schema}
        assert quiet.li.push(asked, **newest)["status"] == "applied"
        back = create(
            "repayment", CHEN, None, loan_id=named(f"loan of {CHEN}"), amount_fen=number * 100_00,
            value_date=DAY, channel="cash", receipt_no=f"W-{number}", reverses_id=receipt,
        )  # fmt: skip
        reply = quiet.boss().post("/api/v1/sets", {"action": "reverse", "changes": [back]})
        assert reply.status == 201, reply
        said = rows(page(quiet), "Receipts (W17)")
        assert ("reversals" in said) == (number == 2)

    assert said == "李敏 2 reversals in 2026-06 orange"


# ---------------------------------------------------------------------------------- value dates


def test_odd_value_dates_are_listed_and_an_import_s_are_not(quiet: Village) -> None:
    assert "No receipt of the last 30 days has an odd value date." in page(quiet)
    assert "No unsettled cash · No odd value dates in 30 days" in page(quiet, path="/")
    Visitor(quiet.server).sign_in()
    closed = quiet.boss().post(
        f"/api/v1/outlets/{branch_of(quiet)}/close", {"day": "2026-06-10", "reason": "演练"}
    )
    assert closed.status == 201
    made = create(
        "repayment", CHEN, None, loan_id=named(f"loan of {CHEN}"), amount_fen=1_00,
        value_date="2026-06-09", channel="cash", receipt_no=f"{code_of(quiet)}-20260616-001",
    )  # fmt: skip
    assert quiet.li.push(made)["status"] == "applied"

    assert (
        "李敏 Tue 9 Jun 16 Jun, 13:10 ¥1.00 arrived late before the day of its receipt on a day that was closed"
        in page(quiet)
    )
    assert "到达过迟 早于收据日期 属于已关账日期" in page(quiet, "zh")
    assert "1 receipt of 30 days with an odd value date" in page(quiet, path="/")
    exported = quiet.server.tablet("he.fang").get("/api/v1/exports/receipts").json["rows"]
    flags = {it["receipt_no"]: it["value_date_flags"] for it in exported}
    assert flags.pop(f"{code_of(quiet)}-20260616-001") == "late before-receipt after-close"
    assert set(flags.values()) == {None}


# ------------------------------------------------------------------------------- large borrowers


def test_large_borrowers_are_listed_with_who_answers_and_their_next_look(village: Village) -> None:
    set_parameter(village, "large_top", 0)

    said = page(village, path="/large")

    assert "Exposure above ¥100,000.00, or among the 0 largest" in said
    assert (
        "Tang Shuigen 唐水根 Photos and files : 唐水根 No outlet ¥108,000.00 高磊 none yet" in said
    )
    assert "Chen Guoping" not in said
    assert "overdue" in said
    assert "负责人" in page(village, "zh", path="/large")


def test_the_monthly_look_is_counted_from_the_last_signed_inspection(village: Village) -> None:
    set_parameter(village, "large_top", 0)
    village.assign(TANG, "li.min")
    village.li.catch_up()
    newest = {"schema": village.li.registry.schema}
    note = create(
        "inspection_note", TANG, None, kind="routine", checklist_code="routine", checklist_version=1,
        inspector_ids=[LI],
    )  # fmt: skip
    assert village.li.push(note, **newest)["status"] == "applied"
    path = f"signed_by.{fresh_id()}"
    signed = {
        f"{path}.user": LI,
        f"{path}.at": f"{DAY}T02:00:00.000Z",
        f"{path}.content_hash": "0" * 64,
    }
    result = village.li.push(update("inspection_note", note["id"], TANG, **signed), **newest)
    assert result["status"] == "applied", result

    said = page(village, path="/large")

    assert "李敏" in said
    assert re.search(r"¥108,000.00 李敏 .*? \d+ \w+ ", said)
    assert "none yet" not in said


def test_among_the_ten_largest_everybody_who_owes_is_large(village: Village) -> None:
    assert page(village, path="/large").count("¥") == 10 + 1


def test_nobody_owes_where_there_are_no_loans(village: Village) -> None:
    assert "Nobody owes anything" in page(village, who="tian.yu", path="/large")


# --------------------------------------------------------------------------------- who, and cost


@pytest.mark.parametrize(
    ("who", "watch", "large"),
    [
        ("wang.jianguo", 200, 200), ("qian.bo", 200, 200), ("sun.yan", 403, 200), ("he.fang", 403, 403),
        ("li.min", 403, 403),
    ],
)  # fmt: skip
def test_the_lines_are_for_supervisors_and_auditors(
    village: Village, who: str, watch: int, large: int
) -> None:
    visitor = Visitor(village.server).sign_in(who)

    assert (visitor.get("/watch").status_code, visitor.get("/large").status_code) == (watch, large)


def test_no_line_and_no_evidence_reaches_a_tablet(quiet: Village) -> None:
    visit(quiet, place=FAR)
    page(quiet)
    before = quiet.li.sync()

    assert before["records"] == []


def test_the_pages_take_few_statements(quiet: Village) -> None:
    for photos in (("a",), ("a", "b")):
        visit(quiet, place=FAR, photos=photos)
    paid(quiet, 2, 100_00)
    wang = Visitor(quiet.server).sign_in()
    for path in ("/", "/watch", "/large"):
        wang.get(path)
        with counted(quiet.server.engine) as sent:
            assert wang.get(path).status_code == 200
        assert len(sent) <= 15, path


@pytest.mark.parametrize(
    ("other", "metres"),
    [
        ((27_000_000, 121_000_000), 0),
        ((27_001_000, 121_000_000), 111),
        ((27_000_000, 121_010_000), 990),
        ((-27_000_000, -59_000_000), 20_015_086),
    ],
)
def test_metres_between_two_places(other: tuple[int, int], metres: int) -> None:
    assert metres_between(27_000_000, 121_000_000, *other) == metres
