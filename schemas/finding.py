"""Finding 检查发现 (domain.md, sections 5.6 and 6.5): what an inspection found out of order."""

from schemas.checklist import QUESTION_ID, SEVERITIES
from schemas.declare import Date, Integer, Label, RecordType, Ref, States, Text
from schemas.fields import (
    SUPERVISOR,
    highest,
    manual,
    many,
    move,
    once,
    one_of,
    prose,
    state,
)

MADE_BY = ("officer", "supervisor", "reviewer", "auditor")
WAIVERS = ("supervisor", "approver")
STATES = one_of(
    {
        "open": ("Open", "待整改"),
        "rectified": ("Put right", "已整改待核"),
        "closed": ("Closed", "已关闭"),
        "waived": ("Waived", "已豁免"),
    }
)

FINDING = RecordType(
    "finding",
    Label("Finding", "检查发现"),
    (
        once(
            "inspection_note_id",
            "Inspection note",
            "检查记录",
            Ref(to="inspection_note"),
            write=MADE_BY,
            required=True,
        ),
        once(
            "qid",
            "Question",
            "问题编号",
            Text(20, 1, QUESTION_ID, examples=("F01", "R03")),
            write=MADE_BY,
        ),
        manual(
            "severity",
            "Severity",
            "严重程度",
            SEVERITIES,
            write=MADE_BY,
            sensitive=True,
            required=True,
        ),
        prose(
            "description",
            "What was found",
            "发现情况",
            ("买了摩托三轮，没有买猪。", "押品未办登记。"),
            write=MADE_BY,
        ),
        prose(
            "required_action",
            "What is to be done",
            "整改要求",
            ("一周内退回挪用资金。", "补办登记。"),
            write=SUPERVISOR,
        ),
        once("owner_id", "Owner", "整改责任人", Ref(to="user"), write=MADE_BY),
        once("due_on", "Due on", "整改期限", Date(("2026-06-23", "2026-07-16")), write=MADE_BY),
        highest("level", "Escalations", "升级次数", Integer(0, 10), write=MADE_BY, default=0),
        many("evidence", "Evidence", "整改证据", Ref(to="attachment"), write=MADE_BY),
        prose(
            "waive_comment",
            "Why it was waived",
            "豁免说明",
            ("已另案处理。", "情况已不存在。"),
            write=WAIVERS,
            required_by=("waive",),
        ),
        state(STATES, (*MADE_BY, "approver")),
    ),
    made_by=MADE_BY,
    parent=("inspection_note", "inspection_note_id"),
    late_fact=True,
    states=States(
        "state",
        ("open",),
        (
            move("claim", "open", "rectified", MADE_BY, "Claim fixed", "整改完成", offline=True),
            move("verify", "rectified", "closed", MADE_BY, "Verify", "核实关闭", offline=True),
            move("reject", "rectified", "open", MADE_BY, "Reject", "退回整改", offline=True),
            move("waive", "open", "waived", WAIVERS, "Waive", "豁免"),
        ),
    ),
    title_field="description",
    guards=("finding", "SOD-11"),
    since=3,
)
