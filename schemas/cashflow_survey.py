"""Cash-flow survey 家庭收支调查 (domain.md, sections 5.4, 6.9 and 8.6): a household's year, line by line."""

from schemas.declare import (
    Date,
    Flag,
    Integer,
    Label,
    ListOf,
    RecordType,
    Ref,
    States,
    Text,
    money,
)
from schemas.fields import keyed, manual, move, once, one_of, reserved, state
from schemas.roles import FIELD, OFFICER
from schemas.target import MONTH

MOST_MONTHS = 18
LINE_KINDS = one_of(
    {
        "income": ("Income", "收入"),
        "cost": ("Production cost", "生产成本"),
        "living": ("Living costs", "生活支出"),
        "debt": ("Debt service", "偿债支出"),
    }
)
STATES = one_of({"draft": ("Draft", "草稿"), "locked": ("Locked", "已锁定")})

LINES = keyed(
    "lines",
    "Lines",
    "收支明细",
    (
        manual("label", "What", "项目", Text(100, 1, examples=("早稻", "二批仔猪"))),
        manual("kind", "Kind", "类型", LINE_KINDS),
        manual("category", "Category", "类别", Text(50, examples=("粮食", "养殖"))),
        manual("quantity", "Quantity", "数量", Integer(0, 1_000_000_000)),
        manual("unit", "Unit", "单位", Text(20, examples=("亩", "头"))),
        manual("unit_price_fen", "Price of one", "单价", money()),
        manual(
            "month_fen",
            "Month by month",
            "逐月金额",
            ListOf(money(), MOST_MONTHS),
            hint=Label("One amount for each month of the survey", "按调查月份逐月填写"),
        ),
        manual("farm", "From farming", "农业收入", Flag()),
        manual("evidence", "Evidence", "佐证", Text(200, examples=("收购单", "银行流水"))),
    ),
)

CASHFLOW_SURVEY = RecordType(
    "cashflow_survey",
    Label("Cash-flow survey", "家庭收支调查"),
    (
        once("application_id", "Application", "贷款申请", Ref(to="loan_application")),
        manual("start_month", "First month", "起始月份", MONTH, required=True),
        manual("months", "Months", "月数", Integer(1, MOST_MONTHS, "months"), default=12),
        manual(
            "opening_cash_fen",
            "Cash at the start",
            "期初现金",
            money(),
            sensitive=True,
            required=True,
        ),
        reserved(
            "haircut_bps",
            "Haircut on farm income",
            "农业收入折减",
            Integer(0, 10_000, "bps"),
            default=1000,
        ),
        LINES,
        once("surveyed_on", "Surveyed on", "调查日期", Date(), required=True),
        state(STATES, FIELD),
    ),
    made_by=OFFICER,
    late_fact=True,
    states=States(
        "state",
        ("draft",),
        (
            move("lock", "draft", "locked", OFFICER, "Lock", "锁定", offline=True),
            move("reopen", "locked", "draft", (), "Reopen", "重新打开"),
        ),
    ),
    title_field="start_month",
    since=3,
)
