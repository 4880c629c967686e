"""Visit 走访 (domain.md, sections 5.6 and 6.3): plan and actual in one record."""

from schemas.checks import Needs, When
from schemas.declare import (
    Date,
    Field,
    Instant,
    Label,
    RecordType,
    Ref,
    States,
    Text,
    money,
)
from schemas.fields import (
    SUPERVISOR,
    manual,
    many,
    move,
    once,
    one_of,
    prose,
    reserved,
    state,
)
from schemas.place import ACCURACY_M, LATITUDE_E6, LONGITUDE_E6
from schemas.roles import FIELD, OFFICER

PURPOSES = one_of(
    {
        "survey": ("Survey", "调查"),
        "pre_loan": ("Pre-loan investigation", "贷前调查"),
        "first_followup": ("First follow-up", "首次跟踪检查"),
        "routine": ("Routine inspection", "日常检查"),
        "supervisory": ("Supervisory inspection", "督导检查"),
        "collection": ("Collection", "催收"),
        "marketing": ("Marketing", "营销"),
        "complaint": ("Complaint", "投诉处理"),
        "handover": ("Handover", "管户交接"),
    }
)
SLOTS = one_of({"am": ("Morning", "上午"), "pm": ("Afternoon", "下午")})
PRIORITIES = one_of({"high": ("High", "高"), "normal": ("Normal", "普通"), "low": ("Low", "低")})
OUTCOMES = one_of(
    {
        "done": ("Done", "已完成"),
        "absent": ("Nobody there", "无人在家"),
        "refused": ("Refused", "拒绝"),
        "unreachable": ("Could not get there", "无法到达"),
        "moved": ("Moved away", "已搬走"),
        "other": ("Other", "其他"),
    }
)
STATES = one_of(
    {
        "planned": ("Planned", "已计划"),
        "in_progress": ("Under way", "进行中"),
        "completed": ("Completed", "已完成"),
        "accepted": ("Accepted", "已认可"),
        "cancelled": ("Cancelled", "已取消"),
        "missed": ("Missed", "未走访"),
    }
)

_OVER = {"state": ("completed", "accepted")}
_NOT_MADE = tuple(it for it in OUTCOMES.options if it != "done")

PLANNED_FOR_A_DAY = Needs(("planned_on",), When({"state": ("planned",)}))
ARRIVAL_IS_SHOWN = Needs(("reason",), When(_OVER, lacks=("arrive_lat_e6",)), "place-or-reason")
OUTCOME_IS_TOLD = (
    # A visit that was made says whom it met and what came of it; one that was not says why.
    Needs(("met_with", "summary"), When({**_OVER, "outcome": ("done",)})),
    Needs(("reason",), When({**_OVER, "outcome": _NOT_MADE})),
)

PLAN: tuple[Field, ...] = (
    many("purposes", "Purposes", "走访目的", PURPOSES, 1, required=True),
    once("group_id", "Group", "联保小组", Ref(to="group"), since=3),
    manual(
        "planned_on", "Planned for", "计划日期", Date(("2026-06-18", "2026-07-01")), group="plan"
    ),
    manual("slot", "Time of day", "时段", SLOTS, group="plan"),
    manual(
        "plan_reason",
        "Reason for the change",
        "变更原因",
        Text(200, examples=("客户外出", "大雨路断")),
        group="plan",
    ),
    reserved("original_planned_on", "First planned for", "原计划日期", Date()),
    once("officer_id", "Officer", "客户经理", Ref(to="user"), default="@user"),
    once("co_officer_id", "Second officer", "协办", Ref(to="user")),
    reserved("priority", "Priority", "优先级", PRIORITIES, SUPERVISOR),
    prose("plan_note", "Note on the plan", "计划说明", ("带上收据本", "请看看猪圈")),
)
ARRIVAL: tuple[Field, ...] = (
    once(
        "arrived_at",
        "Arrived at",
        "到达时间",
        Instant(),
        write=OFFICER,
        group="arrival",
        required_by=("complete",),
    ),
    once("arrive_lat_e6", "Latitude", "到达纬度", LATITUDE_E6, write=OFFICER, group="arrival"),
    once("arrive_lon_e6", "Longitude", "到达经度", LONGITUDE_E6, write=OFFICER, group="arrival"),
    once("arrive_acc_m", "Accuracy", "定位精度", ACCURACY_M, write=OFFICER, group="arrival"),
    once(
        "co_arrived_at",
        "Second officer arrived at",
        "协办到达时间",
        Instant(),
        write=OFFICER,
        group="co_arrival",
    ),
    once(
        "co_lat_e6",
        "Second officer's latitude",
        "协办纬度",
        LATITUDE_E6,
        write=OFFICER,
        group="co_arrival",
    ),
    once(
        "co_lon_e6",
        "Second officer's longitude",
        "协办经度",
        LONGITUDE_E6,
        write=OFFICER,
        group="co_arrival",
    ),
    once(
        "co_acc_m",
        "Second officer's accuracy",
        "协办定位精度",
        ACCURACY_M,
        write=OFFICER,
        group="co_arrival",
    ),
    once("left_at", "Left at", "离开时间", Instant(), write=OFFICER, required_by=("complete",)),
)
ACTUAL: tuple[Field, ...] = (
    many(
        "met_with",
        "Met with",
        "会见人",
        Text(100, 1, examples=("王桂英", "户主儿子")),
        write=OFFICER,
    ),
    once(
        "outcome",
        "Outcome",
        "走访结果",
        OUTCOMES,
        write=OFFICER,
        sensitive=True,
        required_by=("complete",),
    ),
    prose(
        "reason",
        "Reason",
        "原因说明",
        ("家中无人，邻居说去县城了", "手机无定位信号"),
        write=OFFICER,
    ),
    manual(
        "promise_amount_fen", "Promised amount", "承诺金额", money(), write=OFFICER, group="promise"
    ),
    manual(
        "promise_on",
        "Promised for",
        "承诺日期",
        Date(("2026-06-25", "2026-07-01")),
        write=OFFICER,
        group="promise",
    ),
    prose(
        "summary",
        "Summary",
        "走访小结",
        ("收款 3000 元。下旬再还。", "猪存栏 12 头，长势正常。"),
        write=OFFICER,
    ),
    state(STATES, FIELD),
)

MACHINE = States(
    "state",
    ("planned", "in_progress"),
    (
        move("start", "planned missed", "in_progress", OFFICER, "Start", "开始走访", offline=True),
        move("complete", "in_progress", "completed", OFFICER, "Finish", "完成走访", offline=True),
        move("accept", "completed", "accepted", SUPERVISOR, "Accept", "认可"),
        move("return", "completed", "in_progress", SUPERVISOR, "Return", "退回"),
        move("cancel", "planned", "cancelled", SUPERVISOR, "Cancel", "取消"),
        move("miss", "planned", "missed", (), "Mark as missed", "标记未走访"),
    ),
)

VISIT = RecordType(
    "visit",
    Label("Visit", "走访"),
    (*PLAN, *ARRIVAL, *ACTUAL),
    made_by=FIELD,
    late_fact=True,
    states=MACHINE,
    checks=(PLANNED_FOR_A_DAY, ARRIVAL_IS_SHOWN, *OUTCOME_IS_TOLD),
    title_field="planned_on",
    guards=("plan",),
    follow_up="visit",
)
