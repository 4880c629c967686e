"""User 用户 (domain.md, section 5.1). What devices may see; the rest is kept on the server."""

from schemas.declare import Flag, Label, RecordType, Ref
from schemas.fields import ADMIN, reserved
from schemas.person import NAME
from schemas.roles import ROLES

SERVER_ONLY = ("username", "approval_tier", "post_grade", "phone")
"""Kept in the server's accounts and shown on the web only (SV): no fields, never synced."""

USER = RecordType(
    "user",
    Label("User", "用户"),
    (
        reserved("name", "Name", "姓名", NAME, ADMIN, required=True),
        reserved("role", "Role", "角色", ROLES, ADMIN, required=True),
        reserved("unit_id", "Unit", "所属机构", Ref(to="org_unit"), ADMIN, required=True),
        reserved("active", "In use", "启用", Flag(), ADMIN),
        reserved(
            "lending_suspended",
            "New applications stopped",
            "暂停新申请",
            Flag(),
            ("admin", "supervisor"),
            since=3,
        ),
    ),
    made_by=ADMIN,
    reference="branch",
    guards=("RSP-2-suspend", "subtree-user"),
    title_field="name",
)
