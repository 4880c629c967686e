"""Relationship 关联关系 (domain.md, section 5.3): between customers, or of a customer to staff."""

from schemas.checks import Needs, OneOf, When
from schemas.declare import Date, Label, RecordType, Ref, Text
from schemas.fields import once, once_for_all, one_of
from schemas.roles import FIELD

KINDS = one_of(
    {
        "spouse": ("Spouse", "配偶"),
        "parent_child": ("Parent and child", "父母子女"),
        "sibling": ("Brothers or sisters", "兄弟姐妹"),
        "shared_business": ("Shared business", "共同经营"),
        "guarantees": ("Guarantees", "担保"),
        "staff_relative": ("Relative of staff", "员工亲属"),
        "other": ("Other", "其他"),
    }
)

NAMES_ONE_OTHER = OneOf(("to_customer_id", "to_user_id"), "to_customer_id", "customer-or-user")
STAFF_IS_NAMED = Needs(("to_user_id",), When({"kind": ("staff_relative",)}))

RELATIONSHIP = RecordType(
    "relationship",
    Label("Relationship", "关联关系"),
    (
        once_for_all("to_customer_id", "To the customer", "关联客户", Ref("customer", "branch")),
        once_for_all("to_user_id", "To the employee", "关联员工", Ref(to="user")),
        once_for_all("kind", "Kind", "关系", KINDS, required=True),
        once_for_all(
            "evidence", "Known from", "依据", Text(500, examples=("户口簿", "本人申报", "村委证明"))
        ),
        once("ended_on", "Ended on", "终止日期", Date(("2026-06-16", "2026-12-31"))),
    ),
    made_by=FIELD,
    late_fact=True,
    checks=(NAMES_ONE_OTHER, STAFF_IS_NAMED),
    title_field="kind",
    since=3,
)
