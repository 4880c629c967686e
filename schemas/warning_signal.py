"""Warning signal 预警信号 (domain.md, sections 5.7, 6.6 and 9): something that may go wrong with a loan."""

from schemas.declare import Date, FreeObject, Integer, Label, RecordType, Ref, States
from schemas.fields import highest, manual, move, once_for_all, one_of, prose, state
from schemas.roles import FIELD

MADE_BY = ("officer", "supervisor", "auditor")
RULES = one_of(
    {
        "W02": ("Days past due", "逾期"),
        "W03": ("Purpose not as agreed", "用途不符"),
        "W04": ("Income down", "收入下降"),
        "W05": ("Household event", "家庭变故"),
        "W06": ("Disaster, disease or price fall", "灾害、疫病或跌价"),
        "W07": ("Group member past due", "联保成员逾期"),
        "W08": ("Collateral", "押品异常"),
        "W09": ("New debt elsewhere", "新增外债"),
        "W10": ("Cannot be reached", "失联"),
        "W11": ("Inspection overdue", "检查逾期"),
        "W13": ("Promise broken", "承诺未履行"),
        "W15": ("On the watchlist", "列入黑名单"),
        "W18": ("Matures soon, in doubt", "临近到期存疑"),
        "manual": ("By hand", "人工"),
    }
)
SEVERITIES = one_of({"yellow": ("Yellow", "黄"), "orange": ("Orange", "橙"), "red": ("Red", "红")})
STATES = one_of(
    {
        "raised": ("Raised", "已触发"),
        "acknowledged": ("Acknowledged", "已知悉"),
        "handling": ("Being handled", "处置中"),
        "cleared": ("Cleared", "已解除"),
        "dismissed": ("Dismissed", "误报"),
    }
)

WARNING_SIGNAL = RecordType(
    "warning_signal",
    Label("Warning signal", "预警信号"),
    (
        once_for_all("rule", "Rule", "规则", RULES, write=MADE_BY, required=True),
        once_for_all("loan_id", "Loan", "贷款", Ref(to="loan"), write=MADE_BY),
        manual("severity", "Severity", "级别", SEVERITIES, write=MADE_BY, required=True),
        highest("level", "Escalations", "升级次数", Integer(0, 10), default=0),
        once_for_all("facts", "Facts", "事实", FreeObject(), write=MADE_BY),
        prose(
            "handling_note",
            "What is done about it",
            "处置说明",
            ("已约定周五还款。", "系误报，已核实。"),
            required_by=("dismiss",),
        ),
        manual("due_on", "Due on", "处置期限", Date(("2026-06-18", "2026-06-30")), write=MADE_BY),
        state(STATES, MADE_BY),
    ),
    made_by=MADE_BY,
    late_fact=True,
    states=States(
        "state",
        ("raised",),
        (
            move(
                "acknowledge", "raised", "acknowledged", FIELD, "Acknowledge", "知悉", offline=True
            ),
            move("handle", "acknowledged", "handling", FIELD, "Handle", "处置", offline=True),
            move("clear", "handling", "cleared", FIELD, "Clear", "解除"),
            move("dismiss", "raised", "dismissed", ("supervisor",), "Dismiss", "误报"),
        ),
    ),
    title_field="rule",
    guards=("signal",),
    follow_up="signal",
    since=3,
)
