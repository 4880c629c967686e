"""Loan application 贷款申请 (domain.md, sections 5.4 and 6.1).

What is asked for may be filled in while it is a draft; a submitted one has all of it. Why one was
withdrawn is told by its own field, why one was returned or declined by the decision that comes with it.
"""

from schemas.checks import Differ, Needs, When
from schemas.declare import (
    Date,
    Field,
    Flag,
    Integer,
    Label,
    RecordType,
    Ref,
    States,
    Text,
)
from schemas.fields import (
    SUPERVISOR,
    keyed,
    manual,
    many,
    move,
    once,
    once_for_all,
    one_of,
    prose,
    reserved,
    state,
)
from schemas.product import PURPOSE, SECURITY
from schemas.roles import OFFICER
from schemas.terms import PLAN_ADDS_UP, TERMS

HANDLERS = ("officer", "supervisor", "reviewer", "approver", "clerk")
DECIDERS = ("reviewer", "approver", "supervisor")
CLERK = ("clerk",)
STATES = one_of(
    {
        "draft": ("Draft", "草稿"),
        "submitted": ("Submitted", "已提交"),
        "reviewed": ("Reviewed", "已审查"),
        "approved": ("Approved", "已批准"),
        "contracted": ("Contract signed", "已签约"),
        "disbursed": ("Paid out", "已放款"),
        "returned": ("Returned", "已退回"),
        "declined": ("Declined", "已否决"),
        "withdrawn": ("Withdrawn", "已撤回"),
        "lapsed": ("Lapsed", "已失效"),
    }
)
FIVE_C = ("character", "capacity", "capital", "collateral", "conditions")
ENDED = ("withdrawn", "declined", "lapsed", "disbursed")
"""The states in which an application has come to its end."""

_ASKED = tuple(it for it in STATES.options if it not in ("draft", "returned", "withdrawn"))

ASKS_FOR_A_TERM = Needs(("term_months",), When({"state": _ASKED}, lacks=("maturity_date",)))
HARVESTS_ARE_PLANNED = Needs(("plan",), When({"state": _ASKED, "method": ("seasonal",)}))
EXCEPTION_IS_EXPLAINED = Needs(("exception_reason",), When(has=("exception",)))
TWO_PEOPLE = Differ(("officer_id", "co_officer_id"), "same-person")

