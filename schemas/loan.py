"""Loan 贷款 (domain.md, sections 5.5 and 6.2). Server-made; balances are derived, never stored."""

from schemas.checks import Before
from schemas.declare import (
    Date,
    Integer,
    Label,
    ListOf,
    Record,
    RecordType,
    Ref,
    SetOf,
    States,
    Text,
    money,
)
from schemas.fields import move, one_of, reserved, state
from schemas.product import METHODS, PURPOSE, RATE_BPS, SECURITY

STATES = one_of(
    {
        "active": ("Active", "未结清"),
        "settled": ("Settled", "已结清"),
        "written_off": ("Written off", "已核销"),
    }
)
SCHEDULE_VERSION = Integer(1, 1000)
_USER = Ref(to="user")
RESPONSIBLE = Record(
    {"investigator": ListOf(_USER, 10), "reviewer": _USER, "approver": _USER, "clerk": _USER}
)


MATURES_AFTER_DISBURSEMENT = Before(
    "disbursed_on", "maturity_on", "maturity-not-after-disbursement"
)

LOAN = RecordType(
    "loan",
    Label("Loan", "贷款"),
    (
        reserved(
            "loan_no",
            "Loan number",
            "借据号",
            Text(40, 1, examples=("JJ202600001", "JJ202600002")),
            default="@number",
        ),
        reserved("application_id", "Application", "贷款申请", Ref(to="loan_application"), since=3),
        reserved("product_id", "Product", "贷款产品", Ref(to="product"), required=True),
        reserved("principal_fen", "Amount paid out", "贷款金额", money(1), required=True),
        reserved("rate_bps", "Yearly rate", "年利率", RATE_BPS, required=True),
        reserved("method", "Repayment method", "还款方式", METHODS, required=True),
        reserved(
            "disbursed_on",
            "Paid out on",
            "放款日期",
            Date(("2026-01-15", "2026-03-10")),
            required=True,
        ),
        reserved(
            "maturity_on", "Due on", "到期日期", Date(("2027-01-15", "2027-03-10")), required=True
        ),
        reserved(
            "first_due_on",
            "First installment due on",
            "首次还款日",
            Date(("2026-04-10", "2026-04-15")),
        ),
        reserved(
            "schedule_version", "Schedule version", "还款计划版本", SCHEDULE_VERSION, default=1
        ),
        reserved("purpose", "Purpose", "贷款用途", PURPOSE, required=True),
        reserved("security", "Security", "担保方式", SetOf(SECURITY, least=1), required=True),
        reserved("officer_id", "Officer", "客户经理", _USER, required=True),
        reserved(
            "responsible", "Responsible people", "责任人", RESPONSIBLE, required=True, rule="RSP-1"
        ),
        reserved(
            "restructured_on", "Restructured on", "展期日期", Date(("2026-09-10", "2026-10-15"))
        ),
        reserved("restructure_count", "Restructured", "展期次数", Integer(0, 100), default=0),
        reserved(
            "receipts_before",
            "Receipts in the restructured balance",
            "展期余额已计入的还款",
            ListOf(Ref(to="repayment"), 1000),
            since=3,
        ),
        state(STATES, ("approver",)),
    ),
    made_by=("clerk",),
    states=States(
        "state",
        ("active",),
        (
            move("settle", "active", "settled", (), "Settle", "结清"),
            move("reopen", "settled", "active", (), "Reopen", "恢复"),
            move("write_off", "active", "written_off", ("approver",), "Write off", "核销"),
        ),
    ),
    checks=(MATURES_AFTER_DISBURSEMENT,),
    title_field="loan_no",
    guards=("write-off",),
)
