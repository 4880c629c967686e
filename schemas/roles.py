"""The roles of domain.md, section 3.2: one a user, carried by the token."""

from schemas.fields import one_of

ROLES = one_of(
    {
        "officer": ("Officer", "客户经理"),
        "supervisor": ("Supervisor", "主管"),
        "reviewer": ("Reviewer", "审查员"),
        "approver": ("Approver", "审批人"),
        "clerk": ("Clerk", "放款岗"),
        "auditor": ("Auditor", "稽核"),
        "admin": ("Administrator", "系统管理员"),
        "viewer": ("Viewer", "查询用户"),
    }
)

OFFICER = ("officer",)
"""Primary officer and co-investigator: which of them is a guard, not a role."""
FIELD = ("officer", "supervisor")
"""Whoever works with customers in the field."""
