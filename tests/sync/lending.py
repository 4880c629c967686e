"""A small branch with the product's own types, to try guards and follow-ups on: who does what to which record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.declare import SERVER
from schemas.messages import Change, ChangeSet, SetResult
from schemas.registry import REGISTRY
from sync.engine import Engine, Moment
from sync.ledger import Ledger, RecordState
from sync.scope import Actor

Json = Any
TODAY = "2026-06-16"
MADE_AT = f"{TODAY}T02:00:00.000Z"
STAMP = "0198f2c4a1b3-0000-desk"


def named(name: str) -> str:
    """Return the id that a name stands for."""
    return str(uuid5(NAMESPACE_URL, f"lending {name}"))


PEOPLE = {
    "li": "officer", "zhao": "officer", "wu": "officer", "wang": "supervisor", "tan": "supervisor",
    "sun": "reviewer", "feng": "reviewer", "he": "clerk", "ma": "clerk", "qian": "auditor",
    "guo": "approver", "deng": "approver", "lu": "approver", "ding": "admin",
}  # fmt: skip
PHOTO: Mapping[str, Json] = {
    "sha256": "0" * 64, "size": 1, "media_type": "image/jpeg", "captured_at": MADE_AT,
}  # fmt: skip
TIERS = {"guo": 2, "deng": 3, "lu": 3}
LIU = named("liu")


@dataclass
class Desk:
    """A branch in memory, with its people, one customer of Li's, and one product."""

    ledger: Ledger = field(default_factory=lambda: Ledger(0))
    number: int = 0

    def __post_init__(self) -> None:
        self.make("org_unit", "county", code="QH", name="青禾", kind="tier2_branch")
        self.make(
            "org_unit", "outlet", code="HK", name="河口", kind="outlet", parent_id=named("county")
        )
        self.make(
            "org_unit",
            "village",
            code="LS",
            name="柳树湾",
            kind="village",
            parent_id=named("outlet"),
        )
        for name, role in PEOPLE.items():
            high = role in ("reviewer", "approver", "admin") or name == "tan"
            home = "county" if high else "outlet"
            self.make("user", name, name=name, role=role, unit_id=named(home))
        self.make(
            "product", "nh01", code="NH01", name="农户贷", min_amount_fen=1000_00,
            max_amount_fen=600_000_00, methods=["equal_installment", "bullet", "seasonal"],
            min_term_months=3, max_term_months=36, rate_bps_min=500, rate_bps_max=1200,
            purposes=["购买仔猪"],
        )  # fmt: skip
        self.customer("liu", "999901197805120013")

    def customer(self, name: str, id_no: str, officer: str = "li") -> None:
        """Register a household that an officer looks after."""
        consent = f"consent {name}"
        paper = {"record_type": "customer", "record": named(name), "kind": "consent"}
        self.make(
            "customer", name, name=name, id_no=id_no, phone="13800000000", segment="grain",
            village_id=named("village"),
        )  # fmt: skip
        self.make("attachment", consent, under=name, **paper, **PHOTO)
        self.does(None, self.edit("customer", name, consent_attachment_id=named(consent)))
        self.make(
            "assignment", f"{name} {officer}", officer_id=named(officer), customer_id=named(name),
            role="primary", valid_from=TODAY,
        )  # fmt: skip

    # ------------------------------------------------------------------------------- sending sets

    def make(self, type_name: str, name: str, /, *, under: Json = None, **fields: Json) -> None:
        """Make a record as the server does."""
        result = self.send(None, self.create(type_name, name, under=under, **fields))
        assert result.status == "applied", result.errors

    def create(self, type_name: str, name: str, /, *, under: Json = None, **fields: Json) -> Change:
        """Return the creation of a record, under a customer where its type is under one."""
        return Change(
            "create", type_name, named(name), self._customer(type_name, name, under), fields
        )

    def edit(self, type_name: str, name: str, /, *, under: Json = None, **fields: Json) -> Change:
        """Return an edit; of paths with dots, as a mapping in `at`."""
        paths = {**fields.pop("at", {}), **fields}
        return Change(
            "update", type_name, named(name), self._customer(type_name, name, under), paths
        )

    def _customer(self, type_name: str, name: str, under: Json) -> str | None:
        if type_name == "customer":
            return named(name)
        return None if REGISTRY[type_name].reference else named(under or "liu")

    def send(
        self,
        who: str | None,
        *changes: Change,
        tier: int | None = None,
        base: int | None = None,
        device: str | None = None,
    ) -> SetResult:
        """Decide one set by a person in the office; None: by the server.

        *base*: of an older view; *device*: another than the person's own.
        """
        self.number += 1
        seen = self.ledger.head if base is None else base
        one = ChangeSet(
            self.number, named(f"set {self.number}"), None, REGISTRY.schema, seen,
            "test", MADE_AT, None, changes,
        )  # fmt: skip
        engine = Engine(REGISTRY, self.ledger, named("branch"), TODAY, "QH")
        actor = self.actor(who, tier)
        if device is not None:
            actor = replace(actor, device=device)
        return engine.decide(one, actor, Moment(MADE_AT, STAMP))

    def actor(self, who: str | None, tier: int | None = None) -> Actor:
        """Return a person at the desk."""
        if who is None:
            return Actor(None, SERVER, named("office"), whole_branch=True)
        own = TIERS.get(who, 0) if tier is None else tier
        return Actor(named(who), PEOPLE[who], named(f"web {who}"), whole_branch=True, tier=own)

    def does(self, who: str | None, *changes: Change) -> None:
        """Let somebody do what is allowed."""
        result = self.send(who, *changes)
        assert result.status in ("applied", "merged"), result.errors

    def refused(
        self, who: str, *changes: Change, tier: int | None = None
    ) -> tuple[str, str | None, str | None]:
        """Return why a set was refused: code, reason, rule."""
        result = self.send(who, *changes, tier=tier)
        assert result.status == "rejected", f"{who} may: {result}"
        fault = result.errors[0]
        return fault.code, fault.reason, fault.rule

    # ------------------------------------------------------------------------------------ looking

    def record(self, name: str) -> RecordState:
        """Return a record by its name."""
        return self.ledger.records[named(name)]

    def fields(self, name: str) -> Mapping[str, Json]:
        """Return the fields of a record."""
        return self.record(name).fields

    def all(self, type_name: str) -> list[RecordState]:
        """Return the records of a type."""
        return [it for it in self.ledger.records.values() if it.type == type_name]


