"""Officer audit 信贷人员稽核 (domain.md, sections 5.6, 6.4 and 7.6): about an officer, not a customer."""

from schemas import checklist
from schemas.declare import Date, Label, RecordType, Ref, States, Text, Value
from schemas.fields import keyed, manual, move, once, once_for_all, prose, state
from schemas.inspection_note import CONCLUSIONS, STATES
from schemas.signatures import signed_by

AUDITOR = ("auditor",)
SUPERVISOR = ("supervisor",)

ANSWERS = keyed(
    "answers",
    "Answers",
    "检查答案",
    (
        manual("value", "Answer", "答案", Value(), write=AUDITOR, sensitive=True),
        manual(
            "note",
            "Note",
            "说明",
            Text(many_lines=True, examples=("已逐户核对", "缺两张收据")),
            write=AUDITOR,
        ),
    ),
    checklist.QUESTION_ID,
)
FINDINGS = keyed(
    "findings",
    "Findings",
    "稽核发现",
    (
        manual("severity", "Severity", "严重程度", checklist.SEVERITIES, write=AUDITOR),
        manual(
            "description",
            "What was found",
            "发现情况",
            Text(many_lines=True, examples=("两张收据未缴款", "三户未按期检查")),
            write=AUDITOR,
        ),
        manual(
            "required_action",
            "What is to be done",
            "整改要求",
            Text(many_lines=True, examples=("三日内补缴", "补做检查")),
            write=AUDITOR,
        ),
        manual("due_on", "Due on", "整改期限", Date(("2026-06-30", "2026-07-15")), write=AUDITOR),
        manual(
            "closed_on", "Closed on", "关闭日期", Date(("2026-07-01", "2026-07-20")), write=AUDITOR
        ),
    ),
    checklist.QUESTION_ID,
)

OFFICER_AUDIT = RecordType(
    "officer_audit",
    Label("Officer audit", "信贷人员稽核"),
    (
        once_for_all(
            "subject_user_id", "Officer", "被稽核人", Ref(to="user"), write=AUDITOR, required=True
        ),
        once_for_all("auditor_id", "Auditor", "稽核人", Ref(to="user"), write=AUDITOR, required=True),
        once(
            "checklist_code", "Checklist", "检查模板", checklist.CODE, write=AUDITOR,
            group="checklist", required=True,
        ),
        once(
            "checklist_version", "Version of the checklist", "模板版本", checklist.VERSION,
            write=AUDITOR, group="checklist", required=True,
        ),
        ANSWERS,
        prose(
            "narrative",
            "Narrative",
            "稽核情况",
            ("抽查五户，均属实。", "收据连号。"),
            write=AUDITOR,
        ),
        manual("conclusion", "Conclusion", "稽核结论", CONCLUSIONS, write=AUDITOR, sensitive=True),
        FINDINGS,
        signed_by(AUDITOR),
        once("amends_id", "Amends", "补充的记录", Ref(to="officer_audit"), write=AUDITOR),
        state(STATES, (*AUDITOR, *SUPERVISOR)),
    ),
    made_by=AUDITOR,
    reference="user",
    users=("auditor_id",),
    states=States(
        "state",
        ("draft",),
        (
            move("sign", "draft returned", "signed", (), "Sign", "签字"),
            move("confirm", "signed", "confirmed", SUPERVISOR, "Confirm", "确认"),
            move("return", "signed", "returned", SUPERVISOR, "Return", "退回"),
        ),
    ),
    title_field="checklist_code",
    follow_up="inspection",
    guards=("SOD-11", "SOD-11-audit", "own-signature", "sealed"),
    since=3,
)  # fmt: skip
