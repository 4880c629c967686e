"""Inspection note 检查记录 (domain.md, sections 5.6, 6.4 and 7): the three checks 三查."""

from schemas import checklist
from schemas.declare import (
    Choice,
    KeyedMap,
    Label,
    ListOf,
    RecordType,
    Ref,
    States,
    Text,
    Value,
)
from schemas.fields import (
    SUPERVISOR,
    manual,
    move,
    once,
    one_of,
    prose,
    state,
)
from schemas.signatures import signed_by

WRITERS = ("officer", "supervisor", "reviewer", "auditor")
KINDS = Choice({key: it for key, it in checklist.KINDS.options.items() if key != "officer_audit"})
CONCLUSIONS = one_of(
    {
        "satisfactory": ("Satisfactory", "满意"),
        "attention": ("Needs attention", "需关注"),
        "unsatisfactory": ("Unsatisfactory", "不满意"),
    }
)
RISK_CLASSES = one_of(
    {
        "normal": ("Normal", "正常"),
        "special_mention": ("Special mention", "关注"),
        "substandard": ("Substandard", "次级"),
        "doubtful": ("Doubtful", "可疑"),
        "loss": ("Loss", "损失"),
    }
)
STATES = one_of(
    {
        "draft": ("Draft", "草稿"),
        "signed": ("Signed", "已签字"),
        "confirmed": ("Confirmed", "已确认"),
        "returned": ("Returned", "已退回"),
    }
)

ANSWERS = KeyedMap(
    "answers",
    Label("Answers", "检查答案"),
    {
        "value": manual("value", "Answer", "答案", Value(), write=WRITERS, sensitive=True),
        "note": manual(
            "note",
            "Note",
            "说明",
            Text(many_lines=True, examples=("已看发票", "存栏 12 头")),
            write=WRITERS,
        ),
    },
    key_pattern=checklist.QUESTION_ID,
)
INSPECTION_NOTE = RecordType(
    "inspection_note",
    Label("Inspection note", "检查记录"),
    (
        once("kind", "Kind", "检查类型", KINDS, write=WRITERS, required=True),
        once("loan_id", "Loan", "贷款", Ref(to="loan"), write=WRITERS),
        once(
            "application_id",
            "Application",
            "贷款申请",
            Ref(to="loan_application"),
            write=WRITERS,
            since=3,
        ),
        once("visit_id", "Visit", "走访", Ref(to="visit"), write=WRITERS),
        once(
            "checklist_code",
            "Checklist",
            "检查模板",
            checklist.CODE,
            write=WRITERS,
            group="checklist",
            required=True,
        ),
        once(
            "checklist_version",
            "Version of the checklist",
            "模板版本",
            checklist.VERSION,
            write=WRITERS,
            group="checklist",
            required=True,
        ),
        ANSWERS,
        prose(
            "narrative",
            "Narrative",
            "检查情况",
            ("买了摩托三轮，没有买猪。", "长势正常。存栏 12 头。"),
            write=WRITERS,
        ),
        manual("conclusion", "Conclusion", "检查结论", CONCLUSIONS, write=WRITERS, sensitive=True),
        manual(
            "recommended_class",
            "Recommended class",
            "建议分类",
            RISK_CLASSES,
            write=WRITERS,
            group="recommendation",
        ),
        manual(
            "recommended_reason",
            "Reason for it",
            "建议理由",
            Text(many_lines=True, examples=("猪瘟损失九头", "收入稳定")),
            write=WRITERS,
            group="recommendation",
        ),
        once(
            "inspector_ids",
            "Inspectors",
            "检查人",
            ListOf(Ref(to="user"), 10, 1),
            write=WRITERS,
            required=True,
        ),
        signed_by(WRITERS),
        prose(
            "supervisor_comment",
            "Supervisor's comment",
            "主管意见",
            ("请补拍猪圈照片。", "同意。"),
            write=SUPERVISOR,
        ),
        once("amends_id", "Amends", "补充的记录", Ref(to="inspection_note"), write=WRITERS),
        state(STATES, WRITERS),
    ),
    made_by=WRITERS,
    late_fact=True,
    states=States(
        "state",
        ("draft",),
        (
            move("sign", "draft returned", "signed", (), "Sign", "签字"),
            move("confirm", "signed", "confirmed", ("supervisor", "reviewer"), "Confirm", "确认"),
            move("return", "signed", "returned", SUPERVISOR, "Return", "退回"),
        ),
    ),
    follow_up="inspection",
    guards=("SOD-7", "SOD-5-inspection", "SOD-11", "own-signature", "sealed", "confirming"),
    title_field="kind",
)
