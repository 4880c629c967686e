"""One conflict of each kind, as two officers offline and a desk come to it, and how it ends (domain.md, 5.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from field_client.client import FieldClient
from schemas.values import derived_id
from sync.rebase import View
from tests.journeys.handover import FOUR
from tests.journeys.liu import HOME, PERSON, sign
from tests.journeys.people import Desk, update
from tests.journeys.village import CHEN, DENG, LOAN, VILLAGE, ZHOU

Json = Any
HUNDRED = 100_00


@dataclass
class Clash:
    """Two tablets and a desk; `made` keeps the ids that a later scene needs, by what they are."""

    li: FieldClient
    zhao: FieldClient
    wang: Desk
    made: dict[str, str]


# ------------------------------------------------------------------------------- what both know of


def before(it: Clash) -> None:
    """What lies there before they go out: a member, two visits, a note, preferences."""
    it.li.edit(CHEN, {"preferences": "下午在家。"})
    member = {"name": "陈小明", "relation": "child"}
    it.made["member"] = it.li.create("household_member", CHEN, member)
    it.made["begun"] = it.li.visit_start(ZHOU, ["routine"], place=HOME)
    it.li.edit(it.made["begun"], {"summary": "刚到就下雨。", "met_with": ["周福海"]})
    it.made["note"] = it.li.note(DENG, "routine", narrative="存栏 21 头。")
    planned = {"purposes": ["routine"], "planned_on": "2026-06-16"}
    it.made["planned"] = it.li.create("visit", DENG, planned)


# -------------------------------------------------------------------------------------- and what clashes


def two_values(it: Clash) -> None:
    it.li.edit(CHEN, {"phone": "10000000021"})
    it.zhao.edit(CHEN, {"phone": "10000000022"})


def two_wordings(it: Clash) -> None:
    it.li.edit(CHEN, {"preferences": "晚上在家。"})
    it.zhao.edit(CHEN, {"preferences": "清早在家。"})


def deleted_and_changed(it: Clash) -> None:
    it.li.edit(it.made["member"], {"occupation": "县城餐馆"})
    it.zhao.delete(it.made["member"], "已分户")


def twice_registered(it: Clash) -> None:
    it.made["liu"] = it.li.create("customer", None, PERSON)
    again = {
        "name": "刘秀瑛", "id_no": PERSON["id_no"], "phone": "10000000033", "village_id": VILLAGE,
        "segment": "grain",
    }  # fmt: skip
    it.made["twin"] = it.zhao.create("customer", None, again)


def two_moves(it: Clash) -> None:
    visit = it.made["planned"]
    it.wang.does(update("visit", visit, DENG, state="cancelled"))
    it.li.visit_start(DENG, visit=visit, place=HOME)


def do_not_fit(it: Clash) -> None:
    it.li.edit(it.made["begun"], {"summary": None})
    left = {"state": "completed", "outcome": "done", "left_at": "2026-06-16T07:40:00.000Z"}
    it.zhao.edit(it.made["begun"], left)


def after_the_handover(it: Clash) -> None:
    wish = {"customer": FOUR[0], "officer": "li.min", "role": "primary", "reason": "管户均衡"}
    assert it.wang.call("POST", "/api/v1/assignments", wish)["status"] == "applied"
    it.zhao.edit(FOUR[0], {"phone": "10000000301"})


def twice_paid(it: Clash) -> None:
    it.made["first"] = it.li.repay(LOAN, HUNDRED).repayment
    it.made["second"] = it.zhao.repay(LOAN, HUNDRED).repayment


def after_the_signature(it: Clash) -> None:
    sign(it.li, it.made["note"])
    it.zhao.edit(it.made["note"], {"narrative": "存栏 12 头。"})


# ------------------------------------------------------------------------------------ how they end


def _phone(it: Clash, found: View) -> None:
    it.wang.settles(found.id, "keep", comment="当面告知。")


def _words(it: Clash, found: View) -> None:
    it.li.resolve(found.id, "custom", "清早和晚上在家。", "已电话核实。")


def _member(it: Clash, found: View) -> None:
    it.wang.settles(found.id, "other", comment="已分户。")


def _liu(it: Clash, found: View) -> None:
    it.wang.settles(found.id, "merge", survivor=it.made["liu"], comment="同一人。")


def _kept(it: Clash, found: View) -> None:
    it.wang.settles(found.id, "keep", comment="按现状。")


def _late(it: Clash, found: View) -> None:
    it.li.resolve(found.id, "other")


def _paid(it: Clash, found: View) -> None:
    it.wang.settles(found.id, "both_count", comment="两笔都收到。")


def _amended(it: Clash, found: View) -> None:
    it.made["amendment"] = derived_id("amendment", found.id)
    it.wang.settles(found.id, "as_amendment", comment="作为补充记录。")


@dataclass(frozen=True)
class Kind:
    """How one kind comes about, and how it is settled."""

    happens: Callable[[Clash], None]
    ends: Callable[[Clash, View], None]


KINDS: Mapping[str, Kind] = {
    "field": Kind(two_values, _phone),
    "text": Kind(two_wordings, _words),
    "delete": Kind(deleted_and_changed, _member),
    "duplicate": Kind(twice_registered, _liu),
    "state": Kind(two_moves, _kept),
    "invalid": Kind(do_not_fit, _kept),
    "late": Kind(after_the_handover, _late),
    "possible_double": Kind(twice_paid, _paid),
    "after_signature": Kind(after_the_signature, _amended),
}


def as_settled(it: Clash) -> None:
    """Check what stands in the end: what was decided, and nothing that nobody decided."""
    for tablet in (it.li, it.zhao):
        chen = tablet.record(CHEN).fields
        assert (chen["phone"], chen["preferences"]) == ("10000000021", "清早和晚上在家。")
        assert it.made["member"] not in {one.id for one in tablet.records("household_member", CHEN)}
        receipts = {one.id for one in tablet.records("repayment", CHEN)}
        assert {it.made["first"], it.made["second"]} <= receipts
        assert tablet.record(it.made["planned"]).fields["state"] == "cancelled"
        assert tablet.record(it.made["begun"]).fields["state"] == "in_progress"
        assert tablet.record(it.made["note"]).fields["narrative"] == "存栏 21 头。"
        amendment = tablet.record(it.made["amendment"]).fields
        assert (amendment["narrative"], amendment["amends_id"]) == ("存栏 12 头。", it.made["note"])
    assert it.li.record(FOUR[0]).fields["phone"] == "10000000301"
    alike = [one for one in it.li.records("customer") if one.fields.get("id_no") == PERSON["id_no"]]
    assert [one.id for one in alike] == [it.made["liu"]]
