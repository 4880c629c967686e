"""Assignment 分片/管户 (domain.md, section 5.1): who looks after which customer or village."""

from schemas.checks import Needs, OneOf, When
from schemas.declare import Date, Label, RecordType, Ref, Text
from schemas.fields import SUPERVISOR, one_of, reserved

ROLES = one_of(
    {
        "primary": ("Responsible officer", "主管户"),
        "cover": ("Cover", "代管"),
        "inspector": ("Inspector", "检查人"),
    }
)


NAMES_ONE_PLACE = OneOf(("village_id", "customer_id"), "customer_id", "village-or-customer")
ENDS_IF_TEMPORARY = Needs(("valid_to",), When({"role": ("cover", "inspector")}))

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
    checks=(NAMES_ONE_PLACE, ENDS_IF_TEMPORARY),
)
