"""What a loan shall be like: asked for by an application, given by a decision (domain.md, section 5.4)."""

from schemas.checks import Adds
from schemas.declare import Date, Kind, Label, ListOf, Record, money
from schemas.product import METHODS, RATE_BPS, TERM_MONTHS

PLAN = ListOf(
    Record(
        {"due_date": Date(("2026-09-30", "2026-11-30")), "principal_fen": money()},
        required=("due_date", "principal_fen"),
        titles={
            "due_date": Label("Due on", "还款日"),
            "principal_fen": Label("Principal", "本金"),
        },
    ),
    60,
)
TERMS: tuple[tuple[str, str, str, Kind], ...] = (
    ("amount_fen", "Amount", "金额", money(1)),
    ("term_months", "Months", "期限（月）", TERM_MONTHS),
    ("maturity_date", "Due on", "到期日期", Date(("2027-01-31", "2027-06-30"))),
    ("method", "Repayment method", "还款方式", METHODS),
    ("rate_bps", "Yearly rate", "年利率", RATE_BPS),
    ("plan", "Plan by harvest", "按收获还款计划", PLAN),
)
PLAN_ADDS_UP = Adds("plan", "principal_fen", "amount_fen", "plan-not-amount")