ASKED: Mapping[str, Json] = {
    "product_id": named("nh01"), "amount_fen": 12_000_00, "term_months": 12, "maturity_date": None,
    "method": "equal_installment", "rate_bps": 840, "plan": None, "purpose": "购买仔猪",
}  # fmt: skip
GRADED = {"total": 73, "grade": "A", "limit_fen": 12_000_00}
SCORES = {"able_workers": 7}
HASH = "0" * 64
FIVE_C = {
    f"five_c.{name}.{leaf}": value
    for name in ("character", "capacity", "capital", "collateral", "conditions")
    for leaf, value in (("score", 4), ("note", "邻里口碑好，三年无拖欠记录。"))
}


def investigated(desk: Desk, officer: Json = "li", second: Json = "zhao", **asked: Json) -> None:
    """Bring an application to where it can be submitted: survey, rating, inspection, visit, five Cs."""
    desk.does(
        officer,
        desk.create(
            "loan_application", "app", **{**ASKED, **asked},
            co_officer_id=named(second) if second else None,
        ),
        desk.create(
            "cashflow_survey", "survey", application_id=named("app"), start_month="2026-07",
            opening_cash_fen=3_500_00, surveyed_on=TODAY,
        ),
        desk.create(
            "credit_rating", "rating", survey_id=named("survey"), scores=SCORES, **GRADED,
            valid_to="2027-06-15", proposed_by=named(officer),
        ),
        desk.create(
            "inspection_note", "note", kind="pre_loan", application_id=named("app"),
            checklist_code="pre_loan", checklist_version=1,
            inspector_ids=[named(it) for it in (officer, second) if it],
            **{"answers.P09.value": "卖猪款，十月到账", "answers.P15.value": ["合影"]},
        ),
        desk.create(
            "visit", "visit", purposes=["pre_loan"], state="in_progress", officer_id=named(officer),
            arrived_at=MADE_AT,
        ),
    )  # fmt: skip
    if second:
        arrival = desk.create(
            "visit", "second visit", purposes=["pre_loan"], state="in_progress",
            officer_id=named(second), arrived_at=MADE_AT,
        )  # fmt: skip
        desk.does(second, arrival)
    for who in filter(None, (officer, second)):
        desk.does(who, signature(desk, "note", who))