ASKED: tuple[Field, ...] = (
    reserved(
        "application_no",
        "Application number",
        "申请编号",
        Text(40, 1, examples=("SQ202600001", "SQ202600002")),
        default="@number",
    ),
    once_for_all(
        "product_id", "Product", "贷款产品", Ref(to="product"), write=OFFICER, required=True
    ),
    once_for_all(
        "loan_id", "Loan to be restructured", "申请展期/重组的贷款", Ref(to="loan"), write=OFFICER
    ),
    once("officer_id", "Officer", "客户经理", Ref(to="user"), default="@user"),
    once("co_officer_id", "Second investigator", "协办人", Ref(to="user")),
    *(
        manual(
            name, en, zh, kind, write=OFFICER, group="terms", sensitive=True,
            required=name in ("amount_fen", "method", "rate_bps"),
        )
        for name, en, zh, kind in TERMS
    ),
    manual("purpose", "Purpose", "贷款用途", PURPOSE, write=OFFICER, required=True),
    prose(
        "purpose_note",
        "Purpose in detail",
        "用途说明",
        ("买仔猪 20 头，饲料 2 吨。", "晚稻种子和化肥。"),
        write=OFFICER,
    ),
    prose(
        "repay_source",
        "Where repayment comes from",
        "还款来源",
        ("第一来源卖猪款，第二来源儿子务工。", "稻谷收购款。"),
        write=OFFICER,
        required_by=("submit",),
    ),
    many(
        "security", "Security", "担保方式", SECURITY, write=OFFICER, required_by=("submit",)
    ),
)  # fmt: skip
JUDGED: tuple[Field, ...] = (
    prose(
        "officer_opinion",
        "Officer's opinion",
        "客户经理意见",
        ("建议发放 12000 元。", "收入不稳，不建议发放。"),
        write=OFFICER,
        required_by=("submit",),
    ),
    manual("exception", "Exception to policy", "政策例外", Flag(), group="exceptional"),
    manual(
        "exception_reason",
        "Reason for the exception",
        "例外理由",
        Text(500, many_lines=True, examples=("灾后恢复生产", "利率优惠经批准")),
        group="exceptional",
    ),
    reserved("expedited", "Emergency path", "特事特办", Flag(), SUPERVISOR),
    prose(
        "withdraw_reason",
        "Why it was withdrawn",
        "撤回原因",
        ("客户改从亲戚处借款。", "今年不养猪了。"),
        write=OFFICER,
        required_by=("withdraw",),
    ),
)
NOTES = keyed(
    "five_c",
    "The five Cs",
    "五要素评价",
    (
        manual("score", "Score", "评分", Integer(1, 5), write=OFFICER),
        manual(
            "note",
            "Note",
            "说明",
            Text(
                1000,
                many_lines=True,
                examples=("邻里口碑好，三年无拖欠。", "双季稻加养猪，收入稳定。"),
            ),
            write=OFFICER,
        ),
    ),
    f"({'|'.join(FIVE_C)})",
)
MET = keyed(
    "conditions_met",
    "Conditions met",
    "条件落实",
    (
        once(
            "on", "On", "落实日期", Date(("2026-06-29", "2026-06-30")), write=("clerk", "officer")
        ),
        once("by", "By", "落实人", Ref(to="user"), write=("clerk", "officer")),
    ),
)

MACHINE = States(
    "state",
    ("draft",),
    (
        move("submit", "draft returned", "submitted", OFFICER, "Submit", "提交", offline=True),
        move(
            "withdraw", "draft submitted returned", "withdrawn", OFFICER, "Withdraw", "撤回",
            offline=True,
        ),
        move("review_pass", "submitted", "reviewed", ("reviewer",), "Pass the review", "审查通过"),
        move("return", "submitted reviewed", "returned", DECIDERS, "Return", "退回"),
        move("decline", "submitted reviewed", "declined", DECIDERS, "Decline", "否决"),
        move("approve", "reviewed", "approved", ("supervisor", "approver"), "Approve", "批准"),
        move(
            "approve_expedited", "submitted", "approved", SUPERVISOR,
            "Approve on the emergency path", "特事特办批准",
        ),
        move("sign_contract", "approved", "contracted", CLERK, "Sign the contract", "签约"),
        move(
            "disburse", "contracted", "disbursed", CLERK, "Pay out", "放款", rule="SOD-3"
        ),
        move("lapse", "approved contracted", "lapsed", (), "Lapse", "失效"),
    ),
)  # fmt: skip

LOAN_APPLICATION = RecordType(
    "loan_application",
    Label("Loan application", "贷款申请"),
    (*ASKED, NOTES, *JUDGED, MET, state(STATES, HANDLERS)),
    made_by=OFFICER,
    late_fact=True,
    states=MACHINE,
    checks=(
        TWO_PEOPLE,
        ASKS_FOR_A_TERM,
        HARVESTS_ARE_PLANNED,
        PLAN_ADDS_UP,
        EXCEPTION_IS_EXPLAINED,
    ),
    title_field="application_no",
    follow_up="application",
    guards=(
        "RSP-2",
        "asked-until-submitted",
        "restructure",
        "SOD-5-application",
        "SOD-4-named",
        "complete",
        "SOD-4",
        "policy",
        "group-frozen",
        "guarantors",
        "watchlist",
        "SOD-1",
        "SOD-2",
        "decision-beside",
        "reviewed",
        "authority",
        "contract",
        "SOD-3",
        "conditions",
        "restructure-amount",
        "payable",
    ),
    since=3,
)
