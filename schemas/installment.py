"""Installment 还款计划期次 (domain.md, section 5.5): one row of a version of a schedule."""

from schemas.declare import Date, Integer, Label, RecordType, Ref, money
from schemas.fields import NOBODY, fixed
from schemas.loan import SCHEDULE_VERSION

INSTALLMENT = RecordType(
    "installment",
    Label("Installment", "还款期次"),
    (
        fixed("loan_id", "Loan", "贷款", Ref(to="loan"), write=NOBODY, required=True),
        fixed(
            "schedule_version",
            "Schedule version",
            "还款计划版本",
            SCHEDULE_VERSION,
            write=NOBODY,
            required=True,
        ),
        fixed("seq", "Number", "期次", Integer(1, 1000), write=NOBODY, required=True),
        fixed("due_date", "Due on", "应还日期", Date(), write=NOBODY, required=True),
        fixed("principal_fen", "Principal", "本金", money(), write=NOBODY, required=True),
        fixed("interest_fen", "Interest", "利息", money(), write=NOBODY, required=True),
        fixed("fee_fen", "Fee", "费用", money(), write=NOBODY, default=0),
    ),
    made_by=NOBODY,
    parent=("loan", "loan_id"),
    create_only=True,
    title_field="due_date",
)
