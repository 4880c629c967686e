"""Group 联保小组 (domain.md, sections 5.3 and 6.9): households that answer for one another.

It is in everyone's scope, so that no personal data belongs in it; its members are the customers who
name it.
"""

from schemas.checks import Within
from schemas.declare import Date, Label, RecordType, Ref, States, Text, money
from schemas.fields import SUPERVISOR, manual, move, once, one_of, reserved, state
from schemas.roles import FIELD

AGREEMENT_MONTHS = 36
STATES = one_of(
    {
        "forming": ("Forming", "组建中"),
        "active": ("Active", "有效"),
        "frozen": ("Frozen", "冻结"),
        "dissolved": ("Dissolved", "已解散"),
    }
)

AGREED_FOR_THREE_YEARS = Within("formed_on", "expires_on", AGREEMENT_MONTHS, "agreement-too-long")

GROUP = RecordType(
    "group",
    Label("Joint-liability group", "联保小组"),
    (
        manual(
            "name",
            "Name",
            "名称",
            Text(100, 1, examples=("柳湾五户联保组", "东坡联保一组")),
            required=True,
        ),
        manual(
            "leader_customer_id",
            "Leader",
            "组长",
            Ref(to="customer", scope="branch"),
            sensitive=True,
        ),
        once(
            "agreement_no",
            "Agreement number",
            "协议编号",
            Text(40, 1, examples=("LB2026001", "LB2026002")),
        ),
        once(
            "formed_on", "Formed on", "成立日期", Date(("2026-01-10", "2026-06-16")), required=True
        ),
        once("expires_on", "Agreement until", "协议到期日", Date(("2028-12-31", "2029-01-09"))),
        reserved("max_per_member_fen", "Most for each member", "每户最高额", money(), SUPERVISOR),
        state(STATES, SUPERVISOR),
    ),
    made_by=FIELD,
    reference="branch",
    states=States(
        "state",
        ("forming",),
        (
            move("activate", "forming", "active", SUPERVISOR, "Activate", "启用"),
            move("freeze", "active", "frozen", SUPERVISOR, "Freeze", "冻结"),
            move("thaw", "frozen", "active", SUPERVISOR, "Thaw", "解冻"),
            move("dissolve", "forming active frozen", "dissolved", SUPERVISOR, "Dissolve", "解散"),
        ),
    ),
    checks=(AGREED_FOR_THREE_YEARS,),
    title_field="name",
    guards=("group-begins", "group-ends"),
    since=3,
)
