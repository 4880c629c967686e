"""Decision 审批意见 (domain.md, section 5.4): one of each person and stage, never edited.

Terms that are not named are as the application asks for them.
"""

from schemas.checks import Needs, When
from schemas.declare import Integer, Label, RecordType, Ref, Text
from schemas.fields import fixed, keyed, one_of
from schemas.terms import PLAN_ADDS_UP, TERMS

MADE_BY = ("supervisor", "reviewer", "approver")
STAGES = one_of({"review": ("Review", "审查"), "approve": ("Approval", "审批")})
OUTCOMES = one_of(
    {
        "pass": ("Passed", "通过"),
        "return": ("Returned", "退回"),
        "decline": ("Declined", "否决"),
        "approve": ("Approved", "批准"),
    }
)
REASON_CODES = one_of(
    {
        "capacity": ("Cannot carry it", "还款能力不足"),
        "character": ("Repayment record or reputation", "信用或口碑不佳"),
        "purpose": ("Purpose", "用途不符"),
        "security": ("Security", "担保不足"),
        "exposure": ("Too much in all", "总敞口超限"),
        "papers": ("Papers", "资料不全"),
        "policy": ("Against the rules", "不符合制度"),
        "watchlist": ("Watchlist", "黑名单"),
        "other": ("Other", "其他"),
    }
)
DUE = one_of({"disburse": ("Before payment", "放款前"), "ongoing": ("All along", "贷后持续")})

DECLINED_FOR_A_REASON = Needs(("reason_code",), When({"outcome": ("decline",)}))

CONDITIONS = keyed(
    "conditions",
    "Conditions",
    "附加条件",
    (
        fixed(
            "text",
            "Condition",
            "条件",
            Text(500, 1, examples=("先购买能繁母猪保险", "补办土地经营权证")),
            write=MADE_BY,
        ),
        fixed("must_before", "To be met", "落实时间", DUE, write=MADE_BY),
    ),
)

DECISION = RecordType(
    "decision",
    Label("Decision", "审批意见"),
    (
        fixed(
            "application_id",
            "Application",
            "贷款申请",
            Ref(to="loan_application"),
            write=MADE_BY,
            required=True,
        ),
        fixed("stage", "Stage", "环节", STAGES, write=MADE_BY),
        fixed("tier", "Tier", "审批层级", Integer(1, 4), write=MADE_BY),
        fixed("user_id", "By", "审批人", Ref(to="user"), write=MADE_BY, default="@user"),
        fixed("outcome", "Outcome", "结论", OUTCOMES, write=MADE_BY),
        fixed("reason_code", "Reason", "原因", REASON_CODES, write=MADE_BY),
        *(
            fixed(name, en, zh, kind, write=MADE_BY, group="terms")
            for name, en, zh, kind in TERMS
        ),
        CONDITIONS,
        fixed(
            "comment",
            "Comment",
            "意见",
            Text(4000, 1, many_lines=True, examples=("资料齐全，同意。", "请补充收入佐证。")),
            write=MADE_BY,
            required=True,
        ),
    ),
    made_by=MADE_BY,
    parent=("loan_application", "application_id"),
    create_only=True,
    checks=(DECLINED_FOR_A_REASON, PLAN_ADDS_UP),
    title_field="outcome",
    guards=("stage", "own-decision", "SOD-1-decision"),
    since=3,
)  # fmt: skip
