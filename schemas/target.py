"""Target 考核指标 (domain.md, sections 5.1 and 8.9): what an officer shall reach in a month."""

from schemas.declare import Integer, Label, RecordType, Ref, Text
from schemas.fields import SUPERVISOR, one_of, reserved

MONTH = Text(7, 7, "[0-9]{4}-(0[1-9]|1[0-2])", examples=("2026-06", "2026-07"))
METRICS = one_of(
    {
        "visit_completion": ("Visit completion", "走访完成率"),
        "on_time_visits": ("On-time visits", "按时走访率"),
        "on_time_collection": ("On-time collection", "按期收回率"),
        "clean_up": ("Clean-up rate", "清收率"),
        "par30": ("PAR30", "逾期 30 天以上占比"),
        "npl": ("NPL ratio", "不良率"),
        "inspection_timeliness": ("Inspection timeliness", "检查及时率"),
        "finding_closure": ("Findings closed in time", "整改及时率"),
        "data_freshness": ("Data freshness", "资料更新率"),
        "sync_age": ("Hours since the last sync", "距上次同步小时数"),
        "deposit_discipline": ("Deposit discipline", "缴款及时率"),
    }
)

TARGET = RecordType(
    "target",
    Label("Target", "考核指标"),
    (
        reserved("officer_id", "Officer", "客户经理", Ref(to="user"), SUPERVISOR, required=True),
        reserved("period", "Month", "月份", MONTH, SUPERVISOR),
        reserved("metric", "Indicator", "指标", METRICS, SUPERVISOR),
        reserved(
            "target_value",
            "To be reached",
            "目标值",
            Integer(0),
            SUPERVISOR,
            hint=Label(
                "Rates in hundredths of a per cent: 95 % is 9500", "比率以万分之一计：95% 填 9500"
            ),
        ),
    ),
    made_by=SUPERVISOR,
    reference="user",
    users=("officer_id",),
    title_field="period",
    since=3,
)
