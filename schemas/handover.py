"""Handover 管户交接 (domain.md, sections 5.7 and 6.7): customers move from one officer to another.

`items` is keyed by the customer's id. `listed` is how the supervisor puts a customer on the list; the
snapshots beside it are the server's.
"""

from schemas.checks import Differ
from schemas.declare import Date, Flag, Label, RecordType, Ref, States, Text, money
from schemas.fields import (
    SUPERVISOR,
    keyed,
    move,
    once,
    one_of,
    prose,
    reserved,
    state,
)
from schemas.inspection_note import RISK_CLASSES
from schemas.roles import OFFICER
from schemas.signatures import SIGNATURE_ID, signed_by

APPROVER = ("approver",)
WITNESSES = ("officer", "supervisor", "reviewer", "auditor")
REASONS = one_of(
    {
        "transfer": ("Transfer", "调岗"),
        "leave": ("Leave", "休假"),
        "departure": ("Departure", "离职"),
        "rebalancing": ("Rebalancing", "均衡管户"),
        "avoidance": ("Avoidance", "回避"),
    }
)
STATES = one_of(
    {
        "draft": ("Draft", "草稿"),
        "in_review": ("In review", "交接核对"),
        "objected": ("Objected", "有异议"),
        "agreed": ("Agreed", "已同意"),
        "signed": ("Signed", "已签字"),
        "effective": ("In effect", "已生效"),
        "cancelled": ("Cancelled", "已取消"),
    }
)

THREE_PEOPLE = Differ(("from_officer_id", "to_officer_id", "witness_id"), rule="SOD-12")

ITEMS = keyed(
    "items",
    "Customers handed over",
    "交接清单",
    (
        reserved("listed", "On the list", "列入交接", Flag(), SUPERVISOR),
        reserved("exposure_fen", "Exposure", "敞口", money()),
        reserved("class", "Class", "分类", RISK_CLASSES),
        prose(
            "from_risk_note",
            "Outgoing officer's note",
            "移交人风险说明",
            ("逾期 32 天，已约定还款日。", "无异常。"),
            write=OFFICER,
        ),
        prose(
            "appraisal",
            "Appraisal",
            "风险状况鉴定",
            ("与台账相符。", "欠款属实。"),
            write=WITNESSES,
        ),
        once("agreed", "Agreed", "同意接收", Flag(), write=OFFICER),
        once(
            "objection",
            "Objection",
            "异议",
            Text(1000, many_lines=True, examples=("未告知逾期", "押品未见")),
            write=OFFICER,
        ),
        reserved(
            "ruling",
            "Ruling",
            "裁定",
            Text(1000, many_lines=True, examples=("按现状接收", "由移交人清收")),
            APPROVER,
        ),
        reserved("ruled_by", "Ruled by", "裁定人", Ref(to="user"), APPROVER),
    ),
    SIGNATURE_ID,
)

HANDOVER = RecordType(
    "handover",
    Label("Handover", "管户交接"),
    (
        reserved(
            "from_officer_id",
            "Outgoing officer",
            "移交人",
            Ref(to="user"),
            SUPERVISOR,
            required=True,
        ),
        reserved(
            "to_officer_id", "Incoming officer", "接收人", Ref(to="user"), SUPERVISOR, required=True
        ),
        reserved("witness_id", "Witness", "监交人", Ref(to="user"), SUPERVISOR, required=True),
        reserved("reason", "Reason", "原因", REASONS, SUPERVISOR, required=True),
        reserved(
            "effective_on",
            "In effect on",
            "生效日期",
            Date(("2026-06-22", "2026-07-01")),
            SUPERVISOR,
            required=True,
        ),
        ITEMS,
        signed_by(WITNESSES),
        state(STATES, ("supervisor", "officer", "approver")),
    ),
    made_by=SUPERVISOR,
    reference="user",
    users=("from_officer_id", "to_officer_id", "witness_id"),
    states=States(
        "state",
        ("draft",),
        (
            move("open", "draft", "in_review", SUPERVISOR, "Open", "发起"),
            move("agree", "in_review", "agreed", OFFICER, "Agree", "同意"),
            move("object", "in_review", "objected", OFFICER, "Object", "提出异议"),
            move("rule", "objected", "agreed", APPROVER, "Rule", "裁定"),
            move("sign", "agreed", "signed", (), "Sign", "签字"),
            move("take_effect", "signed", "effective", (), "Take effect", "生效"),
            move(
                "cancel",
                "draft in_review objected agreed",
                "cancelled",
                SUPERVISOR,
                "Cancel",
                "取消",
            ),
        ),
    ),
    checks=(THREE_PEOPLE,),
    title_field="effective_on",
    follow_up="handover",
    guards=("SOD-12",),
    since=3,
)