def signature(
    desk: Desk, record: str, who: str, type_name: str = "inspection_note", of: str = ""
) -> Change:
    """Return a signature under a record."""
    path = f"signed_by.{named(f'signature {record} {who} {of} {desk.number}')}"
    said = {f"{path}.user": named(who), f"{path}.at": MADE_AT, f"{path}.content_hash": HASH}
    return desk.edit(type_name, record, at=said)


def submission(desk: Desk, **more: Json) -> list[Change]:
    """Return what an officer submits: the locked survey and the application, with all that is asked."""
    return [
        desk.edit("cashflow_survey", "survey", state="locked"),
        desk.edit(
            "loan_application", "app",
            at={
                **FIVE_C, "repay_source": "卖猪款。", "officer_opinion": "建议发放。",
                "security": {"add": ["guarantor"]}, "state": "submitted", **more,
            },
        ),
    ]  # fmt: skip


def submitted(desk: Desk, **asked: Json) -> None:
    """Bring an application to where it is submitted."""
    investigated(desk, **asked)
    desk.does("li", *submission(desk))


def decision(desk: Desk, who: str, stage: str, outcome: str, of: str = "", **more: Json) -> Change:
    """Return somebody's decision about the application."""
    return desk.create(
        "decision", f"decision {who} {stage} {of}", application_id=named("app"), stage=stage,
        outcome=outcome, comment="同意。", user_id=named(who), **more,
    )  # fmt: skip


def reviewed(desk: Desk, **asked: Json) -> None:
    """Bring an application to where it is reviewed by Sun."""
    submitted(desk, **asked)
    review_note(desk, "sun")
    desk.does("sun", *review(desk, "sun"))


def review_note(desk: Desk, who: str) -> None:
    """Let a reviewer sign the in-loan review."""
    note = f"review {who}"
    desk.does(
        who,
        desk.create(
            "inspection_note", note, kind="in_loan_review", application_id=named("app"),
            checklist_code="in_loan_review", checklist_version=1, inspector_ids=[named(who)],
        ),
    )  # fmt: skip
    desk.does(who, signature(desk, note, who))


def review(desk: Desk, who: str) -> list[Change]:
    """Return the pass of a review, with the decision."""
    return [
        desk.edit("loan_application", "app", state="reviewed"),
        decision(desk, who, "review", "pass"),
    ]


def approval(desk: Desk, who: str, **more: Json) -> list[Change]:
    """Return an approval, with the decision."""
    return [
        decision(desk, who, "approve", "approve", **more),
        desk.edit("loan_application", "app", state="approved"),
    ]


def contracted(desk: Desk, **more: Json) -> None:
    """Bring an application to where its contract is signed."""
    reviewed(desk)
    desk.does("wang", *approval(desk, "wang", **more))
    desk.make(
        "attachment", "contract", record_type="loan_application", record=named("app"),
        kind="contract", **PHOTO,
    )  # fmt: skip
    desk.does("he", desk.edit("loan_application", "app", state="contracted"))
