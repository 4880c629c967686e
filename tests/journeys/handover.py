"""Zhao Lei goes on leave: four customers to Li Min, with an objection (domain.md, 6.7 and 10.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from field_client.client import FieldClient
from tests.journeys.liu import HOME, sign
from tests.journeys.people import QIAN, ZHAO, Desk, update
from tests.journeys.village import PASSWORD, VILLAGE, Village, named, record
from tests.server.serving import Line
from tests.server.test_lending import Modern

Json = Any
FOUR = tuple(named(f"customer {it} of zhao.lei") for it in range(4))
OBJECTED = FOUR[3]
SEEN, CALLED = "10000000301", "10000000302"


def zhaos_customers() -> list[dict[str, Json]]:
    """Return the records of the four whom he looks after."""
    return [
        record(
            "customer", it,
            {
                "name": f"赵管户{place}", "phone": f"1000000020{place}", "village_id": VILLAGE,
                "segment": "grain", "state": "active",
            },
            officer="zhao.lei",
        )
        for place, it in enumerate(FOUR)
    ]  # fmt: skip


@dataclass
class Parties:
    """Who takes part, at tablets and at desks."""

    li: FieldClient
    zhao: FieldClient
    wang: Desk
    luo: Desk
    qian: Desk


def said(handover: str, /, **fields: Json) -> Json:
    """Return an edit of the handover."""
    return update("handover", handover, None, **fields)


def prepared(wang: Desk, on: str) -> str:
    """Wang lists the four customers and opens the review; Qian Bo witnesses. Return the handover's id."""
    wish = {
        "outgoing": "zhao.lei", "incoming": "li.min", "witness": "qian.bo", "reason": "leave",
        "effective_on": on, "customers": list(FOUR),
    }  # fmt: skip
    made = wang.call("POST", "/api/v1/handovers", wish)
    assert (made["status"], made["customers"]) == ("applied", len(FOUR)), made
    handover = str(made["id"])
    wang.does(said(handover, state="in_review"))
    return handover


def objected(village: Village, them: Parties, handover: str) -> None:
    """Zhao notes what there is to say, Qian Bo appraises, Li Min agrees to three and objects to one."""
    them.zhao.edit(handover, {f"items.{OBJECTED}.from_risk_note": "无异常。"})
    them.zhao.sync()
    them.qian.does(
        said(handover, **{f"items.{OBJECTED}.appraisal": "上月逾期两天，移交人未说明。"})
    )
    them.li.sync()
    answers = {f"items.{it}.agreed": True for it in FOUR[:3]}
    them.li.edit(handover, {**answers, f"items.{OBJECTED}.objection": "未告知逾期"})
    them.li.sync()
    says_so_online(village, handover)
    them.li.sync()
    assert them.li.record(handover).fields["state"] == "objected"


def says_so_online(village: Village, handover: str) -> None:
    """Li Min makes her move, which is not one for offline: her device sends it while it is online."""
    result = device_of(village, "li.min").push(said(handover, state="objected"))
    assert result["status"] in ("applied", "merged"), result


def device_of(village: Village, username: str) -> Modern:
    """Return another device of an officer, which has heard everything."""
    port = urlsplit(village.url).port
    assert port is not None
    device = Modern(Line(port), username, village.now)
    assert device.login(PASSWORD).status == 200
    device.catch_up()
    return device


def ruled_and_signed(them: Parties, handover: str) -> None:
    """The committee one level up rules, nobody else may; then the three sign."""
    ruling = {f"items.{OBJECTED}.ruling": "按现状接收", f"items.{OBJECTED}.ruled_by": them.luo.user}
    assert them.wang.refused(said(handover, **ruling, state="agreed"))[0] == 403
    them.luo.does(said(handover, **ruling, state="agreed"))
    for tablet in (them.li, them.zhao):
        tablet.sync()
        sign(tablet, handover)
        tablet.sync()
    path = f"signed_by.{named('signature of Qian Bo')}"
    signature = {"user": QIAN, "at": "2026-06-22T08:00:00.000Z", "content_hash": "0" * 64}
    them.qian.does(said(handover, **{f"{path}.{leaf}": it for leaf, it in signature.items()}))
    them.li.sync()
    assert them.li.record(handover).fields["state"] == "signed"


def work_before_he_is_told(zhao: FieldClient) -> str:
    """Make a visit and an edit on a tablet that does not know yet that it takes effect; return the visit."""
    visit = zhao.visit_start(FOUR[0], ["routine"], place=HOME)
    zhao.visit_finish(visit, summary="看过。", met_with=["户主"])
    zhao.edit(FOUR[1], {"phone": SEEN})
    return visit


def late_work_counts(them: Parties, visit: str) -> None:
    """The visit is his; his edits are wishes, which Li Min accepts or not."""
    report = them.zhao.sync()
    assert (report.count("conflict"), report.count("rejected")) == (2, 0)
    them.li.sync()
    assert them.li.record(visit).fields["officer_id"] == ZHAO
    # His visit stands; that it is the customer's last contact is an edit of the customer, so a wish too.
    wishes = {it.fields["record"]: it for it in them.li.conflicts() if it.customer in FOUR}
    assert {it.fields["kind"] for it in wishes.values()} == {"late"}
    assert set(wishes) == {FOUR[0], FOUR[1]}
    late = wishes[FOUR[1]]
    assert [it["value"] for it in late.fields["others"]] == [{"phone": SEEN}]
    assert them.li.record(FOUR[1]).fields["phone"] == "10000000201"
    for wish in wishes.values():
        them.li.resolve(wish.id, "other")
    them.li.sync()
    assert them.li.record(FOUR[1]).fields["phone"] == SEEN


def what_he_does_later_is_kept_aside(village: Village, wang: Desk) -> None:
    """A change made after his device was told: refused, kept in quarantine, and Wang decides what becomes of it."""
    told = device_of(village, "zhao.lei")
    assert FOUR[2] not in told.held
    result = told.push(update("customer", FOUR[2], FOUR[2], phone=CALLED))
    assert result["status"] == "rejected"
    (aside,) = [
        it for it in wang.call("GET", "/api/v1/quarantine")["sets"] if it["device"] == told.device
    ]
    assert (aside["user"], len(aside["errors"])) == (ZHAO, 1)
    (change,) = aside["set"]["changes"]
    assert (change["id"], change["set"]) == (FOUR[2], {"phone": CALLED})
    wang.does(update("customer", FOUR[2], FOUR[2], **change["set"]))
