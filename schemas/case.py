"""Case 诉求/投诉 (domain.md, sections 5.6 and 6.9): what became of a request, a problem, a complaint."""

from schemas.declare import Integer, Label, RecordType, Ref, States
from schemas.fields import move, once, once_for_all, one_of, prose, state
from schemas.interaction import MADE_BY
from schemas.roles import FIELD

KINDS = one_of(
    {
        "request": ("Request", "诉求"),
        "problem": ("Problem", "问题"),
        "complaint": ("Complaint", "投诉"),
    }
)
STATES = one_of(
    {
        "open": ("Open", "待处理"),
        "in_progress": ("Under way", "处理中"),
        "resolved": ("Settled", "已解决"),
        "closed": ("Closed", "已关闭"),
    }
)

CASE = RecordType(
    "case",
    Label("Case", "诉求/投诉"),
    (
        once_for_all(
            "interaction_id",
            "Interaction",
            "往来",
            Ref(to="interaction"),
            write=MADE_BY,
            required=True,
        ),
        once("kind", "Kind", "类型", KINDS, write=MADE_BY, required=True),
        once("about_user_id", "About", "被投诉人", Ref(to="user"), write=MADE_BY),
        once("owner_id", "Owner", "责任人", Ref(to="user"), write=MADE_BY),
        prose(
            "resolution", "What was done", "处理结果", ("已当面道歉并更正。", "已电话答复利率。")
        ),
        once("satisfaction", "Satisfaction", "满意度", Integer(1, 5)),
        state(STATES, MADE_BY),
    ),
    made_by=MADE_BY,
    parent=("interaction", "interaction_id"),
    late_fact=True,
    states=States(
        "state",
        ("open",),
        (
            move("start", "open", "in_progress", FIELD, "Begin", "开始处理", offline=True),
            move("resolve", "in_progress", "resolved", FIELD, "Settle", "解决", offline=True),
            move("close", "resolved", "closed", FIELD, "Close", "关闭"),
            move(
                "reopen", "resolved closed", "in_progress", FIELD, "Reopen", "重新处理",
                offline=True,
            ),
        ),
    ),
    title_field="kind",
    guards=("case",),
    since=3,
)  # fmt: skip
