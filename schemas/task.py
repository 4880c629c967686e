"""Task 任务/提醒 (domain.md, sections 5.6 and 6.9).

Whoever it is for ends it, or a supervisor, and whoever cancels one says why (6.9). Before schema 2 there
was no place for that but the note on what was done, which is taken for it.
"""

from schemas.declare import Date, Label, RecordType, Ref, States, Text
from schemas.fields import manual, move, once, once_for_all, one_of, prose, state
from schemas.subject import SUBJECT_IS_WHOLE, SUBJECT_TYPES

MADE_BY = ("officer", "supervisor", "reviewer", "approver", "clerk")
SOURCES = one_of(
    {
        "manual": ("By hand", "人工"),
        "rule": ("By rule", "规则"),
        "promise": ("Promise to pay", "还款承诺"),
        "finding": ("Finding", "检查发现"),
        "handover": ("Handover", "管户交接"),
    }
)
STATES = one_of(
    {"open": ("Open", "待办"), "done": ("Done", "已完成"), "cancelled": ("Cancelled", "已取消")}
)

TASK = RecordType(
    "task",
    Label("Task", "任务"),
    (
        manual(
            "title",
            "Title",
            "标题",
            Text(200, 1, examples=("6 月 25 日收款", "补拍猪圈照片")),
            write=MADE_BY,
            required=True,
        ),
        once("record_type", "About (kind)", "关联类型", SUBJECT_TYPES, write=MADE_BY),
        once("record", "About", "关联记录", Ref(), write=MADE_BY),
        once("assignee_id", "For", "负责人", Ref(to="user"), write=MADE_BY, default="@user"),
        manual(
            "due_on",
            "Due on",
            "截止日期",
            Date(("2026-06-25", "2026-07-16")),
            write=MADE_BY,
            required=True,
        ),
        once_for_all("source", "Source", "来源", SOURCES, write=MADE_BY, required=True),
        state(STATES, MADE_BY),
        prose("done_note", "What was done", "完成情况", ("已收 2300 元。", "照片已补。")),
        prose(
            "cancel_reason",
            "Why it was cancelled",
            "取消原因",
            ("客户已在网点补签。", "款项已提前还清。"),
            since=2,
        ),
    ),
    made_by=MADE_BY,
    late_fact=True,
    states=States(
        "state",
        ("open",),
        (
            move("done", "open", "done", MADE_BY, "Done", "完成", offline=True),
            move("cancel", "open", "cancelled", MADE_BY, "Cancel", "取消", offline=True),
        ),
    ),
    checks=SUBJECT_IS_WHOLE,
    title_field="title",
    guards=("task",),
)
