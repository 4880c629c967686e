"""What a task or an attachment is about: a record of any type under the same customer."""

from schemas.checks import Needs, When
from schemas.fields import one_of

SUBJECT_TYPES = one_of(
    {
        "customer": ("Customer", "客户"),
        "household_member": ("Household member", "家庭成员"),
        "loan": ("Loan", "贷款"),
        "installment": ("Installment", "还款期次"),
        "repayment": ("Repayment", "还款"),
        "visit": ("Visit", "走访"),
        "inspection_note": ("Inspection note", "检查记录"),
        "interaction": ("Interaction", "往来"),
        "task": ("Task", "任务"),
        "attachment": ("Attachment", "附件"),
        "conflict": ("Conflict", "冲突"),
        # of schema 3; to an older client only the id says what it is about
        "relationship": ("Relationship", "关联关系"),
        "cashflow_survey": ("Cash-flow survey", "家庭收支调查"),
        "credit_rating": ("Credit rating", "信用等级"),
        "loan_application": ("Loan application", "贷款申请"),
        "guarantor": ("Guarantor", "保证人"),
        "collateral": ("Collateral", "押品"),
        "decision": ("Decision", "审批意见"),
        "finding": ("Finding", "检查发现"),
        "case": ("Case", "诉求/投诉"),
        "warning_signal": ("Warning signal", "预警信号"),
        "classification": ("Classification", "五级分类"),
    }
)

SUBJECT_IS_WHOLE = (
    # A record that is named comes with its type, and the other way round.
    Needs(("record_type",), When(has=("record",))),
    Needs(("record",), When(has=("record_type",))),
)
