"""What a task or an attachment is about: a record of any type under the same customer."""

from schemas.declare import Fields, Problem
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
    }
)


def subject_is_whole(fields: Fields) -> Problem | None:
    """A record that is named comes with its type, and the other way round."""
    for name, other in (("record_type", "record"), ("record", "record_type")):
        if fields.get(name) is None and fields.get(other) is not None:
            return Problem(name, "required")
    return None
