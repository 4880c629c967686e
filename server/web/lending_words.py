"""What the page of exceptions says, in English and Chinese (see `words.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.declare import Label

EXCEPTIONS: Mapping[str, Label] = {
    "exceptions": Label("Exceptions and emergencies", "例外与特事特办"),
    "exceptions.intro": Label(
        "Applications outside policy, decided one tier higher, and those approved before their review."
        " Each has a reason; an emergency is reviewed within five working days.",
        "超出政策、提高一级审批的申请，以及先批后审的特事特办申请。每笔须有理由，特事特办须在五个工作日内补审。",
    ),
    "exceptions.none": Label("No exception", "暂无例外"),
    "exceptions.expedited": Label("emergency path", "特事特办"),
    "exceptions.exception": Label("exception", "政策例外"),
    "exceptions.owed": Label("review past due", "补审逾期"),
    "exceptions.reviewed": Label("reviewed", "已补审"),
    "col.why": Label("Why", "理由"),
    "col.asked": Label("Asked for", "申请金额"),
    "col.review": Label("Review owed by", "补审期限"),
}
