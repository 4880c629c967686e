"""Assignment 分片/管户 (domain.md, section 5.1): who looks after which customer or village."""

from schemas.declare import Date, Fields, Label, Problem, RecordType, Ref, Text
from schemas.fields import SUPERVISOR, one_of, reserved

ROLES = one_of(
    {
        "primary": ("Responsible officer", "主管户"),
        "cover": ("Cover", "代管"),
        "inspector": ("Inspector", "检查人"),
    }
)


def names_one_place(fields: Fields) -> Problem | None:
    """An assignment is to a village or to a customer, not to both and not to neither."""
    named = [it for it in ("village_id", "customer_id") if fields.get(it) is not None]
    return (
        None if len(named) == 1 else Problem("customer_id", "invalid-value", "village-or-customer")
    )


def ends_if_temporary(fields: Fields) -> Problem | None:
    """Only a primary assignment is without an end."""
    if fields.get("role", "primary") == "primary" or fields.get("valid_to") is not None:
        return None
    return Problem("valid_to", "required")


ASSIGNMENT = RecordType(
    "assignment",
    Label("Assignment", "管户分配"),
    (
        reserved("officer_id", "Officer", "客户经理", Ref(to="user"), SUPERVISOR, required=True),
        reserved("village_id", "Village", "行政村", Ref(to="org_unit"), SUPERVISOR),
        reserved("customer_id", "Customer", "客户", Ref(to="customer"), SUPERVISOR),
        reserved("role", "As", "身份", ROLES, SUPERVISOR, default="primary"),
        reserved("valid_from", "From", "开始日期", Date(), SUPERVISOR, required=True),
        reserved(
            "valid_to",
            "Until",
            "结束日期",
            Date(("2026-12-31", "2027-06-30")),
            SUPERVISOR,
            hint=Label("Needed for cover and inspector", "代管和检查必须填写"),
        ),
        reserved(
            "reason", "Reason", "原因", Text(200, examples=("李敏休假", "按季督导检查")), SUPERVISOR
        ),
    ),
    made_by=SUPERVISOR,
    reference="user",
    users=("officer_id",),
    checks=(names_one_place, ends_if_temporary),
)
