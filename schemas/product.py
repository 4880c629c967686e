"""Loan product 贷款产品 (domain.md, section 5.1)."""

from schemas.declare import Integer, Label, RecordType, SetOf, Text, money
from schemas.fields import ADMIN, one_of, reserved

METHODS = one_of(
    {
        "equal_installment": ("Equal installments", "等额本息"),
        "equal_principal": ("Equal principal", "等额本金"),
        "interest_first": ("Interest first, principal at the end", "按期付息到期还本"),
        "bullet": ("All at the end", "利随本清"),
        "seasonal": ("By harvest", "按收获还款"),
    }
)
SECURITY = one_of(
    {
        "unsecured": ("Unsecured", "信用"),
        "group": ("Joint-liability group", "联保"),
        "guarantor": ("Guarantor", "保证"),
        "collateral": ("Collateral", "抵质押"),
    }
)
DAY_COUNTS = one_of(
    {
        "act360": ("Actual days / 360", "实际天数/360"),
        "act365": ("Actual days / 365", "实际天数/365"),
    }
)
PURPOSE = Text(100, 1, examples=("购买仔猪", "购买化肥"))
RATE_BPS = Integer(0, 10_000, "bps")
TERM_MONTHS = Integer(1, 360, "months")

PRODUCT = RecordType(
    "product",
    Label("Product", "贷款产品"),
    (
        reserved(
            "code", "Code", "代码", Text(40, 1, examples=("NH01", "FS01")), ADMIN, required=True
        ),
        reserved(
            "name",
            "Name",
            "名称",
            Text(100, 1, examples=("农户小额信用贷", "丰收贷")),
            ADMIN,
            required=True,
        ),
        reserved("methods", "Repayment methods", "还款方式", SetOf(METHODS), ADMIN),
        reserved("min_amount_fen", "Least amount", "最低金额", money(1), ADMIN),
        reserved("max_amount_fen", "Greatest amount", "最高金额", money(1), ADMIN),
        reserved("min_term_months", "Shortest term", "最短期限", TERM_MONTHS, ADMIN),
        reserved("max_term_months", "Longest term", "最长期限", TERM_MONTHS, ADMIN),
        reserved("rate_bps_min", "Lowest rate", "最低年利率", RATE_BPS, ADMIN),
        reserved("rate_bps_max", "Highest rate", "最高年利率", RATE_BPS, ADMIN),
        reserved(
            "penalty_markup_bps",
            "Late fee on top of the rate",
            "罚息上浮",
            Integer(0, 100_000, "bps"),
            ADMIN,
            default=5000,
        ),
        reserved("day_count", "Day count", "计息天数", DAY_COUNTS, ADMIN, default="act360"),
        reserved(
            "grace_days", "Days of grace", "宽限天数", Integer(0, 365, "days"), ADMIN, default=0
        ),
        reserved("security", "Security", "担保方式", SetOf(SECURITY), ADMIN),
        reserved("purposes", "Purposes", "贷款用途", SetOf(PURPOSE), ADMIN),
    ),
    made_by=ADMIN,
    reference="branch",
    title_field="name",
    guards=("subtree-top",),
)
