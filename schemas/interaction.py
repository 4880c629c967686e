"""Interaction 往来 (domain.md, section 5.6): one contact with a customer, never edited."""

from schemas.declare import Instant, Label, RecordType, Ref, Text
from schemas.fields import fixed, one_of

MADE_BY = ("officer", "supervisor", "reviewer", "approver", "clerk")
KINDS = one_of(
    {
        "call": ("Call", "电话"),
        "sms": ("Text message", "短信"),
        "wechat": ("WeChat", "微信"),
        "branch_visit": ("Visit to the outlet", "到访网点"),
        "marketing": ("Marketing", "营销"),
        "request": ("Request", "诉求"),
        "problem": ("Problem", "问题"),
        "complaint": ("Complaint", "投诉"),
    }
)
DIRECTIONS = one_of(
    {"in": ("From the customer", "客户来联系"), "out": ("To the customer", "主动联系")}
)

INTERACTION = RecordType(
    "interaction",
    Label("Interaction", "往来"),
    (
        fixed("kind", "Kind", "类型", KINDS, write=MADE_BY, required=True),
        fixed("direction", "Direction", "方向", DIRECTIONS, write=MADE_BY, required=True),
        fixed("at", "At", "时间", Instant(), write=MADE_BY, required=True),
        fixed(
            "summary",
            "Summary",
            "内容",
            Text(4000, 1, many_lines=True, examples=("约定 6 月 25 日还款", "询问丰收贷利率")),
            write=MADE_BY,
            required=True,
        ),
        fixed("visit_id", "Visit", "走访", Ref(to="visit"), write=MADE_BY),
    ),
    made_by=MADE_BY,
    create_only=True,
    late_fact=True,
    title_field="summary",
    follow_up="contact",
)
