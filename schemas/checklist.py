"""Checklist 检查模板 (domain.md, sections 5.1 and 7).

One record a version; a published one never changes.
"""

from schemas.declare import Flag, Integer, Label, ListOf, Record, RecordType, Text
from schemas.fields import ADMIN, fixed, one_of

KINDS = one_of(
    {
        "pre_loan": ("Pre-loan investigation", "贷前调查"),
        "in_loan_review": ("In-loan review", "贷时审查"),
        "first_followup": ("First follow-up", "首次跟踪检查"),
        "routine": ("Routine inspection", "日常全面检查"),
        "supervisory": ("Supervisory inspection", "督导检查"),
        "officer_audit": ("Officer audit", "信贷人员稽核"),
    }
)
ANSWERS = one_of(
    {
        "yes_no": ("Yes or no", "是/否"),
        "choice": ("Choice", "选择"),
        "number": ("Number", "数字"),
        "money": ("Amount", "金额"),
        "date": ("Date", "日期"),
        "text": ("Text", "文字"),
        "photo": ("Photo", "照片"),
    }
)
SEVERITIES = one_of(
    {
        "minor": ("Minor", "一般"),
        "major": ("Major", "较重"),
        "critical": ("Critical", "严重"),
    }
)

CODE = Text(40, 1, "[A-Za-z0-9_-]{1,40}", examples=("routine", "pre_loan"))
VERSION = Integer(1, 10_000)
QUESTION_ID = r"[A-Za-z0-9_-]{1,20}"
_SENTENCE = Text(500, examples=("是否按合同约定用途使用?", "Used as agreed?"))

CHOICE = Record(
    {"value": Text(50, 1, examples=("good", "poor")), "text_zh": _SENTENCE, "text_en": _SENTENCE},
    required=("value",),
)
QUESTION = Record(
    {
        "qid": Text(20, 1, QUESTION_ID, examples=("R01", "F01")),
        "text_zh": _SENTENCE,
        "text_en": _SENTENCE,
        "answer": ANSWERS,
        "required": Flag(),
        "choices": ListOf(CHOICE, 50),
        "flag_if": Text(50, examples=("no", "< -20")),
        "finding_severity": SEVERITIES,
    },
    required=("qid", "text_zh", "text_en", "answer"),
)

CHECKLIST = RecordType(
    "checklist",
    Label("Checklist", "检查模板"),
    (
        fixed("code", "Code", "代码", CODE, write=ADMIN, required=True),
        fixed("version", "Version", "版本", VERSION, write=ADMIN, required=True),
        fixed("kind", "Kind", "检查类型", KINDS, write=ADMIN),
        fixed("questions", "Questions", "问题", ListOf(QUESTION, 200), write=ADMIN),
    ),
    made_by=ADMIN,
    reference="branch",
    create_only=True,
    title_field="code",
    guards=("subtree-top",),
)
